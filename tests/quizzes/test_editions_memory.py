"""A newer edition replaces a document: what was learned goes on, what was reworded comes back, and nothing is lost."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from curriculum.changes import compared
from curriculum.models import Course, Fact
from quizzes import practice
from quizzes.editions import EditionError, Replacement, preview, replace, undo
from quizzes.lineage import outdated_in
from quizzes.memory import as_value, differences, plan, record
from quizzes.models import Grading, MemoryState
from quizzes.progress import Day, overview
from quizzes.standings import standings
from quizzes.summary import summary
from tests.factories import make_bank, make_course, make_stranger, make_user
from tests.quizzes.histories import answer, graded, make_run, noon, typed

BACKEND = "django.contrib.auth.backends.ModelBackend"
UNCHANGED, REWORDED, DROPPED = "F1-1", "F1-2", "F1-3"
FIXTURE = Path(__file__).parents[2] / "fixtures" / "cyberspace-2019.json"


def make_edition(slug: str, **fields: Any) -> Course:
    """Three sentences as in the older edition; the second in other words, the third about something else."""
    course = make_course(slug=slug, sentences=3, **fields)
    reword(course, REWORDED, "事項改寫甲2")
    course.facts.filter(key=DROPPED).update(relation="goal", subject="新的目標")
    make_bank(course)
    return course


def reword(course: Course, key: str, text: str) -> None:
    """The fact and its sentence in other words; offsets stay, because nothing here looks at them."""
    fact = course.facts.select_related("sentence").get(key=key)
    fact.sentence.text = fact.sentence.text.replace(fact.text, text)
    fact.sentence.save()
    fact.text = text
    fact.save()


@pytest.fixture
def old(db: None) -> Course:
    course = make_course(slug="old", sentences=3)
    make_bank(course)
    return course


@pytest.fixture
def new(old: Course) -> Course:
    return make_edition("new")


def fact(course: Course, key: str) -> Fact:
    return course.facts.get(key=key)


def kept(learner: User, course: Course) -> dict[str, MemoryState]:
    return {row.fact.key: row for row in learner.memory.filter(fact__course=course).select_related("fact")}


def on(days: int) -> Day:
    return Day(noon(days), ZoneInfo("UTC"))


def test_the_facts_are_tied_and_counted(old: Course, new: Course) -> None:
    assert preview(old, new) == Replacement(unchanged=1, reworded=1, new=1, dropped=1)
    assert not Fact.objects.exclude(older=None).exists()
    assert replace(old, new) == Replacement(unchanged=1, reworded=1, new=1, dropped=1)
    tied = {f.key: (f.older and f.older.key, f.is_reworded) for f in new.facts.select_related("older")}
    assert tied == {UNCHANGED: (UNCHANGED, False), REWORDED: (REWORDED, True), DROPPED: (None, False)}


def test_what_is_unchanged_is_remembered_and_what_was_reworded_begins_anew(
    learner: User, old: Course, new: Course
) -> None:
    for key in (UNCHANGED, REWORDED, DROPPED):
        answer(learner, fact(old, key), at=noon())
    replace(old, new)
    assert kept(learner, new).keys() == {UNCHANGED}
    assert as_value(kept(learner, new)[UNCHANGED]) == as_value(kept(learner, old)[UNCHANGED])
    assert differences(learner) == []


def test_answers_to_both_editions_make_one_memory(learner: User, old: Course, new: Course) -> None:
    answer(learner, fact(old, UNCHANGED), at=noon())
    replace(old, new)
    answer(learner, fact(new, UNCHANGED), at=noon(3))
    row = kept(learner, new)[UNCHANGED]
    assert (row.reviews, row.first_seen_at, row.last_question) == (2, noon(), typed(fact(new, UNCHANGED)))
    assert kept(learner, old)[UNCHANGED].reviews == 1
    assert differences(learner) == []
    call_command("rebuild_progress", "--check", stdout=StringIO())


def test_each_answer_stays_with_the_edition_it_was_given_to(learner: User, old: Course, new: Course) -> None:
    first = answer(learner, fact(old, UNCHANGED), at=noon())
    replace(old, new)
    second = answer(learner, fact(new, UNCHANGED), at=noon(3))
    courses = Grading.objects.order_by("pk").values_list(
        "pk", "fact__course__slug", "response__item__attempt__course__slug"
    )
    assert list(courses) == [(first.pk, "old", "old"), (second.pk, "new", "new")]


def test_an_open_run_of_the_older_edition_may_be_finished_and_counts(learner: User, old: Course, new: Course) -> None:
    run = make_run(learner, old, at=noon())
    version = typed(fact(old, UNCHANGED)).current
    item = run.items.create(position=1, version=version, order={})
    replace(old, new)
    practice.submit(item, answer=fact(old, UNCHANGED).text, try_number=1, now=noon())
    assert {course: kept(learner, course)[UNCHANGED].reviews for course in (old, new)} == {old: 1, new: 1}
    assert differences(learner) == []


def test_a_verdict_taken_back_is_forgotten_in_both_editions(learner: User, old: Course, new: Course) -> None:
    replace(old, new)
    guess = answer(learner, fact(old, UNCHANGED), at=noon(), rating=1)
    assert kept(learner, new).keys() == {UNCHANGED}
    how = {"at": noon(), "question": typed(fact(old, UNCHANGED)), "supersedes": guess}
    graded(learner, fact(old, UNCHANGED), guess.response, rating=None, **how)
    assert not MemoryState.objects.exists()


def test_nobody_elses_answers_count(learner: User, old: Course, new: Course) -> None:
    answer(make_stranger(), fact(old, UNCHANGED), at=noon())
    replace(old, new)
    assert kept(learner, new) == {}
    assert outdated_in(learner.pk, [Course.objects.get(pk=new.pk)]) == {}


def test_undone_each_edition_stands_for_itself(learner: User, old: Course, new: Course) -> None:
    answer(learner, fact(old, UNCHANGED), at=noon())
    replace(old, new)
    answer(learner, fact(new, UNCHANGED), at=noon(3))
    undo(new)
    assert {course: kept(learner, course)[UNCHANGED].reviews for course in (old, new)} == {old: 1, new: 1}
    assert kept(learner, new)[UNCHANGED].first_seen_at == noon(3)
    assert differences(learner) == []
    assert replace(old, new).unchanged == 1


def test_memory_goes_on_through_three_editions(learner: User, old: Course, new: Course) -> None:
    third = make_course(slug="third", sentences=3)
    reword(third, REWORDED, "事項改寫甲2")
    make_bank(third)
    for key in (UNCHANGED, REWORDED):
        answer(learner, fact(old, key), at=noon())
    replace(old, new)
    replace(new, third)
    assert kept(learner, third).keys() == {UNCHANGED}
    assert [(row.key, row.older.course) for row in outdated_in(learner.pk, [third]).values()] == [(REWORDED, old)]
    answer(learner, fact(third, REWORDED), at=noon(1))
    answer(learner, fact(old, UNCHANGED), at=noon(9))
    assert kept(learner, third)[UNCHANGED].reviews == 2
    assert differences(learner) == []


@pytest.mark.parametrize("pair", ["self", "twice", "taken", "circle"])
def test_editions_form_a_line(old: Course, new: Course, pair: str) -> None:
    third = make_course(slug="third")
    replace(old, new)
    older, newer = {"self": (third, third), "twice": (third, new), "taken": (old, third), "circle": (new, old)}[pair]
    with pytest.raises(EditionError):
        replace(older, newer)
    assert list(Course.objects.exclude(replaces=None)) == [new]


# What is reworded.


def test_a_reworded_fact_is_due_at_once_and_first(learner: User, old: Course, new: Course) -> None:
    answer(learner, fact(old, REWORDED), at=noon())
    replace(old, new)
    asked = plan(learner, new, scope="due", now=noon(1))
    assert [version.content.facts for version in asked] == [(REWORDED,)]
    (standing,) = standings(learner, on(1), [new])
    assert [known.key for known in standing.facts if known.is_outdated] == [REWORDED]
    assert (standing.mastery.due, standing.mastery.met) == (1, 0)
    load = overview(learner, on(1))
    assert (load.load.due, load.days[0].due) == (1, 1)


def test_asked_again_a_reworded_fact_has_a_memory_of_its_own(learner: User, old: Course, new: Course) -> None:
    answer(learner, fact(old, REWORDED), at=noon())
    replace(old, new)
    answer(learner, fact(new, REWORDED), at=noon(1))
    assert kept(learner, new)[REWORDED].reviews == 1
    assert standings(learner, on(1), [new])[0].mastery.due == 0
    assert [row.is_met for row in outdated_in(learner.pk, [new]).values()] == [True]
    answer(learner, fact(new, REWORDED), at=noon(4))
    assert outdated_in(learner.pk, [new]) == {}
    assert differences(learner) == []


def test_the_summary_of_a_run_knows_what_was_learned_before(learner: User, old: Course, new: Course) -> None:
    for days in (0, 3, 20):
        answer(learner, fact(old, UNCHANGED), at=noon(days))
    replace(old, new)
    run = make_run(learner, new, at=noon(21))
    answer(learner, fact(new, UNCHANGED), at=noon(21), rating=1, run=run)
    assert [move.fact.key for move in summary(run, on(21)).down] == [UNCHANGED]


@pytest.mark.parametrize("count", [1, 3])
def test_recording_still_takes_three_queries(learner: User, old: Course, count: int) -> None:
    new = make_course(slug="new", sentences=3)
    make_bank(new)
    replace(old, new)
    gradings = [answer(learner, row, at=noon(), is_recorded=False) for row in new.facts.all()[:count]]
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        record(gradings)
    assert len(queries) == 3


# Pages.


def page(client: Client, name: str, *args: Any, **data: str) -> str:
    response = client.get(reverse(name, args=args), data)
    assert response.status_code == 200
    return response.content.decode()


def test_the_newest_edition_is_offered_and_the_older_can_be_read(client: Client, old: Course, new: Course) -> None:
    replace(old, new)
    assert re.findall(r'<li><a href="/courses/([^"]+)/">', page(client, "curriculum:courses")) == ["new"]
    for shown in (page(client, "curriculum:course", "old"), page(client, "curriculum:lesson", "old", "lesson-1")):
        assert "A newer edition replaces this document" in shown
        assert reverse("quizzes:start") not in shown
    assert 'href="/courses/new/changes/"' in page(client, "curriculum:lesson", "new", "lesson-1")
    assert reverse("quizzes:start") in page(client, "curriculum:course", "new")


def test_a_draft_does_not_take_the_place_of_what_is_published(client: Client, old: Course) -> None:
    replace(old, make_edition("new", is_published=False))
    assert re.findall(r'<li><a href="/courses/([^"]+)/">', page(client, "curriculum:courses")) == ["old"]
    assert reverse("quizzes:start") in page(client, "curriculum:course", "old")
    assert client.get("/courses/new/changes/").status_code == 404


def test_the_older_edition_is_not_practised_any_more(client: Client, learner: User, old: Course, new: Course) -> None:
    replace(old, new)
    client.force_login(learner, backend=BACKEND)
    refused = client.post(reverse("quizzes:start"), {"scope": "course", "course": "old"})
    assert refused.status_code == 422
    assert "A newer edition replaces this document" in refused.content.decode()
    assert client.post(reverse("quizzes:start"), {"scope": "course", "course": "new"}).status_code == 302


def test_the_changes_stand_side_by_side(client: Client, old: Course, new: Course) -> None:
    replace(old, new)
    shown = page(client, "curriculum:changes", "new")
    text = re.sub(r'<span class="vh".*?</span>\n?', "", shown)
    assert re.findall(r"<del>(.*?)</del>", text) == ["1"]
    assert re.findall(r"<ins>(.*?)</ins>", text) == ["改寫"]
    assert (shown.count("> removed:"), shown.count("> added:")) == (1, 1)
    assert '<p lang="zh-Hant">第1章第2句說明事項' in shown
    assert "第1章第1句" not in shown
    assert "第1章第1句" in page(client, "curriculum:changes", "new", all="1")


def test_the_changes_are_shown_in_the_readers_script(client: Client, old: Course, new: Course) -> None:
    replace(old, new)
    client.post(reverse("accounts:script"), {"script": "hans", "next": "/"})
    shown = page(client, "curriculum:changes", "new")
    assert '<p lang="zh-Hans">第1章第2句说明事项' in shown


def test_the_reader_and_the_feedback_say_what_was_learned(
    client: Client, learner: User, old: Course, new: Course
) -> None:
    answer(learner, fact(old, REWORDED), at=noon())
    replace(old, new)
    client.force_login(learner, backend=BACKEND)
    told = "You learned the older wording:"
    with time_machine.travel(noon(1), tick=False):
        reader = page(client, "curriculum:lesson", "new", "lesson-1")
        run = client.post(reverse("quizzes:start"), {"scope": "due", "course": "new"})
        asked = client.get(run.headers["Location"], follow=True)
        address = asked.redirect_chain[-1][0]
        client.post(address, {"give_up": "1", "try": "1"})
        feedback = client.get(address).content.decode()
    assert (reader.count(told), feedback.count(told), asked.content.decode().count(told)) == (1, 1, 0)
    assert all("事項1甲2" in shown and "/courses/new/changes/" in shown for shown in (reader, feedback))


def test_who_may_edit_both_looks_first_and_then_confirms(client: Client, old: Course) -> None:
    owner = make_user("owner")
    new = make_edition("new", owner=owner)
    client.force_login(owner, backend=BACKEND)
    address = reverse("quizzes:edition", args=["new"])
    assert client.get(address, {"older": "old"}).status_code == 422
    Course.objects.filter(pk=old.pk).update(owner=owner)
    looked = page(client, "quizzes:edition", "new", older="old")
    assert re.findall(r"<dt>(\w+)</dt><dd>(\d)</dd>", looked) == [
        (kind, "1") for kind in ("unchanged", "reworded", "new", "dropped")
    ]
    assert Course.objects.filter(replaces=old).count() == 0
    assert client.post(address, {"older": "old"}).headers["Location"] == "/courses/new/changes/"
    assert Course.objects.get(replaces=old) == new
    assert "Undo the replacement" in page(client, "quizzes:edition", "new")
    client.post(reverse("quizzes:edition_undo", args=["new"]))
    assert Course.objects.filter(replaces=old).count() == 0


# The shipped course in a second edition of a few other words, and the command.

ALTERED = {"提升網絡安全防護意識與能力": "提升網絡安全的防護意識", "不斷抬頭": "繼續抬頭"}


def altered(value: Any, moved: Callable[[int], int]) -> Any:
    """The fixture's values with other words; offsets into the text move along."""
    if isinstance(value, list):
        return [altered(item, moved) for item in value]
    if isinstance(value, dict):
        place = {name: moved(value[name]) for name in ("start", "end") if isinstance(value.get(name), int)}
        return {name: altered(item, moved) for name, item in value.items()} | place
    for before, after in ALTERED.items() if isinstance(value, str) else ():
        value = value.replace(before, after)
    return "second" if value == "cyberspace-2019" else value


