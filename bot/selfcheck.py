"""The dead-man's switch, run: gathers the facts every minute, keeps what was found, and tells the outside that all is
well only while nothing at all was found. `/readyz` and `debug` show the same."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.health import Metrics, Part
from bot.heartbeat import Heartbeat
from dialogs.words import selfcheck as say
from domain import selfcheck
from domain.concerns import Concern
from domain.policy import Policy
from domain.ports import Clock
from domain.selfcheck import Climbing, Facts, Finding, Report, Trouble
from storage import queue_facts
from storage.unit_of_work import SqlStore, SqlUnitOfWork

log: structlog.stdlib.BoundLogger = structlog.get_logger("bot.selfcheck")

EVER = timedelta(days=36_500)
MOST = 200
"""Alerts that climb at the same time and are looked at one by one; the longest waiting first."""
EARLY = timedelta(seconds=5)
"""A tick that comes a moment before the minute is over counts for it."""


class SelfCheck:
    """`mail`: there is a second channel. One for a process."""

    def __init__(
        self,
        store: SqlStore,
        policy: Policy,
        clock: Clock,
        metrics: Metrics,
        heartbeat: Heartbeat | None,
        *,
        mail: bool,
    ) -> None:
        self._store = store
        self._policy = policy
        self._clock = clock
        self._metrics = metrics
        self._heartbeat = heartbeat
        self._mail = mail
        self._began = self._ticked_at = clock()
        self._failed: str | None = None
        self.kept: Report | None = None

    def ticked(self) -> None:
        """A tick's work has been done."""
        self._ticked_at = self._clock()

    async def run_due(self) -> None:
        """At most once a minute; at every tick while something fails, so that it is not red for longer than it has to
        be. Never raises."""
        if self.kept is not None and self._is_recent(self.kept):
            return
        await self.run()
        if self._heartbeat is not None and not self.found():
            self._heartbeat.beat()

    def _is_recent(self, report: Report) -> bool:
        fails = any(finding.trouble.fails for finding in report.findings)
        age = self._clock() - report.at
        return not fails and -EARLY <= age < selfcheck.EVERY - EARLY

    async def run(self) -> Report | None:
        """Looks now; None, and what was found before is kept, where that cannot be done. Never raises."""
        now = self._clock()
        try:
            facts = await gather(self._store, self._policy, now)
        except Exception as error:
            log.exception("self_check_failed")
            self._failed = type(error).__name__
            return None
        self._failed = None
        findings = selfcheck.judge(facts, self._policy.concerns, now)
        self.kept = Report(now, facts, findings, mail=self._mail)
        self._count(self.kept)
        return self.kept

    async def beat_once(self) -> bool:
        """For a process that ends after it: waits for the heartbeat's answer. False where none is due or none heard."""
        if self._heartbeat is None or self.found():
            return False
        return await self._heartbeat.ping()

    def report(self) -> Report | None:
        """As it was found last, and how the clock goes now."""
        if self.kept is None:
            return None
        ticking = self._ticking()
        return Report(self.kept.at, self.kept.facts, (*ticking, *self.kept.findings), mail=self._mail)

    def found(self) -> list[str]:
        """Everything that was found, in a sentence each; empty when all is well."""
        report = self.report()
        if report is None or self._failed:
            return [say.not_looked(self._failed)]
        return [say.finding(finding, mail=self._mail) for finding in report.findings]

    def parts(self) -> Mapping[str, Part]:
        """What `/readyz` asks: what fails, and not what is only unanswered."""
        asked: dict[str, Part] = {part.value: partial(self._fails, part) for part in selfcheck.Part}
        return {**asked, "self_check": self._not_looked}

    async def _fails(self, part: selfcheck.Part) -> str | None:
        report = self.report()
        if report is None:
            found = self._ticking() if part is selfcheck.Part.TICKER else ()
        else:
            found = [finding for finding in report.of(part, failing=True) if not self._inherited(finding)]
        return " ".join(say.finding(finding, mail=self._mail) for finding in found) or None

    def _inherited(self, finding: Finding) -> bool:
        """What waited while no process ran is being sent: no reason to take the one out of service that does it, and
        that people acknowledge with. The heartbeat waits all the same."""
        return finding.trouble in selfcheck.BACKLOG and self._clock() - self._began < selfcheck.GRACE

    async def _not_looked(self) -> str | None:
        return say.not_looked(self._failed) if self._failed else None

    def _ticking(self) -> tuple[Finding, ...]:
        looked_at = self.kept.at if self.kept else self._began
        return selfcheck.ticking(self._ticked_at, looked_at, self._clock())

    def _count(self, report: Report) -> None:
        self._metrics.climbing.set(len(report.facts.climbing))
        for trouble in Trouble:
            number = sum(max(1, len(f.refs)) for f in report.findings if f.trouble is trouble)
            self._metrics.findings.labels(trouble.value).set(number)
        for finding in report.findings:
            log.warning("self_check_found", trouble=finding.trouble.value, refs=list(finding.refs))

    async def settled(self) -> None:
        """When no heartbeat is under way."""
        if self._heartbeat is not None:
            await self._heartbeat.settled()

    async def aclose(self) -> None:
        if self._heartbeat is not None:
            await self._heartbeat.aclose()


async def gather(store: SqlStore, policy: Policy, now: datetime) -> Facts:
    async with store.reading() as uow:
        next_due = await uow.concerns.next_climb_due()
        climbing = [await uow.concerns.get(ref) for ref in await uow.concerns.climb_due(now + EVER, MOST)]
        alerts = [concern for concern in climbing if concern is not None and concern.climbing]
        return await _queue(uow, policy, alerts, next_due, now)


async def _queue(
    uow: SqlUnitOfWork, policy: Policy, alerts: list[Concern], next_due: datetime | None, now: datetime
) -> Facts:
    refs = [concern.ref for concern in alerts]
    before = selfcheck.undelivered_before(now, policy.concerns)
    run = uow.transaction.run
    undelivered = await run(lambda c: queue_facts.undelivered(c, before, refs))
    put = await run(lambda c: queue_facts.put(c, refs)) if refs else {}
    arrived = await run(lambda c: queue_facts.arrived(c, refs)) if refs else {}
    lanes = await run(lambda c: queue_facts.lanes(c, now))
    found = [_climbing(concern, put.get(concern.ref), arrived.get(concern.ref)) for concern in alerts]
    return Facts(next_due, found, undelivered, lanes)


def _climbing(concern: Concern, put: datetime | None, arrived: datetime | None) -> Climbing:
    alert = concern.alert
    assert alert is not None
    heard_at = max(alert.since, *(seat.at for seat in alert.seats.values()), alert.since)
    return Climbing(
        concern.ref,
        alert.since,
        heard_at,
        delivered=arrived is not None and arrived >= alert.since,
        told=alert.steps == 0 or (put is not None and put >= alert.since),
    )
