"""Who works for the fictional council: 32 teams in four services, and 219 people with invented names."""

import unicodedata
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from bot.sample_council.rows import PersonRow, TeamRow, dice

DOMAIN = "example.org"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, f"brackenshire.{DOMAIN}")

AREAS = ("North", "East", "South", "West")
DIRECTORATES = {
    "Safeguarding and Family Support": ("Assessment and Safeguarding", "Family Support and Early Help"),
    "Care and Corporate Parenting": ("Children in Care", "Care Leavers and Disabilities"),
}
TEAM_KINDS = {
    "Assessment and Safeguarding": ("Assessment", "Safeguarding"),
    "Family Support and Early Help": ("Family Support", "Early Help"),
    "Children in Care": ("Children in Care", "Permanence"),
    "Care Leavers and Disabilities": ("Leaving Care", "Disabled Children"),
}
EXTRA_PRACTITIONERS = 14
"""Advanced practitioners beyond one a team: with the managers that makes 98 auditors, of whom 14 moderate."""
SOCIAL_WORKERS_A_TEAM = 3
IROS = 12
QA_TEAM = 3
MODERATING_MANAGERS, MODERATING_PRACTITIONERS, EXTERNAL_MODERATORS = 8, 6, 2
PART_TIMERS = 8

_FIRST_NAMES = (  # noqa: SIM905 - a list of a hundred quoted names is unreadable
    "Abigail Adaeze Aisha Alasdair Alice Amara Amir Angharad Anil Anita Anwen Arjun Beatrice Ben Bethan Callum Carys "
    "Catherine Chidi Chloe Claire Colin Daniel Dawn Deepa Denise Dylan Eilidh Elaine Eleanor Emeka Esther Ewan Farah "
    "Fatima Femi Fiona Folasade Gareth Gemma Grace Gurpreet Habib Hannah Harpreet Helen Hugo Huw Ibrahim Imogen Iona "
    "Isla Jacob Jamila Jasmine Joanne Jonathan Jude Kamal Karen Kavita Kerry Kieran Kwame Lauren Leila Liam Lorraine "
    "Lucy Malcolm Mandeep Marcus Margaret Maryam Megan Mei Michelle Mohammed Naomi Natasha Neil Niamh Nikhil Nkechi "
    "Oliver Olu Owen Patience Patrick Paul Priya Rachel Rashid Rebecca Rhys Rosie Ruth Sabrina Samuel Sanjay Sarah "
    "Shanice Siân Simon Sunita Tariq Temi Tessa Thandi Tom Uzma Victoria Wei Yasmin Yusuf Zainab Zoë"
).split()
_SURNAMES = (  # noqa: SIM905
    "Abbott Achebe Adeyemi Ahmed Akhtar Allen Amin Appiah Atkinson Bailey Banerjee Barker Begum Bello Bennett Bevan "
    "Blackwood Boateng Booth Brennan Campbell Carter Chaudhry Cheung Clarke Cole Cooper Cunningham Dalton Davies "
    "Desai Dhillon Doyle Edwards Ellis Evans Eze Farooq Fernandes Fletcher Foster Gill Goodwin Grant Griffiths Gupta "
    "Hall Hargreaves Hassan Hayes Hewitt Hill Holt Hughes Hussain Iqbal Jackson James Jones Kapoor Kaur Kelly Khan "
    "Lam Lawson Lewis Lowe Macdonald Malik Marsh Mason McKenzie Mehta Mensah Miller Mistry Morgan Murphy Nair Ndlovu "
    "Newton Nolan Nwosu O'Brien O'Connor Obi Okafor Okonkwo Osei Owusu Parker Patel Pearce Phillips Powell Price "
    "Qureshi Rahman Reid Reynolds Roberts Rowe Sandhu Shah Sharma Shaw Siddiqui Singh Stewart Sutton Taylor Thapa "
    "Thomas Turner Uddin Walsh Ward Watson Williams Wong Wright Yates Young"
).split()


