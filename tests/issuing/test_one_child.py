"""One child for one auditor: late joiners, and another child in the place of one."""

import asyncio
import json

import pytest

from domain.audits import Audit
from domain.cycle import Command, apply
from domain.errors import Invalid, NotAllowed, OutOfDate
from domain.kinds import Kind
from domain.notices import NoticeKind
from domain.people import Person, Role
from domain.policy import Audits, Policy
from domain.usecases import one_child
from domain.views.issuing import ChangeChildView, IssueOneView
from storage.unit_of_work import SqlStore
from tests.builders import QUINN, a_person
from tests.issuing.council import DECEMBER, HETTY, QUENTIN, SEED, Desk, a_council, a_desk
from tests.unit.domain.council import refusal

NEW = 1005


async def looks(desk: Desk, person: int = NEW, *, seed: str = SEED, by: Person = QUINN) -> IssueOneView:
    return await one_child.one_preview(
        desk.store, desk.policy, await desk.actor(by), DECEMBER, person, seed, desk.now, desk.once()
    )


async def issues(desk: Desk, child: str, person: int = NEW, by: Person = QUINN) -> Audit:
    done = await one_child.issue_one(
        desk.store, desk.policy, await desk.actor(by), DECEMBER, person, child, desk.now, desk.once()
    )
    return next(a for a in await desk.audits() if a.ref == done.subject)


async def changes(desk: Desk, audit: Audit, note: str = "The case closed", by: Person = QUINN) -> Audit:
    await one_child.change(
        desk.store,
        desk.policy,
        await desk.actor(by),
        audit.ref,
        audit.version,
        note,
        SEED,
        desk.now,
        desk.once(),
    )
    return next(a for a in await desk.audits() if a.ref == audit.ref)


async def test_a_late_joiner_gets_the_child_who_was_shown(desk: Desk) -> None:
    seen = await looks(desk)
    again = await looks(desk, seed="9999999999999999", by=QUENTIN)
    assert (again.child_ref, again.team) == (seen.child_ref, seen.team), "looking again draws nobody else"
    audit = await issues(desk, seen.child_ref)
    assert (audit.auditor_id, audit.child_ref, audit.team) == (NEW, seen.child_ref, seen.team)
    assert await desk.told(NoticeKind.AUDIT_ISSUED) == [("audit.issued", NEW, audit.ref)]
    assert len(await desk.told(NoticeKind.AUDIT_COMING)) == 2, "the social worker and the manager"
    assert len(await desk.trail("draw.preview_one")) == 2
    [entry] = await desk.trail("audit.issue")
    assert json.loads(entry.facts)["auditor"] == str(NEW)
    # and they are not drawn for again
    assert (await desk.previews()).people == 5


async def test_after_the_issue_a_late_joiner_counts_among_those_it_was_for(desk: Desk) -> None:
    await desk.issues(await desk.previews())
    async with desk.store.writing() as uow:
        late = await uow.pool.add_person("late@council.example", "Late", 1, Role.AUDITOR, DECEMBER.first)
        await uow.commit()
    await issues(desk, (await looks(desk, late.id)).child_ref, late.id)
    async with desk.store.reading() as uow:
        assert late.id in (await uow.facts.pools(DECEMBER, DECEMBER))[DECEMBER]


async def test_another_child_than_the_one_shown_is_not_issued(quick_desk: Desk) -> None:
    seen = await looks(quick_desk)
    other = "C100001" if seen.child_ref != "C100001" else "C100002"
    assert isinstance(await refusal(issues(quick_desk, other)), OutOfDate)
    assert await quick_desk.audits() == []


async def test_two_issue_to_one_auditor_at_once(desk: Desk) -> None:
    child = (await looks(desk)).child_ref
    results = await asyncio.gather(
        issues(desk, child), issues(desk, child, by=QUENTIN), return_exceptions=True
    )
    assert len(await desk.audits()) == 1
    # the slower one hears that the auditor has an audit now, or that the child it saw is taken: whichever it met first
    [refused] = [result for result in results if isinstance(result, BaseException)]
    assert isinstance(refused, Invalid | OutOfDate)


async def test_who_cannot_join(quick_desk: Desk) -> None:
    await quick_desk.exempts(1001)
    for person in (1001, QUENTIN.id, 500):
        refused = await refusal(looks(quick_desk, person))
        assert isinstance(refused, Invalid)
        assert refused.code == "cannot_join"
    form = await one_child.one_form(
        quick_desk.store, quick_desk.policy, await quick_desk.actor(QUINN), DECEMBER, quick_desk.now
    )
    assert [person.id for person in form.candidates] == [1000, 1002, 1003, 1004, 1005]


