"""Who may do what and how far: every role, permission and thing, against the rules' own words (sections 2, 4 and 7)."""

from datetime import date
from itertools import product
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import NotAllowed
from domain.people import Actor, Reach, Role
from domain.permissions import TABLE, Belongs, Permission, Reaching, allowed, reaching, require
from tests.builders import EAST, NORTH, TODAY, a_person
from tests.unit.domain.council import SOUTH, WEST

NOTHING, OWN, TEAM, SERVICE, DIRECTORATE, ALL = range(6)

SEES: Final = {
    # "own items; a manager their team; a HoS their service; a director their directorate; QA, head of quality and DCS
    # everything"
    Role.AUDITOR: OWN,
    Role.MODERATOR: OWN,
    Role.TEAM_MANAGER: TEAM,
    Role.SERVICE_MANAGER: TEAM,
    Role.ASSISTANT_DIRECTOR: TEAM,
    Role.HEAD_OF_SERVICE: SERVICE,
    Role.DIRECTOR: DIRECTORATE,
    Role.DCS: ALL,
    Role.HEAD_OF_QUALITY: ALL,
    Role.QA_TEAM: ALL,
    # an IRO may be asked for a review of practice, and sees that one
    Role.IRO: OWN,
}
DOES: Final = {role: OWN for role in Role if role not in (Role.HEAD_OF_QUALITY, Role.SOCIAL_WORKER)}
"""Everybody who may be asked for an audit of some kind. The head of quality confirms what others did; families' workers
take part."""
EXPECTED: Final[dict[Permission, dict[Role, int]]] = {
    Permission.AUDIT_VIEW: SEES,
    Permission.EXEMPTION_VIEW: {role: far for role, far in SEES.items() if role is not Role.IRO},
    # each kind is logged by those who do it, whom the policy names; a return is handed in by whose it is
    Permission.AUDIT_LOG: DOES,
    Permission.AUDIT_RETURN: DOES,
    # "ticked" by its auditor, or by the QA team who run the cycle
    Permission.AUDIT_UPLOAD: DOES | {Role.QA_TEAM: ALL},
    # "auditor, manager or HoS disagrees with a grade"
    Permission.GRADE_DISPUTE: DOES
    | {
        Role.TEAM_MANAGER: TEAM,
        Role.SERVICE_MANAGER: TEAM,
        Role.ASSISTANT_DIRECTOR: TEAM,
        Role.HEAD_OF_SERVICE: SERVICE,
    },
    # "the QA team runs the cycle: ... moderation sample"; the head of quality owns what becomes of it
    Permission.MODERATION_ASSIGN: {Role.QA_TEAM: ALL, Role.HEAD_OF_QUALITY: ALL},
    # what was given to a moderator, and nothing else
    Permission.MODERATION_JUDGE: {Role.MODERATOR: OWN},
    # "the head of quality confirms every moderated audit"
    Permission.MODERATION_LOCK: {Role.HEAD_OF_QUALITY: ALL},
    # re-audits, observations and samples are given out by the QA team, or within one's own service
    Permission.ACTIVITY_ASSIGN: {
        Role.HEAD_OF_SERVICE: SERVICE,
        Role.DIRECTOR: DIRECTORATE,
        Role.QA_TEAM: ALL,
    },
    # "the QA team runs the cycle: pool, allocation ..."
    Permission.AUDIT_REISSUE: {Role.QA_TEAM: ALL},
    # an auditor for themselves, "the HoS on behalf of their managers"
    Permission.EXEMPTION_REQUEST: {Role.AUDITOR: OWN, Role.MODERATOR: OWN, Role.HEAD_OF_SERVICE: SERVICE},
    Permission.EXEMPTION_ENDORSE: {Role.HEAD_OF_SERVICE: SERVICE},
    Permission.EXEMPTION_DECIDE: {Role.DIRECTOR: DIRECTORATE, Role.DCS: ALL},
    # "goes to the HoS and the QA team, who answer"; one step up where the head of service is the auditor
    Permission.SLIPPAGE_DECIDE: {
        Role.HEAD_OF_SERVICE: SERVICE,
        Role.DIRECTOR: DIRECTORATE,
        Role.DCS: ALL,
        Role.QA_TEAM: ALL,
    },
    # "take part in an audit"; "a team manager takes part in audits of the team's children"
    Permission.AUDIT_TAKE_PART: {
        Role.SOCIAL_WORKER: OWN,
        Role.IRO: OWN,
        Role.TEAM_MANAGER: TEAM,
        Role.SERVICE_MANAGER: TEAM,
        Role.ASSISTANT_DIRECTOR: TEAM,
    },
    # "the QA team runs the cycle: pool ...", "QA, head of quality and DCS everything"
    Permission.POOL_VIEW: {Role.QA_TEAM: ALL, Role.HEAD_OF_QUALITY: ALL, Role.DCS: ALL},
    Permission.POOL_CHANGE: {Role.QA_TEAM: ALL},
    # the year's calendar is for whoever plans by it
    Permission.PROGRAMME_VIEW: {
        Role.TEAM_MANAGER: ALL,
        Role.SERVICE_MANAGER: ALL,
        Role.ASSISTANT_DIRECTOR: ALL,
        Role.HEAD_OF_SERVICE: ALL,
        Role.DIRECTOR: ALL,
        Role.DCS: ALL,
        Role.HEAD_OF_QUALITY: ALL,
        Role.QA_TEAM: ALL,
    },
    Permission.PROGRAMME_CHANGE: {Role.QA_TEAM: ALL},
    # who decides can be stood in for
    Permission.DELEGATION_MAKE: {
        Role.HEAD_OF_SERVICE: OWN,
        Role.DIRECTOR: OWN,
        Role.DCS: OWN,
        Role.HEAD_OF_QUALITY: OWN,
    },
    Permission.DELIVERY_VIEW: {Role.QA_TEAM: ALL, Role.HEAD_OF_QUALITY: ALL},
    # a danger to a child is never refused, whoever tells of it, and they see what becomes of it
    Permission.CONCERN_RAISE: dict.fromkeys(Role, ALL),
    Permission.CONCERN_VIEW: {**SEES, Role.SOCIAL_WORKER: OWN},
    # "HoS and director told within a minute, each must acknowledge", and it climbs to DCS and head of quality
    Permission.CONCERN_ACKNOWLEDGE: {
        Role.HEAD_OF_SERVICE: SERVICE,
        Role.DIRECTOR: DIRECTORATE,
        Role.DCS: ALL,
        Role.HEAD_OF_QUALITY: ALL,
    },
    # "HoS records the response, can challenge the category"; one step up where there is none
    Permission.CONCERN_RESPOND: {Role.HEAD_OF_SERVICE: SERVICE, Role.DIRECTOR: DIRECTORATE, Role.DCS: ALL},
    # "awaiting information from the team"
    Permission.CONCERN_INFORM: {
        Role.TEAM_MANAGER: TEAM,
        Role.SERVICE_MANAGER: TEAM,
        Role.ASSISTANT_DIRECTOR: TEAM,
        Role.SOCIAL_WORKER: OWN,
    },
    # "the head of quality upholds or re-categorises"; one step up where that is who challenged
    Permission.CONCERN_JUDGE: {Role.HEAD_OF_QUALITY: ALL, Role.DCS: ALL},
    # "removal from Category 1 needs the director's sign-off"
    Permission.CONCERN_SIGN_OFF: {Role.DIRECTOR: DIRECTORATE, Role.DCS: ALL},
    # "the QA team runs the cycle: ... trackers"
    Permission.CONCERN_MANAGE: {Role.QA_TEAM: ALL},
}
REACH: Final = {
    Role.TEAM_MANAGER: Reach(teams=frozenset({NORTH.name})),
    Role.SERVICE_MANAGER: Reach(teams=frozenset({NORTH.name})),
    Role.ASSISTANT_DIRECTOR: Reach(teams=frozenset({NORTH.name})),
    Role.HEAD_OF_SERVICE: Reach(services=frozenset({NORTH.service})),
    Role.DIRECTOR: Reach(directorates=frozenset({NORTH.directorate})),
}
THINGS: Final = {
    "own, of a team far away": (Belongs(frozenset({1}), SOUTH), OWN),
    "own, of no team": (Belongs(frozenset({1})), OWN),
    "own team's": (Belongs(frozenset({2}), NORTH), TEAM),
    "own service's": (Belongs(frozenset({2}), EAST), SERVICE),
    "own directorate's": (Belongs(frozenset({2}), WEST), DIRECTORATE),
    "another directorate's": (Belongs(frozenset({2}), SOUTH), ALL),
    "nobody's": (Belongs(), ALL),
}


