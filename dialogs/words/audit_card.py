"""What the card of one audit says: its state, its history and what is next, for each of its readers."""

from dialogs.neutral import one_line
from dialogs.words.audits import STANDING
from dialogs.words.dates import count, day, days_left, month
from dialogs.words.grades import GRADE, grade
from domain.audits import Audit, AuditState, Standing
from domain.concerns import Concern
from domain.cycle import Command, Party, moderated_to
from domain.kinds import Grade
from domain.participation import COMMENT, VIEWS
from domain.ports import AuditStep
from domain.requests import Request, Wish
from domain.templates import REFLECTION
from domain.views.audits import AuditView, Reader

STATE: dict[AuditState, str] = {
    AuditState.ISSUED: "To do",
    AuditState.FREED: "Needs another auditor",
    AuditState.RETURNED: "Returned",
    AuditState.SENT_BACK: "Sent back for rework",
    AuditState.RESUBMITTED: "Returned again after rework",
    AuditState.MODERATED: "Moderated; the third lock is next",
    AuditState.DISPUTED: "The grade is disputed",
    AuditState.LOCKED: "Grade confirmed (third lock)",
    AuditState.UPLOADED: "On the child's record",
}

DID: dict[str, str] = {
    "issue": "issued it",
    Command.FREE.value: "took it off its auditor",
    Command.GIVE.value: "gave it to another auditor",
    Command.CHANGE_CHILD.value: "changed the child",
    Command.AGREE_DATE.value: "agreed to another day",
    Command.RETURN.value: "returned it",
    Command.CORRECT.value: "corrected the return",
    Command.ASSIGN.value: "named the moderator",
    Command.MODERATE.value: "moderated it",
    Command.SEND_BACK.value: "sent it back for rework",
    Command.RESUBMIT.value: "returned it again",
    Command.DISPUTE.value: "disputed the grade",
    Command.LOCK.value: "confirmed the grade",
    Command.REOPEN.value: "reopened it",
    Command.UPLOAD.value: "ticked it as on the child's record",
    Command.UNTICK.value: "took back the tick",
}

ENGAGEMENT: dict[str, str] = {
    "social_worker": "Social worker took part",
    "manager": "Manager took part",
    "child": "Child's views",
    "parent": "Parent's or carer's views",
    "iro": "IRO or CP chair's views",
    "reflection_sheet": "Reflection sheet",
}

GIVEN: dict[str, str] = {
    **dict(zip(REFLECTION, ("Done well", "Challenges", "Tools used", "What differently"), strict=True)),
    VIEWS: "Views",
    COMMENT: "Comment on the result",
}

WISH: dict[Wish, str] = {Wish.SLIPPAGE: "More time", Wish.REALLOCATION: "A change"}

OTHER_READER: dict[Reader, str] = {
    Reader.TEAM: "You see this as somebody who answers for the child's team.",
    Reader.WORKER: "You see this as the child's social worker.",
}
"""Why somebody who does not work on the audit is shown it."""

NO_SOCIAL_WORKER = "No social worker is known"
NONE = "None this month, because"
ANOTHER_MODERATOR = "Its moderator cannot judge it any more; the QA team names another one."
TICK_FIRST = (
    "It is ticked as on the child's record. To reopen it, the tick comes off first: its auditor, the QA team or you "
    "take it back, with a reason."
)
NOTHING_WRITTEN = "Nothing is written on this return that can be shown here."
NOBODY_LOCKS = (
    "Nobody holds the role of head of quality, so nobody can confirm this grade. Please have the people file say who "
    "does; it then waits for them."
)


def title(audit: Audit, child: str, kind: str) -> str:
    """A-123 · child C10432"""
    ref = one_line(audit.ref, 40)
    return f"{ref} · child {child}" if child else f"{ref} · {kind}"


def state(view: AuditView) -> str:
    """The state in a word. Before the return it is how it stands against the deadline."""
    audit = view.audit
    if audit.state is AuditState.ISSUED:
        return _late(view) or STANDING[view.standing]
    if audit.state is AuditState.RETURNED:
        late = view.standing is Standing.RETURNED_LATE
        said = STANDING[Standing.RETURNED_LATE if late else Standing.RETURNED]
        return f"{said}; with a moderator" if audit.moderator_id else said
    return STATE[audit.state]


def _late(view: AuditView) -> str | None:
    """How long it still counts as late, and as what after that."""
    if view.standing is Standing.OVERDUE and view.books_close_on:
        closes = day(view.books_close_on)
        return f"Late: returned by {closes} it counts as late, after that as not returned (nil return)"
    if view.standing is Standing.NIL:
        return "Not returned before the month's books closed (nil return)"
    return None


WHY_GRADE = "Why this grade"
WHY_CATEGORY = "Why a child of concern"


def judged(counts: Grade, category: int | None) -> str:
    """ "Inadequate · child of concern, Category 1"."""
    return f"{GRADE[counts]} · child of concern, Category {category}" if category else GRADE[counts]


def due(view: AuditView) -> str:
    audit = view.audit
    said = day(audit.due_on)
    if audit.agreed_on:
        said += f"; agreed until {day(audit.agreed_on)}"
    if view.standing is Standing.DUE:
        left = "due today" if view.today == audit.due_on else days_left(view.working_days_left)
        said += f" ({left})"
    return said


