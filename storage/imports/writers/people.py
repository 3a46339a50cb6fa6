"""The people file: somebody is who their object id says, else who their e-mail says (fault 63)."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select, update

from domain.people import Role
from storage.imports.problems import Counts, Problem
from storage.imports.rows import PersonRow
from storage.imports.tables import Values, add, change, differs, held, parts_of, replace_parts
from storage.imports.writing import Directory, Job, Lines, Writer
from storage.tables import people, person_roles, team_positions

_COLUMNS = (
    "name",
    "working_pattern",
    "auditor_from",
    "moderator_from",
    "external",
    "active_from",
    "active_to",
)
Parts = set[tuple[Any, ...]]
"""Roles as `person_roles` has them: the code, and whether it was given in the chat."""
_SINCE = {Role.AUDITOR.value: "auditor_from", Role.MODERATOR.value: "moderator_from"}
_EMAIL_OF_ANOTHER = (
    "this e-mail belongs to another person here. If it is the same person under a new object id, that must be put "
    "right first; if the other one has a new e-mail, give their row with their aad_object_id in this file"
)


class PeopleWriter(Writer[PersonRow]):
    row = PersonRow

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self._directory = Directory(job.connection)
        self._emails: dict[int, str] = {}
        self._objects: dict[int, str] = {}
        self._by_email: dict[str, int] = {}
        self._by_object: dict[str, int] = {}
        for person, email, object_id in self.connection.execute(
            select(people.c.id, people.c.email, people.c.aad_object_id)
        ):
            self._know(person, email, object_id)

    def _know(self, person: int, email: str, object_id: str | None) -> None:
        old = self._emails.get(person)
        if old is not None and self._by_email.get(old) == person:
            del self._by_email[old]
        self._emails[person] = email
        self._by_email[email] = person
        if object_id:
            self._objects[person] = object_id
            self._by_object[object_id] = person

    def check(self, lines: Lines[PersonRow]) -> Iterator[Problem]:
        for line, row in lines:
            yield from self._directory.unknown_team(line, row.team)
            holder = self._by_email.get(row.email)
            if holder is None or holder == self._person(row) or self._moves_away(holder, row):
                continue
            yield Problem(_EMAIL_OF_ANOTHER, line, "email")

    def _person(self, row: PersonRow) -> int | None:
        """Whom the row means, None for somebody new."""
        known = self._by_object.get(row.aad_object_id) if row.aad_object_id else None
        holder = self._by_email.get(row.email)
        if known is not None or holder is None:
            return known
        linked = self._objects.get(holder)
        if row.aad_object_id and linked and linked != row.aad_object_id:
            return None
        return None if self._moves_away(holder, row) else holder

    def _moves_away(self, holder: int, row: PersonRow) -> bool:
        """Whether another row of this file gives the holder of the row's e-mail a new one."""
        linked = self._objects.get(holder)
        return bool(linked and linked != row.aad_object_id and self.job.file.has("aad_object_id", linked))

    def write(self, lines: Lines[PersonRow]) -> Counts:
        persons = [self._person(row) for _, row in lines]
        before = held(self.connection, people, people.c.id, {p for p in persons if p is not None})
        roles = parts_of(self.connection, person_roles, person_roles.c.person_id, before.keys())
        new: list[Values] = []
        other: list[Values] = []
        for person, (line, row) in zip(persons, lines, strict=True):
            self._make_room(person, row.email)
            if person is None:
                new.append({"aad_object_id": row.aad_object_id, **self._values(row)})
                continue
            values = {"id": person, **self._values(row)}
            values["aad_object_id"] = row.aad_object_id or before[person]["aad_object_id"]
            self._know(person, row.email, values["aad_object_id"])
            held_roles = roles.get(person, set())
            self._keep_given(line, row, held_roles, before[person], values)
            if differs(before[person], values) or held_roles != _roles(row, held_roles):
                other.append(values)
        # Changes first: an e-mail that somebody lets go may be somebody's who is new.
        change(self.connection, people, people.c.id, other)
        add(self.connection, people, new)
        self._follow(other, before)
        self._settle(lines, {values["email"] for values in new + other}, roles)
        return Counts(len(new), len(other), len(lines) - len(new) - len(other))

    def _values(self, row: PersonRow) -> Values:
        values: Values = {"email": row.email, **row.given(self.job.present, *_COLUMNS)}
        if "working_pattern" in values:
            values["working_pattern"] = row.working_pattern.value
        if "team" in self.job.present:
            values["team_id"] = self._directory.team(row.team)
        return values

    def _keep_given(self, line: int, row: PersonRow, roles: Parts, before: Values, values: Values) -> None:
        """A role that was given in the chat stays, with the day from which it counts, until it is taken in the chat."""
        given = {role for role, in_chat in roles if in_chat}
        for since in (_SINCE[role] for role in given if role in _SINCE):
            if since in values and values[since] is None:
                values[since] = before[since]
        if not given <= row.roles:
            self.job.notes.add("somebody keeps a role that was given in the chat", line)

    def _make_room(self, person: int | None, email: str) -> None:
        """E-mails are unique at every moment: where two people swap theirs, one lets go first."""
        holder = self._by_email.get(email)
        if holder is None or holder == person:
            return
        meanwhile = f"{holder}@moving.invalid"
        self.connection.execute(update(people).where(people.c.id == holder).values(email=meanwhile))
        self._know(holder, meanwhile, None)

    def _follow(self, other: list[Values], before: dict[int, Values]) -> None:
        """A position is held by a person, not by an e-mail."""
        for values in other:
            if before[values["id"]]["email"] != values["email"]:
                self.connection.execute(
                    update(team_positions)
                    .where(team_positions.c.person_id == values["id"])
                    .values(email=values["email"])
                )

    def _settle(self, lines: Lines[PersonRow], touched: set[str], roles: dict[int, Parts]) -> None:
        """Roles as the file has them, and the positions that waited for these people."""
        ids = {
            email: row["id"] for email, row in held(self.connection, people, people.c.email, touched).items()
        }
        wanted: dict[int, Parts] = {}
        for _, row in lines:
            if row.email in touched:
                self._know(ids[row.email], row.email, row.aad_object_id)
                wanted[ids[row.email]] = _roles(row, roles.get(ids[row.email], set()))
        replace_parts(self.connection, person_roles, person_roles.c.person_id, wanted)
        self._link([row.email for _, row in lines])

    def _link(self, emails: list[str]) -> None:
        waiting = select(team_positions.c.email).where(team_positions.c.person_id.is_(None)).distinct()
        for email in set(self.connection.scalars(waiting)) & set(emails):
            self.connection.execute(
                update(team_positions)
                .where(team_positions.c.email == email, team_positions.c.person_id.is_(None))
                .values(person_id=self._by_email[email])
            )


def _roles(row: PersonRow, held: Parts) -> Parts:
    """The file's, and those that were given in the chat."""
    given = {(role, True) for role, in_chat in held if in_chat}
    return given | {(role.value, False) for role in row.roles if (role.value, True) not in given}
