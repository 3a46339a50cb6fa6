"""The clock tells who is asked, and who is above them, that a child of concern waits (domain, section 5)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from domain.alerts import Answering
from domain.calendar import local_date
from domain.concern_reminders import Overdue, overdue
from domain.concern_workflow import Command, apply
from domain.concerns import Concern, State
from domain.lanes import Lane
from domain.notices import NoticeKind, concern_notice
from domain.people import PersonId
from domain.policy import Policy
from domain.ports import CycleStore, CycleWork
from domain.usecases.alerting import AT_ONCE, one_by_one
from domain.usecases.concern_access import answering, load
from domain.usecases.concern_next import askers, first_of, heads, next_with, qa_team
from domain.usecases.concern_steps import entry


async def remind_open(store: CycleStore, policy: Policy, now: datetime) -> int:
    """Each in a commit of its own, and once a day to a person; how many records it was. Raises as
    `alerting.climb_open`."""
    before = now - timedelta(days=policy.concerns.remind_after_working_days)
    async with store.reading() as uow:
        found = await uow.concerns.to_remind(local_date(now), before, limit=AT_ONCE)
    due = [concern.ref for concern in found if overdue(concern, policy, now)]
    return await one_by_one(due, lambda ref: _remind(store, policy, ref, now))


async def _remind(store: CycleStore, policy: Policy, ref: str, now: datetime) -> bool:
    async with store.writing() as uow:
        concern = await load(uow, ref)
        what = overdue(concern, policy, now)
        if what is None:
            return False
        done = apply(concern, Command.REMIND, now=now, rules=policy.concerns, about={"overdue": what.value})
        saved = await uow.concerns.save(done, policy)
        await uow.trail.append(entry(done, saved))
        people = await _people(uow, saved, what, now)
        lane = Lane.ALERT if what is Overdue.URGENT else Lane.DECISION
        kind, day = NoticeKind.CONCERN_OVERDUE, str(local_date(now))
        await uow.outbox.put([concern_notice(kind, ref, day, person, lane) for person in people], now)
        await uow.commit()
        return True


async def _people(uow: CycleWork, concern: Concern, what: Overdue, now: datetime) -> tuple[PersonId, ...]:
    """With their deputies of today; the QA team where nobody is there."""
    who = await answering(uow, concern.team, now)
    if what is Overdue.URGENT:
        found = (*who.head_of_service, *who.director, *who.dcs)
    elif what is Overdue.RESPONSE:
        found = (*heads(who), *who.director)
    else:
        barred = askers(concern, await uow.concerns.history(concern.id))
        found = await next_with(uow, concern, who, barred)
        above = _above(concern, who, found) if what is Overdue.STEP_AGAIN else ()
        found = (*found, *(above or (await qa_team(uow, now) if what is Overdue.STEP_AGAIN else ())))
    told = _once((*found, *who.deputies_of(found)))
    return told or await qa_team(uow, now)


_FROM: dict[State, int] = {State.WITH_TEAM: 0, State.WITH_HEAD_OF_SERVICE: 1, State.IN_PROCEEDINGS: 1}
"""With whom "above" begins, of the head of service, the director and the DCS."""


def _above(concern: Concern, who: Answering, asked: tuple[PersonId, ...]) -> tuple[PersonId, ...]:
    tiers = (who.head_of_service, who.director, who.dcs)
    return first_of(tiers[_FROM.get(concern.state, 2) :], frozenset(asked))


def _once(people: Iterable[PersonId]) -> tuple[PersonId, ...]:
    return tuple(dict.fromkeys(people))
