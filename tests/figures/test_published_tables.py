"""What two councils printed of their months, from import files through the real command line on both databases. Where a
printed figure does not follow from its printed counts, what follows is what must be said."""

from pathlib import Path

from tests.figures.council import Files, Terminal, picked


def a_county_in_january_2019() -> Files:
    """82 in the pool, 12 and 5 exempt, 65 allocated: 58 returned, 1 of them below the standard, 7 nil."""
    files = Files()
    by_status = {
        "child_in_need": (3, 11, 5),
        "child_protection_plan": (4, 7, 9),
        "child_in_care": (1, 9, 3),
        "care_leaver": (1, 3, 0),
        "": (0, 2, 0),
    }
    engaged = _engaged(
        social_worker_took_part=56, manager_took_part=47, child_views=16, parent_views=23, iro_views=16
    )
    for status, counts in by_status.items():
        for grade, count in zip(("good", "requires_improvement", "inadequate"), counts, strict=True):
            for _ in range(count):
                values = {"legal_status": status, "grade": grade, **engaged[len(files.audits)]}
                if not files.audits:
                    values |= {"meets_standard": "no", "concern_category": "2"}
                files.audit("2019-01", 1, **values)
    files.audit("2019-01", 7, returned_on="")
    files.exempt("2019-01", "maternity", 5)
    files.exempt("2019-01", "ill_health", 7)
    files.exempt("2019-01", "statutory_work", 5)
    files.exempt("2019-01", "other", 2, outcome="declined")
    return files


def _engaged(**counts: int) -> list[dict[str, str]]:
    return [{name: "yes" if n < count else "no" for name, count in counts.items()} for n in range(58)]


def test_the_completion_of_a_month(terminal: Terminal) -> None:
    terminal.holds(a_county_in_january_2019())
    found = terminal.figure("completion", "--month", "2019-01")
    assert (found["figure"], found["from"], found["to"], found["by"]) == (
        "completion",
        "2019-01",
        "2019-01",
        None,
    )
    assert found["notes"] == []
    assert found["rows"] == [
        {
            "key": None,
            "pool": 82,
            "non_operational": 12,
            "operational": 5,
            "allocated": 65,
            "returned": 58,
            "late": 0,
            "nil": 7,
            "outstanding": 0,
            "below_standard": 1,
            "to_standard": 57,
            "overall_percent": 70.7,
            "overall_denominator": 82,
            "less_non_operational_percent": 82.9,
            "less_non_operational_denominator": 70,
            "to_standard_percent": 87.7,
            "to_standard_denominator": 65,
            "compliance_percent": 89.2,
            "compliance_denominator": 65,
        }
    ]


def test_the_grades_of_a_month_and_by_legal_status(terminal: Terminal) -> None:
    terminal.holds(a_county_in_january_2019())
    row = terminal.row("grades", "--month", "2019-01")
    assert picked(row, "good", "requires_improvement", "inadequate", "graded", "total") == [9, 32, 17, 58, 58]
    assert picked(row, "good_percent", "inadequate_percent", "good_or_better_percent") == [15.5, 29.3, 15.5]
    found = terminal.figure("grades", "--month", "2019-01", "--by", "legal_status")
    counts = {r["key"]: picked(r, "good", "requires_improvement", "inadequate") for r in found["rows"]}
    assert counts == {
        "child_in_need": [3, 11, 5],
        "child_protection_plan": [4, 7, 9],
        "child_in_care": [1, 9, 3],
        "care_leaver": [1, 3, 0],
    }
    assert found["notes"] == ["2 graded audits have no legal status: in no row here"]


def test_the_engagement_and_the_exemptions_of_a_month(terminal: Terminal) -> None:
    terminal.holds(a_county_in_january_2019())
    row = terminal.row("engagement", "--month", "2019-01")
    assert picked(row, "returned", "social_worker", "manager", "child", "parent", "iro") == [
        58,
        56,
        47,
        16,
        23,
        16,
    ]
    assert picked(row, "social_worker_percent", "manager_percent") == [96.6, 81.0]
    rows = terminal.rows("exemptions", "--month", "2019-01", "--by", "reason")
    assert {key: picked(r, "approved", "declined") for key, r in rows.items()} == {
        "ill_health": [7, 0],
        "maternity": [5, 0],
        "other": [0, 2],
        "statutory_work": [5, 0],
    }
    by_class = terminal.rows("exemptions", "--month", "2019-01", "--by", "category")
    assert {key: r["approved"] for key, r in by_class.items()} == {"non_operational": 12, "operational": 5}


def test_completion_by_quarter_sums_its_months_and_says_what_a_cut_quarter_holds(terminal: Terminal) -> None:
    files = Files()
    for month, returned, out in (("2018-10", 46, 15), ("2018-11", 45, 28), ("2018-12", 57, 25)):
        files.audit(month, returned)
        files.audit(month, out, returned_on="")
    terminal.holds(files)
    rows = terminal.rows("completion", "--from", "2018-10", "--to", "2018-12", "--by", "month")
    assert {key: picked(r, "returned", "pool", "overall_percent") for key, r in rows.items()} == {
        "2018-10": [46, 61, 75.4],
        "2018-11": [45, 73, 61.6],
        "2018-12": [57, 82, 69.5],
    }
    quarter = terminal.rows("completion", "--from", "2018-10", "--to", "2018-12", "--by", "quarter")
    assert {key: picked(r, "returned", "pool") for key, r in quarter.items()} == {"2018-Q4": [148, 216]}
    cut = terminal.figure("completion", "--from", "2018-11", "--to", "2018-12", "--by", "quarter")
    assert cut["notes"] == ["2018-Q4 is counted from 2018-11 to 2018-12 only"]


