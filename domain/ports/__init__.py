"""What the rules ask of the world around them. `storage/` answers on SQLite and PostgreSQL, the tests' fakes
in memory;
one conformance suite holds them all to the same behaviour."""

from domain.ports.audits import Audits
from domain.ports.concerns import ConcernFact, ConcernFilter, Concerns, ConcernStep, NewConcern
from domain.ports.cycle import AuditFilter, AuditStep, Beside, Cycle, CycleStore, CycleWork, NewAudit
from domain.ports.draws import ChildFacts, Children, DrawRecord, Draws, Eligible, Exclusion
from domain.ports.exemptions import ExemptionFilter, Exemptions, ExemptionStep
from domain.ports.facts import AuditFact, ExemptionFact, Facts
from domain.ports.messages import Deliveries, Failure, Outbox, SentCard
from domain.ports.people import Delegations, People
from domain.ports.pool import Alike, Pool, PoolMember, Programme
from domain.ports.returns import Action, Actions, Contributions, Requests, Returns
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
    "Action",
    "Actions",
    "Alike",
    "Answers",
    "AnyStore",
    "AuditFact",
    "AuditFilter",
    "AuditStep",
    "Audits",
    "Beside",
    "CardPlace",
    "ChildFacts",
    "Children",
    "Clock",
    "ConcernFact",
    "ConcernFilter",
    "ConcernStep",
    "Concerns",
    "Contributions",
    "Cycle",
    "CycleStore",
    "CycleWork",
    "Delegations",
    "Deliveries",
    "DrawRecord",
    "Draws",
    "Eligible",
    "Exclusion",
    "ExemptionFact",
    "ExemptionFilter",
    "ExemptionStep",
    "Exemptions",
    "Facts",
    "Failure",
    "NewAudit",
    "NewConcern",
    "Once",
    "Outbox",
    "Outcome",
    "People",
    "Pool",
    "PoolMember",
    "Programme",
    "Requests",
    "Returns",
    "SentCard",
    "Store",
    "Trail",
    "TrailEntry",
    "UnitOfWork",
]
