"""The month's draw: nobody draws again until a wanted child comes up, and what is issued is what was seen."""

import asyncio
import json
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from domain.allocation import Rule
from domain.audits import AuditState
from domain.calendar import Month
from domain.cycle import Command, apply
from domain.errors import DomainError, Invalid, NotAllowed, OutOfDate
from domain.kinds import Kind
from domain.notices import NoticeKind
from domain.people import Person, Role, WorkingPattern
from domain.pool import Standing
from domain.ports import Exclusion
from domain.usecases import draw_views, issuing
from domain.views.issuing import PairsView
from storage.unit_of_work import SqlStore
from tests.builders import DCS, QUINN, RUTH, a_person, an_audit
from tests.issuing.council import DECEMBER, HETTY, QUENTIN, Desk, a_council, a_desk
from tests.unit.domain.council import refusal


async def pairs(desk: Desk, draw: int, offset: int = 0) -> PairsView:
    return await issuing.pairs(desk.store, desk.policy, await desk.actor(QUINN), draw, desk.now, offset)


async def children_of(desk: Desk, draw: int) -> dict[str, str]:
    """Auditor to child, of all pages."""
    found: dict[str, str] = {}
    view = await pairs(desk, draw)
    while len(found) < view.total:
        found |= {line.auditor.name: line.child_ref for line in view.lines if line.auditor}
        view = await pairs(desk, draw, view.offset + view.page)
    return found


# The seed and the preview


async def test_looking_again_never_gives_other_children(desk: Desk) -> None:
    first = await desk.previews(seed="1111111111111111")
    drawn = await children_of(desk, first.record.id)
    again = await desk.previews(QUENTIN, seed="2222222222222222")
    # then the first seed stays, the second look is counted, and the same children come up
    assert again.record.seed == "1111111111111111"
    assert (again.record.id, again.record.previews, again.digest) == (first.record.id, 2, first.digest)
    assert await children_of(desk, again.record.id) == drawn


async def test_every_look_is_in_the_trail_with_what_was_asked_and_left_out(desk: Desk) -> None:
    await desk.previews(
        exclusions=(Exclusion("c100003", " In court  "),), per_cohort=(("looked_after", 2),), theme="Neglect"
    )
    [entry] = await desk.trail("draw.preview")
    facts = json.loads(entry.facts)
    assert (entry.actor_id, facts["month"], facts["previews"]) == (QUINN.id, "2026-12", "1")
    assert facts["excluded"] == "C100003", "as the children's file writes it"
    assert json.loads(facts["options"])["per_cohort"] == [["looked_after", 2]]
    assert await desk.texts() == ["In court", "Neglect"], "what somebody wrote stands beside the chain"


async def test_a_child_left_out_by_hand_is_not_drawn_and_the_others_stay(desk: Desk) -> None:
    drawn = await children_of(desk, (await desk.previews()).record.id)
    out = drawn["Auditor 003"]
    view = await desk.previews(exclusions=(Exclusion(out, "In court"),))
    after = await children_of(desk, view.record.id)
    assert out not in after.values()
    assert view.children_left["excluded"] == 1
    assert sum(after[name] != drawn[name] for name in drawn) <= 3, "most keep their child"


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("unknown_child", {"exclusions": (Exclusion("C999", "gone"),)}),
        ("no_exclusion_reason", {"exclusions": (Exclusion("C100001", " "),)}),
        ("too_many_exclusions", {"exclusions": (Exclusion("C100001", "x"),) * 101}),
        ("too_long", {"exclusions": (Exclusion("C100001", "x" * 301),)}),
        ("too_long", {"theme": "x" * 301}),
        ("unknown_cohort", {"cohorts": ("pirates",)}),
        ("past_month", {"month": Month(2026, 10)}),
        ("kind_not_drawn", {"kind": Kind.REAUDIT}),
        ("kind_not_drawn", {"kind": Kind.OBSERVATION}),
    ],
)
async def test_what_cannot_be_drawn_is_said(quick_desk: Desk, code: str, changes: dict[str, object]) -> None:
    refused = await refusal(quick_desk.previews(**changes))  # pyright: ignore[reportArgumentType]
    assert isinstance(refused, Invalid)
    assert refused.code == code
    assert await quick_desk.trail("draw.preview") == []


