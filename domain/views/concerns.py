"""One child of concern as one viewer may see it, and the tracker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.calendar import Month
from domain.concern_rules import Tier
from domain.concern_workflow import Command
from domain.concerns import Category, Concern, State
from domain.people import Person, PersonId, Team
from domain.ports import ChildFacts, ConcernStep


@dataclass(frozen=True, slots=True)
class ConcernView:
    """`commands` are the buttons that this viewer has now, `tiers` what they are on the ladder, `acting_for` whom they
    stand in for. `steps` has notes empty that are not for this viewer. `people` holds everybody named by id; `answers`
    are the present holders of each tier, so that a card can say who is asked. `next_with`: who has the next step;
    `owing`: whose response is due, beside it. `climbs_at`: when somebody is told next."""

    concern: Concern
    viewer: Person
    now: datetime
    today: date
    steps: Sequence[ConcernStep]
    commands: Sequence[Command]
    people: Mapping[PersonId, Person]
    tiers: frozenset[Tier] = frozenset()
    acting_for: PersonId | None = None
    child: ChildFacts | None = None
    legal_status: str = ""
    answers: Mapping[Tier, Sequence[PersonId]] = field(default_factory=dict[Tier, Sequence[PersonId]])
    next_with: Sequence[PersonId] = ()
    owing: Sequence[PersonId] = ()
    climbs_at: datetime | None = None
    safeguarding: str = ""

    @property
    def nobody(self) -> bool:
        """It is an alert, and there is nobody to tell: no tier of the ladder has a holder today."""
        return self.concern.climbing and not any(self.answers.values())

    def name(self, person_id: PersonId | None) -> str:
        person = self.people.get(person_id) if person_id is not None else None
        return person.name if person else ""


@dataclass(frozen=True, slots=True)
class RaiseForm:
    """What the form to raise a child of concern offers: `filled` are values to show, from what was typed or from a try
    that was refused. `danger`: the words sounded like danger now, and the safeguarding route stands first. `teams` are
    asked for where the child is not known by its reference."""

    viewer: Person
    today: date
    safeguarding: str
    filled: Mapping[str, str] = field(default_factory=dict[str, str])
    problem: str | None = None
    danger: bool = False
    teams: Sequence[Team] = ()
    child: ChildFacts | None = None
    already: Concern | None = None
    """The open one of this child."""


@dataclass(frozen=True, slots=True)
class ConcernLine:
    """One that waits for somebody; `acting_for` whom they stand in for."""

    concern: Concern
    acting_for: Person | None = None


@dataclass(frozen=True, slots=True)
class ConcernCount:
    category: Category
    state: State
    identified: Month
    count: int


@dataclass(frozen=True, slots=True)
class ConcernList:
    """The tracker: what the viewer may see, filtered; a page of it. `counts` are of all that the filter gives."""

    viewer: Person
    today: date
    lines: Sequence[Concern]
    total: int
    counts: Sequence[ConcernCount]
    people: Mapping[PersonId, Person]
    next_with: Mapping[str, Sequence[PersonId]]
    """By reference: who has the next step."""
    owing: Mapping[str, Sequence[PersonId]] = field(default_factory=dict[str, Sequence[PersonId]])
    """By reference: whose response is due."""
    filters: Mapping[str, str] = field(default_factory=dict[str, str])
    months: Sequence[Month] = ()
    """All in which one was identified, whichever month is shown."""
    offset: int = 0
    page: int = 10