async def test_another_child_is_drawn_and_the_old_one_is_left_out_with_the_reason(desk: Desk) -> None:
    await desk.issues(await desk.previews())
    audit = (await desk.audits())[0]
    changed = await changes(desk, audit)
    assert changed.child_ref != audit.child_ref
    assert (changed.auditor_id, changed.version) == (audit.auditor_id, audit.version + 1)
    # then the old child is recorded as left out, with the reason, and can be seen in the history
    async with desk.store.reading() as uow:
        record = await uow.draws.of_month(DECEMBER, Kind.CORE)
        history = await uow.cycle.history(audit.id)
        facts = await uow.children.many([audit.child_ref or "", changed.child_ref or ""])
    assert record is not None
    assert [(e.child_ref, e.reason) for e in record.exclusions] == [(audit.child_ref, "The case closed")]
    assert history[-1].command == "change_child"
    assert history[-1].facts["child_ref"] == f"{audit.child_ref}>{changed.child_ref}"
    # and the new one is of the same cohort, of another team than the auditor's, and of nobody else's audit
    before, now = facts[audit.child_ref or ""], facts[changed.child_ref or ""]
    assert before.cohorts & now.cohorts
    assert changed.team == now.team
    assert len({a.child_ref for a in await desk.audits()}) == 6
    # and everybody it concerns is told
    assert await desk.told(NoticeKind.AUDIT_CHILD_CHANGED) == [
        ("audit.child_changed", audit.auditor_id, audit.ref)
    ]
    assert ("audit.coming", now.social_worker_id, audit.ref) in await desk.told(NoticeKind.AUDIT_COMING)
    [entry] = await desk.trail("audit.change_child")
    assert json.loads(entry.facts)["seed"] == record.seed
    # and it can be changed once more, never back
    third = await changes(desk, changed, "A conflict of interest")
    assert third.child_ref not in (audit.child_ref, changed.child_ref)


async def test_a_change_needs_a_reason_and_the_version_that_was_seen(quick_desk: Desk) -> None:
    await quick_desk.issues(await quick_desk.previews())
    audit = (await quick_desk.audits())[0]
    missing = await refusal(changes(quick_desk, audit, " "))
    assert missing.code == "note_missing"
    long = await refusal(changes(quick_desk, audit, "x" * 1001))
    assert long.code == "too_long"
    await changes(quick_desk, audit)
    assert isinstance(await refusal(changes(quick_desk, audit)), OutOfDate)


@pytest.mark.parametrize("most", [0, 1, 2])
async def test_nobody_has_children_drawn_until_a_wanted_one_comes(quick_desk: Desk, most: int) -> None:
    desk = quick_desk
    desk.policy = Policy(audits=Audits(child_changes_at_most=most))
    await desk.issues(await desk.previews())
    audit, other, *_ = await desk.audits()
    # when it has been drawn anew as often as the council allows, by whomever
    for n in range(most):
        seen = await _form_of(desk, audit)
        assert (seen.changes, seen.changes_most) == (n, most)
        audit = await changes(desk, audit, by=(QUINN, QUENTIN)[n % 2])
    refused = await refusal(changes(desk, audit, by=QUENTIN))
    # then no more, nothing has changed, and the next audit has its own count
    assert isinstance(refused, Invalid)
    assert (refused.code, refused.facts) == (
        "changed_often_enough", {"ref": audit.ref, "children": str(most + 1)}
    )  # fmt: skip
    assert next(a for a in await desk.audits() if a.ref == audit.ref) == audit
    assert len(await desk.trail("audit.change_child")) == most
    assert (await _form_of(desk, other)).changes == 0


async def test_the_draws_of_granted_requests_count_as_well(desk: Desk) -> None:
    await desk.issues(await desk.previews())
    audit = (await desk.audits())[0]
    audit = await changes(desk, await changes(desk, audit), "A conflict of interest")
    before = await desk.trail("audit.change_child")
    async with desk.store.writing() as uow:
        actor = await desk.actor(QUENTIN)
        wish = one_child.change_child(uow, actor, audit, "My own team", SEED, desk.policy, desk.now)
        assert (await refusal(wish)).code == "changed_often_enough"
    assert await desk.trail("audit.change_child") == before
    # and it is the audit's count: also once somebody else has the audit
    async with desk.store.writing() as uow:
        freed = await uow.cycle.save(apply(audit, Command.FREE, now=desk.now, by=QUINN.id))
        await uow.cycle.save(
            apply(freed, Command.GIVE, now=desk.now, by=QUINN.id, auditor_id=audit.auditor_id)
        )
        await uow.commit()
    again = next(a for a in await desk.audits() if a.ref == audit.ref)
    assert (await refusal(changes(desk, again))).code == "changed_often_enough"


