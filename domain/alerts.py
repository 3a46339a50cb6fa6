"""The alert of a Category 1: repeated and climbing until it is acknowledged (domain, section 5; invariant I4).

Two must acknowledge, each for a seat: the head of service, who responds, and the director, who has oversight. Whoever
the alert has climbed to can take a seat in the other's place. Steps are counted from the first rung without an end; the
instant at which a step is due follows from when the alert began, so that neither a restart nor a change of the clocks
can move or lose one.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from domain.concern_rules import Concerns, Tier
from domain.people import Authority, PersonId


class Seat(StrEnum):
    RESPONSE = "response"
    """The head of service's: who answers for what happens now."""
    OVERSIGHT = "oversight"
    """The director's."""


OF_SEAT = {Seat.RESPONSE: Tier.HEAD_OF_SERVICE, Seat.OVERSIGHT: Tier.DIRECTOR}


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """`tier`: as what they took the seat; `by.for_id` in whose place, as a deputy."""

    by: Authority
    tier: Tier
    at: datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """`number` sets the alerts of one child of concern apart; `steps` counts those of the ladder that were taken.
    `climbed`: it has reached the director for the head of service's seat."""

    number: int
    since: datetime
    steps: int = 0
    climbed: bool = False
    seats: Mapping[Seat, Acknowledged] = field(default_factory=dict[Seat, Acknowledged])

    @property
    def open_seats(self) -> tuple[Seat, ...]:
        return tuple(seat for seat in Seat if seat not in self.seats)

    @property
    def climbing(self) -> bool:
        return bool(self.open_seats)


@dataclass(frozen=True, slots=True)
class Answering:
    """Who holds each tier today, for the team of one child; nobody twice within a tier."""

    head_of_service: tuple[PersonId, ...] = ()
    director: tuple[PersonId, ...] = ()
    dcs: tuple[PersonId, ...] = ()
    head_of_quality: tuple[PersonId, ...] = ()
    deputies: Mapping[PersonId, tuple[PersonId, ...]] = field(
        default_factory=dict[PersonId, tuple[PersonId, ...]]
    )
    """By whom they stand in for; only deputies whose dates include today."""

    def at(self, tier: Tier, open_seats: Collection[Seat]) -> tuple[PersonId, ...]:
        """Who is told at this tier while these seats are open. The deputies of the two first are a tier of their own;
        those of the highest are told with them."""
        if tier is Tier.HEAD_OF_SERVICE:
            return self.head_of_service if Seat.RESPONSE in open_seats else ()
        if tier is Tier.DEPUTY:
            response = self.head_of_service if Seat.RESPONSE in open_seats else ()
            oversight = self.director if Seat.OVERSIGHT in open_seats else ()
            return self.deputies_of((*response, *oversight))
        if tier is Tier.DIRECTOR:
            return self.director
        highest = self.dcs if tier is Tier.DCS else self.head_of_quality
        return (*highest, *self.deputies_of(highest))

    def deputies_of(self, people: Iterable[PersonId]) -> tuple[PersonId, ...]:
        found = [deputy for person in people for deputy in self.deputies.get(person, ())]
        return tuple(dict.fromkeys(found))

    def holders(self, tier: Tier) -> tuple[PersonId, ...]:
        """Without deputies; nobody where the tier is the deputies' own."""
        return {
            Tier.HEAD_OF_SERVICE: self.head_of_service,
            Tier.DIRECTOR: self.director,
            Tier.DCS: self.dcs,
            Tier.HEAD_OF_QUALITY: self.head_of_quality,
        }.get(tier, ())


@dataclass(frozen=True, slots=True)
class Climb:
    """What one look at an alert did: `told` are whom to tell now, each once; empty where nobody could be found."""

    alert: Alert
    told: tuple[PersonId, ...]
    first: bool
    """It is the alert itself, not a repetition."""


def due_at(alert: Alert, step: int, rules: Concerns) -> datetime:
    """When the ladder's step (0 is the first rung of the first round) is due, in UTC: minutes that went by count, and
    not what the clocks on the wall show."""
    rounds, rung = divmod(step, len(rules.ladder))
    minutes = rounds * rules.round_minutes + rules.ladder[rung].after_minutes
    return alert.since.astimezone(UTC) + timedelta(minutes=minutes)


