"""Reports as JSON: behind a personal token, with the rights of its person, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts import tokens
from accounts.models import User
from classrooms.models import Classroom, Member
from curriculum.models import Course
from reports.views import files
from tests.authorization import ROLES, Row, World, make_world, outcome
from tests.classrooms.rows import make_classroom, make_member
from tests.factories import make_bank, make_course, make_guest, make_user
from tests.quizzes.histories import answer
from tests.reports.matrix import PAGES, WITHOUT_FILES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    cache.clear()


@pytest.fixture
def course() -> Course:
    course = make_course(slug="small", lessons=2, sentences=3)
    make_bank(course)
    return course


@pytest.fixture
def classroom(course: Course) -> Classroom:
    classroom = make_classroom(make_user("instructor"), course=course, name="三年二班")
    member = make_member(classroom, make_user(), name="陳怡君")
    answer(member.user, course.facts.get(key="F1-1"), at=timezone.now() - timedelta(days=2))
    return classroom


def owner_of(classroom: Classroom) -> User:
    return classroom.members.get(role=Member.Role.OWNER).user


def token_for(person: User, *, days: int = 30) -> str:
    return tokens.make(person, label="program", days=days, now=timezone.now())[1]


def ask(name: str, *ids: Any, token: str = "", client: Client | None = None, **query: Any) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    client = client or Client(raise_request_exception=False)
    return client.get(reverse(f"reports:{name}_data", args=ids, query=query), headers=headers)


def test_an_instructors_program_reads_the_report(classroom: Classroom) -> None:
    response = ask("class_overview", classroom.pk, token=token_for(owner_of(classroom)))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store, private"
    found = response.json()
    assert (found["report"], found["title"]) == ("class_overview", "三年二班")
    assert found["course"] == {"slug": "small", "title": "測試文件", "sha256": classroom.course.sha256}
    tables = {table["key"]: table for table in found["tables"]}
    assert list(tables) == ["lessons", "heat", "learners", "bands"]
    assert tables["learners"]["columns"][:2] == ["Learner", "State"]
    assert tables["learners"]["rows"][0][:2] == ["陳怡君", "working"]
    assert "陳怡君" in response.content.decode()


def test_one_table_can_be_asked_for_and_words_come_in_the_language_asked_for(classroom: Classroom) -> None:
    token = token_for(owner_of(classroom))
    client = Client(headers={"Accept-Language": "zh-Hant"})
    found = ask("class_overview", classroom.pk, token=token, client=client, table="lessons").json()
    assert [table["key"] for table in found["tables"]] == ["lessons"]
    with translation.override("zh-hant"):
        word = gettext("Lesson")
    assert found["tables"][0]["columns"][0] == word != "Lesson"
    assert ask("class_overview", classroom.pk, token=token, table="x").json() == {"error": "not_found"}


def test_the_values_are_those_of_the_file(classroom: Classroom, client: Client) -> None:
    client.force_login(owner_of(classroom))
    file = client.get(reverse("reports:class_overview_export", args=[classroom.pk, "csv"]), {"table": "learners"})
    lines = file.content.decode("utf-8-sig").split("\r\n")
    data = ask("class_overview", classroom.pk, token=token_for(owner_of(classroom)), table="learners").json()
    (row,) = data["tables"][0]["rows"]
    assert lines[1] == ",".join("" if value is None else str(value) for value in row)


def test_a_session_opens_nothing(classroom: Classroom, client: Client) -> None:
    client.force_login(owner_of(classroom))
    response = ask("class_overview", classroom.pk, client=client)
    assert (response.status_code, response.json()) == (401, {"error": "token"})
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="reports"'


def test_the_token_counts_and_not_the_session(classroom: Classroom, client: Client) -> None:
    client.force_login(owner_of(classroom))
    response = ask("class_overview", classroom.pk, client=client, token=token_for(make_user("stranger")))
    assert (response.status_code, response.json()) == (404, {"error": "not_found"})


def test_a_token_in_the_address_opens_nothing(classroom: Classroom) -> None:
    secret = token_for(owner_of(classroom))
    address = reverse("reports:class_overview_data", args=[classroom.pk])
    for name in ("token", "access_token", "Authorization"):
        assert Client().get(address, {name: secret}).status_code == 401


def test_a_token_opens_no_page_and_no_file_and_changes_nothing(classroom: Classroom) -> None:
    secret = token_for(owner_of(classroom))
    headers = {"Authorization": f"Bearer {secret}"}
    for name, ids in (("class_overview", [classroom.pk]), ("class_overview_export", [classroom.pk, "csv"])):
        assert outcome(Client().get(reverse(f"reports:{name}", args=ids), headers=headers)) == "l"
    address = reverse("reports:class_overview_data", args=[classroom.pk])
    assert Client().post(address, headers=headers).status_code == 405
    assert outcome(Client().post(reverse("classrooms:classroom_new"), headers=headers)) == "l"


def test_dead_tokens_open_nothing(classroom: Classroom) -> None:
    owner = owner_of(classroom)
    expired, renewed, closed = (token_for(owner, days=days) for days in (1, 30, 30))
    token = owner.api_tokens.get(digest=tokens.digest(renewed))
    fresh = tokens.renew(token, now=timezone.now())
    deleted = token_for(owner)
    owner.api_tokens.get(digest=tokens.digest(deleted)).delete()
    other = owner.api_tokens.get(digest=tokens.digest(closed))
    owner.api_tokens.filter(pk=other.pk).update(scope="something:else")
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1), tick=False):
        dead = [expired, renewed, deleted, closed, "jingdu_guess", "jingdu_", "x" * 500]
        assert [ask("class_overview", classroom.pk, token=one).status_code for one in dead] == [401] * 7
        assert ask("class_overview", classroom.pk, token=fresh).status_code == 200
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert ask("class_overview", classroom.pk, token=fresh).status_code == 401


def test_somebody_who_no_longer_teaches_reads_nothing_any_more(classroom: Classroom) -> None:
    colleague = make_member(classroom, make_user(), role=Member.Role.INSTRUCTOR)
    token = token_for(colleague.user)
    assert ask("class_overview", classroom.pk, token=token).status_code == 200
    colleague.go(Member.Status.REMOVED, now=timezone.now())
    assert ask("class_overview", classroom.pk, token=token).status_code == 404


def test_the_last_use_is_noted_once_a_minute(classroom: Classroom) -> None:
    owner, now = owner_of(classroom), timezone.now()
    token = token_for(owner)
    seen = []
    for seconds in (0, 30, 90):
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            ask("class_overview", classroom.pk, token=token)
        seen.append(owner.api_tokens.get().last_used_at)
    assert [round((moment - now).total_seconds()) for moment in seen] == [0, 0, 90]


def test_a_program_that_asks_too_often_waits(classroom: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "RATE", "2/m")
    owner = owner_of(classroom)
    first, second = token_for(owner), token_for(owner)
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False):
        owner.api_tokens.update(expires_at="2027-01-01T00:00Z")
        codes = [ask("class_overview", classroom.pk, token=first).status_code for _time in range(3)]
        response = ask("class_overview", classroom.pk, token=first)
        assert ask("class_overview", classroom.pk, token=second).status_code == 200
    assert codes == [200, 200, 429]
    assert (response.json(), response.headers["Retry-After"]) == ({"error": "slow_down"}, "60")


def test_whoever_guesses_tokens_waits(classroom: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "GUESSES", "3/m")
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False):
        codes = [ask("class_overview", classroom.pk, token=f"jingdu_{at}").status_code for at in range(5)]
    assert codes == [401, 401, 401, 429, 429]


def test_ones_own_report_is_that_of_the_person(course: Course) -> None:
    learner = make_user(display_name="陳怡君")
    token = token_for(learner)
    assert ask("learner", token=token).status_code == 404
    answer(learner, course.facts.get(key="F1-1"), at=timezone.now() - timedelta(days=2))
    found = ask("learner", token=token, course="small").json()
    assert found["title"] == "陳怡君"
    assert [table["key"] for table in found["tables"]][:3] == ["lessons", "kinds", "weeks"]
    assert ask("learner", token=token, course="other").status_code == 404


# The same rights as on the pages, for every role and report.

ROWS = [row for row in PAGES if row.name not in WITHOUT_FILES]


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name}-{'-'.join(row.args)}")
def test_a_token_opens_what_the_page_opens(row: Row, world: World) -> None:
    found = ""
    for role in ROLES:
        person = world.people[role]
        token = "" if person is None or person.is_guest else token_for(person)
        response = ask(row.name.removeprefix("reports:"), *(world.objects[name] for name in row.args), token=token)
        found += outcome(response)
    assert found == "t" + "t" + row.outcomes[2:]


def test_a_guest_has_no_token_that_works(course: Course) -> None:
    guest = make_guest()
    answer(guest, course.facts.get(key="F1-1"), at=timezone.now())
    assert ask("learner", token=token_for(guest)).status_code == 401
