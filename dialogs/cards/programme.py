"""The year's programme, and one entry of it."""

from itertools import groupby

from microsoft_teams.cards import core as ac

from dialogs import words
from dialogs.cards import parts
from dialogs.cards.fitting import fitted
from dialogs.cards.parts import CardJson, Rendered
from dialogs.neutral import one_line
from dialogs.payloads import issuing as issue_press
from dialogs.payloads import pool as press
from dialogs.words import issuing as issue_words
from dialogs.words import pool as say
from domain.calendar import Month
from domain.policy import Policy
from domain.programme import Planned
from domain.views.pool import PlannedForm, ProgrammeView

ENTRIES_SHOWN = 30
"""Of whole months: where a year has more, the next card begins with the first month that is left out."""
THEME_SHOWN, NOTE_SHOWN, COHORT_SHOWN = 50, 50, 30
PAGE = 12


def programme(view: ProgrammeView, policy: Policy, lead: str | None = None) -> Rendered:
    """Twelve months, each with what is planned in it."""
    title = say.programme_title(view.month)
    return Rendered(fitted(lambda longest: _programme(view, policy, lead, longest)), title)


def _programme(view: ProgrammeView, policy: Policy, lead: str | None, longest: int) -> CardJson:
    title = say.programme_title(view.month)
    body: list[ac.CardElement | None] = [parts.heading(title), parts.lead(lead)]
    if not view.planned:
        body.append(parts.say(say.PROGRAMME_EMPTY))
    shown, following = _whole_months(view)
    for month, entries in groupby(shown, key=lambda entry: entry.month):
        body.append(parts.subheading(words.month(month)))
        body += [parts.say(_entry(entry, view, policy, longest)) for entry in entries]
    years = [_from(month) for month in (view.month.plus(-PAGE), following)]
    change = [_choose(view, policy)] if view.may_change else []
    return parts.card(body, [*change, *years, _pool(view)])


def _whole_months(view: ProgrammeView) -> tuple[list[Planned], Month]:
    """The entries of as many months as fit, and the month that the next card begins with."""
    shown: list[Planned] = []
    for month, entries in groupby(view.planned, key=lambda entry: entry.month):
        of_month = list(entries)
        if shown and len(shown) + len(of_month) > ENTRIES_SHOWN:
            return shown, month
        shown += of_month
    return shown, view.month.plus(PAGE)


def _entry(entry: Planned, view: ProgrammeView, policy: Policy, longest: int) -> str:
    plural = one_line(issue_words.plural(policy, entry.kind), 60)
    done = view.done.get((entry.month, entry.kind))
    labels = [
        one_line(issue_words.label_of(policy, code), min(longest, COHORT_SHOWN)) for code in entry.cohorts
    ]
    return say.planned(
        entry,
        plural,
        done,
        labels,
        one_line(entry.theme, min(longest, THEME_SHOWN)),
        one_line(entry.note, min(longest, NOTE_SHOWN)),
    )


def _from(month: Month) -> ac.Action:
    return parts.button(f"From {words.month(month)}", press.ProgrammeShow(month=month).press())


def _pool(view: ProgrammeView) -> ac.Action:
    month = max(view.month, Month.of(view.today))
    return parts.button("Pool", press.PoolShow(month=month).press())


def _choose(view: ProgrammeView, policy: Policy) -> ac.Action:
    """Which entry is to be added or changed: unfolds two lists."""
    this = Month.of(view.today)
    first = max(view.month, this)
    months = parts.choice(
        "month",
        "Month",
        "Choose a month.",
        parts.month_choices([first.plus(n) for n in range(PAGE)]),
        value=str(first),
    )
    kinds = parts.choice(
        "kind",
        "Kind",
        "Choose a kind.",
        [(one_line(rules.plural, 60), kind.value) for kind, rules in policy.by_kind.items()],
        placeholder="Choose a kind",
    )
    opens = parts.button("Open", press.ProgrammeForm.press_with_inputs(), inputs=True)
    return parts.unfold("Add or change", [months, kinds], [opens])


def form(view: PlannedForm, policy: Policy, problem: str | None = None) -> Rendered:
    plural = one_line(issue_words.plural(policy, view.kind), 60)
    title = say.form_title(view.month, plural)
    filled = view.filled
    expected = ac.NumberInput(
        id="expected",
        label="How many (empty: as many as are issued)",
        is_required=False,
        error_message="Write a whole number, or nothing.",
    )
    expected.min = 0
    if filled.get("expected", "").isdecimal():
        expected.value = int(filled["expected"])
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.problem(problem),
        expected,
        _line("theme", "Theme (optional)", "Write a theme.", filled.get("theme", "")),
        parts.choice(
            "cohorts",
            "Cohorts (optional)",
            "Choose cohorts from the list.",
            [(one_line(term.label, 80), term.code) for term in policy.cohorts],
            value=filled.get("cohorts", ""),
            many=True,
            required=False,
            placeholder="Every child",
        ),
        _line("plan_note", "Note (optional)", "Write a note.", filled.get("plan_note", "")),
    ]
    save = press.ProgrammeSave.press_with_inputs(month=view.month, kind=view.kind, seen=view.version)
    actions: list[ac.Action] = [parts.button("Save", save, inputs=True, style="positive")]
    if view.version:
        actions.append(_remove(view))
    if view.month.last >= view.today:
        draw = issue_press.IssueForm(month=view.month, kind=view.kind)
        actions.append(parts.button("Draw", draw.press()))
    actions.append(_from(Month.of(view.today)))
    return Rendered(parts.card(body, actions), title)


def _line(field: str, label: str, error: str, value: str) -> ac.TextInput:
    return parts.text_input(field, label, error, value=value, required=False, longest=300, lines=False)


def _remove(view: PlannedForm) -> ac.Action:
    remove = press.ProgrammeRemove(month=view.month, kind=view.kind, seen=view.version)
    return parts.unfold(
        "Take off the programme",
        [parts.say("Audits that are issued already stay as they are.")],
        [parts.button("Yes, take it off", remove.press(), style="destructive")],
    )
