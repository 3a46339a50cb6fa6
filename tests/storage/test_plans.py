"""The hot questions are answered through an index, on both databases: no table is read from end to end."""

from typing import Any

import pytest
from sqlalchemy import Connection, Update, select, text

from domain.calendar import Month
from domain.exemptions import State
from domain.lanes import Channel, Lane
from domain.ports import ExemptionFilter
from storage import second_channel
from storage.outbox_queries import PEEK, in_lanes
from storage.repositories import audits, exemptions, outbox, people
from storage.repositories.sql import AnySelect, untyped
from storage.tables import outbox as table
from storage.trail import LAST
from storage.unit_of_work import SqlStore
from tests.builders import NOW, an_audit, an_exemption, many_people
from tests.storage.council import Council, settle

NOVEMBER = Month(2026, 11)
WAITING = exemptions.questions(ExemptionFilter(approver_ids=[1]), limit=11, offset=0)
OWN = exemptions.questions(ExemptionFilter(person_id=1, month=NOVEMBER), limit=11, offset=0)
OPEN = exemptions.questions(ExemptionFilter(open_only=True), limit=11, offset=0)


def changed(statement: Update) -> AnySelect:
    """The rows that it would change, asked for."""
    assert statement.whereclause is not None
    return untyped(select(table.c.id).where(statement.whereclause))


QUESTIONS: dict[str, tuple[Any, dict[str, Any], str]] = {
    "actor by object id": (people.BY_AAD, {"aad": "aad-1"}, "aad_object_id"),
    "person by e-mail": (people.BY_EMAIL, {"email": "a@b"}, "email"),
    "audits of an auditor": (
        audits.OF_AUDITOR,
        {"auditor": 1, "month": NOVEMBER},
        "ix_audits_auditor_id_month",
    ),
    "audit by reference": (audits.BY_REF, {"ref": "A-1"}, "ref"),
    "exemptions waiting for approvers": (WAITING[0], WAITING[2], "ix_exemptions_approver_id_state"),
    "a person's exemption of a month": (OWN[0], OWN[2], "exemptions_"),
    "open exemptions": (OPEN[0], OPEN[2], "exemptions_"),
    "outbox claim": (
        PEEK,
        {"now": NOW, "limit": 8, "lanes": in_lanes([Lane.ALERT]), "channel": Channel.TEAMS.value},
        "ix_outbox_waiting",
    ),
    "alerts that Teams has not taken": (second_channel.OVERDUE, {"before": NOW}, "ix_outbox_waiting"),
    "the newest import in the trail": (LAST, {"actions": ["import.people"]}, "ix_trail_action_seq"),
    "cards of a subject": (
        outbox.STALE_CARDS,
        {"subject": "E-1", "version": 2, "at": NOW, "correlation": ""},
        "ix_cards_subject",
    ),
    "updates that a card waits for": (changed(outbox.FORGET_UPDATES), {"card": 1}, "ix_outbox_waiting"),
    "updates that cards of a subject wait for": (
        changed(outbox.SUPERSEDE),
        {"of_subject": "E-1", "newer": 2},
        "ix_outbox_waiting_card",
    ),
    "holders of a role": (
        people.WITH_ROLE,
        {"role": "head_of_quality", "day": NOW.date()},
        "ix_person_roles_role",
    ),
}


def plan_of(connection: Connection, question: AnySelect, values: dict[str, Any]) -> str:
    """The plan with sequential reads made dear: on a small table they would always win."""
    compiled = question.params(values).compile(connection, compile_kwargs={"literal_binds": True})
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")
        return "\n".join(row[3] for row in rows)
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    return "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {compiled}"))


def analyse(connection: Connection) -> None:
    """As PostgreSQL does by itself, and SQLite never."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ANALYZE"))


async def _fill(store: SqlStore) -> None:
    """Enough rows to choose between two indexes by."""
    crowd = many_people(200)
    audits_of_all = [
        an_audit(person.id * 10 + n, auditor_id=person.id, month=NOVEMBER.plus(-n), child_ref=None)
        for person in crowd
        for n in range(3)
    ]
    await settle(store, Council().with_people(*crowd).but(audits=audits_of_all))
    async with store.writing() as uow:
        for number, person in enumerate(crowd):
            state = State.WITH_HEAD_OF_SERVICE if number % 20 == 0 else State.DECLINED
            mine = {"person_id": person.id, "requested_by_id": person.id, "approver_id": person.id}
            await uow.exemptions.add(an_exemption(state=state, **mine))
        await uow.commit()
    await store.bulk(analyse)


@pytest.mark.parametrize("name", QUESTIONS)
async def test_a_hot_question_uses_its_index(store: SqlStore, name: str) -> None:
    question, values, index = QUESTIONS[name]
    await _fill(store)

    async with store.writing() as uow:
        plan = await uow.transaction.run(lambda c: plan_of(c, question, values))

    assert_uses(index, plan)


def assert_uses(index: str, plan: str) -> None:
    """The index, and no table from end to end."""
    assert index in plan, plan
    assert "Seq Scan" not in plan, plan
    scans = [line for line in plan.splitlines() if line.startswith("SCAN") and "INDEX" not in line]
    assert scans == [], plan
