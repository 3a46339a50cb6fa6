"""Who goes first when there is more to send than may be sent, and by which way it goes."""

from enum import IntEnum, StrEnum


class Lane(IntEnum):
    """Who goes first. A lower number overtakes every higher one, in the queue and at the platform's limit."""

    ALERT = 0
    REPLY = 1
    DECISION = 2
    NUDGE = 3
    DIGEST = 4


class Channel(StrEnum):
    """By which way a message goes."""

    TEAMS = "teams"
    EMAIL = "email"
    """The second way: for alerts alone, where Teams does not take them (domain, section 5)."""
