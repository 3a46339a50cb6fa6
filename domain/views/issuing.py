"""What the QA team is shown of a month's draw: its form, its preview, and one auditor's or one audit's child."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.allocation import Unmet
from domain.audits import Audit
from domain.calendar import Month
from domain.drawing import Settings
from domain.kinds import Kind
from domain.people import Person, PersonId, Team
from domain.pool import Standing
from domain.ports import DrawRecord
from domain.programme import Planned


@dataclass(frozen=True, slots=True)
class IssueFormView:
    """What the form of a month and kind begins with. `free` can be given an audit, `have_one` already. `latest` is
    the draw of the month and kind, previewed or issued. `filled` are the inputs' values. `there`: how many audits of
    the kind there are already, of `expected` (0: no number is); None for core audits. `planned_cohorts`: those filled
    in are the programme's."""

    today: date
    month: Month
    kind: Kind
    months: Sequence[Month]
    kinds: Sequence[Kind]
    free: int
    have_one: int
    filled: Mapping[str, str]
    planned: Planned | None = None
    latest: DrawRecord | None = None
    expected: int = 0
    there: int | None = None
    planned_cohorts: bool = False


@dataclass(frozen=True, slots=True)
class CohortLine:
    """`wanted` None: in proportion."""

    cohort: str
    wanted: int | None
    got: int


@dataclass(frozen=True, slots=True)
class DrawView:
    """A draw as it would be issued now. `people` are those it is drawn for, `drawn` the pairs, `reached` who gets a
    child; `standings` are the auditors and moderators who are left out, `children_left` the children, by the rule.
    `named` and `teams` hold whom the sentences of `unmet` are about. `usual_months` is the policy's look-back."""

    today: date
    record: DrawRecord
    settings: Settings
    digest: str
    people: int
    drawn: int
    reached: int
    eligible: int
    cohorts: Sequence[CohortLine]
    by_team: Sequence[int]
    standings: Mapping[Standing, int]
    children_left: Mapping[str, int]
    unmet: Sequence[Unmet]
    usual_months: int
    waiting: int = 0
    """Exemption requests for the month that are not decided yet."""
    named: Mapping[PersonId, Person] = field(default_factory=dict[PersonId, Person])
    teams: Mapping[int, Team] = field(default_factory=dict[int, Team])


@dataclass(frozen=True, slots=True)
class PairLine:
    """`audit_ref` is "" before the issue; `withheld` is the viewer's own before it, without its child."""

    auditor: Person | None
    child_ref: str
    team: Team | None
    cohort: str = ""
    audit_ref: str = ""
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class PairsView:
    """Who gets whom, by the auditor's name; a page from `offset` of `total`. After the issue, the audits."""

    record: DrawRecord
    lines: Sequence[PairLine]
    total: int
    offset: int = 0
    page: int = 15


@dataclass(frozen=True, slots=True)
class IssueOneView:
    """One auditor, one child. Without `auditor` it is the choice of one of `candidates`; with it the child who was
    drawn (`child_ref` "" where there is none), to be confirmed."""

    today: date
    month: Month
    candidates: Sequence[Person]
    auditor: Person | None = None
    child_ref: str = ""
    team: Team | None = None
    eligible: int = 0
    digest: str = ""
    filled: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class ChangeChildView:
    """Another child for the auditor of `audit`; whom is drawn when it is confirmed. `changes` have been made already,
    of `changes_most` that the council allows."""

    audit: Audit
    auditor: Person | None
    eligible: int
    changes: int
    changes_most: int
