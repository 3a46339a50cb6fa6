"""Every command of the workflow, and every other step that is taken at one audit, is tried through its use case by
everybody in every state of the audit. What is expected is read off the tables of the workflow and of permissions; a
refusal changes nothing, and what is done is in the trail and told in the same commit."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from domain.audits import AuditState
from domain.cycle import PARTIES, WORKFLOW, Command, Party, commands_for
from domain.errors import DomainError, NotAllowed, OutOfDate
from domain.kinds import Grade
from domain.ports import Once, Outcome
from domain.usecases import (
    corrections,
    freeing,
    locking,
    moderation,
    one_child,
    requests,
    returns,
    sampling,
    taking_off,
    uploading,
)
from tests.unit.domain.audit_walk import NOW, POLICY, SPARE, TAKER, TRIALS, Trial, parties_of
from tests.unit.domain.walking import Trying

Try = Callable[[Trying, Trial, Once], Awaitable[Outcome]]
Refusal = type[DomainError]


def _correct(store: Trying, t: Trial, once: Once) -> Awaitable[Outcome]:
    said = {"grade": "good", "rationale": "Said better."}
    form = corrections.Correction(t.audit.ref, 1, "grade", said, "because")
    return corrections.correct(store, POLICY, t.actor, form, NOW, once)


def _hand_in(store: Trying, t: Trial, once: Once) -> Awaitable[Outcome]:
    return returns.hand_in(store, POLICY, t.actor, t.audit.ref, 1, NOW, once, sure=True)


TRIED: dict[Command, Try] = {
    Command.FREE: lambda store, t, once: taking_off.take_off(
        store, POLICY, t.actor, t.audit.ref, 1, "because", NOW, once
    ),
    Command.GIVE: lambda store, t, once: freeing.give(store, t.actor, t.audit.ref, 1, TAKER, NOW, once),
    Command.CHANGE_CHILD: lambda store, t, once: one_child.change(
        store, POLICY, t.actor, t.audit.ref, 1, "because", "seed", NOW, once
    ),
    Command.AGREE_DATE: lambda store, t, once: requests.agree(
        store, POLICY, t.actor, t.more_time, 1, date(2026, 12, 2), NOW, once
    ),
    Command.RETURN: _hand_in,
    Command.RESUBMIT: _hand_in,
    Command.CORRECT: _correct,
    Command.ASSIGN: lambda store, t, once: sampling.reassign(
        store, POLICY, t.actor, t.audit.ref, 1, SPARE, "because", NOW, once
    ),
    Command.MODERATE: lambda store, t, once: moderation.moderate(
        store, POLICY, t.actor, t.audit.ref, 1, None, "", NOW, once
    ),
    Command.SEND_BACK: lambda store, t, once: moderation.send_back(
        store, POLICY, t.actor, t.audit.ref, 1, ["rationale"], "Say why", NOW, once
    ),
    Command.DISPUTE: lambda store, t, once: locking.dispute(
        store, POLICY, t.actor, t.audit.ref, 1, "because", NOW, once
    ),
    Command.LOCK: lambda store, t, once: locking.lock(
        store, POLICY, t.actor, t.audit.ref, 1, NOW, once, grade=Grade.GOOD, note="because"
    ),
    Command.REOPEN: lambda store, t, once: locking.reopen(
        store, POLICY, t.actor, t.audit.ref, 1, "because", NOW, once
    ),
    Command.UPLOAD: lambda store, t, once: uploading.upload(
        store, POLICY, t.actor, t.audit.ref, 1, NOW, once
    ),
    Command.UNTICK: lambda store, t, once: uploading.untick(
        store, POLICY, t.actor, t.audit.ref, 1, "because", NOW, once
    ),
}
_NEVER_ON_THEIR_OWN = frozenset({Command.FREE, Command.CHANGE_CHILD})
"""What the QA team does to everybody's audits but their own: it would be a way out of the draw."""


def expected(trial: Trial, command: Command) -> Refusal | None:
    mine = parties_of(trial)
    if not PARTIES[command] & mine:
        return NotAllowed
    step = WORKFLOW.get((trial.state, command))
    if step is None or step.by not in mine or command not in commands_for(trial.audit, mine):
        return OutOfDate
    own = command in _NEVER_ON_THEIR_OWN and trial.audit.auditor_id == trial.who
    return NotAllowed if own else None


def becomes(trial: Trial, command: Command) -> AuditState:
    if command is Command.UNTICK:
        return AuditState.LOCKED
    return WORKFLOW[trial.state, command].to or trial.state


def _tried(command: Command, trial: Trial) -> bool:
    """Handing in is one use case: what is awaited of the auditor decides which command it is."""
    if command is Command.RESUBMIT:
        return trial.state is AuditState.SENT_BACK
    return not (command is Command.RETURN and trial.state is AuditState.SENT_BACK)


@pytest.mark.parametrize("command", Command)
async def test_everybody_tries_every_command_in_every_state(trying: Trying, command: Command) -> None:
    wrong: list[Any] = []
    done: set[AuditState] = set()
    for trial in (trial for trial in TRIALS if _tried(command, trial)):
        once = Once(f"{trial}|{command}", "digest")
        came = await trying.came_to(trial.audit.ref, TRIED[command](trying, trial, once))
        should, seen = expected(trial, command), trying.seen
        if isinstance(came, DomainError):
            right = type(came) is should and seen.refused(came)
        else:
            right = should is None and _kept(trying, trial, command)
            done.add(trial.state)
        if not right:
            wrong.append((str(trial), came, should, seen))
    assert not wrong, (len(wrong), wrong[:12])
    assert done == {state for state, of in WORKFLOW if of is command}, (
        "somebody may, wherever the table has it"
    )


def _kept(trying: Trying, trial: Trial, command: Command) -> bool:
    """The step, its entry in the trail and who is told, in one commit; the record shows a deputy's both names."""
    seen, after = trying.seen, trying.seen.audit
    entries = [entry for entry in seen.entries if entry.action == f"audit.{command.value}"]
    named = [(entry.subject, entry.actor_id) for entry in entries] == [(trial.audit.ref, trial.who)]
    one_commit = len(seen.commits) == 1 and seen.commits[0] >= {"audits", "audit_steps", "outbox", "answers"}
    moved = after is not None and (after.state, after.version) == (becomes(trial, command), 2)
    deputy = all(entry.for_id in (None, trial.relation.stands_in) for entry in entries)
    return named and one_commit and moved and deputy


def test_every_party_of_the_table_is_somebody_here() -> None:
    assert set(TRIED) == set(Command), "each command has its use case here"
    assert {party for trial in TRIALS for party in parties_of(trial)} == set(Party)
