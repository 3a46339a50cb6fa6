"""What the return of each kind of audit asks, where the policy says nothing else (domain, section 3)."""

from domain.kinds import Grade, Kind
from domain.template_pieces import (
    ACTIONS,
    AREAS,
    CONCERNED,
    ENGAGED,
    FREE_ACTIONS,
    GOOD_LOOKS_LIKE,
    REFLECTED,
    STRONG,
    graded,
    section,
    text,
    yes_no,
)
from domain.templates import EARLIER_ACTIONS, STRENGTHS, Asks, Question, Template, When
from domain.terms import terms

_FILE = (AREAS, ENGAGED, graded(), STRONG, ACTIONS, CONCERNED, REFLECTED)
"""The steps of an audit of a child's file."""

_FIRST_AUDIT = section(
    "first_audit",
    "The first audit's actions",
    Question(
        code="first_actions_done",
        label="Were the first audit's actions done?",
        asks=Asks.CHOICE,
        choices=terms(all="All of them", some="Some of them", none="None of them"),
    ),
    text(
        "first_actions_hindered",
        "What stood in the way?",
        guidance="What would have to change for the rest to be done.",
        when=When(question="first_actions_done", answers=("some", "none")),
    ),
)

_OBSERVATION = Template(
    kind=Kind.OBSERVATION,
    sections=(
        section(
            "earlier",
            "Earlier audits",
            yes_no(
                EARLIER_ACTIONS,
                "Were the actions of earlier audits gone through?",
                guidance="In the supervision that you observed.",
            ),
        ),
        section(
            "quality",
            "Quality of supervision",
            yes_no("child_in_mind", "Was each child's daily life talked about, not only the tasks?"),
            yes_no("risk_and_plan", "Were risk and the plan gone through?"),
            yes_no("reflective", "Was there room to reflect, and was the worker challenged and supported?"),
            yes_no("decisions_clear", "Were decisions clear, with who does what by when?"),
            yes_no("wellbeing", "Were the worker's wellbeing and workload talked about?"),
            yes_no(
                "development",
                "Were learning and development talked about?",
                na=True,
                guidance="Not needed at every supervision: if it was not its turn, say that it does not apply.",
            ),
        ),
        graded(what="this supervision"),
        section(
            "strengths",
            "Strengths",
            text(STRENGTHS, "What went well?", guidance="What the supervisor should go on with."),
        ),
        ACTIONS,
    ),
    good_looks_like={
        Grade.OUTSTANDING: "Supervision changes what happens for children: reflective, curious, and followed through "
        "every time.",
        Grade.GOOD: "Regular and purposeful: children, risk and plan are thought about, and decisions are clear and "
        "followed up.",
        Grade.REQUIRES_IMPROVEMENT: "It takes place, but is mostly about tasks: little reflection, and decisions are "
        "not followed up.",
        Grade.INADEQUATE: "It is missing or does harm: risk is not seen, drift is not challenged, and the worker is "
        "left alone.",
    },
)

_DIP_SAMPLE = Template(
    kind=Kind.DIP_SAMPLE,
    sections=(
        section(
            "findings",
            "Findings",
            text("looked_at", "What was looked at?", guidance="How many records, of what, and from when."),
            text("findings", "What was found?", guidance="With numbers: 7 of 10, not “most”."),
            text("learning", "What should others know?", required=False),
        ),
        FREE_ACTIONS,
    ),
)

_MINIMUM_STANDARDS = Template(
    kind=Kind.MINIMUM_STANDARDS,
    sections=(
        section(
            "standards",
            "Minimum standards",
            yes_no("visits", "Has the child been visited, and seen alone, within the timescale?", na=True),
            yes_no("assessment_current", "Is the assessment up to date?", na=True),
            yes_no("plan_current", "Is there a plan that is up to date and shared with the family?", na=True),
            yes_no("review_held", "Was the last review or conference held on time?", na=True),
            yes_no("supervision", "Is there supervision on the file within the timescale?", na=True),
            yes_no("chronology", "Is the chronology up to date?", na=True),
            yes_no("health", "Are health and dental checks up to date?", na=True),
            yes_no("education", "Is the education plan up to date?", na=True),
            yes_no("details", "Are legal status, address and contacts right?", na=True),
        ),
        section("comment", "Comment", text("comment", "What else should be known?", required=False)),
        FREE_ACTIONS,
    ),
)

