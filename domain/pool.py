"""Who audits, who moderates and who rests in a month (domain, sections 2, 3.1 and 8)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from domain.calendar import Month
from domain.draw_parts import Candidate
from domain.people import Role, WorkingPattern
from domain.policy import Pool as Targets
from domain.ports.pool import Alike, PoolMember


class Standing(StrEnum):
    """Where somebody of the auditors and moderators stands in a month; the first that holds, in this order."""

    LEFT = "left"
    """Active on a day of the month, and gone before the day it is asked for."""
    MODERATES = "moderates"
    NOT_ASKED = "not_asked"
    """A moderator and no auditor, who does not moderate this month."""
    NOT_TRAINED = "not_trained"
    """Trained after the month's last day."""
    EXEMPT = "exempt"
    HAS_AUDIT = "has_audit"
    RESTING = "resting"
    """Works alternate months, and this is the one between."""
    FREE = "free"


POOL = frozenset({Standing.EXEMPT, Standing.HAS_AUDIT, Standing.FREE})
"""The month's audit pool: trained auditors who are there, less moderators moderating and those whose month it is
not. The exempt are part of it, and leave it by their class (section 8)."""


class InPool(Protocol):
    """All that decides where somebody stands: of one member, or of several who are alike in it."""

    @property
    def roles(self) -> frozenset[Role]: ...
    @property
    def working_pattern(self) -> WorkingPattern: ...
    @property
    def auditor_from(self) -> date | None: ...
    @property
    def moderator_from(self) -> date | None: ...
    @property
    def active_to(self) -> date | None: ...
    @property
    def moderates(self) -> bool | None: ...
    @property
    def exempt(self) -> bool: ...
    @property
    def has_audit(self) -> bool: ...
    @property
    def last_audited(self) -> Month | None: ...


def moderates(member: InPool, month: Month) -> bool:
    """By role and training day, unless it was said that they do not this month."""
    trained = member.moderator_from is None or member.moderator_from <= month.last
    return Role.MODERATOR in member.roles and trained and member.moderates is not False


def rests(member: InPool, month: Month) -> bool:
    """Part-timers audit every second month, counted from their latest core audit before it, else from the month they
    were trained in; somebody of whom neither is known does not rest."""
    if member.working_pattern is not WorkingPattern.ALTERNATE:
        return False
    anchor = member.last_audited or (Month.of(member.auditor_from) if member.auditor_from else None)
    return anchor is not None and _months(anchor, month) % 2 == 1


def _months(start: Month, end: Month) -> int:
    return (end.year - start.year) * 12 + end.number - start.number


def standing(member: InPool, month: Month, today: date) -> Standing:
    """Trained is who was trained by the month's last day: a draw is prepared before the month, and somebody trained
    in the middle of it can still be given an audit."""
    asked_on = max(month.first, min(today, month.last))
    if member.active_to is not None and member.active_to < asked_on:
        return Standing.LEFT
    if moderates(member, month):
        return Standing.MODERATES
    if Role.AUDITOR not in member.roles:
        later = member.moderator_from is not None and member.moderator_from > month.last
        return Standing.NOT_TRAINED if later else Standing.NOT_ASKED
    if member.auditor_from is not None and member.auditor_from > month.last:
        return Standing.NOT_TRAINED
    if member.exempt:
        return Standing.EXEMPT
    if member.has_audit:
        return Standing.HAS_AUDIT
    return Standing.RESTING if rests(member, month) else Standing.FREE


def counted(groups: Iterable[tuple[Alike, Standing]]) -> Counter[Standing]:
    """How many people stand where, of groups that were judged."""
    found: Counter[Standing] = Counter()
    for group, stand in groups:
        found[stand] += len(group.people)
    return found


def free(members: Iterable[PoolMember], month: Month, today: date) -> list[PoolMember]:
    """Who can be given an audit of the month, in their order."""
    return [member for member in members if standing(member, month, today) is Standing.FREE]


def candidate(member: PoolMember, spare: int = 1) -> Candidate:
    own = {member.person.team.id} if member.person.team else set[int]()
    return Candidate(member.person.id, member.answers_for | own, member.audited, spare)


@dataclass(frozen=True, slots=True)
class Capacity:
    """A month's people against the policy's targets. `auditors`: trained and not moderating, resting ones included;
    `moderators`: who moderate this month. `exempt`: approved exemptions of the pool by class, as
    `domain.policy.ReasonClass` writes it."""

    standings: Mapping[Standing, int]
    exempt: Mapping[str, int] = field(default_factory=dict[str, int])
    target_auditors: int = 0
    target_moderators: int = 0

    def of(self, standing: Standing) -> int:
        return self.standings.get(standing, 0)

    @property
    def pool(self) -> int:
        return sum(self.of(standing) for standing in POOL)

    @property
    def auditors(self) -> int:
        return self.pool + self.of(Standing.RESTING)

    @property
    def moderators(self) -> int:
        return self.of(Standing.MODERATES)

    @property
    def allocated(self) -> int:
        """Pool less non-operational less operational exemptions (section 8)."""
        return self.pool - self.of(Standing.EXEMPT)


def capacity(
    standings: Mapping[Standing, int], targets: Targets, exempt_by_class: Mapping[str, int] | None = None
) -> Capacity:
    return Capacity(standings, exempt_by_class or {}, targets.target_auditors, targets.target_moderators)
