"""Cards of the social worker's and the manager's part, and of what was audited of a team before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from dialogs.cards import child_audits as child_cards
from dialogs.cards import participation as cards
from dialogs.cards.parts import Rendered
from dialogs.telling import participation as told
from domain.audits import Audit, AuditState
from domain.calendar import Month
from domain.kinds import Grade, Kind
from domain.participation import COMMENT, VIEWS, Part
from domain.people import Person, Role
from domain.policy import Policy
from domain.templates import REFLECTION
from domain.usecases.participation import ASKED, longest
from domain.views.participation import ComingAudits, HistoryLine, PartForm, ResultLines, TeamHistory
from tests import builders as b

SOL = b.a_person(30, "Sol Reyes", Role.SOCIAL_WORKER, team=b.EAST)
MEG = b.a_person(31, "Meg Iqbal", Role.TEAM_MANAGER, team=b.EAST)
OCTOBER = Month(2026, 10)


def a_form(part: Part = Part.SOCIAL_WORKER, **changes: Any) -> PartForm:
    viewer = SOL if part is Part.SOCIAL_WORKER else MEG
    return replace(PartForm(b.an_audit(), viewer, part, b.TOM, ASKED[part], may_comment=False), **changes)


def a_returned(number: int = 104, **changes: Any) -> Audit:
    returned = {"state": AuditState.RETURNED, "returned_on": date(2026, 11, 18), "grade": Grade.GOOD}
    return b.an_audit(number, **{**returned, **changes})


def coming(*audits: Audit, **changes: Any) -> ComingAudits:
    return replace(ComingAudits(MEG, b.NOVEMBER, audits, b.EVERYBODY, len(audits)), **changes)


def history(*lines: HistoryLine, **changes: Any) -> TeamHistory:
    return replace(TeamHistory(MEG, lines, len(lines), [b.EAST.name]), **changes)


LINES = (
    HistoryLine(a_returned(), 2, 1),
    HistoryLine(
        a_returned(90, month=OCTOBER, moderated_grade=Grade.REQUIRES_IMPROVEMENT, kind=Kind.REAUDIT), 0, 3
    ),
    HistoryLine(a_returned(80, month=OCTOBER, child_ref=None, team=None, grade=None, kind=Kind.THEMATIC)),
)

LONGEST = {code: longest(Policy(), code) for code in (*ASKED[Part.SOCIAL_WORKER], COMMENT)}


def _form(view: PartForm) -> Rendered:
    return cards.form(view, LONGEST)


SAMPLES: dict[str, Callable[[], Rendered]] = {
    "part_social_worker": lambda: _form(a_form()),
    "part_social_worker_changes_it": lambda: _form(
        a_form(version=2, filled={REFLECTION[0]: "We met every week.", VIEWS: "He felt heard."})
    ),
    "part_manager": lambda: _form(a_form(Part.MANAGER)),
    "part_after_the_return": lambda: _form(a_form(audit=a_returned(), may_comment=True)),
    "part_after_moderation": lambda: _form(
        a_form(audit=a_returned(), asked=(), may_comment=True, filled={COMMENT: "I see it the same way."})
    ),
    "part_comment": lambda: _comment(a_form(audit=a_returned(), may_comment=True)),
    "part_comment_after_moderation": lambda: _comment(
        a_form(audit=a_returned(), asked=(), may_comment=True, filled={COMMENT: "I see it the same way."})
    ),
    "coming_months_ahead": lambda: cards.coming(
        coming(b.an_audit(), b.an_audit(140, month=b.NOVEMBER.plus(1)), viewer=SOL, own=True, month=None)
    ),
    "coming_elsewhere": lambda: cards.coming(coming(viewer=SOL, own=True, elsewhere=3)),
    "results_of_children": lambda: cards.results(
        ResultLines(SOL, [a_returned(), a_returned(90, month=OCTOBER, kind=Kind.REAUDIT)], 14, own=True)
    ),
    "results_of_a_team": lambda: cards.results(ResultLines(MEG, [a_returned()], 1)),
    "results_none": lambda: cards.results(ResultLines(SOL, [], 0, own=True)),
    "coming_to_a_team": lambda: cards.coming(coming(b.an_audit(), b.an_audit(105, auditor_id=b.PRIYA.id))),
    "coming_to_a_social_worker": lambda: cards.coming(coming(b.an_audit(), viewer=SOL, own=True)),
    "coming_to_a_social_worker_none": lambda: cards.coming(coming(viewer=SOL, own=True)),
    "coming_none": lambda: cards.coming(coming()),
    "told_coming_to_a_team": lambda: _told(coming(b.an_audit())),
    "several_audits_of_a_child": lambda: child_cards.several(
        "C10432", [b.an_audit(), a_returned(90, month=OCTOBER, kind=Kind.REAUDIT)], 4
    ),
    "team_history": lambda: cards.history(history(*LINES)),
    "team_history_page": lambda: cards.history(history(*LINES, total=33, offset=10, teams=())),
    "team_history_none": lambda: cards.history(history()),
}


def _comment(view: PartForm) -> Rendered:
    return cards.comment(view, LONGEST)


def _told(view: ComingAudits) -> Rendered:
    what = told.coming_to_team(view)
    return Rendered(what.card, what.summary)


def hostile(evil: str, person: Person) -> dict[str, Callable[[], Rendered]]:
    """The same cards where every person's text tries to be more than text."""
    audit = a_returned(child_ref=evil, team=person.team)
    everybody = {p.id: replace(p, name=evil) for p in b.EVERYBODY.values()}
    return {
        "part": lambda: _form(a_form(audit=audit, auditor=person, may_comment=True)),
        "part_comment": lambda: _comment(a_form(audit=audit, auditor=person, may_comment=True)),
        "coming": lambda: cards.coming(coming(audit, people=everybody)),
        "results": lambda: cards.results(ResultLines(SOL, [audit, audit], 2, own=True)),
        "several_of_a_child": lambda: child_cards.several(evil, [audit, audit], 3),
        "history": lambda: cards.history(history(HistoryLine(audit, 1, 1), teams=[evil])),
    }
