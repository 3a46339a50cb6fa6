"""What a message says beside its intent: months, days, people, references, grades, numbers, in a normal form.

Each finder takes a `Said` and gives its slots; `for_intent` runs those that the intent can use, so that an ordinary
turn pays for no more than it needs.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from dialogs import concern_slots
from dialogs.days import day_ahead, day_back, of_month, written
from dialogs.phrases import MONTHS

Slots = dict[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """`text` as typed (cut), `plain` in lower case with single blanks, `tokens` with their spelling corrected."""

    text: str
    plain: str
    tokens: tuple[str, ...]
    today: date


_GRADE_WORDS: Mapping[str, str] = {
    "outstanding": "outstanding", "good": "good", "ri": "requires_improvement",
    "requires improvement": "requires_improvement", "require improvement": "requires_improvement",
    "needs improvement": "requires_improvement", "inadequate": "inadequate",
    "inadequates": "inadequate", "inad": "inadequate", "not graded": "not_graded",
}  # fmt: skip
_ANY_GRADE = "|".join(sorted(_GRADE_WORDS, key=len, reverse=True))
_GRADE = re.compile(rf"\b({_ANY_GRADE})\b")
_TO_GRADE = re.compile(rf"\bto ({_ANY_GRADE})\b")


def grades(said: Said) -> list[str]:
    """Codes, in the order said."""
    return [_GRADE_WORDS[found] for found in _GRADE.findall(said.plain)]


def grade(said: Said) -> Slots:
    found = grades(said)
    return {"grade": found[0]} if found else {}


def grade_change(said: Said) -> Slots:
    """ "good down to RI", "upscaled to good", "agreed"."""
    found = grades(said)
    to = _TO_GRADE.search(said.plain)
    slots: Slots = {}
    if to:
        slots["to_grade"] = _GRADE_WORDS[to[1]]
        if len(found) > 1 and found[0] != slots["to_grade"]:
            slots["from_grade"] = found[0]
    elif found:
        slots["to_grade"] = found[-1]
    for outcome, words in _OUTCOMES.items():
        if any(word in said.plain.split() for word in words):
            slots["outcome"] = outcome
            break
    return slots


_OUTCOMES = {
    "upgraded": ("up", "upscaled", "upgraded", "raised"),
    "downgraded": ("down", "downgraded", "downscaled", "lowered"),
    "agreed": ("agreed", "agree", "confirmed"),
}


def every_grade(said: Said) -> Slots:
    found = dict.fromkeys(grades(said))
    slots = {"grades": ",".join(found)} if found else {}
    return slots | ({"moderator_type": "external"} if "external" in said.tokens else {})


_SENT_BACK_FOR = re.compile(
    r"(?:\bback\b|\brework\b|\bstandard\b)\s*(?:[,:;.\u2013\u2014-]|\b(?:because|as|since)\b)\s*(.{3,})",
    re.IGNORECASE,
)


def rework_reason(said: Said) -> Slots:
    """ "send A-201 back, rationale missing": what comes after, in the sender's own words."""
    found = _SENT_BACK_FOR.search(" ".join(said.text.split()))
    return {"reason": found[1].strip()} if found else {}


_TOOK_PART: tuple[tuple[str, str], ...] = (
    ("sw_engaged", r"sw|social worker"),
    ("manager_engaged", r"manager|tm|team manager"),
    ("parent_views", r"mum|dad|parents?|carers?|mother|father|foster carers?"),
    ("child_views", r"child|young person|yp|kids?"),
    ("iro_views", r"iro|cp chair|chair"),
    ("reflection_sheet", r"reflection sheet|reflection|case reflection"),
)
_YES = (
    r"present|there|took part|joined|involved|attended|done|completed|spoken to|seen|heard|engaged|"
    r"gave (?:their )?views|views|back"
)
_SPOKE = r"spoke (?:to|with)|talked (?:to|with)|saw|met(?: with)?|views of|with|heard from"
_NO = r"no|without|not|didnt|absent|missing|couldnt"


def engagement(said: Said) -> Slots:
    """ "sw present, spoke to mum, no reflection sheet"."""
    slots: Slots = {}
    for slot, who in _TOOK_PART:
        if re.search(
            rf"\b(?:{_NO}) (?:the )?(?:{who})\b|\b(?:{who}) (?:was |were |is )?(?:{_NO})\b", said.plain
        ):
            slots[slot] = "false"
        elif re.search(rf"\b(?:{who}) (?:was |were |is |have |has )?(?:{_YES})\b", said.plain) or re.search(
            rf"\b(?:{_SPOKE}) (?:the |her |his |their )?(?:{who})\b", said.plain
        ):
            slots[slot] = "true"
    return slots


