"""What opens an audit, whoever looks at it."""

from typing import Literal

from dialogs.fields import AuditRef, Offset
from dialogs.payloads.base import Payload


class AuditShow(Payload):
    verb: Literal["audit.show"] = "audit.show"
    ref: AuditRef


class AuditRead(Payload):
    """All that a return says, a page at a time."""

    verb: Literal["audit.read"] = "audit.read"
    ref: AuditRef
    offset: Offset = 0


PAYLOADS: tuple[type[Payload], ...] = (AuditShow, AuditRead)
