"""Every state and every reader of a request has its sentence; nothing is said in two ways."""

from dataclasses import replace
from datetime import date

import pytest

from dialogs import words
from dialogs.words import participation, requests
from domain.audits import AuditState
from domain.errors import Invalid, OutOfDate
from domain.participation import VIEWS, Part
from domain.requests import RequestState
from domain.templates import REFLECTION
from domain.usecases.participation import ASKED
from domain.views.requests import Known
from tests.builders import an_audit
from tests.cards.samples_requests import WANTED, a_change, a_request

LATE = date(2026, 12, 2)


def test_every_state_has_its_word() -> None:
    assert set(requests.STATE) == set(RequestState)
    agreed = a_request(state=RequestState.GRANTED, agreed_on=WANTED)
    assert requests.state(agreed) == "Agreed until Wed 2 December 2026"
    assert requests.state(a_change(state=RequestState.GRANTED)) == "Agreed"


@pytest.mark.parametrize("state", RequestState)
def test_a_stale_press_is_told_where_the_request_is_now(state: RequestState) -> None:
    sentence = words.refusal(OutOfDate(ref="RQ-7", state=state.value))
    assert sentence.startswith("RQ-7 has moved on: ")
    assert "something else has happened" not in sentence


@pytest.mark.parametrize("state", [state for state in RequestState if state is not RequestState.OPEN])
def test_an_end_names_who_brought_it_about(state: RequestState) -> None:
    said = requests.decided(a_request(state=state), "Dana Hughes")
    assert ("Dana Hughes" in said) == (state is not RequestState.OVERTAKEN)
    assert said.endswith(".")


def test_what_a_later_day_means_for_the_count() -> None:
    audit = an_audit()
    assert "It still counts as late for November 2026" in requests.late(audit, LATE, agreed=True)
    assert "It would still count as late for November 2026" in requests.late(audit, LATE, agreed=False)
    assert "not late" in requests.late(audit, date(2026, 11, 27), agreed=True)
    rework = replace(audit, state=AuditState.SENT_BACK, returned_on=date(2026, 11, 18))
    assert "late" not in requests.late(rework, LATE, agreed=True)
    assert "not late" in requests.deadline_stays(rework)


def test_who_answers_is_named_with_deputies() -> None:
    assert requests.asked_of([]) == "The QA team answers it."
    assert requests.asked_of(["Dana"]).startswith("Dana or the QA team answers it.")
    assert requests.asked_of(["Dana", "Sam", "Alex"]).startswith(
        "Dana (Sam or Alex as deputy) or the QA team"
    )


def test_all_that_the_files_know_is_said() -> None:
    assert requests.known(Known()) == []
    assert len(requests.known(Known(own_team=True, caseload=True, closed=date(2026, 11, 10)))) == 3


@pytest.mark.parametrize("part", Part)
def test_every_question_of_a_part_has_its_words(part: Part) -> None:
    assert set(ASKED[part]) <= set(participation.QUESTION)
    assert set(participation.QUESTION) == {*REFLECTION, VIEWS}


def test_a_day_that_is_too_late_names_the_latest() -> None:
    said = words.refusal(Invalid("day_too_late", latest="2026-12-07"))
    assert "up to Mon 7 December 2026" in said
    assert "the latest one on the card" in words.refusal(Invalid("day_too_late", latest="?"))


def test_what_became_of_actions_is_counted() -> None:
    assert participation.actions(0, 0) == "No actions"
    assert participation.actions(1204, 2) == "Actions: 1,204 open, 2 done"
