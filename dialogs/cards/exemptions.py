"""An exemption for each of its readers: who decides, who asked, and who only looks."""

from microsoft_teams.cards import core as ac

from dialogs import payloads, words
from dialogs.cards import parts
from dialogs.cards.parts import Colour, Rendered
from dialogs.neutral import neutral, one_line
from dialogs.words import exemptions as say
from domain.exemptions import Command, Exemption, State
from domain.people import PersonId
from domain.ports import ExemptionStep
from domain.views import ExemptionView

HISTORY_SHOWN = 5

COLOUR: dict[State, Colour] = {
    State.WITH_HEAD_OF_SERVICE: "Warning",
    State.WITH_DIRECTOR: "Warning",
    State.WITH_DCS: "Warning",
    State.ASKED_BACK: "Warning",
    State.APPROVED: "Good",
    State.DECLINED: "Attention",
    State.WITHDRAWN: "Default",
    State.LAPSED: "Attention",
}
_DECIDING = frozenset({Command.ENDORSE, Command.APPROVE, Command.DECLINE, Command.ASK_BACK})


def exemption(view: ExemptionView, lead: str | None = None) -> Rendered:
    """The one card of an exemption; `view.commands` are its buttons. `lead` says why it is shown, or that the
    press came from an older card (`words.exemptions.MOVED_ON`)."""
    it = view.exemption
    body = [
        parts.heading(title(view)),
        parts.lead(lead),
        parts.state(say.STATE[it.state], COLOUR[it.state]),
        *(parts.say(line) for line in _where(view)),
        *_flags(it),
        parts.facts(_facts(view)),
        *parts.quoted("Explanation", it.explanation),
        *_earlier(view),
        *_history(view),
        *(parts.say(line, separate=True) for line in _next(view)),
        *_answer_input(view),
    ]
    return Rendered(parts.card(body, _actions(view)), summary(view))


def title(view: ExemptionView) -> str:
    own = view.viewer_id == view.exemption.person_id
    return f"{'Your e' if own else 'E'}xemption request {view.exemption.ref}"


def summary(view: ExemptionView) -> str:
    """One line for a notification: which request, whose, and where it is."""
    it = view.exemption
    return f"{it.ref}: {_name(view, it.person_id)}, {words.month(it.month)}. {say.STATE[it.state]}."


def _name(view: ExemptionView, person_id: PersonId | None) -> str:
    return one_line(view.name(person_id), parts.NAME_LONGEST)


def _decides(view: ExemptionView) -> bool:
    return bool(_DECIDING & set(view.commands))


def _where(view: ExemptionView) -> list[str]:
    it = view.exemption
    if not it.state.open:
        by, acting = _name(view, it.decided_by_id), _name(view, it.decided_for_id)
        yours = view.viewer_id == it.person_id
        said = [say.outcome(it, by, acting), say.consequence(it, _name(view, it.person_id), yours=yours)]
        return [*said, f"Reason given: “{neutral(it.note, parts.TEXT_LONGEST)}”"] if it.note else said
    if _decides(view):
        acting = _name(view, view.acting_for)
        return [f"You are asked as deputy for {acting}." if acting else "You are asked to decide this step."]
    lines = [say.waits(it, _name(view, it.approver_id))]
    others = [_name(view, d) for d in view.deputies if d != view.viewer_id]
    if others and it.state.level:
        lines.append(say.deputies(others))
    if it.chases:
        lines.append(say.chased(it.chases))
    return lines


def _flags(it: Exemption) -> list[ac.CardElement]:
    """On every card of the exemption, for every reader (domain, section 4); in colour while it can still matter."""
    flags = [(it.last_week, say.LAST_WEEK), (it.after_issue, say.AFTER_ISSUE)]
    said = "\n\n".join(text for holds, text in flags if holds)
    return [parts.state(said, "Warning" if it.state.open else "Default")] if said else []


def _facts(view: ExemptionView) -> list[tuple[str, str | None]]:
    it = view.exemption
    person = view.people.get(it.person_id)
    other = it.requested_by_id != it.person_id
    reason = one_line(view.reason.label if view.reason else it.reason, 80)
    return [
        ("For", _name(view, it.person_id)),
        ("Team", one_line(person.team.name, 60) if person and person.team else None),
        ("Asked by", _name(view, it.requested_by_id) if other else None),
        ("Month", words.month(it.month)),
        ("Deadline", say.deadline(it, view.working_days_left) if it.state.open else None),
        ("Reason", f"{reason} ({say.CLASS[it.reason_class]})"),
        ("Asked on", words.moment(it.requested_at)),
        ("Audit", one_line(say.audit_fact(view.audit), 120) if view.audit else None),
    ]


def _earlier(view: ExemptionView) -> list[ac.TextBlock]:
    refused = view.earlier_refusal
    if refused is None:
        return []
    reason = one_line(refused.note, parts.NOTE_SHOWN)
    return [parts.say(say.earlier(refused, _name(view, refused.decided_by_id), reason))]


