from django.urls import path

from quizzes.views import bank, bank_contested, bank_files, bank_wording, help, practice, progress

app_name = "quizzes"
urlpatterns = [
    path("", progress.home, name="home"),
    path("progress/", progress.progress, name="progress"),
    path("notices/<int:notice_id>/dismiss/", bank_contested.notice_dismiss, name="notice_dismiss"),
    path("help/", help.help, name="help"),
    path("practice/", practice.start, name="start"),
    path("practice/<int:attempt_id>/", practice.attempt, name="attempt"),
    path("practice/<int:attempt_id>/summary/", practice.summary, name="summary"),
    path("practice/<int:attempt_id>/<int:position>/", practice.question, name="question"),
    path("practice/<int:attempt_id>/<int:position>/hint/", practice.hint, name="hint"),
    path("practice/<int:attempt_id>/<int:position>/flag/", practice.flag, name="flag"),
    path("bank/", bank.bank_courses, name="bank_courses"),
    path("bank/<slug:course>/", bank.bank, name="bank"),
    path("bank/<slug:course>/report/", bank.bank_report, name="bank_report"),
    path("bank/<slug:course>/new/", bank_wording.bank_new, name="bank_new"),
    path("bank/<slug:course>/contested/", bank_contested.bank_contested, name="bank_contested"),
    path("bank/<slug:course>/contested/accept/", bank_contested.bank_accept, name="bank_accept"),
    path("bank/<slug:course>/export/", bank_files.bank_export, name="bank_export"),
    path("bank/<slug:course>/export/<slug:format>/", bank_files.bank_download, name="bank_download"),
    path("bank/<slug:course>/import/", bank_files.bank_import, name="bank_import"),
    path("bank/<slug:course>/import/<int:arrival_id>/", bank_files.bank_arrival, name="bank_arrival"),
    path("bank/<slug:course>/questions/<int:question_id>/", bank.bank_question, name="bank_question"),
    path("bank/<slug:course>/questions/<int:question_id>/edit/", bank_wording.bank_edit, name="bank_edit"),
    path("bank/<slug:course>/questions/<int:question_id>/suspend/", bank.bank_suspend, name="bank_suspend"),
    path("bank/<slug:course>/questions/<int:question_id>/restore/", bank.bank_restore, name="bank_restore"),
]
