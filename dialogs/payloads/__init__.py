"""What a press of a button carries: one frozen class for each verb, which both makes the button's data and parses it.

Teams merges an action's data and the inputs' values into one flat dictionary. Numbers and toggles arrive as
strings, a multi-select as its values joined by commas, an empty input as "" or not at all. Inputs therefore have
the names of the fields here, and nothing else may be in the dictionary.

A noun's payloads are in a module of its own, which is named once in NOUNS.
"""

from collections.abc import Mapping

from dialogs.payloads import (
    activities,
    audits,
    concerns,
    cycle,
    deliveries,
    exemptions,
    issuing,
    moderation,
    participation,
    people,
    pool,
    requests,
    returns,
)
from dialogs.payloads.audits import FreedShow, Give, MyAudit
from dialogs.payloads.base import (
    PLATFORM_KEYS,
    Malformed,
    Payload,
    Press,
    UnknownVerb,
    filled_in,
    verb_of,
)
from dialogs.payloads.deliveries import Debug, DeliveryShow
from dialogs.payloads.exemptions import (
    Answer,
    Approve,
    AskBack,
    Decision,
    Decline,
    Endorse,
    ExemptionForm,
    ExemptionList,
    ExemptionRequest,
    ExemptionShow,
    ExemptionWaiting,
    Withdraw,
)
from dialogs.payloads.people import DelegationEnd, DelegationForm, DelegationMake, Help, Hi
from dialogs.payloads.registry import Noun, Registry, gather

__all__ = [
    "BY_CLASS",
    "BY_VERB",
    "CLASSES",
    "NOUNS",
    "PLATFORM_KEYS",
    "VERBS",
    "Answer",
    "Approve",
    "AskBack",
    "Debug",
    "Decision",
    "Decline",
    "DelegationEnd",
    "DelegationForm",
    "DelegationMake",
    "DeliveryShow",
    "Endorse",
    "ExemptionForm",
    "ExemptionList",
    "ExemptionRequest",
    "ExemptionShow",
    "ExemptionWaiting",
    "FreedShow",
    "Give",
    "Help",
    "Hi",
    "Malformed",
    "MyAudit",
    "Noun",
    "Payload",
    "Press",
    "Registry",
    "UnknownVerb",
    "Withdraw",
    "filled_in",
    "gather",
    "parse",
    "verb_of",
]

NOUNS: tuple[Noun, ...] = (
    concerns,
    audits,
    exemptions,
    people,
    deliveries,
    cycle,
    returns,
    moderation,
    requests,
    participation,
    issuing,
    pool,
    activities,
)

_REGISTRY = gather(NOUNS)
BY_VERB: Mapping[str, type[Payload]] = {verb: entry.cls for verb, entry in _REGISTRY.by_verb.items()}
BY_CLASS: Mapping[type[Payload], str] = {cls: verb for verb, cls in BY_VERB.items()}
CLASSES: tuple[type[Payload], ...] = tuple(BY_VERB.values())
VERBS = frozenset(BY_VERB)


def parse(verb: str, raw_data: Mapping[str, object]) -> Payload:
    """As `Registry.parse`, of all that there is."""
    return _REGISTRY.parse(verb, raw_data)
