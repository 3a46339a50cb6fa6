"""Who goes first when there is more to send than may be sent."""

from enum import IntEnum


class Lane(IntEnum):
    """Who goes first. A lower number overtakes every higher one, in the queue and at the platform's limit."""

    ALERT = 0
    REPLY = 1
    DECISION = 2
    NUDGE = 3
    DIGEST = 4
