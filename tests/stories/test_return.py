"""The return by card: filled in step by step, left and resumed, handed in, corrected."""

from datetime import date, timedelta

from domain.calendar import is_working_day
from domain.policy import Policy
from tests.stories.plots import person_id, there
from tests.stories.world import CardJson, Chat, World, buttons, choices, reads, text_of, walk

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


async def filled(
    chat: Chat, card: CardJson, grade: str = "good", *, owner: int = 0, category: str = ""
) -> CardJson:
    """All seven steps; gives the card on which everything is looked at."""
    card = await graded(chat, card, grade)
    card = await chat.opens(card, ON, answer_strengths="A trusting relationship.")
    if owner:
        said = {"description": "Update the risk assessment", "owner": str(owner)}
        card = await chat.opens(card, "Search", description="Update", find="sol")
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
    assert "5 of 5 required steps done" in seen, "actions and reflection may be left out"
    assert "11 of 11 graded areas are Good" in seen
    assert "A trusting relationship" in seen
    assert "Overall grade: Good" in seen
    done = await amelia.opens(review, "Hand in")
    assert "Thank you: your return is in." in text_of(done)
    assert "Good" in text_of(done)
    async with world.store.reading() as uow:
        audit = await uow.audits.get("A-101")
        assert audit is not None
        assert (audit.state.value, str(audit.grade), str(audit.returned_on)) == (
            "returned",
            "good",
            "2026-11-11",
        )
        assert audit.engagement.social_worker is True
        assert len((await uow.cycle.areas([audit.id]))[audit.id]) == 11
    assert (await world.trail("A-101"))[-1] == "audit.return"
    assert (await world.trail("A-101")).count("return.save") == 5


async def value_of(card: CardJson, field: str) -> str:
    return next(str(e.get("value", "")) for e in walk(card) if e.get("id") == field)


async def test_broken_off_and_resumed(world: World) -> None:
    [amelia] = await there(world, "amelia")
    card = await opened(world, amelia)
    card = await amelia.opens(card, ON, **areas("requires_improvement", planning="inadequate"))
    # when she answers half of a step and closes it
    closed = await amelia.opens(card, "Save and close", answer_child_views="yes")
    assert "Saved: 1 of 6 required steps done" in text_of(closed)
    # then a day later it is where it was, and says how far it is
    world.clock.forward(days=1)
    mine = await amelia.says("my audit")
    again = await amelia.opens(mine, "Continue: 1 of 6 required steps done")
    assert "step 2 of 7: Engagement" in text_of(again)
    assert await value_of(again, "answer_child_views") == "yes"
    # and the areas suggest a grade beside what good looks like
    card = await amelia.opens(again, ON, **engaged())
    assert "Inadequate in Planning, so no better than Requires Improvement" in text_of(card)
    assert "What good looks like" in text_of(card)


async def test_what_is_wrong_is_said_and_everything_typed_is_still_there(world: World) -> None:
    [amelia] = await there(world, "amelia")
    card = await opened(world, amelia)
    card = await amelia.opens(card, "All steps")
    assert "answers are missing" in text_of(card)
    card = await amelia.opens(card, "Fill in step 3")
    long = "x" * 2001
    refused = await amelia.opens(card, ON, answer_grade="good", answer_rationale=long)
    assert "“Why this grade?” is longer than 2,000 characters" in text_of(refused)
    assert await value_of(refused, "answer_rationale") == long
    assert await value_of(refused, "answer_grade") == "good"
    # and an answer that is missing is named, and can be left for later
    card = await amelia.opens(refused, ON, answer_grade="good", answer_rationale="")
    assert "Saved. Still to answer here: “Why this grade?”" in text_of(card)
    assert "step 4 of 7" in text_of(await amelia.opens(card, "Skip for now"))


async def test_a_child_of_concern_and_an_inadequate_are_told_at_once(world: World) -> None:
    amelia, hana, dina, sol = await there(world, "amelia", "hana", "dina", "sol")
    review = await filled(
        amelia,
        await opened(world, amelia),
        "inadequate",
        owner=await person_id(world, "sol"),
        category="category_1",
    )
    assert "alerted at once" in text_of(review)
    assert "If a child is in immediate danger, call 999 now" in text_of(review)
    await amelia.opens(review, "Hand in")
    amelia.news()
    await world.delivered()
    told = hana.told()
    assert "Category 1 alert: child C10432" in told
    assert "Acknowledge" in told
    assert "came back as Inadequate" in told
    assert "Category 1 alert: child C10432" in dina.told()
    owner = sol.told()
    assert "1 action is yours to do" in owner
    assert "Update the risk assessment" in owner
    assert amelia.news() == [], "who handed it in is not told of it"


