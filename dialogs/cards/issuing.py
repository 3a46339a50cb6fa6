"""The draw of a month: its form, its preview, who gets whom, and that it is issued."""

from collections.abc import Sequence

from microsoft_teams.cards import core as ac

from dialogs.cards import parts
from dialogs.cards.parts import Rendered
from dialogs.neutral import one_line
from dialogs.payloads import issuing as press
from dialogs.payloads import pool as pool_press
from dialogs.words import dates, unmet
from dialogs.words import issuing as say
from domain.allocation import Unmet
from domain.calendar import Month
from domain.kinds import Kind
from domain.mix import read_mix, say_mix
from domain.policy import Policy
from domain.ports import DrawRecord
from domain.views.issuing import DrawView, IssueFormView, PairLine, PairsView

UNMET_SHOWN = 12
EXCLUDED_SHOWN = 10
REASON_SHOWN = 80


def form(view: IssueFormView, policy: Policy, problem: str | None = None) -> Rendered:
    """What is asked before the preview; nothing is sent by it."""
    title = say.form_title(policy, view.month, view.kind)
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.problem(problem),
        parts.say(say.form_lead(view, policy)),
        _planned(view),
        _given_out(view),
    ]
    if not view.free:
        return Rendered(parts.card(body, [*_pool(view), _another(view, policy)]), title)
    body += _questions(view, policy)
    look = press.IssuePreview.press_with_inputs(month=view.month, kind=view.kind)
    actions: list[ac.Action] = [
        parts.button("Preview", look, inputs=True, style="positive"),
        _another(view, policy),
        *_one(view.month, view.kind),
        *_pool(view),
    ]
    return Rendered(parts.card(body, actions), title)


def _planned(view: IssueFormView) -> ac.TextBlock | None:
    it = view.planned
    if it is None:
        return None
    found = [
        f"{it.expected:,} expected" if it.expected else "",
        f"theme: {one_line(it.theme, 120)}" if it.theme else "",
        one_line(it.note, 200),
    ]
    said = "; ".join(part for part in found if part)
    return parts.say(f"From the programme: {said}.", subtle=True) if said else None


def _given_out(view: IssueFormView) -> ac.CardElement | None:
    said = say.given_out(view)
    if said is None:
        return None
    whole = (view.there or 0) >= view.expected
    return parts.state(said, "Warning") if whole else parts.say(said)


def _questions(view: IssueFormView, policy: Policy) -> list[ac.CardElement]:
    filled = view.filled
    return [
        parts.choice(
            "cohorts",
            "Cohorts (none chosen: every child)",
            "Choose cohorts from the list.",
            [(one_line(term.label, 80), term.code) for term in policy.cohorts],
            value=parts.typed(filled, "cohorts"),
            many=True,
            required=False,
            placeholder="Every child",
        ),
        *([parts.say(say.COHORTS_PLANNED, subtle=True)] if view.planned_cohorts else []),
        parts.text_input(
            "numbers",
            "How many of each cohort (empty: in proportion)",
            "Write numbers and cohorts.",
            value=_numbers(parts.typed(filled, "numbers"), policy),
            required=False,
            longest=500,
            lines=False,
            placeholder=say.HOW_NUMBERS,
        ),
        _number("total", "How many in all (empty: one for each auditor)", filled.get("total", ""), least=1),
        _number("per_team", "At most so many of one team (optional)", filled.get("per_team", ""), least=1),
        _number("not_again", "Not audited in so many months before", filled.get("not_again", ""), least=0),
        parts.text_input(
            "exclusions",
            "Children to leave out, with the reason (optional)",
            "Write a reference and a reason on each line.",
            value=parts.typed(filled, "exclusions"),
            required=False,
            longest=4000,
            placeholder=say.HOW_EXCLUSIONS,
        ),
        parts.text_input(
            "theme",
            "Theme (optional)",
            "Write a theme.",
            value=parts.typed(filled, "theme"),
            required=False,
            longest=300,
            lines=False,
        ),
    ]


