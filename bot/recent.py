"""One answer an activity id, for turns that write nothing. What writes keeps its answer in the database beside its
effect; a question that is asked again after a restart is simply answered again."""

import asyncio
from collections import OrderedDict

from bot.turns import Answer, Turn, TurnRefused

_REMEMBERED = 4096


class RecentTurns:
    """The latest turns and their answers. An honest repeat waits for the first one's answer and shares it; or its
    failure, where the first one fails while it waits."""

    def __init__(self) -> None:
        self._turns: OrderedDict[str, tuple[str, asyncio.Future[Answer | None]]] = OrderedDict()

    def begin(self, turn: Turn) -> asyncio.Future[Answer | None] | None:
        """None: new, go on and end with `finish` or `forget`. Otherwise the first one's answer, perhaps still to
        come. Raises TurnRefused(409) where the same id comes with another payload."""
        known = self._turns.get(turn.key)
        if known is not None:
            if known[0] != turn.digest:
                raise TurnRefused(409, "this activity id was used before with another payload")
            return known[1]
        self._turns[turn.key] = (turn.digest, asyncio.get_running_loop().create_future())
        while len(self._turns) > _REMEMBERED:
            self._turns.popitem(last=False)
        return None

    def finish(self, turn: Turn, answer: Answer | None) -> None:
        known = self._turns.get(turn.key)
        if known is not None and not known[1].done():
            known[1].set_result(answer)

    def forget(self, turn: Turn, error: BaseException) -> None:
        """It failed: a later repeat may try again."""
        known = self._turns.pop(turn.key, None)
        if known is None or known[1].done():
            return
        ended = isinstance(error, Exception)
        known[1].set_exception(error if ended else TurnRefused(503, "the program is ending; try again"))
        known[1].exception()  # looked at, so that nobody is warned where no repeat waits
