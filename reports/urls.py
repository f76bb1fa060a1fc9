"""Each report has its page, below it the same as files, and under api/ the same as JSON for a personal token."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path

from reports.views import classes, evidence, files, items, learner, work


def report(route: str, view: Callable[..., HttpResponse], name: str) -> list[URLPattern]:
    """The page, its files, and its data."""
    which = {"report": name}
    return [
        path(route, view, name=name),
        path(f"{route}export/<str:format>/", files.export, which, name=f"{name}_export"),
        path(f"api/{route}", files.data, which, name=f"{name}_data"),
    ]


app_name = "reports"
urlpatterns = [
    *report("me/", learner.learner, "learner"),
    path("me/evidence/", evidence.learner_evidence, name="learner_evidence"),
    path("me/xapi/", evidence.learner_xapi, name="learner_xapi"),
    # Classes.
    *report("classes/<int:classroom_id>/", classes.overview, "class_overview"),
    *report("classes/<int:classroom_id>/document/", classes.class_document, "class_document"),
    *report("classes/<int:classroom_id>/sentences/<int:sentence_id>/", classes.class_sentence, "class_sentence"),
    *report("classes/<int:classroom_id>/confusions/", classes.class_confusions, "class_confusions"),
    *report("classes/<int:classroom_id>/calibration/", classes.calibration, "class_calibration"),
    *report("classes/<int:classroom_id>/learners/<int:member_id>/", learner.class_learner, "class_learner"),
    path(
        "classes/<int:classroom_id>/learners/<int:member_id>/evidence/", evidence.class_evidence, name="class_evidence"
    ),
    path("classes/<int:classroom_id>/xapi/", evidence.class_xapi, name="class_xapi"),
    # Work.
    *report("classes/<int:classroom_id>/work/", work.work, "class_work"),
    *report("compare/", work.compare, "compare"),
    # Questions.
    *report("classes/<int:classroom_id>/items/", items.items, "items"),
    *report("classes/<int:classroom_id>/items/<int:question_id>/", items.item, "item"),
    *report("classes/<int:classroom_id>/work/<int:assignment_id>/items/", items.assignment_items, "assignment_items"),
    *report("courses/<slug:course>/items/", items.course_items_page, "course_items"),
    *report("courses/<slug:course>/items/<int:question_id>/", items.course_item_page, "course_item"),
]
