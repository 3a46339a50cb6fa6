"""Handlers of children of concern: parse, call one use case, render."""

import json
from collections.abc import Awaitable, Mapping

from dialogs import payloads as base
from dialogs import words
from dialogs.cards import concern_tracker as tracker_cards
from dialogs.cards.concern_forms import FORMS, step_form
from dialogs.cards.concern_raising import is_it_one, raise_form
from dialogs.cards.concern_timeline import timeline as timeline_card
from dialogs.cards.concerns import concern_card
from dialogs.cards.fitting import BUDGET
from dialogs.cards.parts import Rendered
from dialogs.cards.people import note
from dialogs.intents import understand
from dialogs.payloads import concerns as press
from dialogs.payloads.base import filled_in
from dialogs.slots import child_in
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from dialogs.words import concern_urgent as urgent
from dialogs.words import concerns as say
from domain.alerts import Seat
from domain.concern_workflow import Command
from domain.concerns import OPEN, Category, State
from domain.errors import DomainError, Invalid, NotAllowed, NotFound, OutOfDate
from domain.ports import Outcome
from domain.usecases import alerting, concern_form, concern_raising, concern_tracker, concern_views
from domain.usecases import concerns as usecases
from domain.usecases.concerns import Said as Filled
from domain.usecases.transaction import refuse
from domain.views.concerns import ConcernView


def refused_words(talk: Talk, refused: DomainError) -> str:
    return words.refusal(refused, talk.policy.texts.qa_contact)


async def opened(talk: Talk, ref: str) -> ConcernView:
    """The look at a Category 1 is in the trail, and so is one that is refused. Raises NotFound, NotAllowed."""
    try:
        return await concern_views.open_view(talk.store, talk.policy, talk.actor, ref, talk.now)
    except NotAllowed as refused:
        await refuse(talk.store, talk.actor.id, talk.now, refused.code, ref)
        raise


async def card_of(talk: Talk, ref: str, lead: str | None = None) -> Reply:
    """Raises NotFound, NotAllowed."""
    return card_from(await opened(talk, ref), lead)


def card_from(view: ConcernView, lead: str | None = None) -> Reply:
    return shown(concern_card(view, lead), view.concern.ref, view.concern.version)


async def card_after(talk: Talk, ref: str, lead: str | None = None) -> Reply:
    """After a step, which is in the trail itself."""
    view = await concern_views.view(talk.store, talk.policy, talk.actor, ref, talk.now)
    return shown(concern_card(view, lead), ref)


async def show(talk: Talk, pressed: press.ConcernShow) -> Reply:
    return await card_of(talk, pressed.ref)


async def timeline(talk: Talk, pressed: press.Timeline) -> Reply:
    return shown(timeline_card(await opened(talk, pressed.ref), pressed.offset))


# raising


async def in_danger(talk: Talk, said: str) -> Reply:
    """After the safeguarding route, which was said first: the form, for the worse case."""
    await concern_form.said_danger(talk.store, talk.actor, talk.now)
    return await form_of(talk, {"child": child_in(said), "category": "1"}, danger=True)


async def open_raise_form(talk: Talk, pressed: press.RaiseForm) -> Reply:
    filled = {"child": pressed.child, "category": pressed.category or ""}
    if pressed.grounds_of:
        filled["grounds"] = await _own_grounds(talk, pressed.grounds_of)
    return await form_of(talk, filled, audit=pressed.audit, danger=pressed.danger)


async def _own_grounds(talk: Talk, ref: str) -> str:
    """What the reader wrote last of why it is a concern; empty where the record is not shown to them."""
    try:
        view = await opened(talk, ref)
    except (NotAllowed, NotFound):
        return ""
    mine = [line.note for line in view.steps if line.by_id == talk.actor.id and line.command in _RAISES]
    return mine[-1] if mine else ""


_RAISES = ("raise", Command.RAISE_AGAIN.value)


