"""There is a sentence for everything, and each says what to do next."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dialogs import payloads, sending, words
from dialogs.words import audits, exemptions, home, people, refusals
from dialogs.words import notices as notice_words
from domain import errors
from domain.audits import AuditState, Kind, Standing
from domain.calendar import Month
from domain.errors import DomainError, Invalid, NotAllowed, NotFound, OutOfDate
from domain.exemptions import Command, State
from domain.notices import NoticeKind
from domain.people import Level, Role, Scope
from domain.permissions import Permission
from domain.policy import ReasonClass, Texts

ROOT = Path(__file__).parents[3]
REFUSALS = {"Invalid", "NotAllowed", "NotFound", "OutOfDate", "Conflict", "DomainError", "Malformed"}


def _refusals() -> Iterator[ast.Call]:
    """Every refusal that is made anywhere in the rules and in what parses the buttons."""
    for folder in ("domain", "dialogs"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in REFUSALS
                ):
                    yield node


def _codes() -> set[str]:
    written = {
        call.args[0].value
        for call in _refusals()
        if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }
    classes = {c.code for c in vars(errors).values() if isinstance(c, type) and issubclass(c, DomainError)}
    return (
        written | classes | {payloads.UnknownVerb.code, payloads.Malformed.code} - {"refused", "not_allowed"}
    )


def _reasons_why() -> set[str]:
    found = [keyword for call in _refusals() for keyword in call.keywords if keyword.arg == "why"]
    return {
        k.value.value for k in found if isinstance(k.value, ast.Constant) and isinstance(k.value.value, str)
    }


def _says_what_next(sentence: str) -> bool:
    return bool(re.search(r"[.?!]$", sentence)) and sentence.count(".") >= 1 and "{" not in sentence


@pytest.mark.parametrize("code", sorted(_codes() - {"refused", "not_allowed"}))
def test_every_refusal_has_its_own_sentence(code: str) -> None:
    assert code in refusals.SENTENCES
    sentence = words.refusal(DomainError(code))
    assert _says_what_next(sentence)
    assert sentence != words.refusal(DomainError("nothing of the kind"))


@pytest.mark.parametrize("permission", list(Permission))
def test_every_permission_has_its_sentence(permission: Permission) -> None:
    sentence = words.refusal(NotAllowed(permission=permission.value), "the Quality Hub")
    assert _says_what_next(sentence)
    assert sentence != words.refusal(NotAllowed(permission="no such"), "the Quality Hub")


def test_every_reason_why_something_is_not_allowed_is_said() -> None:
    wanted = _reasons_why() - {"reassigned"}
    assert wanted, "the search finds what it is for"
    assert wanted <= set(refusals.WHY_NOT)
    assert "their own request" in words.refusal(NotAllowed(permission="exemption.decide", why="own_request"))


@pytest.mark.parametrize("state", [*State, *AuditState])
def test_a_stale_press_is_told_where_the_thing_is_now(state: State | AuditState) -> None:
    sentence = words.refusal(OutOfDate(ref="E-12", state=state.value))
    assert sentence.startswith("E-12 has moved on: ")
    assert "something else" not in sentence


def test_a_request_that_changed_hands_says_so() -> None:
    moved = OutOfDate(ref="E-12", state="with_director", why="reassigned")
    assert "with somebody else now" in words.refusal(moved)


def test_the_council_names_whom_to_ask() -> None:
    assert "Ask the Quality Hub" in words.refusal(Invalid("no_approver"), "the Quality Hub")


def test_facts_are_said_as_people_read_them() -> None:
    assert "November 2026 is in its last week" in words.refusal(
        Invalid("explanation_missing", month="2026-11")
    )
    assert "longer than 1,000 characters" in words.refusal(Invalid("too_long", longest="1000"))
    assert words.refusal(NotFound(ref="E-99", kind="exemption")).startswith("E-99 cannot be found.")
    assert "E-7" in words.refusal(Invalid("already_requested", ref="E-7"))
    assert words.refusal(Invalid("after_deadline", month="garbled")).startswith("That month is over")


@pytest.mark.parametrize("command", ["decline", "ask_back", "answer"])
def test_a_missing_note_is_asked_for_in_the_words_of_its_step(command: str) -> None:
    assert words.refusal(Invalid("note_missing", command=command)) != words.refusal(Invalid("note_missing"))


def test_something_broken_gives_what_to_quote() -> None:
    assert "quote ab12" in words.fault("ab12")


def test_days_months_and_times_are_written_out() -> None:
    assert words.day(date(2026, 11, 30)) == "Mon 30 November 2026"
    assert words.month(Month(2026, 11)) == "November 2026"
    assert words.moment(datetime(2026, 7, 1, 8, 5, tzinfo=UTC)) == "Wed 1 July 2026, 09:05"
    assert words.days_left(6) == "6 working days left after today"
    assert words.days_left(1) == "1 working day left after today"
    assert words.days_left(0) == "no working day left after today"
    assert words.count(1204, "request") == "1,204 requests"
    assert words.short_list(["a", "b", "c"]) == "a, b and c"


def test_every_code_that_is_shown_has_words() -> None:
    assert set(exemptions.STATE) == set(State)
    assert set(exemptions.LEVEL) == set(Level)
    assert set(exemptions.CLASS) == set(ReasonClass)
    assert set(exemptions.DID) == {*Command, "request"}
    assert set(audits.KIND) == set(Kind)
    assert set(audits.STANDING) == set(Standing)
    assert set(people.ROLE) == set(Role)
    assert set(people.SCOPE) == set(Scope)
    assert set(refusals.MOVED_ON) == set(State)


def test_every_notice_has_its_message_and_its_name() -> None:
    assert set(sending.WORDED) == set(NoticeKind)
    assert set(notice_words.SUBJECT) == set(NoticeKind)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_told_what_it_can_do(role: Role) -> None:
    says = [say for say, _ in home.what_you_can_do({role})]
    assert says[-2:] == ["help", "debug"]
    assert home.here({role}).startswith("Here you can send “")


def test_danger_is_answered_by_the_live_route_first() -> None:
    texts = Texts(safeguarding="Ring the front door on 0100 now.")
    assert home.danger(texts).startswith("Ring the front door on 0100 now.")


@pytest.mark.parametrize("noun", payloads.NOUNS, ids=lambda noun: noun.__name__.rpartition(".")[2])
def test_every_code_of_what_was_filled_in_has_its_sentence(noun: payloads.Noun) -> None:
    for table in ("MISSING", "UNREADABLE", "TOO_LONG"):
        codes: dict[str, str] = getattr(noun, table, {})
        assert set(codes.values()) <= set(refusals.SENTENCES)
