"""What is said about moderation, the third lock and the child's record."""

from dialogs.neutral import one_line
from dialogs.words.audits import KIND
from dialogs.words.dates import count, day, month, short_list
from dialogs.words.grades import GRADE, grade
from domain.audits import Audit, AuditState
from domain.calendar import Month
from domain.cycle import Party, moderated_to
from domain.kinds import Grade, Kind
from domain.moderation import Rule, Unmet
from domain.ports import AuditStep
from domain.rework import labels
from domain.views.audits import AuditView, Reader
from domain.views.moderation import AuditLines, Desk, Rework, SampleView, Work

REWORK: dict[Rework, str] = {
    Rework.RATIONALE: "The rationale is missing",
    Rework.EVIDENCE: "The evidence is missing",
    Rework.ACTIONS: "The actions need work",
    Rework.GRAMMAR: "Grammar and spelling",
    Rework.FORMAT: "Format",
    Rework.OTHER: "Something else",
}

JUDGE = (
    "Read the return below. If its grade holds and it meets the standard, agree. If the grade is another, change it "
    "and say why. If the return is not good enough to be judged, send it back and say what to do."
)
STANDARD = "Agreeing with the grade or changing it says that the return meets the standard."
NOTHING_TO_MODERATE = (
    "You have nothing to moderate. When you are named as the moderator of an audit, you get a card here."
)
NOTHING_TO_LOCK = "No audit waits for the third lock."
NOTHING_TO_UPLOAD = "Nothing waits to be ticked as on the child's record."
NOBODY_LOCKS = (
    "Nobody holds the role of head of quality, so nobody can confirm these grades. Please have the people file say who "
    "does."
)
NO_MODERATORS = (
    "Nobody moderates in this month. Say in the pool who does, or add moderators to the people file."
)
TO_UPLOAD = "Put each one on the child's record in the case system, then tick it here."
NOTHING_LEFT = "Nothing of it is left: somebody else was quicker."
READ_BACK = "These are confirmed as they were moderated. Each auditor and moderator is told."
READ_BACK_UPLOAD = "Each of these is ticked as on the child's record. Tick only what is there."
TITLE, DISPUTE_TITLE, UPLOAD_TITLE = "Moderation", "A grade that you disagree with", "On the child's record"
NONE_HERE = "There is none now. When there is something for you to do here, you get a card."
NONE_FITS = (
    "No audit that waits for this fits what you wrote. Check the reference, or leave it out to see the list."
)
WHICH = "More than one audit fits. Which one do you mean?"
NOBODY_ELSE = (
    "Nobody else can moderate this audit: every other moderator of the month is its auditor or of the child's team. "
    "Say in the pool who else moderates, then open this again."
)
WHO_CAN = (
    "Shown are the month's moderators who may have it, those with the fewest audits first: not its auditor, and nobody "
    "of the child's team. The one you choose is told at once."
)
DONE_AND_GONE = "Done. The audit is with somebody else now, and nothing more is needed from you."
NOT_TO_JUDGE = "It is not with you to be judged now; this is how it stands."
NOT_NOW = "That cannot be done with it now; this is how it stands."


NOT_MODERATED_YET = (
    "There is no moderated grade yet. When a moderator has judged it, the grade can be disputed until the head of "
    "quality confirms it."
)
CONFIRMED_ALREADY = (
    "Its grade has been confirmed, so it can no longer be disputed. Only the head of quality can reopen it."
)
DISPUTED_ALREADY = "Its grade is disputed already, and waits for the head of quality."
NOT_YET_TO_TICK = (
    "It can be ticked when the head of quality has confirmed it, or when the month's sample for moderation is drawn "
    "and has left it out."
)
TICK_UNMODERATED = (
    "Nobody has moderated this return: the month's sample left it out. Once it is ticked it can no longer be taken "
    "into the sample. Is it on the child's record, as it is?"
)
TICK_YES = "Yes, it is on the child's record"
STUCK_TITLE = "Audits that need another moderator"
TICKED_ALREADY = "It is ticked as on the child's record already."
NO_RECORD = "It is about no child, so there is no child's record to put it on."
NOT_THEIRS_TO_TICK = "It is ticked by its auditor or the QA team."


