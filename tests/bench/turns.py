"""The turns that are measured: what is said or pressed, by whom. Each is answered by a card."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dialogs.payloads.activities import ActivityList
from dialogs.payloads.audits import MyAudit
from dialogs.payloads.base import Press
from dialogs.payloads.cycle import AuditShow
from dialogs.payloads.issuing import IssueForm
from dialogs.payloads.moderation import Agree, ModerationOpen
from dialogs.payloads.participation import TeamHistory
from dialogs.payloads.pool import PoolShow, ProgrammeShow
from dialogs.payloads.requests import RequestsOpen
from dialogs.payloads.returns import ANSWER, ReturnOpen, ReturnReview, ReturnSave
from domain.calendar import Month, local_date
from domain.policy import Policy
from tests.bench.month import FILLED_IN, Judged, answers, child, ref
from tests.bench.people import AUDITORS, QA_MEMBERS, TEAMS, account, auditor, manager, qa_member
from tests.doubles import activities

ONE_EACH = 300
"""Turns of each kind of card: as many as there are audits to write to."""
MY_AUDIT = "my audit (token, database, card)"


@dataclass(frozen=True, slots=True)
class Kind:
    """`bodies(service_url)` are the activities, in the order in which they are sent."""

    name: str
    bodies: Callable[[str], Sequence[bytes]]
    writes: bool = False


def _who(number: int) -> dict[str, Any]:
    return {
        "from": {"id": f"29:{number}", "name": "Somebody", "aadObjectId": account(number)},
        "conversation": {
            "conversationType": "personal",
            "tenantId": activities.TENANT_ID,
            "id": f"a:{number}",
        },
    }


def message(service_url: str, number: int, text: str) -> bytes:
    return json.dumps(activities.message(service_url, text, **_who(number))).encode()


def pressed(service_url: str, number: int, press: Press, **filled: str) -> bytes:
    data = {**press.data, **filled}
    return json.dumps(activities.execute(service_url, press.verb, data, **_who(number))).encode()


def said(turns: int, text: str = "whats my audit this month") -> Callable[[str], list[bytes]]:
    return lambda url: [message(url, auditor(n % AUDITORS), text) for n in range(turns)]


def approvals(waiting: Sequence[tuple[str, int, int]]) -> Callable[[str], list[bytes]]:
    def bodies(url: str) -> list[bytes]:
        return [
            pressed(url, number, Press("exemption.approve", {"ref": of, "version": version}))
            for of, version, number in waiting
        ]

    return bodies


def _shown(who: Callable[[int], int], press: Callable[[int], Press]) -> Callable[[str], list[bytes]]:
    return lambda url: [pressed(url, who(n), press(n)) for n in range(ONE_EACH)]


def _done(n: int) -> str:
    """An audit that is handed in."""
    return ref(FILLED_IN + n % (AUDITORS - FILLED_IN))


def _step(url: str) -> list[bytes]:
    """The first section of each return, with every practice area graded."""
    policy = Policy()
    filled = {f"{ANSWER}{code}": said for code, said in answers(policy).items() if code.startswith("area_")}
    section = next(iter(policy.templates_by_kind.values())).sections[0].code
    return [
        pressed(
            url, auditor(n),
            ReturnSave.press_with_inputs(ref=ref(n), child=child(n), section=section, seen=0, then="next"), **filled,
        )
        for n in range(ONE_EACH)
    ]  # fmt: skip


def cards(judged: Sequence[Judged]) -> list[Kind]:
    """Every card of the monthly cycle. Writes come after what only looks."""

    def judge(press: type[ModerationOpen] | type[Agree]) -> Callable[[str], list[bytes]]:
        def bodies(url: str) -> list[bytes]:
            return [
                pressed(
                    url,
                    it.moderator,
                    ModerationOpen(ref=it.ref).press()
                    if press is ModerationOpen
                    else Agree(ref=it.ref, version=it.version).press(),
                )
                for it in judged[:ONE_EACH]
            ]

        return bodies

    def qa(n: int) -> int:
        return qa_member(n % QA_MEMBERS)

    def following(_: int) -> Press:
        return IssueForm(month=Month.of(local_date(datetime.now(UTC))).plus(1)).press()

    return [
        Kind("my audit, pressed", _shown(auditor, lambda _: MyAudit().press())),
        Kind(
            "audit card",
            _shown(lambda n: auditor(FILLED_IN + n % 300), lambda n: AuditShow(ref=_done(n)).press()),
        ),
        Kind("return step shown", _shown(auditor, lambda n: ReturnOpen(ref=ref(n)).press())),
        Kind("return, all of it", _shown(auditor, lambda n: ReturnReview(ref=ref(n)).press())),
        Kind("moderation form", judge(ModerationOpen)),
        Kind("issue form", _shown(qa, following)),
        Kind("pool", _shown(qa, lambda _: PoolShow().press())),
        Kind("programme", _shown(qa, lambda _: ProgrammeShow().press())),
        Kind("requests that wait", _shown(qa, lambda _: RequestsOpen().press())),
        Kind("observations of a month", _shown(qa, lambda _: ActivityList().press())),
        Kind(
            "what a team was audited", _shown(lambda n: manager(n % TEAMS), lambda _: TeamHistory().press())
        ),
        Kind("return step saved (durable write)", _step, writes=True),
        Kind("moderation agreed (durable write)", judge(Agree), writes=True),
    ]
