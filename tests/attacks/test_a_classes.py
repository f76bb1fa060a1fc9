"""A. Reaching into classes: what only some may see is looked for in every page and file that somebody can open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from classrooms.models import Assignment, Classroom, Member, Sitting
from quizzes.models import Attempt, QuestionVersion, Response
from quizzes.papers import hand_in, save, score
from tests.attacks.crawl import opened, starts
from tests.attacks.test_a_access import plain
from tests.authorization import World, make_world
from tests.classrooms.matrix import MATRIX
from tests.classrooms.rows import make_member
from tests.factories import make_attempt
from tests.test_authorization import address

STAFF = "IJ"
WHO_SEES = {
    "CANARY-name": STAFF,
    "CANARY-number": STAFF,
    "canary@example.org": STAFF,
    "CANARY-answer": "IJS",
    "CANARY-comment": STAFF,
    "CANARY-reason": STAFF,
    "CANARY-draft": STAFF,
    "CANARY-brief": STAFF,
    "CANARY-group": STAFF,
    "CANARY-invited": "I",
    "CANARY-own-comment": "IJC",
    "CANARY-own-reason": "IJC",
    "CANARY-untold": STAFF,
    "AAAAAAAA": STAFF,
    "owner.account@example.org": "I",
    "jingdu_secret": "",
}
"""The field table: who of C, X, G, L, K, S, I and J may meet what. C is told of the own mark once it is told; staff,
who keep the bank, see what was typed to a question and not by whom."""


@pytest.fixture
def world(db: None) -> World:
    """Class A with a learner whose every word is a canary, and marks of C: one told, one not yet."""
    world = make_world()
    classroom = Classroom.objects.get(name="Class A")
    ann = make_member(classroom, name="CANARY-name", number="CANARY-number", email="canary@example.org")
    ann.group = classroom.groups.create(name="CANARY-group")
    ann.save()
    told = classroom.assignments.create(sort="quiz", title="Told", published_at=timezone.now())
    sit(told, ann, answer="CANARY-answer")
    decide(told, ann, reason="CANARY-reason", comment="CANARY-comment")
    c = Member.objects.get(pk=world.objects["member"])
    sit(told, c, answer="mine")
    decide(told, c, reason="CANARY-own-reason", comment="CANARY-own-comment")
    untold = classroom.assignments.create(sort="quiz", title="Not told yet", published_at=timezone.now())
    sit(untold, c, answer="mine", results_at=timezone.now() + timedelta(days=1), feedback="later")
    decide(untold, c, reason="CANARY-own-reason", comment="CANARY-untold")
    draft = Assignment.objects.filter(pk=world.objects["draft_assignment"])
    draft.update(title="CANARY-draft", instructions="CANARY-brief")
    classroom.invitations.update(label="CANARY-invited")
    owner = User.objects.get(username="owner")
    User.objects.filter(pk=owner.pk).update(email="owner.account@example.org")
    return world


def sit(assignment: Assignment, member: Member, *, answer: str, **fields: object) -> Sitting:
    """Hand in a quiz with the first typed question answered."""
    now = timezone.now()
    plain = {"scope": Attempt.Scope.QUIZ, "feedback": "end"} | fields
    attempt = make_attempt(member.user, assignment.classroom.course, **plain)
    item = attempt.items.filter(version__question__kind="short_answer").earliest("position")
    save(item, {"text": [answer]}, now=now)
    hand_in(attempt, now=now)
    made: Sitting = assignment.sittings.create(
        member=member, attempt=attempt, number=1, started_at=now, submitted_at=now, score=score(attempt)
    )
    return made


def decide(assignment: Assignment, member: Member, *, reason: str, comment: str) -> None:
    """A mark by hand, and a comment."""
    now = timezone.now()
    given = assignment.mark_changes.create(member=member, action="override", points=3, reason=reason, made_at=now)
    assignment.mark_changes.create(member=member, action="comment", comment=comment, previous=given, made_at=now)


@pytest.mark.parametrize("role", ["C", "X", "G", "L", "K", "S", "I", "J"])
def test_4_to_9_each_field_is_met_by_whom_the_table_names_and_by_nobody_else(role: str, world: World) -> None:
    found = {
        canary for _url, text in opened(world.client(role), starts(world)) for canary in WHO_SEES if canary in text
    }
    assert found == {canary for canary, roles in WHO_SEES.items() if role in roles}


def test_7_why_a_mark_was_set_by_hand_is_in_no_page_of_the_learners(world: World) -> None:
    """Only in the file of everything that is kept about a person, which withholds nothing about them."""
    found = [url for url, text in opened(world.client("C"), starts(world)) if "CANARY-own-reason" in text]
    assert found == ["/account/export/"]


KEY = "CANARY-key"


@pytest.fixture
def asked(world: World) -> World:
    """A question whose key stands nowhere else: on the wall, in C's open quiz, in open runs of L and of the guest, in
    a draft and in work that is set. Whoever teaches a class with this document knows its keys."""
    version = QuestionVersion.objects.get(question__key="typed-F1-1", question__course__slug="small")
    QuestionVersion.objects.filter(pk=version.pk).update(body=version.body | {"key": KEY})
    for name in ("assignment", "draft_assignment"):
        Assignment.objects.filter(pk=world.objects[name]).update(paper={"": [version.pk]}, is_shuffled=False)
    Sitting.objects.exclude(pk=world.objects["sitting"]).delete()
    Response.objects.all().delete()
    return world


@pytest.mark.parametrize("role", ["A", "G", "L", "C", "X"])
def test_8_no_key_of_an_open_question_is_in_any_page_or_file(role: str, asked: World) -> None:
    assert [url for url, text in opened(asked.client(role), starts(asked)) if KEY in text] == []


def test_8_there_was_a_key_to_be_found(asked: World) -> None:
    assert any(KEY in text for _url, text in opened(asked.client("S"), ["/bank/small/"]))


PAGES = [row for row in MATRIX if row.method == "GET" and row.args and row.args[0] == "classroom"]


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
def test_somebody_elses_class_looks_like_none(world: World, htmx: dict[str, str]) -> None:
    client = world.client("K")
    for row in PAGES:
        theirs = address(row, world.objects)
        none = theirs.replace(f"/{world.objects['classroom']}/", "/987654321/", 1)
        assert theirs != none
        found, missing = (client.get(url, headers=htmx) for url in (theirs, none))
        assert (found.status_code, missing.status_code) == (404, 404), theirs
        assert plain(found.content) == plain(missing.content), theirs


def test_9_after_leaving_there_is_nothing_left_to_read_or_to_answer(world: World) -> None:
    """By the old page's addresses, as the learner whose place is gone and as their instructor."""
    client, objects = world.client("C"), world.objects
    Member.objects.filter(pk=objects["member"]).update(status=Member.Status.LEFT, left_at=timezone.now())
    for row in PAGES:
        if row.outcomes[3] == "o":
            assert client.get(address(row, objects)).status_code in (403, 404), row
    before = Response.objects.count()
    posted = {"text": "x", "go": "next"}
    for name in (f"sittings/{objects['sitting']}/1/", f"sittings/{objects['sitting']}/hand-in/"):
        assert client.post(f"/classes/{objects['classroom']}/{name}", posted).status_code == 403
    assert client.post(f"/classes/{objects['classroom']}/answer/{objects['showing']}/", posted).status_code == 404
    assert Response.objects.count() == before
    report = f"/reports/classes/{objects['classroom']}/learners/{objects['member']}/"
    assert world.client("I").get(report).status_code == 404


@pytest.mark.parametrize("page", ["gradebook/", "people/export/", "gradebook/export/csv/"])
def test_6_a_file_of_marks_is_for_nobody_who_is_signed_out(world: World, page: str) -> None:
    response = Client().get(f"/classes/{world.objects['classroom']}/{page}")
    assert response["Location"].startswith("/account/login/")
