"""Every state of a child of concern x every command x every party: what the rules allow, and nothing beside it.

The rules are written down here a second time, as section 5 of the domain says them, and not read from the program.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from domain.alerts import Acknowledged, Alert, Seat
from domain.concern_rules import Concerns, Tier
from domain.concern_workflow import BY_CLOCK, PARTIES, WORKFLOW, Command, Done, Party, apply, commands_for
from domain.concerns import Category, Concern, Source, State, Wanted
from domain.errors import DomainError, Invalid, OutOfDate
from domain.people import Authority
from tests.builders import EAST, NORTH

C, P, S = Command, Party, State
ONE, TWO = Category.ONE, Category.TWO
RAISED = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
BY = Authority(2)
RULES = Concerns()
OPEN = (S.WITH_HEAD_OF_SERVICE, S.WITH_TEAM, S.IN_PROCEEDINGS, S.CHALLENGED, S.WITH_DIRECTOR)
WORKING = OPEN[:3]
STAYS = None

RULE: dict[Command, tuple[tuple[State, ...], State | None, frozenset[Party], bool]] = {
    # command: from which states, to which, by whom, with words
    C.RAISE_AGAIN: (OPEN, STAYS, frozenset({P.RAISER}), True),
    C.NOTE: (OPEN, STAYS, frozenset({P.CLOCK}), False),
    C.ACKNOWLEDGE: (OPEN, STAYS, frozenset({P.ALERTED}), False),
    C.RESPOND: (OPEN, STAYS, frozenset({P.HEAD_OF_SERVICE, P.ABOVE}), True),
    C.UPDATE: (OPEN, STAYS, frozenset({P.TEAM}), True),
    C.EVIDENCE: (OPEN, STAYS, frozenset({P.HEAD_OF_SERVICE, P.ABOVE, P.TEAM, P.QA_TEAM}), True),
    C.CORRECT: (OPEN, STAYS, frozenset({P.QA_TEAM}), True),
    C.CLIMB: (OPEN, STAYS, frozenset({P.CLOCK}), False),
    C.REMIND: (OPEN, STAYS, frozenset({P.CLOCK}), False),
    C.WORSEN: (OPEN, S.WITH_HEAD_OF_SERVICE,
               frozenset({P.HEAD_OF_SERVICE, P.ABOVE, P.DIRECTOR, P.HEAD_OF_QUALITY, P.QA_TEAM}), True),
    C.ASK_TEAM: (WORKING, S.WITH_TEAM, frozenset({P.HEAD_OF_SERVICE, P.ABOVE}), True),
    C.PROCEEDINGS: (WORKING[:2], S.IN_PROCEEDINGS, frozenset({P.HEAD_OF_SERVICE, P.ABOVE}), True),
    C.TAKE_BACK: (OPEN[1:], S.WITH_HEAD_OF_SERVICE, frozenset({P.HEAD_OF_SERVICE, P.ABOVE}), False),
    C.SETTLE: (WORKING, STAYS, frozenset({P.HEAD_OF_SERVICE, P.ABOVE, P.DIRECTOR}), True),
    C.CHALLENGE: (WORKING, S.CHALLENGED, frozenset({P.HEAD_OF_SERVICE}), True),
    C.UPHOLD: ((S.CHALLENGED,), S.WITH_HEAD_OF_SERVICE, frozenset({P.HEAD_OF_QUALITY}), True),
    C.RECATEGORISE: ((S.CHALLENGED,), S.WITH_DIRECTOR, frozenset({P.HEAD_OF_QUALITY}), True),
    C.SUBMIT: (WORKING, S.WITH_DIRECTOR, frozenset({P.HEAD_OF_SERVICE}), True),
    C.SIGN_OFF: ((S.WITH_DIRECTOR,), S.REMOVED, frozenset({P.DIRECTOR}), False),
    C.REFUSE: ((S.WITH_DIRECTOR,), S.WITH_HEAD_OF_SERVICE, frozenset({P.DIRECTOR}), True),
    C.REMOVE: (WORKING, S.REMOVED, frozenset({P.HEAD_OF_SERVICE, P.ABOVE, P.QA_TEAM}), True),
    C.REOPEN: ((S.REMOVED,), S.WITH_HEAD_OF_SERVICE,
               frozenset({P.HEAD_OF_SERVICE, P.ABOVE, P.QA_TEAM, P.HEAD_OF_QUALITY}), True),
}  # fmt: skip


def a_concern(state: State = S.WITH_HEAD_OF_SERVICE, category: Category = ONE, **changes: Any) -> Concern:
    """As it would stand in that state: with an alert where it is an open Category 1, with evidence, asked for by
    somebody where it is decided on."""
    decided = state in (S.CHALLENGED, S.WITH_DIRECTOR)
    concern = Concern(
        id=7,
        child_ref="C10432",
        category=category,
        state=state,
        source=Source.CHAT,
        raised_at=RAISED,
        identified_on=RAISED.date(),
        state_since=RAISED,
        team=NORTH,
        raised_by_id=1,
        respond_by=date(2026, 11, 18) if state.open else None,
        wanted=Wanted.REMOVAL if decided else None,
        asked_by_id=2 if decided else None,
        evidence=1,
        alert=Alert(1, RAISED, steps=1) if category is ONE and state.open else None,
        removed_at=None if state.open else RAISED,
        moved=3,
        version=4,
    )
    return replace(concern, **changes)


def given(command: Command, concern: Concern) -> dict[str, Any]:
    """What the use case hands over with the command."""
    alert = concern.alert or Alert(1, RAISED)
    seats = {Seat.RESPONSE: Acknowledged(BY, Tier.HEAD_OF_SERVICE, NOW)}
    return {
        C.ACKNOWLEDGE: {"alert": replace(alert, seats=seats)},
        C.CLIMB: {"alert": replace(alert, steps=alert.steps + 1)},
        C.SETTLE: {"said": TWO},
        C.RAISE_AGAIN: {"said": TWO},
        C.CHALLENGE: {"wanted": Wanted.REMOVAL},
        C.SUBMIT: {"wanted": Wanted.REMOVAL},
        C.RECATEGORISE: {"wanted": Wanted.CATEGORY_2},
        C.CORRECT: {"child_ref": "C10501"},
    }.get(command, {})


def done(concern: Concern, command: Command, now: datetime = NOW, **more: Any) -> Done:
    how: dict[str, Any] = {
        "by": None if command in BY_CLOCK else BY,
        "note": "Words.",
        **given(command, concern),
        **more,
    }
    return apply(concern, command, now=now, rules=RULES, **how)


def test_the_table_is_the_rules_and_no_more() -> None:
    written = {(state, command) for command, (states, _, _, _) in RULE.items() for state in states}
    assert set(WORKFLOW) == written
    assert set(RULE) == set(C)
    assert {command: by for command, (_, _, by, _) in RULE.items()} == PARTIES


def _refusal(concern: Concern, command: Command) -> str | None:
    """What stands in the way, beside the table."""
    states, _, _, _ = RULE[command]
    one = concern.category is ONE
    if concern.state not in states:
        return "out_of_date"
    overtaken = {C.WORSEN: one, C.SETTLE: not concern.unsure, C.ACKNOWLEDGE: concern.alert is None}
    if overtaken.get(command):
        return "out_of_date"
    if command is C.REMOVE and one:
        return "sign_off_needed"
    if command is C.SUBMIT and not one:
        return "no_sign_off_needed"
    # nothing leaves the tracker without evidence: a Category 2 by the head of quality's word neither
    leaves = command in (C.REMOVE, C.SUBMIT) or (command is C.RECATEGORISE and not one)
    leaves |= command is C.SIGN_OFF and concern.wanted is not Wanted.CATEGORY_2
    return "evidence_missing" if leaves and not concern.evidence else None


def _every_case() -> Iterator[tuple[Concern, Command]]:
    for state, command, category, unsure, evidence in product(S, C, Category, (True, False), (0, 1)):
        if not (unsure and category is TWO):
            yield a_concern(state, category, unsure=unsure, evidence=evidence), command


def _came_to(concern: Concern, command: Command) -> str:
    """The state, or the refusal."""
    try:
        return done(concern, command).concern.state.value
    except DomainError as refused:
        return refused.code


def _leads_to(concern: Concern, command: Command) -> str:
    if command is C.RECATEGORISE and concern.category is TWO:
        return S.REMOVED.value
    if command is C.UPDATE and concern.state is S.WITH_TEAM:
        return S.WITH_HEAD_OF_SERVICE.value
    return (RULE[command][1] or concern.state).value


def test_every_command_in_every_state_does_what_the_rules_say_or_is_refused() -> None:
    tried = 0
    for concern, command in _every_case():
        assert _came_to(concern, command) == (_refusal(concern, command) or _leads_to(concern, command)), (
            concern.state,
            command,
        )
        tried += 1
    assert tried == len(S) * len(C) * 3 * 2


def test_every_party_is_offered_what_the_rules_give_it_and_nothing_else() -> None:
    for concern, command in _every_case():
        for party in P:
            offered = command in commands_for(concern, [party])
            # what lacks evidence is offered: the form asks for it
            refusal = _refusal(concern, command)
            allowed = party in RULE[command][2] and refusal in (None, "evidence_missing")
            assert offered is allowed, (concern.state, command, party)


@pytest.mark.parametrize("command", sorted(C))
def test_words_are_asked_for_where_the_rules_say_so(command: Command) -> None:
    states, _, _, needs_words = RULE[command]
    category = TWO if command in (C.WORSEN, C.REMOVE) else ONE
    concern = a_concern(states[0], category, unsure=command is C.SETTLE)
    if not needs_words:
        assert done(concern, command, note="  ").note == ""
        return
    with pytest.raises(Invalid) as refused:
        done(concern, command, note=" \n ")
    assert (refused.value.code, refused.value.facts["field"]) == ("note_missing", "note")
    assert done(concern, command, note=" Words. ").note == "Words."


# Category 1


def test_nothing_leaves_category_1_but_by_a_sign_off_or_by_settling_what_was_unsure() -> None:
    ways: set[Command] = set()
    for concern, command in _every_case():
        if concern.category is ONE and concern.state.open and _refusal(concern, command) is None:
            for wanted in Wanted:
                after = done(replace(concern, wanted=wanted if concern.wanted else None), command).concern
                if after.category is TWO or not after.state.open:
                    ways.add(command)
                    assert command is C.SIGN_OFF or concern.unsure
    assert ways == {C.SIGN_OFF, C.SETTLE}


def test_an_open_category_1_has_an_alert_and_nothing_else_has_one() -> None:
    for concern, command in _every_case():
        if _refusal(concern, command) is None:
            after = done(concern, command).concern
            assert (after.alert is not None) == (after.category is ONE and after.state.open), (
                concern,
                command,
            )


def test_only_an_acknowledgement_takes_a_seat() -> None:
    for concern, command in _every_case():
        if concern.alert is not None and _refusal(concern, command) is None and command is not C.ACKNOWLEDGE:
            after = done(concern, command).concern
            assert after.alert is None or after.alert.climbing, (concern.state, command)


ALERTS: dict[str, tuple[Concern, Command, dict[str, Any]]] = {
    "a category 2 is worsened": (a_concern(category=TWO), C.WORSEN, {}),
    "a category 2 is found in danger by another": (a_concern(category=TWO), C.RAISE_AGAIN, {"said": ONE}),
    "a category 1 is found in danger again": (a_concern(), C.RAISE_AGAIN, {"said": ONE}),
    "it comes back": (a_concern(S.REMOVED), C.REOPEN, {}),
    "it is another team's": (a_concern(), C.CORRECT, {"team": EAST}),
}


@pytest.mark.parametrize("case", ALERTS)
def test_an_alert_begins_anew(case: str) -> None:
    concern, command, how = ALERTS[case]
    acknowledged = replace(Alert(1, RAISED, steps=3, climbed=True), seats={
        seat: Acknowledged(BY, Tier.DCS, RAISED) for seat in Seat
    })  # fmt: skip
    concern = replace(
        concern, alert=acknowledged if concern.alert else None, responded_at=RAISED, respond_by=None
    )
    after = done(concern, command, **how).concern
    assert after.alert == Alert(concern.version + 1, NOW), (
        "a new number, nobody told yet, nobody has acknowledged"
    )
    assert (after.respond_by, after.responded_at) == (date(2026, 11, 20), None), (
        "a response is due on the same day"
    )
    assert after.moved == concern.version + 1, "a card that was made before is out of date"


def test_raised_again_as_what_it_is_less_than_nothing_begins() -> None:
    concern = a_concern()
    after = done(concern, C.RAISE_AGAIN, said=TWO).concern
    assert (after.category, after.alert, after.respond_by) == (ONE, concern.alert, concern.respond_by)
    # and yet whoever decides must have seen it
    assert after.moved == concern.version + 1


@pytest.mark.parametrize("state", [S.CHALLENGED, S.WITH_DIRECTOR])
def test_found_in_danger_again_nobody_signs_off_what_was_asked_for_before(state: State) -> None:
    after = done(a_concern(state), C.RAISE_AGAIN, said=ONE).concern
    assert (after.state, after.wanted, after.asked_by_id, after.evidence) == (
        S.WITH_HEAD_OF_SERVICE,
        None,
        None,
        0,
    )
    with pytest.raises(Invalid, match="evidence_missing"):
        done(after, C.SUBMIT)


@pytest.mark.parametrize(
    ("category", "unsure", "sure", "expected"),
    [(TWO, False, False, True), (ONE, True, False, True), (ONE, False, False, False), (ONE, True, True, False),
     (TWO, False, True, False)],
)  # fmt: skip
def test_an_unsure_word_settles_nothing(category: Category, unsure: bool, sure: bool, expected: bool) -> None:
    after = done(a_concern(category=category, unsure=unsure), C.RAISE_AGAIN, said=ONE, sure=sure).concern
    assert (after.category, after.unsure) == (ONE, expected)


def test_what_was_unsure_is_settled_as_either() -> None:
    unsure = a_concern(unsure=True, respond_by=date(2026, 11, 20))
    two = done(unsure, C.SETTLE, said=TWO).concern
    assert (two.category, two.unsure, two.alert) == (TWO, False, None)
    assert two.respond_by == date(2026, 11, 27), "as long as any other Category 2"
    one = done(unsure, C.SETTLE, said=ONE).concern
    assert (one.category, one.unsure, one.alert) == (ONE, False, unsure.alert)


def test_a_sign_off_for_category_2_keeps_it_on_the_tracker() -> None:
    after = done(a_concern(S.WITH_DIRECTOR, wanted=Wanted.CATEGORY_2), C.SIGN_OFF).concern
    assert (after.category, after.state, after.alert, after.wanted) == (
        TWO,
        S.WITH_HEAD_OF_SERVICE,
        None,
        None,
    )


def test_a_category_2_that_is_none_is_off_the_tracker_by_the_head_of_qualitys_word_alone() -> None:
    after = done(a_concern(S.CHALLENGED, TWO), C.RECATEGORISE).concern
    assert (after.state, after.removed_at, after.respond_by) == (S.REMOVED, NOW, None)


@pytest.mark.parametrize(
    ("category", "wanted", "refused"),
    [(TWO, Wanted.REMOVAL, True), (ONE, Wanted.REMOVAL, True), (ONE, Wanted.CATEGORY_2, False)],
)
def test_a_challenge_is_no_way_off_the_tracker_without_evidence(
    category: Category, wanted: Wanted, refused: bool
) -> None:
    challenged = a_concern(S.CHALLENGED, category, evidence=0)
    if refused:
        with pytest.raises(Invalid, match="evidence_missing"):
            done(challenged, C.RECATEGORISE, wanted=wanted)
        challenged = replace(challenged, evidence=1)
    assert done(challenged, C.RECATEGORISE, wanted=wanted).concern.state is not S.CHALLENGED


# days that are due, and what a step leaves


def test_nothing_that_is_due_becomes_due_later_by_being_raised_again() -> None:
    waiting = a_concern(category=TWO, respond_by=date(2026, 11, 19))
    assert done(waiting, C.RAISE_AGAIN, said=TWO).concern.respond_by == date(2026, 11, 19)
    danger = a_concern(respond_by=date(2026, 11, 19))
    assert done(danger, C.RAISE_AGAIN, said=ONE).concern.respond_by == date(2026, 11, 19)
    answered = replace(waiting, respond_by=None, responded_at=RAISED)
    anew = done(answered, C.RAISE_AGAIN, said=TWO).concern
    assert (anew.respond_by, anew.responded_at) == (date(2026, 11, 27), None)


@pytest.mark.parametrize("command", [C.RAISE_AGAIN, C.WORSEN])
@pytest.mark.parametrize("had", [date(2026, 11, 2), date(2026, 11, 25), None])
def test_a_category_2_that_becomes_a_category_1_is_answered_on_the_day_that_says_so(
    command: Command, had: date | None
) -> None:
    waiting = a_concern(category=TWO, respond_by=had)
    how: dict[str, Any] = {"said": ONE} if command is C.RAISE_AGAIN else {}
    assert done(waiting, command, **how).concern.respond_by == date(2026, 11, 20), "never an older day"


def test_the_same_day_is_londons_calendar_day() -> None:
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # half past midnight in London
    assert done(a_concern(category=TWO, respond_by=None), C.WORSEN, late).concern.respond_by == date(
        2026, 7, 2
    )


def test_a_response_is_recorded_and_no_longer_due() -> None:
    after = done(a_concern(), C.RESPOND).concern
    assert (after.responded_at, after.respond_by) == (NOW, None)


def test_the_same_again_is_no_correction() -> None:
    with pytest.raises(Invalid, match="nothing_changed"):
        done(a_concern(), C.CORRECT, child_ref="C10432")


def test_the_clock_leaves_no_card_out_of_date() -> None:
    for command in BY_CLOCK:
        concern = a_concern()
        after = done(concern, command).concern
        assert (after.moved, after.version, after.state_since) == (3, 4, RAISED), command


def test_a_state_that_changed_is_waited_for_from_then_on() -> None:
    reminded = a_concern(reminded_at=NOW - timedelta(days=1))
    after = done(reminded, C.ASK_TEAM).concern
    assert (after.state_since, after.reminded_at) == (NOW, None)
    same = done(reminded, C.RESPOND).concern
    assert (same.state_since, same.reminded_at) == (RAISED, reminded.reminded_at)


def test_facts_are_codes_of_both_sides() -> None:
    said = done(
        a_concern(category=TWO, evidence=2), C.RAISE_AGAIN, said=ONE, sure=False, about={"said": "unsure"}
    )
    assert said.facts == {
        "category": "2>1", "unsure": "no>yes", "evidence": "2>0", "alert": "5", "steps": "0", "said": "unsure",
    }  # fmt: skip
    taken = done(a_concern(), C.ACKNOWLEDGE)
    assert taken.facts == {"alert": "1", "steps": "1", "seats": "response:head_of_service"}
    with pytest.raises(OutOfDate) as out_of_date:
        done(a_concern(S.REMOVED), C.RESPOND)
    assert out_of_date.value.facts == {"ref": "C-7", "state": "removed"}
