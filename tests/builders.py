"""Ready-made people, teams, audits and exemptions: every default can be replaced by name."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from domain.audits import Audit, AuditState, Kind, Standing
from domain.calendar import Month, last_working_day
from domain.exemptions import Command, Exemption, State
from domain.people import Actor, Delegation, Level, Person, Reach, Role, Scope, Team
from domain.policy import DEFAULT_REASONS, ReasonClass
from domain.ports import ExemptionStep, Failure
from domain.views import (
    AuditLine,
    DelegationsView,
    ExemptionList,
    ExemptionView,
    FailedDeliveries,
    FailedLine,
    FreedAudit,
    MyAudits,
    RequestForm,
    Waiting,
    WaitingLine,
)

NOVEMBER = Month(2026, 11)
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)

NORTH = Team(1, "Northgate", "North", "Assessment", "Operations")
EAST = Team(2, "Eastfield", "East", "Assessment", "Operations")


def a_team(**changes: Any) -> Team:
    return replace(NORTH, **changes)


def a_person(person_id: int = 1, name: str = "Tom Bailey", *roles: Role, **changes: Any) -> Person:
    email = f"{name.lower().replace(' ', '.')}@council.example"
    person = Person(
        person_id,
        email,
        name,
        frozenset(roles or {Role.AUDITOR}),
        aad_object_id=f"aad-{person_id}",
        team=NORTH,
    )
    return replace(person, **changes)


TOM = a_person(1, "Tom Bailey")
DANA = a_person(2, "Dana Hughes", Role.HEAD_OF_SERVICE)
RUTH = a_person(3, "Ruth Ellis", Role.DIRECTOR, team=None)
PRIYA = a_person(4, "Priya Shah", team=EAST)
SAM = a_person(5, "Sam Whyte", Role.HEAD_OF_SERVICE, team=EAST)
QUINN = a_person(6, "Quinn Adeyemi", Role.QA_TEAM, team=None)
DCS = a_person(7, "Alex Morgan", Role.DCS, team=None)
EVERYBODY = {person.id: person for person in (TOM, DANA, RUTH, PRIYA, SAM, QUINN, DCS)}


def an_actor(person: Person = TOM, reach: Reach | None = None) -> Actor:
    return Actor(person, reach or Reach())


def an_audit(number: int = 104, **changes: Any) -> Audit:
    audit = Audit(
        id=number,
        ref=f"A-{number}",
        month=NOVEMBER,
        kind=Kind.CORE,
        state=AuditState.ISSUED,
        child_ref=f"C{10328 + number}",
        team=EAST,
        legal_status="child_in_need",
        auditor_id=TOM.id,
        issued_on=date(2026, 11, 2),
    )
    return replace(audit, **changes)


_LEVELS = {
    State.WITH_HEAD_OF_SERVICE: (Level.HEAD_OF_SERVICE, DANA.id),
    State.WITH_DCS: (Level.DCS, DCS.id),
}


def an_exemption(number: int = 12, **changes: Any) -> Exemption:
    """Tom's own request for November, by default with the head of service; a closed one is decided by the director."""
    state = changes.get("state", State.WITH_HEAD_OF_SERVICE)
    level, approver = _LEVELS.get(state, (Level.DIRECTOR, RUTH.id))
    exemption = Exemption(
        id=number,
        person_id=TOM.id,
        requested_by_id=TOM.id,
        month=NOVEMBER,
        reason="statutory_work",
        reason_class=ReasonClass.OPERATIONAL,
        explanation="I am giving evidence at a final hearing all week.",
        state=state,
        level=level,
        approver_id=approver,
        requested_at=datetime(2026, 11, 18, 9, 30, tzinfo=UTC),
        step_since=datetime(2026, 11, 19, 10, 0, tzinfo=UTC),
    )
    if state in (State.APPROVED, State.DECLINED):
        exemption = replace(exemption, decided_by_id=RUTH.id, decided_at=NOW, version=3)
    if state in (State.WITHDRAWN, State.LAPSED):
        exemption = replace(exemption, decided_at=NOW, version=3)
    return replace(exemption, **changes)


