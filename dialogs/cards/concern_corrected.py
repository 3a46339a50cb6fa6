"""What is shown to who was told of a child of concern that is about another child, or another team's."""

from dialogs.cards import parts
from dialogs.cards.parts import Rendered
from dialogs.neutral import one_line
from dialogs.payloads import ExemptionWaiting
from dialogs.words import concern_corrected as say
from domain.usecases.concern_corrected import Corrected


def corrected(view: Corrected) -> Rendered:
    ref, was = one_line(view.ref, 40), one_line(view.was, 60)
    lead = say.lead(ref, was, other_child=view.other_child)
    body = [parts.heading(say.title(ref, was, other_child=view.other_child)), parts.say(lead)]
    on = parts.button("What is waiting for me", ExemptionWaiting().press())
    return Rendered(parts.card(body, [on]), lead)
