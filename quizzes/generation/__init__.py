"""Facts of a course -> questions: `generate`. Pure: no database, no clock, no network, no global dice."""

from quizzes.generation.bank import UnknownLanguage, generate

__all__ = ["UnknownLanguage", "generate"]
