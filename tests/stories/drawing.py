"""Openings that the stories of the draw share: children to draw from, and a draw that is previewed or issued."""

from tests.stories.world import CardJson, Chat, World, text_of

COHORTS = ("looked_after", "child_in_need", "child_protection_plan")
TEAMS = ("North Team", "South Team", "East Team", "West Team")


def children_csv(each: int = 8) -> str:
    """`each` children of every team, the cohorts in turn; one of South Team's on Sol's caseload."""
    lines = ["child_ref,team,legal_status,cohorts,social_worker,opened"]
    for t, team in enumerate(TEAMS):
        for n in range(each):
            worker = "sol@council.example" if team == "South Team" and n == 0 else ""
            cohort = COHORTS[n % len(COHORTS)]
            lines.append(f"C{20000 + t * 1000 + n},{team},child_in_need,{cohort},{worker},2026-01-05")
    return "\n".join(lines) + "\n"


async def with_children(world: World, each: int = 8) -> None:
    path = world.folder / "more-children.csv"
    path.write_text(children_csv(each), encoding="utf-8")
    await world.imported("children", path)


async def the_form(quinn: Chat, said: str = "issue audits for december") -> CardJson:
    return await quinn.says(said)


async def previewed(quinn: Chat, said: str = "issue audits for december", **filled: str) -> CardJson:
    card = await quinn.opens(await the_form(quinn, said), "Preview", **filled)
    assert "Preview of the draw" in text_of(card), text_of(card)
    return card
