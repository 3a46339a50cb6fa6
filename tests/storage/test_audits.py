"""Records of audits, in every store."""

from dataclasses import replace
from datetime import date

import pytest

from domain.audits import AuditState, Engagement, Grade, Kind
from domain.errors import Conflict
from domain.exemptions import State
from domain.people import Role
from tests.builders import EAST, NORTH, NOVEMBER, PRIYA, TODAY, TOM, a_person, an_audit, an_exemption
from tests.storage.council import SOUTH, AnyStore, Council, settle


async def test_an_audit_is_found_by_reference_by_auditor_and_when_freed(any_store: AnyStore) -> None:
    mine = an_audit(104)
    other_month = an_audit(105, month=NOVEMBER.plus(-1))
    freed = an_audit(106, state=AuditState.FREED, auditor_id=None)
    bare = an_audit(107, child_ref=None, team=None, legal_status=None, auditor_id=None, kind=Kind.OTHER)
    await settle(any_store, Council(audits=[other_month, freed, mine, bare]))

    async with any_store.reading() as uow:
        assert await uow.audits.get("A-104") == mine
        assert await uow.audits.get("A-107") == bare
        assert await uow.audits.get("A-4711") is None
        assert await uow.audits.of_auditor(TOM.id, NOVEMBER) == [mine]
        assert await uow.audits.freed(NOVEMBER) == [freed]
        assert await uow.audits.freed(NOVEMBER.plus(1)) == []


async def test_saving_gives_the_next_version_and_keeps_every_field(any_store: AnyStore) -> None:
    await settle(any_store)
    changed = an_audit(
        state=AuditState.RETURNED,
        returned_on=date(2026, 11, 29),
        grade=Grade.GOOD,
        team=NORTH,
        auditor_id=PRIYA.id,
        moderator_id=TOM.id,
        moderated_grade=Grade.INADEQUATE,
        final_grade=Grade.REQUIRES_IMPROVEMENT,
        meets_standard=False,
        moderated_on=date(2026, 12, 2),
        locked_on=date(2026, 12, 3),
        uploaded_on=date(2026, 12, 4),
        agreed_on=date(2026, 12, 1),
        engagement=Engagement(True, False, None, True, False, True),
        concern_category=2,
        reaudit_of="A-12",
        reaudit_number=2,
        about_id=PRIYA.id,
        theme="Missing episodes",
        earlier_actions_reviewed=True,
    )

    async with any_store.writing() as uow:
        saved = await uow.audits.save(changed)
        await uow.commit()

    assert saved == replace(changed, version=2)
    async with any_store.reading() as uow:
        assert await uow.audits.get("A-104") == saved


@pytest.mark.fault(19)
async def test_saving_over_a_version_that_one_has_not_seen_is_refused(any_store: AnyStore) -> None:
    await settle(any_store)
    async with any_store.writing() as uow:
        await uow.audits.save(an_audit(grade=Grade.GOOD))
        await uow.commit()

    async with any_store.writing() as uow:
        with pytest.raises(Conflict):
            await uow.audits.save(an_audit(grade=Grade.INADEQUATE))

    async with any_store.reading() as uow:
        stored = await uow.audits.get("A-104")
        assert stored is not None
        assert stored.grade is Grade.GOOD


async def test_who_can_take_a_freed_audit(any_store: AnyStore) -> None:
    freed = an_audit(104, state=AuditState.FREED, auditor_id=None, team=NORTH)
    names = ("Ann", "Untrained", "Has one", "Exempt", "Caseload", "Own team", "Gone", "No team", "Trained")
    ann, untrained, has_one, exempt, caseload, own, gone, free, trained = (
        a_person(40 + number, name, team=SOUTH) for number, name in enumerate(names)
    )
    untrained = replace(untrained, auditor_from=date(2026, 12, 1))
    trained = replace(trained, auditor_from=TODAY)
    own, free = replace(own, team=NORTH), replace(free, team=None)
    gone = replace(gone, active_to=date(2026, 11, 1))
    council = Council(
        people=[*Council().people, ann, untrained, has_one, exempt, caseload, own, gone, free, trained],
        audits=[
            freed,
            an_audit(105, auditor_id=has_one.id),
            an_audit(106, auditor_id=PRIYA.id),
            an_audit(107, auditor_id=ann.id, kind=Kind.THEMATIC),
        ],
        social_workers={str(freed.child_ref): caseload.id},
    )
    await settle(any_store, council)
    async with any_store.writing() as uow:
        await uow.exemptions.add(an_exemption(person_id=exempt.id, state=State.APPROVED))
        await uow.commit()

    async with any_store.reading() as uow:
        takers = await uow.audits.free_auditors(freed, TODAY)

    assert takers == [ann, free, trained], (
        "a thematic audit leaves room for a core one; Tom is of the child's team"
    )


async def test_whoever_moderates_in_the_month_takes_no_core_audit(any_store: AnyStore) -> None:
    freed = an_audit(104, state=AuditState.FREED, auditor_id=None, team=NORTH)
    both = {Role.AUDITOR, Role.MODERATOR}
    names = ("Moderates", "Was asked not to", "Trained on the last day", "Trained later", "Only moderates")
    moderates, not_now, just_trained, untrained, no_auditor = (
        a_person(40 + number, name, *both, team=SOUTH) for number, name in enumerate(names)
    )
    just_trained = replace(just_trained, moderator_from=date(2026, 11, 30))
    untrained = replace(untrained, moderator_from=date(2026, 12, 1))
    no_auditor = replace(no_auditor, roles=frozenset({Role.MODERATOR}))
    council = Council(
        people=[moderates, not_now, just_trained, untrained, no_auditor],
        positions={},
        audits=[freed],
        moderating={
            (NOVEMBER, not_now.id): False,
            (NOVEMBER.plus(1), moderates.id): False,
            (NOVEMBER, just_trained.id): True,
            (NOVEMBER, no_auditor.id): False,
        },
    )
    await settle(any_store, council)

    async with any_store.reading() as uow:
        takers = await uow.audits.free_auditors(freed, TODAY)

    assert takers == [untrained, not_now]


async def test_a_child_of_no_known_team_can_go_to_any_free_auditor(any_store: AnyStore) -> None:
    freed = an_audit(104, state=AuditState.FREED, auditor_id=None, team=None, child_ref=None)
    await settle(any_store, Council(audits=[freed]))

    async with any_store.reading() as uow:
        assert await uow.audits.free_auditors(freed, TODAY) == [PRIYA, TOM]

    assert EAST != NORTH
