"""What people are told at once of a return: an Inadequate, and whose actions it raised."""

from dialogs.cards import own_actions
from dialogs.cards.audit import audit_card
from dialogs.neutral import one_line
from dialogs.telling.base import Message, Sending, Told, Worded, message, told
from dialogs.words import returns as say
from domain.kinds import Grade
from domain.notices import NoticeKind, actions_of
from domain.people import Role
from domain.usecases import audit_views
from domain.usecases import own_actions as usecases
from domain.usecases.own_actions import OwnActions
from domain.views.audits import AuditView


def _child(view: AuditView) -> str:
    return one_line(view.audit.child_ref, 40) if view.audit.child_ref else ""


def inadequate(view: AuditView) -> Told:
    lead = say.inadequate(one_line(view.audit.ref, 40), _child(view), _instead(view))
    return told(audit_card(view, lead), lead, notify=True)


_FIRST_TOLD = (Role.SERVICE_MANAGER, Role.ASSISTANT_DIRECTOR, Role.HEAD_OF_SERVICE)


def _instead(view: AuditView) -> str:
    """To who is told only because somebody else is missing: the director, and the QA team."""
    if any(view.viewer.holds(role, view.today) for role in _FIRST_TOLD):
        return ""
    if view.viewer.holds(Role.DIRECTOR, view.today):
        return say.INSTEAD_OF_ASSISTANT
    return say.INSTEAD_OF_ALL if view.viewer.holds(Role.QA_TEAM, view.today) else ""


def actions_raised(view: OwnActions) -> Told:
    return told(own_actions.raised(view), notify=True)


async def _view(sending: Sending) -> AuditView:
    return await audit_views.view(sending.store, sending.policy, sending.reader, sending.subject, sending.now)


async def _inadequate(sending: Sending) -> Message | None:
    """Nothing where it was corrected before it went out."""
    view = await _view(sending)
    if view.audit.counts is not Grade.INADEQUATE:
        return None
    return message(inadequate(view), view.audit.version)


async def _actions_raised(sending: Sending) -> Message | None:
    """Nothing where they were given to somebody else, or done, before it went out."""
    view = await _own(sending)
    return message(actions_raised(view), view.audit.version) if view.actions else None


async def actions_updated(sending: Sending) -> Message:
    """The card of one's actions as they are now, those that were cancelled said as such."""
    view = await _own(sending)
    return message(told(own_actions.raised(view), notify=False), view.audit.version)


async def _own(sending: Sending) -> OwnActions:
    ref = actions_of(sending.subject) or sending.subject
    return await usecases.of_audit(sending.store, sending.reader, ref, sending.now)


WORDED: dict[NoticeKind, Worded] = {
    NoticeKind.AUDIT_INADEQUATE: _inadequate,
    NoticeKind.ACTIONS_RAISED: _actions_raised,
}
