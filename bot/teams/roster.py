"""Who somebody is in the council's directory, as far as Teams' roster tells: AAD object id to e-mail address."""

import asyncio
from collections.abc import Callable

from bot.turns import Conversation, Member, Teams

KEEP_SECONDS = 3_600.0
KEEP_UNKNOWN_SECONDS = 60.0
_REMEMBERED = 2_048


class Roster:
    """Roster entries, remembered for an hour (an absent one for a minute), so that a person's every message does not
    cost a read against Teams' limits. Errors of the platform (`bot.turns.TeamsError`) come out and are not kept."""

    def __init__(self, teams: Teams, clock: Callable[[], float] | None = None) -> None:
        self._teams = teams
        self._clock = clock
        self._known: dict[str, tuple[float, Member | None]] = {}

    async def member(self, conversation: Conversation, aad_object_id: str) -> Member | None:
        """The entry of a person in a conversation that they take part in; None where the roster has none."""
        now = self._now()
        known = self._known.get(aad_object_id)
        if known is not None and known[0] > now:
            return known[1]
        found = await self._teams.member(conversation, aad_object_id)
        while len(self._known) >= _REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known.pop(aad_object_id, None)
        self._known[aad_object_id] = (now + (KEEP_SECONDS if found else KEEP_UNKNOWN_SECONDS), found)
        return found

    async def email(self, conversation: Conversation, aad_object_id: str) -> str | None:
        """The e-mail address in lower case, or None."""
        found = await self.member(conversation, aad_object_id)
        return found.email.lower() if found is not None and found.email else None

    def _now(self) -> float:
        return self._clock() if self._clock is not None else asyncio.get_running_loop().time()
