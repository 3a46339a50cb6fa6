"""A preview that no longer holds says what has changed since it was looked at, as far as that is known."""

from itertools import count

import pytest

from dialogs.words.issue_changes import NOT_KNOWN, changed
from domain.draw_basis import Asked, Basis, Changes, basis_of, changes
from domain.draw_parts import Candidate, Child
from domain.drawing import Drawn, Inputs, Settings, drawn
from domain.errors import OutOfDate
from domain.kinds import Kind
from domain.pool import Standing
from domain.ports import Exclusion
from domain.usecases import issuing
from domain.views.issue_again import Renewed
from storage.unit_of_work import SqlStore
from tests.builders import QUINN
from tests.issuing.council import DECEMBER, QUENTIN, Desk, a_desk
from tests.issuing.test_races import Holding, crossed

ASKED = Asked(Settings(12).as_text())


def a_draw(
    people: int = 3, children: int = 5, *, team: int = 9, left_out: dict[str, int] | None = None,
    standings: dict[Standing, int] | None = None, before: frozenset[str] = frozenset(),
) -> Drawn:  # fmt: skip
    of = [Candidate(n, frozenset({n}), before) for n in range(1, people + 1)]
    files = [Child(f"C{n}", team, None, frozenset({"b", "a"})) for n in range(children)]
    return drawn(Inputs(tuple(of), files, left_out or {}, standings or {}), Settings(12), "5eed")


def since(before: Drawn, now: Drawn, asked: Asked = ASKED) -> str:
    found = changes(basis_of(before, ASKED), basis_of(now, asked))
    return changed(found, Kind.CORE, "Quentin Moor")


def said(what: str) -> str:
    return (
        f"This has changed since you looked, and nothing was issued: {what}. Here is the draw as it is now."
    )


@pytest.mark.parametrize(
    ("now", "what"),
    [
        (a_draw(2, standings={Standing.EXEMPT: 1}), "1 auditor left the draw (1 exemption was approved)"),
        (a_draw(1, standings={Standing.EXEMPT: 1, Standing.MODERATES: 1}),
         "2 auditors left the draw (1 exemption was approved and 1 more moderates this month)"),
        (a_draw(2), "1 auditor left the draw"),
        (a_draw(5), "2 auditors joined the draw"),
        (a_draw(children=4, left_out={"closed": 1}), "1 fewer child can be drawn (1 more closed)"),
        (a_draw(children=7), "2 more children can be drawn (2 more in the children's file)"),
        (a_draw(left_out={"audited": 1}),
         "as many children can be drawn, and not the same (1 more audited lately and 1 more in the children's file)"),
        (a_draw(team=8), "what is known of a child has changed (team, cohort or social worker)"),
        (a_draw(before=frozenset({"C1"})),
         "what is known of somebody has changed (their team, or whom they audited before)"),
    ],
)  # fmt: skip
def test_it_is_said_what_has_changed_and_by_how_much(now: Drawn, what: str) -> None:
    assert since(a_draw(), now) == said(what)


def test_what_somebody_asked_otherwise_is_said_with_who_it_was() -> None:
    other = Asked(Settings(6, ("a",), (), 4, 2).as_text(), ("C1",), "Neglect")
    assert since(a_draw(), a_draw(), other) == said(
        "Quentin Moor asked for other numbers, other cohorts, another look-back, other children to leave out and "
        "another theme"
    )


def test_where_nothing_is_known_nothing_is_guessed() -> None:
    assert changed(None, Kind.CORE) == changed(Changes(), Kind.CORE) == NOT_KNOWN


def test_a_basis_is_kept_and_read_as_it_was() -> None:
    basis = basis_of(a_draw(left_out={"closed": 2}, standings={Standing.EXEMPT: 1}), ASKED)
    assert Basis.read(basis.as_text()) == basis


async def test_the_same_look_of_a_colleague_leaves_a_preview_as_good_as_it_was(desk: Desk) -> None:
    mine = await desk.previews(exclusions=(Exclusion("C100003", "In court"),))
    await desk.previews(QUENTIN, exclusions=(Exclusion("c100003", "in court, still"),))
    assert (await desk.issues(mine)).facts["issued"] == "6"


@pytest.mark.parametrize("other", [{"theme": "Neglect"}, {"not_again": 13}, {"total": 6}])
async def test_another_question_with_the_same_pairs_is_another_draw(
    quick_desk: Desk, other: dict[str, object]
) -> None:
    """What is issued is what was seen: the theme and the look-back stand in every audit's record."""
    mine = await quick_desk.previews()
    await quick_desk.previews(QUENTIN, **other)  # pyright: ignore[reportArgumentType]
    with pytest.raises(OutOfDate):
        await quick_desk.issues(mine)


async def test_a_renewal_that_an_issue_overtakes_previews_nothing(postgres_url: str) -> None:
    """The draw was made before the issue and would be written after it: a ghost, for people who have an audit."""
    store, holding = SqlStore(postgres_url), Holding(postgres_url)
    desk = await a_desk(store)
    held = Desk(holding, _activities=count(1_000))
    view = await desk.previews()
    actor = await desk.actor(QUINN)

    renews = issuing.renew(
        desk.store, desk.policy, actor, view.record.id, view.record.version, desk.now, desk.once()
    )
    issued, renewed = await crossed(desk, holding, held.issues(view, QUENTIN), renews)
    assert not isinstance(issued, BaseException)
    assert renewed == Renewed()
    assert len(await desk.trail("draw.preview")) == 1
    async with store.reading() as uow:
        latest = await uow.draws.of_month(DECEMBER, Kind.CORE)
    assert latest is not None
    assert latest.id == view.record.id
    await store.close()
    await holding.close()
