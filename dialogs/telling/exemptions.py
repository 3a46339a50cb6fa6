"""What people are told about exemptions."""

from collections.abc import Callable, Sequence

from dialogs.cards import exemptions as cards
from dialogs.cards import lists, parts
from dialogs.cards.lists import Reasons
from dialogs.neutral import one_line
from dialogs.telling.base import Message, Sending, Told, Worded, message, told
from dialogs.telling.requests import chased as chased_request
from dialogs.words import notices as say
from domain.exemptions import Command
from domain.notices import NoticeKind
from domain.people import PersonId
from domain.usecases import exemption_views as views
from domain.usecases import request_views
from domain.views import ExemptionView, Waiting
from domain.views.requests import RequestLine


def _name(view: ExemptionView, person_id: PersonId | None) -> str:
    return one_line(view.name(person_id), parts.NAME_LONGEST)


def _of(view: ExemptionView, lead: str, *, notify: bool = True) -> Told:
    summary = f"{view.exemption.ref}: {lead}"
    return told(cards.exemption(view, lead), summary, notify=notify)


def to_decide(view: ExemptionView) -> Told:
    it = view.exemption
    # A reminder is no reason of its own: what brought the request here is the step before it.
    steps = [step for step in view.history if step.command != Command.CHASE.value]
    last = steps[-1] if steps else None
    lead = say.to_decide(
        last.command if last else "request",
        asker=_name(view, it.requested_by_id),
        person=_name(view, it.person_id),
        by=_name(view, last.by_id) if last else "",
        acting_for=_name(view, view.acting_for),
    )
    return _of(view, lead)


def chased(view: ExemptionView) -> Told:
    it = view.exemption
    requester = Command.ANSWER in view.commands
    return _of(view, say.chased(it, _name(view, it.person_id), requester=requester))


def chased_several(view: Waiting, reasons: Reasons, requests: Sequence[RequestLine] = ()) -> Told:
    """A person's reminder of the day, where more than one thing waits for them."""
    return told(lists.waiting(view, reasons, say.CHASED_SEVERAL, requests), notify=True)


def stuck(view: ExemptionView) -> Told:
    it = view.exemption
    return _of(view, say.stuck(it, _name(view, it.approver_id)))


def asked_back(view: ExemptionView) -> Told:
    it = view.exemption
    asked = [step for step in view.history if step.command == Command.ASK_BACK.value]
    by, acting = (asked[-1].by_id, asked[-1].for_id) if asked else (it.approver_id, None)
    own = view.viewer_id == it.person_id
    lead = say.asked_back(_name(view, by), _name(view, acting), _name(view, it.person_id), own=own)
    return _of(view, lead)


def outcome(view: ExemptionView) -> Told:
    it = view.exemption
    if it.state.open:
        return _of(view, cards.summary(view), notify=False)
    own = view.viewer_id == it.person_id
    asked = view.viewer_id == it.requested_by_id
    return _of(view, say.outcome(it, _name(view, it.person_id), own=own, asked=asked))


def moved_up(view: ExemptionView) -> Told:
    it = view.exemption
    own = view.viewer_id == it.person_id
    lead = say.moved_up(it, _name(view, it.approver_id), _name(view, it.person_id), own=own)
    return _of(view, lead, notify=False)


def stands(view: ExemptionView) -> Told:
    lead = say.stands(_name(view, view.exemption.requested_by_id), view.exemption)
    return _of(view, lead, notify=False)


def update(view: ExemptionView) -> Told:
    """The same card as it is now, in the place of an older one; nobody is alerted."""
    return told(cards.exemption(view), notify=False)


async def _view(sending: Sending) -> ExemptionView:
    return await views.view(sending.store, sending.policy, sending.reader, sending.subject, sending.now)


async def _exemption(sending: Sending) -> Message | None:
    view = await _view(sending)
    if sending.kind in _TO_ANSWER and not view.commands:
        return None
    return message(_VIEWED[sending.kind](view), view.exemption.version)


async def _chased(sending: Sending) -> Message | None:
    """One message for all that waits: the request itself where it is the only one, else the list."""
    waiting = await views.waiting(sending.store, sending.reader, sending.now)
    requests = await request_views.waiting_for(sending.store, sending.reader, sending.now)
    refs = [line.exemption.ref for line in (*waiting.lines, *waiting.asked_back)]
    refs += [line.request.ref for line in requests]
    if not refs and not waiting.freed:
        return None
    if waiting.freed or refs != [sending.subject]:
        return message(chased_several(waiting, sending.policy.exemptions.by_code, requests))
    return await (chased_request(sending) if requests else _exemption(sending))


async def _stuck(sending: Sending) -> Message:
    """Not kept up to date as a card of the request: it is read once, and has nothing to press."""
    return message(stuck(await _view(sending)))


async def _update(sending: Sending) -> Message:
    view = await _view(sending)
    return message(update(view), view.exemption.version)


_VIEWED: dict[NoticeKind, Callable[[ExemptionView], Told]] = {
    NoticeKind.EXEMPTION_TO_DECIDE: to_decide,
    NoticeKind.EXEMPTION_CHASED: chased,
    NoticeKind.EXEMPTION_ASKED_BACK: asked_back,
    NoticeKind.EXEMPTION_OUTCOME: outcome,
    NoticeKind.EXEMPTION_MOVED_UP: moved_up,
    NoticeKind.EXEMPTION_STANDS: stands,
}
"""What is told with the request itself, each to one reader."""
_TO_ANSWER = frozenset({NoticeKind.EXEMPTION_TO_DECIDE, NoticeKind.EXEMPTION_ASKED_BACK})
"""Asked for an answer that is no longer wanted from this reader: it was given meanwhile, or somebody else is asked."""

WORDED: dict[NoticeKind, Worded] = {
    **dict.fromkeys(_VIEWED, _exemption),
    NoticeKind.EXEMPTION_CHASED: _chased,
    NoticeKind.EXEMPTION_STUCK: _stuck,
}
UPDATES: dict[str, Worded] = {"E-": _update}
