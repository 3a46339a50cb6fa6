"""Whose chat windows the demonstration opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bot.sample_council.council import Council, council
from bot.sample_council.rows import AuditRow, PersonRow
from bot.sample_council.staff import Staff, leading_auditor
from domain.calendar import Month
from domain.people import Position, Role

USUAL = ("auditor", "head_of_service", "director")
WINDOWS_MOST = 6
ANY_DAY = date(2026, 1, 1)
"""Who works for the council does not hang on the day."""


class NobodyLikeThat(ValueError):
    """The message is one sentence that says what can be asked for."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody whose chat window the demonstration opens; `role` is as the files write it."""

    name: str
    email: str
    aad_object_id: str
    role: str


def demo_people(whom: Sequence[str] = USUAL, today: date = ANY_DAY) -> tuple[DemoPerson, ...]:
    """One person for each role or e-mail, who have to do with each other: an auditor with an open audit of the month
    of `today`, who leads her, who works with and answers for the child that she audits, and a moderator who has
    something to judge. A role that stands twice gives two people. Raises NobodyLikeThat."""
    if not 0 < len(whom) <= WINDOWS_MOST:
        raise NobodyLikeThat(f"Ask for one to {WINDOWS_MOST} chat windows.")
    them = _council(today)
    found: list[DemoPerson] = []
    for wanted in whom:
        taken = {person.email for person in found}
        person, role = _somebody(them, wanted.strip().casefold(), taken)
        found.append(DemoPerson(person.name, person.email, person.aad_object_id, role))
    return tuple(found)


@lru_cache(maxsize=2)
def _council(today: date) -> Council:
    return council(today)


def _somebody(them: Council, wanted: str, taken: set[str]) -> tuple[PersonRow, str]:
    staff = Staff(them.teams, them.people)
    if wanted in staff.by_email and wanted not in taken:
        person = staff.by_email[wanted]
        return person, person.roles[-1]
    if wanted not in {role.value for role in Role}:
        roles = ", ".join(role.value for role in Role)
        raise NobodyLikeThat(f"{wanted!r} is no role and no e-mail of the sample council; roles are {roles}.")
    nearest = [email for email in _nearest(them, staff, wanted) if email not in taken]
    others = [p.email for p in staff.holding(wanted) if p.email not in taken and not p.external]
    if not nearest and not others:
        raise NobodyLikeThat(f"There are not so many people of the role {wanted} in the sample council.")
    return staff.by_email[(nearest or others)[0]], wanted


def _nearest(them: Council, staff: Staff, role: str) -> list[str]:
    """Of this role, the one who has to do with the demonstration's auditor or with the child that she audits."""
    auditor = leading_auditor(staff)
    above = staff.team_by_name[auditor.team or ""]
    of_month = max(row.month for row in them.audits)
    audit = next(row for row in them.audits if _is_hers(row, auditor.email, of_month))
    child_team = staff.team_by_name[audit.team]
    worker = next(child.social_worker for child in them.children if child.child_ref == audit.child_ref)
    near = {
        Role.AUDITOR: auditor.email,
        Role.HEAD_OF_SERVICE: above.head_of_service,
        Role.DIRECTOR: above.director,
        Role.SOCIAL_WORKER: worker,
    }
    near |= {Role(of): getattr(child_team, of) for of in Position if of in _OF_THE_CHILD}
    moderating = [row.moderator for row in them.audits if row.month == of_month and _waits(row)]
    near |= {Role.MODERATOR: moderating[-1]} if moderating else {}
    email = near.get(Role(role))
    return [email] if email is not None and role in staff.by_email[email].roles else []


def _waits(row: AuditRow) -> bool:
    """For its moderator, who is from here; the last of the month is what they find."""
    return row.moderator is not None and row.moderated_grade is None


_OF_THE_CHILD = (Position.TEAM_MANAGER, Position.SERVICE_MANAGER, Position.ASSISTANT_DIRECTOR)


def _is_hers(row: AuditRow, email: str, month: Month) -> bool:
    return row.kind == "core" and row.month == month and row.auditor == email
