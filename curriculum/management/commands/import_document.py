"""manage.py import_document FILE: show the outline of a document, or make a private draft of a course from it."""

from __future__ import annotations

import codecs
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from curriculum.arranging import remember
from curriculum.importing import create_draft
from curriculum.outline import Outline, OutlineError, listing, read_outline
from curriculum.sources import BY_COMMAND, ENCODINGS, MEGABYTE, Source, UnreadableSourceError, read_source

MOST_LINES = 1_000_000


class Command(BaseCommand):
    help = "Import a document (plain text, Markdown, HTML or DOCX) as a private draft, or only show its outline."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--outline", action="store_true", help="print the outline as JSON and write nothing")
        parser.add_argument("--encoding", default="", metavar="NAME", help=f"one of {', '.join(ENCODINGS)}")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        source, outline = _read(path, options["encoding"])
        if options["outline"]:
            is_ascii = not _is_unicode(getattr(self.stdout, "encoding", None))
            self.stdout.write(json.dumps(listing(outline), ensure_ascii=is_ascii, indent=1))
            return
        try:
            course = create_draft(outline, source, name=path.name)
            remember(course, outline)
        except DatabaseError as error:
            raise CommandError(
                f"The course could not be stored ({error}). Has `manage.py migrate` been run?"
            ) from error
        sentences = sum(
            span.kind == "sentence" for lesson in outline.lessons for p in lesson.passages for span in p.spans
        )
        self.stdout.write(course.slug)
        self.stdout.write(
            f"A private draft: {len(outline.lessons)} lessons, {sentences} sentences, {len(outline.doubts)} doubts. "
            f"Next: look at it as staff at {course.get_absolute_url()}, then add facts and publish it."
        )


def _read(path: Path, encoding: str) -> tuple[Source, Outline]:
    """The text and its outline. Raises CommandError, one line, for whatever cannot be taken."""
    try:
        chosen = _encoding(encoding)
        with path.open("rb") as file:
            data = file.read(BY_COMMAND.megabytes * MEGABYTE + 1)
        source = read_source(data, path.name, encoding=chosen, limits=BY_COMMAND)
        marks = ((mark.start, mark.role) for mark in source.marks)
        return source, read_outline(source.text, marks=marks, most_lines=MOST_LINES)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}") from error
    except (UnreadableSourceError, OutlineError) as error:
        raise CommandError(f"{path}: {error.message}") from error


def _encoding(name: str) -> str:
    """The canonical name of an encoding of documents; raises CommandError for any other."""
    if not name:
        return ""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        found = ""
    if found not in {
        codecs.lookup(known).name for known in (*ENCODINGS, "gbk", "gb2312", "cp950", "big5hkscs", "ascii")
    }:
        raise CommandError(f"There is no encoding {name} here. Choose one of {', '.join(ENCODINGS)}.")
    return found


def _is_unicode(encoding: str | None) -> bool:
    return encoding is None or codecs.lookup(encoding).name.startswith("utf")