def _numbers(written: str, policy: Policy) -> str:
    """What the program filled in, in the council's words; what somebody typed and could not be read, as it was."""
    mix = read_mix(written, policy.cohorts)
    return written if mix.unknown else say_mix(mix.numbers, policy.cohorts)


def _number(field: str, label: str, value: str, *, least: int) -> ac.NumberInput:
    made = ac.NumberInput(
        id=field, label=label, is_required=False, error_message="Write a whole number, or nothing."
    )
    made.min = least
    if value.isdecimal():
        made.value = int(value)
    return made


def _another(view: IssueFormView, policy: Policy) -> ac.Action:
    """Another month or kind: unfolds two lists."""
    months = parts.choice(
        "month", "Month", "Choose a month.", parts.month_choices(view.months), value=str(view.month)
    )
    kinds = parts.choice(
        "kind",
        "Kind",
        "Choose a kind.",
        [(one_line(say.plural(policy, kind), 60), kind.value) for kind in view.kinds],
        value=view.kind.value,
    )
    opens = parts.button("Open", press.IssueForm.press_with_inputs(), inputs=True)
    return parts.unfold("Another month or kind", [months, kinds], [opens])


def _one(month: Month, kind: Kind) -> list[ac.Action]:
    if kind is not Kind.CORE:
        return []
    return [parts.button("One auditor only", press.IssueOneForm(month=month).press())]


def _pool(view: IssueFormView) -> list[ac.Action]:
    return [parts.button("Pool", pool_press.PoolShow(month=view.month).press())]


def preview(view: DrawView, policy: Policy, lead: str | None = None) -> Rendered:
    """The draw as it would be issued now, and every rule that could not be met."""
    record = view.record
    title = say.preview_title(record.month)
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.lead(lead),
        parts.say(say.counted(view, policy)),
        *_not_met(view, policy),
        parts.facts(_facts(view, policy)),
        *_by_cohort(view, policy),
        *_by_hand(record),
        parts.say(say.nothing_sent(record), subtle=True),
    ]
    summary = f"{title}: {say.counted(view, policy)}"
    return Rendered(parts.card(body, _preview_actions(view, policy)), summary)


def _facts(view: DrawView, policy: Policy) -> list[tuple[str, str | None]]:
    record = view.record
    return [
        ("Kind", one_line(say.plural(policy, record.kind), 60)),
        ("Theme", one_line(record.theme, 120) if record.theme else None),
        ("Teams", say.teams(view.by_team)),
        ("At most of a team", str(view.settings.per_team) if view.settings.per_team is not None else None),
        ("Auditors left out", say.people_left(view.standings)),
        ("Children left out", say.children_left(view.children_left, view.settings.not_again_months)),
    ]


def _by_cohort(view: DrawView, policy: Policy) -> list[ac.CardElement]:
    if not view.cohorts:
        return []
    lines: list[tuple[str, str | None]] = [
        (one_line(say.label_of(policy, line.cohort), 60), say.cohort(line.wanted, line.got))
        for line in view.cohorts
    ]
    return [parts.subheading("By cohort"), parts.facts(lines)]


def _not_met(view: DrawView, policy: Policy) -> list[ac.CardElement]:
    settings = view.settings
    first = (
        unmet.contradicts(settings),
        unmet.also_numbered(settings, policy),
        say.waiting(view.waiting, view.record.month) if view.waiting else None,
        say.look_back(view),
    )
    rules = (item for item in view.unmet if not unmet.explained(item, settings))
    said = [*(text for text in first if text), *(_unmet(item, view, policy) for item in rules)]
    if not said:
        return []
    shown = said[:UNMET_SHOWN]
    if len(said) > len(shown):
        shown.append(say.more_unmet(len(said) - len(shown)))
    return [ac.Container(style="warning", items=[parts.say(text) for text in shown])]


