"""Renews the pictures of the documentation: `python -m tests.e2e.renew_pictures`. Look at them before you commit them.

They are taken while the stories are told in real chat windows; the phone's are drawn from golden cards.
"""

import shutil
import subprocess
import sys

from bot.node import PROJECT
from tests.cards.golden import path_of
from tests.e2e.browser import PICTURES
from tests.e2e.card_pictures import main as draw

DOCS = PROJECT / "docs" / "pictures"
LARGEST = 150_000
"""Bytes of one picture: they are kept in the repository."""

_STORIES = (
    "tests/e2e/test_exemption_story.py::test_from_the_auditors_question_to_the_directors_decision",
    "tests/e2e/test_month_story.py",
    "tests/e2e/test_concern_story.py",
)
_PHONE = {"told_to_decide": "decision-on-a-phone.png", "audit_moderated_down": "audit-on-a-phone.png"}
"""By golden card."""


def main() -> int:
    taken = PICTURES / "docs"
    shutil.rmtree(taken, ignore_errors=True)
    told = subprocess.run(
        [sys.executable, "-m", "pytest", *_STORIES, "-m", "e2e", "-n", "0", "-rs"], cwd=PROJECT, check=False
    )
    cards = [str(path_of(name)) for name in _PHONE]
    if told.returncode or not taken.exists() or draw([*cards, str(PICTURES / "golden")]):
        print("No picture was renewed.", file=sys.stderr)
        return 1
    for card, picture in _PHONE.items():
        shutil.copy(PICTURES / "golden" / f"{card}-phone.png", taken / picture)
    DOCS.mkdir(parents=True, exist_ok=True)
    for picture in sorted(taken.glob("*.png")):
        if picture.stat().st_size > LARGEST:
            print(f"{picture.name} is larger than {LARGEST:,} bytes.", file=sys.stderr)
            return 1
        shutil.copy(picture, DOCS / picture.name)
        print(DOCS / picture.name)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
