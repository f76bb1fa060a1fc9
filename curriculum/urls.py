from django.urls import path

from curriculum import views

app_name = "curriculum"
urlpatterns = [
    path("", views.courses, name="courses"),
    path("<slug:course>/", views.course, name="course"),
    path("<slug:course>/changes/", views.changes, name="changes"),
    path("<slug:course>/<slug:lesson>/", views.lesson, name="lesson"),
]
