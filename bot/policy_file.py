"""Reads the council's policy (TOML). A mistake stops the start, naming the key and what is allowed (fault 48)."""

import tomllib
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.settings import SettingsError
from domain.policy import Policy


def read_policy(path: Path | None) -> Policy:
    """The defaults where there is no file. Raises SettingsError."""
    if path is None:
        return Policy()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"The policy file {path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The policy file {path} is not valid TOML: {error}.") from None
    try:
        return Policy.model_validate(content)
    except ValidationError as error:
        problems = "; ".join(_problem(detail) for detail in _own(error.errors())[:5])
        raise SettingsError(f"The policy file {path} cannot be used: {problems}.") from None


def _own(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without a list that is too short only because what it holds was refused."""

    def follows(detail: ErrorDetails) -> bool:
        place = detail["loc"]
        return detail["type"] == "too_short" and any(
            other["loc"][: len(place)] == place and len(other["loc"]) > len(place) for other in errors
        )

    return [detail for detail in errors if not follows(detail)]


def _problem(detail: ErrorDetails) -> str:
    key = ".".join(str(part) for part in detail["loc"]) or "the file"
    if detail["type"] == "extra_forbidden":
        return f"{key} is not a key; allowed are {', '.join(_allowed(detail['loc'][:-1]))}"
    return f"{key}: {_plainly(detail)}"


_PLAIN = {
    "missing": "it is missing",
    "tuple_type": "it must be a list",
    "model_type": "it must be a table",
    "too_short": "it must not be empty",
    "int_type": "it must be a whole number",
    "int_parsing": "it must be a whole number",
    "int_from_float": "it must be a whole number",
    "greater_than_equal": "it must be at least {ge}",
    "less_than_equal": "it must be at most {le}",
}


def _plainly(detail: ErrorDetails) -> str:
    """What the person who writes the file can put right; the reader's own words where there are none better."""
    context = detail.get("ctx", {})
    if detail["type"] == "enum":
        given, allowed = str(detail["input"])[:40], str(context["expected"]).replace("'", "")
        return f"{given} is not known; allowed are {allowed}"
    if detail["type"] == "too_short" and context["min_length"] > 1:
        return f"it must hold at least {context['min_length']}"
    if detail["type"] in _PLAIN:
        return _PLAIN[detail["type"]].format_map(context)
    return detail["msg"].removeprefix("Value error, ")


def _allowed(parents: tuple[int | str, ...]) -> list[str]:
    place: Any = Policy()
    for part in parents:
        place = place[0] if isinstance(part, int) else getattr(place, part)
    fields = cast("dict[str, object]", type(place).model_fields)
    return ["class" if name == "reason_class" else name for name in fields]
