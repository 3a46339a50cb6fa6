"""A return to be judged, the sample of a month, and one moderator named by hand."""

from collections.abc import Sequence

from microsoft_teams.cards import core as ac

from dialogs import words
from dialogs.cards import parts
from dialogs.cards.audit import child_of, fitting, name
from dialogs.cards.audit_content import folds
from dialogs.cards.parts import CardJson, Rendered
from dialogs.neutral import one_line
from dialogs.payloads import moderation as press
from dialogs.payloads.cycle import AuditShow
from dialogs.words import audit_card as of_audit
from dialogs.words import moderation as say
from dialogs.words.grades import GRADE
from domain.audits import AuditState
from domain.cycle import Command
from domain.kinds import GRADED, Grade
from domain.views.audits import AuditView
from domain.views.moderation import Desk, ReassignView, Rework, SampleView

DESKS_SHOWN = 20
NEW_SHOWN = 30
UNMET_SHOWN = 6
SAID_MOST = 300
"""Characters that are filled in of what somebody typed into the chat."""


def grade_choice(view: AuditView, field: str, label: str, value: Grade | None) -> ac.ChoiceSetInput:
    """Of those that an audit of its kind can have."""
    choices = [(GRADE[grade], grade.value) for grade in view.grades]
    known = value.value if value is not None and value in view.grades else ""
    return parts.choice(field, label, "Choose a grade.", choices, value=known)


def form(
    view: AuditView, *, longest: int, said: Grade | None = None, reason: str = "", lead: str | None = None
) -> Rendered:
    """The return to read, and the three ways to judge it. `said` and `reason` are what was typed in words; `longest` is
    the policy's limit of a reason."""
    made = fitting(lambda cut: _form(view, cut, longest, said, reason, lead))
    return Rendered(made, f"Moderate {of_audit.summary(view, child_of(view))}")


def _form(
    view: AuditView, cut: int, longest: int, said: Grade | None, reason: str, lead: str | None
) -> CardJson:
    audit = view.audit
    body: list[ac.CardElement | None] = [
        parts.heading(say.moderate_title(audit, child_of(view))),
        parts.lead(lead),
        parts.say(say.JUDGE),
        parts.facts(
            [
                ("The auditor's grade", GRADE[audit.grade] if audit.grade else None),
                ("Auditor", name(view, audit.auditor_id)),
                ("Kind", one_line(view.labels.kind, 80)),
                ("Team", one_line(audit.team.name, 60) if audit.team else None),
                ("Legal status", one_line(view.labels.legal_status, 80) or None),
                ("Returned", words.day(audit.returned_on) if audit.returned_on else None),
                (
                    "Child of concern",
                    f"Category {audit.concern_category}" if audit.concern_category else None,
                ),
            ]
        ),
        *_earlier(view, cut),
        *folds(view, cut),
        parts.say(say.STANDARD, subtle=True),
    ]
    return parts.card(body, _ways_to_judge(view, longest, said, reason))


def _earlier(view: AuditView, cut: int) -> list[ac.CardElement]:
    """What was asked for when it was sent back, now that it is here again."""
    if view.audit.state is not AuditState.RESUBMITTED:
        return []
    notes = [step.note for step in view.steps if step.command == Command.SEND_BACK.value]
    asked = parts.quoted("Why it was sent back", notes[-1], cut) if notes else []
    said = [step for step in view.steps if step.command == Command.RESUBMIT.value]
    changed = say.reworked(view, said[-1]) if said else ""
    return [*asked, *([parts.subheading("Since then"), parts.say(changed)] if changed else [])]


