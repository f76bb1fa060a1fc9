"""Which encoding a text is in. Guessed only among those in which Chinese and English documents really come."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes
from django.utils.translation import gettext_lazy as _

from curriculum.sources.text import UnreadableSourceError

ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "big5", "gb18030")
"""What a person may choose from where the guess is wrong."""

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LEGACY = ["big5", "cp950", "big5hkscs", "gb18030"]


def decode(data: bytes, encoding: str = "") -> tuple[str, str]:
    """Text and the name of the encoding: the one given, or else BOM, UTF-8, UTF-16 by its zeros, Big5 or GB18030.

    Raises UnreadableSourceError where the bytes are not text in any of them.
    """
    name = encoding or _by_mark(data) or _strict(data) or _utf16_without_bom(data) or _legacy(data)
    try:
        return data.decode(name), name.removesuffix("-sig")
    except (UnicodeDecodeError, LookupError) as error:
        raise UnreadableSourceError(
            _("The text is not in the encoding %(name)s. Choose another encoding.") % {"name": name}
        ) from error


def _by_mark(data: bytes) -> str:
    return next((name for mark, name in _BOMS if data.startswith(mark)), "")


def _strict(data: bytes) -> str:
    """UTF-8, if the bytes are valid UTF-8 and hold no NUL (ASCII stored as UTF-16 is valid UTF-8 too)."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return "" if b"\0" in data else "utf-8"


def _utf16_without_bom(data: bytes) -> str:
    """The byte order under which more characters are Han, ASCII or CJK punctuation: at least nine in ten."""
    best, share = "", 0.9
    for name in ("utf-16-le", "utf-16-be"):
        try:
            sample = data[: 20_000 & ~1].decode(name) if len(data) % 2 == 0 else ""
        except UnicodeDecodeError:
            continue
        usual = sum(_is_usual(character) for character in sample)
        if sample and usual / len(sample) > share:
            best, share = name, usual / len(sample)
    return best


def _is_usual(character: str) -> bool:
    return (
        character in "\t\r\n"
        or " " <= character <= "~"
        or "\u3000" <= character <= "\u9fff"
        or "！" <= character <= "～"
    )


def _legacy(data: bytes) -> str:
    if b"\0" in data[:100_000]:
        raise UnreadableSourceError(
            _("This looks like a binary file, not a text. Give plain text, Markdown, HTML or DOCX.")
        )
    best = from_bytes(data[:200_000], cp_isolation=_LEGACY).best()
    if best is None:
        raise UnreadableSourceError(_("The encoding of this text could not be told. Choose it from the list."))
    return "gb18030" if best.encoding == "gb18030" else "cp950"
