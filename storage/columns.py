"""Column types that read back what was put in: aware instants, months, and ids of one width on both databases."""

from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import BigInteger, Dialect, Integer, String
from sqlalchemy import DateTime as PlainDateTime
from sqlalchemy.types import TypeDecorator

from domain.calendar import Month

Id = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite gives numbers by itself only to a key that is declared INTEGER."""


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC (PostgreSQL: timestamptz; SQLite: text of fixed width, so it sorts)."""

    impl = PlainDateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is UTC:
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class MonthText(TypeDecorator[Month]):
    """A calendar month as `2026-11`; text of that form is taken as well."""

    impl = String(7)
    cache_ok = True

    def process_bind_param(self, value: Month | str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Month | None:
        return None if value is None else _month(value)


@lru_cache(maxsize=1024)
def _month(text: str) -> Month:
    """There are few, and one comes with every record."""
    return Month(int(text[:4]), int(text[5:7]))
