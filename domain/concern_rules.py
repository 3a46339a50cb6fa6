"""The council's own rules for children of concern: who is alerted when, and what is due when (domain, section 5)."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from domain.terms import Part


class Tier(StrEnum):
    """Who can be on the ladder of an alert."""

    HEAD_OF_SERVICE = "head_of_service"
    DEPUTY = "deputy"
    """Today's deputies of whoever has not acknowledged: the head of service, the director."""
    DIRECTOR = "director"
    DCS = "dcs"
    HEAD_OF_QUALITY = "head_of_quality"


class Rung(Part):
    """Who is told, so many minutes after the alert (or its round) began."""

    after_minutes: int = Field(ge=0, le=1440, strict=True)
    tell: tuple[Tier, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        twice = [tier.value for tier in Tier if self.tell.count(tier) > 1]
        if twice:
            raise ValueError(f"tell names {twice[0]} twice")
        return self


DEFAULT_LADDER = (
    Rung(after_minutes=0, tell=(Tier.HEAD_OF_SERVICE, Tier.DIRECTOR)),
    Rung(after_minutes=15, tell=(Tier.HEAD_OF_SERVICE, Tier.DEPUTY)),
    Rung(after_minutes=30, tell=(Tier.DIRECTOR,)),
    Rung(after_minutes=45, tell=(Tier.DCS,)),
    Rung(after_minutes=60, tell=(Tier.HEAD_OF_QUALITY,)),
)


class Concerns(Part):
    """Section 5 of the rules."""

    ladder: tuple[Rung, ...] = Field(default=DEFAULT_LADDER, min_length=1)
    """Who is told of a Category 1 that nobody has acknowledged yet, at any hour of any day. A tier that nobody holds is
    passed over at once."""
    round_minutes: int = Field(default=75, ge=1, le=2880, strict=True)
    """After so many minutes the ladder begins again from its first rung, without an end."""
    email_after_minutes: int = Field(default=2, ge=1, le=60, strict=True)
    """An alert that Teams has not taken by then goes by e-mail too; one that Teams refuses goes at once."""
    category_2_response_working_days: int = Field(default=5, ge=1, le=40, strict=True)
    """A Category 1 is answered on the same calendar day; a Category 2 within so many working days."""
    remind_after_working_days: int = Field(default=5, ge=1, le=40, strict=True)
    """Whoever has the next step is reminded when so many working days went by without one."""
    overdue_again_after_working_days: int = Field(default=2, ge=1, le=40, strict=True)
    """The response to a Category 2 that is overdue is told of on the first working morning, and then every so many
    working days until it is there; that of a Category 1 every calendar day."""
    alert_imported_days: int = Field(default=31, ge=0, le=366, strict=True)
    """A Category 1 that comes by file alerts when it was identified at most so many days ago; an older one is put on
    the tracker, and the QA team is told that nobody was alerted."""
    text_longest: int = Field(default=1500, ge=100, le=3000, strict=True)
    """Characters of grounds, a response or evidence."""

    @model_validator(mode="after")
    def _a_ladder_climbs(self) -> Self:
        minutes = [rung.after_minutes for rung in self.ladder]
        if minutes[0] != 0:
            raise ValueError("ladder must begin with after_minutes = 0: somebody is told at once")
        if sorted(set(minutes)) != minutes:
            raise ValueError("ladder: each rung must come later than the one before it")
        if self.round_minutes <= minutes[-1]:
            raise ValueError("round_minutes must be more than the after_minutes of the last rung")
        first = self.ladder[0].tell
        if not {Tier.HEAD_OF_SERVICE, Tier.DIRECTOR} <= set(first):
            raise ValueError("ladder: head_of_service and director are both told at once")
        return self
