"""`audit-bot check`: a line for each part, with what to do. Nothing secret is printed."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import typer

from bot import logs
from bot.policy_file import read_policy
from bot.settings import Settings, SettingsError, check_may_serve, read_settings
from bot.turns import TeamsError


@dataclass(frozen=True, slots=True)
class Finding:
    part: str
    well: bool
    said: str


def check_all() -> int:
    """0 when every part is well; 1 otherwise."""
    logs.configure("CRITICAL", "console")  # what is found is said below, in a line each
    try:
        settings = read_settings()
    except SettingsError as error:
        return _print([Finding("settings", False, str(error))])
    findings = [_settings(settings), _database(settings), _policy(settings)]
    if findings[0].well:
        findings += asyncio.run(_platform(settings))
    return _print(findings)


def _print(findings: list[Finding]) -> int:
    width = max(len(finding.part) for finding in findings)
    for finding in findings:
        typer.echo(f"{'ok  ' if finding.well else 'FAIL'}  {finding.part:<{width}}  {finding.said}")
    return 0 if all(finding.well for finding in findings) else 1


def _settings(settings: Settings) -> Finding:
    try:
        check_may_serve(settings, insecure_local=False)
    except SettingsError as error:
        return Finding("settings", False, str(error))
    return Finding("settings", True, "App id, tenant and one credential are set.")


def _database(settings: Settings) -> Finding:
    from storage import schema
    from storage.errors import StorageError

    try:
        schema.check(settings.database_url)
    except (StorageError, ValueError) as error:
        return Finding("database", False, str(error))
    return Finding("database", True, f"Reached; at revision {schema.HEAD}.")


def _policy(settings: Settings) -> Finding:
    try:
        read_policy(settings.policy_file)
    except SettingsError as error:
        return Finding("policy", False, str(error))
    return Finding(
        "policy", True, "The file is valid." if settings.policy_file else "No file: the defaults hold."
    )


async def _platform(settings: Settings) -> list[Finding]:
    from bot.app import teams_options
    from bot.teams.line import TeamsLine

    async def keys() -> None:
        if not await line.warm():
            raise TeamsError

    async with TeamsLine(teams_options(settings, insecure_local=False)) as line:
        return [
            await _asked(
                "token keys", keys, "Fetched.", "Cannot be fetched. Check AUDIT_BOT_OPENID_METADATA_URL."
            ),
            await _asked(
                "credential",
                line.check_credential,
                "A token for the connector was given.",
                "No token was given. Check the app id, the tenant, the credential and AUDIT_BOT_LOGIN_URL.",
            ),
        ]


async def _asked(part: str, ask: Callable[[], Awaitable[None]], well: str, ill: str) -> Finding:
    try:
        await ask()
    except (TeamsError, OSError, ValueError):
        return Finding(part, False, ill)
    return Finding(part, True, well)
