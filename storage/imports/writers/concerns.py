"""Children of concern that the audits file brings, after all of its rows are written."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from sqlalchemy import bindparam, func, select

from domain.audits import AuditState
from domain.concern_imports import (
    Counted,
    Fate,
    Finding,
    changed,
    gravest,
    identified_on,
    is_fresh,
    judged,
    new_concern,
)
from domain.concern_workflow import begun
from domain.concerns import PREFIX, Category, Concern
from domain.cycle import Command
from domain.lanes import Lane
from domain.notices import NoticeKind, concern_notice
from domain.people import Position, Role
from domain.ports import TrailEntry
from storage.imports.tables import IN_ONE_QUESTION, Values, held
from storage.imports.writing import Job
from storage.repositories.concern_rows import CONCERN_ROW, add, concern_of, save
from storage.repositories.outbox import put_notices, refresh_cards
from storage.repositories.people_rows import active_on
from storage.repositories.sql import AnySelect, one_of
from storage.tables import children, concerns, people, person_roles, team_positions

_NOT_RETURNED = frozenset({AuditState.ISSUED.value, AuditState.FREED.value})
_OF_AUDITS = CONCERN_ROW.where(concerns.c.audit_ref.in_(one_of("keys"))).order_by(concerns.c.id)
_OF_CHILDREN = CONCERN_ROW.where(func.lower(concerns.c.child_ref).in_(one_of("keys"))).order_by(concerns.c.id)
_QA_TEAM = (
    select(people.c.id)
    .join(person_roles, person_roles.c.person_id == people.c.id)
    .where(
        person_roles.c.role == Role.QA_TEAM.value,
        active_on(bindparam("day", type_=people.c.active_from.type)),
    )
    .order_by(people.c.id)
)

_HEADS = (
    select(team_positions.c.team_id, team_positions.c.person_id)
    .join(people, people.c.id == team_positions.c.person_id)
    .where(
        team_positions.c.position == Position.HEAD_OF_SERVICE.value,
        team_positions.c.team_id.in_(one_of("teams")),
        active_on(bindparam("day", type_=people.c.active_from.type)),
    )
    .order_by(team_positions.c.team_id, people.c.id)
)

NOT_RETURNED = "a concern category of an audit that is not returned yet: the child is not on the tracker"
BY_AUDIT_REF = "a concern category without a child_ref: on the tracker under the audit's own reference"
OLD = "a Category 1 that was identified too long ago to alert anybody: the QA team is told of it"
TWICE = "another audit of the file is about the same child of concern: on the tracker once, with the graver category"
TAKEN_BACK = (
    "the row has no concern category any more: the child stays on the tracker until it is taken off there"
)
_SAID = {
    Fate.STANDS: "the child stands on the tracker already: it is not put there twice",
    Fate.MOVED: "the category of a child of concern follows the file: nobody has worked on it yet",
    Fate.LEFT: "the tracker has another category and people have worked on it: it stays as it is there",
}
WORSE = (
    "a child of concern of Category 2 is Category 1 now: the head of service and director are alerted at once"
)
AGAIN_1 = (
    "a child of concern is found again as Category 1: the head of service and director are alerted at once"
)
AGAIN_2 = "a child of concern is found again as Category 2: its timeline says so, and the named head of service is told"

ALERTS = "will alert the head of service and director at once"
Held = dict[str, list[Concern]]


def _again(found: Finding, concern: Concern) -> str:
    if found.category is Category.TWO:
        return AGAIN_2
    return WORSE if concern.category is Category.TWO else AGAIN_1


def _children(count: int) -> str:
    return "1 child of concern" if count == 1 else f"{count} children of concern"


class Tracked:
    """Gathers what the rows say, and brings the tracker up to it at the end of the file."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._connection = job.connection
        self._rules = job.vocabulary.policy.concerns
        self._today = job.vocabulary.today
        self._findings: list[Finding] = []
        self._put: dict[str, int] = {}
        """References of those put on the tracker, and by which line."""
        self._alerting: set[str] = set()
        self._unheard: dict[str, None] = {}
        """References of Category 1s that nobody is alerted to."""
        self._fresh: dict[tuple[str, int], None] = {}
        """Category 2s that a response is due for, with their teams."""
        self._saved: dict[int, Concern] = {}

    def look(self, line: int, known: Values | None, values: Values, done_here: Collection[str]) -> None:
        """At one audit, as it is to be held. What was returned here has raised its own."""
        full: Values = {**(known or {}), **values}
        category, before = full.get("concern_category"), (known or {}).get("concern_category")
        if Command.RETURN.value in done_here:
            return
        if category is None or full["state"] in _NOT_RETURNED:
            self._note(TAKEN_BACK if before and not category else NOT_RETURNED if category else "", line)
            return
        returned = known is not None and known["state"] not in _NOT_RETURNED
        child_ref = full.get("child_ref")
        self._note("" if child_ref else BY_AUDIT_REF, line)
        finding = Finding(
            line=line,
            audit_ref=full["ref"],
            child_ref=child_ref or full["ref"],
            category=Category(category),
            identified_on=identified_on(full.get("returned_on"), full["month"], self._today),
            team_id=full.get("team_id"),
            legal_status=full.get("legal_status"),
            anew=not returned or before != category,
        )
        self._findings.append(finding)

    def _note(self, sentence: str, line: int) -> None:
        if sentence:
            self._job.notes.add(sentence, line)

    def settle(self, digest: str) -> Iterator[TrailEntry]:
        """The lines of the trail. `digest` is the file's: the QA team is told once of each."""
        for counted in gravest(self._findings, self._today, self._rules):
            yield from self._round(counted)
        self._sum_up()
        self._tell_qa_team(digest)
        self._tell_heads(digest)

    def _round(self, counted: list[Counted]) -> Iterator[TrailEntry]:
        """What the rounds before have put there is held."""
        by_audit, by_child = self._held([found for found, _ in counted])
        teams = self._teams([found.child_ref for found, _ in counted if found.team_id is None])
        for found, others in counted:
            for other in others:
                self._note(TWICE if other.anew else "", other.line)
            placed = replace(found, team_id=found.team_id or teams.get(found.child_ref))
            fate, concern = self._judged(placed, by_audit, by_child)
            yield from self._put_on(placed) if fate is Fate.PUT else self._met(placed, fate, concern)

    def _judged(self, found: Finding, by_audit: Held, by_child: Held) -> tuple[Fate, Concern | None]:
        known = [*by_audit.get(found.audit_ref, ()), *by_child.get(found.child_ref.lower(), ())]
        known = [self._saved.get(concern.id, concern) for concern in known]
        return judged(found, known, self._today, self._rules)

    def _held(self, found: list[Finding]) -> tuple[Held, Held]:
        by_audit: Held = {}
        by_child: Held = {}
        for start in range(0, len(found), IN_ONE_QUESTION):
            some = found[start : start + IN_ONE_QUESTION]
            for concern in self._asked(_OF_AUDITS, [one.audit_ref for one in some]):
                by_audit.setdefault(str(concern.audit_ref), []).append(concern)
            for concern in self._asked(_OF_CHILDREN, [one.child_ref.lower() for one in some]):
                by_child.setdefault(concern.child_ref.lower(), []).append(concern)
        return by_audit, by_child

    def _asked(self, statement: AnySelect, keys: list[str]) -> list[Concern]:
        return [concern_of(row) for row in self._connection.execute(statement, {"keys": keys})]

    def _teams(self, refs: list[str]) -> dict[str, int]:
        """The teams of children whose rows name none: somebody has to answer for them."""
        known = held(self._connection, children, children.c.child_ref, refs)
        return {ref: child["team_id"] for ref, child in known.items()}

    def _put_on(self, found: Finding) -> Iterator[TrailEntry]:
        new = new_concern(found, self._job.now, self._rules)
        number = add(self._connection, new, self._job.now)
        if number is None:
            yield from self._stands_by_now(found)
            return
        ref = f"{PREFIX}{number}"
        self._put[ref] = found.line
        if new.alerts:
            self._alerting.add(ref)
        elif found.category is Category.ONE:
            self._unheard[ref] = None
        self._expects_answer(found, ref, found.team_id)
        facts = {
            "child": found.child_ref,
            "category": str(found.category.value),
            "source": new.source.value,
            "audit": found.audit_ref,
        }
        yield self._entry("raise", ref, 1, facts)

    def _stands_by_now(self, found: Finding) -> Iterator[TrailEntry]:
        """Somebody has raised the child since it was looked for: a danger is not lost in a note."""
        fate, concern = self._judged(found, *self._held([found]))
        yield from self._met(found, Fate.STANDS if fate is Fate.PUT else fate, concern)

    def _met(self, found: Finding, fate: Fate, concern: Concern | None) -> Iterator[TrailEntry]:
        """The child, or what the audit has put there, is known to the tracker."""
        again = _again(found, concern) if concern and fate is Fate.RAISED_AGAIN else ""
        self._note(again or _SAID.get(fate, ""), found.line)
        if concern is None or fate in (Fate.KEPT, Fate.STANDS):
            return
        if fate is not Fate.LEFT:
            done = changed(fate, concern, found, self._job.now, self._rules)
            concern = self._saved[concern.id] = save(self._connection, done, self._rules)
            refresh_cards(self._connection, concern.ref, concern.version, self._job.now)
            yield self._entry(done.command.value, concern.ref, concern.version, done.facts)
            self._expects_answer(found, concern.ref, concern.team.id if concern.team else found.team_id)
            if begun(done.before, concern):
                self._alerting.add(concern.ref)
                self._unheard.pop(concern.ref, None)
        if found.category is Category.ONE and concern.state.open and concern.alert is None:
            self._unheard[concern.ref] = None

    def _expects_answer(self, found: Finding, ref: str, team_id: int | None) -> None:
        fresh = is_fresh(found.identified_on, self._today, self._rules)
        if found.category is Category.TWO and fresh and team_id is not None:
            self._fresh[ref, team_id] = None

    def _entry(self, command: str, ref: str, version: int, facts: Mapping[str, str]) -> TrailEntry:
        return TrailEntry(self._job.now, f"concern.{command}", ref, facts={**facts, "version": str(version)})

    def _sum_up(self) -> None:
        for ref, line in self._put.items():
            self._note(OLD if ref in self._unheard else "", line)
        stood = len(self._alerting - self._put.keys())
        if self._put:
            put = f"{_children(len(self._put))} put on the tracker"
            alerting = len(self._alerting) - stood
            self._job.notes.add(f"{put}, {alerting} of them Category 1 {ALERTS}" if alerting else put)
        if stood:
            self._job.notes.add(
                f"{_children(stood)} on the tracker already, found again as Category 1, {ALERTS}"
            )

    def _tell_qa_team(self, digest: str) -> None:
        """One message of each file, about the first: the notes name them all."""
        if not self._unheard:
            return
        first = next(iter(self._unheard))
        kind, about = NoticeKind.CONCERN_NOBODY, f"import.{digest[:16]}"
        qa_team = self._connection.execute(_QA_TEAM, {"day": self._today}).scalars()
        notices = [concern_notice(kind, first, about, person, Lane.ALERT) for person in qa_team]
        put_notices(self._connection, notices, self._job.now)

    def _tell_heads(self, digest: str) -> None:
        """Of each fresh Category 2, whom the teams file names: a response is due from them."""
        teams = sorted({team for _, team in self._fresh})
        heads: dict[int, list[int]] = {}
        for start in range(0, len(teams), IN_ONE_QUESTION):
            asked = {"teams": teams[start : start + IN_ONE_QUESTION], "day": self._today}
            for row in self._connection.execute(_HEADS, asked):
                heads.setdefault(row.team_id, []).append(row.person_id)
        kind, about = NoticeKind.CONCERN_RAISED, f"import.{digest[:16]}"
        notices = [
            concern_notice(kind, ref, about, person)
            for ref, team in self._fresh
            for person in heads.get(team, ())
        ]
        put_notices(self._connection, notices, self._job.now)
