"""The audits file puts children of concern on the tracker, once, whatever has become of them since (both databases)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from dialogs.telling.base import Sending
from dialogs.telling.concerns import nobody
from dialogs.words.concern_notices import OLD_IMPORT, OTHER_CATEGORY
from domain.alerts import OF_SEAT, Acknowledged, Alert, Seat
from domain.concern_imports import Finding
from domain.concern_workflow import Command, apply
from domain.concerns import Category, Concern, Source, State, Wanted
from domain.notices import NoticeKind
from domain.people import Authority
from domain.policy import Policy
from domain.ports.concerns import ConcernFilter
from storage.imports.writers.concerns import BY_AUDIT_REF, NOT_RETURNED, OLD, TAKEN_BACK, TWICE, Held, Tracked
from storage.unit_of_work import SqlStore
from tests.storage.import_files import NOW, Brought, Council

HEAD = "audit_ref,month,kind,child_ref,team,legal_status,issued_on,returned_on,grade,concern_category"
POLICY = Policy()
STANDS = "the child stands on the tracker already: it is not put there twice"
FOLLOWS = "the category of a child of concern follows the file: nobody has worked on it yet"
LEFT = "the tracker has another category and people have worked on it: it stays as it is there"
WORSE = (
    "a child of concern of Category 2 is Category 1 now: the head of service and director are alerted at once"
)
AGAIN_1 = (
    "a child of concern is found again as Category 1: the head of service and director are alerted at once"
)
AGAIN_2 = "a child of concern is found again as Category 2: its timeline says so, and the named head of service is told"
ALREADY = (
    "1 child of concern on the tracker already, found again as Category 1, will alert the head of service and director "
    "at once"
)
ALERTING = (
    "of concern put on the tracker, 1 of them Category 1 will alert the head of service and director at once"
)
QA = "qa@c.example,Quinn Ash,qa_team,,\nold@c.example,Owen Low,qa_team,,\n"


@pytest.fixture
async def council(store: SqlStore, tmp_path: Path) -> Council:
    """Before it has any audit. 20417 is a child of Northgate, 20418 of Eastfield."""
    council = Council(store, tmp_path)
    await council.brings_all("teams", "people", "children")
    await council.brings("people", f"email,name,roles,team,aad_object_id\n{QA}")
    return council


def row(
    ref: str, category: str, returned: str = "2026-11-18", child: str = "20417", team: str = "Northgate"
) -> str:
    """Returned two days ago, unless said otherwise."""
    return f"{ref},{(returned or '2026-11')[:7]},core,{child},{team},child_in_need,,{returned},inadequate,{category}"


async def brings(council: Council, *rows: str, dry_run: bool = False) -> Brought:
    return await council.brings("audits", "\n".join([HEAD, *rows]), dry_run=dry_run)


async def notes(council: Council, *rows: str) -> tuple[str, ...]:
    brought = await brings(council, *rows)
    assert brought.problems == []
    return brought.report.notes


async def tracker(council: Council) -> list[Concern]:
    async with council.store.reading() as uow:
        found, _ = await uow.concerns.find(ConcernFilter())
    return sorted(found, key=lambda concern: concern.id)


async def does(council: Council, concern: Concern, command: Command, **given: object) -> Concern:
    """What somebody does in the chat, an hour after the import."""
    async with council.store.writing() as uow:
        done = apply(
            concern, command, now=NOW + timedelta(hours=1), rules=POLICY.concerns, by=Authority(1),
            note="Seen today.", **given,  # type: ignore[arg-type]
        )  # fmt: skip
        saved = await uow.concerns.save(done, POLICY)
        await uow.commit()
    return saved


async def told(council: Council, of: str = "concern.nobody") -> list[tuple[str, str]]:
    """Whom messages wait for, and of which subject."""
    emails = dict(await council.holds("people", "id", "email"))
    rows = await council.holds("outbox", "person_id", "kind", "subject", "channel")
    assert {(kind, channel) for _, kind, _, channel in rows} <= {
        ("concern.nobody", "teams"),
        ("concern.raised", "teams"),
    }
    return sorted((emails[person], subject) for person, kind, subject, _ in rows if kind == of)


async def reads(council: Council) -> str | None:
    """The first line of what the QA team gets, were it sent now."""
    async with council.store.reading() as uow:
        qa = await uow.people.by_email("qa@c.example")
        actor = await uow.people.actor_of(qa.id) if qa else None
    assert actor
    (one,) = [concern for concern in await tracker(council) if concern.state.open]
    now = NOW + timedelta(hours=2)
    message = await nobody(Sending(council.store, POLICY, actor, NoticeKind.CONCERN_NOBODY, one.ref, now))
    return message.summary if message else None


async def test_a_fresh_category_1_is_put_on_the_tracker_and_its_alert_begins(council: Council) -> None:
    rows = row("A-1", "1"), row("A-2", "2", child="20418", team="Eastfield")
    assert await notes(council, *rows) == (f"2 children {ALERTING}",)

    one, two = await tracker(council)
    assert (one.child_ref, one.category, one.source, one.audit_ref) == (
        "20417", Category.ONE, Source.IMPORT, "A-1",
    )  # fmt: skip
    assert one.team
    assert (one.team.name, one.legal_status, one.state) == (
        "Northgate",
        "child_in_need",
        State.WITH_HEAD_OF_SERVICE,
    )
    assert (str(one.identified_on), str(one.respond_by)) == ("2026-11-18", "2026-11-20")
    assert one.alert == Alert(1, NOW)
    assert (two.category, two.alert, str(two.respond_by)) == (Category.TWO, None, "2026-11-27")
    # the next tick tells people, and nobody else is told of the file
    async with council.store.reading() as uow:
        assert await uow.concerns.climb_due(NOW) == [one.ref]
        assert [step.command for step in await uow.concerns.history(one.id)] == ["raise"]
    assert await told(council) == []
    # and the trail holds each of them
    raised = [
        r for r in await council.holds("trail", "action", "subject", "facts") if r[0] == "concern.raise"
    ]
    assert [subject for _, subject, _ in raised] == [one.ref, two.ref]
    assert '"audit":"A-1"' in raised[0][2].replace(" ", "")
    assert await council.trail_is_whole()


async def test_the_head_of_service_is_told_of_a_fresh_category_2_once(council: Council) -> None:
    rows = row("A-1", "2"), row("A-2", "2", returned="2025-11-18", child="20418", team="Eastfield")
    await notes(council, *rows)
    await notes(council, *rows)

    fresh, _ = await tracker(council)
    assert await told(council, "concern.raised") == [("hana@c.example", fresh.ref)]


async def test_a_rehearsal_says_the_same_and_writes_nothing(council: Council) -> None:
    brought = await brings(council, row("A-1", "1"), dry_run=True)

    assert brought.report.notes == (f"1 child {ALERTING}",)
    assert await tracker(council) == []


async def test_an_old_category_1_alerts_nobody_and_the_qa_team_is_told_once(council: Council) -> None:
    """On the last day of the policy's span it alerts; a day earlier it is history."""
    rows = [
        row("A-1", "1", "2026-10-19"),
        row("A-2", "1", "2026-09-30", child="20418"),
        row("A-3", "1", "2026-10-20", child=""),
    ]
    said = await notes(council, *rows)

    first, second, last = await tracker(council)
    assert [c.alert is None for c in (first, second, last)] == [True, True, False]
    assert (first.respond_by, second.respond_by) == (None, None)
    assert said == (
        f"{BY_AUDIT_REF} (line 4)",
        f"{OLD} (lines 2, 3)",
        f"3 children {ALERTING}",
    )
    assert await told(council) == [("old@c.example", first.ref), ("qa@c.example", first.ref)]
    await notes(council, *rows)
    assert len(await told(council)) == 2


