"""Lists of audits for those whose work they are, a page at a time, and what is read back before several are done."""

from microsoft_teams.cards import core as ac

from dialogs import words
from dialogs.cards import parts
from dialogs.cards.parts import Rendered
from dialogs.neutral import one_line
from dialogs.payloads import moderation as press
from dialogs.payloads.base import Payload
from dialogs.payloads.cycle import AuditShow
from dialogs.payloads.exemptions import ExemptionWaiting
from dialogs.words import dates
from dialogs.words import moderation as say
from dialogs.words import waiting as of_waiting
from domain.audits import Audit, AuditState
from domain.views.moderation import AuditLines, Work

STUCK_SHOWN = 6


def _line(view: AuditLines, audit: Audit) -> str:
    auditor = view.people.get(audit.auditor_id) if audit.auditor_id is not None else None
    return say.line(audit, one_line(auditor.name, 50) if auditor else "")


def _entry(view: AuditLines, audit: Audit, title: str, opens: Payload) -> list[ac.CardElement]:
    found: list[ac.CardElement] = [parts.say(_line(view, audit), separate=True)]
    when = say.when(audit)
    if when:
        found.append(parts.say(f"{when}.", subtle=True))
    if audit.state is AuditState.DISPUTED:
        found.append(parts.state("The grade is disputed.", "Warning"))
    return [*found, parts.row([parts.button(f"{title} {one_line(audit.ref, 40)}", opens.press())])]


def _counted(view: AuditLines) -> list[ac.CardElement]:
    whole = len(view.lines) == view.total
    return [] if whole else [parts.say(dates.page(view.offset, len(view.lines), view.total), subtle=True)]


def _turn(view: AuditLines, previous: Payload, following: Payload) -> list[ac.Action]:
    return parts.pages(view.offset, view.page, view.total, previous.press(), following.press())


def _offsets(view: AuditLines) -> tuple[int, int]:
    return max(0, view.offset - view.page), view.offset + view.page


def mine(view: AuditLines, lead: str | None = None) -> Rendered:
    """What the reader has to moderate."""
    before, after = _offsets(view)
    title = say.mine_title(view)
    body: list[ac.CardElement | None] = [parts.heading(title), parts.lead(lead), *_counted(view)]
    if not view.total:
        body.append(parts.say(say.NOTHING_TO_MODERATE))
    for audit in view.lines:
        body += _entry(view, audit, "Moderate", press.ModerationOpen(ref=audit.ref))
    turn = _turn(view, press.ModerationMine(offset=before), press.ModerationMine(offset=after))
    summary = f"{title}." if view.total else say.NOTHING_TO_MODERATE
    return Rendered(parts.card(body, turn or _elsewhere()), summary)


def _elsewhere() -> list[ac.Action]:
    return [parts.button("What is waiting for me", ExemptionWaiting().press())]


def to_lock(view: AuditLines, lead: str | None = None) -> Rendered:
    before, after = _offsets(view)
    title = say.to_lock_title(view)
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.lead(lead),
        parts.state(say.NOBODY_LOCKS, "Attention") if view.nobody_locks else None,
        *_counted(view),
    ]
    if not view.total:
        body.append(parts.say(say.NOTHING_TO_LOCK))
    for audit in view.lines:
        body += _entry(view, audit, "Open", AuditShow(ref=audit.ref))
    month = view.month
    body.append(None if month else parts.say(say.recent("third lock"), subtle=True))
    actions: list[ac.Action] = []
    if view.batch:
        count = words.count(len(view.batch), "agreed grade")
        read = press.LockRead(month=month).press()
        actions.append(parts.button(f"Confirm {count} …", read, style="positive"))
    actions += _turn(view, press.ToLock(month=month, offset=before), press.ToLock(month=month, offset=after))
    return Rendered(parts.card(body, actions or _elsewhere()), f"{title}.")


def lock_read(view: AuditLines, lead: str | None = None) -> Rendered:
    """Reads back every one of those that one press would confirm."""
    return _read_back(
        view,
        f"Confirm {words.count(len(view.batch), 'grade')}",
        say.READ_BACK,
        lead,
        "Yes, confirm these" if view.batch else None,
        press.LockMany(month=view.month, digest=view.digest),
        press.ToLock(month=view.month),
    )


