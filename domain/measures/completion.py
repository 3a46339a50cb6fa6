"""How much was done: completion by both denominators (section 8)."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.audits import AuditState
from domain.calendar import Month
from domain.kinds import Kind
from domain.measures.tables import (
    OF_PLACE,
    OF_TIME,
    Dimension,
    Figure,
    Row,
    Span,
    Value,
    common_key,
    keys,
    number,
    parts_of_quarters,
    quarter,
    share,
    split,
    unplaced,
)
from domain.measures.timing import Books, tally, timing_notes
from domain.measures.timing import issued as with_an_auditor
from domain.people import PersonId
from domain.ports.facts import AuditFact, ExemptionFact

DIMENSIONS = (
    Dimension.MONTH,
    Dimension.QUARTER,
    Dimension.TEAM,
    Dimension.SERVICE,
    Dimension.AREA,
    Dimension.LEGAL_STATUS,
    Dimension.KIND,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What completion is made of. `pools`: whom each month's core draw was issued for, where there was one. `drawn`:
    months that were issued, also where nothing of theirs is within these facts."""

    audits: Sequence[AuditFact]
    exemptions: Sequence[ExemptionFact] = ()
    pools: Mapping[Month, frozenset[PersonId]] | None = None
    drawn: Collection[Month] = ()

    def not_issued(self, span: Span) -> list[Month]:
        """The months that have neither a core audit nor a core draw."""
        core = {a.month for a in self.audits if a.kind is Kind.CORE}
        return [month for month in span.months() if month not in core.union(self.drawn, self.pools or ())]


def completion(
    facts: Facts, span: Span, books: Books, by: Dimension | None = None, kind: Kind | None = None
) -> Figure:
    """By legal status there is no pool: an exempt person has no child. Nor is there one of a month for which nothing is
    issued yet: its pool is what the figure `pool` says, and nobody has been asked for anything.

    `allocated`: audits of the kind (core, unless said) that are with an auditor. `pool` = allocated +
    `non_operational` + `operational` approved exemptions (of core audits alone). `overall` = returned ÷ pool;
    `less_non_operational` = returned ÷ (pool - non-operational); `to_standard` = (returned - below standard) ÷
    allocated; `compliance` = returned ÷ allocated. `returned` is what came on or before the last day of the month."""
    wanted = kind if kind or by is Dimension.KIND else Kind.CORE
    audits = with_an_auditor(facts.audits, wanted)
    approved = [e for e in facts.exemptions if e.approved] if wanted in (None, Kind.CORE) else []
    before = facts.not_issued(span) if wanted in (None, Kind.CORE) else []
    exempt = [e for e in approved if e.month not in before]
    audit_key, exempt_key = _audit_key(by), _exempt_key(by)
    of_audits, of_exempt = split(audits, audit_key), split(exempt, exempt_key)
    without = _nothing_issued(by, span, before)
    rows = [
        Row(
            key, _values(of_audits.get(key, []), of_exempt.get(key, []), books, by, issued=key not in without)
        )
        for key in keys(by, span, [*of_audits, *of_exempt])
    ]
    notes = [
        *_not_issued(before, [e for e in approved if e.month in before], books),
        *_pool_notes(facts, audits, exempt),
        *_row_notes(by, of_audits, of_exempt),
    ]
    notes += [*_freed(facts.audits, wanted), *timing_notes(audits, books), *parts_of_quarters(by, span)]
    return Figure("completion", span, by, tuple(rows), tuple(notes))


def _audit_key(by: Dimension | None) -> Callable[[AuditFact], str | None]:
    def key(fact: AuditFact) -> str | None:
        if by is Dimension.KIND:
            return fact.kind.value
        return fact.legal_status if by is Dimension.LEGAL_STATUS else common_key(by)(fact)

    return key


def _exempt_key(by: Dimension | None) -> Callable[[ExemptionFact], str | None]:
    def key(fact: ExemptionFact) -> str | None:
        return Kind.CORE.value if by is Dimension.KIND else common_key(by)(fact)

    return key


def _nothing_issued(by: Dimension | None, span: Span, before: Collection[Month]) -> set[str | None]:
    """The rows of time of which no month is issued."""
    if by not in (None, *OF_TIME):
        return set()

    def of_row(month: Month) -> str | None:
        return {Dimension.MONTH: str(month), Dimension.QUARTER: quarter(month)}.get(by) if by else None

    with_some = {of_row(month) for month in span.months() if month not in before}
    return {of_row(month) for month in before} - with_some


