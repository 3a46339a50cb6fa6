"""What the buttons of the monthly issue carry."""

from typing import Literal

from dialogs.fields import AuditRef, Find, MonthField
from dialogs.payloads.base import Payload
from domain.kinds import Kind


class IssueForm(Payload):
    """The draw of a month and kind: what is asked for before the preview."""

    verb: Literal["issue.form"] = "issue.form"
    month: MonthField | None = None
    kind: Kind = Kind.CORE


class IssueOneForm(Payload):
    """One auditor, one child: a late joiner."""

    INPUTS = frozenset({"find"})
    verb: Literal["issue.one_form"] = "issue.one_form"
    month: MonthField | None = None
    find: Find = ""


class ChangeChildForm(Payload):
    """Another child, drawn at random, for the auditor of this audit."""

    verb: Literal["issue.change_child_form"] = "issue.change_child_form"
    ref: AuditRef


PAYLOADS: tuple[type[Payload], ...] = (
    IssueForm,
    IssueOneForm,
    ChangeChildForm,
)
