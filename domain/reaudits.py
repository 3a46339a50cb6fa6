"""Which children are due another look: the rule of re-audits (domain, section 3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.audits import Audit, AuditState
from domain.kinds import GRADED, Grade, Kind

_OPEN = frozenset({AuditState.ISSUED, AuditState.FREED})


@dataclass(frozen=True, slots=True)
class Due:
    """A child whose latest graded audit is Inadequate. `first_ref` is the audit that began it; `number`: the re-audit
    that is due is its first, second, ..."""

    audit: Audit
    first_ref: str
    number: int

    @property
    def child_ref(self) -> str:
        return self.audit.child_ref or ""


def due(audits: Iterable[Audit]) -> list[Due]:
    """Of all audits of some children, who has waited longest first. A child with an open re-audit is not due, nor one
    who has had a better grade since."""
    by_child: dict[str, list[Audit]] = {}
    for audit in audits:
        if audit.child_ref:
            by_child.setdefault(audit.child_ref, []).append(audit)
    found = [one for of_child in by_child.values() if (one := due_of(of_child)) is not None]
    return sorted(found, key=lambda one: (_on(one.audit), one.audit.id))


def due_of(audits: Iterable[Audit]) -> Due | None:
    """Of all audits of one child."""
    known = list(audits)
    graded = [audit for audit in known if audit.counts in GRADED]
    if not graded or any(audit.kind is Kind.REAUDIT and audit.state in _OPEN for audit in known):
        return None
    latest = max(graded, key=lambda audit: (_on(audit), audit.id))
    if latest.counts is not Grade.INADEQUATE:
        return None
    if latest.kind is Kind.REAUDIT:
        return Due(latest, latest.reaudit_of or latest.ref, (latest.reaudit_number or 1) + 1)
    return Due(latest, latest.ref, 1)


def _on(audit: Audit) -> date:
    return audit.returned_on or audit.month.first


def outcome(audit: Audit) -> str:
    """What a re-audit came to, against the Inadequate before it: "still_inadequate", "improved", or "" where there is
    no grade yet."""
    if audit.counts not in GRADED:
        return ""
    return "still_inadequate" if audit.counts is Grade.INADEQUATE else "improved"
