"""A sentence for every refusal: what stands in the way, and what to do next."""

from collections.abc import Callable, Mapping
from datetime import date

from dialogs.words import concern_refusals as concerns
from dialogs.words import moderation_refusals as moderation
from dialogs.words.dates import day as day_name
from dialogs.words.dates import month as month_name
from dialogs.words.one_child import often_enough
from dialogs.words.requests import MOVED_ON as REQUEST_MOVED_ON
from domain.audits import AuditState
from domain.calendar import Month
from domain.errors import DomainError
from domain.exemptions import Command, State
from domain.permissions import Permission

Facts = Mapping[str, str]

NOT_ALLOWED: dict[Permission, str] = {
    **moderation.NOT_ALLOWED,
    **concerns.NOT_ALLOWED,
    Permission.AUDIT_VIEW: "That audit is shown to its auditor, the managers above them and the QA team. "
    "Send “my audit” to see your own.",
    Permission.AUDIT_REISSUE: "Issuing audits and giving a child to another auditor is done by the QA team. "
    "If an audit should move, ask {qa}.",
    Permission.AUDIT_LOG: "An audit of this kind is logged by the roles that the council names for it. If you should "
    "do them, ask {qa}.",
    Permission.ACTIVITY_ASSIGN: "Re-audits, observations and samples are given out by the QA team, or by a head of "
    "service to their own managers. If it should be somebody else, ask {qa}.",
    Permission.POOL_VIEW: "The pool of auditors is shown to the QA team, the head of quality and the director of "
    "children's services. If you want to know about your own part, ask {qa}.",
    Permission.POOL_CHANGE: "Who audits and who moderates is kept by the QA team. "
    "If something is wrong there, ask {qa}.",
    Permission.PROGRAMME_VIEW: "The programme of the year is shown to managers and the QA team. "
    "Send “my audit” to see what is yours.",
    Permission.PROGRAMME_CHANGE: "The programme of the year is kept by the QA team. If it should change, ask {qa}.",
    Permission.SLIPPAGE_DECIDE: "Requests about audits are shown to the auditor who asked, their head of service "
    "and the QA team. Send “what is waiting for me” to see your own.",
    Permission.AUDIT_RETURN: "Only the auditor of an audit can do that. Send “my audit” to see your own.",
    Permission.AUDIT_TAKE_PART: "Only the child's social worker and the manager of the team take part in this audit. "
    "If that should be you, ask {qa} to have the children and teams files say so.",
    Permission.EXEMPTION_REQUEST: "An exemption is asked for by the auditor, or by the head of their service. "
    "If you audit and are not on the list of auditors, or your service is wrong there, ask {qa}.",
    Permission.EXEMPTION_VIEW: "That request is shown to the people on it, the managers above them and the QA "
    "team. Send “exemptions” to see yours.",
    Permission.EXEMPTION_ENDORSE: "This step is for the head of service of the person, or their deputy. "
    "Send “what is waiting for me” to see your own.",
    Permission.EXEMPTION_DECIDE: "This decision is for the director who was asked, or their deputy. "
    "Send “what is waiting for me” to see your own.",
    Permission.DELEGATION_MAKE: "Deputies are named by heads of service, directors, the director of children's "
    "services and the head of quality. If somebody should stand in for you, ask {qa}.",
    Permission.DELIVERY_VIEW: "The list of messages that did not arrive is for the QA team. "
    "If a message did not reach you, tell {qa}.",
}

MOVED_ON: dict[State, str] = {
    State.WITH_HEAD_OF_SERVICE: "it is with the head of service",
    State.WITH_DIRECTOR: "it is with the director",
    State.WITH_DCS: "it is with the director of children's services",
    State.ASKED_BACK: "a question was asked, and the requester's answer is awaited",
    State.APPROVED: "it has been approved",
    State.DECLINED: "it has been declined",
    State.WITHDRAWN: "it has been withdrawn",
    State.LAPSED: "it has lapsed, because its month ended before a decision",
}

