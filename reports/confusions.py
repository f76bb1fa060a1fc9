"""What the learners of a class take for what: a matrix for each relation that is asked by picking."""

from __future__ import annotations

from classrooms import cohorts
from classrooms.models import Classroom
from curriculum.models import Fact
from quizzes.models import ItemTally
from quizzes.tallies import Tally
from reports.mistakes import Matrix, matrices


def class_matrices(classroom: Classroom) -> tuple[tuple[Matrix, ...], bool]:
    """The matrices of the class's course, and whether every answer given is in them. Two queries where nothing is new,
    besides those of `cohorts.of_class`."""
    counted = cohorts.of_class(classroom)
    current = ItemTally.objects.filter(cohort=counted.cohort, version__current_for__is_active=True)
    asked = [
        (row.version.content, Tally.from_json(row.sums, row.wrong))
        for row in current.select_related("version").order_by("version__question__key")
    ]
    rows = Fact.objects.filter(course=classroom.course_id).values_list("key", "family", "subject")
    facts = {key: (family, subject) for key, family, subject in rows}
    return matrices(facts, asked), counted.is_complete
