"""What is asked, what is missing, what counts, and which grade the areas suggest."""

from dataclasses import replace
from datetime import date

import pytest

from domain.audits import AuditState, Engagement
from domain.kinds import Grade, Kind
from domain.policy import Audits, Policy
from domain.return_results import Why, counted, counted_actions, of_record, result, suggested
from domain.return_rules import (
    Then,
    answered,
    asked,
    check,
    choices,
    correctable,
    missing,
    open_sections,
    progress,
    step_from,
    text_longest,
    waits_for,
)
from domain.returns import FOR, begun, claimed, current, renumbered, with_action, without_action
from domain.templates import AREA, CONCERN_CATEGORY, NONE_BECAUSE, NOT_APPLICABLE, Asks, Suggestion
from tests import builders as b
from tests.cards.samples_returns import ANSWERS, a_return, empty

POLICY = Policy()
RULES = Audits()
CORE = POLICY.template_of(Kind.CORE)
SECTIONS = {section.code: section for section in CORE.sections}
DAY = date(2026, 12, 18)


def _codes(answers: dict[str, str]) -> list[str]:
    return [question.code for question in asked(CORE, answers)]


def test_a_question_is_asked_when_its_condition_holds() -> None:
    assert "concern_category" not in _codes({})
    assert "concern_category" not in _codes({"concern": "no"})
    assert "concern_category" in _codes({"concern": "yes"})
    # and which question of actions it is, hangs on the grade
    assert "actions" in _codes({"grade": "inadequate"})
    assert "actions_if_any" in _codes({"grade": "good"})
    assert not {"actions", "actions_if_any"} & set(_codes({}))


def test_a_step_that_hangs_on_an_answer_is_there_and_says_on_which() -> None:
    nothing = empty()
    assert [section.code for section in open_sections(CORE, {})] == [
        section.code for section in CORE.sections
    ]
    assert waits_for(SECTIONS["actions"], CORE, nothing.answers) == "grade"
    assert waits_for(SECTIONS["concern"], CORE, nothing.answers) is None
    done = {section.code: done for section, done in progress(nothing).steps}
    assert done == {code: code == "reflection" for code in SECTIONS}, (
        "what need not be answered is not missing"
    )


def test_a_whole_return_lacks_nothing_and_a_half_one_says_what() -> None:
    assert missing(a_return()) == []
    half = a_return({c: a for c, a in ANSWERS.items() if c not in ("grade", f"{AREA}planning", "rationale")})
    lacks = [(one.section, one.codes) for one in missing(half)]
    assert lacks == [("areas", (f"{AREA}planning",)), ("grade", ("grade",)), ("grade", ("rationale",))]
    found = progress(half)
    assert (found.done, len(found.required), found.total) == (3, 6, 7)
    assert progress(empty()).done == 0, "what may be left out is not done before anybody has opened it"
    assert found.next is SECTIONS["areas"]


def test_below_good_there_is_an_action() -> None:
    bare = replace(a_return(), actions=())
    assert [one.question.code for one in missing(bare)] == ["actions"]
    assert missing(replace(bare, answers={**ANSWERS, "grade": "good"})) == []


def test_what_cannot_be_saved_is_named_and_the_rest_is_kept() -> None:
    typed = {
        "grade": "excellent",
        "rationale": "x" * (RULES.answer_longest + 1),
        "strengths": " a relationship ",
        "nonsense": "x",
    }
    found = check(CORE, [SECTIONS["grade"], SECTIONS["strengths"]], typed, RULES)
    assert found.problems == {"grade": "unknown_answer", "rationale": "too_long"}
    assert found.kept == {"strengths": "a relationship"}
    # an answer that was emptied is taken back, one that is not on the card stays
    assert answered({"strengths": "old", "grade": "good"}, {"strengths": ""}) == {"grade": "good"}


def test_texts_of_one_step_share_what_a_card_can_hold() -> None:
    assert text_longest(SECTIONS["grade"], RULES) == RULES.answer_longest
    assert text_longest(SECTIONS["reflection"], RULES) == 750
    # an emoji counts as two, as on the client
    brim = {"reflection_well": "\U0001f469" * 376}
    assert check(CORE, [SECTIONS["reflection"]], brim, RULES).problems == {"reflection_well": "too_long"}


@pytest.mark.parametrize("kind", list(Kind))
def test_each_choice_of_each_question_is_accepted(kind: Kind) -> None:
    template = POLICY.template_of(kind)
    for section in template.sections:
        for question in section.questions:
            code = f"{AREA}planning" if question.asks is Asks.AREAS else question.code
            for choice in choices(question):
                assert check(template, [section], {code: choice}, RULES).kept == {code: choice}


def test_the_answers_are_the_audits_own_fields() -> None:
    said = {**ANSWERS, "concern": "yes", CONCERN_CATEGORY: "category_2", "concern_grounds": "Drift."}
    found = result(a_return(said))
    assert found.grade is Grade.REQUIRES_IMPROVEMENT
    assert found.engagement == Engagement(True, True, True, False, True, True)
    assert found.concern_category == 2
    assert found.areas["iro_oversight"] is Grade.NOT_GRADED
    assert found.areas["risk_assessment"] is Grade.INADEQUATE
    assert len(found.areas) == 11


