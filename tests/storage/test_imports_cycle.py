"""Files against what the chat knows: nothing that was done here is undone by a file (both databases)."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from domain.audits import Audit, AuditState, Engagement
from domain.calendar import Month
from domain.cycle import Command, Done, apply
from domain.kinds import Grade, Kind
from domain.people import Role
from domain.ports import AuditFact, NewAudit
from domain.programme import Planned
from storage import tables
from storage.imports.writers.moved_on import NOTE
from storage.references import number_in
from storage.unit_of_work import SqlStore
from tests.builders import NOW, TODAY
from tests.storage.import_files import AUDITS, PROGRAMME, Council

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
HEAD = AUDITS.splitlines()[0]
A_2 = "A-2,2026-10,core,20417,Northgate,bob@c.example,2026-10-01,2026-10-31,inadequate,,,"
A_3 = "A-3,2026-11,core,20417,Northgate,bob@c.example,2026-11-02,,,,,"


@pytest.fixture
def council(store: SqlStore, tmp_path: Path) -> Council:
    return Council(store, tmp_path)


async def audit(council: Council, ref: str) -> Audit:
    async with council.store.reading() as uow:
        found = await uow.audits.get(ref)
    assert found is not None
    return found


async def moved(council: Council, ref: str, *commands: "Move") -> Audit:
    """The audit after these commands of the chat."""
    for command, changes in commands:
        async with council.store.writing() as uow:
            before = await uow.audits.get(ref)
            assert before is not None
            done: Done = apply(before, command, now=NOW, by=before.auditor_id, note="Because.", **changes)
            await uow.cycle.save(done)
            await uow.commit()
    return await audit(council, ref)


async def notes_of(council: Council, *rows: str) -> tuple[str, ...]:
    brought = await council.brings("audits", "\n".join([HEAD, *rows]))
    assert brought.problems == []
    return brought.report.notes


Move = tuple[Command, dict[str, Any]]
"""A command, and what it sets."""
RETURN: Move = (Command.RETURN, {"grade": Grade.GOOD, "engagement": Engagement(social_worker=True)})


async def test_practice_areas_graded_here_stay(council: Council) -> None:
    await council.brings_all()
    returned = await moved(council, "A-3", RETURN)
    async with council.store.writing() as uow:
        await uow.cycle.save_areas(returned.id, {"planning": Grade.GOOD})
        await uow.commit()

    notes = await notes_of(council, f"{A_3}assessment=inadequate", f"{A_2}review=good")

    # the first line says something else of the return and of its areas: one line, one note
    assert notes == (f"{NOTE} (line 2)",)
    in_file = (await audit(council, "A-2")).id
    async with council.store.reading() as uow:
        areas = await uow.cycle.areas([returned.id, in_file])
    assert areas == {returned.id: {"planning": Grade.GOOD}, in_file: {"review": Grade.GOOD}}


async def test_an_older_file_is_noted_with_its_line_and_changes_nothing(council: Council) -> None:
    await council.brings_all()
    returned = await moved(council, "A-3", RETURN)
    brought = await council.brings("audits", AUDITS)
    assert brought.counts == (0, 0, 3)
    assert brought.report.notes == (f"{NOTE} (line 4)",)
    assert await audit(council, "A-3") == returned


async def test_what_the_file_knows_beyond_the_chat_is_taken_once(council: Council) -> None:
    await council.brings_all()
    returned = await moved(council, "A-3", RETURN)
    newer = f"{A_3[: A_3.index(',,,,,')]},{returned.returned_on},good,inadequate,2026-11-20,"

    assert await notes_of(council, newer) == ()

    now = await audit(council, "A-3")
    assert now == replace(
        returned,
        state=AuditState.UPLOADED,
        moderated_grade=Grade.INADEQUATE,
        uploaded_on=date(2026, 11, 20),
        version=returned.version + 1,
    )
    assert await notes_of(council, newer) == ()
    assert await audit(council, "A-3") == now, "the same file again changes nothing"


ASSIGN: Move = (Command.ASSIGN, {"moderator_id": 1})
MODERATE: Move = (Command.MODERATE, {"moderated_grade": Grade.GOOD})
LATER: list[list[Move]] = [
    [(Command.FREE, {})],
    [RETURN, ASSIGN, (Command.SEND_BACK, {})],
    [RETURN, ASSIGN, MODERATE],
    [RETURN, ASSIGN, MODERATE, (Command.LOCK, {"final_grade": Grade.GOOD})],
    [RETURN, ASSIGN, MODERATE, (Command.LOCK, {}), (Command.UPLOAD, {})],
]


@pytest.mark.parametrize("commands", LATER, ids=lambda commands: commands[-1][0].value)
async def test_no_later_state_is_taken_back(sqlite_url: str, tmp_path: Path, commands: list[Move]) -> None:
    store = SqlStore(sqlite_url)
    council = Council(store, tmp_path)
    await council.brings_all()
    here = await moved(council, "A-3", *commands)
    notes = await notes_of(council, A_3)
    assert await audit(council, "A-3") == here
    await store.close()
    assert notes == (f"{NOTE} (line 2)",)


async def test_what_was_taken_back_here_is_not_put_back_by_a_file(council: Council) -> None:
    await council.brings_all()
    uploaded = f"{A_3[: A_3.index(',,,,,')]},{TODAY},good,,{TODAY},"
    await moved(council, "A-3", RETURN, (Command.UPLOAD, {}))
    unticked = await moved(council, "A-3", (Command.UNTICK, {}))
    assert unticked.state is AuditState.RETURNED

    assert await notes_of(council, uploaded) == (f"{NOTE} (line 2)",)

    assert await audit(council, "A-3") == unticked


async def test_a_freed_child_can_come_back_returned(council: Council) -> None:
    """Somebody audited it after all, and the council's own list knows."""
    await council.brings_all()
    await moved(council, "A-3", (Command.FREE, {}))
    assert await notes_of(council, A_3.replace("2026-11-02,,,", "2026-11-02,2026-11-19,good,")) == ()
    back = await audit(council, "A-3")
    assert (back.state, back.grade) == (AuditState.RETURNED, Grade.GOOD)
    assert back.auditor_id is not None


