"""What is said about people, their roles and their deputies."""

from dialogs.words.dates import count, day
from domain.people import Delegation, Role, Scope

ROLE: dict[Role, str] = {
    Role.AUDITOR: "auditor",
    Role.MODERATOR: "moderator",
    Role.TEAM_MANAGER: "team manager",
    Role.SERVICE_MANAGER: "service manager",
    Role.ASSISTANT_DIRECTOR: "assistant director",
    Role.HEAD_OF_SERVICE: "head of service",
    Role.DIRECTOR: "director",
    Role.DCS: "director of children's services",
    Role.HEAD_OF_QUALITY: "head of quality",
    Role.QA_TEAM: "QA team",
    Role.SOCIAL_WORKER: "social worker",
    Role.IRO: "independent reviewing officer",
}

SCOPE: dict[Scope, str] = {
    Scope.EXEMPTIONS: "Exemptions",
    Scope.CONCERNS: "Children of concern",
    Scope.ALL: "Everything",
}

DEPUTIES_INTRO = (
    "While you are away, your deputy can decide in your place, on the days you name. The record shows both names. "
    "Nobody ever decides on their own request, also not as your deputy."
)
NO_DEPUTIES = "You have no deputy now, and none is arranged."


def delegation(item: Delegation, name: str) -> str:
    """`name` is neutral already."""
    return f"{name}: {SCOPE[item.scope].lower()}, from {day(item.from_day)} to {day(item.to_day)}"


def more_deputies(number: int) -> str:
    return f"{count(number, 'later one is', 'later ones are')} not shown."


def end_ask(name: str) -> str:
    return f"End this now? From then on {name} can decide nothing more in your place."


def deputy_told(delegator: str, item: Delegation) -> str:
    return (
        f"Because {delegator} named you as deputy, you can decide in their place ({SCOPE[item.scope].lower()}) from "
        f"{day(item.from_day)} to {day(item.to_day)}, both days included. The record shows both names. You cannot "
        "decide on a request that you are on yourself."
    )


def many(shown: int, total: int) -> str:
    return f"Showing {shown} of {total:,} people. Search for part of a name to see others."


def found(number: int, *, chosen: bool = False) -> str:
    """After a search, above the list that it filled; `chosen`: the only one is chosen in it."""
    if chosen:
        return "1 person is found, and chosen in the list."
    return f"{count(number, 'person is', 'people are')} found: choose from the list."


NARROW = "There are too many people for one list. Search for part of a name first."
NOBODY_FOUND = "Nobody of that name can be chosen here. Search for another part of the name."
NO_CANDIDATES = "Nobody can be named at present. Ask the QA team to check the list of people."