AUDIT_MOVED_ON: dict[str, str] = {
    **moderation.AUDIT_MOVED_ON,
    AuditState.ISSUED.value: "it has an auditor",
    AuditState.FREED.value: "it needs another auditor",
    AuditState.RETURNED.value: "it has been returned",
    AuditState.MODERATED.value: "it has been moderated",
    AuditState.UPLOADED.value: "it has been uploaded",
}

_NOTES: dict[str, str] = {
    **concerns.NOTES,
    **moderation.NOTES,
    Command.DECLINE.value: "Say why you decline it, so that the requester knows; then press the button again.",
    Command.ASK_BACK.value: "Write what you want to know, then press the button again.",
    Command.ANSWER.value: "Write your answer, then press the button again.",
}


def _month(facts: Facts) -> str:
    try:
        return month_name(Month.parse(facts.get("month", "")))
    except ValueError:
        return "That month"


def _longest(facts: Facts) -> str:
    written = facts.get("longest", "")
    return f"{int(written):,}" if written.isdecimal() else "1,000"


def _latest(facts: Facts) -> str:
    try:
        return day_name(date.fromisoformat(facts.get("latest", "")))
    except ValueError:
        return "the latest one on the card"


def _ref(facts: Facts) -> str:
    return facts.get("ref") or "This"


def _note_missing(facts: Facts) -> str:
    by_command = _NOTES.get(facts.get("command", ""))
    by_field = {"answer": _NOTES["answer"], "question": _NOTES["ask_back"], "note": _NOTES["decline"]}.get(
        facts.get("field", "")
    )
    return by_command or by_field or "Please give a reason, then press the button again."


_FIELD_MISSING: dict[str, str] = {
    "month": "Choose a month, then send it again.",
    "reason": "Choose a reason, then send it again.",
    "explanation": "Write an explanation, then send it again.",
    "auditor": "Choose an auditor, then press the button again.",
    "delegate": "Choose who stands in for you, then press the button again.",
    "scope": "Choose what your deputy may do, then press the button again.",
    "from_day": "Choose the first day, then press the button again.",
    "to_day": "Choose the last day, then press the button again.",
    "wanted_on": "Choose a day, then send it again.",
    "agreed_on": "Choose a day, then press the button again.",
    "people": "Choose at least one person, then send it again.",
}


def _moved_on(facts: Facts) -> str:
    if facts.get("why") in WHY_NOT:
        return WHY_NOT[facts["why"]]
    if facts.get("why") == "reassigned":
        return f"{_ref(facts)} is with somebody else now: the person asked has changed. Nothing of yours was saved."
    if facts.get("moved") == "child":
        return (
            f"{_ref(facts)} is about another child now, so what you typed was not saved. "
            "The card shows it as it is now."
        )
    written = facts.get("state", "")
    where = MOVED_ON.get(State(written)) if written in set(State) else AUDIT_MOVED_ON.get(written)
    where = (
        moderation.AUDIT_EVENTS.get(facts.get("did", ""))
        or where
        or REQUEST_MOVED_ON.get(written)
        or concerns.MOVED_ON.get(written)
        or "something else has happened since"
    )
    return f"{_ref(facts)} has moved on: {where}. Nothing was changed by your press; the card shows it as it is now."


WHY_NOT: dict[str, str] = {
    **moderation.WHY_NOT,
    "own_request": "Nobody decides on their own request, also not as a deputy or in another role. "
    "You are told here when it is decided.",
    "endorsed_it": "You endorsed this request, so somebody else has to decide it: two people look at each one. "
    "You are told here when it is decided.",
    "no_team": "Audits of a team are shown to its managers and to those above them. "
    "Send “my audit” to see your own.",
    "not_asked": "Somebody else is asked for this step now. Send “what is waiting for me” to see your own.",
    "not_for_people": "Exemptions are decided by the people who are asked for them, in chat. "
    "Send “what is waiting for me” to see your own.",
    "own_role": "Nobody changes their own role. Ask a colleague of the QA team to do it.",
    "own_draw": "Nobody draws a child for themselves alone. Ask a colleague of the QA team to do it.",
    "own_child": "This audit is your own, and nobody has a child drawn anew for themselves. Ask a colleague of the QA "
    "team to do it.",
    "not_requester": "Only the person who sent this request can do that. Ask them, or ask {qa}.",
}

