"""What a refusal says to somebody who has no right: nothing of where the record stands (invariant I6)."""

import pytest

from domain.concern_workflow import Command
from domain.errors import DomainError, NotAllowed, OutOfDate
from domain.people import Actor, Person
from domain.usecases import concerns as usecases
from tests.alerting.desk import Desk
from tests.builders import DANA, PRIYA, TOM


async def pressed(desk: Desk, who: Person, command: Command, moved: int) -> DomainError:
    actor: Actor = await desk.actor(who)
    given = usecases.Said("Words.", "Seen.")
    with pytest.raises(DomainError) as refused:
        await usecases.act(
            desk.store, desk.policy, actor, "C-1", command, given, desk.now, desk.once(), moved=moved
        )
    return refused.value


@pytest.mark.parametrize("who", [PRIYA, TOM], ids=["a stranger to it", "who raised it"])
@pytest.mark.parametrize("command", [Command.SUBMIT, Command.SIGN_OFF, Command.UPHOLD, Command.REOPEN])
async def test_an_old_press_without_the_right_reads_nothing(
    quick: Desk, who: Person, command: Command
) -> None:
    await quick.raises(TOM)
    refused = await pressed(quick, who, command, moved=77)
    assert isinstance(refused, NotAllowed)
    assert "state" not in refused.facts


async def test_an_old_press_of_somebody_with_the_right_is_out_of_date(quick: Desk) -> None:
    await quick.raises(TOM)
    refused = await pressed(quick, DANA, Command.SUBMIT, moved=77)
    assert isinstance(refused, OutOfDate)
    assert refused.facts["state"] == "with_head_of_service"
