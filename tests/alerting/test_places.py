"""Who may take a step in whose place: the director asks for nothing that she decides, and the DCS judges only where
nobody else may. Whoever raised a child again follows it like the first who did."""

from datetime import date

import pytest

from domain.concern_workflow import Command
from domain.concerns import State, Wanted
from domain.errors import NotAllowed
from domain.people import Person
from domain.usecases import concern_tracker, concern_views
from tests.alerting.desk import HELEN, WILL, Desk
from tests.builders import DANA, DCS, PRIYA, RUTH, SAM, TOM

TODAY = date(2026, 11, 20)
ASKS = {Command.SUBMIT, Command.CHALLENGE}


async def offered(desk: Desk, who: Person) -> set[Command]:
    view = await concern_views.view(desk.store, desk.policy, await desk.actor(who), "C-1", desk.now)
    return set(view.commands)


@pytest.mark.parametrize("who", [RUTH, DCS])
async def test_whoever_signs_off_asks_for_none_while_there_is_a_head_of_service(
    quick: Desk, who: Person
) -> None:
    await quick.raises()
    commands = await offered(quick, who)
    assert not commands & ASKS
    assert Command.RESPOND in commands, "what cannot wait is theirs too"
    with pytest.raises(NotAllowed):
        await quick.does(who, Command.SUBMIT, evidence="Seen.", wanted=Wanted.REMOVAL)
    # when nobody is head of service, somebody must
    await quick.leave(DANA, SAM)
    assert await offered(quick, who) >= ASKS


async def test_a_deputy_of_the_director_neither(quick: Desk) -> None:
    await quick.stands_in(WILL, RUTH, TODAY, TODAY)
    await quick.raises()
    assert not await offered(quick, WILL) & ASKS


async def test_the_head_of_service_hears_what_was_submitted_in_their_place(quick: Desk) -> None:
    await quick.stands_in(WILL, DANA, TODAY, TODAY)
    await quick.raises()
    for who in (DANA, RUTH):
        await quick.acknowledges(who)
    await quick.news()
    await quick.does(WILL, Command.SUBMIT, evidence="Seen.", wanted=Wanted.REMOVAL)
    assert await quick.news() == [("waits", "Ruth"), ("moved", "Dana")]


# who judges a challenge


async def challenged(desk: Desk) -> None:
    await desk.raises()
    await desk.does(DANA, Command.CHALLENGE, wanted=Wanted.CATEGORY_2)


async def test_the_dcs_judges_only_where_no_head_of_quality_is_there(quick: Desk) -> None:
    await challenged(quick)
    assert Command.UPHOLD not in await offered(quick, DCS)
    assert Command.UPHOLD in await offered(quick, HELEN)
    with pytest.raises(NotAllowed):
        await quick.does(DCS, Command.UPHOLD)
    await quick.leave(HELEN)
    await quick.does(DCS, Command.UPHOLD)
    assert (await quick.concern()).state is State.WITH_HEAD_OF_SERVICE


async def test_the_dcs_judges_what_the_head_of_quality_asked_for_themselves(quick: Desk) -> None:
    """Helen stood in for Dana when it was challenged."""
    await quick.stands_in(HELEN, DANA, TODAY, TODAY)
    await quick.raises()
    await quick.does(HELEN, Command.CHALLENGE, wanted=Wanted.CATEGORY_2)
    with pytest.raises(NotAllowed):
        await quick.does(HELEN, Command.UPHOLD)
    await quick.does(DCS, Command.UPHOLD)


# who raised it again


async def test_whoever_raised_it_again_follows_it_and_reads_their_own_words(desk: Desk) -> None:
    await desk.raises(TOM)
    actor = await desk.actor(PRIYA)
    with pytest.raises(NotAllowed):
        await concern_views.view(desk.store, desk.policy, actor, "C-1", desk.now)
    await desk.raises(PRIYA, grounds="Left alone at night.")
    # then she sees how it stands, and of what others wrote nothing
    view = await concern_views.view(desk.store, desk.policy, actor, "C-1", desk.now)
    assert [line.note for line in view.steps] == ["", "Left alone at night."]
    assert view.commands == ()
    page = await concern_tracker.tracker(desk.store, desk.policy, actor, concern_tracker.Wish(), desk.now)
    assert [line.ref for line in page.lines] == ["C-1"]
