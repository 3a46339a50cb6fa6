"""The one card of a child of concern, for each of its readers, and the forms of its steps."""

from microsoft_teams.cards import core as ac

from dialogs import words
from dialogs.cards import parts
from dialogs.cards.parts import Colour, Rendered
from dialogs.neutral import one_line
from dialogs.payloads import concerns as press
from dialogs.words import concerns as say
from domain.alerts import Seat
from domain.concern_workflow import Command
from domain.concerns import Category, State
from domain.people import PersonId
from domain.ports import ConcernStep
from domain.views.concerns import ConcernView

QUOTED_MOST = 600
_PRIMARY_MOST = 4
_ORDER = (
    Command.ACKNOWLEDGE, Command.SIGN_OFF, Command.REFUSE, Command.UPHOLD, Command.RECATEGORISE, Command.UPDATE,
    Command.RESPOND, Command.SETTLE, Command.SUBMIT, Command.REMOVE, Command.ASK_TEAM, Command.EVIDENCE,
    Command.CHALLENGE, Command.PROCEEDINGS, Command.TAKE_BACK, Command.WORSEN, Command.CORRECT, Command.REOPEN,
)  # fmt: skip
"""Which buttons stand first."""
_SHOWN_NOTES = (Command.RESPOND, Command.ASK_TEAM, Command.UPDATE, Command.CHALLENGE, Command.SUBMIT, Command.REFUSE,
                Command.UPHOLD, Command.RECATEGORISE)  # fmt: skip
"""The newest words of these stand on the card itself; the timeline has them all."""


def concern_card(view: ConcernView, lead: str | None = None) -> Rendered:
    """`view.commands` are its buttons."""
    concern = view.concern
    body: list[ac.CardElement | None] = [
        parts.heading(say.title(concern)),
        parts.lead(lead),
        parts.state(say.state(concern), _colour(view)),
        parts.say(say.UNSURE if concern.unsure else say.MEANS[concern.category]),
        parts.facts(_facts(view)),
        *([parts.say(_acting(view))] if view.acting_for else []),
        *parts.quoted("Grounds", _note(view, "raise"), QUOTED_MOST),
        *_newest(view),
        *([parts.say(_submitted(view))] if concern.state in _ASKED else []),
        *([parts.say(_climbs(view), separate=True)] if view.climbs_at else []),
    ]
    return Rendered(parts.card(body, _actions(view)), summary(view))


_ASKED = (State.CHALLENGED, State.WITH_DIRECTOR)


def summary(view: ConcernView) -> str:
    return f"{say.title(view.concern)}. {say.state(view.concern)}."


def _colour(view: ConcernView) -> Colour:
    concern = view.concern
    if not concern.state.open:
        return "Good"
    if concern.climbing or concern.response_overdue(view.today):
        return "Attention"
    return "Warning" if concern.category is Category.ONE else "Default"


def _name(view: ConcernView, person_id: PersonId | None) -> str:
    return one_line(view.name(person_id), parts.NAME_LONGEST)


def _facts(view: ConcernView) -> list[tuple[str, str | None]]:
    it = view.concern
    raised = ", ".join(part for part in (words.moment(it.raised_at), _name(view, it.raised_by_id)) if part)
    return [
        ("Child", one_line(it.child_ref, 60)),
        ("Team", one_line(it.team.name, 60) if it.team else "not known"),
        ("Legal status", one_line(view.legal_status, 60) or None),
        ("Raised", raised),
        ("Audit", one_line(it.audit_ref, 40) if it.audit_ref else None),
        ("Identified", f"{words.day(it.identified_on)} ({say.age(it, view.today)})"),
        *_acknowledged(view),
        ("Response", say.response(it, view.today) if it.state.open else None),
        ("Evidence", words.count(it.evidence, "piece") if it.evidence else None),
        ("Next step", _next(view)),
    ]


def _acknowledged(view: ConcernView) -> list[tuple[str, str | None]]:
    alert = view.concern.alert
    if alert is None:
        return []
    found: list[tuple[str, str | None]] = []
    for seat in Seat:
        given = alert.seats.get(seat)
        by = _name(view, given.by.by_id) if given else ""
        acting = _name(view, given.by.for_id) if given and given.by.for_id is not None else ""
        found.append((say.SEAT[seat], say.acknowledged(given, seat, by, acting)))
    return found


def _next(view: ConcernView) -> str | None:
    return say.next_step([_name(view, person) for person in view.next_with])


def _acting(view: ConcernView) -> str:
    return f"You are asked as deputy for {_name(view, view.acting_for)}."


def _submitted(view: ConcernView) -> str:
    return say.submitted(view.concern, _name(view, view.concern.asked_by_id) or "Somebody")


def _climbs(view: ConcernView) -> str:
    alert = view.concern.alert
    open_seats = alert.open_seats if alert else ()
    return say.climbs(view.climbs_at or view.now, open_seats)


def _note(view: ConcernView, command: str) -> str:
    return next((line.note for line in reversed(view.steps) if line.command == command), "")


def _newest(view: ConcernView) -> list[ac.CardElement]:
    """The last words of anybody, beside the grounds."""
    shown = [line for line in view.steps if line.note and line.command in {c.value for c in _SHOWN_NOTES}]
    if not shown:
        return []
    last = shown[-1]
    label = f"{say.STEP[last.command]}, {words.moment(last.at)}, {by_whom(view, last)}".rstrip(", ")
    return parts.quoted(label, last.note, QUOTED_MOST)


def by_whom(view: ConcernView, line: ConcernStep) -> str:
    by, acting = _name(view, line.by_id), _name(view, line.for_id)
    return f"{by}, for {acting}" if by and acting else by


# buttons


def _actions(view: ConcernView) -> list[ac.Action]:
    offered = [command for command in _ORDER if command in view.commands]
    first, others = offered[:_PRIMARY_MOST], offered[_PRIMARY_MOST:]
    found: list[ac.Action] = [_button(view, command) for command in first]
    if others:
        inner = parts.row([_button(view, command, nested=True) for command in others])
        found.append(parts.unfold("Other steps", [inner], []))
    found.append(parts.button("Timeline", press.Timeline(ref=view.concern.ref).press()))
    return found


def _button(view: ConcernView, command: Command, *, nested: bool = False) -> ac.Action:
    concern, title = view.concern, say.BUTTON[command]
    if command is Command.ACKNOWLEDGE:
        return parts.button(title, press.Acknowledge(ref=concern.ref).press(), style="positive")
    if command is Command.TAKE_BACK:
        return parts.button(title, press.TakeBack(ref=concern.ref, moved=concern.moved).press())
    if command is Command.SIGN_OFF and not nested:
        go = press.SignOff(ref=concern.ref, moved=concern.moved).press()
        sure = parts.button("Yes, sign off", go, style="positive")
        return parts.unfold(title, [parts.say(say.sign_off_ask(concern))], [sure])
    return parts.button(title, press.StepForm(ref=concern.ref, command=command).press())
