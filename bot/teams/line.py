"""The whole line to Teams, put together from settings: what the composition root opens and closes.

Events told to `count` (event, label): `request_refused` (HTTP status), `activity_ignored` (activity type or "other"),
`invoke_late` ("answered_later"), `connector_status` (HTTP status), `connector_error` (kind of error),
`message_over_budget` ("sent"), `message_too_large` ("refused").
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp

from bot.teams.adapter import Adapter
from bot.teams.auth import IncomingAuth
from bot.teams.connector import Connector
from bot.teams.credentials import (
    PUBLIC_CLOUD_LOGIN,
    PUBLIC_CLOUD_SCOPE,
    CertificateProof,
    Credential,
    FederatedProof,
    Proof,
    SecretProof,
    token_address,
)
from bot.teams.endpoint import BODY_SECONDS, INVOKE_SECONDS, AioHandler, Endpoint, EndpointWords
from bot.teams.keys import SigningKeys
from bot.teams.messages import Count, no_count
from bot.teams.roster import Roster
from bot.teams.service_urls import LOOPBACK_HOSTS, MICROSOFT_HOSTS, ServiceUrls, is_loopback
from bot.teams.throttle import DEFAULT_RATE, Throttle
from bot.turns import OnTurn

PUBLIC_CLOUD_METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
PUBLIC_CLOUD_ISSUER = "https://api.botframework.com"
_CONNECTIONS = 100
_KEEP_ALIVE_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class TeamsOptions:
    """What the line needs of the settings. `app_id` None is the insecure local mode: no token is wanted or sent, and
    only connectors on this machine are spoken to."""

    app_id: str | None = None
    tenant_id: str | None = None
    proof: Proof | None = None
    metadata_url: str = PUBLIC_CLOUD_METADATA
    login_url: str = PUBLIC_CLOUD_LOGIN
    issuer: str = PUBLIC_CLOUD_ISSUER
    scope: str = PUBLIC_CLOUD_SCOPE
    service_url_hosts: tuple[str, ...] = MICROSOFT_HOSTS
    rate: int = DEFAULT_RATE
    bot_id: str | None = None

    def __post_init__(self) -> None:
        if self.app_id is None:
            if not all(is_loopback(host) for host in self.hosts):
                raise ValueError("without an app id only connectors on this machine can be served")
        elif not self.tenant_id or self.proof is None:
            raise ValueError("an app id needs a tenant id and a credential")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The allow-list in force."""
        local = self.app_id is None and self.service_url_hosts == MICROSOFT_HOSTS
        return LOOPBACK_HOSTS if local else self.service_url_hosts


def proof_of(
    password: str | None, certificate_file: Path | None, federated_token_file: Path | None
) -> Proof | None:
    """The one credential that is set; None for none. Raises ValueError for more than one."""
    given: list[Proof] = []
    if password:
        given.append(SecretProof(password))
    if certificate_file:
        given.append(CertificateProof(certificate_file))
    if federated_token_file:
        given.append(FederatedProof(federated_token_file))
    if len(given) > 1:
        raise ValueError("set one of password, certificate file and federated token file, not several")
    return given[0] if given else None


class TeamsLine:
    """An open line: `async with TeamsLine(options) as line`, then `line.teams`, `line.roster`, `line.handler(on_turn)`.

    Opening does not touch the network; `warm()` fetches the token keys ahead of the first message.
    """

    def __init__(self, options: TeamsOptions, count: Count = no_count) -> None:
        self._options = options
        self._count = count
        self._service_urls = ServiceUrls(options.hosts)
        self._keys: SigningKeys | None = None
        self._credential: Credential | None = None
        self._session: aiohttp.ClientSession | None = None
        self._connector: Connector | None = None
        self._roster: Roster | None = None
        self._endpoints: list[Endpoint] = []

    async def __aenter__(self) -> Self:
        pool = aiohttp.TCPConnector(
            limit=_CONNECTIONS, ttl_dns_cache=300, keepalive_timeout=_KEEP_ALIVE_SECONDS
        )
        session = self._session = aiohttp.ClientSession(connector=pool, cookie_jar=aiohttp.DummyCookieJar())
        options = self._options
        if options.app_id is not None and options.tenant_id is not None and options.proof is not None:
            self._keys = SigningKeys(options.metadata_url, session)
            self._credential = Credential(
                app_id=options.app_id,
                token_url=token_address(options.login_url, options.tenant_id),
                proof=options.proof,
                session=session,
                scope=options.scope,
            )
        self._connector = Connector(
            session=session,
            throttle=Throttle(options.rate),
            service_urls=self._service_urls,
            credential=self._credential,
            bot_id=options.bot_id or f"28:{options.app_id or 'local'}",
            count=self._count,
        )
        self._roster = Roster(self._connector)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for part in (*self._endpoints, self._keys, self._credential):
            if part is not None:
                await part.aclose()
        if self._session is not None:
            await self._session.close()

    @property
    def teams(self) -> Connector:
        """The sending side (`bot.turns.Teams`)."""
        assert self._connector is not None, "the line is not open"
        return self._connector

    @property
    def roster(self) -> Roster:
        """Roster entries, remembered for a while."""
        assert self._roster is not None, "the line is not open"
        return self._roster

    @property
    def ready(self) -> bool:
        """Whether requests can be judged: token keys are there, or none are needed."""
        return self._keys is None or self._keys.ready

    async def warm(self) -> bool:
        """Fetches the token keys where there are none yet; tells whether requests can be judged now."""
        return True if self._keys is None else await self._keys.warm()

    async def finish(self, seconds: float) -> None:
        """Gives the turns whose answer is still to come (`invoke_late`) some time to end."""
        await asyncio.gather(*(endpoint.aclose(seconds) for endpoint in self._endpoints))

    async def check_credential(self) -> None:
        """Asks for a token for the connector, for `audit-bot check`. Raises `bot.turns.TryAgain`."""
        if self._credential is not None:
            await self._credential.token()

    def handler(
        self,
        on_turn: OnTurn,
        words: EndpointWords | None = None,
        body_seconds: float = BODY_SECONDS,
        invoke_seconds: float = INVOKE_SECONDS,
    ) -> AioHandler:
        """The aiohttp handler for `POST /api/messages`. A body has `body_seconds` to arrive; an answer to a button
        that takes longer than `invoke_seconds` is brought later, as a message."""
        auth = IncomingAuth(
            app_id=self._options.app_id,
            tenant_id=self._options.tenant_id,
            service_urls=self._service_urls,
            keys=self._keys,
            issuer=self._options.issuer,
        )
        adapter = Adapter(self.teams, self._options.app_id)
        endpoint = Endpoint(
            auth=auth,
            adapter=adapter,
            teams=self.teams,
            on_turn=on_turn,
            words=words,
            count=self._count,
            body_seconds=body_seconds,
            invoke_seconds=invoke_seconds,
        )
        self._endpoints.append(endpoint)
        return endpoint.handle
