"""Requests for other people, and requests of those who decide themselves: they go one step up."""

from tests.stories.plots import COURT, asking, person_id, there, with_hana
from tests.stories.world import World, buttons, choices, text_of

ALL = ("amelia", "ben", "farah", "hana", "karl", "dina", "edwin", "carol", "quinn")


async def test_a_head_of_service_asks_for_several_at_once(world: World) -> None:
    amelia, ben, _, hana, _, dina, *_ = await there(world, *ALL)
    form = await hana.says("exemption for my managers")
    people = choices(form, "people")
    # given the auditors of her service, herself and other services left out
    assert list(people) == ["Amelia Adeyemi (North Team)", "Ben Clarke (South Team)", "Farah Iqbal (North Team)",
                            "Newt Fisher (South Team)"]  # fmt: skip
    chosen = ",".join((people["Amelia Adeyemi (North Team)"], people["Ben Clarke (South Team)"]))
    sent = await hana.opens(
        form,
        "Send requests",
        people=chosen,
        month="2026-12",
        reason=choices(form, "reason")[COURT],
        explanation="Final hearings",
    )
    assert "2 requests sent" in text_of(sent)
    assert {"Open E-1", "Open E-2"} < set(buttons(sent))
    await world.delivered()
    # then each is told, with their own reference, and the director is asked: Hana cannot be her own approver
    for chat, ref in ((amelia, "E-1"), (ben, "E-2")):
        told = chat.told()
        assert f"{ref}: Because Hana Whitfield asked for an exemption for you in December 2026" in told
        assert "Waiting for the director" in told
    assert "Because Hana Whitfield asked for an exemption for Amelia Adeyemi" in dina.told()
    # when one is approved and the other declined, both sides are told
    hana.news()
    await dina.opens(dina.card("E-1"), "Approve")
    await dina.opens(dina.card("E-2"), "Decline this request", note="One is enough")
    await world.delivered()
    assert "you do not need to audit in December 2026" in amelia.told()
    assert "One is enough" in ben.told()
    told = hana.told()
    assert "Amelia Adeyemi does not need to audit" in told
    assert "the exemption request for Ben Clarke was declined" in told
    # and only the requester could withdraw or ask again
    assert "Ask again" in buttons(hana.card("E-2"))
    assert "Ask again" not in buttons(ben.card("E-2"))


async def test_nobody_chosen_keeps_the_form(world: World) -> None:
    [hana] = await there(world, "hana")
    form = await hana.says("exemption for my managers")
    answer = await hana.press(form, "Send requests", people="", month="2026-12", reason="other")
    assert "Choose at least one person" in (answer if isinstance(answer, str) else text_of(answer))
    assert await world.trail() == []


async def test_all_or_none(world: World) -> None:
    """Where one of several has a request already, nothing is sent, and it says which."""
    amelia, _, _, hana, *_ = await there(world, *ALL)
    await with_hana(world)
    form = await hana.says("exemption for my managers")
    people = choices(form, "people")
    filled = await hana.opens(
        form,
        "Send requests",
        people=f"{people['Ben Clarke (South Team)']},{people['Amelia Adeyemi (North Team)']}",
        month="2026-11",
        reason="other",
        explanation="Both",
    )
    assert "E-1" in text_of(filled)
    assert "Nothing was sent" in text_of(filled)
    assert choices(filled, "people") == people
    assert (await world.trail()).count("exemption.request") == 1
    assert "E-2" not in amelia.told()


async def test_a_head_of_services_own_request_goes_to_the_director(world: World) -> None:
    _, _, _, hana, _, dina, *_ = await there(world, *ALL)
    form = await hana.says("exemption")
    assert "straight to the director" in text_of(form)
    sent = await asking(hana)
    assert "Waiting for the director" in text_of(sent)
    await world.delivered()
    assert "Approve" in buttons(dina.card("E-1"))
    assert "Withdraw" in text_of(hana.card("E-1"))
    assert "Endorse" not in buttons(hana.card("E-1"))


async def test_the_dcs_own_request_has_nobody_above(world: World) -> None:
    *_, carol, _ = await there(world, *ALL)
    await world.people_change({"carol": {"roles": "dcs;auditor", "auditor_from": "2025-01-01"}})
    form = await carol.says("exemption")
    answer = await carol.press(
        form, "Send request", month="2026-12", reason="other", explanation="Sabbatical"
    )
    said = answer if isinstance(answer, str) else text_of(answer)
    assert "Nobody can be found to decide this request" in said
    assert "Nothing was sent" in said
    assert "exemption.request" not in await world.trail()


async def test_no_head_of_service_goes_to_the_director(world: World) -> None:
    """West Team's service has no head: nobody is left waiting for somebody who is not there."""
    liam, edwin = await there(world, "liam", "edwin")
    sent = await asking(liam, month="2026-12")
    assert "Waiting for the director" in text_of(sent)
    await world.delivered()
    assert "Liam Grant" in text_of(edwin.card("E-1"))


async def test_somebody_of_another_service_cannot_be_asked_for(world: World) -> None:
    """Whatever the press claims: the choice is checked again."""
    _, _, _, hana, *_ = await there(world, *ALL)
    form = await hana.says("exemption for my managers")
    gita = str(await person_id(world, "gita"))
    said = await hana.hears(form, "Send requests", people=gita, month="2026-12", reason="other")
    assert "head of their service" in said
    assert await world.trail() == ["refused.not_allowed"]
