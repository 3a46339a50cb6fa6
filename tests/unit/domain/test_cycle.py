"""The life of an audit as a table: every state and command, what each changes, and who has which button."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.audits import Audit, AuditState
from domain.cycle import PARTIES, WORKFLOW, Command, Done, Party, apply, commands_for, moderated_to
from domain.errors import Invalid, OutOfDate
from domain.kinds import Grade
from tests import builders as b

NOW = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
SUMMER = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
"""Half past midnight of 1 July in London."""
LIAM = 8
MODERATED = {"moderated_grade": Grade.GOOD, "meets_standard": True, "moderated_on": date(2026, 11, 16)}


def an_audit(state: AuditState, **changes: Any) -> Audit:
    """As an audit comes to that state: with a moderator and grades where it has been judged."""
    found: dict[str, Any] = {}
    if state not in (AuditState.ISSUED, AuditState.FREED):
        found = {"returned_on": date(2026, 11, 12), "grade": Grade.GOOD, "moderator_id": LIAM}
    if state in (AuditState.MODERATED, AuditState.DISPUTED, AuditState.LOCKED, AuditState.UPLOADED):
        found |= MODERATED
    if state is AuditState.FREED:
        found["auditor_id"] = None
    if state in (AuditState.LOCKED, AuditState.UPLOADED):
        found["locked_on"] = date(2026, 11, 18)
    return b.an_audit(state=state, **{**found, **changes})


def do(audit: Audit, command: Command, note: str = "because", **changes: Any) -> Done:
    return apply(audit, command, now=NOW, by=b.QUINN.id, note=note, **changes)


@pytest.mark.parametrize("state", AuditState)
@pytest.mark.parametrize("command", Command)
def test_every_command_in_every_state(state: AuditState, command: Command) -> None:
    """Either the table has the step, and it leads where the table says, or nothing is changed."""
    audit = an_audit(state)
    if (state, command) == (AuditState.RETURNED, Command.UPLOAD):
        audit = an_audit(state, moderator_id=None)
    step = WORKFLOW.get((state, command))
    if step is None:
        with pytest.raises(OutOfDate) as refused:
            do(audit, command)
        assert refused.value.facts == {"ref": audit.ref, "state": state.value}
        return
    done = do(audit, command)
    expected = step.to or state
    assert done.audit.state is (AuditState.LOCKED if command is Command.UNTICK else expected)
    assert (done.before, done.command, done.by_id, done.note) == (audit, command, b.QUINN.id, "because")


@pytest.mark.parametrize(("state", "command"), [key for key, step in WORKFLOW.items() if step.needs_note])
def test_a_reason_where_one_is_needed(state: AuditState, command: Command) -> None:
    with pytest.raises(Invalid) as refused:
        do(an_audit(state), command, note=" \n")
    assert (refused.value.code, refused.value.facts["command"]) == ("note_missing", command.value)


def test_what_needs_a_reason() -> None:
    needs = {command for (_, command), step in WORKFLOW.items() if step.needs_note}
    assert needs == {
        Command.CHANGE_CHILD, Command.CORRECT, Command.SEND_BACK, Command.DISPUTE, Command.LOCK, Command.REOPEN,
        Command.UNTICK,
    }  # fmt: skip
    assert not WORKFLOW[AuditState.MODERATED, Command.LOCK].needs_note, "only a disputed one"


def test_the_first_days_return_stays_through_every_rework() -> None:
    """It decides whether the audit was on time."""
    first = do(an_audit(AuditState.ISSUED), Command.RETURN).audit
    assert first.returned_on == date(2026, 11, 20)
    named = do(first, Command.ASSIGN, moderator_id=LIAM).audit
    back = do(named, Command.SEND_BACK).audit
    assert (back.returned_on, back.meets_standard, back.state) == (
        first.returned_on, False, AuditState.SENT_BACK,
    )  # fmt: skip
    again = apply(back, Command.RESUBMIT, now=SUMMER, by=b.TOM.id).audit
    assert again.returned_on == first.returned_on
    judged = do(again, Command.MODERATE, moderated_grade=Grade.INADEQUATE).audit
    assert (judged.meets_standard, judged.moderated_on) == (True, date(2026, 11, 20))
    assert judged.counts is Grade.INADEQUATE


def test_days_are_londons() -> None:
    done = apply(an_audit(AuditState.ISSUED), Command.RETURN, now=SUMMER, by=b.TOM.id)
    assert done.audit.returned_on == date(2026, 7, 1)


def test_freed_is_nobodys_and_no_day_is_agreed() -> None:
    freed = do(an_audit(AuditState.ISSUED, agreed_on=date(2026, 12, 2)), Command.FREE).audit
    assert (freed.state, freed.auditor_id, freed.agreed_on) == (AuditState.FREED, None, None)
    given = do(freed, Command.GIVE, auditor_id=b.PRIYA.id).audit
    assert (given.state, given.auditor_id) == (AuditState.ISSUED, b.PRIYA.id)


def test_reopened_is_judged_from_the_beginning_by_the_same_moderator() -> None:
    locked = do(an_audit(AuditState.DISPUTED), Command.LOCK, final_grade=Grade.OUTSTANDING).audit
    assert (locked.counts, locked.locked_on) == (Grade.OUTSTANDING, date(2026, 11, 20))
    again = do(locked, Command.REOPEN).audit
    assert again.state is AuditState.RETURNED
    assert (again.moderated_grade, again.final_grade, again.meets_standard) == (None, None, None)
    assert (again.locked_on, again.moderated_on, again.moderator_id) == (None, None, LIAM)
    assert again.grade is Grade.GOOD


def test_a_tick_taken_back_leads_where_it_came_from() -> None:
    left_out = do(an_audit(AuditState.RETURNED, moderator_id=None), Command.UPLOAD).audit
    assert left_out.uploaded_on == date(2026, 11, 20)
    back = do(left_out, Command.UNTICK).audit
    assert (back.state, back.uploaded_on) == (AuditState.RETURNED, None)
    locked = do(do(an_audit(AuditState.LOCKED), Command.UPLOAD).audit, Command.UNTICK).audit
    assert (locked.state, locked.uploaded_on) == (AuditState.LOCKED, None)


def test_what_the_table_alone_does_not_forbid() -> None:
    own = an_audit(AuditState.RETURNED, moderator_id=None)
    with pytest.raises(Invalid, match="own_audit"):
        do(own, Command.ASSIGN, moderator_id=own.auditor_id)
    for command in (Command.MODERATE, Command.SEND_BACK):
        with pytest.raises(OutOfDate):
            do(own, command)
    with pytest.raises(OutOfDate):
        do(an_audit(AuditState.RETURNED), Command.UPLOAD)  # it is with a moderator


def test_facts_say_both_sides_in_codes() -> None:
    done = do(an_audit(AuditState.RETURNED), Command.MODERATE, moderated_grade=Grade.INADEQUATE)
    assert done.facts == {
        "state": "returned>moderated", "moderated_grade": ">inadequate", "meets_standard": ">yes",
    }  # fmt: skip
    agreed = do(an_audit(AuditState.ISSUED), Command.AGREE_DATE, agreed_on=date(2026, 12, 2))
    assert agreed.facts == {"agreed_on": ">2026-12-02"}
    freed = do(an_audit(AuditState.ISSUED), Command.FREE)
    assert freed.facts == {"state": "issued>freed", "auditor_id": f"{b.TOM.id}>"}
    back = do(an_audit(AuditState.RESUBMITTED), Command.SEND_BACK, note="Say why\nit is good")
    assert back.facts == {"state": "resubmitted>sent_back", "meets_standard": ">no"}
    assert "good" not in str(back.facts), "what was written is in the note alone"


@pytest.mark.parametrize("state", AuditState)
@pytest.mark.parametrize("party", Party)
def test_buttons_are_what_the_table_gives_the_party(state: AuditState, party: Party) -> None:
    found = commands_for(an_audit(state), {party})
    assert all(WORKFLOW[state, command].by is party for command in found)
    missing = {c for (s, c), step in WORKFLOW.items() if s is state and step.by is party} - set(found)
    with_moderator = {(AuditState.RETURNED, Command.UPLOAD)}
    assert {(state, command) for command in missing} <= with_moderator


def test_buttons_of_somebody_who_is_several_in_the_tables_order() -> None:
    audit = an_audit(AuditState.RETURNED)
    assert commands_for(audit, Party) == (
        Command.CORRECT, Command.ASSIGN, Command.MODERATE, Command.SEND_BACK,
    )  # fmt: skip
    nobody = an_audit(AuditState.RETURNED, moderator_id=None)
    assert commands_for(nobody, Party) == (Command.UPLOAD, Command.CORRECT, Command.ASSIGN)
    assert commands_for(audit, ()) == ()


def test_every_command_is_somebodys() -> None:
    assert all(PARTIES[command] for command in Command)
    assert PARTIES[Command.LOCK] == PARTIES[Command.REOPEN] == {Party.HEAD_OF_QUALITY}
    assert PARTIES[Command.ASSIGN] == {Party.SAMPLER}
    assert PARTIES[Command.MODERATE] == PARTIES[Command.SEND_BACK] == {Party.MODERATOR}


def test_every_state_has_a_way_on_and_is_reached() -> None:
    reached = {step.to for step in WORKFLOW.values() if step.to}
    assert reached | {AuditState.ISSUED} == set(AuditState)
    assert {state for state, _ in WORKFLOW} == set(AuditState)


@pytest.mark.parametrize(
    ("primary", "moderated", "said"),
    [
        (Grade.GOOD, Grade.GOOD, "agreed"),
        (Grade.GOOD, Grade.OUTSTANDING, "up"),
        (Grade.GOOD, Grade.REQUIRES_IMPROVEMENT, "down"),
        (Grade.INADEQUATE, Grade.OUTSTANDING, "up"),
        (Grade.OUTSTANDING, Grade.INADEQUATE, "down"),
        (Grade.NOT_GRADED, Grade.NOT_GRADED, "agreed"),
        (Grade.NOT_GRADED, Grade.GOOD, "changed"),
        (Grade.GOOD, Grade.NOT_GRADED, "changed"),
        (None, Grade.GOOD, "changed"),
    ],
)
def test_what_moderation_did_to_a_grade(primary: Grade | None, moderated: Grade, said: str) -> None:
    assert moderated_to(primary, moderated) == said
