"""D. Text that is code elsewhere, is no text, or is not what it seems."""

from __future__ import annotations

import re
import time
from html import unescape
from urllib.parse import quote

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.models import User
from curriculum.models import Course
from quizzes.models import Flag, Question
from tests.attacks.conftest import Site
from tests.factories import make_bank, make_course

MARKUP = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<b hx-post=/account/forget/ hx-trigger=load>x</b>",
    "<b data-hx-get=/account/export/ hx-on::load=alert(1)>x</b>",
    '"><a href="javascript:alert(1)">x</a>',
    "</textarea><script>alert(1)</script>",
    "{{ request.user.password }}{% debug %}",
]
TAGS = re.compile(r'<(?:script(?![^>]* src=)|img|svg onload|b hx|b data-hx|[^>]*="javascript:)', re.IGNORECASE)


@pytest.mark.parametrize("text", MARKUP)
def test_38_39_a_name_is_shown_as_it_was_typed(site: Site, text: str) -> None:
    User.objects.filter(pk=site.learner.pk).update(display_name=text[:80])
    for page in ("/", "/account/", "/progress/"):
        body = site.client(site.learner).get(page).content.decode()
        assert not TAGS.search(body)
    assert text[:80] in unescape(body)


@pytest.mark.parametrize("text", MARKUP)
def test_38_39_a_document_is_shown_as_it_was_given(site: Site, text: str) -> None:
    Course.objects.filter(pk=site.course.pk).update(title=text, issuer=text, source_note=text)
    lesson = site.course.lessons.get()
    lesson.heading = lesson.title = text
    lesson.save()
    question = Question.objects.filter(course=site.course).earliest("pk")
    body = question.current.body | {"stem": text}  # type: ignore[union-attr]
    question.versions.update(body=body)
    pages = [
        "/",
        "/courses/",
        "/courses/small/",
        "/courses/small/lesson-1/",
        "/bank/small/",
        f"/practice/{site.attempt.pk}/1/",
    ]
    for page in pages:
        shown = site.client(site.learner if "practice" in page else site.staff).get(page)
        assert shown.status_code == 200
        assert not TAGS.search(shown.content.decode()), page


@pytest.mark.parametrize("text", MARKUP)
def test_38_what_a_learner_says_of_a_question_is_shown_as_it_was_typed(site: Site, text: str) -> None:
    site.client(site.learner).post(f"/practice/{site.attempt.pk}/1/flag/", {"reason": "other", "comment": text})
    assert Flag.objects.get().comment == text
    question = site.attempt.items.get(position=1).version.question
    body = site.client(site.staff).get(f"/bank/small/questions/{question.pk}/").content.decode()
    assert text in unescape(body)
    assert not TAGS.search(body)


@pytest.mark.parametrize(
    "text",
    [
        "Learn\n<script>alert(1)</script> well. 第一條 &lt;b hx-get=/&gt; 者。\n第二條 {{ x }}。",
        "[x](javascript:alert(1))。",
    ],
)
def test_38_40_an_imported_text_is_inert(site: Site, text: str) -> None:
    client = site.client(site.learner)
    response = client.post("/import/", {"text": f"規則\n\n第一章 總則\n\n第一條 {text}", "encoding": ""})
    assert response.status_code == 302
    body = client.get(response["Location"]).content.decode()
    assert not TAGS.search(body.replace("(javascript:", ""))


def asked(site: Site, address: str) -> int:
    """The status for an address exactly as it is written."""
    path, _, query = address.partition("?")
    return site.client(site.staff).generic("GET", path, QUERY_STRING=query).status_code


@pytest.mark.parametrize("path", ["/courses/%00/", "/%00", "/practice/1%00/", "/courses/small/?page=%00", "/?a%00b=1"])
def test_41_nul_in_an_address(site: Site, path: str) -> None:
    assert asked(site, path) == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/courses/%ff/", 404),
        ("/%ED%A0%80/", 404),
        ("/bank/small/?q=%ED%A0%80", 400),
        ("/?q=%ff", 400),
        ("/?%c0%af=1", 400),
    ],
)
def test_42_bytes_in_an_address_that_are_no_text(site: Site, path: str, status: int) -> None:
    assert asked(site, path) == status


