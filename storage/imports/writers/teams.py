"""The teams file: teams by name, and who answers for each."""

from collections.abc import Iterator

from sqlalchemy import select

from storage.imports.problems import Counts, Problem
from storage.imports.rows import TeamRow
from storage.imports.tables import Values, add, change, differs, held, replace_parts
from storage.imports.writing import Directory, Job, Lines, Writer, team_key
from storage.tables import team_positions, teams

_COLUMNS = ("area", "service", "directorate")
Named = dict[str, tuple[str, int | None]]
"""Position → e-mail and, once they are there, the person."""


class TeamsWriter(Writer[TeamRow]):
    row = TeamRow

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self._directory = Directory(job.connection)

    def check(self, lines: Lines[TeamRow]) -> Iterator[Problem]:
        """People who are not there yet are noted and linked when they come (contract, section 4)."""
        for line, row in lines:
            missing = [
                email for email in row.positions().values() if email and not self._directory.person(email)
            ]
            if missing:
                self.job.notes.add(
                    "names people who are not there yet; they are linked when they are imported", line
                )
        return iter(())

    def write(self, lines: Lines[TeamRow]) -> Counts:
        keys = [team_key(row.team) for _, row in lines]
        before = held(self.connection, teams, teams.c.name_key, keys)
        wanted = {key: self._values(row) for key, (_, row) in zip(keys, lines, strict=True)}
        new = [{"name_key": key, **values} for key, values in wanted.items() if key not in before]
        other = [key for key, values in wanted.items() if key in before and differs(before[key], values)]
        add(self.connection, teams, new)
        change(self.connection, teams, teams.c.name_key, [{"name_key": key, **wanted[key]} for key in other])
        moved = self._positions(lines)
        changed = (set(other) | moved) & before.keys()
        return Counts(len(new), len(changed), len(lines) - len(new) - len(changed))

    def _values(self, row: TeamRow) -> Values:
        return {"name": row.team, **row.given(self.job.present, *_COLUMNS)}

    def _positions(self, lines: Lines[TeamRow]) -> set[str]:
        """Keys of the teams whose positions are others now."""
        ids = {key: values["id"] for key, values in self._held_now(lines).items()}
        before = self._named(set(ids.values()))
        moved: set[str] = set()
        wanted: dict[int, Named] = {}
        for _, row in lines:
            key = team_key(row.team)
            named = self._with_file(before.get(ids[key], {}), row)
            if named != before.get(ids[key], {}):
                moved.add(key)
                wanted[ids[key]] = named
        parts = {
            team: {(position, email, person) for position, (email, person) in named.items()}
            for team, named in wanted.items()
        }
        replace_parts(self.connection, team_positions, team_positions.c.team_id, parts)
        return moved

    def _held_now(self, lines: Lines[TeamRow]) -> dict[str, Values]:
        return held(self.connection, teams, teams.c.name_key, [team_key(row.team) for _, row in lines])

    def _named(self, team_ids: set[int]) -> dict[int, Named]:
        named: dict[int, Named] = {}
        table = team_positions
        for team, position, email, person in self.connection.execute(
            select(table.c.team_id, table.c.position, table.c.email, table.c.person_id)
        ):
            if team in team_ids:
                named.setdefault(team, {})[position] = (email, person)
        return named

    def _with_file(self, before: Named, row: TeamRow) -> Named:
        named = dict(before)
        for position, email in row.positions().items():
            if position not in self.job.present:
                continue
            if email:
                named[position] = (email, self._directory.person(email))
            else:
                named.pop(position, None)
        return named
