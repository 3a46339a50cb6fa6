"""An alert that Teams does not take goes by e-mail: at once where Teams refuses it, after the policy's minutes where it
is only late, and again and again while nobody has acknowledged it. Against a real mail server, on both databases."""

import asyncio

import pytest

from bot import mailing
from storage.outbox import RowState
from tests.alarm.alarm import CHILD, GROUNDS, Alarm, letter
from tests.stories.council import PEOPLE

HANA, DINA = PEOPLE["hana"].email, PEOPLE["dina"].email


@pytest.mark.fault(31)
async def test_an_alert_that_teams_refuses_is_an_email_at_once(alarm: Alarm) -> None:
    alarm.blocks("hana")
    ref = await alarm.raises()

    await alarm.world.delivered()

    # then Dina has it in Teams, Hana by e-mail, and each once
    assert "Category 1 alert" in alarm.came("dina")
    assert alarm.mail.to == [HANA]
    assert letter(alarm.mail).startswith(f"Category 1 alert {ref}: acknowledge in Teams now")
    assert "write: concerns" in letter(alarm.mail)
    assert "Wed 11 November 2026, 10:00" in letter(alarm.mail)
    # and it says nothing of the child, nobody's name and not why
    whole = alarm.mail.messages[0].as_string()
    assert not any(word in whole for word in (CHILD, GROUNDS, "Amelia", "South Team"))
    [row] = await alarm.rows()
    assert await alarm.ledger(row.id) == [("sent", "")]
    # when the tick looks again, there is no second e-mail of the same message
    await alarm.minutes(3)
    assert len(alarm.mail.messages) == 1


async def test_an_alert_that_teams_has_not_taken_in_time_is_an_email_too(alarm: Alarm) -> None:
    alarm.teams_is_down("hana", "dina")
    ref = await alarm.raises()
    await alarm.world.delivered()

    await alarm.minutes(1)
    assert alarm.mail.messages == [], "Teams has two minutes"
    await alarm.minutes(1.5)

    assert sorted(alarm.mail.to) == [DINA, HANA]
    # when Teams is back, the messages arrive there as well: both is better than neither
    alarm.teams_is_back()
    await alarm.minutes(6)
    assert ref in alarm.came("hana")
    assert ref in alarm.came("dina")
    assert len(alarm.mail.messages) == 2


@pytest.mark.fault(60)
async def test_an_email_is_tried_while_the_alert_climbs_and_leaves_when_the_server_is_back(
    alarm: Alarm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "TRIES_AFTERWARDS", 3)
    alarm.blocks("hana")
    alarm.mail.data = "451 4.3.0 Try later"
    await alarm.raises()
    await alarm.world.delivered()
    for _ in range(6):
        await alarm.minutes(5)
    [first, *_] = await alarm.rows()
    assert first.attempts > 5
    assert (first.state, alarm.mail.messages) == (RowState.PENDING, [])

    alarm.mail.data = ""
    await alarm.minutes(6)

    assert alarm.mail.to
    assert set(alarm.mail.to) == {HANA}
    assert any(found.startswith(f"<outbox-{first.id}-") for found in alarm.mail.ids)


async def test_a_refused_address_is_told_to_the_qa_team_and_holds_nobody_else_up(alarm: Alarm) -> None:
    alarm.blocks("hana", "dina")
    alarm.mail.rcpt[HANA] = f"550 5.1.1 <{HANA}> is not known here"
    await alarm.raises()

    await alarm.world.delivered()
    await alarm.minutes(1)

    assert alarm.mail.to == [DINA]
    states = {row.state for row in await alarm.rows()}
    assert states == {RowState.UNREACHABLE, RowState.SENT}
    told = alarm.came("quinn")
    assert "Hana Whitfield" in told
    assert "smtp 550" in told
    # and her next alert tries again: somebody may have put the address right
    del alarm.mail.rcpt[HANA]
    await alarm.minutes(15)
    assert HANA in alarm.mail.to


