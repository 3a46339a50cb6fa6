"""The questions of a draw: what the form asks for, what was asked before, and the draw that they give."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.calendar import Month, local_date
from domain.draw_basis import Asked
from domain.drawing import Drawn, Inputs, Settings, drawn
from domain.errors import Invalid, NotFound
from domain.kinds import Kind
from domain.policy import Policy
from domain.ports import CycleStore, CycleWork, DrawRecord, Exclusion
from domain.usecases.draw_inputs import check, inputs

EXCLUDED_MOST = 100
TEXT_LONGEST = 300
TRIES = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form asks for. `exclusions` are references as they were typed, each with its reason."""

    month: Month
    kind: Kind
    settings: Settings
    exclusions: Sequence[Exclusion] = ()
    theme: str = ""


class Moved(Exception):
    """What a draw was made from is no longer so: it is made anew."""


def draw_ref(record: DrawRecord) -> str:
    return f"DRAW-{record.id}"


async def load_draw(uow: CycleWork, draw_id: int) -> DrawRecord:
    """Raises NotFound."""
    record = await uow.draws.get(draw_id)
    if record is None:
        raise NotFound(ref=f"DRAW-{draw_id}", kind="draw")
    return record


def wanted_of(record: DrawRecord) -> Wanted:
    return Wanted(
        record.month, record.kind, Settings.read(record.options), record.exclusions, theme=record.theme
    )


def asked_in(wanted: Wanted) -> Asked:
    excluded = tuple(exclusion.child_ref for exclusion in wanted.exclusions)
    return Asked(wanted.settings.as_text(), excluded, wanted.theme)


def check_wanted(policy: Policy, wanted: Wanted, now: datetime) -> None:
    check(policy, wanted.month, wanted.kind, local_date(now))
    known = {term.code for term in policy.cohorts}
    if not known.issuperset(wanted.settings.strata):
        raise Invalid("unknown_cohort", field="cohorts")
    if len(wanted.theme) > TEXT_LONGEST:
        raise Invalid("too_long", field="theme", longest=str(TEXT_LONGEST))
    if len(wanted.exclusions) > EXCLUDED_MOST:
        raise Invalid("too_many_exclusions", field="exclusions", longest=str(EXCLUDED_MOST))
    for exclusion in wanted.exclusions:
        if not exclusion.reason.strip():
            raise Invalid("no_exclusion_reason", field="exclusions", ref=exclusion.child_ref)
        if len(exclusion.reason) > TEXT_LONGEST:
            raise Invalid("too_long", field="exclusions", longest=str(TEXT_LONGEST))


async def known(store: CycleStore, written: Sequence[Exclusion]) -> tuple[Exclusion, ...]:
    """With the references as the children file writes them, each once."""
    found: dict[str, Exclusion] = {}
    unknown: list[str] = []
    async with store.reading() as uow:
        for exclusion in written:
            child = await uow.children.get(exclusion.child_ref)
            if child is None:
                unknown.append(exclusion.child_ref)
            else:
                found[child.ref] = Exclusion(child.ref, exclusion.reason.strip())
    if unknown:
        raise Invalid("unknown_child", field="exclusions", ref=", ".join(unknown))
    return tuple(found.values())


async def drawn_for(store: CycleStore, policy: Policy, wanted: Wanted, seed: str, now: datetime) -> Drawn:
    async with store.reading() as uow:
        asked = await inputs_for(uow, policy, wanted, now)
    return await store.aside(lambda: drawn(asked, wanted.settings, seed))


async def inputs_for(uow: CycleWork, policy: Policy, wanted: Wanted, now: datetime) -> Inputs:
    refs = [exclusion.child_ref for exclusion in wanted.exclusions]
    return await inputs(uow, policy, wanted.month, wanted.kind, wanted.settings, refs, local_date(now))
