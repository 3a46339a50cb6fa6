"""Handlers of everything about exemptions: parse, call one use case, render."""

from collections.abc import Mapping

from dialogs import payloads as press
from dialogs import words
from dialogs.cards import exemptions as cards
from dialogs.cards import lists
from dialogs.cards import requests as forms
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from domain.calendar import Month
from domain.errors import Invalid, NotAllowed, NotFound, OutOfDate
from domain.exemptions import Command, Exemption
from domain.permissions import Permission, Reaching, reaching
from domain.ports import ExemptionFilter, Outcome
from domain.usecases import exemption_views as views
from domain.usecases import exemptions as usecases
from domain.usecases.concern_meant import waiting_for as concerns_of
from domain.usecases.moderation_views import work_of
from domain.usecases.request_views import waiting_for as waiting_for_audits


async def show(talk: Talk, pressed: press.ExemptionShow) -> Reply:
    return await card_of(talk, pressed.ref)


async def card_of(talk: Talk, ref: str, lead: str | None = None) -> Reply:
    """The exemption as it is now, for this viewer. Raises NotFound, NotAllowed."""
    view = await views.view(talk.store, talk.policy, talk.actor, ref, talk.now)
    return shown(cards.exemption(view, lead), view.exemption.ref, view.exemption.version)


async def _card_after(talk: Talk, ref: str, outcome: Outcome | None = None) -> Reply:
    """After a command, whose own commit has remembered what the pressed card shows from now on."""
    left = outcome.left if outcome and isinstance(outcome.left, Exemption) else None
    view = await views.view(talk.store, talk.policy, talk.actor, ref, talk.now, left)
    return shown(cards.exemption(view), ref)


async def show_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    return await card_of(talk, slots.get("ref", ""))


async def form(talk: Talk, pressed: press.ExemptionForm) -> Reply:
    filled = {"reason": pressed.reason or "", "month": str(pressed.month or "")}
    return await _form(talk, filled, others=pressed.others, find=pressed.find)


async def form_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    """From what was typed. A head of service who does not audit means their managers; who may only look is shown
    what there is."""
    if not _reach(talk) and _sees_others(talk):
        return await listing_for(talk, slots)
    others = slots.get("for") == "others" or not _asks_for_self(talk)
    if others and _reach(talk) < Reaching.SERVICE:
        others = False
    filled = {name: slots[name] for name in ("reason", "month", "explanation") if slots.get(name)}
    return await _form(talk, filled, others=others)


def _asks_for_self(talk: Talk) -> bool:
    return any(role.value in ("auditor", "moderator") for role in talk.actor.roles)


def _reach(talk: Talk) -> int:
    return reaching(talk.actor, Permission.EXEMPTION_REQUEST, talk.today) or 0


async def _form(
    talk: Talk, filled: Mapping[str, str], *, others: bool, find: str = "", refused: Invalid | None = None
) -> Reply:
    view = await views.form(talk.store, talk.policy, talk.actor, talk.now, filled, others=others)
    problem = words.refusal(refused, talk.policy.texts.qa_contact) if refused else None
    longest = talk.policy.exemptions.note_longest
    return shown(forms.request_form(view, find=find, longest=longest, problem=problem, others=others))


async def request(talk: Talk, pressed: press.ExemptionRequest) -> Reply:
    wanted = usecases.Request(pressed.month, pressed.reason, pressed.explanation, pressed.people)
    try:
        outcome = await usecases.request(talk.store, talk.policy, talk.actor, wanted, talk.now, talk.once)
    except Invalid as refused:
        return await _refused_request(talk, pressed, refused)
    refs = outcome.facts["refs"].split(";")
    if len(refs) == 1:
        return await _card_after(talk, refs[0])
    made = [await views.view(talk.store, talk.policy, talk.actor, ref, talk.now) for ref in refs]
    return shown(forms.requested(made))


