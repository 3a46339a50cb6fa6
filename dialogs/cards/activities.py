"""The other kinds of audits: a month's list, one logged or asked for, none because, and who is due a re-audit."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from microsoft_teams.cards import core as ac

from dialogs.cards import parts
from dialogs.cards.parts import Rendered
from dialogs.neutral import one_line
from dialogs.payloads import activities as press
from dialogs.payloads.cycle import AuditShow
from dialogs.payloads.issuing import IssueForm
from dialogs.words import activities as say
from dialogs.words import dates
from domain.audits import Audit
from domain.calendar import Month
from domain.kind_rules import KindRules
from domain.kinds import Kind
from domain.people import Person, PersonId
from domain.policy import Policy
from domain.views.activities import ActivityForm, ActivityList, DueLine, DueList, ReauditForm

MONTHS_BACK = 6
BUDGET = 27 * 1024
"""Of the card as it is sent with every character escaped; the rest of the 28 KB is for the envelope."""
REF_SHOWN = 30
NAME_SHOWN = 50
OWN_SHOWN = 5
NO_KINDS = frozenset({Kind.CORE})


def listing(view: ActivityList, policy: Policy, lead: str | None = None) -> Rendered:
    """What there is of a kind in a month, a page at a time. Where references are so long that the card would be too
    large for Teams, each is opened by writing it."""
    whole = _listing(view, policy, lead, opens=True)
    return whole if _fits(whole) else _listing(view, policy, lead, opens=False)


def _fits(rendered: Rendered) -> bool:
    return len(json.dumps(rendered.card)) <= BUDGET


def _listing(view: ActivityList, policy: Policy, lead: str | None, *, opens: bool) -> Rendered:
    title = one_line(say.title(view), 120)
    own = view.about_viewer
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.lead(lead),
        parts.say(say.so_far(view)),
        _planned(view),
        *_about_viewer(view),
        *(
            element
            for audit in view.audits
            if audit not in own
            for element in _line(audit, view.people, opens)
        ),
        None if opens else parts.say(say.WRITE_TO_OPEN, subtle=True),
        _counted(view),
        *_another(view, policy),
    ]
    return Rendered(parts.card(body, list(_list_actions(view))[: parts.ACTIONS_MOST]), say.summary(view))


def _planned(view: ActivityList) -> ac.TextBlock | None:
    it = view.planned
    if it is None or not (it.theme or it.note):
        return None
    theme = f"Theme: {one_line(it.theme, 120)}." if it.theme else ""
    return parts.say(f"{theme} {one_line(it.note, 200)}".strip(), subtle=True)


def _about_viewer(view: ActivityList) -> Iterator[ac.CardElement]:
    if view.rules.kind is not Kind.OBSERVATION:
        return
    if not view.about_viewer:
        yield parts.say(say.NOT_OBSERVED, subtle=True)
        return
    yield parts.subheading(say.OBSERVED)
    for audit in view.about_viewer[:OWN_SHOWN]:
        yield parts.say(say.line(_plain(audit), "", _name(view.people, audit.auditor_id)))


def _line(audit: Audit, people: Mapping[PersonId, Person], opens: bool) -> Iterator[ac.CardElement]:
    about = one_line(audit.child_ref or "", 40)
    about = f"child {about}" if about else _name(people, audit.about_id)
    theme = f"; theme: {one_line(audit.theme, 60)}" if audit.theme else ""
    said = say.line(_plain(audit), f"{about}{theme}", _name(people, audit.auditor_id))
    reviewed = say.earlier_reviewed(audit)
    yield parts.say(f"{said} {reviewed}".strip(), separate=True)
    if opens:
        yield parts.row([_open(audit)])


def _open(audit: Audit) -> ac.Action:
    return parts.button(f"Open {one_line(audit.ref, REF_SHOWN)}", AuditShow(ref=audit.ref).press())


def _plain(audit: Audit) -> Audit:
    """With references that can stand in a sentence: councils number as they like."""
    first = one_line(audit.reaudit_of, REF_SHOWN) if audit.reaudit_of else None
    return replace(audit, ref=one_line(audit.ref, REF_SHOWN), reaudit_of=first)


def _name(people: Mapping[PersonId, Person], person_id: PersonId | None) -> str:
    person = people.get(person_id) if person_id is not None else None
    return one_line(person.name, NAME_SHOWN) if person else ""


def _counted(view: ActivityList) -> ac.TextBlock | None:
    if view.total <= len(view.audits):
        return None
    return parts.say(dates.page(view.offset, len(view.audits), view.total), subtle=True)


def _another(view: ActivityList, policy: Policy) -> list[ac.CardElement]:
    """Another kind or month; core audits have a list of their own."""
    kinds = [
        (one_line(rules.plural, 60), kind.value)
        for kind, rules in policy.by_kind.items()
        if kind not in NO_KINDS
    ]
    this = Month.of(view.today)
    months = dict.fromkeys([view.month, *(this.plus(-n) for n in range(-1, MONTHS_BACK))])
    show = press.ActivityList.press_with_inputs()
    return [
        parts.choice("kind", "Kind", "Choose a kind.", kinds, value=view.rules.kind.value),
        parts.choice(
            "month", "Month", "Choose a month.", parts.month_choices(sorted(months)), value=str(view.month)
        ),
        parts.row([parts.button("Show", show, inputs=True)]),
    ]


def _list_actions(view: ActivityList) -> Iterator[ac.Action]:
    kind, month = view.rules.kind, view.month
    if view.may_log:
        yield parts.button("Log one", press.ActivityLogForm(kind=kind).press())
    if view.may_assign:
        yield parts.button("Ask somebody for one", press.ActivityLogForm(kind=kind, assign=True).press())
    if view.may_issue:
        yield parts.button(
            "Draw a sample", IssueForm(month=max(month, Month.of(view.today)), kind=kind).press()
        )
    if view.may_say_none and not view.total:
        yield parts.button("None this month", press.ActivityNoneForm(kind=kind, month=month).press())
    if view.sees_due:
        yield parts.button("Due a re-audit", press.ReauditsDue().press())
    yield from parts.pages(
        view.offset,
        view.page,
        view.total,
        press.ActivityList(kind=kind, month=month, offset=max(0, view.offset - view.page)).press(),
        press.ActivityList(kind=kind, month=month, offset=view.offset + view.page).press(),
    )


def form(view: ActivityForm, problem: str | None = None) -> Rendered:
    """Filled in with what was said; nothing is done before it is sent."""
    title = say.form_title(view)
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.problem(problem),
        parts.say(say.form_lead(view)),
        *_questions(view),
    ]
    done = press.ActivityAsk if view.assign else press.ActivityLog
    sends = "Ask" if view.assign else "Log, and fill in the return"
    actions = [
        parts.button(sends, done.press_with_inputs(kind=view.kind), inputs=True, style="positive"),
        parts.button("Back to the list", press.ActivityList(kind=view.kind).press()),
    ]
    return Rendered(parts.card(body, actions), title)


def _questions(view: ActivityForm) -> Iterator[ac.CardElement]:
    filled = view.filled
    if view.assign:
        yield from _who(view)
        this = Month.of(view.today)
        months = parts.month_choices(this.plus(n) for n in range(3))
        yield parts.choice("when", "Month", "Choose a month.", months, value=filled.get("when") or str(this))
    else:
        yield _day(view)
    if view.rules.about_child:
        yield parts.text_input(
            "child",
            "The child's reference" if not view.rules.may_be_none else "A child's reference (optional)",
            "Write the child's reference.",
            value=parts.typed(filled, "child"),
            required=not (view.rules.may_be_none or view.assign),
            longest=80,
            lines=False,
        )
    if view.rules.about_person:
        yield from _about(view)
    if view.rules.about_child:
        yield parts.text_input(
            "theme", "Theme (optional)", "Write a theme.", value=parts.typed(filled, "theme"), required=False,
            longest=80, lines=False,
        )  # fmt: skip


def _who(view: ActivityForm) -> Iterator[ac.CardElement]:
    """Out of many, by part of a name or team; where somebody observed is searched for too, those are few."""
    searched = not view.rules.about_person
    found = parts.choosable(view.doers, view.find if searched else "")
    if found.hint:
        yield parts.say(found.hint, subtle=True)
    if found.people:
        free = found.search or not searched
        yield _people("who", "Who does it", found.people, view.filled, required=not free)
    if searched and found.search:
        yield from parts.search_box(
            press.ActivityLogForm.press_with_inputs(kind=view.kind, assign=True), view.find
        )


def _day(view: ActivityForm) -> ac.DateInput:
    first = Month.of(view.today).plus(-1).first
    made = parts.day_input(
        "day",
        "When was it done",
        "Choose a day.",
        value=view.filled.get("day") or view.today.isoformat(),
        earliest=first,
    )
    made.max = view.today.isoformat()
    return made


def _people(
    field: str, label: str, people: Sequence[Person], filled: Mapping[str, str], *, required: bool = True
) -> ac.ChoiceSetInput:
    """Beside a search nobody need be chosen: it goes with everything on the card, and would not be sent."""
    value, choices = parts.typed(filled, field), parts.person_choices(people)
    return parts.choice(
        field, label, "Choose a person.", choices, value=value, placeholder="Choose", required=required
    )


def _about(view: ActivityForm) -> Iterator[ac.CardElement]:
    """Somebody out of all that there are: a part of the name first."""
    if view.about:
        found = parts.choosable(view.about, view.find)
        if found.hint:
            yield parts.say(found.hint, subtle=True)
        yield _people("about", "Whose supervision", found.people, view.filled, required=False)
    else:
        yield parts.say(say.NOBODY_FOUND if view.find else say.FIND_FIRST, subtle=True)
    if view.kind is Kind.OBSERVATION and not view.assign:
        yield parts.choice(
            "reviewed",
            "Were the actions of earlier audits gone through? (optional here)",
            "Choose yes or no.",
            [("Yes", "yes"), ("No", "no")],
            value=parts.typed(view.filled, "reviewed"),
            required=False,
        )
    label = say.FIND_LABEL_AHEAD if view.assign else say.FIND_LABEL
    yield parts.text_input(
        "find", label, "Write part of a name.", value=view.find, required=False, longest=80, lines=False
    )
    again = press.ActivityLogForm.press_with_inputs(kind=view.kind, assign=view.assign)
    yield parts.row([parts.button("Search", again, inputs=True)])


def none_form(
    rules: KindRules, month: Month, longest: int, because: str = "", problem: str | None = None
) -> Rendered:
    title = one_line(say.none_title(rules.label, month), 120)
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.problem(problem),
        parts.say(say.NONE_LEAD),
        parts.text_input("because", say.WHY_NONE, "Say why there was none.", value=because, longest=longest),
    ]
    send = press.ActivityNone.press_with_inputs(kind=rules.kind, month=month)
    actions = [
        parts.button("There was none", send, inputs=True, style="positive"),
        parts.button("Back to the list", press.ActivityList(kind=rules.kind, month=month).press()),
    ]
    return Rendered(parts.card(body, actions), title)


def due(view: DueList, lead: str | None = None) -> Rendered:
    """Children who are due another look, a page at a time; as `listing` where references are very long."""
    whole = _due(view, lead, opens=True)
    return whole if _fits(whole) else _due(view, lead, opens=False)


def _due(view: DueList, lead: str | None, *, opens: bool) -> Rendered:
    body: list[ac.CardElement | None] = [
        parts.heading(say.due_title()),
        parts.lead(lead),
        parts.say(say.due_count(view)),
        *(element for line in view.lines for element in _due_line(line, view, opens)),
    ]
    if view.total > len(view.lines):
        body.append(parts.say(dates.page(view.offset, len(view.lines), view.total), subtle=True))
    actions = [
        parts.button("Re-audits of this month", press.ActivityList(kind=Kind.REAUDIT).press()),
        *parts.pages(
            view.offset,
            view.page,
            view.total,
            press.ReauditsDue(offset=max(0, view.offset - view.page)).press(),
            press.ReauditsDue(offset=view.offset + view.page).press(),
        ),
    ]
    return Rendered(parts.card(body, actions), say.due_count(view))


def _due_line(line: DueLine, view: DueList, opens: bool) -> Iterator[ac.CardElement]:
    audit = line.due.audit
    child = one_line(line.due.child_ref, 40)
    team = f", {one_line(audit.team.name, NAME_SHOWN)}" if audit.team else ""
    yield parts.say(f"Child {child}{team}", separate=True)
    plain = replace(line.due, audit=_plain(audit))
    yield parts.say(say.due_line(plain, _name(view.people, audit.auditor_id)), subtle=True)
    buttons = [_open(audit)] if opens else []
    if line.may_assign:
        buttons.insert(0, parts.button(f"Give out: child {child}", press.ReauditForm(ref=audit.ref).press()))
    if buttons:
        yield parts.row(buttons)


def assign(view: ReauditForm, problem: str | None = None) -> Rendered:
    """Who re-audits the child."""
    title = say.assign_title(one_line(view.due.child_ref, 40))
    due_ = replace(view.due, audit=_plain(view.due.audit), first_ref=one_line(view.due.first_ref, REF_SHOWN))
    people = view.elsewhere or view.others
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.problem(problem),
        parts.say(say.assign_lead(due_)),
    ]
    back = parts.button("Back to the list", press.ReauditsDue().press())
    if not people:
        return Rendered(parts.card([*body, parts.say(say.NOBODY_REAUDITS)], [back]), title)
    body += _assign_questions(view, people)
    send = press.ReauditAssign.press_with_inputs(ref=view.due.audit.ref)
    return Rendered(
        parts.card(body, [parts.button("Give it out", send, inputs=True, style="positive"), back]), title
    )


def _assign_questions(view: ReauditForm, people: Sequence[Person]) -> Iterator[ac.CardElement]:
    if view.needs_reason:
        yield parts.say(say.NO_ELSEWHERE)
    yield _people("who", "Who re-audits", parts.choosable(people).people, view.filled)
    this = Month.of(view.today)
    months = parts.month_choices([this, this.plus(1)])
    yield parts.choice("when", "Month", "Choose a month.", months, value=view.filled.get("when") or str(this))
    if view.needs_reason:
        yield parts.text_input(
            "reason",
            "Why somebody of the child's own team",
            "Say why.",
            value=parts.typed(view.filled, "reason"),
            longest=500,
        )
