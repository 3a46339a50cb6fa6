"""What the draw's preview says of each rule that could not be met, and of numbers that contradict each other."""

from collections.abc import Callable, Mapping, Sequence

from dialogs.words import count
from dialogs.words.issuing import label_of, short_list
from domain.allocation import Rule, Unmet
from domain.drawing import Settings
from domain.policy import Policy

Facts = Mapping[str, str]


def contradicts(settings: Settings) -> str | None:
    """The numbers of the cohorts and the total say two things; None where they do not."""
    added = sum(number for _, number in settings.per_cohort)
    all_numbered = set(settings.strata) == {cohort for cohort, _ in settings.per_cohort}
    if settings.total is None or not settings.per_cohort or added == settings.total:
        return None
    if added < settings.total and not all_numbered:
        return None
    return (
        f"The numbers add up to {added:,}, and the total says {settings.total:,}: the smaller one counts. Leave the "
        "total empty, or change the numbers."
    )


def explained(item: Unmet, settings: Settings) -> bool:
    """Whether the contradiction is the reason: then no other is given."""
    if contradicts(settings) is None:
        return False
    added = sum(number for _, number in settings.per_cohort)
    short = item.rule is Rule.TOTAL_SHORT and item.facts["got"] == str(added)
    return short or (item.rule is Rule.COHORT_SHORT and added > (settings.total or 0))


def also_numbered(settings: Settings, policy: Policy) -> str | None:
    """A cohort was ticked, and another has a number: both are drawn, which may not be meant."""
    others = [cohort for cohort, _ in settings.per_cohort if cohort not in settings.cohorts]
    if not settings.cohorts or not others:
        return None
    ticked = short_list([label_of(policy, cohort) for cohort in settings.cohorts])
    numbered = short_list([label_of(policy, cohort) for cohort in others])
    return f"You ticked {ticked}, and gave a number for {numbered}: all of these are drawn."


def unmet(item: Unmet, names: Sequence[str], team: str, policy: Policy) -> str:
    """`names` of the people it is about and `team` are neutral already."""
    return _UNMET[item.rule](item.facts, names, team, policy)


def _no_child(facts: Facts, names: Sequence[str], team: str, policy: Policy) -> str:
    number = int(facts["count"])
    who = f": {short_list(names)}" if names and len(names) == number else ""
    return (
        f"{count(number, 'auditor gets', 'auditors get')} no child{who}. Choose more cohorts, raise the numbers, allow "
        "more from one team, or leave fewer children out."
    )


def _cohort_short(facts: Facts, names: Sequence[str], team: str, policy: Policy) -> str:
    label = label_of(policy, facts["cohort"])
    return (
        f"{label}: {facts['got']} of {facts['wanted']}. {int(facts['eligible']):,} of them can be drawn in all. Lower "
        "this number, or allow more from one team."
    )


def _team_short(facts: Facts, names: Sequence[str], team: str, policy: Policy) -> str:
    return f"{team or 'One team'} gives {facts['got']} of at most {facts['wanted']}: no more of theirs can be drawn."


def _total_short(facts: Facts, names: Sequence[str], team: str, policy: Policy) -> str:
    return (
        f"{facts['got']} of {facts['wanted']} could be drawn. There are not enough auditors or children for the rest: "
        "lower the total, or choose more cohorts."
    )


def _audited_before(facts: Facts, names: Sequence[str], team: str, policy: Policy) -> str:
    who = names[0] if names else "An auditor"
    if not facts["child"]:
        return (
            "You get a child whom you have audited before: no other way was found. A colleague of the QA team can "
            "leave the child out with a reason."
        )
    return (
        f"{who} gets child {facts['child']}, whom they have audited before: no other way was found. You can leave the "
        "child out with a reason."
    )


_UNMET: dict[Rule, Callable[[Facts, Sequence[str], str, Policy], str]] = {
    Rule.NO_CHILD: _no_child,
    Rule.COHORT_SHORT: _cohort_short,
    Rule.TEAM_SHORT: _team_short,
    Rule.TOTAL_SHORT: _total_short,
    Rule.AUDITED_BEFORE: _audited_before,
}
