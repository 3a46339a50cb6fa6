"""A child at immediate risk, as people live it in real chat windows: raised in a few words, acknowledged by both, acted
on, and off the tracker only by the director's sign-off."""

import re
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.browser import PICTURES
from tests.e2e.chat import ChatCard, ChatPage
from tests.e2e.conftest import OpenChats
from tests.e2e.council import AUDITOR, DIRECTOR, HEAD, a_council, somebody

pytestmark = pytest.mark.e2e

FOR_DOCS = PICTURES / "docs"
CHILD = "C10129"
"""Of North Assessment: Esther Bailey manages it; the head of service and the director are the demonstration's."""
GROUNDS = (
    "The partner who must not be there has moved back in. Nobody has seen the child for three weeks, and the school "
    "has rung twice."
)
RESPONSE = (
    "Visited today at 11, child seen alone, with the grandmother tonight. Strategy meeting tomorrow at 9."
)
QUESTION = "Who saw the child last, and where does the partner sleep?"
ANSWER = (
    "Seen by the health visitor on the 2nd. The partner left yesterday; the police confirmed the address."
)
EVIDENCE = "Three visits, child seen alone each time; the order is served and the partner lives elsewhere."
WHY = "The immediate risk has ended: the partner is out, and the child is seen twice a week."
ACK = "Acknowledge: I have it"


@pytest.fixture
async def bot_url(tmp_path: Path) -> AsyncGenerator[str]:
    async with a_council(tmp_path / "council") as url:
        yield url


async def test_a_category_1_from_a_few_words_to_the_directors_sign_off(
    open_chats: OpenChats, bot_url: str
) -> None:
    # given an auditor, the head of service, their director and the team's manager, each in their own window
    people = [AUDITOR, HEAD, DIRECTOR, somebody("Esther Bailey")]
    auditor, head, director, manager = await open_chats(bot_url, people, height=1500)

    ref = await _raised(auditor)
    await _acknowledged(auditor, head, director, ref)
    await _responded(head, director, manager, ref)
    await _signed_off(auditor, head, director, ref)


async def _raised(auditor: ChatPage) -> str:
    """Typed in a hurry, the form filled in; gives the reference."""
    await auditor.say("ive got a cat 1")
    form = auditor.card("Raise a child of concern")
    await form.says("999")
    await auditor.screenshot("01-form")
    await form.fill("Child's reference", CHILD)
    await form.fill("Grounds", GROUNDS)
    await auditor.on_a_phone("01-form", form)
    await form.press("Raise it now")
    card = auditor.card(f"Category 1: child {CHILD}")
    await card.says("The head of service and the director are alerted now")
    await auditor.screenshot("02-raised")
    found = re.search(r"C-\d+", await card.locator.inner_text())
    assert found
    return found[0]


async def _acknowledged(auditor: ChatPage, head: ChatPage, director: ChatPage, ref: str) -> None:
    """Both are alerted; one does not quieten the other's alert."""
    alerts = [_of(chat, ref) for chat in (head, director)]
    for chat, alert, who in zip((head, director), alerts, ("head", "director"), strict=True):
        await alert.says("A child may be at immediate risk of significant harm")
        await alert.says(GROUNDS)
        await chat.screenshot(f"03-{who}-is-alerted")
    await head.on_a_phone("03-head-is-alerted", alerts[0])
    await alerts[0].screenshot(FOR_DOCS / "alert.png")

    await alerts[0].press(ACK)
    await alerts[0].says("Not acknowledged yet by the director")
    await head.screenshot("04-head-has-acknowledged")
    await alerts[1].says("Not acknowledged yet by the director")
    await alerts[1].says(f"by {HEAD.name}")
    await director.screenshot("05-director-sees-who-has-it")
    await alerts[1].press(ACK)

    for chat in (head, director, auditor):
        card = _of(chat, ref)
        await card.says("With the head of service")
        await expect(card.locator.get_by_text("ot acknowledged yet")).to_have_count(0)
        await expect(card.locator.get_by_role("button", name=ACK)).to_have_count(0)
    await director.screenshot("06-both-have-acknowledged")
    await auditor.screenshot("06-who-raised-it-sees-it")


