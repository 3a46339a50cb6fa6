"""A row's values: codes, dates and lists in the forms of the contract, and a reason for each that is not."""

from datetime import date

import pytest

from domain.audits import AuditState, Grade, Kind
from domain.calendar import Month
from domain.people import Role, WorkingPattern
from domain.policy import Policy
from domain.terms import Term
from storage.imports.rows import (
    AuditRow,
    ChildRow,
    ExemptionRow,
    PersonRow,
    Row,
    RowRefused,
    TeamRow,
    audit_state,
)
from storage.imports.values import Vocabulary

KNOWN = Vocabulary(Policy(), date(2026, 11, 20))
PERSON = {"email": "ada@c.example", "name": "Ada Ford", "roles": "auditor"}
CHILD = {"child_ref": "20417", "team": "Northgate", "legal_status": "child_in_need"}
AUDIT = {"audit_ref": "A-1", "month": "2026-10", "kind": "core"}
EXEMPTION = {"email": "ada@c.example", "month": "2026-10", "reason": "maternity", "outcome": "approved"}


def wrong(row: type[Row], cells: dict[str, str]) -> list[tuple[str, str]]:
    with pytest.raises(RowRefused) as refused:
        row.read(cells, KNOWN)
    return refused.value.wrong


def test_a_person() -> None:
    person = PersonRow.read(
        PERSON
        | {
            "email": "Ada.Ford@C.Example",
            "roles": "Auditor; head of service ;",
            "external": "Yes",
            "working_pattern": "Alternate",
            "active_from": "2026-01-05",
            "aad_object_id": "0000000A-0000-0000-0000-00000000000B",
        },
        KNOWN,
    )
    assert person.email == "ada.ford@c.example"
    assert person.roles == {Role.AUDITOR, Role.HEAD_OF_SERVICE}
    assert person.external is True
    assert person.working_pattern is WorkingPattern.ALTERNATE
    assert person.active_from == date(2026, 1, 5)
    assert person.aad_object_id == "0000000a-0000-0000-0000-00000000000b"


def test_an_audit_with_its_areas() -> None:
    audit = AuditRow.read(
        AUDIT
        | {"kind": "Practice review", "areas": "IRO/CP chair oversight=Good;planning=requires improvement"},
        KNOWN,
    )
    assert audit.kind is Kind.PRACTICE_REVIEW
    assert audit.month == Month(2026, 10)
    assert audit.areas == (("iro_oversight", Grade.GOOD), ("planning", Grade.REQUIRES_IMPROVEMENT))


def test_a_month_that_a_spreadsheet_made_a_date_of() -> None:
    assert AuditRow.read(AUDIT | {"month": "2026-10-01"}, KNOWN).month == Month(2026, 10)


def test_policy_lists_are_the_councils_own() -> None:
    own = Policy(legal_statuses=(Term(code="family_help", label="Family Help"),))
    child = ChildRow.read(CHILD | {"legal_status": "FAMILY HELP"}, Vocabulary(own, KNOWN.today))
    assert child.legal_status == "family_help"
    assert wrong(ChildRow, CHILD | {"legal_status": "family_help"}) == [
        (
            "legal_status",
            (
                '"family_help" is not in the policy\'s list; write one of child_in_need, child_protection_plan, '
                "child_in_care, care_leaver, early_help"
            ),
        )
    ]


