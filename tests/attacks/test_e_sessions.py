"""E. Sessions, log-in, ways back, forgery and headers of the host."""

from __future__ import annotations

import re

import pytest
from django.conf import LazySettings, settings
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from environ import Env

from accounts.limits import SIGN_UPS, allow
from accounts.models import User
from config.databases import roomy
from quizzes.models import Response
from tests.accounts.people import GOOD, log_in, sign_up, who
from tests.attacks.conftest import Site
from tests.factories import PASSWORD

EVIL = [
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "\\/evil.example",
    "javascript:alert(1)",
    "https:evil.example",
    "///evil.example",
    "http:///evil.example",
    "\t//evil.example",
    "https://testserver@evil.example",
    "https://testserver.evil.example/",
    "data:text/html,x",
]


def test_49_a_session_set_before_log_in_is_not_the_one_after(site: Site) -> None:
    client = site.client()
    client.get("/account/login/")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted = session.session_key
    log_in(client)
    assert who(client) == site.learner
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert who(thief) is None


@pytest.mark.parametrize("evil", EVIL)
def test_50_no_way_back_leads_elsewhere(site: Site, evil: str) -> None:
    for page in ("/account/login/", "/account/signup/"):
        posted = {"login": "learner", "password": PASSWORD, "username": "newcomer", "password1": GOOD, "next": evil}
        assert "evil" not in site.client().post(page, posted).headers.get("Location", "")
    client = site.client(site.learner)
    chosen = {"theme": "dark", "language": "en", "script": "hans", "text-size": "large", "typeface": "kai"}
    for page, value in chosen.items():
        response = client.post(f"/account/{page}/", {page.replace("-", "_"): value, "next": evil})
        assert response.status_code == 302
        assert "evil" not in response["Location"]
        assert response["Location"].startswith("/")


@pytest.mark.parametrize("name", ["abc", "-1", "1e999", "quizzes:home", "accounts.views.back", "", "?x=1", "#x"])
def test_50_a_way_back_is_an_address_and_never_the_name_of_a_view(site: Site, name: str) -> None:
    for page, value in [("theme", "dark"), ("language", "en"), ("script", "hans"), ("typeface", "kai")]:
        response = site.client(site.learner).post(f"/account/{page}/", {page: value, "next": name})
        assert (response.status_code, response["Location"]) == (302, "/")


@pytest.mark.parametrize("evil", EVIL)
def test_50_an_expired_session_sends_htmx_to_our_own_log_in(site: Site, evil: str) -> None:
    response = site.client().get(
        f"/practice/{site.attempt.pk}/", headers={"HX-Request": "true", "HX-Current-URL": evil}
    )
    assert response["HX-Redirect"].partition("?")[0] == "/account/login/"
    assert "evil" not in response["HX-Redirect"]


def test_51_of_forty_guesses_five_are_looked_at(site: Site) -> None:
    looked_at = 0
    for number in range(40):
        body = log_in(site.client(), password=f"guess number {number}").content.decode()
        looked_at += "The name or the password is not right." in body
    assert looked_at == 5
    assert "Too many tries" in log_in(site.client()).content.decode()
    assert log_in(site.client(), "stranger").status_code == 302


@pytest.mark.parametrize("url", ["dbcache://counters", "locmemcache://"])
def test_51_guesses_at_other_names_push_no_counter_out(site: Site, settings: LazySettings, url: str) -> None:
    settings.CACHES = {"default": roomy(Env.cache_url_config(url))}
    call_command("createcachetable", verbosity=0)
    for number in range(5):
        log_in(site.client(), password=f"guess number {number}")
    for number in range(400):
        cache.set(f"limit:another:{number}", 1, 300)
    assert "Too many tries" in log_in(site.client()).content.decode()


def test_52_nobody_learns_which_addresses_are_known(site: Site) -> None:
    site.learner.email = "known@example.org"
    site.learner.save()
    pages = []
    for address in ("known@example.org", "nobody@example.org"):
        client = site.client()
        response = client.post("/account/password/reset/", {"email": address}, follow=True)
        page = re.sub(r'"[^"]{64}"|[0-9a-f]{12}', "", response.content.decode()).replace(address, "")
        pages.append((response.redirect_chain, page))
    assert pages[0] == pages[1]


def test_52_a_sign_up_does_the_same_work_for_a_known_address(site: Site, settings: LazySettings) -> None:
    """Both hash one password; without that the time would tell."""
    hashed: list[str] = []
    settings.PASSWORD_HASHERS = ["tests.attacks.counting.CountingHasher"]
    from tests.attacks import counting  # noqa: PLC0415 - after the setting

    for address in ("known@example.org", "nobody@example.org"):
        User.objects.filter(pk=site.learner.pk).update(email="known@example.org")
        counting.hashed.clear()
        sign_up(site.client(), f"new{len(hashed)}", email=address)
        hashed.append(str(len(counting.hashed)))
    assert hashed == ["1", "1"]


def test_53_a_new_password_ends_the_other_sessions(site: Site) -> None:
    here, elsewhere = site.client(), site.client()
    for client in (here, elsewhere):
        log_in(client)
    posted = {"oldpassword": PASSWORD, "password1": GOOD}
    assert here.post("/account/password/change/", posted).status_code == 302
    assert here.get("/account/export/").status_code == 200
    assert elsewhere.get("/account/export/").status_code == 302


