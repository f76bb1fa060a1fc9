"""D. Text of classes that is code elsewhere: in every page and file of instructors and learners, and in their mail."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from classrooms.models import Assignment, Classroom, Group, Invitation, Member, RosterImport
from curriculum.models import Course, Fact
from quizzes.models import Attempt, Flag, QuestionVersion
from reports.mailing import send_all
from tests.attacks.crawl import head_of, opened, starts, texts_of
from tests.attacks.test_a_classes import decide, sit
from tests.attacks.test_d_text import MARKUP, TAGS
from tests.authorization import ROLES, Row, World, make_world
from tests.test_authorization import MATRIX, address

WEAPONS = [
    *MARKUP[:-1],
    "'><script>alert(1)</script>",
    "' onmouseover='alert(1)' x='",
    '" autofocus onfocus="alert(1)" x="',
]


class Armed(HTMLParser):
    """Notes each tag that would run something: a script of no file, a picture, a handler, a link that is code, and
    what htmx would send by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        runs = tag == "img" or (tag == "script" and not named.get("src", "").startswith("/static/"))
        sends = tag == "b" and "hx-post" in named
        handles = any(name.startswith(("on", "hx-on", "data-hx")) for name in named)
        leads = any(value.strip().lower().startswith("javascript:") for value in named.values())
        if runs or sends or handles or leads:
            self.found.append(self.get_starttag_text() or tag)


def armed_tags(page: str) -> list[str]:
    parser = Armed()
    parser.feed(page)
    return parser.found


@pytest.mark.parametrize("text", WEAPONS)
def test_what_would_run_is_found_where_it_is_not_escaped(text: str) -> None:
    assert armed_tags(f"<p>{text}</p><input value='{text}'><textarea>{text}</textarea><input value=\"{text}\">")


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def arm(world: World, texts: Iterable[str]) -> None:
    """Put them, one after the other, wherever somebody can write: names, titles, comments, reasons, flags, answers,
    questions, facts."""
    text = iter(texts).__next__
    Classroom.objects.update(name=text())
    Group.objects.filter(pk=world.objects["group"]).update(name=text())
    Invitation.objects.update(label=text())
    Course.objects.update(title=text(), issuer=text(), source_note=text())
    User.objects.update(display_name=text())
    Member.objects.update(name=text())
    c = Member.objects.get(pk=world.objects["member"])
    Member.objects.filter(pk=c.pk).update(number=text()[:40], group=world.objects["group"])
    told = c.classroom.assignments.create(sort="quiz", published_at=timezone.now())
    Assignment.objects.update(title=text(), instructions=text())
    sit(told, c, answer=text())
    decide(told, c, reason=text(), comment=text())
    for version in QuestionVersion.objects.all():
        QuestionVersion.objects.filter(pk=version.pk).update(body=version.body | {"stem": text()})
    item = Attempt.objects.get(pk=world.objects["attempt"]).items.earliest("position")
    Flag.objects.create(item=item, learner=item.attempt.learner, reason="other", comment=text())
    line = {"line": 1, "name": text(), "username": "", "email": "", "group": text(), "number": "", "text": text()}
    RosterImport.objects.filter(pk=world.objects["roster"]).update(rows=[line])
    Fact.objects.update(subject=text())


@pytest.mark.parametrize("shift", [0, 4])
@pytest.mark.parametrize("role", ["I", "C", "S", "L"])
def test_38_39_what_somebody_wrote_is_code_in_no_page_and_no_file(world: World, role: str, shift: int) -> None:
    """Also in the page that lies in a bundle of evidence."""
    arm(world, itertools.cycle(WEAPONS[shift:] + WEAPONS[:shift]))
    seen = set()
    rows = [row for row in MATRIX if row.outcomes[ROLES.index(role)] == "o"]
    for url, page in opened(world.client(role), starts(world, rows)):
        if "<html" in page:
            assert armed_tags(page) == [], url
            seen |= {text for text in WEAPONS if text in unescape(page)}
    assert len(seen) > 3


def test_38_a_list_of_names_is_shown_as_it_was_given(world: World) -> None:
    client, text = world.client("I"), "<script>alert(1)</script>"
    page = f"/classes/{world.objects['classroom']}/people/import/"
    preview = client.post(page, {"text": f"{text},ann,ann@example.org,<img src=x onerror=alert(1)>,1"})["Location"]
    for response in (client.get(preview), client.post(preview), client.get(page.replace("import/", ""))):
        body = response.content.decode()
        assert response.status_code == 200
        assert not TAGS.search(body)
        assert text in unescape(body)


