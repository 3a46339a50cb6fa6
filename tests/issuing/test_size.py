"""The design envelope (domain, section 10): 400 auditors and 25,000 children, and nobody else has to wait."""

from domain.notices import NoticeKind
from storage.unit_of_work import SqlStore
from tests.issuing.council import a_council, a_desk
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
