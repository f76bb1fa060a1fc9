"""For any history, the figures of the reports are those of a slow recomputation from the responses, row by row."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from math import log
from statistics import mean
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.models import User
from classrooms.models import Classroom
from curriculum.models import Course, Fact, Lesson
from quizzes import packing, weeks
from quizzes.models import Grading, Question, Response
from quizzes.progress import Day
from reports.calibration import class_calibration
from reports.classes import Risk, State, class_overview
from reports.confusions import class_matrices
from reports.document import hardest_sentences, lesson_recall, sentence_facts
from reports.items import class_item, class_items
from reports.learner import LearnerReport, learner_report
from tests.classrooms.rows import make_classroom, make_member
from tests.factories import make_bank, make_course, make_user
from tests.quizzes.histories import MONDAY, answer, chosen, noon, typed
from tests.reports.rows import respond
from tests.reports.slow import Remembered, remembered

pytestmark = pytest.mark.django_db
NOW_DAY = 40
NOW = noon(NOW_DAY)
LEARNERS, FACTS = 6, 6


@dataclass(frozen=True)
class Given:
    """One answer of a random history."""

    learner: int
    fact: int
    day: int
    rating: int
    is_typed: bool
    confused: str


@dataclass(frozen=True)
class Chosen:
    """One answer to a choice: an option, the second of which is right, or None for "I don't know"."""

    learner: int
    fact: int
    option: int | None
    day: int


GIVEN = st.builds(
    Given,
    learner=st.integers(0, LEARNERS - 1),
    fact=st.integers(0, FACTS - 1),
    day=st.integers(0, NOW_DAY - 2),
    rating=st.sampled_from([1, 3]),
    is_typed=st.booleans(),
    confused=st.sampled_from(["", "甲", "乙"]),
)
HISTORIES = st.lists(GIVEN, max_size=20) | st.lists(GIVEN, min_size=70, max_size=100)
"""Short ones, and such as allow every figure."""
DICE = random.Random(2019)
DILIGENT = [
    Given(learner, fact, day, 3 if DICE.random() < 0.9 else 1, is_typed=DICE.random() < 0.5, confused="甲")
    for learner in range(LEARNERS)
    for fact in range(FACTS)
    for day in sorted(DICE.sample(range(NOW_DAY - 1), 4))
]
"""Four days for each fact, mostly right: so some become secure."""


@pytest.fixture
def course() -> Course:
    course = make_course(slug="small", lessons=2, sentences=3)
    make_bank(course)
    return course


@pytest.fixture
def classroom(course: Course) -> Classroom:
    classroom = make_classroom(course=course)
    for at in range(LEARNERS):
        make_member(classroom, make_user(f"learner-{at}"), name=f"Learner {at}")
    return classroom


def day_of(row: Given) -> int:
    """The last learner stops after the first week, and so has no note of later ones."""
    return row.day % 7 if row.learner == LEARNERS - 1 else row.day


def live(classroom: Classroom, history: list[Given]) -> list[User]:
    """Give these answers, in the order of time, a minute apart on each day."""
    people = [member.user for member in classroom.members.learners().order_by("pk").select_related("user")]
    facts = list(classroom.course.facts.order_by("key"))
    for minute, row in enumerate(sorted(history, key=day_of)):
        fact = facts[row.fact]
        at = noon(day_of(row)) + timedelta(minutes=minute)
        wrong = row.confused if row.rating == 1 else ""
        question = typed(fact) if row.is_typed else chosen(fact)
        answer(people[row.learner], fact, at=at, rating=row.rating, question=question, confused_with=wrong)
        if row.day % 7 == 0:
            packing.pack_all()
    for person in people[:-1]:
        weeks.note(person, now=NOW)
    return people


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=HISTORIES)
@example(history=DILIGENT)
def test_every_figure_is_that_of_the_responses(classroom: Classroom, history: list[Given]) -> None:
    with transaction.atomic():
        people = live(classroom, history)
        check_learner(people[0], classroom.course)
        check_class(classroom, people)
        check_document(classroom, people)
        check_calibration(classroom, people)
        check_items(classroom)
        transaction.set_rollback(True)


def check_learner(learner: User, course: Course) -> None:
    report = learner_report(learner, course, Day(NOW, ZoneInfo("UTC")), for_learner=True)
    rows = list(Response.objects.filter(item__attempt__learner=learner).select_related("item__version__question"))
    kinds: dict[str, list[bool]] = defaultdict(list)
    by_week: dict[date, list[Response]] = defaultdict(list)
    for row in rows:
        kinds[row.item.version.question.kind].append(row.verdict == "correct")
        by_week[row.study_day - timedelta(days=row.study_day.weekday())].append(row)
    assert {kind.value: (own.right, own.n) for kind, own in report.by_kind} == {
        kind: (sum(own), len(own)) for kind, own in kinds.items()
    }
    assert report.days_practised == report.history.days_practised == len({row.study_day for row in rows})
    assert report.minutes == pytest.approx(sum(row.elapsed_ms or 0 for row in rows) / 60_000)
    shown = {week.monday: (week.answers, week.days, week.first_tries.right) for week in report.weeks if week.answers}
    assert shown == {
        monday: (len(own), len({row.study_day for row in own}), sum(row.verdict == "correct" for row in own))
        for monday, own in by_week.items()
    }
    days = {each.day: each.answers for week, _total in report.history.rows for each in week if each.answers}
    assert days == Counter(row.study_day for row in rows)
    wrong = Counter(
        (row.fact.text, row.confused_with)
        for row in Grading.objects.filter(learner=learner).select_related("fact")
        if row.confused_with
    )
    assert {(row.key, row.given): row.times for row in report.confusions} == dict(wrong)
    check_what_a_learner_knows(report, learner, course)


def check_what_a_learner_knows(report: LearnerReport, learner: User, course: Course) -> None:
    known, facts = remembered(learner), facts_of(course)
    then, day_ends = noon(NOW_DAY + 30).replace(hour=4), noon(NOW_DAY + 1).replace(hour=4)
    for own, asked in [
        (report.standing.mastery, facts),
        *((row.mastery, facts_in(facts, row.lesson)) for row in report.lessons),
    ]:
        states = Counter(known[fact.pk].state if fact.pk in known else "new" for fact in asked)
        assert {name: getattr(own, name) for name in ("new", "learning", "consolidating", "secure")} == {
            name: states[name] for name in ("new", "learning", "consolidating", "secure")
        }
        assert own.due == sum(known[fact.pk].is_due(NOW, day_ends) for fact in asked if fact.pk in known)
        assert own.answers == sum(known[fact.pk].reviews for fact in asked if fact.pk in known)
        assert own.recall_now == estimate(known, asked, NOW)
    assert report.recall_then == estimate(known, facts, then)
    for row in report.lessons:
        assert row.recall_then == estimate(known, facts_in(facts, row.lesson), then)
    for week in report.weeks:
        began = datetime.combine(week.monday, time(4), tzinfo=UTC)
        earlier = remembered(learner, before=began)
        assert week.knowledge == (share(earlier, facts, began) if earlier else None)
    assert {(row.fact.pk, row.answers, row.lapses, row.due_at) for row in report.weakest} == {
        (fact, own.reviews, own.lapses, own.due_at) for fact, own in known.items()
    }
    tomorrow = NOW + timedelta(days=1)
    order = [known[row.fact.pk].recall(tomorrow) for row in report.weakest]
    assert order == pytest.approx(sorted(order), abs=1e-9)
    comes = Counter(max(NOW, own.due_at, own.rests_until or NOW) - timedelta(hours=4) for own in known.values())
    coming = Counter(at.date() for at in comes.elements())
    ahead = [NOW.date() + timedelta(days=at) for at in range(14)]
    assert [(load.day, load.due) for load in report.coming] == [(day, coming[day]) for day in ahead]
    for sentence in report.sentences:
        (fact,) = (fact for fact in facts if fact.sentence == sentence.sentence)
        asked = known.get(fact.pk)
        assert sentence.recall.n == (asked is not None)
        assert sentence.recall.recall == (pytest.approx(asked.recall(NOW), abs=1e-6) if asked else None)


def facts_of(course: Course) -> list[Fact]:
    return list(Fact.objects.filter(course=course).select_related("sentence__passage__lesson").order_by("key"))


def facts_in(facts: list[Fact], lesson: Lesson) -> list[Fact]:
    return [fact for fact in facts if fact.sentence.passage.lesson == lesson]


def share(known: dict[int, Remembered], facts: list[Fact], at: datetime) -> Any:
    """Recall over these facts, what was never asked as 0."""
    return pytest.approx(mean(known[fact.pk].recall(at) if fact.pk in known else 0.0 for fact in facts), abs=1e-6)


def estimate(known: dict[int, Remembered], facts: list[Fact], at: datetime) -> Any:
    """The same, from five answers on."""
    answers = sum(known[fact.pk].reviews for fact in facts if fact.pk in known)
    return share(known, facts, at) if answers >= 5 else None


def check_class(classroom: Classroom, people: list[User]) -> None:
    facts, monday = facts_of(classroom.course), noon(NOW_DAY - 33).replace(hour=4)
    found = class_overview(classroom, NOW)
    assert [row.member.user for row in found.rows] == people
    assert found.since == monday.date()
    for row in found.rows:
        known, earlier = remembered(row.member.user), remembered(row.member.user, before=monday)
        assert row.met == len(known)
        assert row.secure == sum(own.state == "secure" for own in known.values())
        assert row.due == sum(own.due_at <= NOW for own in known.values())
        assert row.last_day == max((own.last_day for own in known.values()), default=None)
        for column in found.columns:
            cell, own = row.cells.get(column.lesson.pk), facts_in(facts, column.lesson)
            assert (cell.recall if cell else None) == estimate(known, own, NOW)
        assert row.recall == estimate(known, facts, NOW)
        if estimate(earlier, facts, monday) is not None:
            assert row.before == share(earlier, facts, monday)
            if row.recall is not None and row.before is not None:
                fell = row.before - row.recall >= 0.1
                assert (Risk.FALLING in dict(row.risks)) == fell
        away = (NOW.date() - row.last_day).days if row.last_day else 0
        assert dict(row.risks).get(Risk.ABSENT) == (away if away >= 10 else None)
        is_secure = row.recall is not None and row.recall >= 0.85 and row.secure >= 0.9 * len(facts)
        expected = State.SECURE if is_secure else State.WORKING if known else State.NOT_STARTED
        assert row.state == (State.NEEDS_HELP if row.needs else expected)
    assert dict(found.states) == {state: sum(row.state == state for row in found.rows) for state in State}
    wholes = [row.recall for row in found.rows if row.recall is not None]
    assert found.mean == (pytest.approx(mean(wholes)) if wholes else None)
    edges = [*(least for least, _n in found.bands), 1.01]
    assert [n for _least, n in found.bands] == [
        sum(low <= recall < high for recall in wholes) for low, high in pairwise(edges)
    ]
    for lesson in found.lessons:
        cells = [
            row.cells[lesson.column.lesson.pk].recall for row in found.rows if lesson.column.lesson.pk in row.cells
        ]
        own_recalls = [recall for recall in cells if recall is not None]
        assert (lesson.n, lesson.recall) == (
            len(own_recalls),
            pytest.approx(mean(own_recalls)) if own_recalls else None,
        )


def check_document(classroom: Classroom, people: list[User]) -> None:
    known = {person.pk: remembered(person) for person in people}
    names = {member.user_id: member.shown_name for member in classroom.members.learners().select_related("user")}
    facts, least = facts_of(classroom.course), {}
    for fact in facts:
        asked = {person: row[fact.pk] for person, row in known.items() if fact.pk in row}
        recall = mean(row.recall(NOW) for row in asked.values()) if len(asked) >= 5 else None
        expected = None if recall is None else pytest.approx(recall, abs=1e-6)
        cell = lesson_recall(classroom, fact.sentence.passage.lesson, NOW).get(fact.sentence.key)
        assert (cell.n if cell else 0) == len(asked)
        assert (cell.recall if cell else None) == expected
        (row,) = sentence_facts(classroom, fact.sentence, NOW)
        assert (row.n, row.recall) == (len(asked), expected)
        assert {(one.member.shown_name, one.lapses, one.reviews, one.last_at) for one in row.missed} == {
            (names[person], own.lapses, own.reviews, own.last) for person, own in asked.items() if own.lapses
        }
        if recall is not None:
            least[fact.sentence_id] = recall
    overview = class_overview(classroom, NOW)
    worst = hardest_sentences(overview.columns, overview.recalled)
    assert [row.recall for _sentence, row in worst] == pytest.approx(sorted(least.values())[:5], abs=1e-6)


def check_calibration(classroom: Classroom, people: list[User]) -> None:
    said = [one for person in people for own in remembered(person).values() for one in own.said]
    found = class_calibration(classroom)
    assert (found.n, found.recalled) == (len(said), sum(is_right for _predicted, is_right in said))
    assert sum(row.n for row in found.bins) == found.n
    for row in found.bins:
        inside = [one for one in said if row.low <= one[0] < row.high or one[0] == row.high == 1]
        assert (row.n, row.recalled) == (len(inside), sum(is_right for _predicted, is_right in inside))
        assert row.predicted == pytest.approx(mean(predicted for predicted, _is_right in inside), abs=1e-9)
    assert (found.log_loss is not None) == (len(said) >= 50)
    if found.log_loss is not None and found.constant is not None:
        right = found.recalled / found.n
        losses = [-log(predicted if is_right else 1 - predicted) for predicted, is_right in said if 0 < predicted < 1]
        assert found.log_loss == pytest.approx(mean(losses), abs=1e-6)
        if 0 < right < 1:
            assert found.constant == pytest.approx(-right * log(right) - (1 - right) * log(1 - right))


def check_items(classroom: Classroom) -> None:
    """First answers to a fact never asked before, by question: how many, and the share right."""
    expected: dict[int, list[bool]] = defaultdict(list)
    met: set[tuple[int, int]] = set()
    rows = Response.objects.order_by("answered_at", "pk").select_related("item__attempt", "item__version__question")
    for row in rows:
        question, learner = row.item.version.question, row.item.attempt.learner_id
        fact = question.facts.get().pk
        if (learner, fact) not in met:
            met.add((learner, fact))
            expected[question.pk].append(row.verdict == "correct")
    for item in class_items(classroom).rows:
        own = expected[item.question_id]
        assert item.figures.n == len(own)
        if item.figures.p.is_enough:
            assert item.figures.p.value == pytest.approx(mean(own))


CHOSEN = st.builds(
    Chosen,
    learner=st.integers(0, LEARNERS - 1),
    fact=st.integers(0, FACTS - 1),
    option=st.sampled_from([0, 1, 1, 2, None]),
    day=st.integers(0, NOW_DAY - 2),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(CHOSEN, max_size=15) | st.lists(CHOSEN, min_size=30, max_size=45))
def test_what_is_taken_for_what_is_that_of_the_responses(classroom: Classroom, history: list[Chosen]) -> None:
    """By the code of the practice pages: the first answer of each learner to each fact, "I don't know" as none."""
    people = [member.user for member in classroom.members.learners().order_by("pk").select_related("user")]
    facts, given = facts_of(classroom.course), dict[tuple[int, int], int | None]()
    with transaction.atomic():
        for minute, row in enumerate(sorted(history, key=lambda row: row.day)):
            at = noon(row.day) + timedelta(minutes=minute)
            respond(people[row.learner], chosen(facts[row.fact]), row.option, at=at)
            given.setdefault((row.learner, row.fact), row.option)
        counts = Counter((fact, option) for (_learner, fact), option in given.items())
        check_matrix(classroom, facts, counts)
        for at, fact in enumerate(facts):
            check_options(classroom, chosen(fact), {option: counts[at, option] for option in (0, 1, 2, None)})
        transaction.set_rollback(True)


def check_matrix(classroom: Classroom, facts: list[Fact], counts: Counter[tuple[int, int | None]]) -> None:
    texts = [(f"{fact.text}乙", fact.text, f"{fact.text}丙") for fact in facts]
    asked = {fact for fact, _option in counts}
    (found, is_complete) = class_matrices(classroom)
    assert is_complete
    if len(asked) < 2:
        assert found == ()
        return
    (matrix,) = found
    shown = {
        (matrix.columns[matrix.keys[row]], matrix.columns[column]): times
        for row, cells in enumerate(matrix.counts)
        for column, times in enumerate(cells)
        if times
    }
    assert shown == {
        (texts[fact][1], texts[fact][option]): times for (fact, option), times in counts.items() if option is not None
    }
    assert matrix.total == counts.total()


def check_options(classroom: Classroom, question: Question, counts: dict[int | None, int]) -> None:
    found = class_item(classroom, question).versions[0].figures
    n = sum(counts.values())
    assert (found.summary.n, found.summary.blank, found.summary.right) == (n, counts[None], counts[1])
    assert {option.code: option.count for option in found.options if option.code != "blank"} == {
        str(option): counts[option] for option in (0, 1, 2)
    }
    assert found.summary.p.value == (pytest.approx(counts[1] / n) if n >= 5 else None)


def test_the_first_day_is_a_monday() -> None:
    assert MONDAY.weekday() == 0
