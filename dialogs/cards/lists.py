"""What waits for somebody, and what there is: a page at a time, so that no card grows beyond what Teams takes."""

from collections.abc import Mapping, Sequence
from datetime import date

from microsoft_teams.cards import core as ac

from dialogs import payloads, words
from dialogs.cards import concern_tracker, moderation_lists, parts, wish_forms
from dialogs.cards.exemptions import COLOUR
from dialogs.cards.parts import Rendered
from dialogs.neutral import one_line
from dialogs.words import audits as audit_words
from dialogs.words import dates
from dialogs.words import exemptions as exemption_words
from dialogs.words import moderation as of_moderation
from dialogs.words import waiting as say
from domain.audits import Audit
from domain.policy import Reason
from domain.views import ExemptionList, Waiting, WaitingLine
from domain.views.concerns import ConcernLine
from domain.views.moderation import Work
from domain.views.requests import RequestLine

OTHERS_SHOWN = 5
"""Entries of each smaller section below the page of decisions."""

Reasons = Mapping[str, Reason]
NOTHING = Work()


def waiting(
    view: Waiting, reasons: Reasons, lead: str | None = None, requests: Sequence[RequestLine] = (),
    work: Work = NOTHING, concerns: Sequence[ConcernLine] = (), today: date = date.min,
) -> Rendered:  # fmt: skip
    """ "What is waiting for me?" `reasons` are the policy's, by code; `requests` are about audits, `work` is what of
    moderation is the reader's. `concerns` stand on top; `today` is for their days."""
    body: list[ac.CardElement | None] = [parts.heading(say.TITLE), parts.lead(lead)]
    body += concern_tracker.waiting(concerns, today, OTHERS_SHOWN)
    if not (view.total or view.asked_back or view.freed or requests or work or concerns):
        body.append(parts.say(say.NOTHING_WAITS))
        return Rendered(parts.card(body, _elsewhere()), say.NOTHING_WAITS)
    if view.total:
        counted = dates.page(view.offset, len(view.lines), view.total)
        whole = len(view.lines) == view.total
        body.append(parts.say(say.to_decide(view.total) + ("" if whole else f" {counted}")))
        for line in view.lines:
            body += _decision(line, reasons)
    body += _section(say.ASKED_BACK, [_decision(line, reasons) for line in view.asked_back])
    body += _section(say.FREED, [_freed(audit) for audit in view.freed])
    body += wish_forms.section(requests, OTHERS_SHOWN)
    body += moderation_lists.waiting(work)
    turn = parts.pages(
        view.offset,
        view.page,
        view.total,
        payloads.ExemptionWaiting(offset=max(0, view.offset - view.page)).press(),
        payloads.ExemptionWaiting(offset=view.offset + view.page).press(),
    )
    return Rendered(parts.card(body, turn), _waiting_summary(view, len(requests), work, len(concerns)))


def _waiting_summary(view: Waiting, requests: int, work: Work, concerns: int) -> str:
    found = [
        words.count(concerns, "child of concern", "children of concern") if concerns else "",
        words.count(view.total, "request to decide", "requests to decide") if view.total else "",
        words.count(len(view.asked_back), "question for you", "questions for you") if view.asked_back else "",
        words.count(len(view.freed), "child who needs", "children who need") + " another auditor"
        if view.freed
        else "",
        words.count(requests, "request about an audit", "requests about audits") if requests else "",
        *of_moderation.work(work),
    ]
    return f"Waiting for you: {words.short_list([part for part in found if part])}."


def _section(title: str, entries: Sequence[Sequence[ac.CardElement]]) -> list[ac.CardElement]:
    if not entries:
        return []
    found: list[ac.CardElement] = [parts.subheading(title)]
    for entry in entries[:OTHERS_SHOWN]:
        found += entry
    if len(entries) > OTHERS_SHOWN:
        found.append(parts.say(say.more(len(entries) - OTHERS_SHOWN)))
    return found


