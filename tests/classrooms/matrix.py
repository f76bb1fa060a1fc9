"""Rows of the authorization matrix for classes. Columns: A G L C X I J K S (see tests/authorization.py)."""

from __future__ import annotations

from tests.authorization import Row

CLASSES: list[Row] = [
    Row("classrooms:classes", "GET", "loooooooo"),
    Row("classrooms:classroom_new", "GET", "lfooooooo"),
    Row("classrooms:classroom_new", "POST", "lfiiiiiii"),
    Row("classrooms:classroom_new", "POST", "lfooooooo", data=(("name", "New"), ("course", "$small_course"))),
    Row("classrooms:join", "GET", "ooooooooo"),
    Row("classrooms:join", "POST", "iiiiiiiii", data=(("code", "ZZZZZZZZ"),)),
    Row("classrooms:join", "POST", "ooooooooo", data=(("code", "$code"),)),
    Row("classrooms:join_code", "GET", "ooooooooo", ("code",)),
    Row("classrooms:join_code", "POST", "iiooooooo", ("code",)),
    Row("classrooms:join_code", "POST", "ooooooooo", ("code",), (("name", "Ann"),)),
    Row("classrooms:leave", "GET", "lnnonfonn", ("classroom",)),
    Row("classrooms:leave", "POST", "lnnonfonn", ("classroom",)),
    Row("classrooms:classroom_edit", "GET", "lnnfnoonn", ("classroom",)),
    Row("classrooms:classroom_edit", "POST", "lnnfniinn", ("classroom",)),
    Row("classrooms:code", "GET", "lnnfnoonn", ("classroom",)),
    Row("classrooms:code_new", "POST", "lnnfnoonn", ("classroom",)),
    Row("classrooms:code_switch", "POST", "lnnfnoonn", ("classroom",)),
    Row("classrooms:people", "GET", "lnnfnoonn", ("classroom",)),
    Row("classrooms:admit_all", "POST", "lnnfnoonn", ("classroom",)),
    Row("classrooms:people_many", "POST", "lnnfnoonn", ("classroom",), (("do", "group"), ("member", "$member"))),
    Row("classrooms:groups", "GET", "lnnfnoonn", ("classroom",)),
    Row("classrooms:groups", "POST", "lnnfniinn", ("classroom",)),
    Row("classrooms:group", "GET", "lnnfnoonn", ("classroom", "group")),
    Row("classrooms:group", "POST", "lnnfniinn", ("classroom", "group")),
    Row("classrooms:group", "POST", "lnnfnonnn", ("classroom", "group"), (("do", "delete"),)),
    Row("classrooms:invitation_new", "POST", "lnnfnofnn", ("classroom",)),
    Row("classrooms:invitation_withdraw", "POST", "lnnfnofnn", ("classroom", "invitation")),
    Row("classrooms:invitation", "GET", "lfooooooo", ("secret",)),
    Row("classrooms:invitation", "POST", "lfoiiiiii", ("secret",)),
    Row("classrooms:invitation", "GET", "lfiiiiiii", ("code",)),
    Row("classrooms:member", "GET", "lnnfnoonn", ("classroom", "member")),
    Row("classrooms:member", "GET", "lnnfnoonn", ("classroom", "removed_member")),
    Row("classrooms:member", "GET", "lnnfnnnnn", ("classroom", "instructor")),
    Row("classrooms:member", "POST", "lnnfniinn", ("classroom", "member"), (("extra_attempts", "-1"),)),
    Row("classrooms:member_admit", "POST", "lnnfnoonn", ("classroom", "waiting_member")),
    Row("classrooms:member_remove", "GET", "lnnfnoonn", ("classroom", "member")),
    Row("classrooms:member_remove", "POST", "lnnfnoonn", ("classroom", "waiting_member")),
    Row("classrooms:member_remove", "POST", "lnnfnofnn", ("classroom", "second_instructor")),
    Row("classrooms:member_remove", "POST", "lnnfnffnn", ("classroom", "class_owner")),
    Row("classrooms:roster_import", "GET", "lnnfnoonn", ("classroom",)),
    Row("classrooms:roster_import", "POST", "lnnfniinn", ("classroom",)),
    Row("classrooms:roster_preview", "GET", "lnnfnonnn", ("classroom", "roster")),
    Row("classrooms:roster_preview", "POST", "lnnfnonnn", ("classroom", "roster")),
    Row("classrooms:roster_export", "GET", "lnnfnoonn", ("classroom",)),
    Row("classrooms:member_password", "POST", "lnnfnoonn", ("classroom", "member")),
]
"""Classes, joining, people, roster."""

