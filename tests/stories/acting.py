"""What stories of the other kinds of audits share: managers who do them, history to follow, and a return handed in."""

from collections.abc import Mapping

from domain.calendar import Month, local_date
from domain.kinds import Kind
from domain.measures.tables import Span, Value
from domain.policy import Policy
from domain.ports import Once
from domain.templates import CONCERN, Asks
from domain.usecases import figures, returns
from tests.stories.plots import person_id
from tests.stories.world import World

MANAGERS = {"liam": {"roles": "service_manager"}, "gita": {"roles": "service_manager", "auditor_from": ""}}
"""Liam in West Team, Gita in East Team."""
HISTORY = "audit_ref,month,kind,child_ref,team,returned_on,grade,reaudit_of,reaudit_number"
OBSERVED = {
    "child_in_mind": "yes",
    "risk_and_plan": "yes",
    "reflective": "no",
    "decisions_clear": "yes",
    "wellbeing": "yes",
    "development": "n/a",
    "grade": "good",
    "rationale": "Purposeful and kind.",
    "strengths": "Decisions were clear.",
}


async def history(world: World, *rows: str) -> None:
    """Audits of before, as rows of HISTORY; what is left off at the end is empty."""
    columns = HISTORY.count(",")
    full = [row + "," * (columns - row.count(",")) for row in rows]
    path = world.folder / "history.csv"
    path.write_text("\n".join((HISTORY, *full)) + "\n", encoding="utf-8")
    await world.imported("audits", path)


async def managers(world: World) -> None:
    await world.people_change(MANAGERS)


async def hands_in(world: World, key: str, ref: str, answers: Mapping[str, str]) -> str:
    """Fills in what is left of the return and hands it in; gives the code of what it came to."""
    store, policy, now = world.store, Policy(), world.clock()
    number = await person_id(world, key)
    async with store.reading() as uow:
        actor = await uow.people.actor_of(number)
        audit = await uow.audits.get(ref)
        assert actor is not None
        assert audit is not None
        kept = await uow.returns.get(audit.id)
    form = returns.Filling(ref, audit.child_ref, None, kept.version if kept else 0, answers)
    saved = await returns.save_step(store, policy, actor, form, now, Once(f"{ref}|save", ""))
    assert not saved.facts, saved.facts
    async with store.reading() as uow:
        kept = await uow.returns.get(audit.id)
    assert kept is not None
    done = await returns.hand_in(store, policy, actor, ref, kept.version, now, Once(f"{ref}|in", ""))
    return done.code


def all_answered(kind: Kind, grade: str) -> dict[str, str]:
    """Everything that the council's template of the kind asks of everybody, with this grade throughout."""
    policy = Policy()
    template = policy.template_of(kind)
    said = {Asks.GRADE: grade, Asks.YES_NO: "yes", Asks.TEXT: "As it should be."}
    found = {q.code: said[q.asks] for q in template.questions if q.asks in said and q.when is None}
    found |= {q.code: q.choices[0].code for q in template.questions if q.choices and q.when is None}
    areas = template.areas or tuple(area.code for area in policy.practice_areas)
    if any(question.asks is Asks.AREAS for question in template.questions):
        found |= {f"area_{code}": grade for code in areas}
    return found | ({CONCERN: "no"} if CONCERN in found else {})


async def figure(world: World, name: str, month: str, kind: Kind | None = None) -> Mapping[str, Value]:
    """The one row of a figure of a month."""
    span = Span(Month.parse(month), Month.parse(month))
    asked = figures.Question(name, span, kind=kind)
    found = await figures.figure(world.store, Policy(), asked, local_date(world.clock()))
    (row,) = found.rows
    return row.values
