"""A council writes its own ladder of an alert: what is wrong with it is said in plain words, and the bot does not start
with a ladder on which nobody would be told (fault 48)."""

from pathlib import Path

import pytest

from bot.policy_file import read_policy
from bot.settings import SettingsError

FIRST = '[[concerns.ladder]]\nafter_minutes = 0\ntell = ["head_of_service", "director"]\n'
TIERS = "head_of_service, deputy, director, dcs or head_of_quality"


def _rung(after: str, tell: str) -> str:
    return f"{FIRST}[[concerns.ladder]]\nafter_minutes = {after}\ntell = {tell}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[concerns]\nladder = 5", "concerns.ladder: it must be a list."),
        ("[concerns]\nladder = []", "concerns.ladder: it must not be empty."),
        ('[concerns]\nladder = ["dcs"]', "concerns.ladder.0: it must be a table."),
        (_rung("true", '["dcs"]'), "concerns.ladder.1.after_minutes: it must be a whole number."),
        (_rung("'soon'", '["dcs"]'), "concerns.ladder.1.after_minutes: it must be a whole number."),
        (_rung("9999", '["dcs"]'), "concerns.ladder.1.after_minutes: it must be at most 1440."),
        (_rung("-1", '["dcs"]'), "concerns.ladder.1.after_minutes: it must be at least 0."),
        (_rung("15", '["dcs", "deputy", "dcs"]'), "concerns.ladder.1: tell names dcs twice."),
        (_rung("15", '["boss"]'), f"concerns.ladder.1.tell.0: boss is not known; allowed are {TIERS}."),
        (_rung("15", "[]"), "concerns.ladder.1.tell: it must not be empty."),
        (_rung("15", '"dcs"'), "concerns.ladder.1.tell: it must be a list."),
        (f"{FIRST}[[concerns.ladder]]\nafter_minutes = 15", "concerns.ladder.1.tell: it is missing."),
        ("[concerns]\nround_minutes = true", "concerns.round_minutes: it must be a whole number."),
        (
            _rung("0", '["dcs"]'),
            "concerns: ladder: each rung must come later than the one before it.",
        ),
    ],
)
def test_what_is_wrong_with_a_ladder_is_said_in_plain_words(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        read_policy(file)
    assert str(refused.value) == f"The policy file {file} cannot be used: {said}"


def test_a_ladder_of_ones_own_is_read(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(_rung("20", '["deputy", "dcs"]'), encoding="utf-8")
    assert [rung.after_minutes for rung in read_policy(file).concerns.ladder] == [0, 20]
