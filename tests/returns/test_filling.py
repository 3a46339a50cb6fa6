"""Steps are saved as they go: nothing valid is lost, nothing wrong is kept, nobody else comes near."""

from dataclasses import replace
from datetime import date

import pytest

from domain.audits import AuditState
from domain.errors import NotAllowed, NotFound, OutOfDate
from domain.kinds import Kind
from domain.returns import FOR
from domain.templates import AREA
from domain.usecases.returns import NewAction
from storage.unit_of_work import SqlStore
from tests.builders import EAST, PRIYA, QUINN
from tests.returns.desk import AREAS, CHILD, MONA, SERENA, WHOLE, Desk, a_desk, an_action


async def test_what_is_valid_is_saved_and_what_is_not_is_said(desk: Desk) -> None:
    outcome = await desk.save("grade", {"grade": "splendid", "rationale": "Purposeful visits."})
    assert outcome.facts == {"problems": "grade=unknown_answer"}
    filled = await desk.filled()
    assert filled is not None
    assert {k: v for k, v in filled.answers.items() if k != FOR} == {"rationale": "Purposeful visits."}
    assert (await desk.trail()) == [("return.save", {"answers": "1", "step": "grade", "version": "1"})]


async def test_a_return_is_resumed_where_it_was_left(desk: Desk) -> None:
    await desk.save("areas", AREAS)
    await desk.save("engagement", {"social_worker_took_part": "yes"})
    view = await desk.at(2026, 11, 25, 9, 0).view()
    assert view.section is not None
    assert view.section.code == "engagement"
    assert view.filled.answers["social_worker_took_part"] == "yes"
    # of the areas alone nothing is missing; the reflection sheet is a step, and may be left out
    assert (view.progress.done, len(view.progress.required), view.progress.total) == (1, 6, 7)


async def test_the_same_press_twice_is_one_save(desk: Desk) -> None:
    once = desk.once()
    first = await desk.save("strengths", WHOLE["strengths"], seen=0, once=once)
    again = await desk.save("strengths", WHOLE["strengths"], seen=0, once=once)
    assert first == again
    assert [action for action, _ in await desk.trail()] == ["return.save"]


async def test_saving_what_is_there_already_leaves_no_trace(desk: Desk) -> None:
    await desk.save("strengths", WHOLE["strengths"])
    await desk.save("strengths", WHOLE["strengths"])
    assert len(await desk.trail()) == 1


async def test_another_card_does_not_write_over_what_this_one_said(desk: Desk) -> None:
    """On the phone and on the desk at once."""
    await desk.save("grade", {"grade": "good"}, seen=0)
    outcome = await desk.save("grade", {"grade": "inadequate", "rationale": "Drift."}, seen=0)
    assert outcome.facts == {"problems": "grade=changed_elsewhere"}
    view = await desk.view("grade")
    assert (view.filled.answers["grade"], view.filled.answers["rationale"]) == ("good", "Drift.")
    # when it is pressed again, having seen that, it counts
    await desk.save("grade", {"grade": "inadequate"})
    assert (await desk.view("grade")).filled.answers["grade"] == "inadequate"
    # and a card that was opened before never empties an answer
    outcome = await desk.save("grade", {"rationale": ""}, seen=1)
    assert outcome.facts == {"problems": "rationale=changed_elsewhere"}


@pytest.mark.parametrize("who", [PRIYA, QUINN, MONA])
async def test_only_the_auditor(desk: Desk, who: object) -> None:
    await desk.save("strengths", WHOLE["strengths"])
    other = desk.by(who)  # type: ignore[arg-type]
    for attempt in (other.save("grade", {"grade": "good"}, seen=1), other.view(), other.hand_in(seen=1)):
        with pytest.raises(NotAllowed):
            await attempt
    filled = await desk.filled()
    assert filled is not None
    assert "grade" not in filled.answers
    assert [action for action, _ in await desk.trail()][1:] == ["refused.not_allowed"] * 2


