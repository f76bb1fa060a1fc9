"""What classes keep about a person: given out, moved to an account, erased; and owners who leave."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.test import Client

from accounts import personal_data as everything
from accounts.models import User
from classrooms import personal_data
from classrooms.deciding import decide
from classrooms.marks import cell
from classrooms.models import (
    Assignment,
    Calendar,
    Classroom,
    Completion,
    Extension,
    Invitation,
    MarkChange,
    Member,
    RosterImport,
    ShownAnswer,
    Sitting,
)
from quizzes.models import Attempt
from tests.accounts.people import visit_as_guest
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.classrooms.test_joining import signed_in, text_of
from tests.clock import NOW
from tests.factories import PASSWORD, make_attempt, make_guest, make_user

ABOUT_A_LEARNER = {
    Member: personal_data.MEMBER,
    Sitting: personal_data.SITTING,
    Completion: personal_data.COMPLETION,
    Extension: personal_data.EXTENSION,
    MarkChange: personal_data.MARK,
    ShownAnswer: personal_data.SHOWN,
    Calendar: personal_data.CALENDAR,
}
ABOUT_AN_INSTRUCTOR = {Assignment, Invitation, RosterImport}


@pytest.fixture
def classroom(db: None) -> Classroom:
    return make_classroom(make_user("teacher"))


def sit(
    member: Member, assignment: Assignment, *, number: int = 1, is_open: bool = False, score: float = 0.5
) -> Sitting:
    end = None if is_open else NOW
    kept = {"scope": "quiz", "feedback": Attempt.Feedback.LATER, "finished_at": end}
    attempt = make_attempt(member.user, assignment.classroom.course, **kept)
    fields = {"submitted_at": end, "score": None if is_open else score, "started_at": NOW}
    return assignment.sittings.create(member=member, attempt=attempt, number=number, **fields)


def with_past(member: Member, assignment: Assignment, *, comment: str) -> None:
    sit(member, assignment)
    Completion.objects.create(assignment=assignment, member=member, reached_at=NOW)
    Extension.objects.create(assignment=assignment, member=member, extra_attempts=1)
    MarkChange.objects.create(assignment=assignment, member=member, action="comment", comment=comment, made_at=NOW)
    Calendar.objects.create(user=member.user, digest=comment, created_at=NOW)


def written(user: User) -> str:
    return json.dumps(personal_data.export(user), cls=DjangoJSONEncoder, ensure_ascii=False)


@pytest.mark.parametrize("model", ABOUT_A_LEARNER, ids=lambda model: model.__name__)
def test_every_column_is_given_out(model: type[models.Model]) -> None:
    columns = {field.name for field in model._meta.concrete_fields} - {"user", "author", "digest"}
    assert columns - {name.split("__")[0] for name in ABOUT_A_LEARNER[model]} == set()


def test_every_table_that_names_a_person_is_given_out() -> None:
    naming = {
        model
        for model in apps.get_app_config("classrooms").get_models()
        if any(field.related_model in (User, Member) for field in model._meta.concrete_fields)
    }
    assert naming == ABOUT_A_LEARNER.keys() | ABOUT_AN_INSTRUCTOR


def test_everything_is_given_out_and_nothing_of_others(classroom: Classroom, learner: User, stranger: User) -> None:
    assignment = make_assignment(classroom)
    with_past(make_member(classroom, learner, name="Mine"), assignment, comment="for me")
    with_past(make_member(classroom, stranger, name="Theirs"), assignment, comment="a stranger's")
    Attempt.objects.update(results_at=NOW - timedelta(days=1))
    data = personal_data.export(learner)
    kept = ("memberships", "sittings", "completions", "extensions", "marks", "calendars")
    assert [len(data[name]) for name in kept] == [1] * 6
    assert "for me" in written(learner)
    for secret in ("Theirs", "stranger", Calendar.objects.get(user=stranger).digest):
        assert secret not in written(learner)


def test_marks_are_not_given_out_before_the_results_are_told(classroom: Classroom, learner: User) -> None:
    assignment = make_assignment(classroom)
    with_past(make_member(classroom, learner), assignment, comment="your mark is 17")
    assert "score" not in written(learner)
    assert "17" not in [row.get("comment") for row in personal_data.export(learner)["marks"]]
    Attempt.objects.update(results_at=NOW - timedelta(days=1))
    (sitting,) = personal_data.export(learner)["sittings"]
    assert sitting["score"] == 0.5
    assert "your mark is 17" in written(learner)


def test_an_instructor_is_given_nothing_about_the_learners(classroom: Classroom, learner: User) -> None:
    teacher = classroom.members.get().user
    member = make_member(classroom, learner, name="Secret learner")
    assignment = make_assignment(classroom, author=teacher)
    fields = {"assignment": assignment, "member": member, "action": "comment", "comment": "secret comment"}
    MarkChange.objects.create(**fields, author=teacher, made_at=NOW)
    RosterImport.objects.create(classroom=classroom, actor=teacher, rows=[{"name": "Secret learner"}])
    assert len(personal_data.export(teacher)["marks_given"]) == 1
    assert "ecret" not in written(teacher)


# Guests who log in.


def merge(guest: User, user: User) -> None:
    with transaction.atomic():
        everything.merge(guest, user)


def test_a_guests_place_becomes_the_accounts(classroom: Classroom, learner: User) -> None:
    member = make_member(classroom, make_guest(), name="Ann", number="7")
    sitting = sit(member, make_assignment(classroom))
    merge(member.user, learner)
    member.refresh_from_db()
    sitting.attempt.refresh_from_db()
    assert (member.user, member.name, sitting.attempt.learner) == (learner, "Ann", learner)


def test_two_places_in_one_class_become_one(classroom: Classroom, learner: User) -> None:
    guest = make_member(classroom, make_guest(), name="Guest", number="7", extra_time_factor="1.5")
    own = make_member(classroom, learner, name="Ann", status=Member.Status.LEFT, left_at=NOW)
    quiz, reading = make_assignment(classroom), make_assignment(classroom, sort="practice")
    quiz.members.add(guest)
    for member, day in ((guest, 1), (own, 2)):
        sit(member, quiz)
        Completion.objects.create(assignment=reading, member=member, reached_at=NOW + timedelta(days=day))
        Extension.objects.create(assignment=quiz, member=member, extra_attempts=day)
        first = MarkChange.objects.create(assignment=quiz, member=member, action="comment", made_at=NOW)
        MarkChange.objects.create(
            assignment=quiz, member=member, action="override", points=day, previous=first, made_at=NOW
        )
    merge(guest.user, learner)
    found = classroom.members.learners().get()
    assert (found.pk, found.status, found.name, found.number) == (own.pk, "active", "Ann", "7")
    assert (float(found.extra_time_factor), found.left_at) == (1.5, None)
    assert list(found.sittings.values_list("number", flat=True)) == [1, 2]
    assert {sitting.attempt.learner for sitting in found.sittings.all()} == {learner}
    assert found.completions.get().reached_at == NOW + timedelta(days=1)
    assert found.extensions.get().extra_attempts == 2
    assert [change.points for change in _chain(found)] == [None, 1, None, 2]
    assert list(quiz.members.all()) == [found]


def test_what_was_decided_about_both_places_is_one_history_that_goes_on(classroom: Classroom, learner: User) -> None:
    guest, own = make_member(classroom, make_guest()), make_member(classroom, learner)
    quiz = make_assignment(classroom)
    seen: dict[int, int] = {}
    for points, member in enumerate((own, guest, own, guest)):
        word = {"action": "override", "points": points, "author": None, "now": NOW}
        seen[member.pk] = decide(quiz, member, seen=seen.get(member.pk), **word).pk
    merge(guest.user, learner)
    assert [change.points for change in _chain(own)] == [0, 1, 2, 3]
    found = cell(quiz, own, NOW)
    assert found.mark.points == 3
    decide(quiz, own, action="excuse", author=None, seen=found.decision.newest, now=NOW)
    assert cell(quiz, own, NOW).mark.is_excused


def _chain(member: Member) -> list[MarkChange]:
    """First to last, by what each author saw."""
    rows = {row.previous_id: row for row in member.mark_changes.all()}
    chain, at = [], None
    while at in rows:
        chain.append(rows[at])
        at = rows[at].pk
    return chain


def test_of_two_open_quizzes_the_guests_is_handed_in(classroom: Classroom, learner: User) -> None:
    guest, own = make_member(classroom, make_guest()), make_member(classroom, learner)
    quiz = make_assignment(classroom)
    mine, theirs = sit(own, quiz, is_open=True), sit(guest, quiz, is_open=True)
    merge(guest.user, learner)
    for row in (mine, theirs):
        row.refresh_from_db()
    assert (mine.is_submitted, mine.number) == (False, 1)
    assert (theirs.is_submitted, theirs.number, theirs.member) == (True, 2, own)


def test_whoever_was_removed_does_not_come_back_as_a_guest(classroom: Classroom, learner: User) -> None:
    guest = make_member(classroom, make_guest())
    make_member(classroom, learner, status=Member.Status.REMOVED)
    merge(guest.user, learner)
    assert classroom.members.learners().get().status == "removed"


def test_who_teaches_the_class_stays_its_teacher(classroom: Classroom) -> None:
    teacher = classroom.members.get()
    guest = make_member(classroom, make_guest())
    sit(guest, make_assignment(classroom))
    merge(guest.user, teacher.user)
    found = classroom.members.get()
    assert (found.pk, found.role) == (teacher.pk, "owner")
    assert not Sitting.objects.exists()


def test_logging_in_takes_the_place_along(classroom: Classroom, learner: User) -> None:
    client = Client()
    guest = visit_as_guest(client)
    client.post(f"/classes/join/{classroom.code}/", {"name": "Ann"})
    client.post("/account/login/", {"login": "learner", "password": PASSWORD})
    assert classroom.members.learners().get().user == learner
    assert not User.objects.filter(pk=guest.pk).exists()


def test_the_sweep_leaves_guests_whom_a_class_counts(classroom: Classroom) -> None:
    over = make_classroom(archived_at=NOW)
    kept, waiting, left, archived, plain = (make_guest() for _ in range(5))
    make_member(classroom, kept)
    make_member(classroom, waiting, status=Member.Status.WAITING)
    make_member(classroom, left, status=Member.Status.LEFT)
    make_member(over, archived)
    User.objects.guests().update(date_joined=NOW - timedelta(days=40), last_login=None)
    call_command("sweep")
    assert set(User.objects.guests()) == {kept}
    assert plain.pk


# Leaving for good.


def test_an_owner_hands_the_class_over_first(classroom: Classroom) -> None:
    teacher = classroom.members.get().user
    client = signed_in(teacher)
    assert "You own the class Class A. Hand it over or delete it first." in text_of(client, "/account/delete/")
    assert client.post("/account/delete/", {"password": PASSWORD}).status_code == 422
    assert classroom.members.get().user == teacher
    with pytest.raises(everything.HinderedError):
        everything.erase(teacher)
    classroom.delete()
    assert client.post("/account/delete/", {"password": PASSWORD}).status_code == 302
    assert not User.objects.filter(pk=teacher.pk).exists()


def test_what_an_instructor_gave_stays_without_the_name(classroom: Classroom, learner: User, stranger: User) -> None:
    make_member(classroom, stranger, role=Member.Role.INSTRUCTOR)
    member = make_member(classroom, learner)
    assignment = make_assignment(classroom, author=stranger)
    MarkChange.objects.create(
        assignment=assignment, member=member, action="comment", comment="well done", author=stranger, made_at=NOW
    )
    everything.erase(stranger)
    assignment.refresh_from_db()
    assert (assignment.author, MarkChange.objects.get().author) == (None, None)
    assert MarkChange.objects.get().comment == "well done"


def test_erasing_a_learner_leaves_the_others(classroom: Classroom, learner: User, stranger: User) -> None:
    assignment = make_assignment(classroom)
    for user in (learner, stranger):
        with_past(make_member(classroom, user), assignment, comment=user.username)
    everything.erase(learner)
    for model in (Member, Sitting, Completion, Extension, MarkChange):
        rows = model._default_manager.all()  # type: ignore[attr-defined]
        users = {
            row.user_id if model is Member else row.member.user_id
            for row in rows
            if model is not Member or not row.teaches
        }
        assert users == {stranger.pk}
    assert Calendar.objects.get().user == stranger
