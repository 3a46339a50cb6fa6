"""What a person does in a chat window, and what they see: the one place that knows the client's page."""

import re
from datetime import date
from pathlib import Path

from playwright.async_api import Locator, Page, expect
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from bot.playground import ChatWindow

_BOT_SAYS = ".fai-OutputCard"
_CARD = ".ac-adaptiveCard"
PHONE = 351
"""Points that a card has on a phone of 375."""


class ChatPage:
    """A person's chat with the bot. Everything waits for what it needs; nothing sleeps.

    `pictures` is the folder for `screenshot`, `title` what their names begin with.
    """

    def __init__(self, page: Page, window: ChatWindow, pictures: Path, title: str) -> None:
        self.page = page
        self.window = window
        self._pictures = pictures
        self._title = title

    async def open(self) -> None:
        """Loads the page (again). Then the bot has taken note of its installation, and history is empty."""
        await self.page.goto(self.window.url)
        log = self.page.get_by_text("Log Panel", exact=True)
        await expect(self.page.get_by_text(re.compile(r"^conversationUpdate \d+$")).first).to_be_visible()
        # The log repeats what the chat says, so texts would be found twice.
        await log.locator("xpath=..").get_by_role("button").last.click()
        await expect(log).to_have_count(0)

    async def say(self, text: str) -> None:
        await self._write(text)
        await self.page.get_by_role("button", name="Send Message").last.click()

    async def say_in_channel(self, text: str) -> None:
        """A post that mentions the bot, in the team's general channel."""
        await self.page.locator('button[aria-label$=" - General"]').click()
        await self.page.get_by_text("Start a new post").wait_for()
        await self._composer.first.click()
        await self.page.keyboard.insert_text("@")
        await self.page.get_by_role("menuitem", name="Audit bot").click()
        await self.page.keyboard.insert_text(f" {text}")
        await self.page.get_by_role("button", name="Post", exact=True).click()

    @property
    def _composer(self) -> Locator:
        return self.page.locator('[data-lexical-editor="true"]')

    async def _write(self, text: str) -> None:
        await self._composer.last.click()
        await self.page.keyboard.insert_text(text)

    def answer(self, text: str | re.Pattern[str]) -> Locator:
        """The bot's last message with `text` in it, card or not."""
        return self.page.locator(_BOT_SAYS).filter(has_text=text).last

    def answers(self) -> Locator:
        return self.page.locator(_BOT_SAYS)

    async def sees(self, text: str | re.Pattern[str]) -> None:
        await expect(self.answer(text)).to_be_visible()

    def card(self, text: str | re.Pattern[str]) -> "ChatCard":
        """The last card with `text` on it. Replaced cards stay in place: ask for them by their new text."""
        return ChatCard(self.page, self.page.locator(_CARD).filter(has_text=text).last)

    async def screenshot(self, name: str) -> Path:
        """A picture of the whole window, in the pictures folder."""
        self._pictures.mkdir(parents=True, exist_ok=True)
        path = self._pictures / f"{self._title}-{name}.png"
        await self.page.screenshot(path=path, animations="disabled")
        return path

    async def on_a_phone(self, name: str, card: "ChatCard") -> Path:
        """A picture of one card as narrow as on a phone. The window itself stays: a narrower one begins its page anew,
        and what was typed is gone."""
        await card.locator.evaluate("(at, width) => { at.style.width = `${width}px`; }", PHONE)
        try:
            return await card.screenshot(self._pictures / f"{self._title}-{name}-phone.png")
        finally:
            await card.locator.evaluate("at => { at.style.width = ''; }")


class ChatCard:
    """A card in a chat. Inputs are found by their label, buttons by their title."""

    def __init__(self, page: Page, locator: Locator) -> None:
        self.page = page
        self.locator = locator

    async def is_there(self) -> None:
        await expect(self.locator).to_be_visible()

    async def says(self, text: str | re.Pattern[str]) -> None:
        await expect(self.locator).to_contain_text(text)

    async def press(self, button: str) -> None:
        await self.locator.get_by_role("button", name=button, exact=True).click()

    async def press_inside(self, fold: str, button: str) -> None:
        """A button that another one unfolds. A card that was answered a moment ago is drawn once more when its update
        comes, and is folded again then: as a person would, one unfolds it anew."""
        inner = self.locator.get_by_role("button", name=button, exact=True)
        for _ in range(5):
            if not await inner.is_visible():
                await self.press(fold)
            try:
                await inner.click(timeout=3000)
                break
            except PlaywrightTimeoutError:
                continue
        else:
            raise AssertionError(f"{button!r} never stayed unfolded")

    async def choose(self, label: str, option: str) -> None:
        """From a list that opens. It closes again where the card is drawn once more, as in `press_inside`."""
        offered = self.page.get_by_role("option", name=option, exact=True)
        for _ in range(5):
            await self._input("combobox", label).click()
            try:
                await offered.click(timeout=2000)
                break
            except PlaywrightTimeoutError:
                continue
        else:
            raise AssertionError(f"{option!r} of {label!r} never stayed open")

    async def pick(self, option: str) -> None:
        """One of a list that is open (radio buttons)."""
        await self.locator.get_by_role("radio", name=option, exact=True).check()

    async def choose_several(self, label: str, *options: str) -> None:
        """From a list that opens and stays open."""
        await self._input("combobox", label).click()
        for option in options:
            await self.page.get_by_role("menuitemcheckbox", name=option, exact=True).click()
        await self.page.keyboard.press("Escape")

    async def tick(self, label: str) -> None:
        await self.locator.get_by_role("checkbox", name=label).check()

    async def fill(self, label: str, text: str) -> None:
        await self._input("textbox", label).fill(text)

    async def fill_number(self, label: str, number: int) -> None:
        await self._input("spinbutton", label).fill(str(number))

    async def fill_date(self, label: str, day: date) -> None:
        field = self._input("combobox", label)
        await field.fill(day.isoformat())
        await field.press("Tab")

    async def screenshot(self, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        await self.locator.screenshot(path=path, animations="disabled")
        return path

    def _input(self, role: str, label: str) -> Locator:
        escaped = re.escape(label).replace(
            "/", r"\/"
        )  # the pattern ends at a bare one where the browser reads it
        return self.locator.get_by_role(role, name=re.compile(rf"^{escaped}( \*)?"))  # pyright: ignore[reportArgumentType]
