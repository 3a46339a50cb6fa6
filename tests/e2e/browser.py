"""A headless Chromium that reaches this machine and nothing else."""

import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, Route, async_playwright

from bot.node import PROJECT

PICTURES = PROJECT / "var" / "pictures"

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FLAGS = (
    "--no-sandbox",  # the tests run as root in containers too, and see only their own pages
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--force-color-profile=srgb",
)
_OURS = ("localhost", "127.0.0.1")


class NoChromium(Exception):
    """The message says what is missing, for the reason of a skip."""


def chromium() -> Path:
    """Raises NoChromium where the machine has none: it is not fetched."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise NoChromium(f"There is no Chromium on this machine (looked for {', '.join(_NAMES)}).")
    return Path(found)


@asynccontextmanager
async def a_browser() -> AsyncGenerator[Browser]:
    """Raises NoChromium."""
    program = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=_FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def a_context(
    browser: Browser, *, width: int = 1280, height: int = 900, dark: bool = False, scale: float = 1
) -> AsyncGenerator[BrowserContext]:
    """Pages of one person, in British English and London's time; requests to other hosts are ended."""
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        color_scheme="dark" if dark else "light",
        locale="en-GB",
        timezone_id="Europe/London",
        reduced_motion="reduce",
    )
    await context.route("**/*", _stay_here)
    context.set_default_timeout(20_000)
    try:
        yield context
    finally:
        await context.close()


async def _stay_here(route: Route) -> None:
    target = urlsplit(route.request.url)
    if target.scheme in ("data", "blob") or target.hostname in _OURS:
        await route.continue_()
    else:
        await route.abort()
