"""For the QA team: which messages did not reach whom, and what to do about it."""

from microsoft_teams.cards.core import CardElement

from dialogs import payloads, words
from dialogs.cards import parts
from dialogs.cards.parts import Rendered
from dialogs.neutral import one_line
from dialogs.words import notices as say
from domain.views import FailedDeliveries, FailedLine


def failed(view: FailedDeliveries) -> Rendered:
    """Every message of the view with its person and its reason; an empty list says so."""
    body: list[CardElement | None] = [parts.heading(say.FAILED_TITLE)]
    if not view.lines:
        body.append(parts.say(say.NOTHING_FAILED))
        return Rendered(parts.card(body, [parts.button("Help", payloads.Help().press())]), say.NOTHING_FAILED)
    body.append(parts.say(say.WHAT_TO_DO))
    for line in view.lines:
        body += line_of(line)
    if view.more:
        body.append(parts.say(say.MORE_FAILED))
    again = parts.button("Look again", payloads.DeliveryShow().press())
    count = words.count(len(view.lines), "message", "messages")
    return Rendered(parts.card(body, [again]), f"{count} did not arrive.")


def line_of(line: FailedLine) -> list[CardElement]:
    """Whom and what it was for, when, and why it did not arrive."""
    failure = line.failure
    about = say.about(failure.kind, one_line(failure.subject, 40))
    why = say.why_failed(failure.outcome, one_line(failure.reason, 120))
    who = parts.name(line.person) or "Somebody who is no longer on the list"
    return [
        parts.say(f"{who}: {about}", separate=True),
        parts.say(f"{words.moment(failure.at)}. {why}", subtle=True),
    ]
