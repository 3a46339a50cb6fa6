"""What the rules ask of the world around them. `storage/` answers on SQLite and PostgreSQL, the tests' fakes in memory;
one conformance suite holds them all to the same behaviour."""

from domain.ports.audits import Audits
from domain.ports.exemptions import ExemptionFilter, Exemptions, ExemptionStep
from domain.ports.messages import Deliveries, Failure, Outbox, SentCard
from domain.ports.people import Delegations, People
from domain.ports.work import (
    Answers,
    AnyStore,
    CardPlace,
    Clock,
    Once,
    Outcome,
    Store,
    Trail,
    TrailEntry,
    UnitOfWork,
)

__all__ = [
    "Answers",
    "AnyStore",
    "Audits",
    "CardPlace",
    "Clock",
    "Delegations",
    "Deliveries",
    "ExemptionFilter",
    "ExemptionStep",
    "Exemptions",
    "Failure",
    "Once",
    "Outbox",
    "Outcome",
    "People",
    "SentCard",
    "Store",
    "Trail",
    "TrailEntry",
    "UnitOfWork",
]
