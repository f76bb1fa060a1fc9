from django.urls import path

from reports.views import learner

app_name = "reports"
urlpatterns = [
    path("me/", learner.learner, name="learner"),
    path("classes/<int:classroom_id>/learners/<int:member_id>/", learner.class_learner, name="class_learner"),
]
