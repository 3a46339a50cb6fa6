"""Cases 16 to 26 and 63: who somebody is, and who may decide by the time they press. Presses truly at the same time,
over HTTP, and in two processes at once."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from dialogs import payloads as press
from domain.calendar import Month
from domain.people import Scope
from storage.tables import exemptions
from tests.doubles import activities
from tests.faults.pressing import Activity, pressed, ref_on, request, step
from tests.faults.process import Town
from tests.stories.council import OUTSIDER, PEOPLE
from tests.stories.world import Chat, World, text_of

NOVEMBER = Month(2026, 11)


async def asked_for(world: World, who: str = "amelia") -> str:
    return ref_on(await world.chat(who).invoke(request(world.chat(who), NOVEMBER)))


async def with_the_director(world: World) -> str:
    ref = await asked_for(world)
    await world.chat("hana").invoke(step(world.chat("hana"), press.Endorse, ref, 1))
    return ref


async def at_once(presses: Sequence[tuple[Chat, Activity]]) -> list[str]:
    return [text_of(a) if not isinstance(a, str) else a for a in await gathered(presses)]


async def gathered(presses: Sequence[tuple[Chat, Activity]]) -> list[Any]:
    return await asyncio.gather(*(chat.invoke(activity) for chat, activity in presses))


async def state_of(world: World, ref: str) -> tuple[str, int]:
    number = int(ref.removeprefix("E-"))
    [row] = await world.ask(select(exemptions).where(exemptions.c.id == number))
    return row.state, row.version


async def makes_deputy(world: World, who: str, deputy: str) -> None:
    number = await id_of(world, deputy)
    today = world.clock().date()
    making = press.DelegationMake(delegate=number, scope=Scope.EXEMPTIONS, from_day=today, to_day=today)
    await world.chat(who).invoke(pressed(world.chat(who), making.press()))


async def id_of(world: World, who: str) -> int:
    async with world.store.reading() as uow:
        person = await uow.people.by_email(PEOPLE[who].email)
    assert person is not None
    return person.id


@pytest.mark.fault(16)
async def test_names_and_ids_that_a_card_or_an_activity_claims_count_for_nothing(world: World) -> None:
    # given Ben, who writes Dina's name and account wherever he can
    ref = await with_the_director(world)
    ben, dina = world.chat("ben"), PEOPLE["dina"]
    claims = {
        "from": {"id": f"29:{dina.key}", "name": dina.name, "aadObjectId": ben.who.aad, "role": "director"},
        "recipient": {"id": activities.BOT_ID, "aadObjectId": dina.aad},
        "channelData": {"tenant": {"id": world.login.tenant_id}, "aadObjectId": dina.aad},
    }
    approve = {**step(ben, press.Approve, ref, 2), **claims}
    approve["value"] = {**approve["value"], "aadObjectId": dina.aad, "from": {"aadObjectId": dina.aad}}
    # when he presses, with her in the data too
    assert "Somebody else is asked" in str(await ben.invoke(approve))
    for extra in ("person_id", "approver_id", "by_id", "aadObjectId", "from"):
        answer = await ben.invoke(step(ben, press.Approve, ref, 2, **{extra: await id_of(world, "dina")}))
        assert isinstance(answer, str)
    # then nothing was decided, and each refusal is his in the trail
    assert await state_of(world, ref) == ("with_director", 2)
    assert await world.trail(ref) == ["exemption.request", "exemption.endorse", "refused.not_allowed"]


@pytest.mark.fault(16)
async def test_an_activity_without_an_account_is_nobodys(world: World) -> None:
    ref = await with_the_director(world)
    dina = world.chat("dina")
    nameless = {**step(dina, press.Approve, ref, 2), "from": {"id": "29:dina", "name": "Dina Marsh"}}
    answer = await dina.invoke(nameless)
    assert "can't find your account" in str(answer)
    assert await state_of(world, ref) == ("with_director", 2)


@pytest.mark.fault(18)
async def test_a_double_click_is_one_decision(world: World) -> None:
    # given the same button pressed four times, each an activity of its own
    ref, dina = await with_the_director(world), world.chat("dina")
    answers = await at_once([(dina, step(dina, press.Approve, ref, 2)) for _ in range(4)])
    # then one counts, and every answer is the card as it is now
    assert await state_of(world, ref) == ("approved", 3)
    assert all("Approved" in answer for answer in answers)
    assert sum("has moved on" in answer for answer in answers) == 3
    assert (await world.trail(ref)).count("exemption.approve") == 1


@pytest.mark.fault(19)
async def test_a_stale_card_decides_nothing_and_shows_how_it_is(world: World) -> None:
    # given a question and its answer since the director's card was made
    ref = await with_the_director(world)
    dina, amelia = world.chat("dina"), world.chat("amelia")
    old = step(dina, press.Approve, ref, 2)
    await dina.invoke(step(dina, press.AskBack, ref, 2, question="Which days?"))
    await amelia.invoke(step(amelia, press.Answer, ref, 3, answer="All of the last week"))
    answer = text_of(await dina.invoke(old))
    # then she is shown what she had not seen, and nothing is decided
    assert "Nothing was changed by your press" in answer
    assert "All of the last week" in answer
    assert await state_of(world, ref) == ("with_director", 4)


@pytest.mark.fault(20)
async def test_an_approver_and_their_deputy_at_once(world: World) -> None:
    ref = await with_the_director(world)
    await makes_deputy(world, "dina", "carol")
    dina, carol = world.chat("dina"), world.chat("carol")
    answers = await at_once(
        [(dina, step(dina, press.Approve, ref, 2)), (carol, step(carol, press.Decline, ref, 2, note="No"))]
    )
    state, version = await state_of(world, ref)
    assert (state in {"approved", "declined"}, version) == (True, 3)
    steps = [action for action in await world.trail(ref) if action.startswith("exemption.")]
    assert len(steps) == 3
    # and both see what it came to
    assert all(state.capitalize() in answer for answer in answers)


@pytest.mark.fault(21)
async def test_an_approval_against_a_withdrawal(world: World) -> None:
    ref = await with_the_director(world)
    dina, amelia = world.chat("dina"), world.chat("amelia")
    await at_once([(dina, step(dina, press.Approve, ref, 2)), (amelia, step(amelia, press.Withdraw, ref, 2))])
    state, version = await state_of(world, ref)
    assert (state in {"approved", "withdrawn"}, version) == (True, 3)
    freed = (await world.trail()).count("audit.free")
    assert freed == (state == "approved"), "the child is taken off exactly when it was approved"


@pytest.mark.fault(18)
@pytest.mark.fault(20)
@pytest.mark.fault(21)
async def test_two_processes_decide_at_once(town: Town) -> None:
    # given two replicas on one database, and six requests that wait for the director
    first, second = await asyncio.gather(town.start(), town.start())
    dina, hana = town.chat("dina"), town.chat("hana")
    refs: list[str] = []
    for who in ("amelia", "ben", "farah"):
        for ahead in (0, 1):
            asker = town.chat(who)
            refs.append(ref_on(await asker.invoke(request(asker, town.next_month.plus(ahead)))))
    for ref in refs:
        await hana.invoke(step(hana, press.Endorse, ref, 1))
    # when every one of them is approved at one replica and declined at the other
    posts = [
        town.post_to(process, step(dina, kind, ref, 2, **note))
        for ref in refs
        for process, kind, note in (
            (first, press.Approve, {}),
            (second, press.Decline, {"note": "No"}),
        )
    ]
    answers = await asyncio.gather(*posts)
    # then each has one decision, and the trail is one chain
    assert {status for status, _ in answers} == {200}
    rows = await town.sql("SELECT state, version FROM exemptions")
    assert {row.version for row in rows} == {3}
    assert {row.state for row in rows} <= {"approved", "declined"}
    trail = await town.trail()
    assert sum(trail.count(f"exemption.{c}") for c in ("approve", "decline")) == len(refs)
    assert (await town.store.verify_trail()).whole


@pytest.mark.fault(22)
async def test_nobody_decides_on_their_own_also_not_as_a_deputy(world: World) -> None:
    # given Hana, an auditor and head of service, who asks for herself: it goes to the director at once
    ref = await asked_for(world, "hana")
    hana = world.chat("hana")
    assert (await state_of(world, ref))[0] == "with_director"
    # when she is the director's deputy today
    await makes_deputy(world, "dina", "hana")
    answer = await hana.invoke(step(hana, press.Approve, ref, 1))
    assert "Nobody decides on their own request" in str(answer)
    assert await state_of(world, ref) == ("with_director", 1)
    assert (await world.trail(ref))[-1] == "refused.not_allowed"


@pytest.mark.fault(23)
async def test_a_deputy_decides_in_their_dates_and_not_after(world: World) -> None:
    ref = await with_the_director(world)
    await makes_deputy(world, "dina", "carol")
    carol = world.chat("carol")
    world.clock.forward(days=1)
    assert "Somebody else is asked" in str(await carol.invoke(step(carol, press.Approve, ref, 2)))
    world.clock.forward(days=-1)
    approved = text_of(await carol.invoke(step(carol, press.Approve, ref, 2)))
    assert "Carol Nkemelu" in approved
    assert "Dina Marsh" in approved


@pytest.mark.fault(23)
async def test_without_an_answer_or_a_deputy_it_goes_up_and_never_approves_itself(world: World) -> None:
    ref = await asked_for(world)
    # given nobody answers for the rest of the month, and beyond
    for _ in range(30):
        world.clock.forward(days=1)
        await world.tick()
    # then it went up step by step, and lapsed in sight of everybody
    steps = [action.removeprefix("exemption.") for action in await world.trail(ref)]
    assert [s for s in steps if s != "chase"] == ["request", "escalate", "escalate", "lapse"]
    assert (await state_of(world, ref))[0] == "lapsed"


@pytest.mark.fault(24)
@pytest.mark.fault(25)
@pytest.mark.parametrize("change", [{"active_to": "2026-11-10"}, {"roles": "auditor"}], ids=["left", "role"])
async def test_who_left_or_lost_the_role_is_checked_at_the_click(
    world: World, change: dict[str, str]
) -> None:
    # given a request that waits for Dina, and her card in her chat
    await world.chat("dina").install()
    ref = await with_the_director(world)
    await world.delivered()
    card = world.chat("dina").card(ref)
    # when the people file says otherwise before she presses
    await world.people_change({"dina": change})
    await world.chat("dina").press(card, "Approve")
    # then nothing was approved, and it is asked of somebody who may
    await world.chat("carol").install()
    await world.tick()
    assert (await state_of(world, ref))[0] == "with_dcs"
    assert "exemption.approve" not in await world.trail(ref)
    assert ref in text_of(world.chat("carol").card(ref))


@pytest.mark.fault(26)
async def test_a_forwarded_card_moves_nothing(world: World) -> None:
    ref = await with_the_director(world)
    approve = press.Approve(ref=ref, version=2).press()
    # when an outsider presses it, a colleague who is not asked, and the director herself in a channel
    outsider, sol, dina = world.chat(OUTSIDER), world.chat("sol"), world.chat("dina")
    assert "can't find your account" in str(await outsider.invoke(pressed(outsider, approve)))
    assert isinstance(await sol.invoke(pressed(sol, approve)), str)
    channel = activities.in_channel(world.connector.url)
    in_channel = {**pressed(dina, approve), **{k: channel[k] for k in ("conversation", "channelData")}}
    assert isinstance(await dina.invoke(in_channel), str)
    # then nothing has changed, nothing of it was shown, and all three are in the trail
    assert await state_of(world, ref) == ("with_director", 2)
    refusals = [action for action in await world.trail() if action.startswith("refused.")]
    assert refusals == ["refused.unknown_person", "refused.not_allowed", "refused.card_outside_personal_chat"]


@pytest.mark.fault(63)
async def test_a_new_email_and_a_new_team_follow_the_account(world: World) -> None:
    # given a request of Amelia's that waits for Hana
    await world.chat("karl").install()
    ref = await asked_for(world)
    # when Amelia changes her address and moves to Karl's team
    await world.people_change({"amelia": {"email": "amelia.b@council.example", "team": "East Team"}})
    await world.tick()
    # then she is still who she was, and the open step is with the head of her new service
    amelia = world.chat("amelia")
    assert ref in text_of(await amelia.invoke(pressed(amelia, press.ExemptionShow(ref=ref).press())))
    endorsed = await world.chat("karl").press(world.chat("karl").card(ref), "Endorse")
    assert "Waiting for the director" in text_of(endorsed)
    assert (await world.trail(ref))[:2] == ["exemption.request", "exemption.reassign"]
