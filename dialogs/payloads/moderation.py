"""What the buttons of moderation, the third lock and the upload carry."""

from typing import Literal

from dialogs.fields import AuditRef, MonthField, Offset
from dialogs.payloads.base import Payload


class ModerationOpen(Payload):
    """The form in which a moderator judges a return."""

    verb: Literal["moderation.open"] = "moderation.open"
    ref: AuditRef


class ModerationMine(Payload):
    """What the presser has to moderate."""

    verb: Literal["moderation.mine"] = "moderation.mine"
    offset: Offset = 0


class SampleForm(Payload):
    """The moderation sample of a month, as it would be drawn now."""

    verb: Literal["moderation.sample"] = "moderation.sample"
    month: MonthField | None = None


class ToLock(Payload):
    verb: Literal["moderation.to_lock"] = "moderation.to_lock"
    month: MonthField | None = None
    offset: Offset = 0


class ToUpload(Payload):
    verb: Literal["upload.list"] = "upload.list"
    month: MonthField | None = None
    offset: Offset = 0


class DisputeForm(Payload):
    verb: Literal["grade.dispute_form"] = "grade.dispute_form"
    ref: AuditRef


PAYLOADS: tuple[type[Payload], ...] = (
    ModerationOpen,
    ModerationMine,
    SampleForm,
    ToLock,
    ToUpload,
    DisputeForm,
)
