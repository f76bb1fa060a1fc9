"""Classes, as a table of contents."""

from django.urls import path

from classrooms.views import (
    calendar,
    cards,
    classes,
    groups,
    joining,
    marks,
    people,
    planning,
    present,
    regrading,
    roster,
    running,
    sittings,
    today,
    work,
)

app_name = "classrooms"
urlpatterns = [
    # Classes and people.
    path("", classes.classes, name="classes"),
    path("new/", classes.classroom_new, name="classroom_new"),
    path("join/", joining.join, name="join"),
    path("join/<str:code>/", joining.join_code, name="join_code"),
    path("<int:classroom_id>/edit/", classes.classroom_edit, name="classroom_edit"),
    path("<int:classroom_id>/archive/", running.classroom_archive, name="classroom_archive"),
    path("<int:classroom_id>/restore/", running.classroom_restore, name="classroom_restore"),
    path("<int:classroom_id>/copy/", running.classroom_copy, name="classroom_copy"),
    path("<int:classroom_id>/transfer/", running.classroom_transfer, name="classroom_transfer"),
    path("<int:classroom_id>/delete/", running.classroom_delete, name="classroom_delete"),
    path("<int:classroom_id>/code/", classes.code, name="code"),
    path("<int:classroom_id>/code/new/", classes.code_new, name="code_new"),
    path("<int:classroom_id>/code/switch/", classes.code_switch, name="code_switch"),
    path("invited/<str:secret>/", groups.invitation, name="invitation"),
    path("<int:classroom_id>/people/", people.people, name="people"),
    path("<int:classroom_id>/people/admit/", people.admit_all, name="admit_all"),
    path("<int:classroom_id>/people/several/", people.people_many, name="people_many"),
    path("<int:classroom_id>/people/groups/", groups.groups, name="groups"),
    path("<int:classroom_id>/people/groups/<int:group_id>/", groups.group, name="group"),
    path("<int:classroom_id>/people/invitations/", groups.invitation_new, name="invitation_new"),
    path(
        "<int:classroom_id>/people/invitations/<int:invitation_id>/withdraw/",
        groups.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path("<int:classroom_id>/people/import/", roster.roster_import, name="roster_import"),
    path("<int:classroom_id>/people/import/<int:import_id>/", roster.roster_preview, name="roster_preview"),
    path("<int:classroom_id>/people/export/", roster.roster_export, name="roster_export"),
    path("<int:classroom_id>/people/<int:member_id>/", people.member, name="member"),
    path("<int:classroom_id>/people/<int:member_id>/admit/", people.member_admit, name="member_admit"),
    path("<int:classroom_id>/people/<int:member_id>/remove/", people.member_remove, name="member_remove"),
    path("<int:classroom_id>/people/<int:member_id>/password/", cards.member_password, name="member_password"),
    path("<int:classroom_id>/leave/", joining.leave, name="leave"),
    # Work.
    path("<int:classroom_id>/work/", work.assignments, name="assignments"),
    path("<int:classroom_id>/work/new/<str:sort>/", planning.assignment_new, name="assignment_new"),
    path("<int:classroom_id>/work/<int:assignment_id>/", work.assignment, name="assignment"),
    path("<int:classroom_id>/work/<int:assignment_id>/edit/", planning.assignment_edit, name="assignment_edit"),
    path("<int:classroom_id>/work/<int:assignment_id>/preview/", work.assignment_preview, name="assignment_preview"),
    path(
        "<int:classroom_id>/work/<int:assignment_id>/publish/",
        planning.assignment_publish,
        name="assignment_publish",
    ),
    path(
        "<int:classroom_id>/work/<int:assignment_id>/withdraw/",
        planning.assignment_withdraw,
        name="assignment_withdraw",
    ),
    path("<int:classroom_id>/work/<int:assignment_id>/delete/", planning.assignment_delete, name="assignment_delete"),
    path(
        "<int:classroom_id>/work/<int:assignment_id>/questions/",
        planning.assignment_questions,
        name="assignment_questions",
    ),
    path("<int:classroom_id>/work/<int:assignment_id>/extensions/", planning.extensions, name="extensions"),
    path("<int:classroom_id>/sittings/<int:sitting_id>/", sittings.sitting, name="sitting"),
    path("<int:classroom_id>/sittings/<int:sitting_id>/<int:position>/", sittings.sitting_item, name="sitting_item"),
    path(
        "<int:classroom_id>/sittings/<int:sitting_id>/<int:position>/flag/", sittings.sitting_flag, name="sitting_flag"
    ),
    path("<int:classroom_id>/sittings/<int:sitting_id>/hand-in/", sittings.hand_in, name="hand_in"),
    path("<int:classroom_id>/sittings/<int:sitting_id>/review/", sittings.sitting_review, name="sitting_review"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<str:secret>.ics", calendar.calendar_feed, name="calendar_feed"),
    # Marks.
    path("<int:classroom_id>/gradebook/", marks.gradebook, name="gradebook"),
    path("<int:classroom_id>/gradebook/export/<str:format>/", marks.gradebook_export, name="gradebook_export"),
    path("<int:classroom_id>/gradebook/<int:assignment_id>/<int:member_id>/", marks.mark, name="mark"),
    path("<int:classroom_id>/gradebook/<int:assignment_id>/regrade/", regrading.regrade, name="regrade"),
    path("<int:classroom_id>/marks/", marks.own_marks, name="own_marks"),
    # Today.
    path("<int:classroom_id>/", today.classroom, name="classroom"),
    path("<int:classroom_id>/live/", today.live, name="live"),
    path("<int:classroom_id>/present/", present.present, name="present"),
    path("<int:classroom_id>/present/live/", present.present_live, name="present_live"),
    path("<int:classroom_id>/answer/<int:showing_id>/", present.shown_answer, name="shown_answer"),
]
