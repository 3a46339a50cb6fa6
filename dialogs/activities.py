"""Handlers of the other kinds of audits and of re-audits: parse, call one use case, render."""

from collections.abc import Mapping
from datetime import date

from dialogs import cycle, returns, words
from dialogs.cards import activities as cards
from dialogs.cards import issuing as issue_cards
from dialogs.cards import parts
from dialogs.cards import reaudits as reaudit_cards
from dialogs.neutral import one_line
from dialogs.payloads import activities as press
from dialogs.payloads.base import Payload
from dialogs.payloads.returns import ReturnOpen
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from dialogs.words import activities as say
from domain.calendar import Month
from domain.errors import DomainError, Invalid, OutOfDate
from domain.kinds import Kind
from domain.people import PersonId
from domain.usecases import activities as usecases
from domain.usecases import draw_views, reaudits


async def listed(talk: Talk, pressed: press.ActivityList) -> Reply:
    return await _list(talk, pressed.kind, pressed.month, offset=pressed.offset)


async def _list(
    talk: Talk, kind: Kind, month: Month | None, lead: str | None = None, offset: int = 0
) -> Reply:
    of = month or Month.of(talk.today)
    view = await usecases.listed(talk.store, talk.policy, talk.actor, kind, of, talk.now, offset)
    return shown(cards.listing(view, talk.policy, lead))


_KEPT = ("day", "child", "about", "who", "theme", "reviewed", "when")


async def log_form(talk: Talk, pressed: press.ActivityLogForm) -> Reply:
    filled = {name: getattr(pressed, name) for name in _KEPT if getattr(pressed, name)}
    if pressed.month is not None and pressed.assign:
        filled.setdefault("when", str(pressed.month))
    return await _form(talk, pressed.kind, pressed.find, filled, assign=pressed.assign)


async def _form(
    talk: Talk, kind: Kind, find: str, filled: Mapping[str, str], *, assign: bool = False,
    refused: Invalid | None = None,
) -> Reply:  # fmt: skip
    view = await usecases.form(
        talk.store, talk.policy, talk.actor, kind, talk.now, assign=assign, find=find, filled=filled
    )
    return shown(cards.form(view, _said(talk, refused) if refused else None))


def _said(talk: Talk, refused: DomainError) -> str:
    return words.refusal(refused, talk.policy.texts.qa_contact)


async def log(talk: Talk, pressed: press.ActivityLog) -> Reply:
    """Ends in its return, which is what makes it count."""
    wanted = usecases.Logging(
        pressed.kind,
        day=pressed.day,
        child=pressed.child,
        about=pressed.about,
        theme=pressed.theme,
        reviewed={"yes": True, "no": False}.get(pressed.reviewed),
    )
    try:
        made = await usecases.log(talk.store, talk.policy, talk.actor, wanted, talk.now, talk.once)
    except Invalid as refused:
        return await _form(talk, pressed.kind, pressed.find, _typed(pressed), refused=refused)
    return await returns.open_(talk, ReturnOpen(ref=made.facts["ref"]))


def _typed(pressed: press.ActivityLog | press.ActivityAsk) -> dict[str, str]:
    values = pressed.model_dump(mode="json", include=set(_KEPT))
    return {name: str(value) for name, value in values.items() if value}


async def ask(talk: Talk, pressed: press.ActivityAsk) -> Reply:
    wanted = usecases.Logging(
        pressed.kind,
        month=pressed.when,
        who=pressed.who,
        child=pressed.child,
        about=pressed.about,
        theme=pressed.theme,
    )
    try:
        made = await usecases.ask(talk.store, talk.policy, talk.actor, wanted, talk.now, talk.once)
    except Invalid as refused:
        return await _form(talk, pressed.kind, pressed.find, _typed(pressed), assign=True, refused=refused)
    if not made.subject:
        return await _list(talk, pressed.kind, pressed.when, say.asked_unseen(made.facts["ref"]))
    return await _given(talk, made.subject, pressed.who, say.asked)


async def _given(talk: Talk, ref: str, who: PersonId, said: say.Given) -> Reply:
    """The audit's card, and who has it now."""
    view = await usecases.one(talk.store, talk.actor, ref, who, talk.now)
    lead = said(view.audit, parts.name(view.person))
    return await cycle.card_after(talk, ref, lead)


async def none_form(talk: Talk, pressed: press.ActivityNoneForm) -> Reply:
    return _none(talk, pressed.kind, pressed.month or Month.of(talk.today))


def _none(talk: Talk, kind: Kind, month: Month, because: str = "", problem: str | None = None) -> Reply:
    rules, longest = talk.policy.by_kind[kind], talk.policy.audits.answer_longest
    return shown(cards.none_form(rules, month, longest, because, problem))


async def none(talk: Talk, pressed: press.ActivityNone) -> Reply:
    try:
        await usecases.none_this_month(
            talk.store,
            talk.policy,
            talk.actor,
            pressed.kind,
            pressed.month,
            pressed.because,
            talk.now,
            talk.once,
        )
    except Invalid as refused:
        return _none(talk, pressed.kind, pressed.month, pressed.because, _said(talk, refused))
    return await _list(talk, pressed.kind, pressed.month, say.none_said(pressed.month))


# re-audits


async def due(talk: Talk, pressed: press.ReauditsDue) -> Reply:
    return await _due(talk, offset=pressed.offset)


