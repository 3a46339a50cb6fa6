"""Why something about a child of concern cannot be done, and what to do next. A refusal never leaves somebody who is
worried about a child without a way on."""

from domain.concerns import State
from domain.permissions import Permission

NOT_ALLOWED: dict[Permission, str] = {
    Permission.CONCERN_RAISE: "Only people on the council's list can record a child of concern here. Tell your manager "
    "and the front door now, and ask {qa} to put you on the list.",
    Permission.CONCERN_VIEW: "A child of concern is shown to whoever raised it, the team's managers, head of service "
    "and director, and the QA team. If you are worried about a child, raise it: send “raise a concern”.",
    Permission.CONCERN_ACKNOWLEDGE: "This alert is acknowledged by the head of service, the director, or those above "
    "them. They are told again until both have acknowledged it.",
    Permission.CONCERN_RESPOND: "This step is the head of service's, or their deputy's. If you know something about "
    "the child, tell them now.",
    Permission.CONCERN_INFORM: "This is for the managers of the child's team and the social worker. If you know "
    "something about the child, tell the team's manager.",
    Permission.CONCERN_JUDGE: "Whether a category stays is decided by the head of quality. Send “concerns” to see how "
    "it stands.",
    Permission.CONCERN_SIGN_OFF: "The sign-off is the director's, or their deputy's. Send “concerns” to see how it "
    "stands.",
    Permission.CONCERN_MANAGE: "The tracker is kept by the QA team. If something on it is wrong, ask {qa}.",
}
MOVED_ON: dict[str, str] = {
    State.WITH_HEAD_OF_SERVICE.value: "it is with the head of service",
    State.WITH_TEAM.value: "the team has been asked for information",
    State.IN_PROCEEDINGS.value: "it is in proceedings, under the head of service's oversight",
    State.CHALLENGED.value: "its category is challenged, and the head of quality decides",
    State.REMOVED.value: "it is off the tracker",
}
"""`with_director` is said as of every request that is there."""
NOTES: dict[str, str] = {
    "respond": "Write what is being done for the child, then press the button again.",
    "update": "Write what the team knows, then press the button again.",
    "ask_team": "Write what you need to know, then press the button again.",
    "proceedings": "Write which proceedings, then press the button again.",
    "settle": "Say why it is this category, then press the button again.",
    "worsen": "Write what has happened, then press the button again.",
    "challenge": "Say why you do not agree with the category, then press the button again.",
    "uphold": "Say why the category stays, then press the button again.",
    "recategorise": "Say why the category changes, then press the button again.",
    "evidence": "Write the evidence, then press the button again.",
    "submit": "Say why it can be signed off, then press the button again.",
    "refuse": "Say why it is not signed off, then press the button again.",
    "remove": "Say why it can leave the tracker, then press the button again.",
    "correct": "Say why it is corrected, then press the button again.",
}
SENTENCES: dict[str, str] = {
    "category_missing": "Choose the category, or that you are not sure. Then press the button again.",
    "words_missing": "Write a few words: they are kept with the child's record. Then press the button again.",
    "grounds_missing": "Write in a few words what you have found, then press the button again.",
    "not_a_reference": "Write the child's reference, for example C20417, and no name or date of birth. Then press the "
    "button again. If you do not have the reference, tell the head of service now.",
    "team_missing": "This reference is not in the children file. Choose the child's team, so that its head of service "
    "can be alerted.",
    "wanted_missing": "Choose what it should become, then press the button again.",
    "evidence_missing": "Nothing leaves the tracker without evidence. Write what shows that things are better for the "
    "child, then press the button again.",
    "sign_off_needed": "A Category 1 leaves the tracker by the director's sign-off. Submit it for sign-off.",
    "no_sign_off_needed": "A Category 2 needs no sign-off. Take it off the tracker, with its evidence.",
    "already_open": "That child has an open record on the tracker already. Nothing was changed; add it there.",
}
