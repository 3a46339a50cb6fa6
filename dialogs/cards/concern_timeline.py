"""All that happened to one child of concern."""

from microsoft_teams.cards import core as ac

from dialogs import words
from dialogs.cards import parts
from dialogs.cards.concerns import CUTS, by_whom
from dialogs.cards.fitting import fitted
from dialogs.cards.parts import CardJson, Rendered
from dialogs.neutral import neutral, one_line
from dialogs.payloads import concerns as press
from dialogs.payloads.cycle import AuditShow
from dialogs.words import concerns as say
from dialogs.words.dates import page as page_words
from domain.ports import ConcernStep
from domain.views.concerns import ConcernView

PAGE = 8


def timeline(view: ConcernView, offset: int = 0) -> Rendered:
    """All that happened, newest first, a page at a time."""
    title = f"{view.concern.ref}: timeline"
    return Rendered(fitted(lambda longest: _card(view, offset, longest), CUTS), title)


def _card(view: ConcernView, offset: int, longest: int) -> CardJson:
    concern = view.concern
    lines = list(reversed(view.steps))
    shown = lines[offset : offset + PAGE]
    body: list[ac.CardElement | None] = [
        parts.heading(f"{concern.ref}: timeline"),
        parts.say(page_words(offset, len(shown), len(lines)), subtle=True),
        *(element for line in shown for element in _line_of(view, line, longest)),
    ]
    before = press.Timeline(ref=concern.ref, offset=max(0, offset - PAGE)).press()
    after = press.Timeline(ref=concern.ref, offset=offset + PAGE).press()
    pages = parts.pages(offset, PAGE, len(lines), before, after)
    ways: list[ac.Action] = [parts.button(f"Open {concern.ref}", press.ConcernShow(ref=concern.ref).press())]
    if concern.audit_ref:
        audit = AuditShow(ref=concern.audit_ref).press()
        ways.append(parts.button(f"Open {one_line(concern.audit_ref, 30)}", audit))
    return parts.card(body, [*pages, *ways])


def _line_of(view: ConcernView, line: ConcernStep, longest: int) -> list[ac.CardElement]:
    who = by_whom(view, line)
    said = f"{words.moment(line.at)}: {say.step(line.command, line.facts)}{f', {who}' if who else ''}"
    found: list[ac.CardElement] = [parts.say(said, separate=True)]
    if line.note:
        found.append(parts.say(f"“{neutral(line.note, longest)}”", subtle=True))
    return found
