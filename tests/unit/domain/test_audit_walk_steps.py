"""What is done at an audit beside the workflow's commands (a step of its return, a request, a part in it) is tried by
everybody in every state of the audit, as the commands are; and no use case of the cycle that writes is left out."""

import ast
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain import usecases
from domain.audits import AWAITED, AuditState
from domain.cycle import Command, Party
from domain.errors import DomainError, NotAllowed, OutOfDate
from domain.participation import VIEWS
from domain.ports import Once, Outcome
from domain.usecases import corrections, participation, reallocation, requests, returns
from tests.unit.domain import test_audit_walk, test_cycle_walk
from tests.unit.domain.audit_walk import NOW, POLICY, TRIALS, Trial, parties_of, takes_part
from tests.unit.domain.walking import Trying

ISSUED = frozenset({AuditState.ISSUED})
RETURNED = frozenset({AuditState.RETURNED, AuditState.RESUBMITTED})
EVERY = frozenset(AuditState)


def _is(party: Party) -> Callable[[Trial], bool]:
    return lambda trial: party in parties_of(trial)


def _gives_out(trial: Trial) -> bool:
    """The QA team, and nobody at their own wish."""
    return Party.QA_TEAM in parties_of(trial) and trial.asker != trial.who


def _asked(trial: Trial) -> bool:
    return trial.asker == trial.who and not trial.relation.left


@dataclass(frozen=True)
class Step:
    """`by`: who may, in one of the `states`. `action`: its entry in the trail; `writes`: what it changes. `told`: by a
    message, or on the cards that show the audit."""

    tries: Callable[[Trying, Trial, Once], Awaitable[Outcome]]
    by: Callable[[Trial], bool]
    states: frozenset[AuditState]
    action: str
    writes: str
    told: bool = True
    change_asked: bool | None = None
    """Tried only where a change is asked for, or only where none is."""


def _fill_in(store: Trying, t: Trial, once: Once) -> Awaitable[Outcome]:
    form = returns.Filling(t.audit.ref, t.audit.child_ref, "strengths", 1, {"strengths": "Kind work."})
    return returns.save_step(store, POLICY, t.actor, form, NOW, once)


def _ask_for_time(store: Trying, t: Trial, once: Once) -> Awaitable[Outcome]:
    slip = requests.Slip(t.audit.ref, 1, date(2026, 12, 3), "A longer hearing", changes=1)
    return requests.ask_slippage(store, POLICY, t.actor, slip, NOW, once)


STEPS: dict[str, Step] = {
    "returns.save_step": Step(
        _fill_in, _is(Party.AUDITOR), AWAITED, "return.save", "returns", told=False
    ),
    "returns.none_because": Step(
        lambda store, t, once: returns.none_because(
            store, POLICY, t.actor, t.audit.ref, "Nobody to audit", NOW, once
        ),
        _is(Party.AUDITOR), AWAITED, "audit.", "audits",
    ),
    "corrections.correct_child": Step(
        lambda store, t, once: corrections.correct_child(
            store, POLICY, t.actor, t.audit.ref, 1, "C20001", "because", NOW, once
        ),
        _is(Party.AUDITOR), RETURNED, "audit.correct", "audits",
    ),
    "requests.ask_slippage": Step(
        _ask_for_time, _is(Party.AUDITOR), AWAITED, "request.change", "audit_requests", told=False
    ),
    "requests.ask_reallocation": Step(
        lambda store, t, once: requests.ask_reallocation(
            store, POLICY, t.actor, t.audit.ref, 1, "own_team", "My team", NOW, once
        ),
        _is(Party.AUDITOR), ISSUED, "request.ask", "audit_requests", change_asked=False,
    ),
    "requests.refuse": Step(
        lambda store, t, once: requests.refuse(
            store, POLICY, t.actor, t.more_time, 1, "because", NOW, once
        ),
        _is(Party.DECIDER), AWAITED, "request.refuse", "audit_requests",
    ),
    "requests.refuse a change": Step(
        lambda store, t, once: requests.refuse(store, POLICY, t.actor, t.change, 1, "because", NOW, once),
        _gives_out, ISSUED, "request.refuse", "audit_requests", change_asked=True,
    ),
    "requests.withdraw": Step(
        lambda store, t, once: requests.withdraw(store, t.actor, t.more_time, 1, NOW, once),
        _asked, EVERY, "request.withdraw", "audit_requests", told=False,
    ),
    "reallocation.redraw": Step(
        lambda store, t, once: reallocation.redraw(store, POLICY, t.actor, t.change, 1, "seed", NOW, once),
        _gives_out, ISSUED, "audit.change_child", "audits", change_asked=True,
    ),
    "reallocation.take_off": Step(
        lambda store, t, once: reallocation.take_off(store, t.actor, t.change, 1, NOW, once),
        _gives_out, ISSUED, "audit.free", "audits", change_asked=True,
    ),
    "participation.give": Step(
        lambda store, t, once: participation.give(
            store, POLICY, t.actor, t.audit.ref, 0, {VIEWS: "So."}, NOW, once
        ),
        takes_part, participation.OPEN_FOR_PARTS, "contribution.save", "contributions", told=False,
    ),
    "participation.comment": Step(
        lambda store, t, once: participation.comment(
            store, POLICY, t.actor, t.audit.ref, "So.", NOW, once
        ),
        takes_part, EVERY - participation.WITHOUT_RESULT, "contribution.comment", "contributions",
    ),
}  # fmt: skip


