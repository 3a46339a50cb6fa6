"""The first story as people live it: real chat windows, a card for each, and what the others see of it."""

import re
from collections.abc import AsyncGenerator
from datetime import date
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.browser import PICTURES
from tests.e2e.chat import ChatCard, ChatPage
from tests.e2e.conftest import OpenChats
from tests.e2e.council import AUDITOR, DIRECTOR, HEAD, a_council, somebody

pytestmark = pytest.mark.e2e

FOR_DOCS = PICTURES / "docs"
"""Those that `python -m tests.e2e.renew_pictures` takes into the documentation."""
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
    await audit.screenshot(FOR_DOCS / "my-audit.png")
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
    await asked.screenshot(FOR_DOCS / "decision.png")
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
    told = auditor.card(re.compile("Because your exemption request was approved"))
    await told.is_there()
    await auditor.screenshot("09-auditor-is-told")
    await auditor.page.screenshot(path=FOR_DOCS / "approved.png", animations="disabled")
    await asked.says("Approved")
    await expect(asked.locator.get_by_role("button", name="Endorse")).to_have_count(0)
    await head.screenshot("10-heads-card-is-updated")
    await auditor.say("my audit")
    await auditor.card(re.compile("Your audit for November 2026.*exempt")).is_there()
    await auditor.screenshot("11-my-audit-now")


async def _request(
    chat: ChatPage, month: str, reason: str, picture: str | None = None, *, after: str = "none"
) -> str:
    """Fills in the form that is open and sends it; gives the new reference, another one than `after`."""
    form = chat.card("Exemptions are for exceptional circumstances")
    await form.choose("Month", month)
    await form.choose("Reason", reason)
    await form.fill("Explanation", EXPLANATION)
    if picture:
        await chat.screenshot(f"{picture}-form")
    await form.press("Send request")
    return await _ref(chat.card(re.compile(rf"Your exemption request (?!{after}(?!\d))E-\d+")))


async def _ref(card: ChatCard) -> str:
    await card.is_there()
    found = re.search(r"E-\d+", await card.locator.inner_text())
    assert found
    return found[0]


async def test_a_question_its_answer_a_refusal_and_second_thoughts(
    open_chats: OpenChats, bot_url: str
) -> None:
    auditor, head = await open_chats(bot_url, [AUDITOR, HEAD])

    # given a request that her head of service has a question about
    await auditor.say("exemption next month please")
    ref = await _request(auditor, "December 2026", "Ill health (non-operational)")
    asked = head.card(f"Exemption request {ref}")
    await asked.press("Ask a question")
    await asked.fill("What do you want to know?", "Could it be January instead?")
    await head.screenshot("01-head-asks")
    await asked.press("Send question")
    await asked.says("A question was asked")

    # when she answers, and he declines with a reason
    question = auditor.card(re.compile(f"{ref}.*Could it be January instead"))
    await auditor.screenshot("02-auditor-is-asked")
    await question.fill("Your answer", "No, the operation is in December.")
    await question.press("Send answer")
    await question.says("Waiting for the head of service")
    answered = head.card(re.compile(f"{ref}.*the operation is in December"))
    await answered.press("Decline")
    await answered.press("Decline this request")
    await answered.says("Write a reason")
    await head.screenshot("03-head-must-give-a-reason")
    await answered.fill("Why is it declined?", "Please speak to me first; we may share the audit.")
    await answered.press("Decline this request")
    await answered.says("Declined")
    await head.screenshot("04-head-has-declined")

    # then she reads why, asks again, and withdraws it herself
    refused = auditor.card(re.compile(f"{ref}.*Declined.*we may share the audit"))
    await auditor.screenshot("05-auditor-is-told")
    await refused.press("Ask again")
    second = await _request(auditor, "December 2026", "Ill health (non-operational)", after=ref)
    again = auditor.card(f"Your exemption request {second}")
    await auditor.screenshot("06-before-withdrawing")
    await again.press_inside("Withdraw", "Yes, withdraw it")
    await again.says("Withdrawn")
    await auditor.screenshot("07-withdrawn")
    await head.card(re.compile(f"{second}.*Withdrawn")).is_there()
    await head.screenshot("08-head-sees-it-withdrawn")


async def test_a_head_of_service_asks_for_managers_names_a_deputy_and_gets_help(
    open_chats: OpenChats, bot_url: str
) -> None:
    deputy_person = somebody("Patrick Holt")
    head, director, deputy = await open_chats(bot_url, [HEAD, DIRECTOR, deputy_person])

    # when he asks for two of his managers at once
    await head.say("exemption for my managers")
    form = head.card("Ask for an exemption for your managers")
    await form.choose_several(
        "Who is it for?", "Tom Hill (South Assessment)", "Leila Shaw (North Safeguarding)"
    )
    await form.choose("Reason", "Other QA activity (operational)")
    await form.fill("Explanation", "Both are on the multi-agency audit.")
    await head.screenshot("01-for-managers")
    await form.press("Send requests")
    sent = head.card("2 requests sent")
    await sent.says("Tom Hill")
    await sent.says("Leila Shaw")
    await head.screenshot("02-two-sent")

    # then both wait for the director, who finds them by asking
    await director.card(re.compile("Exemption request.*Leila Shaw")).is_there()
    await director.say("what is waiting for me")
    waiting = director.card("Waiting for you")
    await waiting.says("2 requests to decide")
    await director.screenshot("03-what-is-waiting")
    ref = await _ref(waiting)
    await waiting.press(f"Open {ref}")
    await director.card(f"Exemption request {ref}").says("You are asked to decide")

    # and a deputy is named, and told
    await head.say("my deputy")
    deputies = head.card("Your deputies")
    await deputies.choose("Who stands in for you?", "Patrick Holt")
    await deputies.fill_date("Last day", date(2026, 11, 20))
    await head.screenshot("04-deputy")
    await deputies.press("Name as deputy")
    await deputies.says("Patrick Holt: everything")
    await head.screenshot("05-deputy-named")
    await deputy.card("You have been named as deputy").is_there()
    await deputy.screenshot("06-deputy-is-told")

    # and nobody meets a dead end
    await head.say("help")
    await head.card("What you can do here").says("what is waiting for me")
    await head.screenshot("07-help")
    await head.say("the heating in room 4 is broken")
    await head.card("I did not understand that").is_there()
    await head.screenshot("08-not-understood")
    await head.say("what is waiting for me")
    waiting = head.card(re.compile("Waiting for you.*Children of concern"))
    await waiting.is_there()
    await expect(waiting.locator.get_by_text("requests to decide")).to_have_count(0)
    await head.screenshot("09-what-waits")
