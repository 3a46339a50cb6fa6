"""A request about an audit for each of its readers: who asked, who answers, and who only looks."""

from collections.abc import Callable
from datetime import date

from microsoft_teams.cards import core as ac

from dialogs import payloads, words
from dialogs.cards import parts
from dialogs.cards.parts import Colour, Rendered
from dialogs.neutral import neutral, one_line
from dialogs.payloads import requests as press
from dialogs.payloads.cycle import AuditShow
from dialogs.payloads.returns import ReturnOpen
from dialogs.words import requests as say
from domain.audits import AWAITED
from domain.people import PersonId
from domain.policy import Effect
from domain.requests import RequestState, Wish
from domain.views.requests import Answer, RequestView

COLOUR: dict[RequestState, Colour] = {
    RequestState.OPEN: "Warning",
    RequestState.GRANTED: "Good",
    RequestState.REFUSED: "Attention",
    RequestState.WITHDRAWN: "Default",
    RequestState.OVERTAKEN: "Default",
}


def request(view: RequestView, lead: str | None = None) -> Rendered:
    """The one card of a request; `view.answers` are its buttons."""
    it = view.request
    body: list[ac.CardElement | None] = [
        parts.heading(say.title(it)),
        parts.lead(lead),
        parts.state(say.state(it), COLOUR[it.state]),
        *(parts.say(line) for line in _where(view)),
        parts.facts(_facts(view)),
        *parts.quoted("Why", it.explanation),
        *(parts.say(line, separate=True) for line in _files(view)),
    ]
    return Rendered(parts.card(body, _actions(view)), summary(view))


def summary(view: RequestView) -> str:
    it = view.request
    return f"{it.audit_ref}: {say.wants(it, _name(view, it.asked_by_id))} {say.state(it)}."


def _name(view: RequestView, person_id: PersonId | None) -> str:
    return one_line(view.name(person_id), parts.NAME_LONGEST)


def _where(view: RequestView) -> list[str]:
    it = view.request
    said = [say.you_want(it) if view.own else say.wants(it, _name(view, it.asked_by_id))]
    if it.open:
        said += _who_answers(view)
    elif it.state is RequestState.OVERTAKEN:
        said.append(say.overtaken(it, view.audit, view.audit.state in AWAITED and view.today > view.latest))
    else:
        said.append(say.decided(it, _name(view, it.decided_by_id)))
        said += [f"Reason given: “{neutral(it.note, parts.TEXT_LONGEST)}”"] if it.note else []
    if it.state is RequestState.GRANTED and it.wish is Wish.REALLOCATION:
        said.append(say.TAKEN_OFF if view.audit.auditor_id != it.asked_by_id else say.REDRAWN)
    until = it.agreed_on or it.wanted_on
    if until and it.state in (RequestState.OPEN, RequestState.GRANTED):
        said.append(say.late(view.audit, until, agreed=not it.open))
    return said


def _who_answers(view: RequestView) -> list[str]:
    if view.request.wish is Wish.REALLOCATION:
        return [say.ASKED_OF_QA] if view.own else [] if view.answers else [say.QA_ANSWERS]
    if view.own:
        return [say.asked_of([_name(view, person) for person in view.approvers])]
    acting = f"You are asked as deputy for {_name(view, view.acting_for)}. " if view.acting_for else ""
    return [f"{acting}{say.FIRST_COUNTS}"]


def _facts(view: RequestView) -> list[tuple[str, str | None]]:
    it, audit = view.request, view.audit
    asker = view.people.get(it.asked_by_id)
    return [
        ("Audit", one_line(audit.ref, 40)),
        ("Child", one_line(audit.child_ref, 40) if audit.child_ref else None),
        ("Child's team", one_line(audit.team.name, 60) if audit.team else None),
        ("Auditor", None if view.own else _name(view, it.asked_by_id)),
        ("Auditor's team", one_line(asker.team.name, 60) if asker and asker.team and not view.own else None),
        ("Deadline", words.day(audit.due_on)),
        ("Reason", one_line(view.reason.label if view.reason else it.reason, 80) if it.reason else None),
        ("Asked on", words.moment(it.asked_at)),
    ]


def _files(view: RequestView) -> list[str]:
    """For whoever decides on a reallocation: what stands in the files, and what does not."""
    if view.own or not view.answers or view.request.wish is not Wish.REALLOCATION:
        return []
    found = say.known(view.known)
    if found:
        return found
    if view.effect is Effect.AUDITOR:
        return [say.FOR_ABSENCE]
    return [say.FOR_CONFLICT if view.request.reason == "conflict_of_interest" else say.NOT_CONFIRMED]


