"""What the measures of quality are made of: returned audits, and what a reader must know of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from domain.kinds import Kind
from domain.measures.tables import Dimension, Span, common_key, number, parts_of_quarters
from domain.measures.timing import Books, Timing, issued
from domain.ports.facts import AuditFact

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
class Asked:
    """A measure's question. `kind` None: core audits, or every kind where it is split by kind."""

    span: Span
    books: Books
    by: Dimension | None = None
    kind: Kind | None = None

    @property
    def counted_kind(self) -> Kind | None:
        return self.kind if self.kind or self.by is Dimension.KIND else Kind.CORE

    def audits(self, facts: Iterable[AuditFact]) -> list[AuditFact]:
        """Those with an auditor, of the kind."""
        return issued(facts, self.counted_kind)

    def returned(self, facts: Iterable[AuditFact]) -> list[AuditFact]:
        """Everything that came, late ones too: what was found in them was found."""
        return [fact for fact in self.audits(facts) if self.books.here(fact)]

    def notes(self, returned: Sequence[AuditFact]) -> list[str]:
        """Why a total here can be another one than completion's `returned`."""
        late = sum(self.books.timing(fact) is not Timing.RETURNED for fact in returned)
        notes: list[str] = []
        if late:
            was = "was" if late == 1 else "were"
            notes.append(
                f"{late} of the {len(returned)} returned {was} late: completion does not count "
                + ("it" if late == 1 else "them")
            )
        return [*notes, *parts_of_quarters(self.by, self.span)]


def key_of(by: Dimension | None) -> Callable[[AuditFact], str | None]:
    if by is Dimension.KIND:
        return lambda fact: fact.kind.value
    if by is Dimension.LEGAL_STATUS:
        return lambda fact: fact.legal_status
    return common_key(by)


def without(by: Dimension | None, facts: Sequence[AuditFact], what: str) -> list[str]:
    """ "2 graded audits have no legal status: in no row here"."""
    if by is None or not facts:
        return []
    one, many = f"{what} audit has", f"{what} audits have"
    return [f"{number(len(facts), one, many)} no {by.value.replace('_', ' ')}: in no row here"]
