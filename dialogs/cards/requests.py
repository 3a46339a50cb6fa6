"""The form that asks for an exemption, and what several new requests look like."""

from collections.abc import Sequence

from microsoft_teams.cards import core as ac

from dialogs import payloads, words
from dialogs.cards import parts
from dialogs.cards.parts import Rendered
from dialogs.neutral import one_line
from dialogs.words import exemptions as say
from dialogs.words.refusals import problem as problem_words
from domain.calendar import Month
from domain.policy import Reason, ReasonClass
from domain.views import ExemptionView, RequestForm


def request_form(
    view: RequestForm,
    *,
    find: str = "",
    longest: int = parts.TEXT_LONGEST,
    problem: str | None = None,
    others: bool | None = None,
) -> Rendered:
    """The form, empty or as it was filled in. `problem` is the sentence of a refusal (`words.refusal`); without
    it the code in `view.problem` is worded. `find` narrows a long list of people, `longest` is the policy's."""
    others = bool(view.for_people) if others is None else others
    said = problem or (problem_words(view.problem) if view.problem else None)
    title = "Ask for an exemption for your managers" if others else "Ask for an exemption"
    top: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.problem(said),
        parts.say(say.HOW_IT_GOES_FOR_OTHERS if others else say.how_it_goes(view.viewer.roles)),
    ]
    if others:
        choosable = parts.choosable(view.for_people, find)
        if not choosable.people:
            return _no_people(view, top, choosable, find)
        top += _people(view, choosable)
    body = [*top, *_questions(view, longest)]
    return Rendered(parts.card(body, _actions(view, find, others=others)), title)


def _no_people(
    view: RequestForm, top: list[ac.CardElement | None], choosable: parts.Choosable, find: str
) -> Rendered:
    """Too many for one list, nobody of that name, or nobody at all."""
    if not view.for_people:
        told = parts.say(
            "There is no auditor in your service whom you could ask for. If one is missing, ask the QA team."
        )
        ways = [parts.button("Help", payloads.Help().press())]
        return Rendered(parts.card([*top, told], ways), "Ask for an exemption for your managers")
    search = payloads.ExemptionForm.press_with_inputs(others=True, **_month_known(view))
    hint = parts.say(choosable.hint or "")
    return Rendered(parts.card([*top, hint, *parts.search_box(search, find)]), "Search for a person")


def _month_known(view: RequestForm) -> dict[str, object]:
    chosen = _chosen_month(view)
    return {"month": chosen} if chosen else {}


def _people(view: RequestForm, choosable: parts.Choosable) -> list[ac.CardElement]:
    choices = parts.person_choices(choosable.people)
    field = parts.choice(
        "people",
        "Who is it for? (one or several)",
        "Choose at least one person.",
        choices,
        value=parts.typed(view.filled, "people"),
        many=True,
        placeholder="Choose one or several",
    )
    return [parts.say(choosable.hint), field] if choosable.hint else [field]


def _chosen_month(view: RequestForm) -> Month | None:
    wanted = parts.typed(view.filled, "month")
    return next((m for m in view.months if str(m) == wanted), view.months[0] if view.months else None)


def _questions(view: RequestForm, longest: int) -> list[ac.CardElement]:
    chosen = _chosen_month(view)
    late = list(view.last_week_months)
    field = parts.choice(
        "month",
        "Month",
        "Choose a month.",
        parts.month_choices(view.months),
        value=str(chosen) if chosen else "",
    )
    reason = parts.choice(
        "reason",
        "Reason",
        "Choose a reason.",
        reason_choices(view.reasons),
        value=parts.typed(view.filled, "reason"),
        placeholder="Choose a reason",
    )
    needed = chosen in late
    explanation = parts.text_input(
        "explanation",
        "Explanation" if needed else "Explanation (optional)",
        "Say why it could not be asked earlier.",
        value=parts.typed(view.filled, "explanation"),
        required=needed,
        longest=longest,
    )
    notes = [parts.say(say.late_months([words.month(m) for m in late]))] if late else []
    if view.issued_months and view.myself:
        notes.append(parts.say(say.issued_months([words.month(m) for m in view.issued_months])))
    privacy = parts.say(say.PRIVACY, subtle=True)
    return [field, *notes, reason, privacy, explanation]  # read before it is written


def reason_choices(reasons: Sequence[Reason]) -> list[tuple[str, str]]:
    """Grouped by class, in the order of their labels; "Other" stands last in its class."""
    classes = list(ReasonClass)
    ordered = sorted(
        reasons, key=lambda r: (classes.index(r.reason_class), r.code == "other", r.label.casefold())
    )
    return [(f"{one_line(r.label, 80)} ({say.CLASS[r.reason_class]})", r.code) for r in ordered]


def _actions(view: RequestForm, find: str, *, others: bool) -> list[ac.Action]:
    known: dict[str, object] = {"others": True} if others else {}
    if others and find:
        known["find"] = find
    title = "Send requests" if others else "Send request"
    found: list[ac.Action] = [
        parts.button(
            title, payloads.ExemptionRequest.press_with_inputs(**known), inputs=True, style="positive"
        )
    ]
    if others and len(view.for_people) > parts.CHOICES_MOST:
        again = payloads.ExemptionForm(others=True, month=_chosen_month(view))
        found.append(parts.button("Search again", again.press()))
    return found


def requested(views: Sequence[ExemptionView]) -> Rendered:
    """What a head of service gets who asked for several people at once: one line for each new request."""
    title = f"{words.count(len(views), 'request')} sent"
    body: list[ac.CardElement | None] = [parts.heading(title), parts.say(say.SENT)]
    for view in views[:SENT_SHOWN]:
        it = view.exemption
        person = one_line(view.name(it.person_id), parts.NAME_LONGEST)
        reason = one_line(view.reason.label if view.reason else it.reason, 80)
        body.append(parts.say(say.line(it, person, reason), separate=True))
        body.append(parts.row([parts.button(f"Open {it.ref}", payloads.ExemptionShow(ref=it.ref).press())]))
    if len(views) > SENT_SHOWN:
        body.append(
            parts.say(f"{words.count(len(views) - SENT_SHOWN, 'more request')} sent, not listed here.")
        )
    month = views[0].exemption.month if views else None
    ways = [parts.button("All requests of the month", payloads.ExemptionList(month=month).press())]
    return Rendered(parts.card(body, ways), title)


SENT_SHOWN = 20
