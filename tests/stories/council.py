"""A small council that stories play in, as the files that a council would import."""

from dataclasses import dataclass
from pathlib import Path

NAMESPACE = "00000000-0000-4000-8000-0000000000"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the story. `aad` is their account; `linked` False: known by e-mail until they write."""

    key: str
    name: str
    roles: str
    team: str = ""
    number: int = 0
    linked: bool = True

    @property
    def email(self) -> str:
        return f"{self.key}@council.example"

    @property
    def aad(self) -> str:
        return f"{NAMESPACE}{self.number:02d}"

    @property
    def conversation(self) -> str:
        return f"a:chat-of-{self.key}"


PEOPLE = {
    person.key: person
    for person in (
        Somebody("amelia", "Amelia Adeyemi", "auditor", "North Team", 1),
        Somebody("ben", "Ben Clarke", "auditor;moderator", "South Team", 2),
        Somebody("farah", "Farah Iqbal", "auditor", "North Team", 3),
        Somebody("gita", "Gita Rao", "auditor", "East Team", 4),
        Somebody("hana", "Hana Whitfield", "head_of_service;auditor", "North Team", 5),
        Somebody("karl", "Karl Osei", "head_of_service", "East Team", 6),
        Somebody("dina", "Dina Marsh", "director", "", 7),
        Somebody("edwin", "Edwin Price", "director", "", 8),
        Somebody("carol", "Carol Nkemelu", "dcs", "", 9),
        Somebody("helen", "Helen Boyd", "head_of_quality", "", 10),
        Somebody("quinn", "Quinn Lister", "qa_team", "", 11),
        Somebody("queenie", "Queenie Holt", "qa_team", "", 12),
        Somebody("tom", "Tom Bailey", "team_manager", "North Team", 13),
        Somebody("sol", "Sol Reyes", "social_worker", "South Team", 14),
        Somebody("newt", "Newt Fisher", "auditor", "South Team", 15, linked=False),
        Somebody("liam", "Liam Grant", "auditor", "West Team", 16),
    )
}

OUTSIDER = Somebody("outsider", "Olive Outsider", "", number=90)

TEAMS = """team,area,service,directorate,team_manager,head_of_service,director
North Team,North,Family Help,Children,tom@council.example,hana@council.example,dina@council.example
South Team,South,Family Help,Children,,hana@council.example,dina@council.example
East Team,East,Care,Children,,karl@council.example,dina@council.example
West Team,West,Early Help,Communities,,,edwin@council.example
"""

CHILDREN = """child_ref,team,legal_status,cohorts,social_worker,opened
C10432,South Team,child_in_need,child_in_need,,2026-01-05
C10501,East Team,child_in_care,looked_after,sol@council.example,2026-01-05
C10600,North Team,child_protection_plan,child_protection_plan,,2026-02-01
C10700,North Team,care_leaver,care_leavers,,2026-02-01
"""

AUDITS = """audit_ref,month,kind,child_ref,team,legal_status,auditor,issued_on,returned_on,grade
A-101,{month},core,C10432,South Team,child_in_need,amelia@council.example,{issued},,
A-102,{month},core,C10600,North Team,child_protection_plan,ben@council.example,{issued},,
A-103,{month},core,C10501,East Team,child_in_care,hana@council.example,{issued},,
A-104,{before},core,C10700,North Team,care_leaver,gita@council.example,{before}-02,{before}-20,good
"""


def people_csv(changes: dict[str, dict[str, str]] | None = None) -> str:
    """The people file; `changes` are columns by key of the person (an empty `aad_object_id` stays as it is)."""
    lines = ["email,name,aad_object_id,roles,team,working_pattern,auditor_from,active_to"]
    for person in PEOPLE.values():
        row = {
            "email": person.email,
            "name": person.name,
            "aad_object_id": person.aad if person.linked else "",
            "roles": person.roles,
            "team": person.team,
            "working_pattern": "full",
            "auditor_from": "2025-01-01" if "auditor" in person.roles else "",
            "active_to": "",
            **(changes or {}).get(person.key, {}),
        }
        lines.append(",".join(row.values()))
    return "\n".join(lines) + "\n"


def write_files(folder: Path, month: str, before: str, issued: str) -> list[tuple[str, Path]]:
    """The files in the order of import."""
    texts = {
        "teams": TEAMS,
        "people": people_csv(),
        "children": CHILDREN,
        "audits": AUDITS.format(month=month, before=before, issued=issued),
    }
    files: list[tuple[str, Path]] = []
    for kind, text in texts.items():
        path = folder / f"{kind}.csv"
        path.write_text(text, encoding="utf-8")
        files.append((kind, path))
    return files
