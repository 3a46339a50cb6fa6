"""Every button that there is, pressed by everybody on an audit that is not theirs, with a card that somebody forwarded:
each gets a plain answer, nobody is shown anything of it, and nothing of it changes (invariant I6)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from domain.policy import Policy
from domain.ports import Once
from domain.usecases import requests
from storage.tables import audits, exemptions, trail
from tests.doubles import activities
from tests.stories.council import OUTSIDER
from tests.stories.plots import asking, person_id, there
from tests.stories.world import Chat, World, reads
from tests.unit.dialogs.presses import WHOLE

REF, CHILD, AUDITOR = "A-103", "C10501", "Hana Whitfield"
"""Of East Team, which is Karl's; its auditor is Hana, of North Team, whom Dina is above; Sol works with the child."""
STRANGERS = {
    "amelia": "auditor",
    "ben": "auditor;moderator",
    "edwin": "director",
    "farah": "service_manager",
    "gita": "iro",
    "liam": "head_of_service",
    "newt": "assistant_director",
    "queenie": "social_worker",
    "tom": "team_manager",
}
"""With nothing to do with it, of every role but those that see all audits."""
PARTIES = ("sol", "karl", "dina", "carol", "helen", "quinn", "hana")
"""Who may see something of it, or everything."""
WHY, ILL = "A hearing in Zanzibar", "Quokka bites"
"""What Hana wrote when she asked for more time, and to be exempt."""
NEVER = ("Traceback", "not_allowed", "out_of_date", "not_found", "None", "{", "Error")
_SLOTS = {"A-104": REF, "RQ-7": "RQ-1", "E-12": "E-1", "C10432": CHILD}


def _presses() -> Iterator[tuple[str, dict[str, Any]]]:
    """The verb and the data of every button that there is, about the audit and what was asked about it."""
    for payload in WHOLE:
        press = payload.press()
        data = {key: _SLOTS.get(v, v) if isinstance(v, str) else v for key, v in press.data.items()}
        yield press.verb, {key: 1 if key in ("version", "seen", "draw") else v for key, v in data.items()}


async def _hanas_wishes(world: World) -> None:
    """She might be late, and would rather be exempt."""
    async with world.store.reading() as uow:
        hana = await uow.people.actor_of(await person_id(world, "hana"))
    assert hana is not None
    slip = requests.Slip(REF, 1, date(2026, 12, 2), WHY)
    await requests.ask_slippage(world.store, Policy(), hana, slip, world.clock(), Once("slips", ""))
    await asking(world.chat("hana"), explanation=ILL)


async def _pressed(chat: Chat, verb: str, data: dict[str, Any]) -> str:
    """What can be read in the answer: there is always one, and never an error."""
    world = chat.world
    activity = activities.execute(world.connector.url, verb, data, **chat.place())
    status, answer = await world.post(activity)
    assert (status, answer["statusCode"]) == (200, 200), (chat.who.key, verb, status, answer)
    said = reads(answer["value"])
    assert len(said.split()) > 2, (chat.who.key, verb, said)
    if isinstance(answer["value"], str):
        assert not [word for word in NEVER if word in said], (chat.who.key, verb, said)
    return said


async def _stand(world: World) -> list[Any]:
    """The audit and the exemption, as they are kept."""
    return [
        *await world.ask(select(audits).where(audits.c.ref == REF)),
        *await world.ask(select(exemptions)),
    ]


def _shows(said: str) -> list[str]:
    """What should not be read by a stranger."""
    private = [WHY, ILL, CHILD] + ([AUDITOR] if REF in said else [])
    return [word for word in private if word in said]


async def _strangers_press(world: World, *keys: str) -> None:
    before, begun = await _stand(world), len(await world.trail())
    for chat in [*(world.chat(key) for key in keys), world.chat(OUTSIDER)]:
        for verb, data in _presses():
            said = await _pressed(chat, verb, data)
            assert not _shows(said), (chat.who.key, verb, said)
    assert await _stand(world) == before
    rows = await world.ask(select(trail.c.action, trail.c.subject).order_by(trail.c.seq))
    assert len(rows) > begun
    about = [row.action for row in rows if row.subject in (REF, "RQ-1", "E-1")]
    assert [action for action in about if not action.startswith("refused.")] == [
        "request.ask",
        "exemption.request",
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_everybody_presses_everything_on_an_audit_that_is_not_theirs(world: World) -> None:
    await world.people_change({key: {"roles": roles} for key, roles in STRANGERS.items()})
    await there(world, "newt")
    await _hanas_wishes(world)
    await _strangers_press(world, *STRANGERS)
    for key in PARTIES:
        for verb, data in _presses():
            await _pressed(world.chat(key), verb, data)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_stranger_presses_everything_on_the_other_database(world: World) -> None:
    await _hanas_wishes(world)
    await _strangers_press(world, "amelia")
