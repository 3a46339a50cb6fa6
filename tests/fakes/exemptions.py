"""Exemptions and their history, in memory."""

from dataclasses import replace

from domain.calendar import Month
from domain.errors import Conflict
from domain.exemptions import STANDING, Done, Exemption
from domain.people import LEADING, PersonId
from domain.ports import ExemptionFilter, ExemptionStep
from tests.fakes.memory import Memory, Transaction


class MemoryExemptions:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, exemption: Exemption) -> Exemption:
        data = await self._transaction.change()
        if exemption.state in STANDING and any(
            e.person_id == exemption.person_id and e.month == exemption.month and e.state in STANDING
            for e in data.exemptions.values()
        ):
            raise Conflict(month=str(exemption.month))
        added = replace(exemption, id=max(data.exemptions, default=0) + 1, version=1)
        data.exemptions[added.id] = added
        first = ExemptionStep(added.requested_at, "request", added.requested_by_id, None, added.explanation)
        data.steps[added.id] = (first,)
        return added

    async def get(self, exemption_id: int) -> Exemption | None:
        return (await self._transaction.look()).exemptions.get(exemption_id)

    async def save(self, done: Done) -> Exemption:
        data = await self._transaction.change()
        stored = data.exemptions.get(done.exemption.id)
        if stored is None or stored.version != done.exemption.version:
            raise Conflict(ref=done.exemption.ref)
        saved = replace(done.exemption, version=done.exemption.version + 1)
        data.exemptions[saved.id] = saved
        by_id, for_id = (done.by.by_id, done.by.for_id) if done.by else (None, None)
        line = ExemptionStep(done.at, done.command.value, by_id, for_id, done.note)
        data.steps[saved.id] = (*data.steps[saved.id], line)
        return saved

    async def history(self, exemption_id: int) -> list[ExemptionStep]:
        return list((await self._transaction.look()).steps.get(exemption_id, ()))

    async def find(
        self, wanted: ExemptionFilter, *, limit: int = 50, offset: int = 0
    ) -> tuple[list[Exemption], int]:
        data = await self._transaction.look()
        found = [e for e in data.exemptions.values() if _wanted(e, wanted) and _in_scope(data, e, wanted)]
        found.sort(key=lambda e: (e.requested_at, e.id))
        return found[offset : offset + limit], len(found)

    async def of_person(self, person_id: PersonId, month: Month) -> list[Exemption]:
        found = (await self._transaction.look()).exemptions.values()
        of_month = [e for e in found if (e.person_id, e.month) == (person_id, month)]
        return sorted(of_month, key=lambda e: (e.requested_at, e.id))


def _wanted(exemption: Exemption, wanted: ExemptionFilter) -> bool:
    equal = (
        (wanted.month, exemption.month),
        (wanted.reason, exemption.reason),
        (wanted.person_id, exemption.person_id),
        (wanted.requested_by, exemption.requested_by_id),
    )
    asked = exemption.approver_id if exemption.state.level else None
    return (
        all(value is None or value == stored for value, stored in equal)
        and (exemption.state.open or not wanted.open_only)
        and (wanted.states is None or exemption.state.value in {str(s) for s in wanted.states})
        and (wanted.approver_ids is None or asked in set(wanted.approver_ids))
        and wanted.not_party not in exemption.parties
    )


def _in_scope(data: Memory, exemption: Exemption, wanted: ExemptionFilter) -> bool:
    if wanted.within is None and wanted.or_party is None:
        return True
    if wanted.or_party in exemption.parties:
        return True
    person, reach = data.people.get(exemption.person_id), wanted.within
    if reach is None or person is None or person.team is None:
        return False
    team = person.team
    leads = bool(person.roles & LEADING)
    return (
        (team.name in reach.teams and not leads)
        or team.service in reach.services
        or team.directorate in reach.directorates
    )