def an_actor(*roles: Role) -> Actor:
    parts = [REACH[role] for role in roles if role in REACH]
    return Actor(
        a_person(1, "A B", *roles),
        Reach(
            frozenset[str]().union(*(part.teams for part in parts)),
            frozenset[str]().union(*(part.services for part in parts)),
            frozenset[str]().union(*(part.directorates for part in parts)),
        ),
    )


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_every_role_has_what_the_rules_give_it(role: Role, permission: Permission) -> None:
    has = EXPECTED[permission].get(role, NOTHING)
    actor = an_actor(role)
    for name, (thing, needs) in THINGS.items():
        assert (name, allowed(actor, permission, thing, TODAY)) == (name, needs <= has)
    assert reaching(actor, permission, TODAY) == (Reaching(has) if has else None)


def test_every_permission_and_role_has_been_thought_of() -> None:
    assert set(EXPECTED) == set(Permission)
    assert set(TABLE) == set(Role)


@pytest.mark.parametrize("role", Role)
def test_who_has_left_or_not_begun_may_nothing(role: Role) -> None:
    for dates in ({"active_to": date(2026, 11, 19)}, {"active_from": date(2026, 11, 21)}):
        gone = Actor(a_person(1, "A B", role, **dates), an_actor(role).reach)
        for permission, (thing, _) in product(Permission, THINGS.values()):
            assert not allowed(gone, permission, thing, TODAY)
            with pytest.raises(NotAllowed):
                require(gone, permission, thing, TODAY)


def test_the_first_and_the_last_day_count() -> None:
    person = a_person(1, "A B", Role.QA_TEAM, active_from=TODAY, active_to=TODAY)
    require(Actor(person), Permission.AUDIT_REISSUE, Belongs(), TODAY)


@given(
    roles=st.sets(st.sampled_from(Role), min_size=1, max_size=4),
    permission=st.sampled_from(Permission),
    thing=st.sampled_from([thing for thing, _ in THINGS.values()]),
)
def test_several_roles_give_what_each_gives_and_no_more(
    roles: set[Role], permission: Permission, thing: Belongs
) -> None:
    together = allowed(an_actor(*roles), permission, thing, TODAY)
    assert together == any(allowed(an_actor(role), permission, thing, TODAY) for role in roles)