async def form_of(
    talk: Talk, filled: Mapping[str, str], *, audit: str | None = None, danger: bool = False, problem: str | None = None
) -> Reply:  # fmt: skip
    view = await concern_form.raise_form(talk.store, talk.policy, talk.actor, filled, talk.now, danger=danger)
    longest = talk.policy.concerns.text_longest
    return _form(raise_form(view, longest=longest, audit=audit, problem=problem), problem)


async def raise_(talk: Talk, pressed: press.Raise) -> Reply:
    """What was filled in stays where it is refused: nobody writes twice about a child in danger."""
    wish = concern_raising.RaiseWish(
        child_ref=pressed.child, category=pressed.category, grounds=pressed.grounds,
        team_name=pressed.team or None, audit_ref=pressed.audit,
    )  # fmt: skip
    try:
        done = await concern_raising.raise_concern(
            talk.store, talk.policy, talk.actor, wish, talk.now, talk.once
        )
    except Invalid as refused:
        filled = {
            "child": pressed.child,
            "category": pressed.category,
            "grounds": pressed.grounds,
            "team": pressed.team,
        }
        problem = refused_words(talk, refused)
        return await form_of(talk, filled, audit=pressed.audit, danger=pressed.danger, problem=problem)
    if done.facts.get("category") == "2" and understand(pressed.grounds, talk.today).name == "danger":
        return shown(is_it_one(done.subject, pressed.child, talk.policy.texts.safeguarding))
    return await _raised(talk, done, pressed.category)


async def _raised(talk: Talk, done: Outcome, category: str) -> Reply:
    """The card; to somebody to whom the record of another's is not shown, that theirs is kept, and who is told."""
    ref, told = done.subject, done.facts.get("told") != "0"
    try:
        view = await concern_views.view(talk.store, talk.policy, talk.actor, ref, talk.now)
    except NotAllowed:
        route = talk.policy.texts.safeguarding
        return shown(note(ref, urgent.kept(ref, alerts=category != "2", told=told, safeguarding=route)))
    return shown(concern_card(view, urgent.raised(view, again=done.facts.get("again") == "yes")), ref)


# the alert


async def acknowledge(talk: Talk, pressed: press.Acknowledge) -> Reply:
    """An older card's button works as well: who acknowledged is what counts."""
    done = await alerting.acknowledge(talk.store, talk.policy, talk.actor, pressed.ref, talk.now, talk.once)
    view = await concern_views.view(talk.store, talk.policy, talk.actor, pressed.ref, talk.now)
    alert = view.concern.alert
    open_seats: tuple[Seat, ...] = alert.open_seats if alert else ()
    lead = say.took(open_seats, seen_only=not done.facts.get("seats"))
    return shown(concern_card(view, lead), pressed.ref)


# the steps


async def open_form(talk: Talk, pressed: press.StepForm) -> Reply:
    return await step_form_of(
        talk, pressed.ref, pressed.command, {"note": pressed.note} if pressed.note else {}
    )


async def step_form_of(
    talk: Talk, ref: str, command: Command, filled: Mapping[str, str], problem: str | None = None
) -> Reply:
    """The form, or the card as it is now where the step is not this reader's (any more)."""
    return step_form_from(talk, await opened(talk, ref), command, filled, problem)


def step_form_from(
    talk: Talk, view: ConcernView, command: Command, filled: Mapping[str, str], problem: str | None = None
) -> Reply:
    if command not in view.commands or command not in FORMS:
        return card_from(view, say.NOT_NOW)
    longest = talk.policy.concerns.text_longest
    return _form(step_form(view, command, longest=longest, filled=filled, problem=problem), problem)


def _form(rendered: Rendered, problem: str | None) -> Reply:
    """With all that was typed. Where that is too much for a card, a message: the card stays as it is, with what was
    typed in it."""
    if problem and len(json.dumps(rendered.card)) > BUDGET:
        return Reply(text=problem)
    return shown(rendered)


