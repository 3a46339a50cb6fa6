"""Openings that many stories share: who is there, and how far a request has come."""

from tests.stories.world import CardJson, Chat, World, choices

ILL = "Ill health (non-operational)"
COURT = "Unusually high statutory work (operational)"


async def there(world: World, *keys: str) -> list[Chat]:
    """People with the app installed; what they were greeted with is old news."""
    found = [world.chat(key) for key in keys]
    for chat in found:
        await chat.install()
        chat.news()
    return found


async def asking(
    chat: Chat, *, month: str = "2026-11", reason: str = ILL, explanation: str = "Operation on the 18th"
) -> CardJson | str:
    """Fills in the form that `exemption` opens, and sends it."""
    form = await chat.says("exemption")
    return await chat.press(
        form, "Send request", month=month, reason=choices(form, "reason")[reason], explanation=explanation
    )


async def with_hana(world: World, **said: str) -> CardJson:
    """E-1 of Amelia waits for Hana, her head of service; gives Hana's card."""
    await asking(world.chat("amelia"), **said)
    await world.delivered()
    return world.chat("hana").card("E-1")


async def with_dina(world: World, **said: str) -> CardJson:
    """Hana has endorsed E-1, and it waits for Dina, the director; gives Dina's card."""
    ask = await with_hana(world, **said)
    await world.chat("hana").opens(ask, "Endorse")
    await world.delivered()
    return world.chat("dina").card("E-1")


async def with_carol(world: World, **said: str) -> CardJson:
    """Dina asks to be exempt herself: it goes to the DCS. Dina must be an auditor in this story's people file."""
    await world.people_change({"dina": {"roles": "director;auditor", "auditor_from": "2025-01-01"}})
    await asking(world.chat("dina"), **said)
    await world.delivered()
    return world.chat("carol").card("E-1")


async def freed(world: World) -> CardJson:
    """Amelia is exempt after issue; gives Quinn's card of the child that needs another auditor."""
    decide = await with_dina(world)
    await world.chat("dina").opens(decide, "Approve")
    await world.delivered()
    return world.chat("quinn").card("A-101")


async def person_id(world: World, key: str) -> int:
    async with world.store.reading() as uow:
        person = await uow.people.by_email(world.chat(key).who.email)
    assert person is not None
    return person.id
