"""E. Sessions, forgery, caches and hosts on the pages of classes and reports."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from classrooms.models import Classroom, Member
from tests.attacks.crawl import head_of, texts_of
from tests.attacks.test_e_sessions import EVIL
from tests.authorization import ROLES, World, make_world
from tests.classrooms.matrix import MATRIX as CLASSES
from tests.reports.matrix import DATA
from tests.reports.matrix import MATRIX as REPORTS
from tests.test_authorization import address, named, taken_back

HTMX = {"HX-Request": "true"}
SEEN = [row for row in (*CLASSES, *REPORTS) if row.method == "GET" and set(row.outcomes) & set("o")]


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_49_joining_as_a_visitor_begins_a_session_of_its_own(world: World) -> None:
    """Whoever planted a session in the browser of a class gets none of its places."""
    client = Client()
    client.get("/classes/join/")
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = planted
    client.post(f"/classes/join/{world.objects['code']}/", {"name": "Ann"})
    assert Member.objects.filter(name="Ann", user__is_guest=True).exists()
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted
    page = f"/classes/{world.objects['classroom']}/"
    assert client.get(page).status_code == 200
    assert thief.get(page)["Location"].startswith("/account/login/")


@pytest.mark.parametrize("row", [row for row in CLASSES if row.method == "POST"], ids=named)
def test_55_no_form_of_a_class_is_taken_from_elsewhere(world: World, row: object) -> None:
    """Plain and with htmx, without a token, with somebody else's, from another origin and from none."""
    other = Client(enforce_csrf_checks=True)
    other.get("/classes/join/")
    token = other.cookies[settings.CSRF_COOKIE_NAME].value
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["I"], backend="django.contrib.auth.backends.ModelBackend")
    url = address(row, world.objects)  # type: ignore[arg-type]
    for headers in ({}, {"Origin": "null"}, {"Origin": "https://evil.example"}, {"X-CSRFToken": token}):
        for htmx in ({}, HTMX):
            posted = world.data(row) | {"csrfmiddlewaretoken": token}  # type: ignore[arg-type]
            assert client.post(url, posted, headers=headers | htmx).status_code == 403


def test_a_page_of_a_class_is_kept_by_nobody_and_mixed_with_no_fragment(world: World) -> None:
    """Every page, file and fragment, of whoever may see it."""
    for row in SEEN:
        role = next(role for role in "CIJXKS" if row.outcomes[ROLES.index(role)] == "o")
        for headers in ({}, HTMX):
            with taken_back():
                response = world.client(role).get(address(row, world.objects), headers=headers)
                _whole = b"".join(response)
            assert "no-store" in response["Cache-Control"], row
            assert {"Cookie", "HX-Request"} <= {name.strip() for name in response["Vary"].split(",")}, row
            assert "ETag" not in response.headers or row.name.endswith("live"), row


def test_the_data_of_one_token_is_kept_for_no_other(world: World) -> None:
    for row in DATA:
        response = world.client("I").get(address(row, world.objects), headers={"Authorization": "Bearer jingdu_x"})
        assert response.status_code == 401
        assert "no-store" in response["Cache-Control"]
        assert "Authorization" in response["Vary"]


@pytest.mark.parametrize(
    "name",
    ["X-Forwarded-Host", "X-Forwarded-Server", "X-Forwarded-Proto", "X-Forwarded-Port", "Forwarded", "X-Host", "Via"],
)
def test_18_no_header_of_a_client_gets_into_an_address_that_is_shown_or_sent(world: World, name: str) -> None:
    """Links to join and to invite, calendars, cards, evidence, statements: their host is the one that was asked."""
    value = {"X-Forwarded-Proto": "evil", "Forwarded": "host=evil.example;proto=evil"}.get(name, "evil.example")
    client, classroom = world.client("I"), world.objects["classroom"]
    client.post(f"/classes/{classroom}/people/invitations/", {"label": "x"}, headers={name: value})
    client.post("/classes/calendar/", headers={name: value})
    for page in (
        f"/classes/{classroom}/people/",
        f"/classes/{classroom}/code/",
        "/classes/calendar/",
        f"/reports/classes/{classroom}/xapi/",
        f"/reports/classes/{classroom}/learners/{world.objects['member']}/evidence/",
        f"/classes/join/{world.objects['code']}/",
    ):
        response = client.get(page, headers={name: value})
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code in (200, 302), page
        assert "evil" not in head_of(response)
        assert not any("evil" in text for _part, text in texts_of(body)), page


@pytest.mark.parametrize("evil", EVIL)
def test_50_no_page_of_a_class_sends_elsewhere(world: World, evil: str) -> None:
    """`next` means nothing to the forms of classes, and an expired session leads to our own door."""
    client, classroom = world.client("I"), world.objects["classroom"]
    for page in (f"/classes/{classroom}/archive/", f"/classes/{classroom}/restore/", "/classes/calendar/"):
        response = client.post(f"{page}?next={evil}", {"next": evil, "to": evil}, headers={"Referer": evil})
        assert response["Location"].startswith(("/classes/", "/"))
        assert "evil" not in response["Location"]
    away = Client().get(f"/classes/{classroom}/people/", headers=HTMX | {"HX-Current-URL": evil})
    assert away["HX-Redirect"].partition("?")[0] == "/account/login/"
    assert "evil" not in away["HX-Redirect"]
    visitor = Client()
    visitor.post(f"/classes/join/{world.objects['code']}/", {"name": "Ann", "next": evil})
    assert User.objects.guests().filter(memberships__name="Ann").exists()


def test_56_a_class_is_changed_by_no_get(world: World) -> None:
    """Every address of a class opened by its owner, as a mail program or a page in another tab would: all stays."""
    client, before = world.client("I"), what_is_there()
    for row in CLASSES:
        client.get(address(row, world.objects), world.data(row))
    assert what_is_there() == before


def what_is_there() -> list[object]:
    """Classes with all their columns, people with those that matter."""
    people = Member.objects.order_by("pk").values("classroom", "user", "status", "role", "group")
    return [*Classroom.objects.order_by("pk").values(), *people]


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_16_no_other_method_changes_a_class(world: World, method: str) -> None:
    client, before = world.client("I"), what_is_there()
    for row in (*CLASSES, *REPORTS):
        assert client.generic(method, address(row, world.objects)).status_code in (401, 403, 404, 405), row
    assert what_is_there() == before


def test_16_no_header_makes_another_method_of_a_get(world: World) -> None:
    client, before = world.client("I"), what_is_there()
    for row in CLASSES:
        for name in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
            client.get(address(row, world.objects), {"_method": "POST"}, headers={name: "POST"})
    assert what_is_there() == before
