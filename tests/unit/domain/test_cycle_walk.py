"""What is done in the month's cycle, and not at one audit (the draw, the pool, the programme, lists that are confirmed
at once, other kinds of audits), is tried by everybody; what is expected is read off the table of permissions."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain.audits import AuditState
from domain.calendar import Month
from domain.drawing import Settings
from domain.errors import DomainError, NotAllowed, OutOfDate
from domain.kinds import Grade, Kind
from domain.people import Actor, Authority, Role, Scope
from domain.permissions import Permission
from domain.ports import Once, Outcome
from domain.programme import Planned
from domain.usecases import (
    activities,
    issuing,
    locking,
    one_child,
    pool,
    programme,
    reaudits,
    sampling,
    uploading,
)
from domain.views.moderation import SampleWish
from storage.unit_of_work import SqlStore
from tests import builders as b
from tests.storage.council import SOUTH, settle
from tests.unit.domain.audit_walk import (
    HEAD_OF_QUALITY,
    NOW,
    OTHER_AUDITOR,
    POLICY,
    RELATIONS,
    ROLES,
    SPOTS,
    TAKER,
    TEAM,
    Spot,
    Trial,
    far,
    stands_in,
)
from tests.unit.domain.walking import Trying, council

MONTH, TODAY = b.NOVEMBER, b.TODAY
NEXT = Month(2026, 12)
SEED = "seed"
QUALITY = Actor(b.a_person(907, "Quality Colleague", Role.QA_TEAM, team=None))
MANAGER = b.a_person(910, "Manager South", Role.SERVICE_MANAGER, team=SOUTH)
AMONG = ("stranger", "answers for the child's team", "answers for the auditor's team",
         "deputy of the head of quality", "left, and was to decide")  # fmt: skip
TRIALS = [
    Trial(role, relation, SPOTS[0]) for relation in RELATIONS if relation.name in AMONG for role in ROLES
]
SOMETHING = [Trial(Role.AUDITOR, RELATIONS[0], spot) for spot in (*SPOTS, Spot(AuditState.RETURNED))]
INADEQUATE = b.an_audit(
    99, team=TEAM, child_ref="C777", month=Month(2026, 9), auditor_id=OTHER_AUDITOR, state=AuditState.UPLOADED,
    grade=Grade.INADEQUATE, issued_on=date(2026, 9, 1), returned_on=date(2026, 9, 20),
)  # fmt: skip
PLANNED = Planned(NEXT, Kind.CORE, 80)


@dataclass(frozen=True)
class Seen:
    """What cards showed before: the draw, the child of a late joiner, the list to confirm."""

    draw: int
    version: int
    digest: str
    one: str
    sample: str


@dataclass(frozen=True)
class Write:
    """`expected` of the tables; `action`: its entry in the trail, `writes` what it changes. `told`: by a message."""

    tries: Callable[[Trying, Trial, Seen, Once], Awaitable[Any]]
    expected: Callable[[Trial], type[DomainError] | None]
    action: str
    writes: str
    told: bool = False


def _with(permission: Permission) -> Callable[[Trial], type[DomainError] | None]:
    return lambda trial: None if far(trial, permission) else NotAllowed


def _locks(trial: Trial) -> type[DomainError] | None:
    return None if far(trial, Permission.MODERATION_LOCK) or stands_in(trial, HEAD_OF_QUALITY) else NotAllowed


def _files(trial: Trial) -> type[DomainError] | None:
    """An auditor's list has their own alone: there is none."""
    if far(trial, Permission.AUDIT_UPLOAD):
        return None
    return OutOfDate if far(trial, Permission.AUDIT_UPLOAD, own=True) else NotAllowed


def _logs(trial: Trial) -> type[DomainError] | None:
    does = trial.role in POLICY.by_kind[Kind.DIP_SAMPLE].done_by
    return None if does and far(trial, Permission.AUDIT_LOG, own=True) else NotAllowed


async def _lock_many(store: Trying, t: Trial, once: Once) -> Outcome:
    async with store.reading() as uow:
        audits = await locking.agreed(uow, Authority(t.who), None, TODAY)
    return await locking.lock_many(store, t.actor, None, locking.digest_of(audits), NOW, once)


async def _upload_many(store: Trying, t: Trial, once: Once) -> Outcome:
    async with store.reading() as uow:
        audits, _ = await uploading.ready(uow, POLICY, QUALITY, None, TODAY)
    return await uploading.upload_many(store, POLICY, t.actor, None, locking.digest_of(audits), NOW, once)


