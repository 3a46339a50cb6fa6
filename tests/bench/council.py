"""A council for the benchmark: enough auditors that no conversation meets the platform's own limits."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.calendar import Month, local_date
from domain.exemptions import Command
from domain.policy import Policy
from domain.ports import Once
from domain.usecases import exemptions
from storage.imports.run import Import
from storage.schema import upgrade
from storage.unit_of_work import SqlStore
from tests.bench import month
from tests.bench.people import AUDITORS, DIRECTORS, account, auditor, director


def _files(folder: Path, now: datetime) -> list[tuple[str, Path]]:
    of = Month.of(local_date(now))
    teams = ["team,area,service,directorate,head_of_service,director"]
    people = ["email,name,aad_object_id,roles,team,auditor_from"]
    children = ["child_ref,team,legal_status"]
    audits = ["audit_ref,month,kind,child_ref,team,legal_status,auditor,issued_on"]
    for team in range(DIRECTORS):
        teams.append(
            f"Team {team},Area {team % 4},Service {team},Directorate {team},h{team}@c.example,d{team}@c.example"
        )
        people.append(f"h{team}@c.example,Head {team},{account(100 + team)},head_of_service,Team {team},")
        people.append(f"d{team}@c.example,Director {team},{account(director(team))},director,,")
    for n in range(AUDITORS):
        team, other = n % DIRECTORS, (n + 1) % DIRECTORS
        people.append(f"a{n}@c.example,Auditor {n},{account(auditor(n))},auditor,Team {team},2024-01-01")
        children.append(f"C{10000 + n},Team {other},child_in_need")
        audits.append(
            f"A-{n + 1},{of},core,C{10000 + n},Team {other},child_in_need,a{n}@c.example,{of.first}"
        )
    written: list[tuple[str, Path]] = []
    for kind, lines in {"teams": teams, "people": people, "children": children, "audits": audits}.items():
        path = folder / f"{kind}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        written.append((kind, path))
    return written


async def _import(store: SqlStore, files: list[tuple[str, Path]], now: datetime) -> None:
    for kind, path in files:
        report = await Import(kind, path, Policy(), now=now).run(store)
        if report.refused:
            raise SystemExit(f"{path.name} was refused: {report}")


async def _endorsed(store: SqlStore, number: int, now: datetime) -> tuple[str, int, int]:
    """One request that waits for the director: its reference, version, and the director's account."""
    following = Month.of(local_date(now)).plus(1)
    team = number % DIRECTORS
    async with store.reading() as uow:
        who = await uow.people.actor(account(auditor(number)))
        head = await uow.people.actor(account(100 + team))
    assert who is not None
    assert head is not None
    wanted = exemptions.Request(following, "statutory_work", "A final hearing on two days of that week.")
    made = await exemptions.request(store, Policy(), who, wanted, now, Once(f"bench-ask-{number}", "x"))
    args = (made.subject, 1, Command.ENDORSE, "", now)
    await exemptions.decide(store, Policy(), head, *args, Once(f"bench-endorse-{number}", "x"))
    return made.subject, 2, director(team)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What can be decided: exemptions (reference, version, the director's account), and audits to moderate."""

    exemptions: list[tuple[str, int, int]]
    judged: list[month.Judged]


async def _build(url: str, folder: Path, approvals: int) -> Waiting:
    now = datetime.now(UTC) - timedelta(minutes=5)
    store = SqlStore(url)
    try:
        await _import(store, _files(folder, now) + month.files(folder, now), now)
        judged = await month.prepare(store, now)
        return Waiting([await _endorsed(store, number, now) for number in range(approvals)], judged)
    finally:
        await store.close()


def build(url: str, folder: Path, approvals: int) -> Waiting:
    """A database with AUDITORS audits of this month, some of them handed in, and so many exemptions that wait for a
    director."""
    upgrade(url)
    return asyncio.run(_build(url, folder, approvals))