SENTENCES: dict[str, str | Callable[[Facts], str]] = {
    **concerns.SENTENCES,
    **moderation.SENTENCES,
    # what there is
    "not_found": lambda f: f"{f.get('ref') or 'That'} cannot be found. Check the reference, or send “help”.",
    "out_of_date": _moved_on,
    "conflict": "Somebody else changed this a moment ago, and nothing of yours was saved. "
    "Look at the card as it is now, then decide.",
    "replayed": "This message was answered before with something else in it, so nothing was done. "
    "Please send it once more.",
    "busy": "This could not be saved just now, and nothing was changed. Please try again in a minute.",
    "commit_unknown": "The connection broke while saving, so it is not certain whether your last step counts. "
    "Look at the card again before you repeat it.",
    # what was filled in
    "invalid": "Something in the form cannot be accepted. Check each answer, then send it again.",
    "note_missing": _note_missing,
    "missing": lambda f: _FIELD_MISSING.get(
        f.get("field", ""), "Something is not filled in. Fill it in, then press the button again."
    ),
    "explanation_missing": lambda f: (
        f"{_month(f)} is in its last week, so a request needs an explanation: "
        "say why it could not be asked earlier. Then send it again."
    ),
    "after_deadline": lambda f: (
        f"{_month(f)} is over, so it can no longer be asked for. "
        "If an audit was not returned, speak to {qa} about it."
    ),
    "too_far_ahead": lambda f: (
        f"{_month(f)} is too far ahead. Choose an earlier month, or ask again nearer the time."
    ),
    "too_long": lambda f: (
        f"That is longer than {_longest(f)} characters. Shorten it to the main points, then send it again."
    ),
    "no_approver": "Nobody can be found to decide this request: everybody above is on it, or no longer holds the "
    "role. Nothing was sent. Ask {qa} to sort out who decides.",
    "unknown_reason": "That reason is not on the council's list. Choose one from the list, then send it again.",
    "unknown_month": "That is not a month that can be chosen. Choose one from the list, then send it again.",
    "unknown_person": "That person cannot be chosen here. Choose somebody from the list.",
    "unknown_scope": "Choose what your deputy may do from the list.",
    "not_a_day": "That is not a date. Choose a day from the calendar.",
    "unreadable": "One of the answers cannot be read. Check it, then press the button again.",
    "no_people": "Choose at least one person, then send it again.",
    "too_many_people": lambda f: (
        f"That is more than {_longest(f)} people. Send it for some of them first, then for the others."
    ),
    "already_requested": lambda f: (
        "There is already an open or approved request for that person and month"
        + (f": {f['ref']}" if f.get("ref") else "")
        + ". Nothing was sent. Send “exemptions” to see where it is."
    ),
    "cannot_take": "That auditor can no longer take this child: they are exempt, have an audit already, or the "
    "child is of their own team. Choose somebody else from the list.",
    "cannot_deputise": "That person cannot stand in for you. Choose somebody from the list.",
    "already_deputy": "That person is your deputy on some of these days already; see the list above. "
    "To change the days, end that entry first.",
    "month_is_over": lambda f: (
        f"{_month(f)} is over, so this audit can no longer be given to anybody. It stays without an auditor."
    ),
    "days_reversed": "The last day is before the first. Choose the days again.",
    "days_past": "The last day is in the past. Choose today or a later day.",
    "days_too_many": lambda f: (
        f"A deputy can be named for {_longest(f)} days at most. Choose an earlier last day."
    ),
    # the draw, the pool and the programme
    "past_month": lambda f: (
        f"{_month(f)} is over, so nothing can be issued for it. Choose this month or a later one."
    ),
    "kind_not_drawn": "Audits of this kind are not drawn: re-audits follow from a grade, and observations are of "
    "people. Choose another kind.",
    "unknown_kind": "That kind of audit is not on the list. Choose one from the list.",
    "unknown_cohort": "That cohort is not on the council's list. Choose from the list, then press the button again.",
    "unknown_child": lambda f: (
        f"{f.get('ref') or 'That reference'} is not in the children's file. Check the reference, then look again."
    ),
    "no_exclusion_reason": lambda f: (
        f"Say why {f.get('ref') or 'each child'} is left out: write the reason after the reference, then look again."
    ),
    "too_many_exclusions": lambda f: (
        f"More than {_longest(f)} children cannot be left out by hand. Leave out cohorts instead, or fewer children."
    ),
    "not_a_number": "That is not a whole number that can be used here. Write another one, or leave it empty.",
    "nobody_to_issue": lambda f: (
        f"No child is drawn for anybody in {_month(f)}, so nothing was issued. Look again."
    ),
    "cannot_join": lambda f: (
        f"That person cannot be given an audit for {_month(f)}: they have one, are exempt, moderate, or are not "
        "trained yet. Choose somebody else."
    ),
    "no_child_left": "No other child can be drawn for this auditor: every other one is of their own team, was audited "
    "not long ago, or is left out. Nothing was changed. Give the audit to another auditor instead.",
    "changed_often_enough": lambda f: often_enough(f.get("ref") or "this audit", f.get("children", "")),
    "not_a_moderator": "That person is no moderator. Make them one first, from the day they are trained.",
    "not_an_auditor": "Moderators come from the auditors. Make this person an auditor first, then a moderator.",
    "has_role": "That person has the role already. Nothing was changed; look at the card as it is now.",
    "has_no_role": "That person does not have the role any more. Nothing was changed; look at the card as it is now.",
    "has_left": "That person has left the council by then, so the role was not given. Check the people file.",
    "has_open_audit": lambda f: (
        f"They still have {f.get('ref') or 'an audit'} to finish, so the role stays. Give it to somebody else first."
    ),
    "role_not_kept": "That role comes with the people file and is not changed here. Ask {qa} to change the file.",
    "unlikely_day": "That day is too far away to be meant. Choose another day.",
    "bad_email": "Write the e-mail address that the person uses in Teams, then press the button again.",
    "email_known": "Somebody with that e-mail address is on the list already. Nothing was added; here they are.",
    "no_name": "Write the person's name, in at most 100 characters. Then press the button again.",
    "unknown_team": "That team is not on the list. Choose one from the list.",
    "unknown_standing": "That list is not there. Choose one from the list.",
    "programme_changed": "A colleague changed this entry a moment ago, and nothing of yours was saved. Look at it as "
    "it is now, then save again.",
    "why_another_child": "Say why another child is drawn, then press the button again.",
    # more time, another child, and taking part
    "explanation_needed": "Write a few words why, then send it again: those who answer read them.",
    "why_not_missing": "Say why not, so that the auditor knows; then press the button again.",
    "books_closed": lambda f: (
        f"{_month(f)} is over and its books are closed, so no later day can be agreed. Speak to {{qa}} about it."
    ),
    "day_not_ahead": "That day is not ahead. Choose tomorrow or a later day.",
    "day_past": "That day is over. Choose today or a later day.",
    "day_too_late": lambda f: (
        f"That is too late. Choose a day up to {_latest(f)}, then press the button again."
    ),
    "already_asked": lambda f: (
        f"You have asked about {_ref(f)} already, and nothing was sent. Open that request to change or withdraw it."
    ),
    "nothing_written": "Nothing is written yet. Answer at least one of the questions, then save.",
    "saved_elsewhere": "You have saved something else meanwhile, in another window. Copy what you typed, open the "
    "form anew and add it there.",
    "comment_missing": "Write your comment, then press the button again.",
    # returns
    "return_changed": "This return was changed on another card since you opened this one. Look at it as it is now, "
    "then hand it in.",
    "return_incomplete": "Something is still missing, so it was not handed in. "
    "The steps that lack an answer say which.",
    "why_none": "Say in a few words why there was none, then hand it in.",
    "not_this_kind": "For this kind of audit “none this month” is no result. Fill in its return, or ask {qa}.",
    "why_corrected": "Write why it is corrected, then press the button again: the reason stays with the record.",
    "nothing_changed": "Nothing is different from before, so nothing was corrected. Change an answer, or go back.",
    "same_child": "That is the child that it is about already, so nothing was changed. Check the reference.",
    "own_child": "That child is of your own team or caseload, and cannot be audited by you. "
    "Ask {qa} to give this audit to somebody else.",
    "owner_missing": "Choose from the list who does the action, then press the button again.",
    "action_day": "Choose a day from today on for the action, then press the button again.",
    "action_too_long": "The action is too long. Shorten it, or make two of it; then press the button again.",
    # other kinds of audits
    "core_is_drawn": "Core audits are drawn for the month by the QA team and are not logged by hand.",
    "reaudit_is_due": "A re-audit follows from an Inadequate and is given out by the QA team. Send “re-audits” to see "
    "which are due.",
    "cannot_do_kind": "That person does not do audits of this kind. Choose somebody from the list.",
    "who_missing": "Choose who does it, then press the button again.",
    "child_missing": "Write the child's reference, then press the button again.",
    "own_team_child": lambda f: (
        f"Child {f.get('ref') or 'this'} is of the auditor's own team or caseload, and nobody audits those. Choose "
        "another child, or somebody else."
    ),
    "about_missing": "Say whose supervision it is: search for part of the name, then choose the person.",
    "own_supervision": "Nobody observes their own supervision. Choose somebody else.",
    "day_ahead": "That day has not come yet. Choose the day on which it was done.",
    "day_long_ago": "That is longer ago than last month, whose books are closed. Ask {qa} to have it imported.",
    "month_too_far": lambda f: f"{_month(f)} is too far ahead. Choose a month of the coming year.",
    "logged_already": lambda f: (
        f"{_ref(f)} is about the same and not returned yet, so nothing was added. Open that one and fill it in."
    ),
    "cannot_reaudit": "That person cannot re-audit this child. Choose somebody from the list.",
    "why_own_team": "Say why somebody of the child's own team re-audits, then press the button again.",
    # figures
    "unknown_figure": "There is no figure of that name. Ask for completion, activity, pool, grades, moderation, "
    "engagement, re-audits or exemptions.",
    "not_split_so": lambda f: (
        "That figure cannot be split so. Split it by "
        f"{(f.get('known') or 'month').replace('_', ' ').replace(',', ', ')}."
    ),
    "no_kind": "That figure is not of one kind of audit. Ask for it without a kind.",
    "one_month_only": "That figure is the state of one month. Ask for one month, or for it by month.",
    # buttons
    "unknown_verb": "This button belongs to another version of the bot. Send “help” to see what you can do.",
    "malformed": "This button cannot be used any more. Send “help” and start from a new card.",
}

