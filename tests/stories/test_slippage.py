"""More time for an audit: asked in words or by card, answered once by the head of service or the QA team."""

import asyncio

import pytest

from tests.stories.plots import freed, there
from tests.stories.test_return import filled, opened
from tests.stories.world import CardJson, World, buttons, reads, text_of

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What only reads, or is refused, is the same on both."""

WED = "2026-12-02"
YES = "Yes, until Wed 2 December 2026"
WHY = "A hearing moved into the last week."


async def asked(world: World, who: str = "amelia", ref: str = "A-101", *, until: str = WED) -> CardJson:
    """Fills in the form that is opened by words; gives the requester's card."""
    chat = world.chat(who)
    form = await chat.says(f"{ref} might slip")
    answer = await chat.opens(form, "Send request", wanted_on=until, explanation=WHY)
    await world.delivered()
    return answer


async def test_said_in_words_agreed_by_the_head_of_service(world: World) -> None:
    amelia, hana, quinn, queenie = await there(world, "amelia", "hana", "quinn", "queenie")
    # when Amelia says until when
    form = await amelia.says("my audit might slip to wednesday 2 december")
    assert "Ask for more time: A-101" in text_of(form)
    assert "The deadline stays Mon 30 November 2026" in text_of(form)
    assert WED in text_of(form)
    waits = await amelia.opens(form, "Send request", wanted_on=WED, explanation=WHY)
    assert "Hana Whitfield or the QA team answers it. The first answer counts." in text_of(waits)
    await world.delivered()
    # then her head of service and the whole QA team are asked
    for chat in (hana, quinn, queenie):
        told = chat.told()
        assert "Because Amelia Adeyemi may need longer for A-101, your yes or no is needed." in told
        assert WHY in told
    # when Hana agrees by one press
    agreed = await hana.opens(hana.card("A-101"), YES)
    assert "Agreed until Wed 2 December 2026" in text_of(agreed)
    assert "It still counts as late for November 2026: the deadline stays Mon 30 November 2026." in text_of(
        agreed
    )
    await world.delivered()
    # then everybody's card says so, and Amelia is told
    assert "Because Hana Whitfield agreed, A-101 can be returned until Wed 2 December 2026." in amelia.told()
    assert "Fill in the return" in buttons(amelia.card("Agreed until"))
    for chat in (quinn, queenie):
        assert YES not in buttons(chat.card("A-101"))
        assert "Hana Whitfield agreed on" in text_of(chat.card("A-101"))
    assert await world.trail("RQ-1") == ["request.ask", "request.grant"]
    assert await world.trail("A-101") == ["audit.agree_date"]
    async with world.store.reading() as uow:
        audit = await uow.audits.get("A-101")
    assert audit is not None
    assert str(audit.agreed_on) == WED
    assert str(audit.due_on) == "2026-11-30"


async def test_ones_own_audit_says_what_waits_for_an_answer(world: World) -> None:
    amelia, hana = await there(world, "amelia", "hana")
    await asked(world)
    said = (
        "RQ-1: you asked for time until Wed 2 December 2026, waiting for your head of service or the QA team."
    )
    mine = await amelia.says("my audit")
    assert said in text_of(mine)
    assert "More time for A-101" in text_of(await amelia.opens(mine, "My request"))
    await hana.opens(hana.card("A-101"), YES)
    assert "RQ-1" not in await amelia.asks("my audit"), "it is answered"


async def test_yes_and_no_at_the_same_moment_is_one_decision(world: World) -> None:
    amelia, hana, quinn, _ = await there(world, "amelia", "hana", "quinn", "queenie")
    await asked(world)
    answers = await asyncio.gather(
        hana.press(hana.card("A-101"), YES),
        quinn.press(quinn.card("A-101"), "Say no, with this reason", note="Please keep to the month."),
    )
    assert sum("Nothing was changed by your press" in reads(answer) for answer in answers) == 1
    trail = await world.trail("RQ-1")
    assert sorted(trail)[-1] in ("request.grant", "request.refuse")
    assert sum(action in ("request.grant", "request.refuse") for action in trail) == 1
    amelia.news()
    await world.delivered()
    assert sum(m.card is not None for m in amelia.news()) == 1


async def test_a_double_press_and_an_old_card(world: World) -> None:
    _, hana, quinn, _ = await there(world, "amelia", "hana", "quinn", "queenie")
    await asked(world)
    old = quinn.card("A-101")
    card = hana.card("A-101")
    await hana.opens(card, YES)
    again = await hana.opens(card, YES)
    assert "Nothing was changed by your press" in text_of(again)
    stale = await quinn.opens(old, YES)
    assert "it has been agreed" in text_of(stale)
    assert "Hana Whitfield agreed" in text_of(stale)
    assert (await world.trail("RQ-1")).count("request.grant") == 1


