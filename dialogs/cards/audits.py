"""Audits: one's own of a month, and a child who needs another auditor."""

from microsoft_teams.cards import core as ac

from dialogs import payloads, words
from dialogs.cards import parts
from dialogs.cards.parts import Colour, Rendered
from dialogs.neutral import one_line
from dialogs.payloads.cycle import AuditShow
from dialogs.payloads.requests import RequestShow
from dialogs.payloads.returns import ReturnOpen
from dialogs.words import audits as say
from dialogs.words import returns as return_words
from domain.audits import AuditState, Kind, Standing
from domain.calendar import Month
from domain.exemptions import State
from domain.views import AuditLine, FreedAudit, MyAudits

LINES_SHOWN = 10
SOON = 2
"""Working days left from which on a due audit is shown in the warning colour."""

_COLOUR: dict[Standing, Colour] = {
    Standing.DUE: "Default",
    Standing.OVERDUE: "Attention",
    Standing.NIL: "Attention",
    Standing.RETURNED: "Good",
    Standing.RETURNED_LATE: "Warning",
    Standing.FREED: "Default",
}


def my_audits(view: MyAudits, lead: str | None = None) -> Rendered:
    """Every audit that the person has in the month, how it stands, and what is next."""
    body: list[ac.CardElement | None] = [parts.heading(say.title(view)), parts.lead(lead)]
    if not view.lines:
        body.append(parts.say(say.nothing(view)))
    for line in view.lines[:LINES_SHOWN]:
        body += _line(view, line)
    if view.lines and all(line.audit.month != view.month for line in view.lines):
        body.append(parts.say(say.none_yet(view), separate=True))
    if len(view.lines) > LINES_SHOWN:
        body.append(parts.say(f"{words.count(len(view.lines) - LINES_SHOWN, 'more audit')}, not shown here."))
    if view.exemption and (view.lines or view.exemption.state is not State.APPROVED):
        body.append(parts.say(say.with_exemption(view.exemption)))
    if any(line.standing is Standing.DUE for line in view.lines):
        body.append(parts.say(say.to_do(view)))
    return Rendered(parts.card(body, _ways_on(view)), my_summary(view))


def my_summary(view: MyAudits) -> str:
    if not view.lines:
        return say.nothing(view)
    line = view.lines[0]
    more = f" And {words.count(len(view.lines) - 1, 'more audit')}." if len(view.lines) > 1 else ""
    child = f", child {one_line(line.audit.child_ref, 40)}" if line.audit.child_ref else ""
    stands = say.stands(line.audit, line.standing, view)
    reworked = line.audit.state is AuditState.SENT_BACK
    state = say.SENT_BACK if reworked else say.STANDING[line.standing]
    return f"{line.audit.ref}{child}: {state.lower()}; {stands}{more}"


def _line(view: MyAudits, line: AuditLine) -> list[ac.CardElement]:
    audit = line.audit
    child = f"Child {one_line(audit.child_ref, 40)}" if audit.child_ref else say.KIND[audit.kind]
    colour = _COLOUR[line.standing]
    if line.standing is Standing.DUE and view.working_days_left <= SOON:
        colour = "Warning"
    reworked = audit.state is AuditState.SENT_BACK
    return [
        parts.subheading(child),
        parts.state(say.SENT_BACK, "Warning")
        if reworked
        else parts.state(say.STANDING[line.standing], colour),
        parts.say(_upper(say.stands(audit, line.standing, view))),
        parts.facts(
            [
                ("Reference", one_line(audit.ref, 40)),
                ("Kind", say.KIND[audit.kind] if audit.kind is not Kind.CORE else None),
                ("Team", one_line(audit.team.name, 60) if audit.team else None),
                ("Due", words.day(audit.due_on)),
            ]
        ),
        *_return(line),
    ]