def _history(view: ExemptionView) -> list[ac.CardElement]:
    """The latest steps, oldest of them first; who acted, and for whom."""
    steps = list(view.history)
    if len(steps) < 2:
        return []
    shown = steps[-HISTORY_SHOWN:]
    more = len(steps) - len(shown)
    lines: list[ac.CardElement] = [parts.subheading("So far")]
    if more:
        lines.append(parts.say(f"{words.count(more, 'earlier step is', 'earlier steps are')} not shown."))
    for step in shown:
        block = parts.say(_step(view, step), subtle=True)
        block.spacing = "Small"
        lines.append(block)
    return lines


def _step(view: ExemptionView, step: ExemptionStep) -> str:
    by, acting = _name(view, step.by_id), _name(view, step.for_id)
    who = f"{by}, as deputy for {acting}," if acting else by
    did = say.DID.get(step.command, "did a step")
    shown_above = step.note == view.exemption.explanation
    note = f": “{one_line(step.note, parts.NOTE_SHOWN)}”" if step.note and not shown_above else ""
    return f"{words.moment(step.at)}: {who + ' ' if who else ''}{did}{note}"


def _next(view: ExemptionView) -> list[str]:
    it = view.exemption
    if not it.state.open:
        return []
    if Command.ENDORSE in view.commands:
        return [say.if_endorsed(), say.unanswered(it)]
    if Command.APPROVE in view.commands:
        return [say.if_approved(_name(view, it.person_id), it, view.audit), say.unanswered(it)]
    if view.viewer_id in it.parties:
        answers = view.viewer_id == it.requested_by_id
        following = say.next_for_party(it, _name(view, it.approver_id), view.audit, answers=answers)
        return [following, say.unanswered(it)]
    return [say.unanswered(it)]


def _answer_input(view: ExemptionView) -> list[ac.CardElement]:
    if Command.ANSWER not in view.commands:
        return []
    return [
        *parts.quoted("The question", _question(view)),
        parts.text_input("answer", "Your answer", "Write your answer, then press the button."),
    ]


def _question(view: ExemptionView) -> str:
    asked = [step.note for step in view.history if step.command == Command.ASK_BACK.value]
    return asked[-1] if asked else view.exemption.note


def _actions(view: ExemptionView) -> list[ac.Action]:
    it = view.exemption
    on = {"ref": it.ref, "version": it.version}
    found: list[ac.Action] = []
    for command in view.commands:
        match command:
            case Command.ENDORSE:
                found.append(
                    parts.button("Endorse", payloads.Endorse(ref=it.ref, version=it.version).press())
                )
            case Command.APPROVE:
                found.append(
                    parts.button("Approve", payloads.Approve(ref=it.ref, version=it.version).press())
                )
            case Command.DECLINE:
                found.append(_decline(payloads.Decline.press_with_inputs(**on)))
            case Command.ASK_BACK:
                found.append(_ask_back(payloads.AskBack.press_with_inputs(**on)))
            case Command.ANSWER:
                send = payloads.Answer.press_with_inputs(**on)
                found.append(parts.button("Send answer", send, inputs=True, style="positive"))
            case Command.WITHDRAW:
                found.append(_withdraw(payloads.Withdraw(ref=it.ref, version=it.version).press()))
            case _:
                pass
    return [*found, *_ways_on(view)]


def _decline(press: payloads.Press) -> ac.ShowCardAction:
    field = parts.text_input("note", "Why is it declined?", "Write a reason: the requester reads it.")
    go = parts.button("Decline this request", press, inputs=True, style="destructive")
    return parts.unfold("Decline", [field], [go])


def _ask_back(press: payloads.Press) -> ac.ShowCardAction:
    field = parts.text_input("question", "What do you want to know?", "Write your question.")
    return parts.unfold("Ask a question", [field], [parts.button("Send question", press, inputs=True)])


def _withdraw(press: payloads.Press) -> ac.ShowCardAction:
    sure = parts.button("Yes, withdraw it", press, style="destructive")
    return parts.unfold("Withdraw", [parts.say(say.WITHDRAW_ASK)], [sure])


def _ways_on(view: ExemptionView) -> list[ac.Action]:
    """Where to go from a card that asks nothing: there is always a next step."""
    it = view.exemption
    if it.state.open and view.commands:
        return []
    if view.viewer_id not in it.parties:
        return [parts.button("What is waiting for me", payloads.ExemptionWaiting().press())]
    found: list[ac.Action] = [parts.button("My audit", payloads.MyAudit(month=it.month).press())]
    again = it.state in (State.DECLINED, State.WITHDRAWN) and view.today <= it.month.last
    if again and view.viewer_id == it.requested_by_id:
        others = it.requested_by_id != it.person_id
        form = payloads.ExemptionForm(month=it.month, others=others, reason=it.reason)
        found.append(parts.button("Ask again", form.press()))
    return found
