"""One learner meets questions.

History is append-only: a `Response` for each submitted answer, a `Grading` for each response and fact. `MemoryState` is
a cache of that history, rebuilt by `manage.py rebuild_progress`. A fact, not a question, is the unit of memory.
"""

from quizzes.models.bank import Kind, Making, Question, QuestionChange, QuestionImport, QuestionVersion
from quizzes.models.history import MAX_TRIES, Flag, Grading, Notice, Response
from quizzes.models.memory import KnowledgeWeek, LessonMemory, MemoryState
from quizzes.models.runs import Attempt, AttemptItem
from quizzes.models.sums import Cohort, FirstAnswer, ItemTally

__all__ = [
    "MAX_TRIES",
    "Attempt",
    "AttemptItem",
    "Cohort",
    "FirstAnswer",
    "Flag",
    "Grading",
    "ItemTally",
    "Kind",
    "KnowledgeWeek",
    "LessonMemory",
    "Making",
    "MemoryState",
    "Notice",
    "Question",
    "QuestionChange",
    "QuestionImport",
    "QuestionVersion",
    "Response",
]
