"""The one card of a child of concern, for each of its readers, and the forms of its steps."""

from microsoft_teams.cards import core as ac

from dialogs import words
from dialogs.cards import parts
from dialogs.cards.fitting import fitted
from dialogs.cards.parts import CardJson, Colour, Rendered
from dialogs.neutral import one_line
from dialogs.payloads import concerns as press
from dialogs.words import concern_urgent as urgent
from dialogs.words import concerns as say
from domain.alerts import Seat
from domain.concern_rules import Tier
from domain.concern_workflow import Command
from domain.concerns import Category, State
from domain.people import PersonId
from domain.ports import ConcernStep
from domain.views.concerns import ConcernView

CUTS = (3000, 1500, 600, 240, 100, 40)
"""Characters shown of each text: nobody should have to look elsewhere for the grounds of an alert."""
_PRIMARY_MOST = 4
_ORDER = (
    Command.SIGN_OFF, Command.REFUSE, Command.UPHOLD, Command.RECATEGORISE, Command.UPDATE,
    Command.RESPOND, Command.SETTLE, Command.SUBMIT, Command.REMOVE, Command.ASK_TEAM, Command.EVIDENCE,
    Command.CHALLENGE, Command.PROCEEDINGS, Command.TAKE_BACK, Command.WORSEN, Command.CORRECT, Command.REOPEN,
)  # fmt: skip
"""Which buttons stand first; to acknowledge stands higher still, beside the words that ask for it."""
_SHOWN_NOTES = (
    Command.RESPOND, Command.ASK_TEAM, Command.UPDATE, Command.CHALLENGE, Command.SUBMIT, Command.REFUSE,
    Command.UPHOLD, Command.RECATEGORISE, Command.REMOVE, Command.REOPEN, Command.WORSEN, Command.CORRECT,
)  # fmt: skip
"""The newest words of these stand on the card itself; the timeline has them all."""


def concern_card(view: ConcernView, lead: str | None = None) -> Rendered:
    """What somebody reads at three in the morning, on a phone: that it is, how it stands, what is theirs to do with its
    button, why; then who has acknowledged it, and the rest. `view.commands` are its buttons. Texts are whole where
    there is room for them."""
    return Rendered(fitted(lambda longest: _card(view, lead, longest), CUTS), summary(view))


def _card(view: ConcernView, lead: str | None, longest: int) -> CardJson:
    concern = view.concern
    to_do = _to_do(view)
    body: list[ac.CardElement | None] = [
        parts.heading(say.title(concern)),
        parts.problem(urgent.nobody(view.safeguarding)) if view.nobody else None,
        parts.lead(lead),
        parts.state(say.state(concern), _colour(view)),
        parts.say(to_do) if to_do else None,
        parts.row([_acknowledge(view)]) if Command.ACKNOWLEDGE in view.commands else None,
        *([parts.say(_acting(view))] if view.acting_for else []),
        *([parts.say(say.UNSURE)] if concern.unsure else []),
        *([parts.say(_submitted(view))] if concern.state in _ASKED else []),
        *_grounds(view, longest),
        *_newest(view, longest),
        *_evidence(view, longest),
        parts.facts(_facts(view)),
        *([parts.say(say.climbs(view.climbs_at, view.today))] if view.climbs_at else []),
        parts.say(say.meaning(concern), subtle=True) if concern.state.open else None,
    ]
    return parts.card(body, _actions(view))


