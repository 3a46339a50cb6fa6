"""One activity, one effect, one answer: repeats, races and connections lost in the commit (faults 8-9, 18-21, 40)."""

import asyncio

import pytest

from domain.errors import CommitUnknown, Conflict, Invalid, NotAllowed, OutOfDate, Replayed
from domain.exemptions import Command, Exemption, State
from domain.ports import CardPlace, Once, Outcome, UnitOfWork
from domain.usecases.transaction import Work, once_only, refuse
from tests.builders import DANA, RUTH, TOM
from tests.unit.domain.council import NOON, WILL, Council, a_council, refusal


async def a_request_with_the_director(council: Council) -> Exemption:
    return await council.does(DANA, Command.ENDORSE, await council.asks(TOM))


async def test_the_same_activity_again_gets_the_first_answer_and_does_nothing() -> None:
    council = a_council()
    asked = await a_request_with_the_director(council)
    once = council.once("the press", "its digest")
    # when Ruth's press arrives twice
    first = await council.decides(RUTH, Command.APPROVE, asked.ref, "", asked.version, once)
    before = council.store.data
    council.waits(hours=5)
    again = await council.decides(RUTH, Command.APPROVE, asked.ref, "", asked.version, once)
    # then it is answered the same, and nothing is written
    assert again == first
    assert council.store.data is before


async def test_the_same_activity_with_another_payload_is_refused() -> None:
    council = a_council()
    asked = await a_request_with_the_director(council)
    await council.does(RUTH, Command.DECLINE, asked, once=council.once("k", "one"))
    before = council.store.data
    refused = await refusal(council.does(RUTH, Command.APPROVE, asked, once=council.once("k", "two")))
    assert isinstance(refused, Replayed)
    assert council.store.data is before


async def test_a_refusal_stays_a_refusal() -> None:
    # given somebody was refused who is the one asked a moment later
    council = a_council()
    asked = await council.asks(TOM)
    once = council.once("too early")
    first = await refusal(council.does(WILL, Command.ENDORSE, asked, once=once))
    council.deputy(DANA, WILL)
    # when the same press comes again
    again = await refusal(council.does(WILL, Command.ENDORSE, asked, once=once))
    # then it comes to the same end, with one entry in the trail
    assert isinstance(again, NotAllowed)
    assert again.facts == {**first.facts, "again": "yes"}
    assert len(council.trail("refused.")) == 1
    assert (await council.does(WILL, Command.ENDORSE, asked)).state is State.WITH_DIRECTOR


async def test_a_stale_press_stays_stale() -> None:
    council = a_council()
    asked = await council.asks(TOM)
    once = council.once("stale")
    for _ in range(2):
        refused = await refusal(council.does(DANA, Command.ENDORSE, asked, version=7, once=once))
        assert isinstance(refused, OutOfDate)
    assert [entry.action for entry in council.trail("refused.")] == ["refused.out_of_date"]


async def test_a_form_filled_in_wrongly_is_not_kept() -> None:
    council = a_council()
    asked = await council.asks(TOM)
    once = council.once("form")
    assert isinstance(await refusal(council.does(DANA, Command.DECLINE, asked, "", once=once)), Invalid)
    assert (await council.does(DANA, Command.DECLINE, asked, "now with words", once=once)).state.open is False


