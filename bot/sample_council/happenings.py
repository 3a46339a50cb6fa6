"""What import files cannot tell, played by the council's own people: something waits for everybody in the month."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import count

from bot.sample_council import concerns
from domain.audits import Audit, AuditState, Kind
from domain.calendar import Month, local_date
from domain.errors import DomainError
from domain.exemptions import Command
from domain.people import Actor, PersonId, Role
from domain.policy import Policy
from domain.ports import AuditFilter, CycleStore, Once
from domain.requests import latest_day
from domain.usecases import exemptions, locking, moderation, requests
from domain.usecases.exemption_views import load
from domain.views.moderation import Rework

_LOCKED, _DISPUTED, _SENT_BACK, _SLIPPING, _SWAPS, _EXEMPTIONS = 3, 1, 2, 3, 2, 4
_WHY_SENT_BACK = (
    ((Rework.RATIONALE,), "Please say what the grade rests on: the file shows more than the return."),
    ((Rework.EVIDENCE, Rework.ACTIONS), "Two judgements have no example, and no action follows from them."),
)
_WHY_SLIPPING = (
    "A final hearing was moved into the last week.",
    "The social worker is back only on Monday, and should take part.",
    "Two of us are covering the front door this week.",
)
_DISPUTED_BECAUSE = (
    "Management oversight is on the file since August: I think it was looked for in the wrong place."
)


@dataclass
class _Stage:
    store: CycleStore
    policy: Policy
    now: datetime
    _keys: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def today(self) -> date:
        return local_date(self.now)

    @property
    def once(self) -> Once:
        key = f"sample-council-{next(self._keys)}"
        return Once(key, key)

    async def actor(self, person_id: PersonId) -> Actor:
        async with self.store.reading() as uow:
            actor = await uow.people.actor_of(person_id)
        assert actor is not None
        return actor

    async def the_only(self, role: Role) -> Actor:
        async with self.store.reading() as uow:
            holders = await uow.people.with_role(role, self.today)
        return await self.actor(holders[0].id)

    async def core(self, *states: AuditState) -> list[Audit]:
        """Of the month in progress."""
        month = Month.of(self.today)
        wanted = AuditFilter(months=(month, month), kinds={Kind.CORE}, states=states)
        async with self.store.reading() as uow:
            return (await uow.cycle.find(wanted, limit=1000))[0]


async def play(store: CycleStore, policy: Policy, now: datetime, *, spared: str, seen_by: str) -> int:
    """How many things happened. `spared` is the e-mail of an auditor to whom nothing happens, `seen_by` of a head of
    service whose auditors are the first to ask for more time. What the day does not allow (nothing is returned yet,
    the books are closed) does not happen."""
    stage = _Stage(store, policy, now)
    async with store.reading() as uow:
        person, head = await uow.people.by_email(spared), await uow.people.by_email(seen_by)
    assert person is not None
    assert head is not None
    seen = await stage.actor(head.id)
    acts = [
        *await _judged(stage),
        *await _asked_for_time_and_change(stage, person.id, seen),
        *await _asked_to_be_exempt(stage, person.id, seen),
    ]
    happened = sum([await _happens(act) for act in acts])
    return happened + await concerns.play(store, policy, now, seen, person.id)


_Act = Callable[[], Awaitable[object]]


async def _happens(act: _Act) -> bool:
    try:
        await act()
    except DomainError:
        return False
    return True


async def _judged(stage: _Stage) -> list[_Act]:
    """Sent back by their moderators (the first ones), disputed, confirmed at the third lock."""
    assigned = [a for a in await stage.core(AuditState.RETURNED) if a.moderator_id is not None]
    moderated = await stage.core(AuditState.MODERATED)
    agreed = [a for a in moderated if a.moderated_grade is a.grade]
    changed = [a for a in moderated if a not in agreed] or agreed[-1:]
    head = await stage.the_only(Role.HEAD_OF_QUALITY)
    acts = [await _sent_back(stage, audit, number) for number, audit in enumerate(assigned[:_SENT_BACK])]
    acts += [await _disputed(stage, audit) for audit in changed[:_DISPUTED]]
    confirmed = agreed[: min(_LOCKED, len(agreed) // 2)]
    return [*acts, *(_locked(stage, head, audit) for audit in confirmed)]


async def _sent_back(stage: _Stage, audit: Audit, number: int) -> _Act:
    assert audit.moderator_id is not None
    moderator = await stage.actor(audit.moderator_id)
    why, note = _WHY_SENT_BACK[number % len(_WHY_SENT_BACK)]
    return lambda: moderation.send_back(
        stage.store, stage.policy, moderator, audit.ref, audit.version, why, note, stage.now, stage.once
    )


async def _disputed(stage: _Stage, audit: Audit) -> _Act:
    assert audit.auditor_id is not None
    auditor = await stage.actor(audit.auditor_id)
    return lambda: locking.dispute(
        stage.store, stage.policy, auditor, audit.ref, audit.version, _DISPUTED_BECAUSE, stage.now, stage.once
    )


def _locked(stage: _Stage, head: Actor, audit: Audit) -> _Act:
    return lambda: locking.lock(
        stage.store, stage.policy, head, audit.ref, audit.version, stage.now, stage.once
    )


async def _asked_for_time_and_change(stage: _Stage, spared: PersonId, seen: Actor) -> list[_Act]:
    still_out = [a for a in await stage.core(AuditState.ISSUED) if a.auditor_id not in (None, spared)]
    auditors = [await stage.actor(audit.auditor_id) for audit in still_out if audit.auditor_id is not None]
    pairs = sorted(zip(still_out, auditors, strict=True), key=lambda pair: not _of_service(pair[1], seen))
    slipping, swapping, away = pairs[:_SLIPPING], pairs[_SLIPPING : _SLIPPING + _SWAPS], pairs[-1:]
    acts: list[_Act] = [
        _slips(stage, auditor, audit, number) for number, (audit, auditor) in enumerate(slipping)
    ]
    acts += [_swaps(stage, auditor, audit) for audit, auditor in swapping]
    return [*acts, *(partial(_becomes_exempt, stage, auditor) for _, auditor in away)]


def _of_service(actor: Actor, head: Actor) -> bool:
    return actor.person.team is not None and actor.person.team.service in head.reach.services


def _slips(stage: _Stage, auditor: Actor, audit: Audit, number: int) -> _Act:
    latest = latest_day(audit, stage.today, stage.policy.audits)
    day = min(latest, max(audit.due_on, stage.today) + timedelta(days=2 + number))
    slip = requests.Slip(audit.ref, audit.version, day, _WHY_SLIPPING[number % len(_WHY_SLIPPING)])
    return lambda: requests.ask_slippage(stage.store, stage.policy, auditor, slip, stage.now, stage.once)


def _swaps(stage: _Stage, auditor: Actor, audit: Audit) -> _Act:
    reason, why = stage.policy.reallocations[-2].code, "I was the duty manager when this family came to us."
    return lambda: requests.ask_reallocation(
        stage.store, stage.policy, auditor, audit.ref, audit.version, reason, why, stage.now, stage.once
    )


async def _becomes_exempt(stage: _Stage, auditor: Actor) -> None:
    """After the issue: a child waits for another auditor."""
    why = exemptions.Request(Month.of(stage.today), "ill_health", "Away until further notice.")
    asked = await exemptions.request(stage.store, stage.policy, auditor, why, stage.now, stage.once)
    for command in (Command.ENDORSE, Command.APPROVE):
        async with stage.store.reading() as uow:
            exemption = await load(uow, asked.subject)
        approver = await stage.actor(exemption.approver_id)
        await exemptions.decide(
            stage.store,
            stage.policy,
            approver,
            exemption.ref,
            exemption.version,
            command,
            "",
            stage.now,
            stage.once,
        )


async def _asked_to_be_exempt(stage: _Stage, spared: PersonId, seen: Actor) -> list[_Act]:
    """For the next month, in services other than the one that is looked at: there the demonstration asks."""
    async with stage.store.reading() as uow:
        auditors = await uow.people.with_role(Role.AUDITOR, stage.today)
    asking = [p for p in auditors if p.id != spared and p.team and p.team.service not in seen.reach.services]
    actors = [await stage.actor(person.id) for person in asking[:: len(asking) // _EXEMPTIONS][:_EXEMPTIONS]]
    reasons = [reason.code for reason in stage.policy.exemptions.reasons]
    return [_exempt(stage, actor, reasons[number]) for number, actor in enumerate(actors)]


def _exempt(stage: _Stage, actor: Actor, reason: str) -> _Act:
    wanted = exemptions.Request(Month.of(stage.today).plus(1), reason, "As talked about in supervision.")
    return lambda: exemptions.request(stage.store, stage.policy, actor, wanted, stage.now, stage.once)
