"""Why a message comes: its first words name what caused it, and all of it can be read without opening anything."""

from datetime import date

from dialogs.words.dates import day, day_of, month
from dialogs.words.exemptions import LEVEL
from domain.audits import Audit
from domain.exemptions import Command, Exemption, State
from domain.notices import NoticeKind, actions_of

_CAME_BY: dict[str, str] = {
    "request": "Because {asker} asked for an exemption{for_whom}, a decision is needed from you.",
    Command.ENDORSE.value: "Because {by} endorsed the exemption request of {person}, your decision is needed.",
    Command.ANSWER.value: "Because {by} answered the question about this exemption request, your decision is needed.",
    Command.ESCALATE.value: "Because nobody answered at the step before, this exemption request of {person} has come "
    "up to you.",
    Command.REASSIGN.value: "Because the person asked before cannot decide any more, this exemption request of "
    "{person} has come to you.",
}


def to_decide(command: str, *, asker: str, person: str, by: str, acting_for: str) -> str:
    """What made this the reader's turn; names are neutral already."""
    sentence = _CAME_BY.get(command, _CAME_BY["request"])
    for_whom = f" for {person}" if person != asker else ""
    text = sentence.format(asker=asker, person=person, by=by or asker, for_whom=for_whom)
    return f"{text} You are asked as deputy for {acting_for}." if acting_for else text


def chased(it: Exemption, person: str, *, requester: bool) -> str:
    since = day_of(it.step_since)
    if requester:
        return f"Because your answer has been awaited since {since}, here is the question again."
    return f"Because the exemption request of {person} has waited since {since}, here it is again for your decision."


REPLY_LOST = (
    "You wrote to me a little while ago, and my answer did not get through. Nothing was lost, and nothing was done. "
    "Please write it once more."
)
CHASED_SEVERAL = "Because these have waited for you since an earlier day, here they are together."


def stuck(it: Exemption, approver: str) -> str:
    """To the QA team."""
    return (
        f"Because {approver or 'the person asked'} can no longer decide as {LEVEL[it.level]} and nobody else is named, "
        f"nobody can answer {it.ref}. Please have the teams and people files say who decides; it is then asked again."
    )


def asked_back(by: str, acting_for: str, person: str, *, own: bool) -> str:
    who = f"{by}, as deputy for {acting_for}," if acting_for else by
    whose = "your exemption request" if own else f"the exemption request for {person}"
    return (
        f"Because {who} has a question about {whose}, your answer is needed. Until then nothing is decided."
    )


_ENDED: dict[State, str] = {
    State.APPROVED: "was approved",
    State.DECLINED: "was declined",
    State.WITHDRAWN: "was withdrawn",
    State.LAPSED: "was not decided before the month ended",
}


def outcome(it: Exemption, person: str, *, own: bool, asked: bool) -> str:
    """`own`: the reader is exempt or not; `asked`: the reader asked for somebody else."""
    whose = "your exemption request" if own else f"the exemption request for {person}"
    ended = _ENDED[it.state]
    name = month(it.month)
    if it.state is State.APPROVED:
        means = f"you do not need to audit in {name}" if own else f"{person} does not need to audit in {name}"
    elif it.state is State.LAPSED:
        means = "it has lapsed and can no longer be decided"
    elif own or asked:
        means = f"the audit for {name} is still expected"
    else:
        means = "nothing more is asked of you"
    return f"Because {whose} {ended}, {means}."


def moved_up(it: Exemption, approver: str, person: str, *, own: bool) -> str:
    whose = "your exemption request" if own else f"the exemption request of {person}"
    return (
        f"Because nobody answered in time, {whose} has gone one step up, to {approver} ({LEVEL[it.level]}). "
        "Nothing more is needed from you."
    )


def stands(asker: str, it: Exemption) -> str:
    return (
        f"Because {asker} asked for an exemption for you in {month(it.month)}, a request is under way. You need do "
        "nothing; any audit that you have stands until it is decided."
    )


def freed(audit: Audit, today: date) -> str:
    due = "is" if today <= audit.due_on else "was"
    return (
        f"Because its auditor was taken off it after issue, {audit.ref} needs another auditor. "
        f"It {due} due on {day(audit.due_on)}."
    )


def given(audit: Audit, child: str) -> str:
    what = f"{audit.ref}, child {child}," if child else audit.ref
    return (
        f"Because its first auditor was taken off it, the QA team has given you {what} for {month(audit.month)}. "
        f"It is due on {day(audit.due_on)}."
    )


