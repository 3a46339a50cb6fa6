"""The one card of an audit, for each of its readers: what waits, what is known, and the return folded below."""

import json
from collections.abc import Callable, Mapping
from typing import Literal

from microsoft_teams.cards import core as ac

from dialogs import payloads, words
from dialogs.cards import parts
from dialogs.cards.audit_content import folds
from dialogs.cards.parts import CardJson, Colour, Rendered
from dialogs.neutral import one_line
from dialogs.payloads.base import Payload
from dialogs.payloads.concerns import ConcernShow
from dialogs.payloads.cycle import AuditShow
from dialogs.payloads.issuing import ChangeChildForm
from dialogs.payloads.moderation import (
    DisputeForm,
    Lock,
    LockForm,
    ModerationOpen,
    ReassignForm,
    ReopenForm,
    UntickForm,
    Upload,
)
from dialogs.payloads.participation import ContributionForm
from dialogs.payloads.requests import ReallocationForm, RequestShow, SlippageForm, TakeOffForm
from dialogs.payloads.returns import ReturnOpen
from dialogs.words import audit_card as say
from dialogs.words import first_audit as first_words
from dialogs.words.moderation import rework
from dialogs.words.requests import TAKE_OFF_TITLE
from domain.audits import AuditState, Standing
from domain.concerns import Concern
from domain.cycle import Command, Party
from domain.kinds import Grade
from domain.people import PersonId
from domain.requests import Wish
from domain.returns import none_because
from domain.templates import CONCERN_GROUNDS, RATIONALE
from domain.views.audits import AuditView

BUDGET = 27 * 1024
"""Of the card as it is sent with every character escaped; the rest of the 28 KB is for the envelope."""
CUTS = (600, 240, 100, 40)
"""Characters shown of each text: as many as the card has room for."""
ACTIONS_MOST = 6

_STATE_COLOUR: dict[AuditState, Colour] = {
    AuditState.ISSUED: "Default",
    AuditState.FREED: "Warning",
    AuditState.RETURNED: "Good",
    AuditState.SENT_BACK: "Warning",
    AuditState.RESUBMITTED: "Good",
    AuditState.MODERATED: "Good",
    AuditState.DISPUTED: "Warning",
    AuditState.LOCKED: "Good",
    AuditState.UPLOADED: "Good",
}
_STANDING_COLOUR: dict[Standing, Colour] = {
    Standing.OVERDUE: "Attention",
    Standing.NIL: "Attention",
    Standing.RETURNED_LATE: "Warning",
}


def audit_card(view: AuditView, lead: str | None = None) -> Rendered:
    """`lead` says why it comes, or that the press came from an older card. Texts are cut to what there is room for;
    all of a return can be read through the button in its folds."""
    made = fitting(lambda longest: _card(view, lead, longest))
    return Rendered(made, say.summary(view, child_of(view)))


def fitting(make: Callable[[int], CardJson]) -> CardJson:
    """The card with as much of each text as there is room for."""
    made: CardJson = {}
    for longest in CUTS:
        made = make(longest)
        if len(json.dumps(made)) <= BUDGET:
            break
    return made


def child_of(view: AuditView) -> str:
    return one_line(view.audit.child_ref, 40) if view.audit.child_ref else ""


def _card(view: AuditView, lead: str | None, longest: int) -> CardJson:
    next_step = say.next_step(view)
    asks = [say.asked(request) for request in view.requests if request.open]
    body: list[ac.CardElement | None] = [
        parts.heading(say.title(view.audit, child_of(view), one_line(view.labels.kind, 80))),
        parts.lead(lead),
        *_judged(view, longest),
        parts.state(say.state(view), _colour(view)),
        parts.state(say.NOBODY_LOCKS, "Attention") if view.nobody_locks else None,
        parts.say(next_step) if next_step else None,
        *parts.quoted(say.NONE, none_because(view.filled), longest),
        *_why(view, longest),
        *(parts.state(f"{said}.", "Warning") for said in asks),
        _of_first(view),
        parts.facts(_facts(view)),
        *folds(view, longest),
        parts.say(say.OTHER_READER[view.reader], subtle=True) if view.reader in say.OTHER_READER else None,
    ]
    return parts.card(body, _actions(view))


def _of_first(view: AuditView) -> ac.CardElement | None:
    """How far the actions of the first audit are, as long as the re-audit is to be done."""
    said = first_words.open_actions(view.first_actions)
    if said is None or view.audit.returned_on is not None:
        return None
    done = all(action.done_on for action in view.first_actions)
    return parts.state(said, "Good" if done else "Warning")


_GRADE_COLOUR: dict[Grade, Colour] = {
    Grade.INADEQUATE: "Attention",
    Grade.REQUIRES_IMPROVEMENT: "Warning",
    Grade.GOOD: "Good",
    Grade.OUTSTANDING: "Good",
}


