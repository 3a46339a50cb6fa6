"""What the buttons of moderation, the third lock and the upload carry."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, StringConstraints

from dialogs.fields import AuditRef, Code, Find, Id, MonthField, Note, Offset, Version
from dialogs.payloads.base import Payload
from domain.kinds import Grade, Kind

CODES_MOST = 20
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
"""Names the list that was read back, so that nothing else is confirmed than what was seen."""


def _split(value: object) -> object:
    return [part for part in value.split(",") if part] if isinstance(value, str) else value


Grades = Annotated[
    tuple[Grade, ...],
    BeforeValidator(_split),
    PlainSerializer(lambda grades: ",".join(grade.value for grade in grades)),
    Field(max_length=len(Grade)),
]
Codes = Annotated[
    tuple[Code, ...], BeforeValidator(_split), PlainSerializer(",".join), Field(max_length=CODES_MOST)
]


class ModerationOpen(Payload):
    """The form in which a moderator judges a return."""

    verb: Literal["moderation.open"] = "moderation.open"
    ref: AuditRef


class ModerationMine(Payload):
    """What the presser has to moderate."""

    verb: Literal["moderation.mine"] = "moderation.mine"
    offset: Offset = 0


class Agree(Payload):
    """The auditor's grade holds, and the return meets the standard."""

    verb: Literal["moderation.agree"] = "moderation.agree"
    ref: AuditRef
    version: Version


class ChangeGrade(Payload):
    INPUTS = frozenset({"moderated_grade", "note"})
    verb: Literal["moderation.change"] = "moderation.change"
    ref: AuditRef
    version: Version
    moderated_grade: Grade
    note: Note


class SendBack(Payload):
    """`why` are codes of `domain.views.moderation.Rework`."""

    INPUTS = frozenset({"why", "what_to_do"})
    verb: Literal["moderation.send_back"] = "moderation.send_back"
    ref: AuditRef
    version: Version
    why: Codes = ()
    what_to_do: Note = ""


class SampleForm(Payload):
    """The moderation sample of a month, as it would be drawn now."""

    INPUTS = frozenset({"month", "kind", "grades", "moderators"})
    verb: Literal["moderation.sample"] = "moderation.sample"
    month: MonthField | None = None
    kind: Kind = Kind.CORE
    grades: Grades = ()
    """Only these; none: as the policy says."""
    moderators: Literal["all", "external"] = "all"


class SampleConfirm(Payload):
    verb: Literal["moderation.assign"] = "moderation.assign"
    month: MonthField
    kind: Kind = Kind.CORE
    grades: Grades = ()
    moderators: Literal["all", "external"] = "all"
    digest: Digest


class ReassignForm(Payload):
    INPUTS = frozenset({"find"})
    verb: Literal["moderation.reassign_form"] = "moderation.reassign_form"
    ref: AuditRef
    find: Find = ""


class Reassign(Payload):
    INPUTS = frozenset({"moderator", "note"})
    verb: Literal["moderation.reassign"] = "moderation.reassign"
    ref: AuditRef
    version: Version
    moderator: Id
    note: Note = ""


class ToLock(Payload):
    verb: Literal["moderation.to_lock"] = "moderation.to_lock"
    month: MonthField | None = None
    offset: Offset = 0


class LockForm(Payload):
    verb: Literal["lock.form"] = "lock.form"
    ref: AuditRef


class Lock(Payload):
    """Confirms the grade as it was moderated."""

    verb: Literal["lock.confirm"] = "lock.confirm"
    ref: AuditRef
    version: Version


class LockDecide(Payload):
    """The final grade, with a reason."""

    INPUTS = frozenset({"final_grade", "note"})
    verb: Literal["lock.decide"] = "lock.decide"
    ref: AuditRef
    version: Version
    final_grade: Grade
    note: Note


class LockRead(Payload):
    """Reads back what would be confirmed together."""

    verb: Literal["lock.read"] = "lock.read"
    month: MonthField | None = None


class LockMany(Payload):
    verb: Literal["lock.many"] = "lock.many"
    month: MonthField | None = None
    digest: Digest


class ReopenForm(Payload):
    verb: Literal["lock.reopen_form"] = "lock.reopen_form"
    ref: AuditRef


class Reopen(Payload):
    INPUTS = frozenset({"note"})
    verb: Literal["lock.reopen"] = "lock.reopen"
    ref: AuditRef
    version: Version
    note: Note


class DisputeForm(Payload):
    verb: Literal["grade.dispute_form"] = "grade.dispute_form"
    ref: AuditRef


class Dispute(Payload):
    INPUTS = frozenset({"note"})
    verb: Literal["grade.dispute"] = "grade.dispute"
    ref: AuditRef
    version: Version
    note: Note


class ToUpload(Payload):
    verb: Literal["upload.list"] = "upload.list"
    month: MonthField | None = None
    offset: Offset = 0


class Upload(Payload):
    """`sure`: asked already, where nobody has moderated it."""

    verb: Literal["upload.tick"] = "upload.tick"
    ref: AuditRef
    version: Version
    sure: bool = False


class UploadRead(Payload):
    """Reads back what would be ticked together."""

    verb: Literal["upload.read"] = "upload.read"
    month: MonthField | None = None


class UploadMany(Payload):
    verb: Literal["upload.many"] = "upload.many"
    month: MonthField | None = None
    digest: Digest


class UntickForm(Payload):
    verb: Literal["upload.untick_form"] = "upload.untick_form"
    ref: AuditRef


class Untick(Payload):
    INPUTS = frozenset({"note"})
    verb: Literal["upload.untick"] = "upload.untick"
    ref: AuditRef
    version: Version
    note: Note


PAYLOADS: tuple[type[Payload], ...] = (
    ModerationOpen,
    ModerationMine,
    Agree,
    ChangeGrade,
    SendBack,
    SampleForm,
    SampleConfirm,
    ReassignForm,
    Reassign,
    ToLock,
    LockForm,
    Lock,
    LockDecide,
    LockRead,
    LockMany,
    ReopenForm,
    Reopen,
    DisputeForm,
    Dispute,
    ToUpload,
    Upload,
    UploadRead,
    UploadMany,
    UntickForm,
    Untick,
)
MISSING = {"note": "reason_missing", "moderator": "moderator_missing", "moderated_grade": "grade_missing",
           "final_grade": "grade_missing"}  # fmt: skip
UNREADABLE = {"month": "unknown_month", "moderator": "unknown_person", "why": "unknown_rework",
              "moderated_grade": "unknown_grade", "final_grade": "unknown_grade", "grades": "unknown_grade",
              "moderators": "unreadable", "kind": "unknown_kind"}  # fmt: skip
