"""Handlers of everything about audits."""

from collections.abc import Mapping

from dialogs import payloads as press
from dialogs import words
from dialogs.cards import audits as cards
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from domain.calendar import Month
from domain.errors import Invalid, OutOfDate
from domain.usecases import audits as usecases
from domain.usecases import freeing


async def mine(talk: Talk, pressed: press.MyAudit) -> Reply:
    return shown(
        cards.my_audits(
            await usecases.my_audits(talk.store, talk.policy, talk.actor, talk.now, pressed.month)
        )
    )


async def mine_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    month = Month.parse(slots["month"]) if slots.get("month") else None
    return await mine(talk, press.MyAudit(month=month))


async def freed(talk: Talk, pressed: press.FreedShow) -> Reply:
    return await freed_card(talk, pressed.ref, find=pressed.find)


async def freed_card(talk: Talk, ref: str, lead: str | None = None, find: str = "") -> Reply:
    """Raises NotAllowed, NotFound."""
    view = await freeing.view_freed(talk.store, talk.actor, ref, talk.now)
    return shown(cards.freed(view, find=find, lead=lead), view.audit.ref, view.audit.version)


async def give(talk: Talk, pressed: press.Give) -> Reply:
    try:
        await freeing.give(
            talk.store, talk.actor, pressed.ref, pressed.version, pressed.auditor, talk.now, talk.once
        )
    except (OutOfDate, Invalid) as refused:
        return await freed_card(talk, pressed.ref, words.refusal(refused, talk.policy.texts.qa_contact))
    return await freed_card(talk, pressed.ref)


PRESSED: dict[type[press.Payload], Pressed] = {press.MyAudit: mine, press.FreedShow: freed, press.Give: give}
SAID: dict[str, Said] = {"my_audits": mine_for, "audit_deadline": mine_for}
