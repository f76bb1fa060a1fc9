"""An instructor of a large class sets work for one learner: found by typing, or in the whole list without script."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from classrooms.models import Assignment, Classroom
from tests.browser.conftest import PHONE, MakePage
from tests.classrooms.rows import make_classroom, make_member
from tests.factories import make_user

FOUND = "李小明"


@pytest.fixture
def classroom(transactional_db: None) -> Classroom:
    room = make_classroom(make_user("owner"))
    for number in range(30):
        make_member(room, make_user(f"learner-{number}", display_name=f"Learner {number:02d}"))
    make_member(room, make_user("li", display_name=FOUND))
    return room


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_work_is_set_for_one_learner_of_many(open_as: MakePage, classroom: Classroom, has_script: bool) -> None:
    page = open_as(classroom.members.get(role="owner").user, java_script_enabled=has_script, **PHONE)
    page.goto(reverse("classrooms:assignment_new", args=[classroom.pk, "review"]))
    expect(page.get_by_label("Learner 07")).not_to_be_visible()
    page.get_by_text("Only some learners").click()
    expect(page.get_by_label("Learner 07")).to_be_visible()
    if has_script:
        page.get_by_label("Find a learner").fill("小明")
        expect(page.get_by_label("Learner 07")).not_to_be_visible()
    page.get_by_label(FOUND).check()
    if has_script:
        page.get_by_label("Find a learner").fill("learner 07")
        expect(page.get_by_label(FOUND)).to_be_visible()
        page.get_by_label("Find a learner").fill("nobody")
        expect(page.get_by_text("Nobody is called so.")).to_be_visible()
    page.get_by_role("button", name="Save as a draft").click()
    page.wait_for_url("**/work/*/")
    assert [str(member.user.display_name) for member in Assignment.objects.get().members.all()] == [FOUND]
