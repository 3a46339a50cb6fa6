"""Who is told what: messages as types and references, never as text. They are worded from fresh state when sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.audits import Audit
from domain.calendar import local_date
from domain.exemptions import Command, Done, State
from domain.lanes import Lane
from domain.people import PersonId


class NoticeKind(StrEnum):
    """What a message is about; `dialogs/telling/` has a renderer for each."""

    EXEMPTION_TO_DECIDE = "exemption.to_decide"
    EXEMPTION_CHASED = "exemption.chased"
    EXEMPTION_ASKED_BACK = "exemption.asked_back"
    EXEMPTION_OUTCOME = "exemption.outcome"
    EXEMPTION_MOVED_UP = "exemption.moved_up"
    EXEMPTION_STANDS = "exemption.stands"
    EXEMPTION_STUCK = "exemption.stuck"
    AUDIT_FREED = "audit.freed"
    AUDIT_GIVEN = "audit.given"
    AUDIT_ISSUED = "audit.issued"
    AUDIT_COMING = "audit.coming"
    AUDIT_CHILD_CHANGED = "audit.child_changed"
    AUDIT_TAKEN_OFF = "audit.taken_off"
    AUDIT_RESULT = "audit.result"
    AUDIT_INADEQUATE = "audit.inadequate"
    AUDIT_SENT_BACK = "audit.sent_back"
    AUDIT_RESUBMITTED = "audit.resubmitted"
    AUDIT_MODERATED = "audit.moderated"
    AUDIT_DISPUTED = "audit.disputed"
    AUDIT_LOCKED = "audit.locked"
    AUDIT_REOPENED = "audit.reopened"
    AUDIT_UNTICKED = "audit.unticked"
    """To its auditor, where somebody else took the tick of the child's record back."""
    AUDIT_NOT_OF_CHILD = "audit.not_of_child"
    """To who was told of it as another child's than it turned out to be."""
    AUDIT_COMMENTED = "audit.commented"
    MODERATION_ASSIGNED = "moderation.assigned"
    MODERATION_STUCK = "moderation.stuck"
    """To the QA team: its moderator cannot judge it any more; once for an audit and moderator."""
    REQUEST_TO_DECIDE = "request.to_decide"
    REQUEST_STANDS = "request.stands"
    REQUEST_DECIDED = "request.decided"
    ACTIONS_RAISED = "actions.raised"
    ROLE_GIVEN = "role.given"
    CONCERN_ALERT = "concern.alert"
    """A Category 1, for the first time."""
    CONCERN_CLIMBED = "concern.climbed"
    """The same alert again, or one step up; nothing to say once it is acknowledged."""
    CONCERN_RAISED = "concern.raised"
    """To the head of service a Category 2; to the QA team and the raiser's audit every category."""
    CONCERN_WAITS = "concern.waits"
    """A step lies with this person now: information, a challenge, a sign-off, or what came back from there."""
    CONCERN_MOVED = "concern.moved"
    """What became of it: to those who are not asked for the next step."""
    CONCERN_OVERDUE = "concern.overdue"
    """No response in time, or a step that waits for too long."""
    CONCERN_NOBODY = "concern.nobody"
    """To the QA team: an alert that nobody is there to be told of; an old Category 1 that came by file."""
    CONCERN_NOT_OF_CHILD = "concern.not_of_child"
    """To who was told of it as another child's, or another team's, than it turned out to be."""
    DELEGATION_MADE = "delegation.made"
    DELIVERY_FAILED = "delivery.failed"
    CARD_UPDATE = "card.update"
    WELCOME = "welcome"
    REPLY_LOST = "reply.lost"


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one person. `key` is unique for ever: putting the same notice twice keeps one."""

    kind: NoticeKind
    lane: Lane
    person_id: PersonId
    subject: str
    key: str


def audit_notice(
    kind: NoticeKind, audit: Audit, person_id: PersonId, lane: Lane = Lane.DECISION, about: str = ""
) -> Notice:
    """About one version of an audit: said once to a person, whatever is repeated. `about` sets two messages of one kind
    about one version apart."""
    key = f"{kind}|{audit.ref}|{audit.version}|{person_id}" + (f"|{about}" if about else "")
    return Notice(kind, lane, person_id, audit.ref, key)


_ACTIONS = " actions"


def actions_subject(audit_ref: str) -> str:
    """What the card of somebody's actions from an audit shows: another card than the audit's own."""
    return audit_ref + _ACTIONS


def actions_of(subject: str) -> str | None:
    """The audit, where the subject is the actions of one."""
    return subject.removesuffix(_ACTIONS) if subject.endswith(_ACTIONS) else None


def concern_notice(
    kind: NoticeKind, ref: str, about: str, person_id: PersonId, lane: Lane = Lane.DECISION
) -> Notice:
    """About a child of concern, once a person for each `about`: a version, the step of an alert, or a day."""
    return Notice(kind, lane, person_id, ref, f"{kind}|{ref}|{about}|{person_id}")


def reminder(subject: str, person_id: PersonId, day: date) -> Notice:
    """A person is chased once a day, however much waits for them: what is sent then shows it all."""
    kind = NoticeKind.EXEMPTION_CHASED
    return Notice(kind, Lane.DECISION, person_id, subject, f"{kind}|{day}|{person_id}")


def _notice(kind: NoticeKind, lane: Lane, person_id: PersonId, done: Done) -> Notice:
    exemption = done.exemption
    if kind is NoticeKind.EXEMPTION_CHASED:
        return reminder(exemption.ref, person_id, local_date(done.at))
    key = f"{kind}|{exemption.ref}|{exemption.version}|{person_id}"
    return Notice(kind, lane, person_id, exemption.ref, key)


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom the caller found: `approvers` are the one asked now and their deputies of today; `before` those who
    were asked until this step."""

    approvers: Sequence[PersonId] = ()
    before: Sequence[PersonId] = ()


