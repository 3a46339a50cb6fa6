"""An audit as the child's social worker and their manager see it, and what was audited of a team before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.audits import Audit
from domain.calendar import Month
from domain.kinds import Grade
from domain.participation import Contribution, Part
from domain.people import Person, PersonId
from domain.ports import Action


@dataclass(frozen=True, slots=True)
class PartView:
    """`may_give`: the part can still be given or changed; `may_comment`: there is a result to comment on. Grade,
    strengths and actions are there from the return on. `people` holds the auditor and the owners of actions."""

    audit: Audit
    viewer: Person
    part: Part
    today: date
    people: Mapping[PersonId, Person]
    mine: Contribution | None = None
    may_give: bool = True
    may_comment: bool = False
    grade: Grade | None = None
    strengths: str = ""
    actions: Sequence[Action] = ()

    def name(self, person_id: PersonId | None) -> str:
        person = self.people.get(person_id) if person_id is not None else None
        return person.name if person else ""

    def answer(self, code: str) -> str:
        return self.mine.answers.get(code, "") if self.mine else ""


@dataclass(frozen=True, slots=True)
class PartForm:
    """What is asked: `asked` are codes, in order. `filled` are values to show; `version` is the contribution's."""

    view: PartView
    asked: Sequence[str]
    version: int
    filled: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class ComingAudits:
    """A manager's audits of a month that are not returned yet, a page of them."""

    viewer: Person
    month: Month
    audits: Sequence[Audit]
    people: Mapping[PersonId, Person]
    total: int
    given: frozenset[int] = frozenset()
    """Audits to which the viewer gave their views already."""
    offset: int = 0
    page: int = 10


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