WORK: list[Row] = [
    Row("classrooms:assignments", "GET", "lnnonoonn", ("classroom",)),
    Row("classrooms:assignment_new", "GET", "lnnfnoonn", ("classroom", "quiz")),
    Row("classrooms:assignment_new", "GET", "lnnfnnnnn", ("classroom", "csv")),
    Row("classrooms:assignment_new", "POST", "lnnfniinn", ("classroom", "quiz"), (("count", "0"),)),
    Row("classrooms:assignment", "GET", "lnnonoonn", ("classroom", "assignment")),
    Row("classrooms:assignment", "GET", "lnnonoonn", ("classroom", "practice")),
    Row("classrooms:assignment", "GET", "lnnnnoonn", ("classroom", "draft_assignment")),
    Row("classrooms:assignment", "GET", "lnnnnnnnn", ("classroom", "other_assignment")),
    Row("classrooms:assignment", "POST", "lnnonffnn", ("classroom", "assignment")),
    Row("classrooms:assignment", "POST", "lnnnnffnn", ("classroom", "draft_assignment")),
    Row("classrooms:assignment_edit", "GET", "lnnfnoonn", ("classroom", "assignment")),
    Row("classrooms:assignment_edit", "GET", "lnnfnnnnn", ("classroom", "other_assignment")),
    Row("classrooms:assignment_edit", "POST", "lnnfniinn", ("classroom", "assignment")),
    Row("classrooms:assignment_preview", "GET", "lnnfnoonn", ("classroom", "assignment")),
    Row("classrooms:assignment_publish", "POST", "lnnfnoonn", ("classroom", "draft_assignment")),
    Row("classrooms:assignment_withdraw", "POST", "lnnfnoonn", ("classroom", "assignment")),
    Row("classrooms:assignment_delete", "GET", "lnnfnoonn", ("classroom", "assignment")),
    Row("classrooms:assignment_delete", "POST", "lnnfnnnnn", ("classroom", "other_assignment")),
    Row("classrooms:assignment_questions", "GET", "lnnfnoonn", ("classroom", "assignment")),
    Row("classrooms:assignment_questions", "GET", "lnnfnnnnn", ("classroom", "practice")),
    Row("classrooms:assignment_questions", "POST", "lnnfnoonn", ("classroom", "assignment")),
    Row("classrooms:extensions", "GET", "lnnfnoonn", ("classroom", "assignment")),
    Row("classrooms:extensions", "POST", "lnnfniinn", ("classroom", "assignment")),
    Row("classrooms:sitting", "GET", "lnnonffnn", ("classroom", "sitting")),
    Row("classrooms:sitting", "GET", "lnnnnffnn", ("classroom", "other_sitting")),
    Row("classrooms:sitting_item", "GET", "lnnonffnn", ("classroom", "sitting", "one")),
    Row("classrooms:sitting_item", "GET", "lnnnnffnn", ("classroom", "sitting", "ninety")),
    Row("classrooms:sitting_item", "POST", "lnnonffnn", ("classroom", "sitting", "one"), (("text", "x"),)),
    Row("classrooms:sitting_item", "POST", "lnnonffnn", ("classroom", "sitting", "one"), (("auto", "1"),)),
    Row("classrooms:sitting_review", "GET", "lnnonffnn", ("classroom", "sitting")),
    Row("classrooms:hand_in", "POST", "lnnonffnn", ("classroom", "sitting")),
]
"""Assignments, sittings, calendar."""

MARKS: list[Row] = [
    Row("classrooms:gradebook", "GET", "lnnfnoonn", ("classroom",)),
    Row("classrooms:gradebook_export", "GET", "lnnfnoonn", ("classroom", "csv")),
    Row("classrooms:gradebook_export", "GET", "lnnfnnnnn", ("classroom", "lesson")),
    Row("classrooms:mark", "GET", "lnnfnoonn", ("classroom", "assignment", "member")),
    Row("classrooms:mark", "GET", "lnnfnnnnn", ("classroom", "assignment", "other_member")),
    Row("classrooms:mark", "GET", "lnnfnnnnn", ("classroom", "other_assignment", "member")),
    Row("classrooms:mark", "GET", "lnnfnnnnn", ("classroom", "assignment", "removed_member")),
    Row("classrooms:mark", "GET", "lnnfnnnnn", ("classroom", "assignment", "waiting_member")),
    Row("classrooms:mark", "GET", "lnnfnnnnn", ("classroom", "draft_assignment", "member")),
    Row("classrooms:mark", "POST", "lnnfniinn", ("classroom", "assignment", "member"), (("action", "override"),)),
    Row("classrooms:mark", "POST", "lnnfnnnnn", ("classroom", "assignment", "other_member"), (("action", "excuse"),)),
    Row("classrooms:regrade", "GET", "lnnfnoonn", ("classroom", "assignment")),
    Row("classrooms:regrade", "GET", "lnnfnnnnn", ("classroom", "other_assignment")),
    Row("classrooms:regrade", "GET", "lnnfnnnnn", ("classroom", "draft_assignment")),
    Row("classrooms:regrade", "POST", "lnnfniinn", ("classroom", "assignment")),
    Row("classrooms:own_marks", "GET", "lnnonffnn", ("classroom",)),
]
"""Gradebook."""

TODAY: list[Row] = [
    Row("classrooms:classroom", "GET", "lnnonoonn", ("classroom",)),
    Row("classrooms:live", "GET", "lnnonoonn", ("classroom",)),
]
"""The class page, live, present."""

MATRIX = [*CLASSES, *WORK, *MARKS, *TODAY]
