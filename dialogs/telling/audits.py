"""What people are told about audits."""

from dialogs.cards import audits as cards
from dialogs.cards.audit import audit_card
from dialogs.neutral import one_line
from dialogs.telling.base import Message, Sending, Told, Worded, message, told
from dialogs.words import notices as say
from domain.cycle import Command
from domain.notices import NoticeKind
from domain.usecases import audit_views, freeing
from domain.usecases import audits as usecases
from domain.views import FreedAudit, MyAudits


def freed(view: FreedAudit) -> Told:
    lead = say.freed(view.audit)
    return told(cards.freed(view, lead=lead), lead, notify=True)


def update(view: FreedAudit) -> Told:
    return told(cards.freed(view), notify=False)


def given(view: MyAudits, ref: str) -> Told:
    """To the new auditor: `view` is theirs for the month of the audit `ref`."""
    audit = next((line.audit for line in view.lines if line.audit.ref == ref), None)
    if audit is None:
        return told(cards.my_audits(view), notify=False)
    child = one_line(audit.child_ref, 40) if audit.child_ref else ""
    lead = say.given(audit, child)
    return told(cards.my_audits(view, lead), lead, notify=True)


async def _freed(sending: Sending) -> Message | None:
    view = await freeing.view_freed(sending.store, sending.reader, sending.subject, sending.now)
    return message(freed(view), view.audit.version) if view.given_to is None else None


async def _given(sending: Sending) -> Message | None:
    mine = await usecases.audits_with(
        sending.store, sending.policy, sending.reader, sending.subject, sending.now
    )
    return None if mine is None else message(given(mine, sending.subject))


async def updated(sending: Sending) -> Message:
    """The card of the audit as it is now for its reader; who can give a freed child to somebody has the offer.
    Councils name their audits as they like, so no prefix leads here."""
    view = await audit_views.view(sending.store, sending.policy, sending.reader, sending.subject, sending.now)
    if Command.GIVE in view.commands:
        free = await freeing.view_freed(sending.store, sending.reader, sending.subject, sending.now)
        return message(update(free), free.audit.version)
    return message(told(audit_card(view), notify=False), view.audit.version)


WORDED: dict[NoticeKind, Worded] = {NoticeKind.AUDIT_FREED: _freed, NoticeKind.AUDIT_GIVEN: _given}
