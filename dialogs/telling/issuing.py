"""What people are told when an audit is issued to them, and when it gets another child."""

from dialogs.cards import audits as cards
from dialogs.neutral import one_line
from dialogs.telling.base import Message, Sending, Worded, message, told
from dialogs.words import issuing as say
from domain.audits import Audit
from domain.notices import NoticeKind
from domain.usecases import audits as usecases


async def _mine(sending: Sending) -> tuple[Audit, Message] | None:
    """The reader's audits of the month, led by what happened to this one; None where it is no longer theirs."""
    view = await usecases.audits_with(
        sending.store, sending.policy, sending.reader, sending.subject, sending.now
    )
    found = [line.audit for line in view.lines if line.audit.ref == sending.subject] if view else []
    if view is None or not found:
        return None
    audit = found[0]
    child = one_line(audit.child_ref, 40) if audit.child_ref else ""
    theme = one_line(audit.theme, 120)
    worded = say.TOLD[sending.kind](audit, child, theme, sending.policy)
    return audit, message(told(cards.my_audits(view, worded), worded, notify=True))


async def _told(sending: Sending) -> Message | None:
    found = await _mine(sending)
    return found[1] if found else None


WORDED: dict[NoticeKind, Worded] = {
    NoticeKind.AUDIT_ISSUED: _told,
    NoticeKind.AUDIT_CHILD_CHANGED: _told,
}
