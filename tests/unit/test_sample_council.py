"""The sample council keeps the rules that a real one must keep, whatever day it is asked for."""

import asyncio
import csv
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import demo_run
from bot.sample_council import Council, NobodyLikeThat, council, demo_people, write
from bot.sample_council.audits import ONCE_IN_MONTHS
from domain.audits import AuditState
from domain.calendar import Month, first_working_day, local_date
from domain.drawing import Settings
from domain.kinds import Kind
from domain.people import Actor, Role
from domain.policy import Policy
from domain.ports import AuditFilter, Once
from domain.requests import Wish
from domain.terms import find_term
from domain.usecases import issuing
from storage.outbox import OutboxQueue
from storage.unit_of_work import SqlStore

AWKWARD_DAYS = [
    date(2026, 11, 21),
    date(2027, 1, 1),  # no working day yet this year
    date(2026, 12, 31),
    date(2028, 2, 29),
    date(2027, 5, 31),  # a bank holiday
    date(2026, 8, 1),  # a Saturday: the month's first working day is still to come
    date(2026, 3, 2),
]
ANY_DAY = st.dates(date(2020, 1, 1), date(2040, 12, 31))

awkward = pytest.mark.parametrize("today", AWKWARD_DAYS, ids=str)


@awkward
def test_every_name_in_a_file_stands_in_the_file_it_comes_from(today: date) -> None:
    them = council(today)
    teams, emails = {row.team for row in them.teams}, {row.email for row in them.people}
    children, audits = {row.child_ref for row in them.children}, {row.audit_ref for row in them.audits}
    for team in them.teams:
        chain = {
            team.team_manager,
            team.service_manager,
            team.assistant_director,
            team.head_of_service,
            team.director,
        }
        assert chain <= emails
    assert {row.team for row in them.people if row.team} <= teams
    assert {row.team for row in them.children} | {row.team for row in them.audits} <= teams
    assert {row.social_worker for row in them.children} <= emails
    assert {row.child_ref for row in them.audits if row.child_ref} <= children
    assert {row.auditor for row in them.audits} | {
        row.moderator for row in them.audits if row.moderator
    } <= emails
    assert {row.reaudit_of for row in them.audits if row.reaudit_of} <= audits
    assert {row.email for row in them.exemptions} | {row.decided_by for row in them.exemptions} <= emails


@awkward
def test_references_names_and_ids_are_unique(today: date) -> None:
    them = council(today)
    for keys in (
        [row.team for row in them.teams],
        [row.email for row in them.people],
        [row.name for row in them.people],
        [row.aad_object_id for row in them.people],
        [row.child_ref for row in them.children],
        [row.audit_ref for row in them.audits],
        [(row.email, row.month) for row in them.exemptions],
    ):
        assert Counter(keys).most_common(1)[0][1] == 1


@awkward
def test_lists_are_those_of_the_default_policy(today: date) -> None:
    them, policy = council(today), Policy()
    roles = {role for row in them.people for role in row.roles}
    areas = {area.partition("=")[0] for row in them.audits for area in row.areas}
    assert roles == set(Role)
    of_children = [*them.children, *(row for row in them.audits if row.child_ref)]
    assert all(find_term(policy.legal_statuses, row.legal_status or "") for row in of_children)
    with_cohorts = (*them.children, *them.programme)
    assert all(find_term(policy.cohorts, cohort) for row in with_cohorts for cohort in row.cohorts)
    assert all(find_term(policy.practice_areas, area) for area in areas)
    assert {row.reason for row in them.exemptions} <= set(policy.exemptions.by_code)


def own_teams(them: Council, email: str) -> set[str]:
    person = next(row for row in them.people if row.email == email)
    answered_for = {
        row.team
        for row in them.teams
        if email in (row.team_manager, row.service_manager, row.assistant_director, row.head_of_service)
    }
    return answered_for | ({person.team} if person.team else set[str]())


