"""Who is there to audit and to moderate, against the targets (section 8)."""

from collections.abc import Mapping, Sequence

from domain.calendar import Month
from domain.measures.tables import Dimension, Figure, Row, Span, Value, share
from domain.pool import Capacity, Standing

DIMENSIONS = (Dimension.MONTH,)


def pool(capacities: Mapping[Month, Capacity], by: Dimension | None = None) -> Figure:
    """A row a month (without a split, of the one month). `auditors` are trained and not moderating, resting ones
    included; `pool` is who is asked for an audit or exempt; `free` have neither an audit nor an exemption yet. The
    targets are the policy's."""
    months: Sequence[Month] = sorted(capacities)
    rows = tuple(Row(str(month) if by else None, _values(capacities[month])) for month in months)
    return Figure("pool", Span(months[0], months[-1]), by, rows)


def _values(of: Capacity) -> dict[str, Value]:
    return {
        "auditors": of.auditors,
        "moderators": of.moderators,
        "target_auditors": of.target_auditors,
        "target_moderators": of.target_moderators,
        "pool": of.pool,
        "exempt": of.of(Standing.EXEMPT),
        "with_audit": of.of(Standing.HAS_AUDIT),
        "free": of.of(Standing.FREE),
        "resting": of.of(Standing.RESTING),
        "not_trained": of.of(Standing.NOT_TRAINED),
        **share("auditors", of.auditors, of.target_auditors),
        **share("moderators", of.moderators, of.target_moderators),
    }
