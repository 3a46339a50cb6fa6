"""A figure by its name: the facts read, the measure asked."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date

from domain import pool as people_pool
from domain.calendar import Month
from domain.errors import Invalid
from domain.kinds import Kind
from domain.measures import activity, capacity, completion, concerns, exemptions, profile, reaudits, returned
from domain.measures.completion import Facts
from domain.measures.engagement import engagement
from domain.measures.grades import grades
from domain.measures.moderation import moderation
from domain.measures.returned import Asked
from domain.measures.tables import Dimension, Figure, Span
from domain.measures.timing import Books
from domain.people import Reach
from domain.policy import Policy
from domain.ports import AuditFilter, ConcernFilter, CycleStore, CycleWork
from domain.usecases.draw_inputs import exempt_in

_MANY = 1_000_000


@dataclass(frozen=True, slots=True)
class Question:
    """`within` narrows to somebody's reach; None: the whole council."""

    name: str
    span: Span
    by: Dimension | None = None
    kind: Kind | None = None
    within: Reach | None = None


@dataclass(frozen=True, slots=True)
class _Ground:
    uow: CycleWork
    policy: Policy
    today: date
    question: Question

    @property
    def books(self) -> Books:
        return Books(self.today, self.policy.audits.books_close_after_working_days)

    @property
    def asked(self) -> Asked:
        return Asked(self.question.span, self.books, self.question.by, self.question.kind)

    @property
    def months(self) -> tuple[Month, Month]:
        return self.question.span.first, self.question.span.last


@dataclass(frozen=True, slots=True)
class Measure:
    """`dimensions`: by what it can be split. `has_kind`: whether `kind` narrows it. `one_month`: it is
    the state of a month, and several months are not summed."""

    make: Callable[[_Ground], Awaitable[Figure]]
    dimensions: tuple[Dimension, ...]
    has_kind: bool = True
    one_month: bool = False


async def _completion(ground: _Ground) -> Figure:
    facts, asked = ground.uow.facts, ground.question
    pools = await facts.pools(*ground.months)
    found = Facts(
        await facts.audits(*ground.months, asked.within),
        await facts.exemptions(*ground.months, asked.within),
        pools if asked.within is None else None,
        drawn=pools,
    )
    return completion.completion(found, asked.span, ground.books, asked.by, asked.kind)


async def _activity(ground: _Ground) -> Figure:
    asked = ground.question
    audits = await ground.uow.facts.audits(*ground.months, asked.within)
    planned = await ground.uow.programme.between(*ground.months)
    there = activity.issued(audits, None)
    expected = activity.expectations(asked.span, there, planned, ground.policy)
    return activity.activity(audits, expected, asked.span, ground.books, asked.by, asked.kind)


async def _pool(ground: _Ground) -> Figure:
    asked, policy = ground.question, ground.policy
    found: dict[Month, people_pool.Capacity] = {}
    for month in asked.span.months():
        groups = await ground.uow.pool.alike(month)
        judged = [(group, people_pool.standing(group, month, ground.today)) for group in groups]
        classes = await exempt_in(ground.uow, month)
        away: dict[str, int] = {}
        for reason_class in classes.values():
            away[reason_class] = away.get(reason_class, 0) + 1
        found[month] = people_pool.capacity(people_pool.counted(judged), policy.pool, away)
    return capacity.pool(found, asked.by)


def _of_audits(measure: Callable[..., Figure]) -> Callable[[_Ground], Awaitable[Figure]]:
    async def make(ground: _Ground) -> Figure:
        return measure(await ground.uow.facts.audits(*ground.months, ground.question.within), ground.asked)

    return make


async def _reaudits(ground: _Ground) -> Figure:
    audits = await ground.uow.facts.audits(*ground.months, ground.question.within)
    return reaudits.reaudits(audits, reaudits.of_reaudits(ground.asked))


async def _profile(ground: _Ground) -> Figure:
    """Facts have no areas: those of the same audits are asked for beside them."""
    asked, uow = ground.asked, ground.uow
    kinds = [asked.counted_kind] if asked.counted_kind else None
    wanted = AuditFilter(months=ground.months, kinds=kinds, within=ground.question.within)
    refs = {audit.id: audit.ref for audit in (await uow.cycle.find(wanted, limit=_MANY))[0]}
    graded = {refs[number]: areas for number, areas in (await uow.cycle.areas(refs)).items()}
    facts = await uow.facts.audits(*ground.months, ground.question.within)
    order = [area.code for area in ground.policy.practice_areas]
    return profile.profile(facts, graded, order, asked)


async def _exemptions(ground: _Ground) -> Figure:
    found = await ground.uow.facts.exemptions(*ground.months, ground.question.within)
    return exemptions.exemptions(found, ground.question.span, ground.question.by)


async def _concerns(ground: _Ground) -> Figure:
    asked, uow = ground.question, ground.uow
    facts = await uow.concerns.facts()
    if asked.within is not None:
        found, _ = await uow.concerns.find(ConcernFilter(within=asked.within), limit=_MANY)
        within = {concern.ref for concern in found}
        facts = [fact for fact in facts if fact.ref in within]
    return concerns.concerns(facts, asked.span, ground.today, asked.by)


MEASURES: Mapping[str, Measure] = {
    "completion": Measure(_completion, completion.DIMENSIONS),
    "activity": Measure(_activity, activity.DIMENSIONS),
    "pool": Measure(_pool, capacity.DIMENSIONS, has_kind=False, one_month=True),
    "grades": Measure(_of_audits(grades), returned.DIMENSIONS),
    "moderation": Measure(_of_audits(moderation), returned.DIMENSIONS),
    "engagement": Measure(_of_audits(engagement), returned.DIMENSIONS),
    "reaudits": Measure(_reaudits, reaudits.DIMENSIONS, has_kind=False),
    "profile": Measure(_profile, profile.DIMENSIONS),
    "exemptions": Measure(_exemptions, exemptions.DIMENSIONS, has_kind=False),
    "concerns": Measure(_concerns, concerns.DIMENSIONS, has_kind=False),
}


def check(question: Question) -> None:
    """Raises Invalid: `unknown_figure`, `not_split_so` (`known`: what it can be split by), `no_kind`,
    `one_month_only`."""
    measure = MEASURES.get(question.name)
    if measure is None:
        raise Invalid("unknown_figure", field="name", figure=question.name)
    if question.by is not None and question.by not in measure.dimensions:
        known = ",".join(sorted(measure.dimensions))
        raise Invalid("not_split_so", field="by", figure=question.name, known=known)
    if question.kind is not None and not measure.has_kind:
        raise Invalid("no_kind", field="kind", figure=question.name)
    if measure.one_month and question.by is None and question.span.first != question.span.last:
        raise Invalid("one_month_only", field="by", figure=question.name)


async def figure(store: CycleStore, policy: Policy, question: Question, today: date) -> Figure:
    """Raises what `check` raises."""
    check(question)
    async with store.reading() as uow:
        return await MEASURES[question.name].make(_Ground(uow, policy, today, question))
