"""Children of concern: what is known of one, and with whom its next step lies (domain, section 5)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum

from domain.alerts import Alert
from domain.calendar import Month, local_date, plus_working_days
from domain.concern_rules import Concerns as Rules
from domain.people import PersonId, Team

PREFIX = "C-"


class Category(IntEnum):
    """1: widespread or serious failures *and* immediate risk of significant harm. 2: widespread or serious failures,
    the service offer or the risk assessment not appropriate to the child's needs."""

    ONE = 1
    TWO = 2


class State(StrEnum):
    """With whom the next step lies."""

    WITH_HEAD_OF_SERVICE = "with_head_of_service"
    WITH_TEAM = "with_team"
    """Awaiting information from the team."""
    IN_PROCEEDINGS = "in_proceedings"
    """In proceedings, under the head of service's oversight."""
    CHALLENGED = "challenged"
    """The category is disputed: the head of quality upholds it or re-categorises."""
    WITH_DIRECTOR = "with_director"
    """With the director for sign-off."""
    REMOVED = "removed"

    @property
    def open(self) -> bool:
        return self is not State.REMOVED


OPEN = frozenset(State) - {State.REMOVED}


class Source(StrEnum):
    RETURN = "return"
    CHAT = "chat"
    IMPORT = "import"


class Wanted(StrEnum):
    """What a sign-off would bring about."""

    REMOVAL = "removal"
    CATEGORY_2 = "category_2"


@dataclass(frozen=True, slots=True)
class Concern:
    """One child of concern. `unsure`: whoever raised it did not know the category, and it is treated as 1 until the
    head of service settles it. `identified_on` is the day that counts for its age. `wanted` is set while it is with the
    director, `asked_by_id` is who asked for it (the challenge's or the sign-off's). `respond_by` is the last calendar
    day of the response that is due; None where one was given. `evidence` counts the pieces given since it was raised,
    raised again as a Category 1, or came back. `reminded_at`: when whoever has the next step was last told that it
    waits. `moved` is the version with which it was last raised again, or changed its state, category or child: a card
    that was made since then is not out of date."""

    id: int
    child_ref: str
    category: Category
    state: State
    source: Source
    raised_at: datetime
    identified_on: date
    state_since: datetime
    team: Team | None = None
    legal_status: str | None = None
    unsure: bool = False
    audit_ref: str | None = None
    raised_by_id: PersonId | None = None
    respond_by: date | None = None
    responded_at: datetime | None = None
    wanted: Wanted | None = None
    asked_by_id: PersonId | None = None
    evidence: int = 0
    alert: Alert | None = None
    reminded_at: datetime | None = None
    removed_at: datetime | None = None
    moved: int = 1
    version: int = 1

    @property
    def ref(self) -> str:
        return f"{PREFIX}{self.id}"

    @property
    def month_identified(self) -> Month:
        return Month.of(self.identified_on)

    @property
    def climbing(self) -> bool:
        """An alert that still looks for somebody; invariant I4 is that this ends by an acknowledgement alone, or with
        Category 1 itself."""
        return self.state.open and self.alert is not None and self.alert.climbing

    def response_overdue(self, today: date) -> bool:
        return self.state.open and self.respond_by is not None and today > self.respond_by


def response_due(category: Category, now: datetime, rules: Rules) -> date:
    """The last day for the response: for a Category 1 the same calendar day, for a Category 2 the policy's working days
    later."""
    today = local_date(now)
    if category is Category.ONE:
        return today
    return plus_working_days(today, rules.category_2_response_working_days)