@dataclass(frozen=True)
class Staff:
    teams: Sequence[TeamRow]
    people: Sequence[PersonRow]

    def holding(self, role: str) -> list[PersonRow]:
        return [person for person in self.people if role in person.roles]

    @cached_property
    def by_email(self) -> dict[str, PersonRow]:
        return {person.email: person for person in self.people}

    @cached_property
    def team_by_name(self) -> dict[str, TeamRow]:
        return {team.team: team for team in self.teams}

    @cached_property
    def _barred(self) -> dict[str, frozenset[str]]:
        own = {person.email: {person.team} if person.team else set[str]() for person in self.people}
        for team in self.teams:
            for email in (
                team.team_manager,
                team.service_manager,
                team.assistant_director,
                team.head_of_service,
            ):
                own[email].add(team.team)
        return {email: frozenset(teams) for email, teams in own.items()}

    def own_teams(self, email: str) -> frozenset[str]:
        """The teams that somebody works in or answers for: they audit and moderate no child of these."""
        return self._barred[email]


def staff(today: date) -> Staff:
    """The same people whatever the day; only since when they have audited moves with the year of `today`."""
    hired = _Hiring(today)
    teams: list[TeamRow] = []
    for directorate, services in DIRECTORATES.items():
        director = hired.person("director")
        for service in services:
            teams += _service(hired, service, directorate, director.email)
    for role, number in (("dcs", 1), ("head_of_quality", 1), ("qa_team", QA_TEAM), ("iro", IROS)):
        for _ in range(number):
            hired.person(role)
    for team in teams[:EXTRA_PRACTITIONERS]:
        hired.auditor("", team.team)
    for _ in range(EXTERNAL_MODERATORS):
        hired.change(replace(hired.person("moderator"), external=True, moderator_from=hired.since()))
    _give_moderators_and_part_timers(hired)
    return Staff(teams, list(hired.people.values()))


def leading_auditor(of: Staff) -> PersonRow:
    """The auditor of the demonstration, who always has an open audit: the first who is nothing else."""
    return next(person for person in of.people if person.roles == ("auditor",))


def _service(hired: "_Hiring", service: str, directorate: str, director: str) -> Iterator[TeamRow]:
    head = hired.person("head_of_service")
    names = [[f"{area} {kind}" for kind in TEAM_KINDS[service]] for area in AREAS]
    assistant = hired.auditor("assistant_director", names[0][0])
    for area, of_area in zip(AREAS, names, strict=True):
        service_manager = hired.auditor("service_manager", of_area[0])
        for name in of_area:
            manager = hired.auditor("team_manager", name)
            hired.auditor("", name)
            for _ in range(SOCIAL_WORKERS_A_TEAM):
                hired.person("social_worker", name)
            yield TeamRow(
                name,
                area,
                service,
                directorate,
                manager.email,
                service_manager.email,
                assistant.email,
                head.email,
                director,
            )


def _give_moderators_and_part_timers(hired: "_Hiring") -> None:
    people = list(hired.people.values())
    managers = [person for person in people if "service_manager" in person.roles]
    practitioners = [person for person in people if person.roles == ("auditor",)]
    # The first practitioner stays a plain one: she is the auditor of the demonstration.
    moderating = managers[::2][:MODERATING_MANAGERS] + practitioners[3::5][:MODERATING_PRACTITIONERS]
    for person in moderating:
        hired.change(replace(person, roles=(*person.roles, "moderator"), moderator_from=hired.since()))
    for person in practitioners[1::4][:PART_TIMERS]:
        hired.change(replace(hired.people[person.email], working_pattern="alternate"))


class _Hiring:
    def __init__(self, today: date) -> None:
        self.people: dict[str, PersonRow] = {}
        self._dice = dice("names")
        self._year = today.year

    def person(self, role: str, team: str | None = None) -> PersonRow:
        name = self._new_name()
        email = f"{_plain(name).replace(' ', '.')}@{DOMAIN}"
        return self.change(PersonRow(email, name, str(uuid.uuid5(_NAMESPACE, email)), (role,), team))

    def auditor(self, role: str, team: str) -> PersonRow:
        """An auditor who is nothing else where `role` is empty: an advanced practitioner."""
        roles = ("auditor", role) if role else ("auditor",)
        return self.change(replace(self.person(role, team), roles=roles, auditor_from=self.since()))

    def change(self, person: PersonRow) -> PersonRow:
        self.people[person.email] = person
        return person

    def since(self) -> date:
        return date(self._year - self._dice.randint(2, 6), self._dice.randint(1, 12), 1)

    def _new_name(self) -> str:
        while True:
            name = f"{self._dice.choice(_FIRST_NAMES)} {self._dice.choice(_SURNAMES)}"
            if f"{_plain(name).replace(' ', '.')}@{DOMAIN}" not in self.people:
                return name


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in letters if letter in "abcdefghijklmnopqrstuvwxyz ")