async def stepped(talk: Talk, command: Command, pressed: press.AnyStep) -> Reply:
    """Takes the step and shows the card. What was typed stays in the form where it is refused; a stale press, and one
    of somebody who may not any more, gets the card as it is now."""
    said = _said(pressed)
    moved = getattr(pressed, "moved", None)
    step: Awaitable[Outcome] = usecases.act(
        talk.store, talk.policy, talk.actor, pressed.ref, command, said, talk.now, talk.once, moved=moved
    )
    try:
        await step
    except Invalid as refused:
        if command not in FORMS:
            return await card_of(talk, pressed.ref, refused_words(talk, refused))
        return await step_form_of(
            talk,
            pressed.ref,
            command,
            filled_in(pressed.model_dump(mode="json")),
            refused_words(talk, refused),
        )
    except (OutOfDate, NotAllowed) as refused:
        try:
            return await card_of(talk, pressed.ref, refused_words(talk, refused))
        except (NotAllowed, NotFound):
            raise refused from None
    return await card_after(talk, pressed.ref, say.DONE.get(command))


def _said(pressed: press.AnyStep) -> Filled:
    category = getattr(pressed, "category", None)
    return Filled(
        note=getattr(pressed, "note", ""),
        evidence=getattr(pressed, "evidence", ""),
        category=Category(int(category)) if category else None,
        wanted=getattr(pressed, "wanted", None),
        child=getattr(pressed, "child", ""),
        team=getattr(pressed, "team", ""),
    )


def _step(command: Command) -> Pressed:
    async def handler(talk: Talk, pressed: press.AnyStep) -> Reply:
        return await stepped(talk, command, pressed)

    return handler


# the tracker


async def tracker(talk: Talk, pressed: press.Tracker) -> Reply:
    return await tracker_of(talk, pressed)


async def tracker_of(talk: Talk, asked: press.Tracker, lead: str | None = None) -> Reply:
    wish = concern_tracker.Wish(
        category=Category(int(asked.category)) if asked.category else None,
        states=_states(asked.state),
        identified=asked.identified,
        place=asked.place,
        unanswered=asked.unanswered,
        offset=asked.offset,
    )
    view = await concern_tracker.tracker(talk.store, talk.policy, talk.actor, wish, talk.now)
    return shown(tracker_cards.tracker(view, asked, lead))


def _states(asked: str | None) -> frozenset[State]:
    if asked == "all":
        return frozenset(State)
    return OPEN if asked in (None, "open") else frozenset({State(asked)})


STEPS: dict[type[base.Payload], Command] = {
    press.Respond: Command.RESPOND,
    press.Update: Command.UPDATE,
    press.Evidence: Command.EVIDENCE,
    press.AskTeam: Command.ASK_TEAM,
    press.Proceedings: Command.PROCEEDINGS,
    press.TakeBack: Command.TAKE_BACK,
    press.Settle: Command.SETTLE,
    press.Worsen: Command.WORSEN,
    press.Challenge: Command.CHALLENGE,
    press.Uphold: Command.UPHOLD,
    press.Recategorise: Command.RECATEGORISE,
    press.Submit: Command.SUBMIT,
    press.SignOff: Command.SIGN_OFF,
    press.Refuse: Command.REFUSE,
    press.Remove: Command.REMOVE,
    press.ReopenConcern: Command.REOPEN,
    press.CorrectConcern: Command.CORRECT,
}
PRESSED: dict[type[base.Payload], Pressed] = {
    press.RaiseForm: open_raise_form,
    press.Raise: raise_,
    press.ConcernShow: show,
    press.Timeline: timeline,
    press.Tracker: tracker,
    press.Acknowledge: acknowledge,
    press.StepForm: open_form,
    **{payload: _step(command) for payload, command in STEPS.items()},
}
SAID: dict[str, Said] = {}
