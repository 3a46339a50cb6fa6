"""What an auditor is told when an audit is issued or given to them, and when it gets another child."""

from dialogs.cards.audit import audit_card
from dialogs.neutral import one_line
from dialogs.telling.base import Message, Sending, Told, Worded, message, told
from dialogs.words import issuing as say
from domain.notices import NoticeKind
from domain.policy import Policy
from domain.usecases import audit_views
from domain.views.audits import AuditView


def worded(kind: NoticeKind, view: AuditView, policy: Policy) -> Told:
    audit = view.audit
    child = one_line(audit.child_ref, 40) if audit.child_ref else ""
    lead = say.TOLD[kind](audit, child, one_line(audit.theme, 120), policy)
    return told(audit_card(view, lead), lead, notify=True)


async def _told(sending: Sending) -> Message | None:
    """Nothing where it is no longer the reader's, or is returned already."""
    view = await audit_views.view(sending.store, sending.policy, sending.reader, sending.subject, sending.now)
    if view.audit.auditor_id != sending.reader.id or view.audit.returned_on is not None:
        return None
    return message(worded(sending.kind, view, sending.policy), view.audit.version)


WORDED: dict[NoticeKind, Worded] = {
    NoticeKind.AUDIT_ISSUED: _told,
    NoticeKind.AUDIT_CHILD_CHANGED: _told,
}
