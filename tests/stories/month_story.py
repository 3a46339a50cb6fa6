"""The acts of a whole month, each as its people do it in chat; and the diary in which the story keeps its own books."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from tests.stories.month_council import Member, MonthCouncil
from tests.stories.world import CardJson, Chat, World, choices, text_of

AUDIT = re.compile(r"\bA-\d+\b")
EXEMPTION = re.compile(r"\bE-\d+\b")
MONTH = "2019-01"
NON_OPERATIONAL = ("Ill health", "Maternity", "Extended leave", "Leaving the council")
OPERATIONAL = ("Unusually high statutory work", "Other QA activity")


@dataclass
class Case:
    """What the story knows of one audit, from what it did with it."""

    ref: str
    child: str
    team: str
    auditor: Member | None
    returned_on: date | None = None
    grade: str = ""
    concern: bool = False
    took_part: dict[str, bool] = field(default_factory=dict[str, bool])
    moderator: Member | None = None
    moderated_grade: str = ""
    meets_standard: bool | None = None
    locked: bool = False
    uploaded: bool = False

    @property
    def moderated_by(self) -> Member:
        assert self.moderator is not None
        return self.moderator


@dataclass
class Diary:
    """Counted by hand, so to speak: nothing in it comes from the program's measures or its database."""

    cases: dict[str, Case] = field(default_factory=dict[str, Case])
    exempt: dict[str, str] = field(default_factory=dict[str, str])
    """Class of the reason, by key of the person."""
    exempt_after_issue: list[str] = field(default_factory=list[str])
    declined: list[str] = field(default_factory=list[str])
    joined: list[str] = field(default_factory=list[str])

    def of(self, person: Member) -> Case:
        return next(case for case in self.cases.values() if case.auditor == person)

    @property
    def allocated(self) -> list[Case]:
        return [case for case in self.cases.values() if case.auditor is not None]

    def exempt_as(self, reason_class: str) -> int:
        return list(self.exempt.values()).count(reason_class)


