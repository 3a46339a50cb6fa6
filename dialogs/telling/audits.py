"""What people are told about audits."""

from dialogs.cards import audits as cards
from dialogs.cards.audit import audit_card
from dialogs.neutral import one_line
from dialogs.telling.base import Message, Sending, Told, Worded, message, told
from dialogs.words import notices as say
from dialogs.words import own_step
from domain.cycle import Command
from domain.notices import NoticeKind
from domain.usecases import audit_views, freeing
from domain.views import FreedAudit
from domain.views.audits import AuditView


def freed(view: FreedAudit) -> Told:
    lead = say.freed(view.audit, view.today)
    return told(cards.freed(view, lead=lead), lead, notify=True)


def update(view: FreedAudit) -> Told:
    return told(cards.freed(view), notify=False)


def given(view: AuditView) -> Told:
    """To the new auditor."""
    lead = say.given(view.audit, one_line(view.audit.child_ref, 40) if view.audit.child_ref else "")
    return told(audit_card(view, lead), lead, notify=True)


async def _freed(sending: Sending) -> Message | None:
    view = await freeing.view_freed(sending.store, sending.reader, sending.subject, sending.now)
    return message(freed(view), view.audit.version) if view.given_to is None else None


async def _given(sending: Sending) -> Message | None:
    """Nothing where it is somebody else's again, or returned."""
    view = await audit_views.view(sending.store, sending.policy, sending.reader, sending.subject, sending.now)
    if view.audit.auditor_id != sending.reader.id or view.audit.returned_on is not None:
        return None
    return message(given(view), view.audit.version)


async def updated(sending: Sending) -> Message:
    """The card of the audit as it is now for its reader, which after a step of theirs still says what they
    did; who can give a freed child to somebody has the offer.
    Councils name their audits as they like, so no prefix leads here."""
    view = await audit_views.view(sending.store, sending.policy, sending.reader, sending.subject, sending.now)
    if Command.GIVE in view.commands:
        free = await freeing.view_freed(sending.store, sending.reader, sending.subject, sending.now)
        return message(update(free), free.audit.version)
    return message(told(audit_card(view, own_step.done(view)), notify=False), view.audit.version)


WORDED: dict[NoticeKind, Worded] = {NoticeKind.AUDIT_FREED: _freed, NoticeKind.AUDIT_GIVEN: _given}
