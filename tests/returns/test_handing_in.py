"""Handing in: whole or not at all, late or not; who is told, and what stays."""

from datetime import date

import pytest

from domain.audits import AuditState, Engagement
from domain.cycle import Command, apply
from domain.errors import Invalid, NotAllowed, OutOfDate
from domain.kinds import Grade, Kind
from domain.lanes import Lane
from domain.notices import NoticeKind
from domain.people import Person
from domain.templates import NONE_BECAUSE
from domain.usecases.returns import NewAction
from storage.unit_of_work import SqlStore
from tests.builders import RUTH, SAM, TOM
from tests.returns.desk import ADA, MOD, SERENA, WHOLE, Desk, a_desk, an_action

INADEQUATE = {"grade": {"grade": "inadequate", "rationale": "Drift and no plan."}}


async def test_what_was_said_is_the_audits_record(desk: Desk) -> None:
    await desk.fill()
    outcome = await desk.hand_in()
    assert (outcome.code, outcome.subject, outcome.facts) == ("audit.return", "A-104", {})
    audit = await desk.audit()
    assert (audit.state, audit.grade, audit.returned_on) == (
        AuditState.RETURNED,
        Grade.GOOD,
        date(2026, 11, 20),
    )
    assert audit.engagement == Engagement(True, True, True, True, True, True)
    assert set((await desk.areas()).values()) == {Grade.GOOD}
    # then the trail has the codes, and what was written under its digest
    action, facts = (await desk.trail())[-1]
    assert action == "audit.return"
    assert facts["state"] == "issued>returned"
    assert facts["child_views"] == "yes"
    assert "rationale" not in facts
    assert (await desk.texts())["rationale"] == "Purposeful visits."
    # and the social worker and the team's manager are told, the auditor is not
    assert await desk.told(NoticeKind.AUDIT_RESULT) == ["Meera", "Mona"]
    assert await desk.told(NoticeKind.AUDIT_INADEQUATE) == []


async def test_nothing_is_handed_in_while_something_is_missing(desk: Desk) -> None:
    await desk.save("grade", WHOLE["grade"])
    with pytest.raises(Invalid) as refused:
        await desk.hand_in()
    assert refused.value.code == "return_incomplete"
    assert (await desk.audit()).state is AuditState.ISSUED


async def test_only_what_was_looked_at_is_handed_in(desk: Desk) -> None:
    await desk.fill()
    seen = (await desk.view(review=True)).filled.version
    await desk.save("grade", INADEQUATE["grade"])
    with pytest.raises(Invalid) as refused:
        await desk.hand_in(seen=seen)
    assert refused.value.code == "return_changed"


async def test_a_double_click_hands_in_once(desk: Desk) -> None:
    await desk.fill()
    once = desk.once()
    first = await desk.hand_in(once=once)
    assert await desk.hand_in(once=once) == first
    with pytest.raises(OutOfDate):
        await desk.hand_in()
    assert [action for action, _ in await desk.trail()].count("audit.return") == 1


@pytest.mark.parametrize(
    ("when", "late"),
    [((2026, 11, 30, 23, 59), ""), ((2026, 12, 1, 0, 0), "late"), ((2026, 12, 7, 12, 0), "late"),
     ((2026, 12, 8, 9, 0), "nil")],
)  # fmt: skip
async def test_late_is_accepted_and_says_so(quick_desk: Desk, when: tuple[int, ...], late: str) -> None:
    """Fault 64: the month is closed while the return is being filled in."""
    await quick_desk.fill()
    then = quick_desk.at(*when)
    assert (await then.view(review=True)).late == late
    assert (await then.hand_in()).facts.get("late", "") == late
    assert (await then.audit()).state is AuditState.RETURNED


async def test_an_inadequate_is_told_at_once_to_those_above_the_team(desk: Desk) -> None:
    await desk.fill(**INADEQUATE)
    await desk.save("actions", {}, action=an_action())
    await desk.hand_in()
    assert await desk.told(NoticeKind.AUDIT_INADEQUATE) == ["Serena", "Ada", "Sam"]
    assert await desk.lanes(NoticeKind.AUDIT_INADEQUATE) == {Lane.DECISION}


