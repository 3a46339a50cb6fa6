"""Who may do what to an audit, in every state: each command of moderation, the third lock and the child's record is
tried through its use case by everybody, and what is expected is read off the workflow's and the permissions' tables."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from domain.audits import Audit, AuditState
from domain.cycle import PARTIES, WORKFLOW, Command, Party, commands_for
from domain.errors import DomainError, NotAllowed, OutOfDate
from domain.kinds import Grade
from domain.people import Actor, Person, Reach, Role
from domain.permissions import TABLE, Permission, Reaching
from domain.policy import Policy
from domain.ports import ChildFacts, Once, Outcome
from domain.usecases import audit_views, locking, moderation, sampling, uploading
from domain.views.audits import Reader
from storage.unit_of_work import SqlStore, SqlUnitOfWork
from tests import builders as b
from tests.storage.council import SOUTH, Council, settle

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
POLICY = Policy()
TEAM = b.EAST
FAR = Reach()
NEAR = Reach(frozenset({TEAM.name}), frozenset({TEAM.service}), frozenset({TEAM.directorate}))
SPARE, OTHER_AUDITOR, OTHER_MODERATOR = 901, 902, 903
RELATIONS = ("stranger", "answers_for_team", "auditor", "moderator", "moderator_of_own_team")


@dataclass(frozen=True)
class Trial:
    """Somebody with one role who is something to the audit."""

    role: Role
    relation: str
    state: AuditState

    @cached_property
    def person(self) -> Person:
        number = 100 + list(Role).index(self.role)
        team = TEAM if self.relation == "moderator_of_own_team" else SOUTH
        return b.a_person(number, f"Somebody {number}", self.role, team=team)

    @property
    def actor(self) -> Actor:
        return Actor(self.person, NEAR if self.relation == "answers_for_team" else FAR)

    @property
    def ref(self) -> str:
        who = list(Role).index(self.role) + 1
        where = list(AuditState).index(self.state) + 1
        relation = {"auditor": 1, "moderator": 2, "moderator_of_own_team": 2}.get(self.relation, 0)
        return f"A-{10_000 * relation + 100 * where + (who if relation else 99)}"

    @cached_property
    def audit(self) -> Audit:
        relation = "moderator" if self.relation.startswith("moderator") else self.relation
        return an_audit(self.ref, self.state, self.person.id, relation)


def an_audit(ref: str, state: AuditState, person: int, relation: str) -> Audit:
    back = state not in (AuditState.ISSUED, AuditState.FREED)
    judged = state in (AuditState.MODERATED, AuditState.DISPUTED, AuditState.LOCKED, AuditState.UPLOADED)
    auditor = person if relation == "auditor" else OTHER_AUDITOR
    moderator = person if relation == "moderator" else OTHER_MODERATOR
    return b.an_audit(
        int(ref.removeprefix("A-")),
        ref=ref,
        child_ref="C10432",
        team=TEAM,
        state=state,
        auditor_id=None if state is AuditState.FREED else auditor,
        returned_on=date(2026, 11, 12) if back else None,
        grade=Grade.GOOD if back else None,
        moderator_id=moderator if back else None,
        moderated_grade=Grade.GOOD if judged else None,
        moderated_on=date(2026, 11, 16) if judged else None,
        locked_on=date(2026, 11, 18) if state in (AuditState.LOCKED, AuditState.UPLOADED) else None,
    )


TRIALS = [Trial(role, relation, state) for role in Role for relation in RELATIONS for state in AuditState]


# what the tables say


def parties_of(trial: Trial) -> frozenset[Party]:
    """By the permissions' table, in the words of section 2, and not by the code that is tried here."""
    has, audit, me = TABLE[trial.role], trial.audit, trial.person.id
    audits, judges = audit.auditor_id == me, audit.moderator_id == me
    found: set[Party] = set()
    if audits and Permission.AUDIT_RETURN in has:
        found.add(Party.AUDITOR)
    if judges and not audits and Permission.MODERATION_JUDGE in has and trial.person.team != TEAM:
        found.add(Party.MODERATOR)
    if has.get(Permission.MODERATION_LOCK) is Reaching.ALL and not audits and not judges:
        found.add(Party.HEAD_OF_QUALITY)
    if has.get(Permission.MODERATION_ASSIGN) is Reaching.ALL and not audits:
        found.add(Party.SAMPLER)
    if _far(trial, Permission.GRADE_DISPUTE) and not judges:
        found.add(Party.CONCERNED)
    if _far(trial, Permission.AUDIT_UPLOAD):
        found.add(Party.FILER)
    if has.get(Permission.AUDIT_REISSUE) is Reaching.ALL:
        found.add(Party.QA_TEAM)
    return frozenset(found)


