"""The command line. A library is imported by the command that needs it, so that `--help` is quick."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from bot.settings import Settings

app = typer.Typer(
    name="audit-bot",
    help="Quality-assurance audits of children's services, run from Microsoft Teams.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
db = typer.Typer(help="The database's revision.", no_args_is_help=True)
trail = typer.Typer(help="The audit trail.", no_args_is_help=True)
app.add_typer(db, name="db")
app.add_typer(trail, name="trail")


class Refused(Exception):
    """Exit 1, with one sentence on stderr."""


class ImportKind(StrEnum):
    PEOPLE = "people"
    TEAMS = "teams"
    CHILDREN = "children"
    AUDITS = "audits"
    EXEMPTIONS = "exemptions"
    PROGRAMME = "programme"


def run(arguments: list[str] | None = None) -> int:
    """Exit codes: 0, 1 refused (the reason on stderr in one line), 2 usage. Never a traceback."""
    try:
        result = app(arguments, standalone_mode=False, prog_name="audit-bot")
        return result if isinstance(result, int) else 0
    except typer.TyperException as error:
        _say_error(f"{error.format_message()} Try --help.")
        return error.exit_code
    except typer.Exit as stop:
        return stop.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except Exception as error:
        _say_error(_sentence(error))
        return 1


def _say_error(sentence: str) -> None:
    typer.echo(f"audit-bot: {' '.join(sentence.split())}", err=True)


def _sentence(error: Exception) -> str:
    """Our own errors say what to do. Any other is named by its type alone: its text may hold a secret or a name."""
    from bot.figures import NotBuilt
    from bot.settings import SettingsError
    from domain.errors import DomainError
    from storage.errors import StorageError

    if isinstance(error, Refused | NotBuilt | SettingsError | StorageError):
        return str(error)
    if isinstance(error, DomainError):
        return f"The database cannot take this now ({error.code}). Try again in a minute."
    return f"This did not work ({type(error).__name__}). Run `audit-bot check` to see what is missing."


def _settings(**overrides: object) -> "Settings":
    from bot.settings import read_settings

    return read_settings(**overrides)


@app.command()
def serve(
    insecure_local: Annotated[
        bool, typer.Option("--insecure-local", help="No sign-in; only on 127.0.0.1 and without an app id.")
    ] = False,
    host: Annotated[str | None, typer.Option(help="Overrides AUDIT_BOT_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Overrides AUDIT_BOT_PORT.")] = None,
) -> int:
    """Run the bot. Example: audit-bot serve"""
    from bot.policy_file import read_policy
    from bot.serving import serve as serve_bot
    from bot.settings import check_may_serve

    settings = _settings(host=host, port=port)
    check_may_serve(settings, insecure_local=insecure_local)
    return serve_bot(settings, read_policy(settings.policy_file), insecure_local=insecure_local)


@app.command()
def demo(
    fresh: Annotated[bool, typer.Option("--fresh", help="Build the sample council anew.")] = False,
    whom: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="ROLES",
            help="Whose chat windows are opened: roles or e-mails between commas, up to six. Without it: "
            "auditor,head_of_service,director.",
        ),
    ] = None,
) -> int:
    """Try it here: a sample council and chat windows. Example: audit-bot demo --as qa_team,moderator,head_of_quality"""
    from bot.demo_run import run_demo

    return run_demo(fresh=fresh, whom=whom)


@app.command()
def check() -> int:
    """Look at settings, database, credentials and policy; a line each, with what to do. Example: audit-bot check"""
    from bot.checking import check_all

    return check_all()


@app.command(name="import")
def import_file(
    kind: Annotated[ImportKind, typer.Argument(help="What the file holds.")],
    file: Annotated[Path, typer.Argument(help="CSV (UTF-8) or XLSX with a header row.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and count, change nothing.")] = False,
) -> int:
    """Read a file: all rows or none. Example: audit-bot import people people.csv --dry-run"""
    from bot import importing
    from bot.policy_file import read_policy

    settings = _settings()
    policy = read_policy(settings.policy_file)
    return importing.run(kind.value, file, settings.database_url, policy, dry_run=dry_run)


@app.command(name="figures")
def figures_(
    name: Annotated[str, typer.Argument(help="completion, activity, pool, grades, moderation, ...")],
    month: Annotated[
        str | None, typer.Option(help="One month, as 2026-11; this month if nothing is said.")
    ] = None,
    from_: Annotated[str | None, typer.Option("--from", help="The first month.")] = None,
    to: Annotated[str | None, typer.Option(help="The last month.")] = None,
    by: Annotated[str | None, typer.Option(help="month, quarter, team, service, area, kind, ...")] = None,
    kind: Annotated[str | None, typer.Option(help="core, reaudit, thematic, dip_sample, ...")] = None,
    shape: Annotated[str, typer.Option("--format", help="table, json or csv.")] = "table",
) -> int:
    """Print a measure with its counts. Example: audit-bot figures completion --month 2026-10 --by team"""
    from bot import figures
    from bot.policy_file import read_policy

    asked = figures.question(name, figures.span_of(month, from_, to), by, kind)
    printed_as = figures.choice(figures.Format, "--format", shape)
    settings = _settings()
    return figures.run(asked, printed_as, settings.database_url, read_policy(settings.policy_file))


@app.command(name="run-due")
def run_due(
    now: Annotated[
        str | None, typer.Option(help="Another clock, in ISO form; only with --insecure-local.")
    ] = None,
    insecure_local: Annotated[bool, typer.Option("--insecure-local", help="As for serve.")] = False,
) -> int:
    """Plan and deliver what is due, once, then end: the clock's jobs, messages in Teams, e-mails, the self-check and,
    where all is well, the heartbeat. What the self-check finds is said on stderr, a line each; the exit code is 0 then
    too, because what was due was done. Example: audit-bot run-due"""
    from bot.policy_file import read_policy
    from bot.serving import run_due_once
    from bot.settings import check_may_serve

    if now is not None and not insecure_local:
        raise Refused("--now is accepted only together with --insecure-local.")
    settings = _settings()
    check_may_serve(settings, insecure_local=insecure_local)
    policy = read_policy(settings.policy_file)
    return run_due_once(settings, policy, now=_instant(now), insecure_local=insecure_local)


def _instant(text: str | None) -> "datetime | None":
    from datetime import UTC, datetime

    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("--now must look like 2026-11-30T09:00+00:00.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@db.command()
def upgrade() -> int:
    """Bring the database to this program's revision. Example: audit-bot db upgrade"""
    from storage.schema import upgrade as upgrade_database

    revision = upgrade_database(_settings().database_url)
    typer.echo(f"The database is at revision {revision}.")
    return 0


@db.command()
def revision() -> int:
    """Print the database's revision and the program's. Example: audit-bot db revision"""
    from storage.schema import revisions

    found, wanted = revisions(_settings().database_url)
    typer.echo(f"database {found or 'none'}, program {wanted}")
    return 0 if found == wanted else 1


@trail.command()
def verify() -> int:
    """Check the trail's chain from end to end. Example: audit-bot trail verify"""
    from bot.trail import verify_trail

    return verify_trail(_settings().database_url)
