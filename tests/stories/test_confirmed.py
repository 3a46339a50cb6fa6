"""After a step of one's own, the card says that it is done and who is told of it, also once it is updated in place."""

from domain.cycle import Command
from domain.people import Authority
from domain.usecases.moving import move
from tests.stories.acting import managers
from tests.stories.plots import person_id, there
from tests.stories.test_return import filled, opened
from tests.stories.test_taking_part import issued, returned
from tests.stories.world import Chat, World, buttons, choices, text_of

IN = "Thank you: your return is in. Told: the child's social worker and the team's manager"


async def updated(world: World, chat: Chat, part: str) -> str:
    """The card where it stands, after the platform has put the update in its place."""
    await world.delivered()
    return text_of(chat.card(part))


async def test_handed_in_says_so_and_goes_on_saying_so(world: World) -> None:
    (amelia,) = await there(world, "amelia")
    done = await amelia.opens(await filled(amelia, await opened(world, amelia)), "Hand in")
    assert IN in text_of(done)
    assert IN in await updated(world, amelia, "A-101"), "the update takes the place of the answer"
    # then once somebody else does something with it, it is news no longer
    await named(world, "A-101", "quinn")
    assert "Thank you" not in await updated(world, amelia, "A-101")


async def named(world: World, ref: str, by: str) -> None:
    async with world.store.writing() as uow:
        audit = await uow.audits.get(ref)
        assert audit is not None
        who = Authority(await person_id(world, by))
        moderator = await person_id(world, "ben")
        await move(uow, audit, Command.ASSIGN, who, world.clock(), moderator_id=moderator)
        await uow.commit()


async def test_an_inadequate_says_who_is_told(world: World) -> None:
    (amelia,) = await there(world, "amelia")
    owner = await person_id(world, "sol")
    review = await filled(amelia, await opened(world, amelia), "inadequate", owner=owner)
    done = text_of(await amelia.opens(review, "Hand in"))
    assert "the owners of its actions and because of the Inadequate those who answer for the team" in done


async def test_a_part_that_was_given_is_confirmed(world: World) -> None:
    sol, hana = await there(world, "sol", "hana")
    await issued(world, "A-103")
    form = await sol.opens(sol.card("A-103"), "Give my part")
    said = "Saved: your part. Hana Whitfield reads it with the audit."
    assert said in text_of(await sol.opens(form, "Save", views="He is settled."))
    assert not hana.news(), "it is read with the audit, and no message"


async def test_the_comment_is_asked_for_at_once_and_confirmed(world: World) -> None:
    sol, hana, quinn = await there(world, "sol", "hana", "quinn")
    await issued(world, "A-103")
    await returned(world, "A-103")
    form = await sol.opens(sol.card("here is what came of it"), "Comment on the result")
    # then the box is the comment's, and there is one way to send it
    assert "Your comment on the result" in text_of(form)
    assert "Your views on the work" not in text_of(form)
    assert buttons(form) == ["Send comment", "Change what I gave", "Open A-103"]
    sent = text_of(await sol.opens(form, "Send comment", comment="The visits took place."))
    said = "Saved: your comment on the result. Hana Whitfield and the QA team are told of it."
    assert said in sent
    await world.delivered()
    for chat in (hana, quinn):
        assert "The visits took place." in chat.told()
    # and what was sent stands in the box when it is opened again
    again = await sol.opens(await sol.says("A-103"), "Comment on the result")
    assert "The visits took place." in text_of(again)
    views = await sol.opens(again, "Change what I gave")
    assert "Your views on the work" in text_of(views)
    assert "Send comment" not in buttons(views)
    both = text_of(await sol.opens(views, "Save", views="He is settled."))
    assert "Saved: what you gave, and your comment on the result." in both


async def test_given_out_stays_confirmed(world: World) -> None:
    await managers(world)
    quinn, _ = await there(world, "quinn", "gita")
    form = await quinn.opens(await quinn.says("observations"), "Ask somebody for one")
    gita = choices(form, "who")["Gita Rao (East Team)"]
    form = await quinn.opens(form, "Search", find="tom", who=gita)
    about = choices(form, "about")["Tom Bailey (North Team)"]
    card = await quinn.opens(form, "Ask", who=gita, when="2026-12", about=about)
    assert "Gita Rao has A-105 now, and is told." in text_of(card)
    assert "Gita Rao has A-105 now, and is told." in await updated(world, quinn, "A-105")