def test_38_the_weekly_mail_is_text(world: World) -> None:
    text = WEAPONS[0]
    owner = world.people["I"]
    assert owner is not None
    owner.email = "owner@example.org"
    owner.save()
    owner.emailaddress_set.create(email=owner.email, verified=True, primary=True)
    Classroom.objects.update(name=text)
    due_at = timezone.now() + timedelta(days=2)
    Assignment.objects.update(title=f"{text}\r\nBcc: x@example.org", due_at=due_at)
    Member.objects.update(name=text)
    send_all(mail.get_connection(), site="https://jingdu.example.org", now=timezone.now())
    (message,) = mail.outbox
    (html,) = message.alternatives  # type: ignore[attr-defined]
    assert text in unescape(html.content)
    assert not TAGS.search(html.content)
    assert (message.to, message.cc, message.bcc) == (["owner@example.org"], [], [])
    assert "\n" not in message.subject


# Formulas.

FILES = [row for row in MATRIX if row.name.endswith(("_export", "bank_download")) and "o" in row.outcomes]
FORMULA = '=HYPERLINK("http://evil.example","x")'
RISKY = ("=", "+", "-", "@", "|", "%", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"[-+]?[\d.,]+ ?%?")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "|", "%", "＝", " =", "\u200b@"])
def test_48_no_cell_of_any_file_is_a_formula(world: World, start: str) -> None:
    arm(world, itertools.repeat(start + FORMULA[1:]))
    armed = 0
    for row, client in askers(world):
        for format in ("csv", "xlsx"):
            if row.name == "quizzes:bank_download" and format == "xlsx":
                continue  # the bank is given out as CSV and in formats of other programs
            objects = world.objects | ({row.args[-1]: format} if row.args[-1:] == ("csv",) else {})
            response = client.get(address(row, objects))
            assert response.status_code == 200
            cells = cells_of(response.content)
            assert [cell for cell in cells if is_risky(cell)] == [], row
            armed += any("HYPERLINK" in cell for cell in cells)
    assert armed > len(FILES) // 2


def askers(world: World) -> Iterator[tuple[Row, Client]]:
    """Each file with somebody who may have it."""
    for row in FILES:
        yield row, world.client(next(role for role, found in zip(ROLES, row.outcomes, strict=True) if found == "o"))


def cells_of(body: bytes) -> list[str]:
    """The cells of a CSV file; of a book, whose texts are never formulas, those that are: every <f> and every link."""
    if not body.startswith(b"PK"):
        return [cell for line in csv.reader(io.StringIO(body.decode("utf-8-sig"))) for cell in line]
    parts = [text for _name, text in texts_of(body)]
    assert any("<sheetData" in part for part in parts)
    return [f"={found}" for part in parts for found in re.findall(r"<f[ >]|<hyperlink|externalLink", part)]


def is_risky(cell: str) -> bool:
    return cell.lstrip(" \u200b").startswith(RISKY) and not NUMBER.fullmatch(cell)


def test_47_no_name_makes_a_header(world: World) -> None:
    Classroom.objects.update(name='a"b\r\nSet-Cookie: x=1; 班.csv')
    Course.objects.update(title="a\r\nSet-Cookie: x=1")
    for row, client in askers(world):
        response = client.get(address(row, world.objects))
        assert response.status_code == 200, row
        assert "x" not in response.cookies
        assert not re.search(r"^Set-Cookie: x", head_of(response), re.MULTILINE)


WORK = {"late": "accept", "late_penalty": "0", "points": "5", "review_days": "2"}
DECEIVING = ["\u202egnp.exe", "a\u200bb", "\u3164", "\u2800\u2800", "Zalgo" + "\u0301" * 20, "a\x1bb"]


@pytest.mark.parametrize("name", DECEIVING, ids=ascii)
def test_44_45_no_name_in_a_class_deceives_or_overflows(world: World, name: str) -> None:
    """Of a class, a learner, a group, work, an invitation, and the one that somebody gives on joining."""
    owner, objects = world.client("I"), world.objects
    base = f"/classes/{objects['classroom']}"
    known = [Classroom, Member, Group, Assignment, Invitation]
    before = [model._default_manager.count() for model in known]
    posts = {
        "/classes/new/": {"name": name, "course": objects["small_course"]},
        f"{base}/people/{objects['member']}/": {"name": name, "extra_time_factor": "1", "extra_attempts": "0"},
        f"{base}/people/groups/": {"name": name},
        f"{base}/work/new/review/": {
            "title": name,
            "late": "accept",
            "late_penalty": "0",
            "points": "5",
            "review_days": "2",
        },
    }
    for page, posted in posts.items():
        assert owner.post(page, posted).status_code == 422, page
    owner.post(f"{base}/people/invitations/", {"label": name})
    joined = world.client("A").post(f"/classes/join/{objects['code']}/", {"name": name})
    assert joined.status_code == 422
    assert [model._default_manager.count() for model in known] == before
    assert Member.objects.get(pk=objects["member"]).name == "Learner of Class A"
