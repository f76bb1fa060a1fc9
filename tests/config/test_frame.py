"""The frame of every page, and the pages for what went wrong."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from config.errors import bad_request, permission_denied

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client: Client) -> str:
    return client.get("/courses/").content.decode()


def test_the_page_names_the_language_and_the_script(client: Client) -> None:
    tags = {}
    for asked in ("en", "zh-TW", "zh-HK", "zh-CN", "fr"):
        body = client.get("/courses/", headers={"Accept-Language": asked}).content.decode()
        tags[asked] = re.findall(r'<html lang="([^"]*)"', body)
    assert tags == {"en": ["en"], "zh-TW": ["zh-Hant"], "zh-HK": ["zh-Hant"], "zh-CN": ["zh-Hans"], "fr": ["en"]}


def test_one_status_line_and_one_alert_line_stand_empty_outside_main(page: str) -> None:
    before_main = page[: page.index("<main")]
    assert re.findall(r'<p id="say"[^>]*role="status"></p>', before_main)
    assert re.findall(r'<p id="alarm" role="alert"[^>]*></p>', before_main)
    assert page.count('role="status"') == page.count('role="alert"') == 1


def test_nothing_is_written_inline_for_the_policy_to_stop(page: str) -> None:
    assert not re.findall(r"<style|<script(?![^>]* src=)| style=| on\w+=|hx-on|hx-boost", page)


def test_everybody_finds_the_settings_from_every_page(page: str) -> None:
    assert f'<a href="{reverse("accounts:settings")}">Settings</a>' in page[page.index("<footer") :]


def test_every_language_is_offered_in_its_own_words(page: str) -> None:
    offered = re.findall(r'<button name="language" value="([^"]+)" lang="([^"]+)"[^>]*>([^<]+)', page)
    assert offered == [
        ("en", "en", "English"),
        ("zh-hant", "zh-Hant", "繁體中文"),
        ("zh-hans", "zh-Hans", "简体中文"),
    ]


def test_choosing_a_language_stays_on_the_page(client: Client) -> None:
    address = "/courses/?page=2"
    hidden = re.search(r'name="next" value="([^"]+)"', client.get(address).content.decode())
    assert hidden
    response = client.post(reverse("accounts:language"), {"language": "zh-hans", "next": hidden[1]})
    assert response["Location"] == address
    assert '<html lang="zh-Hans"' in client.get(address).content.decode()


def test_the_theme_is_on_the_page_before_it_is_drawn(client: Client, learner: User) -> None:
    User.objects.filter(pk=learner.pk).update(theme="dark")
    client.force_login(learner)
    assert '<html lang="en" data-theme="dark">' in client.get("/courses/").content.decode()


def test_the_account_link_is_for_whoever_is_there(client: Client, learner: User) -> None:
    def header() -> list[str]:
        body = client.get("/courses/").content.decode()
        return re.findall(r"<a [^>]*>([^<]+)</a>", body[body.index("<nav") : body.index("</nav>")])

    assert header() == ["Courses", "My progress", "Sign in"]
    client.force_login(User.objects.create_guest())
    assert header() == ["Courses", "My progress", "Classes", "Guest", "Sign up", "Finish and clear"]
    User.objects.filter(pk=learner.pk).update(display_name="<林>")
    client.force_login(learner)
    assert header() == ["Courses", "My progress", "Classes", "&lt;林&gt;"]


def test_a_page_that_is_not_there_says_so_in_the_frame(client: Client) -> None:
    response = client.get("/nothing/")
    assert response.status_code == 404
    assert "<h1>This page is not here</h1>" in response.content.decode()
    assert 'role="alert"' in response.content.decode()


def test_whoever_opens_the_address_of_a_form_finds_words(client: Client) -> None:
    response = client.get(reverse("quizzes:start"))
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "<h1>There is nothing to see here</h1>" in response.content.decode()


def test_a_form_that_was_open_too_long_gives_back_what_was_written() -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/practice/", {"text": "<b>互聯互通</b>", "password": "secret"})
    body = response.content.decode()
    assert response.status_code == 403
    assert ">This page was open too long</h1>" in body
    assert "&lt;b&gt;互聯互通&lt;/b&gt;</textarea>" in body
    assert "secret" not in body
    assert "Send again" not in body


OURS = {"Origin": "http://testserver"}


def test_what_a_page_of_ours_sent_too_late_is_sent_again_by_one_press(learner: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(learner)
    data = {"language": "zh-hans", "next": "/courses/?a=1&b=<2>", "csrfmiddlewaretoken": "x" * 64}
    body = strict.post("/account/language/", data, headers=OURS).content.decode()
    form = body[body.index('<form method="post" action="/account/language/">\n  <input type="hidden" name="csrf') :]
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))
    assert {name: again[name] for name in ("language", "next")} == {
        "language": "zh-hans",
        "next": "/courses/?a=1&amp;b=&lt;2&gt;",
    }
    response = strict.post("/account/language/", again | {"next": "/courses/"}, headers=OURS)
    assert (response.status_code, response.headers["Location"]) == (302, "/courses/")


def test_htmx_shows_what_was_sent_too_late_in_place_of_the_page() -> None:
    headers = OURS | {"HX-Request": "true"}
    response = Client(enforce_csrf_checks=True).post("/account/theme/", {"theme": "dark"}, headers=headers)
    assert (response.status_code, response.headers["HX-Retarget"]) == (422, "#main")
    assert response.content.decode().strip().startswith("<title>This page was open too long")


@pytest.mark.parametrize(
    ("data", "headers"),
    [
        ({"theme": "dark"}, {"Origin": "http://evil.example"}),
        ({"theme": "dark"}, {"Origin": "null"}),
        ({"theme": "dark"}, {}),
        ({"theme": "dark", "oldpassword": "secret"}, OURS),
        ({"theme": "dark", "code": "123456"}, OURS),
    ],
)
@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
def test_nothing_from_elsewhere_and_nothing_secret_is_offered_again(
    data: dict[str, str], headers: dict[str, str], htmx: dict[str, str]
) -> None:
    response = Client(enforce_csrf_checks=True).post("/account/theme/", data, headers=headers | htmx)
    body = response.content.decode()
    assert (response.status_code, "Send again" in body, 'value="dark"' in body) == (403, False, False)


@pytest.mark.parametrize(("view", "status"), [(bad_request, 400), (permission_denied, 403)])
def test_other_errors_keep_their_status_even_before_the_middleware_ran(
    rf: RequestFactory, view: object, status: int
) -> None:
    response = view(rf.get("/"))  # type: ignore[operator]
    assert response.status_code == status
    assert response.content.decode().count("<h1>") == 1


def test_the_last_resort_needs_nothing_and_speaks_three_languages() -> None:
    body = render_to_string("500.html")
    assert re.findall(r' lang="([^"]+)"', body) == ["en", "zh-Hant", "zh-Hans"]
    assert not re.findall(r"{[{%]|static/|<script|<style| style=", body)
