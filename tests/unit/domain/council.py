"""A small council in memory, and the verbs that the stories about it are told with."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from domain.audits import Audit
from domain.calendar import Month
from domain.errors import DomainError
from domain.exemptions import Command, Exemption
from domain.people import Actor, Delegation, Person, PersonId, Position, Role, Scope, Team
from domain.policy import Policy
from domain.ports import Once, Outcome, TrailEntry
from domain.usecases import exemption_clock, exemptions, freeing
from tests.builders import DANA, DCS, EAST, NORTH, NOVEMBER, PRIYA, QUINN, RUTH, TOM, a_person, an_audit
from tests.fakes import MemoryStore
from tests.fakes.memory import Queued
from tests.fakes.people import reach_of

WEST = Team(3, "Westbrook", "West", "Safeguarding", "Operations")
SOUTH = Team(4, "Southdown", "South", "Provider", "Resources")

NOON = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
"""A Wednesday well before November's last week."""

HARRY = a_person(20, "Harry Cole", Role.HEAD_OF_SERVICE, team=WEST)
OLU = a_person(21, "Olu Bright", Role.DIRECTOR, team=None)
HETTY = a_person(22, "Hetty Lane", Role.HEAD_OF_QUALITY, team=None)
MO = a_person(23, "Mo Farrow", Role.TEAM_MANAGER)
SKY = a_person(24, "Sky Reed", Role.SOCIAL_WORKER)
DEV = a_person(25, "Dev Anand", Role.ASSISTANT_DIRECTOR, team=None)
GITA = a_person(26, "Gita Rao", Role.HEAD_OF_SERVICE, team=SOUTH)
WILL = a_person(27, "Will Dunn", team=WEST)
LEE = a_person(28, "Lee Past", Role.DIRECTOR, Role.QA_TEAM, team=None, active_to=date(2026, 10, 31))
QUENTIN = a_person(29, "Quentin Moor", Role.QA_TEAM, team=None)
NELL = a_person(30, "Nell Grey", team=NORTH)

_FROM_BUILDERS = (TOM, DANA, RUTH, PRIYA, QUINN, DCS)
STAFF = (*_FROM_BUILDERS, HARRY, OLU, HETTY, MO, SKY, DEV, GITA, WILL, LEE, QUENTIN, NELL)

_NAMED: Mapping[Team, tuple[Person, Person]] = {
    NORTH: (DANA, RUTH),
    EAST: (DANA, RUTH),
    WEST: (HARRY, RUTH),
    SOUTH: (GITA, OLU),
}


