"""Who is due a re-audit, and who does it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from microsoft_teams.cards import core as ac

from dialogs.cards import parts
from dialogs.cards.activity_parts import (
    NAME_SHOWN,
    REF_SHOWN,
    fits,
    name,
    open_button,
    people_choice,
    plain,
)
from dialogs.cards.parts import Rendered
from dialogs.neutral import one_line
from dialogs.payloads import activities as press
from dialogs.words import activities as say
from dialogs.words import dates
from domain.calendar import Month
from domain.kinds import Kind
from domain.people import Person
from domain.views.activities import DueLine, DueList, ReauditForm


def due(view: DueList, lead: str | None = None) -> Rendered:
    """Children who are due another look, a page at a time; as `listing` where references are very long."""
    whole = _due(view, lead, opens=True)
    return whole if fits(whole) else _due(view, lead, opens=False)


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
    shown = replace(line.due, audit=plain(audit))
    yield parts.say(say.due_line(shown, name(view.people, audit.auditor_id)), subtle=True)
    buttons = [open_button(audit)] if opens else []
    if line.may_assign:
        buttons.insert(0, parts.button(f"Give out: child {child}", press.ReauditForm(ref=audit.ref).press()))
    if buttons:
        yield parts.row(buttons)


def assign(view: ReauditForm, problem: str | None = None) -> Rendered:
    """Who re-audits the child."""
    title = say.assign_title(one_line(view.due.child_ref, 40))
    due_ = replace(view.due, audit=plain(view.due.audit), first_ref=one_line(view.due.first_ref, REF_SHOWN))
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
    yield people_choice("who", "Who re-audits", parts.choosable(people).people, view.filled)
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
