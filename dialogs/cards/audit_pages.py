"""All that a return says, a page at a time: however long the texts, each page is one that Teams takes."""

import json
from collections.abc import Iterator

from microsoft_teams.cards import core as ac

from dialogs import words
from dialogs.cards import parts
from dialogs.cards.audit import child_of
from dialogs.cards.audit_content import answers
from dialogs.cards.parts import Rendered
from dialogs.neutral import neutral, one_line
from dialogs.payloads.cycle import AuditRead, AuditShow
from dialogs.words import audit_card as say
from domain.views.audits import AuditView

PIECE = 900
"""Characters of one block: a longer answer goes on in the next."""
ROOM = 20 * 1024
"""Of the blocks of one page, every character escaped."""


def audit_read(view: AuditView, offset: int) -> Rendered:
    """`offset` counts pages."""
    pages = list(_pages(view))
    at = min(offset, max(0, len(pages) - 1))
    ref = view.audit.ref
    title = say.title(view.audit, child_of(view), one_line(view.labels.kind, 80))
    body: list[ac.CardElement | None] = [parts.heading(title)]
    if len(pages) > 1:
        body.append(parts.say(f"Page {at + 1:,} of {len(pages):,}.", subtle=True))
    body += pages[at] if pages else [parts.say(say.NOTHING_WRITTEN)]
    turn = parts.pages(
        at, 1, len(pages), AuditRead(ref=ref, offset=max(0, at - 1)).press(), AuditRead(ref=ref, offset=at + 1).press()
    )  # fmt: skip
    back = parts.button(f"Back to {one_line(ref, 40)}", AuditShow(ref=ref).press())
    return Rendered(
        parts.card(body, [*turn, back]), f"{one_line(ref, 40)}: {words.count(len(pages), 'page')}"
    )


def _pages(view: AuditView) -> Iterator[list[ac.CardElement]]:
    page: list[ac.CardElement] = []
    room = ROOM
    for block in _blocks(view):
        size = len(json.dumps(block.model_dump(by_alias=True, exclude_none=True)))
        if page and size > room:
            yield page
            page, room = [], ROOM
        page.append(block)
        room -= size
    if page:
        yield page


def _blocks(view: AuditView) -> Iterator[ac.CardElement]:
    for _, label, answer in answers(view):
        yield parts.subheading(one_line(label, 300))
        for start in range(0, len(answer), PIECE):
            yield parts.say(neutral(answer[start : start + PIECE]))
