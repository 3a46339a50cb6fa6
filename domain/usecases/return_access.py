"""What every use case of a return begins with: the audit, that it is the actor's to return, and what there is of it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from domain.audits import Audit, AuditState, standing
from domain.calendar import local_date, next_working_day, plus_working_days
from domain.cycle import Command
from domain.errors import OutOfDate
from domain.people import Actor, Person, PersonId, Position
from domain.permissions import Permission
from domain.policy import Policy
from domain.ports import CycleWork
from domain.requests import is_late
from domain.return_results import area_grades, counted, of_record, suggested
from domain.return_rules import Then, missing, open_sections, progress, step_from
from domain.returns import Return, begun, current
from domain.templates import NONE_BECAUSE, REFLECTION_SHEET, Asks, Section
from domain.usecases.audit_access import load, parties, require_command
from domain.usecases.participation import reflection_given
from domain.views.returns import ReturnView

OWNERS = (Position.TEAM_MANAGER, Position.SERVICE_MANAGER)
"""Beside the social worker, who is offered as the owner of an action without a search."""


def command_of(audit: Audit) -> Command:
    """What handing it in is."""
    return Command.RESUBMIT if audit.state is AuditState.SENT_BACK else Command.RETURN


async def awaited(uow: CycleWork, actor: Actor, ref: str, now: datetime) -> Audit:
    """Raises NotFound, NotAllowed for anybody but its auditor, OutOfDate where nothing is awaited from them."""
    audit = await load(uow, ref)
    require_own(audit, actor, command_of(audit), now)
    return audit


def require_own(audit: Audit, actor: Actor, command: Command, now: datetime) -> None:
    """Raises NotAllowed, OutOfDate."""
    mine = parties(actor, audit, child=None, auditor=actor.person, today=local_date(now))
    require_command(audit, command, mine, Permission.AUDIT_RETURN)


def same_child(audit: Audit, child: str | None) -> None:
    """Raises OutOfDate where the form was about another child: what was typed there is not about this one."""
    if (audit.child_ref or None) != (child or None):
        raise OutOfDate(ref=audit.ref, state=audit.state.value, moved="child")


async def filled_of(uow: CycleWork, policy: Policy, audit: Audit) -> Return:
    """What there is to go on with, or an empty one. That there was none is said at once, and not step by step."""
    found = begun(await uow.returns.get(audit.id), audit, policy.template_of(audit.kind))
    answers = {code: said for code, said in found.answers.items() if code != NONE_BECAUSE}
    return replace(found, answers=answers | await _reflected(uow, audit, found))


async def _reflected(uow: CycleWork, audit: Audit, filled: Return) -> dict[str, str]:
    """The reflection sheet is done where the social worker gave it here; the auditor may still say otherwise."""
    asked = any(question.code == REFLECTION_SHEET for question in filled.template.questions)
    if not asked or REFLECTION_SHEET in filled.answers:
        return {}
    return {REFLECTION_SHEET: "yes"} if await reflection_given(uow, audit.id) else {}


async def handed_in_of(uow: CycleWork, policy: Policy, audit: Audit) -> Return:
    """The return of an audit that is in; of one that came by import, what its fields say."""
    stored = await uow.returns.get(audit.id)
    found = current(stored, audit)
    if found is not None and found.handed_in_at is not None:
        return found
    areas = (await uow.cycle.areas([audit.id])).get(audit.id, {})
    made = of_record(audit, areas, policy.template_of(audit.kind))
    return replace(made, version=stored.version) if stored else made


def lateness(audit: Audit, today: date, policy: Policy) -> str:
    """ "late" or "nil" where a first return on the day counts as that, else ""."""
    if not is_late(audit, today):
        return ""
    closes = plus_working_days(audit.due_on, policy.audits.books_close_after_working_days)
    return "late" if today <= closes else "nil"


def view_of(
    policy: Policy, actor: Actor, audit: Audit, filled: Return, today: date, section: Section | None
) -> ReturnView:
    return ReturnView(
        audit=audit,
        viewer=actor.person,
        today=today,
        standing=standing(audit, today, policy.audits),
        filled=filled,
        progress=progress(filled),
        missing=missing(filled),
        rules=policy.audits,
        areas={term.code: term.label for term in policy.practice_areas},
        kind=policy.by_kind[audit.kind].label,
        due=action_day(today, policy),
        section=section,
        suggested=suggested(area_grades(counted(filled)), policy.suggestion),
        may_be_none=policy.by_kind[audit.kind].may_be_none,
        safeguarding=policy.texts.safeguarding,
        late=lateness(audit, today, policy),
    )


def action_day(today: date, policy: Policy) -> date:
    """The day that an action gets unless another is chosen: a working day, when somebody can do it."""
    return next_working_day(today + timedelta(days=policy.audits.action_due_days))


def section_of(filled: Return, wanted: str | None, then: Then | None) -> Section | None:
    """Where `then` leads from the step; the step that was asked for, where it is one; else the first that is not done;
    None: all are."""
    if wanted and then:
        return step_from(filled, wanted, then)
    steps = {section.code: section for section in open_sections(filled.template, filled.answers)}
    return steps.get(wanted or "") or progress(filled).next


def asks_actions(section: Section | None) -> bool:
    return section is None or any(question.asks is Asks.ACTIONS for question in section.questions)


async def possible_owners(uow: CycleWork, audit: Audit, find: str, today: date) -> list[Person]:
    """The team's manager, the child's social worker, the service manager; where none is known, the head of service. By
    part of a name, anybody who is active."""
    if find.strip():
        return await uow.pool.by_name(find, today)
    child = await uow.children.get(audit.child_ref) if audit.child_ref else None
    team = audit.team or (child.team if child else None)
    found: list[Person] = list(await uow.pool.in_position(team.id, OWNERS)) if team else []
    if child is not None and child.social_worker_id is not None:
        worker = await uow.people.get(child.social_worker_id)
        found[1:1] = [worker] if worker else []
    if team and not found:
        found = await uow.pool.in_position(team.id, (Position.HEAD_OF_SERVICE,))
    return list({person.id: person for person in found if person.active_on(today)}.values())


async def owners_of(uow: CycleWork, filled: Return) -> dict[PersonId, Person]:
    ids = {action.owner_id for action in filled.actions if action.owner_id is not None}
    return await uow.people.many(ids) if ids else {}
