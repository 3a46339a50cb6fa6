"""What people are told about moderation and the third lock: why, then the audit's own card."""

from collections.abc import Callable

from dialogs.cards import moderation_lists as lists
from dialogs.cards.audit import audit_card, shows_why
from dialogs.neutral import one_line
from dialogs.telling.base import Message, Sending, Told, Worded, message, told
from dialogs.words import moderation as say
from domain.audits import AuditState
from domain.cycle import Command
from domain.notices import NoticeKind
from domain.ports import AuditStep
from domain.usecases import audit_views, stuck_moderation
from domain.usecases.moderation_views import to_moderate
from domain.views.audits import AuditView

NOTE_SHOWN = 400


def last(view: AuditView, command: Command) -> AuditStep | None:
    return next((step for step in reversed(view.steps) if step.command == command.value), None)


def _by(view: AuditView, step: AuditStep) -> str:
    who, acting = one_line(view.name(step.by_id), 80), one_line(view.name(step.for_id), 80)
    return f"{who}, for {acting}," if who and acting else who


def _note(view: AuditView, step: AuditStep, command: Command) -> str:
    """Nothing where the card below says it: a reason is read once."""
    return "" if shows_why(view, command) else one_line(step.note, NOTE_SHOWN)


def assigned(view: AuditView) -> Told:
    lead = say.told_assigned(view.audit)
    return told(audit_card(view, lead), lead, notify=True)


def sent_back(view: AuditView, step: AuditStep) -> Told:
    lead = say.told_sent_back(view.audit, _by(view, step), step)
    return told(audit_card(view, lead), lead, notify=True)


def moderated(view: AuditView, step: AuditStep) -> Told:
    """An agreed grade asks for nothing; a changed one may be disputed."""
    lead = say.told_moderated(view.audit, _by(view, step), _note(view, step, Command.MODERATE))
    changed = view.audit.moderated_grade is not view.audit.grade
    return told(audit_card(view, lead), lead, notify=changed)


def resubmitted(view: AuditView, step: AuditStep) -> Told:
    lead = say.told_resubmitted(view.audit, _by(view, step))
    return told(audit_card(view, lead), lead, notify=True)


def disputed(view: AuditView, step: AuditStep) -> Told:
    lead = say.told_disputed(view.audit, _by(view, step), _note(view, step, Command.DISPUTE))
    return told(audit_card(view, lead), lead, notify=True)


def locked(view: AuditView, step: AuditStep) -> Told:
    lead = say.told_locked(view.audit, _by(view, step), _note(view, step, Command.LOCK))
    return told(audit_card(view, lead), lead, notify=view.audit.counts is not view.audit.grade)


def reopened(view: AuditView, step: AuditStep) -> Told:
    lead = say.told_reopened(view.audit, _by(view, step), _note(view, step, Command.REOPEN))
    return told(audit_card(view, lead), lead, notify=True)


def unticked(view: AuditView, step: AuditStep) -> Told:
    lead = say.told_unticked(view.audit, _by(view, step), one_line(step.note, NOTE_SHOWN))
    return told(audit_card(view, lead), lead, notify=True)


_Teller = Callable[[AuditView, AuditStep], Told]
_TOLD: dict[NoticeKind, tuple[Command, _Teller, frozenset[AuditState] | None]] = {
    NoticeKind.AUDIT_SENT_BACK: (Command.SEND_BACK, sent_back, frozenset({AuditState.SENT_BACK})),
    NoticeKind.AUDIT_MODERATED: (Command.MODERATE, moderated, None),
    NoticeKind.AUDIT_RESUBMITTED: (Command.RESUBMIT, resubmitted, frozenset({AuditState.RESUBMITTED})),
    NoticeKind.AUDIT_DISPUTED: (Command.DISPUTE, disputed, frozenset({AuditState.DISPUTED})),
    NoticeKind.AUDIT_LOCKED: (Command.LOCK, locked, None),
    NoticeKind.AUDIT_REOPENED: (Command.REOPEN, reopened, None),
    NoticeKind.AUDIT_UNTICKED: (
        Command.UNTICK,
        unticked,
        frozenset({AuditState.LOCKED, AuditState.RETURNED}),
    ),
}
"""By the step that is told of, and the states in which there still is something to say (None: any)."""


async def _step(sending: Sending) -> Message | None:
    command, teller, states = _TOLD[sending.kind]
    view = await audit_views.view(sending.store, sending.policy, sending.reader, sending.subject, sending.now)
    step = last(view, command)
    if step is None or (states is not None and view.audit.state not in states):
        return None
    return message(teller(view, step), view.audit.version)


def stuck(view: AuditView) -> Told:
    lead = say.told_stuck(view.audit, one_line(view.name(view.audit.moderator_id), 80))
    return told(audit_card(view, lead), lead, notify=True)


async def _stuck(sending: Sending) -> Message | None:
    """Nothing where somebody else was named meanwhile, or it is judged."""
    view = await audit_views.view(sending.store, sending.policy, sending.reader, sending.subject, sending.now)
    async with sending.store.reading() as uow:
        still = await stuck_moderation.stuck(uow, [view.audit], view.today)
    return message(stuck(view), view.audit.version) if still else None


async def _assigned(sending: Sending) -> Message | None:
    """One audit as its own card; several as the list. Nothing where it went to somebody else meanwhile."""
    waiting = await to_moderate(sending.store, sending.reader, sending.now)
    if not waiting.total:
        return None
    if waiting.total > 1 or waiting.lines[0].ref != sending.subject:
        lead = say.told_assigned_several(waiting.total)
        return message(told(lists.mine(waiting, lead), lead, notify=True))
    view = await audit_views.view(sending.store, sending.policy, sending.reader, sending.subject, sending.now)
    return message(assigned(view), view.audit.version)


WORDED: dict[NoticeKind, Worded] = {
    NoticeKind.MODERATION_ASSIGNED: _assigned,
    NoticeKind.MODERATION_STUCK: _stuck,
    **dict.fromkeys(_TOLD, _step),
}
