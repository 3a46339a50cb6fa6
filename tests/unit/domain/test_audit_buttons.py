"""What everybody is shown of an audit in every state: the buttons that they can press, and no more than is for them."""

from datetime import date
from typing import Any

from domain.audits import AuditState
from domain.cycle import Command
from domain.errors import NotAllowed
from domain.people import Actor, Role
from domain.permissions import Permission
from domain.ports import ChildFacts
from domain.usecases import audit_views
from domain.views.audits import Reader
from storage.unit_of_work import SqlStore
from tests import builders as b
from tests.storage.council import SOUTH, Council, settle
from tests.unit.domain.audit_walk import (
    HEAD_OF_QUALITY,
    NOW,
    OTHER_AUDITOR,
    OTHER_MODERATOR,
    POLICY,
    RELATIONS,
    SPOTS,
    TEAM,
    TRIALS,
    Spot,
    Trial,
    far,
    stands_in,
)
from tests.unit.domain.test_audit_walk import expected

_THROUGH_REQUESTS = frozenset({Command.AGREE_DATE})
"""A slippage's card has the buttons that answer it, and its deputies'; the audit's card leads there."""
_TO_CONFIRM = frozenset({AuditState.MODERATED, AuditState.DISPUTED, AuditState.LOCKED})


def _sees(trial: Trial) -> bool:
    own = trial.who in (trial.audit.auditor_id, trial.audit.moderator_id)
    confirms = stands_in(trial, HEAD_OF_QUALITY) and trial.state in _TO_CONFIRM
    works = trial.relation.worker and far(trial, Permission.AUDIT_TAKE_PART, own=True)
    return far(trial, Permission.AUDIT_VIEW, TEAM, own=own) or confirms or works


async def test_everybodys_buttons_are_what_they_may_do(walked_url: str) -> None:
    """Who has a button can press it, who may do something has its button, and nobody sees what is not for them."""
    store, wrong = SqlStore(walked_url), list[Any]()
    for trial in TRIALS:
        try:
            view = await audit_views.view(store, POLICY, trial.actor, trial.audit.ref, NOW)
        except NotAllowed:
            if _sees(trial):
                wrong.append((str(trial), "sees nothing"))
            continue
        if not _sees(trial):
            wrong.append((str(trial), "sees it"))
        should = {command for command in Command if expected(trial, command) is None}
        differs = (set(view.commands) ^ should) - _THROUGH_REQUESTS
        if differs:
            wrong.append((str(trial), differs))
        if view.reader is not Reader.WHOLE and OTHER_MODERATOR in view.people:
            wrong.append((str(trial), "knows the moderator"))
    await store.close()
    assert not wrong, (len(wrong), wrong[:12])


async def test_the_childs_social_worker_sees_nothing_of_moderation(sqlite_url: str) -> None:
    """In whatever state it is: the grade that counts, and neither a name nor a state nor a word of moderation."""
    worker = b.a_person(950, "Sol Reyes", Role.SOCIAL_WORKER, team=TEAM)
    moderator = b.a_person(OTHER_MODERATOR, "Mo Derator", Role.MODERATOR, team=SOUTH)
    auditor = b.a_person(OTHER_AUDITOR, "Au Ditor", team=SOUTH)
    stranger = [Trial(Role.AUDITOR, RELATIONS[0], Spot(state)) for state in AuditState]
    audits = [trial.audit for trial in stranger]
    assert {trial.spot for trial in stranger} <= set(SPOTS)
    child = ChildFacts(
        audits[0].child_ref or "", TEAM, "child_in_need", worker.id, frozenset(), date(2026, 1, 5), None
    )
    store = SqlStore(sqlite_url)
    people = (worker, moderator, auditor)
    await settle(store, Council(people=people, positions={}, audits=tuple(audits), children=(child,)))
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
