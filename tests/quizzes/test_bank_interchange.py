"""Files out and in: every format, a fate for each question, nothing before it is confirmed and nothing twice."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from curriculum.models import Course
from quizzes.interchange import FORMATS
from quizzes.models import Question, QuestionChange, QuestionImport, QuestionVersion
from tests.factories import make_user
from tests.quizzes.keepers import stored_bank

ROLE = "3d38d0213538"


@pytest.fixture
def staff(db: None) -> User:
    return make_user("staff", is_staff=True)


@pytest.fixture
def keeper(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


@pytest.fixture
def course(white_paper: Course) -> Course:
    return stored_bank(white_paper)


def exported(client: Client, format: str, **query: str) -> Any:
    response = client.get(reverse("quizzes:bank_download", args=["cyberspace-2019", format]), query)
    assert response.status_code == 200
    return response


def uploaded(client: Client, format: str, data: bytes) -> Any:
    file = SimpleUploadedFile("bank", data)
    return client.post(reverse("quizzes:bank_import", args=["cyberspace-2019"]), {"format": format, "file": file})


def looked_at(client: Client, format: str, data: bytes) -> Any:
    response = uploaded(client, format, data)
    assert response.status_code == 302
    return client.get(response.headers["Location"])


def state() -> list[int]:
    return [model.objects.count() for model in (Question, QuestionVersion, QuestionChange)]


def question_file(client: Client, **changes: Any) -> bytes:
    """The file of one question, with changes."""
    rows = json.loads(exported(client, "json").content)["questions"]
    row = next(row for row in rows if row["id"] == ROLE)
    return json.dumps({"title": "", "questions": [row | changes]}).encode()


# Out.


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_leaves_as_a_file(keeper: Client, course: Course, format: str) -> None:
    response = exported(keeper, format)
    name = f"cyberspace-2019{FORMATS[format].suffix}"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert len(response.content) > 1000


def test_a_selection_is_what_the_filter_leaves(keeper: Client, course: Course) -> None:
    rows = json.loads(exported(keeper, "json", kind="ordering").content)["questions"]
    assert {row["kind"] for row in rows} == {"ordering"}


def test_what_a_format_cannot_carry_is_listed(keeper: Client, course: Course) -> None:
    text = keeper.get(reverse("quizzes:bank_export", args=["cyberspace-2019"])).content.decode()
    assert "GIFT has no such kind of question." in text


# Back.


@pytest.mark.parametrize("format", [name for name, format in FORMATS.items() if format.parse])
def test_what_went_out_comes_back_unchanged(keeper: Client, course: Course, format: str) -> None:
    before = state()
    response = looked_at(keeper, format, exported(keeper, format).content)
    assert {fate.verdict for fate in response.context["fates"]} == {"unchanged"}
    assert "There is nothing to write." in response.content.decode()
    assert state() == before


def test_another_wording_changes_the_question_once(keeper: Client, course: Course, staff: User) -> None:
    before = state()
    response = looked_at(keeper, "json", question_file(keeper, accepted=["主要渠道作用"]))
    assert [(fate.verdict, fate.reasons) for fate in response.context["fates"]] == [("changed", ())]
    assert state() == before
    for _time in (1, 2):
        keeper.post(response.request["PATH_INFO"])
    question = Question.objects.select_related("current").get(key=ROLE)
    assert (question.current.number, question.is_edited) == (2, True)
    assert question.current.content.accepted == ("主要渠道作用",)
    (change,) = QuestionChange.objects.all()
    assert (change.action, change.actor) == ("import", staff)


def test_the_twin_of_a_question_is_refused(keeper: Client, course: Course) -> None:
    response = looked_at(keeper, "json", question_file(keeper, id="", facts=[]))
    (fate,) = response.context["fates"]
    assert fate.verdict == "refused"
    assert "V70: same stem and key" in response.content.decode()


def test_a_new_question_is_written_as_a_persons(keeper: Client, course: Course) -> None:
    data = question_file(keeper, id="", facts=[])
    Question.objects.filter(key=ROLE).update(is_active=False)
    response = looked_at(keeper, "json", data)
    (fate,) = response.context["fates"]
    assert (fate.verdict, fate.reasons) == ("taken", ())
    keeper.post(response.request["PATH_INFO"])
    question = Question.objects.get(origin="human")
    assert [fact.key for fact in question.facts.all()] == ["F165"]
    assert (question.changes.get().action, question.current.body["evidence"][0]["sentence"]) == ("import", "L4-18")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": "", "quote": "這句話不在文件裡。"}, "does not stand in the document."),
        ({"id": "", "quote": ""}, "It quotes nothing"),
        ({"id": "", "facts": ["F001"]}, "A fact that it names does not stand in the quoted sentence."),
        ({"key": "引擎作用"}, "V18"),
        ({"kind": "ordering", "key": ["甲", "乙", "丙"]}, "The question with this id is of another kind."),
        ({"accepted": [1]}, "A field is missing or of the wrong type."),
        ({"stem": "a\ud800b"}, "A field is missing or of the wrong type."),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(
    keeper: Client, course: Course, changes: dict[str, Any], words: str
) -> None:
    before = state()
    response = looked_at(keeper, "json", question_file(keeper, **changes))
    (fate,) = response.context["fates"]
    assert fate.verdict == "refused"
    assert words in response.content.decode()
    keeper.post(response.request["PATH_INFO"])
    assert state() == before


def test_the_same_question_twice_is_taken_once(keeper: Client, course: Course) -> None:
    one = json.loads(question_file(keeper, accepted=["主要渠道作用"]))
    one["questions"] *= 2
    response = looked_at(keeper, "json", json.dumps(one).encode())
    assert [fate.verdict for fate in response.context["fates"]] == ["changed", "refused"]


@pytest.mark.parametrize(
    ("format", "data", "words"),
    [
        ("moodle", b"<!DOCTYPE q [<!ENTITY a 'b'>]><quiz>&a;</quiz>", "This is not a well-formed Moodle XML file."),
        ("moodle", b"<html/>", "This XML file is not a Moodle question file."),
        ("gift", b"\xff\xfe\x00", "A GIFT file must be UTF-8 text."),
        ("json", b"[" * 100_000, "This is not a question file of Jingdu."),
        ("json", b" " * 2_000_001, "This file is larger than 2 MB."),
        ("csv", b"id", "Select a valid choice."),
    ],
)
def test_a_file_that_cannot_be_read_is_explained(
    keeper: Client, course: Course, format: str, data: bytes, words: str
) -> None:
    response = uploaded(keeper, format, data)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not QuestionImport.objects.exists()


def test_what_somebody_else_uploaded_is_not_shown(client: Client, keeper: Client, course: Course) -> None:
    address = looked_at(keeper, "json", question_file(keeper)).request["PATH_INFO"]
    client.force_login(make_user("other", is_staff=True))
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404
