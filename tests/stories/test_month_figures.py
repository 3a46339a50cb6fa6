"""The figures of a month that was issued here: the pool stays whole when somebody is exempted after issue, and what
does not add up is said."""

from domain.calendar import Month, local_date
from domain.measures.tables import Figure, Span
from domain.policy import Policy
from domain.usecases import figures
from tests.stories.drawing import previewed, with_children
from tests.stories.plots import asking, there
from tests.stories.world import World

DECEMBER = Span(Month(2026, 12), Month(2026, 12))


async def completion(world: World) -> Figure:
    asked = figures.Question("completion", DECEMBER)
    return await figures.figure(world.store, Policy(), asked, local_date(world.clock()))


async def test_exempt_after_issue_leaves_the_pool_by_its_class_and_the_child_waits(world: World) -> None:
    await with_children(world)
    quinn, amelia, hana, dina = await there(world, "quinn", "amelia", "hana", "dina")
    await quinn.opens(await previewed(quinn), "Issue now")
    issued = (await completion(world)).rows[0].values
    assert issued["pool"] == issued["allocated"] == issued["outstanding"]
    assert (await completion(world)).notes == ()

    await asking(amelia, month="2026-12")
    await world.delivered()
    await hana.opens(hana.card("E-1"), "Endorse")
    await world.delivered()
    await dina.opens(dina.card("E-1"), "Approve")
    found = await completion(world)
    values = found.rows[0].values
    assert values["pool"] == issued["pool"], "the same people, one of them exempt"
    assert isinstance(values["overall_denominator"], int)
    assert (values["non_operational"], values["operational"]) == (1, 0)
    assert values["allocated"] == values["overall_denominator"] - 1
    assert found.notes == ("1 audit waits for another auditor: not allocated",)


async def test_an_auditor_who_got_nothing_is_missed(world: World) -> None:
    await with_children(world, each=1)
    (quinn,) = await there(world, "quinn")
    await quinn.opens(await previewed(quinn, total="2"), "Issue now")
    found = await completion(world)
    assert found.rows[0].values["pool"] == 2
    (note,) = found.notes
    assert note.startswith("2026-12: the pool was ")
    assert note.endswith(" auditors have neither an audit nor an exemption")
