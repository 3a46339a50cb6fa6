"""What those who take part in audits are shown: the form, what is coming, and what was audited before."""

from collections.abc import Mapping
from itertools import groupby

from microsoft_teams.cards import core as ac

from dialogs import words
from dialogs.cards import parts
from dialogs.cards.parts import Rendered
from dialogs.neutral import one_line
from dialogs.payloads import Help
from dialogs.payloads import participation as press
from dialogs.payloads.cycle import AuditShow
from dialogs.words import audits as audit_words
from dialogs.words import dates
from dialogs.words import participation as say
from dialogs.words.grades import GRADE
from domain.audits import Audit
from domain.participation import COMMENT
from domain.views.participation import ComingAudits, HistoryLine, PartForm, ResultLines, TeamHistory


def form(view: PartForm, longest: Mapping[str, int], problem: str | None = None) -> Rendered:
    """The questions of one's part, as they were answered so far. `longest` are the characters of each answer, by
    code."""
    audit = view.audit
    title = say.title(one_line(audit.ref, 40))
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.problem(problem),
        parts.facts(_facts(view)),
        *_questions(view, longest),
    ]
    return Rendered(parts.card(body, _actions(view)), title)


def comment(view: PartForm, longest: Mapping[str, int], problem: str | None = None) -> Rendered:
    """What one says about the result: one box, and who is told of it."""
    audit = view.audit
    title = say.comment_title(one_line(audit.ref, 40))
    body: list[ac.CardElement | None] = [
        parts.heading(title),
        parts.problem(problem),
        parts.facts([*_facts(view), ("Grade", GRADE[audit.counts] if audit.counts else None)]),
        parts.say(say.comment_told(parts.name(view.auditor))),
        parts.say(say.PRIVACY, subtle=True),
        parts.text_input(
            COMMENT,
            say.COMMENT_LABEL,
            say.COMMENT_ERROR,
            value=parts.typed(view.filled, COMMENT),
            longest=longest[COMMENT],
        ),
        None if view.asked else parts.say(say.CLOSED, subtle=True),
    ]
    send = press.ContributionComment.press_with_inputs(ref=audit.ref)
    change = parts.button("Change what I gave", press.ContributionForm(ref=audit.ref).press())
    actions: list[ac.Action] = [
        parts.button("Send comment", send, inputs=True, style="positive"),
        *([change] if view.asked else []),
        _open(audit),
    ]
    return Rendered(parts.card(body, actions), title)


def _facts(view: PartForm) -> list[tuple[str, str | None]]:
    audit = view.audit
    return [
        ("Child", one_line(audit.child_ref, 40) if audit.child_ref else None),
        ("Team", one_line(audit.team.name, 60) if audit.team else None),
        ("Auditor", parts.name(view.auditor) or None),
        ("Due", words.day(audit.due_on) if audit.returned_on is None else None),
    ]


def _questions(view: PartForm, longest: Mapping[str, int]) -> list[ac.CardElement]:
    if not view.asked:
        return [parts.say(say.CLOSED if view.may_comment else say.NOTHING_YET)]
    inputs = [
        parts.text_input(
            code,
            say.QUESTION[code],
            say.ERROR,
            value=parts.typed(view.filled, code),
            required=False,
            longest=longest[code],
        )
        for code in view.asked
    ]
    how = say.how(view.part, parts.name(view.auditor))
    return [parts.say(how), parts.say(say.PRIVACY, subtle=True), *inputs]


def _actions(view: PartForm) -> list[ac.Action]:
    audit = view.audit
    found: list[ac.Action] = []
    if view.asked:
        known: dict[str, object] = {"version": view.version} if view.version else {}
        save = press.ContributionSave.press_with_inputs(ref=audit.ref, **known)
        found.append(parts.button("Save", save, inputs=True, style="positive"))
    if view.may_comment:
        found.append(_comment(audit))
    return [*found, _open(audit)]


def _comment(audit: Audit) -> ac.Action:
    opens = press.ContributionForm(ref=audit.ref, comment=True)
    return parts.button("Comment on the result", opens.press())


def _open(audit: Audit) -> ac.Action:
    return parts.button(f"Open {one_line(audit.ref, 30)}", AuditShow(ref=audit.ref).press())


def coming(view: ComingAudits, lead: str | None = None) -> Rendered:
    """Audits that are still to come, month by month: a manager's, or a social worker's own."""
    title = say.coming_title(view.month, own=view.own)
    body: list[ac.CardElement | None] = [parts.heading(title), parts.lead(lead)]
    if not view.total:
        body.append(parts.say(say.none_coming(view.month, own=view.own)))
    else:
        body.append(parts.say(dates.page(view.offset, len(view.audits), view.total)))
    for month, audits in groupby(view.audits, key=lambda audit: audit.month):
        body.append(parts.subheading(words.month(month)) if view.month is None else None)
        for audit in audits:
            body += _coming(view, audit)
    turn = parts.pages(
        view.offset,
        view.page,
        view.total,
        press.ComingShow(month=view.month, offset=max(0, view.offset - view.page)).press(),
        press.ComingShow(month=view.month, offset=view.offset + view.page).press(),
    )
    return Rendered(parts.card(body, [*turn, *_elsewhere(view)]), lead or title)


