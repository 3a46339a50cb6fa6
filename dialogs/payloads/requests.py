"""What the buttons of slippage and reallocation carry."""

from typing import Literal

from dialogs.fields import AuditRef
from dialogs.payloads.base import Payload


class SlippageForm(Payload):
    verb: Literal["slippage.form"] = "slippage.form"
    ref: AuditRef


class ReallocationForm(Payload):
    verb: Literal["reallocation.form"] = "reallocation.form"
    ref: AuditRef


class RequestsOpen(Payload):
    """What waits for the presser's yes or no."""

    verb: Literal["request.waiting"] = "request.waiting"


PAYLOADS: tuple[type[Payload], ...] = (
    SlippageForm,
    ReallocationForm,
    RequestsOpen,
)