def next_due(alert: Alert, rules: Concerns) -> datetime | None:
    """When somebody is told next; None where nothing climbs any more."""
    return due_at(alert, alert.steps, rules) if alert.climbing else None


def climb(alert: Alert, answering: Answering, rules: Concerns, now: datetime) -> Climb | None:
    """Takes every step that is due, and tells each person once, however many were missed; None where none is due. A
    step at which nobody can be told is no reason to wait: the next one is taken at once, for one round at most."""
    due = _steps_due(alert, rules, now)
    if due <= alert.steps:
        return None
    start = max(alert.steps, due - len(rules.ladder))
    told: dict[PersonId, None] = {}
    after, steps = alert, due
    for step in range(start, start + len(rules.ladder)):
        if step >= due and told:
            break
        told |= dict.fromkeys(_told_at(after, step, answering, rules))
        after, steps = _climbed(after, step, answering, rules), max(due, step + 1)
    taken = replace(after, steps=steps) if told else replace(alert, steps=due)
    return Climb(taken, tuple(told), first=alert.steps == 0)


def _steps_due(alert: Alert, rules: Concerns, now: datetime) -> int:
    """How many steps are due by now, taken or not; not fewer than those that were taken (a clock that steps back)."""
    if not alert.climbing or now < alert.since:
        return alert.steps
    minutes = (now.astimezone(UTC) - alert.since.astimezone(UTC)) // timedelta(minutes=1)
    rounds, within = divmod(minutes, rules.round_minutes)
    in_round = sum(rung.after_minutes <= within for rung in rules.ladder)
    return max(alert.steps, rounds * len(rules.ladder) + in_round)


def _told_at(alert: Alert, step: int, answering: Answering, rules: Concerns) -> list[PersonId]:
    open_seats = alert.open_seats
    found: list[PersonId] = []
    for tier in rules.ladder[step % len(rules.ladder)].tell:
        own_seat_only = tier is Tier.DIRECTOR and not _directors_turn(step, answering, rules)
        if own_seat_only and Seat.OVERSIGHT not in open_seats:
            continue
        found += answering.at(tier, open_seats)
    return found


def _directors_turn(step: int, answering: Answering, rules: Concerns) -> bool:
    """Whether the director is asked for the head of service's seat too: from their later rung on; from the second round
    where the ladder has none; at once where nobody is head of service."""
    ladder, rung = rules.ladder, step % len(rules.ladder)
    if Tier.DIRECTOR not in ladder[rung].tell:
        return False
    has_later = any(Tier.DIRECTOR in later.tell for later in ladder[1:])
    return rung > 0 or (step > 0 and not has_later) or not answering.head_of_service


def _climbed(alert: Alert, step: int, answering: Answering, rules: Concerns) -> Alert:
    reached = answering.director and _directors_turn(step, answering, rules)
    return replace(alert, climbed=True) if reached else alert


def reached(alert: Alert, answering: Answering, rules: Concerns) -> tuple[PersonId, ...]:
    """Everybody whom it has climbed to and who could take what is open."""
    tiers = [tier for rung in rules.ladder[: max(1, alert.steps)] for tier in rung.tell]
    could = {tier for seat in alert.open_seats for tier in _takers(alert, seat, rules)}
    holders = [person for tier in tiers if tier in could for person in answering.holders(tier)]
    return tuple(dict.fromkeys(holders))


def counted_anew(alert: Alert, rules: Concerns, now: datetime) -> Alert:
    """Steps that another ladder counted (the policy file was changed while it climbed): where the next one would be due
    later than it was to be, the one before it is taken again. Better told once more than not for hours."""
    if not alert.climbing or now < alert.since or due_at(alert, alert.steps, rules) <= now:
        return alert
    due = _steps_due(replace(alert, steps=0), rules, now)
    return replace(alert, steps=due - 1)