def test_what_is_no_longer_asked_does_not_count_and_is_not_lost() -> None:
    filled = a_return({**ANSWERS, "concern": "no", CONCERN_CATEGORY: "category_1"})
    assert result(filled).concern_category is None
    assert CONCERN_CATEGORY not in counted(filled)
    back = replace(filled, answers={**filled.answers, "concern": "yes"})
    assert result(back).concern_category == 1


def test_not_graded_where_no_grade_is_asked_for_and_where_there_was_none() -> None:
    assert result(empty(Kind.MINIMUM_STANDARDS)).grade is Grade.NOT_GRADED
    none = replace(empty(Kind.DIP_SAMPLE), answers={NONE_BECAUSE: "No case met the theme.", "findings": "x"})
    assert missing(none) == []
    assert counted(none) == {NONE_BECAUSE: "No case met the theme."}
    assert result(none).grade is Grade.NOT_GRADED
    assert counted_actions(replace(a_return(), answers={NONE_BECAUSE: "x"})) == ()


def test_an_observation_says_whether_earlier_actions_were_gone_through() -> None:
    filled = replace(empty(Kind.OBSERVATION), answers={"earlier_actions_reviewed": "no", "grade": "good"})
    assert result(filled).earlier_actions_reviewed is False
    assert result(filled).areas == {}


@pytest.mark.parametrize(
    ("areas", "grade", "why"),
    [
        ({}, None, None),
        ({"a": "not_graded"}, None, None),
        ({"a": "good", "b": "good", "c": "requires_improvement"}, "good", Why.MOST),
        ({"a": "good", "b": "requires_improvement"}, "requires_improvement", Why.MOST),
        ({"a": "good", "b": "good", "c": "good", "d": "inadequate"}, "requires_improvement", Why.CAPPED),
        ({"a": "good", "b": "good", "c": "inadequate"}, "inadequate", Why.SHARE),
        ({"a": "outstanding", "b": "not_graded"}, "outstanding", Why.MOST),
    ],
)
def test_the_areas_suggest_a_grade_and_say_why(
    areas: dict[str, str], grade: str | None, why: Why | None
) -> None:
    found = suggested({code: Grade(said) for code, said in areas.items()}, Suggestion())
    if found is None:
        assert grade is None
        return
    assert (found.grade.value, found.why) == (grade, why)
    assert found.graded == sum(said != "not_graded" for said in areas.values())
    assert set(found.inadequate) == {code for code, said in areas.items() if said == "inadequate"}


def test_a_council_decides_how_a_grade_is_suggested() -> None:
    mild = Suggestion(inadequate_share_percent=90, any_inadequate_at_most=Grade.GOOD)
    areas = {"a": Grade.OUTSTANDING, "b": Grade.OUTSTANDING, "c": Grade.INADEQUATE}
    found = suggested(areas, mild)
    assert found is not None
    assert (found.grade, found.why, found.at_most) == (Grade.GOOD, Why.CAPPED, Grade.GOOD)


def test_what_somebody_else_began_is_nobodys() -> None:
    audit = b.an_audit()
    mine = a_return(audit=audit)
    assert current(mine, audit) is mine
    for moved in (replace(audit, auditor_id=b.PRIYA.id), replace(audit, child_ref="C10999")):
        assert current(mine, moved) is None
        anew = begun(mine, moved, CORE)
        assert {code for code in anew.answers if code != FOR} == set()
        assert anew.version == mine.version, "it takes the place of what is stored"
    assert begun(mine, audit, CORE) == mine


def test_numbers_of_actions_are_not_used_twice() -> None:
    one = with_action(empty(), "Visit", 2, DAY)
    two = with_action(without_action(one, 1), "Call", 2, DAY)
    assert [action.number for action in two.actions] == [2]
    assert [action.number for action in renumbered(two).actions] == [3]


def test_a_record_that_came_by_import_becomes_the_answers_that_it_would_have_had() -> None:
    audit = b.an_audit(
        state=AuditState.RETURNED,
        returned_on=DAY,
        grade=Grade.INADEQUATE,
        engagement=Engagement(social_worker=True, iro=False),
        concern_category=1,
    )
    areas = {"planning": Grade.GOOD, "permanence": Grade.NOT_GRADED, "forgotten": Grade.GOOD}
    found = result(of_record(audit, areas, CORE))
    assert found.grade is Grade.INADEQUATE
    assert found.concern_category == 1
    assert found.engagement == audit.engagement
    assert found.areas == {"planning": Grade.GOOD, "permanence": Grade.NOT_GRADED}
    assert of_record(audit, areas, CORE).answers[f"{AREA}permanence"] == NOT_APPLICABLE


@pytest.mark.parametrize(
    ("at", "then", "to"),
    [
        ("engagement", Then.NEXT, "grade"),
        ("engagement", Then.PREVIOUS, "areas"),
        ("areas", Then.PREVIOUS, "areas"),
        ("grade", Then.STAY, "grade"),
        ("reflection", Then.NEXT, None),
        ("gone", Then.NEXT, None),
    ],
)
def test_from_step_to_step(at: str, then: Then, to: str | None) -> None:
    found = step_from(claimed(a_return(), b.an_audit()), at, then)
    assert (found.code if found else None) == to


def test_nobody_is_led_past_what_is_missing_unless_they_wish() -> None:
    half = a_return({code: said for code, said in ANSWERS.items() if code != "child_views"})
    stays = step_from(half, "engagement", Then.NEXT)
    assert stays is not None
    assert stays.code == "engagement"


def test_actions_are_not_corrected_with_the_return() -> None:
    assert "actions" not in [section.code for section in correctable(a_return())]