async def test_how_long_is_the_councils_own(council: Council) -> None:
    council.policy = Policy.model_validate({"concerns": {"alert_imported_days": 1}})

    await notes(council, row("A-1", "1"))

    (one,) = await tracker(council)
    assert one.alert is None


async def test_a_child_without_a_reference_is_there_under_the_audits(council: Council) -> None:
    assert (await notes(council, row("A-1", "2", child="", team="")))[0] == f"{BY_AUDIT_REF} (line 2)"

    (one,) = await tracker(council)
    assert (one.child_ref, one.team) == ("A-1", None)


async def test_a_row_without_a_team_is_the_childs_teams_concern(council: Council) -> None:
    await notes(council, row("A-1", "1", team=""))

    (one,) = await tracker(council)
    assert one.team
    assert one.team.name == "Northgate"


async def test_the_same_file_again_changes_nothing(council: Council) -> None:
    rows = [row("A-1", "1"), row("A-2", "2", child="20418")]
    await notes(council, *rows)
    before, trail = await tracker(council), await council.holds("trail", "seq")

    again = await brings(council, *rows)

    assert (again.counts, again.report.notes) == ((0, 0, 2), ())
    assert await tracker(council) == before
    assert await council.holds("trail", "seq") == trail


async def test_nor_when_people_have_worked_on_it_or_taken_it_off_since(council: Council) -> None:
    rows = [row("A-1", "2"), row("A-2", "2", child="20418"), row("A-3", "2", "2026-11-10", child="20418")]
    await notes(council, *rows)
    first, second = await tracker(council)
    await does(council, first, Command.RESPOND)
    second = await does(council, second, Command.EVIDENCE)
    await does(council, second, Command.REMOVE)
    before = await tracker(council)

    assert (await brings(council, *rows)).counts == (0, 0, 3)

    assert await tracker(council) == before
    assert {c.state for c in before} == {State.WITH_HEAD_OF_SERVICE, State.REMOVED}