async def test_every_rule_that_could_not_be_met_is_said(quick_desk: Desk) -> None:
    view = await quick_desk.previews(per_cohort=(("looked_after", 500),), total=6)
    assert Rule.COHORT_SHORT in {item.rule for item in view.unmet}
    nobody = await quick_desk.previews(not_again=0, cohorts=("looked_after",), per_team=0)
    assert (nobody.drawn, Rule.NO_CHILD in {item.rule for item in nobody.unmet}) == (0, True)
    refused = await refusal(quick_desk.issues(nobody))
    assert isinstance(refused, Invalid)
    assert refused.code == "nobody_to_issue"


async def test_who_is_left_out_is_counted(sqlite_store: SqlStore) -> None:
    team = a_council().teams[0]
    staff = (
        a_person(1100, "Mo Moderates", Role.AUDITOR, Role.MODERATOR, team=team),
        a_person(1101, "Ray Rests", Role.AUDITOR, team=team, working_pattern=WorkingPattern.ALTERNATE,
                 auditor_from=DECEMBER.plus(-1).first),
        a_person(1102, "Lee Later", Role.AUDITOR, team=team, auditor_from=DECEMBER.plus(1).first),
    )  # fmt: skip
    desk = await a_desk(sqlite_store, a_council(6, 60, 4, *staff))
    await desk.exempts(1000)
    view = await desk.previews()
    assert view.people == 5
    assert view.standings == {
        Standing.MODERATES: 1, Standing.RESTING: 1, Standing.NOT_TRAINED: 1, Standing.EXEMPT: 1,
    }  # fmt: skip


async def test_the_form_begins_with_what_was_previewed_last(quick_desk: Desk) -> None:
    await quick_desk.previews(
        cohorts=("care_leavers",), per_cohort=(("looked_after", 3),), per_team=2, not_again=6,
        exclusions=(Exclusion("C100003", "In court"),), theme="Neglect",
    )  # fmt: skip
    actor = await quick_desk.actor(QUINN)
    view = await draw_views.form(
        quick_desk.store, quick_desk.policy, actor, DECEMBER, Kind.CORE, quick_desk.now, {"theme": "Other"}
    )
    assert view.filled == {
        "cohorts": "care_leavers", "numbers": "looked_after:3", "total": "", "per_team": "2", "not_again": "6",
        "theme": "Other", "exclusions": "C100003 In court",
    }  # fmt: skip


async def test_nobody_sees_their_own_child_before_the_issue(sqlite_store: SqlStore) -> None:
    both = a_person(QUINN.id, "Auditor 003b", Role.QA_TEAM, Role.AUDITOR, team=a_council().teams[0])
    desk = await a_desk(sqlite_store, a_council(20, 90).with_people(both))
    view = await desk.previews()
    pages = [await pairs(desk, view.record.id, offset) for offset in (0, 15)]
    lines = [line for page in pages for line in page.lines]
    # then the own place is in the list and counted, without the child, whom no other line has either
    assert (len(lines), {page.total for page in pages}) == (21, {21})
    [own] = [line for line in lines if line.withheld]
    assert (own.child_ref, own.team, own.cohort) == ("", None, "")
    # and a colleague sees it; it is the one who is issued, and shown then
    quentin = await desk.actor(QUENTIN)
    theirs = await issuing.pairs(desk.store, desk.policy, quentin, view.record.id, desk.now)
    [child] = [line.child_ref for line in theirs.lines if line.auditor and line.auditor.id == QUINN.id]
    assert child not in {line.child_ref for line in lines}
    await desk.issues(view, QUENTIN)
    assert (await children_of(desk, view.record.id))["Auditor 003b"] == child


async def test_a_warning_does_not_name_ones_own_child_either(sqlite_store: SqlStore) -> None:
    both = a_person(QUINN.id, QUINN.name, Role.QA_TEAM, Role.AUDITOR, team=a_council().teams[0])
    council = a_council(0, 2, 2).with_people(both)
    earlier = an_audit(
        month=Month(2026, 9), state=AuditState.RETURNED, child_ref="C100001", team=council.teams[1],
        auditor_id=QUINN.id, returned_on=date(2026, 9, 28),
    )  # fmt: skip
    desk = await a_desk(sqlite_store, replace(council, audits=(earlier,)))
    mine, theirs = await desk.previews(not_again=0), await desk.previews(QUENTIN, not_again=0)
    [[before], [seen]] = [[i for i in view.unmet if i.rule is Rule.AUDITED_BEFORE] for view in (mine, theirs)]
    assert (before.facts["person"], before.facts["child"]) == (str(QUINN.id), "")
    assert seen.facts["child"] == "C100001"


