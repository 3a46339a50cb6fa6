"""What the buttons of the social worker's and the manager's part carry."""

from typing import Annotated, Literal

from pydantic import Field

from dialogs.fields import AuditRef, MonthField, Note, Offset
from dialogs.payloads.base import Payload
from domain.participation import COMMENT, VIEWS
from domain.templates import REFLECTION

Seen = Annotated[int, Field(ge=0, lt=2**31)]
"""The version of something that may not be there yet: 0."""


class ContributionForm(Payload):
    """One's part, or with `comment` what one says about the result."""

    verb: Literal["contribution.form"] = "contribution.form"
    ref: AuditRef
    comment: bool = False


class ContributionSave(Payload):
    """What is left empty is taken back."""

    INPUTS = frozenset({*REFLECTION, VIEWS})
    verb: Literal["contribution.save"] = "contribution.save"
    ref: AuditRef
    version: Seen = 0
    reflection_well: Note = ""
    reflection_challenges: Note = ""
    reflection_tools: Note = ""
    reflection_differently: Note = ""
    views: Note = ""


class ContributionComment(Payload):
    INPUTS = frozenset({COMMENT})
    verb: Literal["contribution.comment"] = "contribution.comment"
    ref: AuditRef
    comment: Note


class ComingShow(Payload):
    """The audits of the presser's teams that are still to come in a month."""

    verb: Literal["contribution.coming"] = "contribution.coming"
    month: MonthField | None = None
    offset: Offset = 0


class TeamHistory(Payload):
    """What of the presser's team was audited before, and how it went."""

    verb: Literal["team.history"] = "team.history"
    offset: Offset = 0


class ResultsShow(Payload):
    """What came of the audits that one can comment on."""

    verb: Literal["results.show"] = "results.show"
    offset: Offset = 0


PAYLOADS: tuple[type[Payload], ...] = (
    ContributionForm,
    ContributionSave,
    ContributionComment,
    ComingShow,
    TeamHistory,
    ResultsShow,
)
MISSING = {COMMENT: "comment_missing"}
