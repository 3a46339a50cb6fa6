"""What is said first on the audit's card after its reader's own step: that it is done, and who is told of it.

Made from the audit as it is, and not from the press: the platform replaces an answer for the presser only and not for
good, so the card is updated a moment later, and says the same again."""

from collections.abc import Callable

from dialogs.neutral import one_line
from dialogs.words import activities, concerns
from dialogs.words import participation as part_words
from dialogs.words import returns as return_words
from dialogs.words.audit_card import DID
from domain.audits import Standing
from domain.cycle import Command
from domain.kinds import Grade, Kind
from domain.participation import Contribution
from domain.ports import AuditStep
from domain.returns import none_because
from domain.views.audits import AuditView

NAME_SHOWN = 80


def done(view: AuditView) -> str | None:
    """None where the latest that happened to it was somebody else's."""
    step = view.steps[-1] if view.steps else None
    given = next((one for one in view.contributions if one.person_id == view.viewer.id), None)
    if given is not None and given.saved_at and (step is None or given.saved_at >= step.at):
        return _given(view, given)
    return _step(view, step) if step is not None and step.by_id == view.viewer.id else None


def _given(view: AuditView, given: Contribution) -> str:
    return part_words.saved(given.answers, one_line(view.name(view.audit.auditor_id), NAME_SHOWN))


def _step(view: AuditView, step: AuditStep) -> str | None:
    say = _SAID.get(step.command)
    if say is not None:
        return say(view)
    return f"Done: you {DID[step.command]}." if step.command in DID else None


def _returned(view: AuditView) -> str:
    if none_because(view.filled):
        return return_words.NONE_HANDED_IN
    done = return_words.handed_in(
        _late(view),
        inadequate=view.audit.grade is Grade.INADEQUATE and view.audit.team is not None,
        actions=bool(view.actions),
        child=view.audit.child_ref is not None,
    )
    return done + _concern(view)


def _concern(view: AuditView) -> str:
    return f" {concerns.by_return(view.concern)}" if view.concern is not None else ""


def _late(view: AuditView) -> str:
    returned, closes = view.audit.returned_on, view.books_close_on
    if view.standing is not Standing.RETURNED_LATE or returned is None:
        return ""
    return "nil" if closes is not None and returned > closes else "late"


def _corrected(view: AuditView) -> str:
    return return_words.CORRECTED + _concern(view)


def _resubmitted(view: AuditView) -> str:
    return return_words.RESUBMITTED_TO_NOBODY if view.stuck else return_words.RESUBMITTED


def _issued(view: AuditView) -> str | None:
    """To who gave it to somebody else; what one has logged for oneself is begun and not done."""
    audit, who = view.audit, one_line(view.name(view.audit.auditor_id), NAME_SHOWN)
    if not who or audit.auditor_id == view.viewer.id:
        return None
    return activities.assigned(audit, who) if audit.kind is Kind.REAUDIT else activities.asked(audit, who)


_SAID: dict[str, Callable[[AuditView], str | None]] = {
    "issue": _issued,
    Command.RETURN.value: _returned,
    Command.CORRECT.value: _corrected,
    Command.RESUBMIT.value: _resubmitted,
}
"""By the step's command; any other is said as the history says it."""