_OUTCOMES = frozenset({State.APPROVED, State.DECLINED, State.LAPSED, State.WITHDRAWN})


def exemption_notices(done: Done, audience: Audience) -> list[Notice]:
    """The new messages that one step causes (cards already sent are updated beside this)."""
    kind, people = _told(done, audience)
    unique = dict.fromkeys(p for p in people if done.by is None or p != done.by.by_id)
    found = [_notice(kind, Lane.DECISION, person, done) for person in unique]
    if done.command is Command.ESCALATE:
        found += [
            _notice(NoticeKind.EXEMPTION_MOVED_UP, Lane.DECISION, person, done)
            for person in dict.fromkeys([*audience.before, done.exemption.requested_by_id])
            if person not in unique
        ]
    return found


def _told(done: Done, audience: Audience) -> tuple[NoticeKind, Iterable[PersonId]]:
    exemption = done.exemption
    parties = [exemption.requested_by_id, exemption.person_id]
    if done.command in (Command.LAPSE, Command.WITHDRAW):
        return NoticeKind.EXEMPTION_OUTCOME, [*parties, *audience.approvers]
    if done.after in _OUTCOMES:
        return NoticeKind.EXEMPTION_OUTCOME, parties
    if done.after is State.ASKED_BACK:
        asked_anew = done.command is Command.CHASE
        kind = NoticeKind.EXEMPTION_CHASED if asked_anew else NoticeKind.EXEMPTION_ASKED_BACK
        return kind, [] if done.command is Command.REASSIGN else [exemption.requested_by_id]
    if done.command is Command.CHASE:
        return NoticeKind.EXEMPTION_CHASED, audience.approvers
    return NoticeKind.EXEMPTION_TO_DECIDE, audience.approvers


def lost_reply(person_id: PersonId, key: str) -> Notice:
    """The answer to what somebody wrote did not get through; `key` names the turn."""
    kind = NoticeKind.REPLY_LOST
    return Notice(kind, Lane.REPLY, person_id, "", f"{kind}|{key}")


def stuck_notices(exemption_ref: str, approver_id: PersonId, qa_team: Iterable[PersonId]) -> list[Notice]:
    """Nobody is left who could take the step: the QA team is told, once for each approver who is gone."""
    kind = NoticeKind.EXEMPTION_STUCK
    return [
        Notice(kind, Lane.DECISION, person, exemption_ref, f"{kind}|{exemption_ref}|{approver_id}|{person}")
        for person in qa_team
    ]


def request_notices(
    exemption_ref: str, subject_person: PersonId, asker: PersonId, audience: Audience
) -> list[Notice]:
    """A new request: the approver and their deputies are asked; somebody asked for by another is told."""
    asked = [
        Notice(
            NoticeKind.EXEMPTION_TO_DECIDE,
            Lane.DECISION,
            person,
            exemption_ref,
            f"ask|{exemption_ref}|{person}",
        )
        for person in dict.fromkeys(audience.approvers)
    ]
    if subject_person == asker:
        return asked
    told = NoticeKind.EXEMPTION_STANDS
    return [*asked, Notice(told, Lane.DECISION, subject_person, exemption_ref, f"{told}|{exemption_ref}")]
