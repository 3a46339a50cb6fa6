"""Which children are due another look."""

from dataclasses import replace
from datetime import date
from itertools import permutations

from domain.audits import Audit, AuditState
from domain.calendar import Month
from domain.kinds import Grade, Kind
from domain.reaudits import due, due_of, outcome
from tests.builders import an_audit


def graded(number: int, month: int, grade: Grade = Grade.INADEQUATE, **changes: object) -> Audit:
    audit = an_audit(number, month=Month(2026, month), state=AuditState.RETURNED, grade=grade)
    return replace(audit, returned_on=date(2026, month, 20), child_ref="C1", **changes)  # type: ignore[arg-type]


def an_open_reaudit(number: int = 9, state: AuditState = AuditState.ISSUED) -> Audit:
    return an_audit(number, kind=Kind.REAUDIT, state=state, child_ref="C1", month=Month(2026, 11))


def test_an_inadequate_is_due_its_first() -> None:
    found = due_of([graded(1, 5)])
    assert found is not None
    assert (found.audit.ref, found.first_ref, found.number) == ("A-1", "A-1", 1)


def test_a_better_grade_since_ends_it_whatever_its_kind_and_order() -> None:
    audits = [graded(1, 5), graded(2, 7, Grade.GOOD)]
    assert all(due_of(order) is None for order in permutations(audits))
    worse_again = [*audits, graded(3, 9, kind=Kind.THEMATIC)]
    for order in permutations(worse_again):
        found = due_of(order)
        assert found is not None
        assert found.audit.ref == "A-3"


def test_the_grade_that_counts_decides() -> None:
    assert due_of([graded(1, 5, Grade.GOOD, moderated_grade=Grade.INADEQUATE)]) is not None
    locked = graded(1, 5, moderated_grade=Grade.INADEQUATE, final_grade=Grade.REQUIRES_IMPROVEMENT)
    assert due_of([locked]) is None


def test_one_that_is_open_or_waits_for_another_auditor_is_enough() -> None:
    for state in (AuditState.ISSUED, AuditState.FREED):
        assert due_of([graded(1, 5), an_open_reaudit(state=state)]) is None


def test_an_open_core_audit_is_no_second_look() -> None:
    assert due_of([graded(1, 5), replace(an_open_reaudit(), kind=Kind.CORE)]) is not None


def test_still_inadequate_is_due_the_next_of_the_same_first() -> None:
    second = graded(4, 9, kind=Kind.REAUDIT, reaudit_of="A-1", reaudit_number=1)
    found = due_of([graded(1, 5), second])
    assert found is not None
    assert (found.audit.ref, found.first_ref, found.number) == ("A-4", "A-1", 2)
    assert outcome(second) == "still_inadequate"
    assert outcome(replace(second, grade=Grade.GOOD)) == "improved"
    assert outcome(an_open_reaudit()) == ""


def test_who_waits_longest_comes_first() -> None:
    audits = [graded(1, 9), replace(graded(2, 5), child_ref="C2"), replace(graded(3, 7), child_ref="C3")]
    assert [one.child_ref for one in due(audits)] == ["C2", "C3", "C1"]
    assert due([replace(graded(1, 5), child_ref=None)]) == []
