"""Cases 33 to 37: the process dies, is asked to end, or sleeps through its lease, at each point between a press and the
record of the last message. A real process, killed for real."""

import asyncio
import signal
from typing import Any

import aiohttp
import pytest

from dialogs import payloads as press
from tests.faults.holding import posts_to
from tests.faults.locks import writer_lock
from tests.faults.pressing import Activity, ref_on, request, step
from tests.faults.process import Process, Town, until
from tests.stories.council import PEOPLE
from tests.stories.world import text_of

HANA = PEOPLE["hana"].conversation
SUPERVISORS_PATIENCE = 30.0
"""Container platforms kill half a minute after they have asked; the program takes ten seconds of it."""


async def asked_for(town: Town, who: str = "amelia") -> str:
    """A request that is answered; gives its reference."""
    chat = town.chat(who)
    return ref_on(await chat.invoke(request(chat, town.next_month)))


def told(town: Town, who: str, part: str) -> int:
    """How many messages in somebody's chat show `part`."""
    return sum(part in text_of(card) for card in town.chat(who).cards)


async def ledger(town: Town) -> list[str]:
    return [row.outcome for row in await town.sql("SELECT outcome FROM deliveries ORDER BY id")]


@pytest.mark.fault(33)
async def test_killed_before_the_commit_nothing_happened_and_the_repeat_does_it(town: Town) -> None:
    # given a press whose commit waits for a lock that somebody else holds
    process = await town.start()
    await town.chat("hana").install()
    amelia = town.chat("amelia")
    activity = request(amelia, town.next_month)
    async with writer_lock(town.database_url) as lock:
        answer = asyncio.create_task(town.post(activity))
        await lock.somebody_waits()
        # when the process is killed there
        await process.kill()
        with pytest.raises(aiohttp.ClientError):
            await answer
    # then nothing of it is kept
    assert await town.count("exemptions") == await town.count("outbox") == await town.count("answers") == 0
    # and the same activity, sent again, does it once
    await town.start()
    ref = ref_on(await amelia.invoke(activity))
    assert ref_on(await amelia.invoke(activity)) == ref
    await town.quiet()
    assert (await town.count("exemptions"), told(town, "hana", ref)) == (1, 1)
    assert (await town.trail()).count("exemption.request") == 1


@pytest.mark.fault(34)
async def test_killed_between_commit_and_send_it_is_sent_after_the_restart(town: Town) -> None:
    process = await town.start()
    await town.chat("hana").install()
    # given the connector has the request in hand, and has not taken it
    hold = town.connector.hold(posts_to(HANA), taken=False)
    ref = await asked_for(town)
    await hold.reached.wait()
    # when the process is killed
    await process.kill()
    hold.forget()
    assert told(town, "hana", ref) == 0
    # then the next one sends it, when the dead one's lease is over
    await town.start()
    await town.leases_run_out()
    await town.quiet()
    assert told(town, "hana", ref) == 1
    assert await ledger(town) == ["sent"], "the ledger holds what is known, and nothing else"


@pytest.mark.fault(35)
async def test_killed_between_send_and_record_it_is_repeated_once_and_never_lost(town: Town) -> None:
    process = await town.start()
    await town.chat("hana").install()
    # given Teams has taken the message, and the answer is on its way
    hold = town.connector.hold(posts_to(HANA), taken=True)
    ref = await asked_for(town)
    await hold.reached.wait()
    await process.kill()
    hold.release()
    assert told(town, "hana", ref) == 1
    # when another process finds the lease run out
    await town.start()
    await town.leases_run_out()
    await town.quiet()
    # then she has it twice at most, with the same reference on both, and it is recorded once
    assert told(town, "hana", ref) == 2
    assert await ledger(town) == ["sent"]
    assert [row.fence for row in await town.sql("SELECT fence FROM outbox")] == [2]


@pytest.mark.fault(36)
async def test_sigterm_in_a_batch_finishes_what_is_in_flight(town: Town) -> None:
    process = await town.start()
    await town.chat("hana").install()
    # given a message that the connector is slow to take, and two more behind it
    hold = town.connector.hold(posts_to(HANA), taken=True)
    refs = [await asked_for(town, who) for who in ("amelia", "ben", "farah")]
    await hold.reached.wait()
    # when the process is asked to end, and the connector answers a little later
    process.send(signal.SIGTERM)
    await until(_said(process, "stopping"), "the process heard it")
    hold.release()
    # then it ends well, and what it had begun is recorded
    assert await process.ended() == 0
    assert await town.count("outbox WHERE state = 'claimed'") == 0
    assert (await ledger(town))[0] == "sent"
    # and the others are sent by the next one, each once
    await town.start()
    await town.quiet()
    assert [told(town, "hana", ref) for ref in refs] == [1, 1, 1]


