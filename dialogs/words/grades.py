"""Grades and moderation, in words."""

from domain.kinds import Grade

GRADE: dict[Grade, str] = {
    Grade.OUTSTANDING: "Outstanding",
    Grade.GOOD: "Good",
    Grade.REQUIRES_IMPROVEMENT: "Requires Improvement",
    Grade.INADEQUATE: "Inadequate",
    Grade.NOT_GRADED: "Not graded",
}


def grade(value: Grade | None) -> str:
    return GRADE[value] if value else "no grade"
