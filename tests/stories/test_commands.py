"""Whatever is written, by whomever and wherever: there is an answer, it has a next step, and nothing private is said
where others read along."""

import re
from typing import Any

import pytest

from tests.doubles import activities
from tests.stories.council import PEOPLE
from tests.stories.plots import there, with_hana
from tests.stories.world import Chat, World, buttons, text_of

COMMANDS = (
    "help", "hi", "my audit", "my actions", "exemption", "tracker", "concerns", "summary", "debug",
)  # fmt: skip
ODD = (
    "",
    "   ",
    "🙂",
    "👩‍👧",
    "asdf qwer",
    "?",
    "\u202e\u200b",
    "<b>hi</b>",
    "[x](http://e.example)",
    "help " * 900,
)
ROLES = ("amelia", "ben", "hana", "karl", "dina", "carol", "helen", "quinn", "tom", "sol")
NEXT_STEP = re.compile(r"[Ss]end “|[Aa]sk |Quote this|write “|Choose")
PRIVATE = re.compile(r"C10\d\d\d|A-10\d|E-\d|Amelia|Hana|@council")


def has_a_next_step(chat: Chat) -> bool:
    [message] = chat.news()
    return bool(message.card and buttons(message.card)) or bool(NEXT_STEP.search(message.text))


@pytest.mark.parametrize("who", ROLES)
async def test_every_command_of_every_role_has_an_answer_with_a_next_step(world: World, who: str) -> None:
    [chat] = await there(world, who)
    for command in COMMANDS:
        message = await chat.say(command)
        assert has_a_next_step(chat), (command, message.text, text_of(message.card))


@pytest.mark.parametrize("who", ["amelia", "sol"])
async def test_odd_texts_are_answered(world: World, who: str) -> None:
    [chat] = await there(world, who)
    for text in ODD:
        await chat.say(text)
        assert has_a_next_step(chat), repr(text)
    assert "exemption.request" not in await world.trail()


async def test_a_very_long_text(world: World) -> None:
    [amelia] = await there(world, "amelia")
    assert "Child C10432" in await amelia.asks("my audit " + "and so on " * 2000)


@pytest.mark.parametrize(
    "text",
    [
        "a child is in danger right now, also what is my audit",
        "my audit - the child isnt safe tonight",
        "exemption please, and who do i ring, baby is being hurt",
    ],
)
async def test_danger_words_come_first(world: World, text: str) -> None:
    [amelia] = await there(world, "amelia")
    await amelia.say(text)
    route, form = amelia.news()
    assert route.text.startswith("If a child is in immediate danger, call 999 now.")
    assert "Nobody has been told by your message" in route.text
    assert "Nothing is recorded until you raise it below" in text_of(form.card)
    in_channel = await heard_in_channel(world, "amelia", text)
    assert "999" in in_channel[0]


# where others read along


async def heard_in_channel(world: World, who: str, text: str, kind: str = "channel") -> list[str]:
    """What the channel or group reads, and what stays in the person's own chat."""
    chat = world.chat(who)
    place: dict[str, Any] = (
        activities.in_channel(world.connector.url, text)
        if kind == "channel"
        else {
            **activities.message(world.connector.url, text),
            "conversation": {
                "conversationType": "groupChat",
                "tenantId": world.login.tenant_id,
                "id": "19:group@thread.v2",
                "isGroup": True,
            },
        }
    )
    conversation = place["conversation"]["id"]
    world.connector.conversations[chat.who.aad] = chat.who.conversation
    before, own = len(world.connector.messages[conversation]), len(chat.messages)
    status, _ = await world.post({**place, "from": chat.place()["from"]})
    assert status == 200
    here = world.connector.messages[conversation][before:]
    return [f"{m.text}{text_of(m.card)}" for m in here] + [
        f"privately: {m.text}{text_of(m.card)}" for m in chat.messages[own:]
    ]


@pytest.mark.parametrize(
    ("who", "kind"),
    [("amelia", "channel"), ("hana", "groupChat"), ("quinn", "channel"), ("sol", "groupChat")],
)
async def test_every_command_where_others_read_along(world: World, who: str, kind: str) -> None:
    await there(world, "amelia", "hana")
    await with_hana(world)
    for command in (*COMMANDS, "what is waiting for me", "E-1", "exemptions", "asdf", "🙂", "thanks"):
        heard = await heard_in_channel(world, who, command, kind)
        here = [text for text in heard if not text.startswith("privately: ")]
        assert len(here) == 1, (command, heard)
        assert not PRIVATE.search(here[0]), (command, here)
        # and either it is said there, or it says that the answer is in the person's own chat
        assert (len(heard) == 2) == ("in our own chat" in here[0]), (command, heard)


async def test_a_stranger_in_a_channel(world: World) -> None:
    activity = activities.in_channel(world.connector.url, "my audit")
    status, _ = await world.post(activity)
    assert status == 200
    [message] = world.connector.messages[activity["conversation"]["id"]]
    assert "open a chat with me" in message.text


async def test_a_card_pressed_in_a_channel_does_nothing(world: World) -> None:
    _, hana = await there(world, "amelia", "hana")
    ask = await with_hana(world)
    press = hana.activity_of(ask, "Endorse")
    channel = activities.in_channel(world.connector.url)["conversation"]
    answer = await hana.invoke({**press, "conversation": channel})
    assert isinstance(answer, str)
    assert "for you alone" in answer
    trail = await world.trail()
    assert trail[-1] == "refused.card_outside_personal_chat"
    assert "exemption.endorse" not in trail


async def test_buttons_that_are_not_ours(world: World) -> None:
    [amelia] = await there(world, "amelia")
    for verb, data in (
        ("exemption.explode", {}),
        ("exemption.endorse", {"ref": "E-1", "version": "x"}),
        ("exemption.show", {"ref": "E-1; DROP TABLE"}),
        ("exemption.show", {"ref": "E-1", "as": "hana"}),
    ):
        answer = await amelia.invoke(activities.execute(world.connector.url, verb, data, **amelia.place()))
        assert isinstance(answer, str)
        assert "Send “help”" in answer
    trail = await world.trail()
    assert trail.count("refused.unknown_verb") == 1
    assert trail.count("refused.malformed") == 3


async def test_the_help_of_each_role_names_what_it_can_do(world: World) -> None:
    helps = {key: await world.chat(key).asks("help") for key in PEOPLE if PEOPLE[key].linked}
    for key, told in helps.items():
        roles = PEOPLE[key].roles
        assert ("my audit" in told.lower()) == ("auditor" in roles), key
        assert ("what is waiting for me" in told) == any(
            role in roles
            for role in ("head_of_service", "director", "dcs", "qa_team", "head_of_quality", "team_manager")
        ), key
    # and every command that help names is understood
    commands = {"my audit", "exemption", "exemption for my managers", "what is waiting for me", "exemptions",
                "my deputy", "failed messages", "raise a concern", "concerns", "help", "debug"}  # fmt: skip
    for key in ("hana", "quinn"):
        for command in commands & set(helps[key].splitlines()):
            assert "did not understand" not in await world.chat(key).asks(command)


async def test_an_answer_that_is_lost_on_the_way_is_told_of(world: World) -> None:
    [amelia] = await there(world, "amelia")
    # given a connection that breaks while the answer is sent
    world.connector.reset(taken=False)
    activity = activities.message(world.connector.url, "my audit", **amelia.place())
    assert (await world.post(activity))[0] == 200
    assert amelia.news() == []
    await world.delivered()
    assert "my answer did not get through" in amelia.told()
    assert "Your audit for November 2026" in await amelia.asks("my audit")