@pytest.mark.parametrize(
    ("row", "cells", "column", "said"),
    [
        (PersonRow, PERSON | {"email": "ada"}, "email", "is not an e-mail address"),
        (
            PersonRow,
            PERSON | {"roles": "auditor;boss"},
            "roles",
            '"boss" is not known; write one of auditor, moderator',
        ),
        (PersonRow, PERSON | {"aad_object_id": "7"}, "aad_object_id", "is not an object id"),
        (PersonRow, PERSON | {"working_pattern": "half"}, "working_pattern", "write one of full, alternate"),
        (PersonRow, PERSON | {"external": "maybe"}, "external", '"maybe" is not yes or no'),
        (PersonRow, PERSON | {"active_from": "5/1/2026"}, "active_from", "write it as 2026-11-30"),
        (PersonRow, PERSON | {"active_from": "2026-02-30"}, "active_from", "is not a date"),
        (PersonRow, PERSON | {"active_from": "0202-02-03"}, "active_from", "is not a likely date"),
        (PersonRow, PERSON | {"name": "x" * 201}, "name", "at most 200"),
        (
            PersonRow,
            PERSON | {"active_from": "2026-05-01", "active_to": "2026-04-30"},
            "active_to",
            "2026-04-30 is before active_from (2026-05-01)",
        ),
        (ChildRow, CHILD | {"child_ref": "Sam Smith"}, "child_ref", "is not a reference"),
        (ChildRow, CHILD | {"child_ref": "Sam"}, "child_ref", "never a name"),
        (
            ChildRow,
            CHILD | {"cohorts": "looked_after;tall"},
            "cohorts",
            '"tall" is not in the policy\'s list',
        ),
        (AuditRow, AUDIT | {"month": "Oct-26"}, "month", "write it as 2026-11"),
        (AuditRow, AUDIT | {"month": "2026-13"}, "month", "is not a month"),
        (AuditRow, AUDIT | {"month": "2026-10-07"}, "month", "is not a month"),
        (AuditRow, AUDIT | {"kind": "corer"}, "kind", "write one of core, reaudit, thematic"),
        (AuditRow, AUDIT | {"grade": "ok"}, "grade", "write one of outstanding, good, requires_improvement"),
        (AuditRow, AUDIT | {"concern_category": "3"}, "concern_category", "write 1 or 2"),
        (AuditRow, AUDIT | {"reaudit_number": "0"}, "reaudit_number", "whole number from 1"),
        (AuditRow, AUDIT | {"reaudit_of": "A-1"}, "reaudit_of", "names the audit itself"),
        (AuditRow, AUDIT | {"areas": "planning"}, "areas", "area=grade"),
        (AuditRow, AUDIT | {"areas": "planning=good;Planning=good"}, "areas", "planning stands twice"),
        (AuditRow, AUDIT | {"areas": "weather=good"}, "areas", "is not in the policy's list"),
        (AuditRow, AUDIT | {"returned_on": "2026-11-21"}, "returned_on", "has not come yet"),
        (
            AuditRow,
            AUDIT | {"issued_on": "2026-10-05", "returned_on": "2026-10-04"},
            "returned_on",
            "is before issued_on",
        ),
        (ExemptionRow, EXEMPTION | {"reason": "holiday"}, "reason", "write one of extended_leave"),
        (ExemptionRow, EXEMPTION | {"outcome": "withdrawn"}, "outcome", "write one of approved, declined"),
        (ExemptionRow, EXEMPTION | {"decided_on": "2026-11-31"}, "decided_on", "is not a date"),
        (TeamRow, {"team": "North", "service": "A"}, "directorate", "is empty; a value is needed"),
    ],
)
def test_a_value_that_cannot_be_taken_says_what_can(
    row: type[Row], cells: dict[str, str], column: str, said: str
) -> None:
    ((named, reason),) = wrong(row, cells)
    assert named == column
    assert said in reason


def test_everything_wrong_with_a_row_is_said() -> None:
    assert {column for column, _ in wrong(AuditRow, {"audit_ref": "x", "month": "?", "grade": "?"})} == {
        "audit_ref",
        "month",
        "kind",
        "grade",
    }


def test_returned_today_is_not_the_future() -> None:
    assert AuditRow.read(AUDIT | {"returned_on": "2026-11-20"}, KNOWN).returned_on == KNOWN.today


@pytest.mark.parametrize(
    ("returned", "moderated", "uploaded", "state"),
    [
        (None, None, None, AuditState.ISSUED),
        (date(2026, 10, 3), None, None, AuditState.RETURNED),
        (date(2026, 10, 3), Grade.GOOD, None, AuditState.MODERATED),
        (date(2026, 10, 3), Grade.GOOD, date(2026, 10, 9), AuditState.UPLOADED),
        (date(2026, 10, 3), None, date(2026, 10, 9), AuditState.UPLOADED),
    ],
)
def test_the_state_is_the_furthest_step_that_the_dates_show(
    returned: date | None, moderated: Grade | None, uploaded: date | None, state: AuditState
) -> None:
    assert audit_state(returned, moderated, uploaded) is state


def test_what_is_below_the_standard_was_sent_back() -> None:
    day = date(2026, 10, 3)
    assert audit_state(day, Grade.GOOD, None, meets_standard=False) is AuditState.SENT_BACK
    assert audit_state(day, Grade.GOOD, None, meets_standard=True) is AuditState.MODERATED
    assert audit_state(None, None, None, meets_standard=False) is AuditState.ISSUED
