"""The harness itself, against a bot that only echoes: what the stories lean on holds."""

import json
from datetime import date
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.node import ChatClientUnavailable
from bot.playground import ChatPerson
from tests.cards.golden import FOLDER
from tests.e2e.browser import NoChromium
from tests.e2e.card_pictures import LOOKS, a_card_painter, card_in, card_pictures
from tests.e2e.conftest import OpenChats
from tests.e2e.echo_bot import a_form, an_echo_bot

pytestmark = pytest.mark.e2e

AUDITOR = ChatPerson("Ann Auditor", "ann.auditor@example.org", "aaaaaaaa-0000-4000-8000-000000000001")
HEAD = ChatPerson("Hal Head", "hal.head@example.org", "aaaaaaaa-0000-4000-8000-000000000002")


async def test_a_person_talks_fills_in_a_card_and_somebody_else_is_told(open_chats: OpenChats) -> None:
    async with an_echo_bot() as (bot, url):
        # given two people, each in their own window
        auditor, head = await open_chats(url, [AUDITOR, HEAD])

        # when the auditor talks, fills in a form and sends it
        await auditor.say("hello")
        await auditor.sees("You said: hello")
        await auditor.say("form please")
        form = auditor.card("A form")
        await form.is_there()
        await form.press("Send")
        await form.says("Choose a reason")
        await form.choose("Reason", "Ill health")
        await form.pick("Inadequate")
        await form.fill_date("Due", date(2026, 12, 4))
        await form.fill_number("Days", 3)
        await form.tick("Seen")
        await form.fill("Explanation", "Two final hearings")
        await auditor.screenshot("form")
        await form.press("Send")

        # then the bot has it all, the card has been replaced, and the other person hears of it unasked
        await auditor.card("Thank you, E-1 is sent").is_there()
        assert bot.sent == {
            "ref": "E-1",
            "reason": "ill_health",
            "grade": "inadequate",
            "due": "2026-12-04",
            "days": "3",
            "seen": "yes",
            "note": "Two final hearings",
        }
        await bot.tell(HEAD.aad_object_id, "E-1 waits for you")
        await head.sees("E-1 waits for you")
        picture = await head.screenshot("told")
        assert picture.stat().st_size > 10_000


async def test_a_reloaded_window_is_empty_and_hears_what_is_new(open_chats: OpenChats) -> None:
    async with an_echo_bot() as (bot, url):
        (auditor,) = await open_chats(url, [AUDITOR])
        await auditor.say("hello")
        await auditor.sees("You said: hello")

        await auditor.open()
        await bot.tell(AUDITOR.aad_object_id, "Your audit is due")

        await auditor.sees("Your audit is due")
        await expect(auditor.answers()).to_have_count(1)


async def test_in_a_channel_the_bot_hears_what_mentions_it(open_chats: OpenChats) -> None:
    async with an_echo_bot() as (_, url):
        (auditor,) = await open_chats(url, [AUDITOR])

        await auditor.say_in_channel("summary")

        await auditor.page.get_by_text("You said: Audit bot summary").wait_for()


async def test_a_card_is_drawn_for_the_phone_too(tmp_path: Path) -> None:
    card = tmp_path / "form.json"
    card.write_text(json.dumps({"attachments": [{"content": a_form()}]}), encoding="utf-8")
    try:
        problems = await card_pictures([card], tmp_path)
    except (NoChromium, ChatClientUnavailable) as missing:
        pytest.skip(str(missing))

    assert problems == []
    pictures = _pictures(tmp_path)
    assert set(pictures) == {"form-light", "form-dark", "form-phone", "form-phone-dark"}
    assert {name: _width(picture) for name, picture in pictures.items() if "phone" in name} == {
        "form-phone": 750,  # 375 points at two pixels each
        "form-phone-dark": 750,
    }
    assert len(set(pictures.values())) == len(pictures)


async def test_no_card_of_the_month_runs_over_the_edge_of_a_phone() -> None:
    phone = next(look for look in LOOKS if look.name == "phone")
    long = {"type": "TextBlock", "text": "x" * 200}
    wrong = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "ColumnSet", "columns": [
        {"type": "Column", "width": "900px", "items": [long]}]}]}  # fmt: skip
    cards = {
        path.stem: card_in(json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(FOLDER.glob("*.json"))
        if path.stem.startswith(("audit_", "return_", "moderation_", "issue_", "sample", "pool", "reaudit"))
    }
    try:
        async with a_card_painter() as painter:
            assert await painter.too_wide({"wrong": wrong}, phone), "it would be noticed"
            assert await painter.too_wide(cards, phone) == []
    except (NoChromium, ChatClientUnavailable) as missing:
        pytest.skip(str(missing))
    assert len(cards) > 40


def _pictures(folder: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in folder.glob("*.png")}


def _width(png: bytes) -> int:
    return int.from_bytes(png[16:20])