def _read_back(
    view: AuditLines, title: str, said: str, lead: str | None, yes: str | None, go: Payload, back: Payload
) -> Rendered:
    lines = "\n".join(_line(view, audit) for audit in view.batch)
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.lead(lead),
        parts.say(said if view.batch else say.NOTHING_LEFT),
        parts.say(lines) if lines else None,
    ]
    actions: list[ac.Action] = [parts.button("Back to the list", back.press())]
    if yes:
        number = words.count(len(view.batch), "audit")
        actions.insert(0, parts.button(f"{yes} {number}", go.press(), style="positive"))
    return Rendered(parts.card(body, actions), title)


def to_upload(view: AuditLines, lead: str | None = None) -> Rendered:
    before, after = _offsets(view)
    title = say.to_upload_title(view)
    body: list[ac.CardElement | None] = [parts.heading(title), parts.lead(lead), *_counted(view)]
    body.append(parts.say(say.TO_UPLOAD if view.total else say.NOTHING_TO_UPLOAD))
    for audit in view.lines:
        body += _entry(view, audit, "Open", AuditShow(ref=audit.ref))
    month = view.month
    body.append(parts.say(say.waits_for_sample(view.waiting)) if view.waiting else None)
    body.append(None if month else parts.say(say.recent("upload"), subtle=True))
    actions: list[ac.Action] = []
    if len(view.batch) > 1:
        read = press.UploadRead(month=month).press()
        actions.append(parts.button(f"Tick {len(view.batch):,} together …", read))
    actions += _turn(
        view, press.ToUpload(month=month, offset=before), press.ToUpload(month=month, offset=after)
    )
    return Rendered(parts.card(body, actions or _elsewhere()), f"{title}.")


def upload_read(view: AuditLines, lead: str | None = None) -> Rendered:
    return _read_back(
        view,
        f"Tick {words.count(len(view.batch), 'audit')}",
        _upload_said(view),
        lead,
        "Yes, tick these" if view.batch else None,
        press.UploadMany(month=view.month, digest=view.digest),
        press.ToUpload(month=view.month),
    )


def _upload_said(view: AuditLines) -> str:
    left = sum(audit.state is AuditState.RETURNED for audit in view.batch)
    return f"{say.READ_BACK_UPLOAD} {say.unmoderated(left)}" if left else say.READ_BACK_UPLOAD


def which(view: AuditLines, opens: type[Payload], title: str, *, none: str) -> Rendered:
    """Several audits fit what was said: the reader says which."""
    heading = say.WHICH if view.total else none
    body: list[ac.CardElement | None] = [parts.heading(title), parts.say(heading)]
    for audit in view.lines:
        body += _entry(view, audit, "Open", opens.model_validate({"ref": audit.ref}))
    if view.total > len(view.lines):
        left = view.total - len(view.lines)
        body.append(parts.say(f"{words.count(left, 'more audit')} fit: say which month, or the reference."))
    return Rendered(parts.card(body, _elsewhere()), heading)


def waiting(work: Work) -> list[ac.CardElement]:
    """Among all that waits for the reader: what of it is moderation, each with its way there."""
    found: list[ac.CardElement] = []
    for audit in work.sent_back:
        show = parts.button(f"Open {one_line(audit.ref, 40)}", AuditShow(ref=audit.ref).press())
        found += [parts.say(say.to_rework(audit), separate=True), parts.row([show])]
    if work.to_moderate:
        mine_ = parts.button("What I have to moderate", press.ModerationMine().press())
        found += [parts.say(say.to_moderate(work.to_moderate), separate=True), parts.row([mine_])]
    if work.to_lock:
        lock = parts.button("Third lock", press.ToLock().press())
        found += [parts.say(say.to_confirm(work.to_lock), separate=True), parts.row([lock])]
    if work.stuck:
        found.append(parts.subheading(say.STUCK_TITLE))
    for audit in work.stuck[:STUCK_SHOWN]:
        other = parts.button(
            f"Moderator of {one_line(audit.ref, 40)}", press.ReassignForm(ref=audit.ref).press()
        )
        found += [parts.say(say.needs_moderator(audit), separate=True), parts.row([other])]
    if len(work.stuck) > STUCK_SHOWN:
        found.append(parts.say(of_waiting.more(len(work.stuck) - STUCK_SHOWN)))
    return found
