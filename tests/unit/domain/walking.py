"""A store in which nothing that is tried stays, and which remembers what would have: for walking the use cases."""

import asyncio
import re
import shutil
from collections.abc import Awaitable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import event, insert

from domain.audits import Audit, AuditState
from domain.errors import DomainError, NotAllowed, OutOfDate
from domain.kinds import Kind
from domain.people import Person, Position, Role, Scope
from domain.ports import ChildFacts, Outcome, TrailEntry
from domain.returns import Return, claimed
from domain.usecases import left_out
from storage.database import driver_url
from storage.sqlite import SqliteDatabase
from storage.tables import audit_requests, cards
from storage.unit_of_work import SqlStore, SqlUnitOfWork
from tests import builders as b
from tests.storage.council import SOUTH, Council, settle
from tests.stories.acting import all_answered
from tests.unit.domain import audit_walk as walk

_WRITES = re.compile(r"(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+(\w+)")
KEPT_ANSWER = frozenset({"answers"})


@dataclass
class Seen:
    """What one attempt would have kept: of each commit the tables that it wrote, and its entries in the trail. `audit`
    is the one it was about, where its row was written."""

    commits: list[frozenset[str]] = field(default_factory=list[frozenset[str]])
    entries: list[TrailEntry] = field(default_factory=list[TrailEntry])
    audit: Audit | None = None

    def refused(self, why: DomainError) -> bool:
        """Nothing but the refusal, kept as the answer and in the trail; of what was filled in wrong, nothing at all."""
        if not isinstance(why, NotAllowed | OutOfDate):
            return not self.commits and not self.entries
        return self.commits == [KEPT_ANSWER] and [e.action for e in self.entries] == [f"refused.{why.code}"]


class _Tried(SqlUnitOfWork):
    """Nothing that is tried stays: the next one finds everything as it was."""

    trying: "Trying"

    async def commit(self) -> None:
        trying = self.trying
        trying.seen.commits.append(frozenset(trying.written))
        trying.seen.entries += self.trail.gathered
        if trying.about is not None and "audits" in trying.written:
            trying.seen.audit = await self.audits.get(trying.about)


class Trying(SqlStore):
    """On SQLite: what is written is read off the statements."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._database = database = SqliteDatabase(driver_url(url), 4.0)
        self.seen = Seen()
        self.about: str | None = None
        self.written: set[str] = set()
        event.listen(database.engine, "before_cursor_execute", self._statement)

    def _statement(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found = _WRITES.match(statement)
        if found:
            self.written.add(found[1])

    def writing(self) -> SqlUnitOfWork:
        uow = _Tried(self._database, write=True)
        uow.trying = self
        self.written = set()
        return uow

    async def came_to(self, about: str | None, attempt: Awaitable[Outcome]) -> DomainError | Outcome:
        self.seen, self.about = Seen(), about
        try:
            return await attempt
        except DomainError as refused:
            return refused


# the council that they walk through


def answers() -> dict[str, str]:
    return all_answered(Kind.CORE, "good")


_OTHERS = (
    b.a_person(walk.SPARE, "Spare Moderator", Role.MODERATOR, team=SOUTH),
    b.a_person(walk.OTHER_AUDITOR, "Other Auditor", team=SOUTH),
    b.a_person(walk.OTHER_MODERATOR, "Other Moderator", Role.MODERATOR, team=SOUTH),
    b.a_person(walk.HEAD_OF_QUALITY, "Head of Quality", Role.HEAD_OF_QUALITY, team=None),
    b.a_person(walk.HEAD, "Head of Service", Role.HEAD_OF_SERVICE, team=None),
    b.a_person(walk.TAKER, "Taker Free", team=SOUTH),
    b.a_person(907, "Quality Colleague", Role.QA_TEAM, team=None),
)
_SPARE_CHILDREN = ("C20001", "C20002", "C20003")


def _children(trials: Sequence[walk.Trial]) -> list[ChildFacts]:
    opened = date(2026, 1, 5)
    found = {
        t.audit.child_ref or "": t.who if t.relation.worker else None for t in trials
    }  # by reference, their social worker
    with_audits = [
        ChildFacts(ref, walk.TEAM, "child_in_need", worker, frozenset(), opened, None)
        for ref, worker in found.items()
    ]
    spare = [
        ChildFacts(r, b.NORTH, "child_in_need", None, frozenset(), opened, None) for r in _SPARE_CHILDREN
    ]
    return [*with_audits, *spare]


def council(trials: Sequence[walk.Trial]) -> Council:
    people: dict[int, Person] = {trial.who: trial.person for trial in trials}
    return Council(
        people=(*people.values(), *_OTHERS),
        positions={(SOUTH.id, Position.HEAD_OF_SERVICE): walk.HEAD},
        audits=tuple({trial.audit.ref: trial.audit for trial in trials}.values()),
        children=_children(trials),
    )


async def settled(url: str, trials: Sequence[walk.Trial]) -> None:
    """With a return of each audit, requests about it, a card that shows it, and everybody's deputies."""
    store = SqlStore(url)
    await settle(store, council(trials))
    by_audit = {trial.audit.ref: trial for trial in trials}
    async with store.writing() as uow:
        for trial in by_audit.values():
            await uow.returns.save(_return_of(trial.audit))
        for trial in {t.who: t for t in trials if t.relation.stands_in}.values():
            head = trial.relation.stands_in
            assert head is not None
            await uow.delegations.add(head, trial.who, Scope.ALL, date(2026, 11, 1), date(2026, 11, 30))
        await left_out.record_drawn(
            uow, b.NOVEMBER, Kind.CORE, walk.HEAD_OF_QUALITY, walk.NOW, named=1, left_out=1
        )
        requests = [row for trial in by_audit.values() for row in _requests_of(trial)]
        await uow.transaction.run(lambda c: c.execute(insert(audit_requests), requests))
        shown = [_card_of(trial.audit) for trial in by_audit.values()]
        await uow.transaction.run(lambda c: c.execute(insert(cards), shown))
        await uow.commit()
    await store.close()


def _return_of(audit: Audit) -> Return:
    template = walk.POLICY.template_of(audit.kind)
    back = audit.state not in (AuditState.ISSUED, AuditState.FREED)
    filled = Return(audit.id, audit.ref, template, answers(), handed_in_at=walk.NOW if back else None)
    return claimed(replace(filled, saved_at=walk.NOW), audit)


def _requests_of(trial: walk.Trial) -> list[dict[str, Any]]:
    common: dict[str, Any] = {
        "audit_id": trial.audit.id,
        "asked_by_id": trial.asker,
        "asked_at": walk.NOW,
        "explanation": "A hearing",
        "state": "open",
        "note": "",
        "version": 1,
    }
    number = 2 * trial.audit.id
    wanted = date(2026, 12, 2)
    more_time = common | {"id": number, "wish": "slippage", "reason": "", "wanted_on": wanted}
    change = common | {"id": number + 1, "wish": "reallocation", "reason": "own_team", "wanted_on": None}
    return [more_time, change] if trial.spot.change_asked else [more_time]


def _card_of(audit: Audit) -> dict[str, Any]:
    return {
        "subject": audit.ref,
        "kind": "audit.issued",
        "person_id": walk.OTHER_AUDITOR,
        "conversation_id": f"a:{audit.ref}",
        "message_id": "1",
        "shown_version": 0,
    }


def settled_url(template: Path, file: Path, trials: Sequence[walk.Trial]) -> str:
    """One database for all of it: nothing that is tried stays."""
    shutil.copyfile(template, file)
    url = f"sqlite:///{file}"
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, settled(url, trials)).result()
    return url
