"""People, teams, reporting lines and deputies (domain, section 2)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

PersonId = int


class Role(StrEnum):
    AUDITOR = "auditor"
    MODERATOR = "moderator"
    TEAM_MANAGER = "team_manager"
    SERVICE_MANAGER = "service_manager"
    ASSISTANT_DIRECTOR = "assistant_director"
    HEAD_OF_SERVICE = "head_of_service"
    DIRECTOR = "director"
    DCS = "dcs"
    HEAD_OF_QUALITY = "head_of_quality"
    QA_TEAM = "qa_team"
    SOCIAL_WORKER = "social_worker"
    IRO = "iro"


LEADING = frozenset(
    {Role.SERVICE_MANAGER, Role.ASSISTANT_DIRECTOR, Role.HEAD_OF_SERVICE, Role.DIRECTOR, Role.DCS}
)
"""Roles above a team's manager, whatever team the people file puts their holder in."""


class WorkingPattern(StrEnum):
    FULL = "full"
    ALTERNATE = "alternate"


class Position(StrEnum):
    """Who answers for a team, by the columns of the teams file."""

    TEAM_MANAGER = "team_manager"
    SERVICE_MANAGER = "service_manager"
    ASSISTANT_DIRECTOR = "assistant_director"
    HEAD_OF_SERVICE = "head_of_service"
    DIRECTOR = "director"


@dataclass(frozen=True, slots=True)
class Team:
    id: int
    name: str
    area: str
    service: str
    directorate: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the council's people file names. `aad_object_id` is None until they first write to the bot."""

    id: PersonId
    email: str
    name: str
    roles: frozenset[Role]
    aad_object_id: str | None = None
    team: Team | None = None
    working_pattern: WorkingPattern = WorkingPattern.FULL
    auditor_from: date | None = None
    moderator_from: date | None = None
    external: bool = False
    active_from: date | None = None
    active_to: date | None = None

    def active_on(self, day: date) -> bool:
        return (self.active_from is None or self.active_from <= day) and (
            self.active_to is None or day <= self.active_to
        )

    def holds(self, role: Role, day: date) -> bool:
        return role in self.roles and self.active_on(day)


@dataclass(frozen=True, slots=True)
class Reach:
    """What a person answers for: names of teams, services and directorates. Read from the teams file and roles."""

    teams: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    directorates: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """A recognised person in a turn, with their reach. Built from the AAD object id alone."""

    person: Person
    reach: Reach = field(default_factory=Reach)

    @property
    def id(self) -> PersonId:
        return self.person.id

    @property
    def roles(self) -> frozenset[Role]:
        return self.person.roles


class Scope(StrEnum):
    """What a delegation hands over."""

    EXEMPTIONS = "exemptions"
    CONCERNS = "concerns"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Delegation:
    """`delegate` acts for `delegator` from `from_day` to `to_day`, both included; the record shows both names."""

    id: int
    delegator_id: PersonId
    delegate_id: PersonId
    scope: Scope
    from_day: date
    to_day: date

    def covers(self, scope: Scope, day: date) -> bool:
        return self.scope in (Scope.ALL, scope) and self.from_day <= day <= self.to_day


class Level(StrEnum):
    """The steps of an approval, lowest first."""

    HEAD_OF_SERVICE = "head_of_service"
    DIRECTOR = "director"
    DCS = "dcs"

    @property
    def role(self) -> Role:
        return Role(self.value)


LEVELS = (Level.HEAD_OF_SERVICE, Level.DIRECTOR, Level.DCS)


def levels_from(level: Level) -> tuple[Level, ...]:
    return LEVELS[LEVELS.index(level) :]


@dataclass(frozen=True, slots=True)
class ReportingLine:
    """Who stands above a person: candidates for each level, best first (the teams file's name, then holders of
    the role in the same service or directorate)."""

    head_of_service: tuple[Person, ...] = ()
    director: tuple[Person, ...] = ()
    dcs: tuple[Person, ...] = ()

    def at(self, level: Level) -> tuple[Person, ...]:
        return {
            Level.HEAD_OF_SERVICE: self.head_of_service,
            Level.DIRECTOR: self.director,
            Level.DCS: self.dcs,
        }[level]


@dataclass(frozen=True, slots=True)
class Approver:
    level: Level
    person: Person


def next_approver(
    line: ReportingLine, start: Level, parties: Iterable[PersonId], today: date
) -> Approver | None:
    """The first level from `start` upwards with somebody who holds the role today and is no party to the request.

    None where nobody is left: even the DCS is a party, gone or not named. One person who holds two levels of
    the same line is asked once, at the higher one.
    """
    barred = frozenset(parties)
    asked = [
        Approver(level, person)
        for level in levels_from(start)
        for person in _fit(line, level, barred, today)[:1]
    ]
    if not asked:
        return None
    return [approver for approver in asked if approver.person.id == asked[0].person.id][-1]


def _fit(line: ReportingLine, level: Level, barred: frozenset[PersonId], today: date) -> list[Person]:
    return [p for p in line.at(level) if p.id not in barred and p.holds(level.role, today)]


@dataclass(frozen=True, slots=True)
class Authority:
    """In whose name somebody acts: their own, or (as deputy) that of `for_id`."""

    by_id: PersonId
    for_id: PersonId | None = None


def authority_of(
    actor: Actor, principal: PersonId, scope: Scope, delegations: Iterable[Delegation], today: date
) -> Authority | None:
    """How `actor` may act where `principal` is asked: as themselves, or as a deputy within its dates; else None."""
    if not actor.person.active_on(today):
        return None
    if actor.id == principal:
        return Authority(actor.id)
    for delegation in delegations:
        ours = delegation.delegator_id == principal and delegation.delegate_id == actor.id
        if ours and delegation.covers(scope, today):
            return Authority(actor.id, for_id=principal)
    return None
