"""What the buttons of a return carry."""

from typing import Literal

from dialogs.fields import AuditRef, Code
from dialogs.payloads.base import Payload


class ReturnOpen(Payload):
    """Opens the return where it was left, or at a section."""

    verb: Literal["return.open"] = "return.open"
    ref: AuditRef
    section: Code | None = None


PAYLOADS: tuple[type[Payload], ...] = (ReturnOpen,)
