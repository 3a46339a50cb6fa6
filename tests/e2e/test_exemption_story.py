"""The first story as people live it: real chat windows, a card for each, and what the others see of it."""

import re
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.chat import ChatCard, ChatPage
from tests.e2e.conftest import OpenChats
from tests.e2e.council import AUDITOR, DIRECTOR, HEAD, a_council, somebody

pytestmark = pytest.mark.e2e

EXPLANATION = "Evidence at a final hearing, three days in the week of the 23rd."


@pytest.fixture
async def bot_url(tmp_path: Path) -> AsyncGenerator[str]:
    async with a_council(tmp_path / "council") as url:
        yield url


async def test_from_the_auditors_question_to_the_directors_decision(
    open_chats: OpenChats, bot_url: str
) -> None:
    # given an auditor, her head of service and their director, each in their own window
    auditor, head, director = await open_chats(bot_url, [AUDITOR, HEAD, DIRECTOR])
    await auditor.card("Hello Priya").is_there()
    await auditor.screenshot("01-welcome")

    # when she asks what is hers, and asks for an exemption
    await auditor.say("whats my audit")
    audit = auditor.card("Your audit for November 2026")
    await audit.says("Mon 30 November 2026")
    await auditor.screenshot("02-my-audit")
    await audit.press("Ask for an exemption")
    ref = await _request(auditor, "November 2026", "Unusually high statutory work (operational)", "03")
    hers = auditor.card(f"Your exemption request {ref}")
    await hers.says("Waiting for the head of service")
    await auditor.screenshot("04-sent")

    # then her head of service is asked, and endorses
    asked = head.card(f"Exemption request {ref}")
    await asked.says(EXPLANATION)
    await asked.says("Asked after the audit was issued")
    await head.screenshot("05-head-is-asked")
    await asked.press("Endorse")
    await asked.says("Waiting for the director")
    await head.screenshot("06-head-has-endorsed")

    # and the director approves
    decision = director.card(f"Exemption request {ref}")
    await decision.says("endorsed it")
    await director.screenshot("07-director-is-asked")
    await decision.press("Approve")
    await decision.says("Approved")
    await director.screenshot("08-director-has-approved")

    # and she is told, the head of service's card says so where it stands, and no button is left to press twice
    await auditor.card(re.compile("Your exemption request.*Approved")).is_there()
    await auditor.screenshot("09-auditor-is-told")
    await asked.says("Approved")
    await expect(asked.locator.get_by_role("button", name="Endorse")).to_have_count(0)
    await head.screenshot("10-heads-card-is-updated")
    await auditor.say("my audit")
    await auditor.card(re.compile("Your audit for November 2026.*exempt")).is_there()
    await auditor.screenshot("11-my-audit-now")


async def _request(chat: ChatPage, month: str, reason: str, picture: str | None = None) -> str:
    """Fills in the form that is open and sends it; gives the reference of the new request."""
    form = chat.card("Ask for an exemption")
    await form.choose("Month", month)
    await form.choose("Reason", reason)
    await form.fill("Explanation", EXPLANATION)
    if picture:
        await chat.screenshot(f"{picture}-form")
    await form.press("Send request")
    return await _ref(chat.card(re.compile(r"Your exemption request E-\d+")))


async def _ref(card: ChatCard) -> str:
    await card.is_there()
    found = re.search(r"E-\d+", await card.locator.inner_text())
    assert found
    return found[0]
