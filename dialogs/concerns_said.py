"""What is typed about children of concern: the right card or form opens, filled in with what was said. Nothing acts by
itself; where several fit, the tracker shows those to choose from."""

from collections.abc import Mapping, Sequence

from dialogs import concern_slots, concerns, cycle
from dialogs import payloads as base
from dialogs.cards.concern_choice import choice
from dialogs.concern_phrases import grounds
from dialogs.neutral import one_line
from dialogs.payloads import concerns as press
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from dialogs.words import concern_answers as answers
from dialogs.words import concern_tracker as say
from dialogs.words import concerns as of_one
from domain.calendar import Month
from domain.concern_rules import Tier
from domain.concern_workflow import Command
from domain.concerns import OPEN, Category, State, Wanted
from domain.errors import NotFound
from domain.usecases import concern_meant, concern_tracker
from domain.views.concerns import ConcernView

Slots = Mapping[str, str]


async def raise_for(talk: Talk, slots: Slots) -> Reply:
    """A child who is on the tracker already is raised again with the same form."""
    filled = {"child": slots.get("child_ref", ""), "category": slots.get("category", "")}
    if slots.get("note"):
        filled["grounds"] = grounds(slots["note"])
    return await concerns.form_of(talk, filled)


async def list_for(talk: Talk, slots: Slots) -> Reply:
    """One child's card, where one is meant; else the tracker, as narrow as it was asked for."""
    if slots.get("child_ref") or slots.get("concern_ref"):
        return await _of_one(talk, slots)
    words = slots.get("said", "")
    place = await concern_tracker.place_in(talk.store, words) if words else ""
    cannot = concern_slots.cannot(words, place)
    return await _tracker(talk, {**slots, "place": place}, say.not_narrowed(cannot) if cannot else None)


async def _of_one(talk: Talk, slots: Slots) -> Reply:
    ref = await _named(talk, slots)
    if ref is not None:
        return await concerns.card_of(talk, ref)
    if slots.get("child_ref"):
        return await cycle.show_for(talk, {"child_ref": slots["child_ref"]})
    raise NotFound(ref=slots.get("concern_ref", ""), kind="concern")


async def _named(talk: Talk, slots: Slots) -> str | None:
    """By the child's reference, or by its own; a child that is known comes before a number that is like it."""
    return await concern_meant.named(
        talk.store, talk.actor, slots.get("child_ref", ""), slots.get("concern_ref", ""), talk.now
    )


async def _tracker(talk: Talk, slots: Slots, lead: str | None = None) -> Reply:
    said = slots.get("state", "")
    month = slots.get("month")
    asked = press.Tracker(
        category="1" if slots.get("category") == "1" else "2" if slots.get("category") == "2" else None,
        state="all" if said == "all" else State(said) if said in set(State) else None,
        identified=Month.parse(month) if month else None,
        place=slots.get("place", "")[:80],
        unanswered=concern_slots.UNANSWERED.search(slots.get("said", "")) is not None,
    )
    return await concerns.tracker_of(talk, asked, lead)


# the steps


async def respond_for(talk: Talk, slots: Slots) -> Reply:
    """ "I have it" opens the card with its button; what somebody tells opens the form of whoever they are to it."""
    if slots.get("op") == "acknowledge":
        return await _step(talk, slots, (Command.ACKNOWLEDGE,))
    return await _step(talk, slots, (Command.RESPOND, Command.UPDATE, Command.EVIDENCE))


async def challenge_for(talk: Talk, slots: Slots) -> Reply:
    if slots.get("op") == "uphold":
        return await _step(talk, slots, (Command.UPHOLD,))
    if slots.get("op") == "recategorise":
        return await _step(talk, slots, (Command.RECATEGORISE, Command.SETTLE, Command.CHALLENGE))
    return await _step(talk, slots, (Command.CHALLENGE, Command.SETTLE))


