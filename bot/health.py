"""How the process is: for the load balancer (`/healthz`), for monitoring (`/readyz`), for Prometheus (`/metrics`)."""

import hmac
import ipaddress
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

Part = Callable[[], Awaitable[str | None]]
"""None when well, else one short reason without secrets."""


class Metrics:
    """Counters of this process. Labels are codes of ours; nothing personal, nothing a sender can make up."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._events = Counter(
            "audit_bot_events", "Events by kind and label", ["event", "label"], registry=self.registry
        )
        self.turn_seconds = Histogram(
            "audit_bot_turn_seconds", "Time of a turn, from request to answer", registry=self.registry
        )
        self.oldest_seconds = Gauge(
            "audit_bot_outbox_oldest_seconds",
            "Age of the oldest due message",
            ["lane"],
            registry=self.registry,
        )
        self.findings = Gauge(
            "audit_bot_self_check_findings",
            "What the last self-check found",
            ["trouble"],
            registry=self.registry,
        )
        self.climbing = Gauge(
            "audit_bot_alerts_climbing", "Alerts that nobody has acknowledged yet", registry=self.registry
        )

    def count(self, event: str, label: str = "") -> None:
        self._events.labels(event, label).inc()

    def page(self) -> bytes:
        return generate_latest(self.registry)


@dataclass(frozen=True, slots=True)
class Health:
    """The routes. `parts` are asked on `/readyz`; `refresh` brings gauges up to date before `/metrics` is printed."""

    metrics: Metrics
    parts: Mapping[str, Part]
    refresh: Callable[[], Awaitable[None]]
    metrics_token: str | None = None

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/healthz", self._healthz),
            web.get("/readyz", self._readyz),
            web.get("/metrics", self._metrics),
        ]

    async def _healthz(self, request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _readyz(self, request: web.Request) -> web.Response:
        failing = await self.examine()
        status = 503 if failing else 200
        return web.json_response(
            {"status": "not ready" if failing else "ready", "failing": failing}, status=status
        )

    async def examine(self) -> dict[str, str]:
        """The failing parts with their reasons; empty when all is well."""
        found = {name: await part() for name, part in self.parts.items()}
        return {name: reason for name, reason in found.items() if reason is not None}

    async def _metrics(self, request: web.Request) -> web.Response:
        if not self._may_read(request):
            return web.json_response(
                {"error": {"code": "401", "message": "a bearer token is needed"}}, status=401
            )
        await self.refresh()
        return web.Response(body=self.metrics.page(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    def _may_read(self, request: web.Request) -> bool:
        """With a token set, only with it; without one, only from this machine (a proxy's header counts for nothing)."""
        if self.metrics_token:
            given = request.headers.get("Authorization", "")
            return hmac.compare_digest(given.encode(), f"Bearer {self.metrics_token}".encode())
        forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded"))
        return not forwarded and _is_loopback(request.remote)


def _is_loopback(address: str | None) -> bool:
    try:
        return address is not None and ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
