"""A button's data is made by the class that parses it; whatever else comes is refused in the right way."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, Literal, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs import payloads
from dialogs.fields import Id, Note
from dialogs.payloads import (
    NOUNS,
    Malformed,
    Noun,
    Payload,
    UnknownVerb,
    gather,
    parse,
)
from domain.calendar import Month
from domain.errors import DomainError, Invalid
from tests.unit.dialogs.presses import WHOLE
from tests.unit.dialogs.test_neutral import calm

NOVEMBER = Month(2026, 11)


@pytest.mark.parametrize("payload", WHOLE, ids=lambda p: type(p).__name__)
def test_what_a_button_carries_is_parsed_back(payload: Payload) -> None:
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
    answers: Mapping[str, str] = getattr(payload, "answers", {})
    filled = {payload.PREFIX + name: text for name, text in answers.items()}
    assert parse(verb, {**payload.data(), **filled}) == payload


class Sheet(Payload):
    """A form whose questions a council chooses."""

    PREFIX = "sheet_"
    INPUTS = frozenset({"remark"})
    verb: Literal["sheet.save"] = "sheet.save"
    id: Id
    remark: Note = ""
    answers: Mapping[str, str] = {}


def a_noun(*classes: type[Payload], **codes: dict[str, str]) -> Noun:
    return cast("Noun", SimpleNamespace(PAYLOADS=classes, **codes))


WITH_SHEET = gather([*NOUNS, a_noun(Sheet)])


def test_inputs_that_a_council_chose_are_gathered_under_their_own_names() -> None:
    sent = {"id": "3", "remark": "", "sheet_done_well": " Listened.\n", "sheet_seen": True, "sheet_visits": 4}
    assert WITH_SHEET.parse("sheet.save", {**sent, "verb": "sheet.save"}) == Sheet(
        id=3, answers={"done_well": " Listened.\n", "seen": "true", "visits": "4"}
    )


@pytest.mark.parametrize("cleared", ["", " \n ", None])
def test_an_answer_that_was_cleared_is_kept_as_nothing(cleared: str | None) -> None:
    parsed = WITH_SHEET.parse("sheet.save", {"id": 3, "sheet_done_well": cleared})
    assert parsed == Sheet(id=3, answers={"done_well": ""})


def test_without_answers_there_are_none() -> None:
    assert WITH_SHEET.parse("sheet.save", {"id": 3}) == Sheet(id=3, answers={})


@pytest.mark.parametrize(
    "extra",
    [
        {"answers": {"done_well": "x"}},
        {"answers": ""},
        {"sheet_": "x"},
        {"sheet_Done": "x"},
        {"sheet_9": "x"},
        {"sheet_done\n": "x"},
        {"sheet_" + "a" * 61: "x"},
        {"sheet_done": ["x"]},
        {"sheet_done": {"a": "x"}},
        {"sheet_done": 1.5},
        {f"sheet_q{n}": "x" for n in range(81)},
    ],
    ids=lambda extra: next(iter(extra))[:12],
)
def test_an_answer_that_no_form_of_ours_asks_for_is_tampering(extra: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        WITH_SHEET.parse("sheet.save", {"id": 3, **extra})


def test_as_many_and_as_long_answers_as_a_form_can_have() -> None:
    most = {f"sheet_q{n}": "x" * 4000 for n in range(79)} | {"sheet_" + "a" * 60: "y"}
    parsed = WITH_SHEET.parse("sheet.save", {"id": 3, **most})
    assert isinstance(parsed, Sheet)
    assert len(parsed.answers) == 80
    with pytest.raises(Invalid) as refused:
        WITH_SHEET.parse("sheet.save", {"id": 3, "sheet_done_well": "x" * 4001})
    assert refused.value.code == "too_long"
    assert refused.value.facts == {"field": "sheet_done_well", "longest": "4000"}


def test_an_answer_that_cannot_be_kept_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        WITH_SHEET.parse("sheet.save", {"id": 3, "sheet_done_well": "x\ud83d"})
    assert (refused.value.code, refused.value.facts) == ("unreadable", {"field": "sheet_done_well"})


def test_a_button_does_not_carry_the_answers() -> None:
    filled = Sheet(id=3, answers={"done_well": "x"})
    assert filled.data() == {"id": 3}
    assert filled.press() == Sheet.press_with_inputs(id=3) == payloads.Press("sheet.save", {"id": 3})
    with pytest.raises(ValueError, match="Sheet"):
        Sheet.press_with_inputs(id=3, answers={"done_well": "x"})


def test_answers_beside_a_button_that_has_no_use_for_them_are_passed_over() -> None:
    data = {"ref": "E-1", "version": "2", "sheet_done_well": "half written", "sheet_Odd": ["?"]}
    assert WITH_SHEET.parse("exemption.withdraw", data) == payloads.Withdraw(ref="E-1", version=2)
    with pytest.raises(Malformed):
        parse("exemption.withdraw", data)


def test_a_neighbours_input_beside_a_form_of_answers_is_passed_over() -> None:
    assert WITH_SHEET.parse("sheet.save", {"id": 3, "question": "half written"}) == Sheet(id=3)


def test_each_noun_has_its_own_codes_for_what_was_filled_in() -> None:
    class Weigh(Payload):
        INPUTS = frozenset({"month", "note"})
        verb: Literal["sheet.weigh"] = "sheet.weigh"
        month: Id
        note: Note

    registry = gather([*NOUNS, a_noun(Weigh, UNREADABLE={"month": "not_a_number"})])
    for data, code in (({"note": "x", "month": "x"}, "not_a_number"), ({"month": "1"}, "missing")):
        with pytest.raises(Invalid) as refused:
            registry.parse("sheet.weigh", data)
        assert refused.value.code == code
    with pytest.raises(Invalid) as refused:
        registry.parse("exemption.decline", {"ref": "E-1", "version": 1})
    assert refused.value.code == "note_missing"


def test_what_could_be_meant_in_two_ways_is_refused_when_it_is_gathered() -> None:
    class Again(Payload):
        verb: Literal["sheet.save"] = "sheet.save"

    class Ambiguous(Sheet):
        INPUTS = frozenset({"sheet_number"})
        verb: Literal["sheet.count"] = "sheet.count"  # pyright: ignore[reportIncompatibleVariableOverride]
        sheet_number: Id

    class Narrower(Sheet):
        PREFIX = "sheet_area_"
        verb: Literal["sheet.area"] = "sheet.area"  # pyright: ignore[reportIncompatibleVariableOverride]

    class Nowhere(Payload):
        PREFIX = "nowhere_"
        verb: Literal["sheet.none"] = "sheet.none"

    with pytest.raises(ValueError, match=r"sheet\.save is both Sheet and Again"):
        gather([a_noun(Sheet), a_noun(Again)])
    with pytest.raises(ValueError, match="sheet_number: begins like"):
        gather([a_noun(Ambiguous)])
    with pytest.raises(ValueError, match="sheet_area_: begins like"):
        gather([a_noun(Sheet, Narrower)])
    with pytest.raises(ValueError, match="no field `answers`"):
        gather([a_noun(Nowhere)])