async def test_an_audit_that_is_not_there(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await replace(desk, ref="A-999").view()


@pytest.mark.parametrize("state", sorted(set(AuditState) - {AuditState.ISSUED, AuditState.SENT_BACK}))
async def test_in_no_other_state(quick_desk: Desk, state: AuditState) -> None:
    await quick_desk.change(state=state, returned_on=date(2026, 11, 18))
    with pytest.raises(OutOfDate):
        await quick_desk.save("grade", {"grade": "good"}, seen=0)
    assert await quick_desk.filled() is None


async def test_a_form_about_another_child_saves_nothing(desk: Desk) -> None:
    await desk.save("grade", {"grade": "inadequate"})
    await desk.change(child_ref="C777")
    with pytest.raises(OutOfDate) as refused:
        await desk.save("grade", {"rationale": "Drift."}, seen=1, child=CHILD)
    assert refused.value.facts["moved"] == "child"
    # and what was said of the first child is not shown of the second
    view = await desk.view()
    assert "grade" not in view.filled.answers
    await desk.save("strengths", WHOLE["strengths"], child="C777")
    assert "grade" not in (await desk.view("grade")).filled.answers


async def test_a_new_auditor_begins_anew(desk: Desk) -> None:
    await desk.save("grade", {"grade": "inadequate"})
    await desk.change(auditor_id=PRIYA.id, team=EAST)
    view = await desk.by(PRIYA).view()
    assert "grade" not in view.filled.answers
    with pytest.raises(NotAllowed):
        await desk.view()


async def test_actions_are_added_and_taken_off(desk: Desk) -> None:
    await desk.save("grade", {"grade": "inadequate"})
    # when one lacks its owner, the others of the step are kept all the same
    outcome = await desk.save("actions", {}, action=NewAction("Visit", None, None, wanted=True))
    assert outcome.facts == {"problems": "owner=owner_missing"}
    assert (await desk.save("actions", {}, action=an_action())).facts == {}
    assert (await desk.save("actions", {}, action=an_action())).facts == {}, "twice the same is one"
    await desk.save("actions", {}, action=NewAction("Visit the child", SERENA.id))
    view = await desk.view("actions")
    assert [(a.number, a.description) for a in view.filled.actions] == [
        (1, "Update the risk assessment"),
        (2, "Visit the child"),
    ]
    assert view.filled.actions[1].due_on == date(2026, 12, 18), "28 days from today, by the policy"
    assert [person.name for person in view.owners] == ["Mona Reid", "Meera Nair", "Serena Voss"]
    await desk.save("actions", {}, remove=1)
    await desk.save("actions", {}, remove=1)
    assert [a.number for a in (await desk.view("actions")).filled.actions] == [2]


@pytest.mark.parametrize(
    ("action", "problem"),
    [
        (NewAction("", None, None, wanted=True), "description=action_missing"),
        (NewAction("x" * 501, MONA.id, None), "description=action_too_long"),
        (NewAction("Visit", 4711, None), "owner=owner_missing"),
        (NewAction("Visit", MONA.id, date(2026, 11, 19)), "due_on=action_day"),
        (NewAction("Visit", MONA.id, date(2029, 1, 1)), "due_on=action_day"),
    ],
)
async def test_an_action_that_cannot_be(quick_desk: Desk, action: NewAction, problem: str) -> None:
    assert (await quick_desk.save("actions", {}, action=action)).facts == {"problems": problem}


async def test_any_active_person_can_be_searched_for_as_owner(quick_desk: Desk) -> None:
    await quick_desk.save("grade", {"grade": "good"})
    view = await quick_desk.view("actions", find="shah")
    assert [person.name for person in view.owners] == ["Priya Shah"]


async def test_what_somebody_said_goes_over_several_steps(desk: Desk) -> None:
    outcome = await desk.save(None, {"grade": "good", "child_views": "yes", f"{AREA}planning": "good"})
    assert outcome.facts == {}
    answers = (await desk.view()).filled.answers
    assert (answers["grade"], answers["child_views"], answers[f"{AREA}planning"]) == ("good", "yes", "good")


async def test_the_reason_of_a_rework_stands_on_the_form(quick_desk: Desk) -> None:
    from domain.cycle import Command, apply

    await quick_desk.fill()
    await quick_desk.hand_in()
    audit = await quick_desk.change(moderator_id=QUINN.id)
    async with quick_desk.store.writing() as uow:
        done = apply(audit, Command.SEND_BACK, now=quick_desk.now, by=QUINN.id, note="Say what you saw.")
        await uow.cycle.save(done)
        await uow.commit()
    view = await quick_desk.view("grade")
    assert view.sent_back == "Say what you saw."
    assert view.filled.answers["grade"] == "good", "what was handed in is there to be reworked"


async def test_a_kind_without_a_child(sqlite_store: SqlStore) -> None:
    desk = await a_desk(sqlite_store, kind=Kind.OBSERVATION, child_ref=None, team=None)
    await desk.save("earlier", {"earlier_actions_reviewed": "yes"}, child=None)
    view = await desk.view()
    assert view.section is not None
    assert view.section.code == "quality"
