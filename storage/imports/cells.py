"""One cell's text, made plain or refused."""

import re
import unicodedata

LONGEST_CELL = 4000
"""Characters. A column's own limit may be lower."""

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_FORMULA = "a formula; paste its value instead"


class BadCell(ValueError):
    """The reason, to be told with the cell's line and column."""


def plain_cell(text: str, *, free_text: bool) -> str:
    """Outer and repeated blanks removed, composed characters (NFC). Raises BadCell for a formula, a sign that a
    spreadsheet would take for one, characters that nobody sees, and a cell that is too long."""
    if not text or text.isspace():
        return ""
    if len(text) > LONGEST_CELL:
        raise BadCell(f"is {len(text)} characters long; at most {LONGEST_CELL} are taken")
    body = text.strip()
    if body.isascii() and body.isprintable():
        return _by_its_start(body if free_text else " ".join(body.split()), free_text=free_text)
    return _by_its_start(_composed(body, free_text=free_text), free_text=free_text)


def _composed(body: str, *, free_text: bool) -> str:
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    if "\ufffd" in body:
        raise BadCell("has a character that was lost when the file was saved; save it again as CSV UTF-8")
    if not free_text and "\n" in body:
        raise BadCell("has a line break in it")
    unseen = _UNSEEN.search(body)
    if unseen or any(0xD800 <= ord(letter) <= 0xDFFF for letter in body):
        shown = f" (U+{ord(unseen[0]):04X})" if unseen else ""
        raise BadCell(f"has a character that cannot be seen{shown}; type the cell again")
    body = unicodedata.normalize("NFC", body)
    return body if free_text else " ".join(body.split())


def _by_its_start(body: str, *, free_text: bool) -> str:
    if body.startswith("="):
        raise BadCell(f"is {_FORMULA}")
    if not free_text and body.startswith(("+", "-", "@")):
        raise BadCell(
            f'starts with "{body[0]}", which a spreadsheet takes for {_FORMULA}, or leave the cell empty'
        )
    return body
