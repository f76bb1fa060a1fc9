"""Classes that an instructor runs: who is in them, what is set, what was handed in, and the marks."""

from classrooms.models.cohorts import ClassCohort
from classrooms.models.live import Showing, ShownAnswer
from classrooms.models.marks import MarkChange
from classrooms.models.people import Calendar, Classroom, Group, Invitation, Member, RosterImport
from classrooms.models.work import GRACE, Assignment, Completion, Extension, Sitting

__all__ = [
    "GRACE",
    "Assignment",
    "Calendar",
    "ClassCohort",
    "Classroom",
    "Completion",
    "Extension",
    "Group",
    "Invitation",
    "MarkChange",
    "Member",
    "RosterImport",
    "Showing",
    "ShownAnswer",
    "Sitting",
]
