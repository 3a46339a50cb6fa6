"""Tables that are gathered from the modules of the nouns."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


def merged(tables: Iterable[Mapping[Key, Value]]) -> dict[Key, Value]:
    """Raises ValueError where two tables answer for the same key: which one wins must not hang on their order."""
    found: dict[Key, Value] = {}
    for table in tables:
        for key, value in table.items():
            if key in found:
                raise ValueError(f"{key!r} is answered for twice: by {found[key]!r} and by {value!r}")
            found[key] = value
    return found
