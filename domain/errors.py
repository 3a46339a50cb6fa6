"""One tree of refusals. They carry facts, never sentences: `dialogs/words.py` says them."""

from collections.abc import Mapping


class DomainError(Exception):
    """The rules say no. `code` names the sentence; `facts` hold codes and references, no personal text."""

    code = "refused"

    def __init__(self, code: str | None = None, /, **facts: str) -> None:
        self.code = code or self.code
        self.facts: Mapping[str, str] = facts
        super().__init__(self.code)


class NotAllowed(DomainError):
    """This person may not do or see this, whatever the card claimed (invariant I6)."""

    code = "not_allowed"


class NotFound(DomainError):
    code = "not_found"


class OutOfDate(DomainError):
    """The thing has moved on since the card was made: the answer is the current card, not an error."""

    code = "out_of_date"


class Invalid(DomainError):
    """What was filled in cannot be accepted; `field` says where."""

    code = "invalid"


class Conflict(DomainError):
    """Somebody else's commit came in between; the caller loads again and decides anew."""

    code = "conflict"


class Replayed(DomainError):
    """An activity id that was answered before came again with another payload."""

    code = "replayed"


class Busy(DomainError):
    """The database cannot take the work in the time a turn has; nothing was done."""

    code = "busy"


class CommitUnknown(Busy):
    """The connection was lost while committing: done or not done. The kept answer of the activity settles it."""

    code = "commit_unknown"
