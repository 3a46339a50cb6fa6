"""Whatever order a return is filled in, broken off, handed in and put right: one consistent record, nothing lost."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.audits import AuditState
from domain.errors import Invalid
from domain.kinds import Kind
from domain.policy import Policy
from domain.ports import Outcome
from domain.return_results import counted, result
from domain.return_rules import answered, asked, check, choices, codes_of, missing, progress
from domain.returns import Return
from domain.templates import Asks, Question, Template
from storage.unit_of_work import SqlStore
from tests.cards.samples_returns import empty
from tests.returns.desk import Desk, a_desk, an_action

POLICY = Policy()
WORDS = st.sampled_from(["", "Drift since August.", "x" * 3001, "  ", "Purposeful visits."])


def _answer(question: Question) -> st.SearchStrategy[str]:
    if question.asks is Asks.TEXT:
        return WORDS
    return st.sampled_from([*choices(question), "", "nonsense"])


def _typed(template: Template, section: str) -> st.SearchStrategy[dict[str, str]]:
    """Some of the step's inputs, filled in somehow."""
    questions = next(s.questions for s in template.sections if s.code == section)
    inputs = {code: _answer(question) for question in questions for code in codes_of(question, template)}
    return st.fixed_dictionaries({}, optional=inputs)


def _saves(template: Template) -> st.SearchStrategy[list[tuple[str, dict[str, str]]]]:
    one = st.sampled_from([section.code for section in template.sections]).flatmap(
        lambda code: st.tuples(st.just(code), _typed(template, code))
    )
    return st.lists(one, max_size=12)


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(list(Kind)).flatmap(
        lambda kind: st.tuples(st.just(kind), _saves(POLICY.template_of(kind)))
    )
)
def test_what_was_saved_is_what_counts(story: tuple[Kind, list[tuple[str, dict[str, str]]]]) -> None:
    kind, saves = story
    filled = empty(kind)
    valid: dict[str, str] = {}
    for code, typed in saves:
        sections = [section for section in filled.template.sections if section.code == code]
        found = check(filled.template, sections, typed, POLICY.audits)
        assert set(found.kept) | set(found.problems) == set(typed), "each is saved or said"
        valid |= found.kept
        filled = Return(1, "A-1", filled.template, answered(filled.answers, found.kept))
    assert filled.answers == {c: a for c, a in valid.items() if a}, "nothing that was saved is lost"
    _consistent(filled)


def _consistent(filled: Return) -> None:
    live = {question.code for question in asked(filled.template, filled.answers)}
    said, lacks, done = counted(filled), missing(filled), progress(filled)
    assert set(said) <= set(filled.answers)
    for question in filled.template.questions:
        if question.code not in live:
            assert not set(codes_of(question, filled.template)) & set(said), "not asked, so it does not count"
    assert (done.done == len(done.required)) == (not lacks)
    assert done.done <= len(done.required) <= done.total
    found = result(filled)
    assert (found.concern_category is None) == ("concern_category" not in said)
    if found.concern_category is not None:
        assert said["concern"] == "yes"


Step = tuple[str, Any]


def _steps() -> st.SearchStrategy[list[Step]]:
    """Beside saves: restarts, taking a look, handing in, sending back, corrections."""
    template = POLICY.template_of(Kind.CORE)
    codes = [section.code for section in template.sections]
    save = st.sampled_from(codes).flatmap(
        lambda code: st.tuples(st.just("save"), st.tuples(st.just(code), _whole_or_some(template, code)))
    )
    correct = st.sampled_from(codes).flatmap(
        lambda code: st.tuples(st.just("correct"), st.tuples(st.just(code), _typed(template, code)))
    )
    other = st.sampled_from([("restart", None), ("act", None), ("hand_in", None), ("send_back", None)])
    return st.lists(st.one_of(save, save, save, correct, other), min_size=4, max_size=14)


def _whole_or_some(template: Template, section: str) -> st.SearchStrategy[dict[str, str]]:
    questions = next(s.questions for s in template.sections if s.code == section)
    inputs: dict[str, st.SearchStrategy[str]] = {
        code: st.just("Seen.") if question.asks is Asks.TEXT else st.sampled_from(choices(question))
        for question in questions
        for code in codes_of(question, template)
    }
    return st.one_of(st.fixed_dictionaries(inputs), _typed(template, section))


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.booleans(), _steps())
def test_the_record_says_what_the_answers_say(
    sqlite_template: Path, tmp_path: Path, whole: bool, steps: list[Step]
) -> None:
    """`whole`: everything is answered once before; else a return is seldom whole enough to be handed in."""
    file = tmp_path / "any.db"
    for stale in tmp_path.glob("any.db*"):
        stale.unlink()
    shutil.copyfile(sqlite_template, file)
    asyncio.run(_play(f"sqlite:///{file}", [("fill", None), *steps] if whole else steps))


async def _play(url: str, steps: list[Step]) -> None:
    store = SqlStore(url)
    desk = await a_desk(store)
    try:
        for what, how in steps:
            if what == "restart":
                await desk.store.close()
                desk.store = SqlStore(url)
            elif what in _DONE:
                await _DONE[what](desk, how)
            await _holds(desk)
    finally:
        await desk.store.close()


async def _save(desk: Desk, how: tuple[str, Mapping[str, str]]) -> None:
    if (await desk.audit()).state in (AuditState.ISSUED, AuditState.SENT_BACK):
        await desk.save(*how)


async def _fill(desk: Desk, _: object) -> None:
    await desk.fill()


async def _act(desk: Desk, _: object) -> None:
    if (await desk.audit()).state in (AuditState.ISSUED, AuditState.SENT_BACK):
        await desk.save("actions", {}, action=an_action())


async def _refused(attempt: Awaitable[Outcome]) -> str | None:
    try:
        await attempt
    except Invalid as refused:
        return refused.code
    return None


async def _hand_in(desk: Desk, _: object) -> None:
    if (await desk.audit()).state not in (AuditState.ISSUED, AuditState.SENT_BACK):
        return
    lacks = (await desk.view(review=True)).missing
    assert await _refused(desk.hand_in()) == ("return_incomplete" if lacks else None)


async def _send_back(desk: Desk, _: object) -> None:
    if (await desk.audit()).state in (AuditState.RETURNED, AuditState.RESUBMITTED):
        await desk.change(state=AuditState.SENT_BACK, meets_standard=False)


async def _correct(desk: Desk, how: tuple[str, Mapping[str, str]]) -> None:
    if (await desk.audit()).state not in (AuditState.RETURNED, AuditState.RESUBMITTED):
        return
    assert await _refused(desk.correct(*how)) in (None, "nothing_changed")


_DONE: dict[str, Callable[[Desk, Any], Any]] = {
    "fill": _fill,
    "save": _save,
    "act": _act,
    "hand_in": _hand_in,
    "send_back": _send_back,
    "correct": _correct,
}


async def _holds(desk: Desk) -> None:
    """While a return is in, the audit's fields are what its answers say."""
    audit, filled = await desk.audit(), await desk.filled()
    if audit.state not in (AuditState.RETURNED, AuditState.RESUBMITTED):
        return
    assert filled is not None
    said = result(filled)
    assert {name: getattr(audit, name) for name in said.changes} == said.changes
    assert await desk.areas() == said.areas
    assert filled.handed_in_at is not None
    wanted = [
        (action.number, action.description, action.owner_id, action.due_on) for action in filled.actions
    ]
    assert [(a.number, a.description, a.owner_id, a.due_on) for a in await desk.actions()] == wanted