def new_date(said: Said) -> Slots:
    day = day_ahead(said.plain, said.tokens, said.today)
    return {"new_date": day.isoformat()} if day else {}


def done_on(said: Said) -> Slots:
    day = day_back(said.plain, said.tokens, said.today)
    return {"date": day.isoformat()} if day else {}


_REALLOCATIONS: tuple[tuple[str, str], ...] = (
    ("conflict_of_interest", r"conflict of interest|conflict|i know the family|know the family|related to"),
    (
        "case_closed",
        r"case (?:is |was |has )?(?:been )?closed|closed (?:case|last|the case)|nfa|moved out|case closed",
    ),
    ("own_team", r"own team|my team|own case|own caseload|my caseload|my case|one of mine"),
    ("absence", r"on leave|off sick|away|absent|im off|sick"),
)


def reallocation_reason(said: Said) -> Slots:
    for code, words in _REALLOCATIONS:
        if re.search(rf"\b(?:{words})\b", said.plain):
            return {"reason": code}
    return {}


_MIX = re.compile(
    r"\b(\d{1,3}) (cp|cpp|cin|cic|lac|cl|looked after|care leavers?|child(?:ren)? in need|child protection|"
    r"disabilit(?:y|ies)|cwd|missing)\b"
)
_COHORTS = {
    "cp": "child_protection_plan", "cpp": "child_protection_plan", "child protection": "child_protection_plan",
    "cin": "child_in_need", "child in need": "child_in_need", "children in need": "child_in_need",
    "cic": "looked_after", "lac": "looked_after", "looked after": "looked_after",
    "cl": "care_leavers", "care leaver": "care_leavers",
    "care leavers": "care_leavers", "cwd": "children_with_disabilities", "disability": "children_with_disabilities",
    "disabilities": "children_with_disabilities",
    "missing": "missing_episodes",
}  # fmt: skip
_COUNT = re.compile(
    r"\b(?:sample of|issue|draw|pull|of|set up|all) (\d{1,3})\b|\b(\d{1,3}) (?:audits|children|kids|cases)\b"
)
_PER_TEAM = re.compile(r"\b(\d{1,2}) (?:a|per|each) team\b|\b(\d{1,2}) (?:from|for) (?:each|every) team\b")


def numbers(said: Said) -> Slots:
    """ "sample of 65 for dec, 20 cp 20 cin", "2 a team"."""
    mix = ",".join(f"{_COHORTS[what]}:{count}" for count, what in _MIX.findall(said.plain))
    count = _COUNT.search(said.plain)
    team = _PER_TEAM.search(said.plain)
    slots = {"mix": mix} if mix else {}
    if count:
        slots["count"] = count[1] or count[2]
    return slots | ({"per_team": team[1] or team[2]} if team else {})


_KINDS: tuple[tuple[str, str], ...] = (
    ("reaudit", r"re ?audits?"),
    ("dip_sample", r"dip samples?|dips?"),
    ("thematic", r"thematics?|themed"),
    ("practice_review", r"practice reviews?|review week"),
    ("observation", r"observations?|obs|observing|observed"),
    ("early_help", r"early help"),
    ("minimum_standards", r"minimum standards?"),
    ("multi_agency", r"multi ?agency|jtai"),
)


def kind(said: Said) -> Slots:
    for code, words in _KINDS:
        if re.search(rf"\b(?:{words})\b", said.plain):
            return {"kind": code, "type": code}
    return {}


_THEME = re.compile(r"\b(?:on|about|into|theme) ([a-z][a-z /-]{2,60}?)(?: (?:for|in|this|next|of)\b|$)")


def theme(said: Said) -> Slots:
    found = _THEME.search(said.plain)
    return {"theme": found[1].strip()} if found else {}


_NONE = re.compile(r"\b(?:none|no)\b.*\b(?:this month|because|as)\b|\bnone\b")
_BECAUSE = re.compile(r"\b(?:because(?: of)?|due to|owing to|as|since)\b[\s,:]*(.{3,})", re.IGNORECASE)
_LOGGING = re.compile(r"\b(?:log|record|done|did the|add|finished|completed|submit)\b")
_SETTING_UP = re.compile(r"\b(?:set up|setup|start|issue|arrange|plan)\b")
_DUE = re.compile(r"\b(?:due|need|needs|needing|outstanding)\b")