def not_to_dispute(view: AuditView) -> str:
    """Why not now; the child's social worker is told nothing of moderation."""
    if view.reader is Reader.WORKER:
        return NOT_NOW
    state = view.audit.state
    if state in (AuditState.LOCKED, AuditState.UPLOADED):
        return CONFIRMED_ALREADY if view.audit.locked_on else NOT_NOW
    if state is AuditState.DISPUTED:
        return DISPUTED_ALREADY
    return NOT_NOW if state is AuditState.MODERATED else NOT_MODERATED_YET


def not_to_tick(view: AuditView) -> str:
    """Why it cannot be ticked by this reader now, and when it can."""
    if Party.FILER not in view.parties:
        return NOT_THEIRS_TO_TICK
    if view.audit.child_ref is None:
        return NO_RECORD
    return TICKED_ALREADY if view.audit.state is AuditState.UPLOADED else NOT_YET_TO_TICK


def moderate_title(audit: Audit, child: str) -> str:
    ref = one_line(audit.ref, 40)
    return f"Moderate {ref} · child {child}" if child else f"Moderate {ref}"


def agree(audit: Audit) -> str:
    return f"Agree: {GRADE[audit.grade]}" if audit.grade else "Agree"


def sample_title(view: SampleView) -> str:
    return f"Moderation sample for {month(view.wish.month)}"


def sample_kind(view: SampleView) -> str:
    kind = view.labels.get(view.wish.kind, "")
    return one_line(kind, 80)