@pytest.mark.fault(30)
@pytest.mark.parametrize("taken", ["before", "after"])
async def test_an_email_whose_outcome_is_unknown_is_sent_again_as_the_same(alarm: Alarm, taken: str) -> None:
    alarm.blocks("hana")
    alarm.mail.hang_up = taken
    await alarm.raises()
    await alarm.world.delivered()
    [row] = await alarm.rows()
    assert await alarm.ledger(row.id) == [("unknown", "connection_lost")]

    await alarm.minutes(1)

    assert await alarm.ledger(row.id) == [("unknown", "connection_lost"), ("sent", "")]
    assert len(alarm.mail.ids) == (2 if taken == "after" else 1)
    assert len(set(alarm.mail.ids)) == 1, "a repeat is recognised by its Message-ID"


async def test_a_repetition_that_was_acknowledged_meanwhile_is_not_sent(alarm: Alarm) -> None:
    alarm.blocks("hana")
    ref = await alarm.raises()
    await alarm.world.delivered()
    alarm.mail.data = "451 Not now"
    await alarm.minutes(16)
    await alarm.acknowledges("dina", ref)
    await alarm.acknowledges("hana", ref)
    alarm.mail.data = ""

    await alarm.minutes(10)

    assert len(alarm.mail.messages) == 1, "the first alone"
    assert [row.state for row in await alarm.rows()] == [RowState.SENT, RowState.NOT_NEEDED]


async def test_who_has_to_know_is_told_that_others_have_acknowledged(alarm: Alarm) -> None:
    """The first message is for Hana to know, whoever was quicker; it asks her for nothing then."""
    alarm.blocks("hana")
    alarm.mail.data = "451 Not now"
    ref = await alarm.raises()
    await alarm.world.delivered()
    await alarm.stands_in("tom", "hana")
    await alarm.acknowledges("dina", ref)
    await alarm.acknowledges("tom", ref)
    alarm.mail.data = ""

    await alarm.minutes(5)

    assert alarm.mail.to == [HANA]
    assert "acknowledged, please read it in Teams" in letter(alarm.mail)


async def test_what_asks_nobody_any_more_is_given_up_and_told(
    alarm: Alarm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others have acknowledged it, and after many tries the QA team hears that Hana does not know."""
    monkeypatch.setattr(mailing, "TRIES_AFTERWARDS", 3)
    alarm.blocks("hana")
    alarm.mail.data = "451 Not now"
    ref = await alarm.raises()
    await alarm.world.delivered()
    await alarm.stands_in("tom", "hana")
    await alarm.acknowledges("dina", ref)
    await alarm.acknowledges("tom", ref)

    for _ in range(4):
        await alarm.minutes(5)

    [row] = await alarm.rows()
    assert (row.state, row.attempts) == (RowState.SET_ASIDE, 3)
    assert "Hana Whitfield" in alarm.came("quinn")


async def test_a_mail_server_that_falls_silent_holds_nothing_up_in_teams(alarm: Alarm) -> None:
    """The loops run: Hana's e-mail hangs in mid-session while another alert comes."""
    alarm.blocks("hana")
    alarm.mail.held.clear()
    world = alarm.world
    world.host.start_workers()
    try:
        await alarm.raises()
        world.host.deliverer.wake()
        await asyncio.wait_for(alarm.mail.arrived.wait(), 30)
        alarm.came("dina")
        # when another child is raised, then Dina hears of it in Teams at once
        other = await alarm.raises("C10600")
        world.host.deliverer.wake()
        async with asyncio.timeout(30):
            while other not in alarm.came("dina"):  # noqa: ASYNC110 - until it is there
                await asyncio.sleep(0.01)
        assert [row.state for row in await alarm.rows()][:1] == [RowState.CLAIMED]
    finally:
        alarm.mail.held.set()
        await world.host.stop_workers()
    assert (await alarm.rows())[0].state == RowState.SENT


async def test_without_a_mail_server_none_is_put(alarm_without_mail: Alarm) -> None:
    alarm_without_mail.blocks("hana")
    await alarm_without_mail.raises()
    await alarm_without_mail.minutes(3)
    assert await alarm_without_mail.rows() == []
