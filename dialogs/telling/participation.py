"""What the child's social worker and their manager are told of an audit, and what is told of their comments."""

from dialogs.cards import participation as cards
from dialogs.cards import parts
from dialogs.cards.audit import audit_card
from dialogs.neutral import one_line
from dialogs.telling.base import Message, Sending, Told, Worded, message, told
from dialogs.words import participation as say
from domain.audits import AuditState
from domain.notices import NoticeKind
from domain.participation import COMMENT, Contribution
from domain.usecases import audit_views
from domain.usecases import participation_views as views
from domain.views.audits import AuditView
from domain.views.participation import ComingAudits


def coming(view: AuditView) -> Told:
    """To the social worker."""
    child = one_line(view.audit.child_ref or "", 40)
    lead = say.coming(view.audit, child, one_line(view.name(view.audit.auditor_id), parts.NAME_LONGEST))
    return told(audit_card(view, lead), lead, notify=True)


def coming_to_team(view: ComingAudits) -> Told:
    """To the manager: one message for all that was issued together."""
    return told(cards.coming(view, say.coming_to_team(view.month, view.total)), notify=False)


def result(view: AuditView) -> Told:
    lead = say.result(view.audit)
    return told(audit_card(view, lead), lead, notify=True)


def commented(view: AuditView) -> Told:
    """To the auditor and the QA team: the latest comment of those that the reader may see."""
    said = [given for given in view.contributions if given.answers.get(COMMENT)]
    latest = max(said, key=_when, default=None)
    by = one_line(view.name(latest.person_id), parts.NAME_LONGEST) if latest else ""
    text = one_line(latest.answers[COMMENT], parts.NOTE_SHOWN) if latest else ""
    lead = say.commented(view.audit, by, text)
    return told(audit_card(view, lead), lead, notify=True)


def _when(given: Contribution) -> float:
    return given.saved_at.timestamp() if given.saved_at else 0.0


async def _view(sending: Sending) -> AuditView:
    return await audit_views.view(sending.store, sending.policy, sending.reader, sending.subject, sending.now)


async def _coming(sending: Sending) -> Message | None:
    """Nothing where it has been returned or taken back meanwhile."""
    view = await _view(sending)
    if view.audit.state is not AuditState.ISSUED:
        return None
    if view.child is not None and view.child.social_worker_id == sending.reader.id:
        return message(coming(view), view.audit.version)
    team = await views.coming(sending.store, sending.policy, sending.reader, view.audit.month, sending.now)
    return message(coming_to_team(team)) if team.total else None


async def _result(sending: Sending) -> Message | None:
    view = await _view(sending)
    return message(result(view), view.audit.version) if view.audit.returned_on else None


async def _commented(sending: Sending) -> Message:
    view = await _view(sending)
    return message(commented(view), view.audit.version)


WORDED: dict[NoticeKind, Worded] = {
    NoticeKind.AUDIT_COMING: _coming,
    NoticeKind.AUDIT_RESULT: _result,
    NoticeKind.AUDIT_COMMENTED: _commented,
}
