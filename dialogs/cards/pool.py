"""Who audits and who moderates in a month, and one of them."""

from datetime import date

from microsoft_teams.cards import core as ac

from dialogs import words
from dialogs.cards import parts
from dialogs.cards.parts import Rendered
from dialogs.neutral import one_line
from dialogs.payloads import Press
from dialogs.payloads import issuing as issue_press
from dialogs.payloads import pool as press
from dialogs.words import dates
from dialogs.words import pool as say
from domain.calendar import Month
from domain.people import Person, Role
from domain.pool import Standing
from domain.views.pool import FoundPeople, PoolPersonView, PoolView


def pool(view: PoolView, lead: str | None = None) -> Rendered:
    """Counts against the targets, and a page of people."""
    title = say.title(view.month)
    capacity = view.capacity
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.lead(lead),
        parts.facts(
            [
                ("Auditors", say.against(capacity.auditors, capacity.target_auditors)),
                ("Moderators", say.against(capacity.moderators, capacity.target_moderators)),
                ("Pool", say.in_pool(capacity)),
                ("Exempt", say.exempt(capacity) if capacity.of(Standing.EXEMPT) else None),
                ("Resting", _number(view, Standing.RESTING)),
                ("Have an audit", _number(view, Standing.HAS_AUDIT)),
                ("Free", f"{capacity.of(Standing.FREE):,}"),
            ]
        ),
        *_people(view),
        *_find(view),
    ]
    return Rendered(parts.card(body, _pool_actions(view)), say.summary(capacity, view.month))


def _number(view: PoolView, standing: Standing) -> str | None:
    number = view.capacity.of(standing)
    return f"{number:,}" if number else None


def _people(view: PoolView) -> list[ac.CardElement]:
    if not view.total and view.standing is None:
        return [parts.say(say.EMPTY)]
    there = [s for s in Standing if view.capacity.of(s)]
    choices = [
        (say.ALL, press.EVERYBODY),
        *((f"{say.TITLES[s]} ({view.capacity.of(s):,})", s.value) for s in there),
    ]
    lines: list[ac.CardElement] = [
        parts.choice(
            "standing",
            "Show",
            "Choose a list.",
            choices,
            value=view.standing.value if view.standing else press.EVERYBODY,
        ),
        parts.row([parts.button("Show", press.PoolShow.press_with_inputs(month=view.month), inputs=True)]),
    ]
    if not view.total:
        return [*lines, parts.say(say.NOBODY)]
    lines.append(parts.say(dates.page(view.offset, len(view.lines), view.total), subtle=True))
    for line in view.lines:
        lines.append(parts.say(f"{_with_team(line.person)}: {say.STANDING[line.standing]}"))
    return lines


def _with_team(person: Person) -> str:
    team = f" ({one_line(person.team.name, 40)})" if person.team else ""
    return f"{parts.name(person)}{team}"


def _find(view: PoolView) -> list[ac.CardElement]:
    if not view.may_change:
        return []
    box = parts.text_input(
        "find",
        say.FIND,
        "Write part of a name.",
        required=False,
        longest=80,
        lines=False,
        placeholder=say.HOW_FIND,
    )
    find = press.PoolFind.press_with_inputs(month=view.month)
    return [box, parts.row([parts.button("Find or add", find, inputs=True)])]


def _pool_actions(view: PoolView) -> list[ac.Action]:
    following = view.offset + view.page
    turn = parts.pages(
        view.offset,
        view.page,
        view.total,
        _page(view, max(0, view.offset - view.page)),
        _page(view, following),
    )
    months = [_other_month(view.month.plus(by)) for by in (-1, 1)]
    issue = [parts.button("Draw", issue_press.IssueForm(month=view.month).press())]
    ahead = view.may_change and view.month.last >= view.today
    return [*turn, *months, *(issue if ahead else []), _programme(view.month)]


def _page(view: PoolView, offset: int) -> Press:
    return press.PoolShow(month=view.month, standing=view.standing, offset=offset).press()


def _other_month(month: Month) -> ac.Action:
    return parts.button(words.month(month), press.PoolShow(month=month).press())


def _programme(month: Month) -> ac.Action:
    return parts.button("Programme", press.ProgrammeShow(month=month).press())


def person(view: PoolPersonView, lead: str | None = None, problem: str | None = None) -> Rendered:
    """One person's roles and their part in the month; what may be changed, each after a second step."""
    who = view.person
    name = parts.name(who)
    body: list[ac.CardElement | None] = [
        parts.heading(name),
        parts.lead(lead),
        parts.problem(problem),
        parts.say(say.stands(view.standing, view.says, view.month)),
        parts.facts(
            [
                ("Team", one_line(who.team.name, 60) if who.team else None),
                ("Roles", say.roles(who)),
                ("Auditor from", _day(who.auditor_from) if view.holds(Role.AUDITOR) else None),
                ("Moderator from", _day(who.moderator_from) if view.holds(Role.MODERATOR) else None),
                ("Works", "alternate months" if who.working_pattern.value == "alternate" else None),
            ]
        ),
    ]
    back = parts.button("The pool", press.PoolShow(month=view.month).press())
    actions = [*(_changes(view, name) if view.may_change else []), back]
    return Rendered(parts.card(body, actions), f"{name}: {say.stands(view.standing, view.says, view.month)}")


