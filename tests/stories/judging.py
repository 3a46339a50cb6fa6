"""Openings of the stories about moderation: what has come back, who judges it, and how far it has come."""

import pytest

from tests.stories.plots import there
from tests.stories.world import CardJson, Chat, World, choices

BACK = """audit_ref,month,kind,child_ref,team,legal_status,auditor,issued_on,returned_on,grade
A-201,2026-11,core,C10432,South Team,child_in_need,amelia@council.example,2026-11-02,2026-11-09,good
A-202,2026-11,core,C10600,North Team,child_protection_plan,ben@council.example,2026-11-02,2026-11-09,inadequate
A-203,2026-11,core,C10501,East Team,child_in_care,hana@council.example,2026-11-02,2026-11-10,outstanding
A-204,2026-11,core,C10700,North Team,care_leaver,gita@council.example,2026-11-02,2026-11-10,requires_improvement
A-205,2026-11,core,C10501,East Team,child_in_care,amelia@council.example,2026-11-02,2026-11-10,good
"""
"""Five returns; the policy's quarter is two of them: the Outstanding and one Good."""
MODERATORS = {
    "farah": {"roles": "auditor;moderator"},
    "liam": {"roles": "auditor;moderator"},
    "ben": {"roles": "auditor"},
}
"""Farah of the North Team and Liam of the West Team."""
SAMPLE = "moderation sample"
ON_ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what is asked of the rules and the cards alone."""


async def returned(world: World, *keys: str) -> list[Chat]:
    """Everybody has the app, five audits of November are back, Farah and Liam moderate."""
    chats = await there(world, *keys)
    await world.people_change(MODERATORS)
    path = world.folder / "returned.csv"
    path.write_text(BACK, encoding="utf-8")
    await world.imported("audits", path)
    return chats


async def sampled(world: World) -> None:
    """Quinn confirms the month's sample."""
    quinn = world.chat("quinn")
    await quinn.opens(await quinn.says(SAMPLE), "Name these 2 moderations")
    await world.delivered()


async def moderating(world: World, ref: str = "A-201", by: str = "Liam Grant") -> CardJson:
    """Quinn names the moderator of one audit; gives the moderator's card of it."""
    quinn = world.chat("quinn")
    card = await quinn.says(ref)
    form = await quinn.opens(card, "Name a moderator")
    team = {"Liam Grant": "West Team", "Farah Iqbal": "North Team"}[by]
    chosen = choices(form, "moderator")[f"{by} ({team})"]
    await quinn.opens(form, "Name this moderator", moderator=chosen, note="Liam knows care plans")
    await world.delivered()
    return world.chat(by.split(maxsplit=1)[0].lower()).card(ref)


async def agreed(world: World, ref: str = "A-201") -> None:
    """Liam agrees with the grade."""
    liam = world.chat("liam")
    form = await liam.opens(await moderating(world, ref), "Moderate")
    await liam.opens(form, next(t for t in _titles(form) if t.startswith("Agree")))
    await world.delivered()


async def changed(world: World, ref: str = "A-201", to: str = "inadequate") -> None:
    """Liam gives another grade, with a reason."""
    liam = world.chat("liam")
    form = await liam.opens(await moderating(world, ref), "Moderate")
    await liam.opens(form, "Save this grade", moderated_grade=to, note="No visit for six months")
    await world.delivered()


def _titles(card: CardJson) -> list[str]:
    return [action.get("title", "") for action in card.get("actions", [])]