_THEMATIC = Template(
    kind=Kind.THEMATIC,
    sections=(
        section(
            "theme",
            "The theme",
            text("findings", "What did you find on the theme?", guidance="For this child."),
            text("learning", "What should others learn from it?", required=False),
        ),
        ENGAGED,
        graded(ungraded=True, what="the work on this theme"),
        STRONG,
        ACTIONS,
        CONCERNED,
    ),
    good_looks_like=GOOD_LOOKS_LIKE,
)

_PRACTICE_REVIEW = Template(
    kind=Kind.PRACTICE_REVIEW,
    sections=(
        section(
            "method",
            "How it was done",
            Question(
                code="method",
                label="How was the audit done?",
                asks=Asks.CHOICE,
                choices=terms(collaborative="Together with the worker", remote="From the record alone"),
            ),
            yes_no("practice_seen", "Did you see practice itself?", guidance="A visit, meeting or review."),
        ),
        *_FILE,
    ),
    good_looks_like=GOOD_LOOKS_LIKE,
)

_EARLY_HELP = Template(
    kind=Kind.EARLY_HELP,
    sections=(
        section(
            "family",
            "The family's plan",
            yes_no("consent", "Has the family agreed to the help, and is it recorded?"),
            yes_no("whole_family", "Does the assessment look at the whole family, fathers included?"),
            yes_no("plan_owned", "Does the family know the plan as their own?"),
            yes_no("lead_named", "Is there one lead professional, known to the family?"),
            yes_no("step_up", "Was stepping up to social care thought about where it should be?", na=True),
        ),
        ENGAGED,
        graded(what="the help for this family"),
        STRONG,
        ACTIONS,
        CONCERNED,
    ),
    good_looks_like={
        **GOOD_LOOKS_LIKE,
        Grade.GOOD: "The family got the right help early, agreed to it, and can say what is better; somebody holds it "
        "together.",
        Grade.INADEQUATE: "Needs or risks that called for social care were missed, or the family was left without "
        "help.",
    },
)

_MULTI_AGENCY = Template(
    kind=Kind.MULTI_AGENCY,
    sections=(
        section(
            "partners",
            "Working together",
            text("agencies", "Which agencies took part?", guidance="Agencies, not names."),
            yes_no("shared", "Was information shared in time?"),
            yes_no("one_plan", "Did everybody work to one plan?"),
            yes_no("challenged", "Was there challenge between agencies where it was needed?", na=True),
            text("together", "What did working together mean for the child?"),
        ),
        AREAS,
        ENGAGED,
        graded(ungraded=True, what="how agencies worked together"),
        STRONG,
        ACTIONS,
        CONCERNED,
    ),
    good_looks_like={
        **GOOD_LOOKS_LIKE,
        Grade.GOOD: "Agencies share what they know in time, work to one plan, and the child is safer for it.",
        Grade.INADEQUATE: "Agencies work past each other, and risk that one of them knew of was not acted upon.",
    },
)

_OTHER = Template(
    kind=Kind.OTHER,
    sections=(
        section("findings", "Findings", text("findings", "What was looked at, and what was found?")),
        graded(ungraded=True, what="what you looked at"),
        ACTIONS,
        CONCERNED,
    ),
    good_looks_like=GOOD_LOOKS_LIKE,
)

DEFAULT_TEMPLATES: dict[Kind, Template] = {
    template.kind: template
    for template in (
        Template(kind=Kind.CORE, sections=_FILE, good_looks_like=GOOD_LOOKS_LIKE),
        Template(kind=Kind.REAUDIT, sections=(_FIRST_AUDIT, *_FILE), good_looks_like=GOOD_LOOKS_LIKE),
        _THEMATIC,
        _DIP_SAMPLE,
        _PRACTICE_REVIEW,
        _OBSERVATION,
        _EARLY_HELP,
        _MINIMUM_STANDARDS,
        _MULTI_AGENCY,
        _OTHER,
    )
}
