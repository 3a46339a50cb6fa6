"""Answers to what is asked about children of concern in general."""

from dialogs.words.concerns import CATEGORY, MEANS
from domain.concerns import Category

MEANING_TITLE = "Category 1 and Category 2"


def meanings() -> list[str]:
    return [f"{CATEGORY[category]}: {MEANS[category]}" for category in Category]


MEANING_HOW = (
    "A Category 1 alerts the head of service and the director at once, at any hour, until both have acknowledged it. "
    "If you are not sure, say so in the form: it is treated as a Category 1 until the head of service settles it."
)


def no_export(qa_contact: str) -> str:
    return (
        "I cannot send the tracker as a file. Here it is, with a filter by category, state and month; for figures in a "
        f"file, ask {qa_contact}."
    )


def still_waits(others: int) -> str:
    """`others`: further alerts that wait for the reader."""
    said = (
        "This alert still waits for you: press “Acknowledge: I have it”. Words alone do not acknowledge it."
    )
    if not others:
        return said
    return (
        f"{said} {others} more {'waits' if others == 1 else 'wait'} for you: write “what is waiting for me”."
    )


NOTHING_SUBMITTED = "Nothing has been submitted for your sign-off yet. Here is how it stands."
