"""The social worker and their manager in an audit: told that it comes, asked for their part, shown what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.people import PersonId


class Part(StrEnum):
    SOCIAL_WORKER = "social_worker"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one person gave to one audit. `answers`: the reflection's four questions
    (`domain.templates.REFLECTION`),
    `views`, and after the return `comment`."""

    audit_id: int
    person_id: PersonId
    part: Part
    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    saved_at: datetime | None = None
    version: int = 0


VIEWS = "views"
COMMENT = "comment"