async def _form_of(desk: Desk, audit: Audit) -> ChangeChildView:
    return await one_child.view_change(desk.store, desk.policy, await desk.actor(QUINN), audit.ref, desk.now)


async def test_where_nobody_else_can_be_drawn_nothing_changes(sqlite_store: SqlStore) -> None:
    desk = await a_desk(sqlite_store, a_council(6, 8))
    desk.policy = Policy(audits=Audits(child_changes_at_most=20))
    await desk.issues(await desk.previews())
    audit = next(a for a in await desk.audits() if a.auditor_id == 1000)
    async with desk.store.reading() as uow:
        left = await uow.children.eligible(DECEMBER, (), 12, ())
    while any(child.team_id != 1 for child in left.children):
        changed = await changes(desk, audit)
        audit = changed
        async with desk.store.reading() as uow:
            record = await uow.draws.of_month(DECEMBER, Kind.CORE)
            assert record is not None
            left = await uow.children.eligible(DECEMBER, (), 12, [e.child_ref for e in record.exclusions])
    refused = await refusal(changes(desk, audit))
    assert isinstance(refused, Invalid)
    assert refused.code == "no_child_left"
    assert next(a for a in await desk.audits() if a.ref == audit.ref) == audit


async def test_nobody_has_a_child_changed_for_themselves(sqlite_store: SqlStore) -> None:
    both = a_person(QUINN.id, QUINN.name, Role.QA_TEAM, Role.AUDITOR, team=a_council().teams[0])
    council = a_council(3, 60)
    desk = await a_desk(sqlite_store, council.with_people(both))
    await desk.issues(await desk.previews(QUENTIN), QUENTIN)
    own = next(a for a in await desk.audits() if a.auditor_id == QUINN.id)
    refused = await refusal(changes(desk, own))
    assert isinstance(refused, NotAllowed)
    assert refused.facts["why"] == "own_child"
    assert (await changes(desk, own, by=QUENTIN)).child_ref != own.child_ref


async def test_nobody_draws_a_child_for_themselves_alone(sqlite_store: SqlStore) -> None:
    both = a_person(QUINN.id, QUINN.name, Role.QA_TEAM, Role.AUDITOR, team=a_council().teams[0])
    desk = await a_desk(sqlite_store, a_council(3, 60).with_people(both))
    form = await one_child.one_form(desk.store, desk.policy, await desk.actor(QUINN), DECEMBER, desk.now)
    assert [person.id for person in form.candidates] == [1000, 1001, 1002]
    # when they look all the same, or press what a colleague saw
    seen = await looks(desk, QUINN.id, by=QUENTIN)
    for attempt in (looks(desk, QUINN.id), issues(desk, seen.child_ref, QUINN.id)):
        refused = await refusal(attempt)
        assert isinstance(refused, NotAllowed)
        assert refused.facts["why"] == "own_draw"
    assert await desk.audits() == []
    assert len(await desk.trail("draw.preview_one")) == 1
    # then a colleague does it
    assert (await issues(desk, seen.child_ref, QUINN.id, by=QUENTIN)).auditor_id == QUINN.id


@pytest.mark.parametrize("person", [HETTY, a_person(1000, "Auditor 000"), a_person(500, "Manager 00")])
async def test_only_the_qa_team(quick_desk: Desk, person: Person) -> None:
    desk = quick_desk
    seen = await looks(desk)
    audit = await issues(desk, seen.child_ref)
    actor = await desk.actor(person)
    attempts = [
        looks(desk, by=person),
        issues(desk, seen.child_ref, by=person),
        changes(desk, audit, by=person),
        one_child.one_form(desk.store, desk.policy, actor, DECEMBER, desk.now),
        one_child.view_change(desk.store, desk.policy, actor, audit.ref, desk.now),
    ]
    for attempt in attempts:
        assert isinstance(await refusal(attempt), NotAllowed)
    assert await desk.audits() == [audit]
