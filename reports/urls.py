from django.urls import path

from reports.views import classes, items, learner, work

app_name = "reports"
urlpatterns = [
    path("me/", learner.learner, name="learner"),
    # Classes.
    path("classes/<int:classroom_id>/", classes.overview, name="class_overview"),
    path("classes/<int:classroom_id>/document/", classes.class_document, name="class_document"),
    path("classes/<int:classroom_id>/sentences/<int:sentence_id>/", classes.class_sentence, name="class_sentence"),
    path("classes/<int:classroom_id>/confusions/", classes.class_confusions, name="class_confusions"),
    path("classes/<int:classroom_id>/calibration/", classes.calibration, name="class_calibration"),
    path("classes/<int:classroom_id>/learners/<int:member_id>/", learner.class_learner, name="class_learner"),
    # Work.
    path("classes/<int:classroom_id>/work/", work.work, name="class_work"),
    path("compare/", work.compare, name="compare"),
    # Questions.
    path("classes/<int:classroom_id>/items/", items.items, name="items"),
    path("classes/<int:classroom_id>/items/<int:question_id>/", items.item, name="item"),
    path("classes/<int:classroom_id>/work/<int:assignment_id>/items/", items.assignment_items, name="assignment_items"),
    path("courses/<slug:course>/items/", items.course_items_page, name="course_items"),
    path("courses/<slug:course>/items/<int:question_id>/", items.course_item_page, name="course_item"),
]
