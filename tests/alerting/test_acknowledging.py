"""Who acknowledges an alert, from whichever card, and what that leaves to climb."""

from datetime import date, timedelta

import pytest

from domain.alerts import Seat
from domain.concern_rules import Tier
from domain.concern_workflow import Command
from domain.concerns import Category
from domain.errors import NotAllowed, NotFound, OutOfDate
from domain.people import Person
from tests.alerting.desk import FRIDAY, HELEN, WILL, Desk
from tests.builders import DANA, DCS, PRIYA, QUINN, RUTH, SAM, TOM

TODAY = date(2026, 11, 20)


async def seats(desk: Desk, ref: str = "C-1") -> dict[str, tuple[int, int | None, str]]:
    alert = (await desk.concern(ref)).alert
    assert alert is not None
    return {s.value: (given.by.by_id, given.by.for_id, given.tier.value) for s, given in alert.seats.items()}


async def test_the_head_of_service_and_the_director_each_take_their_own_seat(desk: Desk) -> None:
    await desk.raises()
    dana = await desk.later(minutes=3).acknowledges(DANA)
    assert dana.facts == {
        "open": "oversight",
        "seats": "response",
        "at": (FRIDAY + timedelta(minutes=3)).isoformat(),
    }
    assert (await desk.concern()).climbing, "the director has not acknowledged yet"
    ruth = await desk.later(minutes=2).acknowledges(RUTH)
    assert (ruth.facts["open"], ruth.facts["seats"]) == ("", "oversight")
    assert not (await desk.concern()).climbing
    assert await seats(desk) == {
        "response": (DANA.id, None, "head_of_service"),
        "oversight": (RUTH.id, None, "director"),
    }
    assert [line.command for line in await desk.history()] == ["raise", "acknowledge", "acknowledge"]
    assert await desk.trail() == [
        "concern.raise", "concern.climb", "concern.acknowledge", "concern.acknowledge",
    ]  # fmt: skip


async def test_a_second_press_says_when_the_first_one_was(desk: Desk) -> None:
    await desk.raises()
    first = await desk.acknowledges(DANA)
    again = await desk.later(minutes=20).acknowledges(DANA)
    assert again.facts == {**first.facts, "already": "yes"}
    assert (await desk.concern()).version == 2, "nothing was written a second time"
    assert await desk.trail() == ["concern.raise", "concern.climb", "concern.acknowledge"]


async def test_the_same_press_delivered_twice_is_answered_alike(desk: Desk) -> None:
    await desk.raises()
    first = await desk.acknowledges(DANA, key="press")
    assert await desk.later(minutes=5).acknowledges(DANA, key="press") == first


@pytest.mark.parametrize("who", [TOM, PRIYA, QUINN, WILL])
async def test_nobody_who_is_not_on_the_ladder_acknowledges(quick: Desk, who: Person) -> None:
    await quick.raises(TOM)
    with pytest.raises(NotAllowed):
        await quick.acknowledges(who)
    assert await seats(quick) == {}
    assert (await quick.trail())[-1] == "refused.not_allowed"


async def test_the_director_has_to_wait_for_the_other_seat_until_it_has_climbed_to_them(quick: Desk) -> None:
    await quick.raises()
    first = await quick.acknowledges(RUTH)
    assert (first.facts["seats"], first.facts["open"]) == ("oversight", "response")
    # when half an hour later nobody has taken it
    quick.later(minutes=30)
    await quick.climbs()
    second = await quick.acknowledges(RUTH)
    assert (second.facts["seats"], second.facts["open"]) == ("response;oversight", "")
    assert (await seats(quick))["response"] == (RUTH.id, None, "director")


@pytest.mark.parametrize(("who", "minutes"), [(DCS, 45), (HELEN, 60)])
async def test_the_dcs_and_the_head_of_quality_take_whatever_is_open_once_it_has_climbed_to_them(
    quick: Desk, who: Person, minutes: int
) -> None:
    await quick.raises()
    await quick.acknowledges(DANA)
    # given that it has not climbed to them: they have seen it, and the director is still asked
    await quick.later(minutes=minutes - 15).climbs()
    seen = await quick.acknowledges(who)
    assert seen.facts == {"open": "oversight", "already": "yes"}
    assert (await quick.trail())[-1] == "concern.seen"
    await quick.later(minutes=15).climbs()
    outcome = await quick.acknowledges(who)
    assert (outcome.facts["seats"], outcome.facts["open"]) == ("oversight", "")


async def test_one_press_is_one_acknowledgement(desk: Desk) -> None:
    """A head of service who stands in for the director answers for one of the two."""
    await desk.stands_in(DANA, RUTH, TODAY, TODAY)
    await desk.raises()
    first = await desk.acknowledges(DANA)
    assert (first.facts["seats"], first.facts["open"]) == ("response", "oversight")
    again = await desk.acknowledges(DANA)
    assert (again.facts["already"], again.facts["open"]) == ("yes", "oversight")
    assert (await desk.concern()).climbing
    assert (await desk.acknowledges(RUTH)).facts["open"] == ""


