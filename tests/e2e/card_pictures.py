"""Pictures of a card as Teams shows it: light, dark and on a phone (375 px wide), with nothing of a bot running.

    python -m tests.e2e.card_pictures card.json [more.json …] out_dir

A file holds a card, a golden card of `tests/cards/golden`, or a message that carries one. What Teams knows beyond the
1.5 schema (charts, badges) is not drawn here: the fallback is, which is what an older phone shows. Sizes and colours
come near to Teams', no more.
"""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page

from bot.node import CLIENT, ChatClientUnavailable, find_node, install
from tests.e2e.browser import NoChromium, a_browser, a_context

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Look:
    name: str
    width: int
    dark: bool = False
    scale: float = 1


LOOKS = (
    Look("light", 560),
    Look("dark", 560, dark=True),
    Look("phone", 375, scale=2),
    Look("phone-dark", 375, dark=True, scale=2),
)

_LIGHT = {
    "page": "#f5f5f5",
    "card": "#ffffff",
    "emphasis": "#f0f0f0",
    "line": "#d1d1d1",
    "default": "#242424",
    "subtle": "#616161",
    "accent": "#4f52b2",
    "good": "#237b4b",
    "warning": "#8a5a00",
    "attention": "#c4314b",
    "button": "#5b5fc7",
    "on accent": "#c7def9",
    "on good": "#ccffcc",
    "on warning": "#ffe2b2",
    "on attention": "#ffc5b2",
}
_DARK = {
    "page": "#1f1f1f",
    "card": "#292929",
    "emphasis": "#333333",
    "line": "#525252",
    "default": "#ffffff",
    "subtle": "#adadad",
    "accent": "#9299f7",
    "good": "#92c353",
    "warning": "#f8d22a",
    "attention": "#f1707b",
    "button": "#7f85f5",
    "on accent": "#2f3a57",
    "on good": "#1e3d1e",
    "on warning": "#4a3a12",
    "on attention": "#4f2226",
}
_FONT = '"Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif'

_DRAW = """
([card, host]) => {
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdownit().render(text);
    result.didProcess = true;
  };
  const drawn = new AdaptiveCards.AdaptiveCard();
  drawn.hostConfig = new AdaptiveCards.HostConfig(host);
  drawn.version = new AdaptiveCards.Version(1, 5);
  const context = new AdaptiveCards.SerializationContext(drawn.version);
  drawn.parse(card, context);
  document.getElementById("card").append(drawn.render());
  const said = [...Array(context.eventCount).keys()].map(i => context.getEventAt(i).message);
  return said.filter(message => !message.includes("Fallback will be used"));
}
"""


_WIDE = """
() => [...document.querySelectorAll("#card *")]
  .filter(at => at.clientWidth && at.scrollWidth > at.clientWidth + 1 && getComputedStyle(at).display !== "inline")
  .filter(at => !["INPUT", "SELECT", "TEXTAREA"].includes(at.tagName))
  .map(at => at.textContent.slice(0, 60))
"""


class CardPainter:
    """Draws cards in a browser. `problems` of a picture are what the renderer objected to in the card."""

    def __init__(self, browser: Browser, modules: Path) -> None:
        self._browser = browser
        self._modules = modules

    async def paint(self, card: Json, path: Path, look: Look) -> list[str]:
        """Writes `card` to `path` (PNG); gives the renderer's objections, none for a sound card."""
        async with a_context(
            self._browser, width=look.width, height=200, dark=look.dark, scale=look.scale
        ) as context:
            page = await context.new_page()
            problems = await self._draw(page, card, look)
            path.parent.mkdir(parents=True, exist_ok=True)
            await page.screenshot(path=path, full_page=True, animations="disabled")
        return problems

    async def too_wide(self, cards: Mapping[str, Json], look: Look) -> list[str]:
        """What runs over the edge of its card: the card's name and the text."""
        found: list[str] = []
        async with a_context(self._browser, width=look.width, height=200) as context:
            page = await context.new_page()
            await self._load(page, _LIGHT)
            for name, card in cards.items():
                await page.evaluate("() => document.getElementById('card').replaceChildren()")
                await page.evaluate(_DRAW, [card, _host(_LIGHT)])
                found += [f"{name}: {text}" for text in await page.evaluate(_WIDE)]
        return found

    async def _draw(self, page: Page, card: Json, look: Look) -> list[str]:
        palette = _DARK if look.dark else _LIGHT
        await self._load(page, palette)
        problems: list[str] = await page.evaluate(_DRAW, [card, _host(palette)])
        return problems

    async def _load(self, page: Page, palette: dict[str, str]) -> None:
        await page.set_content(
            f'<!doctype html><meta charset="utf-8"><body><main id="card"></main><style>{_style(palette)}</style>'
        )
        await page.add_script_tag(path=self._modules / "adaptivecards" / "dist" / "adaptivecards.js")
        await page.add_script_tag(path=self._modules / "markdown-it" / "dist" / "markdown-it.min.js")


@asynccontextmanager
async def a_card_painter() -> AsyncGenerator[CardPainter]:
    """Raises NoChromium or ChatClientUnavailable where there can be no pictures."""
    modules = await install(CLIENT, find_node())
    async with a_browser() as browser:
        yield CardPainter(browser, modules)


