"""One's own data: given out whole, and gone when it is deleted."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.models import CASCADE, Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import tokens
from accounts.models import Digest, User
from tests.accounts.people import (
    answers_of,
    give_answers,
    log_in,
    visit_as_guest,
    who,
    with_second_step,
    words,
)
from tests.factories import PASSWORD, make_guest, make_learner, make_stranger, make_user

pytestmark = pytest.mark.django_db

CANARY = "canary7431"

# Every model with a path to a person: what happens to its rows. A new model fails the test until it is listed here.
KEPT_ABOUT_A_PERSON = {
    "account.EmailAddress": "exported and erased",
    "account.EmailConfirmation": "erased; holds only a key of a link",
    "accounts.ApiToken": "exported but for the digest of its secret, and erased",
    "accounts.Digest": "exported and erased",
    "accounts.User": "exported and erased",
    "accounts.User_groups": "erased; membership in groups of administrators says nothing that the person does not see",
    "accounts.User_user_permissions": "erased; rights of administrators",
    "curriculum.Course": "belongs to its learners too: stays, and its owner is emptied",
    "curriculum.FactChange": "belongs to the fact's record: stays, and who did it is emptied",
    "admin.LogEntry": "an administrator's own acts: erased; acts about the person: the name in them is emptied",
    "mfa.Authenticator": "exported without the secret and erased",
    "quizzes.Cohort_learners": "erased; says in which sums the answers are, out of which they are taken first",
    "quizzes.FirstAnswer": "exported and erased",
    "quizzes.Attempt": "exported and erased",
    "quizzes.AttemptItem": "exported and erased",
    "quizzes.Flag": "exported and erased",
    "quizzes.Grading": "exported and erased",
    "quizzes.KnowledgeWeek": "exported and erased",
    "quizzes.LessonMemory": "a copy of MemoryState; erased",
    "quizzes.MemoryState": "exported and erased",
    "quizzes.Notice": "exported and erased",
    "quizzes.QuestionImport": "exported and erased",
    "quizzes.QuestionChange": "belongs to the question's record: stays, and who did it is emptied",
    "quizzes.QuestionVersion": "belongs to its learners too: stays, and its author is emptied",
    "quizzes.Response": "exported and erased",
    "classrooms.Assignment": "its title is exported to who set it; stays without the name",
    "classrooms.Assignment_members": "who work was set for; erased",
    "classrooms.Calendar": "exported but for the digest of its secret, and erased",
    "classrooms.Completion": "exported and erased",
    "classrooms.Extension": "exported and erased",
    "classrooms.Invitation": "exported to inviter and invited but for the digest; erased with its inviter",
    "classrooms.MarkChange": "exported to the learner and erased; those given to others stay without the name",
    "classrooms.Member": "exported and erased",
    "classrooms.RosterImport": "what it says of others is not exported; erased",
    "classrooms.ShownAnswer": "exported and erased",
    "classrooms.Sitting": "exported and erased",
}

OUTLIVES_A_PERSON = {
    "classrooms.Assignment.author",
    "classrooms.Invitation.accepted_by",
    "classrooms.MarkChange.author",
    "curriculum.Course.owner",
    "curriculum.FactChange.author",
    "quizzes.QuestionChange.actor",
    "quizzes.QuestionVersion.author",
}


def references(model: type[Model]) -> Iterator[Any]:
    """The foreign keys of `model`."""
    return (field for field in model._meta.get_fields() if field.many_to_one or (field.one_to_one and field.concrete))


def references_to_people() -> set[Any]:
    """Foreign keys that lead to a person, over any number of rows that are deleted with their person."""
    everything = apps.get_models(include_auto_created=True)
    deleted: set[type[Model]] = {User}
    while more := {
        model
        for model in everything
        for field in references(model)
        if model not in deleted and field.related_model in deleted and field.remote_field.on_delete is CASCADE
    }:
        deleted |= more
    return {field for model in everything for field in references(model) if field.related_model in deleted}


def test_everything_kept_about_a_person_is_listed() -> None:
    found = {field.model._meta.label for field in references_to_people()} | {"accounts.User"}
    assert found == set(KEPT_ABOUT_A_PERSON)


def test_what_outlives_its_person_is_listed() -> None:
    found = {str(field) for field in references_to_people() if field.remote_field.on_delete is not CASCADE}
    assert found == OUTLIVES_A_PERSON


def everything_stored() -> str:
    """All rows of all tables as one text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


def make_canary() -> User:
    """A member with a row wherever one can be."""
    person = make_user(CANARY, display_name=f"{CANARY} shown", email=f"{CANARY}@example.org")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    with_second_step(person)
    tokens.make(person, label=f"{CANARY} program", days=30, now=timezone.now())
    Digest.objects.create(user=person, about_learning=True)
    give_answers(person, 2, text=f"{CANARY} answer")
    boss = make_user("boss", is_staff=True)
    kind = ContentType.objects.get_for_model(User)
    for actor in (boss, person):
        LogEntry.objects.create(
            user=actor, content_type=kind, object_id=person.pk, object_repr=CANARY, action_flag=CHANGE
        )
    return person


