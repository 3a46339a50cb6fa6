"""Node is found where it is, and the chat client is fetched once, whole, and from a lock that names no host."""

import json
import os
import sys
from pathlib import Path

import pytest

from bot.node import RECIPE, ChatClientUnavailable, Node, find_node, install, is_installed

NPM = """
import pathlib, sys
calls = pathlib.Path({log!r})
calls.write_text(calls.read_text() + " ".join(sys.argv[1:]) + "\\n")
pathlib.Path("node_modules").mkdir()
if {code}:
    print("npm error code ENETUNREACH\\nnpm error the registry could not be reached", file=sys.stderr)
sys.exit({code})
"""


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    folder = tmp_path / "recipe"
    folder.mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        (folder / name).write_text("{}")
    return folder


def an_npm(tmp_path: Path, code: int = 0) -> tuple[Node, Path]:
    log, script = tmp_path / "calls", tmp_path / f"npm{code}.py"
    log.touch()
    script.write_text(NPM.format(log=str(log), code=code))
    return Node(Path(sys.executable), (sys.executable, str(script))), log


async def test_the_client_is_fetched_once(tmp_path: Path, recipe: Path) -> None:
    node, calls = an_npm(tmp_path)

    first = await install(tmp_path / "var" / "client", node, recipe)
    second = await install(tmp_path / "var" / "client", node, recipe)

    assert first == second
    assert first.exists()
    assert calls.read_text().splitlines() == ["ci --no-progress"]


async def test_another_lock_is_fetched_anew(tmp_path: Path, recipe: Path) -> None:
    node, calls = an_npm(tmp_path)
    await install(tmp_path / "client", node, recipe)

    (recipe / "package-lock.json").write_text('{"packages": {}}')

    assert not is_installed(tmp_path / "client", recipe)
    await install(tmp_path / "client", node, recipe)
    assert len(calls.read_text().splitlines()) == 2


async def test_a_fetch_that_fails_says_why_and_leaves_nothing(tmp_path: Path, recipe: Path) -> None:
    node, _ = an_npm(tmp_path, code=1)

    with pytest.raises(ChatClientUnavailable) as told:
        await install(tmp_path / "client", node, recipe)

    assert str(told.value) == "The chat client could not be fetched: the registry could not be reached."
    assert [name for name in os.listdir(tmp_path) if name.startswith("client")] == []


async def test_outside_of_a_source_checkout_there_is_no_client(tmp_path: Path) -> None:
    node, calls = an_npm(tmp_path)
    with pytest.raises(ChatClientUnavailable, match="source checkout"):
        await install(tmp_path / "client", node, tmp_path / "nothing")
    assert calls.read_text() == ""


def test_node_of_the_machine_comes_first(tmp_path: Path) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)

    found = find_node(path=os.fspath(tmp_path))

    assert found == Node(tmp_path / "node", (str(tmp_path / "npm"),))


def test_the_lock_has_hashes_and_names_no_host() -> None:
    text = (RECIPE / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    wanted = json.loads((RECIPE / "package.json").read_text())["dependencies"]
    assert "://" not in text
    assert all(entry["integrity"].startswith("sha512-") for name, entry in packages.items() if name)
    assert packages[""]["dependencies"] == wanted
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
