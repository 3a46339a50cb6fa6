"""The child's social worker and the team's manager: told that an audit comes, heard, and shown what came of it."""

from dataclasses import replace
from typing import Any

import pytest

from domain.audits import Audit
from domain.calendar import Month
from domain.cycle import Command
from domain.kinds import Grade, Kind
from domain.notices import NoticeKind
from domain.people import Authority
from domain.ports import NewAudit
from domain.usecases import issue_writing
from domain.usecases.moving import move
from domain.usecases.participation import reflection_given, tell_result
from tests.doubles import activities
from tests.stories.plots import person_id, there
from tests.stories.test_return import areas
from tests.stories.world import CardJson, World, buttons, reads, text_of, walk

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What only reads, or is refused, is the same on both."""

WELL = "We met every week, and he felt heard."
HARD = "The school answered late."


async def an_audit(world: World, ref: str) -> Audit:
    async with world.store.reading() as uow:
        audit = await uow.audits.get(ref)
    assert audit is not None
    return audit


async def issued(world: World, *refs: str) -> None:
    """What issuing puts for those who take part."""
    async with world.store.writing() as uow:
        audits = [await uow.audits.get(ref) for ref in refs]
        found = [audit for audit in audits if audit is not None]
        children = await uow.children.many([audit.child_ref for audit in found if audit.child_ref])
        managers = await issue_writing.managers_of(uow, found)
        notices = issue_writing.told_of_issue(found, children, managers)
        coming = [notice for notice in notices if notice.kind is NoticeKind.AUDIT_COMING]
        await uow.outbox.put(coming, world.clock())
        await uow.commit()
    await world.delivered()


async def moved(world: World, ref: str, command: Command, **changes: Any) -> Audit:
    """One step of the audit, with all that belongs to it, as its own use case takes it."""
    async with world.store.writing() as uow:
        audit = await uow.audits.get(ref)
        assert audit is not None
        by = Authority(audit.auditor_id or await person_id(world, "quinn"))
        saved = await move(uow, audit, command, by, world.clock(), **changes)
        if command is Command.RETURN:
            await tell_result(uow, saved, world.clock())
        await uow.commit()
    await world.delivered()
    return saved


async def returned(world: World, ref: str) -> None:
    await moved(world, ref, Command.RETURN, grade=Grade.GOOD)


async def test_the_social_worker_is_told_and_gives_their_part(world: World) -> None:
    sol, hana = await there(world, "sol", "hana")
    await issued(world, "A-103")
    # given: Sol hears who audits, and by when
    told = sol.told()
    assert "Hana Whitfield looks at the file of child C10501 together with you." in told
    assert "It is due on Mon 30 November 2026" in told
    # when Sol answers one question
    form = await sol.opens(sol.card("A-103"), "Give my part")
    assert "What was done well?" in text_of(form)
    saved = await sol.opens(form, "Save", reflection_well=WELL)
    assert "A-103" in text_of(saved)
    # then the auditor sees it on the audit, and the sheet counts as done
    card = await hana.says("A-103")
    assert WELL in text_of(card)
    assert "Done well (Sol Reyes)" in text_of(card)
    async with world.store.reading() as uow:
        assert await reflection_given(uow, (await an_audit(world, "A-103")).id)
    # and it can be changed, and taken back
    again = await sol.opens(saved, "Change what I gave")
    assert WELL in text_of(again)
    await sol.opens(again, "Save", reflection_well="", reflection_challenges=HARD)
    card = await hana.says("A-103")
    assert WELL not in text_of(card)
    assert HARD in text_of(card)
    assert await world.trail("A-103") == ["contribution.save", "contribution.save"]


async def test_a_given_reflection_is_filled_in_on_the_return(world: World) -> None:
    sol, hana = await there(world, "sol", "hana")
    await issued(world, "A-103")

    first = await hana.opens(await hana.says("A-103"), "Fill in the return")
    step = await hana.opens(first, "Save and continue", **areas())
    assert not sheet_on(step)
    form = await sol.opens(sol.card("A-103"), "Give my part")
    await sol.opens(form, "Save", reflection_tools="A map of his family.")
    step = await hana.opens(await hana.says("A-103"), "Go on with the return")
    assert sheet_on(step) == "yes"


def sheet_on(step: CardJson) -> str:
    return next(e.get("value", "") for e in walk(step) if e.get("id") == "answer_reflection_sheet")


async def test_nothing_written_and_two_windows(world: World) -> None:
    sol, *_ = await there(world, "sol", "hana")
    await issued(world, "A-103")
    form = await sol.opens(sol.card("A-103"), "Give my part")
    assert "Nothing is written yet" in await sol.hears(form, "Save", views=" ")
    await sol.opens(form, "Save", views="First")
    assert "in another window" in await sol.hears(form, "Save", views="Second")
    assert await world.trail("A-103") == ["contribution.save"]


async def test_the_manager_is_told_once_and_gives_views(world: World) -> None:
    tom, ben = await there(world, "tom", "ben")
    await issued(world, "A-102")
    assert "here is what is coming to your team: 1 audit." in tom.told()
    form = await tom.opens(tom.card("A-102"), "Give views on A-102")
    assert "What was done well?" not in text_of(form), "the reflection is the social worker's"
    await tom.opens(form, "Save", views="The family trusts us now.")
    assert "The family trusts us now." in text_of(await ben.says("A-102"))
    async with world.store.reading() as uow:
        assert not await reflection_given(uow, (await an_audit(world, "A-102")).id)


async def test_the_result_is_shown_and_commented_on(world: World) -> None:
    sol, hana, quinn = await there(world, "sol", "hana", "quinn")
    await issued(world, "A-103")
    sol.news()
    await returned(world, "A-103")
    told = sol.told()
    assert "Because A-103 was returned, here is what came of it." in told
    assert "Good" in told
    form = await sol.opens(sol.card("here is what came of it"), "Comment on the result")
    assert "Write your comment" in await sol.hears(form, "Send comment", comment=" ")
    await sol.opens(form, "Send comment", comment="I see it the same way.")
    await world.delivered()
    for chat in (hana, quinn):
        assert "Because Sol Reyes commented on A-103, here it is: “I see it the same way.”" in chat.told()
    assert await world.trail("A-103") == ["audit.return", "contribution.comment"]


async def test_a_changed_grade_changes_the_social_workers_card(world: World) -> None:
    sol, *_ = await there(world, "sol", "hana")
    await issued(world, "A-103")
    await returned(world, "A-103")
    card = sol.card("here is what came of it")
    assert "Good" in text_of(card)
    await moved(world, "A-103", Command.ASSIGN, moderator_id=await person_id(world, "ben"))
    await moved(world, "A-103", Command.MODERATE, moderated_grade=Grade.INADEQUATE)
    assert "Inadequate" in text_of(sol.card("A-103"))
    assert "Good" not in text_of(sol.card("A-103"))
    assert "oderat" not in text_of(sol.card("A-103")), "how it came to it is not for the social worker"
    # and what was given before stays as it is now
    form = await sol.opens(await sol.says("A-103"), "Comment on the result")
    assert "can no longer be changed" in text_of(form)
    assert "Save" not in buttons(form)


async def test_somebody_else_is_refused(world: World) -> None:
    """A card that was passed on; the auditor; a social worker whose child it is no longer."""
    sol, hana, tom, gita = await there(world, "sol", "hana", "tom", "gita")
    await issued(world, "A-103")
    form = await sol.opens(sol.card("A-103"), "Give my part")
    press = sol.activity_of(form, "Save", views="x")
    for chat in (hana, tom, gita):
        said = await chat.invoke({**press, **chat.place(), "id": f"by-{chat.who.key}"})
        assert "take part in this audit" in reads(said)
    await _no_social_worker(world)
    assert "take part in this audit" in reads(await sol.invoke({**press, "id": "later"}))
    assert "contribution.save" not in await world.trail("A-103")


@ONE_DATABASE
@pytest.mark.parametrize(
    ("ref", "takes_part"), [("A-103", {"sol"}), ("A-102", {"tom"}), ("A-101", set[str]())]
)
async def test_who_of_everybody_takes_part(world: World, ref: str, takes_part: set[str]) -> None:
    found: set[str] = set()
    for chat in world.everybody():
        press = activities.execute(
            world.connector.url, "contribution.form", {"ref": ref}, **{**chat.place(), "replyToId": "m"}
        )
        said = reads(await chat.invoke({**press, "id": f"walk-{chat.who.key}"}))
        found |= {chat.who.key} if "Your part in" in said else set()
    assert found == takes_part


async def _no_social_worker(world: World) -> None:
    path = world.folder / "moved.csv"
    head = "child_ref,team,legal_status,cohorts,social_worker,opened\n"
    path.write_text(f"{head}C10501,East Team,child_in_care,looked_after,,2026-01-05\n", encoding="utf-8")
    await world.imported("children", path)


@ONE_DATABASE
async def test_who_has_left_or_is_not_known_is_not_told(world: World) -> None:
    sol, hana = await there(world, "sol", "hana")
    await world.people_change({"sol": {"active_to": "2026-11-01"}})
    await issued(world, "A-101", "A-103")
    assert "No social worker is known" in text_of(await hana.says("A-103"))
    await returned(world, "A-103")
    assert sol.news() == []


@ONE_DATABASE
async def test_a_manager_sees_what_was_audited_of_their_team_only(world: World) -> None:
    tom, hana, sol, gita = await there(world, "tom", "hana", "sol", "gita")
    history = await tom.says("my team history")
    shown = text_of(history)
    assert "Audits of North Team" in shown
    assert "October 2026, Audit, child C10700: Good" in shown, "the team's name stands in the heading, once"
    assert shown.count("North Team") == 1
    assert "No actions." in shown
    assert "A-104" in reads(await tom.press(history, "Open A-104"))
    await returned(world, "A-103")
    assert "C10501" not in await tom.asks("my team history"), "another team's"
    # a head of service sees the service
    assert "C10700" in await hana.asks("my team history")
    for chat in (sol, gita):
        assert "shown to its managers" in await chat.asks("my team history")


@ONE_DATABASE
async def test_a_team_without_any_audit_says_so(world: World) -> None:
    await world.people_change({"tom": {"team": "West Team"}})
    await world.teams_change(
        "team,area,service,directorate,team_manager,head_of_service,director\n"
        "North Team,North,Family Help,Children,,hana@council.example,dina@council.example\n"
        "West Team,West,Early Help,Communities,tom@council.example,,edwin@council.example\n"
    )
    (tom,) = await there(world, "tom")
    assert "No audit has been returned here yet" in await tom.asks("my team history")


@ONE_DATABASE
async def test_a_social_worker_who_audits_sees_each_in_its_role(world: World) -> None:
    await world.people_change(
        {"sol": {"roles": "social_worker;auditor", "team": "South Team", "auditor_from": "2025-01-01"}}
    )
    sol, *_ = await there(world, "sol", "hana")
    await moved(world, "A-102", Command.FREE)
    await moved(world, "A-102", Command.GIVE, auditor_id=await person_id(world, "sol"))
    await issued(world, "A-103")
    assert "Give my part" in buttons(sol.card("A-103"))
    own = await sol.says("A-102")
    assert "Give my part" not in buttons(own)


async def test_what_is_coming_shows_the_months_ahead(world: World) -> None:
    """After December's issue in November, its children are what is coming."""
    sol, tom, quinn = await there(world, "sol", "tom", "quinn")
    await _december(world)
    own = await sol.says("what is coming")
    said = text_of(own)
    assert "Audits of your children to come" in said
    assert (
        said.index("November 2026") < said.index("A-103") < said.index("December 2026") < said.index("A-105")
    )
    team = await tom.asks("what is coming")
    assert "A-102" in team
    assert "A-105" not in team, "of another team"
    # a month that is named is shown alone, and says where there is more
    january = await sol.says("what is coming in january")
    assert "No audit of one of your children is awaited for January 2027." in text_of(january)
    every = await sol.opens(january, "All months: 2 more")
    assert "A-105" in text_of(every)
    assert quinn.who


