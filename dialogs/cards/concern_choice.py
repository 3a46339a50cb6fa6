"""Which child of concern somebody means: a button each, with what they wrote kept for the form that it opens."""

from collections.abc import Sequence

from dialogs.cards import parts
from dialogs.cards.parts import Rendered
from dialogs.payloads import concerns as press
from dialogs.words import concern_tracker as say
from domain.concern_workflow import Command
from domain.views.concerns import ConcernView

MOST = 5


def choice(views: Sequence[ConcernView], command: Command, note: str) -> Rendered:
    """`note` is in each button: of long words as many buttons as there are here fit a card."""
    body = [parts.heading(say.title(None)), parts.say(say.which(len(views)))]
    for view in views[:MOST]:
        concern = view.concern
        form = press.StepForm(ref=concern.ref, command=command, note=note)
        body += [
            parts.state(say.line_title(concern)),
            parts.row([parts.button(f"Open {concern.ref}", form.press())]),
        ]
    tracker = parts.button("All children of concern", press.Tracker().press())
    return Rendered(parts.card(body, [tracker]), say.which(len(views)))
