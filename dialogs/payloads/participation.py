"""What the buttons of the social worker's and the manager's part carry."""

from typing import Literal

from dialogs.fields import AuditRef, Offset
from dialogs.payloads.base import Payload


class ContributionForm(Payload):
    verb: Literal["contribution.form"] = "contribution.form"
    ref: AuditRef


class TeamHistory(Payload):
    """What of the presser's team was audited before, and how it went."""

    verb: Literal["team.history"] = "team.history"
    offset: Offset = 0


PAYLOADS: tuple[type[Payload], ...] = (
    ContributionForm,
    TeamHistory,
)
