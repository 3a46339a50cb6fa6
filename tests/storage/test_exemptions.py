"""Exemptions and their history, in every store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import Conflict
from domain.exemptions import Command, Done, Exemption, State, apply
from domain.people import Approver, Authority, Level, Reach
from domain.ports import ExemptionFilter, ExemptionStep
from tests.builders import DANA, DCS, EAST, NORTH, NOVEMBER, NOW, PRIYA, RUTH, SAM, TOM, an_exemption
from tests.storage.council import SOUTH, AnyStore, settle

MINUTE = timedelta(minutes=1)


async def _add(store: AnyStore, *drafts: Exemption) -> list[Exemption]:
    async with store.writing() as uow:
        added = [await uow.exemptions.add(draft) for draft in drafts]
        await uow.commit()
    return added


async def _save(store: AnyStore, done: Done) -> Exemption:
    async with store.writing() as uow:
        saved = await uow.exemptions.save(done)
        await uow.commit()
    return saved


async def test_a_request_gets_a_number_and_the_first_line_of_its_history(any_store: AnyStore) -> None:
    await settle(any_store)
    draft = an_exemption(
        0,
        note="",
        last_week=True,
        after_issue=True,
        requested_by_id=DANA.id,
        explanation="Zoë's hearing 🙂\u202e",
    )

    [added] = await _add(any_store, draft)

    assert added == replace(draft, id=added.id, version=1)
    async with any_store.reading() as uow:
        assert await uow.exemptions.get(added.id) == added
        assert await uow.exemptions.get(4711) is None
        assert await uow.exemptions.history(added.id) == [
            ExemptionStep(draft.requested_at, "request", DANA.id, None, draft.explanation)
        ]


async def test_a_decision_by_a_deputy_is_kept_with_both_names(any_store: AnyStore) -> None:
    await settle(any_store)
    [asked] = await _add(any_store, an_exemption())
    director = Approver(Level.DIRECTOR, RUTH)

    endorsed = await _save(
        any_store, apply(asked, Command.ENDORSE, now=NOW, by=Authority(DANA.id), to=director)
    )
    by = Authority(SAM.id, for_id=RUTH.id)
    declined = await _save(
        any_store, apply(endorsed, Command.DECLINE, now=NOW + MINUTE, by=by, note="Please swap.")
    )

    assert (endorsed.version, declined.version) == (2, 3)
    async with any_store.reading() as uow:
        stored = await uow.exemptions.get(asked.id)
        history = await uow.exemptions.history(asked.id)
    assert stored == declined
    assert (declined.decided_by_id, declined.decided_for_id, declined.note) == (
        SAM.id,
        RUTH.id,
        "Please swap.",
    )
    assert [(line.command, line.by_id, line.for_id, line.note) for line in history[1:]] == [
        ("endorse", DANA.id, None, ""),
        ("decline", SAM.id, RUTH.id, "Please swap."),
    ]


async def test_a_chase_by_the_clock_has_nobody_in_its_line(any_store: AnyStore) -> None:
    await settle(any_store)
    [asked] = await _add(any_store, an_exemption())

    chased = await _save(any_store, apply(asked, Command.CHASE, now=NOW))

    assert (chased.chases, chased.chased_at) == (1, NOW)
    async with any_store.reading() as uow:
        assert await uow.exemptions.get(asked.id) == chased
        assert (await uow.exemptions.history(asked.id))[-1] == ExemptionStep(NOW, "chase", None, None, "")


@pytest.mark.fault(18)
@pytest.mark.fault(20)
async def test_a_step_on_a_version_that_was_not_seen_is_refused(any_store: AnyStore) -> None:
    await settle(any_store)
    [asked] = await _add(any_store, an_exemption(state=State.WITH_DIRECTOR))
    approved = apply(asked, Command.APPROVE, now=NOW, by=Authority(RUTH.id))
    declined = apply(asked, Command.DECLINE, now=NOW, by=Authority(DCS.id), note="No.")
    await _save(any_store, approved)

    with pytest.raises(Conflict):
        await _save(any_store, declined)

    async with any_store.reading() as uow:
        stored = await uow.exemptions.get(asked.id)
        assert stored is not None
        assert stored.state is State.APPROVED
        assert len(await uow.exemptions.history(asked.id)) == 2


async def test_one_open_or_approved_request_for_a_person_and_month(any_store: AnyStore) -> None:
    await settle(any_store)
    [first] = await _add(any_store, an_exemption())

    with pytest.raises(Conflict):
        await _add(any_store, an_exemption())
    await _add(any_store, an_exemption(month=NOVEMBER.plus(1)), an_exemption(person_id=PRIYA.id))
    await _save(any_store, apply(first, Command.WITHDRAW, now=NOW, by=Authority(TOM.id)))
    [again] = await _add(any_store, an_exemption())

    assert again.id > first.id


async def test_after_a_second_request_was_refused_the_unit_of_work_can_go_on(any_store: AnyStore) -> None:
    await settle(any_store)
    await _add(any_store, an_exemption())

    async with any_store.writing() as uow:
        with pytest.raises(Conflict):
            await uow.exemptions.add(an_exemption())
        other = await uow.exemptions.add(an_exemption(person_id=PRIYA.id))
        await uow.commit()

    async with any_store.reading() as uow:
        assert await uow.exemptions.get(other.id) == other


async def test_the_approved_one_is_what_counts_for_the_month(any_store: AnyStore) -> None:
    await settle(any_store)
    approved, *_ = await _add(
        any_store,
        an_exemption(state=State.APPROVED),
        an_exemption(state=State.DECLINED),
        an_exemption(person_id=PRIYA.id),
    )

    async with any_store.reading() as uow:
        assert approved in await uow.exemptions.of_person(TOM.id, NOVEMBER)
        assert await uow.exemptions.of_person(TOM.id, NOVEMBER.plus(1)) == []
        assert approved not in await uow.exemptions.of_person(PRIYA.id, NOVEMBER)


FOUR = (
    an_exemption(reason="maternity"),
    an_exemption(person_id=PRIYA.id, requested_by_id=SAM.id, state=State.WITH_DIRECTOR),
    an_exemption(state=State.DECLINED, requested_at=NOW),
    an_exemption(person_id=SAM.id, requested_by_id=SAM.id, state=State.ASKED_BACK, month=NOVEMBER.plus(1)),
)
FILTERS: dict[str, tuple[ExemptionFilter, list[int]]] = {
    "all, oldest first": (ExemptionFilter(), [0, 1, 3, 2]),
    "open": (ExemptionFilter(open_only=True), [0, 1, 3]),
    "month": (ExemptionFilter(month=NOVEMBER), [0, 1, 2]),
    "reason": (ExemptionFilter(reason="maternity"), [0]),
    "states": (ExemptionFilter(states={State.DECLINED, State.ASKED_BACK}), [3, 2]),
    "states and open": (ExemptionFilter(open_only=True, states=["declined", "asked_back"]), [3]),
    "no states": (ExemptionFilter(states=()), []),
    "person": (ExemptionFilter(person_id=TOM.id), [0, 2]),
    "asked by": (ExemptionFilter(requested_by=SAM.id), [1, 3]),
    "waiting for": (ExemptionFilter(approver_ids={DANA.id, RUTH.id}), [0, 1]),
    "waiting for nobody": (ExemptionFilter(approver_ids=()), []),
    "not mine": (ExemptionFilter(not_party=SAM.id), [0, 2]),
    "within a service": (ExemptionFilter(within=Reach(services=frozenset({NORTH.service}))), [0, 1, 3, 2]),
    # the one of the head of service, who sits in that team but leads it, is not the team manager's to see
    "within a team": (ExemptionFilter(within=Reach(teams=frozenset({EAST.name}))), [1]),
    "within a directorate": (
        ExemptionFilter(within=Reach(directorates=frozenset({"Operations"})), open_only=True),
        [0, 1, 3],
    ),
    "elsewhere": (ExemptionFilter(within=Reach(services=frozenset({SOUTH.service}))), []),
    "elsewhere, or my own": (
        ExemptionFilter(within=Reach(teams=frozenset({SOUTH.name})), or_party=TOM.id),
        [0, 2],
    ),
    "only my own": (ExemptionFilter(within=Reach(), or_party=SAM.id), [1, 3]),
    "party without a reach": (ExemptionFilter(or_party=PRIYA.id), [1]),
}


@pytest.mark.parametrize("name", FILTERS)
async def test_what_a_filter_finds(any_store: AnyStore, name: str) -> None:
    await settle(any_store)
    added = await _add(any_store, *FOUR)
    wanted, places = FILTERS[name]

    async with any_store.reading() as uow:
        found, total = await uow.exemptions.find(wanted)

    assert [added.index(exemption) for exemption in found] == places
    assert total == len(places)


async def test_a_page_tells_how_many_there_are_in_all(any_store: AnyStore) -> None:
    await settle(any_store)
    await _add(
        any_store, *(an_exemption(month=NOVEMBER.plus(n), requested_at=NOW + n * MINUTE) for n in range(7))
    )

    async with any_store.reading() as uow:
        pages = [
            await uow.exemptions.find(ExemptionFilter(), limit=3, offset=offset) for offset in (0, 3, 6, 9)
        ]

    assert [[e.month.plus(0) for e in page] for page, _ in pages] == [
        [NOVEMBER.plus(n) for n in numbers] for numbers in ((0, 1, 2), (3, 4, 5), (6,), ())
    ]
    assert {total for _, total in pages} == {7}
