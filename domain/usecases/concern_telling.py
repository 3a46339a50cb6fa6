"""Who is told of a step of a child of concern, in its own commit, beside the ladder of its alert. Cards that stand are
updated anyway; a new message goes to whoever has the next step, and to whoever must know that something happened."""

from collections.abc import Iterable
from datetime import datetime

from domain.alerts import Answering
from domain.concern_workflow import Command, Done, begun
from domain.concerns import Category, Concern, State
from domain.notices import NoticeKind, concern_notice
from domain.people import PersonId
from domain.ports import CycleWork
from domain.usecases.concern_corrected import raisers, tell_of_the_first
from domain.usecases.concern_next import askers, heads, next_with

_ASKED_NEXT = frozenset(
    {
        Command.ASK_TEAM,
        Command.UPDATE,
        Command.CHALLENGE,
        Command.UPHOLD,
        Command.RECATEGORISE,
        Command.SUBMIT,
        Command.SIGN_OFF,
        Command.REFUSE,
        Command.REOPEN,
        Command.CORRECT,
    }
)
"""After these somebody else has the next step, or has it again."""
_UPWARDS = frozenset({Command.RESPOND, Command.CHALLENGE, Command.SETTLE, Command.PROCEEDINGS})
"""Of these the director hears, where it is a Category 1: it is their oversight."""


async def tell(uow: CycleWork, done: Done, who: Answering, now: datetime) -> None:
    """Never who took the step; nobody twice. An alert that the step began tells by itself."""
    concern, by = done.concern, done.by.by_id if done.by else None
    alerts = begun(done.before, concern)
    asked: tuple[PersonId, ...] = ()
    if done.command in _ASKED_NEXT and concern.state.open and not alerts:
        barred = askers(concern, await uow.concerns.history(concern.id))
        asked = await next_with(uow, concern, who, barred)
    if done.command is Command.CORRECT:
        await tell_of_the_first(uow, done, now)
    known = {*asked, *(_by_alert(who) if alerts else ())}
    others = [*_others(done, who), *(await raisers(uow, concern) if done.command is Command.CORRECT else ())]
    moved = [person for person in others if person not in known]
    await _put(uow, NoticeKind.CONCERN_WAITS, concern, asked, by, now)
    await _put(uow, NoticeKind.CONCERN_MOVED, concern, moved, by, now)


def _by_alert(who: Answering) -> tuple[PersonId, ...]:
    """Whom an alert tells in the same commit, and why."""
    return (*who.head_of_service, *who.director)


def _others(done: Done, who: Answering) -> list[PersonId]:
    """Who is not asked for the next step, and must know."""
    concern, before = done.concern, done.before
    found: list[PersonId] = []
    if done.command in _UPWARDS and Category.ONE in (concern.category, before.category):
        found += who.director
    if done.command in (Command.RECATEGORISE, Command.SIGN_OFF, Command.REFUSE, Command.UPHOLD):
        found += [*heads(who), *([before.asked_by_id] if before.asked_by_id is not None else [])]
    by = done.by.by_id if done.by else None
    if done.command is Command.SUBMIT and by not in who.head_of_service:
        found += who.head_of_service
    removed = not concern.state.open and done.command is Command.RECATEGORISE
    if removed or done.command in (Command.REMOVE, Command.REOPEN, Command.CORRECT, Command.WORSEN):
        found += [*heads(who), *who.director]
    if done.command in (Command.EVIDENCE, Command.UPDATE) and concern.state is not State.WITH_TEAM:
        found += heads(who)
    return found


async def _put(
    uow: CycleWork,
    kind: NoticeKind,
    concern: Concern,
    people: Iterable[PersonId],
    by: PersonId | None,
    now: datetime,
) -> None:
    told = dict.fromkeys(person for person in people if person != by)
    about = str(concern.version)
    await uow.outbox.put([concern_notice(kind, concern.ref, about, person) for person in told], now)
