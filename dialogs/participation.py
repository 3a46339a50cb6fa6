"""Handlers of the social worker's and the manager's part in audits."""

from collections.abc import Mapping

from dialogs import audits, cycle, words
from dialogs import payloads as base
from dialogs.cards import participation as cards
from dialogs.payloads import participation as press
from dialogs.talk import Pressed, Reply, Said, Talk, shown
from domain.calendar import Month
from domain.errors import Invalid, OutOfDate
from domain.participation import COMMENT, VIEWS
from domain.permissions import Permission, reaching
from domain.templates import REFLECTION
from domain.usecases import participation as usecases
from domain.usecases import participation_views as views


async def form(talk: Talk, pressed: press.ContributionForm) -> Reply:
    return await _form(talk, pressed.ref, comment=pressed.comment)


async def _form(talk: Talk, ref: str, refused: OutOfDate | None = None, *, comment: bool = False) -> Reply:
    """The comment's only where there is a result to comment on."""
    view = await views.form(talk.store, talk.actor, ref, talk.now)
    problem = words.refusal(refused, talk.policy.texts.qa_contact) if refused else None
    longest = {code: usecases.longest(talk.policy, code) for code in (*view.asked, COMMENT)}
    make = cards.comment if comment and view.may_comment else cards.form
    return shown(make(view, longest, problem))


async def save(talk: Talk, pressed: press.ContributionSave) -> Reply:
    answers = {code: str(getattr(pressed, code)) for code in (*REFLECTION, VIEWS)}
    try:
        await usecases.give(
            talk.store, talk.policy, talk.actor, pressed.ref, pressed.version, answers, talk.now, talk.once
        )
    except OutOfDate as refused:
        return await _form(talk, pressed.ref, refused)
    except Invalid as refused:
        # A message and no card: what was typed stays where it is, to be mended.
        return Reply(text=words.refusal(refused, talk.policy.texts.qa_contact))
    return await cycle.card_after(talk, pressed.ref)


async def comment(talk: Talk, pressed: press.ContributionComment) -> Reply:
    try:
        await usecases.comment(
            talk.store, talk.policy, talk.actor, pressed.ref, pressed.comment, talk.now, talk.once
        )
    except OutOfDate as refused:
        return await _form(talk, pressed.ref, refused, comment=True)
    except Invalid as refused:
        return Reply(text=words.refusal(refused, talk.policy.texts.qa_contact))
    return await cycle.card_after(talk, pressed.ref)


async def coming(talk: Talk, pressed: press.ComingShow) -> Reply:
    view = await views.coming(talk.store, talk.policy, talk.actor, pressed.month, talk.now, pressed.offset)
    return shown(cards.coming(view))


async def coming_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    """For those who take part in audits; to everybody else their own audits are what is coming."""
    if reaching(talk.actor, Permission.AUDIT_TAKE_PART, talk.today) is None:
        return await audits.mine_for(talk, slots)
    month = Month.parse(slots["month"]) if slots.get("month") else None
    return await coming(talk, press.ComingShow(month=month))


async def results(talk: Talk, pressed: press.ResultsShow) -> Reply:
    view = await views.results(talk.store, talk.policy, talk.actor, talk.now, pressed.offset)
    return shown(cards.results(view))


async def comment_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    """ "I want to comment": on the audit that is named, else the results to choose from."""
    ref = slots.get("ref") or slots.get("audit_ref")
    if ref:
        return await _form(talk, ref, comment=True)
    if slots.get("child_ref"):
        return await cycle.show_for(talk, slots)
    return await results(talk, press.ResultsShow())


async def history(talk: Talk, pressed: press.TeamHistory) -> Reply:
    return shown(cards.history(await views.history(talk.store, talk.actor, talk.now, pressed.offset)))


async def history_for(talk: Talk, slots: Mapping[str, str]) -> Reply:
    return await history(talk, press.TeamHistory())


PRESSED: dict[type[base.Payload], Pressed] = {
    press.ContributionForm: form,
    press.ContributionSave: save,
    press.ContributionComment: comment,
    press.ComingShow: coming,
    press.TeamHistory: history,
    press.ResultsShow: results,
}
SAID: dict[str, Said] = {"coming": coming_for, "team_history": history_for, "results": comment_for}
