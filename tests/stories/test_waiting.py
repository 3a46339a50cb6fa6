"""What is waiting for me? Asked by every party at every step, and with a thousand waiting."""

import json
from typing import Any

from sqlalchemy import Connection, func, insert, select

from storage.tables import exemptions, people, person_roles
from tests.stories.plots import asking, freed, person_id, there, with_dina, with_hana
from tests.stories.world import World, buttons, text_of

ALL = ("amelia", "hana", "dina", "carol", "quinn", "queenie")
LARGEST = 28 * 1024


async def waits_for(world: World) -> set[str]:
    found: set[str] = set()
    for key in ALL:
        said = await world.chat(key).asks("what is waiting for me?")
        assert ("Nothing is waiting for you" in said) != ("Open " in said)
        if "Open " in said:
            found.add(key)
    return found


async def test_at_every_step(world: World) -> None:
    amelia, hana, dina, _, quinn, _ = await there(world, *ALL)
    assert await waits_for(world) == set()
    ask = await with_hana(world)
    assert await waits_for(world) == {"hana"}
    await hana.opens(ask, "Send question", question="When?")
    await world.delivered()
    question = amelia.card("The question")
    assert await waits_for(world) == {"amelia"}
    await amelia.opens(question, "Send answer", answer="On the 18th")
    await world.delivered()
    back = hana.card("On the 18th")
    assert await waits_for(world) == {"hana"}
    await hana.opens(back, "Endorse")
    await world.delivered()
    decide = dina.card("E-1")
    assert await waits_for(world) == {"dina"}
    await dina.opens(decide, "Approve")
    await world.delivered()
    offered = quinn.card("A-101")
    assert await waits_for(world) == {"quinn", "queenie"}
    await quinn.opens(offered, "Give to this auditor", auditor=str(await person_id(world, "gita")))
    assert await waits_for(world) == set()


async def test_from_the_list_to_the_decision(world: World) -> None:
    _, _, dina, *_ = await there(world, *ALL)
    await with_dina(world)
    waiting = await dina.says("approvals")
    assert "1 request to decide" in text_of(waiting)
    card = await dina.opens(waiting, "Open E-1")
    assert "Approved" in text_of(await dina.opens(card, "Approve"))


async def test_a_decision_in_words_opens_what_waits_and_decides_nothing(world: World) -> None:
    _, hana, *_ = await there(world, *ALL)
    await with_hana(world)
    for said in ("approve", "approve amelias exemption", "decline E-1", "i endorse E-1"):
        assert "E-1" in await hana.asks(said)
    assert await world.trail("E-1") == ["exemption.request"]


async def a_thousand_waiting(world: World, approver: str, count: int = 1000) -> None:
    """As many requests with this head of service as no council will ever have."""
    by = await person_id(world, approver)
    now = world.clock()

    [gita] = await world.ask(select(people.c.team_id).where(people.c.email == "gita@council.example"))
    [last] = await world.ask(select(func.max(people.c.id).label("id")))
    first, team = last.id + 1, gita.team_id

    def put(connection: Connection) -> None:
        names: list[dict[str, Any]] = [
            {
                "id": first + n,
                "email": f"p{n}@council.example",
                "name": f"Nn {'x' * 70} {n:04d}",
                "team_id": team,
            }
            for n in range(count)
        ]
        connection.execute(insert(people), names)
        connection.execute(insert(person_roles), [{"person_id": p["id"], "role": "auditor"} for p in names])
        connection.execute(
            insert(exemptions),
            [
                {
                    "person_id": p["id"], "requested_by_id": p["id"], "month": "2026-11", "reason": "statutory_work",
                    "reason_class": "operational", "explanation": "y" * 1000, "state": "with_head_of_service",
                    "level": "head_of_service", "approver_id": by, "requested_at": now, "step_since": now,
                    "last_week": True, "after_issue": True,
                }
                for p in names
            ],
        )  # fmt: skip

    async with world.store.writing() as uow:
        await uow.transaction.run(put, aside=True)
        await uow.commit()


async def test_a_thousand_waiting_are_paged_and_never_too_large(world: World) -> None:
    [karl] = await there(world, "karl")
    await a_thousand_waiting(world, "karl")
    card = await karl.says("what is waiting for me")
    assert "1,000 requests to decide" in text_of(card)
    assert "Showing 1 to 10 of 1,000" in text_of(card)
    seen: set[str] = set()
    for page in range(100):
        assert len(json.dumps(card).encode()) <= LARGEST
        seen |= {title for title in buttons(card) if title.startswith("Open E-")}
        assert ("Previous" in buttons(card)) == (page > 0)
        if "Next" not in buttons(card):
            break
        card = await karl.opens(card, "Next")
    # then every one of them came up once
    assert len(seen) == 1000
    # and what is opened from a page can be decided, or asked about
    opened = await karl.opens(card, buttons(card)[0])
    assert "Endorse" in buttons(opened)
    assert len(json.dumps(opened).encode()) <= LARGEST
    # and the list of all requests is as small
    for said in ("exemptions", "exemptions december"):
        assert len(json.dumps(await karl.says(said)).encode()) <= LARGEST


async def test_the_list_of_requests_shows_each_role_its_part(world: World) -> None:
    everybody = (
        "amelia",
        "ben",
        "gita",
        "hana",
        "karl",
        "dina",
        "edwin",
        "carol",
        "helen",
        "quinn",
        "tom",
        "sol",
    )
    await there(world, *everybody)
    await asking(world.chat("amelia"))
    await asking(world.chat("gita"))
    await world.delivered()
    sees = {key: await world.chat(key).asks("exemptions november") for key in everybody}
    assert {k for k, said in sees.items() if "E-1" in said} == {
        "amelia", "hana", "dina", "carol", "helen", "quinn", "tom",
    }  # fmt: skip
    assert {k for k, said in sees.items() if "E-2" in said} == {
        "gita", "karl", "dina", "carol", "helen", "quinn",
    }  # fmt: skip
    # and who may not see it may not open it by its reference either
    for key in ("ben", "gita", "karl", "edwin", "sol"):
        assert "is shown to the people on it" in await world.chat(key).asks("E-1")


async def test_a_freed_child_waits_for_the_qa_team(world: World) -> None:
    *_, quinn, _ = await there(world, *ALL)
    await freed(world)
    waiting = await quinn.says("freed children")
    assert "A-101 needs another auditor, child C10432, South Team, due on Mon 30 November 2026." in text_of(
        waiting
    )
    assert "Give to this auditor" in buttons(await quinn.opens(waiting, "Open A-101"))