def grades(audit: Audit) -> str | None:
    """Auditor's → moderator's → final, as far as there are any; one that was kept is said once."""
    if audit.grade is None:
        return None
    said = GRADE[audit.grade]
    if audit.moderated_grade:
        said += f" → {_moderated(audit.grade, audit.moderated_grade)}"
    if audit.final_grade and audit.final_grade is not audit.moderated_grade:
        said += f" → {GRADE[audit.final_grade]} (third lock)"
    return said


def _moderated(primary: Grade, moderated: Grade) -> str:
    to = moderated_to(primary, moderated)
    if to == "agreed":
        return "agreed at moderation"
    direction = f", {to}" if to in ("up", "down") else ""
    return f"{GRADE[moderated]} (moderated{direction})"


def concern(audit: Audit, record: Concern | None) -> str | None:
    """What the return said; with the record's reference, and its category where that is another by now."""
    if audit.concern_category is None:
        return None
    said = f"Category {audit.concern_category}"
    if record is None:
        return said
    moved = not record.state.open or record.category != audit.concern_category or record.unsure
    return f"{said} in the return; {record.ref} is {_now(record)}" if moved else f"{said}, {record.ref}"


def _now(record: Concern) -> str:
    if not record.state.open:
        return "off the tracker"
    return "not settled yet" if record.unsure else f"Category {record.category.value} now"


def standard(audit: Audit) -> str | None:
    if audit.meets_standard is None:
        return None
    return "Met" if audit.meets_standard else "Not met yet: returned, but not counted as to standard"


def step(step_: AuditStep, who: str) -> str:
    """ "Quinn Lister named the moderator"; where the person is not for this reader, what happened alone."""
    did = DID.get(step_.command, "did a step")
    return f"{who} {did}" if who else did[:1].upper() + did[1:]


def asked(request: Request) -> str:
    wanted = f" until {day(request.wanted_on)}" if request.wanted_on else ""
    return f"{WISH[request.wish]}{wanted} was asked for; the answer is awaited"


def next_step(view: AuditView) -> str | None:
    """What is next for the reader, or what it waits for."""
    if view.reader is Reader.WORKER:
        return None
    state = view.audit.state
    if state is AuditState.ISSUED:
        return _auditors_next(view) if Command.RETURN in view.commands else _with_whom(view)
    if state is AuditState.UPLOADED and Party.HEAD_OF_QUALITY in view.parties:
        return TICK_FIRST
    for command in view.commands:
        if (state, command) in _YOURS:
            return _YOURS[state, command]
    if state in (AuditState.RETURNED, AuditState.RESUBMITTED):
        if view.stuck:
            return ANOTHER_MODERATOR
        return "It is with a moderator." if view.audit.moderator_id else None
    if state is AuditState.MODERATED and Command.DISPUTE in view.commands and moved(view.audit):
        return "If you see the grade differently, say so before the head of quality confirms it."
    return _WAITS.get(state)


_JUDGE = "It is with you to moderate: read the return, then judge its grade and its standard."
_YOURS: dict[tuple[AuditState, Command], str] = {
    (
        AuditState.SENT_BACK,
        Command.RESUBMIT,
    ): "Rework the return as the reason below asks, then return it again. It stays returned meanwhile.",
    (AuditState.RETURNED, Command.MODERATE): _JUDGE,
    (AuditState.RESUBMITTED, Command.MODERATE): _JUDGE,
    (AuditState.MODERATED, Command.LOCK): "It waits for you to confirm the grade: the third lock.",
    (AuditState.DISPUTED, Command.LOCK): "The grade is disputed, and the third lock decides: it is with you.",
    (
        AuditState.LOCKED,
        Command.UPLOAD,
    ): "Put it on the child's record in the case system, then tick it here.",
}
_WAITS: dict[AuditState, str] = {
    AuditState.FREED: "It is with the QA team for another auditor.",
    AuditState.SENT_BACK: "The auditor is reworking the return. It counts as returned, and not yet as to standard.",
    AuditState.MODERATED: "It waits for the head of quality, who confirms the grade.",
    AuditState.DISPUTED: "It waits for the head of quality, who decides the grade.",
}


def _with_whom(view: AuditView) -> str | None:
    who = one_line(view.name(view.audit.auditor_id), 80)
    return f"{one_line(view.audit.ref, 40)} is with {who} now." if who else None


def _auditors_next(view: AuditView) -> str:
    if view.standing is Standing.NIL:
        return (
            f"The books of {month(view.audit.month)} are closed, so it counts as a nil return. "
            "It can still be returned: it is kept and used."
        )
    together = "Audit the file together with the child's social worker, then fill in the return step by step."
    return together if view.audit.child_ref else "Fill in the return step by step; it is kept as you go."


def moved(audit: Audit) -> bool:
    return audit.moderated_grade is not None and audit.moderated_grade is not audit.grade


def summary(view: AuditView, child: str) -> str:
    """The line of a notification."""
    of = f", child {child}" if child else ""
    graded = f" {grade(view.audit.counts)}." if view.audit.counts else ""
    return f"{one_line(view.audit.ref, 40)}{of}: {state(view)}.{graded}"


def more(number: int, one: str, many: str | None = None) -> str:
    return f"{count(number, one, many)} not shown here."


def own_part(view: AuditView) -> str:
    if view.audit.returned_on:
        return "Comment on the result"
    return "Change what I gave" if view.contributions else "Give my part"
