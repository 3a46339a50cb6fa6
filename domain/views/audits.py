"""One audit as one viewer may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.audits import Audit, Standing
from domain.cycle import Command, Party
from domain.kinds import Grade
from domain.participation import Contribution
from domain.people import Person, PersonId
from domain.ports import Action, AuditStep, ChildFacts
from domain.requests import Request, Wish
from domain.returns import Return


@dataclass(frozen=True, slots=True)
class AuditView:
    """`commands` are the buttons that this viewer has now, `wishes` what they may ask for (more time, a change),
    `takes_part` says that they may give their part to it. `filled` is None where nothing was saved yet, or what was
    filled in is not for this viewer (a half-filled return is its auditor's alone). `people` holds everybody named by
    id; a person whom this viewer need not know is not in it."""

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
    working_days_left: int = 0

    def name(self, person_id: PersonId | None) -> str:
        person = self.people.get(person_id) if person_id is not None else None
        return person.name if person else ""
