"""Whatever people, the clock and the database do, in any order: no alert is lost (invariant I4), nobody is told twice
for one step of the ladder, nothing leaves Category 1 in silence, and a child stands on the tracker once."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select, update

from domain.alerts import Seat
from domain.concern_rules import Tier
from domain.concern_workflow import Command
from domain.concerns import Category, Concern, Wanted
from domain.errors import CommitUnknown, DomainError
from domain.people import Person
from domain.usecases import concerns as usecases
from storage import tables
from storage.unit_of_work import SqlStore
from tests.alerting.desk import CHILD, FRIDAY, HELEN, MONA, WILL, Desk, a_desk
from tests.alerting.losing import Losing
from tests.builders import DANA, DCS, PRIYA, QUINN, RUTH, SAM, TOM

T = TypeVar("T")
EVERYBODY = (TOM, PRIYA, DANA, SAM, RUTH, DCS, HELEN, WILL, MONA, QUINN)
COME_AND_GO = (DANA, SAM, RUTH, DCS, HELEN, WILL)
CHILDREN = (CHILD, "C10501", "C10700")
RUNGS, ROUND = (0, 15, 30, 45, 60), 75
ALERTS = ("concern.alert", "concern.climbed", "concern.nobody")
ONE, TWO = Category.ONE, Category.TWO
QUIET = ("concern.climb", "concern.remind", "concern.seen", "concern.viewed")
"""What leaves the version as it is."""


@dataclass(frozen=True)
class Seen:
    """A record as it stands, and when the database says that its alert is due next."""

    concern: Concern
    next_at: datetime | None


class Machine(RuleBasedStateMachine):
    template: Path
    """A database in which the council stands."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = TemporaryDirectory()
        self.before: Mapping[str, Seen] = {}
        self.events: Counter[tuple[str, str]] = Counter()
        """Steps that told somebody, by alert."""
        self.told: set[tuple[str, ...]] = set()
        self.newest = 0
        self.latest = FRIDAY

    def run(self, work: Awaitable[T]) -> T:
        async def done() -> T:
            return await work

        return self.loop.run_until_complete(done())

    def tried(self, work: Awaitable[Any]) -> None:
        """Refused or lost is an answer too; anything else is a fault."""
        with suppress(DomainError):
            self.run(work)

    @initialize()
    def begins(self) -> None:
        file = Path(self.folder.name) / "audits.db"
        shutil.copyfile(self.template, file)
        self.url = f"sqlite:///{file}"
        self.desk = Desk(Losing(self.url))

    @property
    def store(self) -> Losing:
        assert isinstance(self.desk.store, Losing)
        return self.desk.store

    # what people do

    @rule(
        who=st.sampled_from(EVERYBODY),
        child=st.sampled_from(CHILDREN),
        category=st.sampled_from(["1", "2", "unsure"]),
    )
    def somebody_raises(self, who: Person, child: str, category: str) -> None:
        had = self._times_raised()
        try:
            self.run(self.desk.raises(who, child, category))
        except CommitUnknown:
            assert self._times_raised() - had in (0, 1), (
                "three times nobody heard of it: done or not, but once"
            )
        except DomainError:
            assert self._times_raised() == had
        else:
            assert self._times_raised() == had + 1

    @rule(who=st.sampled_from(EVERYBODY), number=st.integers(1, 4))
    def somebody_acknowledges(self, who: Person, number: int) -> None:
        self.tried(self.desk.acknowledges(who, f"C-{number}"))

    @rule(number=st.integers(1, 4))
    def those_asked_acknowledge(self, number: int) -> None:
        for who in (DANA, SAM, RUTH, DCS):
            self.tried(self.desk.acknowledges(who, f"C-{number}"))

    @precondition(lambda self: self.before)
    @rule(
        command=st.sampled_from(sorted(usecases.GIVEN)),
        who=st.sampled_from(EVERYBODY),
        number=st.integers(1, 4),
        wanted=st.sampled_from(Wanted),
        category=st.sampled_from(Category),
        evidence=st.sampled_from(["", "Seen on Thursday."]),
        team=st.sampled_from(["Northgate", "Eastfield"]),
    )
    def somebody_takes_a_step(self, command: Command, who: Person, number: int, **said: Any) -> None:
        if f"C-{number}" in self.before:
            self.tried(self.desk.does(who, command, f"C-{number}", **said))

    @precondition(lambda self: self.before)
    @rule(number=st.integers(1, 4), wanted=st.sampled_from(Wanted), signed=st.booleans())
    def it_goes_to_the_director(self, number: int, wanted: Wanted, signed: bool) -> None:
        """What a walk at random seldom finds: the whole way out."""
        if f"C-{number}" not in self.before:
            return
        said = {"wanted": wanted, "evidence": "Seen on Thursday."}
        for head in (DANA, SAM):
            self.tried(self.desk.does(head, Command.SUBMIT, f"C-{number}", **said))
        self.tried(self.desk.does(RUTH, Command.SIGN_OFF if signed else Command.REFUSE, f"C-{number}"))

    @rule(who=st.sampled_from(COME_AND_GO), gone=st.booleans())
    def somebody_leaves_or_comes_back(self, who: Person, gone: bool) -> None:
        people = tables.people
        last = (
            update(people).where(people.c.id == who.id).values(active_to=date(2026, 1, 1) if gone else None)
        )
        kept, self.store.lost = self.store.lost, []
        self.run(self.store.bulk(lambda c: c.execute(last)))
        self.store.lost = kept

    # what time and machines do

    @rule(minutes=st.sampled_from([1, 14, 15, 16, 31, 75, 200, 1500]), ticks=st.booleans())
    def time_passes(self, minutes: int, ticks: bool) -> None:
        self.desk.later(minutes=minutes)
        if ticks:
            self.the_clock_ticks()

    @rule(minutes=st.sampled_from([1, 20, 90]))
    def the_clock_steps_back(self, minutes: int) -> None:
        self.desk.later(minutes=-minutes)

    @rule(how=st.lists(st.sampled_from(["done", "not done"]), min_size=1, max_size=4))
    def commits_will_be_lost(self, how: list[str]) -> None:
        self.store.lost = how

    @rule()
    def the_program_restarts(self) -> None:
        self.run(self.store.close())
        self.desk.store = Losing(self.url)

    @rule()
    def the_clock_ticks(self) -> None:
        lossy = bool(self.store.lost)
        due = [ref for ref, seen in self.before.items() if seen.next_at and seen.next_at <= self.desk.now]
        was = self.newest
        with suppress(ExceptionGroup):
            self.run(self.desk.climbs())
        with suppress(ExceptionGroup):
            self.run(self.desk.reminds())
        after = self._look()
        if lossy:
            return
        told = {row.subject for row in self._rows_since(was) if row.kind in ALERTS}
        assert told == set(due), "what was due is told to somebody, and nothing else"
        for ref in due:
            next_at = after[ref].next_at
            assert next_at is not None
            assert next_at > self.desk.now, "and the next step lies ahead"

    # what must hold

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "desk"):
            return
        after = self._look()
        for ref, seen in after.items():
            self._i4(seen)
            self._two_acknowledged(seen.concern)
            self._kept(ref, seen)
            if ref in self.before:
                self._no_silent_way_out(ref, self.before[ref].concern, seen.concern)
        on_tracker = Counter(
            seen.concern.child_ref.casefold() for seen in after.values() if seen.concern.state.open
        )
        assert all(times == 1 for times in on_tracker.values()), on_tracker
        self._told_by_the_ladder(after)
        self.before = after

    def _i4(self, seen: Seen) -> None:
        concern, alert = seen.concern, seen.concern.alert
        if concern.category is ONE and concern.state.open:
            assert alert is not None
            assert (seen.next_at is not None) == (set(alert.seats) != set(Seat)), (
                "acknowledged, or still climbing"
            )
        else:
            assert (alert, seen.next_at) == (None, None)

    def _two_acknowledged(self, concern: Concern) -> None:
        """Nobody takes both seats, nor one from above, before it has climbed to them."""
        seats = list(concern.alert.seats.values()) if concern.alert else []
        steps = concern.alert.steps if concern.alert else 0
        for given in seats:
            assert {Tier.DCS: 4, Tier.HEAD_OF_QUALITY: 5}.get(given.tier, 0) <= steps, given
        if len(seats) == len({given.by.by_id for given in seats}):
            return
        above = {Tier.DCS, Tier.HEAD_OF_QUALITY} & {given.tier for given in seats}
        director = {(given.tier, given.by.for_id) for given in seats} == {(Tier.DIRECTOR, None)}
        assert above or director, seats

    def _no_silent_way_out(self, ref: str, was: Concern, now: Concern) -> None:
        if was.alert is not None and now.alert is not None and was.alert.number == now.alert.number:
            assert was.alert.seats.items() <= now.alert.seats.items(), "who acknowledged stays in the record"
            assert now.alert.steps >= was.alert.steps
        left = was.category is ONE and was.state.open and (now.category is TWO or not now.state.open)
        if left:
            new = self.run(self.desk.history(ref))[was.version :]
            ways = {line.command for line in new}
            assert "sign_off" in ways or ("settle" in ways and was.unsure), ways

    def _kept(self, ref: str, seen: Seen) -> None:
        """Each version has its line of the timeline and its entry in the trail (invariant I3)."""
        history = self.run(self.desk.history(ref))
        trail = [action for action in self.run(self.desk.trail(ref)) if action.startswith("concern.")]
        entries = [action.removeprefix("concern.") for action in trail if action not in QUIET]
        assert [line.command for line in history] == entries
        assert len(history) == seen.concern.version

    def _told_by_the_ladder(self, after: Mapping[str, Seen]) -> None:
        self.latest = max(self.latest, self.desk.now)
        for row in self._rows_since(self.newest):
            self.newest = row.id
            if row.kind in ALERTS:
                number, step, _ = row.notice_key.split("|")[2].split(".")
                one = (row.subject, number, step, str(row.person_id))
                assert one not in self.told, "nobody is told twice for one step"
                if not any(key[:3] == one[:3] for key in self.told):
                    self.events[row.subject, number] += 1
                self.told.add(one)
        for ref, seen in after.items():
            alert = seen.concern.alert
            if alert is not None:
                assert self.events[ref, str(alert.number)] <= _due_until(alert.since, self.latest)

    # how it stands

    def _look(self) -> dict[str, Seen]:
        table = tables.concerns
        rows = self.run(self.desk.rows(select(table.c.id, table.c.alert_next_at).order_by(table.c.id)))
        return {
            f"C-{row.id}": Seen(self.run(self.desk.concern(f"C-{row.id}")), row.alert_next_at) for row in rows
        }

    def _times_raised(self) -> int:
        raised = tables.concern_steps.c.command.in_(["raise", "raise_again"])
        return len(self.run(self.desk.rows(select(tables.concern_steps.c.id).where(raised))))

    def _rows_since(self, number: int) -> list[Any]:
        box = tables.outbox
        return self.run(self.desk.rows(select(box).where(box.c.id > number).order_by(box.c.id)))

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.run(self.store.close())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()
        self.folder.cleanup()


