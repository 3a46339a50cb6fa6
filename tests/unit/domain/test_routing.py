"""Whom a request asks: one step up past its own parties, and past who is not there (domain, sections 2 and 4)."""

from collections.abc import Callable
from datetime import date

import pytest

from domain.errors import NotAllowed, OutOfDate
from domain.exemptions import Command, State
from domain.people import Level, Person, Position, Role
from tests.builders import DANA, DCS, EAST, NORTH, NOVEMBER, PRIYA, RUTH, TOM, a_person
from tests.unit.domain.council import GITA, HARRY, MO, NELL, SKY, WEST, WILL, Council, a_council, refusal

AUDITING_HEAD = a_person(40, "Ama Head", Role.HEAD_OF_SERVICE, Role.AUDITOR, team=NORTH)
AUDITING_DIRECTOR = a_person(41, "Bo Director", Role.DIRECTOR, Role.AUDITOR, team=None)
AUDITING_DCS = a_person(42, "Cy Dcs", Role.DCS, Role.AUDITOR, team=None)


async def test_an_auditor_asks_head_of_service_then_director() -> None:
    council = a_council()
    asked = await council.asks(TOM)
    assert (asked.state, asked.approver_id) == (State.WITH_HEAD_OF_SERVICE, DANA.id)
    endorsed = await council.does(DANA, Command.ENDORSE, asked, "")
    assert (endorsed.state, endorsed.approver_id) == (State.WITH_DIRECTOR, RUTH.id)
    assert (await council.does(RUTH, Command.APPROVE, endorsed, "")).state is State.APPROVED


async def test_a_head_of_services_own_request_goes_straight_to_the_director() -> None:
    council = a_council()
    council.has(AUDITING_HEAD)
    for team in (NORTH, EAST):
        council.names(team, Position.HEAD_OF_SERVICE, AUDITING_HEAD)
    asked = await council.asks(AUDITING_HEAD)
    assert (asked.state, asked.approver_id) == (State.WITH_DIRECTOR, RUTH.id)


async def test_a_directors_own_request_goes_to_the_dcs() -> None:
    council = a_council()
    council.has(AUDITING_DIRECTOR)
    council.names(NORTH, Position.DIRECTOR, AUDITING_DIRECTOR)
    asked = await council.asks(AUDITING_DIRECTOR)
    assert (asked.state, asked.approver_id) == (State.WITH_DCS, DCS.id)


async def test_the_only_dcs_has_nobody_to_ask() -> None:
    council = a_council()
    council.has(AUDITING_DCS)
    council.changes(DCS, active_to=date(2026, 10, 31))
    assert (await refusal(council.asks(AUDITING_DCS))).code == "no_approver"
    assert council.store.data.exemptions == {}


async def test_one_dcs_asks_the_other() -> None:
    council = a_council()
    council.has(AUDITING_DCS)
    assert (await council.asks(AUDITING_DCS)).approver_id == DCS.id


async def test_a_head_of_service_asks_for_several_and_the_director_decides() -> None:
    council = a_council()
    # when Dana asks for three of her managers at once, one of them twice
    first = await council.asks(DANA, people=[TOM, PRIYA, TOM, NELL])
    # then there is one request each, with the director, and one entry and answer for each
    made = list(council.store.data.exemptions.values())
    assert [e.person_id for e in made] == [TOM.id, PRIYA.id, NELL.id]
    assert {(e.state, e.approver_id, e.requested_by_id) for e in made} == {
        (State.WITH_DIRECTOR, RUTH.id, DANA.id)
    }
    assert [e.subject for e in council.trail("exemption.request")] == ["E-1", "E-2", "E-3"]
    assert first.person_id == TOM.id


async def test_of_several_all_or_none() -> None:
    council = a_council()
    await council.asks(PRIYA)
    before = council.store.data
    # when one of three has a request already
    refused = await refusal(council.asks(DANA, people=[TOM, PRIYA, NELL]))
    # then none is made
    assert (refused.code, refused.facts["ref"]) == ("already_requested", "E-1")
    assert council.store.data is before


