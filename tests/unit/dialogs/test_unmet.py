"""Numbers of a draw that contradict each other are named as the reason, and no other reason is given."""

from dialogs.words.unmet import also_numbered, contradicts, explained, unmet
from domain.allocation import Rule, Unmet
from domain.drawing import Settings
from domain.policy import Policy

CP, CIN = "child_protection_plan", "child_in_need"
TOO_FEW = Settings(12, per_cohort=((CP, 3),), total=5)
TOO_MANY = Settings(12, per_cohort=((CP, 5),), total=3)


def test_numbers_that_add_up_to_less_than_the_total() -> None:
    said = contradicts(TOO_FEW)
    assert said is not None
    assert said.startswith("The numbers add up to 3, and the total says 5")
    assert explained(Unmet(Rule.TOTAL_SHORT, {"got": "3", "wanted": "5"}), TOO_FEW)
    # but where there were not even three, that has a reason of its own
    assert not explained(Unmet(Rule.TOTAL_SHORT, {"got": "2", "wanted": "5"}), TOO_FEW)


def test_numbers_that_add_up_to_more_than_the_total() -> None:
    said = contradicts(TOO_MANY)
    assert said is not None
    assert said.startswith("The numbers add up to 5, and the total says 3")
    short = Unmet(Rule.COHORT_SHORT, {"cohort": CP, "got": "3", "wanted": "5", "eligible": "8"})
    assert explained(short, TOO_MANY)
    assert not explained(short, Settings(12, per_cohort=((CP, 5),)))
    assert "8 of them can be drawn in all" in unmet(short, (), "", Policy())


def test_no_contradiction() -> None:
    assert contradicts(Settings(12, total=5)) is None
    assert contradicts(Settings(12, per_cohort=((CP, 5),), total=5)) is None
    # the cohort without a number takes the rest
    assert contradicts(Settings(12, cohorts=(CP, CIN), per_cohort=((CP, 3),), total=5)) is None


def test_one_cohort_is_ticked_and_another_numbered() -> None:
    said = also_numbered(Settings(12, cohorts=(CIN,), per_cohort=((CP, 3),)), Policy())
    assert said == (
        "You ticked Child in need, and gave a number for Child protection plan: all of these are drawn."
    )
    assert also_numbered(Settings(12, cohorts=(CP,), per_cohort=((CP, 3),)), Policy()) is None
    assert also_numbered(Settings(12, per_cohort=((CP, 3),)), Policy()) is None
