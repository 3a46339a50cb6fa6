"""The loop of the stories keeps the platform's limits by its own clock, and overtakes nobody who really works."""

import asyncio
import time

from bot.teams.throttle import SENDS, Throttle
from domain.lanes import Lane
from tests.doubles.connector import THREAD_SENDS, ArrivalLimit
from tests.doubles.quick_time import QuickLoop


def test_sixty_messages_into_one_chat_keep_every_window() -> None:
    async def story() -> tuple[list[float], float]:
        loop, throttle, platform = asyncio.get_running_loop(), Throttle(), ArrivalLimit(THREAD_SENDS)
        early: list[float] = []
        began = loop.time()
        for _ in range(60):
            async with throttle.place("a chat", SENDS, Lane.REPLY, patience=60):
                early.append(platform.too_early_by(loop.time()))
        return early, loop.time() - began

    with asyncio.Runner(loop_factory=QuickLoop) as runner:
        early, took = runner.run(story())
    assert early == [0.0] * 60
    assert took > 14  # eight in two seconds, by this clock


def test_work_in_a_thread_is_not_overtaken() -> None:
    async def story(loop: QuickLoop) -> None:
        throttle = Throttle()
        for _ in range(7):
            await _passes(throttle)
        # given somebody who waits for a place
        waits = asyncio.create_task(_passes(throttle))
        # when a thread works meanwhile, the clock goes as everybody's does
        await loop.run_in_executor(None, time.sleep, 0.1)
        assert loop.skipped == 0
        # and when it has ended, nobody sits the rest out
        await waits
        assert loop.skipped > 0

    with asyncio.Runner(loop_factory=QuickLoop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, QuickLoop)
        runner.run(story(loop))


async def _passes(throttle: Throttle) -> None:
    async with throttle.place("a chat", SENDS, Lane.ALERT):
        pass
