"""Cards of more time for an audit, and of another child or another auditor."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from dialogs.cards import lists, wish_forms, wishes
from dialogs.cards.parts import Rendered
from dialogs.telling import requests as told
from dialogs.telling.base import Told
from dialogs.words import requests as say
from domain.audits import Audit, AuditState
from domain.people import Person
from domain.policy import Policy
from domain.requests import Request, RequestState, Wish
from domain.views.requests import Answer, AskForm, Known, RequestLine, RequestView
from tests import builders as b

POLICY = Policy()
WANTED = date(2026, 12, 2)
LATEST = date(2026, 12, 7)
ASKED_AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
DECIDES = (Answer.AGREE, Answer.REFUSE)
OWN = (Answer.CHANGE, Answer.WITHDRAW)


def a_request(number: int = 7, **changes: Any) -> Request:
    """Tom's slippage of A-104 to Wednesday 2 December, by default open."""
    request = Request(
        number, 104, "A-104", Wish.SLIPPAGE, b.TOM.id, ASKED_AT, "A hearing moved into the last week.",
        wanted_on=WANTED,
    )  # fmt: skip
    state = changes.get("state", RequestState.OPEN)
    if state is not RequestState.OPEN:
        request = replace(request, decided_by_id=b.DANA.id, decided_at=b.NOW, version=2)
    return replace(request, **changes)


def a_change(reason: str = "own_team", **changes: Any) -> Request:
    """Tom's wish for another child, or another auditor."""
    wish = {"wish": Wish.REALLOCATION, "reason": reason, "wanted_on": None}
    return a_request(8, **{**wish, "explanation": "I led this team until last month.", **changes})


def a_view(
    viewer: Person = b.TOM, request: Request | None = None, answers: Sequence[Answer] = (), **changes: Any
) -> RequestView:
    it = request or a_request()
    term = next((term for term in POLICY.reallocations if term.code == it.reason), None)
    view = RequestView(
        it, b.an_audit(), viewer, b.TODAY, b.EVERYBODY, answers, LATEST, term, (b.DANA.id, b.SAM.id)
    )
    return replace(view, **changes)


def a_form(wish: Wish = Wish.SLIPPAGE, audit: Audit | None = None, **changes: Any) -> AskForm:
    form = AskForm(audit or b.an_audit(), wish, b.TODAY, LATEST, POLICY.reallocations)
    return replace(form, **changes)


def a_line(number: int = 7, person: Person = b.TOM, **changes: Any) -> RequestLine:
    return RequestLine(a_request(number, **changes), person)


def _told(what: Told) -> Rendered:
    return Rendered(what.card, what.summary)


def _agreed(**changes: Any) -> Request:
    return a_request(state=RequestState.GRANTED, agreed_on=WANTED, **changes)