async def test_what_only_files_know_is_corrected_by_files(council: Council) -> None:
    await council.brings_all()
    assert await notes_of(council, A_2.replace("2026-10-31,inadequate", ",")) == ()
    assert (await audit(council, "A-2")).state is AuditState.ISSUED


async def test_imported_references_and_new_ones_never_meet(council: Council) -> None:
    await council.brings_all()
    rows = ["A-41,2026-10,core,,,,,,,,,", "A-007,2026-10,core,,,,,,,,,"]
    rows += ["2026/50,2026-10,core,,,,,,,,,", "A-9999999,2026-10,core,,,,,,,,,"]
    await notes_of(council, *rows)
    held = dict(await council.holds("audits", "ref", "number"))
    numbered = {"A-1": 1, "A-2": 2, "A-3": 3, "A-41": 41}
    assert held == {**numbered, "A-007": None, "2026/50": None, "A-9999999": None}
    async with council.store.writing() as uow:
        (new,) = await uow.cycle.issue([NewAudit(NOVEMBER, Kind.CORE, 1, TODAY)], None, NOW)
    assert new.ref == "A-42"


@pytest.mark.parametrize(
    ("ref", "number"),
    [
        ("A-1", 1),
        ("A-999999", 999_999),
        ("A-1000000", None),
        ("A-9999999", None),
        ("A-0", None),
        ("a-1", None),
        ("T-1", None),
        ("A-1b", None),
    ],
)
def test_the_number_in_a_reference(ref: str, number: int | None) -> None:
    assert number_in(ref, "A") == number


async def test_every_column_of_an_audit_is_stored_and_measured(council: Council) -> None:
    await council.brings_all("teams", "people", "children")
    columns = {
        "audit_ref": "A-12",
        "month": "2026-10",
        "kind": "reaudit",
        "child_ref": "20418",
        "team": "Eastfield",
        "legal_status": "Child in care",
        "auditor": "ada@c.example",
        "issued_on": "2026-10-01",
        "returned_on": "2026-10-20",
        "grade": "good",
        "moderator": "bob@c.example",
        "moderated_grade": "requires_improvement",
        "meets_standard": "yes",
        "uploaded_on": "2026-10-30",
        "social_worker_took_part": "yes",
        "manager_took_part": "no",
        "child_views": "yes",
        "parent_views": "no",
        "iro_views": "yes",
        "reflection_sheet": "no",
        "concern_category": "2",
        "reaudit_of": "A-3",
        "reaudit_number": "2",
        "areas": "assessment=good;planning=inadequate",
    }
    file = f"{','.join(columns)}\n{','.join(columns.values())}\n"

    assert (await council.brings("audits", file)).counts == (1, 0, 0)
    assert (await council.brings("audits", file)).counts == (0, 0, 1)

    stored = await audit(council, "A-12")
    async with council.store.reading() as uow:
        (fact,) = await uow.facts.audits(OCTOBER, OCTOBER)
        ada, bob = await uow.people.by_email("ada@c.example"), await uow.people.by_email("bob@c.example")
        areas = await uow.cycle.areas([stored.id])
        assert await uow.cycle.reaudits_of("A-3") == [stored]
    assert ada
    assert bob
    assert bob.team
    assert fact == AuditFact(
        month=OCTOBER,
        kind=Kind.REAUDIT,
        state=AuditState.UPLOADED,
        auditor_id=ada.id,
        team=bob.team,
        legal_status="child_in_care",
        issued_on=date(2026, 10, 1),
        returned_on=date(2026, 10, 20),
        grade=Grade.GOOD,
        moderated_grade=Grade.REQUIRES_IMPROVEMENT,
        final_grade=None,
        meets_standard=True,
        moderated=True,
        uploaded_on=date(2026, 10, 30),
        engagement=Engagement(True, False, True, False, True, False),
        concern_category=2,
        reaudit_number=2,
        earlier_actions_reviewed=None,
        ref="A-12",
    )
    assert (stored.moderator_id, stored.child_ref, stored.reaudit_of) == (bob.id, "20418", "A-3")
    assert areas == {stored.id: {"assessment": Grade.GOOD, "planning": Grade.INADEQUATE}}


