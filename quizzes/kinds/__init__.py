"""The kinds of questions: one pure module each, found here by name."""

from quizzes.kinds.base import InvalidAnswer, Kind, Outcome, Part
from quizzes.kinds.choice import Choice
from quizzes.kinds.cloze import Cloze
from quizzes.kinds.enumeration import Enumeration
from quizzes.kinds.matching import Matching
from quizzes.kinds.ordering import Ordering
from quizzes.kinds.short_answer import ShortAnswer

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (Cloze(), Choice(), ShortAnswer(), Enumeration(), Ordering(), Matching())
}

__all__ = ["KINDS", "InvalidAnswer", "Kind", "Outcome", "Part"]
