"""Classes, as a table of contents."""

from django.urls import path

from classrooms.views import marks, today

app_name = "classrooms"
urlpatterns = [
    # Today.
    path("<int:classroom_id>/", today.classroom, name="classroom"),
    path("<int:classroom_id>/live/", today.live, name="live"),
    # Marks.
    path("<int:classroom_id>/gradebook/", marks.gradebook, name="gradebook"),
    path("<int:classroom_id>/gradebook/export/<str:format>/", marks.gradebook_export, name="gradebook_export"),
    path("<int:classroom_id>/gradebook/<int:assignment_id>/<int:member_id>/", marks.mark, name="mark"),
    path("<int:classroom_id>/marks/", marks.own_marks, name="own_marks"),
]