async def test_a_council_that_brought_its_audits_before_there_was_a_tracker(council: Council) -> None:
    """The file is the same as before, and the children of concern are put there all the same."""
    await notes(council, row("A-1", "2"))
    for statement in ("DELETE FROM concern_steps", "DELETE FROM concerns"):
        await council.does(text(statement))

    again = await brings(council, row("A-1", "2"))

    assert again.counts == (0, 0, 1)
    assert again.report.notes == ("1 child of concern put on the tracker",)
    assert [one.audit_ref for one in await tracker(council)] == ["A-1"]


async def test_two_audits_of_one_child_in_a_file(council: Council) -> None:
    """The graver category counts, whichever comes first."""
    said = await notes(
        council, row("A-1", "2", "2026-11-02"), row("A-2", "1"), row("A-3", "2", child="20418")
    )

    assert f"{TWICE} (line 2)" in said
    one, two = await tracker(council)
    assert (one.child_ref, one.category, one.audit_ref) == ("20417", Category.ONE, "A-2")
    assert two.child_ref == "20418"


async def test_a_child_that_stands_there_is_not_put_there_twice(council: Council) -> None:
    await notes(council, row("A-1", "1"))
    before = await tracker(council)

    old = row("A-2", "2", "2026-09-30"), row("A-4", "1", "2026-09-30", child="20418")
    assert await notes(council, *old, row("A-3", "2", child="20418")) == (
        f"{STANDS} (line 2)",
        f"{AGAIN_2} (line 4)",
        f"{OLD} (line 3)",
        "1 child of concern put on the tracker",
    )
    assert (await tracker(council))[:1] == before


