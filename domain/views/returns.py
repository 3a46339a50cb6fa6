"""A return as its auditor fills it in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.audits import Audit, Standing
from domain.people import Person, PersonId
from domain.policy import Audits as Rules
from domain.return_results import Suggested
from domain.return_rules import Missing, Progress
from domain.returns import Return
from domain.templates import Section


@dataclass(frozen=True, slots=True)
class ReturnView:
    """`section` is the step that is shown (None: all of it, before it is handed in). `areas` are the labels of the
    practice areas, `kind` is that of the audit's kind. `owners` may be chosen for an action, and `people` are the
    owners of those that are there; both are filled where actions are shown. `due` is the day that an action gets
    unless another is chosen. `sent_back` is the moderator's reason."""

    audit: Audit
    viewer: Person
    today: date
    standing: Standing
    filled: Return
    progress: Progress
    missing: Sequence[Missing]
    rules: Rules
    areas: Mapping[str, str]
    kind: str
    due: date
    section: Section | None = None
    suggested: Suggested | None = None
    owners: Sequence[Person] = ()
    people: Mapping[PersonId, Person] = field(default_factory=dict[PersonId, Person])
    sent_back: str = ""
    may_be_none: bool = False
    safeguarding: str = ""
    """The live route, for a child at immediate risk (Category 1)."""
    late: str = ""
    """ "late" or "nil" where handing it in today counts as that."""
    about: Person | None = None
    """Whose supervision was observed."""

    @property
    def step(self) -> int:
        """The number of the step that is shown, from 1."""
        codes = [section.code for section, _ in self.progress.steps]
        return codes.index(self.section.code) + 1 if self.section and self.section.code in codes else 0