def sample_stands(view: SampleView) -> str:
    """How many there are, should be and would be, each with what it is a share of."""
    returned = sum(view.returned.values())
    if not returned:
        return "No graded return has come in yet, so there is nothing to moderate."
    have = count(view.sampled, "has", "have")
    so_far = f"{count(returned, 'return')} so far; {have} a moderator already."
    if view.wish.grades:
        grades = short_list([GRADE[g] for g in view.wish.grades])
        return f"{so_far} Of those graded {grades}, {_new(len(view.assigned))}"
    if view.stuck:
        whom = count(view.stuck, "has a moderator who", "have moderators who")
        so_far += f" {whom} cannot judge any more: another one is drawn."
    share = f"The policy asks for {view.share_percent} % of them: {view.wanted:,} of {returned:,}."
    if view.wanted > -(-returned * view.share_percent // 100):
        share = f"The policy asks for {view.wanted:,} of {returned:,}."
    new = _new(len(view.assigned))
    return f"{so_far} {share} {new[:1].upper()}{new[1:]}"


def _new(number: int) -> str:
    return f"{number:,} would be new." if number else "none would be new."


def sample_grades(view: SampleView) -> list[tuple[str, str]]:
    """ "Good: 12 returned, 3 moderated already, 4 new in the sample"."""
    return [(GRADE[g], _of_grade(view, g)) for g in Grade if view.returned.get(g)]


def _of_grade(view: SampleView, g: Grade) -> str:
    done, new = view.moderated.get(g, 0), view.chosen.get(g, 0)
    return (
        f"{view.returned[g]:,} returned, {f'{done:,}' if done else 'none'} moderated already, "
        f"{f'{new:,}' if new else 'none'} new in the sample"
    )


def desk(it: Desk) -> str:
    has = f"Has {it.load:,} of this month" if it.load else "Has none of this month"
    return f"{has}, would get {it.new:,} more" if it.new else has


def left_out(view: SampleView) -> str:
    """What confirming it lets go, beside those that it names."""
    if not view.left_out:
        return ""
    if not view.left_out_new:
        return f"{_left_out(view.left_out)} left out, and may be put on the child's record as {_they(view.left_out)}."
    new, before = view.left_out_new, view.left_out - view.left_out_new
    leaves = f"Confirming it leaves {count(new, 'return')} out"
    said = f"{leaves}: {_may(new)} then be put on the child's record unmoderated."
    return f"{said} {_left_out(before)} left out before." if before else said


def _left_out(number: int) -> str:
    return f"{count(number, 'return was', 'returns were')}"


def _they(number: int) -> str:
    return "it is" if number == 1 else "they are"


def _may(number: int) -> str:
    return "it may" if number == 1 else "they may"


def leave_out(view: SampleView) -> str:
    return f"Leave {count(view.left_out_new, 'return')} out"


def confirmed_sample(named: int, kept: int) -> str:
    if not named:
        return f"The sample is confirmed: {count(kept, 'return is', 'returns are')} left out of it."
    return assigned(named)


def unmet(it: Unmet) -> str:
    facts = it.facts
    if it.rule is Rule.NO_MODERATORS:
        return NO_MODERATORS
    if it.rule is Rule.NOBODY_MAY:
        ref = one_line(facts["audit"], 40)
        return f"Nobody may moderate {ref}: every moderator is its auditor or of the child's team."
    return f"Fewer are moderated than the policy asks for: {facts['got']} of {facts['wanted']}."


def assigned(number: int) -> str:
    return f"{count(number, 'audit has', 'audits have')} a moderator now, and each moderator was told."


def mine_title(view: AuditLines) -> str:
    return f"You have {count(view.total, 'audit')} to moderate" if view.total else "Your moderation"


def to_lock_title(view: AuditLines) -> str:
    of = f" of {month(view.month)}" if view.month else ""
    return f"Third lock: {count(view.total, 'audit')}{of}" if view.total else f"Third lock{of}"


def to_upload_title(view: AuditLines) -> str:
    of = f" of {month(view.month)}" if view.month else ""
    return f"For the child's record: {count(view.total, 'audit')}{of}"


def line(audit: Audit, auditor: str) -> str:
    """ "A-12 · Re-audit · child C10432 · Northgate · Good → Inadequate · Tom Bailey"; the kind where it is no monthly
    audit. Names are neutral already."""
    kind = "" if audit.kind is Kind.CORE else KIND[audit.kind]
    child = f"child {one_line(audit.child_ref, 40)}" if audit.child_ref else ""
    team = one_line(audit.team.name, 40) if audit.team else ""
    found = [one_line(audit.ref, 40), kind, child, team, grades(audit), auditor]
    return " · ".join(part for part in found if part)


def grades(audit: Audit) -> str:
    final = audit.counts
    if final is None:
        return ""
    return GRADE[final] if final is audit.grade else f"{grade(audit.grade)} → {GRADE[final]}"


def when(audit: Audit) -> str:
    returned = f"Returned on {day(audit.returned_on)}" if audit.returned_on else ""
    moderated = f", moderated on {day(audit.moderated_on)}" if audit.moderated_on else ""
    return f"{returned}{moderated}"


def confirmed(number: int) -> str:
    return f"{count(number, 'grade is', 'grades are')} confirmed. Auditors and moderators are told."


def waits_for_sample(number: int) -> str:
    """Under the list of what is to tick."""
    waits = count(number, "other return waits", "other returns wait")
    return f"{waits} for the month's moderation sample, and cannot be ticked before it is drawn."


def unmoderated(number: int) -> str:
    """Read back before several are ticked."""
    which = "1 of them was" if number == 1 else f"{number:,} of them were"
    return f"{which} not moderated: the month's sample left {'it' if number == 1 else 'them'} out."


def needs_moderator(audit: Audit) -> str:
    return f"{one_line(audit.ref, 40)} waits for a moderator who cannot judge it any more."


def told_stuck(audit: Audit, moderator: str) -> str:
    ref, who = one_line(audit.ref, 40), moderator or "its moderator"
    return (
        f"Because {who} cannot moderate {ref} any more, it waits for nobody. They have left, are no moderator now, or "
        "the child is of their own team. Please name another moderator."
    )


def told_unticked(audit: Audit, by: str, note: str) -> str:
    who, ref = by or "somebody of the QA team", one_line(audit.ref, 40)
    return f"Because {who} took it back, {ref} is no longer ticked as on the child's record.{_reason(note)}"


def ticked(number: int) -> str:
    return f"{count(number, 'audit is', 'audits are')} ticked as on the child's record."


def of_month(month_: Month | None) -> str:
    return month(month_) if month_ else "All months"


# what people are told


def told_assigned(audit: Audit) -> str:
    return f"Because you were named as the moderator of {one_line(audit.ref, 40)}, it is with you to judge."


def told_assigned_several(number: int) -> str:
    return (
        f"Because you were named as a moderator, {count(number, 'audit is', 'audits are')} with you to judge."
    )


def rework(step: AuditStep) -> str:
    codes = [code for code in step.facts.get("rework", "").split(",") if code in set(Rework)]
    return short_list([REWORK[Rework(code)].lower() for code in codes])


def reworked(view: AuditView, step: AuditStep) -> str:
    """What the auditor has changed since it was sent back; "" of a rework of before that was noted."""
    codes = step.facts.get("reworked", "").split(",")
    if codes == ["nothing"]:
        return "Nothing was changed."
    found = labels(view.filled, codes, view.labels.areas) if view.filled else []
    return f"Changed: {'; '.join(one_line(label, 160) for label in found)}" if found else ""


def _quote(note: str) -> str:
    """With a full stop where the words bring none of their own."""
    return f"“{note}”" if note[-1:] in (".", "!", "?", "…") else f"“{note}”."


def _reason(note: str) -> str:
    return f" The reason: {_quote(note)}" if note else ""


def told_sent_back(audit: Audit, by: str, step: AuditStep) -> str:
    why = f" ({rework(step)})" if rework(step) else ""
    return (
        f"Because {by or 'its moderator'} sent {one_line(audit.ref, 40)} back for rework{why}, it is with you again. "
        "What to do stands below. It stays returned meanwhile."
    )


def told_moderated(audit: Audit, by: str, note: str) -> str:
    ref, who = one_line(audit.ref, 40), by or "its moderator"
    if audit.moderated_grade is None or moderated_to(audit.grade, audit.moderated_grade) == "agreed":
        return f"Because {who} moderated {ref}, its grade is agreed: {grade(audit.counts)}."
    changed = f"from {grade(audit.grade)} to {grade(audit.moderated_grade)}"
    return (
        f"Because {who} moderated {ref}, its grade was changed {changed}.{_reason(note)} "
        "If you see it differently, you can dispute the grade until the head of quality confirms it."
    )


def told_resubmitted(audit: Audit, by: str) -> str:
    ref = one_line(audit.ref, 40)
    return f"Because {by or 'its auditor'} returned {ref} again after rework, it is with you to judge anew."


def told_disputed(audit: Audit, by: str, note: str) -> str:
    ref = one_line(audit.ref, 40)
    who = by or "somebody concerned"
    return f"Because {who} disputes the grade of {ref}, the third lock decides it.{_reason(note)}"


def told_locked(audit: Audit, by: str, note: str) -> str:
    who, ref = by or "the head of quality", one_line(audit.ref, 40)
    return f"Because {who} confirmed the grade of {ref}, it is final: {grade(audit.counts)}.{_reason(note)}"


def told_reopened(audit: Audit, by: str, note: str) -> str:
    who = by or "the head of quality"
    return f"Because {who} reopened {one_line(audit.ref, 40)}, it is to be moderated again.{_reason(note)}"


def to_rework(audit: Audit) -> str:
    child = f", child {one_line(audit.child_ref, 40)}," if audit.child_ref else ""
    return f"{one_line(audit.ref, 40)}{child} was sent back for rework."


def to_moderate(number: int) -> str:
    return f"{count(number, 'audit is', 'audits are')} with you to moderate."


def to_confirm(number: int) -> str:
    return f"{count(number, 'moderated grade waits', 'moderated grades wait')} for the third lock."


def work(it: Work) -> list[str]:
    """For the line of a notification."""
    found = [
        count(len(it.sent_back), "return to rework", "returns to rework") if it.sent_back else "",
        count(it.to_moderate, "audit to moderate", "audits to moderate") if it.to_moderate else "",
        count(it.to_lock, "grade to confirm", "grades to confirm") if it.to_lock else "",
        count(len(it.stuck), "audit without a moderator", "audits without a moderator") if it.stuck else "",
    ]
    return [part for part in found if part]


def recent(list_name: str) -> str:
    """Under a list that begins two months ago."""
    return (
        "Shown are this month, the two months before it, and later ones. "
        f"For an earlier month, write it: “{list_name} August”."
    )
