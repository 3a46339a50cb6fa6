"""What the buttons of the pool and the programme carry."""

from typing import Literal

from dialogs.fields import MonthField
from dialogs.payloads.base import Payload


class PoolShow(Payload):
    verb: Literal["pool.show"] = "pool.show"
    month: MonthField | None = None


class ProgrammeShow(Payload):
    """The programme of the twelve months from `month`."""

    verb: Literal["programme.show"] = "programme.show"
    month: MonthField | None = None


PAYLOADS: tuple[type[Payload], ...] = (
    PoolShow,
    ProgrammeShow,
)
