"""Roles, rows and objects of the authorization matrix. The rows stand in test_authorization.py and <app>/matrix.py.

Roles (of two classes, A and B): A anonymous · G guest with a run · L learner of no class, who owns the run and a course
· C learner of class A · X learner of class B · I owner of class A · J instructor of class A · K owner of class B ·
S site staff.
Outcomes: o allowed (2xx, or a redirect elsewhere than to log-in) · l sent to log in · n 404 · f 403 · m 405 · i 422 ·
t 401, a token is wanted.
Objects are L's, or of class A, unless their name says otherwise: `other_member` is of class B.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.digests import unsubscribe_path
from accounts.models import User
from classrooms.invitations import LIFETIME, invite
from classrooms.models import Classroom, Invitation, Member
from curriculum.models import Course
from quizzes.models import Attempt, Notice
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.factories import make_attempt, make_bank, make_course, make_guest, make_user

ROLES = "AGLCXIJKS"


@dataclass(frozen=True)
class Row:
    """`outcomes` has one letter per role, in the order of ROLES. `args` name objects of `World`; a value of `data` that
    begins with $ names one too."""

    name: str
    method: str
    outcomes: str
    args: tuple[str, ...] = ()
    data: tuple[tuple[str, Any], ...] = ()


@dataclass
class World:
    """Objects that could leak, and a client per role."""

    people: dict[str, User | None]
    objects: dict[str, Any]

    def client(self, role: str) -> Client:
        client = Client(raise_request_exception=False)
        if person := self.people[role]:
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def data(self, row: Row) -> dict[str, Any]:
        """What the row posts."""
        return {
            key: self.objects[value[1:]] if isinstance(value, str) and value.startswith("$") else value
            for key, value in row.data
        }


def outcome(response: Any) -> str:
    """The letter of a response."""
    login = resolve_url(settings.LOGIN_URL)
    target = response.headers.get("Location", "") or response.headers.get("HX-Redirect", "")
    if target.split("?")[0] == login:
        return "l"
    return {404: "n", 403: "f", 405: "m", 422: "i", 401: "t"}.get(
        response.status_code, "o" if response.status_code < 400 else "error"
    )


def make_world() -> World:
    people: dict[str, User | None] = {
        "A": None,
        "G": make_guest(),
        "L": make_user("learner"),
        "C": make_user("classmate"),
        "X": make_user("stranger"),
        "I": make_user("owner"),
        "J": make_user("instructor"),
        "K": make_user("colleague"),
        "S": make_user("staff", is_staff=True, is_superuser=True),
    }
    return World(people, reading_objects(people) | class_objects(people))


def reading_objects(people: dict[str, Any]) -> dict[str, Any]:
    """Courses, questions and runs."""
    course = make_course(slug="small")
    draft: Course = make_course(slug="hidden", is_published=False)
    for each in (course, draft):
        make_bank(each)
    make_attempt(people["X"], course)
    owned = make_course(slug="learners-own", is_published=False, owner=people["L"])
    make_course(slug="newer", replaces=make_course(slug="older"))
    question = course.questions.earliest("pk")
    notice = Notice.objects.create(learner=people["L"], question=question, answer="事項", stem="…")
    return {
        "course": "small",
        "draft": "hidden",
        "lesson": "lesson-1",
        "one": 1,
        "owned": "learners-own",
        "lesson_key": "L1",
        "fact": owned.facts.earliest("pk").pk,
        "sentence": owned.facts.earliest("pk").sentence_id,
        "newer": "newer",
        "csv": "csv",
        "xlsx": "xlsx",
        "api_token": tokens.make(people["L"], label="program", days=30, now=timezone.now())[0].pk,
        "unsubscribe": unsubscribe_path(people["L"]).split("/")[-2],
        "question": question.pk,
        "hidden_question": draft.questions.earliest("pk").pk,
        "notice": notice.pk,
        "ninety": 90,
        "attempt": make_attempt(people["L"], course).pk,
        "guests_attempt": make_attempt(people["G"], course).pk,
    }


def class_objects(people: dict[str, Any]) -> dict[str, Any]:
    """Two classes that read one document, with the same sorts of things in them; those of class B begin with other_."""
    course = Course.objects.get(slug="small")
    class_a = make_classroom(people["I"], course=course, name="Class A", code="AAAAAAAA")
    class_b = make_classroom(people["K"], course=course, name="Class B", code="CCCCCCCC")
    make_member(class_a, people["J"], role=Member.Role.INSTRUCTOR)
    instructors = class_a.members.get(user=people["J"]), make_member(class_a, role=Member.Role.INSTRUCTOR)
    found: dict[str, Any] = {
        "small_course": course.pk,
        "quiz": "quiz",
        "class_sentence": course.facts.earliest("pk").sentence_id,
        "class_owner": class_a.members.get(user=people["I"]).pk,
        "instructor": instructors[0].pk,
        "second_instructor": instructors[1].pk,
        "secret": invite(class_a, inviter=people["I"], label="", now=timezone.now()),
    }
    for classroom, learner, prefix in ((class_a, people["C"], ""), (class_b, people["X"], "other_")):
        found |= {prefix + name: value for name, value in things_of(classroom, learner).items()}
    return found


def invitation(classroom: Classroom) -> Invitation:
    expires_at = timezone.now() + LIFETIME
    return classroom.invitations.create(digest=classroom.name, inviter=owner_of(classroom), expires_at=expires_at)


def owner_of(classroom: Classroom) -> User:
    return classroom.members.get(role=Member.Role.OWNER).user


def things_of(classroom: Classroom, learner: User) -> dict[str, Any]:
    member = make_member(classroom, learner, name=f"Learner of {classroom.name}")
    removed = make_member(classroom, status=Member.Status.REMOVED, name=f"Removed from {classroom.name}")
    waiting = make_member(classroom, status=Member.Status.WAITING, name=f"Waiting for {classroom.name}")
    assignment = make_assignment(classroom, title=f"Quiz of {classroom.name}")
    draft = make_assignment(classroom, title=f"Draft of {classroom.name}", is_draft=True)
    practice = make_assignment(classroom, title=f"Reading of {classroom.name}", sort="practice")
    version = classroom.course.questions.get(key="typed-F1-1").current
    attempt = make_attempt(learner, classroom.course, scope=Attempt.Scope.QUIZ, feedback=Attempt.Feedback.LATER)
    sitting = assignment.sittings.create(member=member, attempt=attempt, number=1, started_at=timezone.now())
    return {
        "classroom": classroom.pk,
        "code": classroom.code,
        "invitation": invitation(classroom).pk,
        "roster": classroom.roster_imports.create(actor=owner_of(classroom), rows=[]).pk,
        "member": member.pk,
        "removed_member": removed.pk,
        "waiting_member": waiting.pk,
        "showing": classroom.showings.create(version=version, seed="test", opened_at=timezone.now()).pk,
        "group": classroom.groups.create(name=f"Group of {classroom.name}").pk,
        "assignment": assignment.pk,
        "draft_assignment": draft.pk,
        "practice": practice.pk,
        "sitting": sitting.pk,
        "sitting_attempt": attempt.pk,
    }
