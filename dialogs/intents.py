"""What somebody means by what they typed: a name from the list of intents, slots, and how sure that is.

Pure and quick (well under a millisecond), and for any text there is an answer. A message that changes something
never acts by itself: it opens a card, filled in, and the person confirms.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from dialogs import concern_phrases, concern_slots, danger, said, slots
from dialogs.phrases import COMMANDS, RULES, Rule
from dialogs.spelling import LONGEST, plain, spelt, without_courtesy

TOKENS_MOST = 60
PHRASE_LONGEST = 4
"""Words of the longest phrase in the tables."""
_OF_CONCERN = frozenset({"child_ref", "month"})
READ = 4000
SENTENCES_MOST = 40
"""Danger is looked for in each sentence of so many characters: what stands beside it takes nothing back."""
_SENTENCES = re.compile(r"[^.!?;\n]{4,400}")
SURE = 0.6
"""Below this confidence the answer is a question back."""


@dataclass(frozen=True, slots=True)
class Intent:
    """`slots` hold what was said in a normal form: month "2026-11", reason (a code of the default policy), for
    "others" or "self", person, ref, child_ref, decision. `candidates` are other readings, best first."""

    name: str
    slots: Mapping[str, str] = field(default_factory=dict[str, str])
    confidence: float = 0.0
    candidates: tuple[str, ...] = ()


def understand(text: str, today: date) -> Intent:
    """Never raises. `unknown` where nothing fits; `danger` before anything else."""
    words = plain(text)
    if danger.heard(words) or _in_a_sentence(text[:READ]):
        return Intent("danger", {}, 1.0)
    tokens = tuple(spelt(token) for token in words.split()[:TOKENS_MOST])
    found = _phrases(tokens)
    what = said.Said(text[:LONGEST], words, tokens, today)
    known = slots.basic(what.text, tokens, found, today)
    whole = _command(" ".join(tokens), words)
    if whole:
        return _with(whole, 1.0, known, what)
    concern = concern_phrases.meant(what.text, words)
    if concern:
        return Intent(concern[0], {k: v for k, v in known.items() if k in _OF_CONCERN} | concern[1], 0.97)
    found |= _seen(known, what)
    matching = sorted((rule for rule in RULES if _matches(rule, found)), key=lambda rule: -rule.weight)
    names = tuple(dict.fromkeys(rule.intent for rule in matching))
    if not names:
        return Intent("help", {}, SURE) if text.strip() == "?" else _alone(known, tokens, what)
    return _with(names[0], matching[0].weight, known, what, names[1:])


def _in_a_sentence(text: str) -> bool:
    return any(danger.heard(plain(sentence)) for sentence in _SENTENCES.findall(text)[:SENTENCES_MOST])


def _command(tokens: str, words: str) -> str | None:
    return COMMANDS.get(words) or COMMANDS.get(tokens) or COMMANDS.get(without_courtesy(tokens))


def _seen(known: Mapping[str, str], what: said.Said) -> frozenset[str]:
    """What a rule may ask for beside words: that a child, an audit, a month or a grade is named."""
    marks = {"child_ref": "@child", "audit_ref": "@audit", "month": "@month"}
    found = {mark for slot, mark in marks.items() if slot in known}
    if concern_slots.REFERENCE.search(what.text):
        found.add("@concern")
    return frozenset(found | ({"@grade"} if said.grades(what) else set()))


def _with(
    name: str, sure: float, known: dict[str, str], what: said.Said, others: tuple[str, ...] = ()
) -> Intent:
    if name == "exemption_list" and "ref" in known:
        name = "exemption_show"
    if name == "request_exemption":
        slots.ahead(known, what.today)
        return Intent(name, known, sure, others)
    reason = {"reason": known["reason"]} if name == "exemption_list" and "reason" in known else {}
    kept = {key: value for key, value in known.items() if key not in ("reason", "for")} | reason
    if name in said.CYCLE and "audit_ref" in kept:
        kept["ref"] = kept["audit_ref"]
    return Intent(name, kept | said.for_intent(name, what), sure, others)


def _alone(known: dict[str, str], tokens: tuple[str, ...], what: said.Said) -> Intent:
    """A reference or a month, nearly alone, says what it is about, if not what is wanted."""
    if "ref" in known:
        return Intent("exemption_show", known, 0.8)
    if len(tokens) > 3:
        return Intent("unknown", {"child_ref": known["child_ref"]} if "child_ref" in known else {})
    if "audit_ref" in known:
        return Intent("audit_show", known | {"ref": known["audit_ref"]}, 0.8)
    if concern_slots.reference(what.text):
        return Intent("coc_list", known | concern_slots.reference(what.text), 0.8)
    if "child_ref" in known:
        return Intent("audit_show", known, 0.8)
    if "month" in known:
        return Intent("my_audits", known, SURE)
    return Intent("unknown")


def _phrases(tokens: tuple[str, ...]) -> frozenset[str]:
    """Every run of up to PHRASE_LONGEST words."""
    return frozenset(
        " ".join(tokens[start : start + length])
        for length in range(1, PHRASE_LONGEST + 1)
        for start in range(len(tokens) - length + 1)
    )


def _matches(rule: Rule, found: frozenset[str]) -> bool:
    return all(group & found for group in rule.groups) and not (rule.without & found)
