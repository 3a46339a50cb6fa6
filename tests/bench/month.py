"""A month in progress for the benchmark: some audits handed in and with a moderator, some to be filled in, requests
that wait, a pool, a programme, other kinds of audit, and what each team was audited before."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from domain.calendar import Month, local_date
from domain.kinds import Kind
from domain.people import Actor
from domain.policy import Policy
from domain.ports import Once
from domain.templates import AREA, Asks
from domain.usecases import requests, returns, sampling
from domain.usecases.requests import Slip
from domain.usecases.returns import Filling, NewAction
from storage.unit_of_work import SqlStore
from tests.bench.people import (
    AUDITORS,
    MODERATORS,
    QA_MEMBERS,
    TEAMS,
    account,
    auditor,
    manager,
    moderator,
    qa_member,
)

FILLED_IN = 300
"""Auditors from this one on have handed in, and a moderator has it; those before have not begun."""
SLIPPING = 40
HISTORY_MONTHS, HISTORY = 7, 420
OBSERVATIONS = 40
TEXT = (
    "The plan is clear and says who does what by when. Visits are regular, and the child's wishes are in it. "
    * 3
)


@dataclass(frozen=True, slots=True)
class Judged:
    """An audit that waits for its moderator."""

    ref: str
    version: int
    moderator: int


def ref(n: int) -> str:
    """The core audit of the month of an auditor."""
    return f"A-{n + 1}"


def child(n: int) -> str:
    return f"C{10000 + n}"


def files(folder: Path, now: datetime) -> list[tuple[str, Path]]:
    """Beside the council's own: who else there is, history, other kinds, the programme."""
    month = Month.of(local_date(now))
    people = ["email,name,aad_object_id,roles,team,auditor_from,moderator_from,external"]
    people += [
        f"m{n}@c.example,Moderator {n},{account(moderator(n))},moderator,,,2024-01-01,yes"
        for n in range(MODERATORS)
    ]
    people += [f"q{n}@c.example,QA {n},{account(qa_member(n))},qa_team,,,,no" for n in range(QA_MEMBERS)]
    people += [
        f"t{n}@c.example,Manager {n},{account(manager(n))},team_manager,Team {n},,,no" for n in range(TEAMS)
    ]
    teams = ["team,service,directorate,team_manager"]
    teams += [f"Team {n},Service {n},Directorate {n},t{n}@c.example" for n in range(TEAMS)]
    plan = ["month,kind,expected,theme"]
    for step in range(12):
        plan += [f"{month.plus(step)},observation,40,", f"{month.plus(step)},thematic,6,Neglect"]
    audits = ["audit_ref,month,kind,child_ref,team,auditor,issued_on,returned_on,grade"]
    audits += _history(month)
    children = ["child_ref,team,legal_status"]
    children += [f"H{n},Team {n % TEAMS},child_in_need" for n in range(HISTORY)]
    rows = {"people": people, "teams": teams, "children": children, "programme": plan, "audits": audits}
    written: list[tuple[str, Path]] = []
    for kind, lines in rows.items():
        path = folder / f"{kind}-of-the-month.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        written.append((kind, path))
    return written


def _history(month: Month) -> list[str]:
    found: list[str] = []
    for number in range(HISTORY):
        team, of = number % TEAMS, month.plus(-1 - number % HISTORY_MONTHS)
        days = f"{of.first},{of.first}"
        found.append(
            f"A-{10_000 + number},{of},core,H{number},Team {team},a{(team + 2) % TEAMS}@c.example,{days},good"
        )
    today = month.first
    for n in range(OBSERVATIONS):
        found.append(f"A-{20_000 + n},{month},observation,,Team {n % TEAMS},a{n}@c.example,{today},{today},")
    return found


async def prepare(store: SqlStore, now: datetime) -> list[Judged]:
    """Through the same use cases as in life. Gives what waits for a moderator."""
    judged = [await _handed_in(store, n, now) for n in range(FILLED_IN, AUDITORS)]
    for n in range(SLIPPING):
        wanted = Slip(ref(n), 1, local_date(now) + timedelta(days=9), "Two final hearings.", None)
        actor = await _actor(store, auditor(n))
        await requests.ask_slippage(store, Policy(), actor, wanted, now, Once(f"bench-slip-{n}", "x"))
    return judged


async def _actor(store: SqlStore, number: int) -> Actor:
    async with store.reading() as uow:
        found = await uow.people.actor(account(number))
    assert found is not None
    return found


async def _handed_in(store: SqlStore, n: int, now: datetime) -> Judged:
    policy = Policy()
    actor, qa = await _actor(store, auditor(n)), await _actor(store, qa_member(0))
    filling = Filling(ref(n), child(n), None, 0, answers(policy))
    await returns.save_step(store, policy, actor, filling, now, Once(f"bench-fill-{n}", "x"))
    action = NewAction("Put a date to each step of the plan.", actor.id, local_date(now), wanted=True)
    section = next(
        s.code
        for s in policy.template_of(Kind.CORE).sections
        if any(q.asks is Asks.ACTIONS for q in s.questions)
    )
    adding = Filling(ref(n), child(n), section, 1, {}, action)
    await returns.save_step(store, policy, actor, adding, now, Once(f"bench-act-{n}", "x"))
    async with store.reading() as uow:
        audit = await uow.audits.get(ref(n))
        assert audit is not None
        filled = await uow.returns.get(audit.id)
        assert filled is not None
    await returns.hand_in(store, policy, actor, ref(n), filled.version, now, Once(f"bench-hand-{n}", "x"))
    async with store.reading() as uow:
        audit = await uow.audits.get(ref(n))
        judge = await uow.people.actor(account(moderator(n % MODERATORS)))
        assert audit is not None
        assert judge is not None
    note = "By hand, for the benchmark."
    once = Once(f"bench-name-{n}", "x")
    await sampling.reassign(store, policy, qa, audit.ref, audit.version, judge.id, note, now, once)
    return Judged(audit.ref, audit.version + 1, moderator(n % MODERATORS))


def answers(policy: Policy) -> dict[str, str]:
    """Every question of a core audit answered, with texts of the usual length."""
    template = policy.template_of(Kind.CORE)
    found = {f"{AREA}{code}": "good" for code in template.areas}
    for question in template.questions:
        if question.asks is Asks.TEXT:
            found[question.code] = TEXT
        elif question.asks is Asks.GRADE:
            found[question.code] = "good"
        elif question.asks not in (Asks.AREAS, Asks.ACTIONS):
            found[question.code] = "no" if question.code.startswith("concern") else "yes"
    return found
