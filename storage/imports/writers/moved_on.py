"""Records that have moved on here, against what a file says of them. A file fills in what is not known here, and takes
the record further where it knows more; it takes nothing back, and changes nothing that was said here."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from domain.audits import AuditState
from domain.cycle import Command
from storage.imports.rows import STATE_FROM, audit_state
from storage.imports.tables import Values
from storage.tables import audit_steps as steps

NOTE = "the record has moved on here: what the file says otherwise was not taken"

_S = AuditState
_STEPS = (_S.RETURNED, _S.SENT_BACK, _S.RESUBMITTED, _S.MODERATED, _S.DISPUTED, _S.LOCKED, _S.UPLOADED)
_FURTHER = {_S.ISSUED: 0, _S.FREED: 0, **{state: rank for rank, state in enumerate(_STEPS, 1)}}
_UNDONE: dict[str, frozenset[str]] = {
    Command.UNTICK.value: frozenset({"uploaded_on"}),
    Command.REOPEN.value: frozenset({"moderated_grade", "meets_standard"}),
}
"""What was taken back here on purpose stays so, whatever an older file says."""
_FIXED = frozenset({"ref", "number", "state"})


def commands_of(connection: Connection, audit_ids: Collection[int]) -> dict[int, set[str]]:
    """By audit: what was done with it here. Those that only files know are not there."""
    found: dict[int, set[str]] = {}
    if audit_ids:
        asked = select(steps.c.audit_id, steps.c.command).where(steps.c.audit_id.in_(audit_ids))
        for audit_id, command in connection.execute(asked):
            found.setdefault(audit_id, set()).add(command)
    return found


def kept(known: Values, said: Values, commands: Collection[str]) -> tuple[Values, bool]:
    """What is to be written, and whether the file said something else."""
    shut = frozenset[str]().union(*(_UNDONE.get(command, frozenset()) for command in commands))
    if known["state"] == AuditState.FREED.value and not said.get("returned_on"):
        shut |= {"auditor_id"}
    merged = dict(said)
    for name in said.keys() - _FIXED:
        if known[name] is not None or name in shut:
            merged[name] = known[name]
    full = {**known, **merged}
    state = audit_state(*(full[name] for name in STATE_FROM))
    here = AuditState(known["state"])
    merged["state"] = (state if _FURTHER[state] > _FURTHER[here] else here).value
    return merged, any(merged[name] != said[name] for name in said.keys() - _FIXED)