def _reason(line: WaitingLine, reasons: Reasons) -> str:
    code = line.exemption.reason
    return one_line(reasons[code].label if code in reasons else code, 80)


def _decision(line: WaitingLine, reasons: Reasons) -> list[ac.CardElement]:
    it = line.exemption
    since = f"Since {dates.day_of(line.since)}"
    acting = f", as deputy for {parts.name(line.acting_for)}" if line.acting_for else ""
    late = f". {exemption_words.LAST_WEEK}" if it.last_week else ""
    return [
        parts.say(exemption_words.line(it, parts.name(line.person), _reason(line, reasons)), separate=True),
        parts.say(f"{since}{acting}{late}.", subtle=True),
        parts.row([parts.button(f"Open {it.ref}", payloads.ExemptionShow(ref=it.ref).press())]),
    ]


def _freed(audit: Audit) -> list[ac.CardElement]:
    team = f", {one_line(audit.team.name, 60)}" if audit.team else ""
    child = f", child {one_line(audit.child_ref, 40)}" if audit.child_ref else ""
    due = words.day(audit.due_on)
    return [
        parts.say(f"{audit_words.freed_title(audit)}{child}{team}, due on {due}.", separate=True),
        parts.row([parts.button(f"Open {audit.ref}", payloads.FreedShow(ref=audit.ref).press())]),
    ]


def _elsewhere() -> list[ac.Action]:
    return [
        parts.button("All requests", payloads.ExemptionList().press()),
        parts.button("Help", payloads.Help().press()),
    ]


def exemptions(
    view: ExemptionList, asked: payloads.ExemptionList, reasons: Reasons, lead: str | None = None
) -> Rendered:
    """Requests that the viewer may see. `asked` is the filter, kept while turning pages."""
    title = say.exemptions_title(view.title_month)
    body: list[ac.CardElement | None] = [parts.heading(title), parts.lead(lead), *_filter(asked, reasons)]
    if not view.total:
        body.append(parts.say(say.none_found(view.title_month)))
    else:
        body.append(parts.say(dates.page(view.offset, len(view.lines), view.total)))
    for line in view.lines:
        body += _entry(line, reasons)
    turn = parts.pages(
        view.offset,
        view.page,
        view.total,
        asked.model_copy(update={"offset": max(0, view.offset - view.page)}).press(),
        asked.model_copy(update={"offset": view.offset + view.page}).press(),
    )
    return Rendered(parts.card(body, [*turn, *_months(asked)]), f"{title}: {view.total:,}")


def _filter(asked: payloads.ExemptionList, reasons: Reasons) -> list[ac.CardElement]:
    """What the list is narrowed to, in words."""
    found: list[str] = []
    if asked.reason:
        label = reasons[asked.reason].label if asked.reason in reasons else asked.reason
        found.append(f"reason: {one_line(label, 80)}")
    if asked.state:
        found.append(f"state: {exemption_words.STATE[asked.state].lower()}")
    return [parts.say(f"Only those with {words.short_list(found)}.")] if found else []


def _entry(line: WaitingLine, reasons: Reasons) -> list[ac.CardElement]:
    it = line.exemption
    first = parts.say(
        exemption_words.line(it, parts.name(line.person), _reason(line, reasons)), separate=True
    )
    stands = parts.state(exemption_words.STATE[it.state], COLOUR[it.state])
    stands.spacing = "Small"
    open_ = parts.button(f"Open {it.ref}", payloads.ExemptionShow(ref=it.ref).press())
    return [first, stands, parts.row([open_])]


def _months(asked: payloads.ExemptionList) -> list[ac.Action]:
    if asked.month is None:
        return [parts.button("What is waiting for me", payloads.ExemptionWaiting().press())]
    return [
        parts.button(words.month(month), asked.model_copy(update={"month": month, "offset": 0}).press())
        for month in (asked.month.plus(-1), asked.month.plus(1))
    ]
