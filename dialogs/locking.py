"""Handlers of disputes, the third lock and the child's record: parse, call one use case, render."""

from dialogs import payloads as base
from dialogs.cards import grade_forms as forms
from dialogs.cards import moderation_lists as lists
from dialogs.cycle import card_of
from dialogs.moderation import said, stepped
from dialogs.payloads import moderation as press
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from dialogs.words import moderation as say
from domain.audits import AuditState
from domain.calendar import Month
from domain.cycle import Command
from domain.errors import OutOfDate
from domain.usecases import audit_views, locking, moderation_views, uploading

_FORMS = {
    Command.DISPUTE: forms.dispute,
    Command.LOCK: forms.decide,
    Command.REOPEN: forms.reopen,
    Command.UNTICK: forms.untick,
}


async def form_of(talk: Talk, ref: str, command: Command) -> Reply:
    """The form of a command; the audit's card where the actor cannot give it now. Raises NotFound, NotAllowed."""
    view = await audit_views.view(talk.store, talk.policy, talk.actor, ref, talk.now)
    if command not in view.commands:
        return await card_of(
            talk, ref, say.not_to_dispute(view) if command is Command.DISPUTE else say.NOT_NOW
        )
    return shown(_FORMS[command](view, longest=talk.policy.exemptions.note_longest))


async def dispute_form(talk: Talk, pressed: press.DisputeForm) -> Reply:
    return await form_of(talk, pressed.ref, Command.DISPUTE)


async def lock_form(talk: Talk, pressed: press.LockForm) -> Reply:
    return await form_of(talk, pressed.ref, Command.LOCK)


async def reopen_form(talk: Talk, pressed: press.ReopenForm) -> Reply:
    return await form_of(talk, pressed.ref, Command.REOPEN)


async def untick_form(talk: Talk, pressed: press.UntickForm) -> Reply:
    return await form_of(talk, pressed.ref, Command.UNTICK)


async def dispute(talk: Talk, pressed: press.Dispute) -> Reply:
    step = locking.dispute(
        talk.store, talk.policy, talk.actor, pressed.ref, pressed.version, pressed.note, talk.now, talk.once
    )
    return await stepped(talk, pressed.ref, step)


async def lock(talk: Talk, pressed: press.Lock) -> Reply:
    step = locking.lock(
        talk.store, talk.policy, talk.actor, pressed.ref, pressed.version, talk.now, talk.once
    )
    return await stepped(talk, pressed.ref, step)


async def decide(talk: Talk, pressed: press.LockDecide) -> Reply:
    step = locking.lock(
        talk.store, talk.policy, talk.actor, pressed.ref, pressed.version, talk.now, talk.once,
        grade=pressed.final_grade, note=pressed.note,
    )  # fmt: skip
    return await stepped(talk, pressed.ref, step)


async def reopen(talk: Talk, pressed: press.Reopen) -> Reply:
    step = locking.reopen(
        talk.store, talk.policy, talk.actor, pressed.ref, pressed.version, pressed.note, talk.now, talk.once
    )
    return await stepped(talk, pressed.ref, step)


async def to_lock(talk: Talk, pressed: press.ToLock) -> Reply:
    return await to_lock_of(talk, pressed.month, pressed.offset)


async def to_lock_of(talk: Talk, month: Month | None, offset: int = 0, lead: str | None = None) -> Reply:
    view = await moderation_views.to_lock(talk.store, talk.actor, month, talk.now, offset)
    return shown(lists.to_lock(view, lead))


async def lock_read(talk: Talk, pressed: press.LockRead) -> Reply:
    return await _lock_read(talk, pressed.month)


async def _lock_read(talk: Talk, month: Month | None, lead: str | None = None) -> Reply:
    return shown(
        lists.lock_read(await moderation_views.to_lock(talk.store, talk.actor, month, talk.now), lead)
    )


async def lock_many(talk: Talk, pressed: press.LockMany) -> Reply:
    try:
        made = await locking.lock_many(
            talk.store, talk.actor, pressed.month, pressed.digest, talk.now, talk.once
        )
    except OutOfDate as refused:
        return await _lock_read(talk, pressed.month, said(talk, refused))
    return await to_lock_of(talk, pressed.month, lead=say.confirmed(int(made.facts["count"])))


# the child's record


async def to_upload(talk: Talk, pressed: press.ToUpload) -> Reply:
    return await to_upload_of(talk, pressed.month, pressed.offset)


async def to_upload_of(talk: Talk, month: Month | None, offset: int = 0, lead: str | None = None) -> Reply:
    view = await moderation_views.to_upload(talk.store, talk.policy, talk.actor, month, talk.now, offset)
    return shown(lists.to_upload(view, lead))


async def upload(talk: Talk, pressed: press.Upload) -> Reply:
    """What nobody has moderated is asked about first."""
    if not pressed.sure:
        view = await audit_views.view(talk.store, talk.policy, talk.actor, pressed.ref, talk.now)
        ask = view.audit.state is not AuditState.LOCKED and view.audit.version == pressed.version
        if ask and Command.UPLOAD in view.commands:
            return shown(forms.upload(view))
    step = uploading.upload(
        talk.store, talk.policy, talk.actor, pressed.ref, pressed.version, talk.now, talk.once
    )
    return await stepped(talk, pressed.ref, step)


async def upload_read(talk: Talk, pressed: press.UploadRead) -> Reply:
    return await _upload_read(talk, pressed.month)


async def _upload_read(talk: Talk, month: Month | None, lead: str | None = None) -> Reply:
    view = await moderation_views.to_upload(talk.store, talk.policy, talk.actor, month, talk.now)
    return shown(lists.upload_read(view, lead))


async def upload_many(talk: Talk, pressed: press.UploadMany) -> Reply:
    try:
        made = await uploading.upload_many(
            talk.store, talk.policy, talk.actor, pressed.month, pressed.digest, talk.now, talk.once
        )
    except OutOfDate as refused:
        return await _upload_read(talk, pressed.month, said(talk, refused))
    return await to_upload_of(talk, pressed.month, lead=say.ticked(int(made.facts["count"])))


async def untick(talk: Talk, pressed: press.Untick) -> Reply:
    step = uploading.untick(
        talk.store, talk.policy, talk.actor, pressed.ref, pressed.version, pressed.note, talk.now, talk.once
    )
    return await stepped(talk, pressed.ref, step)


PRESSED: dict[type[base.Payload], Pressed] = {
    press.DisputeForm: dispute_form,
    press.Dispute: dispute,
    press.ToLock: to_lock,
    press.LockForm: lock_form,
    press.Lock: lock,
    press.LockDecide: decide,
    press.LockRead: lock_read,
    press.LockMany: lock_many,
    press.ReopenForm: reopen_form,
    press.Reopen: reopen,
    press.ToUpload: to_upload,
    press.Upload: upload,
    press.UploadRead: upload_read,
    press.UploadMany: upload_many,
    press.UntickForm: untick_form,
    press.Untick: untick,
}
SAID: dict[str, Said] = {}
"""What is typed about it is understood in `dialogs/moderation_said.py`."""
