"""The form in which a child of concern is raised, and what is said when it was."""

from microsoft_teams.cards import core as ac

from dialogs.cards import parts
from dialogs.cards.parts import Rendered
from dialogs.neutral import neutral, one_line
from dialogs.payloads import concerns as press
from dialogs.payloads.people import Help
from dialogs.words import concern_urgent as urgent
from dialogs.words import concerns as say
from domain.concerns import Category
from domain.views.concerns import RaiseForm


def raise_form(
    view: RaiseForm, *, longest: int, audit: str | None = None, problem: str | None = None
) -> Rendered:
    """Words that sound like danger now are answered by the safeguarding route, first of all."""
    body: list[ac.CardElement | None] = [
        parts.heading(say.RAISE_TITLE),
        _danger(view),
        parts.problem(problem),
        None if view.danger else parts.say(neutral(view.safeguarding, 500)),
        parts.say(say.RAISE_DANGER if view.danger else say.RAISE_HOW),
        parts.lead(_already(view)),
        parts.text_input(
            "child", say.CHILD_REF, say.CHILD_REF_MISSING, value=parts.typed(view.filled, "child"), longest=80,
            lines=False,
        ),
        _team(view),
        parts.choice(
            "category", "Category", "Choose a category, or that you are not sure.", _categories(),
            value=parts.typed(view.filled, "category"),
        ),
        parts.text_input(
            "grounds", say.GROUNDS, say.GROUNDS_MISSING, value=parts.typed(view.filled, "grounds"), longest=longest
        ),
        parts.say(say.NO_NAMES, subtle=True),
    ]  # fmt: skip
    known: dict[str, object] = {"danger": True} if view.danger else {}
    if audit:
        known["audit"] = audit
    go = parts.button(
        say.RAISE_BUTTON, press.Raise.press_with_inputs(**known), inputs=True, style="destructive"
    )
    return Rendered(parts.card(body, [go, parts.button("Not now", Help().press())]), say.RAISE_TITLE)


def is_it_one(ref: str, child: str, safeguarding: str) -> Rendered:
    """In the place of the usual answer, where a Category 2 was raised in words that read as danger now."""
    again = press.RaiseForm(child=child[:80], category="1", danger=True, grounds_of=ref)
    body: list[ac.CardElement | None] = [
        parts.problem(neutral(safeguarding, 500)),
        parts.say(urgent.IS_IT_ONE),
        parts.say(f"Recorded as {ref}, {say.CATEGORY[Category.TWO]}. The head of service is told."),
    ]
    go = parts.button(urgent.RAISE_TO_ONE, again.press(), style="destructive")
    show = parts.button("No: show it", press.ConcernShow(ref=ref).press())
    return Rendered(parts.card(body, [go, show]), urgent.IS_IT_ONE)


def _danger(view: RaiseForm) -> ac.CardElement | None:
    return parts.problem(neutral(view.safeguarding, 500)) if view.danger else None


def _already(view: RaiseForm) -> str | None:
    return say.already(view.already) if view.already else None


def _categories() -> list[tuple[str, str]]:
    known = [(f"{say.CATEGORY[c]}: {say.MEANS[c]}", str(int(c))) for c in Category]
    return [*known, (say.NOT_SURE, "unsure")]


def _team(view: RaiseForm) -> ac.CardElement | None:
    """Only where the child is not known by its reference: somebody has to answer for it."""
    if not view.teams:
        return None
    chosen, missing = parts.typed(view.filled, "team"), "Choose the child's team."
    if len(view.teams) > parts.CHOICES_MOST:
        return parts.text_input("team", say.WHICH_TEAM, missing, value=chosen, longest=80, lines=False)
    names = [(one_line(team.name, 60), team.name) for team in view.teams]
    return parts.choice("team", say.WHICH_TEAM, missing, names, value=chosen)
