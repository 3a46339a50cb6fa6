"""An audit as the child's social worker and their manager see it, and what was audited of a team before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.audits import Audit
from domain.calendar import Month
from domain.participation import Part
from domain.people import Person, PersonId


@dataclass(frozen=True, slots=True)
class PartForm:
    """What is asked of somebody who takes part: `asked` are codes, in order, empty once the audit is moderated.
    `may_comment`: there is a result. `filled` are values to show: what was given, or a try that was refused; `version`
    is the contribution's (0: none yet)."""

    audit: Audit
    viewer: Person
    part: Part
    auditor: Person | None
    asked: Sequence[str]
    may_comment: bool
    version: int = 0
    filled: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class ComingAudits:
    """A manager's audits that are not returned yet, a page of them; `own`: a social worker's. `month` None: of this
    month and all that are issued ahead; else `elsewhere` of the other ones are left out."""

    viewer: Person
    month: Month | None
    audits: Sequence[Audit]
    people: Mapping[PersonId, Person]
    total: int
    offset: int = 0
    page: int = 10
    own: bool = False
    elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class ResultLines:
    """Returned audits of a social worker's children (`own`), or of a manager's teams: they can comment on each. Newest
    first."""

    viewer: Person
    audits: Sequence[Audit]
    total: int
    own: bool = False
    offset: int = 0
    page: int = 8


@dataclass(frozen=True, slots=True)
class HistoryLine:
    audit: Audit
    actions_open: int = 0
    actions_done: int = 0


@dataclass(frozen=True, slots=True)
class TeamHistory:
    """Returned audits within the viewer's reach, newest first; a page of them. `teams` are the names of the viewer's
    own teams where they answer for teams, empty where they see more."""

    viewer: Person
    lines: Sequence[HistoryLine]
    total: int
    teams: Sequence[str] = ()
    offset: int = 0
    page: int = 10
