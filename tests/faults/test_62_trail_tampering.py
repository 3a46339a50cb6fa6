"""Fault 62: somebody with the database's own password touches the audit trail. `verify` names the first broken link."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, select, text

from storage.tables import trail
from storage.trail import Fault, Verdict, append_all
from storage.unit_of_work import SqlStore
from tests.storage.test_trail import an_entry, write

Tamper = Callable[[Connection], None]


def _sql(*statements: str) -> Tamper:
    def tamper(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    return tamper


def _forge(connection: Connection) -> None:
    """Entry 3 is written anew with a hash that fits it: only the entry after it can tell."""
    kept = connection.execute(select(trail).where(trail.c.seq > 3).order_by(trail.c.seq)).all()
    head = connection.execute(text("SELECT seq, hash FROM trail_head")).one()
    before = connection.execute(select(trail.c.hash).where(trail.c.seq == 2)).scalar_one()
    connection.execute(text("DELETE FROM trail WHERE seq >= 3"))
    connection.execute(text("DELETE FROM trail_texts WHERE seq = 3"))
    connection.execute(text("UPDATE trail_head SET seq = 2, hash = :hash"), {"hash": before})
    append_all(connection, [an_entry(4711)])
    connection.execute(trail.insert(), [row._asdict() for row in kept])
    connection.execute(
        text("UPDATE trail_head SET seq = :seq, hash = :hash"), {"seq": head.seq, "hash": head.hash}
    )


_COPY = (
    "INSERT INTO trail SELECT 6, at, action, subject, actor_id, for_id, facts, text_digests, prev, hash"
    " FROM trail WHERE seq = 5"
)
CASES: dict[str, tuple[Tamper, Verdict]] = {
    "another actor": (_sql("UPDATE trail SET actor_id = 7 WHERE seq = 3"), Verdict(2, 3, Fault.EDITED)),
    "another instant": (
        _sql("UPDATE trail SET at = (SELECT at FROM trail WHERE seq = 1) WHERE seq = 3"),
        Verdict(2, 3, Fault.EDITED),
    ),
    "other facts": (_sql("UPDATE trail SET facts = '{}' WHERE seq = 1"), Verdict(0, 1, Fault.EDITED)),
    "another text": (
        _sql("UPDATE trail_texts SET text = 'kind words' WHERE seq = 2"),
        Verdict(1, 2, Fault.TEXT),
    ),
    "removed in the middle": (_sql("DELETE FROM trail WHERE seq = 3"), Verdict(2, 3, Fault.REMOVED)),
    "removed at the beginning": (_sql("DELETE FROM trail WHERE seq = 1"), Verdict(0, 1, Fault.REMOVED)),
    "cut off at the end": (_sql("DELETE FROM trail WHERE seq >= 4"), Verdict(3, 4, Fault.REMOVED)),
    "put in at the end": (_sql(_COPY), Verdict(5, 6, Fault.INSERTED)),
    "put in at the end, and the end moved": (
        _sql(_COPY, "UPDATE trail_head SET seq = 6"),
        Verdict(5, 6, Fault.EDITED),
    ),
    "put in the middle, the others moved up": (
        _sql(
            "UPDATE trail SET seq = seq + 10 WHERE seq > 2",
            "UPDATE trail SET seq = seq - 9 WHERE seq > 2",
            _COPY.replace("SELECT 6", "SELECT 3").replace("seq = 5", "seq = 2"),
            "UPDATE trail_head SET seq = 6",
        ),
        Verdict(2, 3, Fault.EDITED),
    ),
    "two changed places": (
        _sql(
            "UPDATE trail SET seq = 99 WHERE seq = 2",
            "UPDATE trail SET seq = 2 WHERE seq = 3",
            "UPDATE trail SET seq = 3 WHERE seq = 99",
        ),
        Verdict(1, 2, Fault.EDITED),
    ),
    "written anew with a hash that fits": (_forge, Verdict(3, 4, Fault.UNLINKED)),
}


def _without_guard(connection: Connection, tamper: Tamper) -> None:
    """Whoever owns the database can lift the triggers; that is why there is a chain."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE trail DISABLE TRIGGER ALL"))
    else:
        connection.execute(text("DROP TRIGGER trail_no_update"))
        connection.execute(text("DROP TRIGGER trail_no_delete"))
    tamper(connection)


@pytest.mark.fault(62)
@pytest.mark.parametrize("name", CASES)
async def test_a_touched_trail_is_named_at_its_first_broken_link(store: SqlStore, name: str) -> None:
    # given five entries that fit
    tamper, expected = CASES[name]
    await write(store, *(an_entry(number) for number in range(1, 6)))
    assert (await store.verify_trail()).whole

    # when somebody with every right touches them
    await store.bulk(lambda connection: _without_guard(connection, tamper))

    # then the walk ends there and says how
    assert await store.verify_trail() == expected
