from django.urls import URLPattern, path

from quizzes.views import progress

app_name = "quizzes"
urlpatterns: list[URLPattern] = [
    path("", progress.home, name="home"),
    path("progress/", progress.progress, name="progress"),
]
