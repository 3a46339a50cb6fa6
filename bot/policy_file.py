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
        problems = "; ".join(_problem(detail) for detail in error.errors()[:5])
        raise SettingsError(f"The policy file {path} cannot be used: {problems}.") from None


def _problem(detail: ErrorDetails) -> str:
    key = ".".join(str(part) for part in detail["loc"]) or "the file"
    if detail["type"] == "extra_forbidden":
        return f"{key} is not a key; allowed are {', '.join(_allowed(detail['loc'][:-1]))}"
    return f"{key}: {detail['msg']}"


def _allowed(parents: tuple[int | str, ...]) -> list[str]:
    place: Any = Policy()
    for part in parents:
        place = place[0] if isinstance(part, int) else getattr(place, part)
    fields = cast("dict[str, object]", type(place).model_fields)
    return ["class" if name == "reason_class" else name for name in fields]