async def _responded(head: ChatPage, director: ChatPage, manager: ChatPage, ref: str) -> None:
    """The response reaches the director; the team is asked, and answers."""
    await _of(head, ref).press("Write the response")
    form = head.card(f"Write the response: {ref}")
    await form.fill("Your response", RESPONSE)
    await head.screenshot("07-response")
    await head.on_a_phone("07-response", form)
    await form.press("Record the response")
    await _of(head, ref).says("Your response is recorded")
    await head.screenshot("08-response-recorded")
    read = _of(director, ref, RESPONSE)
    await read.says("The response is written")
    await director.screenshot("09-director-reads-it")
    await director.on_a_phone("09-director-reads-it", read)

    await _of(head, ref).press("Ask the team")
    asking = head.card(f"Ask the team: {ref}")
    await asking.fill("What do you need to know?", QUESTION)
    await asking.press("Ask the team")
    await _of(head, ref).says("Awaiting information from the team")
    await head.screenshot("10-team-is-asked")
    asked = _of(manager, ref, QUESTION)
    await asked.is_there()
    await manager.screenshot("11-manager-is-asked")
    await asked.press("Tell what the team knows")
    telling = manager.card(f"Tell what the team knows: {ref}")
    await telling.fill("What the team knows or has done", ANSWER)
    await telling.press("Send to the head of service")
    await _of(manager, ref).says("The head of service is told")
    await manager.screenshot("12-manager-has-answered")
    await _of(head, ref, ANSWER).is_there()
    await head.screenshot("13-head-reads-the-answer")


async def _signed_off(auditor: ChatPage, head: ChatPage, director: ChatPage, ref: str) -> None:
    """With evidence, by the director; then the tracker has it no more, and the timeline all of it."""
    await _of(head, ref, ANSWER).press_inside("Other steps", "Submit for sign-off")
    form = head.card(f"Submit for sign-off: {ref}")
    await form.choose("What should it become?", "Category 2 (it stays on the tracker)")
    await form.fill("Why can it be signed off?", WHY)
    await form.fill("Evidence that things are better", EVIDENCE)
    await head.screenshot("14-submission")
    await form.press("Submit for sign-off")
    await _of(head, ref).says("With the director for sign-off")
    await head.screenshot("15-submitted")

    decision = _of(director, ref, EVIDENCE)
    await decision.says(WHY)
    await director.screenshot("16-director-is-asked")
    await director.on_a_phone("16-director-is-asked", decision)
    await decision.screenshot(FOR_DOCS / "sign-off.png")
    await decision.press_inside("Sign off", "Yes, sign off")
    await director.card(re.compile(f"Category 2: child {CHILD}.*Signed off by the director")).is_there()
    await director.screenshot("17-signed-off")
    await head.card(
        re.compile(f"{ref}, child {CHILD}. Signed off by the director, .* of evidence: it is with you")
    ).is_there()
    await head.screenshot("18-head-is-told")

    await director.say("concerns")
    tracker = director.card("Children of concern")
    await tracker.says("With the head of service")
    await director.screenshot("19-tracker")
    await tracker.press("Filter")
    await tracker.choose("Month identified", "November 2026")
    await tracker.press("Show")
    await tracker.says(f"Open {ref}")
    await tracker.says(f"Category 2, child {CHILD}")
    await director.on_a_phone("19-tracker-of-november", tracker)
    await tracker.press(f"Open {ref}")
    await _of(director, ref).press("Timeline")
    timeline = director.card(f"{ref}: timeline")
    await timeline.says("Signed off by the director")
    await director.screenshot("20-timeline")
    await director.on_a_phone("20-timeline", timeline)

    await auditor.say("concerns")
    await auditor.card("Children of concern").says(ref)
    await auditor.screenshot("21-what-became-of-it")


def _of(chat: ChatPage, ref: str, also: str = "") -> ChatCard:
    """The newest card of the child."""
    return chat.card(re.compile(rf"child {CHILD} \({ref}\).*{re.escape(also)}"))
