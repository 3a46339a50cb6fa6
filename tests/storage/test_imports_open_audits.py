"""A council that moves over in mid-month brings audits that are still to be done: the chat's rules hold for them, and
the report says what nobody is told (both databases)."""

from pathlib import Path

import pytest
from sqlalchemy import update

from domain.audits import AuditState
from domain.cycle import Command
from domain.kinds import Kind
from domain.ports import NewAudit
from storage import tables
from storage.imports.writers.exemptions import STAYS
from storage.imports.writers.moved_on import NOTE
from storage.imports.writers.open_audits import CAME, MOVED
from storage.unit_of_work import SqlStore
from tests.builders import NOVEMBER, NOW, TODAY
from tests.storage.import_files import AUDITS, Council
from tests.storage.test_imports_cycle import RETURN, audit, moved

HEAD = "audit_ref,month,kind,child_ref,team,auditor,issued_on,returned_on,grade"
ADA, BOB, TESS = "ada@c.example", "bob@c.example", "tess@c.example"
"""Ada is of Northgate, Bob of Eastfield, and Tess is Northgate's team manager."""
OWN_TEAM = "the child is of the auditor's own team; the audit is open"
CASELOAD = "the child is of the auditor's own caseload; the audit is open"


@pytest.fixture
async def council(store: SqlStore, tmp_path: Path) -> Council:
    """Before it has any audit. 20417 is a child of Northgate, 20418 of Eastfield."""
    council = Council(store, tmp_path)
    await council.brings_all("teams", "people", "children")
    return council


def row(
    ref: str, auditor: str = BOB, child: str = "20417", month: str = "2026-11", kind: str = "core"
) -> str:
    """An open one, of a child of Northgate."""
    team = "Northgate" if child == "20417" else "Eastfield"
    return f"{ref},{month},{kind},{child},{team},{auditor},2026-11-02,,"


async def said(council: Council, *rows: str) -> tuple[list[str], tuple[str, ...]]:
    """The problems and the notes of a file."""
    brought = await council.brings("audits", "\n".join([HEAD, *rows]))
    return brought.problems, brought.report.notes


async def test_open_audits_of_now_and_later_are_taken_and_said_once(council: Council) -> None:
    rows = [row("A-1"), row("A-2", ADA, "20418"), row("A-3", month="2026-12"), row("A-4", month="2026-10")]
    returned = "A-5,2026-11,core,20418,Eastfield,ada@c.example,2026-11-02,2026-11-10,good"

    assert await said(council, *rows, returned) == ([], (f"{CAME} (lines 2, 3, 4)",))

    assert (await audit(council, "A-2")).state is AuditState.ISSUED
    assert await said(council, *rows, returned) == ([], ()), "the same file again brings nothing new"


async def test_an_open_audit_of_the_own_team_or_caseload_is_refused(council: Council) -> None:
    await council.does(
        update(tables.children)
        .where(tables.children.c.child_ref == "20417")
        .values(social_worker_id=await _id_of(council, BOB))
    )
    rows = [row("A-1", ADA), row("A-2", TESS), row("A-3", BOB), row("A-4", ADA, "20418")]

    problems, _ = await said(council, *rows)

    assert problems == [
        f"line 2, column auditor: {OWN_TEAM}",
        f"line 3, column auditor: {OWN_TEAM}",
        f"line 4, column auditor: {CASELOAD}",
    ]
    assert await council.holds("audits") == [], "all rows or none"


async def test_history_that_broke_the_rule_is_kept_and_said(council: Council) -> None:
    returned = "A-5,2026-11,core,20417,Northgate,ada@c.example,2026-11-02,2026-11-10,good"
    problems, notes = await said(council, row("A-1", ADA, month="2026-10"), returned)
    assert (problems, notes) == ([], ("the auditor audits a child of their own team (lines 2, 3)",))


async def test_what_the_own_team_may_do_is_taken(council: Council) -> None:
    """A dip sample is for managers; the chat takes somebody of the own team for a re-audit, for a reason."""
    rows = [row("A-1", TESS, kind="dip_sample"), row("A-2", ADA, kind="reaudit")]
    problems, notes = await said(council, *rows)
    assert problems == []
    assert f"{CAME} (lines 2, 3)" in notes


async def test_one_open_core_audit_a_month(council: Council) -> None:
    """In the file itself, and against what is here."""
    problems, _ = await said(council, row("A-1"), row("A-2"), row("A-3", month="2026-12"), row("A-4"))
    another = "the auditor has another open core audit of 2026-11: A-1"
    assert problems == [f"line 3, column auditor: {another}", f"line 5, column auditor: {another}"]

    assert (await said(council, row("A-1")))[0] == []
    assert (await said(council, row("A-2")))[0] == [f"line 2, column auditor: {another}"]
    assert (await said(council, row("A-2"), row("A-1")))[0] == [f"line 2, column auditor: {another}"]
    assert (await said(council, row("A-2", kind="thematic")))[0] == []


