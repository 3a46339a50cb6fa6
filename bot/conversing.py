"""From a checked turn to its answer: who is this, what do they want, one handler, and the reply to the right place."""

import asyncio
import re
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import structlog

from bot.addresses import Addresses
from bot.recent import RecentTurns
from bot.teams.roster import Roster
from bot.turns import (
    Answer,
    ConversationKind,
    Member,
    Outgoing,
    Say,
    Teams,
    TeamsError,
    Turn,
    TurnKind,
    TurnRefused,
    Unreachable,
)
from dialogs import router
from dialogs.talk import Place, Reply, Talk
from domain.calendar import local_date
from domain.errors import Busy, CommitUnknown, Replayed
from domain.lanes import Lane
from domain.people import Actor, PersonId
from domain.policy import Policy
from domain.ports import CardPlace, Clock, CycleStore, Once
from domain.selfcheck import Report
from domain.usecases import people
from domain.usecases.transaction import card_shows, refuse, reply_was_lost
from storage.repositories.outbox import CORRELATION

REPLY_PATIENCE = 8.0
_OBJECT_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MESSAGE_ID = re.compile(r"[\w:.|=@;+/-]{1,200}")
log: structlog.stdlib.BoundLogger = structlog.get_logger("bot.conversing")


class _RosterSilentError(Exception):
    """Who somebody is cannot be looked up just now; that is no reason to call them unknown."""


