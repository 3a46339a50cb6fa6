"""Returns, half-filled or handed in, each with the template that it was begun with."""

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from domain.errors import Conflict
from domain.returns import PlannedAction, Return
from domain.templates import Template
from storage.database import Transaction
from storage.repositories.sql import Few, InsertNew, untyped, write_over
from storage.tables import audits, return_templates
from storage.tables import returns as table

COLUMNS = tuple(
    table.c[name] for name in ("template", "answers", "actions", "saved_at", "handed_in_at", "version")
)
"""In the order in which `return_of` takes them, with what comes before them."""
_ALL = untyped(select(table.c.audit_id, audits.c.ref, *COLUMNS).join(audits, audits.c.id == table.c.audit_id))
_OF_AUDITS = Few(_ALL, table.c.audit_id)
_TEMPLATE = select(return_templates.c.body).where(return_templates.c.digest == bindparam("digest"))
_KEEP_TEMPLATE = InsertNew(return_templates, returning="digest")
_ADD = InsertNew(table, returning="audit_id")
_SAVE = update(table).where(table.c.audit_id == bindparam("audit"), table.c.version == bindparam("seen"))


_TEMPLATES_MOST = 64


@lru_cache(maxsize=_TEMPLATES_MOST)
def _template(body: str) -> Template:
    """A policy has one for each kind, and changes seldom: each is read once."""
    return Template.model_validate_json(body)


_BODIES: dict[int, tuple[Template, str, str]] = {}
"""Of templates as they are held in this process, which are few and do not change: by id, each kept alive here."""


_BY_DIGEST: dict[str, Template] = {}
"""A digest has one template, whatever database it was found in."""


def _template_of(connection: Connection, digest: str) -> Template:
    known = _BY_DIGEST.get(digest)
    if known is None:
        if len(_BY_DIGEST) >= _TEMPLATES_MOST:
            _BY_DIGEST.clear()
        body = connection.execute(_TEMPLATE, {"digest": digest}).scalar_one()
        known = _BY_DIGEST[digest] = _template(body)
    return known


def _body(template: Template) -> tuple[str, str]:
    """The template as text, the same for equal ones, and its digest. Every step that is saved asks for it: it is
    written out once."""
    known = _BODIES.get(id(template))
    if known is None:
        if len(_BODIES) >= _TEMPLATES_MOST:
            _BODIES.clear()
        body = json.dumps(template.model_dump(mode="json"), sort_keys=True)
        known = _BODIES[id(template)] = (template, body, sha256(body.encode()).hexdigest())
    return known[1], known[2]


def _planned(action: dict[str, Any]) -> PlannedAction:
    return PlannedAction(
        action["number"], action["description"], action["owner_id"], date.fromisoformat(action["due_on"])
    )


def _action(planned: PlannedAction) -> dict[str, Any]:
    return {
        "number": planned.number,
        "description": planned.description,
        "owner_id": planned.owner_id,
        "due_on": planned.due_on.isoformat(),
    }


def return_of(connection: Connection, audit_id: int, ref: str, *values: Any) -> Return:
    """`values` are COLUMNS. A template's text is asked for once for a process: it is the longest thing in the row, and
    never changes."""
    digest, answers, actions, saved_at, handed_in_at, version = values
    return Return(
        audit_id=audit_id,
        audit_ref=ref,
        template=_template_of(connection, digest),
        answers=json.loads(answers),
        actions=tuple(_planned(action) for action in json.loads(actions)),
        saved_at=saved_at,
        handed_in_at=handed_in_at,
        version=version,
    )


def _save(connection: Connection, filled: Return) -> Return:
    body, digest = _body(filled.template)
    _KEEP_TEMPLATE.one(connection, {"digest": digest, "kind": filled.template.kind.value, "body": body})
    saved = replace(filled, version=filled.version + 1)
    values = {
        "template": digest,
        "answers": json.dumps(dict(filled.answers)),
        "actions": json.dumps([_action(planned) for planned in filled.actions]),
        "saved_at": filled.saved_at,
        "handed_in_at": filled.handed_in_at,
        "version": saved.version,
    }
    if filled.version:
        keys = {"audit": filled.audit_id, "seen": filled.version}
        write_over(connection, _SAVE, values | keys, filled.audit_ref)
    elif _ADD.one(connection, values | {"audit_id": filled.audit_id}) is None:
        raise Conflict(ref=filled.audit_ref)
    return saved


class SqlReturns:
    """See `domain.ports.Returns`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, audit_id: int) -> Return | None:
        return (await self.many([audit_id])).get(audit_id)

    async def many(self, audit_ids: Collection[int]) -> dict[int, Return]:
        wanted = sorted(set(audit_ids))

        def work(connection: Connection) -> dict[int, Return]:
            rows = list(_OF_AUDITS.rows(connection, wanted))
            return {row.audit_id: return_of(connection, *row) for row in rows}

        return await self._transaction.run(work)

    async def save(self, filled: Return) -> Return:
        return await self._transaction.run(lambda c: _save(c, filled))
