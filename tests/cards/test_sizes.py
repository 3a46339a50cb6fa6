"""The worst that can be put on each card still fits (faults 51 and 58)."""

import json
from dataclasses import replace

import pytest

from dialogs import payloads
from dialogs.cards import audits, exemptions, lists, people, requests
from dialogs.cards.parts import CHOICES_MOST, Rendered
from domain.exemptions import Command, State
from tests import builders as b
from tests.cards.samples import DECIDER, REASONS
from tests.cards.walking import inputs

BUDGET = 28 * 1024
WIDE_NAME = "Æþelþryþ-Wilhelmina Ó Súilleabháin-Featherstonehaugh " * 2


def fits(rendered: Rendered) -> None:
    """As it is sent with every non-ASCII character escaped, the widest way that JSON has."""
    assert len(json.dumps(rendered.card)) <= BUDGET


@pytest.mark.parametrize("text", ["x", "*", "\U0001f469", "\n", "é"])
@pytest.mark.parametrize("state", [State.WITH_DIRECTOR, State.DECLINED, State.ASKED_BACK])
def test_an_exemption_with_the_longest_texts(text: str, state: State) -> None:
    long = text * 1000
    exemption = b.an_exemption(state=state, explanation=long, note=long, last_week=True, after_issue=True)
    steps = tuple(
        b.a_step(Command.ASK_BACK if n % 2 else Command.ANSWER, b.DANA, for_id=b.RUTH.id, note=long)
        for n in range(200)
    )
    commands = (Command.ANSWER, Command.WITHDRAW) if state is State.ASKED_BACK else DECIDER
    view = b.an_exemption_view(
        b.TOM if state is State.ASKED_BACK else b.RUTH,
        exemption,
        commands if state.open else (),
        history=steps,
        people={i: replace(p, name=WIDE_NAME) for i, p in b.EVERYBODY.items()},
        audit=b.an_audit(),
        earlier_refusal=b.an_exemption(3, state=State.DECLINED, note=long),
    )
    fits(exemptions.exemption(view, "x" * 300))


def test_a_thousand_waiting_approvals_are_paged() -> None:
    person = b.a_person(1, WIDE_NAME)
    page = [b.a_waiting_line(n, person, acting_for=person) for n in range(1, 11)]
    many = [b.a_waiting_line(n, person) for n in range(1, 11)]
    view = b.waiting(
        *page, total=1000, offset=500, asked_back=many, freed=[b.an_audit(n) for n in range(1, 61)]
    )
    rendered = lists.waiting(view, REASONS)
    fits(rendered)
    verbs = [(a["title"], a["data"].get("offset", 0)) for a in rendered.card["actions"]]
    assert verbs == [("Previous", 490), ("Next", 510)]


def test_the_first_and_the_last_page_turn_only_one_way() -> None:
    first = lists.exemptions(
        b.an_exemption_list(b.a_waiting_line(), total=11), payloads.ExemptionList(month=b.NOVEMBER), REASONS
    )
    last = lists.exemptions(
        b.an_exemption_list(b.a_waiting_line(), total=11, offset=10),
        payloads.ExemptionList(month=b.NOVEMBER, reason="other", offset=10),
        REASONS,
    )
    assert [a["title"] for a in first.card["actions"]][:1] == ["Next"]
    assert [a["title"] for a in last.card["actions"]][:1] == ["Previous"]
    assert last.card["actions"][0]["data"] == {"month": "2026-11", "reason": "other"}, "the filter is kept"


@pytest.mark.parametrize("number", [60, 100, 101, 400])
def test_lists_of_people_are_whole_or_narrowed(number: int) -> None:
    crowd = [replace(p, name=f"{WIDE_NAME[:60]} {p.id}") for p in b.many_people(number)]
    for rendered in (
        requests.request_form(b.a_form(b.DANA, for_people=crowd, myself=False)),
        requests.request_form(b.a_form(b.DANA, for_people=crowd, myself=False), find="wilhelmina"),
        audits.freed(b.a_freed_audit(*crowd), find="wilhelmina"),
        people.delegations(
            b.deputies(*[b.a_delegation(n) for n in range(1, 31)], candidates=crowd), find="wilhelmina"
        ),
    ):
        fits(rendered)
        for field in inputs(rendered.card):
            assert len(field.get("choices", [])) <= CHOICES_MOST


def test_a_crowd_is_searched_by_part_of_a_name_or_team() -> None:
    crowd = [*b.many_people(320), b.PRIYA]
    fields = inputs(audits.freed(b.a_freed_audit(*crowd)).card)
    assert [field["id"] for field in fields] == ["find"]
    fields = inputs(audits.freed(b.a_freed_audit(*crowd), find="shah eastfield").card)
    assert [choice["title"] for choice in fields[0]["choices"]] == ["Priya Shah (Eastfield)"]
    fields = inputs(audits.freed(b.a_freed_audit(*crowd), find="nobody").card)
    assert [field["id"] for field in fields] == ["find"]


def test_many_audits_and_many_new_requests() -> None:
    fits(audits.my_audits(b.my_audits(*[b.an_audit_line(b.an_audit(n)) for n in range(1, 61)])))
    fits(requests.requested([b.an_exemption_view(b.DANA, b.an_exemption(n)) for n in range(1, 101)]))
