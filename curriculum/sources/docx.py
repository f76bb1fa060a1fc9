"""DOCX as paragraphs with heading marks, read so that a hostile file costs nothing.

A DOCX is a ZIP of XML. Before anything is unpacked the directory is looked at: number of parts, unpacked size, ratio,
encryption, names. The XML is read by defusedxml with document types forbidden, so there are no entities to expand and
nothing outside to fetch.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext_lazy as _

from curriculum.sources.text import Block, Source, UnreadableSourceError, from_blocks

MAX_PARTS = 2_000
MAX_UNPACKED_BYTES = 60_000_000
MAX_XML_BYTES = 20_000_000
MAX_RATIO = 200
MAX_CELL = 60
"""Characters of a table cell up to which its row is read as one line."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?:heading|titre|überschrift|標題|标题)\s*([1-6])$", re.IGNORECASE)


def read_docx(data: bytes) -> Source:
    """Paragraphs in order, also those in tables; deleted text and field codes are left out.

    Raises UnreadableSourceError for what is no DOCX, is damaged, encrypted or too large when unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bomb(archive)
            if "word/document.xml" not in archive.namelist():
                raise UnreadableSourceError(_("This is a ZIP file but not a DOCX. Unpack it and give the text."))
            document = _xml(archive, "word/document.xml")
            roles = _heading_styles(archive)
    except (zipfile.BadZipFile, EOFError, ParseError, DefusedXmlException, NotImplementedError, RuntimeError) as error:
        raise UnreadableSourceError(_("This DOCX is damaged, encrypted or not allowed. Save it again.")) from error
    return from_blocks(_paragraphs(document, roles), format="docx", encoding="utf-8")


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if (
        len(parts) > MAX_PARTS
        or unpacked > MAX_UNPACKED_BYTES
        or (unpacked > 1_000_000 and unpacked / packed > MAX_RATIO)
    ):
        raise UnreadableSourceError(_("This file would be too large when unpacked."))


def _xml(archive: zipfile.ZipFile, name: str) -> Element:
    """Parse one part; the size is checked while reading, since a directory may lie."""
    with archive.open(name) as part:
        data = part.read(MAX_XML_BYTES + 1)
    if len(data) > MAX_XML_BYTES:
        raise UnreadableSourceError(_("This file would be too large when unpacked."))
    root: Element = fromstring(data, forbid_dtd=True)
    return root


def _heading_styles(archive: zipfile.ZipFile) -> dict[str, str]:
    """Style id -> "h1" to "h6", by the style's name, whatever language Word was in."""
    if "word/styles.xml" not in archive.namelist():
        return {}
    roles = {}
    for style in _xml(archive, "word/styles.xml").iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        label = name.get(f"{_W}val", "") if name is not None else ""
        if match := _HEADING.match(label):
            roles[style.get(f"{_W}styleId", "")] = f"h{match[1]}"
        elif label.lower() == "title":
            roles[style.get(f"{_W}styleId", "")] = "h1"
    return roles


def _paragraphs(document: Element, roles: dict[str, str]) -> Iterator[Block]:
    """A block for each line; a table row of short cells is one line."""
    of_rows: set[Element] = set()
    for node in document.iter():
        if node.tag == f"{_W}tr" and (row := _short_row(node)):
            of_rows.update(node.iter(f"{_W}p"))
            yield Block(row)
        elif node.tag == f"{_W}p" and node not in of_rows:
            yield from _lines(node, roles)


def _short_row(row: Element) -> str:
    """The cells of a row in one line; "" where they hold several paragraphs or long ones."""
    cells = [[_text(paragraph) for paragraph in cell.iter(f"{_W}p")] for cell in row.iter(f"{_W}tc")]
    is_short = len(cells) > 1 and all(len(cell) == 1 and len(cell[0]) <= MAX_CELL for cell in cells)
    return " ".join(" ".join(cell) for cell in cells) if is_short else ""


def _lines(paragraph: Element, roles: dict[str, str]) -> Iterator[Block]:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    style_id = style.get(f"{_W}val", "") if style is not None else ""
    role = roles.get(style_id, "")
    if not role and (match := re.fullmatch(r"Heading([1-6])", style_id)):
        role = f"h{match[1]}"
    if not role and paragraph.find(f"{_W}pPr/{_W}numPr") is not None:
        role = "li"
    return (Block(line, role) for line in _text(paragraph).split("\n"))


def _text(paragraph: Element) -> str:
    pieces = []
    for run in paragraph.iter(f"{_W}r"):
        for node in run:
            if node.tag == f"{_W}t":
                pieces.append(node.text or "")
            elif node.tag in (f"{_W}br", f"{_W}cr"):
                pieces.append("\n")
            elif node.tag == f"{_W}tab":
                pieces.append(" ")
    return "".join(pieces)