def _not_issued(before: Sequence[Month], exempt: Sequence[ExemptionFact], books: Books) -> list[str]:
    notes: list[str] = []
    over = [month for month in before if month.last < books.today]
    to_come = [month for month in before if month.last >= books.today]
    if over:
        notes.append(f"nothing was issued for {_months(over)}: there is no pool to count against")
    if to_come:
        notes.append(f"nothing is issued for {_months(to_come)} yet: there is no pool to count against")
    if exempt:
        is_one = number(
            len(exempt), "approved exemption of such a month is", "approved exemptions of such months are"
        )
        notes.append(f"{is_one} not counted here")
    return notes


def _months(months: Sequence[Month]) -> str:
    """ "2026-10, 2027-01 to 2027-03"."""
    runs: list[list[Month]] = []
    for month in months:
        if runs and runs[-1][-1].plus(1) == month:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)


def _values(
    audits: Sequence[AuditFact],
    exempt: Sequence[ExemptionFact],
    books: Books,
    by: Dimension | None,
    *,
    issued: bool,
) -> dict[str, Value]:
    count = tally(audits, books)
    operational = sum(e.operational for e in exempt)
    away = len(exempt) - operational
    pool = count.issued + len(exempt)
    to_standard = count.returned - count.below_standard
    known = issued and by is not Dimension.LEGAL_STATUS
    of_people: dict[str, Value] = {"pool": pool, "non_operational": away, "operational": operational}
    return {
        **(of_people if known else dict.fromkeys(of_people)),
        "allocated": count.issued,
        "returned": count.returned,
        "late": count.late,
        "nil": count.nil,
        "outstanding": count.outstanding,
        "below_standard": count.below_standard,
        "to_standard": to_standard,
        **share("overall", count.returned, pool if known else None),
        **share("less_non_operational", count.returned, pool - away if known else None),
        **share("to_standard", to_standard, count.issued),
        **share("compliance", count.returned, count.issued),
    }


def _pool_notes(facts: Facts, audits: Iterable[AuditFact], exempt: Sequence[ExemptionFact]) -> Iterable[str]:
    """Where the pool as it was at issue and what became of it are not the same people."""
    core = [a for a in audits if a.kind is Kind.CORE]
    auditing = split(core, lambda a: str(a.month))
    away = split(exempt, lambda e: str(e.month))
    for month in sorted({*auditing, *away, *(str(m) for m in facts.pools or ())}, key=str):
        ids = [a.auditor_id for a in auditing.get(month, ()) if a.auditor_id is not None]
        gone = {e.person_id for e in away.get(month, ())}
        if both := len(gone & set(ids)):
            has = "person has" if both == 1 else "people have"
            yield f"{month}: {both} {has} both a core audit and an approved exemption: counted as both"
        if facts.pools and (pool := facts.pools.get(Month.parse(str(month)))) is not None:
            yield from _against(str(month), pool, set(ids), gone)


def _against(month: str, pool: frozenset[PersonId], ids: set[PersonId], gone: set[PersonId]) -> Iterable[str]:
    if missing := len(pool - ids - gone):
        have = "auditor has" if missing == 1 else "auditors have"
        yield f"{month}: the pool was {len(pool)} at issue: {missing} {have} neither an audit nor an exemption"
    if more := len(ids - pool):
        who = "auditor has an audit and was" if more == 1 else "auditors have an audit and were"
        yield f"{month}: the pool was {len(pool)} at issue: {more} {who} not in it"


def _row_notes(
    by: Dimension | None,
    audits: Mapping[str | None, Sequence[AuditFact]],
    exempt: Mapping[str | None, Sequence[ExemptionFact]],
) -> list[str]:
    notes = unplaced(by, len(audits.get(None, ())), "audit", "audits")
    if by is Dimension.LEGAL_STATUS:
        people = sum(len(of) for of in exempt.values())
        left = number(people, "exemption is", "exemptions are")
        return [*notes, f"{left} not in these rows: people have no legal status"] if people else notes
    if by in OF_PLACE:
        notes += unplaced(by, len(exempt.get(None, ())), "exemption", "exemptions")
        notes.append("audits are counted with the child's team, exemptions with the person's")
    return notes


def _freed(audits: Iterable[AuditFact], kind: Kind | None) -> list[str]:
    count = sum(a.state is AuditState.FREED and kind in (None, a.kind) for a in audits)
    if not count:
        return []
    waits = "audit waits" if count == 1 else "audits wait"
    return [f"{count} {waits} for another auditor: not allocated"]
