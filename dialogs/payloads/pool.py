"""What the buttons of the pool and the programme carry."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from dialogs.fields import Day, Find, Id, MonthField, Offset
from dialogs.payloads.base import Payload
from dialogs.payloads.issuing import Codes, Line
from domain.kinds import Kind
from domain.people import Role
from domain.pool import Standing

Count = Annotated[int, Field(ge=0, le=10_000)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=320)]


EVERYBODY = "all"


def _standing(value: object) -> object:
    return None if value == EVERYBODY else value


class PoolShow(Payload):
    """`standing`: only those who stand like this; what is chosen on the card counts."""

    INPUTS = frozenset({"standing"})
    verb: Literal["pool.show"] = "pool.show"
    month: MonthField | None = None
    standing: Annotated[Standing | None, BeforeValidator(_standing)] = None
    offset: Offset = 0


class PoolFind(Payload):
    """Somebody by part of a name or by e-mail, whether they are in the pool or not."""

    INPUTS = frozenset({"find"})
    verb: Literal["pool.find"] = "pool.find"
    month: MonthField | None = None
    find: Find = ""


class PoolPerson(Payload):
    INPUTS = frozenset({"person"})
    verb: Literal["pool.person"] = "pool.person"
    month: MonthField | None = None
    person: Id


class PoolModerates(Payload):
    """None: by the rule again."""

    verb: Literal["pool.moderates"] = "pool.moderates"
    month: MonthField
    person: Id
    says: bool | None = None


class PoolGive(Payload):
    INPUTS = frozenset({"from_day"})
    verb: Literal["pool.give"] = "pool.give"
    month: MonthField
    person: Id
    role: Role
    from_day: Day


class PoolTake(Payload):
    verb: Literal["pool.take"] = "pool.take"
    month: MonthField
    person: Id
    role: Role


class PoolAdd(Payload):
    """Somebody who is not on the list yet."""

    INPUTS = frozenset({"email", "name", "team", "from_day"})
    verb: Literal["pool.add"] = "pool.add"
    month: MonthField
    email: Email
    name: Line
    team: Id | None = None
    from_day: Day


class ProgrammeShow(Payload):
    """The programme of the twelve months from `month`."""

    verb: Literal["programme.show"] = "programme.show"
    month: MonthField | None = None


class ProgrammeForm(Payload):
    """An entry to add or change; month and kind can be chosen on the card."""

    INPUTS = frozenset({"month", "kind"})
    verb: Literal["programme.form"] = "programme.form"
    month: MonthField
    kind: Kind = Kind.THEMATIC


class ProgrammeSave(Payload):
    """`seen` is the version of the entry that the form showed; 0: there was none."""

    INPUTS = frozenset({"expected", "theme", "cohorts", "plan_note"})
    verb: Literal["programme.save"] = "programme.save"
    month: MonthField
    kind: Kind
    seen: Annotated[int, Field(ge=0, lt=2**31)] = 0
    expected: Count = 0
    theme: Line = ""
    cohorts: Codes = ()
    plan_note: Line = ""


class ProgrammeRemove(Payload):
    verb: Literal["programme.remove"] = "programme.remove"
    month: MonthField
    kind: Kind
    seen: Annotated[int, Field(ge=1, lt=2**31)]


PAYLOADS: tuple[type[Payload], ...] = (
    PoolShow,
    PoolFind,
    PoolPerson,
    PoolModerates,
    PoolGive,
    PoolTake,
    PoolAdd,
    ProgrammeShow,
    ProgrammeForm,
    ProgrammeSave,
    ProgrammeRemove,
)
MISSING = {"from_day": "not_a_day", "email": "bad_email", "name": "no_name", "person": "unknown_person"}
UNREADABLE = {
    "standing": "unknown_standing",
    "person": "unknown_person",
    "from_day": "not_a_day",
    "month": "unknown_month",
    "kind": "unknown_kind",
    "team": "unknown_team",
    "expected": "not_a_number",
    "cohorts": "unknown_cohort",
}
