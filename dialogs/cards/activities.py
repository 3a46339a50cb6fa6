"""The other kinds of audits: a month's list, one logged or asked for, and none because."""

from collections.abc import Iterator

from microsoft_teams.cards import core as ac

from dialogs.cards import parts
from dialogs.cards.activity_parts import fits, name, open_button, people_choice, plain
from dialogs.cards.parts import Rendered
from dialogs.neutral import one_line
from dialogs.payloads import activities as press
from dialogs.payloads.issuing import IssueForm
from dialogs.words import activities as say
from dialogs.words import dates
from dialogs.words import people as people_words
from domain.audits import Audit
from domain.calendar import Month
from domain.kind_rules import KindRules
from domain.kinds import Kind
from domain.policy import Policy
from domain.views.activities import ActivityForm, ActivityList

MONTHS_BACK = 6
OWN_SHOWN = 5
NO_KINDS = frozenset({Kind.CORE})


def listing(view: ActivityList, policy: Policy, lead: str | None = None) -> Rendered:
    """What there is of a kind in a month, a page at a time. Where references are so long that the card would be too
    large for Teams, each is opened by writing it."""
    whole = _listing(view, policy, lead, opens=True)
    return whole if fits(whole) else _listing(view, policy, lead, opens=False)


def _listing(view: ActivityList, policy: Policy, lead: str | None, *, opens: bool) -> Rendered:
    title = one_line(say.title(view), 120)
    own = view.about_viewer
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.lead(lead),
        parts.say(say.so_far(view)),
        _planned(view),
        *_about_viewer(view),
        *(element for audit in view.audits if audit not in own for element in _line(audit, view, opens)),
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
        yield parts.say(say.line(plain(audit), "", name(view.people, audit.auditor_id)))


def _line(audit: Audit, view: ActivityList, opens: bool) -> Iterator[ac.CardElement]:
    about = one_line(audit.child_ref or "", 40)
    about = f"child {about}" if about else say.about_person(name(view.people, audit.about_id))
    theme = f"{'; ' if about else ''}theme: {one_line(audit.theme, 60)}" if audit.theme else ""
    none = one_line(view.none.get(audit.id, ""), parts.NOTE_SHOWN)
    said = say.line(plain(audit), f"{about}{theme}", name(view.people, audit.auditor_id), none)
    reviewed = say.earlier_reviewed(audit)
    yield parts.say(f"{said} {reviewed}".strip(), separate=True)
    if opens:
        yield parts.row([open_button(audit)])


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
    if view.may_say_none and not view.returned:
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
        yield people_choice("who", "Who does it", found.people, view.filled, required=not free)
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


def _about(view: ActivityForm) -> Iterator[ac.CardElement]:
    """Somebody out of all that there are: a part of the name first, then whom the search found, then what is asked of
    them."""
    label = say.FIND_LABEL_AHEAD if view.assign else say.FIND_LABEL
    yield parts.text_input(
        "find", label, "Write part of a name.", value=view.find, required=False, longest=80, lines=False
    )
    again = press.ActivityLogForm.press_with_inputs(kind=view.kind, assign=view.assign)
    yield parts.row([parts.button("Search", again, inputs=True)])
    yield from _found(view)
    if view.kind is Kind.OBSERVATION and not view.assign:
        yield parts.choice(
            "reviewed",
            "Were the actions of earlier audits gone through? (optional here)",
            "Choose yes or no.",
            [("Yes", "yes"), ("No", "no")],
            value=parts.typed(view.filled, "reviewed"),
            required=False,
        )


def _found(view: ActivityForm) -> Iterator[ac.CardElement]:
    if not view.about:
        yield parts.say(say.NOBODY_FOUND if view.find else say.FIND_FIRST, subtle=True)
        return
    found = parts.choosable(view.about, view.find)
    chosen = len(found.people) == 1 and bool(view.filled.get("about"))
    yield parts.say(found.hint or people_words.found(len(found.people), chosen=chosen), subtle=True)
    yield people_choice("about", "Whose supervision", found.people, view.filled, required=False)


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
