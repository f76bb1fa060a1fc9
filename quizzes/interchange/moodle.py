"""Moodle XML: the question types shortanswer, multichoice, matching, ordering, and cloze for enumerations.

Written from the format's public description (docs.moodle.org, "Moodle XML format"). The id travels in `idnumber`, the
kind and the lesson in tags, the evidence in the general feedback, so that a file that comes back finds its questions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement, indent, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.html import escape, strip_tags
from django.utils.translation import gettext_lazy as _

from quizzes.content import BLANK
from quizzes.interchange.portable import Exported, Parsed, Portable, Refusal, UnreadableBankError

_TYPES = {"choice": "multichoice", "short_answer": "shortanswer", "matching": "matching", "ordering": "ordering"}
_KINDS = {moodle: kind for kind, moodle in _TYPES.items()}


def export(questions: Sequence[Portable], title: str) -> Exported:
    """A `<quiz>` with one category named for the course."""
    quiz = Element("quiz")
    category = SubElement(SubElement(quiz, "question", type="category"), "category")
    SubElement(category, "text").text = "$course$/top/" + title.replace("/", "//")
    for question in questions:
        _add(quiz, question)
    indent(quiz, " ")
    return Exported(tostring(quiz, encoding="utf-8", xml_declaration=True))


def _add(quiz: Element, question: Portable) -> None:
    kind = "choice" if question.options else "short_answer" if question.kind == "cloze" else question.kind
    node = SubElement(quiz, "question", type=_TYPES.get(kind, "cloze"))
    _text(node, "name", f"{question.lesson} {question.kind} {question.id}".strip())
    stem = escape(question.stem_with_blank)
    _text(
        node, "questiontext", f"<p>{stem}</p>{_gaps(question)}" if kind == "enumeration" else f"<p>{stem}</p>", "html"
    )
    _text(node, "generalfeedback", f"<blockquote>{escape(question.quote)}</blockquote>", "html")
    SubElement(node, "idnumber").text = question.id
    if kind == "choice":
        SubElement(node, "single").text = "true"
        SubElement(node, "shuffleanswers").text = "0"
        for option in question.options or ():
            _answer(node, option, 100 if option == question.key else 0, "html")
    elif kind == "short_answer":
        SubElement(node, "usecase").text = "0"
        for form in [question.key, *question.accepted]:
            _answer(node, str(form).replace("*", "\\*"), 100)
    elif kind == "matching":
        SubElement(node, "shuffleanswers").text = "1"
        _pairs(node, question)
    elif kind == "ordering":
        for step in question.key:
            _answer(node, step, 1)
    tags = SubElement(node, "tags")
    for tag in (f"jingdu:{question.kind}", f"lesson:{question.lesson}"):
        _text(tags, "tag", tag)


def _text(parent: Element, name: str, text: str, format: str = "") -> Element:
    node = SubElement(parent, name, {"format": format} if format else {})
    SubElement(node, "text").text = text
    return node


def _answer(node: Element, text: str, fraction: int, format: str = "") -> None:
    answer = SubElement(node, "answer", {"fraction": str(fraction)} | ({"format": format} if format else {}))
    SubElement(answer, "text").text = escape(text) if format == "html" else text


def _pairs(node: Element, question: Portable) -> None:
    """Pairs, then the responses that belong to nothing: Moodle keeps those as pairs without a question."""
    used = {response for _, response in question.pairs}
    extras = [["", response] for response in question.responses if response not in used]
    for premise, response in [*question.pairs, *extras]:
        pair = SubElement(node, "subquestion", format="html")
        SubElement(pair, "text").text = escape(premise)
        SubElement(SubElement(pair, "answer"), "text").text = response


def _gaps(question: Portable) -> str:
    """One gap a member; each takes any member, since the order is free. A variant's feedback names its member."""
    variants = [
        (str(form), str(member)) for member, more in zip(question.key, question.accepted, strict=False) for form in more
    ]
    forms = [f"={_cloze_escape(str(member))}" for member in question.key]
    forms += [f"={_cloze_escape(form)}#{_cloze_escape(member)}" for form, member in variants]
    gap = escape("{1:SHORTANSWER:" + "~".join(forms) + "}")
    return f"<p>{gap}</p>" * len(question.key)


def _cloze_escape(text: str) -> str:
    return re.sub(r'([}#~/"\\])', r"\\\1", text)


def parse(data: bytes) -> Parsed:
    """Read a `<quiz>`; other question types are refused one by one. Raises UnreadableBankError for other files."""
    try:
        quiz = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise UnreadableBankError(_("This is not a well-formed Moodle XML file.")) from error
    if quiz.tag != "quiz":
        raise UnreadableBankError(_("This XML file is not a Moodle question file."))
    taken: list[Portable] = []
    refused: list[Refusal] = []
    for number, node in enumerate((n for n in quiz.iter("question") if n.get("type") != "category"), start=1):
        question = _read(node)
        if isinstance(question, Portable):
            taken.append(question)
        else:
            refused.append(Refusal(_line(node, "name") or str(number), question))
    return Parsed(tuple(taken), tuple(refused))


