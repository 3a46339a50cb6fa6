"""What somebody wrote into the form of a draw, as the rules take it."""

import re
from collections.abc import Mapping

from dialogs.neutral import one_line
from dialogs.payloads.issuing import IssuePreview
from dialogs.words import issuing as say
from domain.drawing import Settings
from domain.mix import read_mix
from domain.policy import Policy
from domain.ports import Exclusion
from domain.usecases.issuing import Wanted

_EXCLUSION = re.compile(
    r"([A-Za-z0-9](?:[A-Za-z0-9/_-]{0,38}[A-Za-z0-9])?)(?:[\s,:;.\u2013-]+(.*))?", re.DOTALL
)
SHOWN = 60


class NotUnderstood(Exception):
    """A line that cannot be read; `sentence` says which, and how to write it."""

    def __init__(self, sentence: str) -> None:
        super().__init__("not understood")
        self.sentence = sentence


def wanted(pressed: IssuePreview, policy: Policy) -> Wanted:
    """Raises NotUnderstood."""
    mix = read_mix(pressed.numbers, policy.cohorts)
    if mix.unknown:
        raise NotUnderstood(say.not_understood([one_line(part, SHOWN) for part in mix.unknown[:3]]))
    usual = policy.audits.not_again_months
    settings = Settings(
        usual if pressed.not_again is None else pressed.not_again,
        pressed.cohorts,
        mix.numbers,
        pressed.total,
        pressed.per_team,
    )
    return Wanted(pressed.month, pressed.kind, settings, _exclusions(pressed.exclusions), pressed.theme)


def _exclusions(text: str) -> tuple[Exclusion, ...]:
    found: list[Exclusion] = []
    for line in (line.strip() for line in text.splitlines()):
        if not line:
            continue
        read = _EXCLUSION.fullmatch(line)
        if read is None:
            raise NotUnderstood(say.line_not_understood(one_line(line, SHOWN)))
        found.append(Exclusion(read[1], (read[2] or "").strip()))
    return tuple(found)


def filled(pressed: IssuePreview) -> Mapping[str, str]:
    """What was in the inputs, to be shown again: an input that was cleared stays empty."""
    return {
        "cohorts": ",".join(pressed.cohorts),
        "numbers": pressed.numbers,
        "total": str(pressed.total or ""),
        "per_team": str(pressed.per_team or ""),
        "not_again": "" if pressed.not_again is None else str(pressed.not_again),
        "exclusions": pressed.exclusions,
        "theme": pressed.theme,
    }
