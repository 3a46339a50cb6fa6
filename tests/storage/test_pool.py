"""Who is there to audit, the roles that are given in the chat, and the year's programme (both databases)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from domain import pool
from domain.audits import AuditState
from domain.errors import Conflict
from domain.exemptions import State
from domain.kinds import Kind
from domain.people import Position, Role, WorkingPattern
from domain.ports import PoolMember
from domain.programme import Planned
from storage.unit_of_work import SqlStore
from tests.builders import (
    DANA,
    EAST,
    NORTH,
    NOVEMBER,
    PRIYA,
    QUINN,
    RUTH,
    TODAY,
    TOM,
    a_person,
    an_audit,
    an_exemption,
)
from tests.storage.council import SOUTH, Council, settle

MODERATOR = a_person(40, "Ann Moderates", Role.MODERATOR, team=SOUTH)
BOTH = a_person(41, "bea both", Role.AUDITOR, Role.MODERATOR, team=EAST)


async def test_the_pool_of_a_month_with_what_decides_who_audits(store: SqlStore) -> None:
    first, last = NOVEMBER.first, NOVEMBER.last
    gone = a_person(42, "Gone", active_to=date(2026, 10, 31))
    comes = a_person(43, "Comes", active_from=date(2026, 12, 1))
    one_day = a_person(44, "One day", active_from=last, active_to=last)
    left_on_the_first = a_person(45, "Yesterday", active_to=first)
    year_ago = NOVEMBER.plus(-12)
    audits = [
        an_audit(1, auditor_id=PRIYA.id, month=NOVEMBER.plus(-2), child_ref="C1"),
        an_audit(2, auditor_id=PRIYA.id, month=NOVEMBER.plus(-1), child_ref="C2", kind=Kind.THEMATIC),
        an_audit(3, auditor_id=PRIYA.id, month=year_ago, child_ref="C3"),
        an_audit(4, auditor_id=PRIYA.id, month=year_ago.plus(-1), child_ref="C4"),
        an_audit(5, auditor_id=TOM.id, child_ref="C5"),
        an_audit(6, auditor_id=None, state=AuditState.FREED, child_ref="C6"),
        an_audit(7, auditor_id=BOTH.id, kind=Kind.THEMATIC, child_ref=None),
        an_audit(8, auditor_id=BOTH.id, month=NOVEMBER.plus(1), child_ref="C8"),
    ]
    council = Council(audits=audits, moderating={(NOVEMBER, BOTH.id): False, (year_ago, MODERATOR.id): True})
    positions = {(SOUTH.id, Position.TEAM_MANAGER): BOTH.id, (EAST.id, Position.SERVICE_MANAGER): BOTH.id}
    people = (MODERATOR, BOTH, gone, comes, one_day, left_on_the_first)
    await settle(store, council.with_people(*people).but(positions=positions))
    async with store.writing() as uow:
        await uow.exemptions.add(an_exemption(person_id=BOTH.id, state=State.APPROVED))
        await uow.exemptions.add(an_exemption(person_id=PRIYA.id))
        await uow.commit()

    async with store.reading() as uow:
        members = await uow.pool.members(NOVEMBER, 12)

    assert members == [
        PoolMember(MODERATOR),
        PoolMember(
            BOTH,
            answers_for=frozenset({SOUTH.id, EAST.id}),
            moderates=False,
            exempt=True,
        ),
        PoolMember(one_day),
        PoolMember(
            PRIYA,
            last_audited=NOVEMBER.plus(-2),
            audited=frozenset({"C1", "C2", "C3"}),
        ),
        PoolMember(TOM, has_audit=True, audited=frozenset({"C5"})),
        PoolMember(left_on_the_first),
    ]


async def test_groups_of_the_pool_stand_where_each_of_their_people_does(store: SqlStore) -> None:
    """The short way to counts and lists against the long one that a draw goes: the same people, the same standings."""
    alternate = {"working_pattern": WorkingPattern.ALTERNATE}
    resting = a_person(46, "Resting", Role.AUDITOR, auditor_from=date(2026, 1, 1), **alternate)
    turn = a_person(47, "Their turn", Role.AUDITOR, auditor_from=date(2026, 2, 1), **alternate)
    later = a_person(48, "Later", Role.AUDITOR, auditor_from=date(2026, 12, 1))
    away = a_person(49, "Away", Role.AUDITOR)
    left = a_person(50, "Left", Role.AUDITOR, active_to=NOVEMBER.first)
    gone = a_person(51, "Gone", Role.AUDITOR, active_to=date(2026, 10, 31))
    said_not = a_person(52, "Does not", Role.MODERATOR, Role.AUDITOR)
    rests_not = a_person(53, "Judges not", Role.MODERATOR)
    audits = [
        an_audit(1, auditor_id=resting.id, month=NOVEMBER.plus(-1), child_ref="C1"),
        an_audit(2, auditor_id=turn.id, month=NOVEMBER.plus(-2), child_ref="C2"),
        an_audit(3, auditor_id=turn.id, month=NOVEMBER.plus(-1), child_ref="C3", kind=Kind.THEMATIC),
        an_audit(4, auditor_id=TOM.id, child_ref="C4"),
        an_audit(5, auditor_id=PRIYA.id, state=AuditState.FREED, child_ref="C5"),
    ]
    moderating = {(NOVEMBER, said_not.id): False, (NOVEMBER, rests_not.id): False}
    people = (MODERATOR, BOTH, resting, turn, later, away, left, gone, said_not, rests_not)
    await settle(store, Council(audits=audits, moderating=moderating).with_people(*people))
    async with store.writing() as uow:
        await uow.exemptions.add(an_exemption(person_id=away.id, state=State.APPROVED))
        await uow.commit()

    async with store.reading() as uow:
        members = await uow.pool.members(NOVEMBER, 12)
        groups = await uow.pool.alike(NOVEMBER)

    one_by_one = {m.person.id: (m.person.name, pool.standing(m, NOVEMBER, TODAY)) for m in members}
    stands = [(group, pool.standing(group, NOVEMBER, TODAY)) for group in groups]
    assert {of: (name, stand) for group, stand in stands for name, of in group.people} == one_by_one
    assert {stand for _, stand in one_by_one.values()} == set(pool.Standing), "every standing is met"
    assert pool.counted(stands) == Counter(stand for _, stand in one_by_one.values())
    assert [group.exempt_for for group in groups if group.exempt] == ["operational"]


async def test_groups_hold_each_person_once_and_by_the_name_that_was_written(store: SqlStore) -> None:
    names = ['Zoë "Zed" O\'Neil', 'back\\slash, [1, "a"]', "李 😀 Ånna", '{"id": 1}']
    people = [a_person(60 + n, name, Role.AUDITOR, Role.MODERATOR) for n, name in enumerate(names)]
    trained = a_person(70, "Both days", Role.AUDITOR, auditor_from=TODAY, moderator_from=NOVEMBER.last)
    await settle(store, Council(audits=[]).with_people(*people, trained, MODERATOR))

    async with store.reading() as uow:
        groups = await uow.pool.alike(NOVEMBER)
        members = await uow.pool.members(NOVEMBER, 12)

    everybody = {member.person.id: member.person for member in members}
    named = [(of, name, group) for group in groups for name, of in group.people]
    assert sorted(of for of, *_ in named) == sorted(everybody), "each of them once"
    for of, name, group in named:
        who = everybody[of]
        assert (name, group.roles) == (who.name, who.roles & {Role.AUDITOR, Role.MODERATOR})
        assert (group.auditor_from, group.moderator_from) == (who.auditor_from, who.moderator_from)


async def test_a_pool_of_nobody_has_no_groups(store: SqlStore) -> None:
    gone = replace(PRIYA, active_to=date(2026, 10, 31)), replace(TOM, active_to=date(2026, 10, 31))
    await settle(store, Council(audits=[]).with_people(*gone))
    async with store.reading() as uow:
        assert await uow.pool.alike(NOVEMBER) == []


async def test_who_moderates_is_said_changed_and_taken_back(store: SqlStore) -> None:
    await settle(store, Council(audits=[]).with_people(BOTH))

    async def said(moderates: bool | None) -> bool | None:
        async with store.writing() as uow:
            await uow.pool.say_moderates(NOVEMBER, BOTH.id, moderates)
            await uow.commit()
        async with store.reading() as uow:
            members = await uow.pool.members(NOVEMBER, 12)
        return next(member.moderates for member in members if member.person.id == BOTH.id)

    assert [await said(word) for word in (False, True, True, None, None)] == [False, True, True, None, None]


async def test_a_role_is_given_and_taken(store: SqlStore) -> None:
    await settle(store)
    async with store.writing() as uow:
        await uow.pool.give_role(QUINN.id, Role.AUDITOR, TODAY)
        await uow.pool.give_role(TOM.id, Role.MODERATOR, date(2026, 12, 1))
        await uow.pool.give_role(TOM.id, Role.AUDITOR, date(2026, 1, 1))
        await uow.commit()
    async with store.reading() as uow:
        people = await uow.people.many([QUINN.id, TOM.id])
    assert people[QUINN.id] == replace(
        QUINN, roles=frozenset({Role.QA_TEAM, Role.AUDITOR}), auditor_from=TODAY
    )
    tom = people[TOM.id]
    assert tom.roles == {Role.AUDITOR, Role.MODERATOR}
    assert (tom.auditor_from, tom.moderator_from) == (date(2026, 1, 1), date(2026, 12, 1))

    async with store.writing() as uow:
        await uow.pool.take_role(TOM.id, Role.AUDITOR)
        await uow.pool.take_role(QUINN.id, Role.IRO)
        await uow.commit()
    async with store.reading() as uow:
        tom = (await uow.people.many([TOM.id]))[TOM.id]
    assert (tom.roles, tom.auditor_from) == ({Role.MODERATOR}, None)


async def test_somebody_new_is_added_once(store: SqlStore) -> None:
    await settle(store)
    async with store.writing() as uow:
        new = await uow.pool.add_person(
            " New.One@Council.example ", " New One ", NORTH.id, Role.MODERATOR, TODAY
        )
        await uow.commit()
    assert (new.email, new.name, new.team) == ("new.one@council.example", "New One", NORTH)
    assert (new.roles, new.moderator_from, new.auditor_from) == ({Role.MODERATOR}, TODAY, None)
    async with store.writing() as uow:
        with pytest.raises(Conflict):
            await uow.pool.add_person("NEW.ONE@council.example", "Other", None, Role.AUDITOR, TODAY)
    async with store.reading() as uow:
        assert await uow.people.by_email("new.one@council.example") == new


async def test_people_are_found_by_parts_of_their_name(store: SqlStore) -> None:
    agnes = a_person(40, "Ágnes O'Neil-Shah", email="agnes@council.example")
    gone = a_person(41, "Old Shah", active_to=date(2026, 11, 19))
    await settle(store, Council().with_people(agnes, gone))
    asked: Sequence[tuple[str, list[str]]] = [
        ("shah", [PRIYA.name, agnes.name]),
        ("ágNES", [agnes.name]),
        ("SHAH pri", [PRIYA.name]),
        ("o'neil", [agnes.name]),
        ("%", []),
        ("  ", []),
        ("nobody", []),
    ]
    async with store.reading() as uow:
        for name, names in asked:
            assert [person.name for person in await uow.pool.by_name(name, TODAY)] == names, name


async def test_teams_and_who_answers_for_one(store: SqlStore) -> None:
    await settle(store, Council(teams=(SOUTH, NORTH, EAST)))
    every = list(Position)
    async with store.reading() as uow:
        assert await uow.pool.teams() == [EAST, NORTH, SOUTH]
        assert await uow.pool.in_position(NORTH.id, every[::-1]) == [DANA, RUTH]
        assert await uow.pool.in_position(NORTH.id, [Position.DIRECTOR]) == [RUTH]
        assert await uow.pool.in_position(EAST.id, every) == []
        assert await uow.pool.in_position(NORTH.id, []) == []


async def test_the_programme_of_a_year(store: SqlStore) -> None:
    plain = Planned(NOVEMBER, Kind.CORE)
    themed = Planned(
        NOVEMBER, Kind.THEMATIC, 12, "Neglect", ("looked_after", "missing_episodes"), "With partners."
    )
    january = Planned(NOVEMBER.plus(2), Kind.CORE, 60)

    async def save(planned: Planned) -> Planned:
        async with store.writing() as uow:
            kept = await uow.programme.save(planned)
            await uow.commit()
        return kept

    kept = [await save(planned) for planned in (january, themed, plain)]
    changed = await save(replace(kept[1], expected=15, cohorts=()))

    assert changed == replace(themed, expected=15, cohorts=(), version=2)
    async with store.reading() as uow:
        assert await uow.programme.between(NOVEMBER, NOVEMBER.plus(1)) == [kept[2], changed]
        assert await uow.programme.between(NOVEMBER, NOVEMBER.plus(2)) == [kept[2], changed, kept[0]]
    for late in (plain, kept[1]):
        with pytest.raises(Conflict):
            await save(late)
    async with store.writing() as uow:
        await uow.programme.remove(NOVEMBER, Kind.CORE)
        await uow.programme.remove(NOVEMBER, Kind.CORE)
        await uow.commit()
    async with store.reading() as uow:
        assert await uow.programme.between(NOVEMBER, NOVEMBER) == [changed]
