"""A button's data is made by the class that parses it; whatever else comes is refused in the right way."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs import payloads
from dialogs.payloads import Malformed, UnknownVerb, parse
from domain.calendar import Month
from domain.errors import DomainError, Invalid
from domain.exemptions import State
from domain.people import Scope
from tests.unit.dialogs.test_neutral import calm

NOVEMBER = Month(2026, 11)

WHOLE: list[payloads.AnyPayload] = [
    payloads.MyAudit(),
    payloads.MyAudit(month=NOVEMBER),
    payloads.FreedShow(ref="A-104", find="shah"),
    payloads.Give(ref="A-104", version=2, auditor=4),
    payloads.ExemptionForm(month=NOVEMBER, others=True, reason="other"),
    payloads.ExemptionRequest(month=NOVEMBER, reason="other", explanation="x", people=(1, 2), others=True),
    payloads.ExemptionShow(ref="E-12"),
    payloads.Endorse(ref="E-12", version=3),
    payloads.Approve(ref="E-12", version=3),
    payloads.Decline(ref="E-12", version=3, note="because"),
    payloads.AskBack(ref="E-12", version=3, note="why?"),
    payloads.Answer(ref="E-12", version=3, note="so"),
    payloads.Withdraw(ref="E-12", version=3),
    payloads.ExemptionWaiting(offset=10),
    payloads.ExemptionList(month=NOVEMBER, reason="other", state=State.APPROVED, offset=20),
    payloads.DelegationForm(find="x"),
    payloads.DelegationMake(
        delegate=4, scope=Scope.ALL, from_day=date(2026, 11, 23), to_day=date(2026, 11, 27)
    ),
    payloads.DelegationEnd(id=7),
    payloads.Help(),
    payloads.Hi(),
    payloads.DeliveryShow(),
]


@pytest.mark.parametrize("payload", WHOLE, ids=lambda p: type(p).__name__)
def test_what_a_button_carries_is_parsed_back(payload: payloads.AnyPayload) -> None:
    press = payload.press()
    assert parse(press.verb, press.data) == payload
    as_strings = {
        key: str(value).lower() if value in (True, False) else str(value) for key, value in press.data.items()
    }
    assert parse(press.verb, {**as_strings, "verb": press.verb, "msteams": {"type": "x"}}) == payload


def test_every_class_is_tried_above() -> None:
    assert {type(payload) for payload in WHOLE} == set(payloads.CLASSES)


def test_an_unknown_verb_is_told_from_tampering() -> None:
    with pytest.raises(UnknownVerb):
        parse("exemption.grant", {})
    with pytest.raises(Malformed):
        parse("exemption.endorse", {"ref": "E-12", "version": 1, "role": "director"})
    with pytest.raises(Malformed):
        parse("exemption.endorse", {"ref": "E-12'; --", "version": 1})
    with pytest.raises(Malformed):
        parse("exemption.endorse", {"ref": "E-12"})
    with pytest.raises(Malformed):
        parse("exemption.endorse", {"ref": "E-12", "version": 1, "verb": "exemption.approve"})


@pytest.mark.parametrize(
    ("verb", "data", "code", "field"),
    [
        ("exemption.decline", {"ref": "E-1", "version": "1"}, "note_missing", "note"),
        ("exemption.decline", {"ref": "E-1", "version": "1", "note": " \n "}, "note_missing", "note"),
        ("exemption.ask_back", {"ref": "E-1", "version": "1", "question": ""}, "note_missing", "question"),
        ("exemption.answer", {"ref": "E-1", "version": "1"}, "note_missing", "answer"),
        ("exemption.decline", {"ref": "E-1", "version": "1", "note": "x" * 4001}, "too_long", "note"),
        ("exemption.request", {"reason": "other"}, "missing", "month"),
        ("exemption.request", {"month": "2026-13", "reason": "other"}, "unknown_month", "month"),
        ("exemption.request", {"month": "2026-11", "reason": "Ill health!"}, "unknown_reason", "reason"),
        ("exemption.request", {"month": "2026-11", "reason": "other", "others": "true"}, "no_people", "people"),
        ("exemption.request", {"month": "2026-11", "reason": "other", "people": "1,x"}, "unknown_person", "people"),
        (
            "exemption.request",
            {"month": "2026-11", "reason": "other", "people": ",".join(["1"] * 101)},
            "too_many_people",
            "people",
        ),
        ("audit.give", {"ref": "A-1", "version": "1"}, "missing", "auditor"),
        ("delegation.make", {"delegate": "2", "scope": "all", "from_day": "soon", "to_day": "2026-11-02"},
         "not_a_day", "from_day"),
        ("delegation.make", {"delegate": "2", "scope": "all", "from_day": "2026-11-02", "to_day": ""},
         "missing", "to_day"),
        ("delegation.make", {"delegate": "2", "scope": "crown", "from_day": "2026-11-02", "to_day": "2026-11-02"},
         "unknown_scope", "scope"),
    ],
)  # fmt: skip
def test_what_a_person_filled_in_wrongly_is_named(
    verb: str, data: dict[str, str], code: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        parse(verb, data)
    assert (refused.value.code, refused.value.facts["field"]) == (code, field)


def test_a_refusal_does_not_quote_what_was_typed() -> None:
    secret = "the mother's name is " + "x" * 5000
    with pytest.raises(Invalid) as refused:
        parse("exemption.decline", {"ref": "E-1", "version": 1, "note": secret})
    assert refused.value.__cause__ is None
    assert "mother" not in repr(refused.value) + repr(refused.value.facts)


def test_an_input_beside_a_button_that_has_no_use_for_it_is_passed_over() -> None:
    data = {"ref": "E-1", "version": "2", "answer": "half written", "note": ""}
    assert parse("exemption.withdraw", data) == payloads.Withdraw(ref="E-1", version=2)


def test_a_form_that_was_refused_keeps_what_was_typed() -> None:
    raw = {"verb": "exemption.request", "month": "2026-11", "explanation": "so", "reason": "", "others": True}
    assert payloads.filled_in(raw) == {"month": "2026-11", "explanation": "so", "others": "True"}


def test_a_button_cannot_leave_out_what_no_input_gives() -> None:
    with pytest.raises(ValueError, match="Decline"):
        payloads.Decline.press_with_inputs(ref="E-1")
    with pytest.raises(ValueError, match="Decline"):
        payloads.Decline.press_with_inputs(ref="E-1", version=1, note="an input's value")


values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=30),
        st.just("E-1"),
        st.just("1"),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
fields = st.sampled_from(
    sorted({f.serialization_alias or n for c in payloads.CLASSES for n, f in c.model_fields.items()})
)


@calm
@given(
    st.one_of(st.sampled_from(sorted(payloads.VERBS)), st.text(max_size=20)),
    st.dictionaries(st.one_of(fields, st.text(max_size=8)), values, max_size=6),
)
def test_whatever_is_sent_there_is_a_payload_or_a_refusal(verb: str, data: dict[str, Any]) -> None:
    try:
        payload = parse(verb, data)
    except DomainError:
        return
    assert parse(verb, payload.data()) == payload
