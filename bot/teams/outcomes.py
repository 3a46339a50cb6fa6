"""What an answer of the connector, or none, means for the message (Teams documentation, "Status codes")."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

from bot.turns import OddAnswer, OutcomeUnknown, Refused, TeamsError, TryAgain, Unreachable

WORTH_ANOTHER_TRY = frozenset({412, 429, 502, 503, 504})
ODD = frozenset({408, 409, 425})
GONE = frozenset({403, 404})
UNAUTHORISED = 401
TOO_MANY = 429
_LONGEST_RETRY_AFTER = 3_600.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0


def error_for_status(status: int, retry_after: float | None) -> TeamsError:
    """The error of a status that is not a success."""
    if status in WORTH_ANOTHER_TRY:
        return TryAgain(f"the connector answered {status}", retry_after)
    if status in ODD or status >= 500:
        return OddAnswer(f"the connector answered {status}", retry_after)
    if status in GONE:
        return Unreachable(f"the connector answered {status}")
    return Refused(f"the connector answered {status}")


def error_for_exception(error: Exception, *, repeatable: bool) -> TeamsError:
    """The error of a call without an answer.

    `repeatable`: doing it twice is doing it once (reads, updates, deletes), so an unknown outcome is just a retry.
    """
    name = type(error).__name__
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return TryAgain(f"no connection to the connector ({name})")
    if repeatable:
        return TryAgain(f"the connector did not answer ({name})")
    return OutcomeUnknown(f"the connector did not answer ({name})")


def retry_after(header: str | None, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> float | None:
    """Seconds from a Retry-After header, which holds seconds or an HTTP date; None where absent or senseless."""
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            moment = parsedate_to_datetime(header)
        except ValueError:
            return None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (aware - now()).total_seconds()
    if seconds != seconds:  # "nan" is a float, but no time
        return None
    return min(max(seconds, 0.0), _LONGEST_RETRY_AFTER)


def pause_before_retry(attempt: int, wanted: float | None) -> float:
    """Seconds to wait after the attempt (counted from 1): at least what was asked for, with jitter on top, so that
    a thousand waiting messages do not come back as one."""
    step = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (attempt - 1))
    jitter = random.uniform(0.5, 1.0) * step  # noqa: S311 - no secret depends on it
    return jitter if wanted is None else wanted + jitter / 10