def expected(trial: Trial, step: Step) -> type[DomainError] | None:
    if not step.by(trial):
        return NotAllowed
    return None if trial.state in step.states else OutOfDate


@pytest.mark.parametrize("name", STEPS)
async def test_everybody_tries_every_step_in_every_state(trying: Trying, name: str) -> None:
    step, wrong, done = STEPS[name], list[Any](), set[AuditState]()
    for trial in TRIALS:
        if step.change_asked is not None and trial.spot.change_asked is not step.change_asked:
            continue
        came = await trying.came_to(trial.audit.ref, step.tries(trying, trial, Once(f"{trial}", name)))
        should, seen = expected(trial, step), trying.seen
        if isinstance(came, DomainError):
            right = type(came) is should and seen.refused(came)
        else:
            right = should is None and _kept(trying, trial, step)
            done.add(trial.state)
        if not right:
            wrong.append((str(trial), came, should, seen))
    assert not wrong, (len(wrong), wrong[:12])
    nobodys = {AuditState.FREED} if step.by is _asked else set[AuditState]()
    assert done == step.states - nobodys, "somebody may, wherever it can be done"


def _kept(trying: Trying, trial: Trial, step: Step) -> bool:
    """In one commit, with its entry in the trail."""
    seen = trying.seen
    entries = [entry for entry in seen.entries if entry.action.startswith(step.action)]
    named = [entry.actor_id for entry in entries] == [trial.who]
    deputy = all(entry.for_id in (None, trial.relation.stands_in) for entry in entries)
    wanted = {step.writes, "answers"} | ({"outbox"} if step.told else set[str]())
    return named and deputy and len(seen.commits) == 1 and seen.commits[0] >= wanted


# nothing is left out

ELSEWHERE = ("alerting", "concern", "exemption", "people", "transaction", "draw_inputs")
"""How the modules of other nouns begin; the last two are asked by all the others."""
COMMANDS = {
    "taking_off.take_off", "freeing.give", "one_child.change", "requests.agree", "returns.hand_in",
    "corrections.correct", "sampling.reassign", "moderation.moderate", "moderation.send_back", "locking.dispute",
    "locking.lock", "locking.reopen", "uploading.upload", "uploading.untick",
}  # fmt: skip
"""Tried by the commands' walk."""


def _writing() -> set[str]:
    """Every public use case of the cycle that is done once, read off the source."""
    (folder,) = usecases.__path__
    found: set[str] = set()
    for file in Path(folder).glob("*.py"):
        if file.stem.startswith(ELSEWHERE):
            continue
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_"):
                arguments = [*node.args.args, *node.args.kwonlyargs]
                found |= {f"{file.stem}.{node.name}" for a in arguments if a.arg == "once"}
    return found


def test_no_use_case_that_writes_is_left_out() -> None:
    steps = {name.split()[0] for name in STEPS}
    assert COMMANDS | steps | set(test_cycle_walk.WRITES) | test_cycle_walk.IN_TWO == _writing()
    assert set(test_audit_walk.TRIED) == set(Command)
