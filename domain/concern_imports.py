"""What an imported audit makes of the tracker of children of concern (domain, section 5). A file puts children there
and puts its own entries right; it takes nobody off, and never speaks over what people have done."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum, auto
from typing import Any

from domain.calendar import Month, local_date
from domain.concern_rules import Concerns as Rules
from domain.concern_workflow import Command, Done, apply
from domain.concerns import Category, Concern, Source, State, response_due
from domain.ports.concerns import NewConcern


@dataclass(frozen=True, slots=True)
class Finding:
    """A returned audit of the file with a category. `anew`: the file brings the audit, its return or its category just
    now; what was there already, and has been dealt with since, changes nothing. `line` is that of the file."""

    line: int
    audit_ref: str
    child_ref: str
    category: Category
    identified_on: date
    team_id: int | None = None
    legal_status: str | None = None
    anew: bool = True


class Fate(Enum):
    PUT = auto()
    """On the tracker."""
    KEPT = auto()
    """It is there, or was, and the file says nothing new."""
    STANDS = auto()
    """The child stands there by another audit, or by somebody's word."""
    MOVED = auto()
    """The category follows the file: nobody has worked on it."""
    RAISED_AGAIN = auto()
    """Found again just now, as where somebody raises the child again: a Category 1 alerts anew."""
    LEFT = auto()
    """People have worked on it: the category stays. Never where a fresh Category 1 is new."""


def identified_on(returned_on: date | None, month: Month, today: date) -> date:
    """The day that counts for its age; never one that has not come yet."""
    return min(returned_on or month.last, today)


def is_fresh(day: date, today: date, rules: Rules) -> bool:
    """An older one is history: nobody is woken for it, and no response is due."""
    return (today - day).days <= rules.alert_imported_days


Counted = tuple[Finding, list[Finding]]
"""The finding that counts, and the file's others about the same child."""


def gravest(findings: Iterable[Finding], today: date, rules: Rules) -> list[list[Counted]]:
    """Of each child in any case of letters: the finding that counts (the graver category, then the earlier day), and
    the file's others. In rounds, one after another, each child once in each: what is new; what is new and fresh too
    where the one that counts is old, which would alert nobody; what was there already. An old finding hides no new
    one."""
    grouped: dict[tuple[bool, str], list[Finding]] = {}
    for finding in findings:
        grouped.setdefault((finding.anew, finding.child_ref.lower()), []).append(finding)
    new: list[Counted] = []
    fresh_too: list[Counted] = []
    known: list[Counted] = []
    for (anew, _), of in grouped.items():
        first, *others = sorted(of, key=lambda f: (f.category, f.identified_on, f.line))
        fresh = [f for f in others if anew and is_fresh(f.identified_on, today, rules)]
        if fresh and not is_fresh(first.identified_on, today, rules):
            others.remove(fresh[0])
            fresh_too.append((fresh[0], []))
        (new if anew else known).append((first, others))
    return [new, fresh_too, known]


def untouched(concern: Concern) -> bool:
    """It is as a file brought it: nobody has said anything of it, or been told of its alert."""
    asleep = concern.alert is None or (concern.alert.steps == 0 and not concern.alert.seats)
    return (
        concern.source is Source.IMPORT
        and concern.state is State.WITH_HEAD_OF_SERVICE
        and concern.responded_at is None
        and concern.version == 1
        and asleep
    )


def judged(
    found: Finding, held: Collection[Concern], today: date, rules: Rules
) -> tuple[Fate, Concern | None]:
    """What becomes of it, and of which record. `held` are those of the audit, and those of the child, open or not. A
    fresh Category 1 that is new alerts, whoever has worked on the record, and whatever its category is; a child that
    was taken off is there again: a danger is not lost in a note."""
    own = max((c for c in held if c.audit_ref == found.audit_ref), key=lambda c: c.id, default=None)
    standing = next((c for c in held if c.state.open), None)
    fresh = is_fresh(found.identified_on, today, rules)
    if found.anew and fresh and found.category is Category.ONE:
        record = own if own is not None and own.state.open else standing
        return (Fate.PUT if record is None else Fate.RAISED_AGAIN), record
    if own is not None:
        if not found.anew or own.category is found.category:
            return Fate.KEPT, own
        return (Fate.MOVED if untouched(own) else Fate.LEFT), own
    if standing is not None:
        return _beside(found, standing, fresh), standing
    if not found.anew and any(_covers(concern, found) for concern in held):
        return Fate.KEPT, None
    return Fate.PUT, None


def _beside(found: Finding, standing: Concern, fresh: bool) -> Fate:
    """Another audit than the one that brought the child there, and no danger of today: the graver category counts."""
    if not found.anew:
        return Fate.KEPT
    if found.category is Category.TWO:
        return Fate.RAISED_AGAIN if fresh else Fate.STANDS
    if found.category >= standing.category:
        return Fate.STANDS
    return Fate.MOVED if untouched(standing) else Fate.LEFT


def _covers(concern: Concern, found: Finding) -> bool:
    """It was taken off when this was known."""
    return concern.removed_at is not None and local_date(concern.removed_at) >= found.identified_on


def new_concern(found: Finding, now: datetime, rules: Rules) -> NewConcern:
    """The alert of a fresh Category 1 begins now, with no step taken: the next tick tells people."""
    fresh = is_fresh(found.identified_on, local_date(now), rules)
    return NewConcern(
        child_ref=found.child_ref,
        category=found.category,
        source=Source.IMPORT,
        identified_on=found.identified_on,
        team_id=found.team_id,
        legal_status=found.legal_status,
        audit_ref=found.audit_ref,
        respond_by=response_due(found.category, now, rules) if fresh else None,
        alerts=fresh and found.category is Category.ONE,
    )


def changed(fate: Fate, concern: Concern, found: Finding, now: datetime, rules: Rules) -> Done:
    """What MOVED and RAISED_AGAIN do. The note names the audit, the only thing that a file knows of it."""
    note = f"Audit {found.audit_ref} of an imported file: Category {found.category.value}."
    about = {"audit": found.audit_ref, "source": Source.IMPORT.value}
    if fate is Fate.RAISED_AGAIN:
        said = {"said": str(found.category.value), **about}
        return apply(
            concern, Command.RAISE_AGAIN, now=now, rules=rules, note=note, said=found.category, about=said
        )
    fresh = is_fresh(found.identified_on, local_date(now), rules)
    due = response_due(found.category, now, rules) if fresh else None
    to: dict[str, Any] = {"category": found.category, "respond_by": due}
    done = apply(concern, Command.CORRECT, now=now, rules=rules, note=note, about=about, **to)
    if done.concern.alert is None:
        return done
    quiet = replace(done.concern, alert=None, respond_by=None)
    return replace(done, concern=quiet, facts={"category": done.facts["category"], **about})
