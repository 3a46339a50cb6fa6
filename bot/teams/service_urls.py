"""Which connector addresses the bot believes and talks to.

The service URL of an activity says where the answer, with the bot's own token on it, will be sent. So it is parsed
with the same library that later sends, and a host passes only as an entry of the allow-list or below one (at a dot).
"""

import ipaddress
from collections.abc import Iterable
from functools import lru_cache

from yarl import URL

MICROSOFT_HOSTS = (
    "smba.trafficmanager.net",
    "smba.infra.gcc.teams.microsoft.com",
    "smba.infra.gov.teams.microsoft.us",
    "smba.infra.dod.teams.microsoft.us",
    "botframework.com",
    "botframework.azure.us",
)
"""The connectors of Microsoft's clouds (Teams documentation, "Proactive messages": service URLs)."""

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")
_LONGEST = 2_048
_REMEMBERED = 256


class ServiceUrlRefused(ValueError):
    """Not an address of an allowed connector. The message never repeats the address: it is an attacker's text."""


def is_loopback(host: str) -> bool:
    """True for `localhost` and the addresses of this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@lru_cache(maxsize=_REMEMBERED)
def _parse(url: str) -> URL:
    if len(url) > _LONGEST or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise ServiceUrlRefused("service URL is not a plain address")
    try:
        parsed = URL(url)
        port = parsed.port
    except ValueError as error:
        raise ServiceUrlRefused("service URL cannot be read") from error
    if not parsed.absolute or not parsed.host or not port:
        raise ServiceUrlRefused("service URL has no host")
    if parsed.user or parsed.password or parsed.query_string or parsed.fragment:
        raise ServiceUrlRefused("service URL has parts that do not belong there")
    return parsed


def normalised(url: str) -> str:
    """The address in its one form: scheme and host in lower case, no default port, no slash at the end.

    The path keeps its case. Two spellings of the same address are equal in this form.
    """
    parsed = _parse(url)
    port = "" if parsed.is_default_port() else f":{parsed.port}"
    host = f"[{parsed.host}]" if ":" in (parsed.host or "") else parsed.host
    return f"{parsed.scheme}://{host}{port}{parsed.raw_path.rstrip('/')}"


class ServiceUrls:
    """The allow-list: `hosts` are names, exact or parents of the asked host. Plain http only for a loopback host
    that is itself on the list (a developer's machine, tests)."""

    def __init__(self, hosts: Iterable[str] = MICROSOFT_HOSTS) -> None:
        self._hosts = tuple(host.strip().strip("[]").lower().rstrip(".") for host in hosts if host.strip())
        self._accepted: dict[str, str] = {}

    def accept(self, url: str) -> str:
        """The normalised address. Raises ServiceUrlRefused."""
        known = self._accepted.get(url)
        if known is not None:
            return known
        form = self._check(url)
        if len(self._accepted) >= _REMEMBERED:
            self._accepted.clear()
        self._accepted[url] = form
        return form

    def _check(self, url: str) -> str:
        parsed = _parse(url)
        host = (parsed.host or "").lower()
        if not any(host == entry or host.endswith(f".{entry}") for entry in self._hosts):
            raise ServiceUrlRefused("service URL is not on the list of allowed hosts")
        plain_allowed = is_loopback(host) and host in self._hosts
        if parsed.scheme != "https" and not (parsed.scheme == "http" and plain_allowed):
            raise ServiceUrlRefused("service URL must be https")
        return normalised(url)
