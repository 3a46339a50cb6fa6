"""What is put right until it is moderated: with a reason, both values kept, those concerned told."""

import pytest

from domain.audits import AuditState
from domain.concerns import Category
from domain.errors import Invalid, NotAllowed, OutOfDate
from domain.kinds import Grade
from domain.notices import NoticeKind
from domain.templates import AREA
from storage.unit_of_work import SqlStore
from tests.builders import PRIYA, SAM
from tests.returns.desk import MOD, Desk, a_desk, an_action

CONCERN = {"concern": "yes", "concern_category": "category_1", "concern_grounds": "Not seen since August."}


@pytest.fixture
async def returned(desk: Desk) -> Desk:
    await desk.fill()
    await desk.save("actions", {}, action=an_action())
    await desk.hand_in()
    return desk


async def test_both_values_and_the_reason_are_kept(returned: Desk) -> None:
    changed = {"grade": "inadequate", "rationale": "I misread the chronology: no visit since August."}
    assert (await returned.correct("grade", changed, "I misread the chronology.")).code == "audit.correct"
    audit = await returned.audit()
    assert (audit.state, audit.grade) == (AuditState.RETURNED, Grade.INADEQUATE)
    last = (await returned.history())[-1]
    assert (last.command, last.note) == ("correct", "I misread the chronology.")
    assert last.facts["grade"] == "good>inadequate"
    action, facts = (await returned.trail())[-1]
    assert action == "audit.correct"
    assert (facts["grade"], facts["text_1"]) == ("good>inadequate", "rationale")
    texts = await returned.texts()
    assert texts["text_1_before"] == "Purposeful visits."
    assert texts["text_1_after"] == changed["rationale"]
    # and those who are told of an Inadequate at once are told now
    assert await returned.told(NoticeKind.AUDIT_INADEQUATE) == ["Serena", "Ada", "Sam"]
    # when it was an Inadequate by mistake after all, nobody gets a second alert, their card says so
    await returned.correct("grade", {"grade": "good"}, "It was right before.")
    assert (await returned.audit()).grade is Grade.GOOD
    assert await returned.told(NoticeKind.AUDIT_INADEQUATE) == ["Serena", "Ada", "Sam"]


async def test_areas_and_engagement_are_corrected_in_the_record(returned: Desk) -> None:
    await returned.correct("areas", {f"{AREA}planning": "inadequate", f"{AREA}permanence": "n/a"})
    await returned.correct("engagement", {"child_views": "no"})
    areas = await returned.areas()
    assert (areas["planning"], areas["permanence"]) == (Grade.INADEQUATE, Grade.NOT_GRADED)
    assert (await returned.audit()).engagement.child is False
    steps = [step.facts for step in await returned.history() if step.command == "correct"]
    assert steps[0]["area_planning"] == "good>inadequate"
    assert steps[1]["child"] == "yes>no"


async def test_a_category_that_is_added_alerts_and_its_answers_are_asked_for(returned: Desk) -> None:
    lacking = await returned.correct("concern", {"concern": "yes"})
    assert lacking.facts["problems"] == "concern_category=answer_missing;concern_grounds=answer_missing"
    assert (await returned.audit()).concern_category is None
    await returned.correct("concern", CONCERN)
    assert (await returned.audit()).concern_category == 1
    assert await returned.told(NoticeKind.CONCERN_ALERT) == ["Sam", "Ruth"]
    # when it turns out to be the other category, they hear of it, and the child stays a Category 1 until a sign-off
    await returned.correct("concern", {"concern_category": "category_2"})
    assert await returned.told(NoticeKind.CONCERN_ALERT) == ["Sam", "Ruth"]
    assert await returned.told(NoticeKind.CONCERN_MOVED) == ["Sam", "Quinn"]
    # and taken back, it is gone from the audit's record, and still on the tracker
    await returned.correct("concern", {"concern": "no"})
    assert (await returned.audit()).concern_category is None
    assert await returned.told(NoticeKind.CONCERN_MOVED) == ["Sam", "Quinn"] * 2
    async with returned.store.reading() as uow:
        concern = await uow.concerns.of_audit(returned.ref)
    assert concern is not None
    assert (concern.category, concern.state.open) == (Category.ONE, True)


@pytest.mark.parametrize(
    ("answers", "note", "code"),
    [({"grade": "good"}, "x", "nothing_changed"), ({"grade": "inadequate"}, " ", "note_missing"),
     ({"grade": "inadequate"}, "x" * 1001, "too_long")],
)  # fmt: skip
async def test_what_is_refused(returned: Desk, answers: dict[str, str], note: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        await returned.correct("grade", answers, note)
    assert refused.value.code == code
    assert (await returned.audit()).grade is Grade.GOOD


async def test_an_answer_that_is_none_is_said_and_nothing_is_corrected(returned: Desk) -> None:
    outcome = await returned.correct("grade", {"grade": "splendid", "rationale": "x"})
    assert outcome.facts == {"problems": "grade=unknown_answer"}
    assert [action for action, _ in await returned.trail()].count("audit.correct") == 0


async def test_only_its_auditor_and_only_until_it_is_moderated(returned: Desk) -> None:
    with pytest.raises(NotAllowed):
        await returned.by(SAM).correct("grade", {"grade": "inadequate"})
    await returned.change(state=AuditState.MODERATED, moderator_id=MOD.id, moderated_grade=Grade.GOOD)
    with pytest.raises(OutOfDate):
        await returned.correct("grade", {"grade": "inadequate"})


async def test_the_wrong_child(returned: Desk) -> None:
    await returned.correct("grade", {"grade": "inadequate"})
    await returned.correct_child("c777")
    audit = await returned.audit()
    assert (audit.child_ref, audit.legal_status) == ("C777", "child_in_care")
    assert audit.team is not None
    assert audit.team.name == "Southmead"
    assert (await returned.history())[-1].facts["child_ref"] == "C10432>C777"
    # its actions are new ones of the other child, the old ones are dropped
    assert [(a.ref, a.child_ref) for a in await returned.actions()] == [("T-2", "C777")]
    # and what was said is still there
    assert (await returned.areas())["planning"] is Grade.GOOD


@pytest.mark.parametrize(
    ("child", "code"),
    [("C0", "unknown_child"), ("", "unknown_child"), ("c10432", "same_child"), ("C888", "own_child"),
     ("C999", "own_child")],
)  # fmt: skip
async def test_a_child_that_cannot_be_meant(returned: Desk, child: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        await returned.correct_child(child)
    assert refused.value.code == code


async def test_a_return_that_came_by_import_can_be_corrected(sqlite_store: SqlStore) -> None:
    desk = await a_desk(sqlite_store, state=AuditState.RETURNED, returned_on=None, grade=Grade.GOOD)
    await desk.correct("grade", {"grade": "requires_improvement"})
    audit = await desk.audit()
    assert audit.grade is Grade.REQUIRES_IMPROVEMENT
    assert audit.engagement.social_worker is None, "what was never said is not made up"


async def test_nobody_else_sees_what_can_be_corrected(returned: Desk) -> None:
    from domain.usecases import corrections

    other = await returned.by(PRIYA).actor()
    with pytest.raises(NotAllowed):
        await corrections.view(returned.store, returned.policy, other, returned.ref, returned.now)