_wish = SampleWish(MONTH, grades=(Grade.GOOD,))
_wanted = issuing.Wanted(MONTH, Kind.CORE, Settings(12))
_dip = activities.Logging(Kind.DIP_SAMPLE, day=TODAY)
_asked = activities.Logging(Kind.PRACTICE_REVIEW, month=NEXT, who=MANAGER.id, child="C777")
_P = Permission
WRITES: dict[str, Write] = {
    "previewing.preview": Write(
        lambda s, t, seen, once: issuing.preview(s, POLICY, t.actor, _wanted, SEED, NOW, once),
        _with(_P.AUDIT_REISSUE), "draw.preview", "draws",
    ),
    "previewing.renew": Write(
        lambda s, t, seen, once: issuing.renew(s, POLICY, t.actor, seen.draw, seen.version, NOW, once),
        _with(_P.AUDIT_REISSUE), "draw.preview", "draws",
    ),
    "issuing.issue": Write(
        lambda s, t, seen, once: issuing.issue(
            s, POLICY, t.actor, seen.draw, seen.version, seen.digest, NOW, once
        ),
        _with(_P.AUDIT_REISSUE), "draw.issue", "audits", told=True,
    ),
    "one_child.one_preview": Write(
        lambda s, t, seen, once: one_child.one_preview(s, POLICY, t.actor, MONTH, TAKER, SEED, NOW, once),
        _with(_P.AUDIT_REISSUE), "draw.preview_one", "answers",
    ),
    "one_child.issue_one": Write(
        lambda s, t, seen, once: one_child.issue_one(s, POLICY, t.actor, MONTH, TAKER, seen.one, NOW, once),
        _with(_P.AUDIT_REISSUE), "audit.issue", "audits", told=True,
    ),
    "pool.say_moderates": Write(
        lambda s, t, seen, once: pool.say_moderates(s, t.actor, MONTH, 901, False, NOW, once),
        _with(_P.POOL_CHANGE), "pool.moderates", "moderating", told=True,
    ),
    "pool.give_role": Write(
        lambda s, t, seen, once: pool.give_role(s, t.actor, TAKER, Role.MODERATOR, TODAY, NOW, once),
        _with(_P.POOL_CHANGE), "pool.give_role", "person_roles", told=True,
    ),
    "pool.add_person": Write(
        lambda s, t, seen, once: pool.add_person(
            s, t.actor, "nia@council.example", "Nia", SOUTH.id, TODAY, NOW, once
        ),
        _with(_P.POOL_CHANGE), "pool.add_person", "people",
    ),
    "pool.take_role": Write(
        lambda s, t, seen, once: pool.take_role(s, t.actor, TAKER, Role.AUDITOR, NOW, once),
        _with(_P.POOL_CHANGE), "pool.take_role", "person_roles", told=True,
    ),
    "programme.save": Write(
        lambda s, t, seen, once: programme.save(s, POLICY, t.actor, replace(PLANNED, version=1), NOW, once),
        _with(_P.PROGRAMME_CHANGE), "programme.set", "programme",
    ),
    "programme.remove": Write(
        lambda s, t, seen, once: programme.remove(s, t.actor, NEXT, Kind.CORE, 1, NOW, once),
        _with(_P.PROGRAMME_CHANGE), "programme.remove", "programme",
    ),
    "sampling.confirm": Write(
        lambda s, t, seen, once: sampling.confirm(s, POLICY, t.actor, _wish, seen.sample, NOW, once),
        _with(_P.MODERATION_ASSIGN), "audit.assign", "audits", told=True,
    ),
    "locking.lock_many": Write(
        lambda s, t, seen, once: _lock_many(s, t, once), _locks, "audit.lock", "audits", told=True
    ),
    "uploading.upload_many": Write(
        lambda s, t, seen, once: _upload_many(s, t, once), _files, "audit.upload", "audits"
    ),
    "activities.log": Write(
        lambda s, t, seen, once: activities.log(s, POLICY, t.actor, _dip, NOW, once),
        _logs, "audit.log", "audits",
    ),
    "activities.ask": Write(
        lambda s, t, seen, once: activities.ask(s, POLICY, t.actor, _asked, NOW, once),
        lambda t: None if far(t, _P.ACTIVITY_ASSIGN, SOUTH) and far(t, _P.ACTIVITY_ASSIGN, TEAM) else NotAllowed,
        "audit.issue", "audits", told=True,
    ),
    "reaudits.assign": Write(
        lambda s, t, seen, once: reaudits.assign(
            s, POLICY, t.actor, INADEQUATE.ref, MANAGER.id, MONTH, "", NOW, once
        ),
        lambda t: None if far(t, _P.ACTIVITY_ASSIGN, TEAM) else NotAllowed,
        "audit.issue", "audits", told=True,
    ),
}  # fmt: skip
IN_TWO = {"activities.none_this_month"}
"""Two commits, each once: tried by a test of its own."""


