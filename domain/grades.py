"""Which grades an audit can end with: what its own form can answer, whoever judges it."""

from domain.audits import Audit
from domain.kinds import GRADED, Grade
from domain.policy import Policy
from domain.return_rules import choices
from domain.templates import Asks


def gradable(policy: Policy, audit: Audit) -> tuple[Grade, ...]:
    """Best first. "Not graded" only where the kind has no grade, may come to "none this month", or has a grade question
    that can be left open; and where the auditor's own return ended so. A core audit always has a grade: neither
    moderation nor the third lock takes it out of the figures."""
    rules = policy.by_kind[audit.kind]
    asked = [q for q in policy.template_of(audit.kind).questions if q.asks is Asks.GRADE]
    graded = rules.graded and any(Grade.NOT_GRADED.value not in choices(question) for question in asked)
    if graded and not rules.may_be_none and audit.grade is not Grade.NOT_GRADED:
        return GRADED
    return (*GRADED, Grade.NOT_GRADED)
