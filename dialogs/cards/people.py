"""Greeting, help, somebody unknown, and deputies."""

from microsoft_teams.cards import core as ac

from dialogs import payloads
from dialogs.cards import parts
from dialogs.cards.parts import Rendered
from dialogs.neutral import neutral, one_line
from dialogs.payloads.base import Payload
from dialogs.payloads.concerns import Tracker
from dialogs.payloads.issuing import IssueForm
from dialogs.payloads.moderation import ModerationMine, SampleForm, ToLock
from dialogs.payloads.participation import ComingShow, ResultsShow, TeamHistory
from dialogs.payloads.pool import PoolShow
from dialogs.words import home
from dialogs.words import people as say
from dialogs.words.refusals import problem as problem_words
from domain.people import Delegation, Person, Role, Scope
from domain.policy import Texts
from domain.views import DelegationsView

SHOWN = 8
_AUDITS = frozenset({Role.AUDITOR, Role.MODERATOR})
_DECIDES = frozenset({Role.HEAD_OF_SERVICE, Role.DIRECTOR, Role.DCS})
_MANAGES = frozenset({Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.ASSISTANT_DIRECTOR})
_OVERSEES = frozenset(
    {
        Role.TEAM_MANAGER,
        Role.SERVICE_MANAGER,
        Role.ASSISTANT_DIRECTOR,
        Role.HEAD_OF_QUALITY,
        Role.QA_TEAM,
    }
)

_OPENERS: tuple[tuple[frozenset[Role], str, Payload], ...] = (
    (_AUDITS, "My audit", payloads.MyAudit()),
    (frozenset({Role.MODERATOR}), "What I have to moderate", ModerationMine()),
    (frozenset({Role.QA_TEAM}), "Issue audits", IssueForm()),
    (_DECIDES | {Role.QA_TEAM}, "What is waiting for me", payloads.ExemptionWaiting()),
    (frozenset({Role.HEAD_OF_QUALITY}), "Third lock", ToLock()),
    (_DECIDES | _MANAGES | {Role.HEAD_OF_QUALITY, Role.QA_TEAM}, "Children of concern", Tracker()),
    (frozenset({Role.QA_TEAM}), "Moderation sample", SampleForm()),
    (frozenset({Role.QA_TEAM, Role.HEAD_OF_QUALITY}), "The pool", PoolShow()),
    (_AUDITS, "Ask for an exemption", payloads.ExemptionForm()),
    (frozenset({Role.HEAD_OF_SERVICE}), "Ask for my managers", payloads.ExemptionForm(others=True)),
    (frozenset({Role.SOCIAL_WORKER}), "Audits of my children", ComingShow()),
    (frozenset({Role.SOCIAL_WORKER}), "Results of my children", ResultsShow()),
    (_MANAGES, "My team's audits", TeamHistory()),
    (_DECIDES | {Role.HEAD_OF_QUALITY}, "My deputy", payloads.DelegationForm()),
    (_OVERSEES, "All requests", payloads.ExemptionList()),
)
"""What opens with one tap, the most used first; for those who hold one of the roles."""


def welcome(person: Person, texts: Texts) -> Rendered:
    """Once, at the first contact."""
    return _home(person, [home.about(texts), home.WELCOME], with_list=True)


def hi(person: Person, texts: Texts) -> Rendered:
    return _home(person, [home.about(texts)], with_list=False)


def help_(person: Person, texts: Texts, lead: str | None = None) -> Rendered:
    """What this person can do here. `lead`: why the help is shown, for example `words.home.not_understood`. It ends
    with the live safeguarding route: words about a child in danger that were not heard as such are answered too."""
    body: list[ac.CardElement | None] = [
        parts.heading("What you can do here"),
        parts.lead(lead),
        *_list(person),
        parts.say(neutral(home.in_danger_now(texts), 600), subtle=True),
    ]
    return Rendered(parts.card(body, _buttons(person, listed=True)), "What you can do here")


def _home(person: Person, sentences: list[str], *, with_list: bool) -> Rendered:
    greeting = home.hello(one_line(home.first_name(person.name), 40))
    body: list[ac.CardElement | None] = [parts.heading(greeting), *(parts.say(line) for line in sentences)]
    if with_list:
        body += _list(person)
    return Rendered(parts.card(body, _buttons(person, listed=with_list)), f"{greeting} {sentences[0]}")


