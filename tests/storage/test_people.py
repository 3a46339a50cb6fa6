"""What every store says about people, their reach and who stands above them."""

from dataclasses import replace
from datetime import date

import pytest

from domain.people import Position, Reach, Role
from tests.builders import DANA, DCS, EAST, NORTH, PRIYA, QUINN, RUTH, SAM, TODAY, TOM, a_person
from tests.storage.council import MEERA, SOUTH, AnyStore, Council, settle


async def test_a_person_comes_back_as_they_were_put_in(any_store: AnyStore) -> None:
    tom = replace(
        TOM,
        roles=frozenset({Role.AUDITOR, Role.TEAM_MANAGER}),
        auditor_from=date(2025, 3, 1),
        active_to=date(2027, 3, 31),
        external=True,
    )
    await settle(any_store, Council().with_people(tom))

    async with any_store.reading() as uow:
        assert await uow.people.get(tom.id) == tom
        assert await uow.people.by_email("TOM.Bailey@Council.Example ") == tom
        assert await uow.people.many([tom.id, RUTH.id, 4711]) == {tom.id: tom, RUTH.id: RUTH}
        assert await uow.people.get(4711) is None


async def test_somebody_is_recognised_by_the_object_id_in_any_case(any_store: AnyStore) -> None:
    await settle(any_store)

    async with any_store.reading() as uow:
        found = await uow.people.actor("AAD-1")
        assert found is not None
        assert found.person == TOM
        assert found.reach == Reach()
        assert await uow.people.actor("aad-4711") is None
        assert await uow.people.actor("") is None


async def test_reach_follows_the_teams_file_and_else_the_own_team(any_store: AnyStore) -> None:
    await settle(any_store)

    async with any_store.reading() as uow:
        dana, sam = await uow.people.actor_of(DANA.id), await uow.people.actor_of(SAM.id)
        ruth = await uow.people.actor_of(RUTH.id)

    assert dana is not None
    assert dana.reach == Reach(services=frozenset({NORTH.service}))
    assert sam is not None, "no team names Sam: the service of Sam's own team counts"
    assert sam.reach == Reach(services=frozenset({EAST.service}))
    assert ruth is not None
    assert ruth.reach == Reach(directorates=frozenset({NORTH.directorate}))


async def test_a_manager_named_for_two_teams_reaches_both_and_not_their_own(any_store: AnyStore) -> None:
    manager = a_person(20, "Kit Osei", Role.TEAM_MANAGER, team=NORTH)
    positions = {(team.id, Position.TEAM_MANAGER): manager.id for team in (EAST, SOUTH)}
    await settle(any_store, Council().with_people(manager).but(positions=positions))

    async with any_store.reading() as uow:
        actor = await uow.people.actor_of(manager.id)

    assert actor is not None
    assert actor.reach == Reach(teams=frozenset({EAST.name, SOUTH.name}))


async def test_the_first_contact_links_once(any_store: AnyStore) -> None:
    new, other = a_person(21, "New Comer", aad_object_id=None), a_person(22, "Other", aad_object_id=None)
    await settle(any_store, Council().with_people(new, other))

    async with any_store.writing() as uow:
        assert await uow.people.link(new.id, "AAD-New")
        assert not await uow.people.link(new.id, "aad-again"), "linked already"
        assert not await uow.people.link(other.id, "aad-new"), "the id is another's"
        await uow.commit()

    async with any_store.reading() as uow:
        actor = await uow.people.actor("aad-new")
        assert actor is not None
        assert actor.id == new.id
        assert (await uow.people.get(other.id)) == other


async def test_the_line_of_an_auditor_has_the_named_one_first_then_holders_around(
    any_store: AnyStore,
) -> None:
    await settle(any_store)

    async with any_store.reading() as uow:
        line = await uow.people.line(TOM.id)

    assert line.head_of_service == (DANA, SAM)
    assert line.director == (RUTH,)
    assert line.dcs == (DCS,)


async def test_where_no_team_names_anybody_the_holders_in_the_service_stand_above(
    any_store: AnyStore,
) -> None:
    elsewhere = a_person(23, "Far Away", Role.HEAD_OF_SERVICE, team=SOUTH)
    director = a_person(24, "Di Rector", Role.DIRECTOR, team=SOUTH)
    await settle(any_store, Council().with_people(elsewhere, director).but(positions={}))

    async with any_store.reading() as uow:
        line = await uow.people.line(PRIYA.id)

    assert line.head_of_service == (DANA, SAM), "by id; nobody of another service"
    assert line.director == (director,), "Ruth has no team and is named nowhere now"


async def test_a_head_of_service_has_directors_above_and_a_director_the_dcs(any_store: AnyStore) -> None:
    await settle(any_store)

    async with any_store.reading() as uow:
        dana, ruth, dcs = [await uow.people.line(person.id) for person in (DANA, RUTH, DCS)]

    assert (dana.head_of_service, dana.director, dana.dcs) == ((), (RUTH,), (DCS,))
    assert (ruth.head_of_service, ruth.director, ruth.dcs) == ((), (), (DCS,))
    assert (dcs.head_of_service, dcs.director, dcs.dcs) == ((), (), ())


async def test_a_position_in_another_team_decides_the_line_before_the_own_team(any_store: AnyStore) -> None:
    south_head = a_person(25, "South Head", Role.HEAD_OF_SERVICE, team=None)
    manager = a_person(26, "Manager", Role.SERVICE_MANAGER, Role.AUDITOR, team=NORTH)
    positions = {
        (SOUTH.id, Position.HEAD_OF_SERVICE): south_head.id,
        (SOUTH.id, Position.SERVICE_MANAGER): manager.id,
        (NORTH.id, Position.HEAD_OF_SERVICE): DANA.id,
    }
    await settle(any_store, Council().with_people(south_head, manager).but(positions=positions))

    async with any_store.reading() as uow:
        assert (await uow.people.line(manager.id)).head_of_service == (south_head,)


async def test_somebody_without_a_team_has_the_dcs_only(any_store: AnyStore) -> None:
    await settle(any_store)

    async with any_store.reading() as uow:
        line = await uow.people.line(QUINN.id)
        unknown = await uow.people.line(4711)

    assert (line.head_of_service, line.director, line.dcs) == ((), (), (DCS,))
    assert unknown.dcs == (DCS,)


@pytest.mark.parametrize(
    ("day", "there"),
    [(date(2026, 8, 31), False), (date(2026, 9, 1), True), (TODAY, True), (date(2027, 1, 1), False)],
)
async def test_roles_count_while_somebody_is_active(any_store: AnyStore, day: date, there: bool) -> None:
    sam = replace(SAM, active_from=date(2026, 9, 1), active_to=date(2026, 12, 31))
    await settle(any_store, Council().with_people(sam))

    async with any_store.reading() as uow:
        heads = await uow.people.with_role(Role.HEAD_OF_SERVICE, day)

    assert heads == ([DANA, sam] if there else [DANA])


async def test_auditors_of_services_are_auditors_and_moderators_there_by_name(any_store: AnyStore) -> None:
    moderator = a_person(27, "abe Moderator", Role.MODERATOR, team=EAST)
    gone = a_person(28, "Gone", active_to=date(2026, 10, 31))
    far = a_person(29, "Far", team=SOUTH)
    await settle(any_store, Council().with_people(moderator, gone, far, MEERA))

    async with any_store.reading() as uow:
        found = await uow.people.auditors_of({NORTH.service}, TODAY)
        nobody = await uow.people.auditors_of(set(), TODAY)

    assert found == [moderator, PRIYA, TOM]
    assert nobody == []
