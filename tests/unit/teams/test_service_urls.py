"""Addresses that may be spoken to, and those that only look like one."""

import pytest

from bot.teams.service_urls import LOOPBACK_HOSTS, ServiceUrlRefused, ServiceUrls, is_loopback, normalised


@pytest.mark.parametrize(
    "url",
    [
        "https://smba.trafficmanager.net/uk/",
        "https://SMBA.trafficmanager.net/uk/0b7f5f1e-7f0f-4f6c-8a39-3d0f6a2f9c22/",
        "https://smba.trafficmanager.net:443/emea",
        "https://eu.smba.trafficmanager.net/",
        "https://smba.infra.gov.teams.microsoft.us/x",
    ],
)
def test_microsofts_connectors_are_allowed(url: str) -> None:
    urls = ServiceUrls()
    assert urls.accept(url) == urls.accept(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://smba.trafficmanager.net/uk/",
        "https://evil.trafficmanager.net/",
        "https://evilsmba.trafficmanager.net/",
        "https://trafficmanager.net/",
        "https://smba.trafficmanager.net.evil.example/",
        "https://smba.trafficmanager.net./",
        "https://smba.trafficmanager.net@evil.example/",
        "https://evil.example/?smba.trafficmanager.net",
        "https://smba.trafficmanager.net/a/../../b\n",
        "https://\u0455mba.trafficmanager.net/",
        "https://smba.trafficmanager.net/" + "x" * 3_000,
        "https://",
        "https:///uk",
        "smba.trafficmanager.net/uk",
        "javascript:alert(1)",
        "https://smba.trafficmanager.net:0/",
        "https://smba.trafficmanager.net:70000/",
        "https://[::1",
        "",
    ],
)
def test_others_are_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(ServiceUrlRefused) as refused:
        ServiceUrls().accept(url)
    assert "evil" not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["http://localhost:56150/_connector", "http://127.0.0.1:1", "http://[::1]:9/x/"]
)
def test_plain_http_is_for_listed_hosts_of_this_machine(url: str) -> None:
    assert ServiceUrls(LOOPBACK_HOSTS).accept(url) == url.rstrip("/")
    with pytest.raises(ServiceUrlRefused):
        ServiceUrls().accept(url)


def test_plain_http_is_not_for_other_listed_hosts() -> None:
    with pytest.raises(ServiceUrlRefused, match="https"):
        ServiceUrls(["connector.example"]).accept("http://connector.example/")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://A.example/uk/", "HTTPS://a.example:443/uk", True),
        ("https://a.example/uk", "https://a.example/UK", False),
        ("https://a.example/uk", "https://a.example/uk/x", False),
        ("https://a.example", "https://a.example/", True),
        ("http://a.example:80/", "http://a.example", True),
        ("https://a.example/uk/%2e%2e/x/./", "https://a.example/x", True),
        ("http://a.example:443/", "https://a.example", False),
    ],
)
def test_spellings_of_one_address(one: str, other: str, *, same: bool) -> None:
    assert (normalised(one) == normalised(other)) is same


def test_the_list_is_read_leniently_and_remembers_boundedly() -> None:
    urls = ServiceUrls([" Connector.Example. ", ""])
    accepted = {urls.accept(f"https://connector.example/{number}") for number in range(1_000)}
    assert len(accepted) == 1_000


@pytest.mark.parametrize(
    ("host", "own"),
    [("localhost", True), ("127.8.8.8", True), ("::1", True), ("10.0.0.1", False), ("x.local", False)],
)
def test_loopback(host: str, *, own: bool) -> None:
    assert is_loopback(host) is own
