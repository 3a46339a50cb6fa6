"""What stories of children of concern share: one is raised, the ladder is climbed minute by minute, and the steps are
taken on the cards, as people take them."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from storage.tables import trail
from tests.stories.world import CardJson, Chat, World, buttons, text_of

EVERYBODY = ("amelia", "hana", "dina", "carol", "helen", "quinn", "tom")
"""Who raises, the head of service, the director, the DCS, the head of quality, the QA team, and the team's manager."""
ACK = "Acknowledge: I have it"
GROUNDS = "Nobody has seen the child for three weeks."
NORTH_CHILD = "C10600"
"""In North Team: Tom manages it, Hana is its head of service, Dina its director."""


async def raises(
    chat: Chat, child: str = NORTH_CHILD, category: str = "1", grounds: str = GROUNDS
) -> CardJson:
    """Fills in the form that a few words open; gives the card that takes its place."""
    form = await chat.says("raise a concern")
    return await chat.opens(form, "Raise it now", child=child, category=category, grounds=grounds)


async def raised(world: World, who: str = "amelia", **said: str) -> CardJson:
    """C-1 is on the tracker and everybody has been told."""
    card = await raises(world.chat(who), **said)
    await world.delivered()
    return card


async def quiet(world: World, people: Collection[str] = EVERYBODY) -> None:
    """What has come so far is old news."""
    for key in people:
        world.chat(key).news()


async def climbing(
    world: World, minutes: int, people: Collection[str] = EVERYBODY, *, every: int = 5
) -> dict[int, list[str]]:
    """A tick `every` so many minutes: who was written to, by how many minutes went by from now."""
    found: dict[int, list[str]] = {}
    start = world.clock()
    for minute in range(every, minutes + 1, every):
        world.clock.now = start
        world.clock.forward(minutes=minute)
        await world.tick()
        told = [key for key in people if world.chat(key).news()]
        if told:
            found[minute] = told
    return found


async def steps(chat: Chat, title: str, go: str, *, of: str = "C-1", **filled: Any) -> CardJson:
    """Opens the form of a step from the newest card, fills it in and sends it; gives the card after it."""
    form = await chat.opens(chat.card(of), title)
    return await chat.opens(form, go, **filled)


async def acknowledged(world: World, *keys: str, of: str = "C-1") -> None:
    """Each from the newest of their cards; everything that follows has been sent."""
    for key in keys or ("hana", "dina"):
        chat = world.chat(key)
        await chat.opens(chat.card(f"({of})"), ACK)
        await world.delivered()


async def looks(world: World, of: str = "C-1") -> int:
    """How many looks at it are in the trail."""
    rows = await world.ask(select(trail.c.facts).where(trail.c.action == "concern.viewed"))
    return sum(of in str(json.loads(row.facts).get("refs", "")).split(";") for row in rows)


async def shown(chat: Chat, of: str = "C-1") -> tuple[str, list[str]]:
    """What somebody reads, and may press, who asks for it."""
    card = await chat.says(f"whats happening with {of}")
    return text_of(card), buttons(card)
