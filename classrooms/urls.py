"""Classes, as a table of contents."""

from django.urls import path

from classrooms.views import classes, joining, marks, today

app_name = "classrooms"
urlpatterns = [
    # Classes and people.
    path("", classes.classes, name="classes"),
    path("new/", classes.classroom_new, name="classroom_new"),
    path("join/", joining.join, name="join"),
    path("join/<str:code>/", joining.join_code, name="join_code"),
    path("<int:classroom_id>/edit/", classes.classroom_edit, name="classroom_edit"),
    path("<int:classroom_id>/code/", classes.code, name="code"),
    path("<int:classroom_id>/code/new/", classes.code_new, name="code_new"),
    path("<int:classroom_id>/code/switch/", classes.code_switch, name="code_switch"),
    path("<int:classroom_id>/leave/", joining.leave, name="leave"),
    # Work.
    # Marks.
    path("<int:classroom_id>/gradebook/", marks.gradebook, name="gradebook"),
    path("<int:classroom_id>/gradebook/export/<str:format>/", marks.gradebook_export, name="gradebook_export"),
    path("<int:classroom_id>/gradebook/<int:assignment_id>/<int:member_id>/", marks.mark, name="mark"),
    path("<int:classroom_id>/marks/", marks.own_marks, name="own_marks"),
    # Today.
    path("<int:classroom_id>/", today.classroom, name="classroom"),
    path("<int:classroom_id>/live/", today.live, name="live"),
]
