"""Chat windows on a developer's machine: the Microsoft 365 Agents Playground, one process for each person.

One instance has one current user, so three people are three instances on three ports, all talking to one bot. It is a
proprietary evaluation version (see `.playground/README.md`): only the fictional council is shown in it.

What version 0.2.28 does, found by experiment (a bot that is right in Teams may still trip over these):

* It sends no token, but a header `x-ms-agents-playground: true`. `channelId` is `msteams`; the tenant is in
  `conversation.tenantId` and in `channelData.tenant.id`; `serviceUrl` is `http://localhost:PORT/_connector`.
* At **every** page load: `installationUpdate` (`action: add`), then `conversationUpdate` with `membersAdded`, for the
  personal chat; for the group and a channel at the first look at each. `from` has no name in these, only ids.
* A message in a group or channel arrives only when it mentions the bot (`<at>Audit bot</at>` in the text). A channel
  thread's conversation id is `TEAM;messageid=N`; the general channel's id is the team's.
* `Action.Execute` is an `invoke` named `adaptiveCard/action`: `value.action` has `type`, `title`, `verb`, `data` and no
  `trigger`; `data` is the button's own data and the inputs together. Inputs left empty are absent, toggles are always
  there, numbers are strings. `replyToId` is the card's message. An answer with a card replaces it; an answer with a
  message stands under the card, whose inputs are then emptied.
* `Action.Submit` is a `message` without `text`, with `value` and `replyToId`.
* `PUT …/activities/ID` replaces a message in place (200); `DELETE` is 501. A conversation that is not there is 404.
* `GET …/members` names the AAD id `objectId`; `…/members/ID` and `…/pagedmembers` name it `aadObjectId`; all give
  `email`, `userPrincipalName`, `tenantId`. Members are found by their `id` only.
* `POST /v3/conversations` opens the personal chat of `members[0].id`: here the user's id **is** the AAD id, so that
  opening by AAD id gives the very chat of the window. An id it does not know gets a chat that nobody sees.
* What is sent while no page is open is accepted (201) and never shown: at the next load it stands in the log panel
  alone. History is lost on reload. So all windows are opened before anything is done. Two pages of one window both
  see what is new.
"""

import asyncio
import json
import os
import signal
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from bot.node import CLIENT, RECIPE, ChatClientUnavailable, find_node, install

TENANT = "6f0f6a0e-6d2c-5e9b-9c7e-0d3a4e6c2b11"
"""The fictional council's tenant."""

FIRST_PORT = 56151
STARTING = 30.0
"""Seconds until a window must listen; a slow disk reads the client's 5 MB for a while."""
SURVIVING = 2.0
"""Seconds that a window must live on after it listens: a wrong configuration ends it only then."""
ENDING = 3.0

_OTHERS = 5
"""With any other number of further users the client ends itself."""


@dataclass(frozen=True, slots=True)
class ChatPerson:
    name: str
    email: str
    aad_object_id: str


@dataclass(frozen=True, slots=True)
class ChatWindow:
    """A person's window: `url` is the page to open, `service_url` where the bot sends to."""

    person: ChatPerson
    url: str
    service_url: str
    conversation_id: str
    directory: Path


class ChatWindows:
    """Starts the people's windows side by side, and ends them and whatever they started, also after an error.

    `async with ChatWindows(bot_url, people, directory) as windows: windows[0].url`. `bot_url` is the address of
    `/api/messages`; the bot need not answer yet. `colleagues` fill the five further users that every window has.
    `command` is how the client is run. Raises ChatClientUnavailable when a window does not come up.
    """

    def __init__(
        self,
        bot_url: str,
        people: Sequence[ChatPerson],
        directory: Path,
        *,
        colleagues: Sequence[ChatPerson] = (),
        command: Sequence[str] | None = None,
        first_port: int = FIRST_PORT,
    ) -> None:
        self._bot_url = bot_url
        self._people = people
        self._directory = directory
        self._colleagues = colleagues
        self._command = command
        self._first_port = first_port
        self._processes: list[asyncio.subprocess.Process] = []

    async def __aenter__(self) -> Sequence[ChatWindow]:
        try:
            command = self._command or await client_command()
            starting = [self._open(command, person, index) for index, person in enumerate(self._people)]
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(start) for start in starting]
        except BaseExceptionGroup as several:
            await self._end()
            raise several.exceptions[0] from several
        except BaseException:
            await self._end()
            raise
        return [task.result() for task in tasks]

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self._end()

    async def _open(self, command: Sequence[str], person: ChatPerson, index: int) -> ChatWindow:
        home = self._directory / person.aad_object_id
        home.mkdir(parents=True, exist_ok=True)
        others = [other for other in (*self._people, *self._colleagues) if other != person]
        chat = _write_configuration(home, person, others)
        port = str(self._first_port + index) if self._first_port else "0"
        arguments = ("-e", self._bot_url, "-c", "msteams", "-p", port, "--disable-telemetry", "true")
        with (home / "errors.log").open("wb") as errors:
            process = await asyncio.create_subprocess_exec(
                *command,
                *arguments,
                cwd=home,
                env=_environment(home),
                stdin=asyncio.subprocess.PIPE,  # held open: see .playground/window.cjs
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )
        self._processes.append(process)
        listening = await _listening(process, person)
        service_url = (
            f"http://localhost:{listening}/_connector"  # the name by which the client itself tells it
        )
        return ChatWindow(person, f"http://127.0.0.1:{listening}/", service_url, chat, home)

    async def first_to_end(self) -> None:
        """Returns when one of the windows has ended."""
        waiting = [asyncio.create_task(process.wait()) for process in self._processes]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()

    async def _end(self) -> None:
        processes, self._processes = self._processes, []
        await asyncio.gather(*(_end_with_children(process) for process in processes))


