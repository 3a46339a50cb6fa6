"""The forms that ask for more time or for a change of an audit, and lists of what was asked."""

from collections.abc import Sequence
from datetime import date, timedelta

from microsoft_teams.cards import core as ac

from dialogs import payloads, words
from dialogs.cards import parts
from dialogs.cards.parts import Rendered
from dialogs.cards.wishes import day_input
from dialogs.neutral import one_line
from dialogs.payloads import requests as press
from dialogs.payloads.cycle import AuditShow
from dialogs.words import dates
from dialogs.words import requests as say
from domain.audits import Audit
from domain.policy import Effect
from domain.requests import Request, Wish
from domain.views.requests import AskForm, RequestLine

LINES_SHOWN = 10


def form(view: AskForm, *, longest: int = parts.TEXT_LONGEST, problem: str | None = None) -> Rendered:
    """To ask for more time, or for a change; empty or as it was filled in."""
    slips = view.wish is Wish.SLIPPAGE
    title = f"{say.SLIP_TITLE if slips else say.CHANGE_TITLE}: {one_line(view.audit.ref, 40)}"
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.problem(problem),
        parts.say(say.SLIP_HOW if slips else say.CHANGE_HOW),
        parts.facts(_about(view.audit)),
        *(_slippage_inputs(view) if slips else _reallocation_inputs(view)),
        parts.say(say.PRIVACY, subtle=True),
        parts.text_input(
            "explanation",
            say.WHY_SLIP if slips else say.WHY_CHANGE,
            "Write a few words: those who answer read them.",
            value=parts.typed(view.filled, "explanation"),
            longest=longest,
        ),
    ]
    return Rendered(parts.card(body, _send(view)), title)


def _about(audit: Audit) -> list[tuple[str, str | None]]:
    return [
        ("Child", one_line(audit.child_ref, 40) if audit.child_ref else None),
        ("Team", one_line(audit.team.name, 60) if audit.team else None),
        ("Deadline", words.day(audit.due_on)),
    ]


def _slippage_inputs(view: AskForm) -> list[ac.CardElement]:
    tomorrow = view.today + timedelta(days=1)
    value = parts.typed(view.filled, "wanted_on")
    return [
        parts.say(f"{say.deadline_stays(view.audit)} {say.latest(view.latest)}"),
        day_input("wanted_on", say.UNTIL, earliest=tomorrow, latest=view.latest, value=value),
    ]


def _reallocation_inputs(view: AskForm) -> list[ac.CardElement]:
    choices = [(one_line(reason.label, 80), reason.code) for reason in view.reasons]
    field = parts.choice(
        "reason",
        "Reason",
        "Choose a reason.",
        choices,
        value=parts.typed(view.filled, "reason"),
        placeholder="Choose a reason",
    )
    away = [reason for reason in view.reasons if reason.effect is Effect.AUDITOR]
    return [field, *([parts.say(say.ABSENCE_HINT, subtle=True)] if away else [])]


def _send(view: AskForm) -> list[ac.Action]:
    audit = view.audit
    if view.wish is Wish.REALLOCATION:
        ask = press.ReallocationAsk.press_with_inputs(ref=audit.ref, version=audit.version)
        exempt = payloads.ExemptionForm(month=audit.month)
        return [
            parts.button("Send request", ask, inputs=True, style="positive"),
            parts.button("Ask for an exemption", exempt.press()),
        ]
    known: dict[str, object] = {"changes": view.changes.version} if view.changes else {}
    slip = press.SlippageAsk.press_with_inputs(ref=audit.ref, version=audit.version, **known)
    title = "Send the new day" if view.changes else "Send request"
    back = parts.button(f"Open {one_line(audit.ref, 30)}", AuditShow(ref=audit.ref).press())
    return [parts.button(title, slip, inputs=True, style="positive"), back]


def which(
    audits: Sequence[Audit], wish: Wish, *, wanted_on: date | None = None, why: str | None = None
) -> Rendered:
    """Where somebody has several audits, and did not say which one is meant."""
    body: list[ac.CardElement | None] = [parts.heading(say.WHICH)]
    for audit in audits[:LINES_SHOWN]:
        child = f", child {one_line(audit.child_ref, 40)}" if audit.child_ref else ""
        opener: payloads.Payload = press.ReallocationForm(ref=audit.ref, why=why)
        if wish is Wish.SLIPPAGE:
            opener = press.SlippageForm(ref=audit.ref, wanted_on=wanted_on)
        body.append(
            parts.say(f"{one_line(audit.ref, 40)}{child}, due on {words.day(audit.due_on)}.", separate=True)
        )
        body.append(parts.row([parts.button(f"This one: {one_line(audit.ref, 30)}", opener.press())]))
    return Rendered(parts.card(body, [parts.button("My audit", payloads.MyAudit().press())]), say.WHICH)


def waiting(lines: Sequence[RequestLine], lead: str | None = None) -> Rendered:
    """Requests about audits alone, by themselves."""
    body: list[ac.CardElement | None] = [parts.heading(say.WAITING_TITLE), parts.lead(lead)]
    if not lines:
        body.append(parts.say(say.NONE_WAITING))
    body += section(lines, LINES_SHOWN)
    summary_ = say.waiting(len(lines)) if lines else say.NONE_WAITING
    return Rendered(
        parts.card(body, [parts.button("What is waiting for me", payloads.ExemptionWaiting().press())]),
        summary_,
    )


def section(lines: Sequence[RequestLine], most: int) -> list[ac.CardElement]:
    """The part of a list of what waits: how many, and a button to open each of the first."""
    if not lines:
        return []
    found: list[ac.CardElement] = [parts.subheading(say.waiting(len(lines)))]
    for line in lines[:most]:
        found += _line(line.request, parts.name(line.asked_by))
    if len(lines) > most:
        found.append(parts.say(f"{words.count(len(lines) - most, 'more is', 'more are')} not shown here."))
    return found


def _line(it: Request, asker: str) -> list[ac.CardElement]:
    open_ = parts.button(f"Open {it.ref}", press.RequestShow(ref=it.ref).press())
    return [
        parts.say(say.line(it, asker), separate=True),
        parts.say(f"Since {dates.day_of(it.asked_at)}.", subtle=True),
        parts.row([open_]),
    ]


def taken_off(audit: Audit, lead: str) -> Rendered:
    """To a former auditor."""
    body = [parts.heading(f"{one_line(audit.ref, 40)} is no longer yours"), parts.say(lead)]
    return Rendered(
        parts.card(body, [parts.button("My audit", payloads.MyAudit(month=audit.month).press())]), lead
    )