def test_a_member_is_given_everything_and_nothing_of_others(client: Client) -> None:
    stranger = make_stranger(display_name="someone else")
    give_answers(stranger, 3, text="not yours")
    client.force_login(make_canary())

    response = client.get("/account/export/")

    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="jingdu-20')
    assert response.headers["Cache-Control"] == "no-store, private"
    text = response.content.decode()
    data = json.loads(text)
    assert data["account"]["username"] == CANARY
    assert data["account"]["email_addresses"] == [{"email": f"{CANARY}@example.org", "verified": True, "primary": True}]
    assert [step["type"] for step in data["account"]["second_steps"]] == ["totp"]
    assert [token["label"] for token in data["account"]["api_tokens"]] == [f"{CANARY} program"]
    assert [row["about_learning"] for row in data["account"]["weekly_mail"]] == [True]
    assert text.count(f"{CANARY} answer") == 2
    assert "not yours" not in text
    assert "someone else" not in text


def test_a_long_history_takes_no_more_queries(client: Client) -> None:
    needed = []
    for count in (1, 12):
        learner = make_user()
        give_answers(learner, count)
        client.force_login(learner)
        with CaptureQueriesContext(connection) as queries:
            client.get("/account/export/")
        needed.append(len(queries))
    assert needed[0] == needed[1]


def test_no_secret_is_given_out(client: Client) -> None:
    person = make_canary()
    client.force_login(person)
    text = client.get("/account/export/").content.decode()
    assert person.password not in text
    assert person.api_tokens.get().digest not in text
    assert "secret" not in text


def test_a_guest_is_given_everything(client: Client) -> None:
    give_answers(visit_as_guest(client), 2, text="guessed")
    assert client.get("/account/export/").content.decode().count("guessed") == 2


def test_a_stranger_is_sent_to_log_in(client: Client) -> None:
    for page in ("export", "delete"):
        assert client.get(f"/account/{page}/").url == f"/account/login/?next=/account/{page}/"


def test_deleting_needs_the_password(client: Client) -> None:
    client.force_login(make_learner())
    page = client.get("/account/delete/").content.decode()
    assert "This cannot be undone." in page
    for data in ({}, {"password": "wrong"}):
        response = client.post("/account/delete/", data)
        assert response.status_code == 422
        assert "<title>Error: Delete my account" in response.content.decode()
    assert who(client).username == "learner"


def test_guessing_the_password_here_is_limited_too(client: Client) -> None:
    client.force_login(make_learner())
    for _ in range(5):
        client.post("/account/delete/", {"password": "wrong"})
    assert "Too many tries." in client.post("/account/delete/", {"password": PASSWORD}).content.decode()


def test_the_page_says_how_much_goes(client: Client) -> None:
    learner = make_learner()
    give_answers(learner, 3)
    client.force_login(learner)
    assert "your 3 answers" in client.get("/account/delete/").content.decode()


def test_deleting_leaves_nothing_behind(client: Client) -> None:
    make_canary()
    Client().force_login(User.objects.get(username=CANARY))  # another device
    stranger = make_stranger()
    give_answers(stranger, 2)
    User.objects.filter(username=CANARY).update(is_superuser=False)
    client.force_login(User.objects.get(username=CANARY))
    assert CANARY in everything_stored()

    response = client.post("/account/delete/", {"password": PASSWORD})

    assert response.url == "/"
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert words(response) == ["Your account and everything kept about you are deleted."]
    assert who(client) is None
    assert CANARY not in everything_stored()
    assert answers_of(stranger) == 2


def test_other_devices_are_signed_out(client: Client) -> None:
    learner = make_learner()
    other = Client()
    other.force_login(learner)
    client.force_login(learner)
    client.post("/account/delete/", {"password": PASSWORD})
    assert not other.session.get("_auth_user_id")


def test_a_guest_finishes_and_clears(client: Client) -> None:
    guest = visit_as_guest(client)
    give_answers(guest, 2, text=CANARY)
    for ask in (client.get, client.post):
        assert "Your 2 answers as a guest are deleted" in ask("/account/delete/").content.decode()
    assert client.get("/account/forget/").status_code == 405
    assert User.objects.guests().exists()

    response = client.post("/account/forget/")

    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not User.objects.exists()
    assert CANARY not in everything_stored()
    assert client.post("/account/forget/").url == "/"


def test_finish_and_clear_is_not_for_members(client: Client) -> None:
    client.force_login(make_learner())
    assert client.post("/account/forget/").status_code == 404
    assert who(client) is not None


def test_the_sweep_takes_guests_who_stayed_away() -> None:
    with time_machine.travel("2026-03-01T10:00Z", tick=False) as clock:
        member, gone, back = make_learner(), make_guest(), Client()
        give_answers(gone, 1)
        returning = visit_as_guest(back)
        clock.shift(60 * 60 * 24 * 20)
        back.get("/account/")
        late = make_guest()
        clock.shift(60 * 60 * 24 * 10 + 1)
        call_command("sweep", stdout=io.StringIO())
        assert set(User.objects.all()) == {member, returning, late}
        clock.shift(60 * 60 * 24 * 40)
        call_command("sweep", stdout=io.StringIO())
        assert set(User.objects.all()) == {member}


def test_a_member_who_was_a_guest_is_never_swept(client: Client) -> None:
    with time_machine.travel("2026-03-01T10:00Z", tick=False) as clock:
        visit_as_guest(client)
        client.post("/account/signup/", {"username": "ann", "password1": "correct horse battery"})
        clock.shift(60 * 60 * 24 * 400)
        call_command("sweep", stdout=io.StringIO())
        assert log_in(Client(), "ann", "correct horse battery").url == "/"
