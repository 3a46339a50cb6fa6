"""What is said in lists: what waits, and what there is."""

from dialogs.words.dates import count, month
from domain.calendar import Month

NOTHING_WAITS = "Nothing is waiting for you. You are told here as soon as something does."
TITLE = "Waiting for you"
CONCERNS = "Children of concern"
ASKED_BACK = "Questions for you about your own requests"
FREED = "Children who need another auditor"


def to_decide(total: int) -> str:
    return f"{count(total, 'request')} to decide, oldest first."


def exemptions_title(of: Month | None) -> str:
    return f"Exemption requests for {month(of)}" if of else "Exemption requests"


def none_found(of: Month | None) -> str:
    where = f" for {month(of)}" if of else ""
    then = "Look at another month." if of else "Send “help” to see what else you can do here."
    return f"There is no request{where} that you may see. {then}"


def more(number: int) -> str:
    return f"{count(number, 'more is', 'more are')} not shown. They come up as these are done."
