"""A month as people live it in real chat windows: the draw, a return step by step, its moderation, the third lock."""

import re
from collections.abc import AsyncGenerator
from datetime import date
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.browser import PICTURES
from tests.e2e.chat import ChatCard, ChatPage
from tests.e2e.conftest import OpenChats
from tests.e2e.council import a_council, one_of_each

pytestmark = pytest.mark.e2e

FOR_DOCS = PICTURES / "docs"
AREAS = {
    "Assessment": "Good",
    "Planning": "Requires Improvement",
    "Review": "Good",
    "Management oversight": "Good",
    "IRO/CP chair oversight": "Good",
    "Direct work": "Outstanding",
    "Relational practice": "Good",
    "Risk assessment": "Good",
    "Responsiveness": "Good",
    "Legal activity": "Not applicable",
    "Permanence and living arrangements": "Good",
}
ENGAGEMENT = {
    "Did the social worker take part?": "Yes",
    "Did their manager take part?": "No",
    "Were the child's views heard?": "Yes",
    "Were the parents' or carers' views heard?": "Yes",
    "Were the IRO's or CP chair's views heard?": "Yes",
    "Was a case reflection sheet done?": "Yes",
}
WHY = "The assessment is thorough and visits are regular; the plan is clear, but some steps have no date."
WHY_DOWN = "Half of the plan has no dates, and nobody has reviewed it since August."


@pytest.fixture
async def bot_url(tmp_path: Path) -> AsyncGenerator[str]:
    async with a_council(tmp_path / "council") as url:
        yield url


async def test_a_small_month_is_drawn_and_issued(open_chats: OpenChats, bot_url: str) -> None:
    (qa,) = await open_chats(bot_url, one_of_each("qa_team"))

    # given the QA team's form for December
    await qa.say("issue december")
    form = qa.card("Draw for December 2026")
    await form.is_there()
    await qa.screenshot("01-form")

    # when they ask for twelve children and leave one out, and see who would get whom
    await form.fill_number("How many in all", 12)
    await form.fill("Children to leave out", "C10444 in court this month")
    await form.press("Preview")
    preview = qa.card("Preview of the draw for December 2026")
    await preview.says("Left out by hand")
    await preview.says("C10444: in court this month")
    await qa.screenshot("02-preview")
    await preview.screenshot(FOR_DOCS / "draw-preview.png")
    await preview.press("Who gets whom")
    pairs = qa.card("Who gets whom in December 2026")
    await pairs.says("12 in all")
    assert "C10444" not in await pairs.locator.inner_text()
    first = await _pairs(pairs)
    await qa.screenshot("03-who-gets-whom")
    await pairs.press("Back")

    # then what was seen is what is issued
    again = qa.card("Preview of the draw for December 2026")
    await again.press_inside("Issue to 12 auditors", "Issue now")
    issued = qa.card("Draw for December 2026: issued")
    await issued.says("12 audits are issued for December 2026")
    await qa.screenshot("04-issued")
    await issued.press("Who got whom")
    got = qa.card("12 in all")
    await expect(got.locator).to_contain_text("A-")
    assert await _pairs(got) == first
    await qa.screenshot("05-who-got-whom")


async def _pairs(card: ChatCard) -> set[str]:
    await card.is_there()
    return set(re.findall(r"C1\d{4}", await card.locator.inner_text()))


