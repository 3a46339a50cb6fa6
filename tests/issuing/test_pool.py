"""The pool is looked at by those who oversee it, and kept by the QA team; nobody changes their own role."""

import asyncio
import json
from datetime import date

import pytest

from domain.calendar import Month
from domain.cycle import Command, apply
from domain.errors import Invalid, NotAllowed
from domain.notices import NoticeKind
from domain.people import Person, Role
from domain.pool import Standing
from domain.ports import Outcome
from domain.usecases import pool
from domain.views.pool import PoolView
from storage.unit_of_work import SqlStore
from tests.builders import DCS, QUINN, RUTH, a_person
from tests.issuing.council import DECEMBER, HETTY, QUENTIN, Desk, a_council, a_desk
from tests.unit.domain.council import refusal

ALICE = 1000
JANUARY = date(2027, 1, 1)


async def looks(desk: Desk, person: Person = QUINN, month: Month = DECEMBER, **asked: object) -> PoolView:
    return await pool.view_pool(
        desk.store,
        desk.policy,
        await desk.actor(person),
        month,
        desk.now,
        **asked,  # pyright: ignore[reportArgumentType]
    )


async def says(desk: Desk, person: int, says: bool | None, by: Person = QUINN) -> Outcome:
    actor = await desk.actor(by)
    return await pool.say_moderates(desk.store, actor, DECEMBER, person, says, desk.now, desk.once())


async def gives(
    desk: Desk, person: int, role: Role, day: date = DECEMBER.first, by: Person = QUINN
) -> Outcome:
    actor = await desk.actor(by)
    return await pool.give_role(desk.store, actor, person, role, day, desk.now, desk.once())


async def takes(desk: Desk, person: int, role: Role, by: Person = QUINN) -> Outcome:
    return await pool.take_role(desk.store, await desk.actor(by), person, role, desk.now, desk.once())


async def adds(desk: Desk, email: str = "nia@council.example", name: str = "Nia Jones", team: int | None = 1,
               day: date = DECEMBER.first, by: Person = QUINN) -> Outcome:  # fmt: skip
    actor = await desk.actor(by)
    return await pool.add_person(desk.store, actor, email, name, team, day, desk.now, desk.once())


async def person(desk: Desk, number: int) -> Person:
    async with desk.store.reading() as uow:
        found = await uow.people.get(number)
    assert found is not None
    return found


async def test_the_pool_counts_against_the_targets_and_is_paged(sqlite_store: SqlStore) -> None:
    desk = await a_desk(sqlite_store, a_council(30))
    await desk.exempts(ALICE)
    view = await looks(desk)
    assert (view.capacity.auditors, view.capacity.target_auditors, view.total) == (30, 85, 30)
    assert (view.capacity.pool, view.capacity.allocated) == (30, 29)
    assert view.capacity.exempt == {"operational": 1}
    assert len(view.lines) == pool.PAGE
    last = await looks(desk, offset=24)
    assert [line.person.name for line in last.lines] == [f"Auditor {n:03d}" for n in range(24, 30)]
    exempt = await looks(desk, standing=Standing.EXEMPT)
    assert [(line.person.id, line.standing) for line in exempt.lines] == [(ALICE, Standing.EXEMPT)]


async def test_an_auditor_becomes_a_moderator_and_leaves_the_audit_pool(desk: Desk) -> None:
    await gives(desk, ALICE, Role.MODERATOR)
    promoted = await person(desk, ALICE)
    assert promoted.roles >= {Role.AUDITOR, Role.MODERATOR}
    assert promoted.moderator_from == DECEMBER.first
    assert (await looks(desk)).capacity.moderators == 1
    assert (await looks(desk, month=Month(2026, 11))).capacity.moderators == 0, "from the day on"
    assert (await desk.previews()).people == 5
    assert await desk.told(NoticeKind.ROLE_GIVEN) == [("role.given", ALICE, "moderator")]
    [entry] = await desk.trail("pool.give_role")
    assert (entry.subject, json.loads(entry.facts)) == (
        f"P-{ALICE}", {"role": "moderator", "from": "2026-12-01"},
    )  # fmt: skip
    # when it is said that they do not moderate this month, they audit; and it can be taken back
    await says(desk, ALICE, False)
    assert (await desk.previews()).people == 6
    await says(desk, ALICE, None)
    assert (await desk.previews()).people == 5
    # and undone
    await takes(desk, ALICE, Role.MODERATOR)
    assert (await person(desk, ALICE)).roles == {Role.AUDITOR}
    assert len(await desk.told(NoticeKind.ROLE_GIVEN)) == 4
    assert [e.action for e in await desk.trail("pool.moderates", "pool.take_role")] == [
        "pool.moderates", "pool.moderates", "pool.take_role",
    ]  # fmt: skip


async def test_somebody_known_becomes_an_auditor(desk: Desk) -> None:
    await gives(desk, 600, Role.AUDITOR)
    assert (await desk.previews()).people == 7
    assert (await person(desk, 600)).roles == {Role.AUDITOR, Role.SOCIAL_WORKER}


