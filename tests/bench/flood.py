"""Nudges to more people than the tenant's limit lets out in minutes, and a hundred children of concern to come: each in
a team of its own, so that no chat meets the platform's limit for one conversation."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, insert

from domain.lanes import Lane
from domain.notices import NoticeKind
from domain.policy import Policy
from storage.imports.run import Import
from storage.tables import conversations, outbox, people
from storage.unit_of_work import SqlStore

NUDGES = 15_000
ALERTS = 100
RAISER = "00000000-0000-4000-8000-000000009999"
"""The account of who raises them."""
_FIRST = 1_000_000


def child(number: int) -> str:
    return f"D{20000 + number}"


def head(number: int) -> str:
    """The chat of the head of service who answers for that child."""
    return f"a:head-{number}"


def crowd(conversation: str) -> bool:
    return conversation.startswith("a:crowd-")


async def build(store: SqlStore, folder: Path, service_url: str, tenant_id: str, now: datetime) -> None:
    """All nudges are due, and nothing else is."""
    for kind, path in _files(folder):
        report = await Import(kind, path, Policy(), now=now).run(store)
        assert not report.refused, report
    async with store.reading() as uow:
        heads = [await uow.people.by_email(f"fh{n}@c.example") for n in range(ALERTS)]
    place = {"kind": "personal", "service_url": service_url, "tenant_id": tenant_id, "updated_at": now}

    def fill(connection: Connection) -> None:
        numbers = range(_FIRST, _FIRST + NUDGES)
        connection.execute(
            insert(people), [{"id": n, "email": f"n{n}@c.example", "name": f"Person {n}"} for n in numbers]
        )
        chats = [{"id": f"a:crowd-{n}", "person_id": n, **place} for n in numbers]
        chats += [{"id": head(n), "person_id": who.id, **place} for n, who in enumerate(heads) if who]
        connection.execute(insert(conversations), chats)
        connection.execute(insert(outbox), [_nudge(n, now) for n in numbers])

    await store.bulk(fill)


def _nudge(person_id: int, now: datetime) -> dict[str, object]:
    kind = NoticeKind.WELCOME.value
    return {
        "lane": int(Lane.NUDGE),
        "kind": kind,
        "person_id": person_id,
        "subject": "",
        "notice_key": f"flood|{person_id}",
        "due_at": now,
        "created_at": now,
        "correlation": "",
    }


def _files(folder: Path) -> list[tuple[str, Path]]:
    texts = {
        "teams": ["team,area,service,directorate,head_of_service,director"],
        "people": ["email,name,aad_object_id,roles,team"],
        "children": ["child_ref,team,legal_status"],
    }
    for n in range(ALERTS):
        team = f"Flood Team {n}"
        texts["teams"].append(f"{team},Area,Flood {n},Flooded {n},fh{n}@c.example,fd{n}@c.example")
        texts["people"].append(f"fh{n}@c.example,Head {n},,head_of_service,{team}")
        texts["people"].append(f"fd{n}@c.example,Director {n},,director,")
        texts["children"].append(f"{child(n)},{team},child_in_need")
    texts["people"].append(f"raiser@c.example,Rae Raiser,{RAISER},auditor,Flood Team 0")
    written: list[tuple[str, Path]] = []
    for kind, lines in texts.items():
        path = folder / f"flood-{kind}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        written.append((kind, path))
    return written
