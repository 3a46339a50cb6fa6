"""What people are told of children of concern: why, then the card of the child."""

from dialogs.cards.concern_corrected import corrected
from dialogs.cards.concerns import by_whom, concern_card
from dialogs.telling.base import Message, Sending, Worded, message, told
from dialogs.words import concern_notices as say
from dialogs.words import concern_own_step as own_step
from dialogs.words import concerns as words
from domain.concern_workflow import Command
from domain.concerns import PREFIX, Category
from domain.errors import NotAllowed
from domain.notices import NoticeKind
from domain.ports import ConcernStep
from domain.usecases import concern_corrected, concern_views
from domain.views.concerns import ConcernView

UNTOLD = frozenset({Command.ACKNOWLEDGE.value})
"""Lines that are not what a message is about, where there is another."""


async def _view(sending: Sending) -> ConcernView:
    return await concern_views.view(
        sending.store, sending.policy, sending.reader, sending.subject, sending.now
    )


def _message(view: ConcernView, lead: str, *, notify: bool) -> Message:
    return message(told(concern_card(view, lead), lead, notify=notify), view.concern.version)


async def alert(sending: Sending) -> Message | None:
    """Said whoever has acknowledged it meanwhile: who answers for the child has to know. Nothing where it has stopped
    being a Category 1."""
    view = await _view(sending)
    if view.concern.alert is None:
        return None
    lead = say.alert(view.concern) if view.concern.climbing else say.acknowledged(view.concern)
    lead += say.why_anew(view.concern, _began(view))
    return _message(view, lead, notify=True)


async def climbed(sending: Sending) -> Message | None:
    """A repetition: nothing once it is acknowledged."""
    view = await _view(sending)
    alert_ = view.concern.alert
    if alert_ is None or not view.concern.climbing:
        return None
    return _message(view, say.climbed(view.concern, alert_.since, view.today), notify=True)


async def raised(sending: Sending) -> Message | None:
    view = await _view(sending)
    return _message(view, say.raised(view.concern), notify=view.concern.category is Category.ONE)


async def waits(sending: Sending) -> Message | None:
    """Nothing where the step lies with somebody else by now."""
    view = await _view(sending)
    if sending.reader.id not in view.next_with:
        return None
    return _message(view, say.waits(view.concern, last_step(view)), notify=True)


async def moved(sending: Sending) -> Message | None:
    view = await _view(sending)
    return _message(view, say.moved(view.concern, last_step(view)), notify=False)


def last_step(view: ConcernView) -> str:
    """The last one that was taken, and by whom; its words stand on the card."""
    line = next((line for line in reversed(view.steps) if line.command not in UNTOLD), None)
    if line is None or line.command not in words.STEP:
        return words.state(view.concern)
    return say.step_told(view.concern, line, by_whom(view, line))


def _began(view: ConcernView) -> ConcernStep | None:
    """The step with which this alert began, where it is not the first."""
    number = str(view.concern.alert.number) if view.concern.alert else ""
    return next((line for line in view.steps if line.facts.get("alert") == number), None)


async def overdue(sending: Sending) -> Message | None:
    view = await _view(sending)
    if not view.concern.state.open:
        return None
    return _message(view, say.overdue(view.concern, view.today), notify=True)


async def nobody(sending: Sending) -> Message | None:
    """Nothing where somebody was alerted since, and has acknowledged it."""
    view = await _view(sending)
    concern = view.concern
    if not concern.state.open or (concern.alert is not None and not concern.climbing):
        return None
    not_alerted = say.OLD_IMPORT if concern.category is Category.ONE else say.OTHER_CATEGORY
    return _message(view, say.NOBODY if concern.climbing else not_alerted, notify=True)


async def updated(sending: Sending) -> Message | None:
    try:
        view = await _view(sending)
    except NotAllowed:
        return await _instead(sending)
    return message(told(concern_card(view, own_step.done(view)), notify=False), view.concern.version)


async def _instead(sending: Sending) -> Message:
    """In the place of a card whose reader saw it as another child's, or another team's. Raises NotAllowed."""
    found = await concern_corrected.was_about(sending.store, sending.reader, sending.subject, sending.now)
    return message(told(corrected(found), notify=False), found.version)


async def not_of_child(sending: Sending) -> Message:
    """Raises NotAllowed for somebody who may see it again: then their card says how it stands."""
    found = await concern_corrected.was_about(sending.store, sending.reader, sending.subject, sending.now)
    return message(told(corrected(found), notify=True))


WORDED: dict[NoticeKind, Worded] = {
    NoticeKind.CONCERN_ALERT: alert,
    NoticeKind.CONCERN_CLIMBED: climbed,
    NoticeKind.CONCERN_RAISED: raised,
    NoticeKind.CONCERN_WAITS: waits,
    NoticeKind.CONCERN_MOVED: moved,
    NoticeKind.CONCERN_OVERDUE: overdue,
    NoticeKind.CONCERN_NOBODY: nobody,
    NoticeKind.CONCERN_NOT_OF_CHILD: not_of_child,
}
UPDATES: dict[str, Worded] = {PREFIX: updated}