def _far(trial: Trial, permission: Permission, *, moderators_too: bool = False) -> bool:
    """Whether the role's reach comes as far as this audit."""
    far, me = TABLE[trial.role].get(permission), trial.person.id
    if far is None:
        return False
    own = me == trial.audit.auditor_id or (moderators_too and me == trial.audit.moderator_id)
    return far is Reaching.ALL or own or (far > Reaching.OWN and trial.relation == "answers_for_team")


def expected(trial: Trial, command: Command) -> type[DomainError] | None:
    mine = parties_of(trial)
    if not PARTIES[command] & mine:
        return NotAllowed
    step = WORKFLOW.get((trial.state, command))
    if step is None or step.by not in mine or command not in commands_for(trial.audit, mine):
        return OutOfDate
    return None


# what the use cases do


class _Tried(SqlUnitOfWork):
    """Nothing that is tried stays: the next one finds the audit as it was."""

    async def commit(self) -> None:
        return


class Trying(SqlStore):
    def writing(self) -> SqlUnitOfWork:
        return _Tried(self._database, write=True)


Try = Callable[[SqlStore, Actor, Audit, Once], Awaitable[Outcome]]
TRIED: dict[Command, Try] = {
    Command.ASSIGN: lambda store, who, audit, once: sampling.reassign(
        store, POLICY, who, audit.ref, audit.version, SPARE, "because", NOW, once
    ),
    Command.MODERATE: lambda store, who, audit, once: moderation.moderate(
        store, POLICY, who, audit.ref, audit.version, None, "", NOW, once
    ),
    Command.SEND_BACK: lambda store, who, audit, once: moderation.send_back(
        store, POLICY, who, audit.ref, audit.version, ["rationale"], "Say why", NOW, once
    ),
    Command.DISPUTE: lambda store, who, audit, once: locking.dispute(
        store, POLICY, who, audit.ref, audit.version, "because", NOW, once
    ),
    Command.LOCK: lambda store, who, audit, once: locking.lock(
        store, POLICY, who, audit.ref, audit.version, NOW, once, grade=Grade.GOOD, note="because"
    ),
    Command.REOPEN: lambda store, who, audit, once: locking.reopen(
        store, POLICY, who, audit.ref, audit.version, "because", NOW, once
    ),
    Command.UPLOAD: lambda store, who, audit, once: uploading.upload(
        store, POLICY, who, audit.ref, audit.version, NOW, once
    ),
    Command.UNTICK: lambda store, who, audit, once: uploading.untick(
        store, POLICY, who, audit.ref, audit.version, "because", NOW, once
    ),
}


async def _settled(url: str) -> None:
    store = SqlStore(url)
    others = [
        b.a_person(SPARE, "Spare Moderator", Role.MODERATOR, team=SOUTH),
        b.a_person(OTHER_AUDITOR, "Other Auditor", team=SOUTH),
        b.a_person(OTHER_MODERATOR, "Other Moderator", Role.MODERATOR, team=SOUTH),
        b.a_person(904, "Head of Quality", Role.HEAD_OF_QUALITY, team=None),
    ]
    people = {trial.person.id: replace(trial.person, team=SOUTH) for trial in TRIALS}
    audits = {trial.ref: trial.audit for trial in TRIALS}
    child = ChildFacts("C10432", TEAM, "child_in_need", None, frozenset(), date(2026, 1, 5), None)
    council = Council(
        people=(*people.values(), *others), positions={}, audits=tuple(audits.values()), children=(child,)
    )
    await settle(store, council)
    await store.close()


