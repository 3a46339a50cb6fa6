"""Each step of each kind of return fits, filled to the brim, and can be used on a phone (fault 51)."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from dialogs.cards import corrections, own_actions
from dialogs.cards import return_review as reviews
from dialogs.cards import returns as cards
from dialogs.cards.parts import COMPACT_MOST
from dialogs.cards.returns import Form
from domain.audits import Audit
from domain.kinds import Kind
from domain.return_rules import choices, codes_of, open_sections, text_longest
from domain.returns import ACTION_LONGEST, ACTIONS_MOST, PlannedAction, Return
from domain.templates import Asks, Section, Template
from domain.usecases.own_actions import OwnActions
from tests import builders as b
from tests.cards.samples_returns import POLICY, a_return, a_view, an_action
from tests.cards.test_sizes import WIDE_NAME, fits
from tests.cards.walking import inputs, of_type

PHONE_LABEL = 60
"""Characters of a label that a phone shows on two lines."""
WIDE_PEOPLE = {p: replace(person, name=WIDE_NAME) for p, person in b.EVERYBODY.items()}
LONGEST_TEXT = ["x", "\U0001f469", "é", "\n"]


def _text(sign: str, longest: int) -> str:
    """As long as a client lets it be: an emoji counts as two."""
    return sign * (longest // (2 if sign > "\uffff" else 1))


def _answers(template: Template, sign: str) -> Iterator[tuple[str, str]]:
    for section in template.sections:
        for question in section.questions:
            for code in codes_of(question, template):
                if question.asks is Asks.TEXT:
                    yield code, _text(sign, text_longest(section, POLICY.audits))
                elif question.code == "concern":
                    yield code, "yes"
                else:
                    yield code, choices(question)[-1 if question.asks is Asks.AREAS else 0]


def _filled(audit: Audit, sign: str) -> Return:
    template = POLICY.template_of(audit.kind)
    action = PlannedAction(1, _text(sign, ACTION_LONGEST), b.DANA.id, date(2026, 12, 18))
    actions = tuple(replace(action, number=n) for n in range(1, ACTIONS_MOST))
    return a_return(dict(_answers(template, sign)), audit, actions=actions)


@pytest.mark.parametrize("sign", LONGEST_TEXT)
@pytest.mark.parametrize("kind", list(Kind))
def test_every_step_of_every_kind_filled_to_the_brim(kind: Kind, sign: str) -> None:
    audit = b.an_audit(kind=kind)
    filled = _filled(audit, sign)
    for section in open_sections(filled.template, filled.answers):
        view = a_view(
            filled,
            section.code,
            audit=audit,
            people=WIDE_PEOPLE,
            owners=b.many_people(100),
            sent_back=sign * 1000,
        )
        brim = {"description": _text(sign, ACTION_LONGEST), "owner": "1000"}
        fits(cards.step(view, Form({**filled.answers, **brim}, {"rationale": "too_long"}, "x" * 80)))
        fits(corrections.step(view, note=_text(sign, 200)))
    whole = a_view(filled, audit=audit, people=WIDE_PEOPLE, sent_back=sign * 1000)
    fits(reviews.review(whole, "x" * 300))
    fits(corrections.menu(whole))
    fits(reviews.none_form(whole, _text(sign, POLICY.audits.answer_longest)))


@pytest.mark.parametrize("kind", list(Kind))
def test_a_step_can_be_used_on_a_phone(kind: Kind) -> None:
    """Compact lists with short labels, never radio buttons beside each other; no input twice."""
    audit = b.an_audit(kind=kind)
    filled = _filled(audit, "x")
    for section in open_sections(filled.template, filled.answers):
        card = cards.step(a_view(filled, section.code, audit=audit)).card
        found = inputs(card)
        assert len({field["id"] for field in found}) == len(found)
        for field in of_type(card, "Input.ChoiceSet"):
            assert field["style"] == "compact"
            assert len(field["choices"]) <= COMPACT_MOST
            assert all(len(choice["title"]) <= 30 for choice in field["choices"])
            if field["id"].startswith("answer_area_"):
                assert len(field["label"]) <= PHONE_LABEL
        assert not [field for field in found if field.get("isRequired")], "a step can be saved half-filled"


def test_many_actions_of_one_owner() -> None:
    actions = [an_action(n, description="\U0001f469" * 250) for n in range(1, ACTIONS_MOST + 1)]
    fits(own_actions.raised(OwnActions(b.an_audit(), actions, may_open=True)))


def test_many_audits_that_wait() -> None:
    fits(reviews.which([b.an_audit(n) for n in range(1, 61)], "x" * 200))


def test_the_eleven_areas_are_one_short_card() -> None:
    section: Section = POLICY.template_of(Kind.CORE).sections[0]
    card = cards.step(a_view(section=section.code)).card
    assert len(of_type(card, "Input.ChoiceSet")) == 11
    assert len(json.dumps(card)) < 10 * 1024
