"""The whole product of state, command and person, walked through the use case.

What is expected is written here anew from the rules (domain, sections 2 and 4), not read from the code's table.
"""

from datetime import date
from typing import Final

import pytest

from domain.errors import DomainError, Invalid, NotAllowed, OutOfDate
from domain.exemptions import Command, Exemption, State
from domain.people import Level, Person, Scope
from tests.builders import DANA, DCS, NORTH, PRIYA, QUINN, RUTH, TOM, an_exemption
from tests.unit.domain.council import (
    DEV,
    GITA,
    HARRY,
    HETTY,
    LEE,
    MO,
    OLU,
    SKY,
    WILL,
    Council,
    a_council,
    refusal,
)

ASKED_OF: Final = {
    State.WITH_HEAD_OF_SERVICE: DANA,
    State.WITH_DIRECTOR: RUTH,
    State.WITH_DCS: DCS,
    State.ASKED_BACK: DANA,
    State.APPROVED: RUTH,
    State.DECLINED: RUTH,
    State.WITHDRAWN: RUTH,
    State.LAPSED: RUTH,
}
LEVEL: Final = {DANA.id: Level.HEAD_OF_SERVICE, RUTH.id: Level.DIRECTOR, DCS.id: Level.DCS}
WAITING: Final = {State.WITH_HEAD_OF_SERVICE, State.WITH_DIRECTOR, State.WITH_DCS}
ENDED: Final = {State.APPROVED, State.DECLINED, State.WITHDRAWN, State.LAPSED}
TO_DECIDE: Final = {Command.ENDORSE, Command.APPROVE, Command.DECLINE, Command.ASK_BACK}
OF_THE_CLOCK: Final = {Command.CHASE, Command.ESCALATE, Command.REASSIGN, Command.LAPSE}

LEADS_TO: Final = {
    (State.WITH_HEAD_OF_SERVICE, Command.ENDORSE): State.WITH_DIRECTOR,
    (State.WITH_DIRECTOR, Command.APPROVE): State.APPROVED,
    (State.WITH_DCS, Command.APPROVE): State.APPROVED,
    **{(state, Command.DECLINE): State.DECLINED for state in WAITING},
    **{(state, Command.ASK_BACK): State.ASKED_BACK for state in WAITING},
    **{(state, Command.WITHDRAW): State.WITHDRAWN for state in WAITING | {State.ASKED_BACK}},
    (State.ASKED_BACK, Command.ANSWER): State.WITH_HEAD_OF_SERVICE,
}
"""Steps 2 and 3 of section 4: everything else is refused."""

IN_DATES = WILL
OUT_OF_DATES = GITA
OTHER_SCOPE = PRIYA
DEPUTY_AND_SUBJECT = TOM
CAST: Final = {
    "requester": HARRY,
    "subject, who is also everybody's deputy": TOM,
    "head of service": DANA,
    "other head of service": GITA,
    "director": RUTH,
    "other director": OLU,
    "dcs": DCS,
    "deputy in their dates": WILL,
    "deputy for other things": PRIYA,
    "deputy who left": SKY,
    "qa team": QUINN,
    "head of quality": HETTY,
    "team manager": MO,
    "assistant director": DEV,
    "director of old who left": LEE,
}
SEES_ENDED: Final = {DANA.id, RUTH.id, DCS.id, WILL.id, QUINN.id, HETTY.id, MO.id}
"""Section 7: a manager their team, a HoS their service, a director their directorate, QA and DCS all; the deputy of who
was asked. (Gita, whose deputyship is over, leads another service.)"""


def a_council_with(state: State) -> tuple[Council, Exemption]:
    """Harry, who then led Tom's service, asked for Tom; everybody has deputies of every sort."""
    council = a_council()
    for approver in (DANA, RUTH, DCS):
        council.deputy(approver, IN_DATES)
        council.deputy(approver, OUT_OF_DATES, date(2026, 11, 1), date(2026, 11, 10))
        council.deputy(approver, OUT_OF_DATES, date(2026, 11, 12), date(2026, 11, 30))
        council.deputy(approver, OTHER_SCOPE, scope=Scope.CONCERNS)
        council.deputy(approver, DEPUTY_AND_SUBJECT)
        council.deputy(approver, SKY)
    council.changes(SKY, active_to=date(2026, 11, 10))
    asked = ASKED_OF[state]
    made = an_exemption(
        state=state, requested_by_id=HARRY.id, approver_id=asked.id, level=LEVEL[asked.id], version=4
    )
    return council, council.stands(made)


def expected(state: State, command: Command, person: Person) -> State | type[DomainError]:
    if command in OF_THE_CLOCK:
        return NotAllowed
    if command in TO_DECIDE:
        if person in (HARRY, TOM):
            return NotAllowed
        if state in ENDED:
            return OutOfDate if person.id in SEES_ENDED else NotAllowed
        if person not in (ASKED_OF[state], IN_DATES):
            return NotAllowed
    elif person != HARRY:
        return NotAllowed
    return LEADS_TO.get((state, command), OutOfDate)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("command", Command)