def test_54_a_closed_account_is_out_at_the_next_click(site: Site) -> None:
    client = site.client(site.learner)
    User.objects.filter(pk=site.learner.pk).update(is_active=False)
    response = client.post(f"/practice/{site.attempt.pk}/1/", {"give_up": "1", "try": "1"})
    assert response["Location"].startswith("/account/login/")
    assert Response.objects.count() == 0


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Referer": "https://evil.example/"},
        {"X-CSRFToken": "x"},
    ],
)
def test_55_a_form_from_elsewhere_is_refused(site: Site, headers: dict[str, str], htmx: dict[str, str]) -> None:
    strict = site.client(site.learner, enforce_csrf_checks=True)
    other = site.client(site.stranger, enforce_csrf_checks=True)
    other.get("/account/")
    token = other.cookies[settings.CSRF_COOKIE_NAME].value
    posted = {"give_up": "1", "try": "1", "csrfmiddlewaretoken": token}
    response = strict.post(f"/practice/{site.attempt.pk}/1/", posted, headers=headers | htmx)
    assert response.status_code == 403
    assert Response.objects.count() == 0


def test_58_an_invented_address_gets_no_counter_of_its_own(site: Site) -> None:
    most = int(SIGN_UPS.partition("/")[0])
    request = RequestFactory().get("/")
    assert all(allow(request, "sign-up", rate=SIGN_UPS) for _ in range(most - 2))
    statuses = [
        site.client().post("/account/signup/", {}, headers={"X-Forwarded-For": f"198.51.100.{number}"}).status_code
        for number in range(4)
    ]
    assert statuses == [422, 422, 429, 429]


def test_59_behind_tls_the_cookies_are_bound_to_this_host(settings: LazySettings) -> None:
    """`__Host-` is only taken with Secure, with Path=/ and without Domain: no subdomain can toss one in."""
    assert settings.SESSION_COOKIE_DOMAIN is None
    assert settings.CSRF_COOKIE_DOMAIN is None
    assert settings.SESSION_COOKIE_PATH == settings.CSRF_COOKIE_PATH == "/"
    assert (settings.SESSION_COOKIE_HTTPONLY, settings.CSRF_COOKIE_HTTPONLY) == (True, True)


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "testserver:80@evil", "", "a b", "testserver..", "::1"]
)
def test_61_another_host_is_refused(site: Site, host: str) -> None:
    response = site.client().get("/courses/", headers={"Host": host})
    assert response.status_code == 400
    assert "evil" not in response.content.decode()


def test_61_no_mail_carries_a_host_that_was_made_up(site: Site) -> None:
    User.objects.filter(pk=site.learner.pk).update(email="known@example.org")
    for headers in ({"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}):
        site.client().post("/account/password/reset/", {"email": "known@example.org"}, headers=headers)
    assert len(mail.outbox) == 1
    assert "evil" not in str(mail.outbox[0].message())


EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "frame-ancestors 'none'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
}


def every_path(patterns: list[URLPattern | URLResolver], before: str = "/") -> list[str]:
    """An address for each pattern of the site, with 1 in the place of what varies."""
    found = []
    for pattern in patterns:
        path = before + re.sub(r"<[^>]+>|\([^)]*\)", "1", str(pattern.pattern)).strip("^$").replace("\\", "")
        found += every_path(pattern.url_patterns, path) if isinstance(pattern, URLResolver) else [path]
    return found


SPECIAL = ["/nothing/", "/static/jingdu.css", "/static/nothing.css", "/healthz", "/readyz", "/?q=%00", "/admin/login/"]


def test_60_every_answer_carries_the_headers(site: Site) -> None:
    statuses = set()
    paths = [*every_path(get_resolver().url_patterns), *SPECIAL]
    assert len(paths) > 100
    for client in (site.client(), site.client(site.staff)):
        for path in paths:
            response = client.get(path)
            response.close()
            statuses.add(response.status_code)
            assert {name: response.headers.get(name) for name in EVERYWHERE} == EVERYWHERE, path
            assert set(response.headers["Content-Security-Policy"].split("; ")) >= POLICY, path
            assert "unsafe" not in response.headers["Content-Security-Policy"]
            assert response.headers["X-Request-ID"], path
            assert "Server" not in response.headers
    assert {200, 302, 400, 404, 405} <= statuses
    assert 500 not in statuses
    refused = site.client().get("/", headers={"Host": "evil.example"})
    assert {name: refused.headers.get(name) for name in EVERYWHERE} == EVERYWHERE


def test_a_signed_in_persons_pages_are_kept_by_nobody(site: Site) -> None:
    response = site.client(site.learner).get("/progress/")
    assert response["Cache-Control"] == "no-store, private"
    assert {"Cookie", "HX-Request"} <= {name.strip() for name in response["Vary"].split(",")}


def test_a_forged_session_costs_one_look(site: Site) -> None:
    client = site.client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 4000
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get("/account/login/").status_code == 200
    assert len(queries) <= 2