SAMPLES: dict[str, Callable[[], Rendered]] = {
    "slippage_form": lambda: wish_forms.form(a_form()),
    "slippage_form_refused": lambda: wish_forms.form(
        a_form(filled={"wanted_on": "2026-12-09", "explanation": "A hearing."}),
        problem="That is too late. Choose a day up to Mon 7 December 2026, then press the button again.",
    ),
    "slippage_form_for_rework": lambda: wish_forms.form(
        a_form(
            audit=b.an_audit(state=AuditState.SENT_BACK, returned_on=date(2026, 11, 18)),
            changes=a_request(version=2),
        )
    ),
    "reallocation_form": lambda: wish_forms.form(a_form(Wish.REALLOCATION, filled={"reason": "own_team"})),
    "which_audit": lambda: wish_forms.which([b.an_audit(), b.an_audit(105)], Wish.SLIPPAGE, wanted_on=WANTED),
    "slippage_asked": lambda: wishes.request(a_view(answers=OWN)),
    "slippage_to_decide": lambda: wishes.request(a_view(b.DANA, answers=DECIDES)),
    "slippage_deputy_decides": lambda: wishes.request(a_view(b.SAM, answers=DECIDES, acting_for=b.DANA.id)),
    "slippage_to_decide_when_the_day_is_over": lambda: wishes.request(
        a_view(b.DANA, answers=DECIDES, today=date(2026, 12, 3))
    ),
    "slippage_agreed": lambda: wishes.request(a_view(request=_agreed())),
    "slippage_agreed_in_the_month": lambda: wishes.request(
        a_view(b.DANA, replace(_agreed(), agreed_on=date(2026, 11, 27)))
    ),
    "slippage_refused": lambda: wishes.request(
        a_view(request=a_request(state=RequestState.REFUSED, note="Karl can cover the hearing."))
    ),
    "slippage_withdrawn": lambda: wishes.request(
        a_view(b.DANA, a_request(state=RequestState.WITHDRAWN, decided_by_id=b.TOM.id))
    ),
    "slippage_overtaken": lambda: wishes.request(
        a_view(
            b.DANA,
            a_request(state=RequestState.OVERTAKEN, decided_by_id=None),
            audit=b.an_audit(state=AuditState.RETURNED, returned_on=date(2026, 11, 20)),
        )
    ),
    "slippage_unanswered": lambda: wishes.request(
        a_view(request=a_request(state=RequestState.OVERTAKEN, decided_by_id=None), today=date(2026, 12, 8))
    ),
    "reallocation_asked": lambda: wishes.request(a_view(request=a_change(), answers=(Answer.WITHDRAW,))),
    "reallocation_to_decide_confirmed": lambda: wishes.request(
        a_view(
            b.QUINN, a_change(), (Answer.REDRAW, Answer.TAKE_OFF, Answer.REFUSE), known=Known(own_team=True)
        )
    ),
    "reallocation_to_decide_not_confirmed": lambda: wishes.request(
        a_view(b.QUINN, a_change("case_closed"), (Answer.REDRAW, Answer.TAKE_OFF, Answer.REFUSE))
    ),
    "reallocation_to_decide_absence": lambda: wishes.request(
        a_view(b.QUINN, a_change("absence"), (Answer.TAKE_OFF, Answer.REFUSE))
    ),
    "reallocation_head_is_told": lambda: _told(told.stands(a_view(b.DANA, a_change()))),
    "reallocation_refused_absence": lambda: wishes.request(
        a_view(request=a_change("absence", state=RequestState.REFUSED, note=say.EXEMPTION_INSTEAD))
    ),
    "reallocation_redrawn": lambda: wishes.request(
        a_view(b.QUINN, a_change(state=RequestState.GRANTED, decided_by_id=b.QUINN.id))
    ),
    "reallocation_taken_off": lambda: wishes.request(
        a_view(
            b.QUINN,
            a_change(state=RequestState.GRANTED, decided_by_id=b.QUINN.id),
            audit=b.an_audit(state=AuditState.FREED, auditor_id=None),
        )
    ),
    "requests_waiting": lambda: wish_forms.waiting([a_line(), a_line(8, b.PRIYA, wish=Wish.REALLOCATION)]),
    "requests_waiting_nothing": lambda: wish_forms.waiting([]),
    "waiting_with_requests": lambda: lists.waiting(
        b.waiting(b.a_waiting_line()), POLICY.exemptions.by_code, requests=[a_line()]
    ),
    "told_request_to_decide": lambda: _told(told.to_decide(a_view(b.DANA, answers=DECIDES))),
    "told_request_decided": lambda: _told(told.decided(a_view(request=_agreed()))),
    "told_taken_off": lambda: _told(told.taken_off(b.an_audit())),
}


def hostile(evil: str, person: Person) -> dict[str, Callable[[], Rendered]]:
    """The same cards where every person's text tries to be more than text."""
    everybody = {p.id: replace(p, name=evil, team=person.team) for p in b.EVERYBODY.values()}
    audit = b.an_audit(child_ref=evil, team=person.team)
    refused = a_request(state=RequestState.REFUSED, explanation=f"1. {evil}\n- {evil}", note=evil)
    return {
        "request": lambda: wishes.request(a_view(b.DANA, refused, people=everybody, audit=audit)),
        "request_open": lambda: wishes.request(
            a_view(b.DANA, a_request(explanation=evil), DECIDES, people=everybody, acting_for=b.DANA.id)
        ),
        "request_asked": lambda: wishes.request(a_view(answers=OWN, people=everybody, audit=audit)),
        "request_told": lambda: _told(
            told.to_decide(a_view(b.DANA, answers=DECIDES, people=everybody, acting_for=b.SAM.id))
        ),
        "request_form": lambda: wish_forms.form(a_form(audit=audit)),
        "requests": lambda: wish_forms.waiting([a_line(person=person)]),
        "taken_off": lambda: _told(told.taken_off(audit)),
    }
