"""One child for one auditor: a late joiner, and another child in the place of one."""

from microsoft_teams.cards import core as ac

from dialogs import words
from dialogs.cards import parts
from dialogs.cards.parts import Rendered
from dialogs.neutral import one_line
from dialogs.payloads import issuing as press
from dialogs.payloads import pool as pool_press
from dialogs.payloads.cycle import AuditShow
from dialogs.payloads.requests import TakeOffForm
from dialogs.words import one_child as say
from dialogs.words.requests import TAKE_OFF_TITLE
from domain.calendar import Month
from domain.views.issuing import ChangeChildView, IssueOneView


def choose(view: IssueOneView, find: str = "", problem: str | None = None) -> Rendered:
    """Who gets one: those who have none and could."""
    title = say.one_title(view.month)
    body: list[ac.CardElement | None] = [parts.heading(title), parts.problem(problem)]
    ways = [_pool(view.month)]
    if not view.candidates:
        return Rendered(parts.card([*body, parts.say(say.nobody_free(view.month))], ways), title)
    body.append(parts.say(say.ONE_LEAD))
    choosable = parts.choosable(view.candidates, find)
    if choosable.hint:
        body.append(parts.say(choosable.hint))
    if not choosable.people:
        search = press.IssueOneForm.press_with_inputs(month=view.month)
        return Rendered(parts.card([*body, *parts.search_box(search, find)], ways), title)
    body.append(
        parts.choice(
            "auditor",
            "Auditor",
            "Choose an auditor.",
            parts.person_choices(choosable.people),
            placeholder="Choose an auditor",
        )
    )
    look = press.IssueOnePreview.press_with_inputs(month=view.month)
    actions: list[ac.Action] = [parts.button("Draw a child", look, inputs=True, style="positive"), *ways]
    if choosable.search:
        actions.append(parts.button("Search again", press.IssueOneForm(month=view.month).press()))
    return Rendered(parts.card(body, actions), title)


def preview(view: IssueOneView, lead: str | None = None) -> Rendered:
    """The child whose lot it is, before anything is sent."""
    title = say.one_title(view.month)
    name = parts.name(view.auditor)
    other = parts.button("Another auditor", press.IssueOneForm(month=view.month).press())
    body: list[ac.CardElement | None] = [parts.heading(title), parts.lead(lead)]
    if not view.child_ref or view.auditor is None:
        said = say.no_child_for(name)
        return Rendered(parts.card([*body, parts.say(said)], [other, _pool(view.month)]), said)
    child = one_line(view.child_ref, 40)
    body += [
        parts.say(say.one_drawn(name, child, view.eligible)),
        parts.facts(
            [
                ("Auditor", name),
                ("Child", child),
                ("Team", one_line(view.team.name, 60) if view.team else None),
                ("Due", words.day(view.month.last)),
            ]
        ),
    ]
    confirm = press.IssueOne(month=view.month, auditor=view.auditor.id, child=view.child_ref)
    issue = parts.unfold(
        f"Issue to {name}",
        [parts.say(say.one_ask(name))],
        [parts.button("Issue now", confirm.press(), style="positive")],
    )
    return Rendered(
        parts.card(body, [issue, other, _pool(view.month)]), say.one_drawn(name, child, view.eligible)
    )


def _pool(month: Month) -> ac.Action:
    return parts.button("Pool", pool_press.PoolShow(month=month).press())


def change(view: ChangeChildView, problem: str | None = None, *, ended: bool = False) -> Rendered:
    """Why another child is drawn; the draw comes with the press. `ended`: it was tried, and `problem` says why not."""
    audit = view.audit
    title = say.change_title(one_line(audit.ref, 40))
    back = parts.button(f"Back to {one_line(audit.ref, 40)}", AuditShow(ref=audit.ref).press())
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.problem(problem),
        parts.facts(
            [
                ("Auditor", parts.name(view.auditor) or None),
                ("Child now", one_line(audit.child_ref, 40) if audit.child_ref else None),
                ("Team", one_line(audit.team.name, 60) if audit.team else None),
            ]
        ),
    ]
    ref, most = one_line(audit.ref, 40), view.changes_most + 1
    instead = [parts.button(TAKE_OFF_TITLE, TakeOffForm(ref=audit.ref).press()), back]
    if ended:
        return Rendered(parts.card(body, instead), title)
    if view.changes >= view.changes_most:
        return Rendered(parts.card([*body, parts.say(say.often_enough(ref, f"{most:,}"))], instead), title)
    if not view.eligible:
        return Rendered(parts.card([*body, parts.say(say.NO_OTHER_CHILD)], instead), title)
    body += [
        parts.say(say.which_child(ref, view.changes + 2, most)),
        parts.say(say.change_lead(view.eligible)),
        parts.text_input("note", "Why another child?", "Say why another child is drawn.", longest=1000),
    ]
    draw = press.ChangeChild.press_with_inputs(ref=audit.ref, version=audit.version)
    actions: list[ac.Action] = [parts.button("Draw another child", draw, inputs=True, style="positive"), back]
    return Rendered(parts.card(body, actions), title)