async def _december(world: World) -> None:
    new = NewAudit(
        Month(2026, 12), Kind.CORE, await person_id(world, "ben"), world.clock().date(), child_ref="C10501"
    )
    async with world.store.writing() as uow:
        child = await uow.children.get("C10501")
        assert child is not None
        await uow.cycle.issue([replace(new, team_id=child.team.id)], None, world.clock())
        await uow.commit()


async def test_a_wish_to_comment_opens_the_results(world: World) -> None:
    sol, hana = await there(world, "sol", "hana")
    assert "No audit has come back yet" in await sol.asks("I want to comment")
    await issued(world, "A-103")
    await returned(world, "A-103")
    listed = await sol.says("I want to comment")
    assert "Results of your children's audits" in text_of(listed)
    assert "November 2026, Audit, child C10501: Good" in text_of(listed)
    form = await sol.opens(listed, "Comment on A-103")
    await sol.opens(form, "Send comment", comment="The visits took place.")
    await world.delivered()
    assert "The visits took place." in hana.told()
    # and it is found from help, and by the audit's reference
    assert "Results of my children" in buttons(await sol.says("help"))
    assert "results" in text_of(await sol.says("help"))
    assert "Your comment on A-103" in await sol.asks("I want to comment on A-103")
    assert "take part" in await hana.asks("I want to comment")