def _day(value: date | None) -> str | None:
    return words.day(value) if value else None


def _changes(view: PoolPersonView, name: str) -> list[ac.Action]:
    found: list[ac.Action] = []
    if view.holds(Role.MODERATOR) and view.month.last >= view.today:
        found += _moderating(view, name)
    if not view.holds(Role.AUDITOR):
        found.append(_give(view, name, Role.AUDITOR))
    elif not view.holds(Role.MODERATOR):
        found.append(_give(view, name, Role.MODERATOR))
    found += [_take(view, name, role) for role in (Role.AUDITOR, Role.MODERATOR) if view.holds(role)]
    return found


def _moderating(view: PoolPersonView, name: str) -> list[ac.Action]:
    who, month = view.person.id, view.month
    if view.says is not None:
        undo = press.PoolModerates(month=month, person=who, says=None)
        return [parts.button("Undo what was said", undo.press())]
    moderates = view.standing is Standing.MODERATES
    title = "Does not moderate this month" if moderates else "Moderates this month"
    said = press.PoolModerates(month=month, person=who, says=not moderates)
    ask = parts.say(say.said_moderates(name, not moderates, month))
    return [parts.unfold(title, [ask], [parts.button("Yes, say so", said.press())])]


def _give(view: PoolPersonView, name: str, role: Role) -> ac.Action:
    trained = parts.day_input(
        "from_day",
        "Trained from",
        "Choose a day.",
        value=parts.typed(view.filled, "from_day") or view.today.isoformat(),
        earliest=date(view.today.year - 10, 1, 1),
    )
    give = press.PoolGive.press_with_inputs(month=view.month, person=view.person.id, role=role)
    title = say.give_button(role)
    return parts.unfold(
        title,
        [parts.say(say.ask_give(name, role)), trained],
        [parts.button(title, give, inputs=True, style="positive")],
    )


def _take(view: PoolPersonView, name: str, role: Role) -> ac.Action:
    take = press.PoolTake(month=view.month, person=view.person.id, role=role)
    yes = parts.button("Yes, take it back", take.press(), style="destructive")
    return parts.unfold(say.take_button(role), [parts.say(say.ask_take(name, role))], [yes])


def found(view: FoundPeople, problem: str | None = None) -> Rendered:
    """Several people of a name, to choose from; or nobody, and the form of a new one."""
    body: list[ac.CardElement | None] = [parts.heading(say.FIND), parts.problem(problem)]
    back = parts.button("The pool", press.PoolShow(month=view.month).press())
    if view.people:
        return _choose(view, body, back)
    body += [parts.say(say.nobody_found(one_line(view.written, 60))), *_new_person(view)]
    add = press.PoolAdd.press_with_inputs(month=view.month)
    actions: list[ac.Action] = [parts.button("Add as auditor", add, inputs=True, style="positive"), back]
    return Rendered(parts.card(body, actions), say.FIND)


def _choose(view: FoundPeople, body: list[ac.CardElement | None], back: ac.Action) -> Rendered:
    choosable = parts.choosable(view.people[: parts.CHOICES_MOST])
    field = parts.choice(
        "person", "Person", "Choose a person.", parts.person_choices(choosable.people), placeholder="Choose"
    )
    said = say.several(len(view.people), one_line(view.written, 60))
    show = press.PoolPerson.press_with_inputs(month=view.month)
    actions: list[ac.Action] = [parts.button("Show", show, inputs=True), back]
    return Rendered(parts.card([*body, parts.say(said), field], actions), said)


def _new_person(view: FoundPeople) -> list[ac.CardElement]:
    filled = view.filled
    teams = [(one_line(team.name, 60), str(team.id)) for team in view.teams[: parts.CHOICES_MOST]]
    written = view.written.strip()
    fields: list[ac.CardElement] = [
        parts.text_input(
            "email",
            "E-mail address used in Teams",
            "Write the e-mail address.",
            value=filled.get("email") or (written if "@" in written else ""),
            longest=320,
            lines=False,
        ),
        parts.text_input(
            "name",
            "Name",
            "Write the name.",
            value=filled.get("name") or ("" if "@" in written else written),
            longest=100,
            lines=False,
        ),
    ]
    if teams:
        fields.append(
            parts.choice(
                "team",
                "Team (optional)",
                "Choose a team.",
                teams,
                value=filled.get("team", ""),
                required=False,
            )
        )
    fields.append(
        parts.day_input(
            "from_day",
            "Trained from",
            "Choose a day.",
            value=filled.get("from_day") or view.today.isoformat(),
            earliest=date(view.today.year - 10, 1, 1),
        )
    )
    return fields
