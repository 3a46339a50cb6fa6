"""What is said to whoever raised a child of concern where the usual answer would be false comfort: nobody could be
alerted, or the grounds read as danger now and the category is not the one that alerts."""

from dialogs.neutral import neutral
from dialogs.words import concerns as say
from domain.views.concerns import ConcernView

NOBODY = "Nobody could be found to alert for this child. Telephone the head of service or the front door now."
IS_IT_ONE = (
    "What you wrote reads as danger now. Is it a Category 1? Only a Category 1 alerts the head of service and the "
    "director at once."
)
RAISE_TO_ONE = "Yes: raise it to Category 1"


def nobody(safeguarding: str) -> str:
    return f"{NOBODY} {neutral(safeguarding, 500)}"


def raised(view: ConcernView, *, again: bool) -> str:
    """Where nobody could be alerted, the card says so itself, above this."""
    if not view.nobody:
        return say.raised(view.concern, again=again)
    return (
        f"{view.concern.ref} was on the tracker already. What you wrote is added." if again else "Recorded."
    )


def kept(ref: str, *, alerts: bool, told: bool, safeguarding: str) -> str:
    """To somebody to whom the record is not shown."""
    return (
        say.kept(ref, alerts=alerts) if told or not alerts else f"{nobody(safeguarding)} Recorded as {ref}."
    )
