"""What opens an audit, whoever looks at it."""

from typing import Literal

from dialogs.fields import AuditRef
from dialogs.payloads.base import Payload


class AuditShow(Payload):
    verb: Literal["audit.show"] = "audit.show"
    ref: AuditRef


PAYLOADS: tuple[type[Payload], ...] = (AuditShow,)