async def test_another_day_and_a_day_that_is_too_late(world: World) -> None:
    _, hana, *_ = await there(world, "amelia", "hana", "quinn")
    await asked(world)
    card = hana.card("A-101")
    assert "Choose a day up to Mon 7 December 2026" in await hana.hears(
        card, "Agree to this day", agreed_on="2026-12-08"
    )
    inside = await hana.opens(card, "Agree to this day", agreed_on="2026-11-27")
    assert "Agreed until Fri 27 November 2026" in text_of(inside)
    assert "not late" in text_of(inside)


async def test_no_needs_a_reason_which_is_told(world: World) -> None:
    amelia, hana, *_ = await there(world, "amelia", "hana", "quinn")
    await asked(world)
    assert "Say why not" in await hana.hears(hana.card("A-101"), "Say no, with this reason", note=" ")
    await hana.opens(hana.card("A-101"), "Say no, with this reason", note="Karl can cover your hearing.")
    await world.delivered()
    told = amelia.told()
    assert "Because Hana Whitfield said no, A-101 stands as it was." in told
    assert "Karl can cover your hearing." in told
    # and she may ask again
    assert "Ask for more time" in text_of(await amelia.says("A-101 might slip"))


async def test_asked_twice_is_the_same_request_with_another_day(world: World) -> None:
    amelia, hana, *_ = await there(world, "amelia", "hana", "quinn")
    await asked(world)
    old = hana.card("A-101")
    shown = await amelia.says("A-101 might slip")
    assert "You have asked about this audit already" in text_of(shown)
    form = await amelia.opens(shown, "Ask for another day")
    assert WED in text_of(form)
    await amelia.opens(form, "Send the new day", wanted_on="2026-12-03", explanation=WHY)
    await world.delivered()
    # the cards of those asked show the new day, and an old press agrees to nothing
    assert "Yes, until Thu 3 December 2026" in buttons(hana.card("A-101"))
    stale = await hana.opens(old, YES)
    assert "the auditor asks for something else now" in text_of(stale)
    assert await world.trail("RQ-1") == ["request.ask", "request.change", "refused.out_of_date"]


async def test_withdrawn_before_an_answer(world: World) -> None:
    amelia, hana, *_ = await there(world, "amelia", "hana", "quinn")
    mine = await asked(world)
    gone = await amelia.opens(mine, "Yes, withdraw it")
    assert "Withdrawn" in text_of(gone)
    await world.delivered()
    assert YES not in buttons(hana.card("A-101"))
    assert "Nobody needs to answer it any more" in text_of(hana.card("A-101"))


async def test_returned_before_anybody_answered(world: World) -> None:
    """The return settles it: nobody has to answer any more, and an old press agrees to nothing."""
    amelia, hana, quinn = await there(world, "amelia", "hana", "quinn")
    await asked(world)
    old = hana.card("A-101")
    await amelia.opens(await filled(amelia, await opened(world, amelia)), "Hand in")
    await world.delivered()
    assert await world.trail("RQ-1") == ["request.ask", "request.overtake"]
    assert YES not in buttons(quinn.card("More time for A-101"))
    assert "A-101 has moved on since" in text_of(quinn.card("More time for A-101"))
    stale = await hana.opens(old, YES)
    assert "nobody needs to answer" in text_of(stale)
    assert "Nothing is waiting for you" in await quinn.asks("what is waiting for me")
    async with world.store.reading() as uow:
        audit = await uow.audits.get("A-101")
    assert audit is not None
    assert audit.agreed_on is None


async def test_freed_by_an_exemption_before_anybody_answered(world: World) -> None:
    *_, quinn = await there(world, "amelia", "hana", "dina", "quinn")
    await asked(world)
    await freed(world)
    assert await world.trail("RQ-1") == ["request.ask", "request.overtake"]
    assert YES not in buttons(quinn.card("More time for A-101"))


async def test_a_head_of_service_asks_the_one_above_and_never_decides_alone(world: World) -> None:
    hana, dina, quinn, karl = await there(world, "hana", "dina", "quinn", "karl")
    mine = await asked(world, "hana", "A-103")
    assert "Dina Marsh or the QA team answers it." in text_of(mine)
    assert "your yes or no is needed" in dina.told()
    assert karl.news() == []
    # her own yes, pressed with somebody else's button, is refused
    said = await hana.invoke({**quinn.activity_of(quinn.card("A-103"), YES), **hana.place(), "id": "own-yes"})
    assert "Nobody decides on their own request" in reads(said)
    # what waits for the director is in her list, and is opened from there
    waiting = await dina.says("what is waiting for me")
    assert "Audits: 1 request" in text_of(waiting)
    await dina.opens(await dina.opens(waiting, "Open RQ-1"), YES)
    assert "Nothing is waiting for you" in await quinn.asks("what is waiting for me")


