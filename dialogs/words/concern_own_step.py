"""What is said first on the card of a child of concern after its reader's own step. Made from the record and not from
the press: the card is updated a moment after the answer, and says the same again (as `own_step`, for audits)."""

from dialogs.words import concern_urgent as urgent
from dialogs.words import concerns as say
from domain.concern_workflow import Command
from domain.ports import ConcernStep
from domain.views.concerns import ConcernView

_DONE = {command.value: words for command, words in say.DONE.items()}


def done(view: ConcernView) -> str | None:
    """None where the latest that somebody did was another's; what the clock does is nobody's."""
    line = next((line for line in reversed(view.steps) if line.by_id is not None), None)
    if line is None or line.by_id != view.viewer.id:
        return None
    return _said(view, line)


def _said(view: ConcernView, line: ConcernStep) -> str | None:
    concern = view.concern
    if line.command in ("raise", Command.RAISE_AGAIN):
        return urgent.raised(view, again=line.command != "raise")
    if line.command == Command.ACKNOWLEDGE:
        open_seats = concern.alert.open_seats if concern.alert else ()
        return say.took(open_seats, seen_only=not line.facts.get("seats"))
    return _DONE.get(line.command)
