"""The steps of a child of concern after it was raised: response, waiting, challenge, evidence, sign-off, removal
(domain, section 5). Acknowledging is in `alerting`, raising in `concern_raising`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.concern_workflow import Command
from domain.concerns import Category, Concern, Wanted
from domain.errors import Invalid, NotAllowed
from domain.people import Actor, Authority
from domain.permissions import Permission
from domain.policy import Policy
from domain.ports import ChildFacts, CycleStore, CycleWork, Once, Outcome
from domain.usecases.alerting import taking_seats
from domain.usecases.concern_access import (
    Standing,
    answering,
    load,
    require_command,
    require_unmoved,
    standing,
)
from domain.usecases.concern_next import askers
from domain.usecases.concern_raising import require_reference
from domain.usecases.concern_steps import step
from domain.usecases.concern_telling import tell
from domain.usecases.transaction import once_only

ADDING = frozenset({Command.RESPOND, Command.UPDATE, Command.EVIDENCE})
"""They only add words: a card that has become old in between costs nobody what they wrote."""
GIVEN = ADDING | {
    Command.ASK_TEAM, Command.PROCEEDINGS, Command.TAKE_BACK, Command.SETTLE, Command.WORSEN, Command.CHALLENGE,
    Command.UPHOLD, Command.RECATEGORISE, Command.SUBMIT, Command.SIGN_OFF, Command.REFUSE, Command.REMOVE,
    Command.REOPEN, Command.CORRECT,
}  # fmt: skip
"""What a person gives here."""
_DECIDES = frozenset({Command.UPHOLD, Command.RECATEGORISE, Command.SIGN_OFF, Command.REFUSE})
WITH_EVIDENCE = frozenset({Command.SUBMIT, Command.REMOVE, Command.RECATEGORISE})
"""What takes a child off the tracker, or asks for it: evidence may come with the step."""
_WANTS = frozenset({Command.CHALLENGE, Command.SUBMIT, Command.RECATEGORISE})


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody filled in. `evidence` may come with the step that needs it; `category` settles it, `wanted` is what
    a challenge or a sign-off would bring about, `child` and `team` (its name) correct the record."""

    note: str = ""
    evidence: str = ""
    category: Category | None = None
    wanted: Wanted | None = None
    child: str = ""
    team: str = ""


async def act(
    store: CycleStore, policy: Policy, actor: Actor, ref: str, command: Command, said: Said, now: datetime, once: Once,
    *, moved: int | None = None,
) -> Outcome:  # fmt: skip
    """`moved`: the record's, as the card showed it; needed by every command that does more than add words.

    Raises NotFound, NotAllowed, OutOfDate, Invalid (note_missing, evidence_missing, category_missing, wanted_missing,
    sign_off_needed, too_long, unknown_team, nothing_changed, already_open)."""
    assert command in GIVEN
    _check_lengths(policy, said)

    async def work(uow: CycleWork) -> Outcome:
        concern = await load(uow, ref)
        child = await uow.children.get(concern.child_ref)
        mine = await standing(uow, actor, concern, child, now)
        by = require_command(concern, command, mine)
        if command not in ADDING:
            require_unmoved(concern, moved or 0)
        await _not_ones_own(uow, concern, command, by)
        changes = await _changes(uow, policy, concern, command, said, mine, now)
        if said.evidence.strip() and command in WITH_EVIDENCE:
            given = await step(uow, policy, concern, Command.EVIDENCE, now, by=by, note=said.evidence)
            concern = given.concern
        category = said.category if command is Command.SETTLE else None
        done = await step(uow, policy, concern, command, now, by=by, note=said.note, said=category, **changes)
        await tell(uow, done, await answering(uow, done.concern.team, now), now)
        return Outcome(f"concern.{command.value}", done.concern.ref)

    return await once_only(store, once, actor, now, work)


def _check_lengths(policy: Policy, said: Said) -> None:
    longest = policy.concerns.text_longest
    for field, text in (("note", said.note), ("evidence", said.evidence)):
        if len(text) > longest:
            raise Invalid("too_long", field=field, longest=str(longest))


async def _not_ones_own(uow: CycleWork, concern: Concern, command: Command, by: Authority) -> None:
    if command not in _DECIDES:
        return
    if {by.by_id, by.for_id} & askers(concern, await uow.concerns.history(concern.id)):
        raise NotAllowed(permission=Permission.CONCERN_SIGN_OFF.value, ref=concern.ref, why="own_request")


async def _changes(
    uow: CycleWork, policy: Policy, concern: Concern, command: Command, said: Said, mine: Standing, now: datetime
) -> dict[str, Any]:  # fmt: skip
    """What the command sets beside what the table says."""
    if command is Command.RESPOND and concern.alert is not None:
        return {"alert": await taking_seats(uow, policy, concern, concern.alert, mine, now)}
    if command is Command.SETTLE and said.category is None:
        raise Invalid("category_missing", field="category", ref=concern.ref)
    if command in _WANTS:
        return {"wanted": _wanted(concern, said)}
    if command is Command.CORRECT:
        return await _corrected(uow, concern, said)
    return {}


def _wanted(concern: Concern, said: Said) -> Wanted:
    """Of a Category 2 nothing but its removal can be asked for."""
    if concern.category is Category.TWO:
        return Wanted.REMOVAL
    if said.wanted is None:
        raise Invalid("wanted_missing", field="wanted", ref=concern.ref)
    return said.wanted


async def _corrected(uow: CycleWork, concern: Concern, said: Said) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if said.child.strip():
        child = await uow.children.get(said.child.strip())
        if child is None:
            require_reference(said.child.strip())
        found |= _of_child(child) if child else {"child_ref": said.child.strip()}
        other = await uow.concerns.open_of(str(found["child_ref"]))
        if other is not None and other.id != concern.id:
            raise Invalid("already_open", field="child", ref=other.ref)
    if said.team.strip():
        team = next(
            (t for t in await uow.pool.teams() if t.name.casefold() == said.team.strip().casefold()), None
        )
        if team is None:
            raise Invalid("unknown_team", field="team", ref=concern.ref)
        found["team"] = team
    return found


def _of_child(child: ChildFacts) -> dict[str, Any]:
    return {"child_ref": child.ref, "team": child.team, "legal_status": child.legal_status}
