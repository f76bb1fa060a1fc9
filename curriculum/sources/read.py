"""One door for every format: tells what the bytes are, refuses what they must not be, calls the right reader."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from curriculum.sources.docx import read_docx
from curriculum.sources.encoding import decode
from curriculum.sources.markup import read_html, read_markdown
from curriculum.sources.text import Source, UnreadableSourceError

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read at most: of a file, and of the text in it."""

    megabytes: int
    characters: int


UPLOAD = Limits(megabytes=10, characters=1_000_000)
BY_COMMAND = Limits(megabytes=50, characters=10_000_000)
"""Who runs commands on the server may bring more than two thousand times the shipped document."""

_FOREIGN = (
    (
        b"%PDF",
        _("This is a PDF. Save its text as a text file or DOCX first: a PDF does not say where its lines belong."),
    ),
    (b"\xd0\xcf\x11\xe0", _("This is an old Word file (.doc). Save it as .docx first.")),
    (b"{\\rtf", _("This is a rich text file (.rtf). Save it as .docx or as plain text first.")),
    (b"\x89PNG", _("This is a picture. Give the text itself.")),
    (b"\xff\xd8\xff", _("This is a picture. Give the text itself.")),
    (b"\x1f\x8b", _("This is a compressed file. Unpack it first.")),
    (b"Rar!", _("This is a compressed file. Unpack it first.")),
    (b"7z\xbc\xaf", _("This is a compressed file. Unpack it first.")),
)


def read_source(data: bytes, name: str = "", *, encoding: str = "", limits: Limits = UPLOAD) -> Source:
    """Read a document. `name` helps to tell Markdown and HTML from plain text; `encoding` overrules the guess.

    Raises UnreadableSourceError: too large, empty, binary, damaged, or in an encoding that cannot be told.
    """
    if len(data) > limits.megabytes * MEGABYTE:
        raise UnreadableSourceError(_("The file is larger than %(most)s MB.") % {"most": limits.megabytes})
    for magic, message in _FOREIGN:
        if data.startswith(magic):
            raise UnreadableSourceError(message)
    source = read_docx(data) if data.startswith(b"PK") else _read_text(data, name.lower(), encoding)
    if not source.text.strip():
        raise UnreadableSourceError(_("There is no text in this file."))
    if len(source.text) > limits.characters:
        message = _("The text is longer than %(most)s characters. Import it in parts.")
        raise UnreadableSourceError(message % {"most": f"{limits.characters:,}"})
    return source


def _read_text(data: bytes, name: str, encoding: str) -> Source:
    text, found = decode(data, encoding)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise UnreadableSourceError(
            _("This looks like a binary file, not a text. Give plain text, Markdown, HTML or DOCX.")
        )
    opening = text[:1000].lstrip().lower()
    if name.endswith((".html", ".htm", ".xhtml")) or opening.startswith(("<!doctype html", "<html")):
        return read_html(text, encoding=found)
    if name.endswith((".md", ".markdown")):
        return read_markdown(text, encoding=found)
    return Source(text, "txt", found)
