"""The form in which the QA team takes an open audit off its auditor."""

from microsoft_teams.cards import core as ac

from dialogs import words
from dialogs.cards import parts
from dialogs.cards.audit import child_of, name
from dialogs.cards.parts import Rendered
from dialogs.neutral import one_line
from dialogs.payloads.cycle import AuditShow
from dialogs.payloads.requests import TakeOff
from dialogs.words import requests as say
from domain.views.audits import AuditView


def form(view: AuditView, *, longest: int) -> Rendered:
    """What happens stands above the one button that does it."""
    audit = view.audit
    title = say.take_off_title(one_line(audit.ref, 40))
    auditor = name(view, audit.auditor_id)
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.facts(
            [
                ("Auditor", auditor or None),
                ("Child", child_of(view) or None),
                ("Team", one_line(audit.team.name, 60) if audit.team else None),
                ("Due", words.day(audit.due_on)),
            ]
        ),
        *(parts.say(line) for line in say.take_off_means(auditor)),
        parts.text_input(
            "note", "Why is it taken off them?", "Write a reason: it is kept with the audit.", longest=longest
        ),
    ]
    go = TakeOff.press_with_inputs(ref=audit.ref, version=audit.version)
    buttons = [
        parts.button(say.TAKE_OFF, go, inputs=True, style="destructive"),
        parts.button("Back to the audit", AuditShow(ref=audit.ref).press()),
    ]
    return Rendered(parts.card(body, buttons), title)