async def card_pictures(files: Sequence[Path], out: Path) -> list[str]:
    """Every card in every look, as `out/CARD-LOOK.png`; gives a line for each objection."""
    said: list[str] = []
    async with a_card_painter() as painter:
        for file in files:
            card = card_in(json.loads(file.read_text(encoding="utf-8")))
            for look in LOOKS:
                problems = await painter.paint(card, out / f"{file.stem}-{look.name}.png", look)
                said += [f"{file.name} ({look.name}): {problem}" for problem in problems]
    return said


def card_in(content: Json) -> Json:
    """The card itself, also out of a golden file, a message, an attachment or an answer to an invoke."""
    if content.get("type") == "AdaptiveCard":
        return content
    if "card" in content:
        return card_in(content["card"])
    for attachment in content.get("attachments", []):
        return card_in(attachment["content"])
    return card_in(content["content"] if "content" in content else content["value"])


def _style(palette: dict[str, str]) -> str:
    return f"""
      body {{ margin: 0; padding: 12px; background: {palette["page"]}; font: 14px {_FONT}; }}
      #card {{ background: {palette["card"]}; border-radius: 6px; box-shadow: 0 1px 3px #0004; }}
      p {{ margin: 0; }}
      .ac-actionSet, .ac-actionSet > div {{ flex-wrap: wrap; row-gap: 8px; }}
      .ac-pushButton {{ font: 600 14px {_FONT}; padding: 5px 14px; border-radius: 4px; cursor: pointer;
        background: transparent; color: {palette["default"]}; border: 1px solid {palette["line"]}; }}
      .ac-pushButton.style-positive {{ background: {palette["button"]}; color: #fff; border-color: transparent; }}
      .ac-pushButton.style-destructive {{ color: {palette["attention"]}; border-color: {palette["attention"]}; }}
      .ac-input {{ font: 14px {_FONT}; box-sizing: border-box; color: {palette["default"]};
        background: {palette["emphasis"]}; border: 1px solid {palette["line"]}; border-radius: 4px; padding: 5px 8px; }}
      .ac-input.ac-choiceSetInput-expanded {{ background: transparent; border: none; padding: 0; }}
      .ac-input:not([type=checkbox]):not([type=radio]) {{ width: 100%; }}
    """


def _host(palette: dict[str, str]) -> Json:
    def style(background: str) -> Json:
        ink = {name: palette[name] for name in ("default", "accent", "good", "warning", "attention")}
        ink |= {"dark": palette["default"], "light": palette["subtle"]}
        colours = {
            name: {"default": colour, "subtle": palette["subtle"] if name == "default" else colour}
            for name, colour in ink.items()
        }
        return {"backgroundColor": background, "borderColor": palette["line"], "foregroundColors": colours}

    sizes = {"small": 12, "default": 14, "medium": 14, "large": 18, "extraLarge": 24}
    weights = {"lighter": 300, "default": 400, "bolder": 600}
    return {
        "fontFamily": _FONT,
        "fontTypes": {
            "default": {"fontFamily": _FONT, "fontSizes": sizes, "fontWeights": weights},
            "monospace": {"fontFamily": "monospace", "fontSizes": sizes, "fontWeights": weights},
        },
        "spacing": {"small": 4, "default": 12, "medium": 20, "large": 30, "extraLarge": 40, "padding": 16},
        "separator": {"lineThickness": 1, "lineColor": palette["line"]},
        "containerStyles": {
            "default": style(palette["card"]),
            "emphasis": style(palette["emphasis"]),
            **{name: style(palette[f"on {name}"]) for name in ("accent", "good", "warning", "attention")},
        },
        "imageSizes": {"small": 32, "medium": 52, "large": 100},
        "actions": {
            "maxActions": 6,
            "spacing": "default",
            "buttonSpacing": 8,
            "showCard": {"actionMode": "inline", "inlineTopMargin": 16, "style": "emphasis"},
            "actionsOrientation": "horizontal",
            "actionAlignment": "left",
        },
        "adaptiveCard": {"allowCustomStyle": False},
        "inputs": {
            "label": {
                "inputSpacing": "small",
                "requiredInputs": {
                    "weight": "bolder",
                    "color": "default",
                    "suffix": " *",
                    "suffixColor": "attention",
                },
                "optionalInputs": {"weight": "bolder", "color": "default"},
            },
            "errorMessage": {"weight": "default", "color": "attention"},
        },
        "factSet": {
            "title": {"color": "default", "weight": "bolder", "wrap": True, "maxWidth": 150},
            "value": {"color": "default", "weight": "default", "wrap": True},
            "spacing": 12,
        },
        "table": {"cellSpacing": 8},
    }


def main(arguments: Sequence[str]) -> int:
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        said = asyncio.run(card_pictures([Path(name) for name in arguments[:-1]], Path(arguments[-1])))
    except (NoChromium, ChatClientUnavailable) as missing:
        print(missing, file=sys.stderr)
        return 1
    print("\n".join(said or [f"Drawn to {arguments[-1]}."]))
    return 1 if said else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
