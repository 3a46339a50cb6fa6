"""What every card must be: the golden one, valid, small, labelled, workable on any client, and free of tricks."""

import json
from collections.abc import Callable
from importlib import resources
from typing import Any

import jsonschema
import pytest
from markdown_it import MarkdownIt

from dialogs import payloads
from dialogs.cards.parts import Rendered
from dialogs.payloads.returns import ANSWER
from tests.cards.golden import FOLDER, as_text, path_of
from tests.cards.samples import SAMPLES, hostile
from tests.cards.walking import Node, inputs, markdown, nodes, of_type

ALL: dict[str, Callable[[], Rendered]] = {**SAMPLES, **{f"hostile_{k}": v for k, v in hostile().items()}}
each = pytest.mark.parametrize("name", sorted(ALL))

TYPED: dict[str, str] = {
    "note": "because", "question": "why?", "answer": "so", "month": "2026-12", "reason": "other", "explanation": "x",
    "people": "1,2", "find": "Tom", "auditor": "4", "delegate": "5", "scope": "all", "from_day": "2026-11-23",
    "to_day": "2026-11-27", "wanted_on": "2026-12-02", "agreed_on": "2026-12-02", "views": "well", "comment": "I agree",
    "cohorts": "looked_after", "numbers": "20 cp", "total": "12", "per_team": "2", "not_again": "12", "theme": "x",
    "exclusions": "C10432 in court", "kind": "core", "standing": "free", "person": "4", "email": "nia@council.example",
    "name": "Nia Jones", "team": "1", "expected": "12", "plan_note": "x",
    "reflection_well": "x", "reflection_challenges": "x", "reflection_tools": "x", "reflection_differently": "x",
    "moderated_grade": "good", "final_grade": "good", "why": "rationale,format", "what_to_do": "x", "moderator": "4",
    "grades": "good,inadequate", "moderators": "external", "description": "Visit", "owner": "2",
    "due_on": "2026-12-18", "because": "x", "other_child": "C1",
    "category": "1", "grounds": "x", "evidence": "x", "wanted": "removal", "state": "open", "identified": "2026-11",
    "day": "2026-11-19", "child": "C1", "about": "5", "who": "2", "reviewed": "yes", "when": "2026-11",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_card_is_the_golden_one(name: str) -> None:
    """`python -m tests.cards.regenerate` writes them anew."""
    assert as_text(SAMPLES[name]()) == path_of(name).read_text(encoding="utf-8")


def test_no_golden_card_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(SAMPLES)


@pytest.fixture(scope="module")
def schema() -> Any:
    text = (resources.files("adaptive_cards") / "schemas" / "schema-1.5.json").read_text(encoding="utf-8")
    return jsonschema.Draft6Validator(json.loads(text))


@each
def test_a_card_follows_the_schema(name: str, schema: Any) -> None:
    card: Any = json.loads(json.dumps(ALL[name]().card))
    for field in inputs(card):
        assert field.pop("key").startswith(f"{field['id']}-"), "beyond 1.5: Teams keeps inputs apart by it"
    assert [error.message for error in schema.iter_errors(card)] == []
    assert card["version"] == "1.5"


@each
def test_every_input_is_labelled_and_named_once(name: str) -> None:
    found = inputs(ALL[name]().card)
    for field in found:
        assert field["label"]
        assert field["errorMessage"]
        assert field["id"] in TYPED or field["id"].startswith(ANSWER)
    ids = [field["id"] for field in found]
    assert len(ids) == len(set(ids)), "a repeated id leaves the whole card blank on phones"


@each
def test_every_button_works_with_and_without_execute(name: str) -> None:
    for action in of_type(ALL[name]().card, "Action.Execute"):
        behind = action["fallback"]
        assert behind["type"] == "Action.Submit"
        assert behind["data"] == {**action["data"], "verb": action["verb"]}
        assert behind.get("associatedInputs") == action.get("associatedInputs")


@each
def test_every_button_is_parsed_by_the_class_that_made_it(name: str) -> None:
    for container in _with_actions(ALL[name]().card):
        beside: dict[str, object] = {
            field["id"]: TYPED.get(field["id"], "yes") for field in _own_inputs(container)
        }
        for action in container["actions"]:
            if action["type"] != "Action.Execute":
                continue
            sent: dict[str, object] = beside if action.get("associatedInputs") != "none" else {}
            plain: dict[str, object] = {**action["data"], **sent}
            behind: dict[str, object] = {**action["fallback"]["data"], **sent, "msteams": {}}
            for data in (plain, behind):
                payload = payloads.parse(action["verb"], data)
                assert payloads.BY_CLASS[type(payload)] == action["verb"]


def _with_actions(card: Node) -> list[Node]:
    """The card, its ShowCards and its action sets; an action set reads the inputs of the card around it."""
    outer = [node for node in nodes(card) if node.get("type") == "AdaptiveCard"]
    return [
        {"actions": actions["actions"], "body": around.get("body", [])}
        for around in outer
        for actions in [around, *of_type({"body": around.get("body", [])}, "ActionSet")]
        if actions.get("actions")
    ]


def _own_inputs(container: Node) -> list[Node]:
    without = [node for node in container["body"] if node.get("type") != "ActionSet"]
    return inputs({"body": without})


@each
def test_a_card_has_a_heading_a_way_on_and_no_more_than_six_buttons(name: str) -> None:
    card = ALL[name]().card
    headings = [node for node in nodes(card) if node.get("style") == "heading"]
    assert headings == [card["body"][0]], "one heading, and first"
    assert len(card.get("actions", [])) <= 6
    assert of_type(card, "Action.Execute"), "never a dead end"
    assert not of_type(card, "Image")


@each
def test_a_colour_never_stands_without_words(name: str) -> None:
    card = ALL[name]().card
    assert not [node for node in nodes(card) if "color" in node], (
        "Teams' yellow letters can't be read on white"
    )
    for ground in of_type(card, "Container"):
        assert any(len(text) > 3 for text in markdown(ground))


@each
def test_a_summary_is_one_plain_line(name: str) -> None:
    summary = ALL[name]().summary
    assert summary
    assert "\n" not in summary
    assert "click to view" not in summary.lower()


@each
def test_a_card_is_small(name: str) -> None:
    assert len(json.dumps(ALL[name]().card)) <= 28 * 1024


@pytest.mark.parametrize("name", sorted(hostile()))
def test_no_person_writes_markdown_links_or_mentions_onto_a_card(name: str) -> None:
    """Faults 49 and 50."""
    parser = MarkdownIt("js-default")
    rendered = hostile()[name]()
    for text in [*markdown(rendered.card), rendered.summary]:
        for token in parser.parseInline(text):
            assert {child.type for child in token.children or []} <= {"text", "softbreak"}, text
        for trick in ("<", ">", "://", "{{", "\u202e", "@"):
            assert trick not in text