@dataclass
class Council:
    """`now` is the clock; verbs take the person who acts and do as the bot does, one activity each."""

    store: MemoryStore = field(default_factory=MemoryStore)
    policy: Policy = field(default_factory=Policy)
    now: datetime = NOON
    _activities: "count[int]" = field(default_factory=lambda: count(1))

    def once(self, key: str | None = None, digest: str = "") -> Once:
        return Once(key or f"activity-{next(self._activities)}", digest)

    def has(self, *people: Person) -> None:
        """Hired, or as the next import of the people file finds them."""
        self.store.data.people |= {person.id: person for person in people}

    def names(self, team: Team, position: Position, person: Person | None) -> None:
        """What the teams file says from now on."""
        self.store.data.teams[team.id] = team
        if person is None:
            self.store.data.positions.pop((team.id, position), None)
        else:
            self.store.data.positions[team.id, position] = person.id

    def changes(self, person: Person, **changes: Any) -> Person:
        changed = replace(self.store.data.people[person.id], **changes)
        self.has(changed)
        return changed

    def deputy(
        self,
        delegator: Person,
        delegate: Person,
        first: date = date(2026, 11, 1),
        last: date = date(2026, 11, 30),
        scope: Scope = Scope.EXEMPTIONS,
    ) -> Delegation:
        number = len(self.store.data.delegations) + 1
        made = Delegation(number, delegator.id, delegate.id, scope, first, last)
        self.store.data.delegations[number] = made
        return made

    def audit(self, **changes: Any) -> Audit:
        made = an_audit(**changes)
        self.store.data.audits[made.ref] = made
        return made

    def stands(self, exemption: Exemption) -> Exemption:
        self.store.data.exemptions[exemption.id] = exemption
        self.store.data.steps.setdefault(exemption.id, ())
        return exemption

    def actor(self, person: Person) -> Actor:
        """As the bot recognises them now."""
        known = self.store.data.people.get(person.id, person)
        return Actor(known, reach_of(self.store.data, known))

    def goes_to(self, now: datetime) -> None:
        self.now = now

    def waits(self, **time: float) -> None:
        self.now += timedelta(**time)

    async def asks(
        self,
        person: Person,
        month: Month = NOVEMBER,
        *,
        reason: str = "ill_health",
        explanation: str = "",
        people: Sequence[Person] = (),
    ) -> Exemption:
        """One request; gives the (first) exemption as it then stands."""
        wanted = exemptions.Request(month, reason, explanation, [p.id for p in people])
        done = await exemptions.request(
            self.store, self.policy, self.actor(person), wanted, self.now, self.once()
        )
        return self.exemption(done.facts["refs"].split(";")[0])

    async def does(
        self,
        person: Person,
        command: Command,
        exemption: Exemption,
        note: str = "because",
        *,
        version: int | None = None,
        once: Once | None = None,
    ) -> Exemption:
        """A press on the card as it stands (or as it stood in `version`); the exemption afterwards."""
        seen = self.exemption(exemption.ref).version if version is None else version
        await self.decides(person, command, exemption.ref, note, seen, once)
        return self.exemption(exemption.ref)

    async def decides(
        self,
        person: Person,
        command: Command,
        ref: str,
        note: str,
        version: int,
        once: Once | None = None,
    ) -> Outcome:
        return await exemptions.decide(
            self.store,
            self.policy,
            self.actor(person),
            ref,
            version,
            command,
            note,
            self.now,
            once or self.once(),
        )

    async def gives(self, person: Person, audit: Audit, to: Person, once: Once | None = None) -> Audit:
        seen = audit.version
        await freeing.give(
            self.store, self.actor(person), audit.ref, seen, to.id, self.now, once or self.once()
        )
        return self.store.data.audits[audit.ref]

    async def chases(self) -> int:
        return await exemption_clock.chase_open(self.store, self.policy, self.now)

    async def lapses(self) -> int:
        return await exemption_clock.lapse_open(self.store, self.policy, self.now)

    async def sweeps(self) -> int:
        return await exemption_clock.reroute_open(self.store, self.now)

    def exemption(self, ref: str) -> Exemption:
        return self.store.data.exemptions[int(ref.removeprefix("E-"))]

    def commands(self, exemption: Exemption) -> list[str]:
        """The lines of its history."""
        return [step.command for step in self.store.data.steps[exemption.id]]

    def trail(self, prefix: str = "") -> list[TrailEntry]:
        return [entry for entry in self.store.data.trail if entry.action.startswith(prefix)]

    def told(self, since: int = 0, kind: str | None = None) -> list[tuple[str, PersonId]]:
        """Who was sent what, of the messages after the first `since`."""
        rows: Sequence[Queued] = self.store.data.notices()[since:]
        return [(row.kind, row.person_id) for row in rows if kind is None or row.kind == kind]

    def messages(self) -> int:
        return len(self.store.data.notices())


def a_council(now: datetime = NOON, *, serial: bool = True, policy: Policy | None = None) -> Council:
    """Assessment (Northgate, Eastfield) under Dana, Safeguarding (Westbrook) under Harry, both under Ruth;
    another directorate (Southdown) under Gita and Olu; Alex is the DCS."""
    council = Council(MemoryStore(serial=serial), policy or Policy(), now)
    council.has(*STAFF)
    for team, (head, director) in _NAMED.items():
        council.names(team, Position.HEAD_OF_SERVICE, head)
        council.names(team, Position.DIRECTOR, director)
    council.names(NORTH, Position.TEAM_MANAGER, MO)
    return council


async def refusal(attempt: Awaitable[object]) -> DomainError:
    """The refusal that an awaited attempt ends in; fails where it does not."""
    try:
        await attempt
    except DomainError as error:
        return error
    raise AssertionError("nothing was refused")
