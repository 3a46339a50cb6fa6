"""What is looked at to moderate, to confirm and to file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.audits import Audit
from domain.calendar import Month
from domain.kinds import Grade, Kind
from domain.moderation import Assigned, Unmet
from domain.people import Person, PersonId


class Rework(StrEnum):
    """What a return that was sent back lacks, as a code; what to do about it is written beside it."""

    RATIONALE = "rationale"
    EVIDENCE = "evidence"
    ACTIONS = "actions"
    GRAMMAR = "grammar"
    FORMAT = "format"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SampleWish:
    """Whose moderation is asked for: by the policy's share, or (with `grades`) every return of these grades; by every
    moderator of the month, or by external ones alone."""

    month: Month
    kind: Kind = Kind.CORE
    grades: tuple[Grade, ...] = ()
    external: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """A moderator of the month: `load` they have already, `new` they would get."""

    person: Person
    load: int
    new: int = 0


@dataclass(frozen=True, slots=True)
class SampleView:
    """The sample as it would be drawn now. `returned` counts by the auditors' grades, `moderated` those that were
    judged already; `sampled` have a moderator already who can judge them, `stuck` one who cannot; `assigned` is what
    would be new, with its `audits` and their auditors (`people`); `wanted` is how many should have one. `left_out` may
    go to the child's record once it is confirmed, `left_out_new` of them for the first time. `digest` names it."""

    today: date
    wish: SampleWish
    months: Sequence[Month]
    kinds: Sequence[Kind]
    share_percent: int
    returned: Mapping[Grade, int]
    sampled: int
    wanted: int
    assigned: Sequence[Assigned]
    chosen: Mapping[Grade, int]
    """Of the new ones, by grade."""
    desks: Sequence[Desk]
    unmet: Sequence[Unmet]
    digest: str = ""
    moderated: Mapping[Grade, int] = field(default_factory=dict[Grade, int])
    stuck: int = 0
    left_out: int = 0
    left_out_new: int = 0
    audits: Mapping[str, Audit] = field(default_factory=dict[str, Audit])
    people: Mapping[PersonId, Person] = field(default_factory=dict[PersonId, Person])
    labels: Mapping[Kind, str] = field(default_factory=dict[Kind, str])


@dataclass(frozen=True, slots=True)
class AuditLines:
    """A page of audits, with everybody named by id whom the viewer may know. `batch` are those of all of them that can
    be confirmed together, `digest` names them; `nobody_locks`: there is no head of quality."""

    viewer: Person
    today: date
    month: Month | None
    lines: Sequence[Audit]
    total: int
    people: Mapping[PersonId, Person] = field(default_factory=dict[PersonId, Person])
    offset: int = 0
    page: int = 8
    batch: Sequence[Audit] = ()
    digest: str = ""
    nobody_locks: bool = False
    waiting: int = 0
    """Of the list of what is to tick: returns that wait for their month's moderation sample."""


@dataclass(frozen=True, slots=True)
class ReassignView:
    """Who may moderate an audit, with how many they have of its month. `present`: who has it now."""

    audit: Audit
    today: date
    candidates: Sequence[Desk]
    present: Person | None = None
    filled: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Work:
    """What of moderation waits for somebody: returns to judge, grades to confirm, own returns that were sent back, and
    for who names moderators those whose moderator cannot judge them any more."""

    to_moderate: int = 0
    to_lock: int = 0
    sent_back: Sequence[Audit] = ()
    stuck: Sequence[Audit] = ()

    def __bool__(self) -> bool:
        return bool(self.to_moderate or self.to_lock or self.sent_back or self.stuck)
