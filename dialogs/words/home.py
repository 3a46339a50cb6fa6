"""Greeting, help by role, and an honest answer where there is nothing to show."""

from collections.abc import Collection

from domain.people import Person, Role
from domain.policy import Texts

_APPROVERS = frozenset({Role.HEAD_OF_SERVICE, Role.DIRECTOR, Role.DCS})
_DELEGATORS = _APPROVERS | {Role.HEAD_OF_QUALITY}
_OVERSEERS = frozenset(
    {Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.ASSISTANT_DIRECTOR, Role.HEAD_OF_QUALITY}
)

_AUDITING = frozenset({Role.AUDITOR, Role.MODERATOR})
_REAUDITING = frozenset({Role.SERVICE_MANAGER, Role.ASSISTANT_DIRECTOR})
_MANAGING = _REAUDITING | {Role.TEAM_MANAGER}
_QA = frozenset({Role.QA_TEAM})
_QUALITY = _QA | {Role.HEAD_OF_QUALITY}

_FOR: tuple[tuple[frozenset[Role], tuple[str, str]], ...] = (
    (_AUDITING, ("my audit", "your audit of this month, its child and its deadline")),
    (_AUDITING, ("I have finished my audit", "fill in the return, in steps that are saved as you go")),
    (_AUDITING, ("my audit might slip to Friday", "ask for more time; “wrong child” asks for a change")),
    (frozenset({Role.MODERATOR}), ("what have I to moderate", "returns that you are asked to judge")),
    (_AUDITING, ("exemption", "ask not to audit in a month, and follow the request")),
    (_QA, ("issue December audits", "draw the month's children, look at the draw, then issue it")),
    (_QA | {Role.HEAD_OF_QUALITY}, ("moderation sample", "draw the returns that are judged a second time")),
    (frozenset({Role.HEAD_OF_QUALITY}), ("third lock", "moderated audits that you confirm")),
    (_QA, ("upload", "tick what is on the children's records")),
    (_QUALITY | {Role.DCS}, ("pool", "auditors and moderators of the month, against the target")),
    (_QUALITY | _APPROVERS | _MANAGING, ("programme", "what is planned for the year")),
    (
        frozenset({Role.SOCIAL_WORKER}) | _MANAGING,
        ("what is coming", "audits to come, in which you take part"),
    ),
    (frozenset({Role.SOCIAL_WORKER}), ("results", "what came of your children's audits; comment on it")),
    (_MANAGING, ("my team", "which of your team's children were audited, and how it went")),
    (_REAUDITING | _QA, ("re-audits", "children who are due another look after an Inadequate")),
    (_REAUDITING | {Role.HEAD_OF_SERVICE}, ("observations", "supervision that was observed; log one")),
    (
        frozenset({Role.HEAD_OF_SERVICE}),
        ("exemption for my managers", "ask for one or several people of your service"),
    ),
    (_APPROVERS, ("what is waiting for me", "requests and children of concern that wait for you")),
    (
        _MANAGING | {Role.HEAD_OF_QUALITY},
        ("what is waiting for me", "children of concern about whom you are asked"),
    ),
    (_APPROVERS | _OVERSEERS | {Role.QA_TEAM}, ("exemptions", "all requests that you may see, by month")),
    (_DELEGATORS, ("my deputy", "name somebody who decides while you are away")),
    (frozenset({Role.QA_TEAM}), ("what is waiting for me", "children who need another auditor")),
    (frozenset({Role.QA_TEAM, Role.HEAD_OF_QUALITY}), ("failed messages", "messages that did not arrive")),
)
_CONCERNS: tuple[tuple[frozenset[Role], str], ...] = (
    (_QUALITY | {Role.DCS}, "the tracker of children of concern: what is open, how old, whose step it is"),
    (frozenset({Role.DIRECTOR}), "children of concern of your directorate; your sign-off and your oversight"),
    (
        frozenset({Role.HEAD_OF_SERVICE}),
        "children of concern of your service: acknowledge, respond, take further",
    ),
    (_MANAGING, "children of concern of your team, and what you are asked about them"),
    (frozenset({Role.SOCIAL_WORKER}), "children of concern whom you work with, and those that you raised"),
)
_CONCERNS_RAISED = "what became of the children of concern that you raised"
_RAISE = ("raise a concern", "tell of a child of concern; a Category 1 alerts at once, at any hour")
_ALWAYS = (("help", "this list"), ("debug", "what to quote when you report a problem"))
ALWAYS = len(_ALWAYS) + 2
"""Entries that everybody has, whatever their roles."""


