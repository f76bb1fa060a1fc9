"""H. Too much and too far, in every form and every address of the site: refused or ignored, never a fault of ours."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from classrooms.models import Assignment, Classroom, Member
from classrooms.views.joining import GUESSES_OF_MANY, GUESSES_OF_ONE
from tests.attacks.test_h_volume import use_up
from tests.authorization import ROLES, Row, World, make_world
from tests.test_authorization import MATRIX, address, taken_back

NAMES = (
    "page q sort group assignment learner attempt lesson table since then course question removed shown remove member"
    " where split showing choice points seen expected once kind flag next first second one other older position go auto"
    " check text title name number email label code due_at opens_at minutes attempts count late_penalty extra_attempts"
    " extra_time_factor review_days target_share kinds lessons groups members pretest successor reason comment try hint"
    " file format encoding password language time_zone items_per_day days theme script stem key options fact rule"
).split()
"""Names that the site's forms and addresses use."""
VERBS = {"do", "action", "decide", "scope"}
HOSTILE = [
    "",
    "9" * 5000,
    str(2**63),
    "-1",
    "1e999",
    "²",
    "abc",
    "\u202e\x85\u2028",
    "0001-01-01",
    "1\r\nSet-Cookie: x=1",
]
ONCE = list({(row.name, row.method): row for row in reversed(MATRIX)}.values())
"""Each page and each form once, by the first row that the matrix has."""


@pytest.fixture
def world(db: None) -> World:
    world = make_world()
    assignment = Assignment.objects.get(pk=world.objects["assignment"])
    assignment.extensions.create(member=Member.objects.get(pk=world.objects["member"]), extra_attempts=1)
    return world


def sent(row: Row, value: str) -> dict[str, Any]:
    """The value under every name, but for what says which thing is to be done."""
    return dict.fromkeys(NAMES, value) | {name: given for name, given in row.data if name in VERBS}


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value)[:20])
def test_81_82_no_value_in_any_form_or_address_is_a_fault_of_ours(world: World, value: str) -> None:
    """Each page and form as somebody who may use it."""
    faults = []
    clients = {role: world.client(role) for role in ROLES}
    for row in ONCE:
        cache.clear()
        role = next((role for role in "ISCLG" if row.outcomes[ROLES.index(role)] in "oi"), "K")
        client = clients[role]
        with taken_back():
            response = (client.get if row.method == "GET" else client.post)(
                address(row, world.objects), sent(row, value)
            )
            assert "x" not in response.cookies
        if response.status_code >= 500:
            faults.append((row, role, response.status_code))
    assert faults == []


@pytest.mark.parametrize("number", ["²", "٣", "9" * 20, "9" * 5000, "-1", "1.0", "0x1", " 1 ", ""])
def test_82_a_number_that_no_row_can_have_in_a_form(world: World, number: str) -> None:
    objects = world.objects
    owner, learner = world.client("I"), world.client("L")
    work = f"/classes/{objects['classroom']}/work/{objects['assignment']}"
    assert owner.post(f"{work}/extensions/", {"remove": number}).status_code in (302, 303, 422)
    assert owner.post(f"{work}/questions/", {"shown": number, "question": number}).status_code in (302, 303)
    assert (
        owner.post(f"/classes/{objects['classroom']}/present/", {"do": "show", "question": number}).status_code == 404
    )
    assert Assignment.objects.get(pk=objects["assignment"]).extensions.count() == 1
    for posted in ({"do": "include", "where": number}, {"split": number}, {"do": "exclude", "where": number}):
        assert learner.post("/import/learners-own/arrange/", posted).status_code in (302, 404, 422)
    decided = learner.post("/import/learners-own/facts/of/L1/decide/", {"decide": f"accept:{number}"})
    assert decided.status_code in (302, 404)


@pytest.mark.parametrize("days", ["0001-01-01", "1000-01-01", "9999-12-31", "2026-02-30", "1e3", "-1"])
def test_68_a_day_far_away_in_the_address_of_a_report(world: World, days: str) -> None:
    client = world.client("I")
    began = time.monotonic()
    for row in MATRIX:
        if row.name.startswith("reports:") and row.args[:1] == ("classroom",) and row.outcomes[5] == "o":
            assert client.get(address(row, world.objects), {"since": days, "then": days}).status_code == 200, row
    assert time.monotonic() - began < 30


# Guessing.


def test_57_guesses_at_codes_end_and_lock_nobody_else_out(world: World) -> None:
    """Of a visitor after 300 in ten minutes, of a person after 20; by the form and by the address of a link alike. A
    code that worked once is a guess too, and whoever has an account gets in meanwhile."""
    visitor, guesser, newcomer = world.client("A"), world.client("X"), world.client("L")
    old = world.objects["other_code"]
    use_up("class-code", GUESSES_OF_MANY, but=2)
    assert visitor.post("/classes/join/", {"code": "ZZZZZZZZ"}).status_code == 422
    assert visitor.get("/classes/join/YYYYYYYY/").status_code == 422
    assert visitor.get(f"/classes/join/{world.objects['code']}/").status_code == 429
    most = int(GUESSES_OF_ONE.partition("/")[0])
    Classroom.objects.filter(code=old).update(code_expires_at=timezone.now())
    codes = [guesser.get(f"/classes/join/{old if at % 2 else 'QQQQQQQQ'}/").status_code for at in range(most + 2)]
    assert codes == [422] * most + [429] * 2
    assert newcomer.get(f"/classes/join/{world.objects['code']}/").status_code == 200


def test_57_secrets_in_addresses_are_limited_and_look_alike(world: World) -> None:
    """A calendar that never was and one that was renewed; an invitation that is unknown and one that was used."""
    client = Client()
    never, old = client.get(f"/classes/calendar/{'x' * 32}.ics"), client.get(f"/classes/calendar/{'y' * 32}.ics")
    assert (never.status_code, old.status_code) == (404, 404)
    guesser = world.client("X")
    most = int(GUESSES_OF_ONE.partition("/")[0])
    answers = [guesser.get(f"/classes/invited/{'z' * 31}{at}/") for at in range(most + 1)]
    assert [answer.status_code for answer in answers] == [422] * most + [429]
    assert guesser.get(f"/classes/invited/{world.objects['secret']}/").status_code == 429
    assert world.client("L").get(f"/classes/invited/{world.objects['secret']}/").status_code == 200
