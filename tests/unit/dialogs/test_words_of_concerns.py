"""What is said of children of concern where a number or a correction makes the sentence."""

from dialogs.words import concern_corrected, concern_refusals
from dialogs.words import concerns as say
from domain.concerns import Wanted
from domain.permissions import Permission
from tests.cards.samples_concerns import a_concern


def test_the_evidence_for_a_sign_off_is_counted_in_words() -> None:
    said = [say.sign_off_ask(a_concern(wanted=Wanted.REMOVAL, evidence=number)) for number in (0, 1, 2)]
    assert [words.partition("tracker. ")[2] for words in said] == [
        "No evidence was given.",
        "There is 1 piece of evidence: all of it is on the timeline.",
        "There are 2 pieces of evidence: all of it is on the timeline.",
    ]


def test_an_alert_goes_on_until_both_have_acknowledged_it() -> None:
    refused = concern_refusals.NOT_ALLOWED[Permission.CONCERN_ACKNOWLEDGE]
    assert "until both have acknowledged it" in refused


def test_a_correction_shows_what_it_changed_and_nothing_else() -> None:
    assert say.step("correct", {"child_ref": "C1>C2", "team": "North>"}) == (
        "Corrected: child C1 → C2, team North → not known"
    )
    assert say.step("correct", {"category": "2>1"}) == "Corrected"


def test_who_need_not_act_is_told_so_whatever_was_corrected() -> None:
    for other_child in (True, False):
        assert concern_corrected.lead("C-1", "C10600", other_child=other_child).endswith(
            "You need not act on it."
        )