def operation(said: Said) -> Slots:
    """What is wanted with another kind of audit: log one, say that there was none, set some up, see what is due."""
    if _NONE.search(said.plain) and "none" in said.plain:
        because = _BECAUSE.search(" ".join(said.text.split()))
        return {"op": "none"} | ({"because": because[1].strip()} if because else {})
    if _SETTING_UP.search(said.plain):
        return {"op": "set_up"}
    if _DUE.search(said.plain):
        return {"op": "due", "status": "due"}
    return {"op": "submit"} if _LOGGING.search(said.plain) else {}


_REVIEWED = re.compile(
    r"\b(?:previous|earlier|last) actions (?:were |was )?(?:reviewed|checked)?\s*(yes|no|not)?"
)


def reviewed(said: Said) -> Slots:
    found = _REVIEWED.search(said.plain)
    if found is None:
        return {}
    return {"previous_actions_reviewed": "false" if found[1] in ("no", "not") else "true"}


_ROLE_TO = re.compile(r"\b(?:as|to|a|an) (?:an? )?(auditor|moderator)\b")
_TRAINED = re.compile(r"\btrained (?:on )?(.{1,20})")
_PERSON = re.compile(
    r"\b(?i:add|promote|make|move|for|observing|observed|log obs for|with|remove|to)\s+"
    r"([A-Z][\w'\u2019-]+(?: [A-Z][\w'\u2019-]+){0,2})"
)


def pool_change(said: Said) -> Slots:
    """ "add Sam Whyte as auditor from dec, trained 12 nov"."""
    slots: Slots = {}
    role = _ROLE_TO.search(said.plain)
    if role:
        slots["role_to"] = role[1]
    elif "promote" in said.tokens:
        slots["role_to"] = "moderator"
    trained = _TRAINED.search(said.plain)
    if trained:
        day = written(trained[1], said.today, -1) or of_month(trained[1], said.today, -1)
        slots |= {"trained": day.isoformat()} if day else {}
    return slots | person(said)


def person(said: Said) -> Slots:
    found = _PERSON.search(said.text)
    if found is None or found[1].casefold() in MONTHS:
        return {}
    return {"person": re.sub(r"['\u2019]s$", "", found[1])}


def moderation_question(said: Said) -> Slots:
    if re.search(r"\b(?:i|my|me|mine)\b", said.plain):
        return {"op": "mine"}
    return {"op": "who"} if re.search(r"\bwho(?:s| is| are)?\b", said.plain) else {}


def concern_raised(said: Said) -> Slots:
    return concern_slots.raising(said.text, said.plain)


def concerns_asked(said: Said) -> Slots:
    return concern_slots.asked(said.text, said.plain)


def concern_meant(said: Said) -> Slots:
    return concern_slots.about(said.text, said.plain)


_FINDERS: Mapping[str, tuple[Callable[[Said], Slots], ...]] = {
    "submit_audit": (grade, engagement),
    "report_slippage": (new_date,),
    "reallocate_audit": (reallocation_reason,),
    "record_moderation": (grade_change,),
    "assign_moderation": (every_grade, moderation_question, person),
    "return_for_rework": (rework_reason,),
    "dispute_grade": (),
    "allocate_audits": (numbers, kind, theme),
    "pool_capacity": (pool_change,),
    "reaudit": (operation, grade),
    "thematic_dip": (kind, operation, numbers, theme),
    "supervision_observation": (operation, done_on, reviewed, person),
    "activity": (kind, operation, numbers, theme),
    "raise_child_of_concern": (concern_raised,),
    "coc_list": (concerns_asked,),
    "coc_respond": (concern_meant,),
    "coc_challenge": (concern_meant,),
    "coc_signoff": (concern_meant,),
}


def for_intent(intent: str, said: Said) -> Slots:
    """What this intent can use beyond month and references."""
    found: Slots = {}
    for finder in _FINDERS.get(intent, ()):
        found |= finder(said)
    return found


CYCLE = (
    frozenset(_FINDERS)
    | {"correct_mistake"}
    | {"third_lock", "upload", "audit_show", "team_history", "programme", "my_audits", "results"}
)
"""Intents about audits: their `ref` is an audit's."""