async def test_somebody_new_becomes_an_auditor(desk: Desk) -> None:
    done = await adds(desk)
    new = await person(desk, int(done.facts["person"]))
    assert (new.email, new.roles, new.auditor_from) == (
        "nia@council.example", {Role.AUDITOR}, DECEMBER.first,
    )  # fmt: skip
    assert new.team is not None
    assert (await desk.previews()).people == 7
    assert await desk.told(NoticeKind.ROLE_GIVEN) == [], "nobody can be written to before they write first"
    assert {*await desk.texts()} == {"Nia Jones", "nia@council.example"}, "no name stands in the chain itself"
    assert "Nia" not in "".join(e.facts for e in await desk.trail("pool.add_person", "pool.give_role"))


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("bad_email", {"email": "nobody"}),
        ("bad_email", {"email": "a b@council.example"}),
        ("no_name", {"name": "  "}),
        ("no_name", {"name": "x" * 101}),
        ("unknown_team", {"team": 99}),
        ("email_known", {"email": "AUDITOR.000@council.example"}),
        ("unlikely_day", {"day": date(2126, 1, 1)}),
    ],
)
async def test_a_new_person_who_cannot_be_added(
    quick_desk: Desk, code: str, changes: dict[str, object]
) -> None:
    refused = await refusal(adds(quick_desk, **changes))  # pyright: ignore[reportArgumentType]
    assert isinstance(refused, Invalid)
    assert refused.code == code


async def test_two_add_the_same_person_at_once(desk: Desk) -> None:
    results = await asyncio.gather(adds(desk), adds(desk, by=QUENTIN), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Invalid", "Outcome"]


async def test_what_makes_no_sense_is_refused(quick_desk: Desk) -> None:
    desk = quick_desk
    for attempt, code in (
        (says(desk, ALICE, True), "not_a_moderator"),
        (gives(desk, ALICE, Role.AUDITOR), "has_role"),
        (gives(desk, 500, Role.MODERATOR), "not_an_auditor"),
        (gives(desk, ALICE, Role.DCS), "role_not_kept"),
        (takes(desk, ALICE, Role.MODERATOR), "has_no_role"),
        (takes(desk, DCS.id, Role.DCS), "role_not_kept"),
        (gives(desk, ALICE, Role.MODERATOR, date(1999, 1, 1)), "unlikely_day"),
        (gives(desk, 9999, Role.AUDITOR), "not_found"),
    ):
        assert (await refusal(attempt)).code == code


async def test_nobody_is_left_with_an_audit_that_they_could_not_hand_in(quick_desk: Desk) -> None:
    desk = quick_desk
    await desk.issues(await desk.previews())
    refused = await refusal(takes(desk, ALICE, Role.AUDITOR))
    [audit] = await desk.audits(auditor_id=ALICE)
    assert (refused.code, refused.facts["ref"]) == ("has_open_audit", audit.ref)
    async with desk.store.writing() as uow:
        await uow.cycle.save(apply(audit, Command.FREE, now=desk.now, by=QUINN.id))
        await uow.commit()
    await takes(desk, ALICE, Role.AUDITOR)
    assert (await person(desk, ALICE)).roles == frozenset()


async def test_nobody_changes_their_own_role(sqlite_store: SqlStore) -> None:
    both = a_person(QUINN.id, QUINN.name, Role.QA_TEAM, Role.AUDITOR, team=None)
    desk = await a_desk(sqlite_store, a_council().with_people(both))
    for attempt in (gives(desk, QUINN.id, Role.MODERATOR), takes(desk, QUINN.id, Role.AUDITOR),
                    says(desk, QUINN.id, False)):  # fmt: skip
        refused = await refusal(attempt)
        assert isinstance(refused, NotAllowed)
        assert refused.facts["why"] == "own_role"
    await gives(desk, QUINN.id, Role.MODERATOR, by=QUENTIN)
    view = await pool.view_person(
        desk.store, desk.policy, await desk.actor(QUINN), QUINN.id, DECEMBER, desk.now
    )
    assert not view.may_change


@pytest.mark.parametrize(
    "who", [HETTY, DCS, RUTH, a_person(ALICE, "Auditor 000"), a_person(500, "Manager 00")]
)
async def test_only_the_qa_team_changes_the_pool(quick_desk: Desk, who: Person) -> None:
    desk = quick_desk
    actor = await desk.actor(who)
    for attempt in (
        gives(desk, 1001, Role.MODERATOR, by=who),
        takes(desk, 1001, Role.AUDITOR, by=who),
        says(desk, 1001, True, who),
        adds(desk, by=who),
        pool.find(desk.store, actor, "Auditor", DECEMBER, desk.now),
    ):
        assert isinstance(await refusal(attempt), NotAllowed)
    if who in (HETTY, DCS):
        assert not (await looks(desk, who)).may_change
    else:
        assert isinstance(await refusal(looks(desk, who)), NotAllowed)


async def test_people_are_found_by_name_or_e_mail(quick_desk: Desk) -> None:
    actor = await quick_desk.actor(QUINN)

    async def found(written: str) -> list[int]:
        view = await pool.find(quick_desk.store, actor, written, DECEMBER, quick_desk.now)
        assert bool(view.teams) == (not view.people), "teams for the form of somebody new"
        return [person.id for person in view.people]

    assert await found("auditor 00") == [1000, 1001, 1002, 1003, 1004, 1005]
    assert await found("Auditor.003@council.example") == [1003]
    assert await found("Nobody Here") == []
    assert await found("  ") == []
