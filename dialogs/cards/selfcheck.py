"""How the program is, as the last self-check found it: each part with its state, the queue, what did not arrive."""

from collections.abc import Sequence

from microsoft_teams.cards.core import CardElement

from dialogs import payloads, words
from dialogs.cards import deliveries, parts
from dialogs.cards.parts import Rendered
from dialogs.words import notices
from dialogs.words import selfcheck as say
from domain.selfcheck import Part, Report
from domain.views import FailedLine


def checked(report: Report | None, failed: Sequence[FailedLine], quote: str) -> Rendered:
    """`quote` is what to name in a report of a problem."""
    body: list[CardElement | None] = [parts.heading(say.TITLE)]
    if report is None:
        summary = say.not_looked(None)
        body.append(parts.state(summary, "Warning"))
    else:
        summary = say.summary(report)
        body += [parts.say(say.looked_at(report.at), subtle=True)]
        for part in Part:
            body += _part(report, part)
        body += [parts.subheading(say.QUEUE), parts.facts(say.queue(report))]
    body += _failed(failed)
    body.append(parts.say(quote, subtle=True, separate=True))
    again = parts.button("Look again", payloads.Debug().press())
    all_failed = parts.button("Failed messages", payloads.DeliveryShow().press())
    return Rendered(parts.card(body, [again, all_failed]), summary)


def _part(report: Report, part: Part) -> list[CardElement]:
    """In words and by its colour: what fails, what waits for people, or that all is well."""
    found = report.of(part)
    fails = any(finding.trouble.fails for finding in found)
    colour = "Attention" if fails else "Warning" if found else "Good"
    sentences = [parts.say(say.finding(finding, mail=report.mail)) for finding in found]
    return [parts.state(say.part(part, fails=fails, found=bool(found)), colour), *sentences]


def _failed(failed: Sequence[FailedLine]) -> list[CardElement]:
    """The last few, newest first."""
    if not failed:
        return [parts.subheading(notices.FAILED_TITLE), parts.say(notices.NOTHING_FAILED)]
    lines = [element for line in failed for element in deliveries.line_of(line)]
    count = words.count(len(failed), "message", "messages")
    return [parts.subheading(notices.FAILED_TITLE), parts.say(f"The last {count}:", subtle=True), *lines]