def _elsewhere(view: ComingAudits) -> list[ac.Action]:
    """Other months where there is something; and what is over."""
    found: list[ac.Action] = []
    if view.elsewhere > 0:
        found.append(parts.button(say.other_months(view.elsewhere), press.ComingShow().press()))
    if view.own:
        results = parts.button("Results of my children", press.ResultsShow().press())
        return [*found, results, parts.button("Help", Help().press())]
    return [*found, parts.button("What was audited before", press.TeamHistory().press())]


def _coming(view: ComingAudits, audit: Audit) -> list[ac.CardElement]:
    child = f", child {one_line(audit.child_ref, 40)}" if audit.child_ref else ""
    team = f", {one_line(audit.team.name, 60)}" if audit.team else ""
    who = parts.name(view.people.get(audit.auditor_id)) if audit.auditor_id is not None else ""
    by = f", with {who}" if who else ""
    ref = one_line(audit.ref, 30)
    give = parts.button(
        f"{'Give my part in' if view.own else 'Give views on'} {ref}",
        press.ContributionForm(ref=audit.ref).press(),
    )
    return [
        parts.say(f"{ref}{child}{team}{by}, due on {words.day(audit.due_on)}.", separate=True),
        parts.row([give]),
    ]


def results(view: ResultLines) -> Rendered:
    """What came of the audits that the reader can comment on."""
    title = say.RESULTS_OWN if view.own else say.RESULTS_TEAM
    body: list[ac.CardElement | None] = [parts.heading(title)]
    if not view.total:
        body.append(parts.say(say.NO_RESULTS))
        ways = [parts.button("What is coming", press.ComingShow().press())]
        return Rendered(parts.card(body, ways), say.NO_RESULTS)
    body += [parts.say(say.RESULTS_HOW), parts.say(dates.page(view.offset, len(view.audits), view.total))]
    for audit in view.audits:
        body += _result(audit)
    turn = parts.pages(
        view.offset,
        view.page,
        view.total,
        press.ResultsShow(offset=max(0, view.offset - view.page)).press(),
        press.ResultsShow(offset=view.offset + view.page).press(),
    )
    coming_ = parts.button("What is coming", press.ComingShow().press())
    return Rendered(parts.card(body, [*turn, coming_]), f"{title}: {words.count(view.total, 'audit')}")


def _result(audit: Audit) -> list[ac.CardElement]:
    child = f", child {one_line(audit.child_ref, 40)}" if audit.child_ref else ""
    grade = f": {GRADE[audit.counts]}" if audit.counts else ""
    which = f"{words.month(audit.month)}, {audit_words.KIND[audit.kind]}{child}"
    opens = press.ContributionForm(ref=audit.ref, comment=True)
    return [
        parts.say(f"{which}{grade}", separate=True),
        parts.row([parts.button(f"Comment on {one_line(audit.ref, 30)}", opens.press()), _open(audit)]),
    ]


def history(view: TeamHistory) -> Rendered:
    """What was audited before, and how it went."""
    title = say.history_title([one_line(team, 60) for team in view.teams])
    body: list[ac.CardElement | None] = [parts.heading(title)]
    if not view.total:
        body.append(parts.say(say.NO_HISTORY))
        return Rendered(parts.card(body, [parts.button("Help", Help().press())]), say.NO_HISTORY)
    body.append(parts.say(dates.page(view.offset, len(view.lines), view.total)))
    for line in view.lines:
        body += _line(line, several=len(view.teams) != 1)
    turn = parts.pages(
        view.offset,
        view.page,
        view.total,
        press.TeamHistory(offset=max(0, view.offset - view.page)).press(),
        press.TeamHistory(offset=view.offset + view.page).press(),
    )
    ways = turn or [parts.button("What is coming", press.ComingShow().press())]
    return Rendered(parts.card(body, ways), f"{title}: {words.count(view.total, 'audit')}")


def _line(line: HistoryLine, *, several: bool) -> list[ac.CardElement]:
    """`several`: they are of more than one team, so each says which; one team's name is in the heading."""
    audit = line.audit
    child = f", child {one_line(audit.child_ref, 40)}" if audit.child_ref else ""
    team = f", {one_line(audit.team.name, 60)}" if audit.team and several else ""
    grade = f": {GRADE[audit.counts]}" if audit.counts else ""
    which = f"{words.month(audit.month)}, {audit_words.KIND[audit.kind]}{child}{team}"
    return [
        parts.say(f"{which}{grade}", separate=True),
        parts.say(f"{say.actions(line.actions_open, line.actions_done)}.", subtle=True),
        parts.row([_open(audit)]),
    ]
