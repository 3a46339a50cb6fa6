"""The worst that can be put on the cards of requests and of those who take part still fits (faults 51 and 58)."""

from dataclasses import replace
from datetime import date

import pytest

from dialogs.cards import participation, wish_forms, wishes
from domain.requests import RequestState, Wish
from domain.return_rules import units
from domain.views.participation import HistoryLine
from domain.views.requests import Answer, Known
from tests import builders as b
from tests.cards import samples_participation as parts
from tests.cards import samples_requests as asked
from tests.cards.test_sizes import WIDE_NAME, fits

LONGEST = 4000
"""Characters that a policy may allow for each answer."""
EVERY = (Answer.AGREE, Answer.REDRAW, Answer.TAKE_OFF, Answer.REFUSE, Answer.CHANGE, Answer.WITHDRAW)
WIDE = {i: replace(p, name=WIDE_NAME) for i, p in b.EVERYBODY.items()}


@pytest.mark.parametrize("text", ["x", "*", "\U0001f469", "\n", "é"])
@pytest.mark.parametrize("state", RequestState)
def test_a_request_with_the_longest_texts(text: str, state: RequestState) -> None:
    it = asked.a_change("absence", state=state, explanation=text * LONGEST, note=text * LONGEST)
    known = Known(own_team=True, caseload=True, closed=date(2026, 11, 1))
    fits(wishes.request(asked.a_view(b.QUINN, it, EVERY, people=WIDE, known=known), "x" * 300))


@pytest.mark.parametrize("text", ["x", "\U0001f469", "é"])
def test_forms_filled_to_the_brim(text: str) -> None:
    for wish in Wish:
        form = asked.a_form(wish, filled={"explanation": text * 1000})
        fits(wish_forms.form(form, problem="x" * 300))
    filled = {code: text * (most // units(text)) for code, most in parts.LONGEST.items()}
    part = parts.a_form(filled=filled, audit=parts.a_returned(), may_comment=True)
    fits(participation.form(part, parts.LONGEST, "x" * 300))
    fits(participation.form(replace(part, asked=()), parts.LONGEST, "x" * 300))


def test_a_thousand_requests_and_audits_are_cut_to_a_page() -> None:
    many = [asked.a_line(n, replace(b.TOM, name=WIDE_NAME)) for n in range(1, 1001)]
    fits(wish_forms.waiting(many))
    audits = [b.an_audit(n) for n in range(1, 11)]
    fits(participation.coming(parts.coming(*audits, people=WIDE, total=1000, offset=500), "x" * 300))
    lines = [HistoryLine(parts.a_returned(n), 1000, 1000) for n in range(1, 11)]
    fits(participation.history(parts.history(*lines, total=1000, offset=500, teams=[WIDE_NAME] * 9)))
    fits(wish_forms.which([b.an_audit(n) for n in range(1, 61)], Wish.SLIPPAGE))
