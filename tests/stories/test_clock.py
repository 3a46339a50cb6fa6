"""What time does: reminders on working mornings, one step up, and a lapse that everybody on it sees."""

from collections import Counter
from datetime import time, timedelta

from domain.calendar import Month, local_instant
from tests.stories.plots import asking, there, with_hana
from tests.stories.world import World, buttons, text_of

ALL = ("amelia", "hana", "dina", "carol", "quinn", "queenie")


HOURS = (time(0, 5), time(8, 59), time(9, 0), time(13, 0), time(17, 0), time(23, 0))


async def test_a_month_in_which_nobody_answers(world: World) -> None:
    """Asked on Monday 16 November; looked at six times on every day from the first of the month to the next."""
    amelia, hana, dina, carol, *_ = chats = await there(world, *ALL)
    arrivals: dict[str, list[tuple[int, int]]] = {key: [] for key in ("amelia", "hana", "dina", "carol")}
    said = dict.fromkeys(arrivals, "")
    for day in (Month(2026, 11).first + timedelta(days=n) for n in range(31)):
        for hour in HOURS:
            world.clock.now = local_instant(day, hour)
            if (day.day, hour) == (16, HOURS[3]):
                await with_hana(world)
                [chat.news() for chat in chats]
            await world.tick()
            for key, found in arrivals.items():
                came = world.chat(key).news()
                found += [(day.day, hour.hour) for _ in came]
                said[key] += "".join(str(m.activity["summary"]) for m in came)
    # then Hana is reminded on two mornings, and on the third it goes up to Dina, of which she is told
    assert arrivals["hana"] == [(17, 9), (18, 9), (19, 9), (1, 0)]
    assert "has gone one step up, to Dina Marsh" in said["hana"]
    # Dina is asked, reminded on two working mornings, and then it goes up to Carol
    assert arrivals["dina"] == [(19, 9), (20, 9), (23, 9), (24, 9), (1, 0)]
    # Carol has nobody above: she is asked, and reminded each working morning; at midnight it has lapsed
    assert arrivals["carol"] == [(24, 9), (25, 9), (26, 9), (27, 9), (30, 9), (1, 0)]
    # Amelia is told of each step up, and of the end
    assert arrivals["amelia"] == [(19, 9), (24, 9), (1, 0)]
    assert "was not decided before the month ended" in said["amelia"]
    # and in nobody's chat does it look open
    for chat in (amelia, hana, dina, carol):
        assert "Lapsed" in text_of(chat.card("E-1"))
        assert not {"Endorse", "Approve", "Yes, withdraw it"} & set(buttons(chat.card("E-1")))
    # a request never approves itself
    steps = Counter(await world.trail("E-1"))
    assert steps == {
        "exemption.request": 1,
        "exemption.chase": 2 + 2 + 4,
        "exemption.escalate": 2,
        "exemption.lapse": 1,
    }


async def test_nothing_is_sent_at_night_at_weekends_or_twice(world: World) -> None:
    _, hana, *_ = await there(world, *ALL)
    await with_hana(world)
    hana.news()
    # given Thursday before work
    world.clock.to(2026, 11, 12, 8, 59)
    await world.tick()
    assert hana.news() == []
    # when work begins, and the ticker looks three times
    for minute in (0, 1, 30):
        world.clock.to(2026, 11, 12, 9, minute)
        await world.tick()
    assert len(hana.news()) == 1
    # when nobody ticks until Saturday
    world.clock.to(2026, 11, 14, 10, 0)
    await world.tick()
    assert hana.news() == []


async def test_a_reminder_holds_all_there_is_and_its_card_acts(world: World) -> None:
    _, hana, *_ = await there(world, *ALL)
    first = await with_hana(world)
    hana.news()
    world.clock.to(2026, 11, 12, 9, 5)
    await world.tick()
    [reminder] = hana.news()
    assert "has waited since Wed 11 November 2026" in str(reminder.activity["summary"])
    assert reminder.card is not None
    assert "Operation on the 18th" in text_of(reminder.card)
    await hana.opens(reminder.card, "Endorse")
    await world.delivered()
    # then the first card does not look open any more
    assert "Endorse" not in buttons(hana.card("E-1"))
    assert "Waiting for the director" in text_of(await hana.opens(first, "Endorse"))


async def test_a_question_that_nobody_answers_is_asked_again_and_lapses(world: World) -> None:
    amelia, hana, *_ = await there(world, *ALL)
    world.clock.to(2026, 11, 26, 10, 0)
    ask = await with_hana(world)
    await hana.opens(ask, "Send question", question="Which days?")
    await world.delivered()
    amelia.news()
    hana.news()
    told = 0
    for day in range(27, 31):
        world.clock.to(2026, 11, day, 9, 30)
        await world.tick()
        told += len(amelia.news())
    # then she is reminded on each working day, and it never goes up: it is her turn
    assert told == len([27, 30])
    assert hana.news() == []
    world.clock.to(2026, 12, 1, 0, 5)
    await world.tick()
    assert "it has lapsed" in amelia.told()
    assert "it has lapsed" in hana.told()


async def test_a_request_for_a_later_month_is_chased_too(world: World) -> None:
    _, hana, *_ = await there(world, *ALL)
    await asking(world.chat("amelia"), month="2027-03")
    await world.delivered()
    hana.news()
    world.clock.to(2026, 11, 12, 9, 30)
    await world.tick()
    assert "E-1" in hana.told()
    world.clock.to(2026, 12, 1, 0, 5)
    await world.tick()
    assert "Lapsed" not in text_of(hana.card("E-1"))


async def test_downtime_is_caught_up_once(world: World) -> None:
    """Down from Wednesday to Tuesday: what is due then is done, once."""
    amelia, hana, dina, *_ = await there(world, *ALL)
    await with_hana(world)
    for chat in (amelia, hana, dina):
        chat.news()
    world.clock.to(2026, 11, 17, 11, 0)
    await world.tick()
    await world.tick()
    assert len(hana.news()) == len(dina.news()) == len(amelia.news()) == 1
    assert (await world.trail("E-1"))[1:] == ["exemption.escalate"]


async def test_many_that_wait_are_one_reminder_a_day(world: World) -> None:
    """Three requests wait for Hana: in the morning she gets one message that lists them, and no more that day."""
    hana = (await there(world, "hana", "amelia", "ben", "farah"))[0]
    for key in ("amelia", "ben", "farah"):
        await asking(world.chat(key), month="2026-12")
    await world.delivered()
    assert len(hana.news()) == 3
    world.clock.to(2026, 11, 12, 9, 30)
    await world.tick()
    [reminder] = hana.news()
    shown = text_of(reminder.card)
    assert "3 requests to decide" in shown
    assert all(f"Open E-{number}" in buttons(reminder.card) for number in (1, 2, 3))
    await world.tick()
    assert hana.news() == []
    # and when one alone is left, the reminder is the request itself
    for ref in ("E-1", "E-2"):
        card = await hana.opens(hana.card("3 requests to decide"), f"Open {ref}")
        await hana.opens(card, "Decline this request", note="Not this month")
    await world.delivered()
    hana.news()
    world.clock.to(2026, 11, 13, 9, 30)
    await world.tick()
    [last] = hana.news()
    assert "Endorse" in buttons(last.card)
    assert "E-3" in text_of(last.card)