async def test_a_fresh_category_1_of_a_child_that_stands_at_1_alerts_anew_once(council: Council) -> None:
    """The old one alerted nobody; found again, a Category 1 alerts, as where somebody raises the child again."""
    await notes(council, row("A-900", "1", "2026-08-10"))
    (one,) = await tracker(council)
    assert one.alert is None

    brought = await brings(council, row("A-901", "1", "2026-11-20"), dry_run=True)
    assert brought.report.notes == (f"{AGAIN_1} (line 2)", ALREADY)
    assert await notes(council, row("A-901", "1", "2026-11-20")) == (f"{AGAIN_1} (line 2)", ALREADY)

    (one,) = await tracker(council)
    assert (one.audit_ref, one.alert, str(one.respond_by)) == ("A-900", Alert(2, NOW), "2026-11-20")
    async with council.store.reading() as uow:
        assert await uow.concerns.climb_due(NOW) == [one.ref]
        line = (await uow.concerns.history(one.id))[-1]
    assert (line.command, line.facts["said"], line.facts["audit"]) == ("raise_again", "1", "A-901")
    assert [
        s
        for _, s, a in await council.holds("trail", "seq", "subject", "action")
        if a == "concern.raise_again"
    ] == [one.ref]
    assert await council.trail_is_whole()
    # and the same file again raises nothing
    assert await notes(council, row("A-901", "1", "2026-11-20"), row("A-900", "1", "2026-08-10")) == ()
    assert await tracker(council) == [one]


async def test_nor_does_an_alert_that_was_acknowledged_long_ago_hide_it(council: Council) -> None:
    await notes(council, row("A-1", "1"))
    (one,) = await tracker(council)
    assert one.alert
    took = {seat: Acknowledged(Authority(1), OF_SEAT[seat], NOW) for seat in Seat}
    one = await does(council, one, Command.ACKNOWLEDGE, alert=replace(one.alert, steps=1, seats=took))
    assert not one.climbing

    assert await notes(council, row("A-2", "1", "2026-11-20")) == (f"{AGAIN_1} (line 2)", ALREADY)

    (one,) = await tracker(council)
    assert one.climbing
    assert one.alert == Alert(3, NOW)


@pytest.mark.parametrize("category", ["1", "2"])
async def test_an_old_audit_of_the_same_file_hides_no_fresh_one(council: Council, category: str) -> None:
    said = await notes(council, row("A-900", "1", "2026-08-10"), row("A-901", category, "2026-11-20"))

    (one,) = await tracker(council)
    assert (one.audit_ref, str(one.identified_on), one.climbing) == ("A-900", "2026-08-10", category == "1")
    if category == "1":
        assert said == (f"{AGAIN_1} (line 3)", f"1 child {ALERTING}")
        assert await told(council) == [], "somebody is alerted"
    else:
        assert said == (f"{AGAIN_2} (line 3)", f"{OLD} (line 2)", "1 child of concern put on the tracker")
        assert await told(council, "concern.raised") == [("hana@c.example", one.ref)]


async def test_a_fresh_category_2_of_a_child_that_stands_there_is_told_to_the_head_of_service(
    council: Council,
) -> None:
    await notes(council, row("A-1", "2", "2026-09-30"), row("A-2", "1", child="20418", team="Eastfield"))
    assert await told(council, "concern.raised") == []
    _, one = await tracker(council)
    rows = row("A-3", "2"), row("A-4", "2", child="20418", team="Eastfield")

    assert await notes(council, *rows) == (f"{AGAIN_2} (lines 2, 3)",)

    two, one_again = await tracker(council)
    assert (two.category, two.alert, str(two.respond_by)) == (Category.TWO, None, "2026-11-27")
    assert (one_again.category, one_again.alert) == (Category.ONE, one.alert), "the alert goes on as it was"
    async with council.store.reading() as uow:
        for concern in (two, one_again):
            last = (await uow.concerns.history(concern.id))[-1]
            assert (last.command, last.facts["said"]) == ("raise_again", "2")
    heads = [("hana@c.example", two.ref), ("hana@c.example", one.ref)]
    assert await told(council, "concern.raised") == heads
    # and the same file again tells nobody
    assert await notes(council, *rows) == ()
    assert await told(council, "concern.raised") == heads
    assert await tracker(council) == [two, one_again]


