"""A child of concern is raised by anybody, stands on the tracker once, and is told in the commit that raises it."""

from datetime import date

import pytest
from sqlalchemy import select

from domain.concern_workflow import Command
from domain.concerns import Category, Source, State
from domain.errors import Invalid, NotAllowed
from domain.lanes import Lane
from domain.people import Person
from domain.permissions import TABLE, Permission, Reaching
from storage.repositories.sql import untyped
from storage.tables import trail_texts
from storage.unit_of_work import SqlStore
from tests.alerting.desk import CHILD, GROUNDS, HELEN, Desk, a_desk
from tests.builders import DANA, DCS, EAST, NORTH, PRIYA, QUINN, RUTH, SAM, TOM, an_audit


async def test_a_category_1_alerts_the_head_of_service_and_the_director_in_the_same_commit(
    desk: Desk,
) -> None:
    outcome = await desk.raises(child="c10432")
    assert (outcome.code, outcome.subject, outcome.facts) == (
        "concern.raise",
        "C-1",
        {"category": "1", "told": "2"},
    )

    concern = await desk.concern()
    assert (concern.child_ref, concern.team, concern.legal_status) == (CHILD, NORTH, "child_in_need")
    assert (concern.category, concern.state, concern.source) == (
        Category.ONE,
        State.WITH_HEAD_OF_SERVICE,
        Source.CHAT,
    )
    assert (concern.raised_by_id, concern.identified_on, concern.respond_by) == (
        TOM.id,
        date(2026, 11, 20),
        date(2026, 11, 20),
    )
    assert concern.alert is not None
    assert concern.alert.steps == 1
    assert await desk.told() == [("alert", "Dana"), ("alert", "Ruth"), ("raised", "Quinn")]
    assert await desk.lanes() == {"alert": {Lane.ALERT}, "raised": {Lane.DECISION}}


async def test_the_grounds_are_kept_with_the_record_and_only_as_a_digest_in_the_trail(desk: Desk) -> None:
    await desk.raises()
    [line] = await desk.history()
    assert (line.command, line.by_id, line.note) == ("raise", TOM.id, GROUNDS)
    assert await desk.trail() == ["concern.raise", "concern.climb"]
    [entry] = await desk.trail_of("concern.raise")
    assert GROUNDS not in str(dict(entry))
    texts = await desk.rows(untyped(select(trail_texts)))
    assert GROUNDS in str([row._mapping for row in texts])  # pyright: ignore[reportPrivateUsage]


async def test_a_category_2_is_told_to_the_head_of_service_and_the_qa_team(desk: Desk) -> None:
    await desk.raises(category="2")
    concern = await desk.concern()
    assert (concern.category, concern.alert, concern.respond_by) == (Category.TWO, None, date(2026, 11, 27))
    assert await desk.told() == [("raised", "Dana"), ("raised", "Quinn")]
    assert await desk.lanes() == {"raised": {Lane.DECISION}}
    assert await desk.climbs() == 0


async def test_who_is_not_sure_is_believed_in_the_worse_case(desk: Desk) -> None:
    await desk.raises(category="unsure")
    concern = await desk.concern()
    assert (concern.category, concern.unsure) == (Category.ONE, True)
    assert ("alert", "Dana") in await desk.told()


@pytest.mark.parametrize(
    ("who", "category", "told"),
    [
        (QUINN, "2", [("raised", "Dana")]),
        (DANA, "2", [("raised", "Quinn")]),
        (DANA, "1", [("alert", "Dana"), ("alert", "Ruth"), ("raised", "Quinn")]),
    ],
)
async def test_who_raised_it_is_told_only_where_they_have_to_acknowledge_it(
    quick: Desk, who: Person, category: str, told: list[tuple[str, str]]
) -> None:
    await quick.raises(who, category=category)
    assert await quick.told() == told


def test_every_role_may_raise_one() -> None:
    for role, permissions in TABLE.items():
        assert permissions.get(Permission.CONCERN_RAISE) is Reaching.ALL, role


async def test_somebody_who_has_left_cannot(quick: Desk) -> None:
    await quick.leave(TOM)
    with pytest.raises(NotAllowed):
        await quick.raises()
    assert await quick.trail("") == ["refused.not_allowed"]


# a child that is not in the children's file


async def test_a_child_that_is_not_in_the_file_is_raised_with_the_team_that_has_it(desk: Desk) -> None:
    await desk.raises(child="EH/2026-114b", team="eastfield ")
    concern = await desk.concern()
    assert (concern.child_ref, concern.team, concern.legal_status) == ("EH/2026-114b", EAST, None)
    assert await desk.told() == [("alert", "Sam"), ("alert", "Ruth"), ("raised", "Quinn")]