def _ways_to_judge(view: AuditView, longest: int, said: Grade | None, reason: str) -> list[ac.Action]:
    audit = view.audit
    on = {"ref": audit.ref, "version": audit.version}
    agree = press.Agree(ref=audit.ref, version=audit.version).press()
    change = press.ChangeGrade.press_with_inputs(**on)
    back = press.SendBack.press_with_inputs(**on)
    changed = [
        grade_choice(view, "moderated_grade", "The grade as you see it", said or audit.grade),
        text("note", "Why another grade?", "Write a reason: the auditor reads it.", longest, reason if said else ""),
    ]  # fmt: skip
    returned = [
        parts.choice(
            "why", "What is missing?", "Choose what is missing.",
            [(say.REWORK[code], code.value) for code in Rework], many=True, required=False,
        ),
        text("what_to_do", "What should the auditor do?", "Write what to do.", longest, "" if said else reason),
    ]  # fmt: skip
    return [
        parts.button(say.agree(audit), agree, style="positive"),
        parts.unfold("Change the grade", changed, [parts.button("Save this grade", change, inputs=True)]),
        parts.unfold("Send back for rework", returned, [parts.button("Send it back", back, inputs=True)]),
        parts.button("Back to the audit", AuditShow(ref=audit.ref).press()),
    ]


def text(field: str, label: str, error: str, longest: int, value: str = "") -> ac.TextInput:
    return parts.text_input(field, label, error, longest=longest, value=value[: min(longest, SAID_MOST)])


# the sample


def sample(view: SampleView, lead: str | None = None) -> Rendered:
    """What would be assigned to whom, and what cannot be; confirmed as it is seen. What is missing and the button come
    before the lists: on a phone they are long."""
    said = say.sample_stands(view)
    grades = say.sample_grades(view)
    kept = say.left_out(view)
    go = _confirm(view)
    body: list[ac.CardElement | None] = [
        parts.heading(say.sample_title(view)),
        parts.lead(lead),
        parts.say(say.sample_kind(view), subtle=True),
        parts.say(said),
        parts.say(kept) if kept else None,
        *_unmet(view),
        parts.row([go]) if go else None,
        parts.facts(grades) if grades else None,
        *_whose(view),
        *_desks(view.desks),
    ]
    return Rendered(parts.card(body, _sample_actions(view)), f"{say.sample_title(view)}: {said}")


def _whose(view: SampleView) -> list[ac.CardElement]:
    """Which audits go to whom, in the order of the moderators' names."""
    if not view.assigned:
        return []
    names = {desk.person.id: _who(desk) for desk in view.desks}
    lines = sorted((names.get(a.moderator_id, ""), _new(view, a.ref)) for a in view.assigned)
    shown = [f"{what} → {who}" for who, what in lines[:NEW_SHOWN]]
    found: list[ac.CardElement] = [
        parts.subheading(f"New in the sample ({len(lines):,})"),
        parts.say("\n".join(shown)),  # no Markdown list: on a phone its lines run over the card's edge
    ]
    if len(lines) > len(shown):
        found.append(parts.say(of_audit.more(len(lines) - len(shown), "more audit")))
    return found


def _new(view: SampleView, ref: str) -> str:
    audit = view.audits.get(ref)
    auditor = view.people.get(audit.auditor_id or 0) if audit else None
    return say.line(audit, one_line(auditor.name, 50) if auditor else "") if audit else one_line(ref, 40)


def _desks(desks: Sequence[Desk]) -> list[ac.CardElement]:
    if not desks:
        return []
    shown = sorted(desks, key=lambda it: (-it.new, it.load))[:DESKS_SHOWN]
    found: list[ac.CardElement] = [
        parts.subheading(f"Moderators of the month ({len(desks):,})"),
        parts.facts([(_who(it), say.desk(it)) for it in shown]),
    ]
    if len(desks) > len(shown):
        found.append(parts.say(of_audit.more(len(desks) - len(shown), "more moderator")))
    return found


def _who(desk: Desk) -> str:
    return f"{one_line(desk.person.name, 60)}{' (external)' if desk.person.external else ''}"


def _unmet(view: SampleView) -> list[ac.CardElement]:
    shown = [parts.state(say.unmet(it), "Warning") for it in view.unmet[:UNMET_SHOWN]]
    left = len(view.unmet) - len(shown)
    more: list[ac.CardElement] = (
        [parts.say(of_audit.more(left, "more rule that cannot be met"))] if left > 0 else []
    )
    return [*shown, *more]