async def test_a_role_given_in_the_chat_is_kept_and_said(council: Council) -> None:
    await council.brings_all("teams", "people")
    rows = ("tess@c.example,Tess Lane,team_manager,", "dora@c.example,Dora Nash,director,")
    people = "\n".join(["email,name,roles,auditor_from", *rows])
    async with council.store.writing() as uow:
        for email in ("tess@c.example", "dora@c.example"):
            person = await uow.people.by_email(email)
            assert person
            await uow.pool.give_role(person.id, Role.AUDITOR, date(2026, 12, 1))
        await uow.commit()

    brought = await council.brings("people", people)

    assert brought.counts == (0, 0, 2)
    assert brought.report.notes == ("somebody keeps a role that was given in the chat (lines 2, 3)",)
    async with council.store.reading() as uow:
        tess = await uow.people.by_email("tess@c.example")
    assert tess
    assert (tess.roles, tess.auditor_from) == ({Role.TEAM_MANAGER, Role.AUDITOR}, date(2026, 12, 1))

    caught_up = people.replace("team_manager,", "team_manager;auditor,2027-01-01")
    assert (await council.brings("people", caught_up)).counts == (0, 1, 1)
    assert (await council.brings("people", caught_up)).counts == (0, 0, 2)
    async with council.store.reading() as uow:
        tess = await uow.people.by_email("tess@c.example")
    assert tess
    assert tess.auditor_from == date(2027, 1, 1)


async def test_a_role_taken_in_the_chat_is_the_files_again(council: Council) -> None:
    await council.brings_all("teams", "people")
    async with council.store.writing() as uow:
        bob = await uow.people.by_email("bob@c.example")
        assert bob
        await uow.pool.give_role(bob.id, Role.IRO, TODAY)
        await uow.pool.take_role(bob.id, Role.IRO)
        await uow.commit()
    brought = await council.brings("people", "email,name,roles\nbob@c.example,Bob Hill,auditor\n")
    assert (brought.counts, brought.report.notes) == ((0, 1, 0), ())
    assert await council.holds("person_roles", "role", "given") != []
    async with council.store.reading() as uow:
        bob = await uow.people.by_email("bob@c.example")
    assert bob
    assert bob.roles == {Role.AUDITOR}


async def test_a_programme_is_brought_changed_and_left_alone(council: Council) -> None:
    assert (await council.brings("programme", PROGRAMME)).counts == (3, 0, 0)
    assert (await council.brings("programme", PROGRAMME)).counts == (0, 0, 3)
    brought = await council.brings("programme", "month,kind,expected\n2026-11,core,55\n2026-12,core,\n")
    assert brought.counts == (1, 1, 0)

    async with council.store.reading() as uow:
        planned = await uow.programme.between(OCTOBER, NOVEMBER.plus(1))

    assert planned == [
        Planned(NOVEMBER, Kind.CORE, 55, "", ("care_leavers", "looked_after"), "", 2),
        Planned(NOVEMBER, Kind.THEMATIC, 12, "Neglect", (), "With partners; see the letter.", 1),
        Planned(NOVEMBER.plus(1), Kind.CORE, version=1),
        Planned(NOVEMBER.plus(1), Kind.DIP_SAMPLE, version=1),
    ]


async def test_a_programme_with_mistakes_is_refused_by_row_and_column(council: Council) -> None:
    rows = ["2026-13,core,60,,", "2026-11,party,,,", "2026-11,core,lots,,", "2026-12,core,10001,,"]
    twice = ["2027-01,core,1,,", "2027-01,core,2,,", "2027-02,core,-1,,", "2027-03,core,,gone,"]
    file = "\n".join(["month,kind,expected,cohorts,note", *rows, *twice])
    brought = await council.brings("programme", file)
    assert [problem.split(":")[0] for problem in brought.problems] == [
        "line 2, column month",
        "line 3, column kind",
        "line 4, column expected",
        "line 5, column expected",
        "line 7, column month",
        "line 8, column expected",
        "line 9, column cohorts",
    ]
    count = select(tables.programme.c.month)
    assert await council.store.bulk(lambda c: list(c.execute(count))) == []
