"""Handlers of one audit, whoever looks at it."""

from collections.abc import Mapping

from dialogs import payloads as press
from dialogs.cards import child_audits as cards
from dialogs.cards.audit import audit_card
from dialogs.cards.audit_pages import audit_read
from dialogs.cards.parts import NAME_LONGEST
from dialogs.neutral import one_line
from dialogs.payloads.cycle import AuditRead, AuditShow
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from dialogs.words import child_audits as say
from dialogs.words import own_step
from dialogs.words import participation as part_words
from domain.audits import Audit, AuditState
from domain.calendar import Month
from domain.ports import Outcome
from domain.usecases import audit_views, child_audits
from domain.views.audits import AuditView, Reader


async def card_of(talk: Talk, ref: str, lead: str | None = None) -> Reply:
    """The audit as it is now, for this reader. Raises NotFound, NotAllowed."""
    view = await audit_views.view(talk.store, talk.policy, talk.actor, ref, talk.now)
    return shown(audit_card(view, lead), view.audit.ref, view.audit.version)


async def card_after(talk: Talk, ref: str, lead: str | None = None, outcome: Outcome | None = None) -> Reply:
    """After a command, whose own commit has remembered what the pressed card shows from now on. It begins with what was
    done, and who is told of it: `lead`, else as the card's update says it too."""
    left = outcome.left if outcome and isinstance(outcome.left, Audit) else None
    view = await audit_views.view(talk.store, talk.policy, talk.actor, ref, talk.now, left)
    return shown(audit_card(view, lead or own_step.done(view)), ref)


async def show(talk: Talk, pressed: AuditShow) -> Reply:
    return await card_of(talk, pressed.ref)


async def show_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    """Councils number their audits as they like; ours begin with A-, in whatever case it was typed."""
    ref = slots.get("ref") or slots.get("audit_ref") or ""
    if slots.get("child_ref") and not ref:
        return await _of_child(talk, slots["child_ref"], slots.get("month"))
    return await card_of(talk, ref)


async def _of_child(talk: Talk, child: str, month: str | None) -> Reply:
    """The one audit of the child that the asker may see, those to choose from, or that there is none to show."""
    of = Month.parse(month) if month else None
    audits, total = await child_audits.of_child(talk.store, talk.actor, child, of, talk.now)
    if not audits:
        return Reply(text=say.none(one_line(child, 40), of, talk.policy.texts.qa_contact))
    if total > 1:
        return shown(cards.several(child, audits, total))
    view = await audit_views.view(talk.store, talk.policy, talk.actor, audits[0].ref, talk.now)
    return shown(audit_card(view, _coming(view)), view.audit.ref, view.audit.version)


def _coming(view: AuditView) -> str | None:
    """To the child's social worker, who is asked for their part until it is returned."""
    asked = view.reader is Reader.WORKER and view.takes_part and view.audit.state is AuditState.ISSUED
    if not asked:
        return None
    child, auditor = view.audit.child_ref or "", view.name(view.audit.auditor_id)
    return part_words.coming(view.audit, one_line(child, 40), one_line(auditor, NAME_LONGEST))


async def read(talk: Talk, pressed: AuditRead) -> Reply:
    view = await audit_views.view(talk.store, talk.policy, talk.actor, pressed.ref, talk.now)
    return shown(audit_read(view, pressed.offset))


PRESSED: dict[type[press.Payload], Pressed] = {AuditShow: show, AuditRead: read}
SAID: dict[str, Said] = {"audit_show": show_for}