@pytest.mark.parametrize(
    ("asker", "subject"),
    [(TOM, NELL), (MO, TOM), (MO, MO), (DANA, WILL), (DANA, HARRY), (RUTH, TOM), (SKY, SKY), (HARRY, TOM)],
    ids=lambda person: person.name,
)
async def test_only_a_head_of_service_asks_for_others_and_only_for_their_service(
    asker: Person, subject: Person
) -> None:
    council = a_council()
    refused = await refusal(council.asks(asker, people=[subject]))
    assert isinstance(refused, NotAllowed)
    assert council.store.data.exemptions == {}
    assert [entry.action for entry in council.trail()] == ["refused.not_allowed"]


async def test_managing_a_team_elsewhere_does_not_stretch_what_a_head_of_service_may_ask() -> None:
    # given Dana, who leads Assessment, also manages one team of Safeguarding
    council = a_council()
    dana = council.changes(DANA, roles=DANA.roles | {Role.TEAM_MANAGER})
    council.names(WEST, Position.TEAM_MANAGER, dana)
    # when she asks for somebody of that team
    refused = await refusal(council.asks(dana, people=[WILL]))
    # then it is not hers to ask: Will's own head of service would be passed over
    assert isinstance(refused, NotAllowed)


async def test_nobody_is_asked_for_who_is_not_there() -> None:
    council = a_council()
    assert (await refusal(council.asks(DANA, people=[a_person(77, "No Body")]))).code == "not_found"
    council.changes(TOM, active_to=date(2026, 11, 1))
    assert (await refusal(council.asks(DANA, people=[TOM]))).code == "not_found"
    assert isinstance(await refusal(council.asks(TOM)), NotAllowed)


async def test_an_absent_head_of_service_is_passed_over() -> None:
    council = a_council()
    council.changes(DANA, active_to=date(2026, 11, 10))
    assert (await council.asks(TOM)).state is State.WITH_DIRECTOR


async def test_who_is_head_of_service_and_director_is_asked_once() -> None:
    council = a_council()
    both = council.changes(RUTH, roles=frozenset({Role.HEAD_OF_SERVICE, Role.DIRECTOR}))
    council.names(NORTH, Position.HEAD_OF_SERVICE, both)
    asked = await council.asks(TOM)
    assert (asked.state, asked.approver_id) == (State.WITH_DIRECTOR, both.id)
    assert (await council.does(both, Command.APPROVE, asked)).state is State.APPROVED


@pytest.mark.parametrize("why", ["left", "lost the role", "is the asker"])
async def test_who_stands_in_as_director_is_asked_once_too(why: str) -> None:
    # given the head of service is a director as well, but not the one whom the teams file names first
    council = a_council()
    both = council.changes(DANA, roles=frozenset({Role.HEAD_OF_SERVICE, Role.DIRECTOR}))
    asker = TOM
    if why == "left":
        council.changes(RUTH, active_to=date(2026, 11, 1))
    elif why == "lost the role":
        council.changes(RUTH, roles=frozenset({Role.AUDITOR}))
    else:
        asker = council.changes(RUTH, roles=RUTH.roles | {Role.HEAD_OF_SERVICE})
        council.names(EAST, Position.HEAD_OF_SERVICE, asker)
    # when the first of them cannot be asked
    asked = await council.asks(asker, people=[TOM] if asker is not TOM else [])
    # then Dana is asked at the level of a director, not twice
    assert (asked.level, asked.approver_id) == (Level.DIRECTOR, both.id)


async def test_a_deputy_never_decides_for_a_party() -> None:
    # given Tom stands in for Dana, and Priya for Ruth
    council = a_council()
    council.deputy(DANA, TOM)
    council.deputy(RUTH, PRIYA)
    asked = await council.asks(TOM)
    # then Tom is not even asked, and cannot endorse his own
    assert TOM.id not in [person for _, person in council.told()]
    assert isinstance(await refusal(council.does(TOM, Command.ENDORSE, asked)), NotAllowed)
    # and Priya can decide on his, but not on hers
    endorsed = await council.does(DANA, Command.ENDORSE, asked)
    assert (await council.does(PRIYA, Command.APPROVE, endorsed)).decided_for_id == RUTH.id
    hers = await council.does(DANA, Command.ENDORSE, await council.asks(PRIYA))
    assert isinstance(await refusal(council.does(PRIYA, Command.APPROVE, hers)), NotAllowed)


