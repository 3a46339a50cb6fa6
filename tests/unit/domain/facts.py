"""Builders of the rows that measures are made of."""

from datetime import date
from typing import Any

from domain.audits import AuditState, Engagement
from domain.calendar import Month
from domain.kinds import Kind
from domain.people import Team
from domain.ports import AuditFact, ExemptionFact

NOVEMBER = Month(2026, 11)
NORTHGATE = Team(1, "Northgate", "North", "Assessment", "Operations")
HARBOUR = Team(2, "Harbour", "East", "Care", "Operations")
_number = iter(range(1, 1_000_000))


def an_audit(returned: date | None = None, **values: Any) -> AuditFact:
    known: dict[str, Any] = {
        "month": NOVEMBER,
        "kind": Kind.CORE,
        "state": AuditState.RETURNED if returned else AuditState.ISSUED,
        "auditor_id": None,
        "team": NORTHGATE,
        "legal_status": "child_in_need",
        "issued_on": None,
        "returned_on": returned,
        "grade": None,
        "moderated_grade": None,
        "final_grade": None,
        "meets_standard": None,
        "moderated": False,
        "uploaded_on": None,
        "engagement": Engagement(),
        "concern_category": None,
        "reaudit_number": None,
        "earlier_actions_reviewed": None,
        "ref": f"A-{next(_number)}",
    }
    return AuditFact(**known | values)


def an_exemption(person: int, *, operational: bool = False, **values: Any) -> ExemptionFact:
    known: dict[str, Any] = {
        "month": NOVEMBER,
        "person_id": person,
        "team": NORTHGATE,
        "reason": "statutory_work" if operational else "maternity",
        "operational": operational,
        "approved": True,
        "after_issue": False,
    }
    return ExemptionFact(**known | values)
