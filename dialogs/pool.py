"""Handlers of the pool: who audits and who moderates."""

from collections.abc import Mapping
from datetime import date

from dialogs import words
from dialogs.cards import parts
from dialogs.cards import pool as cards
from dialogs.payloads import pool as press
from dialogs.payloads.base import Payload
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from dialogs.words import pool as say
from domain.calendar import Month
from domain.errors import Invalid
from domain.people import PersonId
from domain.permissions import Belongs, Permission, allowed
from domain.pool import Standing
from domain.usecases import pool as usecases


async def show(talk: Talk, pressed: press.PoolShow) -> Reply:
    return await _pool(talk, pressed.month, pressed.standing, pressed.offset)


async def _pool(talk: Talk, month: Month | None, standing: Standing | None = None, offset: int = 0) -> Reply:
    view = await usecases.view_pool(
        talk.store, talk.policy, talk.actor, month or Month.of(talk.today), talk.now, standing, offset
    )
    return shown(cards.pool(view))


async def find(talk: Talk, pressed: press.PoolFind) -> Reply:
    return await _find(talk, pressed.find, pressed.month or Month.of(talk.today))


async def _find(talk: Talk, written: str, month: Month, filled: Mapping[str, str] | None = None) -> Reply:
    """The one person of that name; several to choose from; or the form of a new one."""
    view = await usecases.find(talk.store, talk.actor, written, month, talk.now, filled)
    if len(view.people) == 1:
        return await _person(talk, view.people[0].id, month, filled=filled)
    return shown(cards.found(view))


async def person(talk: Talk, pressed: press.PoolPerson) -> Reply:
    return await _person(talk, pressed.person, pressed.month or Month.of(talk.today))


async def _person(
    talk: Talk, person_id: PersonId, month: Month, lead: str | None = None, problem: str | None = None,
    filled: Mapping[str, str] | None = None,
) -> Reply:  # fmt: skip
    view = await usecases.view_person(talk.store, talk.policy, talk.actor, person_id, month, talk.now, filled)
    return shown(cards.person(view, lead, problem))


async def _name(talk: Talk, person_id: PersonId, month: Month) -> str:
    view = await usecases.view_person(talk.store, talk.policy, talk.actor, person_id, month, talk.now)
    return parts.name(view.person)


async def moderates(talk: Talk, pressed: press.PoolModerates) -> Reply:
    try:
        await usecases.say_moderates(
            talk.store, talk.actor, pressed.month, pressed.person, pressed.says, talk.now, talk.once
        )
    except Invalid as refused:
        return await _refused(talk, pressed.person, pressed.month, refused)
    name = await _name(talk, pressed.person, pressed.month)
    said = say.said_moderates(name, pressed.says, pressed.month)
    return await _person(talk, pressed.person, pressed.month, said)


async def _refused(talk: Talk, person_id: PersonId, month: Month, refused: Invalid) -> Reply:
    problem = words.refusal(refused, talk.policy.texts.qa_contact)
    return await _person(talk, person_id, month, problem=problem)


async def give(talk: Talk, pressed: press.PoolGive) -> Reply:
    try:
        await usecases.give_role(
            talk.store, talk.actor, pressed.person, pressed.role, pressed.from_day, talk.now, talk.once
        )
    except Invalid as refused:
        return await _refused(talk, pressed.person, pressed.month, refused)
    name = await _name(talk, pressed.person, pressed.month)
    return await _person(talk, pressed.person, pressed.month, say.gave(name, pressed.role))


async def take(talk: Talk, pressed: press.PoolTake) -> Reply:
    try:
        await usecases.take_role(talk.store, talk.actor, pressed.person, pressed.role, talk.now, talk.once)
    except Invalid as refused:
        return await _refused(talk, pressed.person, pressed.month, refused)
    name = await _name(talk, pressed.person, pressed.month)
    return await _person(talk, pressed.person, pressed.month, say.took(name, pressed.role))


async def add(talk: Talk, pressed: press.PoolAdd) -> Reply:
    try:
        outcome = await usecases.add_person(
            talk.store,
            talk.actor,
            pressed.email,
            pressed.name,
            pressed.team,
            pressed.from_day,
            talk.now,
            talk.once,
        )
    except Invalid as refused:
        return await _refused_new(talk, pressed, refused)
    made = int(outcome.facts["person"])
    return await _person(talk, made, pressed.month, say.added(await _name(talk, made, pressed.month)))


async def _refused_new(talk: Talk, pressed: press.PoolAdd, refused: Invalid) -> Reply:
    """The same form with what was written; somebody who is known already is shown instead."""
    problem = words.refusal(refused, talk.policy.texts.qa_contact)
    if refused.code == "email_known":
        known = await usecases.find(talk.store, talk.actor, pressed.email, pressed.month, talk.now)
        if known.people:
            return await _person(talk, known.people[0].id, pressed.month, problem)
    filled = {
        "email": pressed.email,
        "name": pressed.name,
        "team": str(pressed.team or ""),
        "from_day": pressed.from_day.isoformat(),
    }
    view = await usecases.find(talk.store, talk.actor, "", pressed.month, talk.now, filled)
    return shown(cards.found(view, problem))


async def pool_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    """From what was typed: a person opens their card (or a short list to choose from), with the day filled in."""
    month = Month.parse(slots["month"]) if slots.get("month") else Month.of(talk.today)
    keeps = allowed(talk.actor, Permission.POOL_CHANGE, Belongs(), talk.today)
    if not slots.get("person") or not keeps:
        return await _pool(talk, month)
    return await _find(talk, slots["person"], month, _trained(slots))


def _trained(slots: Mapping[str, str]) -> dict[str, str]:
    written = slots.get("trained") or slots.get("start") or ""
    try:
        return {"from_day": date.fromisoformat(written).isoformat()}
    except ValueError:
        return {}


PRESSED: dict[type[Payload], Pressed] = {
    press.PoolShow: show,
    press.PoolFind: find,
    press.PoolPerson: person,
    press.PoolModerates: moderates,
    press.PoolGive: give,
    press.PoolTake: take,
    press.PoolAdd: add,
}
SAID: dict[str, Said] = {"pool_capacity": pool_for}
