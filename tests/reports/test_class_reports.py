"""Reports on a class: who needs whom, what is least known, what changed; and that every figure can be recomputed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from classrooms.heat import STEPS
from classrooms.models import Classroom, Member
from classrooms.today import today
from curriculum.models import Course, Sentence
from quizzes import practice, weeks
from quizzes.mastery import FEWEST_ANSWERS, knowledge
from quizzes.memory import replay
from quizzes.models import Grading, MemoryState, Response
from quizzes.scheduling import fact_state, retrievability
from quizzes.standings import known_facts
from quizzes.weeks import monday_of
from reports.calibration import FEWEST, Prediction, calibration, class_calibration, sampled, with_at_most
from reports.classes import Risk, State, class_overview, mean, whole
from reports.document import FEWEST_LEARNERS, hardest_sentences, lesson_recall, sentence_facts
from reports.gains import gain, normalised
from tests.classrooms.rows import make_classroom, make_member
from tests.factories import make_bank, make_course, make_user
from tests.quizzes.histories import MONDAY, answer, chosen, noon

pytestmark = pytest.mark.django_db
NOW = noon(30)


@pytest.fixture
def course() -> Course:
    course = make_course(slug="small", lessons=2, sentences=3)
    make_bank(course)
    return course


@pytest.fixture
def classroom(course: Course) -> Classroom:
    return make_classroom(make_user("instructor"), course=course)


def join(classroom: Classroom, name: str, **fields: Any) -> Member:
    return make_member(classroom, make_user(name), name=name, **fields)


def study(member: Member, *, days: int, until: int = 28, rating: int = 3, **fields: Any) -> None:
    """One answer a day about one fact after the other, ending `until` days after the first Monday."""
    facts = list(member.classroom.course.facts.order_by("key"))
    for at in range(days):
        answer(member.user, facts[at % len(facts)], at=noon(until - days + 1 + at), rating=rating, **fields)


# The overview.


def test_each_learner_stands_where_the_answers_say(classroom: Classroom) -> None:
    working, missing, fresh = (join(classroom, name) for name in ("working", "struggling", "fresh"))
    study(working, days=8)
    study(missing, days=12, rating=1)
    found = {row.member: row for row in class_overview(classroom, NOW).rows}
    assert [found[member].state for member in (working, missing, fresh)] == [
        State.WORKING,
        State.NEEDS_HELP,
        State.NOT_STARTED,
    ]
    assert found[missing].needs[0].reason == "lesson"
    assert (found[fresh].recall, found[fresh].met, found[fresh].last_day) == (None, 0, None)


def test_counts_equal_those_of_the_learners_own_page(classroom: Classroom) -> None:
    """The same facts, counted by replaying the history instead of in the database."""
    members = [join(classroom, f"p{at}") for at in range(3)]
    for at, member in enumerate(members):
        study(member, days=6 * at + 5)
        for fact in list(classroom.course.facts.order_by("key"))[:at]:
            answer(member.user, fact, at=noon(29), question=chosen(fact))
    for row in class_overview(classroom, NOW).rows:
        memories = replay(Grading.objects.filter(learner=row.member.user).in_history_order())
        facts = known_facts(row.member.user, [classroom.course])
        assert {fact.pk: fact.memory for fact in facts if fact.memory} == memories
        states = [fact_state(memory, has_productive=True) for memory in memories.values()]
        assert (row.met, row.secure) == (len(memories), sum(state.value == "secure" for state in states))
        assert row.due == sum(memory.due_at <= NOW for memory in memories.values())
        for column in found_columns(classroom):
            own = [fact for fact in facts if fact.lesson == column.lesson.key]
            reviews = sum(fact.memory.reviews for fact in own if fact.memory)
            shown = row.cells[column.lesson.pk].recall if column.lesson.pk in row.cells else None
            expected = knowledge(own, NOW) if reviews >= FEWEST_ANSWERS else None
            assert shown == (None if expected is None else pytest.approx(expected))


def found_columns(classroom: Classroom) -> Any:
    return class_overview(classroom, NOW).columns


def test_recall_as_a_week_began_is_that_of_the_history_until_then(classroom: Classroom, course: Course) -> None:
    steady, gone = join(classroom, "steady"), join(classroom, "gone")
    study(steady, days=24)
    study(gone, days=10, until=9)
    practice.start(steady.user, course, scope="course", now=noon(29))
    monday = MONDAY + timedelta(days=14)
    rows = {row.member: row for row in class_overview(classroom, NOW, since=monday + timedelta(days=3)).rows}
    began = noon(14).replace(hour=4)
    for member in (steady, gone):
        then = replay(Grading.objects.filter(learner=member.user, answered_at__lt=began).in_history_order())
        facts = [fact.pk for fact in course.facts.all()]
        recalls = [retrievability(then[fact], began) if fact in then else 0.0 for fact in facts]
        assert rows[member].before == pytest.approx(sum(recalls) / len(recalls))


def test_now_and_then_are_compared_over_the_same_learners(classroom: Classroom, course: Course) -> None:
    steady, later, few = join(classroom, "steady"), join(classroom, "later"), join(classroom, "few")
    study(steady, days=24)
    for day in range(20, 26):
        answer(later.user, course.facts.earliest("key"), at=noon(day))
    answer(few.user, course.facts.earliest("key"), at=noon(2))
    practice.start(steady.user, course, scope="course", now=noon(29))
    found = class_overview(classroom, NOW, since=MONDAY + timedelta(days=14))
    rows = {row.member: row for row in found.rows}
    assert (rows[few].recall, rows[later].before) == (None, None)
    assert found.mean_before == pytest.approx((rows[steady].before or 0) / 2)
    lesson = found.lessons[0]
    assert (lesson.n, lesson.n_before) == (2, 1)
    assert rows[few].before
    assert class_overview(classroom, NOW, since=MONDAY).mean_before is None


def test_reasons_for_falling_behind_come_with_their_figure(classroom: Classroom, course: Course) -> None:
    away = join(classroom, "away")
    study(away, days=8, until=10)
    weeks.note(away.user, now=noon(10))
    (row,) = class_overview(classroom, NOW, since=MONDAY + timedelta(days=14)).rows
    assert (Risk.ABSENT, 20) in row.risks
    quick = join(classroom, "quick")
    study(quick, days=12)
    Response.objects.filter(item__attempt__learner=quick.user).update(is_rapid=True)
    rows = {row.member: row for row in class_overview(classroom, NOW).rows}
    assert (Risk.RAPID, 100) in rows[quick].risks


def test_one_group_can_be_looked_at(classroom: Classroom) -> None:
    group = classroom.groups.create(name="A")
    join(classroom, "inside", group=group)
    join(classroom, "outside")
    assert [row.member.name for row in class_overview(classroom, NOW, group=group.pk).rows] == ["inside"]


def test_people_who_left_and_those_who_teach_are_not_in_it(classroom: Classroom) -> None:
    study(join(classroom, "left", status=Member.Status.LEFT), days=5)
    study(join(classroom, "colleague", role=Member.Role.INSTRUCTOR), days=5)
    assert class_overview(classroom, NOW).rows == ()


@pytest.mark.parametrize("learners", [6, 12])
def test_the_overview_takes_the_same_queries_from_one_learner_to_many(
    classroom: Classroom, learners: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for at in range(learners):
        study(join(classroom, f"p{at}"), days=8, rating=1 + 2 * (at % 2))
    with django_assert_num_queries(OVERVIEW_QUERIES):
        class_overview(classroom, NOW)


OVERVIEW_QUERIES = 11


def test_means_leave_out_who_has_no_figure() -> None:
    assert (mean([0.2, None, 0.4]), mean([None])) == (pytest.approx(0.3), None)
    assert whole({}, ()) is None


# The document.


def test_a_sentence_is_shaded_by_the_mean_of_those_who_were_asked(classroom: Classroom, course: Course) -> None:
    fact = course.facts.get(key="F1-2")
    for at in range(FEWEST_LEARNERS):
        answer(join(classroom, f"p{at}").user, fact, at=noon(20 + at), rating=3 if at else 1)
    join(classroom, "never asked")
    own = lesson_recall(classroom, fact.sentence.passage.lesson, NOW)
    assert set(own) == {fact.sentence.key}
    found = own[fact.sentence.key]
    memories = MemoryState.objects.filter(fact=fact)
    recalls = [retrievability(as_memory(row), NOW) if row.lapses < row.reviews else 0.0 for row in memories]
    assert found.n == FEWEST_LEARNERS
    assert found.recall == pytest.approx(sum(recalls) / len(recalls))
    assert found.step == 1 + sum(found.recall >= least for least in STEPS)
    overview = class_overview(classroom, NOW)
    assert hardest_sentences(overview.columns, overview.recalled) == [(fact.sentence, found)]


def as_memory(row: MemoryState) -> Any:
    return replay(Grading.objects.filter(learner=row.learner, fact=row.fact))[row.fact_id]


def test_with_fewer_than_five_learners_there_is_no_figure(classroom: Classroom, course: Course) -> None:
    fact = course.facts.get(key="F1-2")
    for at in range(FEWEST_LEARNERS - 1):
        answer(join(classroom, f"p{at}").user, fact, at=noon(20))
    found = lesson_recall(classroom, fact.sentence.passage.lesson, NOW)[fact.sentence.key]
    assert (found.step, found.n, found.recall) == (0, 4, None)
    overview = class_overview(classroom, NOW)
    assert hardest_sentences(overview.columns, overview.recalled) == []


def test_a_sentence_names_who_missed_it_and_its_questions(classroom: Classroom, course: Course) -> None:
    fact = course.facts.get(key="F1-2")
    missing, knowing = join(classroom, "missing"), join(classroom, "knowing")
    for day in (20, 21):
        answer(missing.user, fact, at=noon(day), rating=1)
    answer(knowing.user, fact, at=noon(20))
    (row,) = sentence_facts(classroom, fact.sentence, NOW)
    assert [(found.member.name, found.lapses, found.reviews) for found in row.missed] == [("missing", 2, 2)]
    assert (row.n, row.recall) == (2, None)
    assert {question.key for question in row.questions} == {f"typed-{fact.key}", f"choice-{fact.key}"}


# Calibration.


def predictions(pairs: list[tuple[float, int, int]]) -> Iterator[Prediction]:
    """(predicted, recalled, forgotten) as single predictions."""
    for predicted, recalled, forgotten in pairs:
        yield from [Prediction(predicted, True)] * recalled + [Prediction(predicted, False)] * forgotten


def test_a_model_that_is_right_is_within_its_intervals() -> None:
    found = calibration(list(predictions([(0.9, 90, 10), (0.7, 70, 30)])))
    assert [(row.n, row.observed, row.is_off) for row in found.bins] == [(100, 0.7, False), (100, 0.9, False)]
    assert found.is_better
    assert found.rmse == pytest.approx(0.0)


def test_a_model_that_is_wrong_is_told_so() -> None:
    found = calibration(list(predictions([(0.95, 50, 50)])))
    assert found.bins[0].is_off
    assert not found.is_better
    assert found.rmse == pytest.approx(0.45)


def test_below_fifty_reviews_nothing_is_said() -> None:
    found = calibration(list(predictions([(0.9, FEWEST - 1, 0)])))
    assert (found.is_enough, found.log_loss, found.rmse) == (False, None, None)


def test_only_reviews_on_a_later_day_are_predictions(classroom: Classroom, course: Course) -> None:
    member, fact = join(classroom, "p"), course.facts.get(key="F1-1")
    for day in (0, 0, 3, 9):
        answer(member.user, fact, at=noon(day))
    found = class_calibration(classroom)
    assert (found.n, found.recalled, found.is_sample) == (2, 2, False)


def test_the_sample_ends_before_the_learner_who_would_make_it_too_large(classroom: Classroom, course: Course) -> None:
    fact, learners = course.facts.earliest("key"), []
    for at in range(4):
        learners.append(join(classroom, f"p{at}").user)
        for day in range(5):
            answer(learners[-1], fact, at=noon(day))
    order = [learners[at].pk for at in (2, 0, 3, 1)]
    for most, count in ((20, 4), (14, 2), (10, 2), (9, 1), (3, 1)):
        assert with_at_most(most, order, [fact.pk]) == order[:count]
    assert with_at_most(9, [], [fact.pk]) == []


def test_less_than_the_sample_is_no_sample(
    classroom: Classroom, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(4):
        member = join(classroom, f"p{at}")
        for day in range(5):
            answer(member.user, course.facts.earliest("key"), at=noon(day))
    monkeypatch.setattr("reports.calibration.SAMPLE", 20)
    whole = class_calibration(classroom)
    assert (whole.n, whole.is_sample) == (16, False)
    monkeypatch.setattr("reports.calibration.SAMPLE", 19)
    assert class_calibration(classroom).is_sample


def test_a_sample_is_always_the_same() -> None:
    assert sampled(range(100), 0.1, salt="x") == sampled(range(100), 0.1, salt="x")
    assert len(sampled(range(100), 0.1, salt="x")) == 10


# Gains.


def test_normalised_gain_is_the_share_of_what_was_left() -> None:
    assert normalised([0.4, 0.6], [0.7, 0.8]) == pytest.approx(0.5)
    assert normalised([1.0, 1.0], [1.0, 1.0]) is None


def test_a_gain_needs_five_learners_and_carries_an_interval() -> None:
    assert gain([(0.2, 0.9)] * 4).gain is None
    found = gain([(0.2, 0.8), (0.4, 0.7), (0.5, 0.9), (0.3, 0.6), (0.1, 0.7), (0.6, 0.9)])
    assert found.n == 6
    assert found.interval is not None
    assert found.interval[0] < (found.gain or 0) < found.interval[1]
    assert found.is_sure
    assert gain([(0.2, 0.8)] * 6 + [(0.4, 0.5)]) == gain([(0.2, 0.8)] * 6 + [(0.4, 0.5)])


# Pages.

PAGES = ("class_overview", "class_document", "class_confusions", "class_calibration")


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_class_has_pages_that_say_so(client: Client, classroom: Classroom, name: str) -> None:
    client.force_login(classroom.members.get().user)
    assert client.get(reverse(f"reports:{name}", args=[classroom.pk])).status_code == 200


def test_the_overview_names_who_needs_help_first(client: Client, classroom: Classroom) -> None:
    study(join(classroom, "陳怡君"), days=12, rating=1, until=0)
    client.force_login(classroom.members.get(role=Member.Role.OWNER).user)
    page = client.get(reverse("reports:class_overview", args=[classroom.pk])).content.decode()
    assert page.index("Who needs help") < page.index("陳怡君") < page.index("What is least known")
    assert "0 learners need help · 1 is working · 0 are secure · 0 have not started" in page


def test_the_overview_names_people_in_the_order_of_the_page_of_today(classroom: Classroom) -> None:
    in_one, in_both = join(classroom, "Ann"), join(classroom, "Zoe")
    facts = list(classroom.course.facts.order_by("key"))
    for day in range(18, 30):
        answer(in_one.user, facts[day % 3], at=noon(day), rating=1)
        answer(in_both.user, facts[day % 6], at=noon(day), rating=1)
    assert [row.name for row in today(classroom, NOW).needing] == ["Zoe", "Ann"]
    assert [row.member for row in class_overview(classroom, NOW).helping] == [in_both, in_one]


def test_the_first_week_of_an_older_class_is_one_press_away(client: Client, classroom: Classroom) -> None:
    join(classroom, "Ann")
    teacher = classroom.members.get(role=Member.Role.OWNER).user
    client.force_login(teacher)
    address = reverse("reports:class_overview", args=[classroom.pk])
    assert "Since the first week" not in client.get(address).content.decode()
    began = timezone.now() - timedelta(weeks=9)
    Classroom.objects.update(created_at=began)
    (since,) = re.findall(r'href="(\?since=[-0-9]+)"', client.get(address).content.decode())
    after = client.get(address + since)
    assert after.context["overview"].since == monday_of(began.date()) + timedelta(weeks=1)
    assert "Since the first week" not in after.content.decode()


@pytest.mark.parametrize("since", ["0001-01-01", "1899-12-31", "9999-12-31", "2026-02-30", "soon"])
@pytest.mark.parametrize("name", ["class_overview", "class_overview_export"])
def test_a_week_that_cannot_be_is_four_weeks_ago_or_this_one(
    client: Client, classroom: Classroom, name: str, since: str
) -> None:
    join(classroom, "Ann")
    Classroom.objects.update(time_zone="Asia/Taipei")
    client.force_login(classroom.members.get(role=Member.Role.OWNER).user)
    address = reverse(f"reports:{name}", args=[classroom.pk, "csv"] if name.endswith("export") else [classroom.pk])
    assert client.get(f"{address}?since={since}").status_code == 200


def test_a_sentence_of_another_course_is_not_found(client: Client, classroom: Classroom) -> None:
    other = Sentence.objects.filter(passage__lesson__course=make_course(slug="other")).earliest("pk")
    client.force_login(classroom.members.get().user)
    assert client.get(reverse("reports:class_sentence", args=[classroom.pk, other.pk])).status_code == 404