def _graded(view: AuditView) -> bool:
    return view.audit.returned_on is not None and view.audit.counts in _GRADE_COLOUR


def _judged(view: AuditView, longest: int) -> list[ac.CardElement]:
    """What was found comes before how far it has come: the grade, the category, and of what is worst why. Of a return
    that was sent back, what is to be done comes first."""
    audit = view.audit
    if audit.counts is None or not _graded(view) or audit.state is AuditState.SENT_BACK:
        return []
    category = audit.concern_category
    said = say.judged(audit.counts, category)
    found: list[ac.CardElement] = [
        parts.state(said, "Attention" if category else _GRADE_COLOUR[audit.counts])
    ]
    answers: Mapping[str, str] = view.filled.answers if view.filled else {}
    if audit.grade is Grade.INADEQUATE:
        found += parts.quoted(say.WHY_GRADE, answers.get(RATIONALE, ""), longest)
    if category:
        found += parts.quoted(say.WHY_CATEGORY, answers.get(CONCERN_GROUNDS, ""), longest)
    return found


def _colour(view: AuditView) -> Colour:
    """Green is for what is good, and not for what came on time while its grade is another."""
    if _graded(view) and _STATE_COLOUR[view.audit.state] == "Good" and view.standing not in _STANDING_COLOUR:
        return "Default"
    before = view.audit.state in (AuditState.ISSUED, AuditState.RETURNED)
    standing = _STANDING_COLOUR.get(view.standing) if before else None
    return standing or _STATE_COLOUR[view.audit.state]


_WHY: dict[AuditState, tuple[tuple[Command, str], ...]] = {
    AuditState.SENT_BACK: ((Command.SEND_BACK, "Why it was sent back"),),
    AuditState.MODERATED: ((Command.MODERATE, "Why the grade was changed"),),
    AuditState.DISPUTED: (
        (Command.MODERATE, "Why the grade was changed"),
        (Command.DISPUTE, "Why it is disputed"),
    ),
    AuditState.LOCKED: ((Command.LOCK, "Why this is the final grade"),),
}


def shows_why(view: AuditView, command: Command) -> bool:
    """Whether the card has the reason of that step in the open, so that no lead need say it as well."""
    return any(command is one for one, _ in _WHY.get(view.audit.state, ()))


def _why(view: AuditView, longest: int) -> list[ac.CardElement]:
    """In the open, and not in a fold: what somebody has to do, or would disagree with."""
    found: list[ac.CardElement] = []
    for command, label in _WHY.get(view.audit.state, ()):
        steps = [step for step in view.steps if step.command == command.value]
        if steps and steps[-1].note:
            missing = rework(steps[-1])
            title = f"{label} ({missing})" if missing else label
            found += parts.quoted(title, steps[-1].note, max(longest, 240))
    return found


def name(view: AuditView, person_id: PersonId | None) -> str:
    return one_line(view.name(person_id), parts.NAME_LONGEST)


def _facts(view: AuditView) -> list[tuple[str, str | None]]:
    audit = view.audit
    returned = words.day(audit.returned_on) if audit.returned_on else None
    return [
        ("Kind", one_line(view.labels.kind, 80)),
        ("Theme", one_line(audit.theme, 120) if audit.theme else None),
        ("Month", words.month(audit.month)),
        ("Team", one_line(audit.team.name, 60) if audit.team else None),
        ("Legal status", one_line(view.labels.legal_status, 80) or None),
        ("Auditor", _you(view, audit.auditor_id)),
        ("Social worker", _worker(view)),
        ("Moderator", _you(view, audit.moderator_id)),
        ("About", _you(view, audit.about_id)),
        ("Which time", first_words.which(audit)),
        ("Re-audit of", first_words.graded(audit, view.first)),
        ("Due", None if returned else say.due(view)),
        ("Returned", returned),
        ("Grade", None if none_because(view.filled) else say.grades(audit)),
        ("Standard", say.standard(audit)),
        ("Child of concern", say.concern(audit, view.concern)),
        ("Re-audited in", words.short_list([one_line(r.ref, 40) for r in view.reaudits[:5]]) or None),
        ("On the record", words.day(audit.uploaded_on) if audit.uploaded_on else None),
    ]


def _worker(view: AuditView) -> str | None:
    """Whom the auditor does the audit together with; said as long as it is to be done."""
    if view.child is None or view.audit.returned_on is not None:
        return None
    person = view.people.get(view.child.social_worker_id or 0)
    known = person is not None and person.active_on(view.today)
    return _you(view, view.child.social_worker_id) if known else say.NO_SOCIAL_WORKER


def _you(view: AuditView, person_id: PersonId | None) -> str | None:
    return "You" if person_id == view.viewer.id else name(view, person_id) or None


# buttons


