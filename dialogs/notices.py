"""A message for each kind of notice: a card that says why it comes and holds all there is to know, the line that the
notification shows, and whether somebody must look now."""

from collections.abc import Callable
from typing import NamedTuple

from dialogs.cards import audits as audit_cards
from dialogs.cards import deliveries as delivery_cards
from dialogs.cards import exemptions as exemption_cards
from dialogs.cards import lists as list_cards
from dialogs.cards import parts
from dialogs.cards import people as people_cards
from dialogs.cards.lists import Reasons
from dialogs.cards.parts import CardJson, Rendered
from dialogs.neutral import one_line
from dialogs.payloads import ExemptionWaiting, Help
from dialogs.words import notices as say
from dialogs.words import people as people_words
from domain.exemptions import Command
from domain.notices import NoticeKind
from domain.people import Delegation, Person, PersonId
from domain.policy import Texts
from domain.views import ExemptionView, FailedDeliveries, FreedAudit, MyAudits, Waiting


class Told(NamedTuple):
    """`notify`: the client raises an alert; only where somebody must do or know something now."""

    card: CardJson
    summary: str
    notify: bool


def _told(rendered: Rendered, summary: str, *, notify: bool) -> Told:
    return Told(rendered.card, summary, notify)


def _name(view: ExemptionView, person_id: PersonId | None) -> str:
    return one_line(view.name(person_id), parts.NAME_LONGEST)


def _exemption(view: ExemptionView, lead: str, *, notify: bool = True) -> Told:
    summary = f"{view.exemption.ref}: {lead}"
    return _told(exemption_cards.exemption(view, lead), summary, notify=notify)


def exemption_to_decide(view: ExemptionView) -> Told:
    it = view.exemption
    # A reminder is no reason of its own: what brought the request here is the step before it.
    steps = [step for step in view.history if step.command != Command.CHASE.value]
    last = steps[-1] if steps else None
    lead = say.to_decide(
        last.command if last else "request",
        asker=_name(view, it.requested_by_id),
        person=_name(view, it.person_id),
        by=_name(view, last.by_id) if last else "",
        acting_for=_name(view, view.acting_for),
    )
    return _exemption(view, lead)


def exemption_chased(view: ExemptionView) -> Told:
    it = view.exemption
    requester = Command.ANSWER in view.commands
    return _exemption(view, say.chased(it, _name(view, it.person_id), requester=requester))


def exemptions_chased(view: Waiting, reasons: Reasons) -> Told:
    """A person's reminder of the day, where more than one thing waits for them."""
    rendered = list_cards.waiting(view, reasons, say.CHASED_SEVERAL)
    return _told(rendered, rendered.summary, notify=True)


def exemption_stuck(view: ExemptionView) -> Told:
    it = view.exemption
    return _exemption(view, say.stuck(it, _name(view, it.approver_id)))


def exemption_asked_back(view: ExemptionView) -> Told:
    it = view.exemption
    asked = [step for step in view.history if step.command == Command.ASK_BACK.value]
    by, acting = (asked[-1].by_id, asked[-1].for_id) if asked else (it.approver_id, None)
    own = view.viewer_id == it.person_id
    lead = say.asked_back(_name(view, by), _name(view, acting), _name(view, it.person_id), own=own)
    return _exemption(view, lead)


def exemption_outcome(view: ExemptionView) -> Told:
    it = view.exemption
    if it.state.open:
        return _exemption(view, exemption_cards.summary(view), notify=False)
    own = view.viewer_id == it.person_id
    asked = view.viewer_id == it.requested_by_id
    return _exemption(view, say.outcome(it, _name(view, it.person_id), own=own, asked=asked))


def exemption_moved_up(view: ExemptionView) -> Told:
    it = view.exemption
    own = view.viewer_id == it.person_id
    lead = say.moved_up(it, _name(view, it.approver_id), _name(view, it.person_id), own=own)
    return _exemption(view, lead, notify=False)


