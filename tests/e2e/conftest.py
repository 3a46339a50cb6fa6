"""Real chat windows in a real browser. Where Chromium, Node or the chat client cannot be had, the tests are skipped
and say which."""

import re
from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Protocol

import pytest
from playwright.async_api import Browser

from bot.node import ChatClientUnavailable
from bot.playground import ChatPerson, ChatWindows, client_command
from tests.e2e.browser import PICTURES, NoChromium, a_browser, a_context
from tests.e2e.chat import ChatPage


class OpenChats(Protocol):
    def __call__(
        self, bot_url: str, people: Sequence[ChatPerson], *, height: int = 900
    ) -> Awaitable[Sequence[ChatPage]]:
        """From the address of `/api/messages` and the people, a chat for each, with its page loaded. `height` of the
        windows, in points: a picture of a card that is taller than its window makes the client draw its page anew."""
        ...


@pytest.fixture
async def browser() -> AsyncGenerator[Browser]:
    async with AsyncExitStack() as stack:
        try:
            yield await stack.enter_async_context(a_browser())
        except NoChromium as missing:
            pytest.skip(str(missing))


@pytest.fixture
async def chat_client() -> Sequence[str]:
    try:
        return await client_command()
    except ChatClientUnavailable as missing:
        pytest.skip(str(missing))


@pytest.fixture
async def open_chats(
    browser: Browser, chat_client: Sequence[str], tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncGenerator[OpenChats]:
    """Opens chats on free ports, each with a page of its own; all end with the test."""
    title = re.sub(r"\W+", "-", request.node.name.removeprefix("test_")).strip("-")
    async with AsyncExitStack() as stack:

        async def opening(
            bot_url: str, people: Sequence[ChatPerson], *, height: int = 900
        ) -> Sequence[ChatPage]:
            starting = ChatWindows(bot_url, people, tmp_path / "windows", command=chat_client, first_port=0)
            windows = await stack.enter_async_context(starting)
            contexts = [await stack.enter_async_context(a_context(browser, height=height)) for _ in windows]
            chats = [
                ChatPage(await context.new_page(), window, PICTURES, title)
                for context, window in zip(contexts, windows, strict=True)
            ]
            for chat in chats:
                await chat.open()
            return chats

        yield opening
