"""What people type about children of concern: the live route first where it sounds like danger, else the right card."""

from typing import Any

import pytest

from bot.conversing import Conversing
from domain.usecases import concern_form
from tests.doubles import activities
from tests.stories.alarms import ACK, EVERYBODY, NORTH_CHILD, acknowledged, looks, raised, raises, steps
from tests.stories.council import OUTSIDER
from tests.stories.plots import there
from tests.stories.world import CardJson, Chat, World, buttons, text_of, walk

DANGER = "this child isnt safe tonight, C10600, who do i ring"
ROUTE = "If a child is in immediate danger, call 999 now."


def value(card: CardJson, field: str) -> str:
    return next(str(e.get("value") or "") for e in walk(card) if e.get("id") == field)


async def in_danger(chat: Chat, said: str = DANGER, **place: Any) -> list[Any]:
    """The messages that answer, in their order."""
    chat.news()
    await chat.say(said, **place)
    return chat.news()


async def test_the_route_comes_first_then_the_form(world: World) -> None:
    amelia, hana, *_ = await there(world, *EVERYBODY)
    first, second = await in_danger(amelia)
    assert first.text.startswith(ROUTE)
    assert "its words are not kept" in first.text
    assert first.card is None
    form = second.card
    assert "Ring first. Nothing is recorded until you raise it below" in text_of(form)
    assert (value(form, "child"), value(form, "category")) == (NORTH_CHILD, "1")
    # then the trail says that it was said, and not what
    assert await world.trail() == ["danger.said"]
    # and the form alerts as any other
    await amelia.opens(form, "Raise it now", child=NORTH_CHILD, category="1", grounds="Alone tonight.")
    await world.delivered()
    assert "Category 1 alert: child C10600" in hana.told()


async def test_strangers_and_channels_get_the_route_alone(world: World) -> None:
    [amelia] = await there(world, "amelia")
    outsider = world.chat(OUTSIDER)
    await outsider.install()
    (only,) = await in_danger(outsider)
    assert only.text.startswith(ROUTE)
    channel = {"conversationType": "channel", "tenantId": world.login.tenant_id, "id": "19:team"}
    await world.post(
        activities.message(world.connector.url, DANGER, **{**amelia.place(), "conversation": channel})
    )
    (only,) = world.connector.messages["19:team"]
    assert only.text.startswith(ROUTE)
    assert amelia.news() == []
    assert await world.trail() == []