FALLBACK = (
    "That is not possible as it stands, and nothing was changed. "
    "Send “help” to see what you can do, or ask {qa}."
)


def _not_allowed(facts: Facts) -> str:
    if facts.get("why") in WHY_NOT:
        return WHY_NOT[facts["why"]]
    written = facts.get("permission", "")
    return NOT_ALLOWED[Permission(written)] if written in set(Permission) else FALLBACK


def refusal(error: DomainError, qa: str = "the QA team") -> str:
    """The sentence for a refusal, with its next step. `qa` is the policy's name for whom to ask."""
    if error.code == "not_allowed":
        return _not_allowed(error.facts).replace("{qa}", qa)
    found = SENTENCES.get(error.code, FALLBACK)
    sentence = found if isinstance(found, str) else found(error.facts)
    return sentence.replace("{qa}", qa)


def problem(code: str, *, qa: str = "the QA team", **facts: str) -> str:
    """The same, where only the code of a refused form is left."""
    return refusal(DomainError(code, **facts), qa)


def fault(correlation_id: str, qa: str = "the QA team") -> str:
    """Something broke on our side: what is certain, what to do, and what to quote."""
    return (
        "Something went wrong on our side. We cannot say whether your last step was saved: look at it again "
        f"before you repeat it. If it happens again, tell {qa} and quote {correlation_id}."
    )
