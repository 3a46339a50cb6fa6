"""One audit as one viewer may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.audits import Audit, Standing
from domain.concerns import Concern
from domain.cycle import Command, Party
from domain.kinds import GRADED, Grade
from domain.participation import Contribution
from domain.people import Person, PersonId
from domain.ports import Action, AuditStep, ChildFacts
from domain.requests import Request, Wish
from domain.returns import Return


class Reader(StrEnum):
    """How much of an audit somebody may see; `domain.usecases.audit_views` says who is what."""

    WHOLE = "whole"
    """Its auditor, its moderator, the QA team, the head of quality and the DCS."""
    TEAM = "team"
    """Who answers for the child's team: its managers, head of service and director."""
    WORKER = "worker"
    """The child's social worker."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The council's own words for the codes of one audit."""

    kind: str = ""
    legal_status: str = ""
    areas: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of every practice area, in the policy's order."""
    reasons: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of every reason for a reallocation."""


@dataclass(frozen=True, slots=True)
class AuditView:
    """`commands` are the buttons that this viewer has now, `wishes` what they may ask for (more time, a change),
    `takes_part` says that they may give their part to it. `filled` is None where nothing was saved yet, or what was
    filled in is not for this viewer (a half-filled return is its auditor's alone). `people` holds everybody named by
    id; a person whom this viewer need not know is not in it. `nobody_locks`: there is no head of quality who could
    confirm it, and the viewer is one who should know. `grades` are those that it can end with."""

    audit: Audit
    viewer: Person
    today: date
    standing: Standing
    parties: frozenset[Party]
    commands: Sequence[Command]
    people: Mapping[PersonId, Person]
    child: ChildFacts | None = None
    filled: Return | None = None
    areas: Mapping[str, Grade] = field(default_factory=dict[str, Grade])
    actions: Sequence[Action] = ()
    steps: Sequence[AuditStep] = ()
    requests: Sequence[Request] = ()
    contributions: Sequence[Contribution] = ()
    wishes: Sequence[Wish] = ()
    takes_part: bool = False
    reaudits: Sequence[Audit] = ()
    first: Audit | None = None
    """Of a re-audit: the audit that began it."""
    first_actions: Sequence[Action] = ()
    working_days_left: int = 0
    reader: Reader = Reader.WHOLE
    labels: Labels = Labels()
    nobody_locks: bool = False
    stuck: bool = False
    """Its moderator has left, lost the role or come to the child's team, as far as the people file says."""
    grades: Sequence[Grade] = GRADED
    concern: Concern | None = None
    """The child of concern that it raised, where this viewer may see the record."""
    books_close_on: date | None = None
    """The last day on which it still counts as returned late; after it the month has it as not returned."""

    def name(self, person_id: PersonId | None) -> str:
        person = self.people.get(person_id) if person_id is not None else None
        return person.name if person else ""