async def test_a_deputy_answers_in_their_dates(world: World) -> None:
    amelia, hana, karl, _ = await there(world, "amelia", "hana", "karl", "quinn")
    form = await hana.says("my deputy")
    async with world.store.reading() as uow:
        person = await uow.people.by_email("karl@council.example")
    assert person is not None
    await hana.opens(
        form,
        "Name as deputy",
        delegate=str(person.id),
        scope="all",
        from_day="2026-11-11",
        to_day="2026-11-13",
    )
    await world.delivered()
    karl.news()
    await asked(world)
    assert "You are asked as deputy for Hana Whitfield." in karl.told()
    assert "Open RQ-1" in buttons(await karl.says("what is waiting for me"))
    await karl.opens(karl.card("yes or no is needed"), YES)
    await world.delivered()
    assert "Because Karl Osei agreed" in amelia.told()
    async with world.store.reading() as uow:
        audit = await uow.audits.get("A-101")
        assert audit is not None
        steps = await uow.cycle.history(audit.id)
        hana_there = await uow.people.by_email("hana@council.example")
    assert hana_there is not None
    assert (steps[-1].by_id, steps[-1].for_id) == (person.id, hana_there.id)


@ONE_DATABASE
@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2026-11-11", "That day is not ahead"),
        ("2026-12-08", "Choose a day up to Mon 7 December 2026"),
    ],
)
async def test_a_day_that_cannot_be_asked_for(world: World, until: str, said: str) -> None:
    amelia, *_ = await there(world, "amelia", "hana")
    form = await amelia.says("A-101 might slip")
    refused = await amelia.opens(form, "Send request", wanted_on=until, explanation=WHY)
    assert said in text_of(refused)
    assert WHY in text_of(refused)
    assert await world.trail("RQ-1") == []


@ONE_DATABASE
async def test_when_the_books_are_closed_there_is_nothing_to_ask(world: World) -> None:
    amelia, *_ = await there(world, "amelia")
    form = await amelia.says("A-101 might slip")
    world.clock.to(2026, 12, 9, 10, 0)
    refused = await amelia.opens(form, "Send request", wanted_on="2026-12-10", explanation=WHY)
    assert "its books are closed" in text_of(refused)


@ONE_DATABASE
async def test_only_ones_own_audit(world: World) -> None:
    amelia, ben, gita = await there(world, "amelia", "ben", "gita")
    form = await amelia.says("A-101 might slip")
    forged = await ben.invoke(
        {
            **amelia.activity_of(form, "Send request", wanted_on=WED, explanation=WHY),
            **ben.place(),
            "id": "forged",
        }
    )
    assert "Only the auditor of an audit can do that" in reads(forged)
    assert "nothing to ask more time for" in await gita.asks("my audit might slip to friday")


@ONE_DATABASE
async def test_who_of_everybody_may_answer(world: World) -> None:
    """Each presses an old version of the card: who may answer is told that it moved on, everybody else nothing."""
    amelia, hana, *_ = await there(world, "amelia", "hana", "quinn")
    mine = await asked(world)
    press = hana.activity_of(hana.card("A-101"), YES)
    form = await amelia.opens(mine, "Ask for another day")
    await amelia.opens(form, "Send the new day", wanted_on="2026-12-03", explanation=WHY)
    may: set[str] = set()
    for chat in world.everybody():
        said = reads(await chat.invoke({**press, **chat.place(), "id": f"walk-{chat.who.key}"}))
        assert ("asks for something else now" in said) == (WHY in said and chat.who.key != "amelia"), said
        may |= {chat.who.key} if "asks for something else now" in said else set()
    assert may == {"hana", "quinn", "queenie", "dina", "carol"}
    assert "request.grant" not in await world.trail("RQ-1")


@ONE_DATABASE
async def test_a_forwarded_card_is_refused(world: World) -> None:
    _, hana, ben, tom = await there(world, "amelia", "hana", "ben", "tom")
    await asked(world)
    for chat in (ben, tom):
        said = await chat.invoke(
            {**hana.activity_of(hana.card("A-101"), YES), **chat.place(), "id": f"by-{chat.who.key}"}
        )
        assert "shown to the auditor who asked" in reads(said)
        assert WHY not in reads(said)
    assert "request.grant" not in await world.trail("RQ-1")


async def test_unanswered_it_is_chased_once_a_working_morning(world: World) -> None:
    _, hana, quinn, *_ = await there(world, "amelia", "hana", "quinn", "queenie")
    await asked(world)
    hana.news()
    quinn.news()
    await world.tick()
    assert hana.news() == []
    world.clock.to(2026, 11, 12, 9, 30)
    await world.tick()
    assert "has waited since Wed 11 November 2026" in hana.told()
    assert "has waited since Wed 11 November 2026" in quinn.told()
    await world.tick()
    assert hana.news() == []


async def test_when_no_day_is_left_it_ends_and_the_auditor_hears(world: World) -> None:
    amelia, *_ = await there(world, "amelia", "hana", "quinn")
    await asked(world)
    amelia.news()
    world.clock.to(2026, 12, 8, 9, 30)
    await world.tick()
    assert "Because nobody answered in time, your request about A-101 has ended." in amelia.told()
    assert (await world.trail("RQ-1"))[-1] == "request.overtake"