@pytest.mark.parametrize("value", ["a%00b", "%ED%A0%80", "%ff%fe", "a\x00b"])
@pytest.mark.parametrize(
    ("page", "field"),
    [
        ("/account/", "display_name"),
        ("/account/login/", "login"),
        ("/account/signup/", "username"),
        ("/account/password/reset/", "email"),
        ("/account/theme/", "next"),
        ("/import/", "text"),
        ("/practice/", "course"),
    ],
)
def test_41_42_in_any_form(site: Site, page: str, field: str, value: str) -> None:
    before = User.objects.count(), Course.objects.count()
    posted = f"{field}={value}&theme=dark&time_zone=UTC&items_per_day=20&scope=due"
    response = site.client(site.learner).generic("POST", page, posted, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400
    assert (User.objects.count(), Course.objects.count()) == before


@pytest.mark.parametrize("part", ["name", "value", "file"])
def test_41_nul_in_a_form_with_files(site: Site, part: str) -> None:
    name, value, file = ("a\0" if part == kind else "a" for kind in ("name", "value", "file"))
    body = (
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        f'--x\r\nContent-Disposition: form-data; name="file"; filename="{file}.txt"\r\n\r\ntext\r\n--x--\r\n'
    )
    response = site.client(site.learner).generic(
        "POST", "/import/", body, content_type="multipart/form-data; boundary=x"
    )
    assert response.status_code in (400, 422)
    assert Course.objects.count() == 2


@pytest.mark.parametrize("name", ["session", "csrf", "django_language", "messages", "anything"])
def test_41_nul_in_a_cookie(site: Site, name: str) -> None:
    """A quoted cookie may spell any byte in octal: `\\000`."""
    response = Client(raise_request_exception=False).get("/", headers={"Cookie": f'{name}="aaaaaaaa\\000aaaa"'})
    assert response.status_code == 400


@pytest.mark.parametrize("page", ["/account/", "/account/signup/", "/account/login/", "/practice/", "/import/"])
def test_43_ten_megabytes_in_a_field(site: Site, page: str) -> None:
    posted = {"display_name": "x" * 10_000_000}
    response = site.client(site.learner).post(page, posted, headers={"Accept": "*/*"})
    assert response.status_code == 400
    response = site.client(site.learner).generic(
        "POST", page, "login=" + "x" * 10_000_000, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 400


@pytest.mark.parametrize("field", ["username", "display_name", "email"])
def test_43_the_database_itself_keeps_no_name_beyond_its_column(site: Site, field: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        User.objects.filter(pk=site.learner.pk).update(**{field: "x" * 300})
    site.learner.refresh_from_db()
    assert len(getattr(site.learner, field)) < 20


@pytest.mark.parametrize("name", ["\u202egnp.exe", "a\u200bb", "\u3164", "\u2800\u2800", "Zalgo" + "\u0301" * 20])
def test_44_45_a_name_that_deceives_or_overflows(site: Site, name: str) -> None:
    before = site.learner.display_name
    posted = {"display_name": name, "time_zone": "UTC", "items_per_day": "20"}
    assert site.client(site.learner).post("/account/", posted).status_code == 422
    site.learner.refresh_from_db()
    assert site.learner.display_name == before


@pytest.mark.parametrize("name", ["👩‍🏫 林", "𠮷野家", "Ñandú", "עברית", "  spaced   out "])
def test_45_a_name_in_any_script_is_kept(site: Site, name: str) -> None:
    posted = {"display_name": name, "time_zone": "UTC", "items_per_day": "20"}
    assert site.client(site.learner).post("/account/", posted).status_code == 302
    site.learner.refresh_from_db()
    assert site.learner.display_name == " ".join(name.split())


@pytest.mark.parametrize("words", ["%" * 60_000, "_" * 60_000, "\\" * 5_000, "(" * 5_000, "a" * 100_000])
def test_46_a_search_that_is_too_complex(site: Site, words: str) -> None:
    began = time.monotonic()
    response = site.client(site.staff).get("/bank/small/", {"q": words})
    assert response.status_code in (200, 400, 422)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "line", ["\r\nSet-Cookie: x=1", "\nBcc: evil@example.org", "%0d%0aLocation: https://evil.example"]
)
def test_47_line_ends_make_no_header(site: Site, line: str) -> None:
    client = site.client(site.learner)
    for response in (
        client.generic("GET", "/courses/" + quote(line) + "/"),
        client.post("/account/theme/", {"theme": "dark", "next": f"/courses/{line}"}),
        client.get("/account/login/", {"next": f"/{line}"}),
    ):
        assert response.status_code < 500
        assert "x" not in response.cookies
        assert all("\n" not in value and "\r" not in value for value in response.headers.values())
    site.client().post("/account/password/reset/", {"email": f"learner@example.org{line}"})
    assert mail.outbox == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "|", "%", "\t=", "\r=", "\n=", " =", "＝", "＋", "－", "＠"])
def test_48_no_cell_of_a_table_is_a_formula(site: Site, start: str) -> None:
    course = make_course(slug="table")
    (question, *_rest) = make_bank(course)
    body = question.current.body | {"stem": f"{start}HYPERLINK(1)"}  # type: ignore[union-attr]
    question.versions.update(body=body)
    table = site.client(site.staff).get("/bank/table/export/csv/").content.decode("utf-8-sig")
    assert f"'{start}HYPERLINK(1)" in table.replace("\r\n", "\n") or f"'{start}HYPERLINK(1)" in table
