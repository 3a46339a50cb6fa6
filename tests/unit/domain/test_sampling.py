"""The month's sample as it is drawn from what is stored: who counts, who moderates, what is left out."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.audits import Audit, AuditState
from domain.errors import Invalid, NotAllowed, OutOfDate
from domain.kinds import Grade, Kind
from domain.moderation import Rule
from domain.people import Actor, Person, Role
from domain.policy import Policy
from domain.ports import AuditFilter, ChildFacts, Once
from domain.usecases import sampling, uploading
from domain.views.moderation import SampleView, SampleWish
from storage.unit_of_work import SqlStore
from tests import builders as b
from tests.storage.council import SOUTH, Council, settle

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
POLICY = Policy()
NOVEMBER = SampleWish(b.NOVEMBER)
QUINN = Actor(b.QUINN)
LIAM = b.a_person(21, "Liam Grant", Role.MODERATOR, team=SOUTH)
XENA = b.a_person(22, "Xena Cole", Role.MODERATOR, team=None, external=True)
MEERA = b.a_person(23, "Meera Nair", Role.MODERATOR, Role.SOCIAL_WORKER, team=SOUTH)


def returned(number: int, grade: Grade = Grade.GOOD, **changes: Any) -> Audit:
    return b.an_audit(
        number, state=AuditState.RETURNED, grade=grade, returned_on=date(2026, 11, 12), version=1, **changes
    )


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncIterator[SqlStore]:
    store = SqlStore(sqlite_url)
    yield store
    await store.close()


async def council(store: SqlStore, *audits: Audit, people: tuple[Person, ...] = (LIAM, XENA)) -> None:
    children = tuple(
        ChildFacts(a.child_ref, b.EAST, "child_in_need", MEERA.id, frozenset(), date(2026, 1, 5), None)
        for a in audits
        if a.child_ref
    )
    everybody = (b.TOM, b.QUINN, MEERA, *people)
    await settle(store, Council(people=everybody, positions={}, audits=audits, children=children))


async def look(store: SqlStore, wish: SampleWish = NOVEMBER, policy: Policy = POLICY) -> SampleView:
    return await sampling.look(store, policy, QUINN, wish, NOW)


async def test_whose_child_it_is_does_not_moderate_it(sqlite: SqlStore) -> None:
    """Meera works with all of these children."""
    await council(sqlite, *(returned(n) for n in range(201, 209)), people=(LIAM,))
    seen = await look(sqlite)
    assert {desk.person.id for desk in seen.desks} == {LIAM.id, MEERA.id}
    assert {assigned.moderator_id for assigned in seen.assigned} == {LIAM.id}


async def test_what_went_to_the_record_counts_and_is_not_assigned(sqlite: SqlStore) -> None:
    filed = [returned(n, uploaded_on=date(2026, 11, 13)) for n in range(201, 206)]
    filed = [replace(audit, state=AuditState.UPLOADED) for audit in filed]
    await council(sqlite, *filed, returned(206), returned(207), returned(208))
    seen = await look(sqlite)
    assert (sum(seen.returned.values()), seen.wanted) == (8, 2)
    assert {assigned.ref for assigned in seen.assigned} <= {"A-206", "A-207", "A-208"}
    assert len(seen.assigned) == 2


async def test_a_grade_filter_takes_all_of_the_grade_and_externals_alone(sqlite: SqlStore) -> None:
    bad = [returned(n, Grade.INADEQUATE) for n in range(201, 204)]
    await council(sqlite, *bad, *(returned(n) for n in range(204, 210)))
    seen = await look(sqlite, SampleWish(b.NOVEMBER, grades=(Grade.INADEQUATE,), external=True))
    assert {(a.ref, a.moderator_id) for a in seen.assigned} == {(a.ref, XENA.id) for a in bad}
    assert [desk.person.id for desk in seen.desks] == [XENA.id]


async def test_a_moderator_of_the_month_only(sqlite: SqlStore) -> None:
    """Not who was trained after it, who has left, or of whom it was said that they do not moderate."""
    later = replace(LIAM, moderator_from=date(2026, 12, 1))
    gone = replace(XENA, active_to=date(2026, 11, 19))
    await council(sqlite, returned(201), people=(later, gone))
    async with sqlite.writing() as uow:
        await uow.pool.say_moderates(b.NOVEMBER, MEERA.id, moderates=False)
        await uow.commit()
    seen = await look(sqlite)
    assert not seen.desks
    assert [unmet.rule for unmet in seen.unmet] == [Rule.NO_MODERATORS]


async def test_confirmed_only_as_it_was_seen(sqlite: SqlStore) -> None:
    await council(sqlite, *(returned(n) for n in range(201, 209)))
    seen = await look(sqlite)
    with pytest.raises(OutOfDate):
        await sampling.confirm(sqlite, POLICY, QUINN, NOVEMBER, "0" * 16, NOW, Once("a", "d"))
    with pytest.raises(NotAllowed):
        await sampling.confirm(sqlite, POLICY, Actor(LIAM), NOVEMBER, seen.digest, NOW, Once("b", "d"))
    made = await sampling.confirm(sqlite, POLICY, QUINN, NOVEMBER, seen.digest, NOW, Once("c", "d"))
    assert made.facts == {"count": "2"}
    again = await sampling.confirm(sqlite, POLICY, QUINN, NOVEMBER, seen.digest, NOW, Once("c", "d"))
    assert again == made, "the same press"
    async with sqlite.reading() as uow:
        named, count = await uow.cycle.find(AuditFilter(moderator_named=True))
        history = await uow.cycle.history(named[0].id)
    assert count == 2
    assert history[-1].facts["seed"] == "moderation|2026-11|core", "the draw can be done again from it"
    now = await look(sqlite)
    assert (now.sampled, now.assigned) == (2, ())
    with pytest.raises(Invalid, match="nothing_to_assign"):
        await sampling.confirm(sqlite, POLICY, QUINN, NOVEMBER, now.digest, NOW, Once("e", "d"))


async def test_when_what_was_left_out_may_be_filed(sqlite: SqlStore) -> None:
    """Once one of its month and kind has a moderator; where nothing of the kind is graded or moderated, at once."""
    alone = returned(201)
    await council(sqlite, alone, returned(202, kind=Kind.REAUDIT, moderator_id=LIAM.id))
    none_moderated = POLICY.model_copy(
        update={"moderation": POLICY.moderation.model_copy(update={"share_percent": 0})}
    )
    never = POLICY.model_copy(
        update={"audits": POLICY.audits.model_copy(update={"upload_unmoderated": False})}
    )
    dip = replace(alone, kind=Kind.DIP_SAMPLE, grade=None)
    async with sqlite.reading() as uow:
        assert not await uploading.may_upload(uow, POLICY, alone)
        assert await uploading.may_upload(uow, none_moderated, alone)
        assert not await uploading.may_upload(uow, never.model_copy(), alone)
        assert await uploading.may_upload(uow, POLICY, dip)
        assert not await uploading.may_upload(uow, POLICY, replace(dip, child_ref=None)), (
            "no child, no record"
        )
        assert await uploading.may_upload(uow, POLICY, replace(alone, kind=Kind.REAUDIT))
        assert not await uploading.may_upload(uow, POLICY, replace(alone, moderator_id=LIAM.id))