SUBJECT: dict[NoticeKind, str] = {
    NoticeKind.MODERATION_ASSIGNED: "moderating {ref}",
    NoticeKind.AUDIT_NOT_OF_CHILD: "{ref}, which was about another child",
    NoticeKind.MODERATION_STUCK: "{ref}, which needs another moderator",
    NoticeKind.AUDIT_UNTICKED: "the tick of {ref}, which was taken back",
    NoticeKind.AUDIT_SENT_BACK: "{ref}, which was sent back for rework",
    NoticeKind.AUDIT_RESUBMITTED: "{ref}, which was returned again",
    NoticeKind.AUDIT_MODERATED: "the moderation of {ref}",
    NoticeKind.AUDIT_DISPUTED: "the disputed grade of {ref}",
    NoticeKind.AUDIT_LOCKED: "the confirmed grade of {ref}",
    NoticeKind.AUDIT_REOPENED: "{ref}, which was reopened",
    NoticeKind.EXEMPTION_TO_DECIDE: "a decision on {ref}",
    NoticeKind.EXEMPTION_CHASED: "a reminder about {ref}",
    NoticeKind.EXEMPTION_ASKED_BACK: "a question about {ref}",
    NoticeKind.EXEMPTION_OUTCOME: "the outcome of {ref}",
    NoticeKind.EXEMPTION_MOVED_UP: "the escalation of {ref}",
    NoticeKind.EXEMPTION_STANDS: "the request {ref}",
    NoticeKind.EXEMPTION_STUCK: "{ref}, which nobody can decide",
    NoticeKind.AUDIT_FREED: "{ref}, which needs another auditor",
    NoticeKind.AUDIT_GIVEN: "{ref}, which was given to another auditor",
    NoticeKind.AUDIT_ISSUED: "{ref}, which was issued",
    NoticeKind.AUDIT_CHILD_CHANGED: "another child for {ref}",
    NoticeKind.ROLE_GIVEN: "the role of {ref}",
    NoticeKind.REQUEST_TO_DECIDE: "a yes or no to {ref}",
    NoticeKind.REQUEST_STANDS: "the request {ref}",
    NoticeKind.REQUEST_DECIDED: "the answer to {ref}",
    NoticeKind.AUDIT_TAKEN_OFF: "{ref}, which was taken off its auditor",
    NoticeKind.AUDIT_COMING: "{ref}, which is coming",
    NoticeKind.AUDIT_INADEQUATE: "{ref}, which is Inadequate",
    NoticeKind.ACTIONS_RAISED: "actions from {ref}",
    NoticeKind.AUDIT_RESULT: "what came of {ref}",
    NoticeKind.AUDIT_COMMENTED: "a comment on {ref}",
    NoticeKind.CONCERN_ALERT: "the Category 1 alert {ref}",
    NoticeKind.CONCERN_CLIMBED: "the Category 1 alert {ref}, which climbs",
    NoticeKind.CONCERN_RAISED: "the child of concern {ref}, who was raised",
    NoticeKind.CONCERN_WAITS: "the next step of the child of concern {ref}",
    NoticeKind.CONCERN_MOVED: "what was done about the child of concern {ref}",
    NoticeKind.CONCERN_OVERDUE: "the child of concern {ref}, where a step is overdue",
    NoticeKind.CONCERN_NOBODY: "the child of concern {ref}, for whom nobody was alerted",
    NoticeKind.CONCERN_NOT_OF_CHILD: "{ref}, which was about another child or is another team's",
    NoticeKind.DELEGATION_MADE: "being named as deputy ({ref})",
    NoticeKind.DELIVERY_FAILED: "a message that did not arrive ({ref})",
    NoticeKind.CARD_UPDATE: "the card of {ref}",
    NoticeKind.REPLY_LOST: "an answer to what they wrote",
    NoticeKind.WELCOME: "the greeting",
}


def about(kind: str, ref: str) -> str:
    """What a message was about; one of a kind that this program does not know cannot be worded, only named."""
    known = SUBJECT.get(NoticeKind(kind)) if kind in set(NoticeKind) else None
    return (known or "a message about {ref}").format(ref=actions_of(ref) or ref)


def why_failed(outcome: str, reason: str) -> str:
    """`reason` is the platform's answer or ours (nobody to write to yet); ours for a message that was set aside."""
    return f"The reason: {reason}." if outcome == "unreachable" else f"It could not be sent: {reason}."


NOT_YOURS = "This is with somebody else now. Nothing more is needed from you."
FAILED_TITLE = "Messages that did not arrive"
NOTHING_FAILED = "Every message has arrived so far, or is still on its way."
WHAT_TO_DO = (
    "These could not be delivered, so the people may not know. Please tell them yourself, see that the app is "
    "installed for them, and ask them to open a chat with this bot and write “hi”."
)
MORE_FAILED = "There are more than fit on this card."
