"""Plain text of a structured document -> title, lessons, passages and sentences with their offsets.

Pure. Offsets are code points into the text as given, half open, so `text[span.start:span.end] == span.text` for every
span, and every line of the text is in exactly one of: title block, passage, signature, excluded.

A lesson is a chapter or part; where there is none, a run of articles. A passage is an article, section or numbered
item with everything that belongs to it, or else a paragraph; items of a list inside are sentences of it. Whatever is
guessed rather than read is told in `Outline.doubts`.
"""

from curriculum.outline.lines import role
from curriculum.outline.listing import listing
from curriculum.outline.model import Doubt, Lesson, Outline, OutlineError, Overrides, Passage, Span
from curriculum.outline.read import read_outline
from curriculum.outline.sentences import split_sentences

__all__ = [
    "Doubt",
    "Lesson",
    "Outline",
    "OutlineError",
    "Overrides",
    "Passage",
    "Span",
    "listing",
    "read_outline",
    "role",
    "split_sentences",
]