def _actions(view: AuditView) -> list[ac.Action]:
    """What is the reader's to do comes first; what is left over beyond six can be done from the lists. The tick of the
    record comes first only once the grade is confirmed: before, it is the least that is asked of anybody. What takes it
    off its auditor comes after what can be done with it."""
    early = Command.UPLOAD if view.audit.state is not AuditState.LOCKED else None
    wanted = sorted(view.commands, key=lambda command: command is Command.FREE)
    found = [action for command in wanted if command is not early for action in _button(view, command)]
    found += _asked(view)
    found += [_wish(view, wish) for wish in view.wishes]
    if view.takes_part:
        opens = ContributionForm(ref=view.audit.ref, comment=view.audit.returned_on is not None)
        found.append(parts.button(say.own_part(view), opens.press()))
    if view.concern is not None:
        found.insert(min(1, len(found)), _concern(view.concern))
    if early in view.commands:
        found = [*found[: ACTIONS_MOST - 1], _upload(view)]
    if Party.AUDITOR in view.parties:
        found.append(parts.button("My audits", payloads.MyAudit(month=view.audit.month).press()))
    elif len(found) < ACTIONS_MOST:
        found.append(parts.button("Show it as it is now", AuditShow(ref=view.audit.ref).press()))
    return found[:ACTIONS_MOST]


def _concern(concern: Concern) -> ac.Action:
    return parts.button(f"Open {concern.ref}", ConcernShow(ref=concern.ref).press())


def _asked(view: AuditView) -> list[ac.Action]:
    """To what was asked about it and not answered: for who asked, and for who can answer."""
    waits = [request for request in view.requests if request.open]
    own = Party.AUDITOR in view.parties
    if not waits or not (own or Command.AGREE_DATE in view.commands):
        return []
    title = "My request" if own else "Answer the request"
    return [parts.button(title, RequestShow(ref=waits[0].ref).press())]


def _wish(view: AuditView, wish: Wish) -> ac.Action:
    ref = view.audit.ref
    if wish is Wish.SLIPPAGE:
        return parts.button("Ask for more time", SlippageForm(ref=ref).press())
    return parts.button("Ask for a change", ReallocationForm(ref=ref).press())


def _button(view: AuditView, command: Command) -> list[ac.Action]:
    if command is Command.LOCK:
        return _lock(view)
    make = _BUTTONS.get(command)
    return [make(view)] if make else []


def _return(view: AuditView) -> ac.Action:
    title = "Go on with the return" if view.filled else "Fill in the return"
    return parts.button(title, ReturnOpen(ref=view.audit.ref).press(), style="positive")


def _moderator(view: AuditView) -> ac.Action:
    title = "Another moderator" if view.audit.moderator_id else "Name a moderator"
    return parts.button(title, ReassignForm(ref=view.audit.ref).press())


def _lock(view: AuditView) -> list[ac.Action]:
    ref = view.audit.ref
    if view.audit.state is AuditState.DISPUTED:
        return [parts.button("Decide the grade", LockForm(ref=ref).press(), style="positive")]
    lock = Lock(ref=ref, version=view.audit.version).press()
    return [
        parts.button("Confirm the grade", lock, style="positive"),
        parts.button("Another grade", LockForm(ref=ref).press()),
    ]


def _upload(view: AuditView) -> ac.Action:
    confirmed = view.audit.state is AuditState.LOCKED
    tick = Upload(ref=view.audit.ref, version=view.audit.version, sure=confirmed)
    return parts.button("It is on the child's record", tick.press())


def _to(
    title: str, opener: Callable[[str], Payload], style: Literal["positive"] | None = None
) -> Callable[[AuditView], ac.Action]:
    """A button that opens a form of its own: the inputs of two forms on one card could have one name."""
    return lambda view: parts.button(title, opener(view.audit.ref).press(), style=style)


_BUTTONS: dict[Command, Callable[[AuditView], ac.Action]] = {
    Command.RETURN: _return,
    Command.RESUBMIT: _to("Rework the return", lambda ref: ReturnOpen(ref=ref), "positive"),
    Command.CORRECT: _to("Correct the return", lambda ref: ReturnOpen(ref=ref)),
    Command.MODERATE: _to("Moderate", lambda ref: ModerationOpen(ref=ref), "positive"),
    Command.ASSIGN: _moderator,
    Command.DISPUTE: _to("Dispute the grade", lambda ref: DisputeForm(ref=ref)),
    Command.REOPEN: _to("Reopen", lambda ref: ReopenForm(ref=ref)),
    Command.UPLOAD: _upload,
    Command.UNTICK: _to("Take back the tick", lambda ref: UntickForm(ref=ref)),
    Command.GIVE: _to("Give it to an auditor", lambda ref: payloads.FreedShow(ref=ref), "positive"),
    Command.CHANGE_CHILD: _to("Another child", lambda ref: ChangeChildForm(ref=ref)),
    Command.FREE: _to(TAKE_OFF_TITLE, lambda ref: TakeOffForm(ref=ref)),
}
"""SEND_BACK is on the form of MODERATE; AGREE_DATE answers a request, and stands on its card."""
