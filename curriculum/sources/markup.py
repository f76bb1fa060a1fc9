"""HTML and Markdown as paragraphs with heading marks. Scripts, styles and comments are dropped, nothing is run."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from curriculum.sources.text import Block, Source, from_blocks

_HEADINGS = {f"h{level}" for level in range(1, 7)}
_BREAKING = _HEADINGS | {
    *("address", "article", "aside", "blockquote", "body", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption"),
    *("figure", "footer", "form", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tr"),
    "ul",
}
_CELLS = {"td", "th"}
MAX_CELL = 60
"""Characters of a row up to which its cells are read as one line: longer ones are paragraphs laid out in a table."""
_FRAME = {"nav", "footer"}
"""What stands around a document on a page, unless it stands in the article itself."""
_SILENT = {"script", "style", "template", "noscript", "head", "svg", "math", "object", "iframe", "select", "textarea"}


class _Paragraphs(HTMLParser):
    """Collects the text between tags that break a line, with the role of the heading or page frame it stands in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._words: list[str] = []
        self._silent = 0
        self._role = ""
        self._frame = 0
        self._article = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        if tag in _BREAKING:
            self.end_block()
        if tag in _CELLS:
            self._next_cell()
        if tag in _HEADINGS:
            self._role = tag
        if tag in ("main", "article", "h1"):
            self._frame = 0  # a menu that nobody closed
        self._article += tag == "article"
        self._frame += tag in _FRAME and not self._article

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and self._silent:
            self._silent -= 1
        if tag in _BREAKING:
            self.end_block()
        if tag in _HEADINGS:
            self._role = ""
        self._article = max(0, self._article - (tag == "article"))
        self._frame = max(0, self._frame - (tag in _FRAME and not self._article))

    def _next_cell(self) -> None:
        """Go on in the line of the row so far where that is short, else begin a line."""
        if sum(map(len, self._words)) > MAX_CELL:
            self.end_block()
        self._words.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._words.append(data)

    def end_block(self) -> None:
        if text := "".join(self._words).strip():
            self.blocks.append(Block(text, "frame" if self._frame else self._role))
        self._words.clear()


def read_html(text: str, *, encoding: str) -> Source:
    """Paragraphs of a page; `<h1>` to `<h6>` become marks, and so does what frames it (menus, the foot of the page).

    A row of short cells is one line. Text in script, style and form controls is left out.
    """
    parser = _Paragraphs()
    parser.feed(text)
    parser.close()
    parser.end_block()
    return from_blocks(parser.blocks, format="html", encoding=encoding)


_ATX = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*$")
_SETEXT = {"=": "h1", "-": "h2"}
_WIDE_END = re.compile(r"[\u3000-\u9fff，。；：！？]$")
_WIDE_START = re.compile(r"[\u3000-\u9fff]")
_INLINE = (
    (re.compile(r"!\[([^\]\n]*)\]\([^)\n]*\)"), r"\1"),
    (re.compile(r"\[([^\]\n]+)\]\([^)\n]*\)"), r"\1"),
    (re.compile(r"(\*\*|__)(?=\S)([^\n]+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"`([^`\n]+)`"), r"\1"),
)


def read_markdown(text: str, *, encoding: str) -> Source:
    """Paragraphs of a Markdown text; `#` and underlined headings become marks, emphasis and links plain words.

    Numbered items keep their number, since the number is how a law or charter is cited.
    """
    blocks: list[Block] = []
    lines: list[str] = []
    for line in [*text.split("\n"), ""]:
        bare = line.strip()
        if heading := _ATX.match(line):
            _end_paragraph(blocks, lines)
            blocks.append(Block(_plain(heading[2]), f"h{len(heading[1])}"))
        elif lines and len(bare) >= 2 and bare[0] in _SETEXT and set(bare) == {bare[0]}:
            blocks.append(Block(_plain("".join(lines)), _SETEXT[bare[0]]))
            lines.clear()
        elif not bare or re.match(r"(\d+[.)]|[-*+]|\([a-z0-9]+\))\s", bare):
            _end_paragraph(blocks, lines)
            lines.extend([bare] if bare else [])
        else:
            lines.append(bare)
    return from_blocks(blocks, format="md", encoding=encoding)


def _end_paragraph(blocks: list[Block], lines: list[str]) -> None:
    """Join the lines of a paragraph: with a space in between, but not between two Han."""
    if lines:
        joined = lines[0]
        for line in lines[1:]:
            joined += line if _WIDE_END.search(joined) and _WIDE_START.match(line) else f" {line}"
        blocks.append(Block(_plain(re.sub(r"^[-*+>]\s+", "", joined))))
        lines.clear()


def _plain(text: str) -> str:
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    return text
