"""A return raises its child of concern; what it says no longer takes nobody off the tracker."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from domain.alerts import Seat
from domain.concern_workflow import Command
from domain.concerns import Category, Concern, Source
from domain.errors import CommitUnknown
from domain.notices import NoticeKind
from domain.ports import ConcernStep
from domain.usecases.concern_steps import step
from storage.unit_of_work import SqlStore
from tests.alerting.losing import Losing
from tests.builders import EAST, TOM
from tests.returns.desk import CHILD, Desk, a_desk
from tests.storage.council import SOUTH

GROUNDS = "Not seen since August."
ONE = {"concern": "yes", "concern_category": "category_1", "concern_grounds": GROUNDS}
TWO = {**ONE, "concern_category": "category_2"}
NONE = {"concern": "no"}
ALERT, RAISED, MOVED = NoticeKind.CONCERN_ALERT, NoticeKind.CONCERN_RAISED, NoticeKind.CONCERN_MOVED


@pytest.fixture
async def desk(sqlite_store: SqlStore) -> Desk:
    return await a_desk(sqlite_store)


async def handed_in(desk: Desk, concern: Mapping[str, str]) -> None:
    await desk.fill(concern=concern)
    await desk.hand_in()


async def the(desk: Desk, ref: str = "C-1") -> Concern:
    async with desk.store.reading() as uow:
        found = await uow.concerns.get(ref)
    assert found is not None
    return found


async def none_but(desk: Desk, ref: str) -> bool:
    async with desk.store.reading() as uow:
        return await uow.concerns.get(f"C-{int(ref[2:]) + 1}") is None


async def lines(desk: Desk, ref: str = "C-1") -> list[ConcernStep]:
    async with desk.store.reading() as uow:
        return await uow.concerns.history((await the(desk, ref)).id)


async def test_a_return_puts_its_child_on_the_tracker_with_the_grounds_it_gives(desk: Desk) -> None:
    await handed_in(desk, ONE)
    concern = await the(desk)
    assert (concern.child_ref, concern.team, concern.category) == (CHILD, EAST, Category.ONE)
    assert (concern.source, concern.audit_ref, concern.raised_by_id) == (Source.RETURN, "A-104", TOM.id)
    [line] = await lines(desk)
    assert (line.command, line.note) == ("raise", GROUNDS)
    assert await desk.told(ALERT) == ["Sam", "Ruth"]
    assert await desk.told(RAISED) == ["Quinn"]


async def test_a_category_2_is_told_to_the_head_of_service_without_an_alert(desk: Desk) -> None:
    await handed_in(desk, TWO)
    assert (await the(desk)).alert is None
    assert await desk.told(ALERT) == []
    assert await desk.told(RAISED) == ["Sam", "Quinn"]


async def test_a_return_without_one_puts_nobody_there(desk: Desk) -> None:
    await handed_in(desk, NONE)
    assert await none_but(desk, "C-0")


async def test_corrected_to_category_1_it_alerts(desk: Desk) -> None:
    await handed_in(desk, TWO)
    await desk.correct("concern", {"concern_category": "category_1"})
    concern = await the(desk)
    assert (concern.category, concern.climbing) == (Category.ONE, True)
    assert await desk.told(ALERT) == ["Sam", "Ruth"]
    [_, line] = await lines(desk)
    assert (line.command, line.facts["audit"]) == ("raise_again", "A-104")


@pytest.mark.parametrize(
    ("becomes", "says"), [({"concern_category": "category_2"}, "2"), ({"concern": "no"}, "none")]
)
async def test_what_an_audit_says_no_longer_is_written_down_and_told_and_changes_nothing(
    desk: Desk, becomes: Mapping[str, str], says: str
) -> None:
    await handed_in(desk, ONE)
    before = await the(desk)
    await desk.correct("concern", becomes)
    concern = await the(desk)
    assert (concern.category, concern.state, concern.alert) == (before.category, before.state, before.alert)
    assert concern.climbing
    line = (await lines(desk))[-1]
    assert (line.command, line.by_id, dict(line.facts)) == ("note", TOM.id, {"audit": "A-104", "says": says})
    assert await desk.told(MOVED) == ["Sam", "Quinn"]


async def test_a_category_2_taken_back_stays_on_the_tracker_too(desk: Desk) -> None:
    await handed_in(desk, TWO)
    await desk.correct("concern", NONE)
    assert (await the(desk)).state.open
    assert (await lines(desk))[-1].facts["says"] == "none"


async def test_something_else_put_right_raises_nothing_again(desk: Desk) -> None:
    await handed_in(desk, ONE)
    await desk.correct("strengths", {"strengths": "Another sentence."})
    await desk.correct("concern", {"concern_grounds": "Not seen since July."})
    assert len(await lines(desk)) == 1
    assert await desk.told(ALERT) == ["Sam", "Ruth"]


async def test_another_child_is_raised_and_the_first_one_stays(desk: Desk) -> None:
    await handed_in(desk, ONE)
    await desk.correct_child("C777")
    old, new = await the(desk), await the(desk, "C-2")
    assert (old.child_ref, old.climbing) == (CHILD, True)
    assert (await lines(desk))[-1].facts == {"audit": "A-104", "says": "other_child"}
    assert (new.child_ref, new.team, new.climbing, new.audit_ref) == ("C777", SOUTH, True, "A-104")
    assert (await lines(desk, "C-2"))[0].note == GROUNDS


async def test_another_child_that_the_qa_team_has_put_right_already_is_not_raised_twice(desk: Desk) -> None:
    await handed_in(desk, ONE)
    async with desk.store.writing() as uow:
        child = await uow.children.get("C777")
        assert child is not None
        await step(
            uow, desk.policy, await the(desk), Command.CORRECT, desk.now, note="Mixed up.", child_ref=child.ref,
            team=child.team,
        )  # fmt: skip
        await uow.commit()
    await desk.correct_child("C777")
    assert await none_but(desk, "C-1")
    assert [line.command for line in await lines(desk)] == ["raise", "correct"]


async def test_a_child_who_is_on_the_tracker_is_raised_again_by_the_audit(desk: Desk) -> None:
    await handed_in(desk, ONE)
    # given both have acknowledged, and it was taken off with evidence
    async with desk.store.writing() as uow:
        concern = await the(desk)
        for command in (Command.EVIDENCE, Command.SUBMIT, Command.SIGN_OFF):
            concern = (await step(uow, desk.policy, concern, command, desk.now, note="Words.")).concern
        await uow.commit()
    # when the return says Category 2 first and then Category 1 again, the child comes back as a new one
    await desk.correct("concern", {"concern_category": "category_2"})
    assert [line.command for line in await lines(desk)][-1] == "sign_off", (
        "nothing to write of what is off the tracker"
    )
    await desk.correct("concern", {"concern_category": "category_1"})
    again = await the(desk, "C-2")
    assert (again.child_ref, again.climbing) == (CHILD, True)
    assert set(Seat) == set(again.alert.open_seats if again.alert else ())


async def test_what_was_unsure_is_certain_once_an_audit_says_category_1(desk: Desk) -> None:
    await handed_in(desk, TWO)
    async with desk.store.writing() as uow:
        await step(
            uow, desk.policy, await the(desk), Command.RAISE_AGAIN, desk.now, note="Heard at the door.",
            said=Category.ONE, sure=False,
        )  # fmt: skip
        await uow.commit()
    assert (await the(desk)).unsure
    await desk.correct("concern", {"concern_category": "category_1"})
    assert not (await the(desk)).unsure


async def test_where_the_commit_comes_to_nothing_there_is_neither_a_return_nor_a_record(
    desk: Desk, sqlite_url: str
) -> None:
    await desk.fill(concern=ONE)
    losing = Losing(sqlite_url)
    losing.lost = ["not done"] * 3
    with pytest.raises(CommitUnknown):
        await replace(desk, store=losing).hand_in()
    await losing.close()
    assert await none_but(desk, "C-0")
    assert (await desk.audit()).returned_on is None