async def test_who_asked_for_others_decides_on_it_in_no_role() -> None:
    # given Dana asks for Tom, and she is Ruth's deputy, and by and by a director and the DCS herself
    council = a_council()
    council.deputy(RUTH, DANA)
    asked = await council.asks(DANA, people=[TOM])
    assert council.told() == [("exemption.to_decide", RUTH.id), ("exemption.stands", TOM.id)]
    assert isinstance(await refusal(council.does(DANA, Command.APPROVE, asked)), NotAllowed)
    council.changes(DANA, roles=frozenset({Role.HEAD_OF_SERVICE, Role.DIRECTOR, Role.DCS}))
    for person in (RUTH, DCS):
        council.changes(person, active_to=date(2026, 11, 10))
    # then it is not moved to her, and she does not decide
    assert await council.sweeps() == 0
    refused = await refusal(council.does(DANA, Command.APPROVE, asked))
    assert (type(refused), refused.facts["why"]) == (NotAllowed, "own_request")
    assert council.exemption(asked.ref) == asked


async def test_a_deputys_deputy_is_nobody() -> None:
    council = a_council()
    council.deputy(DANA, HARRY)
    council.deputy(HARRY, GITA)
    asked = await council.asks(TOM)
    assert isinstance(await refusal(council.does(GITA, Command.ENDORSE, asked)), NotAllowed)
    assert (await council.does(HARRY, Command.ENDORSE, asked)).state is State.WITH_DIRECTOR


async def test_a_deputy_who_left_is_neither_asked_nor_heard() -> None:
    council = a_council()
    council.deputy(DANA, HARRY)
    council.changes(HARRY, active_to=date(2026, 11, 10))
    asked = await council.asks(TOM)
    assert council.told() == [("exemption.to_decide", DANA.id)]
    assert isinstance(await refusal(council.does(HARRY, Command.ENDORSE, asked)), NotAllowed)


# Rerouting: faults 23-25 and 63.


def left(council: Council) -> None:
    council.changes(DANA, active_to=date(2026, 11, 10))


def lost_the_role(council: Council) -> None:
    council.changes(DANA, roles=frozenset({Role.AUDITOR}))


def replaced(council: Council) -> None:
    council.names(NORTH, Position.HEAD_OF_SERVICE, HARRY)


def tom_changed_team(council: Council) -> None:
    council.changes(TOM, team=WEST)


Change = Callable[[Council], None]

CHANGES: list[tuple[Change, State, Person]] = [
    (left, State.WITH_DIRECTOR, RUTH),
    (lost_the_role, State.WITH_DIRECTOR, RUTH),
    (replaced, State.WITH_HEAD_OF_SERVICE, HARRY),
    (tom_changed_team, State.WITH_HEAD_OF_SERVICE, HARRY),
]
each_change = pytest.mark.parametrize(
    ("change", "state", "approver"), CHANGES, ids=["left", "lost the role", "replaced", "changed team"]
)


@each_change
async def test_the_click_of_who_is_no_longer_asked_moves_it_on(
    change: Change, state: State, approver: Person
) -> None:
    # given a request that waits for Dana, and then the people change
    council = a_council()
    asked = await council.asks(TOM)
    change(council)
    told = council.messages()
    # when Dana presses her old card
    refused = await refusal(council.does(DANA, Command.ENDORSE, asked))
    # then that counts for nothing, and the right person is asked; that stays (who has left does not even move it)
    assert isinstance(refused, NotAllowed if change is left else OutOfDate)
    assert await council.sweeps() == (1 if change is left else 0)
    after = council.exemption(asked.ref)
    assert (after.state, after.approver_id, after.decided_by_id) == (state, approver.id, None)
    assert council.commands(after) == ["request", "reassign"]
    assert council.told(told) == [("exemption.to_decide", approver.id)]
    # and the new one's decision counts
    assert (await council.does(approver, Command.DECLINE, after)).decided_by_id == approver.id


