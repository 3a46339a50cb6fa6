"""What the buttons of the other kinds of audit carry."""

from typing import Literal

from dialogs.fields import MonthField, Offset
from dialogs.payloads.base import Payload
from domain.kinds import Kind


class ActivityList(Payload):
    """What was done of a kind in a month, against what was expected."""

    verb: Literal["activity.list"] = "activity.list"
    kind: Kind = Kind.OBSERVATION
    month: MonthField | None = None
    offset: Offset = 0


class ActivityLogForm(Payload):
    """Logs one that was done, or opens its return."""

    verb: Literal["activity.log_form"] = "activity.log_form"
    kind: Kind
    month: MonthField | None = None


class ReauditsDue(Payload):
    """Children judged Inadequate who are due another look."""

    verb: Literal["reaudit.due"] = "reaudit.due"
    offset: Offset = 0


PAYLOADS: tuple[type[Payload], ...] = (
    ActivityList,
    ActivityLogForm,
    ReauditsDue,
)
