"""Settings: for members, guests and visitors; kept where each of them is kept."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from tests.accounts.people import sign_up, visit_as_guest, who, words
from tests.factories import make_bank, make_course, make_learner

pytestmark = pytest.mark.django_db

CHOICES = {
    "language": "zh-hans",
    "script": "hant",
    "theme": "dark",
    "text_size": "large",
    "typeface": "kai",
    "time_zone": "Asia/Taipei",
    "items_per_day": "35",
}
BUTTONS = ["language", "script", "theme", "text_size", "typeface"]
EVIL = ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "\r\nX: y"]


def kept(client: Client, **headers: str) -> dict[str, Any]:
    chosen = client.get("/account/password/reset/", headers=headers).wsgi_request.preferences
    return {name: getattr(chosen, name) for name in (*CHOICES, "has_single_keys")}


@pytest.fixture(params=["visitor", "guest", "member"])
def somebody(request: pytest.FixtureRequest, client: Client) -> Client:
    if request.param == "guest":
        visit_as_guest(client)
    elif request.param == "member":
        client.force_login(make_learner())
    return client


def test_one_save_keeps_everything(somebody: Client) -> None:
    response = somebody.post("/account/", CHOICES)
    assert response.url == "/account/"
    wanted = CHOICES | {"items_per_day": 35, "has_single_keys": False}
    assert kept(somebody) == wanted
    page = somebody.get("/account/").content.decode()
    assert '<html lang="zh-Hans" data-theme="dark">' in page


def test_what_is_wrong_is_explained_and_nothing_is_kept(somebody: Client) -> None:
    before = kept(somebody)
    response = somebody.post("/account/", CHOICES | {"items_per_day": "400", "time_zone": "Mars/Olympus"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: Settings" in page
    assert "Choose from 5 to 60 questions." in page
    assert "Select a valid choice." in page
    assert kept(somebody) == before


def test_an_empty_post_is_explained(somebody: Client) -> None:
    assert somebody.post("/account/", {}).status_code == 422


def test_only_members_have_a_name_for_others(client: Client) -> None:
    visit_as_guest(client)
    assert "display_name" not in client.get("/account/").content.decode()
    client.force_login(make_learner())
    client.post("/account/", CHOICES | {"display_name": " Ｌｅｅ  Ann "})
    assert who(client).shown_name == "Lee Ann"


def test_a_name_that_hides_something_is_refused(client: Client) -> None:
    client.force_login(make_learner(display_name="Lee"))
    response = client.post("/account/", CHOICES | {"display_name": "\u202eeeL"})
    assert response.status_code == 422
    assert "Write the name with letters that can be seen." in response.content.decode()
    assert who(client).display_name == "Lee"


def test_nobody_makes_themselves_staff_here(client: Client) -> None:
    client.force_login(make_learner())
    client.post("/account/", CHOICES | {"is_staff": "on", "is_superuser": "on", "username": "boss", "is_guest": "on"})
    learner = who(client)
    assert (learner.username, learner.is_staff, learner.is_superuser, learner.is_guest) == (
        "learner",
        False,
        False,
        False,
    )


@pytest.mark.parametrize("name", BUTTONS)
def test_a_button_changes_one_thing_and_stays_on_the_page(somebody: Client, name: str) -> None:
    before = kept(somebody)
    response = somebody.post(f"/account/{name.replace('_', '-')}/", {name: CHOICES[name], "next": "/courses/?page=2"})
    assert (response.status_code, response.url) == (302, "/courses/?page=2")
    assert kept(somebody)[name] == CHOICES[name]
    assert kept(somebody) | {"language": "", "script": ""} == before | {
        name: CHOICES[name],
        "language": "",
        "script": "",
    }


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("name", BUTTONS)
def test_a_button_never_leads_elsewhere(client: Client, name: str, evil: str) -> None:
    assert client.post(f"/account/{name.replace('_', '-')}/", {name: CHOICES[name], "next": evil}).url == "/"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", "xx"),
        ("language", ""),
        ("script", ""),
        ("script", "latn"),
        ("theme", "pink"),
        ("theme", None),
        ("text_size", "huge"),
        ("typeface", "fangsong"),
    ],
)
def test_a_value_that_no_button_has_is_refused(client: Client, name: str, value: str | None) -> None:
    response = client.post(f"/account/{name.replace('_', '-')}/", {} if value is None else {name: value})
    assert response.status_code == 400
    assert "language" not in client.cookies


@pytest.mark.parametrize("name", BUTTONS)
def test_looking_changes_nothing(client: Client, name: str) -> None:
    assert client.get(f"/account/{name.replace('_', '-')}/", {name: CHOICES[name]}).status_code == 405


def test_the_log_in_page_keeps_the_language_after_log_out(client: Client) -> None:
    client.force_login(make_learner())
    client.post("/account/language/", {"language": "zh-hant"})
    client.post("/account/logout/")
    assert '<html lang="zh-Hant">' in client.get("/account/login/").content.decode()


def test_the_browsers_language_comes_back_when_chosen(client: Client) -> None:
    client.post("/account/language/", {"language": "zh-hant"})
    client.post("/account/", CHOICES | {"language": ""})
    assert '<html lang="en" ' in client.get("/account/", headers={"Accept-Language": "en"}).content.decode()


@pytest.mark.parametrize(
    ("asked", "script"),
    [
        ("", "hant"),
        ("en", "hant"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "hans"),
        ("zh-Hans-SG", "hans"),
        ("zh", "hant"),
        ("zh-TW", "hant"),
        ("zh-Hant-CN", "hant"),
        ("en-GB,zh-CN;q=0.5", "hans"),
        ("en,zh-HK;q=0.9,zh-CN;q=0.1", "hant"),
        ("x" * 600, "hant"),
    ],
)
def test_until_chosen_the_script_follows_the_browser(client: Client, asked: str, script: str) -> None:
    assert kept(client, **{"Accept-Language": asked})["script"] == script


def test_until_chosen_the_script_follows_the_language_of_the_pages(somebody: Client) -> None:
    somebody.post("/account/language/", {"language": "zh-hans"})
    assert kept(somebody)["script"] == "hans"
    somebody.post("/account/script/", {"script": "hant"})
    assert kept(somebody)["script"] == "hant"


def test_a_guest_who_did_not_choose_a_script_still_has_not(client: Client) -> None:
    visit_as_guest(client)
    assert who(client).script == ""
    assert kept(client, **{"Accept-Language": "zh-CN"})["script"] == "hans"


def test_a_time_zone_that_is_no_more_breaks_no_page(client: Client) -> None:
    client.force_login(make_learner(time_zone="Mars/Olympus"))
    assert client.get("/account/").status_code == 200


def test_the_zone_in_use_stands_in_the_list(client: Client) -> None:
    client.force_login(make_learner(time_zone="Etc/GMT+8"))
    page = client.get("/account/").content.decode()
    assert '<option value="Etc/GMT+8" selected>' in page
    assert '<optgroup label="Asia">' in page


def test_each_language_names_itself_in_itself(client: Client) -> None:
    page = client.get("/account/").content.decode()
    assert '<option value="zh-hant" lang="zh-Hant">繁體中文</option>' in page


def test_a_guests_visit_puts_off_the_end_once_a_day(client: Client) -> None:
    with time_machine.travel("2026-03-01T10:00Z", tick=False) as clock:
        guest = visit_as_guest(client)
        clock.shift(60 * 60 * 23)
        client.get("/account/")
        assert User.objects.get(pk=guest.pk).last_login.isoformat() == "2026-03-01T10:00:00+00:00"
        clock.shift(60 * 60 * 2)
        response = client.get("/account/")
        assert User.objects.get(pk=guest.pk).last_login.isoformat() == "2026-03-02T11:00:00+00:00"
        assert response.cookies["session"]["max-age"] == 60 * 60 * 24 * 30
        assert "until 1 Apr 2026" in response.content.decode()


def test_saved_is_said(client: Client) -> None:
    assert words(client.post("/account/", CHOICES | {"language": "en"})) == ["Saved."]


@pytest.mark.parametrize(
    ("zone", "kept_zone"),
    [
        ("Asia/Taipei", "Asia/Taipei"),
        ("", "UTC"),
        ("Mars/Olympus", "UTC"),
        ("../../etc/passwd", "UTC"),
        ("x" * 99, "UTC"),
    ],
)
@pytest.mark.parametrize("way", ["practise", "sign up"])
def test_the_days_of_somebody_new_are_those_of_their_browser(
    client: Client, way: str, zone: str, kept_zone: str
) -> None:
    be_new(client, way, zone)
    assert User.objects.get().time_zone == kept_zone


def be_new(client: Client, way: str, zone: str) -> None:
    """A visitor practises as a guest, or signs up."""
    if way == "sign up":
        sign_up(client, zone=zone)
        return
    course = make_course()
    make_bank(course)
    client.post("/practice/", {"scope": "course", "course": course.slug, "zone": zone})


@pytest.mark.parametrize("way", ["practise", "sign up"])
def test_a_time_zone_that_was_chosen_stands_whatever_the_browser_says(client: Client, way: str) -> None:
    client.post("/account/", CHOICES | {"time_zone": "Europe/Budapest"})
    be_new(client, way, "Asia/Taipei")
    assert User.objects.get().time_zone == "Europe/Budapest"


def test_the_settings_begin_with_the_browsers_zone_only_while_none_was_chosen(client: Client) -> None:
    """A script puts it there, where the page asks for it."""
    asks = '<select name="time_zone" data-zone'
    assert asks in client.get("/account/").content.decode()
    assert asks not in client.post("/account/", CHOICES | {"items_per_day": "0"}).content.decode()
    client.post("/account/", CHOICES)
    assert asks not in client.get("/account/").content.decode()
    client.force_login(make_learner())
    assert asks not in client.get("/account/").content.decode()


def test_a_guest_who_signs_up_keeps_their_days(client: Client) -> None:
    visit_as_guest(client, time_zone="Asia/Taipei")
    sign_up(client, zone="America/New_York")
    assert who(client).time_zone == "Asia/Taipei"
