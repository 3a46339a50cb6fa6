"""Who is told what, at each step: never the doer, never twice (domain, section 4)."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime

import pytest

from domain.errors import NotAllowed
from domain.exemptions import Command, Exemption, State
from domain.lanes import Lane
from domain.people import Person, PersonId
from domain.usecases import exemption_views
from tests.builders import DANA, DCS, PRIYA, QUINN, RUTH, TOM
from tests.unit.domain.council import HARRY, NELL, WILL, Council, a_council, refusal

TO_DECIDE, CHASED, ASKED_BACK = "exemption.to_decide", "exemption.chased", "exemption.asked_back"
OUTCOME, MOVED_UP, STANDS = "exemption.outcome", "exemption.moved_up", "exemption.stands"
DAY_12, DAY_16 = datetime(2026, 11, 12, 9, tzinfo=UTC), datetime(2026, 11, 16, 9, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)


def a_council_with_deputies() -> Council:
    """Will stands in for Dana, Priya for Ruth."""
    council = a_council()
    council.deputy(DANA, WILL, last=date(2026, 12, 31))
    council.deputy(RUTH, PRIYA, last=date(2026, 12, 31))
    return council


def assert_told(council: Council, since: int, *expected: tuple[str, Person]) -> None:
    assert sorted(council.told(since)) == sorted((kind, person.id) for kind, person in expected)


async def own(council: Council) -> Exemption:
    return await council.asks(TOM)


async def on_behalf(council: Council) -> Exemption:
    return await council.asks(DANA, people=[TOM])


async def endorsed(council: Council) -> Exemption:
    return await council.does(WILL, Command.ENDORSE, await own(council))


async def asked_back(council: Council) -> Exemption:
    return await council.does(DANA, Command.ASK_BACK, await own(council))


async def asked_back_by_director(council: Council) -> Exemption:
    return await council.does(RUTH, Command.ASK_BACK, await on_behalf(council))


Given = Callable[[Council], Awaitable[Exemption]]
Told = list[tuple[str, Person]]

STEPS: list[tuple[Given, Person, Command, Told]] = [
    # a person's step: what stands, who does what, and who hears of it
    (own, WILL, Command.ENDORSE, [(TO_DECIDE, RUTH), (TO_DECIDE, PRIYA)]),
    (own, DANA, Command.DECLINE, [(OUTCOME, TOM)]),
    (own, WILL, Command.ASK_BACK, [(ASKED_BACK, TOM)]),
    (own, TOM, Command.WITHDRAW, [(OUTCOME, DANA), (OUTCOME, WILL)]),
    (endorsed, PRIYA, Command.APPROVE, [(OUTCOME, TOM)]),
    (endorsed, RUTH, Command.DECLINE, [(OUTCOME, TOM)]),
    (asked_back, TOM, Command.ANSWER, [(TO_DECIDE, DANA), (TO_DECIDE, WILL)]),
    (on_behalf, RUTH, Command.APPROVE, [(OUTCOME, DANA), (OUTCOME, TOM)]),
    (on_behalf, RUTH, Command.ASK_BACK, [(ASKED_BACK, DANA)]),
    (on_behalf, DANA, Command.WITHDRAW, [(OUTCOME, TOM), (OUTCOME, RUTH), (OUTCOME, PRIYA)]),
    (asked_back_by_director, DANA, Command.ANSWER, [(TO_DECIDE, RUTH), (TO_DECIDE, PRIYA)]),
]


@pytest.mark.parametrize(
    ("given", "person", "command", "told"),
    STEPS,
    ids=[f"{number}-{s[2].value}" for number, s in enumerate(STEPS)],
)
async def test_who_hears_of_a_step(given: Given, person: Person, command: Command, told: Told) -> None:
    council = a_council_with_deputies()
    exemption = await given(council)
    before = council.messages()
    # when the step is taken
    await council.does(person, command, exemption)
    # then these are told, and nobody else; the doer least of all
    assert_told(council, before, *told)
    assert person.id not in [number for _, number in council.told(before)]


BY_THE_CLOCK: list[tuple[Given, datetime, Told]] = [
    (own, DAY_12, [(CHASED, DANA), (CHASED, WILL)]),
    (
        own,
        DAY_16,
        [(TO_DECIDE, RUTH), (TO_DECIDE, PRIYA), (MOVED_UP, DANA), (MOVED_UP, WILL), (MOVED_UP, TOM)],
    ),
    (endorsed, DAY_16, [(TO_DECIDE, DCS), (MOVED_UP, RUTH), (MOVED_UP, PRIYA), (MOVED_UP, TOM)]),
    (asked_back, DAY_16, [(CHASED, TOM)]),
    (asked_back_by_director, DAY_12, [(CHASED, DANA)]),
    (own, DECEMBER, [(OUTCOME, TOM), (OUTCOME, DANA), (OUTCOME, WILL)]),
    (on_behalf, DECEMBER, [(OUTCOME, TOM), (OUTCOME, DANA), (OUTCOME, RUTH), (OUTCOME, PRIYA)]),
    (
        endorsed,
        DECEMBER,
        [(OUTCOME, TOM), (OUTCOME, RUTH), (OUTCOME, PRIYA), (OUTCOME, WILL), (OUTCOME, DANA)],
    ),
]


@pytest.mark.parametrize(
    ("given", "now", "told"),
    BY_THE_CLOCK,
    ids=[f"{number}-{s[1]:%d-%b}" for number, s in enumerate(BY_THE_CLOCK)],
)
async def test_who_hears_of_what_the_clock_does(given: Given, now: datetime, told: Told) -> None:
    council = a_council_with_deputies()
    await given(council)
    before = council.messages()
    council.goes_to(now)
    assert await council.chases() == 1
    assert_told(council, before, *told)


async def test_a_request_asks_the_approver_and_tells_whom_it_is_for() -> None:
    council = a_council_with_deputies()
    await own(council)
    assert_told(council, 0, (TO_DECIDE, DANA), (TO_DECIDE, WILL))
    before = council.messages()
    await council.asks(DANA, people=[NELL, PRIYA])
    # then each of them is told of their own, and Priya is not asked to decide on hers
    assert council.told(before) == [
        (TO_DECIDE, RUTH.id),
        (TO_DECIDE, PRIYA.id),
        (STANDS, NELL.id),
        (TO_DECIDE, RUTH.id),
        (STANDS, PRIYA.id),
    ]


async def test_every_message_of_a_long_story_is_another_one() -> None:
    # given a request that goes to and fro
    council = a_council_with_deputies()
    made = await own(council)
    for _ in range(3):
        made = await council.does(DANA, Command.ASK_BACK, made)
        made = await council.does(TOM, Command.ANSWER, made)
    rows = council.store.data.notices()
    # then each asking is a message of its own: no key swallows a later one
    assert len(council.told(0, TO_DECIDE)) == 2 * 4
    assert len(council.told(0, ASKED_BACK)) == 3
    assert len({row.key for row in rows}) == len(rows)
    # and none holds what somebody wrote
    assert {row.subject for row in rows} == {"E-1"}
    assert {row.lane for row in rows} == {Lane.DECISION}


async def test_cards_that_stand_are_updated_at_each_step() -> None:
    council = a_council()
    made = await own(council)
    async with council.store.writing() as uow:
        await uow.outbox.remember_card(made.ref, "exemption.to_decide", DANA.id, "a:dana", "1")
        await uow.commit()
    await council.does(TOM, Command.WITHDRAW, made)
    [update] = [row for row in council.store.data.queue.values() if row.card_id]
    assert (update.person_id, update.version) == (DANA.id, 2)


# What those who were on it may look at afterwards.


async def looks(council: Council, person: Person, exemption: Exemption) -> PersonId:
    actor = council.actor(person)
    seen = await exemption_views.view(council.store, council.policy, actor, exemption.ref, council.now)
    return seen.viewer_id


async def test_a_deputy_sees_what_came_of_their_step() -> None:
    # given Will endorsed for Dana, and his deputyship is over
    council = a_council()
    council.deputy(DANA, WILL, date(2026, 11, 11), date(2026, 11, 11))
    made = await council.does(WILL, Command.ENDORSE, await own(council))
    assert await looks(council, WILL, made) == WILL.id
    council.waits(days=3)
    # then he still sees that one, and no other
    assert await looks(council, WILL, made) == WILL.id
    other = await council.asks(NELL)
    assert isinstance(await refusal(looks(council, WILL, other)), NotAllowed)
    # until he leaves
    council.changes(WILL, active_to=date(2026, 11, 12))
    assert isinstance(await refusal(looks(council, WILL, made)), NotAllowed)


@pytest.mark.parametrize("person", [WILL, HARRY, PRIYA, NELL])
async def test_colleagues_do_not_see_it(person: Person) -> None:
    council = a_council()
    assert isinstance(await refusal(looks(council, person, await own(council))), NotAllowed)


async def test_the_view_offers_what_the_viewer_may_do() -> None:
    council = a_council_with_deputies()
    made = await own(council)

    async def offered(person: Person) -> tuple[set[Command], PersonId | None]:
        view = await exemption_views.view(
            council.store, council.policy, council.actor(person), made.ref, council.now
        )
        return set(view.commands), view.acting_for

    to_decide = {Command.ENDORSE, Command.DECLINE, Command.ASK_BACK}
    assert await offered(TOM) == ({Command.WITHDRAW}, None)
    assert await offered(DANA) == (to_decide, None)
    assert await offered(WILL) == (to_decide, DANA.id)
    assert await offered(QUINN) == (set(), None)
    assert await offered(RUTH) == (set(), None)
    await council.does(DANA, Command.DECLINE, made)
    assert await offered(DANA) == (set(), None)
    assert council.exemption(made.ref).state is State.DECLINED


async def test_who_stands_in_for_both_is_asked_and_not_also_told_that_it_moved_up() -> None:
    council = a_council()
    for approver in (DANA, RUTH):
        council.deputy(approver, WILL)
    await own(council)
    before = council.messages()
    council.goes_to(DAY_16)
    await council.chases()
    assert_told(council, before, (TO_DECIDE, RUTH), (TO_DECIDE, WILL), (MOVED_UP, DANA), (MOVED_UP, TOM))
