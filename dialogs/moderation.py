"""Handlers of the moderation sample and of judging a return: parse, call one use case, render."""

from collections.abc import Awaitable

from dialogs import payloads as base
from dialogs import words
from dialogs.cards import moderation as cards
from dialogs.cards import moderation_lists as lists
from dialogs.cycle import card_after, card_of
from dialogs.payloads import moderation as press
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from dialogs.words import moderation as say
from domain.calendar import Month
from domain.cycle import Command
from domain.errors import DomainError, Invalid, NotAllowed, NotFound, OutOfDate
from domain.kinds import Grade
from domain.ports import Outcome
from domain.usecases import audit_views, moderation_views, sampling
from domain.usecases import moderation as usecases
from domain.views.moderation import SampleWish


def said(talk: Talk, refused: DomainError) -> str:
    return words.refusal(refused, talk.policy.texts.qa_contact)


async def stepped(talk: Talk, ref: str, step: Awaitable[Outcome]) -> Reply:
    """The card of the audit after a step. A stale press, and one of somebody who may not any more, gets the card as it
    is now and says so; who may not see it gets the refusal alone. What was filled in wrongly stays where it is."""
    try:
        outcome = await step
    except (OutOfDate, NotAllowed) as refused:
        try:
            return await card_of(talk, ref, said(talk, refused))
        except (NotAllowed, NotFound):
            raise refused from None
    except Invalid as refused:
        return Reply(text=said(talk, refused))
    try:
        return await card_after(talk, ref, outcome=outcome)
    except NotAllowed:
        return Reply(text=say.DONE_AND_GONE)


# judging


async def open_(talk: Talk, pressed: press.ModerationOpen) -> Reply:
    return await form_of(talk, pressed.ref)


async def form_of(talk: Talk, ref: str, grade: Grade | None = None, reason: str = "") -> Reply:
    """The form; the audit's card where it is not the actor's to judge (any more). Raises NotFound, NotAllowed."""
    view = await audit_views.view(talk.store, talk.policy, talk.actor, ref, talk.now)
    if Command.MODERATE not in view.commands:
        return await card_of(talk, ref, say.NOT_TO_JUDGE)
    longest = talk.policy.exemptions.note_longest
    return shown(cards.form(view, longest=longest, said=grade, reason=reason))


async def agree(talk: Talk, pressed: press.Agree) -> Reply:
    step = usecases.moderate(
        talk.store, talk.policy, talk.actor, pressed.ref, pressed.version, None, "", talk.now, talk.once
    )
    return await stepped(talk, pressed.ref, step)


async def change(talk: Talk, pressed: press.ChangeGrade) -> Reply:
    step = usecases.moderate(
        talk.store, talk.policy, talk.actor, pressed.ref, pressed.version,
        pressed.moderated_grade, pressed.note, talk.now, talk.once,
    )  # fmt: skip
    return await stepped(talk, pressed.ref, step)


async def send_back(talk: Talk, pressed: press.SendBack) -> Reply:
    step = usecases.send_back(
        talk.store, talk.policy, talk.actor, pressed.ref, pressed.version,
        pressed.why, pressed.what_to_do, talk.now, talk.once,
    )  # fmt: skip
    return await stepped(talk, pressed.ref, step)


async def mine(talk: Talk, pressed: press.ModerationMine) -> Reply:
    return shown(
        lists.mine(await moderation_views.to_moderate(talk.store, talk.actor, talk.now, pressed.offset))
    )


# the sample


async def sample(talk: Talk, pressed: press.SampleForm) -> Reply:
    month = pressed.month or Month.of(talk.today)
    return await sample_of(
        talk, SampleWish(month, pressed.kind, pressed.grades, pressed.moderators == "external")
    )


async def sample_of(talk: Talk, wish: SampleWish, lead: str | None = None) -> Reply:
    view = await sampling.look(talk.store, talk.policy, talk.actor, wish, talk.now)
    return shown(cards.sample(view, lead))


async def confirm(talk: Talk, pressed: press.SampleConfirm) -> Reply:
    wish = SampleWish(pressed.month, pressed.kind, pressed.grades, pressed.moderators == "external")
    try:
        made = await sampling.confirm(
            talk.store, talk.policy, talk.actor, wish, pressed.digest, talk.now, talk.once
        )
    except (OutOfDate, Invalid) as refused:
        return await sample_of(talk, wish, said(talk, refused))
    named, kept = int(made.facts["count"]), int(made.facts.get("left_out", "0"))
    return await sample_of(talk, wish, say.confirmed_sample(named, kept))


async def reassign_form(talk: Talk, pressed: press.ReassignForm) -> Reply:
    return await reassign_of(talk, pressed.ref, pressed.find)


async def reassign_of(talk: Talk, ref: str, find: str = "", refused: Invalid | None = None) -> Reply:
    try:
        view = await sampling.reassign_form(talk.store, talk.policy, talk.actor, ref, talk.now)
    except OutOfDate as late:
        return await card_of(talk, ref, said(talk, late))
    problem = said(talk, refused) if refused else None
    longest = talk.policy.exemptions.note_longest
    return shown(cards.reassign(view, longest=longest, find=find, problem=problem))


async def reassign(talk: Talk, pressed: press.Reassign) -> Reply:
    step = sampling.reassign(
        talk.store, talk.policy, talk.actor, pressed.ref, pressed.version,
        pressed.moderator, pressed.note, talk.now, talk.once,
    )  # fmt: skip
    try:
        return await _stepped_or_invalid(talk, pressed.ref, step)
    except Invalid as refused:
        return await reassign_of(talk, pressed.ref, refused=refused)


async def _stepped_or_invalid(talk: Talk, ref: str, step: Awaitable[Outcome]) -> Reply:
    try:
        await step
    except OutOfDate as refused:
        return await card_of(talk, ref, said(talk, refused))
    return await card_after(talk, ref)


PRESSED: dict[type[base.Payload], Pressed] = {
    press.ModerationOpen: open_,
    press.ModerationMine: mine,
    press.Agree: agree,
    press.ChangeGrade: change,
    press.SendBack: send_back,
    press.SampleForm: sample,
    press.SampleConfirm: confirm,
    press.ReassignForm: reassign_form,
    press.Reassign: reassign,
}
SAID: dict[str, Said] = {}
"""What is typed about moderation is understood in `dialogs/moderation_said.py`."""
