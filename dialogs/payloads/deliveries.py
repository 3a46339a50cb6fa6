"""What the buttons about messages that did not arrive, and about how the program is, carry."""

from typing import Literal

from dialogs.payloads.base import Payload


class DeliveryShow(Payload):
    verb: Literal["delivery.show"] = "delivery.show"


class Debug(Payload):
    verb: Literal["debug.show"] = "debug.show"


PAYLOADS: tuple[type[Payload], ...] = (DeliveryShow, Debug)