async def _refused_request(talk: Talk, pressed: press.ExemptionRequest, refused: Invalid) -> Reply:
    """The same form with what was filled in; a request that is there already is shown instead."""
    if refused.code == "already_requested" and refused.facts.get("ref") and not pressed.people:
        return await card_of(talk, refused.facts["ref"], words.refusal(refused, talk.policy.texts.qa_contact))
    filled = {
        "month": str(pressed.month),
        "reason": pressed.reason,
        "explanation": pressed.explanation,
        "people": ",".join(str(person) for person in pressed.people),
    }
    return await _form(talk, filled, others=pressed.others, find=pressed.find, refused=refused)


COMMANDS: dict[type[press.Decision], Command] = {
    press.Endorse: Command.ENDORSE,
    press.Approve: Command.APPROVE,
    press.Decline: Command.DECLINE,
    press.AskBack: Command.ASK_BACK,
    press.Answer: Command.ANSWER,
    press.Withdraw: Command.WITHDRAW,
}


async def decide(talk: Talk, pressed: press.Decision) -> Reply:
    """Any step on an exemption. A stale press, and one of somebody who is not asked any more, gets the card as it is
    now, and says so; who may not see it gets the refusal alone."""
    note = str(getattr(pressed, "note", ""))
    command = COMMANDS[type(pressed)]
    try:
        outcome = await usecases.decide(
            talk.store,
            talk.policy,
            talk.actor,
            pressed.ref,
            pressed.version,
            command,
            note,
            talk.now,
            talk.once,
        )
    except (OutOfDate, NotAllowed) as refused:
        try:
            return await card_of(talk, pressed.ref, words.refusal(refused, talk.policy.texts.qa_contact))
        except (NotAllowed, NotFound):
            raise refused from None
    except Invalid as refused:
        # A message and no card: what was typed stays where it is, to be mended.
        return Reply(text=words.refusal(refused, talk.policy.texts.qa_contact))
    return await _card_after(talk, pressed.ref, outcome)


async def waiting(talk: Talk, pressed: press.ExemptionWaiting) -> Reply:
    view = await views.waiting(talk.store, talk.actor, talk.now, pressed.offset)
    requests = await waiting_for_audits(talk.store, talk.actor, talk.now)
    work = await work_of(talk.store, talk.actor, talk.now)
    concerns = await concerns_of(talk.store, talk.policy, talk.actor, talk.now)
    reasons = talk.policy.exemptions.by_code
    return shown(
        lists.waiting(view, reasons, requests=requests, work=work, concerns=concerns, today=talk.today)
    )


async def listing(talk: Talk, pressed: press.ExemptionList) -> Reply:
    wanted = ExemptionFilter(
        month=pressed.month,
        reason=pressed.reason,
        states=frozenset({pressed.state}) if pressed.state else None,
    )
    found = await views.listing(talk.store, talk.actor, talk.now, wanted, pressed.offset)
    return shown(lists.exemptions(found, pressed, talk.policy.exemptions.by_code))


async def listing_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    """Of this month unless another is said; of every month for somebody who has only their own to see."""
    month = Month.parse(slots["month"]) if slots.get("month") else None
    if month is None and _sees_others(talk):
        month = Month.of(talk.today)
    reason = slots.get("reason") or None
    return await listing(talk, press.ExemptionList(month=month, reason=reason))


def _sees_others(talk: Talk) -> bool:
    return (reaching(talk.actor, Permission.EXEMPTION_VIEW, talk.today) or 0) > Reaching.OWN


async def decision_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    """A decision in words opens the card that it is about, or the list: nothing is decided by a sentence."""
    return await (show_for(talk, slots) if slots.get("ref") else waiting_for(talk, slots))


async def waiting_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    return await waiting(talk, press.ExemptionWaiting())


PRESSED: dict[type[press.Payload], Pressed] = {
    press.ExemptionForm: form,
    press.ExemptionRequest: request,
    press.ExemptionShow: show,
    **dict.fromkeys(COMMANDS, decide),
    press.ExemptionWaiting: waiting,
    press.ExemptionList: listing,
}
SAID: dict[str, Said] = {
    "request_exemption": form_for,
    "exemption_waiting": waiting_for,
    "exemption_decision": decision_for,
    "exemption_list": listing_for,
    "exemption_show": show_for,
}
