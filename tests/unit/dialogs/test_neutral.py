"""What a person typed is shown as plain words (faults 49 and 50)."""

import re
import unicodedata

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dialogs.neutral import HIDDEN, LINES_MOST, neutral, one_line

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""No test fails for being run on a busy machine."""

COMMONMARK = MarkdownIt("commonmark")
EXTENDED = MarkdownIt("js-default")
PLAIN_TOKENS = {"paragraph_open", "paragraph_close", "inline", "text", "softbreak"}

mischief = st.lists(
    st.sampled_from(
        [
            "**", "*", "_", "__", "~~", "`", "```", "[a](http://b.c)", "[a]: http://b.c", "![x](y)", "<b>", "</at>",
            "<at>Tom</at>", "@Tom", "- ", "+ ", "* ", "1. ", "2) ", "# ", "> ", "---", "===", "|a|b|", "|-|-|", "\n",
            "\n\n", "    ", "\t", "&lt;", "&#42;", "\\", "{{DATE(2026-11-30T00:00:00Z, SHORT)}}", "${x}", "www.a.com",
            "https://evil.example", "mailto:a@b.c", "javascript:alert(1)", "a", "b c", "word", "\u202e", "\u200b",
            "\u2066", "é", "👩‍👩‍👧", "שלום", ":", ".", "=", "-", "\r", "\u2028", "\x00", "10.30", "(", ")", "!",
        ]
    ),
    max_size=14,
).map("".join)  # fmt: skip
anything = st.one_of(st.text(max_size=80), mischief)


def _tokens(parser: MarkdownIt, text: str) -> set[str]:
    found: set[str] = set()
    for token in parser.parse(text):
        found.add(token.type)
        found |= {child.type for child in token.children or []}
    return found


@calm
@given(anything)
@example("x\n===\n")
@example("a|b\n-|-\nc|d")
def test_no_text_becomes_markdown(text: str) -> None:
    shown = neutral(text)
    assert _tokens(COMMONMARK, shown) <= PLAIN_TOKENS
    assert _tokens(EXTENDED, shown) <= PLAIN_TOKENS


@calm
@given(anything)
def test_nothing_unseen_is_left_and_no_direction_is_turned(text: str) -> None:
    for line in neutral(text).split("\n"):
        bare = line[1:-1] if line.startswith("\u2068") and line.endswith("\u2069") else line
        for index, char in enumerate(bare):
            if char == "\u200d":
                assert unicodedata.category(bare[index + 1]) == "So", "only emoji are joined"
                continue
            assert unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@calm
@given(anything)
def test_no_address_mention_or_template_is_left(text: str) -> None:
    shown = neutral(text)
    assert "://" not in shown
    assert "@" not in shown
    assert "{{" not in shown
    assert "${" not in shown
    assert not re.search(r"[<>]", shown)
    assert not re.search(r"\S\.[^\W\d_]", shown), "a bare domain name could become a link"


@calm
@given(anything)
def test_it_can_always_be_sent_and_is_not_endlessly_long(text: str) -> None:
    shown = neutral(text)
    shown.encode("utf-8")
    assert shown.count("\n") < LINES_MOST
    assert one_line(text).count("\n") == 0


@pytest.mark.parametrize(
    "plain",
    [
        "Giving evidence at a final hearing on 24 and 25 November.",
        "Siân O'Connor-Smith",
        "Leave from 3.5.2026 (agreed with HR), 50% of the month",
        "Back at 10:30; see the rota. Thank you!",
        "Ngozi Adébáyọ̀",
        "Cover is arranged: yes 👍🏽",
    ],
)
def test_ordinary_words_are_shown_as_typed(plain: str) -> None:
    assert neutral(plain) == plain


def test_hidden_characters_are_made_visible() -> None:
    assert neutral("safe\u202eelif") == f"safe{HIDDEN}elif"
    assert neutral("a\u200b\u200b\u200bb") == f"a{HIDDEN}b"


def test_a_long_text_is_cut_with_a_sign() -> None:
    assert neutral("x" * 500, 100) == "x" * 99 + "…"
    assert neutral("👍" * 500, 101) == "👍" * 50 + "…"


def test_lines_are_kept() -> None:
    assert neutral("first\r\n\r\nsecond") == "first\nsecond"
