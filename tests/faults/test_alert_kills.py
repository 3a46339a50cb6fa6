"""A Category 1 and kill -9: at every point from the commit that raises it to the one that acknowledges it, the process
dies, and the next one goes on. Nothing is lost, each tier is told as the ladder says, and a message comes twice only
where nobody can know whether it came (I3 to I5; cases 33 to 35)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.tables import outbox
from tests.doubles.login import LoginDouble
from tests.doubles.smtp import MailServer, a_mail_server
from tests.faults.alerts import LADDER, AlertTown, acknowledging, an_alert_town, raising
from tests.faults.forge import Forge
from tests.faults.halting import Spot, halted
from tests.faults.holding import HoldingConnector, posts_to
from tests.faults.pressing import Activity
from tests.faults.process import Process, until
from tests.stories.council import PEOPLE
from tests.stories.world import text_of

HANA, DINA = PEOPLE["hana"].conversation, PEOPLE["dina"].conversation
ALERT_PUT = Spot("INSERT", "outbox", "NEW.lane = 0 AND NEW.channel = 'teams'")
ALERT_CLAIMED = Spot("UPDATE", "outbox", "NEW.lane = 0 AND NEW.state = 'claimed'")
EMAIL_PUT = Spot("INSERT", "outbox", "NEW.channel = 'email'")
SEAT_TAKEN = Spot("UPDATE", "concerns", "NEW.response_at IS NOT NULL")
CARD_UPDATED = Spot("UPDATE", "outbox", "NEW.card_id IS NOT NULL AND NEW.state = 'claimed'")
BOTH = {"hana": 1, "dina": 1, "carol": 0, "helen": 0}
"""The first rung: the head of service and the director, at once."""


@pytest.fixture
async def mail() -> AsyncIterator[MailServer]:
    async with a_mail_server() as server:
        yield server


@pytest.fixture
async def town(
    settled_url: str,
    tmp_path: Path,
    login: LoginDouble,
    holding: HoldingConnector,
    forge: Forge,
    mail: MailServer,
) -> AsyncIterator[AlertTown]:
    async with an_alert_town(settled_url, tmp_path, login, holding, forge, mail) as found:
        yield found
        await found.sound()


async def killed_at(town: AlertTown, spot: Spot, activity: Activity) -> None:
    """The press is posted, and the process dies where the database stands still."""
    async with halted(town.database_url, spot) as halt:
        answer = asyncio.create_task(town.post(activity))
        await halt.reached(town.processes[-1].pid)
        await town.processes[-1].kill()
        await asyncio.wait({answer})
    if not answer.exception():
        assert answer.result()[0] == 200


async def both_told(town: AlertTown, ref: str) -> None:
    async def sent() -> bool:
        return [await town.outcomes(key) for key in ("hana", "dina")] == [["sent"], ["sent"]]

    await until(sent, "head of service and director are told")
    assert town.told(ref) == BOTH


@pytest.mark.fault(33)
async def test_killed_while_it_is_raised_nothing_of_it_is_kept_and_the_repeat_raises_it(
    town: AlertTown,
) -> None:
    await town.start()
    activity = raising(town.chat("amelia"))
    await killed_at(town, ALERT_PUT, activity)
    assert await town.count("concerns") == await town.count("outbox") == 0
    assert await town.trail() == []
    # when the platform, or Amelia, sends the same press again
    await town.restarted()
    await town.chat("amelia").invoke(activity)
    await town.chat("amelia").invoke(activity)
    await both_told(town, await town.the_ref())
    assert (await town.trail()).count("concern.raise") == 1


@pytest.mark.fault(34)
async def test_killed_after_the_commit_and_before_anybody_has_claimed_it(town: AlertTown) -> None:
    await town.start()
    await killed_at(town, ALERT_CLAIMED, raising(town.chat("amelia")))
    # given it is on the tracker, its alert waits, and nobody has had it in hand
    ref = await town.the_ref()
    rows = await town.rows(select(outbox.c.state, outbox.c.fence).where(outbox.c.lane == 0))
    assert [(row.state, row.fence) for row in rows] == [("pending", 0)] * 2
    assert not any(town.told(ref).values())
    await town.restarted()
    await both_told(town, ref)


@pytest.mark.fault(34)
async def test_killed_after_the_claim_and_before_the_connector_has_it(town: AlertTown) -> None:
    await town.start()
    holds = [town.connector.hold(posts_to(chat), taken=False) for chat in (HANA, DINA)]
    ref = await town.raised()
    for hold in holds:
        await hold.reached.wait()
    await town.processes[-1].kill()
    for hold in holds:
        hold.forget()
    assert not any(town.told(ref).values())
    await town.restarted()
    await both_told(town, ref)


@pytest.mark.fault(35)
async def test_killed_after_the_connector_has_taken_it_and_before_that_is_recorded(town: AlertTown) -> None:
    await town.start()
    hold = town.connector.hold(posts_to(HANA), taken=True)
    ref = await town.raised()
    await hold.reached.wait()
    await until(lambda: _sent(town, "dina"), "Dina's is recorded")
    await town.processes[-1].kill()
    hold.release()
    await town.restarted()
    # then Hana has it twice, with the same reference on both; Dina, of whom it was known, once
    assert town.told(ref) == {**BOTH, "hana": 2}
    first, again = (text_of(card) for card in town.chat("hana").cards)
    assert ref in first
    assert ref in again
    assert await town.outcomes("hana") == ["sent"]


async def _sent(town: AlertTown, key: str) -> bool:
    return await town.outcomes(key) == ["sent"]


@pytest.mark.fault(33)
async def test_killed_in_the_middle_of_a_climb_it_climbs_once(town: AlertTown) -> None:
    await town.start()
    ref = await town.raised()
    await both_told(town, ref)
    await town.processes[-1].kill()
    # given a quarter of an hour later the clock's job has changed the record, and not yet put the message
    await town.minutes_pass(15)
    async with halted(town.database_url, ALERT_PUT) as halt:
        process = town.begin()
        await halt.reached(process.pid)
        await process.kill()
    assert (await town.concern()).alert_steps == 1
    assert (await town.trail()).count("concern.climb") == 1, "that of the beginning"
    # then the next one takes the step, and the head of service is asked again
    await town.restarted()
    assert town.told(ref) == {**BOTH, "hana": 2}
    assert (await town.trail()).count("concern.climb") == 2


@pytest.mark.fault(34)
@pytest.mark.parametrize("taken", [False, True], ids=["before it is taken", "before it is recorded"])
async def test_killed_between_a_climb_and_its_message(town: AlertTown, taken: bool) -> None:
    await town.start()
    ref = await town.raised()
    await both_told(town, ref)
    await town.processes[-1].kill()
    await town.minutes_pass(30)
    # given both steps that are due are taken and committed, and the message to Dina is under way
    hold = town.connector.hold(posts_to(DINA), taken=taken)
    process = await town.start()
    await hold.reached.wait()
    await until(lambda: _asked_again(town, "hana"), "Hana's is recorded")
    await process.kill()
    hold.release() if taken else hold.forget()
    await town.restarted()
    assert town.told(ref) == {**BOTH, "hana": 2, "dina": 3 if taken else 2}
    assert await town.outcomes("dina") == ["sent", "sent"]


async def _asked_again(town: AlertTown, key: str) -> bool:
    return await town.outcomes(key) == ["sent", "sent"]


@pytest.mark.fault(31)
@pytest.mark.fault(35)
async def test_killed_while_the_mail_server_has_it_the_same_email_comes_again(town: AlertTown) -> None:
    # given Teams refuses Hana, and the mail server has taken her e-mail and not yet said so
    town.connector.refuse(HANA, 403)
    town.mail.held.clear()
    process = await town.start(**town.with_mail)
    ref = await town.raised()
    await town.mail.arrived.wait()
    await until(lambda: _sent(town, "dina"), "Dina's is recorded")
    await process.kill()
    town.mail.held.set()
    assert await town.outcomes("hana") == ["unreachable"]
    await town.restarted(**town.with_mail)
    # then it is the same letter, and whoever files it sees that
    assert town.mail.to == [PEOPLE["hana"].email] * 2
    assert len(set(town.mail.ids)) == 1
    assert all(ref in str(message["Subject"]) for message in town.mail.messages)
    assert await town.outcomes("hana") == ["unreachable", "sent"]
    assert town.told(ref) == {**BOTH, "hana": 0}


@pytest.mark.fault(31)
@pytest.mark.fault(33)
async def test_killed_while_the_second_channel_is_put_it_is_asked_of_teams_again(town: AlertTown) -> None:
    town.connector.refuse(HANA, 403)
    await town.start(**town.with_mail)
    await killed_at(town, EMAIL_PUT, raising(town.chat("amelia")))
    # given neither the refusal nor the e-mail is kept: they are one commit
    assert await town.outcomes("hana") == []
    assert await town.count("outbox WHERE channel = 'email'") == 0
    await town.restarted(**town.with_mail)
    assert town.mail.to == [PEOPLE["hana"].email]
    assert await town.outcomes("hana") == ["unreachable", "sent"]
    assert town.told(await town.the_ref())["dina"] >= 1


@pytest.mark.fault(33)
async def test_killed_while_it_is_acknowledged_it_climbs_on_until_the_repeat(town: AlertTown) -> None:
    await town.start()
    ref = await town.raised()
    await both_told(town, ref)
    activity = acknowledging(town.chat("hana"), ref)
    await killed_at(town, SEAT_TAKEN, activity)
    # given nothing of her press is kept, so that she is asked again
    assert (await town.concern()).response_at is None
    await town.minutes_pass(15)
    await town.restarted()
    assert town.told(ref) == {**BOTH, "hana": 2}
    # when the same press comes again, twice
    await town.chat("hana").invoke(activity)
    await town.chat("hana").invoke(activity)
    await town.quiet()
    assert (await town.trail()).count("concern.acknowledge") == 1
    # then she is asked no more; Dina, who has not answered, is
    await town.processes[-1].kill()
    await town.minutes_pass(75)
    await town.restarted()
    assert town.told(ref) == {"hana": 2, "dina": 2, "carol": 1, "helen": 1}


@pytest.mark.fault(34)
async def test_killed_right_after_the_acknowledgement_it_counts_whether_it_was_answered_or_not(
    town: AlertTown,
) -> None:
    await town.start()
    ref = await town.raised()
    await both_told(town, ref)
    activity = acknowledging(town.chat("hana"), ref)
    # given the commit is made, and the first card that shows it is about to be updated
    await killed_at(town, CARD_UPDATED, activity)
    assert (await town.concern()).response_at is not None
    await town.restarted()
    # then the repeat is told the same, and nothing is taken twice
    await town.chat("hana").invoke(activity)
    assert (await town.trail()).count("concern.acknowledge") == 1
    # and when the other seat is taken too, it is over: nobody hears of it again
    await town.acknowledges("dina", ref)
    await town.quiet()
    await town.processes[-1].kill()
    await town.minutes_pass(150)
    await town.restarted()
    assert town.told(ref) == BOTH
    assert "Acknowledge" not in str(town.chat("dina").cards[-1].get("actions"))


@pytest.mark.fault(43)
async def test_a_process_that_inherits_what_waited_is_ready_while_it_sends_it(town: AlertTown) -> None:
    # given an alert that waits since a quarter of an hour, in which none ran
    await town.start()
    await killed_at(town, ALERT_CLAIMED, raising(town.chat("amelia")))
    await town.minutes_pass(14)
    holds = [town.connector.hold(posts_to(chat), taken=False) for chat in (HANA, DINA)]
    # when the next one has looked at itself, and found it
    process = await town.start()
    await until(lambda: _said(process, "self_check_found"), "it has found what waits")
    # then it can be asked, and takes the acknowledgement
    await process.ready(town.client)
    ref = await town.the_ref()
    await town.acknowledges("hana", ref)
    for hold in holds:
        hold.release()
    await town.all_told()
    assert town.told(ref) == BOTH


async def _said(process: Process, event: str) -> bool:
    return process.said(event)


KILLS = 6


async def _climbed_to(town: AlertTown, steps: int) -> bool:
    return (await town.concern()).alert_steps == steps


@pytest.mark.fault(33)
@pytest.mark.fault(34)
@pytest.mark.fault(35)
async def test_killed_again_and_again_the_ladder_is_climbed_as_it_stands(town: AlertTown) -> None:
    """More than a round, a quarter of an hour a life, each life cut off at another moment of its work."""
    await town.start()
    ref = await town.raised()
    expected = dict(BOTH)
    for steps, tier in enumerate(
        (("hana",), ("dina",), ("carol",), ("helen",), ("hana", "dina"), ("hana",)), 2
    ):
        await asyncio.sleep(0.011 * steps)
        await town.processes[-1].kill()
        await town.minutes_pass(15)
        await town.leases_run_out()
        await town.start()
        await until(lambda want=steps: _climbed_to(town, want), "the step is taken")
        expected = {key: times + (key in tier) for key, times in expected.items()}
    await town.leases_run_out()
    await town.all_told()
    found = town.told(ref)
    for key in LADDER:
        assert expected[key] <= found[key] <= expected[key] + KILLS, (key, found)
    assert (await town.concern()).alert_steps == KILLS + 1
    rows = await town.rows(select(outbox.c.state).where(outbox.c.lane == 0))
    assert [row.state for row in rows] == ["sent"] * sum(expected.values())
