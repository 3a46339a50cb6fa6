"""When a request is asked: early, in the last week, after the deadline, twice, or for months ahead."""

from tests.stories.plots import ILL, asking, there, with_dina, with_hana
from tests.stories.world import World, buttons, choices, reads, text_of

ALL = ("amelia", "hana", "dina", "quinn", "queenie")


async def test_the_last_week_asks_why_and_is_flagged_on_every_card(world: World) -> None:
    amelia, hana, dina, *_ = await there(world, *ALL)
    world.clock.to(2026, 11, 24, 9, 0)
    # given the form says so before anything is sent
    form = await amelia.says("exemption")
    assert "November 2026 is in its last week" in text_of(form)
    assert "please say why it could not be asked earlier" in text_of(form)
    # when there is no explanation, the form stays as it was filled in
    refused = await amelia.opens(
        form, "Send request", month="2026-11", reason=choices(form, "reason")[ILL], explanation=" "
    )
    assert "needs an explanation" in text_of(refused)
    assert value_of(refused, "reason") == "ill_health"
    # when there is one
    await amelia.opens(
        refused, "Send request", month="2026-11", reason="ill_health", explanation="Only known today"
    )
    await world.delivered()
    await hana.opens(hana.card("E-1"), "Endorse")
    await world.delivered()
    for chat in (amelia, hana, dina):
        assert "Asked in the last week of the month" in text_of(chat.card("E-1"))
        assert "Asked after the audit was issued" in text_of(chat.card("E-1"))
    assert "Asked in the last week of the month" in await dina.asks("what is waiting for me")


async def test_the_day_before_the_last_week_is_not_in_it(world: World) -> None:
    [amelia] = await there(world, "amelia")
    world.clock.to(2026, 11, 23, 23, 59)
    sent = await asking(amelia, explanation="")
    assert "Asked in the last week" not in reads(sent)
    assert "E-1" in reads(sent)


async def test_next_month_in_this_months_last_week_is_early(world: World) -> None:
    [amelia] = await there(world, "amelia")
    world.clock.to(2026, 11, 26, 9, 0)
    sent = await asking(amelia, month="2026-12", explanation="")
    assert "Asked in the last week" not in reads(sent)


async def test_after_the_deadline_it_is_refused(world: World) -> None:
    [amelia] = await there(world, "amelia")
    form = await amelia.says("exemption")
    # when the form was opened in November and is sent a moment after it
    world.clock.to(2026, 12, 1, 0, 0)
    late = await amelia.opens(form, "Send request", month="2026-11", reason="other", explanation="Too late")
    assert "November 2026 is over" in text_of(late)
    assert value_of(late, "explanation") == "Too late"
    assert "November 2026" not in choices(late, "month")
    assert "exemption.request" not in await world.trail()


async def test_months_ahead(world: World) -> None:
    [amelia] = await there(world, "amelia")
    form = await amelia.says("exemption in march")
    assert value_of(form, "month") == "2027-03"
    assert list(choices(form, "month"))[-1] == "November 2027"
    sent = await amelia.opens(form, "Send request", month="2027-11", reason="maternity")
    assert "November 2027" in text_of(sent)
    # when somebody sends a month that the form does not offer
    form = await amelia.says("exemption")
    refused = await amelia.press(form, "Send request", month="2028-01", reason="maternity")
    assert "too far ahead" in reads(refused)


async def test_a_second_request_shows_the_first(world: World) -> None:
    amelia, *_ = await there(world, *ALL)
    await with_hana(world)
    again = await asking(amelia)
    assert "There is already an open or approved request" in reads(again)
    assert "E-1" in reads(again)
    assert isinstance(again, dict)
    assert "Yes, withdraw it" in buttons(again)
    assert (await world.trail()).count("exemption.request") == 1


async def test_after_approval_there_is_nothing_to_ask_again(world: World) -> None:
    amelia, _, dina, *_ = await there(world, *ALL)
    decide = await with_dina(world)
    await dina.opens(decide, "Approve")
    await world.delivered()
    assert "E-1" in reads(await asking(amelia))
    assert (await world.trail()).count("exemption.request") == 1


async def test_what_was_typed_is_filled_in(world: World) -> None:
    [amelia] = await there(world, "amelia")
    form = await amelia.says("im on mat leave from january, can i be exempt in january")
    assert value_of(form, "month") == "2027-01"
    assert value_of(form, "reason") == "maternity"
    assert await world.trail() == []


async def test_nothing_chosen(world: World) -> None:
    [amelia] = await there(world, "amelia")
    form = await amelia.says("exemption")
    said = reads(await amelia.press(form, "Send request", month="2026-12", reason="", explanation=""))
    assert "Choose a reason" in said


def value_of(card: object, field: str) -> str:
    from tests.stories.world import walk

    return next(str(e.get("value") or "") for e in walk(card) if e.get("id") == field)
