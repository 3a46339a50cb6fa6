"""How the bot is, as `debug` shows it: all well, silent people, a program that fails, and before the first look."""

from collections.abc import Callable
from datetime import timedelta

from dialogs.cards.parts import Rendered
from dialogs.cards.selfcheck import checked
from domain.lanes import Lane
from domain.people import Person
from domain.selfcheck import Climbing, Facts, Finding, LaneState, Report, Trouble
from tests import builders as b

QUOTE = "Quote this when you report a problem: 1f2e3d4c5b6a. You are P-6; roles: qa_team; version 0.1.0."
SINCE = b.NOW - timedelta(minutes=90)
LANES = {lane: LaneState() for lane in Lane}
BUSY = {**LANES, Lane.ALERT: LaneState(2, SINCE, None, 1), Lane.NUDGE: LaneState(15_000, SINCE)}
REFS = tuple(f"C-{number}" for number in range(7, 15))
CLIMBING = [Climbing(ref, SINCE, SINCE, delivered=False) for ref in REFS]
FAILING = (
    Finding(Trouble.STOPPED, SINCE),
    Finding(Trouble.STEP_OVERDUE, SINCE),
    Finding(Trouble.UNANSWERED, SINCE, REFS),
    Finding(Trouble.ALERT_UNDELIVERED, SINCE, ("C-7",)),
    Finding(Trouble.NOBODY_REACHED, SINCE, ("C-7", "C-8")),
    Finding(Trouble.LANE_STUCK, SINCE, lane=Lane.NUDGE),
)
SILENT = (Finding(Trouble.UNANSWERED, SINCE, ("C-7",)),)


SAMPLES: dict[str, Callable[[], Rendered]] = {
    "debug_well": lambda: checked(Report(b.NOW, Facts(lanes=LANES), (), mail=True), (), QUOTE),
    "debug_silent": lambda: checked(
        Report(b.NOW, Facts(climbing=CLIMBING[:1], lanes=LANES), SILENT, mail=True), (), QUOTE
    ),
    "debug_failing": lambda: checked(
        Report(b.NOW, Facts(SINCE, CLIMBING, (), BUSY), FAILING),
        [b.a_failure(), b.a_failure(8, person=None)],
        QUOTE,
    ),
    "debug_unchecked": lambda: checked(None, (), QUOTE),
}


def hostile(evil: str, person: Person) -> dict[str, Callable[[], Rendered]]:
    report = Report(b.NOW, Facts(lanes=LANES), ())
    return {"debug": lambda: checked(report, [b.a_failure(person=person, subject=evil, reason=evil)], QUOTE)}