async def test_the_first_may_be_returned_or_given_away_by_the_same_file(council: Council) -> None:
    assert (await said(council, row("A-1")))[0] == []
    given_away = row("A-1", ADA, "20418")
    problems, notes = await said(council, row("A-2"), given_away)
    assert (problems, notes) == ([], (f"{CAME} (line 2)", f"{MOVED} (line 3)"))
    returned = "A-2,2026-11,core,20417,Northgate,bob@c.example,2026-11-02,2026-11-10,good"
    assert (await said(council, row("A-3"), returned))[0] == []


async def test_an_audit_of_the_chat_stands_whatever_the_file_says_of_it(council: Council) -> None:
    """Bob's audit was issued here: a file that calls it Ada's does not make room for another of his."""
    async with council.store.writing() as uow:
        new = NewAudit(NOVEMBER, Kind.CORE, await _id_of(council, BOB), TODAY, child_ref="20417")
        await uow.cycle.issue([new], None, NOW)
        await uow.commit()

    problems, _ = await said(council, row("A-1", ADA, "20418"), row("A-2"))
    assert problems == ["line 3, column auditor: the auditor has another open core audit of 2026-11: A-1"]

    await moved(council, "A-1", RETURN)
    problems, notes = await said(council, row("A-1"), row("A-2"))
    assert (problems, notes) == ([], (f"{CAME} (line 3)", f"{NOTE} (line 2)"))


async def test_an_exempt_auditor_gets_no_open_core_audit(council: Council) -> None:
    await council.brings(
        "exemptions",
        f"email,month,reason,outcome\n{BOB},2026-11,ill_health,approved\n{BOB},2026-12,ill_health,declined\n",
    )
    problems, _ = await said(council, row("A-1"), row("A-2", month="2026-12"))
    assert problems == ["line 2, column auditor: the auditor is exempt from 2026-11; the audit is open"]
    returned = "A-3,2026-11,core,20417,Northgate,bob@c.example,2026-11-02,2026-11-10,good"
    assert (await said(council, returned, row("A-4", month="2026-12")))[0] == []


async def test_an_exemption_by_file_says_whose_open_audit_stays(council: Council) -> None:
    """A file of decisions takes nothing off anybody; the QA team does, and is told to."""
    await said(council, row("A-1"), row("A-2", ADA, "20418", month="2026-10"))
    exempt = f"{BOB},2026-11,ill_health,approved\n{ADA},2026-10,ill_health,approved\n"
    brought = await council.brings("exemptions", f"email,month,reason,outcome\n{exempt}")
    assert (brought.problems, brought.report.notes) == ([], (f"{STAYS} (line 2)",))
    assert (await audit(council, "A-1")).state is AuditState.ISSUED


@pytest.mark.parametrize(
    "changed",
    [
        row("A-1", month="2026-12"),
        row("A-1", TESS),
        row("A-1", child="20418"),
        "A-1,2026-11,core,20417,Northgate,tess@c.example,2026-11-02,2026-11-10,good",
    ],
    ids=["month", "auditor", "child", "returned by another"],
)
async def test_a_row_that_moves_an_open_audit_is_said(sqlite_url: str, tmp_path: Path, changed: str) -> None:
    store = SqlStore(sqlite_url)
    council = Council(store, tmp_path)
    await council.brings_all("teams", "people", "children")
    await said(council, row("A-1"))
    _, notes = await said(council, changed)
    again = await said(council, changed)
    await store.close()
    assert f"{MOVED} (line 2)" in notes
    assert MOVED not in str(again)


async def test_what_is_not_open_is_corrected_without_that_note(council: Council) -> None:
    await council.brings_all("audits")
    corrected = AUDITS.replace("A-2,2026-10,core,20417,Northgate", "A-2,2026-09,core,20418,Eastfield")
    assert (await council.brings("audits", corrected)).counts == (0, 1, 2)
    freed = await moved(council, "A-3", (Command.FREE, {}))
    brought = await council.brings("audits", corrected.replace("A-3,2026-11", "A-3,2026-12"))
    assert MOVED not in str(brought.report.notes)
    assert (await audit(council, "A-3")).month == freed.month


async def _id_of(council: Council, email: str) -> int:
    async with council.store.reading() as uow:
        person = await uow.people.by_email(email)
    assert person is not None
    return person.id