def _to_do(view: ConcernView) -> str | None:
    """To the reader alone."""
    if Command.ACKNOWLEDGE in view.commands:
        return say.TO_ACKNOWLEDGE
    mine = {view.viewer.id, view.acting_for}
    step = None
    if mine & set(view.next_with) and (not view.concern.climbing or Command.RESPOND in view.commands):
        step = say.to_do(view.concern, view.today)
    owed = say.to_respond(view.concern, view.today) if mine & set(view.owing) else None
    return "\n\n".join(dict.fromkeys(part for part in (owed, step) if part)) or None


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
    response = say.response(it, view.today) if it.state.open else None
    return [
        ("Team", one_line(it.team.name, 60) if it.team else "not known"),
        *_acknowledged(view),
        ("Next step", _next(view)),
        ("Response", response.removeprefix("is ") if response else None),
        ("Evidence", words.count(it.evidence, "piece") if it.evidence else None),
        ("Raised", _raised(view)),
        ("Identified", f"{words.day(it.identified_on)} ({say.age(it, view.today)})"),
        ("Legal status", one_line(view.legal_status, 60) or None),
        ("Audit", one_line(it.audit_ref, 40) if it.audit_ref else None),
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
    names = [_name(view, person) for person in view.next_with]
    owing = [_name(view, person) for person in view.owing if person not in view.next_with]
    return say.next_step(names, climbing=view.concern.climbing, owing=owing)


def _acting(view: ConcernView) -> str:
    return f"You are asked as deputy for {_name(view, view.acting_for)}."


def _submitted(view: ConcernView) -> str:
    return say.submitted(view.concern, _name(view, view.concern.asked_by_id) or "Somebody")


def _grounds(view: ConcernView, longest: int) -> list[ac.CardElement]:
    """Raised again, the newest and the first: the timeline has those between."""
    given = [line for line in view.steps if line.command in _RAISES and line.note]
    if not given:
        return []
    newest, first = given[-1], given[0]
    if newest.command == "raise":
        return parts.quoted(say.GROUNDS_LABEL, newest.note, longest)
    again = parts.quoted(say.grounds_again(newest.at, by_whom(view, newest)), newest.note, longest)
    if newest is first:
        return again
    return [*again, *parts.quoted(say.grounds_first(first.at, by_whom(view, first)), first.note, longest)]


_RAISES = ("raise", Command.RAISE_AGAIN.value)


def _raised(view: ConcernView) -> str:
    """By whom, and by whom again."""
    it = view.concern
    first = ", ".join(part for part in (words.moment(it.raised_at), _name(view, it.raised_by_id)) if part)
    again = next((line for line in reversed(view.steps) if line.command == Command.RAISE_AGAIN.value), None)
    if again is None:
        return first
    return f"{first}; and again {', '.join(p for p in (words.moment(again.at), by_whom(view, again)) if p)}"


def _newest(view: ConcernView, longest: int) -> list[ac.CardElement]:
    """The last words of anybody, beside the grounds."""
    shown = [line for line in view.steps if line.note and line.command in {c.value for c in _SHOWN_NOTES}]
    words_ = parts.quoted(_label(view, shown[-1]), shown[-1].note, longest) if shown else []
    return [*words_, *([parts.subheading(_label(view, view.steps[-1]))] if _signed_off(view) else [])]


def _label(view: ConcernView, line: ConcernStep) -> str:
    return f"{say.STEP[line.command]}, {words.moment(line.at)}, {by_whom(view, line)}".rstrip(", ")


def _signed_off(view: ConcernView) -> bool:
    """It has no words of its own: it is said beside those with which it was asked for."""
    return bool(view.steps) and view.steps[-1].command == Command.SIGN_OFF


def _evidence(view: ConcernView, longest: int) -> list[ac.CardElement]:
    """The newest, for whoever decides on it."""
    if view.concern.state is not State.WITH_DIRECTOR:
        return []
    return parts.quoted("Evidence, the newest", _note(view, Command.EVIDENCE), longest)


def _note(view: ConcernView, *commands: str) -> str:
    return next((line.note for line in reversed(view.steps) if line.command in commands and line.note), "")


def by_whom(view: ConcernView, line: ConcernStep) -> str:
    by, acting = _name(view, line.by_id), _name(view, line.for_id)
    return f"{by}, for {acting}" if by and acting else by


# buttons


def _actions(view: ConcernView) -> list[ac.Action]:
    """First what is the reader's own; a director's card has the head of service's steps folded away."""
    offered = [command for command in _ORDER if command in view.commands]
    most = _PRIMARY_MOST - (Command.ACKNOWLEDGE in view.commands)
    first = [command for command in offered if not _elses(view, command)][:most]
    others = [command for command in offered if command not in first]
    found: list[ac.Action] = [_button(view, command) for command in first]
    if others:
        inner = parts.row([_button(view, command) for command in others])
        found.append(parts.unfold("Other steps", [inner], []))
    found.append(parts.button("Timeline", press.Timeline(ref=view.concern.ref).press()))
    return found


_HEADS = frozenset({
    Command.RESPOND, Command.ASK_TEAM, Command.SUBMIT, Command.REMOVE, Command.CHALLENGE, Command.PROCEEDINGS,
    Command.TAKE_BACK, Command.SETTLE, Command.EVIDENCE,
})  # fmt: skip


_LATER = frozenset({Command.SUBMIT, Command.REMOVE, Command.CHALLENGE, Command.PROCEEDINGS})
"""Nobody's first thought about a child who may be in danger: folded away until there is a response."""


def _elses(view: ConcernView, command: Command) -> bool:
    """Not first on this card: too early, or the head of service's in the first place and the reader is above them."""
    if command in _LATER and view.concern.responded_at is None:
        return True
    heads = view.answers.get(Tier.HEAD_OF_SERVICE, ())
    above = bool(view.tiers) and not view.tiers & {Tier.HEAD_OF_SERVICE}
    return above and bool(heads) and command in _HEADS


def _acknowledge(view: ConcernView) -> ac.Action:
    """Beside the words that ask for it: below the grounds and the facts it would be two screens away on a phone."""
    go = press.Acknowledge(ref=view.concern.ref).press()
    return parts.button(say.button(view.concern, Command.ACKNOWLEDGE), go, style="positive")


def _button(view: ConcernView, command: Command) -> ac.Action:
    concern, title = view.concern, say.button(view.concern, command)
    if command is Command.TAKE_BACK:
        return parts.button(title, press.TakeBack(ref=concern.ref, moved=concern.moved).press())
    if command is Command.SIGN_OFF:
        go = press.SignOff(ref=concern.ref, moved=concern.moved).press()
        sure = parts.button("Yes, sign off", go, style="positive")
        return parts.unfold(title, [parts.say(say.sign_off_ask(concern))], [sure])
    return parts.button(title, press.StepForm(ref=concern.ref, command=command).press())
