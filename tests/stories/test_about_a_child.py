"""A question about a child is answered with what the asker may see of it, and with nothing else."""

import pytest

from domain.cycle import Command
from domain.kinds import Grade
from tests.stories.plots import person_id, there
from tests.stories.test_taking_part import issued, moved, returned
from tests.stories.world import World, buttons, text_of

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NOTHING = "I can show you no audit of C10432."


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("amelia", True),  # its auditor
        ("ben", False),  # an auditor of the child's own team, with another child
        ("hana", True),  # the head of service of the child's service
        ("karl", False),  # of another
        ("dina", True),  # the director of the directorate
        ("edwin", False),
        ("carol", True),
        ("helen", True),
        ("quinn", True),
        ("tom", False),  # a manager of another team
        ("sol", False),  # the social worker of another child
        ("liam", False),
    ],
)
@ONE_DATABASE
async def test_who_may_see_it_gets_its_card_and_nobody_else_a_word(
    world: World, who: str, sees: bool
) -> None:
    (chat,) = await there(world, who)
    for text in ("who audits C10432", "C10432", "what about c10432?"):
        said = await chat.asks(text)
        assert ("A-101" in said) is sees, text
        assert (NOTHING in said) is not sees, text
        assert ("Amelia" in said) is (sees and who != "amelia"), text


@ONE_DATABASE
async def test_a_child_that_is_not_there_sounds_like_one_that_is_not_for_the_reader(world: World) -> None:
    liam, *_ = await there(world, "liam")
    there_is = await liam.asks("who audits C10432")
    there_is_none = await liam.asks("who audits C99999")
    assert there_is.replace("C10432", "C99999") == there_is_none
    assert "ask" in there_is_none


async def test_several_audits_of_a_child_are_listed_and_opened(world: World) -> None:
    quinn, ben, gita = await there(world, "quinn", "ben", "gita")
    await moved(world, "A-102", Command.CHANGE_CHILD, child_ref="C10700", note="a wrong child")
    listed = await quinn.says("who has C10700")
    shown = text_of(listed)
    assert "You may see 2 audits" in shown
    assert shown.index("A-102") < shown.index("A-104"), "the newest first"
    assert "C10700" in text_of(await quinn.opens(listed, "Open A-104"))
    # who may see one of them sees that one, and one month's alone is asked for by its name
    assert "A-104" in await gita.asks("status of C10700")
    assert "A-102" in await ben.asks("C10700")
    assert "A-104" in await quinn.asks("who had C10700 in october")


async def test_the_social_worker_gets_their_part_of_it(world: World) -> None:
    sol, *_ = await there(world, "sol", "hana")
    await issued(world, "A-103")
    # before the return: who comes, by when, and the form
    coming = await sol.says("C10501")
    assert "Hana Whitfield looks at the file of child C10501 together with you." in text_of(coming)
    form = await sol.opens(coming, "Give my part")
    assert "What was done well?" in text_of(form)
    # after it: what came of it, and nothing of how it was judged
    await returned(world, "A-103")
    await moved(world, "A-103", Command.ASSIGN, moderator_id=await person_id(world, "ben"))
    await moved(world, "A-103", Command.MODERATE, moderated_grade=Grade.INADEQUATE)
    result = await sol.says("what about C10501")
    assert "Inadequate" in text_of(result)
    assert "oderat" not in text_of(result)
    assert "Comment on the result" in buttons(result)


@ONE_DATABASE
async def test_the_manager_of_the_childs_team_gets_theirs(world: World) -> None:
    (tom,) = await there(world, "tom")
    card = await tom.says("who audits C10600")
    assert "Ben Clarke" in text_of(card)
    assert "Your views on the work with this child" in text_of(await tom.opens(card, "Give my part"))


@ONE_DATABASE
async def test_my_audit_stays_my_audit(world: World) -> None:
    (amelia,) = await there(world, "amelia")
    assert "Your audit for" in await amelia.asks("my audit C10432")


@ONE_DATABASE
async def test_a_social_worker_sees_what_is_coming_for_them(world: World) -> None:
    sol, amelia, tom = await there(world, "sol", "amelia", "tom")
    # when the greeting's button is pressed, or it is typed
    listed = await sol.opens(await sol.says("hi"), "Audits of my children")
    assert "A-103, child C10501" in text_of(listed)
    assert "A-101" not in text_of(listed), "not a child of theirs"
    assert "A-103" in await sol.asks("what is coming")
    # then their part is a press away
    assert "What was done well?" in text_of(await sol.opens(listed, "Give my part in A-103"))
    await returned(world, "A-103")
    assert "No audit of one of your children is awaited" in await sol.asks("what's coming?")
    # and a manager has the team's, an auditor their own
    assert "A-102" in await tom.asks("what is coming")
    assert "C10432" in await amelia.asks("what is coming")
