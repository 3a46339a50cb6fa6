"""The month's sample as it is drawn from what is stored: who counts, who moderates, what is left out."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.audits import Audit, AuditState
from domain.cycle import Command, apply
from domain.errors import Invalid, NotAllowed, OutOfDate
from domain.kinds import Grade, Kind
from domain.moderation import Rule
from domain.people import Actor, Person, Role
from domain.policy import Policy
from domain.ports import AuditFilter, ChildFacts, Once
from domain.usecases import left_out, sampling, stuck_moderation, uploading
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
    assert made.facts == {"count": "2", "left_out": "6"}
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
    """Once the sample of its month and kind was confirmed; where nothing of the kind is graded or moderated, at once.
    That one of them has a moderator, named by hand, says nothing of the others."""
    alone = returned(201)
    await council(sqlite, alone, returned(202, moderator_id=LIAM.id), returned(203, kind=Kind.REAUDIT))
    async with sqlite.writing() as uow:
        await left_out.record_drawn(uow, b.NOVEMBER, Kind.REAUDIT, b.QUINN.id, NOW, named=0, left_out=1)
        await uow.commit()
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


@pytest.fixture
def few() -> Policy:
    """A tenth, so that one moderator is enough for ten."""
    return POLICY.model_copy(
        update={"moderation": POLICY.moderation.model_copy(update={"share_percent": 10})}
    )


async def test_a_return_that_comes_after_the_sample_waits_for_the_next_look(
    sqlite: SqlStore, few: Policy
) -> None:
    await council(sqlite, *(returned(n) for n in range(201, 206)))
    seen = await look(sqlite, policy=few)
    assert (len(seen.assigned), seen.left_out, seen.left_out_new) == (1, 4, 4)
    await sampling.confirm(sqlite, few, QUINN, NOVEMBER, seen.digest, NOW, Once("a", "d"))
    left = next(n for n in range(201, 206) if f"A-{n}" != seen.assigned[0].ref)
    later = NOW + timedelta(hours=1)
    async with sqlite.writing() as uow:
        audit = await uow.audits.get(f"A-{left}")
        assert audit is not None
        assert await uploading.may_upload(uow, few, audit)
        # one that was left out is corrected, and a new one comes
        await uow.cycle.save(
            apply(audit, Command.CORRECT, now=later, by=b.TOM.id, note="misread", grade=Grade.INADEQUATE)
        )
        await uow.commit()
    async with sqlite.reading() as uow:
        corrected = await uow.audits.get(f"A-{left}")
        assert corrected is not None
        assert not await uploading.may_upload(uow, few, corrected)
        ready, waiting = await uploading.ready(uow, few, QUINN, b.NOVEMBER, b.TODAY)
        assert (len(ready), waiting) == (3, 1)
    # nobody new is to be moderated: the next look leaves it out all the same, and only then
    again = await look(sqlite, policy=few)
    assert (again.assigned, again.left_out, again.left_out_new) == ((), 4, 1)
    made = await sampling.confirm(
        sqlite, few, QUINN, NOVEMBER, again.digest, later + timedelta(hours=1), Once("b", "d")
    )
    assert made.facts == {"count": "0", "left_out": "4"}
    async with sqlite.reading() as uow:
        assert await uploading.may_upload(uow, few, corrected)
        assert len((await uploading.ready(uow, few, QUINN, b.NOVEMBER, b.TODAY))[0]) == 4


async def test_some_grades_alone_or_too_few_moderators_are_no_sample_of_the_month(sqlite: SqlStore) -> None:
    own = [returned(n, team=SOUTH) for n in range(201, 208)]
    await council(sqlite, *own, returned(208), people=(LIAM,))
    only_good = SampleWish(b.NOVEMBER, grades=(Grade.OUTSTANDING,))
    assert (await look(sqlite, only_good)).left_out == 0
    seen = await look(sqlite)
    assert (seen.wanted, len(seen.assigned), seen.left_out) == (2, 1, 0), "South is Liam's own team"
    await sampling.confirm(sqlite, POLICY, QUINN, NOVEMBER, seen.digest, NOW, Once("a", "d"))
    async with sqlite.reading() as uow:
        assert await uploading.ready(uow, POLICY, QUINN, b.NOVEMBER, b.TODAY) == ([], 7)


async def test_a_moderator_who_left_is_none_and_another_one_is_drawn(sqlite: SqlStore) -> None:
    gone = replace(LIAM, active_to=date(2026, 11, 10))
    await council(sqlite, returned(201, moderator_id=LIAM.id), returned(202, moderator_id=XENA.id),
                  *(returned(n) for n in range(203, 209)), people=(gone, XENA))  # fmt: skip
    seen = await look(sqlite)
    assert (seen.sampled, seen.stuck, seen.wanted, len(seen.assigned)) == (1, 1, 2, 1)
    async with sqlite.reading() as uow:
        assert [audit.ref for audit in await stuck_moderation.waiting(uow, b.TODAY)] == ["A-201"]


async def test_the_qa_team_is_told_once_of_a_moderator_who_cannot_judge(sqlite: SqlStore) -> None:
    none = replace(LIAM, roles=frozenset({Role.AUDITOR}))
    await council(sqlite, returned(201, moderator_id=LIAM.id), people=(none, XENA))
    assert await stuck_moderation.tell_stuck(sqlite, POLICY, NOW) == 1
    await stuck_moderation.tell_stuck(sqlite, POLICY, NOW + timedelta(days=1))
    async with sqlite.reading() as uow:
        assert await uow.outbox.told("A-201") == [b.QUINN.id]
