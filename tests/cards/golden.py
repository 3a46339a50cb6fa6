"""Where the golden cards lie, and how they are written."""

import json
from pathlib import Path

from dialogs.cards.parts import Rendered

FOLDER = Path(__file__).parent / "golden"


def as_text(rendered: Rendered) -> str:
    shown = {"summary": rendered.summary, "card": rendered.card}
    return json.dumps(shown, indent=1, ensure_ascii=False) + "\n"


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.json"
