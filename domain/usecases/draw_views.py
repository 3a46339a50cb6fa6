"""Looking at a draw: its form, its preview, and who gets whom."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from domain.allocation import Unmet
from domain.audits import AuditState
from domain.calendar import Month, local_date
from domain.draw_parts import Pair
from domain.drawing import Drawn, Settings
from domain.kinds import Kind
from domain.people import Actor, PersonId
from domain.permissions import Belongs, Permission, require
from domain.policy import Policy
from domain.ports import AuditFilter, CycleStore, CycleWork, DrawRecord, ExemptionFilter
from domain.programme import Planned
from domain.usecases.draw_inputs import check_month, counts_of, drawable
from domain.views.issuing import CohortLine, DrawView, IssueFormView, PairLine, PairsView

PAGE = 15
MONTHS_AHEAD = 12
NAMED_MOST = 20
"""People who are named in the sentences of a preview."""


async def form(
    store: CycleStore,
    policy: Policy,
    actor: Actor,
    month: Month,
    kind: Kind,
    now: datetime,
    filled: Mapping[str, str] | None = None,
) -> IssueFormView:
    """What is asked before the preview, filled in from the latest preview, else from the programme. `filled` are
    values of a try that was refused, or of what was typed. Raises NotAllowed, Invalid("past_month")."""
    today = local_date(now)
    require(actor, Permission.AUDIT_REISSUE, Belongs(), today)
    check_month(month, today)
    async with store.reading() as uow:
        latest = await uow.draws.of_month(month, kind)
        planned = next((p for p in await uow.programme.between(month, month) if p.kind is kind), None)
        free, have_one = await counts_of(uow, policy, month, kind, today)
        there = await _there(uow, month, kind)
    expected = (planned.expected if planned else 0) or policy.by_kind[kind].expected_a_month
    missing = None if there is None or not expected else max(0, expected - there)
    this = Month.of(today)
    return IssueFormView(
        today=today,
        month=month,
        kind=kind,
        months=[this.plus(n) for n in range(MONTHS_AHEAD + 1)],
        kinds=[k for k in Kind if drawable(policy, k)],
        free=free,
        have_one=have_one,
        filled={**_begun(policy, latest, planned, missing), **(filled or {})},
        planned=planned,
        latest=latest,
        expected=expected,
        there=there,
        planned_cohorts=latest is None
        and bool(planned and planned.cohorts)
        and "cohorts" not in (filled or {}),
    )


async def _there(uow: CycleWork, month: Month, kind: Kind) -> int | None:
    """How many audits of the month and kind there are, begun or done; None for core audits, of which everybody has
    one."""
    if kind is Kind.CORE:
        return None
    standing = frozenset(AuditState) - {AuditState.FREED}
    wanted = AuditFilter(months=(month, month), kinds={kind}, states=standing)
    return (await uow.cycle.find(wanted, limit=1))[1]


def _begun(
    policy: Policy, latest: DrawRecord | None, planned: Planned | None, missing: int | None
) -> dict[str, str]:
    """The values of the form's inputs: of the latest preview; for late joiners the issued draw's cohorts without its
    numbers; else the programme's. Of a kind with an expected number, as many as are `missing` of it."""
    if latest is not None:
        settings = Settings.read(latest.options)
        if latest.issued_at is not None:
            again = Settings(settings.not_again_months, settings.strata, total=missing or None)
            return _as_inputs(again, latest.theme)
        lines = [f"{exclusion.child_ref} {exclusion.reason}" for exclusion in latest.exclusions]
        return {**_as_inputs(settings, latest.theme), "exclusions": "\n".join(lines)}
    cohorts = planned.cohorts if planned else ()
    known = {term.code for term in policy.cohorts}
    settings = Settings(
        policy.audits.not_again_months, tuple(c for c in cohorts if c in known), total=missing or None
    )
    return _as_inputs(settings, planned.theme if planned else "")


def _as_inputs(settings: Settings, theme: str) -> dict[str, str]:
    return {
        "cohorts": ",".join(settings.cohorts),
        "numbers": ",".join(f"{cohort}:{number}" for cohort, number in settings.per_cohort),
        "total": str(settings.total or ""),
        "per_team": "" if settings.per_team is None else str(settings.per_team),
        "not_again": str(settings.not_again_months),
        "theme": theme,
    }


