"""The forms of the steps of a child of concern."""

from collections.abc import Mapping, Sequence

from microsoft_teams.cards import core as ac

from dialogs.cards import parts
from dialogs.cards.parts import Rendered
from dialogs.payloads import concerns as press
from dialogs.payloads.base import Payload
from dialogs.words import concerns as say
from domain.concern_workflow import Command
from domain.concerns import Category, Concern, Wanted
from domain.usecases.concerns import WITH_EVIDENCE
from domain.views.concerns import ConcernView

_PAYLOAD: dict[Command, type[Payload]] = {
    Command.RESPOND: press.Respond,
    Command.UPDATE: press.Update,
    Command.EVIDENCE: press.Evidence,
    Command.ASK_TEAM: press.AskTeam,
    Command.PROCEEDINGS: press.Proceedings,
    Command.SETTLE: press.Settle,
    Command.WORSEN: press.Worsen,
    Command.CHALLENGE: press.Challenge,
    Command.UPHOLD: press.Uphold,
    Command.RECATEGORISE: press.Recategorise,
    Command.SUBMIT: press.Submit,
    Command.REFUSE: press.Refuse,
    Command.REMOVE: press.Remove,
    Command.REOPEN: press.ReopenConcern,
    Command.CORRECT: press.CorrectConcern,
}
FORMS = frozenset(_PAYLOAD)
"""The steps that have a form."""


def step_form(
    view: ConcernView,
    command: Command,
    *,
    longest: int,
    filled: Mapping[str, str],
    problem: str | None = None,
) -> Rendered:
    """The form of one step, as it was filled in where it was refused."""
    concern = view.concern
    title = f"{say.BUTTON[command]}: {concern.ref}"
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.problem(problem),
        parts.say(f"Child {say.child(concern)}, {say.category(concern)}. {_what_it_does(concern, command)}"),
        *_inputs(concern, command, longest, filled),
        parts.say(say.NO_NAMES, subtle=True),
    ]
    known: dict[str, object] = {"ref": concern.ref}
    if "moved" in _PAYLOAD[command].model_fields:
        known["moved"] = concern.moved
    go = parts.button(
        say.GO.get(command, say.BUTTON[command]),
        _PAYLOAD[command].press_with_inputs(**known),
        inputs=True,
        style="positive",
    )
    back = parts.button("Back", press.ConcernShow(ref=concern.ref).press())
    return Rendered(parts.card(body, [go, back]), title)


_TAKES_OFF = (
    "Your word takes this child off the tracker now, with the evidence: a Category 2 needs no sign-off."
)


def _what_it_does(concern: Concern, command: Command) -> str:
    if command is Command.RECATEGORISE and concern.category is Category.TWO:
        return _TAKES_OFF
    return say.FORM[command]


def _inputs(
    concern: Concern, command: Command, longest: int, filled: Mapping[str, str]
) -> list[ac.CardElement]:
    found: list[ac.CardElement] = []
    if command is Command.SETTLE:
        choices = [(f"{say.CATEGORY[c]}: {say.MEANS[c]}", str(int(c))) for c in Category]
        found.append(_choice("category", "Category", choices, filled))
    if command in _WANTS and concern.category is Category.ONE:
        choices = [(say.WANTED_CHOICE[wanted], wanted.value) for wanted in Wanted]
        found.append(_choice("wanted", "What should it become?", choices, filled))
    if command is Command.CORRECT:
        found.append(_line("child", "Child's reference, if it is another", filled))
        found.append(_line("team", "Team, if it is another", filled))
    note = parts.text_input(
        "note", say.NOTE[command], say.GIVE_WORDS, value=parts.typed(filled, "note"), longest=longest
    )
    found.append(note)
    if command in WITH_EVIDENCE:
        found.append(_evidence(concern, command, longest, filled))
    return found


_WANTS = (Command.CHALLENGE, Command.RECATEGORISE, Command.SUBMIT)


def _choice(
    field: str, label: str, choices: Sequence[tuple[str, str]], filled: Mapping[str, str]
) -> ac.CardElement:
    return parts.choice(field, label, "Choose one.", choices, value=parts.typed(filled, field))


def _line(field: str, label: str, filled: Mapping[str, str]) -> ac.CardElement:
    return parts.text_input(
        field,
        label,
        say.LEAVE_EMPTY,
        value=parts.typed(filled, field),
        required=False,
        longest=80,
        lines=False,
    )


def _evidence(concern: Concern, command: Command, longest: int, filled: Mapping[str, str]) -> ac.CardElement:
    """Needed where there is none; re-categorising a Category 1, only where it is to leave the tracker."""
    if_it_leaves = command is Command.RECATEGORISE and concern.category is Category.ONE
    label = "Evidence that things are better for the child"
    if concern.evidence:
        label = "More evidence (if there is some)"
    elif if_it_leaves:
        label += " (needed to take it off the tracker)"
    return parts.text_input(
        "evidence", label, "Write the evidence.", value=parts.typed(filled, "evidence"),
        required=not (concern.evidence or if_it_leaves), longest=longest,
    )  # fmt: skip