async def sign_off_for(talk: Talk, slots: Slots) -> Reply:
    """Asked for by the head of service, given or refused by the director."""
    if slots.get("op") == "refuse":
        return await _step(talk, slots, (Command.REFUSE,))
    if slots.get("op") == "submit":
        return await _step(talk, slots, (Command.SUBMIT, Command.REMOVE))
    return await _step(talk, slots, (Command.SIGN_OFF, Command.SUBMIT, Command.REMOVE))


_ON_THE_CARD = frozenset({Command.ACKNOWLEDGE, Command.SIGN_OFF})
"""They need no words: their button is on the card."""


async def _step(talk: Talk, slots: Slots, wanted: Sequence[Command]) -> Reply:
    ref = await _named(talk, slots)
    if ref is None and (slots.get("child_ref") or slots.get("concern_ref")):
        named = one_line(slots.get("child_ref") or slots.get("concern_ref") or "", 40)
        return await _tracker(talk, {}, say.none_named(named))
    if ref is not None:
        return await _form(talk, slots, ref, wanted)
    category = slots.get("category", "")
    found = await concern_meant.waiting_for_step(
        talk.store, talk.policy, talk.actor, Category(int(category)) if category else None, wanted, talk.now
    )
    due = [view for view in found if view.concern.climbing or view.concern.respond_by is not None]
    found = due if due and Command.RESPOND in wanted else found
    if len(found) == 1:
        return await _form(talk, slots, found[0].concern.ref, wanted)
    if found and Command.RESPOND in wanted:
        command = next(one for one in wanted if one in found[0].commands)
        alike = [view for view in found if command in view.commands]
        return shown(choice(alike, command, slots.get("note", "")))
    return await _tracker(talk, {"category": category}, say.which(len(found)))


async def _form(talk: Talk, slots: Slots, ref: str, wanted: Sequence[Command]) -> Reply:
    """The first of these steps that is the reader's now; the card where none is, or where the button is on it."""
    view = await concerns.opened(talk, ref)
    command = next((one for one in wanted if one in view.commands), None)
    if command is None:
        return concerns.card_from(view, _why_not(view, wanted))
    if command in _ON_THE_CARD:
        return concerns.card_from(view)
    return concerns.step_form_from(talk, view, command, _filled(view, command, slots))


def _why_not(view: ConcernView, wanted: Sequence[Command]) -> str:
    signs = view.tiers & {Tier.DIRECTOR, Tier.DCS} and Command.SIGN_OFF in wanted
    if signs and view.concern.state in OPEN - {State.WITH_DIRECTOR}:
        return answers.NOTHING_SUBMITTED
    return of_one.NOT_NOW


async def step_for(talk: Talk, slots: Slots) -> Reply:
    """A step that its own words name: the form of it, else the card. Words that only name it are no report."""
    command = Command(slots["op"])
    if command is not Command.PROCEEDINGS:
        slots = {**slots, "note": grounds(slots.get("note", ""))}
    others = {Command.REMOVE: (Command.SUBMIT, Command.SIGN_OFF)}.get(command, ())
    return await _step(talk, slots, (command, *others))


def _filled(view: ConcernView, command: Command, slots: Slots) -> dict[str, str]:
    """What was said goes into the field for words where it is a report; a bare request to open the step does not."""
    proposed = slots.get("proposed_category", "")
    found = {"note": slots.get("note", "")} if command not in (Command.SUBMIT, Command.REMOVE) else {}
    if command is Command.SETTLE:
        return found | {"category": proposed or slots.get("category", "")}
    if proposed == "2" and view.concern.category is Category.ONE:
        return found | {"wanted": Wanted.CATEGORY_2.value}
    return found


PRESSED: dict[type[base.Payload], Pressed] = {}
SAID: dict[str, Said] = {
    "raise_child_of_concern": raise_for,
    "coc_list": list_for,
    "coc_respond": respond_for,
    "coc_challenge": challenge_for,
    "coc_signoff": sign_off_for,
    "coc_step": step_for,
}