async def test_every_person_gives_every_command_in_every_state(state: State, command: Command) -> None:
    for role, person in CAST.items():
        # given a request in that state
        council, exemption = a_council_with(state)
        should = expected(state, command, person)
        # when this person presses that button
        if isinstance(should, State):
            after = await council.does(person, command, exemption)
            # then it has moved, once, and the trail says so
            assert (role, after.state) == (role, should)
            assert after.version == exemption.version + 1
            assert [entry.action for entry in council.trail()] == [f"exemption.{command.value}"]
        else:
            refused = await refusal(council.does(person, command, exemption))
            # then it is refused, that alone is in the trail, and nothing else has happened
            assert (role, type(refused)) == (role, should)
            assert_only_refused(council, exemption, refused)


@pytest.mark.parametrize("state", sorted(WAITING | {State.ASKED_BACK}))
@pytest.mark.parametrize("command", Command)
async def test_a_stale_card_decides_nothing(state: State, command: Command) -> None:
    for role, person in CAST.items():
        # given a card from before the last step, or one that claims a version to come
        for version in (3, 5):
            council, exemption = a_council_with(state)
            should = expected(state, command, person)
            # when it is pressed
            refused = await refusal(council.does(person, command, exemption, version=version))
            # then whoever could have acted gets the current card, everybody else a refusal
            assert (role, type(refused)) == (role, NotAllowed if should is NotAllowed else OutOfDate)
            assert_only_refused(council, exemption, refused)


def assert_only_refused(council: Council, exemption: Exemption, refused: DomainError) -> None:
    assert [(e.action, e.subject) for e in council.trail()] == [(f"refused.{refused.code}", exemption.ref)]
    assert council.exemption(exemption.ref) == exemption
    assert council.messages() == 0
    assert council.store.data.audits == {}


@pytest.mark.parametrize("note", ["", "  \n\t "])
@pytest.mark.parametrize("command", [Command.DECLINE, Command.ASK_BACK, Command.ANSWER])
async def test_refusing_asking_back_and_answering_need_words(command: Command, note: str) -> None:
    state = State.ASKED_BACK if command is Command.ANSWER else State.WITH_HEAD_OF_SERVICE
    council, exemption = a_council_with(state)
    person = HARRY if command is Command.ANSWER else DANA
    # when it is pressed without them
    refused = await refusal(council.does(person, command, exemption, note))
    # then the input is asked for, and nothing has happened, so that the same press with words goes through
    assert isinstance(refused, Invalid)
    assert (refused.code, refused.facts["field"]) == ("note_missing", "note")
    assert council.trail() == []
    assert (await council.does(person, command, exemption, "words")).version == 5


async def test_a_note_beyond_the_policy_is_refused_whole() -> None:
    council, exemption = a_council_with(State.WITH_DIRECTOR)
    refused = await refusal(council.does(RUTH, Command.DECLINE, exemption, "x" * 1001))
    assert (refused.code, refused.facts["longest"]) == ("too_long", "1000")
    assert (await council.does(RUTH, Command.DECLINE, exemption, "x" * 1000)).state is State.DECLINED


@pytest.mark.parametrize("state", sorted(WAITING))
async def test_a_deputys_decision_shows_both_names(state: State) -> None:
    council, exemption = a_council_with(state)
    # when a deputy in their dates refuses
    after = await council.does(IN_DATES, Command.DECLINE, exemption)
    # then the record, its history and the trail name the deputy and the one they stand in for
    principal = ASKED_OF[state].id
    assert (after.decided_by_id, after.decided_for_id) == (IN_DATES.id, principal)
    assert council.store.data.steps[exemption.id][-1].for_id == principal
    [entry] = council.trail()
    assert (entry.actor_id, entry.for_id) == (IN_DATES.id, principal)


@pytest.mark.parametrize("state", [State.WITH_DIRECTOR, State.WITH_DCS])
async def test_who_asked_back_is_asked_again_after_the_answer(state: State) -> None:
    council, exemption = a_council_with(state)
    # given the approver has asked back
    asked_back = await council.does(ASKED_OF[state], Command.ASK_BACK, exemption, "For how long?")
    assert asked_back.state is State.ASKED_BACK
    # when the requester answers
    answered = await council.does(HARRY, Command.ANSWER, asked_back, "Two weeks.")
    # then the same approver has it again
    assert (answered.state, answered.approver_id) == (state, ASKED_OF[state].id)


@pytest.mark.parametrize("command", Command)
async def test_nobody_outside_the_walked_cast_is_let_in_by_a_claim(command: Command) -> None:
    # given somebody whom the council has never heard of, with every role they care to claim
    stranger = Person(999, "x@elsewhere.example", "X", DANA.roles | RUTH.roles | DCS.roles, team=NORTH)
    council, exemption = a_council_with(State.WITH_DIRECTOR)
    refused = await refusal(council.does(stranger, command, exemption))
    assert isinstance(refused, NotAllowed)
    assert council.exemption(exemption.ref) == exemption
