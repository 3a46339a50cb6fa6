"""What the buttons of the monthly issue carry."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, StringConstraints

from dialogs.fields import AuditRef, Code, Find, Id, MonthField, Note, Offset, Version
from dialogs.payloads.base import Payload
from domain.kinds import Kind

COUNT_MOST = 100_000
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


def _codes(value: object) -> object:
    return [part for part in value.split(",") if part] if isinstance(value, str) else value


Codes = Annotated[tuple[Code, ...], BeforeValidator(_codes), PlainSerializer(",".join), Field(max_length=100)]


class IssueForm(Payload):
    """The draw of a month and kind: what is asked for before the preview. Both can be chosen on the form itself."""

    INPUTS = frozenset({"month", "kind"})
    verb: Literal["issue.form"] = "issue.form"
    month: MonthField | None = None
    kind: Kind = Kind.CORE


class IssuePreview(Payload):
    INPUTS = frozenset({"cohorts", "numbers", "total", "per_team", "not_again", "exclusions", "theme"})
    verb: Literal["issue.preview"] = "issue.preview"
    month: MonthField
    kind: Kind = Kind.CORE
    cohorts: Codes = ()
    numbers: Line = ""
    total: Annotated[int, Field(ge=1, le=COUNT_MOST)] | None = None
    per_team: Annotated[int, Field(ge=1, le=COUNT_MOST)] | None = None
    not_again: Annotated[int, Field(ge=0, le=120)] | None = None
    exclusions: Note = ""
    theme: Line = ""


class IssueShow(Payload):
    """A draw as it stands: its preview, or that it is issued."""

    verb: Literal["issue.show"] = "issue.show"
    draw: Id


class IssueChange(Payload):
    """The form again, with what the preview was made of."""

    verb: Literal["issue.change"] = "issue.change"
    draw: Id


class IssuePairs(Payload):
    verb: Literal["issue.pairs"] = "issue.pairs"
    draw: Id
    offset: Offset = 0


class IssueConfirm(Payload):
    """Issues what was seen, and nothing else: `seen` is the draw's version on the card, `digest` names the result."""

    verb: Literal["issue.confirm"] = "issue.confirm"
    draw: Id
    seen: Version
    digest: Digest


class IssueOneForm(Payload):
    """One auditor, one child: a late joiner."""

    INPUTS = frozenset({"find"})
    verb: Literal["issue.one_form"] = "issue.one_form"
    month: MonthField | None = None
    find: Find = ""


class IssueOnePreview(Payload):
    INPUTS = frozenset({"auditor"})
    verb: Literal["issue.one_preview"] = "issue.one_preview"
    month: MonthField
    auditor: Id


class IssueOne(Payload):
    """`child` is whom the preview showed: another one would be said, and not issued."""

    verb: Literal["issue.one"] = "issue.one"
    month: MonthField
    auditor: Id
    child: AuditRef


class ChangeChildForm(Payload):
    """Another child, drawn at random, for the auditor of this audit."""

    verb: Literal["issue.change_child_form"] = "issue.change_child_form"
    ref: AuditRef


class ChangeChild(Payload):
    INPUTS = frozenset({"note"})
    verb: Literal["issue.change_child"] = "issue.change_child"
    ref: AuditRef
    version: Version
    note: Note


PAYLOADS: tuple[type[Payload], ...] = (
    IssueForm,
    IssuePreview,
    IssueShow,
    IssueChange,
    IssuePairs,
    IssueConfirm,
    IssueOneForm,
    IssueOnePreview,
    IssueOne,
    ChangeChildForm,
    ChangeChild,
)
MISSING = {"note": "why_another_child"}
UNREADABLE = {
    "month": "unknown_month",
    "kind": "unknown_kind",
    "cohorts": "unknown_cohort",
    "total": "not_a_number",
    "per_team": "not_a_number",
    "not_again": "not_a_number",
    "auditor": "unknown_person",
}
