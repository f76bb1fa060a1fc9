"""C. The same thing twice, and two things at once. Races between threads: tests/quizzes/test_practice_races.py."""

from __future__ import annotations

import pytest

from quizzes.bank import store
from quizzes.models import Attempt, Response
from tests.attacks.conftest import Site
from tests.factories import choice, short_answer


def test_27_twenty_copies_of_one_answer_are_one_row(site: Site) -> None:
    client = site.client(site.learner)
    statuses = {
        client.post(f"/practice/{site.attempt.pk}/1/", {"choice": "0", "try": "1"}).status_code for _ in range(20)
    }
    assert statuses == {303}
    assert Response.objects.count() == 1


def test_25_a_question_that_is_edited_meanwhile_is_judged_as_it_was_asked(site: Site) -> None:
    """The key stood second; in the newer wording it stands first."""
    client, address = site.client(site.learner), f"/practice/{site.attempt.pk}/1/"
    asked = client.get(address).content.decode()
    facts = site.course.facts.select_related("sentence__passage__lesson")
    newer = [choice(fact, options=(fact.text, f"{fact.text}丁", f"{fact.text}戊")) for fact in facts]
    store(site.course, [*map(short_answer, facts), *newer])
    item = site.attempt.items.select_related("version__question").get(position=1)
    assert (item.version.question.kind, item.version.question.current.number) == ("choice", 2)
    assert "丁" not in client.get(address).content.decode()
    assert "乙" in asked
    client.post(address, {"choice": "1", "try": "1"})
    given = Response.objects.get()
    assert (given.item.version.number, given.verdict) == (1, "correct")


def test_31_another_answer_to_the_same_try_does_not_replace_the_first(site: Site) -> None:
    client = site.client(site.learner)
    for option in ("0", "1", "2"):
        client.post(f"/practice/{site.attempt.pk}/1/", {"choice": option, "try": "1"})
    first = Response.objects.get()
    assert first.answer == 0


def test_33_an_old_page_answers_its_own_question_and_no_other(site: Site) -> None:
    client = site.client(site.learner)
    for position in (3, 2, 3):
        client.post(f"/practice/{site.attempt.pk}/{position}/", {"give_up": "1", "try": "1"})
    assert sorted(Response.objects.values_list("item__position", flat=True)) == [2, 3]


def test_30_starting_again_goes_on_with_the_same_run(site: Site) -> None:
    client = site.client(site.learner)
    before = Attempt.objects.count()
    wanted = {"scope": "lesson", "course": "small", "lesson": "lesson-1"}
    places = {client.post("/practice/", wanted)["Location"] for _ in range(5)}
    assert len(places) == 1
    assert Attempt.objects.count() <= before + 1


@pytest.mark.parametrize("tried", ["2", "3", "0", "-1", "", "1e9"])
def test_a_try_that_is_not_due_is_not_taken_out_of_turn(site: Site, tried: str) -> None:
    site.client(site.learner).post(f"/practice/{site.attempt.pk}/1/", {"choice": "0", "try": tried})
    assert set(Response.objects.values_list("try_number", flat=True)) <= {1}