def what_you_can_do(roles: Collection[Role]) -> list[tuple[str, str]]:
    """What to type, and what it gives; for these roles, in the order of use."""
    held = frozenset(roles)
    found: dict[str, str] = {}
    for wanted, (say, gives) in _FOR:
        if held & wanted:
            found[say] = f"{found[say]}; {gives}" if say in found else gives
    concerns = next((gives for wanted, gives in _CONCERNS if held & wanted), _CONCERNS_RAISED)
    return [*found.items(), _RAISE, ("concerns", concerns), *_ALWAYS]


def first_name(name: str) -> str:
    """What is before the first space: a greeting, not a form of address to rely on."""
    return name.split(" ", maxsplit=1)[0]


def hello(name: str) -> str:
    return f"Hello {name}."


def about(texts: Texts) -> str:
    helps = f"I help with quality-assurance audits at {texts.council}."
    return f"{helps} Write to me in your own words, or use the buttons."


WELCOME = "I send you a card when something needs you, and I keep reminders to working hours."
NO_PART_YET = (
    "When the file of one of your children is audited, I send you a card: it says what is asked of you, and "
    "afterwards what came of it."
)
HELP_INTRO = "You can write any of these, in your own words too:"


def unknown_person(texts: Texts) -> str:
    return (
        "I can't find your account on the list of people for audits, so I can't show you anything. "
        f"Ask {texts.qa_contact} to add you, with the e-mail address you use in Teams. Then write “hi” here."
    )


CANNOT_LOOK_UP = "I cannot look up who you are just now, and nothing was done. Please try again in a minute."


def danger(texts: Texts) -> str:
    """The live route comes first, before anything else (domain, section 5). What follows it has to be true for
    whoever reads it, and is said before it is known who that is."""
    return (
        f"{texts.safeguarding}\n\nThis chat is not watched. Nobody has been told by your message, and its words are "
        "not kept."
    )


def in_danger_now(texts: Texts) -> str:
    """The live route in one line, below what was meant otherwise."""
    if "danger" in texts.safeguarding.casefold():
        return texts.safeguarding
    return f"If a child is in danger now: {texts.safeguarding}"


DANGER_NO_FORM = (
    "I cannot show you the form to raise it just now, and nothing is recorded here. Ring first. Then write “raise a "
    "concern” to me."
)


NOT_YET: dict[str, str] = {
    "my_actions": "I can't show actions yet.",
    "tracker": "I can't show the trackers yet.",
    "summary": "I can't make a summary yet.",
}


def not_yet(intent: str, roles: Collection[Role], texts: Texts) -> str:
    """For what people may ask and the bot cannot do so far: who can help, and what can be done here."""
    cannot = NOT_YET.get(intent, "I can't do that yet.")
    return f"{cannot} Please ask {texts.qa_contact}. {here(roles)}"


def here(roles: Collection[Role]) -> str:
    """Here you can send “my audit”, “exemption” or “help”."""
    says = [f"“{say}”" for say, _ in what_you_can_do(roles) if say != "debug"]
    listed = f"{', '.join(says[:-1])} or {says[-1]}" if len(says) > 1 else says[0]
    return f"Here you can send {listed}."


def not_understood(roles: Collection[Role]) -> str:
    return f"I did not understand that, and nothing was done. {here(roles)}"


THANKS = "You're welcome. Send “help” whenever you want to see what you can do here."


CLARIFY = "That could mean several things, and nothing was done. Please choose, or write a few words more."
NOT_UNDERSTOOD = "I did not understand that, and nothing was done. This is what you can ask for here:"


def in_channel(texts: Texts) -> str:
    """Where others read along: what I am, and where to go."""
    return (
        f"I help with quality-assurance audits at {texts.council}. Nothing about a person or a child is shown where "
        "others read along: open a chat with me and write “help” there."
    )


def only_in_personal_chat() -> str:
    """In a channel or group: nothing about a person or a child is shown where others read along."""
    return "That is for you alone, so I don't show it here. Open a chat with me and write it there."


ANSWERED_PRIVATELY = "I have answered you in our own chat, because others read along here."


def debug(*, correlation_id: str, ref: str, roles: Collection[str], version: str) -> str:
    """What somebody quotes who reports a problem: no names, no text."""
    held = ", ".join(sorted(roles)) or "none"
    return f"Quote this when you report a problem: {correlation_id}. You are {ref}; roles: {held}; version {version}."


def greeting(person: Person) -> str:
    return hello(first_name(person.name))
