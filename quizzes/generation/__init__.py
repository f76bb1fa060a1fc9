"""Facts of a course -> questions: `generate`. Pure: no database, no clock, no network, no global dice."""

from quizzes.generation.bank import UnknownLanguageError, generate, template_words

__all__ = ["UnknownLanguageError", "generate", "template_words"]
