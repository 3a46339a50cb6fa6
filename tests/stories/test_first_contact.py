"""Who is this? Known by account, linked once by the roster's e-mail, or politely shown the way in."""

import pytest

from tests.doubles import activities
from tests.stories.council import OUTSIDER, PEOPLE, Somebody
from tests.stories.plots import asking, there, with_hana
from tests.stories.world import World, buttons, reads, text_of

QA = ("quinn", "queenie")


async def test_first_contact_links_the_account_by_the_rosters_e_mail(world: World) -> None:
    [newt] = await there(world, "newt")
    assert "Your audit for November 2026" in await newt.asks("my audit")
    assert (await world.trail()).count("person.link") == 1
    sent = await asking(newt, month="2026-12")
    assert "E-1" in reads(sent)


async def test_a_second_account_with_the_same_e_mail_is_not_linked(world: World) -> None:
    newt = world.chat("newt")
    await newt.says("my audit")
    twin = Somebody("twin", "Newt Fisher", "", number=77)
    entry = activities.roster_entry(twin.aad, newt.who.email)
    world.connector.rosters[twin.conversation] = [{**entry, "id": "29:twin"}]
    answer = await world.chat(twin).asks("my audit")
    assert "can't find your account" in answer
    assert "Your audit" not in answer
    assert (await world.trail()).count("person.link") == 1


async def test_an_account_of_somebody_linked_already_is_not_taken_over(world: World) -> None:
    """Amelia's account is in the people file: another one with her e-mail stays a stranger."""
    thief = Somebody("thief", "Amelia Adeyemi", "", number=78)
    entry = activities.roster_entry(thief.aad, world.chat("amelia").who.email)
    world.connector.rosters[thief.conversation] = [{**entry, "id": "29:thief"}]
    assert "can't find your account" in await world.chat(thief).asks("my audit")


async def test_a_stranger_gets_a_polite_way_in_and_nothing_else(world: World) -> None:
    await there(world, "amelia", "hana")
    ask = await with_hana(world)
    stranger = world.chat(OUTSIDER)
    await stranger.install()
    assert "Ask the QA team to add you" in stranger.told()
    for said in ("hi", "help", "my audit", "E-1", "what is waiting for me", "exemption", "debug", "🙂", ""):
        answer = await stranger.asks(said)
        assert "can't find your account on the list" in answer
        assert "Amelia" not in answer
    # and a card that was forwarded to them does nothing, which is in the trail
    forged = {**world.chat("hana").activity_of(ask, "Endorse"), **stranger.place()}
    assert "can't find your account" in reads(await stranger.invoke(forged))
    assert (await world.trail())[-1] == "refused.unknown_person"
    assert await world.trail("E-1") == ["exemption.request"]


async def test_danger_is_answered_for_a_stranger_too(world: World) -> None:
    """The live safeguarding route comes first, whoever asks."""
    answer = await world.chat(OUTSIDER).asks("a child is in danger right now")
    assert "call 999 now" in answer


async def test_welcomed_once_though_the_event_comes_three_times(world: World) -> None:
    amelia = world.chat("amelia")
    await amelia.install()
    await amelia.install()
    status, _ = await world.post(activities.bot_added(world.connector.url, **amelia.place()))
    assert status == 200
    [welcome] = amelia.news()
    assert "Hello Amelia." in text_of(welcome.card)
    assert "my audit" in text_of(welcome.card)


async def test_removed_and_installed_again(world: World) -> None:
    amelia, hana, dina, quinn, queenie = await there(world, "amelia", "hana", "dina", *QA)
    ask = await with_hana(world)
    # when Amelia takes the app away, and Hana endorses and Dina approves
    status, _ = await world.post(activities.installed(world.connector.url, "remove", **amelia.place()))
    assert status == 200
    world.connector.refuse(amelia.who.conversation, 403)
    world.connector.conversations[amelia.who.aad] = amelia.who.conversation
    await hana.opens(ask, "Endorse")
    await world.delivered()
    await dina.opens(dina.card("E-1"), "Approve")
    await world.delivered()
    world.clock.forward(minutes=1)
    await world.delivered()
    # then it is not recorded as delivered, and the QA team is told whom to tell
    for chat in (quinn, queenie):
        told = chat.told()
        assert "Amelia Adeyemi: the outcome of E-1" in told
        assert "Please tell them yourself" in told
    assert "the outcome of E-1" in await quinn.asks("failed messages")
    # when she installs it again, she is known, and sees how it ended
    world.connector.refused.clear()
    await amelia.install()
    assert "You are exempt in November 2026" in await amelia.asks("my audit")


async def test_a_message_reaches_somebody_who_never_wrote(world: World) -> None:
    """Hana has the app and never opened it: her chat is opened for her."""
    [amelia] = await there(world, "amelia")
    await asking(amelia)
    await world.delivered()
    own = f"a:{PEOPLE['hana'].aad}"
    [message] = world.connector.messages[own]
    assert "E-1" in text_of(message.card)
    assert "Endorse" in buttons(message.card)
    # and what follows comes to the same chat
    await amelia.opens(amelia.card("E-1"), "Yes, withdraw it")
    await world.delivered()
    assert "Endorse" not in buttons(world.connector.messages[own][0].card)


@pytest.mark.parametrize(
    "wrong",
    [
        {"tenantId": "99999999-9999-4999-8999-999999999999"},
        {"userRole": "guest"},
        {"userRole": "anonymous"},
        {"userPrincipalName": "newt_council.example#EXT#@elsewhere.example"},
    ],
    ids=lambda wrong: "-".join(wrong.values())[:12],
)
async def test_an_e_mail_proves_nothing_unless_our_own_tenant_says_it(
    world: World, wrong: dict[str, str]
) -> None:
    """A guest's mail address is what the guest's own tenant says it is."""
    newt = world.chat("newt")
    entry = activities.roster_entry(newt.who.aad, newt.who.email)
    world.connector.rosters[newt.who.conversation] = [{**entry, "id": "29:newt", **wrong}]
    assert "I can't find your account" in await newt.asks("my audit")
    assert "person.link" not in await world.trail()
