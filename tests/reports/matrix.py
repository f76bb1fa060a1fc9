"""Rows of the authorization matrix for reports. Columns: A G L C X I J K S (see tests/authorization.py)."""

from __future__ import annotations

from tests.authorization import Row

LEARNERS: list[Row] = [
    Row("reports:learner", "GET", "loooooooo"),
    Row("reports:class_learner", "GET", "lnnfnoonn", ("classroom", "member")),
    Row("reports:class_learner", "GET", "lnnfnnnnn", ("classroom", "removed_member")),
    Row("reports:class_learner", "GET", "lnnfnnnnn", ("classroom", "waiting_member")),
]
"""One learner's report."""

ITEMS: list[Row] = [
    Row("reports:items", "GET", "lnnfnoonn", ("classroom",)),
    Row("reports:items", "GET", "lnnnfnnon", ("other_classroom",)),
    Row("reports:item", "GET", "lnnfnoonn", ("classroom", "question")),
    Row("reports:item", "GET", "lnnfnnnnn", ("classroom", "hidden_question")),
    Row("reports:assignment_items", "GET", "lnnfnoonn", ("classroom", "assignment")),
    Row("reports:course_items", "GET", "lnnnnnnno", ("course",)),
    Row("reports:course_items", "GET", "lnonnnnno", ("owned",)),
    Row("reports:course_item", "GET", "lnnnnnnno", ("course", "question")),
    Row("reports:course_item", "GET", "lnnnnnnnn", ("owned", "question")),
    Row("reports:course_item", "GET", "lnnnnnnnn", ("course", "hidden_question")),
]
"""Item statistics."""

CLASSES: list[Row] = [
    *(Row(f"reports:{name}", "GET", "lnnfnoonn", ("classroom",)) for name in ("class_overview", "class_document")),
    *(
        Row(f"reports:{name}", "GET", "lnnfnoonn", ("classroom",))
        for name in ("class_confusions", "class_calibration", "class_work")
    ),
    Row("reports:compare", "GET", "loooooooo"),
    Row("reports:class_overview", "GET", "lnnnfnnon", ("other_classroom",)),
    Row("reports:class_sentence", "GET", "lnnfnoonn", ("classroom", "class_sentence")),
    Row("reports:class_sentence", "GET", "lnnfnnnnn", ("classroom", "sentence")),
]
"""Reports on a class; `sentence` stands in another course."""

PAGES: list[Row] = [*LEARNERS, *ITEMS, *CLASSES]
WITHOUT_FILES = {"reports:learner"}
"""The own report has another row."""


FILES: list[Row] = [
    *(Row(f"reports:learner_{name}", "GET", "loooonnnn") for name in ("evidence", "xapi")),
    Row("reports:class_evidence", "GET", "lnnfnoonn", ("classroom", "member")),
    Row("reports:class_evidence", "GET", "lnnfnnnnn", ("classroom", "removed_member")),
    Row("reports:class_evidence", "GET", "lnnfnnnnn", ("classroom", "waiting_member")),
    Row("reports:class_xapi", "GET", "lnnfnoonn", ("classroom",)),
    Row("reports:class_xapi", "GET", "lnnnfnnon", ("other_classroom",)),
    Row("reports:learner_export", "GET", "loooonnnn", ("csv",)),
    Row("reports:class_overview_export", "GET", "lnnfnoonn", ("classroom", "xlsx")),
    Row("reports:class_overview_export", "GET", "lnnnnnnnn", ("classroom", "lesson")),
    *(
        Row(f"{row.name}_export", row.method, row.outcomes, (*row.args, "csv"))
        for row in PAGES
        if row.name not in WITHOUT_FILES
    ),
]
"""A file is given to whoever sees the page; of one's own only where there is something."""

DATA: list[Row] = [
    Row("reports:learner_data", "GET", "ttttttttt"),
    *(
        Row(f"reports:{name}_data", "GET", "ttttttttt", ("other_classroom",))
        for name in ("class_overview", "class_document", "class_confusions", "class_calibration", "class_work", "items")
    ),
    Row("reports:compare_data", "GET", "ttttttttt"),
    Row("reports:class_sentence_data", "GET", "ttttttttt", ("other_classroom", "class_sentence")),
    Row("reports:class_learner_data", "GET", "ttttttttt", ("other_classroom", "other_member")),
    Row("reports:assignment_items_data", "GET", "ttttttttt", ("other_classroom", "other_assignment")),
    Row("reports:item_data", "GET", "ttttttttt", ("other_classroom", "question")),
    Row("reports:course_item_data", "GET", "ttttttttt", ("course", "question")),
    Row("reports:course_items_data", "GET", "ttttttttt", ("course",)),
]
"""A session opens nothing here; with tokens: test_data.py."""

MATRIX: list[Row] = [*PAGES, *FILES, *DATA]
