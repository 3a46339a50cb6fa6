"""The second half of a whole month: returned in steps or at once, judged a second time, confirmed, put on record."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from domain.calendar import local_date
from domain.templates import ENGAGEMENT
from tests.doubles import activities
from tests.stories.month_council import Member
from tests.stories.month_story import AUDIT, Case, TheMonth, shows
from tests.stories.world import CardJson, Chat, buttons, choices, text_of

ON = "Save and continue"
GRADES = ("good", "requires_improvement", "requires_improvement", "inadequate", "requires_improvement", "good",
          "requires_improvement", "inadequate", "requires_improvement", "outstanding")  # fmt: skip
BELOW_GOOD = ("requires_improvement", "inadequate")
AREAS = ("assessment", "planning", "review", "management_oversight", "iro_oversight", "direct_work",
         "relational_practice", "risk_assessment", "responsiveness", "legal_activity", "permanence")  # fmt: skip
TOOK_PART: dict[str, Callable[[int], bool]] = {
    "social_worker": lambda place: place % 16 != 3,
    "manager": lambda place: place % 5 != 1,
    "child": lambda place: place % 4 == 0,
    "parent": lambda place: place % 5 < 2,
    "iro": lambda place: place % 4 == 1,
    "reflection_sheet": lambda place: place % 3 != 0,
}
"""Of the n-th return: who took part in it."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What an auditor has to say in a return."""

    grade: str
    took_part: dict[str, bool]
    concern: bool = False

    @classmethod
    def of(cls, place: int) -> "Findings":
        grade = GRADES[place % len(GRADES)]
        part = {name: took(place) for name, took in TOOK_PART.items()}
        return cls(grade, part, concern=grade == "inadequate" and place % 4 == 3)

    @property
    def areas(self) -> dict[str, str]:
        return {f"answer_area_{code}": self.grade for code in AREAS}

    @property
    def engagement(self) -> dict[str, str]:
        return {
            f"answer_{code}": "yes" if self.took_part[name] else "no" for code, name in ENGAGEMENT.items()
        }

    @property
    def why(self) -> dict[str, str]:
        return {"answer_grade": self.grade, "answer_rationale": "Visits are seen, and what they led to."}

    @property
    def strengths(self) -> dict[str, str]:
        return {"answer_strengths": "A relationship that lasts."}

    @property
    def whether_of_concern(self) -> dict[str, str]:
        return {"answer_concern": "yes" if self.concern else "no"}

    @property
    def grounds(self) -> dict[str, str]:
        said = {"answer_concern_category": "category_2", "answer_concern_grounds": "No visit since August."}
        return said if self.concern else {}


async def returns_in_steps(month: TheMonth, person: Member, findings: Findings) -> None:
    """Every step by its card; left in the middle, and gone on with from "my audit"."""
    chat, case = month.chat(person), month.diary.of(person)
    card = await chat.opens(await chat.says("my audit january 2019"), "Fill in the return")
    card = await chat.opens(card, ON, **findings.areas)
    card = await chat.opens(card, "Save and close", **findings.engagement)
    month.world.clock.forward(minutes=90)
    mine = await chat.says("my audit january 2019")
    [goes_on] = [title for title in buttons(mine) if title.startswith("Continue: ")]
    card = await chat.opens(mine, goes_on)
    card = await chat.opens(card, ON, **findings.why)
    card = await chat.opens(card, ON, **findings.strengths)
    if findings.grade in BELOW_GOOD:
        owner = next(iter(choices(card, "owner").values()))
        card = await chat.opens(card, "Add this action", description="Update the plan", owner=owner)
    card = await chat.opens(card, ON)
    card = await chat.opens(card, ON, **findings.whether_of_concern)
    if findings.concern:
        card = await chat.opens(card, ON, **findings.grounds)
    card = await chat.opens(card, ON)
    await _handed_in(month, chat, card, case, findings)


async def returns_at_once(month: TheMonth, person: Member, findings: Findings) -> None:
    """The same answers from one form over all steps, as words typed in chat open it."""
    chat, case = month.chat(person), month.diary.of(person)
    answers = {
        **findings.areas, **findings.engagement, **findings.why, **findings.strengths,
        **findings.whether_of_concern, **findings.grounds,
    }  # fmt: skip
    if findings.grade in BELOW_GOOD:
        owner = await _owner(month, chat, case)
        answers |= {"description": "Update the plan", "owner": owner}
    review = await saves(month, chat, case, answers)
    await _handed_in(month, chat, review, case, findings)


async def _owner(month: TheMonth, chat: Chat, case: Case) -> str:
    """Somebody whom the step of the actions offers; the same for every child of a team."""
    if case.team not in month.owners:
        card = await pressed(month, chat, "return.open", {"ref": case.ref, "section": "grade"})
        card = await chat.opens(
            card, ON, answer_grade="inadequate", answer_rationale="To see what is asked then."
        )
        card = await chat.opens(card, ON, answer_strengths="Nothing yet.")
        month.owners[case.team] = next(iter(choices(card, "owner").values()))
    return month.owners[case.team]


async def saves(month: TheMonth, chat: Chat, case: Case, answers: dict[str, str]) -> CardJson:
    seen = await _version(month, case)
    about = {"ref": case.ref, "child": case.child, "seen": seen, "then": "review"}
    return await pressed(month, chat, "return.save", {**about, **answers})