# The issue


async def test_everybody_gets_what_was_previewed_and_is_told(desk: Desk) -> None:
    view = await desk.previews()
    drawn = await children_of(desk, view.record.id)
    done = await desk.issues(view)
    # then each auditor has the child who was shown
    audits = await desk.audits()
    assert done.facts["issued"] == str(len(audits)) == "6"
    assert {f"Auditor {(a.auditor_id or 0) - 1000:03d}": a.child_ref for a in audits} == drawn
    assert all(a.team and a.legal_status and a.state is AuditState.ISSUED for a in audits)
    # and has one message; the social worker has one for each child, a manager one for all
    assert sorted(await desk.told(NoticeKind.AUDIT_ISSUED)) == sorted(
        ("audit.issued", a.auditor_id, a.ref) for a in audits
    )
    coming = await desk.told(NoticeKind.AUDIT_COMING)
    managers = [person for _, person, _ in coming if 500 <= person < 600]
    assert len(managers) == len(set(managers)) == len({a.team.id for a in audits if a.team})
    assert len([person for _, person, _ in coming if 600 <= person < 700]) == len(audits)
    # and the trail has each of them, and the draw with its seed
    assert [e.subject for e in await desk.trail("audit.issue")] == [a.ref for a in audits]
    [entry] = await desk.trail("draw.issue")
    assert json.loads(entry.facts)["seed"] == view.record.seed
    assert json.loads(entry.facts)["digest"] == view.digest
    async with desk.store.reading() as uow:
        record = await uow.draws.get(view.record.id)
        pools = await uow.facts.pools(DECEMBER, DECEMBER)
    assert record is not None
    assert (record.issued_by_id, record.issued_at) == (QUINN.id, desk.now)
    assert pools[DECEMBER] == {a.auditor_id for a in audits}