async def test_a_deputy_of_both_takes_one_seat(quick: Desk) -> None:
    for principal in (DANA, RUTH):
        await quick.stands_in(WILL, principal, TODAY, TODAY)
    await quick.raises()
    outcome = await quick.acknowledges(WILL)
    assert (outcome.facts["seats"], outcome.facts["open"]) == ("response", "oversight")
    assert (await quick.acknowledges(WILL)).facts["open"] == "oversight"


async def test_a_response_takes_no_second_seat_either(quick: Desk) -> None:
    await quick.stands_in(DANA, RUTH, TODAY, TODAY)
    await quick.raises()
    await quick.does(DANA, Command.RESPOND)
    await quick.does(DANA, Command.RESPOND)
    assert list(await seats(quick)) == ["response"]


async def test_a_head_of_service_of_another_service_has_no_part_in_it(quick: Desk) -> None:
    from sqlalchemy import update

    from storage import tables

    elsewhere = update(tables.teams).where(tables.teams.c.name == "Eastfield").values(service="Care")
    await quick.store.bulk(lambda c: c.execute(elsewhere))
    await quick.raises()
    with pytest.raises(NotAllowed):
        await quick.acknowledges(SAM)


# deputies


async def test_a_deputy_takes_the_seat_within_their_dates_and_both_names_are_kept(desk: Desk) -> None:
    await desk.stands_in(WILL, DANA, TODAY, TODAY)
    await desk.raises()
    outcome = await desk.acknowledges(WILL)
    assert (outcome.facts["seats"], outcome.facts["open"]) == ("response", "oversight")
    assert await seats(desk) == {"response": (WILL.id, DANA.id, "head_of_service")}
    line = (await desk.history())[-1]
    assert (line.by_id, line.for_id) == (WILL.id, DANA.id)


async def test_a_deputy_of_yesterday_does_not(quick: Desk) -> None:
    await quick.stands_in(WILL, DANA, TODAY - timedelta(days=9), TODAY - timedelta(days=1))
    await quick.raises()
    with pytest.raises(NotAllowed):
        await quick.acknowledges(WILL)


async def test_the_deputy_is_asked_with_the_second_rung(quick: Desk) -> None:
    await quick.stands_in(WILL, DANA, TODAY, TODAY)
    await quick.raises()
    await quick.news()
    quick.later(minutes=15)
    await quick.climbs()
    assert await quick.news() == [("climbed", "Dana"), ("climbed", "Will")]


async def test_a_deputy_of_the_director_who_has_no_seat_to_take_has_seen_it_and_it_climbs_on(
    quick: Desk,
) -> None:
    await quick.stands_in(WILL, RUTH, TODAY, TODAY)
    await quick.raises()
    await quick.acknowledges(RUTH)
    seen = await quick.acknowledges(WILL)
    assert seen.facts == {"open": "response", "already": "yes"}
    assert (await quick.trail())[-1] == "concern.seen"
    assert (await quick.concern()).climbing


# other ways to end it, and none


async def test_a_recorded_response_acknowledges_too(quick: Desk) -> None:
    await quick.raises()
    await quick.does(DANA, Command.RESPOND, note="I have seen the child; a strategy meeting is at six.")
    assert list(await seats(quick)) == ["response"]
    assert (await quick.concern()).climbing, "the director still has to acknowledge"


async def test_settled_as_category_2_nobody_is_asked_any_more(quick: Desk) -> None:
    await quick.raises(category="unsure")
    await quick.does(DANA, Command.SETTLE, category=Category.TWO)
    assert not (await quick.concern()).climbing
    with pytest.raises(OutOfDate):
        await quick.acknowledges(RUTH)


async def test_an_unknown_reference_cannot_be_found(quick: Desk) -> None:
    with pytest.raises(NotFound):
        await quick.acknowledges(DANA, "C-9")


async def test_an_older_cards_button_works_whatever_came_in_between(quick: Desk) -> None:
    await quick.raises()
    await quick.takes(Command.UPDATE)
    await quick.takes(Command.ASK_TEAM)
    quick.later(minutes=16)
    await quick.climbs()
    assert (await quick.acknowledges(DANA)).facts["seats"] == "response"


async def test_an_acknowledgement_is_told_by_the_cards_alone(quick: Desk) -> None:
    await quick.raises()
    await quick.news()
    await quick.acknowledges(DANA)
    await quick.acknowledges(RUTH)
    assert await quick.news() == []


async def test_every_seat_is_somebodys() -> None:
    assert set(Seat) == {Seat.RESPONSE, Seat.OVERSIGHT}
    assert Tier.DEPUTY not in {
        Tier(tier) for tier in ("head_of_service", "director", "dcs", "head_of_quality")
    }
