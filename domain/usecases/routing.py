"""Whom an open exemption asks now: found afresh from the reporting line, today's roles and deputies."""

from datetime import datetime

from domain.calendar import local_date
from domain.chasing import has_lapsed
from domain.exemptions import Exemption
from domain.people import Approver, Level, PersonId, Scope, next_approver
from domain.ports import UnitOfWork

_HIGHER = {Level.HEAD_OF_SERVICE: Level.DIRECTOR, Level.DIRECTOR: Level.DCS}


async def first_approver(
    uow: UnitOfWork, person_id: PersonId, asker_id: PersonId, now: datetime
) -> Approver | None:
    line = await uow.people.line(person_id)
    return next_approver(line, Level.HEAD_OF_SERVICE, {person_id, asker_id}, local_date(now))


async def above(uow: UnitOfWork, exemption: Exemption, now: datetime) -> Approver | None:
    """The next one up; None above the DCS, or where nobody is left."""
    higher = _HIGHER.get(exemption.level)
    if higher is None:
        return None
    line = await uow.people.line(exemption.person_id)
    return next_approver(line, higher, exemption.parties, local_date(now))


async def asked(uow: UnitOfWork, exemption: Exemption, now: datetime) -> list[PersonId]:
    """Who can answer the present step today: the approver, and their deputies who are no party to it."""
    today = local_date(now)
    delegations = await uow.delegations.by([exemption.approver_id], today)
    deputies = dict.fromkeys(d.delegate_id for d in delegations if d.covers(Scope.EXEMPTIONS, today))
    people = await uow.people.many(deputies.keys() - exemption.parties) if deputies else {}
    there = [d for d in deputies if d in people and people[d].active_on(today)]
    return [exemption.approver_id, *there]


async def nobody_is_asked(uow: UnitOfWork, exemption: Exemption, now: datetime) -> bool:
    """The approver has left or lost the role (and nobody better was found, or they would be asked): the step cannot
    be taken by anybody but, perhaps, a deputy."""
    if exemption.state.level is None:
        return False
    person = await uow.people.get(exemption.approver_id)
    return person is None or not person.holds(exemption.level.role, local_date(now))


async def better_approver(uow: UnitOfWork, exemption: Exemption, now: datetime) -> Approver | None:
    """Who should be asked instead, where the present approver has left, lost the role or been replaced in the teams
    file; None where the present one still is right, nobody better is left, or the month is over."""
    if not exemption.state.open or has_lapsed(exemption, now):
        return None
    line = await uow.people.line(exemption.person_id)
    today, role = local_date(now), exemption.level.role
    fit = [p.id for p in line.at(exemption.level) if p.holds(role, today) and p.id not in exemption.parties]
    if exemption.approver_id in fit[:1]:
        return None
    to = next_approver(line, exemption.level, exemption.parties, today)
    return None if to is None or to.person.id == exemption.approver_id else to
