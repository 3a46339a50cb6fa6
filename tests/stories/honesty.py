"""What must hold at the end of every story, whatever happened in it: the invariants of docs/faults.md, and that no
card in any chat still asks for what is over."""

from collections import Counter
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from storage.tables import audits, cards, delegations, deliveries, exemption_steps, exemptions, outbox, trail
from tests.stories.world import World, walk


async def check(world: World) -> None:
    """I3 and I5, and the chain; then the cards."""
    verdict = await world.store.verify_trail()
    assert verdict.whole, f"the trail is broken at {verdict.seq}: {verdict.fault}"
    await _every_step_is_in_the_trail(world)
    await _every_audit_change_is_in_the_trail(world)
    await _the_ledger_tells_the_truth(world)
    await _nothing_due_is_left(world)
    await _no_card_asks_for_what_is_over(world)


async def _every_step_is_in_the_trail(world: World) -> None:
    steps = await world.ask(
        select(
            exemption_steps.c.command,
            exemption_steps.c.exemption_id,
            exemption_steps.c.by_id,
            exemption_steps.c.for_id,
            exemption_steps.c.at,
        )
        .join(exemptions, exemptions.c.id == exemption_steps.c.exemption_id)
        .where(exemptions.c.source == "chat"),
    )
    entries = await world.ask(
        select(trail.c.action, trail.c.subject, trail.c.actor_id, trail.c.for_id, trail.c.at)
    )
    done = Counter((f"exemption.{s.command}", f"E-{s.exemption_id}", s.by_id, s.for_id, s.at) for s in steps)
    told = Counter(tuple(e) for e in entries if e.action.startswith("exemption."))
    assert told == done, (told - done, done - told)


async def _every_audit_change_is_in_the_trail(world: World) -> None:
    entries = Counter(e.subject for e in await world.ask(select(trail.c.subject, trail.c.action)))
    for audit in await world.ask(select(audits.c.ref, audits.c.version)):
        assert entries[audit.ref] >= audit.version - 1, (audit.ref, audit.version, entries[audit.ref])
    for made in await world.ask(select(delegations.c.id)):
        assert entries[f"D-{made.id}"] >= 1, made.id


async def _the_ledger_tells_the_truth(world: World) -> None:
    columns = (outbox.c.id, outbox.c.state, outbox.c.kind, outbox.c.card_id, outbox.c.channel)
    rows = await world.ask(select(*columns))
    mails = {row.id for row in rows if row.channel == "email"}
    lines = await world.ask(select(deliveries.c.outbox_id, deliveries.c.outcome, deliveries.c.message_id))
    sent = {line.outbox_id: line.message_id for line in lines if line.outcome == "sent"}
    assert {row.id for row in rows if row.state == "sent"} == set(sent)
    assert len([line for line in lines if line.outcome == "sent"]) == len(sent), "sent twice"
    in_chats = {message.id for message in world.connector.sent}
    missing = [number for number, found in sent.items() if number not in mails and found not in in_chats]
    assert not missing, f"recorded as sent, and not there: {missing}"
    new = [sent[row.id] for row in rows if row.id in sent and row.card_id is None]
    assert len(new) == len(set(new)), "two messages are recorded as the same one"


async def _nothing_due_is_left(world: World) -> None:
    await world.delivered()
    left = await world.ask(
        select(outbox.c.id, outbox.c.kind, outbox.c.state).where(
            outbox.c.state.in_(["pending", "claimed"]),
            outbox.c.due_at <= world.clock() - timedelta(seconds=1),
        ),
    )
    assert not left, left


async def _no_card_asks_for_what_is_over(world: World) -> None:
    """A button that takes a step carries the version that the card showed: only the current one may stand."""
    current = {
        f"E-{row.id}": row.version for row in await world.ask(select(exemptions.c.id, exemptions.c.version))
    }
    gone = {(c.conversation_id, c.message_id) for c in await world.ask(select(cards)) if c.gone_at}
    for conversation, messages in world.connector.messages.items():
        for message in messages:
            if (conversation, message.id) in gone:
                continue
            for element in walk(message.card):
                data: dict[str, Any] = element.get("data") or {}
                if element.get("type") == "Action.Execute" and "version" in data and data["ref"] in current:
                    assert data["version"] == current[data["ref"]], (conversation, element["title"], data)