@dataclass
class TheMonth:
    world: World
    council: MonthCouncil
    diary: Diary = field(default_factory=Diary)
    owners: dict[str, str] = field(default_factory=dict[str, str])
    """By team: somebody who can be given an action."""
    auditors: list[Member] = field(default_factory=list[Member])
    """Of whom the story has not said yet that they are exempt, in an order that has nothing to do with their teams."""

    def __post_init__(self) -> None:
        them = self.council.auditing
        self.auditors = [them[number * 7 % len(them)] for number in range(len(them))]
        assert len(set(self.auditors)) == len(them)

    def next(self) -> Member:
        return self.auditors.pop()

    def some_of(self, service: str, number: int) -> list[Member]:
        found = [person for person in self.auditors if self.council.team(person).service == service][-number:]
        self.auditors = [person for person in self.auditors if person not in found]
        return found

    def chat(self, who: str | Member) -> Chat:
        return self.world.chat(self.council.people[who] if isinstance(who, str) else who)

    async def until(self, *moment: int) -> None:
        """The clock goes on, where it is not later already; its jobs run, and what is due is sent."""
        await self.world.delivered()
        clock = self.world.clock
        clock.now = max(datetime(*moment, tzinfo=UTC), clock.now)  # type: ignore[arg-type]
        await self.world.tick()

    # exemptions

    async def asks_to_be_exempt(self, person: Member, reason_class: str, reason: str) -> None:
        """The auditor asks, the head of service endorses, the director approves."""
        chat = self.chat(person)
        form = await chat.says("exemption")
        label = f"{reason} ({reason_class})"
        sent = await chat.opens(
            form,
            "Send request",
            month=MONTH,
            reason=choices(form, "reason")[label],
            explanation="As we said.",
        )
        ref = found(EXEMPTION, sent)
        await self.world.delivered()
        head, director = self.chat(self.council.head_of(person)), self.chat(self.council.director_of(person))
        await head.opens(shows(head, ref), "Endorse")
        await self.world.delivered()
        await director.opens(shows(director, ref), "Approve")
        self.diary.exempt[person.key] = reason_class

    async def is_declined(self, person: Member) -> None:
        chat = self.chat(person)
        form = await chat.says("exemption")
        reason = choices(form, "reason")["Other (operational)"]
        sent = await chat.opens(form, "Send request", month=MONTH, reason=reason, explanation="A busy month.")
        await self.world.delivered()
        head = self.chat(self.council.head_of(person))
        await head.opens(
            shows(head, found(EXEMPTION, sent)), "Decline this request", note="Others are away already."
        )
        self.diary.declined.append(person.key)

    async def head_asks_for(self, people: Sequence[Member], reason_class: str, reason: str) -> None:
        """One form for several; the director decides on each."""
        head, director = self.council.head_of(people[0]), self.council.director_of(people[0])
        form = await self.chat(head).says("exemption for my managers")
        named = choices(form, "people")
        sent = await self.chat(head).opens(
            form,
            "Send requests",
            people=",".join(named[f"{person.name} ({person.team})"] for person in people),
            month=MONTH,
            reason=choices(form, "reason")[f"{reason} ({reason_class})"],
            explanation="Agreed with each of them.",
        )
        refs = sorted(set(EXEMPTION.findall(text_of(sent))))
        assert len(refs) == len(people)
        await self.world.delivered()
        for ref in refs:
            await self.chat(director).opens(shows(self.chat(director), ref), "Approve")
        self.diary.exempt |= {person.key: reason_class for person in people}

    # issue

    async def is_issued(self, expected: int) -> None:
        """Asked for in words, looked at, confirmed; each auditor reads what is theirs."""
        qa = self.chat("qa0")
        form = await qa.says("issue january 2019 audits")
        preview = await qa.opens(form, "Preview")
        assert f"{expected} children are drawn for {expected} auditors" in text_of(preview)
        pairs = await qa.opens(preview, "Who gets whom")
        assert f"of {expected}" in text_of(pairs)
        issued = await qa.opens(preview, "Issue now")
        assert f"{expected} audits are issued for January 2019" in text_of(issued)
        await self.world.delivered()
        for person in self.council.auditing:
            if person.key not in self.diary.exempt:
                self.reads_what_is_theirs(person)
        assert len(self.diary.cases) == expected

    def reads_what_is_theirs(self, person: Member) -> Case:
        card = self.chat(person).cards[-1]
        said = text_of(card)
        ref, child = found(AUDIT, card), found(re.compile(r"\bC\d{5}\b"), card)
        lines = said.split("\n")
        case = Case(ref, child, lines[lines.index("Team") + 1], person)
        assert case.team != person.team
        self.diary.cases[ref] = case
        return case

    async def somebody_joins(self, case: Case) -> Member:
        """A manager of another team than the child's has been trained, and becomes an auditor today."""
        qa = self.chat("qa0")
        person = next(p for p in self.council.group("manager") if p.team != case.team)
        pool = await qa.says("pool january 2019")
        card = await qa.opens(pool, "Find or add", find=person.name)
        made = await qa.opens(card, "Make auditor", from_day=self.world.clock.now.date().isoformat())
        assert person.name in text_of(made)
        self.diary.joined.append(person.key)
        return person

    async def is_exempt_after_issue(self, person: Member, reason_class: str, reason: str) -> Case:
        """The child is free again, and waits for the QA team."""
        case = self.diary.of(person)
        await self.asks_to_be_exempt(person, reason_class, reason)
        await self.world.delivered()
        assert f"{case.ref} needs another auditor" in self.chat("qa0").told()
        case.auditor = None
        self.diary.exempt_after_issue.append(person.key)
        return case

    async def is_given_to(self, case: Case, person: Member) -> None:
        qa = self.chat("qa0")
        waiting = await qa.says("what is waiting for me")
        card = await qa.opens(waiting, f"Open {case.ref}")
        named = choices(card, "auditor")
        assert list(named) == [f"{person.name} ({person.team})"], "only who has none yet can take it"
        given = await qa.opens(card, "Give to this auditor", auditor=next(iter(named.values())))
        assert f"{case.ref} is with {person.name} now" in text_of(given)
        case.auditor = person
        await self.world.delivered()
        assert case.child in self.chat(person).told()

    # requests

    async def gets_another_child(self, person: Member) -> None:
        case, chat, qa = self.diary.of(person), self.chat(person), self.chat("qa0")
        form = await chat.says(f"{case.ref} wrong child")
        reason = choices(form, "reason")["Conflict of interest"]
        await chat.opens(form, "Send request", reason=reason, explanation="I know the family.")
        await self.world.delivered()
        drawn = await qa.opens(shows(qa, case.ref), "Yes, draw another child")
        assert "Another child was drawn" in text_of(drawn)
        await self.world.delivered()
        before = case.child
        del self.diary.cases[case.ref]
        assert self.reads_what_is_theirs(person).child != before

    async def may_be_late(self, person: Member, until: date, said: str) -> None:
        """The head of service agrees to a later day; it is late all the same."""
        case, chat = self.diary.of(person), self.chat(person)
        form = await chat.says(f"{case.ref} might slip")
        await chat.opens(
            form,
            "Send request",
            wanted_on=until.isoformat(),
            explanation="A hearing moved into the last week.",
        )
        await self.world.delivered()
        head = self.chat(self.council.head_of(person))
        agreed = await head.opens(shows(head, case.ref), f"Yes, until {said}")
        assert f"Agreed until {said}" in text_of(agreed)


def found(pattern: re.Pattern[str], card: CardJson) -> str:
    match = pattern.search(text_of(card))
    assert match is not None, text_of(card)
    return match.group()


def shows(chat: Chat, ref: str) -> CardJson:
    """The newest card in a chat that is about a reference: A-6, and not A-60."""
    about = re.compile(rf"\b{ref}\b")
    for card in reversed(chat.cards):
        if about.search(text_of(card)):
            return card
    raise AssertionError(f"no card of {chat.who.key} is about {ref}")
