"""Danger now is heard in what people type, and ordinary work is not taken for it."""

from datetime import date

import pytest

from dialogs.intents import understand
from tests.unit.dialogs.danger_messages import DANGER, HARMLESS, ORDINARY

TODAY = date(2026, 11, 20)
TUNED, HELD_BACK = slice(0, None, 2), slice(1, None, 2)


def is_danger(text: str) -> bool:
    return understand(text, TODAY).name == "danger"


@pytest.mark.parametrize("half", [TUNED, HELD_BACK])
def test_nearly_every_message_about_danger_now_is_heard(half: slice) -> None:
    messages = DANGER[half]
    missed = [text for text in messages if not is_danger(text)]
    assert len(messages) >= 60
    assert len(missed) <= 0.03 * len(messages), missed


@pytest.mark.parametrize("half", [TUNED, HELD_BACK])
def test_ordinary_work_is_hardly_ever_taken_for_it(half: slice) -> None:
    messages = HARMLESS[half]
    mistaken = [text for text in messages if is_danger(text)]
    assert len(messages) >= 60
    assert len(mistaken) <= 0.03 * len(messages), mistaken


def test_other_work_never_is() -> None:
    assert [text for text in ORDINARY if is_danger(text)] == []


def test_a_long_message_is_heard_to_its_end() -> None:
    assert is_danger(
        "I am writing about the visit that we made. " * 12 + "The child is not safe at home tonight."
    )


def test_what_stands_beside_it_takes_nothing_back() -> None:
    assert is_danger("I am doing my audit and the return is late. Dad is hitting the kids.")
