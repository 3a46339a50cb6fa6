"""Files become the council in the database: all rows or none, the same again changes nothing (both databases)."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, update

from domain.calendar import Month
from domain.people import Role
from storage import tables
from storage.unit_of_work import SqlStore
from tests.storage.import_files import (
    AUDITS,
    CHILDREN,
    EXEMPTIONS,
    FILES,
    NOW,
    PEOPLE,
    TEAMS,
    Council,
    a_workbook,
    as_rows,
)

ADA = "00000000-0000-0000-0000-000000000001"
HANA = "00000000-0000-0000-0000-000000000004"


@pytest.fixture
def council(store: SqlStore, tmp_path: Path) -> Council:
    return Council(store, tmp_path)


async def positions(council: Council) -> dict[tuple[str, str], tuple[str, str | None]]:
    rows = (await council.by_natural_keys())["team_positions"]
    return {(team, position): (email, person) for team, position, email, person in rows}


async def test_a_council_is_imported_and_the_same_again_changes_nothing(council: Council) -> None:
    first = {kind: (await council.brings(kind, content)).counts for kind, content in FILES.items()}
    assert first == {
        "teams": (2, 0, 0),
        "people": (5, 0, 0),
        "children": (2, 0, 0),
        "audits": (3, 0, 0),
        "exemptions": (2, 0, 0),
        "programme": (3, 0, 0),
    }
    held = await council.by_natural_keys()

    again = {kind: (await council.brings(kind, content)).counts for kind, content in FILES.items()}

    assert again == {kind: (0, 0, sum(counts)) for kind, counts in first.items()}
    assert await council.by_natural_keys() == held


async def test_workbooks_give_the_same_council(council: Council, tmp_path: Path) -> None:
    await council.brings_all()
    for kind, content in FILES.items():
        brought = await council.brings(kind, a_workbook(tmp_path / f"{kind}.xlsx", as_rows(content)))
        assert brought.problems == []
        assert brought.counts[:2] == (0, 0), kind


async def test_one_bad_row_keeps_all_rows_out(council: Council) -> None:
    await council.brings_all("teams")
    brought = await council.brings(
        "people", PEOPLE + "zoe@c.example,Zoe Park,auditor,Westend,\nyan,Yan,boss,,\n"
    )
    assert brought.problems == [
        'line 7, column team: there is no team "Westend"; import the teams file first',
        "line 8, column email: is not an e-mail address, such as name@council.example",
        f'line 8, column roles: "boss" is not known; write one of {", ".join(Role)}',
    ]
    assert brought.counts == (0, 0, 0)
    assert await council.holds("people") == []


async def test_a_dry_run_says_the_same_and_keeps_nothing(council: Council) -> None:
    rehearsed = await council.brings("teams", TEAMS, dry_run=True)
    assert rehearsed.counts == (2, 0, 0)
    assert not rehearsed.report.committed
    assert await council.holds("teams") == []
    assert await council.holds("trail") == []


async def test_what_changed_is_one_entry_of_the_trail_without_names(council: Council) -> None:
    await council.brings_all("teams", "people")
    await council.brings("people", PEOPLE)
    await council.brings("people", PEOPLE.replace("Ada Ford", "Ada Fox"))
    entries = await council.holds("trail", "seq", "action", "facts", "actor_id")
    assert [entry[1] for entry in entries] == ["import.teams", "import.people", "import.people"]
    assert '"changed":"1"' in entries[2][2]
    assert not any("Ada" in entry[2] or "@" in entry[2] for entry in entries)
    assert await council.trail_is_whole()


async def test_teams_name_people_who_come_later(council: Council) -> None:
    brought = await council.brings("teams", TEAMS)
    assert brought.report.notes == (
        "names people who are not there yet; they are linked when they are imported (lines 2, 3)",
    )
    assert (await positions(council))["Northgate", "team_manager"] == ("tess@c.example", None)

    await council.brings("people", PEOPLE)

    assert set((await positions(council)).items()) == {
        (("Northgate", "team_manager"), ("tess@c.example", "tess@c.example")),
        (("Northgate", "head_of_service"), ("hana@c.example", "hana@c.example")),
        (("Northgate", "director"), ("dora@c.example", "dora@c.example")),
        (("Eastfield", "head_of_service"), ("hana@c.example", "hana@c.example")),
        (("Eastfield", "director"), ("dora@c.example", "dora@c.example")),
    }


async def test_an_emptied_position_is_removed_and_a_missing_column_says_nothing(council: Council) -> None:
    await council.brings_all("teams", "people")
    without_manager = await council.brings("teams", TEAMS.replace("tess@c.example", ""))
    assert without_manager.counts == (0, 1, 1)
    assert ("Northgate", "team_manager") not in await positions(council)

    silent = await council.brings("teams", "team,service,directorate\nNorthgate,Assessment,Operations\n")
    assert silent.counts == (0, 0, 1)
    assert ("Northgate", "director") in await positions(council)


async def test_a_team_is_the_same_in_any_case_of_letters(council: Council) -> None:
    await council.brings_all("teams")
    brought = await council.brings(
        "teams", TEAMS.replace("Northgate", "NORTHGATE").replace("Assessment", "Duty", 1)
    )
    assert brought.counts == (0, 1, 1)
    assert await council.holds("teams", "name", "service") == [
        ("Eastfield", "Assessment"),
        ("NORTHGATE", "Duty"),
    ]


@pytest.mark.fault(63)
async def test_a_new_email_follows_the_object_id_and_keeps_the_position(council: Council) -> None:
    await council.brings_all("teams", "people")
    (before,) = [row for row in await council.holds("people", "id", "email") if row[1] == "hana@c.example"]

    brought = await council.brings("people", PEOPLE.replace("hana@c.example", "hana.moor@c.example"))

    assert brought.counts == (0, 1, 4)
    assert (before[0], "hana.moor@c.example") in await council.holds("people", "id", "email")
    new = ("hana.moor@c.example", "hana.moor@c.example")
    assert (await positions(council))["Northgate", "head_of_service"] == new


@pytest.mark.fault(63)
async def test_two_people_swap_their_emails(council: Council) -> None:
    await council.brings_all("teams", "people")
    ids = {aad: number for number, aad in await council.holds("people", "id", "aad_object_id") if aad}
    swapped = PEOPLE.replace("ada@", "x@").replace("hana@", "ada@").replace("x@", "hana@")

    brought = await council.brings("people", swapped)

    assert brought.problems == []
    assert brought.counts == (0, 2, 3)
    held = await council.holds("people", "id", "email", "aad_object_id")
    assert (ids[ADA], "hana@c.example", ADA) in held
    assert (ids[HANA], "ada@c.example", HANA) in held
    assert (await positions(council))["Northgate", "head_of_service"] == ("ada@c.example", "ada@c.example")


@pytest.mark.fault(63)
async def test_an_email_let_go_is_somebodys_who_is_new(council: Council) -> None:
    await council.brings_all("teams", "people")
    moved = PEOPLE.replace("ada@c.example", "ada.fox@c.example")
    brought = await council.brings("people", moved + "ada@c.example,Ada Young,auditor,Eastfield,\n")
    assert brought.problems == []
    assert brought.counts == (1, 1, 4)
    assert (
        await council.brings("people", moved + "ada@c.example,Ada Young,auditor,Eastfield,\n")
    ).counts == (0, 0, 6)


async def test_an_object_id_that_speaks_against_the_email_is_refused(council: Council) -> None:
    await council.brings_all("teams", "people")
    other_id = await council.brings("people", PEOPLE.replace(ADA, "00000000-0000-0000-0000-00000000000f"))
    assert [problem.split(":")[0] for problem in other_id.problems] == ["line 2, column email"]
    taken = await council.brings(
        "people", f"email,name,roles,aad_object_id\nbob@c.example,Ada,auditor,{ADA}\n"
    )
    assert [problem.split(":")[0] for problem in taken.problems] == ["line 2, column email"]


async def test_first_contact_is_not_undone_by_a_file_without_object_ids(council: Council) -> None:
    await council.brings_all("teams", "people")
    linked = "00000000-0000-0000-0000-00000000000b"
    await council.does(
        update(tables.people).where(tables.people.c.email == "bob@c.example").values(aad_object_id=linked)
    )
    assert (await council.brings("people", PEOPLE)).counts == (0, 0, 5)
    assert ("bob@c.example", linked) in await council.holds("people", "email", "aad_object_id")


async def test_roles_become_the_files_and_absence_removes_nobody(council: Council) -> None:
    await council.brings_all("teams", "people")
    brought = await council.brings("people", "email,name,roles\nBOB@c.example,Bob Hill,moderator;iro\n")
    assert brought.counts == (0, 1, 0)
    held = await council.by_natural_keys()
    assert [row[:2] for row in held["person_roles"] if row[0] == "bob@c.example"] == [
        ("bob@c.example", "iro"),
        ("bob@c.example", "moderator"),
    ]
    assert len(held["people"]) == 5
    assert next(row for row in held["people"] if row[0] == "bob@c.example")[3] == "Eastfield"


async def test_children_have_a_known_team_and_social_worker(council: Council) -> None:
    await council.brings_all("teams", "people")
    brought = await council.brings(
        "children", "child_ref,team,legal_status,social_worker\n1,Westend,child_in_need,nobody@c.example\n"
    )
    assert brought.problems == [
        'line 2, column team: there is no team "Westend"; import the teams file first',
        "line 2, column social_worker: nobody of this e-mail is known; import the people file first",
    ]


async def test_a_childs_cohorts_change(council: Council) -> None:
    await council.brings_all("teams", "people", "children")
    brought = await council.brings(
        "children", CHILDREN.replace("looked_after;care_leavers", "Missing episodes")
    )
    assert brought.counts == (0, 1, 1)
    assert await council.holds("child_cohorts") == [("20417", "missing_episodes")]


async def test_audits_have_their_state_from_their_dates(council: Council) -> None:
    await council.brings_all()
    assert await council.holds("audits", "ref", "state", "grade") == [
        ("A-1", "uploaded", "good"),
        ("A-2", "returned", "inadequate"),
        ("A-3", "issued", None),
    ]
    returned = AUDITS.replace("2026-11-02,,,", "2026-11-02,2026-11-19,good,")
    assert (await council.brings("audits", returned)).counts == (0, 1, 2)
    assert ("A-3", "returned", 2) in await council.holds("audits", "ref", "state", "version")
    assert await council.holds("audit_areas", "area", "grade") == [("assessment", "good")]


async def test_audits_name_what_is_known_and_may_leave_people_out(council: Council) -> None:
    await council.brings_all("teams", "people", "children")
    head = "audit_ref,month,kind,child_ref,team,auditor,moderator\n"
    brought = await council.brings(
        "audits", head + "H-1,2025-01,core,,,,\nH-2,2025-01,core,9,Westend,a@b.example,c@d.example\n"
    )
    assert [problem.split(":")[0] for problem in brought.problems] == [
        "line 3, column team",
        "line 3, column auditor",
        "line 3, column moderator",
        "line 3, column child_ref",
    ]
    assert (await council.brings("audits", head + "H-1,2025-01,core,,,,\n")).counts == (1, 0, 0)


async def test_history_that_broke_a_rule_is_kept_and_said(council: Council) -> None:
    await council.brings_all("teams", "people", "children")
    brought = await council.brings(
        "audits",
        "audit_ref,month,kind,team,auditor,moderator\nH-1,2025-01,core,Northgate,ada@c.example,ada@c.example\n",
    )
    assert brought.counts == (1, 0, 0)
    assert brought.report.notes == (
        "the auditor audits a child of their own team (line 2)",
        "the auditor moderates their own audit (line 2)",
    )


async def test_an_audit_that_an_exemption_freed_stays_free(council: Council) -> None:
    await council.brings_all()
    await council.brings(
        "exemptions", EXEMPTIONS + "bob@c.example,2026-11,maternity,dora@c.example,2026-11-10,approved\n"
    )
    await council.does(
        update(tables.audits).where(tables.audits.c.ref == "A-3").values(state="freed", auditor_id=None)
    )

    brought = await council.brings("audits", AUDITS)

    assert brought.counts == (0, 0, 3)
    assert brought.report.notes == (
        "the auditor is exempt from this month: the audit stays as it is here (line 4)",
    )
    assert ("A-3", "freed", None) in await council.holds("audits", "ref", "state", "auditor_id")


async def test_exemptions_have_their_class_and_history(council: Council) -> None:
    await council.brings_all()
    held = await council.by_natural_keys()
    emails = {row[0] for row in held["exemptions"]}
    assert emails == {"ada@c.example", "bob@c.example"}
    assert await council.holds("exemptions", "reason", "reason_class", "state", "source") == [
        ("ill_health", "non_operational", "approved", "import"),
        ("other_qa_activity", "operational", "declined", "import"),
    ]
    ada = [row for row in held["exemption_steps"] if row[0].startswith("ada")]
    assert [(row[2], row[3]) for row in ada] == [("approve", "dora@c.example"), ("request", "ada@c.example")]


async def test_a_corrected_exemption_is_changed_with_its_history(council: Council) -> None:
    await council.brings_all()
    brought = await council.brings(
        "exemptions", EXEMPTIONS.replace("dora@c.example,2026-09-28", "hana@c.example,2026-09-29")
    )
    assert brought.counts == (0, 1, 1)
    steps = (await council.by_natural_keys())["exemption_steps"]
    assert ("approve", "hana@c.example") in [(row[2], row[3]) for row in steps]
    assert len(steps) == 4


async def test_a_request_made_in_the_chat_is_not_touched(council: Council) -> None:
    await council.brings_all("teams", "people")
    ada = select(tables.people.c.id).where(tables.people.c.email == "ada@c.example").scalar_subquery()
    request = {
        "person_id": ada,
        "requested_by_id": ada,
        "month": Month(2026, 10),
        "reason": "maternity",
        "reason_class": "non_operational",
        "state": "with_director",
        "level": "director",
        "approver_id": ada,
        "requested_at": NOW,
        "step_since": NOW,
    }
    await council.does(insert(tables.exemptions).values(request))
    ((number,),) = await council.holds("exemptions", "id")

    waiting = await council.brings("exemptions", EXEMPTIONS)
    await council.does(update(tables.exemptions).values(state="approved"))
    other_reason = await council.brings("exemptions", EXEMPTIONS)
    same_reason = await council.brings("exemptions", EXEMPTIONS.replace("ill_health", "maternity"))

    assert waiting.problems == [
        f"line 2, column email: E-{number} of this month waits for a decision in the chat"
    ]
    assert other_reason.problems == [
        f"line 2, column reason: E-{number} was approved in the chat for maternity; a file does not change it"
    ]
    assert same_reason.counts == (1, 0, 1)


async def test_dates_come_back_as_dates(council: Council) -> None:
    await council.brings_all("teams", "people", "children", "audits")
    assert (Month(2026, 10), date(2026, 10, 20)) in await council.holds("audits", "month", "returned_on")


async def test_an_import_waits_for_nobody_who_removed_a_team_position(council: Council) -> None:
    """Positions taken away by hand come back with the next file."""
    await council.brings_all("teams", "people")
    await council.does(delete(tables.team_positions))
    assert (await council.brings("teams", TEAMS)).counts == (0, 2, 0)
    assert (await positions(council))["Northgate", "director"] == ("dora@c.example", "dora@c.example")
