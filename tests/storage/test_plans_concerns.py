"""What is asked of the tracker every minute, and of every card, is answered through an index, on both databases."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert

from domain.concerns import State
from domain.ports.concerns import ConcernFilter
from storage import tables
from storage.repositories import concerns
from storage.unit_of_work import SqlStore
from tests.builders import NOW, TODAY
from tests.storage.council import Council, settle
from tests.storage.test_plans import analyse, assert_uses, plan_of

MANY = 2_000


def _found(wanted: ConcernFilter, index: str) -> tuple[Any, dict[str, Any], str]:
    page, _, values = concerns.questions(wanted, limit=11, offset=0)
    return page, values, index


QUESTIONS: dict[str, tuple[Any, dict[str, Any], str]] = {
    "alerts that are due": (concerns.CLIMB_DUE, {"now": NOW, "most": 100}, "ix_concerns_alert_next_at"),
    "when the next alert is due": (concerns.NEXT_CLIMB, {}, "ix_concerns_alert_next_at"),
    "the open one of a child": (concerns.OPEN_OF, {"child": "c7"}, "concerns_"),
    "what an audit has raised": (concerns.OF_AUDIT, {"audit": "A-7"}, "ix_concerns_audit_ref"),
    "the timeline": (concerns.HISTORY, {"concern": 7}, "ix_concern_steps_concern_id"),
    "who is to be reminded": (
        concerns.TO_REMIND,
        {"today": TODAY, "before": NOW, "most": 500},
        "concerns_",
    ),
    "all of a child": _found(ConcernFilter(child_ref="c7"), "ix_concerns_any_case"),
    "the open ones": _found(
        ConcernFilter(states=[State.WITH_DIRECTOR, State.CHALLENGED]),
        "ix_concerns_state_category_identified_on",
    ),
    "those of a team": _found(ConcernFilter(team_ids=[2]), "ix_concerns_team_id"),
}


def _fill(connection: Connection) -> None:
    """Many that were taken off, some that stand, few that climb."""
    states = [State.REMOVED] * 20 + [state for state in State if state.open]
    rows = [
        {
            "child_ref": f"C{number}",
            "category": 1 + number % 2,
            "state": states[number % len(states)].value,
            "source": "chat",
            "identified_on": TODAY - timedelta(days=number),
            "raised_at": NOW,
            "state_since": NOW - timedelta(days=number),
            "team_id": 1 if number % 50 else 2,
            "audit_ref": f"A-{number}",
            "alert_next_at": NOW if number % 200 == 21 else None,
        }
        for number in range(1, MANY + 1)
    ]
    connection.execute(insert(tables.concerns), rows)
    lines = [{"concern_id": n, "at": NOW, "command": "raise"} for n in range(1, MANY + 1)]
    connection.execute(insert(tables.concern_steps), lines)


async def test_the_trackers_questions_use_their_indexes(store: SqlStore) -> None:
    await settle(store, Council(audits=[]))
    await store.bulk(_fill)
    await store.bulk(analyse)

    async with store.writing() as uow:
        for question, values, index in QUESTIONS.values():
            plan = await uow.transaction.run(lambda c, q=question, v=values: plan_of(c, q, v))
            assert_uses(index, plan)
