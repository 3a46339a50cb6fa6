"""What the buttons of children of concern carry. `moved` says how the record stood on the card (`Concern.moved`); what
only adds words needs none."""

from typing import Literal

from dialogs.fields import AuditRef, ConcernRef, Find, MonthField, Note, Offset, Version
from dialogs.payloads.base import Payload
from domain.concern_workflow import Command
from domain.concerns import State, Wanted

CategorySaid = Literal["1", "2", "unsure"]
Known = Literal["1", "2"]


class RaiseForm(Payload):
    """The form in which a child of concern is raised. `child` and `category` are filled in from what was said;
    `danger`: it sounded like danger now, and the safeguarding route stands first. `grounds_of`: the reader's own words
    about this one are filled in again."""

    INPUTS = frozenset({"child"})
    verb: Literal["concern.raise_form"] = "concern.raise_form"
    child: Find = ""
    category: CategorySaid | None = None
    audit: AuditRef | None = None
    danger: bool = False
    grounds_of: ConcernRef | None = None


class Raise(Payload):
    INPUTS = frozenset({"child", "category", "grounds", "team"})
    verb: Literal["concern.raise"] = "concern.raise"
    child: Find
    category: CategorySaid
    grounds: Note
    team: Find = ""
    audit: AuditRef | None = None
    danger: bool = False


class ConcernShow(Payload):
    verb: Literal["concern.show"] = "concern.show"
    ref: ConcernRef


class Timeline(Payload):
    """Everything that happened to one child of concern."""

    verb: Literal["concern.timeline"] = "concern.timeline"
    ref: ConcernRef
    offset: Offset = 0


class Tracker(Payload):
    """The list of children of concern; by default the open ones. `place`: a team's or a service's name;
    `unanswered`: without the response that is due."""

    INPUTS = frozenset({"category", "state", "identified"})
    verb: Literal["concern.list"] = "concern.list"
    category: Known | None = None
    state: State | Literal["open", "all"] | None = None
    identified: MonthField | None = None
    place: Find = ""
    unanswered: bool = False
    offset: Offset = 0


class Acknowledge(Payload):
    verb: Literal["concern.acknowledge"] = "concern.acknowledge"
    ref: ConcernRef


class StepForm(Payload):
    """The form for a step that needs words; `note`: those that were written already."""

    verb: Literal["concern.form"] = "concern.form"
    ref: ConcernRef
    command: Command
    note: Note = ""


class Respond(Payload):
    INPUTS = frozenset({"note"})
    verb: Literal["concern.respond"] = "concern.respond"
    ref: ConcernRef
    note: Note


class Update(Payload):
    INPUTS = frozenset({"note"})
    verb: Literal["concern.update"] = "concern.update"
    ref: ConcernRef
    note: Note


class Evidence(Payload):
    INPUTS = frozenset({"note"})
    verb: Literal["concern.evidence"] = "concern.evidence"
    ref: ConcernRef
    note: Note


class AskTeam(Payload):
    INPUTS = frozenset({"note"})
    verb: Literal["concern.ask_team"] = "concern.ask_team"
    ref: ConcernRef
    moved: Version
    note: Note


class Proceedings(Payload):
    INPUTS = frozenset({"note"})
    verb: Literal["concern.proceedings"] = "concern.proceedings"
    ref: ConcernRef
    moved: Version
    note: Note


class TakeBack(Payload):
    verb: Literal["concern.take_back"] = "concern.take_back"
    ref: ConcernRef
    moved: Version


class Settle(Payload):
    INPUTS = frozenset({"category", "note"})
    verb: Literal["concern.settle"] = "concern.settle"
    ref: ConcernRef
    moved: Version
    category: Known
    note: Note


class Worsen(Payload):
    INPUTS = frozenset({"note"})
    verb: Literal["concern.worsen"] = "concern.worsen"
    ref: ConcernRef
    moved: Version
    note: Note


class Challenge(Payload):
    """`wanted`: asked only of a Category 1."""

    INPUTS = frozenset({"note", "wanted"})
    verb: Literal["concern.challenge"] = "concern.challenge"
    ref: ConcernRef
    moved: Version
    note: Note
    wanted: Wanted | None = None


class Uphold(Payload):
    INPUTS = frozenset({"note"})
    verb: Literal["concern.uphold"] = "concern.uphold"
    ref: ConcernRef
    moved: Version
    note: Note


class Recategorise(Payload):
    """`evidence` may be given with it: nothing leaves the tracker without."""

    INPUTS = frozenset({"note", "evidence", "wanted"})
    verb: Literal["concern.recategorise"] = "concern.recategorise"
    ref: ConcernRef
    moved: Version
    note: Note
    evidence: Note = ""
    wanted: Wanted | None = None


class Submit(Payload):
    """For the director's sign-off. `evidence` may be given with it."""

    INPUTS = frozenset({"note", "evidence", "wanted"})
    verb: Literal["concern.submit"] = "concern.submit"
    ref: ConcernRef
    moved: Version
    note: Note
    evidence: Note = ""
    wanted: Wanted | None = None


class SignOff(Payload):
    verb: Literal["concern.sign_off"] = "concern.sign_off"
    ref: ConcernRef
    moved: Version


class Refuse(Payload):
    INPUTS = frozenset({"note"})
    verb: Literal["concern.refuse"] = "concern.refuse"
    ref: ConcernRef
    moved: Version
    note: Note


class Remove(Payload):
    INPUTS = frozenset({"note", "evidence"})
    verb: Literal["concern.remove"] = "concern.remove"
    ref: ConcernRef
    moved: Version
    note: Note
    evidence: Note = ""


class ReopenConcern(Payload):
    INPUTS = frozenset({"note"})
    verb: Literal["concern.reopen"] = "concern.reopen"
    ref: ConcernRef
    moved: Version
    note: Note


class CorrectConcern(Payload):
    INPUTS = frozenset({"child", "team", "note"})
    verb: Literal["concern.correct"] = "concern.correct"
    ref: ConcernRef
    moved: Version
    child: Find = ""
    team: Find = ""
    note: Note


AnyStep = (
    Respond | Update | Evidence | AskTeam | Proceedings | TakeBack | Settle | Worsen | Challenge | Uphold | Recategorise
    | Submit | SignOff | Refuse | Remove | ReopenConcern | CorrectConcern
)  # fmt: skip
"""The presses that take a step."""

MISSING = {
    "child": "child_missing",
    "category": "category_missing",
    "grounds": "grounds_missing",
    "note": "words_missing",
}

PAYLOADS: tuple[type[Payload], ...] = (
    RaiseForm,
    Raise,
    ConcernShow,
    Timeline,
    Tracker,
    Acknowledge,
    StepForm,
    Respond,
    Update,
    Evidence,
    AskTeam,
    Proceedings,
    TakeBack,
    Settle,
    Worsen,
    Challenge,
    Uphold,
    Recategorise,
    Submit,
    SignOff,
    Refuse,
    Remove,
    ReopenConcern,
    CorrectConcern,
)
