"""Handlers of one audit, whoever looks at it."""

from collections.abc import Mapping

from dialogs import payloads as press
from dialogs.cards.audit import audit_card
from dialogs.cards.audit_pages import audit_read
from dialogs.payloads.cycle import AuditRead, AuditShow
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from domain.usecases import audit_views


async def card_of(talk: Talk, ref: str, lead: str | None = None) -> Reply:
    """The audit as it is now, for this reader. Raises NotFound, NotAllowed."""
    view = await audit_views.view(talk.store, talk.policy, talk.actor, ref, talk.now)
    return shown(audit_card(view, lead), view.audit.ref, view.audit.version)


async def card_after(talk: Talk, ref: str, lead: str | None = None) -> Reply:
    """After a command, whose own commit has remembered what the pressed card shows from now on."""
    view = await audit_views.view(talk.store, talk.policy, talk.actor, ref, talk.now)
    return shown(audit_card(view, lead), ref)


async def show(talk: Talk, pressed: AuditShow) -> Reply:
    return await card_of(talk, pressed.ref)


async def show_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    """Councils number their audits as they like; ours begin with A-, in whatever case it was typed."""
    return await card_of(talk, slots.get("ref") or slots.get("audit_ref") or "")


async def read(talk: Talk, pressed: AuditRead) -> Reply:
    view = await audit_views.view(talk.store, talk.policy, talk.actor, pressed.ref, talk.now)
    return shown(audit_read(view, pressed.offset))


PRESSED: dict[type[press.Payload], Pressed] = {AuditShow: show, AuditRead: read}
SAID: dict[str, Said] = {"audit_show": show_for}
