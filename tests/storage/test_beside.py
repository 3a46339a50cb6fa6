"""What is kept of one audit beside its own record is read in one question, and is what each of its ports says."""

from dataclasses import replace
from datetime import UTC, date, datetime

from domain.audits import Audit
from domain.cycle import Command, apply
from domain.kinds import Grade
from domain.participation import Contribution, Part
from domain.ports import Beside
from domain.requests import Request, RequestState, Wish
from domain.returns import PlannedAction, Return
from storage.unit_of_work import SqlStore
from tests.builders import DANA, NOW, PRIYA, QUINN, TODAY, an_audit
from tests.storage.council import Council, settle
from tests.storage.test_returns import a_template

AUDIT = an_audit(104)
LATER = datetime(2026, 11, 18, 9, 30, 0, 120_000, UTC)
"""With a fraction of a second that PostgreSQL writes shorter than SQLite does."""


async def of_each_port(store: SqlStore, audit: Audit) -> Beside:
    async with store.reading() as uow:
        return Beside(
            filled=await uow.returns.get(audit.id),
            areas=(await uow.cycle.areas([audit.id])).get(audit.id, {}),
            actions=await uow.actions.of_audit(audit.id),
            steps=await uow.cycle.history(audit.id),
            requests=await uow.requests.of_audit(audit.id),
            contributions=await uow.contributions.of_audit(audit.id),
        )


async def beside(store: SqlStore, audit: Audit) -> Beside:
    async with store.reading() as uow:
        return await uow.cycle.beside(audit)


def a_return(*days: int) -> Return:
    plans = (PlannedAction(day, f"“Ring” {day}", DANA.id, date(2026, 12, day)) for day in days)
    answers = {"grade": "good", "strengths": "Zoë:\nwell."}
    return Return(AUDIT.id, AUDIT.ref, a_template(), answers, tuple(plans), NOW, LATER)


async def test_each_part_is_what_its_own_port_says(store: SqlStore) -> None:
    await settle(store, Council(audits=(AUDIT, an_audit(105))))
    async with store.writing() as uow:
        kept = await uow.returns.save(a_return(2, 3, 4))
        await uow.actions.put(AUDIT, kept, TODAY)
        await uow.actions.put(AUDIT, replace(kept, actions=a_return(3, 9, 2).actions), TODAY)
        await uow.cycle.save_areas(AUDIT.id, {"voice": Grade.GOOD, "planning": Grade.INADEQUATE})
        for person, said in ((QUINN.id, "I agree."), (PRIYA.id, "Ø")):
            await uow.contributions.save(
                Contribution(AUDIT.id, person, Part.MANAGER, {"comment": said}, LATER)
            )
        asked = [
            Request(
                0, AUDIT.id, AUDIT.ref, Wish.SLIPPAGE, DANA.id, LATER, "Ill.", wanted_on=date(2026, 12, 4)
            ),
            Request(0, AUDIT.id, AUDIT.ref, Wish.REALLOCATION, DANA.id, NOW, "", reason="own_team"),
        ]
        slippage, _ = [await uow.requests.add(one) for one in asked]
        await uow.requests.save(
            replace(
                slippage, state=RequestState.REFUSED, decided_by_id=QUINN.id, decided_at=LATER, note="No."
            )
        )
        returned = apply(AUDIT, Command.RETURN, now=LATER, by=DANA.id, grade=Grade.GOOD, note="“Done”")
        audit = await uow.cycle.save(returned)
        await uow.commit()

    found = await beside(store, audit)

    assert found == await of_each_port(store, audit)
    assert [action.number for action in found.actions] == [2, 3, 9]
    assert found.filled == kept
    assert [step.at for step in found.steps] == [LATER]
    assert [request.state for request in found.requests] == [RequestState.OPEN, RequestState.REFUSED]
    assert len(found.contributions) == len(found.areas) == 2


async def test_an_audit_with_nothing_beside_it_has_nothing(store: SqlStore) -> None:
    await settle(store, Council(audits=(AUDIT, an_audit(105))))

    assert await beside(store, an_audit(105)) == Beside(
        filled=None, areas={}, actions=[], steps=[], requests=[], contributions=[]
    )
