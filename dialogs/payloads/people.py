"""What the buttons of greetings, help and deputies carry."""

from typing import Literal

from dialogs.fields import Day, Find, Id
from dialogs.payloads.base import Payload
from domain.people import Scope


class DelegationForm(Payload):
    INPUTS = frozenset({"find"})
    verb: Literal["delegation.form"] = "delegation.form"
    find: Find = ""


class DelegationMake(Payload):
    INPUTS = frozenset({"delegate", "scope", "from_day", "to_day"})
    verb: Literal["delegation.make"] = "delegation.make"
    delegate: Id
    scope: Scope
    from_day: Day
    to_day: Day
    find: Find = ""


class DelegationEnd(Payload):
    verb: Literal["delegation.end"] = "delegation.end"
    id: Id


class Help(Payload):
    verb: Literal["home.help"] = "home.help"


class Hi(Payload):
    verb: Literal["home.hi"] = "home.hi"


PAYLOADS: tuple[type[Payload], ...] = (DelegationForm, DelegationMake, DelegationEnd, Help, Hi)
UNREADABLE = {
    "delegate": "unknown_person",
    "scope": "unknown_scope",
    "from_day": "not_a_day",
    "to_day": "not_a_day",
}
