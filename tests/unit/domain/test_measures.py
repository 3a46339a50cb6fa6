"""The measures of section 8, pure: what counts as what, and that every table adds up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.audits import AuditState, Engagement
from domain.calendar import Month
from domain.kinds import GRADED, Grade, Kind
from domain.measures import activity as of_activity
from domain.measures.completion import Facts, completion
from domain.measures.engagement import engagement
from domain.measures.exemptions import exemptions
from domain.measures.grades import grades
from domain.measures.moderation import kappa, moderation
from domain.measures.reaudits import of_reaudits, reaudits
from domain.measures.returned import Asked
from domain.measures.tables import Dimension, Row, Span, Value, percent, quarter
from domain.measures.timing import Books
from domain.policy import Policy
from domain.ports import AuditFact, ExemptionFact
from domain.programme import Planned
from tests.unit.domain.facts import HARBOUR, NORTHGATE, NOVEMBER, an_audit, an_exemption

SPAN = Span(NOVEMBER, NOVEMBER)
IN_TIME, LATE, AFTER_CLOSE = date(2026, 11, 29), date(2026, 12, 7), date(2026, 12, 8)
"""The books of November close on Monday 7 December, five working days after the last of the month."""
CLOSED = Books(date(2027, 1, 15), 5)


def only(figure_rows: Sequence[Row]) -> dict[str, Value]:
    (row,) = figure_rows
    return dict(row.values)


def completed(
    audits: Sequence[AuditFact], books: Books = CLOSED, exemptions: Sequence[ExemptionFact] = ()
) -> dict[str, Value]:
    return only(completion(Facts(audits, exemptions), SPAN, books).rows)


class TestTiming:
    def test_a_sunday_return_on_the_last_day_is_in_time(self) -> None:
        january = Month(2027, 1)
        sunday = an_audit(date(2027, 1, 31), month=january)
        found = completion(Facts([sunday]), Span(january, january), Books(date(2027, 3, 1), 5)).rows[0].values
        assert (found["returned"], found["late"], found["nil"]) == (1, 0, 0)

    def test_late_is_not_counted_as_returned_and_after_the_close_it_is_nil(self) -> None:
        facts = [an_audit(IN_TIME), an_audit(LATE), an_audit(AFTER_CLOSE), an_audit()]
        found = completion(Facts(facts), SPAN, CLOSED)
        values = found.rows[0].values
        assert [values[n] for n in ("allocated", "returned", "late", "nil", "outstanding")] == [4, 1, 1, 2, 0]
        assert values["overall_percent"] == Decimal("25.0")
        assert found.notes == ("1 return came after the close of the books: counts as a nil return",)

    def test_before_the_close_what_is_not_here_is_outstanding(self) -> None:
        on_the_last_day = completed([an_audit(IN_TIME), an_audit()], Books(LATE, 5))
        assert (on_the_last_day["outstanding"], on_the_last_day["nil"]) == (1, 0)
        the_day_after = completed([an_audit(IN_TIME), an_audit()], Books(AFTER_CLOSE, 5))
        assert (the_day_after["outstanding"], the_day_after["nil"]) == (0, 1)

    def test_as_of_a_day_a_later_return_has_not_come(self) -> None:
        found = completed([an_audit(IN_TIME)], Books(date(2026, 11, 20), 5))
        assert (found["returned"], found["outstanding"]) == (0, 1)

    def test_a_grade_without_a_day_of_return_does_not_count(self) -> None:
        found = completion(Facts([an_audit(grade=Grade.GOOD)]), SPAN, CLOSED)
        assert found.rows[0].values["nil"] == 1
        assert found.notes == ("1 audit has a grade but no day of return: it does not count as returned",)


class TestPool:
    def test_the_pool_is_the_allocated_and_the_exempt_by_class(self) -> None:
        away = [an_exemption(1), an_exemption(2), an_exemption(3, operational=True)]
        declined = an_exemption(4, approved=False)
        found = completed([an_audit(IN_TIME)] * 4, exemptions=[*away, declined])
        names = ("pool", "non_operational", "operational", "allocated", "less_non_operational_denominator")
        assert [found[n] for n in names] == [7, 2, 1, 4, 5]

    def test_an_audit_that_was_taken_off_and_given_on_counts_once_for_the_new_auditor(self) -> None:
        given_on = an_audit(IN_TIME, auditor_id=2)
        found = completed([given_on], exemptions=[an_exemption(1, after_issue=True)])
        assert (found["pool"], found["allocated"], found["returned"]) == (2, 1, 1)

    def test_one_that_still_waits_for_another_auditor_is_not_allocated(self) -> None:
        waiting = an_audit(state=AuditState.FREED)
        found = completion(Facts([waiting, an_audit(IN_TIME)]), SPAN, CLOSED)
        assert found.rows[0].values["allocated"] == 1
        assert found.notes == ("1 audit waits for another auditor: not allocated",)

    def test_what_differs_from_the_pool_at_issue_is_said(self) -> None:
        audits = [an_audit(IN_TIME, auditor_id=n) for n in (1, 2, 9)]
        facts = Facts(audits, [an_exemption(3)], {NOVEMBER: frozenset({1, 2, 3, 4, 5})})
        assert completion(facts, SPAN, CLOSED).notes == (
            "2026-11: the pool was 5 at issue: 2 auditors have neither an audit nor an exemption",
            "2026-11: the pool was 5 at issue: 1 auditor has an audit and was not in it",
        )

    def test_nothing_is_said_where_the_pool_is_the_same(self) -> None:
        facts = Facts([an_audit(auditor_id=1)], [an_exemption(2)], {NOVEMBER: frozenset({1, 2})})
        assert completion(facts, SPAN, CLOSED).notes == ()

    def test_somebody_exempt_who_audits_all_the_same_is_said(self) -> None:
        facts = Facts([an_audit(IN_TIME, auditor_id=1)], [an_exemption(1)])
        (note,) = completion(facts, SPAN, CLOSED).notes
        assert note == "2026-11: 1 person has both a core audit and an approved exemption: counted as both"

    def test_an_empty_month_has_shares_of_nothing(self) -> None:
        found = completed([])
        assert found["allocated"] == 0
        assert found["overall_percent"] is None
        assert found["overall_denominator"] is None

    def test_before_anything_is_issued_there_is_no_pool_and_that_is_said(self) -> None:
        december = Month(2026, 12)
        away = [an_exemption(1, month=december), an_exemption(2, month=december, operational=True)]
        found = completion(Facts([], away), Span(december, december), Books(date(2026, 11, 25), 5))
        names = ("pool", "non_operational", "operational", "overall_percent", "overall_denominator",
                 "less_non_operational_denominator", "allocated", "returned")  # fmt: skip
        assert [found.rows[0].values[n] for n in names] == [None] * 6 + [0, 0]
        assert found.notes == (
            "nothing is issued for 2026-12 yet: there is no pool to count against",
            "2 approved exemptions of such months are not counted here",
        )

    def test_a_month_to_come_does_not_dilute_the_one_that_is_issued(self) -> None:
        away = [
            an_exemption(1),
            an_exemption(2, month=Month(2026, 12)),
            an_exemption(3, month=Month(2027, 1)),
        ]
        facts, span = Facts([an_audit(IN_TIME)], away), Span(Month(2026, 10), Month(2027, 1))
        found = completion(facts, span, Books(date(2026, 12, 2), 5))
        assert [found.rows[0].values[n] for n in ("pool", "non_operational", "returned")] == [2, 1, 1]
        assert found.notes == (
            "nothing was issued for 2026-10: there is no pool to count against",
            "nothing is issued for 2026-12 to 2027-01 yet: there is no pool to count against",
            "2 approved exemptions of such months are not counted here",
        )
        by_month = {
            row.key: row.values["pool"] for row in completion(facts, span, CLOSED, Dimension.MONTH).rows
        }
        assert by_month == {"2026-10": None, "2026-11": 2, "2026-12": None, "2027-01": None}

    def test_a_month_that_is_issued_elsewhere_is_issued(self) -> None:
        """A head of service whose service has no audit of the month, and one exemption."""
        found = completion(Facts([], [an_exemption(1)], drawn=[NOVEMBER]), SPAN, CLOSED)
        assert (found.rows[0].values["pool"], found.notes) == (1, ())


class TestStandards:
    def test_below_standard_is_the_latest_judgement_of_a_return_in_time(self) -> None:
        audits = [an_audit(IN_TIME, meets_standard=False), an_audit(IN_TIME, meets_standard=True),
                  an_audit(IN_TIME), an_audit(LATE, meets_standard=False)]  # fmt: skip
        found = completed(audits)
        assert (found["returned"], found["below_standard"], found["to_standard"]) == (3, 1, 2)
        assert found["to_standard_percent"] == Decimal("50.0")

    def test_a_grade_below_the_standard_counts_where_it_shows_a_child_of_concern(self) -> None:
        below = an_audit(IN_TIME, grade=Grade.INADEQUATE, meets_standard=False)
        found = grades([below, replace(below, concern_category=1)], Asked(SPAN, CLOSED))
        assert found.rows[0].values["inadequate"] == 1
        assert found.notes == ("1 audit is below the standard and without a child of concern: left out",)

    def test_adjusted_shares_leave_not_graded_out_and_raw_ones_keep_it(self) -> None:
        audits = [an_audit(IN_TIME, grade=g) for g in (Grade.GOOD, Grade.INADEQUATE, Grade.NOT_GRADED)]
        found = only(grades(audits, Asked(SPAN, CLOSED)).rows)
        assert (found["graded"], found["total"]) == (2, 3)
        assert (found["good_percent"], found["good_raw_percent"]) == (Decimal("50.0"), Decimal("33.3"))

    def test_the_third_locks_grade_counts_before_the_moderators_and_the_auditors(self) -> None:
        audit = an_audit(IN_TIME, grade=Grade.OUTSTANDING, moderated_grade=Grade.GOOD, moderated=True)
        locked = replace(audit, final_grade=Grade.REQUIRES_IMPROVEMENT)
        found = only(grades([audit, locked], Asked(SPAN, CLOSED)).rows)
        assert [found[g.value] for g in GRADED] == [0, 1, 1, 0]

    def test_late_returns_are_among_the_grades_and_a_note_says_so(self) -> None:
        facts = [an_audit(IN_TIME, grade=Grade.GOOD), an_audit(LATE, grade=Grade.GOOD)]
        found = grades(facts, Asked(SPAN, CLOSED))
        assert found.rows[0].values["good"] == 2
        assert found.notes == ("1 of the 2 returned was late: completion does not count it",)


class TestOthers:
    def test_what_is_expected_is_the_programmes_else_the_policys_else_what_was_issued(self) -> None:
        audits = [an_audit(kind=Kind.THEMATIC), an_audit(kind=Kind.OBSERVATION), an_audit()]
        planned = [Planned(NOVEMBER, Kind.OBSERVATION, expected=31), Planned(NOVEMBER, Kind.DIP_SAMPLE)]
        rules = Policy().by_kind[Kind.THEMATIC].model_copy(update={"expected_a_month": 4})
        found = of_activity.expectations(SPAN, audits, planned, Policy(kinds=(rules,)))
        assert found == {
            (NOVEMBER, Kind.OBSERVATION): 31,
            (NOVEMBER, Kind.THEMATIC): 4,
            (NOVEMBER, Kind.CORE): 1,
        }

    def test_earlier_actions_are_a_share_of_the_observations(self) -> None:
        seen = [
            an_audit(IN_TIME, kind=Kind.OBSERVATION, earlier_actions_reviewed=yes)
            for yes in (True, True, False)
        ]
        found = of_activity.activity([*seen, an_audit(IN_TIME)], {}, SPAN, CLOSED)
        values = found.rows[0].values
        assert (values["earlier_actions_reviewed"], values["earlier_actions_reviewed_percent"]) == (
            2,
            Decimal("66.7"),
        )

    def test_a_place_has_no_expected_number(self) -> None:
        expected = {(NOVEMBER, Kind.CORE): 2}
        found = of_activity.activity([an_audit(IN_TIME)], expected, SPAN, CLOSED, Dimension.TEAM)
        assert found.rows[0].values["expected"] is None
        assert found.rows[0].values["expected_percent"] is None
        assert "not split here" in found.notes[0]

    def test_engagement_that_was_not_said_is_not_counted_and_noted(self) -> None:
        audits = [an_audit(IN_TIME, engagement=Engagement(social_worker=True)), an_audit(IN_TIME)]
        found = engagement(audits, Asked(SPAN, CLOSED))
        assert found.rows[0].values["social_worker_percent"] == Decimal("50.0")
        assert "1 returned audit says nothing of: social worker" in found.notes

    def test_a_reaudit_without_a_grade_is_neither(self) -> None:
        facts = [an_audit(IN_TIME, kind=Kind.REAUDIT, reaudit_number=4, grade=g) for g in (Grade.GOOD, None)]
        found = reaudits(facts, of_reaudits(Asked(SPAN, CLOSED)))
        values = found.rows[0].values
        assert (values["still_inadequate"], values["improved"], values["third_improved"]) == (0, 1, 1)
        assert found.notes == ("1 returned re-audit has no grade: neither still Inadequate nor improved",)

    def test_core_measures_leave_other_kinds_out_unless_they_are_asked_for(self) -> None:
        audits = [
            an_audit(IN_TIME, grade=Grade.GOOD),
            an_audit(IN_TIME, kind=Kind.THEMATIC, grade=Grade.GOOD),
        ]
        assert only(grades(audits, Asked(SPAN, CLOSED)).rows)["total"] == 1
        by_kind = grades(audits, Asked(SPAN, CLOSED, Dimension.KIND))
        assert [row.key for row in by_kind.rows] == ["core", "thematic"]


class TestKappa:
    """Worked by hand, with linear weights."""

    def test_full_agreement_is_one(self) -> None:
        assert kappa([(Grade.GOOD, Grade.GOOD), (Grade.INADEQUATE, Grade.INADEQUATE)]) == Decimal("1.00")

    def test_no_more_than_chance_is_nought(self) -> None:
        every = [(a, b) for a in GRADED for b in GRADED]
        assert kappa(every) == Decimal("0.00")

    def test_a_step_away_weighs_less_than_two(self) -> None:
        agreed = [(Grade.GOOD, Grade.GOOD)] * 4 + [(Grade.INADEQUATE, Grade.INADEQUATE)] * 4
        near = kappa([*agreed, (Grade.GOOD, Grade.REQUIRES_IMPROVEMENT)])
        far = kappa([*agreed, (Grade.GOOD, Grade.INADEQUATE)])
        assert near is not None
        assert far is not None
        assert far < near < 1

    def test_where_chance_agrees_wholly_nothing_can_be_said(self) -> None:
        assert kappa([(Grade.GOOD, Grade.GOOD)]) is None
        assert kappa([]) is None
        assert kappa([(Grade.NOT_GRADED, Grade.GOOD)]) is None


DAYS = st.one_of(st.none(), st.integers(0, 60).map(lambda n: date(2026, 10, 20) + timedelta(days=n)))
AUDITS = st.builds(
    an_audit,
    DAYS,
    month=st.sampled_from([Month(2026, 10), NOVEMBER]),
    kind=st.sampled_from([Kind.CORE, Kind.REAUDIT, Kind.OBSERVATION]),
    state=st.sampled_from([AuditState.ISSUED, AuditState.FREED, AuditState.RETURNED]),
    team=st.sampled_from([None, NORTHGATE, HARBOUR]),
    legal_status=st.sampled_from([None, "child_in_need", "care_leaver"]),
    auditor_id=st.sampled_from([None, 1, 2, 3]),
    grade=st.sampled_from([None, *Grade]),
    moderated_grade=st.sampled_from([None, *Grade]),
    meets_standard=st.sampled_from([None, True, False]),
    moderated=st.booleans(),
)
AWAY = st.builds(
    an_exemption,
    st.integers(1, 9),
    operational=st.booleans(),
    approved=st.booleans(),
    month=st.sampled_from([Month(2026, 10), NOVEMBER]),
    team=st.sampled_from([None, NORTHGATE, HARBOUR]),
)
TODAY = st.integers(0, 90).map(lambda n: Books(date(2026, 10, 20) + timedelta(days=n), 5))
BOTH_MONTHS = Span(Month(2026, 10), NOVEMBER)


def total(rows: Sequence[Row], name: str) -> int:
    """Rows of which it cannot be said are none of it."""
    return sum(count(dict(row.values), name) for row in rows if row.values[name] is not None)


class TestEveryTableAddsUp:
    @given(st.lists(AUDITS, max_size=30), st.lists(AWAY, max_size=8), TODAY)
    def test_completion(self, audits: list[AuditFact], away: list[ExemptionFact], books: Books) -> None:
        row = only(completion(Facts(audits, away), BOTH_MONTHS, books).rows)
        found = {name: value for name, value in row.items() if isinstance(value, int)}
        assert found.get("pool", 0) == (
            found.get("non_operational", 0) + found.get("operational", 0) + found["allocated"]
        )
        parts = ("returned", "late", "nil", "outstanding")
        assert found["allocated"] == sum(found[part] for part in parts)
        assert found["returned"] == found["below_standard"] + found["to_standard"]

    @given(st.lists(AUDITS, max_size=30), st.lists(AWAY, max_size=8), TODAY)
    def test_a_split_sums_to_the_whole_with_what_is_noted(
        self, audits: list[AuditFact], away: list[ExemptionFact], books: Books
    ) -> None:
        whole = only(completion(Facts(audits, away), BOTH_MONTHS, books).rows)
        for by in (Dimension.MONTH, Dimension.QUARTER):
            rows = completion(Facts(audits, away), BOTH_MONTHS, books, by).rows
            for name in ("pool", "allocated", "returned", "nil", "below_standard"):
                assert total(rows, name) == (whole[name] or 0)
        by_team = completion(Facts(audits, away), BOTH_MONTHS, books, Dimension.TEAM)
        core = [a for a in audits if a.kind is Kind.CORE and a.state is not AuditState.FREED]
        lost = sum(a.team is None for a in core)
        assert total(by_team.rows, "allocated") + lost == whole["allocated"]
        assert any("no team" in note and "audit" in note for note in by_team.notes) == bool(lost)

    @given(st.lists(AUDITS, max_size=30), TODAY)
    def test_grades_and_moderation(self, audits: list[AuditFact], books: Books) -> None:
        asked = Asked(BOTH_MONTHS, books)
        row = only(grades(audits, asked).rows)
        assert row["graded"] == sum(count(row, g.value) for g in GRADED)
        assert row["total"] == count(row, "graded") + count(row, "not_graded")
        judged = only(moderation(audits, asked).rows)
        assert count(judged, "up") + count(judged, "down") <= count(judged, "changed")
        assert count(judged, "changed") <= count(judged, "moderated") <= count(judged, "returned")

    @given(st.lists(AUDITS, max_size=30), TODAY)
    def test_reaudits_and_activity(self, audits: list[AuditFact], books: Books) -> None:
        row = only(reaudits(audits, of_reaudits(Asked(BOTH_MONTHS, books))).rows)
        assert count(row, "still_inadequate") + count(row, "improved") <= count(row, "returned")
        expected = of_activity.expectations(BOTH_MONTHS, of_activity.issued(audits, None), [], Policy())
        whole = only(of_activity.activity(audits, expected, BOTH_MONTHS, books).rows)
        rows = of_activity.activity(audits, expected, BOTH_MONTHS, books, Dimension.KIND).rows
        for name in ("expected", "issued", "returned", "late", "nil", "outstanding"):
            assert total(rows, name) == whole[name]

    @given(st.lists(AWAY, max_size=12))
    def test_exemptions(self, away: list[ExemptionFact]) -> None:
        row = only(exemptions(away, BOTH_MONTHS).rows)
        assert count(row, "approved") + count(row, "declined") == len(away)
        rows = exemptions(away, BOTH_MONTHS, Dimension.REASON).rows
        assert total(rows, "approved") == row["approved"]


def count(row: dict[str, Value], name: str) -> int:
    value = row[name]
    assert isinstance(value, int)
    return value


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_percentage_is_rounded_half_up_and_exactly(part: int, of: int) -> None:
    found = percent(part, of)
    assert found is not None
    away = Fraction(found) - Fraction(100 * part, of)
    assert -Fraction(1, 20) < away <= Fraction(1, 20)


@pytest.mark.parametrize(
    ("part", "of", "said"), [(1, 8, "12.5"), (1, 16, "6.3"), (5, 2000, "0.3"), (0, 7, "0.0")]
)
def test_halves_go_up(part: int, of: int, said: str) -> None:
    assert str(percent(part, of)) == said


def test_quarters_are_the_calendars() -> None:
    assert [quarter(Month(2018, n)) for n in (1, 3, 4, 12)] == ["2018-Q1", "2018-Q1", "2018-Q2", "2018-Q4"]
