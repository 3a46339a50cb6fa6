"""The worst that can be put on the cards of audits and of moderation still fits (faults 51 and 58)."""

from dataclasses import replace
from typing import Any

import pytest

from dialogs.cards import grade_forms, moderation, moderation_lists
from dialogs.cards.audit import audit_card
from dialogs.cards.audit_pages import audit_read
from domain.audits import AuditState
from domain.cycle import Command, Party
from domain.kinds import Grade
from domain.moderation import Rule, Unmet
from domain.participation import COMMENT, VIEWS, Contribution, Part
from domain.requests import Wish
from domain.templates import REFLECTION
from domain.usecases.locking import BATCH_MOST
from domain.views.audits import AuditView
from domain.views.moderation import Desk
from tests import builders as b
from tests.cards import samples_moderation as m
from tests.cards import samples_returns as returns
from tests.cards.test_sizes import WIDE_NAME, fits

WIDE = {i: replace(p, name=WIDE_NAME) for i, p in m.EVERYBODY.items()}
WIDE_TEAM = replace(b.NORTH, name=WIDE_NAME)
EVERY_PARTY = tuple(Party)


def worst(text: str, state: AuditState) -> AuditView:
    """Everything is there, as long as any policy allows, for somebody who is everything."""
    long = text * 4000
    audit = replace(
        m.FINAL, state=state, team=WIDE_TEAM, theme=long[:300], child_ref="C" * 100, concern_category=1
    )
    questions = returns.CORE.questions
    filled = returns.a_return({question.code: long for question in questions}, audit=audit)
    steps = tuple(
        m.a_step(command, m.LIAM, long) for _ in range(20) for command in (Command.SEND_BACK, *_WITH_NOTES)
    )
    given: Any = dict.fromkeys((*REFLECTION, VIEWS, COMMENT), long)
    return m.full(
        b.TOM,
        audit,
        EVERY_PARTY,
        people=WIDE,
        filled=filled,
        areas={term.code: Grade.REQUIRES_IMPROVEMENT for term in m.POLICY.practice_areas},
        actions=[returns.an_action(n, description=long, owner_id=b.DANA.id) for n in range(1, 31)],
        steps=steps,
        contributions=[
            Contribution(audit.id, n, Part.MANAGER, given, b.NOW, 1) for n in (m.SOL.id, b.SAM.id)
        ],
        requests=(m.SLIP, replace(m.SLIP, wish=Wish.REALLOCATION)),
        wishes=tuple(Wish),
        takes_part=True,
        nobody_locks=True,
        reaudits=[b.an_audit(n) for n in range(1, 12)],
    )


_WITH_NOTES = (Command.MODERATE, Command.DISPUTE, Command.LOCK, Command.CHANGE_CHILD)


@pytest.mark.parametrize("text", ["x", "*", "\U0001f469", "\n", "é"])
@pytest.mark.parametrize(
    "state", [AuditState.ISSUED, AuditState.SENT_BACK, AuditState.RESUBMITTED, AuditState.DISPUTED]
)
def test_an_audit_with_the_longest_texts(text: str, state: AuditState) -> None:
    view = worst(text, state)
    rendered = audit_card(view, "x" * 700)
    fits(rendered)
    assert len(rendered.card["actions"]) <= 6
    fits(moderation.form(view, longest=4000, reason=text * 4000, said=Grade.GOOD))
    fits(grade_forms.dispute(view, longest=4000, value="x" * 1000))


@pytest.mark.parametrize("text", ["x", "\U0001f469", "é"])
def test_all_that_a_return_says_can_be_read_page_by_page(text: str) -> None:
    view = worst(text, AuditState.LOCKED)
    seen = 0
    for page in range(200):
        rendered = audit_read(view, page)
        fits(rendered)
        seen += sum(str(block.get("text", "")).count(text) for block in rendered.card["body"][2:])
        if not any(action["title"] == "Next" for action in rendered.card["actions"]):
            break
    written = [question for question in returns.CORE.questions if question.asks == "text"]
    assert seen >= 4000 * len(written), "nothing of it is left out"


def test_lists_of_audits_are_paged_and_read_back_whole() -> None:
    wide = replace(m.DOWN, team=WIDE_TEAM, child_ref="C" * 100, state=AuditState.DISPUTED)
    page = [wide] * 8
    batch = [replace(m.DOWN, team=WIDE_TEAM, child_ref="C" * 40)] * BATCH_MOST
    view = m.lines(*page, people=WIDE, total=500, offset=80, batch=batch, nobody_locks=True)
    for card in (moderation_lists.mine, moderation_lists.to_lock, moderation_lists.to_upload):
        fits(card(view, "x" * 300))
    for card in (moderation_lists.lock_read, moderation_lists.upload_read):
        rendered = card(view, "x" * 300)
        fits(rendered)
        assert str(rendered.card["body"]).count("A-104") == BATCH_MOST


def test_a_sample_of_five_hundred_with_forty_moderators() -> None:
    crowd = [Desk(replace(p, name=f"{WIDE_NAME[:60]} {p.id}"), 3, 12) for p in b.many_people(140)]
    unmet = [Unmet(Rule.NOBODY_MAY, {"audit": f"A-{n}"}) for n in range(200)]
    fits(moderation.sample(m.a_sample(desks=crowd, unmet=unmet), "x" * 300))
    fits(moderation.reassign(m.reassigning(*crowd), longest=4000))
    fits(moderation.reassign(m.reassigning(*crowd), longest=4000, find="wilhelmina"))
