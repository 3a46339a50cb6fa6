"""Tom audits a child of Eastfield: who stands above the team is known, and what he does is one verb each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import select

from domain.audits import Audit
from domain.kinds import Grade, Kind
from domain.lanes import Lane
from domain.notices import NoticeKind
from domain.people import Person, Position, Role
from domain.policy import Policy
from domain.ports import Action, AuditStep, ChildFacts, Once, Outcome
from domain.returns import Return
from domain.templates import AREA, ENGAGEMENT
from domain.usecases import corrections, returns
from domain.usecases.corrections import Correction
from domain.usecases.returns import Filling, NewAction
from domain.views.returns import ReturnView
from storage.repositories.sql import untyped
from storage.tables import outbox, trail, trail_texts
from storage.unit_of_work import SqlStore
from tests.builders import DCS, EAST, NORTH, NOVEMBER, PRIYA, QUINN, RUTH, SAM, TOM, a_person, an_audit
from tests.storage.council import MEERA, SOUTH, Council, settle

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
MONA = a_person(31, "Mona Reid", Role.TEAM_MANAGER, team=EAST)
SERENA = a_person(32, "Serena Voss", Role.SERVICE_MANAGER, team=EAST)
ADA = a_person(33, "Ada Brook", Role.ASSISTANT_DIRECTOR, team=None)
MOD = a_person(34, "Moira Lund", Role.MODERATOR, team=NORTH)
CHILD = "C10432"
POLICY = Policy()
AREAS = {f"{AREA}{code}": "good" for code in POLICY.template_of(Kind.CORE).areas}
WHOLE: Mapping[str, Mapping[str, str]] = {
    "areas": AREAS,
    "engagement": dict.fromkeys(ENGAGEMENT, "yes"),
    "grade": {"grade": "good", "rationale": "Purposeful visits."},
    "strengths": {"strengths": "A trusting relationship."},
    "concern": {"concern": "no"},
}
"""A whole return of a core audit, by step."""


def a_council(audit: Audit, *more: Audit) -> Council:
    positions = {
        (EAST.id, Position.TEAM_MANAGER): MONA.id,
        (EAST.id, Position.SERVICE_MANAGER): SERENA.id,
        (EAST.id, Position.ASSISTANT_DIRECTOR): ADA.id,
        (EAST.id, Position.HEAD_OF_SERVICE): SAM.id,
        (EAST.id, Position.DIRECTOR): RUTH.id,
    }
    other = ChildFacts("C777", SOUTH, "child_in_care", None, frozenset(), None, None)
    own = ChildFacts("C888", NORTH, "child_in_need", None, frozenset(), None, None)
    caseload = ChildFacts("C999", SOUTH, "child_in_need", TOM.id, frozenset(), None, None)
    return Council(
        people=(TOM, RUTH, PRIYA, SAM, QUINN, DCS, MEERA, MONA, SERENA, ADA, MOD),
        positions=positions,
        social_workers={CHILD: MEERA.id},
        audits=(audit, *more),
        children=(other, own, caseload),
    )


@dataclass
class Desk:
    store: SqlStore
    policy: Policy = POLICY
    now: datetime = NOW
    ref: str = "A-104"
    who: Person = TOM
    keys: Any = None

    def at(self, *when: int) -> "Desk":
        return replace(self, now=datetime(*when, tzinfo=UTC))  # type: ignore[arg-type]

    def by(self, who: Person) -> "Desk":
        return replace(self, who=who)

    def once(self) -> Once:
        key = f"press-{next(self.keys)}"
        return Once(key, key)

    async def actor(self) -> Any:
        async with self.store.reading() as uow:
            return await uow.people.actor_of(self.who.id)

    # verbs

    async def save(
        self, section: str | None, answers: Mapping[str, str], *, seen: int | None = None, child: str | None = CHILD,
        action: NewAction | None = None, remove: int | None = None, once: Once | None = None,
    ) -> Outcome:  # fmt: skip
        """`seen`: the present version unless said otherwise."""
        if seen is None:
            filled = await self.filled()
            seen = filled.version if filled else 0
        form = Filling(self.ref, child, section, seen, answers, action or NewAction(), remove)
        actor = await self.actor()
        return await returns.save_step(self.store, self.policy, actor, form, self.now, once or self.once())

    async def fill(self, **replaced: Mapping[str, str]) -> None:
        """All steps, as they come."""
        for section, answers in {**WHOLE, **replaced}.items():
            outcome = await self.save(section, answers)
            assert outcome.facts == {}, outcome

    async def view(self, section: str | None = None, **how: Any) -> ReturnView:
        actor = await self.actor()
        return await returns.view_step(
            self.store, self.policy, actor, self.ref, self.now, section=section, **how
        )

    async def hand_in(self, *, seen: int | None = None, once: Once | None = None) -> Outcome:
        filled = await self.filled()
        seen = seen if seen is not None else (filled.version if filled else 0)
        actor = await self.actor()
        return await returns.hand_in(
            self.store, self.policy, actor, self.ref, seen, self.now, once or self.once()
        )

    async def none_because(self, because: str) -> Outcome:
        actor = await self.actor()
        return await returns.none_because(
            self.store, self.policy, actor, self.ref, because, self.now, self.once()
        )

    async def correct(self, section: str, answers: Mapping[str, str], note: str = "A slip.") -> Outcome:
        form = Correction(self.ref, (await self.audit()).version, section, answers, note)
        actor = await self.actor()
        return await corrections.correct(self.store, self.policy, actor, form, self.now, self.once())

    async def correct_child(self, child: str, note: str = "The next line of the list.") -> Outcome:
        version = (await self.audit()).version
        actor = await self.actor()
        return await corrections.correct_child(
            self.store, self.policy, actor, self.ref, version, child, note, self.now, self.once()
        )

    # what is there

    async def audit(self) -> Audit:
        async with self.store.reading() as uow:
            found = await uow.audits.get(self.ref)
        assert found is not None
        return found

    async def change(self, **changes: Any) -> Audit:
        """Somebody else's doing: the audit is otherwise from now on."""
        async with self.store.writing() as uow:
            found = await uow.audits.get(self.ref)
            assert found is not None
            saved = await uow.audits.save(replace(found, **changes))
            await uow.commit()
        return saved

    async def filled(self) -> Return | None:
        audit = await self.audit()
        async with self.store.reading() as uow:
            return await uow.returns.get(audit.id)

    async def areas(self) -> dict[str, Grade]:
        audit = await self.audit()
        async with self.store.reading() as uow:
            return (await uow.cycle.areas([audit.id])).get(audit.id, {})

    async def actions(self) -> Sequence[Action]:
        audit = await self.audit()
        async with self.store.reading() as uow:
            return await uow.actions.of_audit(audit.id)

    async def history(self) -> Sequence[AuditStep]:
        audit = await self.audit()
        async with self.store.reading() as uow:
            return await uow.cycle.history(audit.id)

    async def _rows(self, statement: object) -> list[Any]:
        async with self.store.reading() as uow:
            return await uow.transaction.run(lambda c: list(c.execute(untyped(statement))))

    async def told(self, kind: NoticeKind) -> list[str]:
        """Whom, by first name, in the order put."""
        rows = await self._rows(select(outbox).where(outbox.c.kind == kind.value).order_by(outbox.c.id))
        async with self.store.reading() as uow:
            people = await uow.people.many({row.person_id for row in rows})
        return [people[row.person_id].name.split()[0] for row in rows]

    async def lanes(self, kind: NoticeKind) -> set[Lane]:
        rows = await self._rows(select(outbox.c.lane).where(outbox.c.kind == kind.value))
        return {Lane(row.lane) for row in rows}

    async def trail(self) -> list[tuple[str, dict[str, str]]]:
        rows = await self._rows(select(trail).where(trail.c.subject == self.ref).order_by(trail.c.seq))
        return [(row.action, json.loads(row.facts)) for row in rows]

    async def texts(self) -> dict[str, str]:
        rows = await self._rows(select(trail_texts.c.field, trail_texts.c.text))
        return {row.field: row.text for row in rows}


async def a_desk(store: SqlStore, **audit: Any) -> Desk:
    await settle(store, a_council(an_audit(104, child_ref=audit.pop("child_ref", CHILD), **audit)))
    return Desk(store, keys=count(1))


DUE = date(2026, 12, 18)


def an_action(owner: Person = MONA, text: str = "Update the risk assessment") -> NewAction:
    return NewAction(text, owner.id, DUE, wanted=True)


__all__ = ["NORTH", "NOVEMBER", "Desk", "a_desk", "an_action"]
