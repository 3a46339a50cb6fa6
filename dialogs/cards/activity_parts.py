"""What the cards of activities and of re-audits share."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from microsoft_teams.cards import core as ac

from dialogs.cards import parts
from dialogs.cards.parts import Rendered
from dialogs.neutral import one_line
from dialogs.payloads.cycle import AuditShow
from domain.audits import Audit
from domain.people import Person, PersonId

BUDGET = 27 * 1024
"""Of the card as it is sent with every character escaped; the rest of the 28 KB is for the envelope."""
REF_SHOWN = 30
NAME_SHOWN = 50


def fits(rendered: Rendered) -> bool:
    return len(json.dumps(rendered.card)) <= BUDGET


def open_button(audit: Audit) -> ac.Action:
    return parts.button(f"Open {one_line(audit.ref, REF_SHOWN)}", AuditShow(ref=audit.ref).press())


def plain(audit: Audit) -> Audit:
    """With references that can stand in a sentence: councils number as they like."""
    first = one_line(audit.reaudit_of, REF_SHOWN) if audit.reaudit_of else None
    return replace(audit, ref=one_line(audit.ref, REF_SHOWN), reaudit_of=first)


def name(people: Mapping[PersonId, Person], person_id: PersonId | None) -> str:
    person = people.get(person_id) if person_id is not None else None
    return one_line(person.name, NAME_SHOWN) if person else ""


def people_choice(
    field: str, label: str, people: Sequence[Person], filled: Mapping[str, str], *, required: bool = True
) -> ac.ChoiceSetInput:
    """Beside a search nobody need be chosen: it goes with everything on the card, and would not be sent."""
    value, choices = parts.typed(filled, field), parts.person_choices(people)
    return parts.choice(
        field, label, "Choose a person.", choices, value=value, placeholder="Choose", required=required
    )