def _read(node: Element) -> Portable | str:
    """The question, or why not."""
    tags = [tag.strip() for tag in (text.text or "" for text in node.findall("tags/tag/text"))]
    kind = next((tag.removeprefix("jingdu:") for tag in tags if tag.startswith("jingdu:")), "")
    moodle_type = node.get("type", "")
    if moodle_type not in _KINDS and kind != "enumeration":
        return str(_("Questions of the type “%(type)s” cannot be taken.") % {"type": moodle_type})
    stem, gaps = _stem(node)
    fields: dict[str, Any] = {
        "stem": stem.replace("_____", BLANK),
        "id": (node.findtext("idnumber") or "").strip(),
        "lesson": next((tag.removeprefix("lesson:") for tag in tags if tag.startswith("lesson:")), ""),
        "quote": _plain(node.findtext("generalfeedback/text") or ""),
    }
    reader = {"choice": _read_choice, "short_answer": _read_typed, "matching": _read_pairs, "ordering": _read_order}
    if kind == "enumeration":
        return _read_gaps(gaps, fields)
    question = reader[_KINDS[moodle_type]](node, fields)
    if isinstance(question, str) or kind != "cloze":
        return question
    return Portable(**{name: getattr(question, name) for name in Portable.__slots__} | {"kind": "cloze"})


def _line(node: Element, name: str) -> str:
    return _plain(node.findtext(f"{name}/text") or "")


def _plain(text: str) -> str:
    """Text without tags and entities, on one line."""
    bare = strip_tags(text)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
        bare = bare.replace(entity, character)
    return " ".join(bare.split())


def _stem(node: Element) -> tuple[str, list[str]]:
    raw = node.findtext("questiontext/text") or ""
    gaps = re.findall(r"\{1:SHORTANSWER:.*?(?<!\\)\}", _plain(raw))
    return _plain(re.sub(r"<p>\{1:SHORTANSWER:.*?(?<!\\)\}</p>", "", raw)), gaps


def _answers(node: Element) -> list[tuple[str, float]]:
    is_html = {answer: answer.get("format") == "html" for answer in node.findall("answer")}
    return [
        (_plain(answer.findtext("text") or "") if html else (answer.findtext("text") or "").strip(), _fraction(answer))
        for answer, html in is_html.items()
    ]


def _fraction(answer: Element) -> float:
    try:
        return float(answer.get("fraction", "0"))
    except ValueError:
        return 0.0


def _read_choice(node: Element, fields: dict[str, Any]) -> Portable | str:
    answers = _answers(node)
    keys = [text for text, fraction in answers if fraction >= 100]
    if len(keys) != 1 or any(0 < fraction < 100 for _, fraction in answers):
        return str(_("A choice question must have exactly one right answer."))
    return Portable(kind="choice", key=keys[0], options=tuple(text for text, _ in answers), **fields)


def _read_typed(node: Element, fields: dict[str, Any]) -> Portable | str:
    forms = [text.replace("\\*", "*") for text, fraction in _answers(node) if fraction >= 100]
    if not forms:
        return str(_("A typed question must have a right answer."))
    if any("*" in text.replace("\\*", "") for text, _ in _answers(node)):
        return str(_("Wildcards in answers cannot be taken: list the accepted forms."))
    return Portable(kind="short_answer", key=forms[0], accepted=tuple(forms[1:]), **fields)


def _read_pairs(node: Element, fields: dict[str, Any]) -> Portable | str:
    rows = [
        (_plain(pair.findtext("text") or ""), (pair.findtext("answer/text") or "").strip())
        for pair in node.findall("subquestion")
    ]
    pairs = [[premise, response] for premise, response in rows if premise]
    if len(pairs) < 3 or len({response for _, response in pairs}) < len(pairs):
        return str(_("A matching question needs at least three pairs with different answers."))
    return Portable(kind="matching", key=pairs, responses=tuple(response for _, response in rows), **fields)


def _read_order(node: Element, fields: dict[str, Any]) -> Portable | str:
    steps = [text for text, _ in _answers(node)]
    if len(steps) < 3:
        return str(_("An ordering question needs at least three steps."))
    return Portable(kind="ordering", key=steps, **fields)


def _read_gaps(gaps: list[str], fields: dict[str, Any]) -> Portable | str:
    """Members are the forms without feedback; a form with feedback is another form of the member it names."""
    forms = re.findall(r"=((?:\\.|[^~}#\\])*)(?:#((?:\\.|[^~}\\])*))?", gaps[0]) if gaps else []
    rows = [(re.sub(r"\\(.)", r"\1", form), re.sub(r"\\(.)", r"\1", member)) for form, member in forms]
    members = [form for form, member in rows if not member]
    if not members:
        return str(_("The gaps of this question cannot be read."))
    accepted = tuple([form for form, of in rows if of == member] for member in members)
    return Portable(kind="enumeration", key=members, accepted=accepted, **fields)