async def _settled(url: str) -> Seen:
    store = SqlStore(url)
    everybody = council([*TRIALS, *SOMETHING])
    await settle(store, everybody.but(audits=(*everybody.audits, INADEQUATE)).with_people(MANAGER))
    async with store.writing() as uow:
        for deputy in (trial for trial in TRIALS if trial.relation.stands_in):
            await uow.delegations.add(HEAD_OF_QUALITY, deputy.who, Scope.ALL, MONTH.first, MONTH.last)
        await uow.commit()
    await programme.save(store, POLICY, QUALITY, PLANNED, NOW, Once("planned", ""))
    view = await issuing.preview(store, POLICY, QUALITY, _wanted, SEED, NOW, Once("preview", ""))
    one = await one_child.one_preview(store, POLICY, QUALITY, MONTH, TAKER, SEED, NOW, Once("one", ""))
    sample = await sampling.look(store, POLICY, QUALITY, _wish, NOW)
    async with store.reading() as uow:
        draw = await uow.draws.of_month(MONTH, Kind.CORE)
    await store.close()
    assert draw is not None
    assert one.child_ref
    assert sample.assigned
    return Seen(draw.id, draw.version, view.record.digest, one.child_ref, sample.digest)


@pytest.fixture(scope="module")
def walked(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Seen]:
    file = tmp_path_factory.mktemp("cycle") / "audits.db"
    file.write_bytes(sqlite_template.read_bytes())
    with ThreadPoolExecutor(1) as thread:
        return f"sqlite:///{file}", thread.submit(asyncio.run, _settled(f"sqlite:///{file}")).result()


@pytest.fixture
async def trying(walked: tuple[str, Seen]) -> AsyncIterator[Trying]:
    store = Trying(walked[0])
    yield store
    await store.close()


@pytest.mark.parametrize("name", WRITES)
async def test_everybody_tries_what_the_cycle_writes(
    trying: Trying, walked: tuple[str, Seen], name: str
) -> None:
    write, wrong, done = WRITES[name], list[Any](), 0
    for trial in TRIALS:
        once = Once(f"{trial}|{name}", "digest")
        came = await trying.came_to(None, write.tries(trying, trial, walked[1], once))
        should, seen = write.expected(trial), trying.seen
        if isinstance(came, DomainError):
            right = type(came) is should and seen.refused(came)
        else:
            right = should is None and _kept(trying, trial, write)
            done += 1
        if not right:
            wrong.append((str(trial), came, should, seen))
    assert not wrong, (len(wrong), wrong[:12])
    assert done, "somebody may"


def _kept(trying: Trying, trial: Trial, write: Write) -> bool:
    """In one commit, with its entries in the trail, each by who did it."""
    seen = trying.seen
    entries = [entry for entry in seen.entries if entry.action == write.action]
    named = {entry.actor_id for entry in entries} == {trial.who}
    wanted = {write.writes, "answers"} | ({"outbox"} if write.told else set[str]())
    return named and len(seen.commits) == 1 and seen.commits[0] >= wanted


async def test_everybody_says_none_this_month(trying: Trying) -> None:
    """Of the two commits the first is refused to whom may not log one: then there is no second."""
    done = 0
    for trial in TRIALS:
        came = await trying.came_to(
            None,
            activities.none_this_month(
                trying, POLICY, trial.actor, Kind.DIP_SAMPLE, MONTH, "because", NOW, Once(f"{trial}", "none")
            ),
        )
        logged = [entry.actor_id for entry in trying.seen.entries if entry.action == "audit.log"]
        if _logs(trial) is None:
            assert logged == [trial.who], (str(trial), came)
            done += 1
        else:
            assert isinstance(came, NotAllowed), (str(trial), came)
            assert trying.seen.refused(came), (str(trial), trying.seen)
    assert done
