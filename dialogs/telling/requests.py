"""What people are told about more time for an audit, and about another child or another auditor."""

from dialogs.cards import parts, wish_forms
from dialogs.cards import wishes as cards
from dialogs.neutral import one_line
from dialogs.telling.base import Message, Sending, Told, Worded, message, told
from dialogs.words import requests as say
from domain.audits import Audit
from domain.notices import NoticeKind
from domain.requests import PREFIX
from domain.usecases import audits as audit_usecases
from domain.usecases import request_views as views
from domain.views.requests import RequestView


def _name(view: RequestView, person_id: int | None) -> str:
    return one_line(view.name(person_id), parts.NAME_LONGEST)


def to_decide(view: RequestView) -> Told:
    it = view.request
    lead = say.to_decide(it, _name(view, it.asked_by_id), _name(view, view.acting_for))
    return told(cards.request(view, lead), lead, notify=True)


def stands(view: RequestView) -> Told:
    """To the head of service of somebody whose request the QA team decides."""
    lead = say.stands(view.request, _name(view, view.request.asked_by_id))
    return told(cards.request(view, lead), lead, notify=False)


def decided(view: RequestView) -> Told:
    """To who asked."""
    lead = say.told(view.request, _name(view, view.request.decided_by_id))
    return told(cards.request(view, lead), lead, notify=True)


def taken_off(audit: Audit) -> Told:
    lead = say.taken_off(audit, one_line(audit.child_ref, 40) if audit.child_ref else "")
    return told(wish_forms.taken_off(audit, lead), lead, notify=True)


async def _view(sending: Sending) -> RequestView:
    return await views.view(sending.store, sending.policy, sending.reader, sending.subject, sending.now)


async def _to_decide(sending: Sending) -> Message | None:
    """Nothing where it was answered meanwhile."""
    view = await _view(sending)
    return message(to_decide(view), view.request.version) if view.answers else None


async def _stands(sending: Sending) -> Message | None:
    view = await _view(sending)
    return message(stands(view), view.request.version) if view.request.open else None


async def _decided(sending: Sending) -> Message | None:
    view = await _view(sending)
    return message(decided(view), view.request.version) if not view.request.open else None


async def chased(sending: Sending) -> Message | None:
    """The one request that waits, in somebody's reminder of the day."""
    view = await _view(sending)
    if not view.answers:
        return None
    since = say.chased(view.request, _name(view, view.request.asked_by_id))
    return message(told(cards.request(view, since), since, notify=True), view.request.version)


async def _taken_off(sending: Sending) -> Message | None:
    """Nothing where they have it again by now."""
    audit = await audit_usecases.record(sending.store, sending.subject)
    if audit is None or audit.auditor_id == sending.reader.id:
        return None
    return message(taken_off(audit))


async def _update(sending: Sending) -> Message:
    view = await _view(sending)
    return message(told(cards.request(view), notify=False), view.request.version)


WORDED: dict[NoticeKind, Worded] = {
    NoticeKind.REQUEST_TO_DECIDE: _to_decide,
    NoticeKind.REQUEST_STANDS: _stands,
    NoticeKind.REQUEST_DECIDED: _decided,
    NoticeKind.AUDIT_TAKEN_OFF: _taken_off,
}
UPDATES: dict[str, Worded] = {PREFIX: _update}
