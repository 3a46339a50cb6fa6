"""The e-mails that go where Teams does not take an alert: a reference, since when, and what to do. Nothing about the
child and nobody's name, because an e-mail is read, forwarded and kept outside the product."""

from datetime import datetime

from dialogs.words.dates import moment
from domain.policy import Texts

OPEN_TEAMS = (
    "Open Microsoft Teams, go to your chat with the audit bot and write: concerns\n"
    "Press Acknowledge on the card. Answering this e-mail acknowledges nothing, and nobody reads the answer."
)
WHY_AGAIN = "It is sent again, and goes to others, until somebody acknowledges it in Teams."


def why(texts: Texts) -> str:
    return (
        "You get this by e-mail because the same message has not reached you in Teams. If you cannot open Teams now, "
        f"telephone whoever is on duty in your service, and tell {texts.qa_contact}."
    )


def alert_subject(ref: str) -> str:
    return f"Category 1 alert {ref}: acknowledge in Teams now"


def known_subject(ref: str) -> str:
    return f"Category 1 alert {ref}: acknowledged, please read it in Teams"


def nobody_subject(ref: str) -> str:
    return f"Category 1 alert {ref}: nobody is found to tell, act now"


def other_subject(ref: str) -> str:
    return f"Urgent message about {ref}: read it in Teams now"


def alert(ref: str, since: datetime, texts: Texts) -> str:
    first = f"{ref} is a Category 1 child of concern: a child may be at immediate risk of significant harm."
    return _letter(
        first,
        f"The alert began on {moment(since)} and is not acknowledged.",
        OPEN_TEAMS,
        WHY_AGAIN,
        why(texts),
    )


def known(ref: str, since: datetime, texts: Texts) -> str:
    """To somebody who has to know, though others have acknowledged it."""
    first = f"{ref} is a Category 1 child of concern: a child may be at immediate risk of significant harm."
    said = f"The alert began on {moment(since)}. It has been acknowledged in Teams."
    do = "Open Microsoft Teams, go to your chat with the audit bot and write: concerns"
    return _letter(first, said, do, why(texts))


def nobody(ref: str, since: datetime, texts: Texts) -> str:
    """To the QA team."""
    first = f"{ref} is a Category 1 child of concern: a child may be at immediate risk of significant harm."
    said = f"The alert began on {moment(since)}, and nobody is found on the list of people who could be told."
    do = (
        "Tell the head of service and the director yourself now. Then open Microsoft Teams, go to your chat with the "
        "audit bot and write: concerns"
    )
    return _letter(first, said, do, why(texts))


def other(ref: str, texts: Texts) -> str:
    first = f"There is an urgent message for you about {ref}."
    return _letter(first, "Open Microsoft Teams and read it in your chat with the audit bot.", why(texts))


def _letter(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs) + "\n"