async def test_a_child_that_somebody_raises_while_the_file_is_written_alerts_too(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked for, the child was not there; put there, somebody else was quicker."""
    await notes(council, row("A-1", "2"))
    looked, too_early = Tracked._held, [True]

    def look(self: Tracked, found: list[Finding]) -> tuple[Held, Held]:
        return ({}, {}) if found and too_early and too_early.pop() else looked(self, found)

    monkeypatch.setattr(Tracked, "_held", look)

    assert await notes(council, row("A-2", "1")) == (f"{WORSE} (line 2)", ALREADY)

    (one,) = await tracker(council)
    assert (one.category, one.climbing) == (Category.ONE, True)


async def test_a_new_category_1_of_a_child_that_stands_at_2_alerts(council: Council) -> None:
    """A danger is not lost in a note: the graver category counts, as where somebody raises the child again."""
    await notes(council, row("A-1", "2"))
    (one,) = await tracker(council)
    await does(council, one, Command.RESPOND)

    assert await notes(council, row("A-2", "1")) == (f"{WORSE} (line 2)", ALREADY)

    (one,) = await tracker(council)
    assert (one.category, one.audit_ref, one.alert and one.alert.since) == (Category.ONE, "A-1", NOW)
    async with council.store.reading() as uow:
        assert [s.command for s in await uow.concerns.history(one.id)] == ["raise", "respond", "raise_again"]
    # and the same file again raises nothing
    assert await notes(council, row("A-2", "1")) == ()
    assert await tracker(council) == [one]


async def test_a_child_taken_off_is_put_there_again_by_a_new_audit(council: Council) -> None:
    await notes(council, row("A-1", "2"))
    (one,) = await tracker(council)
    one = await does(council, one, Command.EVIDENCE)
    await does(council, one, Command.REMOVE)

    await notes(council, row("A-2", "2"))
    assert [(c.audit_ref, c.state.open) for c in await tracker(council)] == [("A-1", False), ("A-2", True)]


async def test_a_whole_history_brought_again_with_a_new_category_1_alerts(council: Council) -> None:
    """An old finding that was dealt with hides no new one of the same child."""
    old = row("A-1", "1", "2026-11-02")
    await notes(council, old)
    (one,) = await tracker(council)
    one = await does(council, one, Command.EVIDENCE)
    one = await does(council, one, Command.SUBMIT, wanted=Wanted.REMOVAL)
    await does(council, one, Command.SIGN_OFF)

    assert await notes(council, old, row("A-2", "1", "2026-11-19")) == (f"1 child {ALERTING}",)

    assert [(c.audit_ref, c.climbing) for c in await tracker(council)] == [("A-1", False), ("A-2", True)]


@pytest.mark.parametrize(
    ("before", "after", "alerts"), [("2", "1", True), ("2", "1", False), ("1", "2", False)]
)
async def test_a_category_that_nobody_has_worked_on_follows_the_file(
    council: Council, before: str, after: str, alerts: bool
) -> None:
    day = "2026-11-18" if alerts or before == "1" else "2026-09-30"
    await notes(council, row("A-1", before, day))

    said = (f"{WORSE} (line 2)", ALREADY) if alerts else (f"{FOLLOWS} (line 2)",)
    assert await notes(council, row("A-1", after, day)) == said

    (one,) = await tracker(council)
    assert (int(one.category), one.alert is not None) == (int(after), alerts)
    async with council.store.reading() as uow:
        last = (await uow.concerns.history(one.id))[-1]
        assert (await uow.concerns.climb_due(NOW) == [one.ref]) is alerts
    assert last.facts["category"] == f"{before}>{after}"
    # an old one that is Category 1 after all is told to the QA team
    assert len(await told(council)) == (2 if after == "1" and not alerts else 0)


async def test_a_correction_to_a_fresh_category_1_alerts_though_people_have_worked_on_it(
    council: Council,
) -> None:
    await notes(council, row("A-1", "2"))
    (one,) = await tracker(council)
    await does(council, one, Command.RESPOND)

    assert await notes(council, row("A-1", "1")) == (f"{WORSE} (line 2)", ALREADY)

    (one,) = await tracker(council)
    assert (one.category, one.alert, one.responded_at) == (Category.ONE, Alert(3, NOW), None)
    async with council.store.reading() as uow:
        assert await uow.concerns.climb_due(NOW) == [one.ref]
        assert [s.command for s in await uow.concerns.history(one.id)] == ["raise", "respond", "raise_again"]
    assert await told(council) == [], "nobody is told that nobody was"
    assert await notes(council, row("A-1", "1")) == ()
    assert await tracker(council) == [one]


async def test_an_old_category_that_people_have_worked_on_stays_and_the_qa_team_hears_of_a_1(
    council: Council,
) -> None:
    old = "2026-10-01"
    await notes(council, row("A-1", "2", old), row("A-2", "2", "2026-09-30", child="20418"))
    first, second = await tracker(council)
    first = await does(council, first, Command.RESPOND)
    second = await does(council, second, Command.EVIDENCE)
    await does(council, second, Command.REMOVE)
    before = await tracker(council)

    rows = row("A-2", "1", "2026-09-30", child="20418"), row("A-1", "1", old)
    assert await notes(council, *rows) == (f"{LEFT} (lines 2, 3)",)

    assert await tracker(council) == before
    assert await told(council) == [("old@c.example", first.ref), ("qa@c.example", first.ref)]
    # what they are told is true: this one is a Category 2
    assert (await reads(council)) == OTHER_CATEGORY


async def test_what_the_qa_team_reads_of_an_old_category_1(council: Council) -> None:
    await notes(council, row("A-1", "1", "2026-09-30"))
    assert await reads(council) == OLD_IMPORT
    # and nothing once somebody was alerted, and has acknowledged it
    await notes(council, row("A-2", "1"))
    (one,) = await tracker(council)
    assert one.alert
    took = {seat: Acknowledged(Authority(1), OF_SEAT[seat], NOW) for seat in Seat}
    await does(council, one, Command.ACKNOWLEDGE, alert=replace(one.alert, steps=1, seats=took))
    assert await reads(council) is None


async def test_a_child_taken_off_that_is_said_to_be_a_fresh_category_1_is_there_again(
    council: Council,
) -> None:
    await notes(council, row("A-1", "2"))
    (one,) = await tracker(council)
    one = await does(council, one, Command.EVIDENCE)
    await does(council, one, Command.REMOVE)

    assert await notes(council, row("A-1", "1")) == (f"1 child {ALERTING}",)

    assert [(c.state.open, c.climbing) for c in await tracker(council)] == [(False, False), (True, True)]
    assert await notes(council, row("A-1", "1")) == ()
    assert len(await tracker(council)) == 2


async def test_an_alert_that_people_were_told_of_is_not_ended_by_a_file(council: Council) -> None:
    """Only an acknowledgement ends it (invariant I4)."""
    await notes(council, row("A-1", "1"))
    (one,) = await tracker(council)
    climbing = await does(council, one, Command.CLIMB, alert=Alert(1, NOW, 1))

    assert await notes(council, row("A-1", "2")) == (f"{LEFT} (line 2)",)

    assert await tracker(council) == [climbing]


async def test_what_is_not_returned_or_has_no_category_any_more(council: Council) -> None:
    assert (await notes(council, row("A-1", "2", "")))[-1:] == (f"{NOT_RETURNED} (line 2)",)
    assert await tracker(council) == []

    await notes(council, row("A-1", "2"))
    before = await tracker(council)
    assert await notes(council, row("A-1", "")) == (f"{TAKEN_BACK} (line 2)",)
    assert await tracker(council) == before


async def test_a_return_without_its_day_counts_from_the_end_of_its_month(council: Council) -> None:
    head = "audit_ref,month,kind,child_ref,team,uploaded_on,grade,concern_category"
    rows = ["A-1,2026-09,core,20417,Northgate,2026-10-05,inadequate,2"]
    rows += ["A-2,2026-11,core,20418,Eastfield,2026-11-19,inadequate,2"]

    await council.brings("audits", "\n".join([head, *rows]))

    days = [str(one.identified_on) for one in await tracker(council)]
    assert days == ["2026-09-30", "2026-11-20"], "and no day that has not come yet"


async def test_a_refused_file_puts_nobody_on_the_tracker(council: Council) -> None:
    brought = await brings(council, row("A-1", "1"), row("A-2", "1", child="nobody"))

    assert brought.problems
    assert await tracker(council) == []
