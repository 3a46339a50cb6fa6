"""The month's cycle in a unit of work. A part holds nothing but the transaction: it is made when it is asked for, and a
turn which asks for none pays for none."""

from storage.database import Transaction
from storage.repositories.actions import SqlActions
from storage.repositories.children import SqlChildren
from storage.repositories.concerns import SqlConcerns
from storage.repositories.contributions import SqlContributions
from storage.repositories.cycle import SqlCycle
from storage.repositories.draws import SqlDraws
from storage.repositories.facts import SqlFacts
from storage.repositories.pool import SqlPool
from storage.repositories.programme import SqlProgramme
from storage.repositories.requests import SqlRequests
from storage.repositories.returns import SqlReturns


class CycleParts:
    """What `domain.ports.CycleWork` has beyond `UnitOfWork`."""

    @property
    def transaction(self) -> Transaction:
        raise NotImplementedError

    @property
    def cycle(self) -> SqlCycle:
        return SqlCycle(self.transaction)

    @property
    def children(self) -> SqlChildren:
        return SqlChildren(self.transaction)

    @property
    def draws(self) -> SqlDraws:
        return SqlDraws(self.transaction)

    @property
    def returns(self) -> SqlReturns:
        return SqlReturns(self.transaction)

    @property
    def actions(self) -> SqlActions:
        return SqlActions(self.transaction)

    @property
    def requests(self) -> SqlRequests:
        return SqlRequests(self.transaction)

    @property
    def contributions(self) -> SqlContributions:
        return SqlContributions(self.transaction)

    @property
    def programme(self) -> SqlProgramme:
        return SqlProgramme(self.transaction)

    @property
    def pool(self) -> SqlPool:
        return SqlPool(self.transaction)

    @property
    def facts(self) -> SqlFacts:
        return SqlFacts(self.transaction)

    @property
    def concerns(self) -> SqlConcerns:
        return SqlConcerns(self.transaction)
