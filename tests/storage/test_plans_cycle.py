"""What the month's cycle asks is answered through an index, on both databases."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, insert

from domain.audits import AuditState
from domain.kinds import Kind
from domain.ports import AuditFilter
from storage import tables
from storage.repositories import (
    actions,
    audits,
    beside,
    children,
    contributions,
    cycle,
    draws,
    pool,
    pool_groups,
    reaudits,
    requests,
)
from storage.unit_of_work import SqlStore
from tests.builders import NOVEMBER, NOW, many_people
from tests.storage.council import Council, settle
from tests.storage.test_plans import analyse, assert_uses, plan_of

MANY = 2_000


def _audits(wanted: AuditFilter, index: str) -> tuple[Any, dict[str, Any], str]:
    page, _, values = cycle.questions(wanted, limit=11, offset=0)
    return page, values, index


DUE = reaudits.questions([Kind.CORE, Kind.REAUDIT], None, limit=8, offset=0)
QUESTIONS: dict[str, tuple[Any, dict[str, Any], str]] = {
    "the last number of audits": (cycle.LAST_NUMBER, {}, "ix_audits_number"),
    "the last number of actions": (actions.LAST_NUMBER, {}, "ix_actions_number_in_ref"),
    "audits of a month and kind": _audits(
        AuditFilter(months=(NOVEMBER, NOVEMBER), kinds=[Kind.THEMATIC]), "ix_audits_month_kind"
    ),
    "audits that a moderator has": _audits(
        AuditFilter(moderator_id=1, states=[AuditState.RETURNED]), "ix_audits_moderator_id_state"
    ),
    "audits that wait for the third lock": _audits(
        AuditFilter(states=[AuditState.MODERATED]), "ix_audits_state_month"
    ),
    "freed audits": (audits.FREED, {"month": NOVEMBER}, "ix_audits_state_month"),
    "audits of a child": _audits(AuditFilter(child_ref="C1"), "ix_audits_child_ref_month"),
    "audits of a caseload": _audits(AuditFilter(social_worker_id=1), "ix_children_social_worker_id"),
    "observations of somebody": _audits(AuditFilter(about_id=1), "ix_audits_about_id"),
    "audits of a team and month": _audits(
        AuditFilter(team_ids=[1], months=(NOVEMBER, NOVEMBER)), "ix_audits_team_id_month"
    ),
    "re-audits of an audit": (cycle.REAUDITS, {"ref": "A-1"}, "ix_audits_reaudit_of"),
    "who is due a re-audit": (DUE[0], DUE[2], "ix_audits_inadequate"),
    "how many are due a re-audit": (DUE[1], DUE[2], "ix_audits_inadequate"),
    "what stands beside an audit": (beside.ALL_BESIDE, {"audit": 1}, "ix_audit_steps_audit_id"),
    "an audit's history": (cycle.HISTORY, {"audit": 1}, "ix_audit_steps_audit_id"),
    "actions of an audit": (actions.OF_AUDIT, {"audit": 1}, "uq_actions_audit_id_number"),
    "requests about an audit": (requests.OF_AUDIT, {"audit": 1}, "ix_audit_requests_audit_id"),
    "open requests": (requests.OPEN, {"most": 11}, "audit_requests_"),
    "contributions to an audit": (contributions.OF_AUDIT, {"audit": 1}, "contributions"),
    "the draw of a month": (draws.OF_MONTH, {"month": NOVEMBER, "kind": "core"}, "ix_draws_month_kind"),
    "a child as typed": (children.ANY_CASE, {"refs": ["c20417", "20417"]}, "ix_children_any_case"),
    "children of a team": (children.OF_TEAMS, {"teams": [1], "day": NOVEMBER.first}, "ix_children_team_id"),
    "who has an audit of the month": (pool.WITH_AUDIT, {"month": NOVEMBER}, "ix_audits_month_kind"),
    "the groups of a pool": (
        pool_groups.ALIKE,
        {"month": NOVEMBER, "first": NOVEMBER.first, "last": NOVEMBER.last},
        "ix_audits_month_kind",
    ),
    "what was said of moderators": (pool.SAID, {"month": NOVEMBER}, "moderating"),
    "who answers for a team": (
        pool.IN_POSITION,
        {"of_team": 1, "positions": ["team_manager"]},
        "team_positions",
    ),
}


def _audit(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "ref": f"A-{number}",
        "number": number,
        "month": NOVEMBER.plus(-(number % 24)),
        "kind": "thematic" if number % 10 == 0 else "core",
        "state": "moderated" if number % 50 == 0 else "returned",
        "child_ref": f"C{number % 500}",
        "team_id": 1 + number % 3,
        "auditor_id": 1000 + number % 200,
        "moderator_id": 1000 + number % 150,
        "grade": "inadequate" if number % 20 == 0 else "good",
        "about_id": 1000 if number % 100 == 0 else None,
        "reaudit_of": f"A-{number - 1}" if number % 100 == 0 else None,
    }


def _fill(connection: Connection) -> None:
    """Enough rows to choose between indexes by."""
    numbers = range(1, MANY + 1)
    child = {"legal_status": "child_in_need", "opened": date(2024, 1, 1)}
    asked = {"asked_by_id": 1, "asked_at": NOW, "explanation": "x", "wish": "slippage"}
    rows: dict[Any, list[dict[str, Any]]] = {
        tables.children: [
            {**child, "child_ref": f"C{n}", "team_id": 1 + n % 3, "social_worker_id": 1000 + n % 100}
            for n in range(500)
        ],
        tables.audits: [_audit(n) for n in numbers],
        tables.audit_steps: [{"audit_id": n, "at": NOW, "command": "issue"} for n in numbers],
        tables.actions: [
            {
                "ref": f"T-{n}",
                "number_in_ref": n,
                "audit_id": n,
                "number": 1,
                "description": "x",
                "raised_on": NOW.date(),
                "due_on": NOW.date(),
            }
            for n in numbers
        ],
        tables.audit_requests: [
            {**asked, "audit_id": n, "state": "open" if n % 50 == 0 else "granted"} for n in numbers
        ],
        tables.contributions: [
            {"audit_id": n, "person_id": 1000 + n % 100, "part": "manager", "answers": "{}"} for n in numbers
        ],
        tables.draws: [
            {"month": NOVEMBER.plus(-n), "kind": "core", "seed": "x", "options": "{}", "issued_at": NOW}
            for n in range(500)
        ],
        tables.moderating: [
            {"month": NOVEMBER.plus(-n), "person_id": 1000 + m, "moderates": True}
            for n in range(40)
            for m in range(20)
        ],
    }
    for table, values in rows.items():
        connection.execute(insert(table), values)


async def test_the_cycles_questions_use_their_indexes(store: SqlStore) -> None:
    await settle(store, Council(audits=[]).with_people(*many_people(200)))
    await store.bulk(_fill)
    await store.bulk(analyse)
    async with store.writing() as uow:
        for question, values, index in QUESTIONS.values():
            plan = await uow.transaction.run(lambda c, q=question, v=values: plan_of(c, q, v))
            assert_uses(index, plan)