@pytest.fixture(scope="module")
def walked_url(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """One database for all of it: nothing that is tried stays."""
    file = tmp_path_factory.mktemp("walk") / "audits.db"
    shutil.copyfile(sqlite_template, file)
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _settled(f"sqlite:///{file}")).result()
    return f"sqlite:///{file}"


@pytest.fixture
async def trying(walked_url: str) -> AsyncIterator[SqlStore]:
    store = Trying(walked_url)
    yield store
    await store.close()


async def _came_to(store: SqlStore, trial: Trial, command: Command) -> type[DomainError] | None:
    once = Once(f"{trial}|{command}", "digest")
    try:
        await TRIED[command](store, trial.actor, replace(trial.audit, version=1), once)
    except DomainError as refused:
        return type(refused)
    return None


@pytest.mark.parametrize("command", TRIED)
async def test_everybody_tries_every_command_in_every_state(trying: SqlStore, command: Command) -> None:
    wrong: list[Any] = []
    done = 0
    for trial in TRIALS:
        came, should = await _came_to(trying, trial, command), expected(trial, command)
        done += came is None
        if came is not should:
            wrong.append((trial.role.value, trial.relation, trial.state.value, came, should))
    assert not wrong
    assert done, "somebody may"


async def test_everybodys_buttons_are_what_they_may_do(trying: SqlStore) -> None:
    """Who has a button can press it, who may do something has its button, and nobody sees what is not for them."""
    wrong: list[Any] = []
    for trial in TRIALS:
        should = {command for command in TRIED if expected(trial, command) is None}
        sees = _far(trial, Permission.AUDIT_VIEW, moderators_too=True)
        try:
            view = await audit_views.view(trying, POLICY, trial.actor, trial.ref, NOW)
        except NotAllowed:
            if sees:
                wrong.append((trial, "sees nothing"))
            continue
        if not sees:
            wrong.append((trial, "sees it"))
        if set(view.commands) & set(TRIED) != should:
            wrong.append((trial, view.commands, should))
        if view.reader is not Reader.WHOLE and OTHER_MODERATOR in view.people:
            wrong.append((trial, "knows the moderator"))
    assert not wrong


async def test_the_childs_social_worker_sees_nothing_of_moderation(sqlite_url: str) -> None:
    """In whatever state it is: the grade that counts, and neither a name nor a state nor a word of moderation."""
    worker = b.a_person(950, "Sol Reyes", Role.SOCIAL_WORKER, team=TEAM)
    moderator = b.a_person(OTHER_MODERATOR, "Mo Derator", Role.MODERATOR, team=SOUTH)
    auditor = b.a_person(OTHER_AUDITOR, "Au Ditor", team=SOUTH)
    child = ChildFacts("C10432", TEAM, "child_in_need", worker.id, frozenset(), date(2026, 1, 5), None)
    audits = [an_audit(f"A-{n}", state, 0, "stranger") for n, state in enumerate(AuditState, start=1)]
    store = SqlStore(sqlite_url)
    await settle(
        store,
        Council(people=(worker, moderator, auditor), positions={}, audits=tuple(audits), children=(child,)),
    )
    for audit in audits:
        view = await audit_views.view(store, POLICY, Actor(worker), audit.ref, NOW)
        assert view.reader is Reader.WORKER
        assert view.commands == ()
        shown = view.audit
        assert shown.state in (AuditState.ISSUED, AuditState.FREED, AuditState.RETURNED, AuditState.UPLOADED)
        assert (shown.moderator_id, shown.moderated_grade, shown.meets_standard) == (None, None, None)
        assert OTHER_MODERATOR not in view.people
        assert shown.grade is audit.counts
    await store.close()