async def test_corrected_with_a_reason_and_the_cards_that_stand_say_so(world: World) -> None:
    amelia, hana, *_ = await there(world, "amelia", "hana", "dina")
    review = await filled(
        amelia, await opened(world, amelia), "inadequate", owner=await person_id(world, "sol")
    )
    done = await amelia.opens(review, "Hand in")
    await world.delivered()
    assert "Inadequate" in text_of(hana.card("A-101"))
    menu = await amelia.opens(done, "Correct the return")
    form = await amelia.opens(menu, "Correct: Overall grade")
    # when no reason is given, nothing is corrected
    assert "Write why it is corrected" in reads(
        await amelia.press(form, "Save the correction", answer_grade="good", note="")
    )
    corrected = await amelia.opens(
        form, "Save the correction", answer_grade="requires_improvement", note="I misread the dates."
    )
    assert "Corrected. The record shows both values" in text_of(corrected)
    hana.news()
    await world.delivered()
    assert hana.news() == [], "no second message"
    assert "Requires Improvement" in text_of(hana.card("A-101")), "the card that stands is brought up to date"
    assert (await world.trail("A-101"))[-1] == "audit.correct"


async def test_what_is_to_be_corrected_is_said_in_words(world: World) -> None:
    [amelia] = await there(world, "amelia")
    assert "None of your returns can be corrected now" in await amelia.asks("correct my return")
    review = await filled(amelia, await opened(world, amelia), "good", owner=await person_id(world, "sol"))
    await amelia.opens(review, "Hand in")
    # then the only return that is in is meant, whichever mistake it is
    for said in (
        "i handed in the wrong child",
        "change my grade to inadequate",
        "undo my return",
        "correct A-101",
    ):
        menu = await amelia.says(said)
        assert isinstance(menu, dict), said
        assert "Correct: Overall grade" in buttons(menu), said


async def test_about_another_child(world: World) -> None:
    [amelia] = await there(world, "amelia")
    done = await amelia.opens(await filled(amelia, await opened(world, amelia)), "Hand in")
    form = await amelia.opens(await amelia.opens(done, "Correct the return"), "It was about another child")
    # when it is a child of her own team, or none
    for child, says in (
        ("C10600", "own team or caseload"),
        ("C1", "children's file"),
        ("C10432", "about already"),
    ):
        refused = await amelia.opens(form, "Move it to this child", other_child=child, note="The next line.")
        assert says in text_of(refused), child
        assert await value_of(refused, "other_child") == child
    moved = await amelia.opens(form, "Move it to this child", other_child="10501", note="The next line.")
    assert "C10501" in text_of(moved)
    assert "East Team" in text_of(moved)


async def test_handed_in_late_after_the_books_were_closed(world: World) -> None:
    """Fault 64."""
    [amelia] = await there(world, "amelia")
    review = await filled(amelia, await opened(world, amelia))
    world.clock.to(2026, 12, 9, 9, 0)
    done = await amelia.opens(review, "Hand in")
    assert "counts as not returned (nil); it is kept" in text_of(done)


async def test_somebody_else_is_refused(world: World) -> None:
    amelia, ben, quinn = await there(world, "amelia", "ben", "quinn")
    card = await opened(world, amelia)
    for other in (ben, quinn):
        stolen = {**amelia.activity_of(card, ON, **areas()), **other.place(), "id": f"forged-{other.who.key}"}
        assert "Only the auditor of an audit can do that" in reads(await other.invoke(stolen))
    assert await world.trail("A-101") == ["refused.not_allowed"] * 2


async def test_a_stale_card_shows_the_audit_as_it_is(world: World) -> None:
    [amelia] = await there(world, "amelia")
    first = await opened(world, amelia)
    review = await filled(amelia, first)
    await amelia.opens(review, "Hand in")
    again = await amelia.opens(first, ON, **areas("inadequate"))
    assert "it has been returned. Nothing was changed by your press" in text_of(again)
    # and opening it leads to what can be corrected
    assert "Choose what is to be put right" in text_of(await amelia.opens(review, "Change step 1"))


