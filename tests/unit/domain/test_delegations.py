"""Deputies: who may be one, from when to when, and what an end means (domain, section 2)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.errors import Invalid, NotAllowed, NotFound
from domain.exemptions import Command, State
from domain.people import Delegation, Person, Scope
from domain.ports import CardPlace, Outcome
from domain.usecases import people as usecases
from tests.builders import DANA, DCS, QUINN, RUTH, TOM
from tests.unit.domain.council import (
    DEV,
    GITA,
    HARRY,
    HETTY,
    LEE,
    MO,
    NOON,
    OLU,
    SKY,
    Council,
    a_council,
    refusal,
)

TODAY = NOON.date()


async def delegates(
    council: Council, person: Person, to: Person, first: date = TODAY, last: date = TODAY, **scope: Scope
) -> Delegation:
    outcome = await usecases.delegate(
        council.store,
        council.actor(person),
        to.id,
        scope.get("scope", Scope.EXEMPTIONS),
        first,
        last,
        council.now,
        council.once(),
    )
    return council.store.data.delegations[int(outcome.facts["ref"].removeprefix("D-"))]


async def test_the_card_with_all_deputies_is_not_taken_for_a_card_of_the_new_one() -> None:
    council = a_council()
    pressed = replace(council.once(), card=CardPlace("personal-dana", "message-7"))
    day = (TODAY, TODAY)
    await usecases.delegate(
        council.store, council.actor(DANA), HARRY.id, Scope.ALL, *day, council.now, pressed
    )
    assert council.store.data.cards == {}, "else it would be replaced as one whose subject is gone"


async def ends(council: Council, person: Person, made: Delegation) -> Outcome:
    return await usecases.end_delegation(
        council.store, council.actor(person), made.id, council.now, council.once()
    )


async def test_a_deputy_is_named_told_and_in_the_trail() -> None:
    council = a_council()
    made = await delegates(council, DANA, HARRY, TODAY, TODAY + timedelta(days=5))
    assert (made.delegator_id, made.delegate_id, made.to_day) == (DANA.id, HARRY.id, date(2026, 11, 16))
    assert council.told() == [("delegation.made", HARRY.id)]
    [entry] = council.trail()
    assert (entry.action, entry.actor_id, entry.facts["delegate"]) == ("delegation.make", DANA.id, "20")


@pytest.mark.parametrize(("day", "may"), [(11, False), (12, True), (16, True), (17, False)])
async def test_a_deputy_acts_on_their_days_both_included(day: int, *, may: bool) -> None:
    council = a_council()
    await delegates(council, DANA, HARRY, date(2026, 11, 12), date(2026, 11, 16))
    asked = await council.asks(TOM)
    council.goes_to(datetime(2026, 11, day, 23, 59, tzinfo=UTC))
    if may:
        assert (await council.does(HARRY, Command.ENDORSE, asked)).state is State.WITH_DIRECTOR
    else:
        assert isinstance(await refusal(council.does(HARRY, Command.ENDORSE, asked)), NotAllowed)


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (TODAY, TODAY - timedelta(days=1), "days_reversed"),
        (TODAY + timedelta(days=2), TODAY + timedelta(days=1), "days_reversed"),
        (TODAY - timedelta(days=5), TODAY - timedelta(days=1), "days_past"),
        (TODAY, TODAY + timedelta(days=367), "days_too_many"),
    ],
)
async def test_days_that_make_no_sense(first: date, last: date, code: str) -> None:
    council = a_council()
    assert (await refusal(delegates(council, DANA, HARRY, first, last))).code == code
    assert council.store.data.delegations == {}


@pytest.mark.parametrize("to", [DANA, TOM, MO, SKY, LEE, QUINN], ids=lambda person: person.name)
async def test_only_who_decides_themselves_can_stand_in_and_nobody_for_themselves(to: Person) -> None:
    council = a_council()
    assert (await refusal(delegates(council, DANA, to))).code == "cannot_deputise"


@pytest.mark.parametrize("to", [HARRY, RUTH, DCS, HETTY, DEV], ids=lambda person: person.name)
async def test_peers_and_those_above_can_stand_in(to: Person) -> None:
    assert (await delegates(a_council(), DANA, to)).delegate_id == to.id


@pytest.mark.parametrize("person", [TOM, MO, SKY, QUINN, LEE], ids=lambda person: person.name)
async def test_who_decides_nothing_hands_nothing_over(person: Person) -> None:
    council = a_council()
    assert isinstance(await refusal(delegates(council, person, HARRY)), NotAllowed)
    attempt = usecases.delegations(council.store, council.actor(person), council.now)
    assert isinstance(await refusal(attempt), NotAllowed)


async def test_an_end_is_at_once() -> None:
    council = a_council()
    made = await delegates(council, DANA, HARRY, TODAY, TODAY + timedelta(days=5))
    asked = await council.asks(TOM)
    # when Dana ends it, at the same minute
    assert (await ends(council, DANA, made)).code == "delegation.ended"
    # then Harry's next press is refused
    assert isinstance(await refusal(council.does(HARRY, Command.ENDORSE, asked)), NotAllowed)
    view = await usecases.delegations(council.store, council.actor(DANA), council.now)
    assert view.mine == []


async def test_one_that_has_not_begun_never_begins() -> None:
    council = a_council()
    made = await delegates(council, DANA, HARRY, TODAY + timedelta(days=3), TODAY + timedelta(days=5))
    await ends(council, DANA, made)
    asked = await council.asks(TOM)
    council.waits(days=4)
    assert isinstance(await refusal(council.does(HARRY, Command.ENDORSE, asked)), NotAllowed)


async def test_ending_what_is_over_does_not_rewrite_when_it_was() -> None:
    # given a deputyship of last week, on a card that still stands
    council = a_council()
    made = await delegates(council, DANA, HARRY, TODAY, TODAY + timedelta(days=1))
    council.waits(days=9)
    # when its end is pressed
    assert (await ends(council, DANA, made)).code == "delegation.ended"
    # then the record still says which days it was, and nothing was done
    assert council.store.data.delegations[made.id] == made
    assert council.trail("delegation.end") == []


async def test_nobody_ends_anothers() -> None:
    council = a_council()
    made = await delegates(council, DANA, HARRY)
    for person in (HARRY, RUTH, QUINN):
        assert isinstance(await refusal(ends(council, person, made)), NotAllowed)
    assert council.store.data.delegations[made.id] == made
    gone = Delegation(99, 1, 2, Scope.ALL, TODAY, TODAY)
    assert isinstance(await refusal(ends(council, DANA, gone)), NotFound)


async def test_for_everything_includes_exemptions_and_for_concerns_does_not() -> None:
    council = a_council()
    await delegates(council, DANA, HARRY, scope=Scope.CONCERNS)
    await delegates(council, DANA, GITA, scope=Scope.ALL)
    asked = await council.asks(TOM)
    assert isinstance(await refusal(council.does(HARRY, Command.ENDORSE, asked)), NotAllowed)
    assert (await council.does(GITA, Command.ENDORSE, asked)).state is State.WITH_DIRECTOR


async def test_the_form_offers_whom_one_can_name() -> None:
    council = a_council()
    view = await usecases.delegations(council.store, council.actor(DANA), council.now)
    assert [p.name for p in view.candidates] == sorted(
        p.name for p in (DCS, DEV, GITA, HARRY, HETTY, OLU, RUTH)
    )
    with pytest.raises(Invalid, match="cannot_deputise"):
        await delegates(council, DANA, LEE)


# First contact.


async def test_first_contact_links_by_the_rosters_email_once() -> None:
    council = a_council()
    council.changes(TOM, aad_object_id=None)
    actor = await usecases.link_by_email(council.store, "AAD-New", "Tom.Bailey@Council.example ", NOON)
    assert actor is not None
    assert (actor.id, actor.person.aad_object_id) == (TOM.id, "aad-new")
    assert [entry.action for entry in council.trail()] == ["person.link"]
    # a second account with the same e-mail is not let in, nor is somebody unknown
    assert await usecases.link_by_email(council.store, "other", TOM.email, NOON) is None
    assert await usecases.link_by_email(council.store, "other", "nobody@council.example", NOON) is None
    assert await usecases.recognise(council.store, "other") is None
    assert len(council.trail()) == 1
