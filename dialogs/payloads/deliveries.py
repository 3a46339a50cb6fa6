"""What the buttons about messages that did not arrive carry."""

from typing import Literal

from dialogs.payloads.base import Payload


class DeliveryShow(Payload):
    verb: Literal["delivery.show"] = "delivery.show"


PAYLOADS: tuple[type[Payload], ...] = (DeliveryShow,)
