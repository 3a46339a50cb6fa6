"""Settings from the environment (prefix AUDIT_BOT_, or a `.env` file), read once at the edge and frozen."""

from functools import cached_property
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
PUBLIC_OPENID = "https://login.botframework.com/v1/.well-known/openidconfiguration"
PUBLIC_LOGIN = "https://login.microsoftonline.com"
PUBLIC_ISSUER = "https://api.botframework.com"
PUBLIC_SERVICE_HOSTS = "smba.trafficmanager.net,smba.infra.gcc.teams.microsoft.com"


class SettingsError(Exception):
    """A setting is missing or wrong; the message is one sentence that says which and what to do."""


class Settings(BaseSettings):
    """Every setting of the contract, section 3. Secrets have no default and are never printed."""

    model_config = SettingsConfigDict(env_prefix="AUDIT_BOT_", env_file=".env", extra="ignore", frozen=True)

    database_url: str = "sqlite:///var/audit-bot.db"
    host: str = "127.0.0.1"
    port: int = Field(default=3978, ge=0, le=65535)
    app_id: str = ""
    tenant_id: str = ""
    app_password: SecretStr | None = None
    app_certificate_file: Path | None = None
    app_federated_token_file: Path | None = None
    openid_metadata_url: str = PUBLIC_OPENID
    login_url: str = PUBLIC_LOGIN
    token_issuer: str = PUBLIC_ISSUER
    service_url_hosts: str = PUBLIC_SERVICE_HOSTS
    policy_file: Path | None = None
    public_url: str = ""
    smtp_url: SecretStr | None = None
    mail_from: str = ""
    heartbeat_url: SecretStr | None = None
    rate_limit: int = Field(default=50, ge=1, le=1_000_000)
    metrics_token: SecretStr | None = None
    log_level: str = Field(default="INFO", pattern=r"^(DEBUG|INFO|WARNING|ERROR|CRITICAL)$")
    log_format: str = Field(default="json", pattern=r"^(json|console)$")

    @cached_property
    def service_hosts(self) -> tuple[str, ...]:
        return tuple(host.strip().lower() for host in self.service_url_hosts.split(",") if host.strip())

    @property
    def bound_to_loopback(self) -> bool:
        return self.host in LOOPBACK


def read_settings(**overrides: object) -> Settings:
    """Raises SettingsError naming the variable; the value is never repeated (it may be a secret)."""
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})  # pyright: ignore[reportArgumentType]
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"AUDIT_BOT_{name} is not usable: {first['msg']}.") from None


def check_may_serve(settings: Settings, *, insecure_local: bool) -> None:
    """The bot never listens without sign-in unless all three hold: asked for, bound to loopback, no app id."""
    if insecure_local:
        if settings.app_id:
            raise SettingsError(
                "--insecure-local is refused while AUDIT_BOT_APP_ID is set: unset one of them."
            )
        if not settings.bound_to_loopback:
            raise SettingsError("--insecure-local is refused unless AUDIT_BOT_HOST is 127.0.0.1.")
        return
    missing = [name for name in ("app_id", "tenant_id") if not getattr(settings, name)]
    if missing:
        names = " and ".join(f"AUDIT_BOT_{name.upper()}" for name in missing)
        raise SettingsError(
            f"Set {names} (from the bot's registration), or use `audit-bot demo` to try it locally."
        )
    credentials = (settings.app_password, settings.app_certificate_file, settings.app_federated_token_file)
    if sum(credential is not None for credential in credentials) != 1:
        raise SettingsError(
            "Set exactly one of AUDIT_BOT_APP_PASSWORD, AUDIT_BOT_APP_CERTIFICATE_FILE and "
            "AUDIT_BOT_APP_FEDERATED_TOKEN_FILE."
        )


def secret(value: SecretStr | None) -> str | None:
    return value.get_secret_value() if value else None