@each_change
async def test_the_sweep_moves_it_on_once(change: Change, state: State, approver: Person) -> None:
    council = a_council()
    asked = await council.asks(TOM)
    change(council)
    assert (await council.sweeps(), await council.sweeps()) == (1, 0)
    after = council.exemption(asked.ref)
    assert (after.state, after.approver_id) == (state, approver.id)
    assert [e.action for e in council.trail("exemption.reassign")] == ["exemption.reassign"]


@each_change
@pytest.mark.parametrize("swept", [True, False])
async def test_an_answer_goes_to_who_is_right_by_now(
    change: Change, state: State, approver: Person, *, swept: bool
) -> None:
    # given Dana asked back, and then the people change
    council = a_council()
    asked_back = await council.does(DANA, Command.ASK_BACK, await council.asks(TOM))
    change(council)
    told = council.messages()
    if swept:
        assert await council.sweeps() == 1
        assert council.exemption(asked_back.ref).state is State.ASKED_BACK
        assert council.told(told) == []
    # when Tom answers (his card is not stale for something that he cannot see)
    after = await council.does(TOM, Command.ANSWER, asked_back, "Two weeks")
    # then who is right by now has it, and alone is asked
    assert (after.state, after.approver_id) == (state, approver.id)
    assert council.told(told) == [("exemption.to_decide", approver.id)]
    assert council.commands(after) == ["request", "ask_back", "reassign", "answer"]


async def test_an_outsiders_click_learns_nothing_from_a_route_that_has_moved() -> None:
    council = a_council()
    asked = await council.asks(TOM)
    replaced(council)
    refused = await refusal(council.does(WILL, Command.ENDORSE, asked))
    assert isinstance(refused, NotAllowed)
    assert "state" not in refused.facts
    assert council.exemption(asked.ref) == asked


async def test_where_nobody_better_is_left_it_stays_and_nobody_decides() -> None:
    council = a_council()
    asked = await council.asks(TOM)
    for person in (DANA, RUTH, DCS):
        council.changes(person, active_to=date(2026, 11, 10))
    assert await council.sweeps() == 0
    assert isinstance(await refusal(council.does(DANA, Command.ENDORSE, asked)), NotAllowed)
    assert council.exemption(asked.ref) == asked


async def test_endorsing_where_nobody_is_above_says_so() -> None:
    council = a_council()
    asked = await council.asks(TOM)
    for person in (RUTH, DCS):
        council.changes(person, active_to=date(2026, 11, 10))
    assert (await refusal(council.does(DANA, Command.ENDORSE, asked))).code == "no_approver"


async def test_it_follows_the_person_through_another_email_and_team() -> None:
    council = a_council()
    asked = await council.asks(TOM)
    council.changes(TOM, email="tom.new@council.example", name="Tom Newname")
    assert await council.sweeps() == 0
    assert (await council.does(TOM, Command.WITHDRAW, asked)).state is State.WITHDRAWN


async def test_nothing_is_rerouted_that_is_over() -> None:
    # given the month has ended, and the lapse has not been run yet
    council = a_council()
    asked = await council.asks(TOM)
    replaced(council)
    council.waits(days=20)
    assert council.now.date() > NOVEMBER.last
    # then nobody new is asked to decide on it
    assert await council.sweeps() == 0
    assert council.exemption(asked.ref) == asked


@pytest.mark.parametrize("command", [Command.WITHDRAW, Command.ANSWER])
async def test_who_has_left_withdraws_and_answers_nothing(command: Command) -> None:
    council = a_council()
    asked = await council.asks(TOM)
    if command is Command.ANSWER:
        asked = await council.does(DANA, Command.ASK_BACK, asked)
    council.changes(TOM, active_to=date(2026, 11, 10))
    assert isinstance(await refusal(council.does(TOM, command, asked)), NotAllowed)
    assert council.exemption(asked.ref) == asked
