"""`audit-bot import` on the terminal: a progress bar, counts, and every bad row with what is wrong with it."""

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from domain.policy import Policy

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

    from storage.imports.problems import Problem, Report
    from storage.imports.run import Import, Stage

PATIENCE_SECONDS = 60.0
"""How long an import waits for other writers before it gives up."""


def run(kind: str, path: Path, database_url: str, policy: Policy, dry_run: bool = False) -> int:
    """Exit code: 0 done (also with nothing changed), 1 refused. Problems and the bar go to stderr, counts and notes
    to stdout. Raises Busy, Conflict, and StorageError
    (another revision of the database, say), with nothing written."""
    from storage.imports.run import Import
    from storage.schema import check

    check(database_url)
    bar = _bar()
    with bar:
        job = Import(kind, path, policy, now=datetime.now(UTC), progress=_shown_on(bar))
        report = asyncio.run(_import(job, database_url, _told_after(bar), dry_run=dry_run))
    return _summed_up(report, path.name)


async def _import(
    job: "Import", database_url: str, told: "Callable[[Problem], None]", *, dry_run: bool
) -> "Report":
    from storage.unit_of_work import SqlStore

    store = SqlStore(database_url, PATIENCE_SECONDS)
    try:
        return await job.run(store, dry_run=dry_run, told=told)
    finally:
        await store.close()


def _bar() -> "RichProgress":
    """Only where somebody looks: a log gets lines, not a bar."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _shown_on(bar: "RichProgress") -> "Callable[[Stage, float], None]":
    tasks = {stage: bar.add_task(stage, total=1.0, visible=False) for stage in ("reading", "writing")}

    def show(stage: "Stage", done: float) -> None:
        bar.update(tasks[stage.value], completed=done, visible=True)

    return show


def _told_after(bar: "RichProgress") -> "Callable[[Problem], None]":
    def tell(problem: "Problem") -> None:
        bar.stop()
        sys.stderr.write(f"{problem}\n")

    return tell


def _summed_up(report: "Report", name: str) -> int:
    for note in report.notes:
        sys.stdout.write(f"note: {note}\n")
    if report.refused:
        problems = "1 problem" if report.problems == 1 else f"{report.problems} problems"
        sys.stderr.write(f"{name}: refused, {problems}; nothing was written\n")
        return 1
    counts = report.counts
    rehearsed = " (dry run: nothing was written)" if report.dry_run else ""
    sys.stdout.write(
        f"{report.kind}: {counts.new} new, {counts.changed} changed, {counts.unchanged} unchanged{rehearsed}\n"
    )
    return 0
