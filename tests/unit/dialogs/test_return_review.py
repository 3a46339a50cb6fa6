"""The whole of a return looked at: what is missing adds up, and what does not fit together is said."""

import re
from dataclasses import replace

from dialogs.cards import return_review
from domain.templates import REFLECTION, REFLECTION_SHEET
from tests.cards import samples_returns as samples
from tests.stories.world import text_of


def test_the_steps_of_an_empty_return_add_up_to_the_number_at_the_top() -> None:
    said = text_of(return_review.review(samples.fresh()).card)
    [total] = re.findall(r"(\d+) answers are missing", said)
    by_step = [int(number) for number in re.findall(r"^(\d+) answers? missing:", said, re.MULTILINE)]
    assert sum(by_step) == int(total)
    assert "6 answers missing: Did the social worker take part? Did their manager take part?" in said


def test_a_reflection_sheet_that_was_done_and_stands_nowhere_is_remarked_on() -> None:
    view = samples.a_view()
    answers = {code: said for code, said in view.filled.answers.items() if code not in REFLECTION}

    def shown(**more: str) -> str:
        filled = replace(view.filled, answers={**answers, **more})
        return text_of(return_review.review(replace(view, filled=filled)).card)

    remark = "A case reflection sheet was done, but no question about the reflection is answered here."
    assert remark in shown(**{REFLECTION_SHEET: "yes"})
    assert remark not in shown(**{REFLECTION_SHEET: "no"})
    assert remark not in shown(**{REFLECTION_SHEET: "yes", REFLECTION[0]: "We talked it through."})
