"""What is typed about moderation, the third lock and the child's record: the right card opens, filled in with what was
said. Nothing acts by itself; where several audits fit, the reader says which."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from dialogs import locking, moderation
from dialogs import payloads as base
from dialogs.cards import moderation_lists as lists
from dialogs.cards.audit import audit_card
from dialogs.cycle import card_of, show_for
from dialogs.payloads import moderation as press
from dialogs.payloads.cycle import AuditShow
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from dialogs.words import moderation as say
from domain.audits import TO_MODERATE, AuditState
from domain.calendar import Month
from domain.cycle import Command
from domain.kinds import Grade, Kind
from domain.permissions import Belongs, Permission, allowed
from domain.ports import AuditFilter
from domain.usecases import audit_views, moderation_views
from domain.views.moderation import SampleWish

Slots = Mapping[str, str]
Open = Callable[[str], Awaitable[Reply]]


def _month(slots: Slots) -> Month | None:
    return Month.parse(slots["month"]) if slots.get("month") else None


def _grade(slots: Slots, name: str = "to_grade") -> Grade | None:
    return Grade(slots[name]) if slots.get(name) in set(Grade) else None


def _grades(slots: Slots) -> tuple[Grade, ...]:
    said = slots.get("grades") or slots.get("grade") or ""
    return tuple(Grade(code) for code in said.split(",") if code in set(Grade))


def _draws(talk: Talk) -> bool:
    return allowed(talk.actor, Permission.MODERATION_ASSIGN, Belongs(), talk.today)


async def assign_for(talk: Talk, slots: Slots) -> Reply:
    """The QA team means the sample, or one audit's moderator; a moderator means their own."""
    if slots.get("op") == "mine" or not _draws(talk):
        return await moderation.mine(talk, press.ModerationMine())
    ref = slots.get("ref") or await _only(talk, slots, AuditFilter(states=TO_MODERATE))
    if ref:
        return await moderation.reassign_of(talk, ref, slots.get("person", ""))
    kind = Kind(slots["kind"]) if slots.get("kind") in set(Kind) else Kind.CORE
    external = slots.get("moderator_type") == "external"
    wish = SampleWish(_month(slots) or Month.of(talk.today), kind, _grades(slots), external)
    return await moderation.sample_of(talk, wish)


async def _only(talk: Talk, slots: Slots, wanted: AuditFilter) -> str | None:
    """The one audit of the child that was said."""
    if not slots.get("child_ref"):
        return None
    found = await moderation_views.candidates(talk.store, talk.actor, _of_child(wanted, slots), talk.now)
    return found.lines[0].ref if found.total == 1 else None


def _of_child(wanted: AuditFilter, slots: Slots) -> AuditFilter:
    month = _month(slots)
    return replace(wanted, child_ref=slots.get("child_ref") or None, months=(month, month) if month else None)


async def _one_of(
    talk: Talk, slots: Slots, wanted: AuditFilter, opens: type[base.Payload], card: Open, title: str
) -> Reply:
    """The audit that was named; the only one that fits; or a list to choose from."""
    if slots.get("ref"):
        return await card(slots["ref"])
    found = await moderation_views.candidates(talk.store, talk.actor, _of_child(wanted, slots), talk.now)
    none = say.NONE_HERE
    if found.total == 1:
        return await card(found.lines[0].ref)
    if not found.total and (slots.get("child_ref") or slots.get("month")):
        none = say.NONE_FITS
    return shown(lists.which(found, opens, title, none=none))


def _to_moderate(talk: Talk) -> AuditFilter:
    return AuditFilter(moderator_id=talk.actor.id, states=TO_MODERATE)


async def record_for(talk: Talk, slots: Slots) -> Reply:
    async def form(ref: str) -> Reply:
        return await moderation.form_of(talk, ref, _grade(slots), slots.get("reason", ""))

    if not (slots.get("ref") or slots.get("child_ref")):
        return await _mine_or_one(talk, form)
    return await _one_of(talk, slots, _to_moderate(talk), press.ModerationOpen, form, say.TITLE)


async def _mine_or_one(talk: Talk, form: Open) -> Reply:
    mine = await moderation_views.to_moderate(talk.store, talk.actor, talk.now)
    return await form(mine.lines[0].ref) if mine.total == 1 else shown(lists.mine(mine))


async def rework_for(talk: Talk, slots: Slots) -> Reply:
    async def form(ref: str) -> Reply:
        return await moderation.form_of(talk, ref, None, slots.get("reason", ""))

    if not (slots.get("ref") or slots.get("child_ref")):
        return await _mine_or_one(talk, form)
    return await _one_of(talk, slots, _to_moderate(talk), press.ModerationOpen, form, say.TITLE)


async def dispute_for(talk: Talk, slots: Slots) -> Reply:
    """Of one's own, unless an audit is named: that it may be disputed by who asks is asked when it opens."""

    async def form(ref: str) -> Reply:
        return await locking.form_of(talk, ref, Command.DISPUTE)

    wanted = AuditFilter(states={AuditState.MODERATED}, within=talk.actor.reach, or_owner=talk.actor.id)
    return await _one_of(talk, slots, wanted, press.DisputeForm, form, say.DISPUTE_TITLE)


async def lock_for(talk: Talk, slots: Slots) -> Reply:
    if slots.get("ref"):
        return await show_for(talk, slots)
    wanted = AuditFilter(states={AuditState.MODERATED, AuditState.DISPUTED})
    listed = await locking.to_lock_of(talk, _month(slots))
    ref = await _only(talk, slots, wanted)
    return await card_of(talk, ref) if ref else listed


async def upload_for(talk: Talk, slots: Slots) -> Reply:
    async def card(ref: str) -> Reply:
        view = await audit_views.view(talk.store, talk.policy, talk.actor, ref, talk.now)
        lead = None if Command.UPLOAD in view.commands else say.not_to_tick(view)
        return shown(audit_card(view, lead), view.audit.ref, view.audit.version)

    if slots.get("ref") or slots.get("child_ref"):
        own = AuditFilter(states={AuditState.LOCKED, AuditState.RETURNED, AuditState.UPLOADED})
        own = own if _draws(talk) else replace(own, auditor_id=talk.actor.id)
        return await _one_of(talk, slots, own, AuditShow, card, say.UPLOAD_TITLE)
    return await locking.to_upload_of(talk, _month(slots))


PRESSED: dict[type[base.Payload], Pressed] = {}
SAID: dict[str, Said] = {
    "assign_moderation": assign_for,
    "record_moderation": record_for,
    "return_for_rework": rework_for,
    "dispute_grade": dispute_for,
    "third_lock": lock_for,
    "upload": upload_for,
}