def exemption_stands(view: ExemptionView) -> Told:
    lead = say.stands(_name(view, view.exemption.requested_by_id), view.exemption)
    return _exemption(view, lead, notify=False)


def exemption_update(view: ExemptionView) -> Told:
    """The same card as it is now, in the place of an older one; nobody is alerted."""
    rendered = exemption_cards.exemption(view)
    return _told(rendered, rendered.summary, notify=False)


def closed(ref: str) -> Told:
    """In the place of a card whose reader may no longer see what it showed."""
    ref = one_line(ref, 40)
    waiting = parts.button("What is waiting for me", ExemptionWaiting().press())
    card = parts.card([parts.heading(ref), parts.say(say.NOT_YOURS)], [waiting])
    return Told(card, f"{ref}: {say.NOT_YOURS}", notify=False)


def audit_freed(view: FreedAudit) -> Told:
    lead = say.freed(view.audit)
    return _told(audit_cards.freed(view, lead=lead), lead, notify=True)


def freed_update(view: FreedAudit) -> Told:
    rendered = audit_cards.freed(view)
    return _told(rendered, rendered.summary, notify=False)


def audit_given(view: MyAudits, ref: str) -> Told:
    """To the new auditor: `view` is theirs for the month of the audit `ref`."""
    audit = next((line.audit for line in view.lines if line.audit.ref == ref), None)
    if audit is None:
        rendered = audit_cards.my_audits(view)
        return _told(rendered, rendered.summary, notify=False)
    child = one_line(audit.child_ref, 40) if audit.child_ref else ""
    lead = say.given(audit, child)
    return _told(audit_cards.my_audits(view, lead), lead, notify=True)


def delegation_made(delegation: Delegation, delegator: Person) -> Told:
    text = people_words.deputy_told(parts.name(delegator), delegation)
    card = parts.card(
        [parts.heading("You have been named as deputy"), parts.say(text)],
        [
            parts.button("What is waiting for me", ExemptionWaiting().press()),
            parts.button("Help", Help().press()),
        ],
    )
    return Told(card, text, notify=True)


def delivery_failed(view: FailedDeliveries) -> Told:
    """To the QA team: which messages did not reach whom, and what to do."""
    rendered = delivery_cards.failed(view)
    return _told(rendered, rendered.summary, notify=True)


def reply_lost() -> Told:
    rendered = people_cards.note("My answer did not arrive", say.REPLY_LOST)
    return _told(rendered, rendered.summary, notify=True)


def welcome(person: Person, texts: Texts) -> Told:
    rendered = people_cards.welcome(person, texts)
    return _told(rendered, rendered.summary, notify=False)


EXEMPTION: dict[NoticeKind, Callable[[ExemptionView], Told]] = {
    NoticeKind.EXEMPTION_TO_DECIDE: exemption_to_decide,
    NoticeKind.EXEMPTION_CHASED: exemption_chased,
    NoticeKind.EXEMPTION_ASKED_BACK: exemption_asked_back,
    NoticeKind.EXEMPTION_OUTCOME: exemption_outcome,
    NoticeKind.EXEMPTION_MOVED_UP: exemption_moved_up,
    NoticeKind.EXEMPTION_STANDS: exemption_stands,
    NoticeKind.EXEMPTION_STUCK: exemption_stuck,
}
"""What is told about an exemption, each to one reader."""

RENDERERS: dict[NoticeKind, Callable[..., Told]] = {
    **EXEMPTION,
    NoticeKind.AUDIT_FREED: audit_freed,
    NoticeKind.AUDIT_GIVEN: audit_given,
    NoticeKind.DELEGATION_MADE: delegation_made,
    NoticeKind.DELIVERY_FAILED: delivery_failed,
    NoticeKind.CARD_UPDATE: exemption_update,
    NoticeKind.WELCOME: welcome,
    NoticeKind.REPLY_LOST: reply_lost,
}
"""One for every kind. An update of an audit's card is `freed_update`."""
