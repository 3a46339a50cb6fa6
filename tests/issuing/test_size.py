"""The design envelope (domain, section 10): 400 auditors and 25,000 children, and nobody else has to wait."""

from domain.notices import NoticeKind
from domain.usecases import one_child
from storage.unit_of_work import SqlStore
from tests.builders import QUINN
from tests.issuing.council import DECEMBER, SEED, a_council, a_desk
from tests.stories.responsive import watched


async def test_four_hundred_auditors_are_issued_while_the_loop_goes_on(store: SqlStore) -> None:
    desk = await a_desk(store, a_council(400, 25_000, 30))
    with watched() as watch:
        view = await desk.previews(
            per_cohort=(("looked_after", 100), ("child_in_need", 200)), cohorts=("care_leavers",)
        )
        done = await desk.issues(view)
    assert (view.drawn, view.unmet, done.facts["issued"]) == (400, (), "400")
    assert watch.slow == []
    assert len(await desk.told(NoticeKind.AUDIT_ISSUED)) == 400
    assert len(await desk.told(NoticeKind.AUDIT_COMING)) > 400


async def test_one_child_among_as_many(sqlite_store: SqlStore) -> None:
    store = sqlite_store
    desk = await a_desk(store, a_council(400, 25_000, 30))
    actor = await desk.actor(QUINN)
    with watched() as watch:
        seen = await one_child.one_preview(
            store, desk.policy, actor, DECEMBER, 1005, SEED, desk.now, desk.once()
        )
        done = await one_child.issue_one(
            store, desk.policy, actor, DECEMBER, 1005, seen.child_ref, desk.now, desk.once()
        )
        await one_child.change(
            store, desk.policy, actor, done.subject, 1, "The case closed", SEED, desk.now, desk.once()
        )
    assert watch.slow == []
    [audit] = await desk.audits()
    assert audit.child_ref != seen.child_ref