async def test_two_requests_at_once_are_one() -> None:
    council = a_council()
    results = await asyncio.gather(council.asks(TOM), council.asks(TOM), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Exemption", "Invalid"]
    assert len(council.store.data.exemptions) == 1


@pytest.mark.parametrize("serial", [True, False])
async def test_a_double_click_that_arrives_twice_at_once(*, serial: bool) -> None:
    council = a_council(serial=serial)
    asked = await a_request_with_the_director(council)
    once = council.once("double")
    # when both deliveries of one press run at the same time
    press = [council.decides(RUTH, Command.APPROVE, asked.ref, "", asked.version, once) for _ in range(2)]
    first, second = await asyncio.gather(*press)
    # then both are told the same, and it happened once
    assert first == second == Outcome("exemption.approve", asked.ref)
    assert council.commands(asked) == ["request", "endorse", "approve"]
    assert len(council.trail("exemption.approve")) == 1
    assert council.trail("refused.") == []


@pytest.mark.parametrize("serial", [True, False])
async def test_a_refused_press_that_arrives_twice_at_once_is_one_refusal(*, serial: bool) -> None:
    council = a_council(serial=serial)
    asked = await council.asks(TOM)
    once = council.once("double")
    press = [council.does(WILL, Command.ENDORSE, asked, once=once) for _ in range(2)]
    results = await asyncio.gather(*press, return_exceptions=True)
    assert [type(result) for result in results] == [NotAllowed, NotAllowed]
    assert len(council.trail("refused.")) == 1


@pytest.mark.parametrize("serial", [True, False])
async def test_approve_against_withdraw_has_one_end(*, serial: bool) -> None:
    council = a_council(serial=serial)
    asked = await a_request_with_the_director(council)
    results = await asyncio.gather(
        council.does(RUTH, Command.APPROVE, asked),
        council.does(TOM, Command.WITHDRAW, asked),
        return_exceptions=True,
    )
    # then one of them counts, and the other gets the current card
    assert sum(isinstance(result, Exemption) for result in results) == 1
    assert sum(isinstance(result, OutOfDate) for result in results) == 1
    assert len(council.commands(asked)) == 3


@pytest.mark.parametrize("serial", [True, False])
async def test_approver_and_deputy_at_once_make_one_decision(*, serial: bool) -> None:
    council = a_council(serial=serial)
    council.deputy(RUTH, WILL)
    asked = await a_request_with_the_director(council)
    results = await asyncio.gather(
        council.does(WILL, Command.DECLINE, asked),
        council.does(RUTH, Command.APPROVE, asked),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["Exemption", "OutOfDate"]
    assert len(council.trail("exemption.approve")) + len(council.trail("exemption.decline")) == 1


@pytest.mark.parametrize("done", [True, False])
async def test_a_connection_lost_in_the_commit_is_settled_by_the_kept_answer(*, done: bool) -> None:
    council = a_council()
    asked = await a_request_with_the_director(council)
    # given the answer to the commit is lost, the commit having happened or not
    council.store.lose_connection_in_commit(done=done)
    # when Ruth approves
    after = await council.does(RUTH, Command.APPROVE, asked)
    # then it is approved once either way, and she hears of nothing
    assert (after.state, after.version) == (State.APPROVED, asked.version + 1)
    assert council.commands(asked) == ["request", "endorse", "approve"]


@pytest.mark.parametrize("done", [True, False])
async def test_a_connection_lost_while_a_refusal_is_noted(*, done: bool) -> None:
    council = a_council()
    asked = await council.asks(TOM)
    council.store.lose_connection_in_commit(done=done)
    assert isinstance(await refusal(council.does(WILL, Command.ENDORSE, asked)), NotAllowed)
    assert len(council.trail("refused.")) == 1


async def test_a_database_that_stays_away_is_told_and_settled_by_the_repeat() -> None:
    council = a_council()
    asked = await a_request_with_the_director(council)
    once = council.once("press")
    # given every commit of three tries is lost, the last of them having happened
    for done in (False, False, True):
        council.store.lose_connection_in_commit(done=done)
    assert isinstance(await refusal(council.does(RUTH, Command.APPROVE, asked, once=once)), CommitUnknown)
    # when the platform sends the press again
    outcome = await council.decides(RUTH, Command.APPROVE, asked.ref, "", asked.version, once)
    # then it is done, once
    assert outcome.code == "exemption.approve"
    assert council.commands(asked) == ["request", "endorse", "approve"]


def failing(times: int) -> tuple[list[int], Work[UnitOfWork]]:
    """Work that meets somebody else's commit so many times."""
    tried: list[int] = []

    async def work(uow: UnitOfWork) -> Outcome:
        tried.append(1)
        if len(tried) <= times:
            raise Conflict
        return Outcome("done")

    return tried, work


async def test_a_conflict_is_tried_again_three_times_in_all() -> None:
    council = a_council()
    tried, work = failing(2)
    outcome = await once_only(council.store, council.once(), council.actor(TOM), NOON, work)
    assert (outcome.code, len(tried)) == ("done", 3)
    tried, work = failing(3)
    attempt = once_only(council.store, council.once(), council.actor(TOM), NOON, work)
    assert isinstance(await refusal(attempt), Conflict)
    assert len(tried) == 3


async def test_the_pressed_card_shows_the_subject_from_now_on() -> None:
    # given a form's card stands in Tom's chat
    council = a_council()
    asked = await council.asks(TOM)
    place = CardPlace("a:tom", "1")
    # when Dana endorses from a card that was not remembered
    await council.does(DANA, Command.ENDORSE, asked, once=Once("k", "d", place))
    # then one update of it is queued, with the version just written
    updates = [row for row in council.store.data.queue.values() if row.card_id is not None]
    assert [(row.subject, row.version, row.person_id) for row in updates] == [("E-1", 2, DANA.id)]
    # and the next step updates it again, in the place of the one that still waits
    await council.does(RUTH, Command.DECLINE, asked)
    updates = [row for row in council.store.data.queue.values() if row.card_id is not None and row.needed]
    assert [row.version for row in updates] == [3]


async def test_a_refusal_before_any_use_case_is_in_the_trail() -> None:
    council = a_council()
    await refuse(council.store, None, NOON, "unknown_person")
    assert [(e.action, e.actor_id) for e in council.trail()] == [("refused.unknown_person", None)]
