"""Messages that did not arrive are told to the QA team, in the commit that records it (fault 31)."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, exists

from domain.calendar import local_date
from domain.lanes import Lane
from domain.notices import Notice, NoticeKind
from domain.people import Role
from storage.repositories.outbox import PENDING, put_notices
from storage.repositories.people_rows import PERSON, active_on
from storage.tables import outbox, people, person_roles

GATHERED_SECONDS = 30
"""How long a first failure waits for others, so that a lost connection to many is told in one message."""

_TO_BE_TOLD = PERSON.where(
    exists().where(person_roles.c.person_id == people.c.id, person_roles.c.role == Role.QA_TEAM.value),
    active_on(bindparam("day", type_=people.c.active_from.type)),
    ~exists().where(
        outbox.c.person_id == people.c.id,
        outbox.c.kind == NoticeKind.DELIVERY_FAILED.value,
        outbox.c.state == PENDING,
    ),
).order_by(people.c.id)


def tell_qa_team(connection: Connection, outbox_id: int, now: datetime) -> None:
    """One notice to each active holder of the role who has none waiting: a waiting one, worded when it is sent, names
    every failure since its own (subject `M-` and the number of the first message)."""
    told = connection.execute(_TO_BE_TOLD, {"day": local_date(now)}).all()
    notices = [
        Notice(
            NoticeKind.DELIVERY_FAILED,
            Lane.DECISION,
            row.id,
            f"M-{outbox_id}",
            f"{NoticeKind.DELIVERY_FAILED}|{outbox_id}|{row.id}",
        )
        for row in told
    ]
    put_notices(connection, notices, now, now + timedelta(seconds=GATHERED_SECONDS))
