"""`audit-bot check`: a line for each part, with what to do. Nothing secret is printed."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import typer

from bot import logs
from bot.policy_file import read_policy
from bot.settings import Settings, SettingsError, check_may_serve, read_settings, secret
from bot.turns import TeamsError

NO_MAIL = "Not set: an alert has no second way. Set AUDIT_BOT_SMTP_URL and AUDIT_BOT_MAIL_FROM."
NO_HEARTBEAT = "Not set: nobody outside notices when this program stops. Set AUDIT_BOT_HEARTBEAT_URL."
MARK = {True: "ok  ", False: "FAIL", None: "note"}


@dataclass(frozen=True, slots=True)
class Finding:
    """`well` is None for what works without it: something to know."""

    part: str
    well: bool | None
    said: str


def check_all() -> int:
    """0 when every part is well; 1 otherwise."""
    logs.configure("CRITICAL", "console")  # what is found is said below, in a line each
    try:
        settings = read_settings()
    except SettingsError as error:
        return _print([Finding("settings", False, str(error))])
    findings = [_settings(settings), _database(settings), _policy(settings)]
    findings += asyncio.run(_outside(settings, signed_in=bool(findings[0].well)))
    return _print(findings)


async def _outside(settings: Settings, *, signed_in: bool) -> list[Finding]:
    """What is reached over the network, and does not need the others."""
    found = await _platform(settings) if signed_in else []
    return [*found, await _mail(settings), await _heartbeat(settings)]


def _print(findings: list[Finding]) -> int:
    width = max(len(finding.part) for finding in findings)
    for finding in findings:
        typer.echo(f"{MARK[finding.well]}  {finding.part:<{width}}  {finding.said}")
    return 1 if any(finding.well is False for finding in findings) else 0


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


async def _mail(settings: Settings) -> Finding:
    """Connects and signs in; sends nothing."""
    from bot.mail import Mailer, MailError, mail_options

    try:
        options = mail_options(secret(settings.smtp_url), settings.mail_from)
        if options is None:
            return Finding("e-mail", None, NO_MAIL)
        await Mailer(options).probe()
    except SettingsError as error:
        return Finding("e-mail", False, str(error))
    except MailError as error:
        return Finding(
            "e-mail", False, f"The mail server cannot be used ({error}). Check AUDIT_BOT_SMTP_URL."
        )
    return Finding("e-mail", True, "The mail server lets us in; nothing was sent.")


async def _heartbeat(settings: Settings) -> Finding:
    """Reaches the machine; a beat would say that all is well."""
    from bot.heartbeat import heartbeat_of, reach

    url = secret(settings.heartbeat_url)
    try:
        heartbeat_of(url)
    except SettingsError as error:
        return Finding("heartbeat", False, str(error))
    if not url:
        return Finding("heartbeat", None, NO_HEARTBEAT)
    if not await reach(url):
        return Finding("heartbeat", False, "Its machine cannot be reached. Check AUDIT_BOT_HEARTBEAT_URL.")
    return Finding("heartbeat", True, "Its machine can be reached; no beat was sent.")