async def _version(month: TheMonth, case: Case) -> int:
    async with month.world.store.reading() as uow:
        audit = await uow.audits.get(case.ref)
        assert audit is not None
        filled = await uow.returns.get(audit.id)
    return filled.version if filled else 0


async def pressed(month: TheMonth, chat: Chat, verb: str, data: dict[str, object]) -> CardJson:
    """A button of a form that words have opened."""
    place = {**chat.place(), "replyToId": chat.messages[-1].id}
    answer = await chat.invoke(activities.execute(month.world.connector.url, verb, data, **place))
    assert not isinstance(answer, str), answer
    return answer


async def _handed_in(month: TheMonth, chat: Chat, review: CardJson, case: Case, findings: Findings) -> None:
    assert "Everything is answered" in text_of(review), text_of(review)
    done = await chat.opens(review, "Hand in")
    assert "your return is in" in text_of(done)
    case.returned_on = today(month)
    case.grade = findings.grade
    case.took_part, case.concern = findings.took_part, findings.concern


def today(month: TheMonth) -> date:
    return local_date(month.world.clock.now)


# judged a second time


async def sample_is_drawn(month: TheMonth) -> None:
    """A quarter of what has come back, rounded up; each moderator reads what is theirs."""
    qa = month.chat("qa0")
    for person in month.council.moderators:
        month.chat(person).news()
    seen = await qa.says("moderation sample january 2019")
    [title] = [title for title in buttons(seen) if re.fullmatch(r"Name these \d+ moderations", title)]
    number = int(title.split()[2])
    returned = sum(case.returned_on is not None for case in month.diary.allocated)
    assert 4 * (number - 1) < returned <= 4 * number
    await qa.opens(seen, title)
    await month.world.delivered()
    for person in month.council.moderators:
        for message in month.chat(person).news():
            for ref in set(AUDIT.findall(text_of(message.card))):
                month.diary.cases[ref].moderator = person
    assert sum(case.moderator is not None for case in month.diary.cases.values()) == number


def to_judge(month: TheMonth) -> list[Case]:
    """Those returned in time first."""
    named = [case for case in month.diary.allocated if case.moderator is not None]
    return sorted(named, key=lambda case: case.returned_on or date.max)


async def judges(month: TheMonth, case: Case, grade: str | None = None) -> None:
    """The moderator agrees, or sees another grade."""
    chat = month.chat(case.moderated_by)
    form = await chat.opens(await chat.says(case.ref), "Moderate")
    if grade is None:
        [agree] = [title for title in buttons(form) if title.startswith("Agree: ")]
        done = await chat.opens(form, agree)
    else:
        done = await chat.opens(
            form, "Save this grade", moderated_grade=grade, note="I read the visits otherwise."
        )
    assert "moderat" in text_of(done)
    case.moderated_grade, case.meets_standard = grade or case.grade, True


async def sends_back(month: TheMonth, case: Case) -> None:
    chat = month.chat(case.moderated_by)
    form = await chat.opens(await chat.says(case.ref), "Moderate")
    back = await chat.opens(form, "Send it back", why="rationale", what_to_do="Say what the grade rests on.")
    assert "Sent back for rework" in text_of(back)
    case.meets_standard = False
    await month.world.delivered()


async def reworks(month: TheMonth, case: Case) -> None:
    assert case.auditor is not None
    chat = month.chat(case.auditor)
    assert "Rework the return" in buttons(shows(chat, case.ref))
    review = await saves(
        month, chat, case, {"answer_rationale": "Each visit is named now, and what it led to."}
    )
    done = await chat.opens(review, "Hand in")
    assert "the reworked return is in" in text_of(done)
    await month.world.delivered()


async def all_are_confirmed(month: TheMonth) -> None:
    """What was agreed together, what was changed one by one."""
    head, cases = month.chat("quality"), list(month.diary.cases.values())
    agreed = [c for c in cases if c.moderated_grade and c.moderated_grade == c.grade]
    listed = await head.says("third lock january 2019")
    read = await head.opens(listed, f"Confirm {len(agreed)} agreed grades …")
    await head.opens(read, f"Yes, confirm these {len(agreed)} audits")
    for case in (c for c in cases if c.moderated_grade and c not in agreed):
        await head.opens(await head.says(case.ref), "Confirm the grade")
        case.locked = True
    for case in agreed:
        case.locked = True
    await month.world.delivered()


async def all_are_put_on_record(month: TheMonth) -> None:
    """The QA team ticks what is on the children's records: everything returned that needs no more judging."""
    qa = month.chat("qa0")
    ready = [c for c in month.diary.cases.values() if c.returned_on and (c.locked or c.moderator is None)]
    ticked = 0
    while ticked < len(ready):
        listed = await qa.says("upload january 2019")
        [together] = [title for title in buttons(listed) if title.startswith("Tick ") and "together" in title]
        read = await qa.opens(listed, together)
        [yes] = [title for title in buttons(read) if title.startswith("Yes")]
        assert "ticked as on the child's record" in text_of(await qa.opens(read, yes))
        ticked += int(together.split()[1])
    assert ticked == len(ready)
    for case in ready:
        case.uploaded = True
