"""Kinds of audits, and grades."""

from enum import StrEnum


class Kind(StrEnum):
    CORE = "core"
    REAUDIT = "reaudit"
    THEMATIC = "thematic"
    DIP_SAMPLE = "dip_sample"
    PRACTICE_REVIEW = "practice_review"
    OBSERVATION = "observation"
    EARLY_HELP = "early_help"
    MINIMUM_STANDARDS = "minimum_standards"
    MULTI_AGENCY = "multi_agency"
    OTHER = "other"


class Grade(StrEnum):
    OUTSTANDING = "outstanding"
    GOOD = "good"
    REQUIRES_IMPROVEMENT = "requires_improvement"
    INADEQUATE = "inadequate"
    NOT_GRADED = "not_graded"


GRADED = (Grade.OUTSTANDING, Grade.GOOD, Grade.REQUIRES_IMPROVEMENT, Grade.INADEQUATE)
"""Best first; NOT_GRADED stands outside the order."""
