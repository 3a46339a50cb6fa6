"""What the writers of all kinds of file have in common."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from sqlalchemy import Connection, select

from domain.ports import TrailEntry
from storage.imports.problems import Counts, Notes, Problem
from storage.imports.rows import Row
from storage.imports.spool import Spool
from storage.imports.values import Vocabulary
from storage.tables import people, teams

AnyRow = TypeVar("AnyRow", bound=Row)
Lines = Sequence[tuple[int, AnyRow]]
"""Rows with their lines."""


@dataclass(frozen=True, slots=True)
class Job:
    """One import under way, in one transaction. `present` are the columns that the file has: about the others it
    says nothing, and what is held stays. `file` answers whether another row has a key. `now` is the instant of all that
    the import does."""

    connection: Connection
    present: frozenset[str]
    vocabulary: Vocabulary
    notes: Notes
    file: Spool
    now: datetime


class Directory:
    """Teams by name and people by e-mail, in any case of letters, as they stand when the import begins."""

    def __init__(self, connection: Connection) -> None:
        by_name = connection.execute(select(teams.c.name_key, teams.c.id))
        self.teams: dict[str, int] = {key: team_id for key, team_id in by_name}  # noqa: C416 - rows, not tuples
        self.people: dict[str, int] = {}
        self.team_of: dict[int, int | None] = {}
        for person_id, email, team_id in connection.execute(
            select(people.c.id, people.c.email, people.c.team_id)
        ):
            self.people[email] = person_id
            self.team_of[person_id] = team_id

    def team(self, name: str | None) -> int | None:
        return self.teams.get(team_key(name)) if name else None

    def person(self, email: str | None) -> int | None:
        return self.people.get(email) if email else None

    def unknown_team(self, line: int, name: str | None) -> Iterator[Problem]:
        if name and self.team(name) is None:
            yield Problem(f'there is no team "{name[:60]}"; import the teams file first', line, "team")

    def unknown_person(self, line: int, column: str, email: str | None) -> Iterator[Problem]:
        if email and email not in self.people:
            yield Problem("nobody of this e-mail is known; import the people file first", line, column)


def team_key(name: str) -> str:
    """The same team in any case of letters (`teams.name_key`)."""
    return name.strip().casefold()


class Writer(ABC, Generic[AnyRow]):
    """Checks rows against what is held, and writes them. Made once for an import; batches come in line order, each
    to `check` first. To add a kind of file: a row model, a writer, and a line in `storage.imports.kinds`."""

    row: ClassVar[type[Row]]

    def __init__(self, job: Job) -> None:
        self.job = job
        self.connection = job.connection

    @abstractmethod
    def check(self, lines: Lines[AnyRow]) -> Iterator[Problem]: ...

    @abstractmethod
    def write(self, lines: Lines[AnyRow]) -> Counts: ...

    def settle(self, digest: str) -> Iterator[TrailEntry]:
        """What follows from all rows together, once they are written. `digest` is the file's."""
        return iter(())