async def test_filled_in_from_words_and_not_saved_until_it_is_saved(world: World) -> None:
    [amelia] = await there(world, "amelia")
    card = await amelia.says("done my audit C10432, its good, sw present, spoke to mum, no reflection sheet")
    assert "Return for C10432: what you said" in text_of(card)
    assert "Nothing is saved yet" in text_of(card)
    assert await value_of(card, "answer_grade") == "good"
    assert await value_of(card, "answer_social_worker_took_part") == "yes"
    assert await value_of(card, "answer_reflection_sheet") == "no"
    assert "return.save" not in await world.trail()
    said = {"answer_grade": "good", "answer_social_worker_took_part": "yes", "answer_reflection_sheet": "no"}
    following = await amelia.opens(card, ON, **said)
    assert "step 1 of 7" in text_of(following)
    grade = await amelia.opens(await amelia.opens(following, "All steps"), "Fill in step 3")
    assert await value_of(grade, "answer_grade") == "good"


async def test_words_that_fit_no_audit_or_several(world: World) -> None:
    amelia, gita = await there(world, "amelia", "gita")
    # given Gita has nothing to return
    assert "No audit is waiting for your return" in await gita.asks("I've finished my audit, good")
    # and Amelia's is another child's
    other = await amelia.says("finished audit C10501 good")
    assert "C10501 is not among the audits that wait for your return" in text_of(other)
    assert "Open A-101" in buttons(other)


async def test_an_owner_who_is_not_offered_is_searched_for(world: World) -> None:
    amelia, liam = await there(world, "amelia", "liam")
    card = await graded(amelia, await opened(world, amelia))
    card = await amelia.opens(card, ON, answer_strengths="Trust.")
    assert list(choices(card, "owner")) == ["Hana Whitfield (North Team)"], (
        "nobody nearer is known for the team"
    )
    card = await amelia.opens(card, "Search", description="Visit the child", find="grant")
    assert await value_of(card, "description") == "Visit the child", "what was typed is kept"
    owner = choices(card, "owner")["Liam Grant (West Team)"]
    card = await amelia.opens(
        card, "Add this action", description="Visit the child", owner=owner, due_on="2026-12-01"
    )
    assert "Action 1: Visit the child (Liam Grant, by Tue 1 December 2026)" in text_of(card)
    assert "No action yet" in text_of(await amelia.opens(card, "Take off 1"))
    assert liam.news() == []


async def test_a_search_for_an_owner_says_whom_it_found(world: World) -> None:
    (amelia,) = await there(world, "amelia")
    card = await graded(amelia, await opened(world, amelia))
    card = await amelia.opens(card, ON, answer_strengths="A trusting relationship.")
    assert "required steps done" not in text_of(card), "the heading says which step it is"
    # given: an action without an owner is not added, and said so once
    refused = await amelia.opens(card, "Add this action", description="Update the risk assessment")
    assert "Not saved yet: “Who does it?”: choose a person from the list, or search for one." in text_of(
        refused
    )
    # when she searches, it is said how many were found, and nobody is chosen for her
    found = await amelia.opens(refused, "Search", description="Update the risk assessment", find="e")
    people = choices(found, "owner")
    assert f"{len(people)} people are found: choose from the list." in text_of(found)
    assert all("(" in title for title in people if "Team" in title)
    field = next(e for e in walk(found) if e.get("id") == "owner")
    assert "value" not in field
    assert field["placeholder"] == "Choose a person"


async def test_an_action_is_due_on_a_working_day(world: World) -> None:
    (amelia,) = await there(world, "amelia")
    world.clock.to(2026, 11, 14, 10)
    card = await graded(amelia, await opened(world, amelia))
    card = await amelia.opens(card, ON, answer_strengths="A trusting relationship.")
    due = date.fromisoformat(await value_of(card, "due_on"))
    assert due >= date(2026, 11, 14) + timedelta(days=Policy().audits.action_due_days)
    assert is_working_day(due)


async def test_what_it_says_names_the_question_that_was_answered(world: World) -> None:
    (amelia,) = await there(world, "amelia")
    review = await filled(amelia, await opened(world, amelia), category="category_2")
    done = text_of(await amelia.opens(review, "Hand in"))
    assert "Is this a child of concern? What leads you to this?\nNo visit since August." in done
