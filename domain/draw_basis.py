"""What a preview was made of, kept beside it: so that a look of a colleague's with the same questions takes nothing
away from it, and so that a later one can say what has changed (domain, section 3.3)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256

from domain.draw_parts import Candidate, Child
from domain.drawing import Drawn, Settings
from domain.people import PersonId
from domain.pool import Standing


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of a draw. `options` as `Settings.as_text`, `excluded` the children left out by hand."""

    options: str
    excluded: tuple[str, ...] = ()
    theme: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """`people` are whom the draw was for; `standings` and `left_out` count those and the children that were left out,
    `eligible` the children that could be drawn. `known_people` and `known_children` name all that was known of them."""

    asked: Asked
    people: tuple[PersonId, ...]
    standings: Mapping[str, int]
    eligible: int
    left_out: Mapping[str, int]
    known_people: str
    known_children: str

    def as_text(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> "Basis":
        found = json.loads(text)
        asked = found.pop("asked")
        people = tuple(found.pop("people"))
        return cls(Asked(asked["options"], tuple(asked["excluded"]), asked["theme"]), people, **found)


def basis_of(made: Drawn, asked: Asked) -> Basis:
    """Long for many children: to be run beside the loop."""
    inputs = made.inputs
    return Basis(
        asked=asked,
        people=tuple(person.person_id for person in inputs.people),
        standings={standing.value: number for standing, number in inputs.standings.items()},
        eligible=len(inputs.children),
        left_out=dict(inputs.left_out),
        known_people=_named(map(_of_person, inputs.people)),
        known_children=_named(map(_of_child, inputs.children)),
    )


def _of_person(of: Candidate) -> str:
    return f"{of.person_id}|{sorted(of.own_teams)}|{sorted(of.audited_before)}|{of.spare}"


def _of_child(of: Child) -> str:
    return f"{of.ref}|{of.team_id}|{of.social_worker_id}|{sorted(of.cohorts)}"


def _named(told: Iterable[str]) -> str:
    return sha256("\n".join(sorted(told)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Changes:
    """How a draw's basis differs from that of an earlier preview. `left` and `joined` are people it was or is for;
    `reasons` are those standings that more people have than before, by how many. `fewer` and `more` are children who
    can be drawn, `rules` those that leave out more or fewer children than before, by how many (negative: fewer), and
    `listed` how many children more or fewer the children file has. `asked` names what was asked otherwise: `numbers`,
    `cohorts`, `look_back`, `excluded`, `theme`. `people_known` and `children_known`: nobody came or went, and what is
    known of them has changed."""

    left: int = 0
    joined: int = 0
    reasons: Mapping[Standing, int] = field(default_factory=dict[Standing, int])
    fewer: int = 0
    more: int = 0
    rules: Mapping[str, int] = field(default_factory=dict[str, int])
    listed: int = 0
    asked: tuple[str, ...] = ()
    people_known: bool = False
    children_known: bool = False


def changes(before: Basis, now: Basis) -> Changes:
    left, joined = set(before.people) - set(now.people), set(now.people) - set(before.people)
    rules = _differences(before.left_out, now.left_out)
    moved = now.eligible - before.eligible
    same_people, same_children = not left and not joined, not moved and not rules
    return Changes(
        left=len(left),
        joined=len(joined),
        reasons={Standing(of): n for of, n in _differences(before.standings, now.standings).items() if n > 0},
        fewer=max(0, -moved),
        more=max(0, moved),
        rules=rules,
        listed=moved + sum(rules.values()),
        asked=_otherwise(before.asked, now.asked),
        people_known=same_people and before.known_people != now.known_people,
        children_known=same_children and before.known_children != now.known_children,
    )


def _otherwise(before: Asked, now: Asked) -> tuple[str, ...]:
    was, wanted = Settings.read(before.options), Settings.read(now.options)
    compared = {
        "numbers": [(of.per_cohort, of.total, of.per_team) for of in (was, wanted)],
        "cohorts": [of.cohorts for of in (was, wanted)],
        "look_back": [of.not_again_months for of in (was, wanted)],
        "excluded": [sorted(of.excluded) for of in (before, now)],
        "theme": [of.theme for of in (before, now)],
    }
    return tuple(name for name, (one, other) in compared.items() if one != other)


def _differences(before: Mapping[str, int], now: Mapping[str, int]) -> dict[str, int]:
    codes: Sequence[str] = sorted({*before, *now})
    found = {code: now.get(code, 0) - before.get(code, 0) for code in codes}
    return {code: number for code, number in found.items() if number}
