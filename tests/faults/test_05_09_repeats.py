"""Cases 5, 6, 8 and 9 at the whole product: what is not known, and what comes again, over the real protocol."""

import asyncio

import pytest

from dialogs import payloads as press
from domain.calendar import Month
from tests.doubles import activities
from tests.faults.locks import writer_lock
from tests.faults.pressing import pressed, ref_on, request, step
from tests.faults.process import Town, asked
from tests.stories.world import World, text_of

NOVEMBER = Month(2026, 11)


@pytest.mark.fault(5)
async def test_an_unknown_activity_is_ignored_and_counted(world: World) -> None:
    amelia = world.chat("amelia")
    await amelia.say("help")
    before = len(amelia.messages)
    identity = amelia._identity()  # pyright: ignore[reportPrivateUsage]
    for kind in ("typing", "trace", "madeUpByNobody"):
        status, answer = await world.post(activities.activity(world.connector.url, kind, **identity))
        assert (status, answer) == (200, None)
    # then nothing is said or done, and the operator can see it
    assert len(amelia.messages) == before
    assert await world.trail() == []
    _, metrics = await asked(world.client, f"{world.address}/metrics")
    assert 'audit_bot_events_total{event="activity_ignored",label="typing"} 1.0' in metrics
    assert 'audit_bot_events_total{event="activity_ignored",label="other"} 2.0' in metrics
    assert "madeUpByNobody" not in metrics, "a sender cannot grow the metrics"


@pytest.mark.fault(6)
async def test_what_is_not_understood_gets_a_next_step_and_is_in_the_trail(world: World) -> None:
    amelia = world.chat("amelia")
    # when she writes what nobody can make sense of, and presses a button of another program
    said = await amelia.say("qwertz uiop asdf")
    answer = await amelia.invoke(pressed(amelia, press.Press("exemption.explode", {"ref": "E-1"})))
    broken = await amelia.invoke(pressed(amelia, press.Press("exemption.endorse", {"ref": ["E-1"], "x": 1})))
    # then each answer says what to do next
    assert "help" in text_of(said.card).lower()
    assert isinstance(answer, str)
    assert isinstance(broken, str)
    assert "help" in answer
    assert broken.endswith(".")
    assert await world.trail() == ["refused.not_understood", "refused.unknown_verb", "refused.malformed"]


@pytest.mark.fault(8)
async def test_a_press_that_comes_again_gets_the_first_answer_and_does_nothing(world: World) -> None:
    # given the platform delivers one press five times at once, and once more an hour later
    amelia = world.chat("amelia")
    await world.chat("hana").install()
    activity = request(amelia, NOVEMBER)
    answers = await asyncio.gather(*(amelia.invoke(activity) for _ in range(5)))
    await world.delivered()
    world.clock.forward(hours=1)
    answers.append(await amelia.invoke(activity))
    await world.delivered()
    # then all six answers are one, and there is one request, one trail entry, one message
    assert all(answer == answers[0] for answer in answers)
    assert ref_on(answers[0]) == "E-1"
    assert await world.trail() == ["exemption.request"]
    assert len([card for card in world.chat("hana").cards if "E-1" in text_of(card)]) == 1


@pytest.mark.fault(8)
async def test_a_question_that_comes_again_is_answered_once(world: World) -> None:
    amelia = world.chat("amelia")
    await amelia.say("help")
    before = len(amelia.messages)
    activity = activities.message(world.connector.url, "my audit", **amelia._identity())  # pyright: ignore[reportPrivateUsage]
    posts = await asyncio.gather(*(world.post(activity) for _ in range(4)))
    posts.append(await world.post(activity))
    assert [status for status, _ in posts] == [200] * 5
    assert len(amelia.messages) == before + 1


@pytest.mark.fault(8)
@pytest.mark.fault(38)
async def test_a_repeat_that_waited_for_a_failing_first_is_answered_too(
    world: World, database_url: str
) -> None:
    # given the first of two equal presses cannot write, and the second waits for its answer
    amelia = world.chat("amelia")
    await amelia.say("help")
    activity = request(amelia, NOVEMBER)
    async with writer_lock(database_url) as lock:
        first = asyncio.create_task(world.post(activity))
        await lock.somebody_waits()
        second = asyncio.create_task(world.post(activity))
        statuses = [(await post)[0] for post in (first, second)]
    # then each is told to try again, and a later one does it
    assert statuses == [503, 503]
    assert await world.trail() == []
    assert ref_on(await amelia.invoke(activity))
    assert await world.trail() == ["exemption.request"]


@pytest.mark.fault(9)
async def test_a_used_id_with_another_payload_is_refused(world: World) -> None:
    amelia, hana = world.chat("amelia"), world.chat("hana")
    asks = request(amelia, NOVEMBER)
    ref = ref_on(await amelia.invoke(asks))
    endorses = step(hana, press.Endorse, ref, 1)
    # when the same ids come with something else in them
    others = [
        {**request(amelia, NOVEMBER.plus(1)), "id": asks["id"]},
        {**activities.message(world.connector.url, "hi", **amelia._identity()), "id": asks["id"]},  # pyright: ignore[reportPrivateUsage]
    ]
    for other in others:
        assert (await world.post(other))[0] == 409
    assert ref_on(await hana.invoke(endorses)) == ref
    assert (await world.post({**step(hana, press.Decline, ref, 2, note="no"), "id": endorses["id"]}))[
        0
    ] == 409
    # then nothing has changed
    assert await world.trail() == ["exemption.request", "exemption.endorse"]


@pytest.mark.fault(8)
@pytest.mark.fault(9)
async def test_what_was_written_is_remembered_over_a_restart(town: Town) -> None:
    process = await town.start()
    amelia, hana = town.chat("amelia"), town.chat("hana")
    asks = request(amelia, town.next_month)
    ref = ref_on(await amelia.invoke(asks))
    endorses = step(hana, press.Endorse, ref, 1)
    first = await hana.invoke(endorses)
    await process.kill()
    # when a new process, which remembers nothing itself, is told the same, and the same with another payload
    await town.start()
    again = await asyncio.gather(*(hana.invoke(endorses) for _ in range(3)))
    assert [text_of(answer) for answer in again] == [text_of(first)] * 3
    assert ref_on(await amelia.invoke(asks)) == ref
    changed = {**step(hana, press.Decline, ref, 2, note="no"), "id": endorses["id"]}
    assert (await town.post(changed))[0] == 409
    # then each step counts once
    assert [a for a in await town.trail() if a.startswith("exemption.")] == [
        "exemption.request",
        "exemption.endorse",
    ]
