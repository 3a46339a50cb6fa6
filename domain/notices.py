"""Who is told what: messages as types and references, never as text. They are worded from fresh state when sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.exemptions import Command, Done, State
from domain.people import PersonId
from domain.ports import Lane


class NoticeKind(StrEnum):
    """What a message is about; `dialogs/notices.py` has a renderer for each."""

    EXEMPTION_TO_DECIDE = "exemption.to_decide"
    EXEMPTION_CHASED = "exemption.chased"
    EXEMPTION_ASKED_BACK = "exemption.asked_back"
    EXEMPTION_OUTCOME = "exemption.outcome"
    EXEMPTION_MOVED_UP = "exemption.moved_up"
    EXEMPTION_STANDS = "exemption.stands"
    AUDIT_FREED = "audit.freed"
    AUDIT_GIVEN = "audit.given"
    DELEGATION_MADE = "delegation.made"
    DELIVERY_FAILED = "delivery.failed"
    CARD_UPDATE = "card.update"
    WELCOME = "welcome"


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one person. `key` is unique for ever: putting the same notice twice keeps one."""

    kind: NoticeKind
    lane: Lane
    person_id: PersonId
    subject: str
    key: str


def _notice(kind: NoticeKind, lane: Lane, person_id: PersonId, done: Done) -> Notice:
    exemption = done.exemption
    key = f"{kind}|{exemption.ref}|{exemption.version}|{person_id}"
    return Notice(kind, lane, person_id, exemption.ref, key)


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom the caller found: `approvers` are the one asked now and their deputies of today; `before` those who
    were asked until this step; `qa_team` is filled where a child was freed or nobody can be found."""

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
    if done.command is Command.WITHDRAW:
        return NoticeKind.EXEMPTION_OUTCOME, parties
    if done.command is Command.LAPSE:
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
