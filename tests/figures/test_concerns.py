"""`figures concerns` from imported audits, through the real command line on both databases: the tracker that a county
printed of January 2019, and what does not add up in it."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.concern_workflow import Command, apply
from domain.people import Authority
from domain.policy import Policy
from storage.unit_of_work import SqlStore
from tests.figures.council import Files, Terminal, picked

COUNTS = ("open", "category_1", "category_2", "identified", "removed")
EARLIER = {"2018-08": 1, "2018-11": 2, "2018-12": 6}
"""By month identified, of those who were on the tracker at the end of January."""


def a_county_in_january_2019(identified: int = 17) -> Files:
    """4 of Category 1, all of them of January."""
    files = Files()
    for month, count in EARLIER.items():
        files.audit(month, count, grade="inadequate", concern_category="2", team="Northgate")
    files.audit("2019-01", 4, grade="inadequate", concern_category="1", team="Eastfield")
    files.audit("2019-01", identified - 4, grade="inadequate", concern_category="2")
    return files


def taken_off(database_url: str, ref: str, day: datetime) -> None:
    """By the head of service, on evidence. The council of these files has nobody: one is put there for it."""

    async def remove() -> None:
        store, rules = SqlStore(database_url), Policy()
        try:
            async with store.writing() as uow:
                person = await uow.people.by_email("head@c.example")
                concern = await uow.concerns.get(ref)
                assert person
                assert concern
                for command in (Command.EVIDENCE, Command.REMOVE):
                    by = Authority(person.id)
                    done = apply(concern, command, now=day, rules=rules.concerns, by=by, note="Seen.")
                    concern = await uow.concerns.save(done, rules)
                await uow.commit()
        finally:
            await store.close()

    asyncio.run(remove())


def test_the_tracker_of_a_month(terminal: Terminal, database_url: str) -> None:
    """17 were identified in January, and 16 of them are among the 25: it adds up where one was taken off again."""
    files = a_county_in_january_2019()
    files.people.append("head@c.example,Hana Moor,head_of_service,")
    terminal.holds(files)
    assert picked(terminal.row("concerns", "--month", "2019-01"), *COUNTS) == [26, 4, 22, 17, 0]

    taken_off(database_url, "C-26", datetime(2019, 1, 30, 12, tzinfo=UTC))

    found = terminal.figure("concerns", "--month", "2019-01")
    assert found["rows"] == [
        {
            "key": None,
            "open": 25,
            "category_1": 4,
            "category_2": 21,
            "identified": 17,
            "removed": 1,
            "category_1_percent": 16.0,
            "category_1_denominator": 25,
            "category_2_percent": 84.0,
            "category_2_denominator": 25,
        }
    ]
    as_of_now = "categories are as they stand now, not as they stood then"
    assert found["notes"] == ["1 of the 17 identified in the period was taken off again within it", as_of_now]
    by_month = terminal.figure("concerns", "--month", "2019-01", "--by", "month_identified")
    assert {row["key"]: row["open"] for row in by_month["rows"]} == {**EARLIER, "2019-01": 16}
    assert by_month["notes"] == found["notes"]


def test_it_adds_up_too_where_one_of_them_was_on_the_tracker_already(
    terminal: Terminal, tmp_path: Path
) -> None:
    """17 audits of January with a category, one of them of a child of December: 25 children, 16 of January."""
    terminal.holds(Files())
    children = "child_ref,team,legal_status\n20417,Northgate,child_in_need\n"
    assert "1 new" in _brought(terminal, tmp_path, "children", children)
    months = [month for month, count in EARLIER.items() for _ in range(count)] + ["2019-01"] * 17
    rows = [f"H-{n},{month},core,,{month}-20,2" for n, month in enumerate(months)]
    for place in (8, 9):
        rows[place] = rows[place].replace("core,,", "core,20417,")
    header = "audit_ref,month,kind,child_ref,returned_on,concern_category\n"

    said = _brought(terminal, tmp_path, "audits", header + "\n".join(rows[:9]))
    assert "9 children of concern put on the tracker" in said
    said = _brought(terminal, tmp_path, "audits", header + "\n".join(rows[9:]))
    assert "16 children of concern put on the tracker" in said
    assert "the child stands on the tracker already: it is not put there twice (line 2)" in said

    assert picked(terminal.row("concerns", "--month", "2019-01"), *COUNTS) == [25, 0, 25, 16, 0]
    by_month = terminal.rows("concerns", "--month", "2019-01", "--by", "month_identified")
    assert {key: row["open"] for key, row in by_month.items()} == {**EARLIER, "2019-01": 16}


def _brought(terminal: Terminal, folder: Path, kind: str, text: str) -> str:
    path = folder / f"{kind}.csv"
    path.write_text(text)
    code, out, err = terminal.said("import", kind, str(path))
    assert code == 0, err
    return out


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("category", {"1": [4, 4, 0, 4, 0], "2": [22, 0, 22, 13, 0]}),
        ("team", {"Eastfield": [4, 4, 0, 4, 0], "Northgate": [9, 0, 9, 0, 0]}),
        ("service", {"Assessment": [13, 4, 9, 4, 0]}),
        ("area", {"East": [4, 4, 0, 4, 0], "North": [9, 0, 9, 0, 0]}),
        ("legal_status", {}),
    ],
)
def test_who_is_on_it_by_anything(terminal: Terminal, by: str, expected: dict[str, list[int]]) -> None:
    terminal.holds(a_county_in_january_2019())

    found = terminal.figure("concerns", "--month", "2019-01", "--by", by)

    assert {row["key"]: picked(row, *COUNTS) for row in found["rows"]} == expected
    without = 26 - sum(open_now for open_now, *_ in expected.values())
    said = f"{without} children of concern have no {by.replace('_', ' ')}: in no row here"
    assert (said in found["notes"]) is (without > 0)


def test_the_state_of_each_month_and_quarter(terminal: Terminal) -> None:
    terminal.holds(a_county_in_january_2019())

    rows = terminal.rows("concerns", "--from", "2018-10", "--to", "2019-01", "--by", "month")
    assert {key: picked(row, "open", "identified") for key, row in rows.items()} == {
        "2018-10": [1, 0],
        "2018-11": [3, 2],
        "2018-12": [9, 6],
        "2019-01": [26, 17],
    }
    found = terminal.figure("concerns", "--from", "2018-07", "--to", "2019-01", "--by", "quarter")
    assert {row["key"]: picked(row, "open", "identified") for row in found["rows"]} == {
        "2018-Q3": [1, 1],
        "2018-Q4": [9, 8],
        "2019-Q1": [26, 17],
    }
    assert "2019-Q1 is counted from 2019-01 to 2019-01 only" in found["notes"]


def test_an_empty_tracker_says_noughts(terminal: Terminal) -> None:
    found = terminal.figure("concerns", "--month", "2019-01")
    assert picked(found["rows"][0], *COUNTS, "category_1_percent") == [0, 0, 0, 0, 0, None]
    assert found["notes"] == []
    assert terminal.figure("concerns", "--month", "2019-01", "--by", "team")["rows"] == []


def test_it_is_not_of_one_kind(terminal: Terminal) -> None:
    code, _, err = terminal.said("figures", "concerns", "--month", "2019-01", "--kind", "core")
    assert (code, "not of one kind" in err) == (2, True)