class Conversing:
    """`on_turn` is what the transport calls."""

    def __init__(
        self,
        *,
        store: CycleStore,
        conversations: Addresses,
        teams: Teams,
        directory: Roster,
        policy: Policy,
        clock: Clock,
        checked: Callable[[], Report | None] = lambda: None,
    ) -> None:
        self._store = store
        self._conversations = conversations
        self._teams = teams
        self._directory = directory
        self._policy = policy
        self._clock = clock
        self._checked = checked
        self._recent = RecentTurns()
        self._known: dict[str, tuple[str, PersonId | None]] = {}

    async def on_turn(self, turn: Turn, say: Say) -> Answer | None:
        """Raises TurnRefused: 409 for a reused activity id, 503 where the database cannot take it now."""
        earlier = self._recent.begin(turn)
        if earlier is not None:
            return await asyncio.shield(earlier)
        try:
            answer = await self._answered(turn, say)
        except BaseException as error:
            self._recent.forget(turn, error)
            raise
        self._recent.finish(turn, answer)
        return answer

    async def _answered(self, turn: Turn, say: Say) -> Answer | None:
        try:
            return await self._serve(turn, say)
        except Replayed:
            raise TurnRefused(409, "this activity id was used before with another payload") from None
        except CommitUnknown:
            raise TurnRefused(
                503, "the database was lost while saving; try again to learn the outcome"
            ) from None
        except Busy:
            raise TurnRefused(503, "the database is busy; nothing was done; try again") from None

    async def _serve(self, turn: Turn, say: Say) -> Answer | None:
        now = self._clock()
        correlation = uuid4().hex[:12]
        structlog.contextvars.bind_contextvars(correlation=correlation)
        CORRELATION.set(correlation)
        if turn.kind is TurnKind.REMOVED:
            self._known.pop(turn.conversation.id, None)
            await self._conversations.mark_gone(turn.conversation.id, now)
            return None
        danger = router.danger(turn.text, self._policy, now) if turn.kind is TurnKind.MESSAGE else None
        if danger is not None:
            # Before anybody asks who this is: the route is for a stranger too, and needs no database.
            await say(_outgoing(danger))
            await self._after_danger(turn, say, now)
            return None
        try:
            actor = await self._who(turn, now)
        except _RosterSilentError:
            return await self._answer_now(turn, router.cannot_look_up(), say)
        await self._remember(turn, actor, now)
        if turn.kind is TurnKind.INSTALLED:
            return await self._installed(turn, actor, say, now)
        if turn.kind is TurnKind.OTHER:
            return None
        return await self._talk(turn, actor, say, now)

    async def _after_danger(self, turn: Turn, say: Say, now: datetime) -> None:
        """For somebody whom we know, and who is alone with us, the form to raise it. The route has been said: whatever
        goes wrong here makes nobody hear it later, or twice."""
        if turn.conversation.kind is not ConversationKind.PERSONAL:
            return
        try:
            actor = await self._who(turn, now)
            if actor is None:
                return
            await self._remember(turn, actor, now)
            reply = await router.after_danger(self._talking(turn, actor, now), turn.text)
        except Exception as error:
            log.warning("no_form_after_danger", error=type(error).__name__)
            reply = router.no_form_after_danger()
        try:
            await say(_outgoing(reply))
        except TeamsError as error:
            log.warning("reply_not_sent", error=type(error).__name__)

    def _talking(self, turn: Turn, actor: Actor, now: datetime) -> Talk:
        return Talk(
            actor,
            self._store,
            self._policy,
            now,
            _once(turn),
            Place(turn.conversation.kind.value),
            CORRELATION.get(),
            self._checked,
        )

    async def _talk(self, turn: Turn, actor: Actor | None, say: Say, now: datetime) -> Answer | None:
        if actor is None:
            return await self._unknown(turn, say, now)
        talk = self._talking(turn, actor, now)
        if turn.action is None:
            await self._answer_text(turn, talk, say)
            return None
        if talk.place is not Place.PERSONAL:
            await refuse(self._store, actor.id, now, "card_outside_personal_chat")
            return _answer(router.only_in_personal_chat())
        reply = await router.press_(talk, turn.action.verb, turn.action.data)
        await self._shows(actor, reply, _pressed_card(turn), now)
        return _answer(reply)

    async def _answer_text(self, turn: Turn, talk: Talk, say: Say) -> None:
        """An answer that the platform does not take is not lost in silence: the outbox says so as soon as it can."""
        reply = await router.text(talk, turn.text)
        try:
            place = await self._reply(turn, reply, say)
        except Unreachable:
            raise
        except TeamsError as error:
            log.warning("reply_not_sent", error=type(error).__name__)
            await reply_was_lost(self._store, talk.actor, turn.key, talk.now)
            return
        await self._shows(talk.actor, reply, place, talk.now)

    async def _shows(self, actor: Actor, reply: Reply, place: CardPlace | None, now: datetime) -> None:
        """What somebody opened is kept up to date where it stands, as what was sent to them is."""
        if reply.card is None or reply.subject is None or reply.shows is None or place is None:
            return
        try:
            await card_shows(self._store, reply.subject, reply.shows, actor.id, place, now)
        except Busy:
            log.warning("card_not_remembered")

    async def _who(self, turn: Turn, now: datetime) -> Actor | None:
        """The person behind the AAD object id; at first contact linked by the e-mail that the roster gives for it."""
        aad_object_id = turn.aad_object_id
        if aad_object_id is None:
            return None
        actor = await people.recognise(self._store, aad_object_id)
        if actor is not None:
            return actor if actor.person.active_on(local_date(now)) else None
        try:
            member = await self._directory.member(turn.conversation, aad_object_id)
        except Unreachable:
            return None
        except TeamsError as error:
            log.warning("roster_not_read", error=type(error).__name__)
            raise _RosterSilentError from error
        if member is None or not _may_link(turn, member):
            return None
        assert member.email is not None
        return await people.link_by_email(self._store, aad_object_id, member.email, now)

    async def _remember(self, turn: Turn, actor: Actor | None, now: datetime) -> None:
        """Written only when it is new or has changed: most turns pay nothing for it."""
        where = turn.conversation
        owner = actor.id if actor and where.kind is ConversationKind.PERSONAL else None
        fact = (where.service_url, owner)
        if self._known.get(where.id) == fact:
            return
        await self._conversations.remember(where, owner, now)
        while len(self._known) >= 20_000:
            del self._known[next(iter(self._known))]
        self._known[where.id] = fact

    async def _installed(self, turn: Turn, actor: Actor | None, say: Say, now: datetime) -> None:
        if not await self._conversations.welcome(turn.conversation.id, now):
            return
        place = Place(turn.conversation.kind.value)
        await say(_outgoing(router.welcome(actor, self._policy, place)))

    async def _unknown(self, turn: Turn, say: Say, now: datetime) -> Answer | None:
        """A polite way in, and nothing else."""
        if turn.action is not None:
            await refuse(self._store, None, now, "unknown_person")
        reply = router.unknown_person(self._policy, Place(turn.conversation.kind.value))
        return await self._answer_now(turn, reply, say)

    async def _answer_now(self, turn: Turn, reply: Reply, say: Say) -> Answer | None:
        """Where it was asked, whoever asked: for what names nobody."""
        if turn.action is not None:
            return _answer(reply)
        if turn.kind is TurnKind.MESSAGE:
            await say(_outgoing(reply))
        return None

    async def _reply(self, turn: Turn, reply: Reply, say: Say) -> CardPlace | None:
        """In a channel or group only what is public is said; the rest goes to the person's own chat. Gives where the
        reply stands, None where it was not said."""
        here = turn.conversation
        if here.kind is ConversationKind.PERSONAL or reply.public:
            return CardPlace(here.id, await say(_outgoing(reply)))
        assert turn.aad_object_id is not None
        try:
            own = await self._teams.open_personal(
                here.service_url, here.tenant_id, turn.aad_object_id, Lane.REPLY
            )
            message_id = await self._teams.send(own, _outgoing(reply), Lane.REPLY, REPLY_PATIENCE)
        except TeamsError as error:
            log.info("personal_chat_not_opened", error=type(error).__name__)
            await say(_outgoing(router.personal_chat_closed()))
            return None
        await say(_outgoing(router.answered_privately()))
        return CardPlace(own.id, message_id)


def _may_link(turn: Turn, member: Member) -> bool:
    """Whether the roster proves whose e-mail this is: the same account, of our own tenant and no guest, with a real
    object id, in its own chat with the bot (a group's roster may hold visitors)."""
    return (
        turn.conversation.kind is ConversationKind.PERSONAL
        and bool(member.email)
        and turn.aad_object_id is not None
        and member.aad_object_id == turn.aad_object_id
        and _OBJECT_ID.fullmatch(turn.aad_object_id) is not None
        and member.of_tenant(turn.conversation.tenant_id)
    )


def _once(turn: Turn) -> Once:
    return Once(turn.key, turn.digest, _pressed_card(turn))


def _pressed_card(turn: Turn) -> CardPlace | None:
    """Where the pressed card stands; None where what the client says cannot be a message of the platform's."""
    stands = turn.reply_to_id if turn.action else None
    return CardPlace(turn.conversation.id, stands) if stands and _MESSAGE_ID.fullmatch(stands) else None


def _outgoing(reply: Reply) -> Outgoing:
    return Outgoing(reply.text, reply.card, reply.summary)


def _answer(reply: Reply) -> Answer:
    return Answer(card=reply.card, message=None if reply.card else reply.text)