def _due_until(since: datetime, latest: datetime) -> int:
    """How many steps the ladder has in that time, counted on its own."""
    if latest < since:
        return 0
    rounds, within = divmod(int((latest - since).total_seconds() // 60), ROUND)
    return rounds * len(RUNGS) + sum(rung <= within for rung in RUNGS)


@pytest.fixture(scope="module")
def settled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The council stands in it; Will stands in for Dana and Ruth, and Dana for Ruth."""
    file = tmp_path_factory.mktemp("machine") / "audits.db"
    shutil.copyfile(sqlite_template, file)

    async def settle_in() -> None:
        store = SqlStore(f"sqlite:///{file}")
        desk = await a_desk(store)
        for deputy, principal in ((WILL, DANA), (WILL, RUTH), (DANA, RUTH)):
            await desk.stands_in(deputy, principal, date(2026, 11, 1), date(2026, 12, 31))
        await store.close()

    asyncio.run(settle_in())
    return file


def test_no_alert_is_ever_lost(settled: Path) -> None:
    class OnTheCouncil(Machine):
        template = settled

    case = OnTheCouncil.TestCase
    case.settings = settings(
        max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    case().runTest()


def test_the_machines_own_count_of_the_ladder() -> None:
    since = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    counted = [_due_until(since, since + timedelta(minutes=m)) for m in (-1, 0, 14, 15, 60, 74, 75, 150)]
    assert counted == [0, 1, 1, 2, 5, 5, 6, 11]