async def test_two_of_the_qa_team_at_once_issue_once(desk: Desk) -> None:
    view = await desk.previews()
    results = await asyncio.gather(desk.issues(view), desk.issues(view, QUENTIN), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["OutOfDate", "Outcome"]
    assert len(await desk.audits()) == 6
    assert len(await desk.trail("draw.issue")) == 1
    assert len(await desk.told(NoticeKind.AUDIT_ISSUED)) == 6


async def test_two_look_for_the_first_time_at_once_and_have_one_seed(desk: Desk) -> None:
    views = await asyncio.gather(
        desk.previews(seed="1111111111111111"), desk.previews(QUENTIN, seed="2222222222222222")
    )
    assert len({view.record.seed for view in views}) == 1
    assert len({view.digest for view in views}) == 1


async def test_an_exemption_approved_meanwhile_stops_the_issue(desk: Desk) -> None:
    view = await desk.previews()
    await desk.exempts(1003)
    assert isinstance(await refusal(desk.issues(view)), OutOfDate)
    assert await desk.audits() == []
    # and what is shown then can be issued
    now = await issuing.look(desk.store, desk.policy, await desk.actor(QUINN), view.record.id, desk.now)
    assert (now.people, now.record.previews) == (5, 1)
    await desk.issues(now)
    assert len(await desk.audits()) == 5


async def test_other_numbers_of_a_colleague_stop_the_issue(desk: Desk) -> None:
    view = await desk.previews()
    await desk.previews(QUENTIN, total=3)
    assert isinstance(await refusal(desk.issues(view)), OutOfDate)
    assert await desk.audits() == []


async def test_a_forged_digest_issues_nothing(quick_desk: Desk) -> None:
    view = await quick_desk.previews()
    assert isinstance(await refusal(quick_desk.issues(replace(view, digest="0" * 16))), OutOfDate)
    assert await quick_desk.audits() == []


async def test_the_same_press_arriving_twice_issues_once(desk: Desk) -> None:
    view = await desk.previews()
    once = desk.once()
    first, second = await desk.issues(view, once=once), await desk.issues(view, once=once)
    assert first == second
    assert len(await desk.audits()) == 6


async def test_a_restart_between_preview_and_issue_changes_nothing(database_url: str) -> None:
    store = SqlStore(database_url)
    view = await (await a_desk(store)).previews()
    await store.close()
    # when another process takes the press
    other = SqlStore(database_url)
    try:
        desk = Desk(other, _activities=iter(range(100, 200)))  # pyright: ignore[reportArgumentType]
        await desk.issues(view)
        assert len(await desk.audits()) == 6
    finally:
        await other.close()


async def test_once_issued_only_those_without_an_audit_are_drawn_for(desk: Desk) -> None:
    first = await desk.previews()
    await desk.issues(first)
    taken = {a.child_ref for a in await desk.audits()}
    assert (await desk.previews()).people == 0
    # when two auditors join
    async with desk.store.writing() as uow:
        for n in range(2):
            team = (await uow.pool.teams())[n].id
            await uow.pool.add_person(
                f"new{n}@council.example", f"New {n}", team, Role.AUDITOR, DECEMBER.first
            )
        await uow.commit()
    late = await desk.previews(seed="9999999999999999")
    assert (late.people, late.standings[Standing.HAS_AUDIT]) == (2, 6)
    assert late.record.seed == first.record.seed, "also then nobody draws with a seed of their choice"
    assert late.record.id != first.record.id
    await desk.issues(late)
    audits = await desk.audits()
    assert len(audits) == 8
    assert len({a.child_ref for a in audits}) == 8
    assert taken < {a.child_ref for a in audits}
    # and the first draw's card issues nothing more
    assert isinstance(await refusal(desk.issues(first)), OutOfDate)


async def test_a_child_who_waits_for_another_auditor_is_not_drawn_beside_that(quick_desk: Desk) -> None:
    await quick_desk.issues(await quick_desk.previews(total=5))
    audit = (await quick_desk.audits())[0]
    async with quick_desk.store.writing() as uow:
        await uow.cycle.save(apply(audit, Command.FREE, now=quick_desk.now, by=QUINN.id))
        await uow.commit()
    view = await quick_desk.previews()
    assert audit.child_ref not in (await children_of(quick_desk, view.record.id)).values()
    assert view.children_left["in_progress"] == 5


async def test_other_kinds_are_drawn_for_whom_the_policy_names(quick_desk: Desk) -> None:
    view = await quick_desk.previews(kind=Kind.THEMATIC, theme="Neglect", total=12)
    # auditors and the QA team have no more than an even share
    await quick_desk.issues(view)
    audits = await quick_desk.audits(kinds={Kind.THEMATIC})
    assert (len(audits), {a.theme for a in audits}) == (12, {"Neglect"})
    assert max(Counter(a.auditor_id for a in audits).values()) == 2
    assert {a.auditor_id for a in audits} <= {*range(1000, 1006), QUINN.id, QUENTIN.id}
    # and a core audit of the month is drawn beside it, for everybody, of other children
    core = await quick_desk.previews()
    assert core.people == 6
    assert not {a.child_ref for a in audits} & set((await children_of(quick_desk, core.record.id)).values())


async def test_no_team_gets_more_than_was_allowed_and_nobody_their_own(quick_desk: Desk) -> None:
    view = await quick_desk.previews(per_team=2)
    assert max(view.by_team) <= 2
    await quick_desk.issues(view)
    for audit in await quick_desk.audits():
        assert audit.team is not None
        assert audit.team.id != ((audit.auditor_id or 0) - 1000) % 4 + 1


# Who may


@pytest.mark.parametrize(
    "person", [HETTY, RUTH, DCS, a_person(1000, "Auditor 000"), a_person(500, "Manager")]
)
async def test_only_the_qa_team_looks_and_issues(quick_desk: Desk, person: Person) -> None:
    view = await quick_desk.previews()
    desk, actor = quick_desk, await quick_desk.actor(person)
    attempts = [
        desk.previews(person),
        desk.issues(view, person),
        issuing.look(desk.store, desk.policy, actor, view.record.id, desk.now),
        issuing.pairs(desk.store, desk.policy, actor, view.record.id, desk.now),
        issuing.record(desk.store, actor, view.record.id, desk.now),
        draw_views.form(desk.store, desk.policy, actor, DECEMBER, Kind.CORE, desk.now),
    ]
    for attempt in attempts:
        assert isinstance(await refusal(attempt), NotAllowed)
    assert await desk.audits() == []


async def test_no_such_draw(quick_desk: Desk) -> None:
    actor = await quick_desk.actor(QUINN)
    refused: DomainError = await refusal(
        issuing.look(quick_desk.store, quick_desk.policy, actor, 99, quick_desk.now)
    )
    assert refused.code == "not_found"