async def client_command(directory: Path = CLIENT) -> list[str]:
    """How the client is run, having fetched it into `directory` where it is not there yet.

    Raises ChatClientUnavailable when there is no Node or it cannot be fetched.
    """
    node = find_node()
    modules = await install(directory, node)
    client = modules / "@microsoft" / "m365agentsplayground" / "cli.js"
    return [str(node.node), "--require", str(RECIPE / "window.cjs"), str(client)]


async def _listening(process: asyncio.subprocess.Process, person: ChatPerson) -> int:
    """The port that the client took (another one than asked for where that was taken), once it is sure to stay."""
    try:
        port = await asyncio.wait_for(_announced_port(process), STARTING)
    except TimeoutError:
        port = None
    if port is not None:
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), SURVIVING)
    if port is None or process.returncode is not None:
        raise ChatClientUnavailable(f"The chat window for {person.name} did not start; its log says why.")
    return port


async def _announced_port(process: asyncio.subprocess.Process) -> int | None:
    assert process.stdout is not None
    async for line in process.stdout:
        if line.startswith(b"Listening on "):
            return int(line.split()[-1])
    return None


async def _end_with_children(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), ENDING)
    except TimeoutError:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    if process.stdin is not None:
        process.stdin.close()


def _environment(home: Path) -> dict[str, str]:
    """Nothing of the user's environment (proxies, credentials); no program to be found, so no browser either."""
    return {
        "PATH": str(home),
        "HOME": str(home),
        "TEAMSAPPTESTER_BROWSER": "none",
        "M365_AGENTS_PLAYGROUND_LOGFILE": str(home / "client.log"),
        "M365_AGENTS_PLAYGROUND_CONFIG_PATH": str(home / ".m365agentsplayground.yml"),
    }


def _write_configuration(home: Path, person: ChatPerson, others: Sequence[ChatPerson]) -> str:
    """Gives the personal chat's id. Groups and teams too are one's own: each window is a Teams of its own."""
    five = [*others, *(_passer_by(number) for number in range(_OTHERS))][:_OTHERS]
    key = person.aad_object_id
    configuration = {
        "version": "0.1.1",
        "tenantId": TENANT,
        "bot": {"id": "audit-bot", "name": "Audit bot"},
        "currentUser": _user(person),
        "users": [_user(other) for other in five],
        "personalChat": {"id": f"personal-{key}"},
        "groupChat": {"id": f"group-{key}", "name": "Managers"},
        "team": {
            "id": f"team-{key}",
            "name": "Quality assurance",
            "aadGroupId": str(uuid.uuid5(uuid.UUID(key), "team")),
            "channels": [{"id": f"channel-{key}", "name": "Announcements"}],
        },
    }
    # Every JSON text is YAML too, and needs no rules about quoting.
    (home / ".m365agentsplayground.yml").write_text(json.dumps(configuration, indent=1), encoding="utf-8")
    return f"personal-{key}"


def _user(person: ChatPerson) -> dict[str, str]:
    given_name, _, surname = person.name.partition(" ")
    return {
        "id": person.aad_object_id,
        "name": person.name,
        "userPrincipleName": person.email,  # so spelt by the client
        "aadObjectId": person.aad_object_id,
        "givenName": given_name,
        "surname": surname or given_name,
        "email": person.email,
    }


def _passer_by(number: int) -> ChatPerson:
    key = uuid.uuid5(uuid.UUID(TENANT), f"passer-by {number}")
    return ChatPerson(f"Colleague {number + 1}", f"colleague{number + 1}@example.org", str(key))
