"""A bank in other programs' formats, and back: Moodle XML, GIFT, QTI 3.0, Anki, CSV and Jingdu's own JSON. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quizzes.interchange import anki, gift, jingdu, moodle, qti, table
from quizzes.interchange.portable import Exported, Parsed, Portable

__all__ = ["FORMATS", "Exported", "Format", "Parsed", "Portable"]


@dataclass(frozen=True, slots=True)
class Format:
    """One file format. `parse` is None where Jingdu writes it but does not read it."""

    name: Promise
    suffix: str
    media_type: str
    export: Callable[[Sequence[Portable], str], Exported]
    parse: Callable[[bytes], Parsed] | None = None


FORMATS = {
    "moodle": Format(_("Moodle XML"), ".xml", "application/xml", moodle.export, moodle.parse),
    "gift": Format(_("GIFT"), ".gift.txt", "text/plain; charset=utf-8", gift.export, gift.parse),
    "json": Format(_("Jingdu JSON"), ".json", "application/json", jingdu.export, jingdu.parse),
    "qti": Format(_("QTI 3.0 package"), ".qti.zip", "application/zip", qti.export),
    "anki": Format(_("Anki text"), ".anki.txt", "text/plain; charset=utf-8", anki.export),
    "csv": Format(_("CSV table"), ".csv", "text/csv; charset=utf-8", table.export),
}
