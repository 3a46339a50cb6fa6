"""From an auditor's chat to the director's decision, over the real protocol."""

from tests.stories.world import World, buttons, choices, text_of


async def test_an_exemption_from_the_auditors_chat_to_the_directors_decision(world: World) -> None:
    amelia, hana, dina = world.chat("amelia"), world.chat("hana"), world.chat("dina")
    for person in (amelia, hana, dina, world.chat("quinn"), world.chat("queenie")):
        await person.install()

    # given: her audit of the month
    message = await amelia.say("whats my audit this month")
    audit = message.card
    assert audit is not None
    assert "C10432" in text_of(audit)
    assert "30 November 2026" in text_of(audit)
    assert "13 working days left" in text_of(audit)

    # when she asks for an exemption
    form = await amelia.opens(audit, "Ask for an exemption")
    reason = choices(form, "reason")
    waiting = await amelia.opens(
        form,
        "Send request",
        month="2026-11",
        reason=reason["Ill health (non-operational)"],
        explanation="Operation on the 18th",
    )
    assert "Waiting for the head of service" in text_of(waiting)
    await world.delivered()

    # then the head of service is asked, and endorses
    ask = hana.card("E-1")
    assert "Operation on the 18th" in text_of(ask)
    assert "Asked after the audit was issued" in text_of(ask)
    endorsed = await hana.opens(ask, "Endorse")
    assert "Waiting for the director" in text_of(endorsed)
    await world.delivered()

    # then the director decides
    decide = dina.card("E-1")
    approved = await dina.opens(decide, "Approve")
    assert "Approved" in text_of(approved)
    assert buttons(approved) != buttons(decide)
    await world.delivered()

    # and the requester is told, every card stands updated, and the child is offered to the QA team
    assert "Approved" in text_of(amelia.card("E-1"))
    assert "Approved" in text_of(hana.card("E-1"))
    assert "A-101" in text_of(world.chat("quinn").card("A-101"))
    assert await world.trail() != []
