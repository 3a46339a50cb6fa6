"""Cards of the month's draw, the pool and the programme."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from dialogs.cards import issuing, one_child, pool, programme
from dialogs.cards.parts import Rendered
from dialogs.telling import audits as audits_told
from dialogs.telling import issuing as issue_told
from dialogs.telling import pool as pool_told
from dialogs.telling.base import Told
from dialogs.words import issue_changes as again
from dialogs.words import issuing as say
from dialogs.words import one_child as one_say
from dialogs.words import pool as pool_say
from domain.allocation import Rule, Unmet
from domain.calendar import Month
from domain.draw_basis import Changes
from domain.drawing import Settings
from domain.kinds import Kind
from domain.notices import NoticeKind
from domain.people import Person, Role, Team, WorkingPattern
from domain.policy import Policy
from domain.pool import Capacity, Standing
from domain.ports import DrawRecord, Exclusion
from domain.programme import Planned
from domain.views.issuing import (
    ChangeChildView,
    CohortLine,
    DrawView,
    IssueFormView,
    IssueOneView,
    PairLine,
    PairsView,
)
from domain.views.pool import FoundPeople, PlannedForm, PoolLine, PoolPersonView, PoolView, ProgrammeView
from tests import builders as b
from tests.cards.samples_moderation import to_do

POLICY = Policy()
DECEMBER = Month(2026, 12)
NEGLECT = Planned(DECEMBER, Kind.THEMATIC, 12, "Neglect", ("looked_after",), "With the partnership", 1)


def a_record(**changes: Any) -> DrawRecord:
    record = DrawRecord(
        3,
        DECEMBER,
        Kind.CORE,
        "5eed5eed5eed5eed",
        Settings(12).as_text(),
        previews=1,
        made_by_id=b.QUINN.id,
        version=1,
    )
    return replace(record, **changes)


def a_form(**changes: Any) -> IssueFormView:
    view = IssueFormView(
        today=b.TODAY,
        month=DECEMBER,
        kind=Kind.CORE,
        months=[b.NOVEMBER.plus(n) for n in range(13)],
        kinds=[Kind.CORE, Kind.THEMATIC, Kind.DIP_SAMPLE],
        free=78,
        have_one=0,
        filled={"not_again": "12"},
    )
    return replace(view, **changes)


def a_draw(**changes: Any) -> DrawView:
    view = DrawView(
        today=b.TODAY,
        record=a_record(),
        settings=Settings(12),
        digest="0123456789abcdef",
        people=78,
        drawn=78,
        reached=78,
        eligible=1204,
        cohorts=(),
        by_team=[3] * 10 + [4] * 12,
        standings={Standing.MODERATES: 26, Standing.EXEMPT: 4, Standing.RESTING: 6},
        children_left={"closed": 12, "audited": 840, "in_progress": 3},
        unmet=(),
        usual_months=12,
    )
    return replace(view, **changes)


def an_unmet_draw(person: Person = b.TOM, team: Team = b.NORTH, **changes: Any) -> DrawView:
    """Every rule that there is, unmet at once."""
    unmet = (
        Unmet(Rule.TOTAL_SHORT, {"wanted": "80", "got": "61"}),
        Unmet(Rule.NO_CHILD, {"count": "1", "people": str(person.id)}),
        Unmet(Rule.NO_CHILD, {"count": "17", "people": "1,2,3"}),
        Unmet(Rule.COHORT_SHORT, {"cohort": "care_leavers", "wanted": "20", "got": "9", "eligible": "9"}),
        Unmet(Rule.TEAM_SHORT, {"team": str(team.id), "wanted": "2", "got": "1", "eligible": "1"}),
        Unmet(Rule.AUDITED_BEFORE, {"person": str(person.id), "child": "C10432"}),
    )
    view = a_draw(
        record=a_record(previews=3, exclusions=(Exclusion("C10501", "In court all month"),), theme="Neglect"),
        settings=Settings(6, (), (("looked_after", 40), ("care_leavers", 20)), 80, 4),
        people=80,
        drawn=61,
        reached=61,
        cohorts=[
            CohortLine("looked_after", 40, 40),
            CohortLine("care_leavers", 20, 9),
            CohortLine("child_in_need", None, 12),
        ],
        children_left={"closed": 1, "audited": 2, "in_progress": 1, "excluded": 1, "cohort": 40},
        unmet=unmet,
        named={person.id: person},
        teams={team.id: team},
    )  # fmt: skip
    return replace(view, **changes)


def some_pairs(number: int = 3, **changes: Any) -> PairsView:
    lines = [PairLine(b.TOM, f"C{20000 + n}", b.EAST, "looked_after") for n in range(number)]
    return replace(PairsView(a_record(), lines, 78), **changes)


def a_pool(*lines: PoolLine, **changes: Any) -> PoolView:
    standings = {
        Standing.FREE: 60, Standing.HAS_AUDIT: 12, Standing.EXEMPT: 4, Standing.RESTING: 6, Standing.MODERATES: 22,
    }  # fmt: skip
    view = PoolView(
        b.TODAY, DECEMBER, Capacity(standings, {"operational": 3, "non_operational": 1}, 85, 26), lines, 104,
        may_change=True,
    )  # fmt: skip
    return replace(view, **changes)


def a_pool_person(person: Person = b.TOM, **changes: Any) -> PoolPersonView:
    return replace(PoolPersonView(b.TODAY, DECEMBER, person, Standing.FREE, may_change=True), **changes)


MODERATOR = b.a_person(
    9, "Mo Farrow", Role.AUDITOR, Role.MODERATOR, working_pattern=WorkingPattern.ALTERNATE,
    auditor_from=date(2024, 3, 1), moderator_from=date(2026, 6, 1),
)  # fmt: skip


def a_programme(*planned: Planned, **changes: Any) -> ProgrammeView:
    return replace(ProgrammeView(b.TODAY, b.NOVEMBER, planned, {}, may_change=True), **changes)


def _told(told: Told) -> Rendered:
    return Rendered(told.card, told.summary)


MANY_CHANGES = Changes(
    left=3, joined=1, reasons={Standing.EXEMPT: 2, Standing.HAS_AUDIT: 1}, fewer=4,
    rules={"closed": 3, "audited": 2, "excluded": -1}, listed=0, asked=("numbers", "theme"),
)  # fmt: skip
_LATE = a_record(issued_at=b.NOW, issued_by_id=b.QUINN.id, version=2)
_ISSUED_BY_DANA = again.issued_by(
    _LATE, "Dana Hughes", 78, b.NOW + timedelta(minutes=2), mine=False, pressed=True
)

SAMPLES: dict[str, Callable[[], Rendered]] = {
    "issue_form": lambda: issuing.form(a_form(), POLICY),
    "issue_form_from_the_programme": lambda: issuing.form(
        a_form(
            kind=Kind.THEMATIC,
            planned=NEGLECT,
            have_one=1,
            filled={"total": "12", "theme": "Neglect", "cohorts": "looked_after", "not_again": "12"},
            planned_cohorts=True,
        ),
        POLICY,
    ),
    "issue_form_all_given_out": lambda: issuing.form(
        a_form(kind=Kind.DIP_SAMPLE, free=12, have_one=4, expected=4, there=4), POLICY
    ),
    "issue_form_some_given_out": lambda: issuing.form(
        a_form(kind=Kind.DIP_SAMPLE, free=12, have_one=1, expected=4, there=1, filled={"total": "3"}), POLICY
    ),
    "issue_form_late_joiners": lambda: issuing.form(a_form(free=3, have_one=78, latest=_LATE), POLICY),
    "issue_form_everybody_has_one": lambda: issuing.form(a_form(free=0, have_one=78, latest=_LATE), POLICY),
    "issue_form_nobody": lambda: issuing.form(a_form(free=0), POLICY),
    "issue_form_refused": lambda: issuing.form(
        a_form(filled={"numbers": "20 purple", "not_again": "12", "exclusions": "C10432 in court"}),
        POLICY,
        say.not_understood(["20 purple"]),
    ),
    "issue_preview": lambda: issuing.preview(a_draw(), POLICY),
    "issue_preview_not_all_met": lambda: issuing.preview(an_unmet_draw(), POLICY),
    "issue_preview_changed": lambda: issuing.preview(
        a_draw(record=a_record(previews=2), waiting=2), POLICY, again.changed(MANY_CHANGES, Kind.CORE, "Dana Hughes")
    ),
    "issue_preview_nobody": lambda: issuing.preview(a_draw(drawn=0, reached=0, by_team=[]), POLICY),
    "issue_preview_other_kind": lambda: issuing.preview(
        a_draw(record=a_record(kind=Kind.THEMATIC, theme="Neglect"), people=6, drawn=12, reached=6, standings={}),
        POLICY,
    ),
    "issue_pairs": lambda: issuing.pairs(some_pairs(), POLICY),
    "issue_pairs_own_withheld": lambda: issuing.pairs(
        some_pairs(lines=[PairLine(b.TOM, "C20000", b.EAST), PairLine(b.QUINN, "", None, withheld=True)]), POLICY
    ),
    "issue_pairs_none": lambda: issuing.pairs(some_pairs(0, total=0), POLICY),
    "issue_done": lambda: issuing.issued(_LATE, say.issued(78, DECEMBER)),
    "issue_done_before": lambda: issuing.issued(_LATE, _ISSUED_BY_DANA),
    "issue_one_choose": lambda: one_child.choose(IssueOneView(b.TODAY, DECEMBER, [b.TOM, b.PRIYA])),
    "issue_one_many": lambda: one_child.choose(IssueOneView(b.TODAY, DECEMBER, b.many_people(214))),
    "issue_one_nobody": lambda: one_child.choose(IssueOneView(b.TODAY, DECEMBER, [])),
    "issue_one_preview": lambda: one_child.preview(
        IssueOneView(b.TODAY, DECEMBER, (), b.TOM, "C10432", b.EAST, 1204), one_say.ONE_CHANGED
    ),
    "issue_one_no_child": lambda: one_child.preview(IssueOneView(b.TODAY, DECEMBER, (), b.TOM)),
    "change_child": lambda: one_child.change(ChangeChildView(b.an_audit(), b.TOM, 1204, 0, 2)),
    "change_child_often_enough": lambda: one_child.change(ChangeChildView(b.an_audit(), b.TOM, 1204, 2, 2)),
    "change_child_none_left": lambda: one_child.change(ChangeChildView(b.an_audit(), b.TOM, 0, 1, 2)),
    "told_issued": lambda: _told(issue_told.worded(NoticeKind.AUDIT_ISSUED, to_do(), POLICY)),
    "told_child_changed": lambda: _told(issue_told.worded(NoticeKind.AUDIT_CHILD_CHANGED, to_do(), POLICY)),
    "told_given": lambda: _told(audits_told.given(to_do())),
    "pool": lambda: pool.pool(
        a_pool(PoolLine(b.TOM, Standing.FREE), PoolLine(MODERATOR, Standing.MODERATES))
    ),
    "pool_to_look_at": lambda: pool.pool(
        a_pool(PoolLine(b.TOM, Standing.FREE), may_change=False, offset=12, standing=Standing.FREE)
    ),
    "pool_empty": lambda: pool.pool(a_pool(capacity=Capacity({}, {}, 85, 26), total=0)),
    "pool_nobody_stands_so": lambda: pool.pool(a_pool(total=0, standing=Standing.LEFT)),
    "pool_person": lambda: pool.person(a_pool_person()),
    "pool_moderator": lambda: pool.person(
        a_pool_person(MODERATOR, standing=Standing.MODERATES), pool_say.gave("Mo Farrow", Role.MODERATOR)
    ),
    "pool_moderator_said": lambda: pool.person(
        a_pool_person(MODERATOR, standing=Standing.FREE, says=False),
        pool_say.said_moderates("Mo Farrow", False, DECEMBER),
    ),
    "pool_person_of_no_pool": lambda: pool.person(
        a_pool_person(b.DANA, standing=None), problem="That day is too far away to be meant. Choose another day."
    ),
    "pool_person_to_look_at": lambda: pool.person(a_pool_person(may_change=False)),
    "pool_found": lambda: pool.found(FoundPeople(b.TODAY, DECEMBER, "Tom", [b.TOM, b.PRIYA], ())),
    "pool_new_person": lambda: pool.found(
        FoundPeople(b.TODAY, DECEMBER, "Nia Jones", (), [b.NORTH, b.EAST], {"from_day": "2026-12-01"})
    ),
    "told_auditor": lambda: _told(
        pool_told.card(pool_say.told_role(Role.AUDITOR, replace(b.TOM, auditor_from=date(2026, 12, 1))))
    ),
    "told_moderates": lambda: _told(pool_told.card(pool_say.told_moderates(True, DECEMBER))),
    "programme": lambda: programme.programme(
        a_programme(
            Planned(b.NOVEMBER, Kind.CORE, 80), NEGLECT, done={(b.NOVEMBER, Kind.CORE): 78}
        ),
        POLICY,
        pool_say.PROGRAMME_SAVED,
    ),
    "programme_empty_to_look_at": lambda: programme.programme(a_programme(may_change=False), POLICY),
    "programme_form": lambda: programme.form(
        PlannedForm(b.TODAY, DECEMBER, Kind.THEMATIC, list(Kind), [DECEMBER], 1,
                    {"expected": "12", "theme": "Neglect", "cohorts": "looked_after", "plan_note": "With partners"}),
        POLICY,
    ),
    "programme_form_new": lambda: programme.form(
        PlannedForm(b.TODAY, DECEMBER, Kind.DIP_SAMPLE, list(Kind), [DECEMBER], 0, {}),
        POLICY,
        "That is not a whole number that can be used here. Write another one, or leave it empty.",
    ),
}  # fmt: skip


def hostile(evil: str, person: Person) -> dict[str, Callable[[], Rendered]]:
    assert person.team is not None
    team = replace(person.team, id=1)
    record = a_record(theme=evil, exclusions=(Exclusion("C10501", evil),))
    planned = Planned(DECEMBER, Kind.THEMATIC, 12, evil, (), evil, 1)
    return {
        "issue_form": lambda: issuing.form(a_form(planned=planned), POLICY),
        "issue_preview": lambda: issuing.preview(an_unmet_draw(person, team, record=record), POLICY),
        "issue_pairs": lambda: issuing.pairs(
            some_pairs(lines=[PairLine(person, evil, team, "looked_after", evil)]), POLICY
        ),
        "issue_one": lambda: one_child.choose(IssueOneView(b.TODAY, DECEMBER, [person])),
        "issue_one_preview": lambda: one_child.preview(
            IssueOneView(b.TODAY, DECEMBER, (), person, "C10432", team, 12)
        ),
        "change_child": lambda: one_child.change(
            ChangeChildView(b.an_audit(child_ref=evil, team=team), person, 12, 1, 2)
        ),
        "pool": lambda: pool.pool(a_pool(PoolLine(person, Standing.FREE))),
        "pool_person": lambda: pool.person(a_pool_person(person)),
        "pool_found": lambda: pool.found(FoundPeople(b.TODAY, DECEMBER, evil, [person], ())),
        "programme": lambda: programme.programme(a_programme(planned), POLICY),
    }
