"""From the bytes somebody gives to plain text with marks of structure: text, Markdown, HTML, DOCX.

Pure, bounded in time and memory, fetches nothing, writes nothing. What cannot be read raises `UnreadableSourceError`
with words for the person.
"""

from curriculum.sources.encoding import ENCODINGS
from curriculum.sources.read import BY_COMMAND, MEGABYTE, UPLOAD, Limits, read_source
from curriculum.sources.text import Mark, Source, UnreadableSourceError

__all__ = [
    "BY_COMMAND",
    "ENCODINGS",
    "MEGABYTE",
    "UPLOAD",
    "Limits",
    "Mark",
    "Source",
    "UnreadableSourceError",
    "read_source",
]