@pytest.mark.parametrize(
    ("child", "team", "field", "code"),
    [
        (" ", None, "child", "child_missing"),
        ("Kevin", "Northgate", "child", "not_a_reference"),
        ("Kevin Smith 2", "Northgate", "child", "not_a_reference"),
        ("01/02/2015", "Northgate", "child", "not_a_reference"),
        ("2015-02-01", "Northgate", "child", "not_a_reference"),
        ("kevin@example.org1", "Northgate", "child", "not_a_reference"),
        ("9" * 61, "Northgate", "child", "not_a_reference"),
        ("C99999", None, "team", "team_missing"),
        ("C99999", "Nowhere", "team", "unknown_team"),
    ],
)
async def test_a_name_or_a_birthday_is_no_reference_and_a_team_is_needed(
    quick: Desk, child: str, team: str | None, field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await quick.raises(child=child, team=team)
    assert (refused.value.code, refused.value.facts["field"]) == (code, field)
    assert await quick.told() == []


@pytest.mark.parametrize(
    ("category", "grounds", "code"),
    [("3", GROUNDS, "category_missing"), ("1", "  ", "grounds_missing"), ("1", "x" * 1501, "too_long")],
)
async def test_what_is_missing_is_named(quick: Desk, category: str, grounds: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        await quick.raises(category=category, grounds=grounds)
    assert refused.value.code == code


async def test_spaces_within_a_reference_do_no_harm(quick: Desk) -> None:
    await quick.raises(child="C 10432")
    assert (await quick.concern()).child_ref == CHILD


async def test_a_child_without_anybody_who_answers_for_its_team_reaches_the_dcs_at_once(quick: Desk) -> None:
    await quick.leave(DANA, SAM, RUTH)
    await quick.raises()
    assert await quick.told() == [("alert", "Alex"), ("raised", "Quinn")]


async def test_where_nobody_is_there_at_all_the_qa_team_is_told(quick: Desk) -> None:
    await quick.leave(DANA, SAM, RUTH, DCS, HELEN)
    await quick.raises()
    assert await quick.told() == [("nobody", "Quinn"), ("raised", "Quinn")]
    assert await quick.lanes() == {"nobody": {Lane.ALERT}, "raised": {Lane.DECISION}}


# raised again


async def test_a_child_stands_on_the_tracker_once(desk: Desk) -> None:
    await desk.raises(category="2")
    await desk.news()
    outcome = await desk.later(hours=1).raises(
        PRIYA, child="10432", category="2", grounds="The plan has lapsed."
    )
    assert (outcome.subject, outcome.facts) == ("C-1", {"category": "2", "again": "yes"})
    first, second = await desk.history()
    assert (first.note, second.command, second.note, second.by_id) == (
        GROUNDS,
        "raise_again",
        "The plan has lapsed.",
        PRIYA.id,
    )
    assert second.facts["said"] == "2"
    assert await desk.news() == [("raised", "Dana"), ("raised", "Quinn")]


async def test_a_category_1_found_again_as_a_category_2_is_told_to_who_answers_for_it(desk: Desk) -> None:
    await desk.raises()
    for who in (DANA, RUTH):
        await desk.acknowledges(who)
    await desk.news()
    # when somebody else finds the same child, and calls it a Category 2
    await desk.later(hours=1).raises(PRIYA, category="2", grounds="The plan has lapsed.")
    concern = await desk.concern()
    assert (concern.category, concern.climbing) == (Category.ONE, False)
    assert (await desk.lanes())["raised"] == {Lane.DECISION}
    assert await desk.news() == [("raised", "Dana"), ("raised", "Ruth"), ("raised", "Quinn")]


async def test_found_in_danger_the_second_time_everybody_is_alerted(desk: Desk) -> None:
    await desk.raises(category="2")
    await desk.news()
    await desk.later(days=1).raises(PRIYA, category="1", grounds="Left alone at night.")
    concern = await desk.concern()
    assert (concern.category, concern.respond_by) == (Category.ONE, date(2026, 11, 21))
    assert await desk.news() == [("alert", "Dana"), ("alert", "Ruth"), ("raised", "Quinn")]


async def test_an_acknowledged_category_1_that_is_raised_again_alerts_anew(desk: Desk) -> None:
    await desk.raises()
    for who in (DANA, RUTH):
        await desk.acknowledges(who)
    await desk.news()
    await desk.later(hours=3).raises(PRIYA, grounds="Seen at the address again.")
    concern = await desk.concern()
    assert concern.climbing
    assert [kind for kind, _ in await desk.news()] == ["alert", "alert", "raised"]


async def test_an_unsure_word_about_a_category_2_is_still_to_be_settled(quick: Desk) -> None:
    await quick.raises(category="2")
    await quick.raises(PRIYA, category="unsure")
    concern = await quick.concern()
    assert (concern.category, concern.unsure, concern.climbing) == (Category.ONE, True, True)
    await quick.does(DANA, Command.SETTLE, category=Category.TWO)
    assert ((await quick.concern()).category, (await quick.concern()).climbing) == (Category.TWO, False)


async def test_a_child_that_has_left_the_tracker_is_raised_as_a_new_one(quick: Desk) -> None:
    await quick.raises(category="2")
    await quick.takes(Command.EVIDENCE)
    await quick.takes(Command.REMOVE)
    outcome = await quick.raises(PRIYA)
    assert (outcome.subject, outcome.facts) == ("C-2", {"category": "1", "told": "2"})


async def test_one_that_is_on_the_tracker_needs_no_team_though_the_file_has_lost_it(quick: Desk) -> None:
    await quick.raises(child="X77", team="Eastfield")
    outcome = await quick.raises(PRIYA, child="x77")
    assert outcome.facts["again"] == "yes"


# said twice


async def test_the_same_press_twice_raises_once(desk: Desk) -> None:
    first = await desk.raises(key="one")
    again = await desk.raises(key="one")
    assert again == first
    assert len(await desk.history()) == 1
    assert len(await desk.told()) == 3


async def test_the_audit_it_was_found_at_is_kept_where_it_is_of_this_child(sqlite_store: SqlStore) -> None:
    audits = an_audit(104, child_ref=CHILD, team=NORTH), an_audit(105, child_ref="C10501")
    desk = await a_desk(sqlite_store, *audits)
    await desk.raises(audit="A-104")
    await desk.raises(child="C10700", audit="A-105")
    assert [(await desk.concern(ref)).audit_ref for ref in ("C-1", "C-2")] == ["A-104", None]