def _list(person: Person) -> list[ac.CardElement]:
    can = home.what_you_can_do(person.roles)
    none = [] if len(can) > home.ALWAYS else [parts.say(home.NO_PART_YET)]
    return [*none, parts.say(home.HELP_INTRO), parts.facts(can)]


def _buttons(person: Person, *, listed: bool) -> list[ac.Action]:
    """Where the list of help stands on the card already, `listed`, no button offers it again."""
    roles = person.roles
    fit = [(title, press) for wanted, title, press in _OPENERS if roles & wanted][: parts.ACTIONS_MOST - 1]
    found: list[ac.Action] = [parts.button(title, press.press()) for title, press in fit]
    return found if listed and found else [*found, parts.button("Help", payloads.Help().press())]


def unknown_person(texts: Texts) -> Rendered:
    """The polite way in for somebody who is not on the list: nothing else is shown to them."""
    text = home.unknown_person(texts)
    again = parts.button("Try again", payloads.Hi().press())
    return Rendered(parts.card([parts.heading("I don't know you yet"), parts.say(text)], [again]), text)


def note(title: str, text: str) -> Rendered:
    """A short answer where a card has to stand, for example after the press of a button. `text` is ours."""
    help_button = parts.button("Help", payloads.Help().press())
    return Rendered(parts.card([parts.heading(title), parts.say(text)], [help_button]), text)


def delegations(view: DelegationsView, *, find: str = "", problem: str | None = None) -> Rendered:
    """One's own deputies, and the form that names one. `problem`: the sentence of a refusal."""
    said = problem or (problem_words(view.problem) if view.problem else None)
    body: list[ac.CardElement | None] = [
        parts.heading("Your deputies"),
        parts.problem(said),
        parts.say(say.DEPUTIES_INTRO),
    ]
    if not view.mine:
        body.append(parts.say(say.NO_DEPUTIES))
    for item in view.mine[:SHOWN]:
        body += _mine(view, item)
    if len(view.mine) > SHOWN:
        body.append(parts.say(say.more_deputies(len(view.mine) - SHOWN)))
    more, actions = _name_one(view, find)
    return Rendered(parts.card([*body, *more], actions), "Your deputies")


def _mine(view: DelegationsView, item: Delegation) -> list[ac.CardElement]:
    name = parts.name(view.acting_for_me.get(item.delegate_id))
    sure = parts.button("Yes, end it", payloads.DelegationEnd(id=item.id).press(), style="destructive")
    ask = parts.unfold("End", [parts.say(say.end_ask(name))], [sure])
    return [parts.say(say.delegation(item, name), separate=True), parts.row([ask])]


def _name_one(view: DelegationsView, find: str) -> tuple[list[ac.CardElement], list[ac.Action]]:
    choosable = parts.choosable(view.candidates, find)
    title: list[ac.CardElement] = [parts.subheading("Name a deputy")]
    if choosable.hint:
        title.append(parts.say(choosable.hint))
    if not choosable.people:
        if not view.candidates:
            return [*title, parts.say(say.NO_CANDIDATES)], [parts.button("Help", payloads.Help().press())]
        return [*title, *parts.search_box(payloads.DelegationForm.press_with_inputs(), find)], []
    make = payloads.DelegationMake.press_with_inputs(**({"find": find} if find else {}))
    actions: list[ac.Action] = [parts.button("Name as deputy", make, inputs=True, style="positive")]
    if choosable.search:
        actions.append(parts.button("Search again", payloads.DelegationForm().press()))
    return [*title, *_deputy_inputs(view, choosable)], actions


def _deputy_inputs(view: DelegationsView, choosable: parts.Choosable) -> list[ac.CardElement]:
    filled = view.filled
    return [
        parts.choice(
            "delegate",
            "Who stands in for you?",
            "Choose a person.",
            parts.person_choices(choosable.people),
            value=parts.typed(filled, "delegate"),
            placeholder="Choose a person",
        ),
        parts.choice(
            "scope",
            "What may they decide?",
            "Choose what they may decide.",
            [(say.SCOPE[scope], scope.value) for scope in Scope],
            value=parts.typed(filled, "scope") or Scope.ALL.value,
        ),
        parts.day_input(
            "from_day",
            "First day",
            "Choose the first day.",
            value=parts.typed(filled, "from_day") or view.today.isoformat(),
            earliest=view.today,
        ),
        parts.day_input(
            "to_day",
            "Last day",
            "Choose the last day.",
            value=parts.typed(filled, "to_day"),
            earliest=view.today,
        ),
    ]
