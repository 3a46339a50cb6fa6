"""What people mean, as they type it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.intents import understand
from tests.unit.dialogs.test_neutral import anything, calm

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        # the commands of every scope
        ("help", "help"), ("Help!", "help"), ("?", "help"), ("hi", "hi"), ("Hello", "hi"), ("my audit", "my_audits"),
        ("my actions", "my_actions"), ("exemption", "request_exemption"), ("tracker", "tracker"),
        ("concerns", "coc_list"), ("summary", "summary"), ("debug", "debug"), ("thanks!", "smalltalk"),
        # as people type
        ("whats my audti", "my_audits"), ("What\u2019s my audit", "my_audits"),
        ("who's my novemeber child", "my_audits"),
        ("which of my team's kids are being audited this month", "my_audits"), ("exempton", "request_exemption"),
        ("how long have i got left on C10432", "audit_deadline"),
        ("is it end of the month or last working day", "audit_deadline"),
        ("too busy can i leave it this time", "request_exemption"),
        ("im leaving on the 27th do i still have to audit", "request_exemption"),
        ("what is waiting for me", "exemption_waiting"), ("waht is waitng for me", "exemption_waiting"),
        ("whats waiting", "exemption_waiting"), ("approvals", "exemption_waiting"),
        ("freed children", "exemption_waiting"), ("approve E-12", "exemption_decision"),
        ("decline Tom Bailey - last week of the month and no planning", "exemption_decision"),
        ("how many exemptions have i agreed this month and why", "exemption_list"),
        ("exemptions", "exemption_list"), ("E-12", "exemption_show"), ("make Sam Whyte my deputy", "delegation"),
        ("im on leave", "delegation"), ("done my audit", "submit_audit"),
        ("im going to be late with my audit", "report_slippage"), ("ive got a cat 1", "raise_child_of_concern"),
        ("whats the weather doing in gloucester", "unknown"), ("reset my mosaic password", "unknown"), ("", "unknown"),
        ("done", "clarify"),
    ],
)  # fmt: skip
def test_what_is_typed_is_understood(text: str, intent: str) -> None:
    assert understand(text, TODAY).name == intent


@pytest.mark.parametrize(
    "text",
    [
        "this child isnt safe tonight, who do i ring",
        "this child isn\u2019t safe tonite",
        "a child is in danger now",
        "he's not safe at home right now",
        "she is being hit right now, where is my audit",
        "baby at risk now",
        "there is an immediate risk to the kids",
        "safeguarding emergency",
        "mum says she will hurt him, child missing since last night",
        "my audit: the girl is suicidal",
        "CHILD IN IMMEDIATE DANGER",
        "the child is in dangr",
    ],
)
def test_danger_comes_before_anything_else(text: str) -> None:
    assert understand(text, TODAY).name == "danger"


@pytest.mark.parametrize(
    "text", ["my audit", "i need an exemption, i am at risk of not finishing", "concerns", "cat 1"]
)
def test_ordinary_words_are_no_danger(text: str) -> None:
    assert understand(text, TODAY).name != "danger"


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("my audit this month", "2026-11"), ("my audit next month", "2026-12"), ("my audit last month", "2026-10"),
        ("my audit in november", "2026-11"), ("my audit in novemeber", "2026-11"), ("my audit for jan", "2027-01"),
        ("my audit for june", "2026-06"), ("my audit in march 2026", "2026-03"), ("my audit 2026-12", "2026-12"),
        ("my audit for 10/2026", "2026-10"), ("exemption for november", "2026-11"), ("exemption for june", "2027-06"),
        ("requesting exemption for Priya Shah, maternity from 1 dec", "2026-12"), ("my audit in may", "2027-05"),
    ],
)  # fmt: skip
def test_a_month_is_found(text: str, month: str) -> None:
    assert understand(text, TODAY).slots["month"] == month


def test_a_verb_is_no_month() -> None:
    assert "month" not in understand("may i have an exemption", TODAY).slots


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("can i be exempt this month im giving evidence in a final hearing", "statutory_work"),
        ("requesting exemption for Priya Shah, maternity from 1 dec", "maternity"),
        ("im leaving on the 27th do i still have to audit", "leaving"),
        ("exemption please, off sick", "ill_health"),
        ("exempt me, annual leave all month", "extended_leave"),
        ("exempt as im moderating", "moderating"),
    ],
)
def test_a_reason_is_guessed(text: str, reason: str) -> None:
    intent = understand(text, TODAY)
    assert (intent.name, intent.slots["reason"]) == ("request_exemption", reason)


def test_whom_it_is_for() -> None:
    assert understand("exemption for my managers in december", TODAY).slots["for"] == "others"
    assert understand("i need an exemption", TODAY).slots["for"] == "self"
    slots = understand("requesting exemption for Priya Shah, maternity from 1 dec", TODAY).slots
    assert (slots["for"], slots["person"]) == ("others", "Priya Shah")
    assert "person" not in understand("Exemption for November", TODAY).slots
    assert understand("please make Siân O'Neill-Rees my deputy", TODAY).slots["person"] == "Siân O'Neill-Rees"


def test_references_are_found() -> None:
    assert understand("approve e-12 please", TODAY).slots == {"ref": "E-12", "decision": "approve"}
    assert understand("my audit A-104", TODAY).slots["audit_ref"] == "A-104"


@calm
@given(st.one_of(anything, st.text(max_size=2000)), st.dates(date(2, 1, 1), date(9998, 12, 31)))
def test_for_any_text_there_is_an_answer(text: str, today: date) -> None:
    intent = understand(text, today)
    assert intent.name
    assert 0 <= intent.confidence <= 1
    assert all(isinstance(value, str) for value in intent.slots.values())


def test_a_long_text_is_read_as_far_as_it_matters() -> None:
    assert understand("exemption please " + "blah " * 100_000, TODAY).name == "request_exemption"


FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("C10432 finished, RI overall, sw present", "submit_audit",
         {"child_ref": "C10432", "grade": "requires_improvement", "sw_engaged": "true"}),
        ("submitting my audit for 20417, good, sw present, spoke to mum", "submit_audit",
         {"child_ref": "20417", "grade": "good", "sw_engaged": "true", "parent_views": "true"}),
        ("finished A-12, outstanding, manager not there, no reflection sheet", "submit_audit",
         {"ref": "A-12", "grade": "outstanding", "manager_engaged": "false", "reflection_sheet": "false"}),
        ("might slip to Wednesday", "report_slippage", {"new_date": "2026-11-25"}),
        ("can i have till the 4th", "report_slippage", {"new_date": "2026-12-04"}),
        ("my audit will be late, can I have until 27/11", "report_slippage", {"new_date": "2026-11-27"}),
        ("case closed last week can i have another child", "reallocate_audit", {"reason": "case_closed"}),
        ("A-12 is a child of my own team, reallocate please", "reallocate_audit",
         {"reason": "own_team", "ref": "A-12"}),
        ("issue december audits", "allocate_audits", {"month": "2026-12"}),
        ("pull a random sample of 65 for dec, 20 cp 20 cin 15 cic 10 cl", "allocate_audits",
         {"month": "2026-12", "count": "65",
          "mix": "child_protection_plan:20,child_in_need:20,looked_after:15,care_leavers:10"}),
        ("draw audits for december, 2 a team", "allocate_audits", {"month": "2026-12", "per_team": "2"}),
        ("send all inadequates to the external moderators", "assign_moderation",
         {"grades": "inadequate", "moderator_type": "external"}),
        ("what have i to moderate", "assign_moderation", {"op": "mine"}),
        ("who's moderating C10432", "assign_moderation", {"op": "who", "child_ref": "C10432"}),
        ("moderated C10432, good down to RI", "record_moderation",
         {"child_ref": "C10432", "from_grade": "good", "to_grade": "requires_improvement", "outcome": "downgraded"}),
        ("why has mine been sent back", "return_for_rework", {}),
        ("send A-201 back, rationale missing", "return_for_rework", {"ref": "A-201", "reason": "rationale missing"}),
        ("sending C10432 back because the Child's view lacks", "return_for_rework",
         {"child_ref": "C10432", "reason": "the Child's view lacks"}),
        ("A-205 agreed", "record_moderation", {"ref": "A-205", "outcome": "agreed"}),
        ("i agree with A-205", "record_moderation", {"ref": "A-205", "outcome": "agreed"}),
        ("i dont agree with A-205", "dispute_grade", {"ref": "A-205"}),
        ("moderation for november", "assign_moderation", {"month": "2026-11"}),
        ("who gets whom in december", "allocate_audits", {"month": "2026-12"}),
        ("i want to challenge the moderation on C10432", "dispute_grade", {"child_ref": "C10432"}),
        ("third lock", "third_lock", {}), ("what is there to upload", "upload", {}),
        ("A-104", "audit_show", {"ref": "A-104"}),
        ("what is coming", "coming", {}), ("Audits of my children", "coming", {}),
        ("what's coming up in december", "coming", {"month": "2026-12"}),
        ("C20001", "audit_show", {"child_ref": "C20001"}), ("20001", "audit_show", {"child_ref": "20001"}),
        ("who audits C20001", "audit_show", {"child_ref": "C20001"}),
        ("who has C20001?", "audit_show", {"child_ref": "C20001"}),
        ("who's auditing c20001 this month", "audit_show", {"child_ref": "C20001", "month": "2026-11"}),
        ("what about C20001", "audit_show", {"child_ref": "C20001"}),
        ("status of C20001 please", "audit_show", {"child_ref": "C20001"}),
        ("what's the status of A-104", "audit_show", {"ref": "A-104"}),
        ("show me the audit of C20001", "audit_show", {"child_ref": "C20001"}),
        ("my audit C20001", "my_audits", {"child_ref": "C20001"}),
        ("exclude C20001 from the sample", "allocate_audits", {"child_ref": "C20001"}),
        ("which kids are due a re-audit", "reaudit", {"op": "due"}),
        ("set up a dip sample of 20 on supervision", "thematic_dip",
         {"kind": "dip_sample", "op": "set_up", "count": "20", "theme": "supervision"}),
        ("log obs for Karen's supervision today, previous actions reviewed yes", "supervision_observation",
         {"person": "Karen", "date": "2026-11-20", "previous_actions_reviewed": "true", "op": "submit"}),
        ("add Sam Whyte as auditor from dec, trained 12 nov", "pool_capacity",
         {"person": "Sam Whyte", "role_to": "auditor", "month": "2026-12", "trained": "2026-11-12"}),
        ("promote Priya Shah to moderator", "pool_capacity", {"person": "Priya Shah", "role_to": "moderator"}),
        ("I am away, A-101", "reallocate_audit", {"reason": "absence", "ref": "A-101"}),
        ("i handed in the wrong child", "correct_mistake", {}),
        ("correct my return A-12", "correct_mistake", {"ref": "A-12"}),
        ("change my grade to inadequate", "correct_mistake", {}),
        ("A-201 down to RI", "record_moderation",
         {"ref": "A-201", "to_grade": "requires_improvement", "outcome": "downgraded"}),
        ("top up the sample", "assign_moderation", {}),
        ("audit programme", "programme", {}), ("what of my team was audited before", "team_history", {}),
    ],
)  # fmt: skip
def test_the_months_cycle_in_plain_words(text: str, intent: str, slots: dict[str, str]) -> None:
    found = understand(text, FRIDAY)
    assert found.name == intent
    assert {key: found.slots.get(key) for key in slots} == slots


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("might slip to friday", "2026-11-27"), ("late, can i have until next tuesday", "2026-11-24"),
        ("my audit will slip to tomorrow", "2026-11-21"), ("running late, 2 dec", "2026-12-02"),
        ("late with my audit until 2026-12-03", "2026-12-03"), ("audit late, need until the 30th", "2026-11-30"),
    ],
)  # fmt: skip
def test_a_day_ahead_is_found(text: str, day: str) -> None:
    assert understand(text, FRIDAY).slots["new_date"] == day


def test_an_impossible_day_is_no_day() -> None:
    assert "new_date" not in understand("my audit will be late, until 31/02", FRIDAY).slots


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("ive got a cat 1", "raise_child_of_concern", {"category": "1"}),
        ("think this ones a child of concern not sure which catagory", "raise_child_of_concern",
         {"category": "unsure"}),
        ("raise a concern about C20417 cat 2", "raise_child_of_concern", {"child_ref": "C20417", "category": "2"}),
        ("worried about C20417", "raise_child_of_concern", {"child_ref": "C20417"}),
        ("any cat 1s open", "coc_list", {"category": "1", "status": "open"}),
        ("how long have the cat 1s been on the log", "coc_list", {"category": "1", "measure": "age"}),
        ("coc tracker by month identified", "coc_list", {"group_by": "month_identified"}),
        ("open cat 2s from november", "coc_list", {"category": "2", "month": "2026-11"}),
        ("concerns waiting for sign off", "coc_list", {"state": "with_director"}),
        ("whats happening with C10777", "coc_list", {"child_ref": "C10777"}),
        ("C-7", "coc_list", {"concern_ref": "C-7"}),
        ("c7", "coc_list", {"concern_ref": "C-7"}),
        ("C-10432", "coc_list", {"concern_ref": "C-10432", "child_ref": "C10432"}),
        ("C10432", "audit_show", {"child_ref": "C10432"}),
        ("seen the cat 1, visiting this afternoon", "coc_respond",
         {"category": "1", "note": "seen the cat 1, visiting this afternoon"}),
        ("cant get hold of the tm about my cat 1", "coc_respond", {"category": "1"}),
        ("ack C-7", "coc_respond", {"concern_ref": "C-7", "op": "acknowledge"}),
        ("i have it", "coc_respond", {"op": "acknowledge"}),
        ("i dont agree C10777 is cat 1", "coc_challenge", {"child_ref": "C10777", "category": "1"}),
        ("re-categorise C10777 to cat 2, head of quality agreed", "coc_challenge",
         {"child_ref": "C10777", "proposed_category": "2", "op": "recategorise"}),
        ("uphold C-7", "coc_challenge", {"concern_ref": "C-7", "op": "uphold"}),
        ("submit C10611 for director sign off", "coc_signoff", {"child_ref": "C10611", "op": "submit"}),
        ("sign off C10777 as no longer cat 1", "coc_signoff", {"child_ref": "C10777", "category": "1"}),
        ("dont sign off C10777", "coc_signoff", {"child_ref": "C10777", "op": "refuse"}),
        ("overdue coc actions for leadership team thurs", "overdue_actions", {}),
    ],
)  # fmt: skip
def test_children_of_concern_in_plain_words(text: str, intent: str, slots: dict[str, str]) -> None:
    found = understand(text, FRIDAY)
    assert found.name == intent
    assert {name: found.slots.get(name) for name in slots} == slots