async def view_of(
    uow: CycleWork, policy: Policy, record: DrawRecord, made: Drawn, viewer: PersonId, today: date
) -> DrawView:
    settings = Settings.read(record.options)
    pairs = made.draw.pairs
    teams = {team.id: team for team in await uow.pool.teams()}
    _, waiting = await uow.exemptions.find(ExemptionFilter(month=record.month, open_only=True), limit=1)
    named = await uow.people.many(_people_in(made.draw.unmet)[:NAMED_MOST])
    return DrawView(
        today=today,
        record=record,
        settings=settings,
        digest=made.draw.digest,
        people=len(made.inputs.people),
        drawn=len(pairs),
        reached=len({pair.person_id for pair in pairs}),
        eligible=len(made.inputs.children),
        cohorts=_by_cohort(settings, pairs),
        by_team=sorted(Counter(made.teams[pair.child_ref] for pair in pairs).values()),
        standings=made.inputs.standings,
        children_left=made.inputs.left_out,
        unmet=tuple(_without_own_child(item, viewer) for item in made.draw.unmet),
        usual_months=policy.audits.not_again_months,
        waiting=waiting,
        named=named,
        teams=teams,
    )


def _without_own_child(item: Unmet, viewer: PersonId) -> Unmet:
    """Nobody sees before the issue whom they will audit."""
    if item.facts.get("child") and item.facts.get("person") == str(viewer):
        return replace(item, facts={**item.facts, "child": ""})
    return item


def _by_cohort(settings: Settings, pairs: Sequence[Pair]) -> list[CohortLine]:
    got = Counter(pair.cohort for pair in pairs)
    wanted = dict(settings.per_cohort)
    return [CohortLine(cohort, wanted.get(cohort), got[cohort]) for cohort in settings.strata]


def _people_in(unmet: Sequence[Unmet]) -> list[PersonId]:
    written = [
        number
        for item in unmet
        for name in ("person", "people")
        for number in item.facts.get(name, "").split(",")
        if number
    ]
    return [int(number) for number in dict.fromkeys(written)]


async def pairs_of(
    store: CycleStore, record: DrawRecord, made: Drawn | None, viewer: PersonId, offset: int
) -> PairsView:
    """Who gets whom: of the draw as it would be issued (`made`), or of the month's audits once it is issued. Before,
    the viewer's own child is withheld: who saw it could change the questions until another one came."""
    async with store.reading() as uow:
        if made is None:
            return await _issued_pairs(uow, record, offset)
        return await _drawn_pairs(uow, record, made, viewer, offset)


async def _drawn_pairs(
    uow: CycleWork, record: DrawRecord, made: Drawn, viewer: PersonId, offset: int
) -> PairsView:
    people = await uow.people.many({pair.person_id for pair in made.draw.pairs})
    ordered = sorted(
        made.draw.pairs,
        key=lambda p: (people[p.person_id].name if p.person_id in people else "", p.child_ref),
    )
    teams = {team.id: team for team in await uow.pool.teams()}
    lines = [
        PairLine(people.get(viewer), "", None, withheld=True)
        if pair.person_id == viewer
        else PairLine(
            people.get(pair.person_id), pair.child_ref, teams.get(made.teams[pair.child_ref]), pair.cohort
        )
        for pair in ordered[offset : offset + PAGE]
    ]
    return PairsView(record, lines, len(ordered), offset, PAGE)


async def _issued_pairs(uow: CycleWork, record: DrawRecord, offset: int) -> PairsView:
    wanted = AuditFilter(months=(record.month, record.month), kinds={record.kind})
    audits, total = await uow.cycle.find(wanted, limit=PAGE, offset=offset)
    people = await uow.people.many({a.auditor_id for a in audits if a.auditor_id is not None})
    lines = [
        PairLine(people.get(a.auditor_id or 0), a.child_ref or "", a.team, audit_ref=a.ref) for a in audits
    ]
    return PairsView(record, lines, total, offset, PAGE)
