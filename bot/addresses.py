"""Where people can be written to: the host's conversations, kept by `storage`."""

from datetime import datetime

from bot.turns import Conversation, ConversationKind, Teams, Unreachable
from domain.lanes import Lane
from domain.people import PersonId
from storage.conversations import KnownConversation
from storage.unit_of_work import SqlStore


class Addresses:
    """Each question and each note in a unit of work of its own: an address is true whatever becomes of the turn."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    async def remember(self, conversation: Conversation, person_id: PersonId | None, now: datetime) -> None:
        known = KnownConversation(
            conversation.id,
            conversation.kind.value,
            conversation.service_url,
            conversation.tenant_id,
            conversation.team_id,
            person_id,
        )
        async with self._store.writing() as uow:
            await uow.conversations.remember(known, now)
            await uow.commit()

    async def mark_gone(self, conversation_id: str, now: datetime) -> None:
        async with self._store.writing() as uow:
            await uow.conversations.mark_gone(conversation_id, now)
            await uow.commit()

    async def welcome(self, conversation_id: str, now: datetime) -> bool:
        async with self._store.writing() as uow:
            first = await uow.conversations.welcome_once(conversation_id, now)
            await uow.commit()
            return first

    async def personal(self, person_id: PersonId) -> Conversation | None:
        async with self._store.reading() as uow:
            return _conversation(await uow.conversations.of_person(person_id))

    async def by_id(self, conversation_id: str) -> Conversation | None:
        async with self._store.reading() as uow:
            return _conversation(await uow.conversations.get(conversation_id))


def _conversation(known: KnownConversation | None) -> Conversation | None:
    if known is None:
        return None
    return Conversation(
        known.id, ConversationKind(known.kind), known.service_url, known.tenant_id, known.team_id
    )


class ChatOpener:
    """Opens the personal chat of somebody who never wrote, where the app is installed for them."""

    def __init__(self, store: SqlStore, teams: Teams, tenant_id: str) -> None:
        self._store = store
        self._teams = teams
        self._tenant_id = tenant_id

    async def open(self, person_id: PersonId, lane: Lane) -> Conversation:
        """Raises TeamsError; Unreachable where nothing is known to open a chat with."""
        async with self._store.reading() as uow:
            person = await uow.people.get(person_id)
            service_url = await uow.conversations.newest_service_url()
        if person is None or person.aad_object_id is None:
            raise Unreachable("no account is linked to this person yet")
        if service_url is None:
            raise Unreachable("the app has not been installed by anybody yet")
        return await self._teams.open_personal(service_url, self._tenant_id, person.aad_object_id, lane)