@awkward
def test_nobody_audits_or_moderates_a_child_of_their_own_team_or_caseload(today: date) -> None:
    them = council(today)
    own = {row.email: own_teams(them, row.email) for row in them.people}
    worker = {row.child_ref: row.social_worker for row in them.children}
    for row in them.audits:
        if row.child_ref is None:
            continue
        assert row.team not in own[row.auditor]
        assert worker[row.child_ref] != row.auditor
        if row.moderator:
            assert row.team not in own[row.moderator]
            assert row.moderator != row.auditor


@awkward
def test_a_person_has_one_core_audit_a_month_and_none_when_exempt_or_moderating(today: date) -> None:
    them = council(today)
    core = [row for row in them.audits if row.kind == "core"]
    months = Counter((row.auditor, row.month) for row in core)
    exempt = {(row.email, row.month) for row in them.exemptions if row.outcome == "approved"}
    moderating = {(row.moderator, row.month) for row in them.audits if row.moderator}
    moderators = {row.email for row in them.people if "moderator" in row.roles}
    assert set(months.values()) == {1}
    assert not exempt & set(months)
    assert {who for who, _ in moderating} <= moderators
    assert not moderators & {who for who, _ in months}
    assert {row.auditor for row in core} <= {row.email for row in them.people if "auditor" in row.roles}


@awkward
def test_a_child_is_audited_once_a_year_but_for_reaudits(today: date) -> None:
    them = council(today)
    first_looks = Counter(row.child_ref for row in them.audits if row.child_ref and row.kind != "reaudit")
    opened = {row.child_ref: row.opened for row in them.children}
    assert len({row.month for row in them.audits}) <= ONCE_IN_MONTHS
    assert set(first_looks.values()) == {1}
    assert all(opened[row.child_ref] < row.issued_on for row in them.audits if row.child_ref)


@awkward
def test_a_reaudit_follows_an_inadequate_by_a_manager_and_counts_on(today: date) -> None:
    them = council(today)
    by_reference = {row.audit_ref: row for row in them.audits}
    seniors = {row.email for row in them.people if {"service_manager", "assistant_director"} & set(row.roles)}
    reaudits = [row for row in them.audits if row.kind == "reaudit"]
    assert reaudits
    numbers: dict[str, list[int]] = {}
    for row in reaudits:
        first = by_reference[row.reaudit_of or ""]
        assert first.kind != "reaudit"
        assert (first.moderated_grade or first.grade) == "inadequate"
        assert first.child_ref == row.child_ref
        assert row.auditor in seniors
        numbers.setdefault(first.audit_ref, []).append(row.reaudit_number or 0)
    assert all(of == list(range(1, len(of) + 1)) for of in numbers.values())
    # and of the latest months there are some that nobody has looked at again
    again = {row.reaudit_of for row in reaudits}
    waiting = [row for row in them.audits if row.child_ref and row.grade == "inadequate"]
    assert [row for row in waiting if row.audit_ref not in again and row.kind != "reaudit"]


@awkward
def test_every_month_has_its_programme_and_what_was_done_of_it(today: date) -> None:
    them = council(today)
    planned = {(row.month, row.kind): row for row in them.programme}
    assert len(planned) == len(them.programme)
    assert {row.kind for row in them.programme} <= {kind.value for kind in Kind}
    now = Month.of(today)
    assert {(now.plus(step), kind) for step in range(-6, 6) for kind in ("core", "observation")} <= set(
        planned
    )
    issued = Counter((row.month, row.kind) for row in them.audits)
    for case, row in planned.items():
        if row.month <= now and row.expected and row.kind != "practice_review":
            assert issued[case] == row.expected
    observers = {row.auditor for row in them.audits if row.kind == "observation"}
    assert observers <= {row.email for row in them.people if "service_manager" in row.roles}
    assert {row.kind for row in them.audits} >= {"core", "reaudit", "observation", "dip_sample", "thematic"}


