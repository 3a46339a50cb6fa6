"""Whatever the council, its people and their presses: nobody decides on their own, every effect is in the trail once,
and a request has one decision (invariants I2, I3 and I6)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import Month, local_date
from domain.errors import Conflict, DomainError
from domain.exemptions import STANDING, Command, Exemption, State
from domain.people import Delegation, Level, Person, Position, Role, Scope
from domain.ports import TrailEntry
from tests.builders import EAST, NORTH, a_person
from tests.fakes.memory import Memory
from tests.unit.domain.council import WEST, Council

TEAMS = (NORTH, EAST, WEST)
START = datetime(2026, 11, 16, 10, tzinfo=UTC)
MONTHS = (Month(2026, 11), Month(2026, 12))
ROLES = (Role.AUDITOR, Role.HEAD_OF_SERVICE, Role.DIRECTOR, Role.DCS, Role.QA_TEAM, Role.TEAM_MANAGER)
_HEAD = Role.HEAD_OF_SERVICE
_USUALLY = [Role.AUDITOR, Role.AUDITOR, Role.AUDITOR, _HEAD, _HEAD, Role.DIRECTOR, Role.DCS, Role.QA_TEAM]
PEOPLE = range(1, len(_USUALLY) + 1)
TO_DECIDE = (Command.ENDORSE, Command.APPROVE, Command.DECLINE, Command.ASK_BACK)
EFFECTIVE = (Command.APPROVE, Command.DECLINE)


@dataclass(frozen=True)
class Press:
    """One thing that happens. `age`: how many steps before now the card was made; `key`: which activity id."""

    what: str
    who: int
    other: int
    number: int
    command: Command
    age: int
    key: int


_USUAL = [*["ask"] * 4, *["ask_for"] * 2, *["decide"] * 5, *["answer"] * 9]
_WHAT = [*_USUAL, "wait", "wait", "chase", "lapse", "sweep", "change", "double"]


def a_press(chance: Random) -> Press:
    return Press(
        chance.choice(_WHAT),
        chance.choice(PEOPLE),
        chance.choice(PEOPLE),
        chance.randint(1, 4),
        chance.choice(list(Command)),
        chance.choice([0, 0, 0, 1]),
        chance.randint(1, 30),
    )


def a_day(chance: Random) -> date:
    return START.date() + timedelta(days=chance.randint(-6, 9))


def somebody(chance: Random, number: int) -> Person:
    """Mostly a council as it should be; with roles where nobody expects them, leavers, and people of no team."""
    roles = {_USUALLY[number - 1], *chance.choices(ROLES, k=chance.choice([0, 0, 0, 1, 2]))}
    left = a_day(chance) if chance.random() < 0.15 else None
    return a_person(
        number, f"Person {number}", *roles, team=chance.choice([*TEAMS, *TEAMS, None]), active_to=left
    )


def built(chance: Random) -> Council:
    council = Council(now=START)
    council.store.serial = chance.random() < 0.5
    council.has(*(somebody(chance, number) for number in PEOPLE))
    people = council.store.data.people
    for team in TEAMS:
        for at, role in (
            (Position.HEAD_OF_SERVICE, Role.HEAD_OF_SERVICE),
            (Position.DIRECTOR, Role.DIRECTOR),
        ):
            holders = [person for person in people.values() if role in person.roles] or list(people.values())
            named = chance.choice(holders if chance.random() < 0.8 else list(people.values()))
            council.names(team, at, named)
    for number in range(1, chance.randint(1, 8)):
        to, by, today = chance.choice(PEOPLE), chance.choice([4, 5, 6, 7]), START.date()
        scope = chance.choice([Scope.EXEMPTIONS, Scope.ALL, Scope.ALL, Scope.CONCERNS])
        made = Delegation(
            number,
            by,
            to,
            scope,
            today + timedelta(days=chance.randint(-6, 2)),
            today + timedelta(days=chance.randint(-1, 20)),
        )
        council.store.data.delegations[number] = made
    for number in (1, 2, 3):
        council.audit(number=number, auditor_id=number)
    return council


async def happens(council: Council, press: Press) -> None:
    """Refusals and (where writers overlap) conflicts are answers like others."""
    people = council.store.data.people
    try:
        await _happens(council, press, people[press.who], people[press.other])
    except Conflict:
        assert not council.store.serial
    except DomainError:
        return


async def _happens(council: Council, press: Press, who: Person, other: Person) -> None:
    month = MONTHS[press.number % 2]
    if press.what == "ask":
        await council.asks(who, month, explanation="why")
    elif press.what == "ask_for":
        await council.asks(who, month, explanation="why", people=[other])
    elif press.what in ("decide", "answer"):
        await decides(council, press, who)
    elif press.what == "double":
        press_other = replace(press, command=Command.WITHDRAW)
        pair = decides(council, press, who), decides(council, press_other, other)
        await asyncio.gather(*pair, return_exceptions=True)
    elif press.what == "wait":
        council.waits(days=press.number, hours=press.key)
    elif press.what == "change":
        council.changes(who, roles=other.roles, team=other.team)
    else:
        job = {"chase": council.chases, "lapse": council.lapses, "sweep": council.sweeps}[press.what]
        await job()


async def decides(council: Council, press: Press, who: Person) -> None:
    exemption = council.store.data.exemptions.get(press.number)
    if exemption is not None:
        if press.what == "answer" and exemption.state in FITTING:
            who, press = fitting(council, press, exemption)
        seen = max(1, exemption.version - press.age)
        once = council.once(f"{press.key}", f"{who.id} {press.number} {press.command}")
        await council.decides(who, press.command, exemption.ref, "because", seen, once)


FITTING = {
    State.WITH_HEAD_OF_SERVICE: (Command.ENDORSE, Command.ENDORSE, Command.ASK_BACK, Command.DECLINE),
    State.WITH_DIRECTOR: (Command.APPROVE, Command.ASK_BACK, Command.APPROVE, Command.DECLINE),
    State.WITH_DCS: (Command.APPROVE, Command.ASK_BACK, Command.APPROVE, Command.DECLINE),
    State.ASKED_BACK: (Command.ANSWER,) * 4,
}


def fitting(council: Council, press: Press, exemption: Exemption) -> tuple[Person, Press]:
    """The same, but by who is asked (or a deputy, if they chose one) and with a command that the step knows: without
    it, random presses are nearly all refused."""
    number = exemption.approver_id if exemption.state.level else exemption.requested_by_id
    deputies = council.store.data.delegations.values()
    stand_ins = [d.delegate_id for d in deputies if d.delegator_id == number and d.from_day <= START.date()]
    if stand_ins and press.other % 2 == 0:
        number = stand_ins[0]
    command = FITTING[exemption.state][press.who % 4]
    return council.store.data.people[number], replace(press, command=command)


# What must hold after every commit.


def check(council: Council, before: Memory, after: Memory) -> None:
    entries = after.trail[len(before.trail) :]
    assert after.trail[: len(before.trail)] == before.trail
    for number, exemption in after.exemptions.items():
        was = before.exemptions.get(number)
        if exemption != was:
            check_changed(council, before, after, was, exemption, entries)
        else:
            assert not [
                e for e in entries if e.subject == exemption.ref and e.action.startswith("exemption.")
            ]
    for ref, audit in after.audits.items():
        effects = [e for e in entries if e.subject == ref and e.action.startswith("audit.")]
        assert len(effects) == audit.version - before.audits[ref].version
    standing = [(e.person_id, e.month) for e in after.exemptions.values() if e.state in STANDING]
    assert len(standing) == len(set(standing))


def check_changed(
    council: Council,
    before: Memory,
    after: Memory,
    was: Exemption | None,
    now: Exemption,
    entries: Sequence[TrailEntry],
) -> None:
    own = [e for e in entries if e.subject == now.ref and e.action.startswith("exemption.")]
    lines = after.steps[now.id][len(before.steps.get(now.id, ())) :]
    # one entry of the trail and one line of the history for each version, in this commit (I3)
    assert len(own) == len(lines) == now.version - (was.version if was else 0)
    assert [e.action for e in own] == [f"exemption.{line.command}" for line in lines]
    if was is None:
        assert now.approver_id not in (now.person_id, now.requested_by_id)
        return
    assert was.state.open
    for line in lines:
        if line.command in TO_DECIDE:
            check_decider(council, before, was, line.by_id, line.for_id)
    assert now.approver_id not in (now.person_id, now.requested_by_id)
    # the doer is not written to about it
    doers = {line.by_id for line in lines}
    new = [row for key, row in after.queue.items() if key not in before.queue and row.subject == now.ref]
    assert not [row for row in new if row.card_id is None and row.person_id in doers]


def check_decider(
    council: Council, before: Memory, was: Exemption, by_id: int | None, for_id: int | None
) -> None:
    """Whoever decided was asked or stood in, was there, had the role (or stood in for who has), was no party."""
    assert by_id is not None
    assert by_id not in (was.person_id, was.requested_by_id)
    today = local_date(council.now)
    principal = before.people[was.approver_id]
    assert was.approver_id == (by_id if for_id is None else for_id)
    assert principal.holds(_ROLE[was.level], today)
    assert before.people[by_id].active_on(today)
    if for_id is not None:
        assert any(
            (d.delegator_id, d.delegate_id) == (for_id, by_id)
            and d.scope in (Scope.ALL, Scope.EXEMPTIONS)
            and d.from_day <= today <= d.to_day
            for d in before.delegations.values()
        )


_ROLE = {
    Level.HEAD_OF_SERVICE: Role.HEAD_OF_SERVICE,
    Level.DIRECTOR: Role.DIRECTOR,
    Level.DCS: Role.DCS,
}


def check_history(data: Memory) -> None:
    """One decision at most, and nothing after the end (I2); the clock decides nothing."""
    for number, exemption in data.exemptions.items():
        lines = data.steps[number]
        ends = [n for n, line in enumerate(lines) if line.command in (*EFFECTIVE, "withdraw", "lapse")]
        assert ends in ([], [len(lines) - 1])
        assert bool(ends) is not exemption.state.open
        if exemption.state in (State.APPROVED, State.DECLINED):
            assert lines[-1].by_id == exemption.decided_by_id is not None
        if exemption.state is State.LAPSED:
            assert exemption.decided_by_id is None
            assert exemption.decided_at is not None
            assert local_date(exemption.decided_at) > exemption.month.last


async def lives(council: Council, script: Sequence[Press]) -> None:
    seen = council.store.data
    for press in script:
        done = len(council.store.commits)
        await happens(council, press)
        for after in council.store.commits[done:]:
            check(council, seen, after)
            seen = after
    check_history(council.store.data)


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_any_council_on_any_days(seed: int) -> None:
    chance = Random(seed)
    script = [a_press(chance) for _ in range(25)]
    asyncio.run(lives(built(chance), script))
