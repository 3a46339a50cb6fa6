"""The return by card: filled in step by step, left and resumed, handed in, corrected."""

import pytest

from tests.stories.plots import person_id, there
from tests.stories.world import CardJson, Chat, World, buttons, choices, reads, text_of

OPEN = "Fill in the return"
ON = "Save and continue"
AREAS = (
    "assessment", "planning", "review", "management_oversight", "iro_oversight", "direct_work",
    "relational_practice", "risk_assessment", "responsiveness", "legal_activity", "permanence",
)  # fmt: skip


def areas(grade: str = "good", **others: str) -> dict[str, str]:
    return {f"answer_area_{code}": others.get(code, grade) for code in AREAS}


def engaged(**said: str) -> dict[str, str]:
    asked = (
        "social_worker_took_part", "manager_took_part", "child_views", "parent_views", "iro_views", "reflection_sheet",
    )  # fmt: skip
    return {f"answer_{code}": said.get(code, "yes") for code in asked}


async def graded(chat: Chat, card: CardJson, grade: str = "good", **others: str) -> CardJson:
    """The first three steps; gives the fourth."""
    card = await chat.opens(card, ON, **areas(grade, **others))
    card = await chat.opens(card, ON, **engaged())
    return await chat.opens(card, ON, answer_grade=grade, answer_rationale="Visits are purposeful and seen.")


async def filled(chat: Chat, card: CardJson, grade: str = "good", *, owner: int = 0, category: str = "") -> CardJson:
    """All seven steps; gives the card on which everything is looked at."""
    card = await graded(chat, card, grade)
    card = await chat.opens(card, ON, answer_strengths="A trusting relationship.")
    if owner:
        said = {"description": "Update the risk assessment", "owner": str(owner)}
        card = await chat.opens(card, "Add this action", **said)
    card = await chat.opens(card, ON)
    if category:
        card = await chat.opens(card, ON, answer_concern="yes")
        said = {"answer_concern_category": category, "answer_concern_grounds": "No visit since August."}
        card = await chat.opens(card, ON, **said)
    else:
        card = await chat.opens(card, ON, answer_concern="no")
    return await chat.opens(card, ON)


async def opened(world: World, chat: Chat) -> CardJson:
    return await chat.opens(await chat.says("my audit"), OPEN)


async def test_filled_in_step_by_step_and_handed_in(world: World) -> None:
    [amelia] = await there(world, "amelia")
    first = await opened(world, amelia)
    assert "Return for C10432 · step 1 of 7: Practice areas" in text_of(first)
    assert "Due on Mon 30 November 2026" in text_of(first)
    review = await filled(amelia, first)
    # then everything that was said is looked at once more, and the areas suggest a grade
    seen = text_of(review)
    assert "Everything is answered" in seen
    assert "7 of 7 steps done" in seen
    assert "11 of 11 graded areas are Good" in seen
    assert "A trusting relationship" in seen
    done = await amelia.opens(review, "Hand in")
    assert "Thank you: your return is in." in text_of(done)
    assert "Good" in text_of(done)
    async with world.store.reading() as uow:
        audit = await uow.audits.get("A-101")
        assert audit is not None
        assert (audit.state.value, str(audit.grade), str(audit.returned_on)) == ("returned", "good", "2026-11-11")
        assert audit.engagement.social_worker is True
        assert len((await uow.cycle.areas([audit.id]))[audit.id]) == 11
    assert (await world.trail("A-101"))[-1] == "audit.return"
    assert (await world.trail("A-101")).count("return.save") == 5
