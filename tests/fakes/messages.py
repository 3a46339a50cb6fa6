"""The outbox, the trail and the kept answers, in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from domain.errors import Conflict, Replayed
from domain.lanes import Lane
from domain.notices import Notice, NoticeKind
from domain.people import PersonId
from domain.ports import Failure, Once, Outcome, SentCard, TrailEntry
from tests.fakes.memory import Card, Memory, Queued, Transaction


class MemoryOutbox:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def put(self, notices: Sequence[Notice], now: datetime, due_at: datetime | None = None) -> int:
        data, new = await self._transaction.change(), 0
        for n in notices:
            if n.key not in data.queue:
                data.queue[n.key] = Queued(n.key, n.kind, n.lane, n.person_id, n.subject, due_at or now)
                new += 1
        return new

    async def refresh_cards(self, subject: str, version: int, now: datetime) -> int:
        data = await self._transaction.change()
        stale = [c for c in data.cards.values() if c.sent.subject == subject and c.shown_version < version]
        return sum(_update(data, card.sent, version, now) for card in stale)

    async def remember_card(
        self, subject: str, kind: str, person_id: PersonId, conversation_id: str, message_id: str
    ) -> None:
        data = await self._transaction.change()
        place = (conversation_id, message_id)
        if place not in data.cards:
            sent = SentCard(len(data.cards) + 1, subject, kind, person_id, *place)
            data.cards[place] = Card(sent, data.version_of(subject))

    async def told(self, subject: str) -> list[PersonId]:
        queue = (await self._transaction.look()).queue.values()
        about = {
            row.person_id for row in queue if row.subject == subject and row.kind != NoticeKind.CARD_UPDATE
        }
        return sorted(about)

    async def card_shows(
        self,
        subject: str,
        version: int,
        person_id: PersonId,
        conversation_id: str,
        message_id: str,
        now: datetime,
    ) -> None:
        data = await self._transaction.change()
        place = (conversation_id, message_id)
        known = data.cards.get(place)
        if known and known.sent.subject == subject:
            return
        number = known.sent.id if known else len(data.cards) + 1
        sent = SentCard(number, subject, known.sent.kind if known else "", person_id, *place)
        data.cards[place] = Card(sent, version)
        if data.version_of(subject) > version:
            _update(data, sent, data.version_of(subject), now)

    async def show_on_card(
        self, subject: str, person_id: PersonId, conversation_id: str, message_id: str, now: datetime
    ) -> None:
        data = await self._transaction.change()
        place = (conversation_id, message_id)
        known = data.cards.get(place)
        if known and known.sent.subject == subject:
            return
        kind = known.sent.kind if known else ""
        number = known.sent.id if known else len(data.cards) + 1
        sent = SentCard(number, subject, kind, person_id, *place)
        data.cards[place] = Card(sent, 0)
        _update(data, sent, data.version_of(subject), now)


def _update(data: Memory, card: SentCard, version: int, now: datetime) -> bool:
    """Queues one update of the card, in the place of those that wait with an older version. False: known already."""
    for key, row in list(data.queue.items()):
        if row.card_id == card.id and row.version < version:
            data.queue[key] = replace(row, needed=False)
    key = f"card|{card.id}|{card.subject}|{version}"
    if key in data.queue:
        return False
    kind = NoticeKind.CARD_UPDATE
    data.queue[key] = Queued(
        key, kind, Lane.DECISION, card.person_id, card.subject, now, card_id=card.id, version=version
    )
    return True


class MemoryDeliveries:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def failures(self, first: int, *, limit: int = 50) -> list[Failure]:
        found = (await self._transaction.look()).failures
        return [failure for number, failure in sorted(found.items()) if number >= first][:limit]

    async def latest(self, limit: int) -> list[Failure]:
        found = (await self._transaction.look()).failures
        return [found[number] for number in sorted(found, reverse=True)][:limit]


class MemoryTrail:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def append(self, entry: TrailEntry) -> None:
        (await self._transaction.change()).trail.append(entry)

    async def last(self, actions: Collection[str]) -> int:
        kept = (await self._transaction.look()).trail
        return max((number for number, entry in enumerate(kept, 1) if entry.action in actions), default=0)

    async def latest(self, action: str, subjects: Collection[str]) -> Mapping[str, datetime]:
        kept = (await self._transaction.look()).trail
        return {
            entry.subject: entry.at for entry in kept if entry.action == action and entry.subject in subjects
        }


class MemoryAnswers:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def find(self, once: Once) -> Outcome | None:
        kept = (await self._transaction.look()).answers.get(once.key)
        if kept is None:
            return None
        if kept[0] != once.digest:
            raise Replayed
        return kept[1]

    async def keep(self, once: Once, outcome: Outcome, now: datetime) -> None:
        data = await self._transaction.change()
        if once.key in data.answers:
            raise Conflict(why="answered_meanwhile")
        data.answers[once.key] = (once.digest, outcome)
