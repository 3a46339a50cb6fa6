"""`audit-bot figures`: a measure on the terminal, as a table, JSON or CSV."""

import asyncio
import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

import typer

from domain.calendar import Month, local_date
from domain.errors import Invalid
from domain.kinds import Kind
from domain.measures.tables import Dimension, Figure, Row, Span, Value
from domain.policy import Policy
from domain.usecases import figures

NAMES = ("completion", "grades", "moderation", "concerns", "actions", "engagement", "reaudits", "exemptions",
         "profile", "pool", "activity")  # fmt: skip
"""Every figure of the rules; those without a measure yet are said to be so."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class NotBuilt(Exception):
    """The figure has a name, and no measure yet; the message is one sentence."""


C = TypeVar("C", bound=StrEnum)


def choice(of: type[C], option: str, text: str) -> C:
    """Raises typer.BadParameter naming what there is."""
    try:
        return of(text)
    except ValueError:
        raise typer.BadParameter(f"{option} must be one of {', '.join(of)}.") from None


def question(name: str, span: Span, by: str | None, kind: str | None) -> figures.Question:
    """Raises typer.BadParameter for a name that no figure, dimension or kind has; NotBuilt."""
    if name not in NAMES:
        raise typer.BadParameter(f"NAME must be one of {', '.join(NAMES)}.")
    if name not in figures.MEASURES:
        raise NotBuilt(f"The figure {name} is not built yet; there are {', '.join(figures.MEASURES)}.")
    dimension = choice(Dimension, "--by", by) if by else None
    return figures.Question(name, span, dimension, choice(Kind, "--kind", kind) if kind else None)


def run(question: figures.Question, shape: Format, database_url: str, policy: Policy) -> int:
    """Prints it. Raises typer.BadParameter for what the figure cannot be asked, and StorageError."""
    from storage.schema import check

    _checked(question)
    check(database_url)
    found = asyncio.run(_asked(question, database_url, policy))
    typer.echo(_PRINTED[shape](found), nl=False)
    return 0


def span_of(month: str | None, first: str | None, last: str | None, now: datetime | None = None) -> Span:
    """This month where nothing is said. Raises typer.BadParameter."""
    if month and (first or last):
        raise typer.BadParameter("Give either --month or --from and --to.")
    if month:
        return Span(_month("--month", month), _month("--month", month))
    if not first and not last:
        this = Month.of(local_date(now or datetime.now(UTC)))
        return Span(this, this)
    if not first or not last:
        raise typer.BadParameter("--from and --to belong together.")
    span = Span(_month("--from", first), _month("--to", last))
    if span.last < span.first:
        raise typer.BadParameter("--from must not be later than --to.")
    return span


def _month(option: str, text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError:
        raise typer.BadParameter(f"{option} must look like 2026-11.") from None


def _checked(question: figures.Question) -> None:
    try:
        figures.check(question)
    except Invalid as wrong:
        raise typer.BadParameter(_said(wrong)) from None


def _said(wrong: Invalid) -> str:
    name = wrong.facts["figure"]
    if wrong.code == "not_split_so":
        return f"{name} can be split by {wrong.facts['known'].replace(',', ', ')}."
    if wrong.code == "no_kind":
        return f"{name} is not of one kind of audit: leave --kind out."
    return f"{name} is of one month: give --month, or add --by month."


async def _asked(question: figures.Question, database_url: str, policy: Policy) -> Figure:
    from storage.unit_of_work import SqlStore

    store = SqlStore(database_url)
    try:
        return await figures.figure(store, policy, question, local_date(datetime.now(UTC)))
    finally:
        await store.close()


def _plain(value: Value) -> int | float | None:
    """One decimal is exact in what JSON prints of it."""
    return float(value) if isinstance(value, Decimal) else value


def as_json(figure: Figure) -> str:
    return (
        json.dumps(
            {
                "figure": figure.name,
                "from": str(figure.span.first),
                "to": str(figure.span.last),
                "by": figure.by.value if figure.by else None,
                "rows": [_as_object(row) for row in figure.rows],
                "notes": list(figure.notes),
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )


def _as_object(row: Row) -> dict[str, str | int | float | None]:
    return {"key": row.key, **{name: _plain(value) for name, value in row.values.items()}}


def as_csv(figure: Figure) -> str:
    """What a spreadsheet would take for a formula stands behind an apostrophe. Notes are lines of their own below."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = list(figure.rows[0].values) if figure.rows else []
    writer.writerow([figure.by.value if figure.by else "key", *names])
    for row in figure.rows:
        writer.writerow([_harmless(row.key or ""), *(_cell(row.values[name]) for name in names)])
    for note in figure.notes:
        writer.writerow(["note", _harmless(note)])
    return out.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _cell(value: Value) -> str:
    return "" if value is None else str(value)


def as_table(figure: Figure) -> str:
    """Counts down the side, so that many of them stay readable in a narrow window; a share beside what it is of."""
    from rich.console import Console
    from rich.table import Table

    said = str(figure.span.first)
    if figure.span.last != figure.span.first:
        said = f"{said} to {figure.span.last}"
    table = Table(title=f"{figure.name}, {said}", title_justify="left")
    table.add_column("")
    for row in figure.rows:
        table.add_column(_safe(row.key or "all"), justify="right")
    values = list(figure.rows[0].values) if figure.rows else []
    names = [name for name in values if not name.endswith("_denominator")]
    for name in names:
        table.add_row(name.replace("_", " "), *(_shown(row, name) for row in figure.rows))
    out = io.StringIO()
    console = Console(file=out, width=_width(figure), highlight=False)
    console.print(table if figure.rows else f"{figure.name}, {said}: nothing to show.")
    for note in figure.notes:
        console.print(f"note: {_safe(note)}", soft_wrap=True)
    return out.getvalue()


def _safe(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _shown(row: Row, name: str) -> str:
    value = row.values[name]
    if not name.endswith("_percent"):
        return "-" if value is None else str(value)
    of = row.values[f"{name.removesuffix('_percent')}_denominator"]
    return f"{value} % of {of}" if value is not None else "-"


def _width(figure: Figure) -> int:
    return max(100, 40 + sum(max(16, len(row.key or "") + 3) for row in figure.rows))


_PRINTED = {Format.TABLE: as_table, Format.JSON: as_json, Format.CSV: as_csv}
