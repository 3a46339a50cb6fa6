"""What the buttons of the other kinds of audit carry."""

from typing import Literal

from dialogs.fields import AuditRef, Day, Find, Id, MonthField, Note, Offset
from dialogs.payloads.base import Payload
from domain.kinds import Kind


class ActivityList(Payload):
    """What was done of a kind in a month, against what was expected. Both can be chosen on the list itself."""

    INPUTS = frozenset({"kind", "month"})
    verb: Literal["activity.list"] = "activity.list"
    kind: Kind = Kind.OBSERVATION
    month: MonthField | None = None
    offset: Offset = 0


class ActivityLogForm(Payload):
    """Logs one that was done (or, with `assign`, asks somebody for one). Pressed on the form itself it searches, and
    keeps what was typed."""

    INPUTS = frozenset({"find", "day", "child", "about", "who", "theme", "reviewed", "when"})
    verb: Literal["activity.log_form"] = "activity.log_form"
    kind: Kind
    month: MonthField | None = None
    assign: bool = False
    find: Find = ""
    day: Find = ""
    child: Find = ""
    about: Find = ""
    who: Find = ""
    theme: Find = ""
    reviewed: Find = ""
    when: Find = ""


class ActivityLog(Payload):
    INPUTS = frozenset({"day", "child", "about", "theme", "reviewed", "find"})
    verb: Literal["activity.log"] = "activity.log"
    kind: Kind
    day: Day
    child: Find = ""
    about: Id | None = None
    theme: Note = ""
    reviewed: Literal["yes", "no", ""] = ""
    find: Find = ""


class ActivityAsk(Payload):
    """Somebody else is asked for one."""

    INPUTS = frozenset({"when", "child", "about", "who", "theme", "find"})
    verb: Literal["activity.ask"] = "activity.ask"
    kind: Kind
    when: MonthField
    who: Id
    child: Find = ""
    about: Id | None = None
    theme: Note = ""
    find: Find = ""


class ActivityNoneForm(Payload):
    verb: Literal["activity.none_form"] = "activity.none_form"
    kind: Kind
    month: MonthField | None = None


class ActivityNone(Payload):
    """ "None this month, because ..."."""

    INPUTS = frozenset({"because"})
    verb: Literal["activity.none"] = "activity.none"
    kind: Kind
    month: MonthField
    because: Note


class ReauditsDue(Payload):
    """Children judged Inadequate who are due another look."""

    verb: Literal["reaudit.due"] = "reaudit.due"
    offset: Offset = 0


class ReauditForm(Payload):
    """Who re-audits the child of this Inadequate."""

    verb: Literal["reaudit.form"] = "reaudit.form"
    ref: AuditRef


class ReauditAssign(Payload):
    INPUTS = frozenset({"who", "when", "reason"})
    verb: Literal["reaudit.assign"] = "reaudit.assign"
    ref: AuditRef
    who: Id
    when: MonthField
    reason: Note = ""


PAYLOADS: tuple[type[Payload], ...] = (
    ActivityList,
    ActivityLogForm,
    ActivityLog,
    ActivityAsk,
    ActivityNoneForm,
    ActivityNone,
    ReauditsDue,
    ReauditForm,
    ReauditAssign,
)
MISSING = {"because": "why_none", "day": "not_a_day", "who": "who_missing"}
UNREADABLE = {
    "who": "unknown_person",
    "about": "unknown_person",
    "when": "unknown_month",
    "kind": "unknown_kind",
}