@pytest.mark.parametrize(
    ("left", "told"),
    [([ADA], ["Serena", "Sam", "Ruth"]), ([ADA, SERENA], ["Sam", "Ruth"]),
     ([ADA, SERENA, RUTH], ["Sam", "Quinn"])],
)  # fmt: skip
async def test_an_inadequate_reaches_the_director_or_the_qa_team_where_nobody_is_between(
    quick_desk: Desk, left: list[Person], told: list[str]
) -> None:
    await quick_desk.fill(**INADEQUATE)
    await quick_desk.save("actions", {}, action=an_action())
    # given nobody who is assistant director any more, then no service manager either, then no director
    await _leave(quick_desk, *(person.id for person in left))
    await quick_desk.hand_in()
    assert sorted(await quick_desk.told(NoticeKind.AUDIT_INADEQUATE)) == sorted(told)


async def test_a_child_of_concern_is_an_alert_for_head_of_service_and_director(desk: Desk) -> None:
    concern = {
        "concern": "yes",
        "concern_category": "category_1",
        "concern_grounds": "Not seen since August.",
    }
    await desk.fill(concern=concern)
    await desk.hand_in()
    assert (await desk.audit()).concern_category == 1
    assert await desk.told(NoticeKind.CONCERN_ALERT) == ["Sam", "Ruth"]
    assert await desk.lanes(NoticeKind.CONCERN_ALERT) == {Lane.ALERT}
    assert await desk.told(NoticeKind.CONCERN_RAISED) == ["Quinn"]


async def test_where_nobody_is_left_who_answers_for_the_team_the_dcs_and_the_qa_team_are_told(
    quick_desk: Desk,
) -> None:
    concern = {"concern": "yes", "concern_category": "category_2", "concern_grounds": "No plan."}
    await quick_desk.fill(concern=concern)
    # given the head of service named for the team has left, and so has the director
    await _leave(quick_desk, SAM.id, RUTH.id)
    await quick_desk.hand_in()
    assert await quick_desk.told(NoticeKind.CONCERN_RAISED) == ["Alex", "Quinn"]


async def _leave(desk: Desk, *people: int) -> None:
    from sqlalchemy import update

    from storage.tables import people as table

    async with desk.store.writing() as uow:
        statement = update(table).where(table.c.id.in_(people)).values(active_to=date(2026, 11, 1))
        await uow.transaction.run(lambda c: c.execute(statement))
        await uow.commit()


async def test_each_owner_has_one_message_and_who_raised_them_none(desk: Desk) -> None:
    await desk.fill(**INADEQUATE)
    await desk.save("actions", {}, action=an_action())
    await desk.save("actions", {}, action=an_action(text="Visit the child"))
    await desk.save("actions", {}, action=an_action(SERENA, "Agree the plan"))
    await desk.save("actions", {}, action=an_action(TOM, "Talk it through with the worker"))
    await desk.hand_in()
    assert await desk.told(NoticeKind.ACTIONS_RAISED) == ["Mona", "Serena"]
    found = await desk.actions()
    assert [(a.ref, a.number, a.child_ref) for a in found] == [
        ("T-1", 1, "C10432"), ("T-2", 2, "C10432"), ("T-3", 3, "C10432"), ("T-4", 4, "C10432"),
    ]  # fmt: skip