def _actions(view: RequestView) -> list[ac.Action]:
    found = [action for answer in view.answers for action in _BUTTONS[answer](view)]
    return [*found, *_ways_on(view)]


def _agree(view: RequestView) -> list[ac.Action]:
    """One press for the wanted day, as long as it can be agreed; another day beside it."""
    it = view.request
    found: list[ac.Action] = []
    if it.wanted_on and view.today <= it.wanted_on <= view.latest:
        yes = press.RequestAgree(ref=it.ref, version=it.version).press()
        found.append(parts.button(f"Yes, until {words.day(it.wanted_on)}", yes, style="positive"))
    field = day_input("agreed_on", say.UNTIL, earliest=view.today, latest=view.latest)
    other = press.RequestAgreeOther.press_with_inputs(ref=it.ref, version=it.version)
    go = parts.button("Agree to this day", other, inputs=True, style="positive")
    return [*found, parts.unfold("Yes, another day", [parts.say(say.latest(view.latest)), field], [go])]


def day_input(field: str, label: str, *, earliest: date, latest: date, value: str = "") -> ac.DateInput:
    made = parts.day_input(field, label, "Choose a day.", value=value, earliest=earliest)
    made.max = latest.isoformat()
    return made


def _refuse(view: RequestView) -> list[ac.Action]:
    it = view.request
    field = parts.text_input("note", "Why not?", "Write a reason: the auditor reads it.")
    no = press.RequestRefuse.press_with_inputs(ref=it.ref, version=it.version)
    found: list[ac.Action] = [
        parts.unfold(
            "No", [field], [parts.button("Say no, with this reason", no, inputs=True, style="destructive")]
        )
    ]
    if view.effect is Effect.AUDITOR:
        suggest = press.RequestSuggestExemption(ref=it.ref, version=it.version)
        found.append(parts.button("No, suggest an exemption", suggest.press()))
    return found


def _redraw(view: RequestView) -> list[ac.Action]:
    it = view.request
    go = parts.button("Yes, draw another child", press.RequestRedraw(ref=it.ref, version=it.version).press())
    return [parts.unfold("Draw another child for this auditor", [parts.say(say.REDRAW_ASK)], [go])]


def _take_off(view: RequestView) -> list[ac.Action]:
    it = view.request
    go = parts.button("Yes, take it off them", press.RequestTakeOff(ref=it.ref, version=it.version).press())
    return [parts.unfold("Give this child to another auditor", [parts.say(say.TAKE_OFF_ASK)], [go])]


def _change(view: RequestView) -> list[ac.Action]:
    anew = press.SlippageForm(ref=view.request.audit_ref, anew=True)
    return [parts.button("Ask for another day", anew.press())]


def _withdraw(view: RequestView) -> list[ac.Action]:
    it = view.request
    go = press.RequestWithdraw(ref=it.ref, version=it.version).press()
    sure = parts.button("Yes, withdraw it", go, style="destructive")
    return [parts.unfold("Withdraw", [parts.say(say.WITHDRAW_ASK)], [sure])]


_BUTTONS: dict[Answer, Callable[[RequestView], list[ac.Action]]] = {
    Answer.AGREE: _agree,
    Answer.REDRAW: _redraw,
    Answer.TAKE_OFF: _take_off,
    Answer.REFUSE: _refuse,
    Answer.CHANGE: _change,
    Answer.WITHDRAW: _withdraw,
}


def _ways_on(view: RequestView) -> list[ac.Action]:
    it, audit = view.request, view.audit
    if not view.own:
        open_ = parts.button(f"Open {one_line(it.audit_ref, 30)}", AuditShow(ref=it.audit_ref).press())
        ways: list[ac.Action] = [open_] if view.may_open else []
        return ways if view.answers else [*ways, _waiting_button()]
    found: list[ac.Action] = []
    if audit.auditor_id == view.viewer.id and audit.state in AWAITED:
        found.append(parts.button("Fill in the return", ReturnOpen(ref=audit.ref).press()))
        found.append(parts.button(f"Open {one_line(audit.ref, 30)}", AuditShow(ref=audit.ref).press()))
    if it.state is RequestState.REFUSED and view.effect is Effect.AUDITOR:
        form = payloads.ExemptionForm(month=audit.month)
        found.insert(0, parts.button("Ask for an exemption", form.press()))
    return found or [parts.button("My audit", payloads.MyAudit(month=audit.month).press())]


def _waiting_button() -> ac.Action:
    return parts.button("What is waiting for me", payloads.ExemptionWaiting().press())
