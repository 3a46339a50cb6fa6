"""What the default templates are made of: the sections that several kinds of audit share, in the words of practice."""

from domain.kinds import Grade
from domain.templates import (
    CONCERN,
    CONCERN_CATEGORY,
    CONCERN_GROUNDS,
    GRADE,
    RATIONALE,
    REFLECTION,
    STRENGTHS,
    Asks,
    Question,
    Section,
    When,
)
from domain.terms import terms


def yes_no(code: str, label: str, *, na: bool = False, guidance: str = "", required: bool = True) -> Question:
    return Question(
        code=code, label=label, asks=Asks.YES_NO, not_applicable=na, help=guidance, required=required
    )


def text(
    code: str, label: str, *, guidance: str = "", required: bool = True, when: When | None = None
) -> Question:
    return Question(code=code, label=label, asks=Asks.TEXT, help=guidance, required=required, when=when)


def section(code: str, title: str, *questions: Question) -> Section:
    return Section(code=code, title=title, questions=questions)


GOOD_LOOKS_LIKE = {
    Grade.OUTSTANDING: "The work is consistently strong and imaginative, and the child's life is clearly better for "
    "it; others could learn from it.",
    Grade.GOOD: "The child is safe and helped by timely, purposeful work that rests on a relationship with them; "
    "small gaps make no difference to them.",
    Grade.REQUIRES_IMPROVEMENT: "The child is safe, but delay, drift or gaps in the work mean that the help does not "
    "yet make the difference it should.",
    Grade.INADEQUATE: "Widespread or serious failures leave the child harmed, at risk of harm, or without the help "
    "that they need.",
}

AREAS = section(
    "areas",
    "Practice areas",
    Question(
        code="areas",
        label="Grade each practice area",
        asks=Asks.AREAS,
        not_applicable=True,
        help="Judge what the work meant for the child, not only whether it was recorded. Choose “Not applicable” where "
        "an area does not arise for this child.",
    ),
)

ENGAGED = section(
    "engagement",
    "Engagement",
    yes_no("social_worker_took_part", "Did the social worker take part?"),
    yes_no("manager_took_part", "Did their manager take part?"),
    yes_no("child_views", "Were the child's views heard?", guidance="In a way that fits their age."),
    yes_no("parent_views", "Were the parents' or carers' views heard?"),
    yes_no("iro_views", "Were the IRO's or CP chair's views heard?", na=True),
    yes_no("reflection_sheet", "Was a case reflection sheet done?"),
)

_ACT = (Grade.REQUIRES_IMPROVEMENT.value, Grade.INADEQUATE.value)
_NO_NEED = (Grade.OUTSTANDING.value, Grade.GOOD.value, Grade.NOT_GRADED.value)


def graded(*, ungraded: bool = False, what: str = "the work with this child") -> Section:
    """`ungraded`: "Not graded" can be chosen."""
    return section(
        "grade",
        "Overall grade",
        Question(code=GRADE, label="Overall grade", asks=Asks.GRADE, not_applicable=ungraded),
        text(
            RATIONALE,
            "Why this grade?",
            guidance=f"Say what you saw in {what} that led you to it, good and less good, so that somebody who was not "
            "there can follow it.",
        ),
    )


STRONG = section(
    "strengths",
    "Strengths",
    text(
        STRENGTHS, "What is going well?", guidance="What the worker can be proud of, and should go on with."
    ),
    text(
        "impact",
        "What difference has the work made for the child?",
        guidance="Something that is different in their life, and how you know.",
        required=False,
    ),
)

ACTIONS = section(
    "actions",
    "Actions",
    Question(
        code="actions",
        label="What has to happen now?",
        asks=Asks.ACTIONS,
        help="Each action has an owner and a day. Where the grade is below Good, there is at least one.",
        when=When(question=GRADE, answers=_ACT),
    ),
    Question(
        code="actions_if_any",
        label="What would make it better still?",
        asks=Asks.ACTIONS,
        required=False,
        when=When(question=GRADE, answers=_NO_NEED),
    ),
)
FREE_ACTIONS = section(
    "actions",
    "Actions",
    Question(code="actions", label="What has to happen now?", asks=Asks.ACTIONS, required=False),
)
"""Of a kind that is not graded: there may be none."""

_YES = When(question=CONCERN, answers=("yes",))
CONCERNED = section(
    "concern",
    "Child of concern",
    yes_no(
        CONCERN,
        "Is this a child of concern?",
        guidance="A child who receives an Inadequate service. If a child is in danger now, do not wait for this form: "
        "tell your manager and the front door, or call 999.",
    ),
    Question(
        code=CONCERN_CATEGORY,
        label="Which category?",
        asks=Asks.CHOICE,
        choices=terms(category_1="Category 1", category_2="Category 2"),
        help="Category 1: widespread or serious failures, and an immediate risk of significant harm. Category 2: "
        "widespread or serious failures; the service or the risk assessment is not right for the child's needs.",
        when=_YES,
    ),
    text(
        CONCERN_GROUNDS,
        "What leads you to this?",
        guidance="What you saw, when, and what you have told whom already. Refer to the child by reference only.",
        when=_YES,
    ),
)

_WELL, _CHALLENGES, _TOOLS, _DIFFERENTLY = REFLECTION
REFLECTED = section(
    "reflection",
    "Case reflection sheet",
    text(_WELL, "What was done well?", required=False),
    text(_CHALLENGES, "What were the challenges?", required=False),
    text(_TOOLS, "Which tools were used?", required=False),
    text(_DIFFERENTLY, "What would you do differently?", required=False),
)