async def test_a_rework_goes_to_its_moderator_and_tells_nobody_twice(desk: Desk) -> None:
    await desk.fill(**INADEQUATE)
    await desk.save("actions", {}, action=an_action())
    await desk.hand_in()
    # when it is sent back, and handed in again with another action
    audit = await desk.change(moderator_id=MOD.id)
    async with desk.store.writing() as uow:
        await uow.cycle.save(
            apply(audit, Command.SEND_BACK, now=desk.now, by=MOD.id, note="Say what you saw.")
        )
        await uow.commit()
    later = desk.at(2026, 12, 15, 9, 0)
    await later.save("grade", {"rationale": "No visit in ten weeks; the plan is of 2025."})
    await later.save("actions", {}, action=NewAction("Agree the plan", SERENA.id))
    outcome = await later.hand_in()
    assert (outcome.code, outcome.facts) == ("audit.resubmit", {}), (
        "the first return decides whether it was on time"
    )
    audit = await later.audit()
    assert (audit.state, audit.returned_on) == (AuditState.RESUBMITTED, date(2026, 11, 20))
    assert await later.told(NoticeKind.AUDIT_RESUBMITTED) == ["Moira"]
    assert await later.told(NoticeKind.AUDIT_INADEQUATE) == ["Serena", "Ada", "Sam"], "told before"
    assert await later.told(NoticeKind.ACTIONS_RAISED) == ["Mona", "Serena"]
    assert await later.told(NoticeKind.AUDIT_RESULT) == ["Meera", "Mona"]
    assert [a.ref for a in await later.actions()] == ["T-1", "T-2"]


async def test_an_action_taken_off_in_a_rework_is_dropped(quick_desk: Desk) -> None:
    await quick_desk.fill(**INADEQUATE)
    await quick_desk.save("actions", {}, action=an_action())
    await quick_desk.save("actions", {}, action=an_action(SERENA, "Agree the plan"))
    await quick_desk.hand_in()
    await quick_desk.change(state=AuditState.SENT_BACK, moderator_id=MOD.id)
    await quick_desk.save("actions", {}, remove=1)
    await quick_desk.hand_in()
    assert [a.ref for a in await quick_desk.actions()] == ["T-2"]


async def test_none_because(sqlite_store: SqlStore) -> None:
    desk = await a_desk(sqlite_store, kind=Kind.DIP_SAMPLE)
    for bad, code in ((" ", "why_none"), ("x" * 2001, "too_long")):
        with pytest.raises(Invalid) as refused:
            await desk.none_because(bad)
        assert refused.value.code == code
    assert (await desk.none_because("No case met the theme.")).code == "audit.return"
    audit = await desk.audit()
    assert (audit.state, audit.grade) == (AuditState.RETURNED, Grade.NOT_GRADED)
    assert (await desk.texts())[NONE_BECAUSE] == "No case met the theme."
    # and a rework begins with the questions again
    await desk.change(state=AuditState.SENT_BACK, moderator_id=MOD.id)
    assert (await desk.view()).section is not None
    with pytest.raises(Invalid):
        await desk.hand_in()


async def test_none_because_is_no_result_of_a_core_audit(quick_desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        await quick_desk.none_because("No time.")
    assert refused.value.code == "not_this_kind"


async def test_minimum_standards_are_not_graded(sqlite_store: SqlStore) -> None:
    desk = await a_desk(sqlite_store, kind=Kind.MINIMUM_STANDARDS)
    standards = {
        question.code: "n/a" for question in (await desk.view()).filled.template.sections[0].questions
    }
    await desk.save("standards", standards)
    await desk.hand_in()
    assert (await desk.audit()).grade is Grade.NOT_GRADED


async def test_somebody_who_has_left_hands_nothing_in(quick_desk: Desk) -> None:
    await quick_desk.fill()
    await _leave(quick_desk, TOM.id)
    with pytest.raises(NotAllowed):
        await quick_desk.hand_in()


async def test_an_open_request_for_more_time_is_settled_by_the_return(quick_desk: Desk) -> None:
    from domain.requests import Request, RequestState, Wish

    async with quick_desk.store.writing() as uow:
        made = Request(
            0, 104, "A-104", Wish.SLIPPAGE, TOM.id, quick_desk.now, "A hearing.", wanted_on=date(2026, 12, 2)
        )
        await uow.requests.add(made)
        await uow.commit()
    await quick_desk.fill()
    await quick_desk.hand_in()
    async with quick_desk.store.reading() as uow:
        [request] = await uow.requests.of_audit(104)
    assert request.state is RequestState.OVERTAKEN
