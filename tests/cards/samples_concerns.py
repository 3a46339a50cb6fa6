"""Cards of children of concern: for each of their readers, the forms of the steps, the timeline and the tracker."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from dialogs.cards import concern_raising, lists
from dialogs.cards import concern_tracker as tracker_cards
from dialogs.cards.concern_corrected import corrected
from dialogs.cards.concern_forms import FORMS, step_form
from dialogs.cards.concern_timeline import timeline
from dialogs.cards.concerns import concern_card
from dialogs.cards.parts import Rendered
from dialogs.payloads.concerns import Tracker
from dialogs.telling.concerns import last_step
from dialogs.words import concern_notices as told
from dialogs.words import concerns as say
from domain.alerts import Acknowledged, Alert, Seat, next_due
from domain.calendar import Month
from domain.concern_rules import Concerns as Rules
from domain.concern_rules import Tier
from domain.concern_workflow import Command, Party, commands_for
from domain.concerns import Category, Concern, Source, State, Wanted
from domain.people import Authority, Person, Role
from domain.policy import Texts
from domain.ports import ConcernStep
from domain.usecases.concern_corrected import Corrected
from domain.views.concerns import ConcernCount, ConcernLine, ConcernList, ConcernView, RaiseForm
from tests import builders as b

RAISED = datetime(2026, 11, 20, 2, 50, tzinfo=UTC)
NIGHT = RAISED + timedelta(minutes=12)
TODAY = date(2026, 11, 20)
LONGEST = Rules().text_longest
ROUTE = Texts().safeguarding
HELEN = b.a_person(10, "Helen Boyd", Role.HEAD_OF_QUALITY, team=None)
MANAGER = b.a_person(11, "Marta Lund", Role.TEAM_MANAGER, team=b.EAST)
EVERYBODY = {**b.EVERYBODY, HELEN.id: HELEN, MANAGER.id: MANAGER}
ANSWERS: dict[Tier, Sequence[int]] = {
    Tier.HEAD_OF_SERVICE: (b.DANA.id,),
    Tier.DIRECTOR: (b.RUTH.id,),
    Tier.DCS: (b.DCS.id,),
    Tier.HEAD_OF_QUALITY: (HELEN.id,),
}
GROUNDS = "Nobody has seen the child for three weeks. The partner who is not to be there has moved back in."


def an_alert(*taken: Seat, **changes: Any) -> Alert:
    by = {Seat.RESPONSE: (b.DANA, Tier.HEAD_OF_SERVICE), Seat.OVERSIGHT: (b.RUTH, Tier.DIRECTOR)}
    seats = {
        seat: Acknowledged(Authority(by[seat][0].id), by[seat][1], RAISED + timedelta(minutes=4))
        for seat in taken
    }
    return replace(Alert(1, RAISED, steps=1, seats=seats), **changes)


def a_concern(number: int = 7, category: Category = Category.ONE, **changes: Any) -> Concern:
    concern = Concern(
        id=number,
        child_ref=f"C{10425 + number}",
        category=category,
        state=State.WITH_HEAD_OF_SERVICE,
        source=Source.CHAT,
        raised_at=RAISED,
        identified_on=RAISED.date(),
        state_since=RAISED,
        team=b.EAST,
        legal_status="child_protection_plan",
        raised_by_id=b.TOM.id,
        respond_by=RAISED.date(),
        alert=an_alert() if category is Category.ONE else None,
        version=2,
    )
    return replace(concern, **changes)


def a_line(command: Command | str, by: Person, note: str = "", after: int = 0, **facts: str) -> ConcernStep:
    code = command.value if isinstance(command, Command) else command
    return ConcernStep(RAISED + timedelta(hours=after), code, by.id, None, note, facts)


RAISE = a_line("raise", b.TOM, GROUNDS)
RESPONSE = a_line(Command.RESPOND, b.DANA, "Joint visit with the police at 8 this morning.", 1)
ASKED = a_line(Command.ASK_TEAM, b.DANA, "Who saw the child last, and where?", 3)
UPDATE = a_line(Command.UPDATE, MANAGER, "The school saw the child yesterday, well.", 4)
EVIDENCE = a_line(Command.EVIDENCE, b.DANA, "Safety plan signed by both parents; seen daily.", 60)
SUBMIT = a_line(Command.SUBMIT, b.DANA, "The partner has left, and the order is made.", 61)
CHALLENGE = a_line(Command.CHALLENGE, b.DANA, "The child lives with grandparents since May.", 5)
ACKNOWLEDGED = a_line(Command.ACKNOWLEDGE, b.DANA, seats="response:head_of_service")
HOS, DIRECTOR = (Party.ALERTED, Party.HEAD_OF_SERVICE), (Party.ALERTED, Party.ABOVE, Party.DIRECTOR)
BOTH: dict[str, Any] = {"alert": an_alert(*Seat), "version": 5}
DONE: dict[str, Any] = {**BOTH, "responded_at": RAISED + timedelta(hours=1), "respond_by": None}


def a_view(
    viewer: Person = b.DANA,
    concern: Concern | None = None,
    parties: Sequence[Party] = HOS,
    *tiers: Tier,
    steps: Sequence[ConcernStep] = (RAISE,),
    now: datetime = NIGHT,
    **changes: Any,
) -> ConcernView:
    """As the use case makes it; acknowledging is left out where nothing is open."""
    it = concern or a_concern()
    commands = [c for c in commands_for(it, parties) if c is not Command.ACKNOWLEDGE or it.climbing]
    view = ConcernView(
        concern=it,
        viewer=viewer,
        now=now,
        today=now.date(),
        steps=steps,
        commands=[c for c in commands if c not in (Command.CLIMB, Command.REMIND, Command.RAISE_AGAIN)],
        people=EVERYBODY,
        tiers=frozenset(tiers or {Tier.HEAD_OF_SERVICE}),
        legal_status="Child protection plan",
        answers=ANSWERS,
        next_with=(b.DANA.id,) if it.state.open else (),
        climbs_at=next_due(it.alert, Rules()) if it.alert and it.climbing else None,
        safeguarding=ROUTE,
    )
    return replace(view, **changes)


def _alert(viewer: Person, *tiers: Tier, parties: Sequence[Party] = HOS, **changes: Any) -> Rendered:
    view = a_view(viewer, None, parties, *tiers, next_with=(b.DANA.id, b.RUTH.id), **changes)
    return concern_card(view, told.alert(view.concern))


def _climbed() -> Rendered:
    concern = a_concern(alert=an_alert(Seat.RESPONSE, steps=3, climbed=True))
    now = RAISED + timedelta(minutes=45)
    view = a_view(
        b.DCS, concern, (*DIRECTOR, Party.HEAD_OF_QUALITY), Tier.DCS, now=now, next_with=(b.RUTH.id,)
    )
    return concern_card(view, told.climbed(concern, RAISED, TODAY))


def _with_director(viewer: Person = b.RUTH, *parties: Party, **changes: Any) -> ConcernView:
    concern = a_concern(
        state=State.WITH_DIRECTOR, wanted=Wanted.REMOVAL, asked_by_id=b.DANA.id, evidence=1, **DONE
    )
    steps = (RAISE, ACKNOWLEDGED, RESPONSE, EVIDENCE, SUBMIT)
    tier = Tier.DIRECTOR if viewer is b.RUTH else Tier.HEAD_OF_SERVICE
    now = RAISED + timedelta(days=3)
    return a_view(
        viewer, concern, parties or DIRECTOR, tier, steps=steps, now=now, next_with=(b.RUTH.id,), **changes
    )


def _challenged(viewer: Person = HELEN) -> ConcernView:
    concern = a_concern(state=State.CHALLENGED, wanted=Wanted.CATEGORY_2, asked_by_id=b.DANA.id, **DONE)
    return a_view(
        viewer,
        concern,
        (Party.ALERTED, Party.HEAD_OF_QUALITY),
        Tier.HEAD_OF_QUALITY,
        steps=(RAISE, ACKNOWLEDGED, RESPONSE, CHALLENGE),
        next_with=(HELEN.id,),
    )


def _signed_off() -> ConcernView:
    """Out of Category 1, and with the head of service again."""
    concern = replace(a_concern(category=Category.TWO, evidence=1, **DONE), alert=None)
    steps = (RAISE, ACKNOWLEDGED, RESPONSE, EVIDENCE, SUBMIT, a_line(Command.SIGN_OFF, b.RUTH, after=70))
    return a_view(b.DANA, concern, steps=steps, now=RAISED + timedelta(days=3))


def _waits(view: ConcernView) -> Rendered:
    return concern_card(view, told.waits(view.concern, last_step(view)))


def _removed() -> ConcernView:
    concern = a_concern(state=State.REMOVED, removed_at=NIGHT, evidence=1, **DONE)
    steps = (RAISE, ACKNOWLEDGED, RESPONSE, EVIDENCE, SUBMIT, a_line(Command.SIGN_OFF, b.RUTH, after=70))
    return a_view(b.DANA, concern, steps=steps)


def _asked_team() -> ConcernView:
    concern = a_concern(state=State.WITH_TEAM, **DONE)
    steps = (replace(RAISE, note=""), replace(RESPONSE, note=""), ASKED)
    view = a_view(MANAGER, concern, (Party.TEAM,), steps=steps, next_with=(MANAGER.id,))
    return replace(view, tiers=frozenset[Tier]())


def _form_of(command: Command) -> ConcernView:
    """A view in which the step is possible."""
    if command in (Command.UPHOLD, Command.RECATEGORISE):
        return _challenged()
    if command is Command.REFUSE:
        return _with_director()
    if command is Command.REOPEN:
        return _removed()
    category = Category.TWO if command in (Command.WORSEN, Command.REMOVE) else Category.ONE
    return a_view(concern=a_concern(category=category, unsure=command is Command.SETTLE))


def form(command: Command, filled: dict[str, str] | None = None, problem: str | None = None) -> Rendered:
    return step_form(_form_of(command), command, longest=LONGEST, filled=filled or {}, problem=problem)


def raise_form(problem: str | None = None, **changes: Any) -> Rendered:
    view = replace(RaiseForm(viewer=b.TOM, today=TODAY, safeguarding=ROUTE), **changes)
    return concern_raising.raise_form(view, longest=LONGEST, problem=problem)


def a_list(*lines: Concern, total: int | None = None, **changes: Any) -> ConcernList:
    found: dict[tuple[Category, State, Month], int] = {}
    for line in lines:
        key = (line.category, line.state, line.month_identified)
        found[key] = found.get(key, 0) + 1
    view = ConcernList(
        viewer=b.DANA,
        today=TODAY,
        lines=lines,
        total=len(lines) if total is None else total,
        counts=[ConcernCount(*key, number) for key, number in found.items()],
        people=EVERYBODY,
        next_with={line.ref: (b.DANA.id,) for line in lines},
        page=8,
    )
    return replace(view, **changes)


MANY = tuple(
    a_concern(
        number,
        Category.ONE if number < 3 else Category.TWO,
        identified_on=date(2026, 8 + number % 4, 3),
        alert=an_alert(*Seat) if number == 2 else an_alert() if number == 1 else None,
        respond_by=None,
        responded_at=RAISED,
        state=State.IN_PROCEEDINGS if number == 5 else State.WITH_HEAD_OF_SERVICE,
    )
    for number in range(1, 9)
)

AUGUST = ConcernCount(Category.TWO, State.WITH_HEAD_OF_SERVICE, Month(2026, 8), 20)

SAMPLES: dict[str, Callable[[], Rendered]] = {
    # the alert
    "concern_alert_head_of_service": lambda: _alert(b.DANA),
    "concern_alert_director": lambda: _alert(b.RUTH, Tier.DIRECTOR, parties=DIRECTOR),
    "concern_alert_deputy": lambda: _alert(b.SAM, acting_for=b.DANA.id),
    "concern_alert_not_sure": lambda: concern_card(
        a_view(concern=a_concern(unsure=True)), told.alert(a_concern(unsure=True))
    ),
    "concern_alert_climbed_to_the_dcs": _climbed,
    "concern_alert_seen_by_qa": lambda: concern_card(
        replace(a_view(b.QUINN, None, (Party.QA_TEAM,)), tiers=frozenset()), told.raised(a_concern())
    ),
    "concern_raised": lambda: concern_card(
        replace(a_view(b.TOM, None, ()), tiers=frozenset()), say.raised(a_concern(), again=False)
    ),
    "concern_acknowledged_by_one": lambda: concern_card(
        replace(
            a_view(concern=a_concern(alert=an_alert(Seat.RESPONSE))),
            commands=[c for c in a_view().commands if c is not Command.ACKNOWLEDGE],
            next_with=(b.DANA.id, b.RUTH.id),
        ),
        say.took((Seat.OVERSIGHT,), seen_only=False),
    ),
    # the steps
    "concern_response_overdue": lambda: concern_card(
        a_view(concern=a_concern(**BOTH), now=NIGHT + timedelta(days=2))
    ),
    "concern_responded": lambda: concern_card(
        a_view(concern=a_concern(**DONE), steps=(RAISE, ACKNOWLEDGED, RESPONSE)), say.DONE[Command.RESPOND]
    ),
    "concern_team_is_asked": lambda: _waits(_asked_team()),
    "concern_challenged": lambda: _waits(_challenged()),
    "concern_to_sign_off": lambda: _waits(_with_director()),
    "concern_comes_back": lambda: _waits(_signed_off()),
    "concern_submitted": lambda: concern_card(_with_director(b.DANA, *HOS), say.DONE[Command.SUBMIT]),
    "concern_category_2": lambda: concern_card(a_view(concern=a_concern(category=Category.TWO))),
    "concern_removed": lambda: concern_card(_removed()),
    "concern_was_about_another_child": lambda: corrected(Corrected("C-7", 9, "C10432", other_child=True)),
    "concern_is_another_teams": lambda: corrected(Corrected("C-7", 9, "C10432", other_child=False)),
    "concern_timeline": lambda: timeline(_with_director()),
    "waiting_with_concerns": lambda: lists.waiting(
        b.waiting(total=0),
        {},
        concerns=[ConcernLine(a_concern()), ConcernLine(MANY[4], b.DANA)],
        today=TODAY,
    ),
    # the forms
    "raise_form": raise_form,
    "raise_form_danger": lambda: raise_form(danger=True, filled={"child": "C10432", "category": "1"}),
    "raise_form_which_team": lambda: raise_form(
        "This reference is not in the children file. Choose the child's team, so that its head of service can be "
        "alerted.",
        filled={"child": "C99999", "category": "1", "grounds": GROUNDS},
        teams=(b.NORTH, b.EAST),
    ),
    "raise_form_already": lambda: raise_form(
        filled={"child": "C10432"}, already=a_concern(category=Category.TWO)
    ),
    **{f"concern_form_{command.value}": lambda command=command: form(command) for command in sorted(FORMS)},
    "concern_form_refused": lambda: form(
        Command.SUBMIT, {"note": "The partner has left."}, "Choose what it should become, then press again."
    ),
    # the tracker
    "concern_tracker_nothing": lambda: tracker_cards.tracker(a_list(), Tracker()),
    "concern_tracker_one": lambda: tracker_cards.tracker(a_list(a_concern()), Tracker()),
    "concern_tracker_many": lambda: tracker_cards.tracker(a_list(*MANY), Tracker()),
    "concern_tracker_page_in_the_middle": lambda: tracker_cards.tracker(
        replace(a_list(*MANY[2:], total=20, offset=8), counts=[AUGUST]), Tracker(category="2", offset=8)
    ),
}


def hostile(evil: str, person: Person) -> dict[str, Callable[[], Rendered]]:
    everybody = {number: replace(one, name=evil, team=person.team) for number, one in EVERYBODY.items()}
    concern = a_concern(child_ref=evil, team=person.team, audit_ref=evil[:60], **DONE)
    steps = tuple(replace(line, note=evil, for_id=b.RUTH.id) for line in (RAISE, RESPONSE, UPDATE, SUBMIT))
    view = a_view(concern=concern, steps=steps, people=everybody, acting_for=b.RUTH.id, legal_status=evil)
    return {
        "concern": lambda: concern_card(view, told.climbed(concern, RAISED, TODAY)),
        "concern_timeline": lambda: timeline(view),
        "concern_form": lambda: step_form(view, Command.SUBMIT, longest=LONGEST, filled={}),
        "concern_tracker": lambda: tracker_cards.tracker(
            replace(a_list(concern), people=everybody), Tracker()
        ),
        "concern_raise": lambda: raise_form(already=concern, teams=(b.NORTH,), safeguarding=evil),
    }
