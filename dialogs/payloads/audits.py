"""What the buttons of audits carry."""

from typing import Literal

from dialogs.fields import AuditRef, Find, Id, MonthField, Version
from dialogs.payloads.base import Payload


class MyAudit(Payload):
    verb: Literal["audit.mine"] = "audit.mine"
    month: MonthField | None = None


class FreedShow(Payload):
    """`find` narrows the auditors who may take the child, where they are too many for one list."""

    INPUTS = frozenset({"find"})
    verb: Literal["audit.freed_show"] = "audit.freed_show"
    ref: AuditRef
    find: Find = ""


class Give(Payload):
    INPUTS = frozenset({"auditor"})
    verb: Literal["audit.give"] = "audit.give"
    ref: AuditRef
    version: Version
    auditor: Id


PAYLOADS: tuple[type[Payload], ...] = (MyAudit, FreedShow, Give)
UNREADABLE = {"auditor": "unknown_person"}