def a_step(command: Command | str = "request", by: Person | None = TOM, **changes: Any) -> ExemptionStep:
    code = command.value if isinstance(command, Command) else command
    step = ExemptionStep(datetime(2026, 11, 18, 9, 30, tzinfo=UTC), code, by.id if by else None, None, "")
    return replace(step, **changes)


DEFAULT_HISTORY = (a_step(),)


def an_exemption_view(
    viewer: Person = TOM, exemption: Exemption | None = None, commands: Sequence[Command] = (), **changes: Any
) -> ExemptionView:
    exemption = exemption or an_exemption()
    reasons = {reason.code: reason for reason in DEFAULT_REASONS}
    view = ExemptionView(
        exemption=exemption,
        viewer_id=viewer.id,
        people=EVERYBODY,
        reason=reasons.get(exemption.reason),
        history=DEFAULT_HISTORY,
        commands=tuple(commands),
        today=TODAY,
        working_days_left=6,
    )
    return replace(view, **changes)


def an_audit_line(audit: Audit | None = None, standing: Standing = Standing.DUE) -> AuditLine:
    return AuditLine(audit or an_audit(), standing)


def my_audits(*lines: AuditLine, **changes: Any) -> MyAudits:
    view = MyAudits(
        person=TOM,
        month=NOVEMBER,
        today=TODAY,
        lines=lines,
        working_days_left=6,
        last_working_day=last_working_day(NOVEMBER),
        may_request=True,
    )
    return replace(view, **changes)


def a_form(viewer: Person = TOM, **changes: Any) -> RequestForm:
    form = RequestForm(
        viewer=viewer,
        today=TODAY,
        months=[NOVEMBER.plus(n) for n in range(13)],
        reasons=DEFAULT_REASONS,
        last_week_months=(),
        issued_months=(),
        myself=True,
    )
    return replace(form, **changes)


def a_waiting_line(number: int = 12, person: Person = TOM, **changes: Any) -> WaitingLine:
    exemption = an_exemption(number, person_id=person.id, requested_by_id=person.id)
    return replace(WaitingLine(exemption, person, exemption.step_since), **changes)


def waiting(*lines: WaitingLine, viewer: Person = DANA, **changes: Any) -> Waiting:
    return replace(Waiting(viewer, TODAY, lines, len(lines)), **changes)


def an_exemption_list(*lines: WaitingLine, viewer: Person = DANA, **changes: Any) -> ExemptionList:
    return replace(ExemptionList(viewer, NOVEMBER, lines, len(lines)), **changes)


def a_freed_audit(*takers: Person, **changes: Any) -> FreedAudit:
    audit = an_audit(state=AuditState.FREED, auditor_id=None, version=2)
    return replace(FreedAudit(audit, TODAY, takers, "E-12"), **changes)


def a_delegation(number: int = 7, **changes: Any) -> Delegation:
    made = Delegation(number, DANA.id, SAM.id, Scope.EXEMPTIONS, date(2026, 11, 23), date(2026, 11, 27))
    return replace(made, **changes)


def deputies(*mine: Delegation, viewer: Person = DANA, **changes: Any) -> DelegationsView:
    view = DelegationsView(viewer, TODAY, mine, EVERYBODY, [RUTH, SAM])
    return replace(view, **changes)


def many_people(number: int, team: Team = NORTH) -> list[Person]:
    return [a_person(1000 + n, f"Person Number{n:04d}", team=team) for n in range(number)]


def a_failure(number: int = 7, person: Person | None = DANA, **changes: Any) -> FailedLine:
    failure = Failure(
        number,
        person.id if person else None,
        "exemption.to_decide",
        "E-12",
        "unreachable",
        "blocked the bot",
        NOW,
    )
    return FailedLine(replace(failure, **changes), person)


def failed_deliveries(*lines: FailedLine, **changes: Any) -> FailedDeliveries:
    return replace(FailedDeliveries(QUINN, lines), **changes)