def not_ahead(alert: Alert, now: datetime) -> Alert:
    """An alert that nobody was told of begins now at the latest, also where the clock was set back since it was
    written down."""
    return replace(alert, since=now) if alert.steps == 0 and now < alert.since else alert


def is_due(alert: Alert, rules: Concerns, now: datetime) -> bool:
    """By this policy's ladder, whatever was written down when the last step was taken. A clock that is set back puts a
    step off and repeats none: another replica's may be right, and takes it."""
    return alert.climbing and (alert.steps == 0 or due_at(alert, alert.steps, rules) <= now)


AHEAD = timedelta(minutes=5)
"""Clocks of replicas differ by less."""


def lies_ahead(next_step: datetime, rules: Concerns, now: datetime) -> bool:
    """It is due later than any step of the ladder ever waits: the clock was set back."""
    return next_step - now > _longest_wait(rules) + AHEAD


def _longest_wait(rules: Concerns) -> timedelta:
    minutes = [rung.after_minutes for rung in rules.ladder] + [rules.round_minutes]
    return timedelta(minutes=max(later - earlier for earlier, later in pairwise(minutes)))


def acknowledge(
    alert: Alert, tiers: Mapping[Tier, Authority], now: datetime, *, answering: Answering, rules: Concerns
) -> Alert:
    """Takes the seats that somebody may take: `tiers` is what they are to this alert, and in whose name. The same alert
    where there is none for them: they have seen it, and others are still asked. Two must acknowledge: one person takes
    both seats only where it has climbed to them, or where they alone are both."""
    as_what: dict[Seat, Tier] = {}
    for seat in alert.open_seats:
        tier = next((tier for tier in _takers(alert, seat, rules) if tier in tiers), None)
        if tier is not None:
            as_what[seat] = tier
    if as_what and not _may_take_both(alert, tiers, answering, rules):
        as_what = _one_of(alert, as_what, tiers, answering)
    new = {seat: Acknowledged(tiers[tier], tier, now) for seat, tier in as_what.items()}
    return replace(alert, seats={**alert.seats, **new}) if new else alert


def _may_take_both(
    alert: Alert, tiers: Mapping[Tier, Authority], answering: Answering, rules: Concerns
) -> bool:
    if any(tier in tiers for tier in _higher_reached(alert, rules)):
        return True
    own = {tier: by.by_id for tier, by in tiers.items() if by.for_id is None}
    if alert.climbed and Tier.DIRECTOR in own:
        return True
    return all(answering.holders(tier) == (own.get(tier),) for tier in OF_SEAT.values())


def _one_of(
    alert: Alert, as_what: Mapping[Seat, Tier], tiers: Mapping[Tier, Authority], answering: Answering
) -> dict[Seat, Tier]:
    """What is most their own: in the seat's own tier, in their own name, as who is named for the team. None where
    they have taken the other one."""

    def less_their_own(seat: Seat) -> tuple[bool, bool, bool]:
        tier = as_what[seat]
        by = tiers[tier]
        return OF_SEAT[seat] is not tier, by.for_id is not None, by.by_id not in answering.holders(tier)

    seat = min(as_what, key=less_their_own)
    mine = tiers[as_what[seat]].by_id
    return {} if any(given.by.by_id == mine for given in alert.seats.values()) else {seat: as_what[seat]}


def _higher_reached(alert: Alert, rules: Concerns) -> tuple[Tier, ...]:
    """Whom the ladder has reached of those who answer for no seat of their own; by the steps that were taken."""
    told = {tier for rung in rules.ladder[: alert.steps] for tier in rung.tell}
    return tuple(tier for tier in (Tier.DCS, Tier.HEAD_OF_QUALITY) if tier in told)


def _takers(alert: Alert, seat: Seat, rules: Concerns) -> tuple[Tier, ...]:
    """As what the seat can be taken, the seat's own tier first."""
    higher = _higher_reached(alert, rules)
    if seat is Seat.OVERSIGHT:
        return (Tier.DIRECTOR, *higher)
    return (Tier.HEAD_OF_SERVICE, *((Tier.DIRECTOR,) if alert.climbed else ()), *higher)