def _return(line: AuditLine) -> list[ac.CardElement]:
    """What waits for an answer; the way into the return, where it was left, and to the audit itself (more time, another
    child)."""
    if not line.awaited:
        return []
    ref = line.audit.ref
    asked = [parts.state(say.asked(line.asked), "Warning")] if line.asked else []
    opens = parts.button(return_words.open_title(line.started), ReturnOpen(ref=ref).press(), style="positive")
    ways: list[ac.Action] = [opens, parts.button(f"Open {one_line(ref, 40)}", AuditShow(ref=ref).press())]
    if line.asked:
        ways.append(parts.button("My request", RequestShow(ref=line.asked.ref).press()))
    return [*asked, parts.row(ways)]


def _upper(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _ways_on(view: MyAudits) -> list[ac.Action]:
    found: list[ac.Action] = []
    if view.may_request:
        form = payloads.ExemptionForm(month=view.month)
        found.append(parts.button("Ask for an exemption", form.press()))
    if view.exemption:
        show = payloads.ExemptionShow(ref=view.exemption.ref)
        found.append(parts.button(f"Open {view.exemption.ref}", show.press()))
    if view.is_auditor:
        found += [_other_month(view.month.plus(by)) for by in (-1, 1)]
    return found or [parts.button("Help", payloads.Help().press())]


def _other_month(month: Month) -> ac.Action:
    return parts.button(words.month(month), payloads.MyAudit(month=month).press())


def freed(
    view: FreedAudit, *, find: str = "", lead: str | None = None, problem: str | None = None
) -> Rendered:
    """A child taken off its auditor, with those who may take it; or with whom it is now."""
    audit = view.audit
    team = one_line(audit.team.name, 60) if audit.team else None
    body: list[ac.CardElement | None] = [
        parts.heading(say.freed_title(audit) if view.given_to is None else f"{audit.ref} has an auditor"),
        parts.lead(lead),
        parts.problem(problem),
        parts.facts(
            [
                ("Child", one_line(audit.child_ref, 40) if audit.child_ref else None),
                ("Team", team),
                ("Month", words.month(audit.month)),
                ("Due", words.day(audit.due_on)),
                ("Exemption", view.exemption_ref),
            ]
        ),
    ]
    summary = f"{say.freed_title(audit)}: {team or words.month(audit.month)}"
    if view.given_to is not None:
        name = parts.name(view.given_to)
        given = parts.card([*body, parts.say(say.given(audit, name))], _back())
        return Rendered(given, say.given(audit, name))
    more, actions = _offer(view, find)
    return Rendered(parts.card([*body, *more], actions), summary)


def _back() -> list[ac.Action]:
    return [parts.button("What is waiting for me", payloads.ExemptionWaiting().press())]


def _offer(view: FreedAudit, find: str) -> tuple[list[ac.CardElement], list[ac.Action]]:
    ref = view.audit.ref
    if not view.takers:
        return [parts.say(say.no_takers(view.audit, view.today))], [
            parts.button("Look again", payloads.FreedShow(ref=ref).press()),
            *_back(),
        ]
    choosable = parts.choosable(view.takers, find)
    hint: list[ac.CardElement] = [parts.say(choosable.hint)] if choosable.hint else []
    if not choosable.people:
        return [*hint, *parts.search_box(payloads.FreedShow.press_with_inputs(ref=ref), find)], _back()
    field = parts.choice(
        "auditor",
        f"Auditor ({words.count(len(view.takers), 'person', 'people')} can take it)",
        "Choose an auditor.",
        parts.person_choices(choosable.people),
        placeholder="Choose an auditor",
    )
    give = payloads.Give.press_with_inputs(ref=ref, version=view.audit.version)
    actions: list[ac.Action] = [parts.button("Give to this auditor", give, inputs=True, style="positive")]
    if choosable.search:
        actions.append(parts.button("Search again", payloads.FreedShow(ref=ref).press()))
    return [*hint, field, parts.say(say.WHO_CAN_TAKE, subtle=True)], actions
