"""Teams' rate limits, kept on our side, with the urgent overtaking everything that waits.

The platform counts arrivals; we know only when a request left and when its answer came. So a request holds its place
in every window until its answer, and its window starts there: whatever the network did in between, the platform can
never see more than the limit. (Teams documentation, "Optimize your bot with rate limiting", per thread and per tenant.)
"""

import asyncio
import heapq
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from bot.turns import TryAgain
from domain.lanes import Lane

Windows = tuple[tuple[int, float], ...]
"""Pairs of (how many, in how many seconds)."""

SENDS: Windows = ((7, 1.0), (8, 2.0), (60, 30.0), (1_800, 3_600.0))
ROSTER_READS: Windows = ((14, 1.0), (16, 2.0), (120, 30.0), (3_600, 3_600.0))
DEFAULT_RATE = 50
LONGEST_KNOWN_WAIT = 10.0
_SMALLEST_SHARED = 5
_RESERVED_SHARE = 25
_SWEEP_EVERY = 1_024


def allowed(limit: int, lane: Lane) -> int:
    """How much of a limit a lane may use up: the last places are kept for replies, the very last for alerts."""
    if limit < _SMALLEST_SHARED:
        return limit
    reserve = max(1, limit // _RESERVED_SHARE)
    if lane == Lane.ALERT:
        return limit
    return limit - reserve if lane < Lane.NUDGE else limit - 2 * reserve


class Meter:
    """What one limit has seen: requests under way, and when the latest were answered."""

    __slots__ = ("_windows", "answered", "under_way")

    def __init__(self, windows: Windows) -> None:
        self._windows = windows
        self.under_way = 0
        self.answered: list[float] = []

    def free_at(self, now: float, lane: Lane) -> float:
        """The earliest moment at which one more may leave: `now`, later, or infinity (an answer must come first)."""
        earliest = now
        for limit, seconds in self._windows:
            room = allowed(limit, lane) - self.under_way
            if room <= 0:
                return float("inf")
            if len(self.answered) >= room:
                earliest = max(earliest, self.answered[-room] + seconds)
        return earliest

    def start(self) -> None:
        """A request leaves."""
        self.under_way += 1

    def finish(self, now: float) -> None:
        """Its answer came, or it failed."""
        self.under_way -= 1
        self.answered.append(now)
        most = max(limit for limit, _ in self._windows)
        if len(self.answered) > 2 * most:
            del self.answered[:-most]

    def withdraw(self) -> None:
        """It never left after all."""
        self.under_way -= 1

    def idle(self, now: float) -> bool:
        """Whether forgetting it changes nothing."""
        longest = max(seconds for _, seconds in self._windows)
        return not self.under_way and (not self.answered or self.answered[-1] + longest <= now)


@dataclass(order=True, slots=True)
class _Waiter:
    lane: Lane
    number: int
    patience: float = field(compare=False)
    thread: "_Thread" = field(compare=False)
    granted: "asyncio.Future[None]" = field(compare=False)


class _Thread:
    """One conversation's limit and those who wait for it."""

    __slots__ = ("key", "meter", "parked", "timer")

    def __init__(self, key: str, windows: Windows) -> None:
        self.key = key
        self.meter = Meter(windows)
        self.parked: list[_Waiter] = []
        self.timer: asyncio.TimerHandle | None = None


class Throttle:
    """Admits requests under the limits of their conversation and of the tenant: lower lane first, then first come.

    `rate` is the tenant's limit a second. Bulk lanes (nudge, digest) leave evenly spaced instead of in a burst, so
    that a place is always about to come free for an alert. Time is the running loop's.
    """

    def __init__(self, rate: int = DEFAULT_RATE) -> None:
        if rate < 1:
            raise ValueError("the rate limit must be at least 1 a second")
        self._tenant = Meter(((rate, 1.0),))
        self._spacing = 1.0 / allowed(rate, Lane.NUDGE)
        self._next_bulk = 0.0
        self._numbers = count()
        self._threads: dict[str, _Thread] = {}
        self._ready: dict[Lane, list[_Waiter]] = {lane: [] for lane in Lane}
        self._paused: dict[Lane, float] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._since_sweep = 0

    def __len__(self) -> int:
        """How many conversations are remembered at the moment."""
        return len(self._threads)

    @asynccontextmanager
    async def place(
        self, key: str, windows: Windows, lane: Lane, patience: float = 0
    ) -> AsyncGenerator[None]:
        """A place for one request, held until the block ends.

        Raises TryAgain at once where the wait is known to be longer than `patience` (but at least 10) seconds:
        the lane is paused, or the conversation has used up its hour.
        """
        waiter = self._join(key, windows, lane, max(patience, LONGEST_KNOWN_WAIT))
        try:
            await waiter.granted
        except asyncio.CancelledError:
            if _was_granted(waiter):
                self._leave(waiter, Meter.withdraw)
            raise
        try:
            yield
        finally:
            now = _now()
            self._leave(waiter, lambda meter: meter.finish(now))

    def pause(self, lane: Lane, seconds: float) -> None:
        """Nothing of this lane leaves for so long (the platform said "slow down"); other lanes are unharmed."""
        until = _now() + max(0.0, seconds)
        if until <= self._paused.get(lane, 0.0):
            return
        self._paused[lane] = until
        queues = [self._ready[lane], *(thread.parked for thread in self._threads.values() if thread.parked)]
        for waiter in [waiter for queue in queues for waiter in queue]:
            if waiter.lane == lane and waiter.patience < seconds and not waiter.granted.done():
                waiter.granted.set_exception(TryAgain("the platform asked this lane to wait", seconds))
        self._pump()

    def _join(self, key: str, windows: Windows, lane: Lane, patience: float) -> _Waiter:
        now = _now()
        thread = self._threads.get(key)
        if thread is None:
            self._sweep(now)
            thread = self._threads[key] = _Thread(key, windows)
        free = thread.meter.free_at(now, lane)
        known = max(self._paused.get(lane, 0.0), free if free != float("inf") else now) - now
        if known > patience:
            raise TryAgain("the limit of this lane or conversation is used up", known)
        waiter = _Waiter(
            lane, next(self._numbers), patience, thread, asyncio.get_running_loop().create_future()
        )
        if thread.parked and thread.parked[0] < waiter:
            heapq.heappush(thread.parked, waiter)
        else:
            heapq.heappush(self._ready[lane], waiter)
        self._pump()
        return waiter

    def _leave(self, waiter: _Waiter, how: Callable[[Meter], None]) -> None:
        how(waiter.thread.meter)
        how(self._tenant)
        self._wake(waiter.thread)
        self._pump()

    def _pump(self) -> None:
        """Lets go of everybody who may go now, and sets a timer for the next one."""
        now = _now()
        while True:
            lane, moment = self._next(now)
            if lane is None or moment > now:
                break
            self._grant(heapq.heappop(self._ready[lane]), now)
        self._set_timer(moment)

    def _next(self, now: float) -> tuple[Lane | None, float]:
        """The lane whose first waiter goes next, and when: the highest that may go now, else the soonest."""
        best: Lane | None = None
        soonest = float("inf")
        for lane, queue in self._ready.items():
            while queue and queue[0].granted.done():
                self._wake(heapq.heappop(queue).thread)
            if not queue:
                continue
            moment = self._moment(lane, now)
            if moment <= now:
                return lane, moment
            if moment < soonest:
                best, soonest = lane, moment
        return best, soonest

    def _moment(self, lane: Lane, now: float) -> float:
        """When the tenant's limit, a pause or the spacing lets this lane's next one go."""
        moment = max(self._tenant.free_at(now, lane), self._paused.get(lane, 0.0))
        return max(moment, self._next_bulk) if lane >= Lane.NUDGE else moment

    def _grant(self, waiter: _Waiter, now: float) -> None:
        thread = waiter.thread
        if thread.meter.free_at(now, waiter.lane) > now:
            heapq.heappush(thread.parked, waiter)
            self._watch(thread, now)
            return
        thread.meter.start()
        self._tenant.start()
        if waiter.lane >= Lane.NUDGE:
            self._next_bulk = now + self._spacing
        waiter.granted.set_result(None)
        self._wake(thread)

    def _wake(self, thread: _Thread) -> None:
        """Moves those whose conversation has room back among the ready, best first."""
        now = _now()
        while thread.parked:
            best = thread.parked[0]
            if best.granted.done():
                heapq.heappop(thread.parked)
                continue
            if thread.meter.free_at(now, best.lane) > now:
                self._watch(thread, now)
                return
            # One at a time: whether there is room for the next shows only after this one has left or parked again.
            heapq.heappush(self._ready[best.lane], heapq.heappop(thread.parked))
            return

    def _watch(self, thread: _Thread, now: float) -> None:
        if thread.timer is not None:
            thread.timer.cancel()
            thread.timer = None
        moment = thread.meter.free_at(now, thread.parked[0].lane)
        if moment != float("inf"):
            thread.timer = asyncio.get_running_loop().call_at(moment, self._on_thread_timer, thread)

    def _on_thread_timer(self, thread: _Thread) -> None:
        thread.timer = None
        self._wake(thread)
        self._pump()

    def _set_timer(self, moment: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if moment != float("inf"):
            self._timer = asyncio.get_running_loop().call_at(moment, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        self._pump()

    def _sweep(self, now: float) -> None:
        """Forgets idle conversations, now and then, so that memory follows the traffic and not the history."""
        self._since_sweep += 1
        if self._since_sweep < _SWEEP_EVERY:
            return
        self._since_sweep = 0
        idle = [key for key, thread in self._threads.items() if not thread.parked and thread.meter.idle(now)]
        for key in idle:
            del self._threads[key]


def _was_granted(waiter: _Waiter) -> bool:
    done = waiter.granted.done() and not waiter.granted.cancelled()
    return done and waiter.granted.exception() is None


def _now() -> float:
    return asyncio.get_running_loop().time()
