"""A council of a real one's size for the story of a whole month, as the files that it would import.

Sixteen teams in four services: 89 auditors, and managers who can be trained; eight of the auditors moderate, with eight
moderators from outside; 25 children a team, each with a social worker. Nobody in it exists.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from tests.stories.council import Somebody

AREAS = ("North", "East", "South", "West")
SERVICES = {
    "Safeguarding": "Families",
    "Family Help": "Families",
    "Children in Care": "Care",
    "Leaving Care": "Care",
}
STATUSES = {
    "Safeguarding": ("child_protection_plan", "child_protection_plan"),
    "Family Help": ("child_in_need", "child_in_need"),
    "Children in Care": ("child_in_care", "looked_after"),
    "Leaving Care": ("care_leaver", "care_leavers"),
}
AUDITORS, OWN_MODERATORS, OUTSIDE_MODERATORS = 89, 8, 8
CHILDREN_A_TEAM, WORKERS_A_TEAM = 25, 3
TRAINED, OPENED = "2017-09-01", "2018-02-01"

_FIRST = "Ada Bram Cleo Dev Esme Finn Greta Hari Ines Jonas Kaya Leon Mina Noor Otis Pia".split()  # noqa: SIM905
_LAST = "Ash Birch Cedar Dale Elm Fern Gorse Hazel Ivory Juniper Kale Lime Maple".split()  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Member(Somebody):
    """Their chat is the one that the bot opens by their account: nobody needs to write first."""

    @property
    def aad(self) -> str:
        return f"00000000-0000-4000-9000-{self.number:012d}"

    @property
    def conversation(self) -> str:
        return f"a:{self.aad}"


@dataclass(frozen=True, slots=True)
class TeamOf:
    name: str
    area: str
    service: str

    @property
    def directorate(self) -> str:
        return SERVICES[self.service]


@dataclass(frozen=True, slots=True)
class MonthCouncil:
    """`people` by key; the keys of a group are its name and a number ("auditor7"), of a service its code."""

    teams: Sequence[TeamOf]
    people: dict[str, Member]

    def group(self, name: str) -> list[Member]:
        return [p for key, p in self.people.items() if key.rstrip("0123456789") == name]

    @property
    def auditing(self) -> list[Member]:
        """Auditors who do not moderate."""
        return [p for p in self.people.values() if p.roles == "auditor"]

    @property
    def moderators(self) -> list[Member]:
        return [p for p in self.people.values() if "moderator" in p.roles]

    def team(self, person: Member) -> TeamOf:
        return next(team for team in self.teams if team.name == person.team)

    def head_of(self, person: Member) -> Member:
        return self.people[f"head_{_code(self.team(person).service)}"]

    def director_of(self, person: Member) -> Member:
        return self.people[f"director_{_code(self.team(person).directorate)}"]


def _code(name: str) -> str:
    return name.casefold().replace(" ", "_")


def month_council() -> MonthCouncil:
    teams = [TeamOf(f"{area} {service}", area, service) for service in SERVICES for area in AREAS]
    names = (f"{first} {last}" for last, first in product(_LAST, _FIRST))
    people: dict[str, Member] = {}
    for key, roles, team in _posts(teams):
        people[key] = Member(key, next(names), roles, team, len(people) + 1)
    return MonthCouncil(teams, people)


def _posts(teams: Sequence[TeamOf]) -> Iterator[tuple[str, str, str]]:
    """Key, roles and team of everybody."""
    for number in range(AUDITORS):
        roles = "auditor;moderator" if number < OWN_MODERATORS else "auditor"
        yield f"auditor{number}", roles, teams[number % len(teams)].name
    for number in range(OUTSIDE_MODERATORS):
        yield f"outside{number}", "moderator", ""
    for number, team in enumerate(teams):
        yield f"manager{number}", "team_manager", team.name
        for worker in range(WORKERS_A_TEAM):
            yield f"worker{number * WORKERS_A_TEAM + worker}", "social_worker", team.name
    for service in SERVICES:
        yield f"head_{_code(service)}", "head_of_service", ""
        yield f"senior_{_code(service)}", "service_manager", ""
    for directorate in dict.fromkeys(SERVICES.values()):
        yield f"director_{_code(directorate)}", "director", ""
        yield f"assistant_{_code(directorate)}", "assistant_director", ""
    yield from (("dcs", "dcs", ""), ("quality", "head_of_quality", ""), ("qa0", "qa_team", ""))


def write_month_council(folder: Path, council: MonthCouncil) -> list[tuple[str, Path]]:
    """The files in the order of import."""
    files: list[tuple[str, Path]] = []
    for kind, rows in (
        ("teams", _team_rows(council)),
        ("people", _people_rows(council)),
        ("children", _children_rows(council)),
    ):
        path = folder / f"{kind}-of-the-month.csv"
        path.write_text(_text(list(rows)), encoding="utf-8")
        files.append((kind, path))
    return files


def _team_rows(council: MonthCouncil) -> Iterator[dict[str, str]]:
    for number, team in enumerate(council.teams):
        of_service, of_directorate = _code(team.service), _code(team.directorate)
        posts = {
            "team_manager": f"manager{number}",
            "service_manager": f"senior_{of_service}",
            "assistant_director": f"assistant_{of_directorate}",
            "head_of_service": f"head_{of_service}",
            "director": f"director_{of_directorate}",
        }
        yield {
            "team": team.name,
            "area": team.area,
            "service": team.service,
            "directorate": team.directorate,
            **{post: council.people[key].email for post, key in posts.items()},
        }


def _people_rows(council: MonthCouncil) -> Iterator[dict[str, str]]:
    for person in council.people.values():
        yield {
            "email": person.email,
            "name": person.name,
            "aad_object_id": person.aad,
            "roles": person.roles,
            "team": person.team,
            "auditor_from": TRAINED if "auditor" in person.roles else "",
            "moderator_from": TRAINED if "moderator" in person.roles else "",
            "external": "yes" if person.roles == "moderator" else "no",
        }


def _children_rows(council: MonthCouncil) -> Iterator[dict[str, str]]:
    workers = council.group("worker")
    for number in range(CHILDREN_A_TEAM * len(council.teams)):
        place = number % len(council.teams)
        team = council.teams[place]
        status, cohort = STATUSES[team.service]
        yield {
            "child_ref": f"C{20001 + number}",
            "team": team.name,
            "legal_status": status,
            "cohorts": cohort,
            "social_worker": workers[
                place * WORKERS_A_TEAM + number // len(council.teams) % WORKERS_A_TEAM
            ].email,
            "opened": OPENED,
        }


def _text(rows: Sequence[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
