"""Which kinds of audit may end "not graded"."""

from dataclasses import replace

import pytest

from domain.grades import gradable
from domain.kinds import GRADED, Grade, Kind
from domain.policy import Policy
from tests.builders import an_audit

MAY_BE_LEFT_OPEN = {Kind.THEMATIC, Kind.DIP_SAMPLE, Kind.MINIMUM_STANDARDS, Kind.MULTI_AGENCY, Kind.OTHER}
"""Their form offers "not graded", or asks for no grade."""


@pytest.mark.parametrize("kind", list(Kind))
def test_only_what_its_form_can_leave_open(kind: Kind) -> None:
    found = gradable(Policy(), replace(an_audit(), kind=kind))
    assert found == ((*GRADED, Grade.NOT_GRADED) if kind in MAY_BE_LEFT_OPEN else GRADED)


def test_what_the_auditors_own_return_came_to_stays_possible() -> None:
    old = replace(an_audit(), kind=Kind.CORE, grade=Grade.NOT_GRADED)
    assert Grade.NOT_GRADED in gradable(Policy(), old)
