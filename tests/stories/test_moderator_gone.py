"""A moderator who cannot judge an audit any more: the QA team hears of it, and nobody waits for nothing."""

import pytest

from tests.stories.judging import MODERATORS, ON_ONE_DATABASE, SAMPLE, agreed, moderating, returned
from tests.stories.plots import there
from tests.stories.test_rework import sent_back
from tests.stories.world import World, buttons, text_of

ALL = ("quinn", "queenie", "liam", "farah", "amelia", "helen")
GONE = [
    {"roles": "auditor"},
    {"roles": "auditor;moderator", "team": "South Team"},
    {"roles": "auditor;moderator", "active_to": "2026-11-10"},
]


@pytest.mark.parametrize("change", GONE)
@ON_ONE_DATABASE
async def test_the_qa_team_is_told_on_the_next_working_morning(world: World, change: dict[str, str]) -> None:
    quinn, queenie, *_ = await returned(world, *ALL)
    await moderating(world)
    quinn.news()
    await world.people_change({**MODERATORS, "liam": change})
    world.clock.forward(days=1)
    await world.tick()
    await world.delivered()
    # then both have a message, with the button that helps
    for chat in (quinn, queenie):
        assert "Because Liam Grant cannot moderate A-201 any more, it waits for nobody." in chat.told()
        assert "Another moderator" in buttons(chat.card("A-201"))
        chat.news()
    # once, and not on every morning
    world.clock.forward(days=1)
    await world.tick()
    await world.delivered()
    assert not quinn.news()
    waits = await quinn.says("what is waiting for me")
    assert "A-201 waits for a moderator who cannot judge it any more." in text_of(waits)
    form = await quinn.opens(waits, "Moderator of A-201")
    assert "Who moderates it" in text_of(form)
    # and the sample does not count on him
    sample = await quinn.asks(SAMPLE)
    assert "0 have a moderator already. 1 has a moderator who cannot judge any more" in sample


@ON_ONE_DATABASE
async def test_a_rework_that_comes_back_to_nobody_is_told_at_once(world: World) -> None:
    quinn, liam, _, amelia = await there(world, "quinn", "liam", "farah", "amelia")
    review = await sent_back(world, why="grammar", what_to_do="Mind the spelling")
    quinn.news()
    await world.people_change({**MODERATORS, "liam": {"roles": "auditor"}})
    ask = await amelia.opens(review, "Hand in")
    card = await amelia.opens(ask, "Hand it in unchanged")
    assert "Its moderator cannot judge it any more" in text_of(card)
    assert "its moderator is told" not in text_of(card)
    await world.delivered()
    assert "Because Liam Grant cannot moderate A-101 any more" in quinn.told()
    assert "returned A-101 again" not in liam.told()


@ON_ONE_DATABASE
async def test_reopened_for_a_moderator_who_left(world: World) -> None:
    quinn, _, liam, _, _, helen = await returned(world, *ALL)
    await agreed(world)
    await world.people_change({**MODERATORS, "liam": {"roles": "auditor"}})
    quinn.news()
    liam.news()
    form = await helen.opens(await helen.says("A-201"), "Reopen")
    card = await helen.opens(form, "Reopen it", note="Look again")
    assert "Its moderator cannot judge it any more" in text_of(card)
    await world.delivered()
    assert "Because Liam Grant cannot moderate A-201 any more" in quinn.told()
    assert "reopened A-201" not in liam.told()
