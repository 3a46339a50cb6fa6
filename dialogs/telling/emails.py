"""What goes by e-mail where Teams does not take an alert, worded when it is sent, from the state as it is then."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from dialogs.neutral import one_line
from dialogs.telling.base import Sending
from dialogs.words import emails as say
from domain.calendar import local_date
from domain.concerns import PREFIX, Concern
from domain.errors import NotAllowed, NotFound
from domain.notices import NoticeKind
from domain.people import PersonId
from domain.policy import Policy
from domain.ports import CycleStore
from domain.usecases.concern_access import load, require_view, standing


@dataclass(frozen=True, slots=True)
class Email:
    """Plain text. `climbing`: the alert still looks for somebody, so that no failure is the last word."""

    address: str
    subject: str
    text: str
    climbing: bool


Written = Callable[[Sending, Concern], Email | None]


async def render(
    store: CycleStore, policy: Policy, kind: str, subject: str, person_id: PersonId, now: datetime
) -> Email | None:
    """None where nothing is left to say: a repetition that was acknowledged meanwhile, somebody who has left, who may
    no longer see it, or who has acknowledged it."""
    async with store.reading() as uow:
        reader = await uow.people.actor_of(person_id)
    if reader is None or not reader.person.active_on(local_date(now)):
        return None
    sending = Sending(store, policy, reader, NoticeKind(kind), subject, now)
    if not subject.startswith(PREFIX):
        return _other(sending)
    if sending.kind is NoticeKind.CONCERN_NOT_OF_CHILD:
        return _other(sending)  # they may not see it any more, and have to know just that
    try:
        concern = await _visible(sending)
    except (NotAllowed, NotFound):
        return None
    written = WRITTEN.get(sending.kind)
    return written(sending, concern) if written else _other(sending)


async def _visible(sending: Sending) -> Concern:
    """Raises NotAllowed, NotFound. An e-mail shows nothing of the record, so it is no look at it for the trail."""
    async with sending.store.reading() as uow:
        concern = await load(uow, sending.subject)
        require_view(concern, await standing(uow, sending.reader, concern, None, sending.now))
    return concern


def _email(sending: Sending, subject: str, text: str, *, climbing: bool) -> Email:
    return Email(sending.reader.person.email, subject, text, climbing)


def _alert(sending: Sending, concern: Concern) -> Email | None:
    """Whoever answers for the child has to know, though others have acknowledged it; not whoever has done so."""
    alert, ref, texts = concern.alert, concern.ref, sending.policy.texts
    if alert is None or any(seat.by.by_id == sending.reader.id for seat in alert.seats.values()):
        return None
    if not concern.climbing:
        return _email(sending, say.known_subject(ref), say.known(ref, alert.since, texts), climbing=False)
    return _email(sending, say.alert_subject(ref), say.alert(ref, alert.since, texts), climbing=True)


def _climbed(sending: Sending, concern: Concern) -> Email | None:
    return _alert(sending, concern) if concern.climbing else None


def _nobody(sending: Sending, concern: Concern) -> Email | None:
    if concern.alert is None or not concern.climbing:
        return None
    text = say.nobody(concern.ref, concern.alert.since, sending.policy.texts)
    return _email(sending, say.nobody_subject(concern.ref), text, climbing=True)


def _other(sending: Sending) -> Email:
    """An alert about something else: its reference alone."""
    ref = one_line(sending.subject, 40)
    return _email(sending, say.other_subject(ref), say.other(ref, sending.policy.texts), climbing=False)


WRITTEN: dict[NoticeKind, Written] = {
    NoticeKind.CONCERN_ALERT: _alert,
    NoticeKind.CONCERN_CLIMBED: _climbed,
    NoticeKind.CONCERN_NOBODY: _nobody,
}
Rendering = Callable[[str, str, PersonId, datetime], Awaitable[Email | None]]
"""(kind, subject, person, now) → the e-mail."""
