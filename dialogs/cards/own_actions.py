"""What an audit asks of one person."""

from microsoft_teams.cards import core as ac

from dialogs import payloads, words
from dialogs.cards import parts
from dialogs.cards.fitting import fitted
from dialogs.cards.parts import CardJson, Rendered
from dialogs.neutral import neutral, one_line
from dialogs.payloads.cycle import AuditShow
from dialogs.words import other_child as of_other
from dialogs.words import returns as say
from domain.usecases.own_actions import OwnActions


def raised(view: OwnActions) -> Rendered:
    """Each with its day; a reader who may not see the audit has all there is for them here."""
    ref = one_line(view.audit.ref, 40)
    lead = say.actions_raised(ref, len(view.actions)) if view.actions else of_other.no_action(ref)
    return Rendered(fitted(lambda longest: _card(view, lead, longest)), lead)


def _card(view: OwnActions, lead: str, longest: int) -> CardJson:
    ref = one_line(view.audit.ref, 40)
    body: list[ac.CardElement | None] = [
        parts.heading(f"{words.count(len(view.actions), 'action')} for you from {ref}"),
        parts.lead(lead),
    ]
    for action in view.actions:
        body += [
            parts.subheading(one_line(action.ref, 40)),
            parts.say(neutral(action.description, longest)),
            parts.facts(
                [
                    ("Child", one_line(action.child_ref, 40) if action.child_ref else None),
                    ("Team", one_line(action.team.name, 60) if action.team else None),
                    ("Due", words.day(action.due_on)),
                ]
            ),
        ]
    for action in view.cancelled[:CANCELLED_SHOWN]:
        said = of_other.cancelled(one_line(action.ref, 40), one_line(action.description, min(longest, 160)))
        body.append(parts.say(said, separate=True))
    return parts.card(body, _ways_on(view))


CANCELLED_SHOWN = 10


def _ways_on(view: OwnActions) -> list[ac.Action]:
    if view.may_open:
        return [parts.button("Open the audit", AuditShow(ref=view.audit.ref).press())]
    return [parts.button("Help", payloads.Help().press())]