@pytest.mark.fault(36)
async def test_sigterm_with_a_connector_that_never_answers_gives_back(town: Town) -> None:
    process = await town.start()
    for who in ("hana", "karl"):
        await town.chat(who).install()
    # given one message and one answer that the connector sits on
    hold = town.connector.hold(posts_to(HANA), taken=False)
    refs = {await asked_for(town): "hana"}
    await hold.reached.wait()
    second = town.connector.hold(posts_to(PEOPLE["ben"].conversation), taken=False)
    question = asyncio.create_task(town.chat("ben").say("help"))
    await second.reached.wait()
    # when the process is asked to end
    process.send(signal.SIGTERM)
    assert await process.ended(SUPERVISORS_PATIENCE) == 0
    hold.forget()
    second.forget()
    with pytest.raises((aiohttp.ClientError, AssertionError)):
        await question
    # then it has given back what it held
    assert await town.count("outbox WHERE state = 'claimed'") == 0
    await town.start()
    await town.quiet()
    assert [told(town, who, ref) for ref, who in refs.items()] == [1]


@pytest.mark.fault(37)
async def test_a_process_that_slept_through_its_lease_is_fenced_off(town: Town) -> None:
    sleeper = await town.start()
    await town.chat("hana").install()
    hold = town.connector.hold(posts_to(HANA), taken=True)
    ref = await asked_for(town)
    await hold.reached.wait()
    # given the process is stopped in the middle of a send, for longer than its lease
    sleeper.send(signal.SIGSTOP)
    hold.release()
    await town.leases_run_out()
    # when another process takes over, and the first wakes up
    await town.start()
    await town.quiet()
    before = await town.sql("SELECT outcome, message_id, fence FROM deliveries")
    sleeper.send(signal.SIGCONT)
    await until(_said(sleeper, "late_write_fenced_off"), "the sleeper's write is refused")
    # then its late word changes nothing
    assert await town.sql("SELECT outcome, message_id, fence FROM deliveries") == before
    assert [(row.outcome, row.fence) for row in before] == [("sent", 2)]
    assert told(town, "hana", ref) == 2


def _said(process: Process, event: str) -> Any:
    async def condition() -> bool:
        return process.said(event)

    return condition


KILLS = 4
ASKERS = ("amelia", "ben", "farah")


@pytest.mark.fault(33)
@pytest.mark.fault(34)
@pytest.mark.fault(35)
async def test_killed_again_and_again_each_step_counts_once(town: Town) -> None:
    # given three people whose requests go all the way, and who press again whenever nobody answers
    await town.start()
    for who in (*ASKERS, "hana", "dina"):
        await town.chat(who).install()
    presses = Presses(town)
    work = asyncio.gather(*(whole_way(town, presses, who) for who in ASKERS))
    # when the process is killed in the middle of it all, again and again
    for kill in range(KILLS):
        await presses.at_least(2 + 4 * kill)
        await asyncio.sleep(0.013 * kill)
        await town.processes[-1].kill()
        await town.start()
    refs = [ref for found in await work for ref in found]
    await town.leases_run_out()
    await town.quiet()
    # then each of the eighteen steps happened once
    assert len(set(refs)) == 6
    states = [(row.state, row.version) for row in await town.sql("SELECT state, version FROM exemptions")]
    assert states == [("approved", 3)] * 6
    trail = await town.trail()
    assert [trail.count(f"exemption.{c}") for c in ("request", "endorse", "approve")] == [6, 6, 6]
    assert (await town.store.verify_trail()).whole
    # and every notice came at least once, with at most one repeat a kill
    for who in (*ASKERS, "hana", "dina"):
        for ref in refs:
            await notices_came(town, who, ref)


async def notices_came(town: Town, who: str, ref: str) -> None:
    rows = await town.count(
        "outbox JOIN people ON people.id = outbox.person_id WHERE outbox.state = 'sent' AND card_id IS NULL"
        f" AND people.email = '{PEOPLE[who].email}' AND outbox.subject = '{ref}'"
    )
    assert rows <= told(town, who, ref) <= rows + KILLS, (who, ref)


class Presses:
    """How many presses were sent so far, repeats included."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self.sent = 0

    async def at_least(self, number: int) -> None:
        async def reached() -> bool:
            return self.sent >= number

        await until(reached, f"{number} presses")

    async def through(self, activity: Activity) -> object:
        """The same activity until it is answered, as the platform and the person would repeat it."""
        while True:
            self.sent += 1
            try:
                status, answer = await self._town.post(activity)
            except (aiohttp.ClientError, ConnectionError):
                await asyncio.sleep(0.02)
                continue
            if status == 200:
                return answer["value"]
            assert status == 503, (status, answer)


async def whole_way(town: Town, presses: Presses, who: str) -> list[str]:
    """Two requests, from asking to approval."""
    asker, hana, dina = town.chat(who), town.chat("hana"), town.chat("dina")
    refs: list[str] = []
    for month in (town.next_month, town.next_month.plus(1)):
        ref = ref_on(await presses.through(request(asker, month)))
        endorsed = await presses.through(step(hana, press.Endorse, ref, 1))
        approved = await presses.through(step(dina, press.Approve, ref, 2))
        assert "Waiting for the director" in text_of(endorsed)
        assert "Approved" in text_of(approved)
        refs.append(ref)
    return refs