async def _due(talk: Talk, lead: str | None = None, offset: int = 0) -> Reply:
    view = await reaudits.view_due(talk.store, talk.policy, talk.actor, talk.now, offset)
    return shown(reaudit_cards.due(view, lead))


async def reaudit_form(talk: Talk, pressed: press.ReauditForm) -> Reply:
    try:
        view = await reaudits.form(talk.store, talk.policy, talk.actor, pressed.ref, talk.now)
    except OutOfDate:
        return await _due(talk, say.no_longer_due(one_line(pressed.ref, 40)))
    return shown(reaudit_cards.assign(view))


async def assign(talk: Talk, pressed: press.ReauditAssign) -> Reply:
    try:
        made = await reaudits.assign(
            talk.store, talk.policy, talk.actor, pressed.ref, pressed.who, pressed.when, pressed.reason,
            talk.now, talk.once,
        )  # fmt: skip
    except Invalid as refused:
        filled = {"who": str(pressed.who), "when": str(pressed.when), "reason": pressed.reason}
        view = await reaudits.form(talk.store, talk.policy, talk.actor, pressed.ref, talk.now, filled)
        return shown(reaudit_cards.assign(view, _said(talk, refused)))
    except OutOfDate:
        return await _due(talk, say.no_longer_due(one_line(pressed.ref, 40)))
    return await _given(talk, made.subject, pressed.who, say.assigned)


# what was typed


def _month(slots: Mapping[str, str]) -> Month | None:
    return Month.parse(slots["month"]) if slots.get("month") else None


def _kind(slots: Mapping[str, str], otherwise: Kind) -> Kind:
    said = slots.get("type") or slots.get("kind") or ""
    return Kind(said) if said in set(Kind) else otherwise


async def reaudit_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    """One that is done opens its return; otherwise what is due, or what there is of a month."""
    child = slots.get("child_ref")
    if child and slots.get("status") != "due":
        mine = await reaudits.own_open(talk.store, talk.actor, child, talk.now)
        if mine is not None:
            return await returns.SAID["submit_audit"](talk, {**slots, "ref": mine.ref})
        return await _list(talk, Kind.REAUDIT, None, say.no_open_reaudit(one_line(child, 40)))
    if slots.get("month"):
        return await _list(talk, Kind.REAUDIT, _month(slots))
    return await _due_or_own(talk)


async def _due_or_own(talk: Talk) -> Reply:
    """Somebody who answers for no team is shown their own re-audits."""
    if usecases.sees_teams(talk.actor, talk.today):
        return await _due(talk)
    return await _list(talk, Kind.REAUDIT, None)


async def activity_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    return await _kind_for(talk, slots, _kind(slots, Kind.PRACTICE_REVIEW))


async def thematic_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    return await _kind_for(talk, slots, _kind(slots, Kind.THEMATIC))


async def _kind_for(talk: Talk, slots: Mapping[str, str], kind: Kind) -> Reply:
    """A list to read; a form, filled in, where something is to be done."""
    op, month = slots.get("op", ""), _month(slots)
    if op == "set_up" or slots.get("count"):
        return await _sample(talk, slots, kind)
    if op == "none" and talk.policy.by_kind[kind].may_be_none:
        return _none(talk, kind, month or Month.of(talk.today), slots.get("because", ""))
    if op == "submit":
        filled = {"child": slots.get("child_ref", ""), "theme": slots.get("theme", "")}
        return await _form(talk, kind, "", {name: value for name, value in filled.items() if value})
    return await _list(talk, kind, month)


async def _sample(talk: Talk, slots: Mapping[str, str], kind: Kind) -> Reply:
    """The draw's own form, with what was said filled in."""
    month = _month(slots) or Month.of(talk.today)
    values = {"total": slots.get("count", ""), "theme": slots.get("theme", "")}
    said = {name: value for name, value in values.items() if value}
    view = await draw_views.form(talk.store, talk.policy, talk.actor, month, kind, talk.now, said)
    return shown(issue_cards.form(view, talk.policy))


async def observation_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    """One to be logged opens the form; a question opens the list, with what was seen of one's own supervision."""
    person, reviewed = slots.get("person", ""), slots.get("previous_actions_reviewed", "")
    if not (slots.get("op") == "submit" or reviewed or (person and slots.get("date"))):
        return await _list(talk, Kind.OBSERVATION, _month(slots))
    filled = {
        "day": _day(slots.get("date", ""), talk.today),
        "reviewed": {"true": "yes", "false": "no"}.get(reviewed, ""),
    }
    return await _form(talk, Kind.OBSERVATION, person, {k: v for k, v in filled.items() if v})


def _day(written: str, today: date) -> str:
    """A day that the form can take."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return ""
    return day.isoformat() if day <= today else ""


PRESSED: dict[type[Payload], Pressed] = {
    press.ActivityList: listed,
    press.ActivityLogForm: log_form,
    press.ActivityLog: log,
    press.ActivityAsk: ask,
    press.ActivityNoneForm: none_form,
    press.ActivityNone: none,
    press.ReauditsDue: due,
    press.ReauditForm: reaudit_form,
    press.ReauditAssign: assign,
}
SAID: dict[str, Said] = {
    "reaudit": reaudit_for,
    "thematic_dip": thematic_for,
    "supervision_observation": observation_for,
    "activity": activity_for,
}