@given(ANY_DAY)
@settings(max_examples=15, deadline=None)
def test_nothing_lies_ahead_of_the_day_and_the_dates_of_an_audit_are_in_order(today: date) -> None:
    them = council(today)
    for row in them.audits:
        assert row.issued_on <= (row.returned_on or today) <= (row.uploaded_on or today) <= today
        assert (row.grade is None) == (row.returned_on is None)
        assert row.issued_on == min(first_working_day(row.month), today)
    for row in them.exemptions:
        assert row.decided_on < row.month.first <= today
    assert all((row.closed or row.opened) < today for row in them.children)
    assert all(row.auditor_from < today for row in them.people if row.auditor_from)


@given(ANY_DAY)
@settings(max_examples=15, deadline=None)
def test_the_month_in_progress_has_open_audits_the_demo_auditors_among_them(today: date) -> None:
    auditor, head, director = demo_people()
    them = council(today)
    now = [row for row in them.audits if row.month == Month.of(today) and row.kind == "core"]
    still_open = [row for row in now if row.returned_on is None]
    assert still_open[0].auditor == auditor.email
    assert len(still_open) >= 5
    assert len(now) - len(still_open) >= 3
    team = next(row for row in them.teams if row.team in own_teams(them, auditor.email))
    assert (team.head_of_service, team.director) == (head.email, director.email)
    known = {row.email: row.aad_object_id for row in them.people}
    assert all(known[person.email] == person.aad_object_id for person in (auditor, head, director))


@given(ANY_DAY)
@settings(max_examples=15, deadline=None)
def test_it_has_the_size_of_a_council(today: date) -> None:
    them = council(today)
    roles = Counter(role for row in them.people for role in row.roles)
    assert (roles["auditor"], roles["moderator"], roles["head_of_service"], roles["director"]) == (
        98,
        16,
        4,
        2,
    )
    assert (roles["dcs"], roles["head_of_quality"], roles["qa_team"]) == (1, 1, 3)
    assert len(them.children) == 1500
    months = Counter(row.month for row in them.audits if row.kind == "core")
    assert sorted(months) == [Month.of(today).plus(-behind) for behind in range(6, -1, -1)]
    assert all(65 <= count <= 85 for count in months.values())
    behind = [row for row in them.audits if row.kind == "core" and row.month < Month.of(today)]
    grades = Counter(row.grade for row in behind if row.grade)
    assert set(grades) == {"outstanding", "good", "requires_improvement", "inadequate"}
    assert grades["requires_improvement"] > grades["inadequate"] > grades["outstanding"]
    assert 0.75 < grades.total() / len(behind) < 0.97


def test_a_later_day_of_a_month_only_adds_what_has_come_back_since() -> None:
    early, late = council(date(2026, 11, 10)), council(date(2026, 11, 24))
    assert (early.people, early.children, early.exemptions) == (late.people, late.children, late.exemptions)
    back_early = {row.audit_ref for row in early.audits if row.returned_on}
    back_late = {row.audit_ref for row in late.audits if row.returned_on}
    assert back_early < back_late
    assert [row.child_ref for row in early.audits] == [row.child_ref for row in late.audits]


def test_the_files_have_the_contracts_columns_and_no_child_but_by_reference(tmp_path: Path) -> None:
    files = write(tmp_path, date(2026, 11, 21))
    assert list(files) == ["teams", "people", "children", "audits", "exemptions", "programme"]
    with files["audits"].open(encoding="utf-8", newline="") as file:
        audits = list(csv.DictReader(file))
    with files["children"].open(encoding="utf-8", newline="") as file:
        children = list(csv.DictReader(file))
    assert list(children[0]) == [
        "child_ref",
        "team",
        "legal_status",
        "cohorts",
        "social_worker",
        "opened",
        "closed",
    ]
    assert all(re.fullmatch(r"C1\d{4}", row["child_ref"]) for row in children)
    returned = next(row for row in audits if row["moderator"])
    assert re.fullmatch(r"2026-\d\d", returned["month"])
    assert returned["meets_standard"] in ("yes", "no")
    assert re.fullmatch(r"assessment=\w+(;\w+=\w+)+", returned["areas"])
    assert all(value == "" or not value.startswith(tuple("=+-@")) for row in audits for value in row.values())


