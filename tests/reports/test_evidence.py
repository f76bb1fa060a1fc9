"""The bundle of evidence: whole, checkable by somebody else, and nothing in it that its reader may not know."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from classrooms.models import Classroom, Member
from curriculum.models import Course
from quizzes.models import Attempt, MemoryState, Question
from reports.bundle import faults, pack
from reports.evidence import event, evidence
from tests.classrooms.rows import make_classroom, make_member
from tests.factories import make_bank, make_course, make_learner, make_stranger, make_user
from tests.quizzes.histories import answer, make_run, noon
from tests.reports.rows import respond
from tests.reports.screen import csv_rows

NAMES = [
    "SHA256SUMS",
    "course.json",
    "document.txt",
    "events.csv",
    "events.jsonl",
    "facts.csv",
    "facts.json",
    "manifest.json",
    "report.html",
]

# Pure: packing and checking.

TEXT = "第1句。".encode()
ABOUT = {"learner": "陳怡君", "course": {"sha256": hashlib.sha256(TEXT).hexdigest()}}


def bundle(count: int = 3) -> bytes:
    return pack({"document.txt": TEXT, "a.csv": b"1,2"}, [{"at": at, "given": "答案"} for at in range(count)], ABOUT)


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


def closed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


def resummed(files: dict[str, bytes]) -> dict[str, bytes]:
    """With hashes that somebody who changed the files worked out again, but for the chain."""
    manifest = json.loads(files["manifest.json"])
    inside = {name: data for name, data in files.items() if name not in ("manifest.json", "SHA256SUMS")}
    manifest["files"] = {name: hashlib.sha256(data).hexdigest() for name, data in inside.items()}
    whole = inside | {"manifest.json": json.dumps(manifest).encode()}
    sums = "".join(f"{hashlib.sha256(whole[name]).hexdigest()}  {name}\n" for name in sorted(whole))
    return whole | {"SHA256SUMS": sums.encode()}


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_bundle_as_it_was_made_has_no_fault(count: int) -> None:
    assert faults(bundle(count)) == []
    assert bundle(count) == bundle(count)


def test_each_event_names_the_hash_of_the_line_before() -> None:
    lines = opened(bundle())["events.jsonl"].splitlines()
    assert json.loads(lines[0])["previous"] == "0" * 64
    for before, line in pairwise(lines):
        assert json.loads(line)["previous"] == hashlib.sha256(before).hexdigest()
    manifest = json.loads(opened(bundle())["manifest.json"])
    assert manifest["events"]["last"] == hashlib.sha256(lines[-1]).hexdigest()


def without(name: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda files: {key: data for key, data in files.items() if key != name}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda files: files | {"a.csv": b"1,3"}, ["a.csv: changed", "SHA256SUMS: does not fit the files"]),
        (without("a.csv"), ["a.csv: missing", "SHA256SUMS: does not fit the files"]),
        (
            lambda files: files | {"more.txt": b""},
            ["more.txt: not in the manifest", "SHA256SUMS: does not fit the files"],
        ),
        (without("SHA256SUMS"), ["SHA256SUMS: does not fit the files"]),
        (
            lambda files: resummed(files | {"document.txt": b"another"}),
            ["document.txt: not the edition that the manifest names"],
        ),
        (
            lambda files: resummed(files | {"events.jsonl": b"".join(files["events.jsonl"].splitlines(True)[1:])}),
            ["events.jsonl: the chain is broken at line 1"],
        ),
        (
            lambda files: resummed(files | {"events.jsonl": b"".join(files["events.jsonl"].splitlines(True)[:2])}),
            ["events.jsonl: events are missing at the end"],
        ),
        (
            lambda files: resummed(files | {"events.jsonl": files["events.jsonl"].replace(b'"at":1', b'"at":7')}),
            ["events.jsonl: the chain is broken at line 3"],
        ),
    ],
)
def test_what_was_changed_is_named(change: Any, said: list[str]) -> None:
    assert faults(closed(change(opened(bundle())))) == said


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_no_changed_byte_of_a_file_goes_unseen(place: int, by: int) -> None:
    files = opened(bundle())
    name = NAMES_OF_PURE[place % len(NAMES_OF_PURE)]
    data = bytearray(files[name])
    data[place % len(data)] ^= by
    assert faults(closed(files | {name: bytes(data)}))


NAMES_OF_PURE = ["document.txt", "a.csv", "events.jsonl", "SHA256SUMS", "manifest.json"]


@pytest.mark.parametrize(
    "data",
    [b"", b"PK", closed({}), closed({"manifest.json": b"[]"}), closed({"manifest.json": b'{"files": 3}'})],
)
def test_what_is_no_bundle_is_said_to_be_none(data: bytes) -> None:
    (fault,) = faults(data)
    assert fault.startswith("not a whole bundle")


# The bundle of a learner.


@pytest.fixture
def course(db: None) -> Course:
    text = "".join(f"第1章第{i}句說明事項1甲{i}。" for i in (1, 2, 3))
    course = make_course(slug="small", sha256=hashlib.sha256(text.encode()).hexdigest())
    make_bank(course)
    return course


@pytest.fixture
def learner(db: None) -> User:
    return make_learner(display_name="陳怡君")


def take(client: Client, person: User, address: str) -> dict[str, bytes]:
    client.force_login(person)
    response = client.get(address)
    assert response.headers["Content-Type"] == "application/zip"
    assert faults(response.content) == []
    return opened(response.content)


def own(client: Client, learner: User) -> dict[str, bytes]:
    return take(client, learner, reverse("reports:learner_evidence"))


def events_of(files: dict[str, bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files["events.jsonl"].splitlines()]


def test_a_learner_takes_everything_along(client: Client, learner: User, course: Course) -> None:
    typed, chosen = (Question.objects.get(key=f"{sort}-F1-1") for sort in ("typed", "choice"))
    respond(learner, typed, "錯", at=timezone.now() - timedelta(days=3))
    respond(learner, chosen, 1, at=timezone.now() - timedelta(days=1))
    files = own(client, learner)
    assert sorted(files) == NAMES
    manifest = json.loads(files["manifest.json"])
    assert (manifest["learner"], manifest["site"], manifest["format"]) == (
        "陳怡君",
        "http://testserver/",
        "jingdu-evidence/1",
    )
    assert hashlib.sha256(files["document.txt"]).hexdigest() == manifest["course"]["sha256"] == course.sha256
    first, second = events_of(files)
    assert (first["given"], first["right_answer"], first["verdict"]) == ("錯", "事項1甲1", "wrong")
    assert (second["kind"], second["score"], second["facts"][0]["fact"]) == ("choice", 1.0, "F1-1")
    facts = json.loads(files["facts.json"])
    assert [(row["fact"], row["reviews"]) for row in facts] == [("F1-1", 2), ("F1-2", 0), ("F1-3", 0)]
    assert facts[0]["text"] == course.text[facts[0]["start"] : facts[0]["end"]]
    assert len(csv_rows(files["events.csv"])) == 3
    assert csv_rows(files["facts.csv"])[1][0] == "F1-1"
    page = files["report.html"].decode()
    assert "陳怡君" in page
    assert page.count("<tr>") == 2 + 3 + 2
    assert not any(word in page for word in ("src=", "href=", "url(", "@import"))


def test_what_became_of_the_facts_is_what_the_site_remembers(learner: User, course: Course) -> None:
    for day, key in enumerate(["F1-1", "F1-2", "F1-1", "F1-1", "F1-2"]):
        answer(learner, course.facts.get(key=key), at=noon(day), rating=1 + 2 * (day % 2))
    found = evidence(learner, course, now=noon(9), for_learner=True)
    kept = {row.fact.key: row for row in MemoryState.objects.filter(learner=learner).select_related("fact")}
    memories = {row.fact.key: row.memory for row in found.outcomes if row.memory}
    assert memories.keys() == kept.keys() == {"F1-1", "F1-2"}
    for key, memory in memories.items():
        assert (memory.reviews, memory.lapses) == (kept[key].reviews, kept[key].lapses)
        assert memory.stability == pytest.approx(kept[key].stability)


def make_untold_quiz(learner: User, course: Course) -> None:
    later = {"scope": Attempt.Scope.QUIZ, "feedback": "later", "results_at": timezone.now() + timedelta(days=3)}
    run = make_run(learner, course, at=timezone.now(), finished_at=timezone.now(), **later)
    answer(learner, course.facts.get(key="F1-3"), at=timezone.now(), run=run, rating=1, confused_with="祕密")


def test_results_that_are_not_told_yet_are_in_the_instructors_bundle_only(
    client: Client, learner: User, course: Course
) -> None:
    answer(learner, course.facts.get(key="F1-1"), at=timezone.now() - timedelta(days=1))
    make_untold_quiz(learner, course)
    classroom = make_classroom(make_user("instructor"), course=course)
    member = make_member(classroom, learner)
    files = own(client, learner)
    assert [row["question"] for row in events_of(files)] == ["typed-F1-1"]
    assert "祕密" not in "".join(data.decode() for data in files.values())
    assert [row["reviews"] for row in json.loads(files["facts.json"])] == [1, 0, 0]
    address = reverse("reports:class_evidence", args=[classroom.pk, member.pk])
    theirs = take(client, classroom.members.get(role=Member.Role.OWNER).user, address)
    assert [row["question"] for row in events_of(theirs)] == ["typed-F1-1", "typed-F1-3"]


def test_an_instructor_takes_that_of_a_learner_of_the_class_in_the_classs_course(
    client: Client, learner: User, course: Course
) -> None:
    other = make_course(slug="other")
    make_bank(other)
    answer(learner, course.facts.get(key="F1-1"), at=timezone.now())
    answer(learner, other.facts.get(key="F1-2"), at=timezone.now())
    answer(make_stranger(), course.facts.get(key="F1-3"), at=timezone.now())
    classroom: Classroom = make_classroom(make_user("instructor"), course=course)
    member = make_member(classroom, learner, name="Number 12")
    address = reverse("reports:class_evidence", args=[classroom.pk, member.pk])
    files = take(client, classroom.members.get(role=Member.Role.OWNER).user, address)
    assert [row["question"] for row in events_of(files)] == ["typed-F1-1"]
    assert json.loads(files["manifest.json"])["learner"] == "Number 12"
    theirs = make_member(make_classroom(course=course), make_user())
    assert client.get(reverse("reports:class_evidence", args=[classroom.pk, theirs.pk])).status_code == 404


def test_without_a_history_there_is_no_bundle(client: Client, learner: User, course: Course) -> None:
    answer(make_stranger(), course.facts.get(key="F1-1"), at=timezone.now())
    client.force_login(learner)
    for query in ({}, {"course": "small"}):
        assert client.get(reverse("reports:learner_evidence"), query).status_code == 404


def test_a_regraded_answer_has_both_judgements(learner: User, course: Course) -> None:
    first = answer(learner, course.facts.get(key="F1-1"), at=noon(1), rating=1)
    fields = {name: getattr(first, name) for name in ("response", "learner", "fact", "question", "kind")}
    again = {"is_productive": True, "is_correct": True, "is_first_try": True, "study_day": first.study_day}
    type(first).objects.create(**fields, **again, rating=3, answered_at=first.answered_at, supersedes=first)
    (row,) = evidence(learner, course, now=noon(9), for_learner=True).answers
    assert [(one["is_correct"], one["is_superseded"]) for one in event(row)["facts"]] == [(False, True), (True, False)]


@pytest.mark.parametrize("count", [1, 12])
def test_it_takes_the_same_queries_however_much_was_answered(
    learner: User, course: Course, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    facts = list(course.facts.order_by("key"))
    for at in range(count):
        answer(learner, facts[at % 3], at=noon(at))
    with django_assert_num_queries(5):
        found = evidence(learner, course, now=noon(30), for_learner=True)
        [event(row) for row in found.answers]
    assert len(found.answers) == count


# The commands.


def test_the_command_says_whether_a_bundle_is_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(bundle())
    bad.write_bytes(closed(opened(bundle()) | {"a.csv": b"x"}))
    call_command("verify_bundle", good)
    digest = hashlib.sha256(opened(bundle())["manifest.json"]).hexdigest()
    assert capsys.readouterr().out == f"Whole and unchanged. SHA-256 of manifest.json: {digest}\n"
    with pytest.raises(CommandError, match=r"a\.csv: changed"):
        call_command("verify_bundle", bad)
    with pytest.raises(CommandError, match="No such file"):
        call_command("verify_bundle", tmp_path / "missing.zip")


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="there is no sha256sum here")
def test_common_tools_check_it_as_the_document_says(tmp_path: Path) -> None:
    for name, data in opened(bundle()).items():
        (tmp_path / name).write_bytes(data)
    check = ["sha256sum", "--strict", "-c", "SHA256SUMS"]
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "a.csv").write_bytes(b"x")
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 1
