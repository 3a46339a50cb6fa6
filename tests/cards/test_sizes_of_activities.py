"""The most that can stand on a card of the other kinds of audits fits (faults 51 and 58)."""

from dataclasses import replace

import pytest

from dialogs.cards import activities as cards
from dialogs.cards import reaudits
from domain.kinds import Grade, Kind
from domain.reaudits import Due
from domain.usecases.activities import PAGE
from tests import builders as b
from tests.cards import samples_activities as s
from tests.cards.test_sizes import WIDE_NAME, fits
from tests.cards.walking import inputs

WIDE_TEAM = replace(b.NORTH, name=WIDE_NAME)
WIDE = b.a_person(1, WIDE_NAME, team=WIDE_TEAM)
EVERYBODY = {1: WIDE}
LONG_REF = "Æ" * 100


@pytest.mark.parametrize("kind", Kind)
def test_a_page_of_any_kind(kind: Kind) -> None:
    audit = b.an_audit(
        kind=kind, ref=LONG_REF, child_ref=LONG_REF, theme="é" * 120, auditor_id=1, about_id=1, team=WIDE_TEAM,
        reaudit_of=LONG_REF, reaudit_number=3, grade=Grade.REQUIRES_IMPROVEMENT,
    )  # fmt: skip
    page = [replace(s.returned(audit), id=n) for n in range(PAGE)]
    own = [replace(audit, id=n) for n in range(20, 30)]
    view = s.a_list(
        kind, *page, people=EVERYBODY, about_viewer=own, total=4000, offset=100, expected=4000, may_log=True,
        may_assign=True, may_issue=True, may_say_none=True, sees_due=True,
        planned=replace(s.PLANNED, theme="é" * 300, note="é" * 300),
    )  # fmt: skip
    rendered = cards.listing(view, s.POLICY, "x" * 300)
    fits(rendered)
    assert {"Previous", "Next"} <= {action["title"] for action in rendered.card["actions"]}


def test_a_page_of_children_who_are_due() -> None:
    audit = s.an_inadequate(ref=LONG_REF, child_ref=LONG_REF, team=WIDE_TEAM, auditor_id=1)
    fits(
        reaudits.due(s.a_due_list(*[Due(audit, LONG_REF, 2)] * PAGE, people=EVERYBODY, total=2000, offset=50))
    )


@pytest.mark.parametrize("number", [25, 100, 101, 400])
@pytest.mark.parametrize("kind", [Kind.OBSERVATION, Kind.DIP_SAMPLE])
def test_lists_of_people_are_whole_or_narrowed(number: int, kind: Kind) -> None:
    crowd = [replace(p, name=f"{WIDE_NAME[:60]} {p.id}") for p in b.many_people(number)]
    few = crowd[:100]
    for rendered in (
        cards.form(
            s.a_form(kind, assign=True, doers=crowd if kind is Kind.DIP_SAMPLE else few[:40], about=few[:40])
        ),
        cards.form(s.a_form(kind, assign=True, doers=few[:40], about=crowd, find="wilhelmina")),
        reaudits.assign(s.a_reaudit_form(elsewhere=crowd)),
    ):
        fits(rendered)
        for field in inputs(rendered.card):
            assert len(field.get("choices", [])) <= 100