def test_the_same_day_gives_the_same_bytes(tmp_path: Path) -> None:
    once, again = (write(tmp_path / name, date(2026, 11, 21)) for name in ("once", "again"))
    assert {kind: path.read_bytes() for kind, path in once.items()} == {
        kind: path.read_bytes() for kind, path in again.items()
    }


@awkward
def test_windows_are_for_people_who_have_to_do_with_each_other(today: date) -> None:
    auditor, manager, worker = demo_people(("auditor", "team_manager", "social_worker"), today)
    them = council(today)
    audit = next(
        row
        for row in them.audits
        if row.auditor == auditor.email and row.month == Month.of(today) and row.kind == "core"
    )
    team = next(row for row in them.teams if row.team == audit.team)
    child = next(row for row in them.children if row.child_ref == audit.child_ref)
    assert (manager.email, worker.email) == (team.team_manager, child.social_worker)
    # and of every role there is somebody, twice the same role is two people, and an e-mail is whose it is
    for role in Role:
        [person] = demo_people([role.value], today)
        assert role.value in next(row for row in them.people if row.email == person.email).roles
    first, second = demo_people(("moderator", "moderator"))
    assert first != second
    assert demo_people([second.email])[0].name == second.name


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["moderater"], "is no role and no e-mail"),
        (["dcs", "dcs"], "not so many"),
        ([], "one to 6"),
        (["auditor"] * 7, "one to 6"),
    ],
)
def test_what_cannot_be_opened_is_told_in_a_sentence(asked: list[str], told: str) -> None:
    with pytest.raises(NobodyLikeThat, match=told):
        demo_people(asked)


async def in_full_swing(tmp_path: Path, sqlite_url: str, now: datetime) -> SqlStore:
    files = write(tmp_path / "council", local_date(now))
    await asyncio.to_thread(demo_run.prepare_in_full_swing, sqlite_url, files, lambda: now)
    return SqlStore(sqlite_url)


async def states(store: SqlStore, now: datetime) -> Counter[AuditState]:
    month = Month.of(local_date(now))
    async with store.reading() as uow:
        found, _ = await uow.cycle.find(AuditFilter(months=(month, month), kinds={Kind.CORE}), limit=1000)
    return Counter(audit.state for audit in found)


async def waiting_requests(store: SqlStore) -> list[Wish]:
    async with store.reading() as uow:
        return [request.wish for request in await uow.requests.open_within(None)]


async def actor(store: SqlStore, role: str) -> Actor:
    [person] = demo_people([role])
    async with store.reading() as uow:
        found = await uow.people.actor(person.aad_object_id)
    assert found is not None
    return found


async def test_in_the_middle_of_the_month_something_waits_for_everybody(
    tmp_path: Path, sqlite_url: str
) -> None:
    now = datetime(2026, 11, 23, 10, tzinfo=UTC)
    store = await in_full_swing(tmp_path, sqlite_url, now)
    stands = await states(store, now)
    for state in set(AuditState) - {AuditState.RESUBMITTED, AuditState.UPLOADED}:
        assert stands[state], state
    assert Counter(await waiting_requests(store)) == {Wish.SLIPPAGE: 3, Wish.REALLOCATION: 2}
    # nobody is written to before a window is open
    assert await OutboxQueue(store).claim(now + timedelta(days=1), 10, 60) == []
    # and the QA team can draw the next month, which is not issued yet
    qa, december = await actor(store, "qa_team"), issuing.Wanted(Month(2026, 12), Kind.CORE, Settings(12))
    drawn = await issuing.preview(store, Policy(), qa, december, "0f" * 8, now, Once("preview", "preview"))
    assert drawn.drawn == drawn.people
    assert 70 <= drawn.drawn <= 85
    await store.close()


async def test_in_the_first_minutes_of_a_year_too(tmp_path: Path, sqlite_url: str) -> None:
    now = datetime(2027, 1, 1, 0, 5, tzinfo=UTC)
    store = await in_full_swing(tmp_path, sqlite_url, now)
    stands = await states(store, now)
    assert stands[AuditState.FREED] == 1
    assert stands[AuditState.ISSUED] > 60
    assert len(await waiting_requests(store)) == 5
    await store.close()
