"""What a return asks, and what a policy's own template may not be (fault 48)."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain.kinds import GRADED, Kind
from domain.policy import Policy
from domain.template_rules import INPUTS_MOST
from domain.templates import AREA, CONCERN_CATEGORY, ENGAGEMENT, GRADE, REFLECTION, Asks

POLICY = Policy()


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_template_with_its_areas_written_out(kind: Kind) -> None:
    template = POLICY.template_of(kind)
    assert template.kind is kind
    assert template.areas == tuple(area.code for area in POLICY.practice_areas)
    grades = any(question.asks is Asks.GRADE for question in template.questions)
    assert grades == POLICY.by_kind[kind].graded
    if grades:
        assert set(template.good_looks_like) == set(GRADED), "what good looks like stands beside each grade"


def test_a_core_return_asks_for_what_the_measures_count() -> None:
    template = POLICY.template_of(Kind.CORE)
    codes = [question.code for question in template.questions]
    assert {*ENGAGEMENT, GRADE, CONCERN_CATEGORY, *REFLECTION} <= set(codes)
    assert [section.title for section in template.sections] == [
        "Practice areas",
        "Engagement",
        "Overall grade",
        "Strengths",
        "Actions",
        "Child of concern",
        "Case reflection sheet",
    ]
    assert not any(question.required for question in template.questions if question.code in REFLECTION)


def _core(*questions: dict[str, Any], **template: Any) -> dict[str, Any]:
    """A core template of one section: the grade, and the given questions."""
    grade = {"code": "grade", "label": "Grade", "asks": "grade"}
    sections = [{"code": "one", "title": "One", "questions": [grade, *questions]}]
    return {"kind": "core", "sections": sections, **template}


TEXT = {"code": "why", "label": "Why?", "asks": "text"}
CHOICE = {"code": "how", "label": "How?", "asks": "choice", "choices": [{"code": "a", "label": "A"}]}


@pytest.mark.parametrize(
    ("template", "key", "says"),
    [
        (_core(TEXT, TEXT), "questions", "'why' stands twice"),
        (_core({**TEXT, "when": {"question": "how", "answers": ["a"]}}, CHOICE), "questions.why.when", "no earlier"),
        (_core(CHOICE, {**TEXT, "when": {"question": "how", "answers": ["b"]}}), "why.when.answers", "allowed are a"),
        (_core({**TEXT, "when": {"question": "grade", "answers": ["bad"]}}), "why.when.answers", "'bad' is never"),
        (_core(areas=["assessment", "weather"]), "areas", "'weather' is not among practice_areas"),
        (_core(areas=["planning", "planning"]), "areas", "stands twice"),
        ({"kind": "core", "sections": [{"code": "one", "title": "One", "questions": [TEXT]}]}, "core", "'grade'"),
        (_core({**TEXT, "code": "area_x"}), "questions.area_x", "kept for the program"),
        (_core({**TEXT, "code": "none_because"}), "questions.none_because", "kept for the program"),
        (_core({**TEXT, "code": "child_views"}), "child_views.asks", "'yes_no'"),
        (_core({**CHOICE, "code": "concern_category"}), "concern_category.choices", "category_1 and category_2"),
        (_core({**TEXT, "not_applicable": True}), "why.not_applicable", "required = false"),
        (_core(*({**TEXT, "code": f"t{n}"} for n in range(6))), "sections.one", "6 texts on one step"),
        (
            _core(*({"code": f"q{n}", "label": "?", "asks": "yes_no"} for n in range(INPUTS_MOST))),
            "sections.one",
            "make two of it",
        ),
        (_core({"code": "second", "label": "Grade", "asks": "grade"}), "questions", "the code 'grade'"),
    ],
)  # fmt: skip
def test_a_template_that_cannot_work_is_refused_with_its_key(
    template: dict[str, Any], key: str, says: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Policy.model_validate({"templates": [template]})
    said = str(refused.value)
    assert "templates.core" in said
    assert key in said
    assert says in said


def test_a_policy_replaces_the_template_of_one_kind() -> None:
    own = _core({**TEXT, "when": {"question": "grade", "answers": ["inadequate"]}}, areas=["planning"])
    policy = Policy.model_validate({"templates": [own]})
    template = policy.template_of(Kind.CORE)
    assert template.areas == ("planning",)
    assert [question.code for question in template.questions] == ["grade", "why"]
    assert policy.template_of(Kind.REAUDIT) == POLICY.template_of(Kind.REAUDIT)


def test_other_practice_areas_are_asked_for_without_a_template_of_ones_own() -> None:
    policy = Policy.model_validate({"practice_areas": [{"code": "voice", "label": "Voice of the child"}]})
    assert policy.template_of(Kind.CORE).areas == ("voice",)


def test_a_condition_may_hang_on_a_practice_area() -> None:
    areas = {"code": "areas", "label": "Areas", "asks": "areas", "not_applicable": True}
    why = {**TEXT, "when": {"question": f"{AREA}planning", "answers": ["inadequate", "n/a"]}}
    assert Policy.model_validate({"templates": [_core(areas, why)]}).template_of(Kind.CORE).questions
