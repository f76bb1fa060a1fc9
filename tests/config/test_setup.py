"""`make run` again: starts quickly, changes nothing, loses nothing."""

from pathlib import Path
from unittest import mock

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from config.management.commands import setup
from curriculum.models import Course, Fact, FactChange
from quizzes.models import Question, QuestionVersion


@pytest.mark.django_db
def test_setup_loads_the_shipped_courses_and_run_again_changes_nothing(
    settings: LazySettings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.STATIC_ROOT = tmp_path
    call_command("setup")
    assert set(Course.objects.values_list("slug", flat=True)) == {"cyberspace-2019", "udhr"}
    before = list(QuestionVersion.objects.order_by("pk").values_list("pk", "digest"))
    assert Question.objects.filter(course__slug="cyberspace-2019").count() >= 200
    capsys.readouterr()
    with mock.patch.object(setup, "call_command", wraps=call_command) as called:
        call_command("setup")
    assert [call.args[0] for call in called.call_args_list] == ["migrate", "createcachetable"]
    assert list(QuestionVersion.objects.order_by("pk").values_list("pk", "digest")) == before
    assert "(0 new, 0 changed)" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_corrected_fixture_reaches_a_course_already_loaded(settings: LazySettings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    call_command("loaddata", "cyberspace-2019", verbosity=0)
    Fact.objects.filter(key="F004").update(subject="something older")
    setup.Command().load(Path(settings.BASE_DIR) / "fixtures" / "cyberspace-2019.json")
    assert Fact.objects.get(key="F004").subject != "something older"


@pytest.mark.django_db
def test_a_fact_that_a_person_corrected_stays(settings: LazySettings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    call_command("loaddata", "cyberspace-2019", verbosity=0)
    fact = Fact.objects.get(key="F004")
    fact.scope = "序言第一句"
    fact.save()
    FactChange.objects.create(fact=fact, before={"scope": "序言"}, after={"scope": "序言第一句"})
    setup.Command().load(Path(settings.BASE_DIR) / "fixtures" / "cyberspace-2019.json")
    assert Fact.objects.get(key="F004").scope == "序言第一句"