@pytest.fixture
def second(tmp_path: Path, white_paper: Course) -> Course:
    """A second edition of the white paper: sentences with some other words, and what follows moved."""
    places = [(white_paper.text.index(old) + len(old), len(new) - len(old)) for old, new in ALTERED.items()]
    objects = json.loads(FIXTURE.read_text(encoding="utf-8"))
    objects = altered(objects, lambda at: at + sum(change for end, change in places if end <= at))
    fields = objects[0]["fields"]
    fields["sha256"] = hashlib.sha256(fields["text"].encode()).hexdigest()
    path = tmp_path / "second.json"
    path.write_text(json.dumps(objects, ensure_ascii=False), encoding="utf-8")
    call_command("loaddata", str(path), verbosity=0)
    return Course.objects.get(slug="second")


def test_of_the_white_paper_only_what_was_reworded_is_to_be_learned_again(
    learner: User, white_paper: Course, second: Course
) -> None:
    assert all(second.text[row.start : row.end] == row.text for row in second.facts.all())
    counts = replace(white_paper, second)
    reworded = second.facts.filter(is_reworded=True).select_related("older", "sentence")
    assert (counts.reworded, counts.new, counts.dropped) == (reworded.count(), 0, 0)
    assert counts.unchanged == white_paper.facts.count() - counts.reworded > counts.reworded > 0
    assert all(
        row.key == row.older.key and any(new in row.sentence.text for new in ALTERED.values()) for row in reworded
    )
    comparison = compared(white_paper, second, "hant")
    assert (comparison.changed, comparison.added, comparison.removed) == (2, 0, 0)


def test_the_command_counts_replaces_and_undoes(old: Course, new: Course) -> None:
    def run(*args: str) -> str:
        out = StringIO()
        call_command("replace_edition", *args, stdout=out)
        return out.getvalue().strip()

    counts = "1 unchanged, 1 reworded, 1 new, 1 dropped"
    assert run("old", "new", "--dry-run") == f"new would replace old: {counts}"
    assert run("old", "new") == f"new replaces old: {counts}"
    with pytest.raises(CommandError, match="already replaces another"):
        run("old", "new")
    assert run("--undo", "new") == "new stands for itself"
    with pytest.raises(CommandError, match="No such course: nothing"):
        run("nothing", "new")
    with pytest.raises(CommandError, match="Name the older and the newer"):
        run("new")
