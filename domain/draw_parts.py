"""What a draw is made of: auditors, children, pairs, and the task as the method sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain.people import PersonId


@dataclass(frozen=True, slots=True)
class Candidate:
    """An auditor of the month's pool.

    `own_teams`: ids of their own team and of every team they answer for, never audited by them. `audited_before`: refs
    of children they audited within the look-back, avoided where possible. `spare`: how many they may get at most.
    """

    person_id: PersonId
    own_teams: frozenset[int]
    audited_before: frozenset[str] = frozenset()
    spare: int = 1

    def may_audit(self, child: "Child") -> bool:
        """Never a child of one's own team or caseload."""
        return child.team_id not in self.own_teams and child.social_worker_id != self.person_id

    def new_to(self, child: "Child") -> bool:
        return child.ref not in self.audited_before and self.may_audit(child)


@dataclass(frozen=True, slots=True)
class Child:
    ref: str
    team_id: int
    social_worker_id: PersonId | None
    cohorts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pair:
    """`cohort` is the stratum the child was drawn for, "" where the draw has none."""

    person_id: PersonId
    child_ref: str
    cohort: str


@dataclass(frozen=True, slots=True)
class Task:
    """People and children stand in the order of their lots. `aims` are to be reached before `most`, and `most` never
    exceeded, by stratum; a child's `cohorts` are strata here. `room`: how many of a team at most."""

    seed: str
    people: tuple[Candidate, ...]
    children: tuple[Child, ...]
    wanted: int
    aims: Mapping[str, int]
    most: Mapping[str, int]
    room: Mapping[int, int]

    def without(self, person_id: PersonId) -> "Task":
        """The same, but this person gets nobody."""
        return replace(self, people=tuple(person for person in self.people if person.person_id != person_id))

    def without_team(self, person_id: PersonId, team_id: int) -> "Task":
        """The same, but this person gets no child of this team."""
        people = tuple(
            replace(person, own_teams=person.own_teams | {team_id})
            if person.person_id == person_id
            else person
            for person in self.people
        )
        return replace(self, people=people)

    def after(self, pair: Pair) -> "Task":
        """What is left to draw when this pair is settled."""
        child = next(child for child in self.children if child.ref == pair.child_ref)
        people = tuple(
            replace(person, spare=person.spare - 1) if person.person_id == pair.person_id else person
            for person in self.people
        )
        return replace(
            self,
            people=people,
            children=tuple(other for other in self.children if other is not child),
            wanted=self.wanted - 1,
            aims={**self.aims, pair.cohort: max(0, self.aims[pair.cohort] - 1)},
            most={**self.most, pair.cohort: self.most[pair.cohort] - 1},
            room={**self.room, child.team_id: self.room[child.team_id] - 1},
        )
