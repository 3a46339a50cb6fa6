"""The worst that can be put on the cards of children of concern still fits (faults 51 and 58)."""

from dataclasses import replace
from typing import Any

import pytest

from dialogs.cards import concern_tracker, lists
from dialogs.cards.concern_timeline import timeline
from dialogs.cards.concerns import concern_card
from dialogs.payloads.concerns import Tracker
from domain.concern_workflow import Command
from domain.concerns import State
from domain.views.concerns import ConcernLine
from tests import builders as b
from tests.cards import samples_concerns as samples
from tests.cards.test_sizes import WIDE_NAME, fits
from tests.cards.walking import inputs

LONGEST = 3000
"""Characters that a policy may allow."""
WIDE: dict[int, Any] = {number: replace(one, name=WIDE_NAME) for number, one in samples.EVERYBODY.items()}
TEXTS = ["x", "*", "\U0001f469", "\n", "é"]
WIDE_TEAM = b.a_team(name=WIDE_NAME)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("state", State)
def test_a_record_with_the_longest_texts(text: str, state: State) -> None:
    concern = samples.a_concern(
        state=state, team=WIDE_TEAM, child_ref="C" * 60, audit_ref="A" * 100, asked_by_id=b.DANA.id,
        alert=samples.an_alert(), evidence=9, unsure=True,
    )  # fmt: skip
    lines = (samples.RAISE, samples.RESPONSE, samples.EVIDENCE, samples.SUBMIT, samples.CHALLENGE)
    steps = tuple(replace(line, note=text * LONGEST, for_id=b.RUTH.id) for line in lines) * 40
    view = samples.a_view(concern=concern, steps=steps, people=WIDE, acting_for=b.RUTH.id)
    fits(concern_card(replace(view, commands=tuple(Command)), "x" * 400))
    for offset in (0, 8, 192):
        fits(timeline(view, offset))


@pytest.mark.parametrize("text", ["x", "é"])
def test_forms_filled_as_far_as_the_policy_lets_them(text: str) -> None:
    filled = {"note": text * 1500, "evidence": text * 1500}
    fits(samples.form(Command.SUBMIT, filled, "x" * 300))
    fits(samples.raise_form("x" * 300, filled={"grounds": text * 1500, "child": "C" * 80}))


@pytest.mark.parametrize("number", [1, 100, 300])
def test_however_many_teams_there_are_one_can_be_named(number: int) -> None:
    teams = tuple(b.a_team(id=n, name=f"{WIDE_NAME[:50]} {n}") for n in range(number))
    rendered = samples.raise_form(filled={"child": "C99999"}, teams=teams)
    fits(rendered)
    assert "team" in [field["id"] for field in inputs(rendered.card)]


def test_a_thousand_on_the_tracker_are_paged() -> None:
    lines = [replace(one, team=WIDE_TEAM, child_ref="C" * 60) for one in samples.MANY]
    view = samples.a_list(*lines, total=1000, offset=496, people=WIDE)
    rendered = concern_tracker.tracker(view, Tracker(offset=496), "x" * 200)
    fits(rendered)
    assert [a["title"] for a in rendered.card["actions"]][:2] == ["Previous", "Next"]


def test_many_that_wait_are_cut_and_say_so() -> None:
    waits = [ConcernLine(one, WIDE[b.DANA.id]) for one in samples.MANY] * 4
    rendered = lists.waiting(b.waiting(total=0), {}, concerns=waits, today=samples.TODAY)
    fits(rendered)
    assert "27 more are not shown" in str(rendered.card)
    assert rendered.summary == "Waiting for you: 32 children of concern."