def _unmet(item: Unmet, view: DrawView, policy: Policy) -> str:
    ids = [part for name in ("person", "people") for part in item.facts.get(name, "").split(",") if part]
    names = [parts.name(view.named.get(int(i))) for i in ids]
    team = view.teams.get(int(item.facts["team"])) if item.facts.get("team") else None
    known = [name for name in names if name]
    return unmet.unmet(item, known, one_line(team.name, 60) if team else "", policy)


def _by_hand(record: DrawRecord) -> list[ac.CardElement]:
    if not record.exclusions:
        return []
    shown = record.exclusions[:EXCLUDED_SHOWN]
    lines: list[ac.CardElement] = [parts.subheading("Left out by hand")]
    lines += [
        parts.say(f"{one_line(e.child_ref, 40)}: {one_line(e.reason, REASON_SHOWN)}", subtle=True)
        for e in shown
    ]
    if len(record.exclusions) > len(shown):
        lines.append(parts.say(say.more_unmet(len(record.exclusions) - len(shown))))
    return lines


def _preview_actions(view: DrawView, policy: Policy) -> list[ac.Action]:
    record = view.record
    change = parts.button("Change", press.IssueChange(draw=record.id).press())
    pool = parts.button("Pool", pool_press.PoolShow(month=record.month).press())
    if not view.drawn:
        return [change, pool]
    confirm = press.IssueConfirm(draw=record.id, seen=record.version, digest=view.digest)
    issue = parts.unfold(
        say.issue_button(view),
        [parts.say(say.issue_ask(view))],
        [parts.button("Issue now", confirm.press(), style="positive")],
    )
    pairs = parts.button("Who gets whom", press.IssuePairs(draw=record.id).press())
    return [issue, pairs, change, pool]


def issued(record: DrawRecord, lead: str) -> Rendered:
    title = say.issued_title(record.month)
    actions: list[ac.Action] = [
        parts.button("Who got whom", press.IssuePairs(draw=record.id).press()),
        parts.button("Draw for late joiners", press.IssueForm(month=record.month, kind=record.kind).press()),
    ]
    actions += _one(record.month, record.kind)
    if record.kind is Kind.CORE:
        actions.append(parts.button("Pool", pool_press.PoolShow(month=record.month).press()))
    return Rendered(parts.card([parts.heading(title), parts.say(lead)], actions), f"{title}. {lead}")


def pairs(view: PairsView, policy: Policy) -> Rendered:
    """A page of who gets whom."""
    record = view.record
    title = say.pairs_title(record)
    back = parts.button("Back", press.IssueShow(draw=record.id).press())
    if not view.total:
        return Rendered(parts.card([parts.heading(title), parts.say(say.NO_PAIRS)], [back]), title)
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.say(dates.page(view.offset, len(view.lines), view.total)),
        *_pair_lines(view.lines, policy),
    ]
    turn = parts.pages(
        view.offset,
        view.page,
        view.total,
        press.IssuePairs(draw=record.id, offset=max(0, view.offset - view.page)).press(),
        press.IssuePairs(draw=record.id, offset=view.offset + view.page).press(),
    )
    return Rendered(parts.card(body, [*turn, back]), f"{title}: {view.total:,}")


def _pair_lines(lines: Sequence[PairLine], policy: Policy) -> list[ac.CardElement]:
    found: list[ac.CardElement] = []
    for line in lines:
        if line.withheld:
            found.append(parts.say(say.OWN_WITHHELD))
            continue
        team = f", {one_line(line.team.name, 40)}" if line.team else ""
        cohort = f", {one_line(say.label_of(policy, line.cohort), 40).casefold()}" if line.cohort else ""
        ref = f" ({one_line(line.audit_ref, 40)})" if line.audit_ref else ""
        who = parts.name(line.auditor) or "Nobody at present"
        found.append(parts.say(f"{who}: child {one_line(line.child_ref, 40)}{team}{cohort}{ref}"))
    return found