def _sample_actions(view: SampleView) -> list[ac.Action]:
    lock = parts.button("Waiting for the third lock", press.ToLock(month=view.wish.month).press())
    return [_differently(view), lock]


def _confirm(view: SampleView) -> ac.Action | None:
    wish, number = view.wish, len(view.assigned)
    if not number and not view.left_out_new:
        return None
    confirm = press.SampleConfirm(
        month=wish.month, kind=wish.kind, grades=wish.grades,
        moderators="external" if wish.external else "all", digest=view.digest,
    )  # fmt: skip
    named = f"Name {'this' if number == 1 else 'these'} {words.count(number, 'moderation')}"
    return parts.button(named if number else say.leave_out(view), confirm.press(), style="positive")


def _differently(view: SampleView) -> ac.Action:
    wish = view.wish
    fields: list[ac.CardElement] = [
        parts.choice("month", "Month", "Choose a month.", parts.month_choices(view.months), value=str(wish.month)),
        parts.choice(
            "kind", "Kind of audit", "Choose a kind.",
            [(one_line(view.labels.get(kind, kind.value), 80), kind.value) for kind in view.kinds],
            value=wish.kind.value,
        ),
        parts.choice(
            "grades", "Only these grades, and all of them (none: as the policy says)", "Choose grades.",
            [(GRADE[grade], grade.value) for grade in GRADED], many=True, required=False,
            value=",".join(grade.value for grade in wish.grades),
        ),
        parts.choice(
            "moderators", "Moderators", "Choose who moderates.",
            [("All who moderate this month", "all"), ("External moderators only", "external")],
            value="external" if wish.external else "all",
        ),
    ]  # fmt: skip
    show = press.SampleForm.press_with_inputs()
    return parts.unfold("Choose differently", fields, [parts.button("Show this sample", show, inputs=True)])


# one by hand


def reassign(view: ReassignView, *, longest: int, find: str = "", problem: str | None = None) -> Rendered:
    audit = view.audit
    ref = one_line(audit.ref, 40)
    title = f"Moderator of {ref}"
    present = one_line(view.present.name, 80) if view.present else None
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.problem(problem),
        parts.facts(
            [
                ("Child", one_line(audit.child_ref, 40) if audit.child_ref else None),
                ("Team", one_line(audit.team.name, 60) if audit.team else None),
                ("Grade", GRADE[audit.grade] if audit.grade else None),
                ("Moderator now", present or "Nobody yet"),
            ]
        ),
    ]
    more, actions = _candidates(view, find, longest)
    back = parts.button("Back to the audit", AuditShow(ref=audit.ref).press())
    return Rendered(parts.card([*body, *more], [*actions, back]), title)


def _candidates(view: ReassignView, find: str, longest: int) -> tuple[list[ac.CardElement], list[ac.Action]]:
    audit = view.audit
    if not view.candidates:
        return [parts.state(say.NOBODY_ELSE, "Warning")], []
    choosable = parts.choosable([desk.person for desk in view.candidates], find)
    hint: list[ac.CardElement] = [parts.say(choosable.hint)] if choosable.hint else []
    if not choosable.people:
        return [*hint, *parts.search_box(press.ReassignForm.press_with_inputs(ref=audit.ref), find)], []
    only = str(choosable.people[0].id) if len(choosable.people) == 1 else ""
    field = parts.choice(
        "moderator",
        "Who moderates it",
        "Choose a moderator.",
        parts.person_choices(choosable.people),
        value=only,
    )
    why = text("note", "Why is it named by hand?", "Write a reason: it is kept.", longest)
    name_ = press.Reassign.press_with_inputs(ref=audit.ref, version=audit.version)
    actions: list[ac.Action] = [parts.button("Name this moderator", name_, inputs=True, style="positive")]
    if choosable.search:
        actions.append(parts.button("Search again", press.ReassignForm(ref=audit.ref).press()))
    return [*hint, field, why, parts.say(say.WHO_CAN, subtle=True)], actions
