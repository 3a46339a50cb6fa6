"""What is shown to who was told of an audit as another child's."""

from microsoft_teams.cards import core as ac

from dialogs.cards import parts
from dialogs.cards.parts import Rendered
from dialogs.neutral import one_line
from dialogs.payloads import Help
from dialogs.payloads.cycle import AuditShow
from dialogs.words import other_child as say
from domain.usecases.other_child import OtherChild

ACTIONS_SHOWN = 20
TASK_SHOWN = 160


def not_of_child(view: OtherChild) -> Rendered:
    ref, was = one_line(view.audit.ref, 40), one_line(view.was, 40)
    lead = say.lead(ref, was)
    cancelled = [
        parts.say(say.cancelled(one_line(action.ref, 40), one_line(action.description, TASK_SHOWN)))
        for action in view.cancelled[:ACTIONS_SHOWN]
    ]
    body: list[ac.CardElement | None] = [
        parts.heading(say.title(ref, was)),
        parts.lead(lead),
        parts.say(say.NOTHING),
        *cancelled,
    ]
    on = AuditShow(ref=view.audit.ref).press() if view.may_open else Help().press()
    return Rendered(parts.card(body, [parts.button("Open the audit" if view.may_open else "Help", on)]), lead)
