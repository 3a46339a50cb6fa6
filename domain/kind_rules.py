"""How each kind of activity is done, with the defaults: who does it, what it looks at, what counts as a result."""

from pydantic import Field

from domain.kinds import Kind
from domain.people import Role
from domain.terms import Label, Part


class KindRules(Part):
    """How a kind of activity is done. `done_by`: who may be asked for one or log one. `about`: what it looks at."""

    kind: Kind
    label: Label
    plural: Label
    done_by: tuple[Role, ...] = Field(min_length=1)
    about_child: bool = True
    about_person: bool = False
    graded: bool = True
    may_be_none: bool = False
    """ "None this month, because ..." is a valid result."""
    expected_a_month: int = Field(default=0, ge=0, le=10_000)
    """Where the programme says nothing; 0: as many as were issued or logged."""


_AUDITING = (Role.AUDITOR, Role.MODERATOR)
_MANAGING = (Role.SERVICE_MANAGER, Role.ASSISTANT_DIRECTOR)
_ANY_AUDITING = (*_AUDITING, *_MANAGING, Role.HEAD_OF_SERVICE, Role.QA_TEAM)
DEFAULT_KINDS = (
    KindRules(kind=Kind.CORE, label="Core audit", plural="Core audits", done_by=(Role.AUDITOR,)),
    KindRules(kind=Kind.REAUDIT, label="Re-audit", plural="Re-audits", done_by=_MANAGING),
    KindRules(kind=Kind.THEMATIC, label="Thematic audit", plural="Thematic audits", done_by=_ANY_AUDITING),
    KindRules(
        kind=Kind.DIP_SAMPLE,
        label="Dip sample",
        plural="Dip samples",
        done_by=(*_ANY_AUDITING, Role.TEAM_MANAGER),
        graded=False,
        may_be_none=True,
    ),
    KindRules(
        kind=Kind.PRACTICE_REVIEW,
        label="Practice review",
        plural="Practice reviews",
        done_by=(*_ANY_AUDITING, Role.DIRECTOR, Role.DCS, Role.IRO),
    ),
    KindRules(
        kind=Kind.OBSERVATION,
        label="Supervision observation",
        plural="Supervision observations",
        done_by=(*_MANAGING, Role.HEAD_OF_SERVICE),
        about_child=False,
        about_person=True,
    ),
    KindRules(
        kind=Kind.EARLY_HELP, label="Early-help audit", plural="Early-help audits", done_by=_ANY_AUDITING
    ),
    KindRules(
        kind=Kind.MINIMUM_STANDARDS,
        label="Minimum-standards check",
        plural="Minimum-standards checks",
        done_by=(*_ANY_AUDITING, Role.TEAM_MANAGER),
        graded=False,
    ),
    KindRules(
        kind=Kind.MULTI_AGENCY,
        label="Multi-agency audit",
        plural="Multi-agency audits",
        done_by=_ANY_AUDITING,
    ),
    KindRules(kind=Kind.OTHER, label="Other audit", plural="Other audits", done_by=_ANY_AUDITING),
)