async def test_a_return_from_the_first_step_to_the_third_lock(open_chats: OpenChats, bot_url: str) -> None:
    people = one_of_each("auditor", "qa_team", "moderator", "head_of_quality")
    auditor, qa, moderator, quality = await open_chats(bot_url, people)
    ref = await _return(auditor)

    # when the QA team names a moderator by hand
    await qa.say(f"show me {ref}")
    await qa.card(ref).press("Name a moderator")
    naming = qa.card(f"Moderator of {ref}")
    await naming.choose("Who moderates it", f"{people[2].name} (North Assessment)")
    await naming.fill("Why is it named by hand?", "She knows this kind of case.")
    await qa.screenshot("10-naming-a-moderator")
    await naming.press("Name this moderator")

    # then the moderator is told, and puts the grade down with her reason
    told = moderator.card(re.compile(f"named as the moderator of {ref}"))
    await moderator.screenshot("11-moderator-is-told")
    await told.press("Moderate")
    form = moderator.card(f"Moderate {ref}")
    await moderator.screenshot("12-moderation-form")
    await form.screenshot(FOR_DOCS / "moderation.png")
    await form.press("Change the grade")
    await form.choose("The grade as you see it", "Requires Improvement")
    await form.fill("Why another grade?", WHY_DOWN)
    await moderator.screenshot("13-another-grade")
    await form.press("Save this grade")
    await moderator.card(re.compile(f"{ref}.*moderated, down")).says("the third lock is next")
    await moderator.screenshot("14-moderated")
    await auditor.card(re.compile(f"{ref}.*{WHY_DOWN[:40]}")).says("dispute the grade")
    await auditor.screenshot("15-auditor-is-told")

    # and the head of quality confirms it, which everybody's card then says
    await quality.say("third lock")
    await quality.card("Third lock").is_there()
    await quality.screenshot("16-third-lock")
    await quality.say(f"show me {ref}")
    locking = quality.card(re.compile(f"{ref}.*waits for you to confirm"))
    await quality.screenshot("17-to-confirm")
    await locking.press("Confirm the grade")
    await quality.card(re.compile(f"{ref}.*Grade confirmed")).is_there()
    await quality.screenshot("18-confirmed")
    await auditor.card(re.compile(f"{ref}.*it is final: Requires Improvement")).is_there()
    await auditor.screenshot("19-auditor-hears-the-end")


async def _return(auditor: ChatPage) -> str:
    """Every step of it, an action, and a look at all before it is handed in; gives the audit's reference."""
    await auditor.say("my audit")
    mine = auditor.card("Your audit for November 2026")
    await mine.is_there()
    found = re.search(r"A-\d+", await mine.locator.inner_text())
    assert found
    await auditor.screenshot("01-my-audit")
    await mine.press("Fill in the return")

    step = await _step(auditor, 1)
    for area, grade in AREAS.items():
        await step.choose(area, grade)
    await auditor.screenshot("02-practice-areas")
    await step.press("Save and continue")

    step = await _step(auditor, 2)
    for question, answer in ENGAGEMENT.items():
        await step.choose(question, answer)
    await auditor.screenshot("03-engagement")
    await step.screenshot(FOR_DOCS / "return-step.png")
    await step.press("Save and continue")

    step = await _step(auditor, 3)
    await step.says("The areas suggest Good")
    await step.choose("Overall grade", "Good")
    await step.fill("Why this grade?", WHY)
    await auditor.screenshot("04-overall-grade")
    await step.press("Save and continue")

    step = await _step(auditor, 4)
    await step.fill("What is going well?", "She knows her worker by name, and says what she thinks.")
    await step.press("Save and continue")

    step = await _step(auditor, 5)
    await step.fill("What has to happen?", "Put a date to each step of the plan.")
    await step.choose("Who does it?", "Yasmin Lowe (North Children in Care)")
    await step.fill_date("By when?", date(2026, 12, 10))
    await auditor.screenshot("05-an-action")
    await step.press("Add this action")
    step = auditor.card("Action 1: Put a date to each step")
    await step.says("Yasmin Lowe, by Thu 10 December 2026")
    await auditor.screenshot("06-action-added")
    await step.press("Save and continue")

    step = await _step(auditor, 6)
    await step.choose("Is this a child of concern?", "No")
    await step.press("Save and continue")
    step = await _step(auditor, 7)
    await auditor.screenshot("07-reflection")
    await step.press("Save and continue")

    review = auditor.card("check and hand in")
    await review.says("Everything is answered")
    await review.screenshot(PICTURES / "a-return-08-review.png")
    await review.press("Hand in")
    await auditor.card(re.compile(f"{found[0]}.*your return is in")).says("Returned on time")
    await auditor.screenshot("09-handed-in")
    return found[0]


async def _step(auditor: ChatPage, number: int) -> ChatCard:
    step = auditor.card(f"step {number} of 7")
    await step.is_there()
    return step
