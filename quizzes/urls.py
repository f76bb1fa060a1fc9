from django.urls import path

from quizzes.views import help, practice, progress

app_name = "quizzes"
urlpatterns = [
    path("", progress.home, name="home"),
    path("progress/", progress.progress, name="progress"),
    path("help/", help.help, name="help"),
    path("practice/", practice.start, name="start"),
    path("practice/<int:attempt_id>/", practice.attempt, name="attempt"),
    path("practice/<int:attempt_id>/summary/", practice.summary, name="summary"),
    path("practice/<int:attempt_id>/<int:position>/", practice.question, name="question"),
    path("practice/<int:attempt_id>/<int:position>/hint/", practice.hint, name="hint"),
    path("practice/<int:attempt_id>/<int:position>/flag/", practice.flag, name="flag"),
]