def test_compliance_and_reflection_sheets_of_another_county(terminal: Terminal) -> None:
    files = Files()
    for month, returned, out, sheets in (("2020-01", 72, 24, 41), ("2020-02", 62, 14, 27)):
        files.audit(month, sheets, reflection_sheet="yes")
        files.audit(month, returned - sheets, reflection_sheet="no")
        files.audit(month, out, returned_on="")
    terminal.holds(files)
    rows = terminal.rows(
        "activity", "--from", "2020-01", "--to", "2020-02", "--by", "month", "--kind", "core"
    )
    names = ("issued", "returned", "nil", "compliance_percent", "compliance_denominator")
    assert picked(rows["2020-01"], *names) == [96, 72, 24, 75.0, 96]
    assert picked(rows["2020-02"], *names) == [76, 62, 14, 81.6, 76]
    sheets = ("reflection_sheets", "reflection_sheets_percent", "reflection_sheets_denominator")
    assert picked(rows["2020-01"], *sheets) == [41, 56.9, 72]
    assert picked(rows["2020-02"], *sheets) == [27, 43.5, 62]


def test_observations_against_what_the_council_expects(terminal: Terminal, policy_file: Path) -> None:
    policy_file.write_text(
        '[[kinds]]\nkind = "observation"\nlabel = "Observation"\nplural = "Observations"\nexpected_a_month = 31\n'
        'done_by = ["service_manager"]\nabout_child = false\nabout_person = true\n'
    )
    files = Files()
    files.audit("2020-01", 21, kind="observation")
    terminal.holds(files)
    row = terminal.row("activity", "--month", "2020-01", "--kind", "observation")
    names = ("expected", "issued", "returned", "expected_percent", "expected_denominator")
    assert picked(row, *names) == [31, 21, 21, 67.7, 31]
    of_all = terminal.rows("activity", "--month", "2020-01", "--by", "kind")
    assert {key: r["expected"] for key, r in of_all.items()} == {"observation": 31}


def test_reaudits_of_another_county(terminal: Terminal) -> None:
    files = Files()
    for nth, grade, count in (("2", "inadequate", 8), ("1", "inadequate", 3), ("1", "requires_improvement", 9),
                              ("1", "good", 2)):  # fmt: skip
        files.audit("2020-02", count, kind="reaudit", grade=grade, reaudit_number=nth)
    files.audit("2020-02", 7, kind="reaudit", returned_on="")
    terminal.holds(files)
    row = terminal.row("reaudits", "--month", "2020-02")
    names = ("allocated", "returned", "returned_percent", "still_inadequate", "improved")
    assert picked(row, *names) == [29, 22, 75.9, 11, 11]
    assert picked(row, "first_still_inadequate", "second_still_inadequate", "improved_percent") == [
        3,
        8,
        50.0,
    ]


def test_moderation_changes_of_another_county(terminal: Terminal) -> None:
    """27 moderated in January; 1 Outstanding and 7 Good went down."""
    files = Files()
    for first, then, count in (
        ("outstanding", "good", 1),
        ("good", "requires_improvement", 7),
        ("good", "good", 19),
    ):
        files.audit("2020-01", count, grade=first, moderated_grade=then, meets_standard="yes")
    files.audit("2020-01", 45, grade="requires_improvement")
    terminal.holds(files)
    row = terminal.row("moderation", "--month", "2020-01")
    assert picked(row, "returned", "moderated", "changed", "up", "down") == [72, 27, 8, 0, 8]
    assert picked(row, "moderated_percent", "changed_percent", "down_percent") == [37.5, 29.6, 29.6]
    assert picked(row, "primary_good", "moderated_good", "moderated_requires_improvement") == [26, 20, 7]


def test_observations_against_the_programme_of_the_year(terminal: Terminal) -> None:
    files = Files()
    files.audit("2020-01", 21, kind="observation")
    files.programme.append("2020-01,observation,31")
    terminal.holds(files)
    row = terminal.row("activity", "--month", "2020-01", "--kind", "observation")
    assert picked(row, "expected", "returned", "expected_percent") == [31, 21, 67.7]


def test_the_profile_of_practice_by_area(terminal: Terminal) -> None:
    files = Files()
    files.audit("2019-01", 3, grade="good", areas="assessment=good;planning=inadequate")
    files.audit("2019-01", 2, grade="good", areas="planning=not_graded")
    files.audit("2019-01", grade="good")
    files.audit("2019-01", grade="inadequate", meets_standard="no", areas="planning=inadequate")
    terminal.holds(files)
    found = terminal.figure("profile", "--month", "2019-01", "--by", "practice_area")
    names = (
        "key",
        "good",
        "inadequate",
        "not_graded",
        "graded",
        "total",
        "inadequate_percent",
        "inadequate_raw_percent",
    )
    assert [picked(row, *names) for row in found["rows"]] == [
        ["assessment", 3, 0, 0, 3, 3, 0.0, 0.0],
        ["planning", 0, 3, 2, 3, 5, 100.0, 60.0],
    ]
    assert found["notes"] == ["1 returned audit grades no practice area"]
    whole = terminal.row("profile", "--month", "2019-01")
    assert picked(whole, "good", "inadequate", "graded", "total") == [3, 3, 6, 8]