@pytest.mark.parametrize("place", ["who", "form"])
async def test_what_fails_after_the_route_is_said_and_takes_nothing_back(
    world: World, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    [amelia] = await there(world, "amelia")

    async def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the database is gone")

    if place == "who":
        monkeypatch.setattr(Conversing, "_who", broken)
    else:
        monkeypatch.setattr(concern_form, "raise_form", broken)
    first, second = await in_danger(amelia)
    assert first.text.startswith(ROUTE)
    assert "I cannot show you the form to raise it just now" in second.text


async def test_the_words_of_each_role_open_what_they_mean(world: World) -> None:
    amelia, hana, dina, _, helen, quinn, tom = await there(world, *EVERYBODY)
    # given nothing is on the tracker
    for chat in (amelia, hana, dina, quinn, tom):
        assert "There is no child of concern on the tracker that you can see" in await chat.asks("concerns")
    assert "None waits for that step from you now" in await hana.asks("i have it")
    # when there are two Category 1s
    await raised(world)
    await raises(amelia, "C10700", "1", "Left alone at night.")
    await world.delivered()
    assert "Several fit" in await hana.asks("acknowledge")
    assert ACK in buttons(await hana.says("ack C-2"))
    # and by the child's reference
    assert "Category 1: child C10600" in text_of(await dina.says("whats happening with C10600"))
    assert "Category 1: child C10600" in text_of(await dina.says("c1"))
    assert "There is no child of concern C-99" in await dina.asks("sign off c-99")
    await acknowledged(world, "hana", "dina")
    await acknowledged(world, "hana", "dina", of="C-2")
    # then a report that names none is asked back, one that names the child opens the form with its words in it
    which = await hana.says("seen the cat 1, visiting this afternoon")
    assert "Several fit" in text_of(which)
    assert value(await hana.opens(which, "Open C-2"), "note") == "seen the cat 1, visiting this afternoon"
    form = await hana.says("visited the cat 1 C10600, all well")
    assert value(form, "note") == "visited the cat 1 C10600, all well"
    await hana.opens(form, "Record the response", note="Visited, all well.")
    # a team manager's report is the team's
    form = await tom.says("update on C-1: spoke to the school")
    assert "Tell what the team knows" in text_of(form)
    # and the sign-off: asked for, then given from the card
    form = await hana.says("submit C10600 for director sign off")
    await hana.opens(form, "Submit for sign-off", wanted="removal", note="Safe.", evidence="Seen daily.")
    await world.delivered()
    assert "Yes, sign off" in buttons(await dina.says("sign off C10600 as no longer cat 1"))
    assert "Why not?" in text_of(await dina.says("dont sign off C10600"))
    # but it is not everybody's step
    assert "not yours to take now" in await quinn.asks(
        "re-categorise C10600 to cat 2, head of quality agreed"
    )
    assert "not yours to take now" in await helen.asks("uphold C-2")
    assert await looks(world) > 0


async def test_what_waits_begins_with_what_nobody_has_acknowledged(world: World) -> None:
    amelia, hana, dina, carol, _, _, tom = await there(world, *EVERYBODY)
    await raises(amelia, "C10700", "2", "No plan.")
    await raised(world)
    read = await hana.asks("what is waiting for me")
    assert read.index("child C10600: not acknowledged yet") < read.index("Category 2, child C10700")
    assert "Children of concern" in await dina.asks("what is waiting for me")
    for chat in (carol, tom, amelia):
        assert "Nothing is waiting for you" in await chat.asks("what is waiting for me")
    # when the team is asked, it waits for Tom
    await acknowledged(world, "hana", "dina", of="C-2")
    await steps(hana, "Ask the team", "Ask the team", of="(C-2)", note="Who saw the child?")
    await world.delivered()
    waits = await tom.says("what is waiting for me")
    assert "Awaiting information from the team" in text_of(waits)
    assert "Who saw the child?" in text_of(await tom.opens(waits, "Open C-2"))


@pytest.mark.parametrize("said", ["mum says he will kill them tonight", "C10600 is not safe", "emergency"])
async def test_danger_is_heard_in_many_words(world: World, said: str) -> None:
    [amelia] = await there(world, "amelia")
    first, _ = await in_danger(amelia, said)
    assert first.text.startswith(ROUTE)


async def test_below_what_was_not_understood_stands_the_live_route(world: World) -> None:
    [amelia] = await there(world, "amelia")
    for said in ("whats the weather doing", "help", "ok"):
        assert ROUTE in await amelia.asks(said)


TAKES = ("on it", "got it, on my way", "i have seen it", "noted", "ok", "thanks")


@pytest.mark.parametrize("said", TAKES)
async def test_words_alone_acknowledge_nothing(world: World, said: str) -> None:
    amelia, hana, dina = await there(world, "amelia", "hana", "dina")
    await raised(world)
    for chat in (hana, dina):
        card = await chat.says(said)
        assert "This alert still waits for you: press" in text_of(card)
        assert ACK in buttons(card)
    # and whom it does not wait for is thanked as ever
    assert "still waits" not in await amelia.asks(said)
    await acknowledged(world, "hana", "dina")
    assert "still waits" not in await hana.asks(said)


async def test_several_alerts_that_wait_are_counted(world: World) -> None:
    amelia, hana = await there(world, "amelia", "hana")
    await raised(world)
    await raises(amelia, "C10700", "1", "Left alone at night.")
    await world.delivered()
    assert "1 more waits for you" in await hana.asks("noted")


FORMS = [
    ("hana", "shouldnt be a cat1 C10600", "Challenge the category"),
    ("hana", "ask the team about C10600", "Ask the team"),
    ("hana", "evidence for C10600", "Record the evidence"),
    ("hana", "C10600 is in court", "Record it"),
    ("hana", "take C10600 off the list", "Submit for sign-off"),
    ("hana", "remove C10600 from tracker", "Submit for sign-off"),
    ("hana", "put C10600 forward to dina for sign off", "Submit for sign-off"),
    ("hana", "update C10600 visit done", "Record the response"),
    ("tom", "update C10600 visit done", "Send to the head of service"),
    ("quinn", "wrong child on C-1", "Correct it"),
]


@pytest.mark.parametrize(("who", "said", "go"), FORMS)
async def test_what_is_written_of_a_child_on_the_tracker_opens_its_step(
    world: World, who: str, said: str, go: str
) -> None:
    await there(world, *EVERYBODY)
    await raised(world)
    assert go in buttons(await world.chat(who).says(said))


@pytest.mark.parametrize(
    "said",
    [
        "who has the next step on C10600",
        "what has been done about C10600",
        "keep C10600 at cat 1",
        "C10600 bla bla bla bla",
    ],
)
async def test_a_child_on_the_tracker_is_found_by_reference(world: World, said: str) -> None:
    _, hana = await there(world, "amelia", "hana")
    await raised(world)
    assert "Category 1: child C10600 (C-1)" in await hana.asks(said)


async def test_a_question_about_an_audit_that_is_not_there_opens_the_concern(world: World) -> None:
    [amelia] = await there(world, "amelia")
    assert "I can show you no audit of C10600" in await amelia.asks("what about C10600")
    await raised(world)
    assert "Category 1: child C10600 (C-1)" in await amelia.asks("what about C10600")


async def test_a_challenge_is_upheld_in_the_words_of_the_head_of_quality(world: World) -> None:
    _, hana, _, _, helen, *_ = await there(world, *EVERYBODY)
    await raised(world)
    await acknowledged(world, "hana", "dina")
    await hana.says("C-1")
    form = await hana.says("shouldnt be a cat1 C10600")
    await hana.opens(form, "Challenge the category", note="One incident.", wanted="category_2")
    await world.delivered()
    assert "Uphold the category" in buttons(await helen.says("keep C10600 at cat 1"))


async def test_general_questions_are_answered(world: World) -> None:
    _, hana, dina, *_, quinn, tom = await there(world, *EVERYBODY)
    await raised(world)
    for said in ("what is a category 1?", "difference between cat 1 and cat 2"):
        card = await tom.says(said)
        assert "immediate risk of significant harm" in text_of(card)
        assert "does not fit the child's needs" in text_of(card)
        assert "Raise a child of concern" in buttons(card)
    assert "C-1: timeline" in await hana.asks("timeline of C-1")
    assert "I cannot send the tracker as a file" in await quinn.asks("export tracker")
    assert "1 child of concern" in await quinn.asks("tracker by state")
    assert "Nothing has been submitted for your sign-off yet" in await dina.asks("sign off C10600")
    form = await quinn.says("raise cat 2 for C10611: no visits")
    assert (value(form, "child"), value(form, "category")) == ("C10611", "2")
    assert value(form, "grounds") == "no visits"


async def test_the_tracker_is_as_narrow_as_it_was_asked_for_or_says_that_it_is_not(world: World) -> None:
    amelia, quinn = await there(world, "amelia", "quinn")
    await raised(world)
    await raises(amelia, "C10501", "2", "No plan.")
    await raises(amelia, "C10432", "2", "No plan.")
    for said, there_is in (
        ("children of concern in south team", "C10432"),
        ("cat 2s in family help", "C10432"),
        ("children of concern in care", "C10501"),
    ):
        read = await quinn.asks(said)
        assert "1 child of concern: 1 Category" in read
        assert there_is in read
    assert "without the response that is due" in await quinn.asks("which cocs are overdue")
    for said, what in (("cocs by team", "team"), ("cat 1s older than 3 months", "age")):
        assert f"I cannot sort or narrow the tracker by {what}. Shown are all" in await quinn.asks(said)
    assert "the oldest" not in await quinn.asks("concerns")


async def test_the_filter_keeps_every_month_that_there_is(world: World) -> None:
    amelia, quinn = await there(world, "amelia", "quinn")
    await raised(world)
    world.clock.forward(days=30)
    await raises(amelia, "C10432", "2", "No plan.")

    def months(card: CardJson) -> set[str]:
        fields = [e for e in walk(card) if e.get("id") == "identified"]
        return {choice["title"] for field in fields for choice in field["choices"]}

    card = await quinn.says("concerns")
    assert len(months(card)) == 2
    shown = await quinn.opens(card, "Show", category="", state="open", identified="2026-12")
    assert "1 child of concern" in text_of(shown)
    assert months(shown) == months(card)


async def test_a_report_that_names_no_child_is_of_the_one_whose_response_is_due(world: World) -> None:
    amelia, hana, _ = await there(world, "amelia", "hana", "dina")
    await raised(world)
    await raises(amelia, "C10700", "1", "Left alone at night.")
    await world.delivered()
    await acknowledged(world, "hana", "dina")
    await acknowledged(world, "hana", "dina", of="C-2")
    form = await hana.says("visited the cat 1 C10600, all well")
    await hana.opens(form, "Record the response", note="Visited, all well.")
    # then only the other still waits for its response
    form = await hana.says("seen the cat 1, visiting this afternoon")
    assert "C-2" in text_of(form)
    assert value(form, "note") == "seen the cat 1, visiting this afternoon"
