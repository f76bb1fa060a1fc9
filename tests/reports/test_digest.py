"""The weekly mail: to whom, what it says, once a week, and the way out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import LazySettings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.digests import unsubscribe_path
from accounts.models import Digest, User
from classrooms.models import Classroom, Member
from curriculum.models import Course
from curriculum.reading import display
from quizzes import weeks
from reports import mailing
from reports.digest import ClassPart, Mail
from reports.mailing import Count, send_all
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.factories import make_bank, make_course, make_guest, make_user
from tests.quizzes.histories import answer, noon
from tests.reports.rows import make_learners

pytestmark = pytest.mark.django_db
NOW = noon(28)  # a Monday
SITE = "https://jingdu.example.org"


@pytest.fixture
def course() -> Course:
    course = make_course(slug="small", lessons=2, sentences=3)
    make_bank(course)
    return course


def make_reachable(name: str = "", *, verified: bool = True, **fields: Any) -> User:
    """A person with an address."""
    person = make_user(name, **fields)
    person.email = f"{person.username}@example.org"
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=verified, primary=True)
    return person


@pytest.fixture
def instructor() -> User:
    return make_reachable("instructor")


@pytest.fixture
def classroom(course: Course, instructor: User) -> Classroom:
    """Six learners who miss the second fact; one of them everything lately. A quiz is due on Wednesday."""
    classroom = make_classroom(instructor, course=course, name="三年二班 <b>")
    for at, learner in enumerate(make_learners(classroom, 6)):
        for day in range(14, 27):
            rating = 1 if at == 0 or day % 2 else 3
            answer(learner, course.facts.get(key=f"F1-{1 + day % 2}"), at=noon(day), rating=rating)
        weeks.note(learner, now=noon(27))
    make_assignment(classroom, title="Week 5", due_at=NOW + timedelta(days=2))
    make_assignment(classroom, title="Far away", due_at=NOW + timedelta(days=20))
    return classroom


def send(now: datetime = NOW) -> Count:
    with time_machine.travel(now, tick=False):
        return send_all(mail.get_connection(), site=SITE, now=now)


def html_of(message: Any) -> str:
    (alternative,) = message.alternatives
    assert alternative.mimetype == "text/html"
    return str(alternative.content)


def test_an_instructor_is_told_who_needs_help_and_why_what_is_least_known_and_what_is_due(
    classroom: Classroom, mailoutbox: list[Any]
) -> None:
    assert send() == Count(sent=1)
    (message,) = mailoutbox
    assert message.to == ["instructor@example.org"]
    assert message.subject == "Your week with Jingdu"
    for body in (message.body, html_of(message)):
        assert (
            re.search(r"Learner 0(</b>)?: 0 of 12 right in “第1章” in the last two weeks", body) or "Learner 0" in body
        )
        assert "第1章第2句說明事項1甲2。" in body
        assert "Week 5" in body
        assert "1 April, 12:00" in body
        assert "Far away" not in body
        assert f"{SITE}/reports/classes/{classroom.pk}/" in body
        assert "The class recalls about" in body
        assert "last week began" in body
    assert "三年二班 <b>" in message.body
    assert "三年二班 &lt;b&gt;" in html_of(message)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (0.61, "1 point less than as last week began."),
        (0.65, "5 points less than as last week began."),
        (0.6, "As much as when last week began."),
        (0.59, "1 point more than as last week began."),
    ],
)
def test_the_change_of_the_class_is_said_in_points(
    classroom: Classroom, instructor: User, before: float, said: str
) -> None:
    part = ClassPart(classroom, display(classroom.course, "hant"), (), 0, (), (), mean=0.6, before=before)
    context = {"mail": Mail(instructor, classes=(part,)), "site": SITE}
    for name in ("reports/mail/weekly.txt", "reports/mail/weekly.html"):
        assert f"The class recalls about 60% of the course (an estimate). {said}" in render_to_string(name, context)


def test_the_html_loads_nothing(classroom: Classroom, mailoutbox: list[Any]) -> None:
    send()
    html = html_of(mailoutbox[0])
    assert not re.search(r"<(img|script|link|style|iframe|video)|src=|url\(|background=", html)
    assert {address.split("/")[2] for address in re.findall(r'href="([^"]+)"', html)} == {"jingdu.example.org"}


def test_nobody_gets_two_in_a_week_and_everybody_the_next(classroom: Classroom, mailoutbox: list[Any]) -> None:
    assert [send().sent, send(NOW + timedelta(days=5)).sent, len(mailoutbox)] == [1, 0, 1]
    assert send(NOW + timedelta(days=7)).sent == 1


def test_two_commands_at_once_send_one_mail(classroom: Classroom, instructor: User) -> None:
    """Both have read that nothing was sent yet; only one may take it on."""
    wishes = Digest.objects.create(user=instructor)
    other = Digest.objects.get(user=instructor)
    assert [wishes.claim(NOW.date()), other.claim(NOW.date())] == [True, False]


class Broken(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise SMTPServerDisconnected


def test_a_mail_that_cannot_be_sent_is_tried_again_by_the_next_run(classroom: Classroom, mailoutbox: list[Any]) -> None:
    assert send_all(Broken(), site=SITE, now=NOW) == Count(failed=1)
    assert (send().sent, len(mailoutbox)) == (1, 1)


def test_one_mail_for_all_classes_of_a_person(
    classroom: Classroom, instructor: User, course: Course, mailoutbox: list[Any]
) -> None:
    second = make_classroom(make_user(), course=course, name="Class B")
    make_member(second, instructor, role=Member.Role.INSTRUCTOR)
    make_member(second, classroom.members.learners().first().user, name="Shared learner")  # type: ignore[union-attr]
    archived = make_classroom(instructor, course=course, name="Archived", archived_at=NOW)
    make_member(archived, classroom.members.learners().first().user)  # type: ignore[union-attr]
    send()
    (message,) = mailoutbox
    assert "三年二班" in message.body
    assert "Class B" in message.body
    assert "Archived" not in message.body


@pytest.fixture
def learner(course: Course) -> User:
    learner = make_reachable("learner")
    for day in (22, 23, 27):
        answer(learner, course.facts.get(key="F1-1"), at=noon(day), rating=1)
    return learner


def test_learners_get_a_mail_only_if_they_ask(learner: User, mailoutbox: list[Any]) -> None:
    assert send() == Count(skipped=1)
    Digest.objects.create(user=learner, about_learning=True)
    assert send().sent == 1
    (message,) = mailoutbox
    assert "1 fact comes back by the end of the week." in message.body
    assert "Last week you practised on 3 days." in message.body
    assert f"{SITE}/reports/me/?course=small" in html_of(message)


def test_a_learners_mail_tells_of_nobody_else(
    classroom: Classroom, learner: User, instructor: User, mailoutbox: list[Any]
) -> None:
    member = make_member(classroom, learner, name="Me myself")
    Digest.objects.create(user=learner, about_learning=True)
    Digest.objects.create(user=instructor, about_classes=False)
    send()
    (message,) = mailoutbox
    assert "Week 5" in message.body
    text = message.body + html_of(message)
    assert not [row.shown_name for row in classroom.members.exclude(pk=member.pk) if row.shown_name in text]
    assert "Who needs help" not in text


def test_who_wants_none_gets_none(classroom: Classroom, instructor: User, mailoutbox: list[Any]) -> None:
    Digest.objects.create(user=instructor, about_classes=False)
    assert (send().sent, mailoutbox) == (0, [])


def test_without_a_confirmed_address_there_is_no_mail(course: Course, mailoutbox: list[Any]) -> None:
    people = [make_reachable(verified=False), make_user(email="never@example.org"), make_reachable(is_active=False)]
    guest = make_guest()
    EmailAddress.objects.create(user=guest, email="guest@example.org", verified=True)
    for person in [*people, guest]:
        Digest.objects.create(user=person, about_learning=True)
        answer(person, course.facts.get(key="F1-1"), at=noon(27))
    assert (send().sent, mailoutbox) == (0, [])


def test_where_there_is_nothing_to_say_nothing_is_said(instructor: User, course: Course, mailoutbox: list[Any]) -> None:
    make_classroom(instructor, course=course)
    make_member(make_classroom(instructor, course=course, name="Class B"))
    assert (send(), mailoutbox) == (Count(skipped=1), [])
    assert not Digest.objects.exists()


def test_it_comes_in_the_language_and_zone_of_the_person(
    classroom: Classroom, instructor: User, mailoutbox: list[Any]
) -> None:
    User.objects.filter(pk=instructor.pk).update(language="zh-hans", time_zone="Asia/Taipei")
    send()
    (message,) = mailoutbox
    assert '<html lang="zh-hans">' in html_of(message)
    assert "第1章第2句说明事项1甲2。" in message.body
    assert "20:00" in message.body


def test_a_week_is_that_of_the_persons_own_clock(classroom: Classroom, instructor: User) -> None:
    User.objects.filter(pk=instructor.pk).update(time_zone="Pacific/Auckland")
    sunday_evening = NOW - timedelta(hours=18)
    send(sunday_evening)
    assert Digest.objects.get(user=instructor).sent_week == NOW.date()


# The way out.


def way_out(message: Any) -> str:
    return str(message.extra_headers["List-Unsubscribe"]).removeprefix(f"<{SITE}").removesuffix(">")


def test_the_link_ends_it_without_logging_in(
    client: Client, classroom: Classroom, instructor: User, mailoutbox: list[Any]
) -> None:
    send()
    link = way_out(mailoutbox[0])
    assert f"{SITE}{link}" in mailoutbox[0].body
    assert f'href="{SITE}{link}"' in html_of(mailoutbox[0])
    page = client.get(link)
    assert f'action="{link}"' in page.content.decode()
    assert Digest.objects.get(user=instructor).about_classes
    assert "You get no more weekly mail" in client.post(link).content.decode()
    assert send(NOW + timedelta(days=7)).sent == 0


def test_a_mail_program_ends_it_with_one_press(classroom: Classroom, instructor: User, mailoutbox: list[Any]) -> None:
    send()
    headers = mailoutbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    program = Client(enforce_csrf_checks=True)
    assert program.post(way_out(mailoutbox[0]), {"List-Unsubscribe": "One-Click"}).status_code == 200
    wishes = Digest.objects.get(user=instructor)
    assert (wishes.about_classes, wishes.about_learning) == (False, False)


def test_a_link_that_is_not_ours_ends_nothing(client: Client, instructor: User) -> None:
    link = unsubscribe_path(instructor)
    forged = [link[:-3] + "xx/", reverse("accounts:unsubscribe", args=[str(instructor.pk)])]
    assert [client.post(one).status_code for one in forged] == [404, 404]
    assert not Digest.objects.exists()
    gone = unsubscribe_path(stranger := make_user())
    stranger.delete()
    assert client.get(gone).status_code == 404


def test_the_choice_is_made_in_the_settings(client: Client, instructor: User) -> None:
    client.force_login(instructor)
    page = client.get(reverse("accounts:digest")).content.decode()
    assert "It goes to instructor@example.org." in page
    assert page.count(" checked") == 1
    client.post(reverse("accounts:digest"), {"about_learning": "on"})
    wishes = Digest.objects.get(user=instructor)
    assert (wishes.about_classes, wishes.about_learning) == (False, True)


# The command.


@pytest.fixture
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.usefixtures("at_noon")
def test_the_command_says_what_it_did(
    classroom: Classroom, learner: User, settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SITE_URL = f"{SITE}/"
    call_command("send_digests")
    call_command("send_digests")
    assert capsys.readouterr().out.splitlines() == [
        "1 sent, 1 with nothing to be told or told already, 0 failed",
        "0 sent, 2 with nothing to be told or told already, 0 failed",
    ]
    assert f"{SITE}/reports/classes/{classroom.pk}/" in mail.outbox[0].body


def test_the_command_needs_the_address_of_the_site(settings: LazySettings) -> None:
    settings.SITE_URL = ""
    with pytest.raises(CommandError, match="SITE_URL"):
        call_command("send_digests")


@pytest.mark.usefixtures("at_noon")
def test_the_command_ends_with_an_error_where_mail_failed(
    classroom: Classroom, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SITE_URL = SITE
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    with pytest.raises(CommandError, match="0 sent, 0 with nothing to be told or told already, 1 failed"):
        call_command("send_digests")


@pytest.mark.parametrize("count", [6, 12])
def test_a_persons_mail_takes_the_same_queries_however_many_learners_there_are(
    course: Course, instructor: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    classroom = make_classroom(instructor, course=course)
    for learner in make_learners(classroom, count):
        for day in (20, 26):
            answer(learner, course.facts.get(key="F1-1"), at=noon(day))
    make_assignment(classroom, due_at=NOW + timedelta(days=2))
    with django_assert_num_queries(21):
        mailing.send_one(instructor, "x@example.org", mail.get_connection(), site=SITE, now=NOW)
    assert timezone.is_aware(NOW)
