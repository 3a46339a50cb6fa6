"""The tracker of children of concern: what is kept, found and due, on both databases."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.alerts import Acknowledged, Alert, Seat
from domain.calendar import Month
from domain.concern_rules import Tier
from domain.concern_workflow import Command, apply
from domain.concerns import Category, Concern, Source, State, Wanted
from domain.errors import Conflict
from domain.people import Authority, Reach
from domain.policy import Policy
from domain.ports.concerns import ConcernFact, ConcernFilter, NewConcern
from storage.unit_of_work import SqlStore
from tests.builders import DANA, EAST, NORTH, NOW, PRIYA, RUTH, TODAY, TOM
from tests.storage.council import MEERA, Council, settle

POLICY = Policy()
RULES = POLICY.concerns
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def tracker(store: SqlStore) -> SqlStore:
    await settle(store)
    return store


def a_new(**changes: Any) -> NewConcern:
    plain = NewConcern(
        child_ref="C100200",
        category=Category.TWO,
        source=Source.CHAT,
        identified_on=TODAY,
        team_id=NORTH.id,
        legal_status="child_in_need",
        raised_by_id=TOM.id,
        respond_by=date(2026, 12, 1),
        grounds="Nobody has visited for six weeks.",
    )
    return replace(plain, **changes)


async def raised(store: SqlStore, **changes: Any) -> Concern:
    async with store.writing() as uow:
        concern = await uow.concerns.raise_(a_new(**changes), NOW)
        await uow.commit()
    return concern


async def moved(
    store: SqlStore, concern: Concern, command: Command, now: datetime = NOW, **given: Any
) -> Concern:
    async with store.writing() as uow:
        done = apply(concern, command, now=now, rules=RULES, **given)
        saved = await uow.concerns.save(done, POLICY)
        await uow.commit()
    return saved


async def kept(store: SqlStore, ref: str) -> Concern | None:
    async with store.reading() as uow:
        return await uow.concerns.get(ref)


async def due_at(store: SqlStore) -> datetime | None:
    async with store.reading() as uow:
        return await uow.concerns.next_climb_due()


async def test_a_child_is_put_on_the_tracker(tracker: SqlStore) -> None:
    concern = await raised(tracker, audit_ref="A-1", unsure=True)

    assert concern == Concern(
        id=1,
        child_ref="C100200",
        category=Category.TWO,
        state=State.WITH_HEAD_OF_SERVICE,
        source=Source.CHAT,
        raised_at=NOW,
        identified_on=TODAY,
        state_since=NOW,
        team=NORTH,
        legal_status="child_in_need",
        unsure=True,
        audit_ref="A-1",
        raised_by_id=TOM.id,
        respond_by=date(2026, 12, 1),
    )
    # and is there in any case of letters, by its number, its child and its audit
    async with tracker.reading() as uow:
        assert await uow.concerns.get(" c-1 ") == concern
        assert await uow.concerns.open_of(" c100200 ") == concern
        assert await uow.concerns.of_audit("A-1") == concern
        history = await uow.concerns.history(concern.id)
    assert [(s.command, s.by_id, s.for_id, s.note, s.at) for s in history] == [
        ("raise", TOM.id, None, "Nobody has visited for six weeks.", NOW)
    ]
    assert history[0].facts == {"category": ">2", "unsure": ">yes"}


@pytest.mark.parametrize("ref", ["C-2", "C-01", "C100200", "A-1", "", "C-99999999999999999999"])
async def test_nothing_else_is_found(tracker: SqlStore, ref: str) -> None:
    await raised(tracker)

    assert await kept(tracker, ref) is None


async def test_a_child_nobody_knows_can_be_raised_by_nobody_in_particular(tracker: SqlStore) -> None:
    concern = await raised(
        tracker, child_ref="unknown-9", team_id=None, raised_by_id=None, respond_by=None, grounds=""
    )

    assert (concern.team, concern.raised_by_id, concern.respond_by) == (None, None, None)
    async with tracker.reading() as uow:
        assert [step.by_id for step in await uow.concerns.history(concern.id)] == [None]


async def test_a_child_stands_on_the_tracker_once_in_any_case_of_letters(tracker: SqlStore) -> None:
    first = await raised(tracker)

    with pytest.raises(Conflict):
        await raised(tracker, child_ref="c100200")

    # taken off, it can come again
    await removed(tracker, first)
    second = await raised(tracker, child_ref="c100200")
    assert second.id != first.id
    async with tracker.reading() as uow:
        assert await uow.concerns.open_of("C100200") == second
        both, count = await uow.concerns.find(ConcernFilter(child_ref="C100200"))
    assert ({one.id for one in both}, count) == ({first.id, second.id}, 2)


async def test_two_who_raise_a_child_at_the_same_time(tracker: SqlStore) -> None:
    """One of them is late, and finds the child there."""
    results = await asyncio.gather(*(raised(tracker) for _ in range(4)), return_exceptions=True)

    assert sum(isinstance(result, Concern) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 3


async def removed(store: SqlStore, concern: Concern, now: datetime = NOW) -> Concern:
    by = Authority(DANA.id)
    concern = await moved(store, concern, Command.EVIDENCE, now, by=by, note="Seen at home.")
    return await moved(store, concern, Command.REMOVE, now, by=by, note="Plan in place.")


async def test_a_reopened_child_that_stands_there_anew_is_a_conflict(tracker: SqlStore) -> None:
    first = await removed(tracker, await raised(tracker))
    await raised(tracker)

    with pytest.raises(Conflict):
        await moved(tracker, first, Command.REOPEN, by=Authority(DANA.id), note="Again.")

    assert await kept(tracker, first.ref) == first


async def test_a_step_is_kept_with_its_line(tracker: SqlStore) -> None:
    concern = await raised(tracker)

    saved = await moved(
        tracker,
        concern,
        Command.ASK_TEAM,
        NOW + MINUTE,
        by=Authority(PRIYA.id, DANA.id),
        note="When was the visit?",
    )

    assert saved == replace(concern, state=State.WITH_TEAM, state_since=NOW + MINUTE, moved=2, version=2)
    assert await kept(tracker, concern.ref) == saved
    async with tracker.reading() as uow:
        line = (await uow.concerns.history(concern.id))[-1]
    assert (line.command, line.by_id, line.for_id) == ("ask_team", PRIYA.id, DANA.id)
    assert (line.note, line.at) == ("When was the visit?", NOW + MINUTE)
    assert line.facts == {"state": "with_head_of_service>with_team"}


async def test_two_who_have_seen_the_same_version_do_not_write_over_each_other(tracker: SqlStore) -> None:
    concern = await raised(tracker)
    await moved(tracker, concern, Command.UPDATE, by=Authority(MEERA.id), note="Visited today.")

    with pytest.raises(Conflict):
        await moved(tracker, concern, Command.RESPOND, by=Authority(DANA.id), note="Strategy meeting.")

    async with tracker.reading() as uow:
        assert [step.command for step in await uow.concerns.history(concern.id)] == ["raise", "update"]


async def test_everything_that_a_sign_off_needs_is_kept(tracker: SqlStore) -> None:
    concern = await raised(tracker, category=Category.ONE, alerts=True, respond_by=TODAY)
    by = Authority(DANA.id)
    concern = await moved(tracker, concern, Command.RESPOND, by=by, note="Safe with the grandmother.")
    concern = await moved(tracker, concern, Command.EVIDENCE, by=by, note="Visit of today.")
    saved = await moved(tracker, concern, Command.SUBMIT, by=by, note="Please.", wanted=Wanted.CATEGORY_2)

    assert await kept(tracker, concern.ref) == saved
    assert (saved.wanted, saved.asked_by_id, saved.evidence) == (Wanted.CATEGORY_2, DANA.id, 1)
    assert (saved.responded_at, saved.respond_by) == (NOW, None)

    # signed off, it is a Category 2 without an alert: nothing is due any more
    signed = await moved(tracker, saved, Command.SIGN_OFF, by=Authority(RUTH.id))
    assert await kept(tracker, concern.ref) == signed
    assert (signed.category, signed.alert) == (Category.TWO, None)
    assert await due_at(tracker) is None


# the alert


async def test_an_alert_begins_at_once_and_climbs_until_both_seats_are_taken(tracker: SqlStore) -> None:
    concern = await raised(tracker, category=Category.ONE, alerts=True)
    assert concern.alert == Alert(1, NOW)
    async with tracker.reading() as uow:
        assert await uow.concerns.climb_due(NOW - MINUTE) == []
        assert await uow.concerns.climb_due(NOW) == [concern.ref]
    assert await due_at(tracker) == NOW

    # its first step is taken: the next is due in a quarter of an hour, and the card stays as it is
    concern = await moved(tracker, concern, Command.CLIMB, alert=Alert(1, NOW, 1))
    assert concern.version == 1
    assert await due_at(tracker) == NOW + 15 * MINUTE

    # a deputy takes one seat
    by = Authority(PRIYA.id, DANA.id)
    seats = {Seat.RESPONSE: Acknowledged(by, Tier.HEAD_OF_SERVICE, NOW + MINUTE)}
    alert = Alert(1, NOW, 3, climbed=True, seats=seats)
    concern = await moved(tracker, concern, Command.ACKNOWLEDGE, by=by, alert=alert)
    assert await kept(tracker, concern.ref) == concern
    assert await due_at(tracker) == NOW + 45 * MINUTE

    # and the director the other
    seats[Seat.OVERSIGHT] = Acknowledged(Authority(RUTH.id), Tier.DIRECTOR, NOW + 2 * MINUTE)
    concern = await moved(
        tracker, concern, Command.ACKNOWLEDGE, by=Authority(RUTH.id), alert=replace(alert, seats=dict(seats))
    )
    assert await kept(tracker, concern.ref) == concern
    assert await due_at(tracker) is None
    async with tracker.reading() as uow:
        assert await uow.concerns.climb_due(NOW + timedelta(days=30)) == []
        commands = [step.command for step in await uow.concerns.history(concern.id)]
    assert commands == ["raise", "acknowledge", "acknowledge"]


async def test_a_ladder_of_the_councils_own_says_when_it_is_due_next(tracker: SqlStore) -> None:
    concern = await raised(tracker, category=Category.ONE, alerts=True)
    ladder = [
        {"after_minutes": 0, "tell": ["head_of_service", "director"]},
        {"after_minutes": 7, "tell": ["dcs"]},
    ]
    policy = Policy.model_validate({"concerns": {"ladder": ladder}})
    async with tracker.writing() as uow:
        done = apply(concern, Command.CLIMB, now=NOW, rules=policy.concerns, alert=Alert(1, NOW, 1))
        await uow.concerns.save(done, policy)
        await uow.commit()

    assert await due_at(tracker) == NOW + 7 * MINUTE


async def test_two_ticks_take_a_step_of_the_ladder_once(tracker: SqlStore) -> None:
    """The version stays, so the steps themselves tell the second one that it is late."""
    concern = await raised(tracker, category=Category.ONE, alerts=True)
    await moved(tracker, concern, Command.CLIMB, alert=Alert(1, NOW, 1))

    with pytest.raises(Conflict):
        await moved(tracker, concern, Command.CLIMB, alert=Alert(1, NOW, 1))


async def test_an_acknowledgement_does_not_take_back_a_step_of_the_ladder(tracker: SqlStore) -> None:
    concern = await raised(tracker, category=Category.ONE, alerts=True)
    await moved(tracker, concern, Command.CLIMB, alert=Alert(1, NOW, 1))
    seats = {Seat.OVERSIGHT: Acknowledged(Authority(RUTH.id), Tier.DIRECTOR, NOW)}

    with pytest.raises(Conflict):
        await moved(
            tracker, concern, Command.ACKNOWLEDGE, by=Authority(RUTH.id), alert=Alert(1, NOW, 0, seats=seats)
        )


async def test_who_waits_longest_is_climbed_for_first(tracker: SqlStore) -> None:
    late = await raised(tracker, child_ref="late", category=Category.ONE, alerts=True)
    early = await raised(tracker, child_ref="early", category=Category.ONE, alerts=True)
    await raised(tracker, child_ref="none", category=Category.ONE)
    await moved(tracker, late, Command.CLIMB, alert=Alert(1, NOW + MINUTE, 0))
    async with tracker.reading() as uow:
        assert await uow.concerns.climb_due(NOW + 2 * MINUTE) == [early.ref, late.ref]
        assert await uow.concerns.climb_due(NOW + 2 * MINUTE, limit=1) == [early.ref]


# found, counted, reminded


async def _three(store: SqlStore) -> tuple[Concern, Concern, Concern]:
    """A Category 2 of October, a Category 1 of November in the East, a removed Category 2 of October."""
    old = await raised(store, child_ref="old", identified_on=date(2026, 10, 31))
    new = await raised(
        store, child_ref="new", category=Category.ONE, team_id=EAST.id, raised_by_id=None, respond_by=None
    )
    gone = await removed(store, await raised(store, child_ref="gone", identified_on=date(2026, 10, 1)))
    return old, new, gone


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (ConcernFilter(), ["new", "gone", "old"]),
        (ConcernFilter(categories=[Category.TWO]), ["gone", "old"]),
        (ConcernFilter(categories=[]), []),
        (ConcernFilter(states=[State.WITH_HEAD_OF_SERVICE]), ["new", "old"]),
        (ConcernFilter(identified=(Month(2026, 10), Month(2026, 10))), ["gone", "old"]),
        (ConcernFilter(identified=(Month(2026, 11), Month(2026, 12))), ["new"]),
        (ConcernFilter(child_ref=" OLD "), ["old"]),
        (ConcernFilter(team_ids=[EAST.id]), ["new"]),
        (ConcernFilter(services=[NORTH.service], states=[State.REMOVED]), ["gone"]),
        (ConcernFilter(services=["none"]), []),
        (ConcernFilter(unanswered=True), ["old"]),
        (ConcernFilter(within=Reach(teams=frozenset({EAST.name}))), ["new"]),
        (ConcernFilter(within=Reach()), []),
        (ConcernFilter(within=Reach(), or_owner=TOM.id), ["gone", "old"]),
        (ConcernFilter(within=Reach(), or_owner=MEERA.id), []),
    ],
)  # fmt: skip
async def test_found_by_any_set_of_conditions(
    tracker: SqlStore, wanted: ConcernFilter, names: list[str]
) -> None:
    await _three(tracker)

    async with tracker.reading() as uow:
        found, count = await uow.concerns.find(wanted)
        counted = await uow.concerns.counted(wanted)

    assert ([one.child_ref for one in found], count) == (names, len(names))
    assert sum(of for *_, of in counted) == len(names)


async def test_a_social_worker_finds_their_own_children(store: SqlStore) -> None:
    child = (await _of_meera(store)).lower()
    concern = await raised(store, child_ref=child, raised_by_id=None)

    async with store.reading() as uow:
        found, _ = await uow.concerns.find(ConcernFilter(within=Reach(), or_owner=MEERA.id))

    assert found == [concern]


async def _of_meera(store: SqlStore) -> str:
    council = Council()
    child = council.audits[0].child_ref
    assert child
    await settle(store, council.but(social_workers={child: MEERA.id}))
    return child


async def test_counted_by_category_state_and_month(tracker: SqlStore) -> None:
    await _three(tracker)
    await raised(tracker, child_ref="other", identified_on=date(2026, 10, 5))

    async with tracker.reading() as uow:
        counted = await uow.concerns.counted(ConcernFilter())

    assert sorted(counted) == [
        (Category.ONE, State.WITH_HEAD_OF_SERVICE, Month(2026, 11), 1),
        (Category.TWO, State.REMOVED, Month(2026, 10), 1),
        (Category.TWO, State.WITH_HEAD_OF_SERVICE, Month(2026, 10), 2),
    ]


async def test_a_page_of_the_tracker(tracker: SqlStore) -> None:
    old, new, _ = await _three(tracker)
    open_ones = ConcernFilter(states=[State.WITH_HEAD_OF_SERVICE])

    async with tracker.reading() as uow:
        assert await uow.concerns.find(open_ones, limit=1) == ([new], 2)
        assert await uow.concerns.find(open_ones, limit=1, offset=1) == ([old], 2)


async def test_who_is_to_be_reminded(tracker: SqlStore) -> None:
    old, new, _ = await _three(tracker)
    day_before_due, day_after = date(2026, 12, 1), date(2026, 12, 2)

    async def names(today: date, before: datetime) -> list[str]:
        async with tracker.reading() as uow:
            return [one.child_ref for one in await uow.concerns.to_remind(today, before)]

    # nothing waits for long, and no response is overdue
    assert await names(day_before_due, NOW) == []
    # the response to the Category 2 is overdue
    assert await names(day_after, NOW) == ["old"]
    # both have waited
    assert await names(day_before_due, NOW + MINUTE) == ["new", "old"]
    # and one was reminded since
    reminded = await moved(tracker, new, Command.REMIND, NOW + 5 * MINUTE)
    assert (reminded.version, reminded.reminded_at) == (1, NOW + 5 * MINUTE)
    assert await names(day_before_due, NOW + MINUTE) == ["old"]
    assert await names(day_before_due, NOW + 6 * MINUTE) == ["new", "old"]
    assert old.reminded_at is None


async def test_what_the_figures_count(tracker: SqlStore) -> None:
    old, new, gone = await _three(tracker)
    await raised(tracker, child_ref="no team", team_id=None, legal_status=None)

    async with tracker.reading() as uow:
        facts = await uow.concerns.facts()

    assert facts[0] == ConcernFact(
        old.ref, Category.TWO, State.WITH_HEAD_OF_SERVICE, date(2026, 10, 31), None, NORTH.name, NORTH.service,
        NORTH.area, "child_in_need",
    )  # fmt: skip
    assert (facts[1].ref, facts[1].team) == (new.ref, EAST.name)
    assert (facts[2].ref, facts[2].state, facts[2].removed_on) == (gone.ref, State.REMOVED, TODAY)
    assert (facts[3].team, facts[3].service, facts[3].legal_status) == (None, None, None)


async def test_a_card_that_shows_a_child_of_concern_is_brought_up_to_date(tracker: SqlStore) -> None:
    concern = await raised(tracker)
    async with tracker.writing() as uow:
        await uow.outbox.card_shows(concern.ref, 1, DANA.id, "a:dana", "m-1", NOW)
        await uow.commit()
    concern = await moved(tracker, concern, Command.UPDATE, by=Authority(MEERA.id), note="Visited today.")

    # when version 1 is shown to somebody else after that
    async with tracker.writing() as uow:
        await uow.outbox.card_shows(concern.ref, 1, RUTH.id, "a:ruth", "m-2", NOW)
        updates = await uow.outbox.refresh_cards(concern.ref, concern.version, NOW)
        await uow.commit()

    # then both cards are to be updated: Ruth's as soon as it was shown, Dana's with the refresh
    assert updates == 1
