"""A QTI 3.0 content package: one XML file a question and a manifest, written from 1EdTech's public specification.

Choice, text entry, match and order interactions; scores by the standard `match_correct` and `map_response` templates.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from quizzes.content import BLANK
from quizzes.interchange.portable import Exported, Portable

_ASI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
_TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/"
_PACKAGE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def export(questions: Sequence[Portable], title: str) -> Exported:
    """A ZIP with `imsmanifest.xml` and `items/`; equal questions give equal bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        _write(archive, "imsmanifest.xml", _manifest(questions, title))
        for question in questions:
            _write(archive, _path(question), _item(question))
    return Exported(packed.getvalue())


def _write(archive: zipfile.ZipFile, name: str, root: Element) -> None:
    archive.writestr(zipfile.ZipInfo(name, _EPOCH), tostring(root, encoding="utf-8", xml_declaration=True))


def _path(question: Portable) -> str:
    return f"items/{question.id}.xml"


def _manifest(questions: Sequence[Portable], title: str) -> Element:
    root = Element("manifest", {"xmlns": _PACKAGE, "identifier": "jingdu-bank"})
    metadata = SubElement(root, "metadata")
    SubElement(metadata, "schema").text = "QTI Package"
    SubElement(metadata, "schemaversion").text = "3.0.0"
    SubElement(root, "organizations")
    resources = SubElement(root, "resources")
    for question in questions:
        attributes = {"identifier": f"i-{question.id}", "type": "imsqti_item_xmlv3p0", "href": _path(question)}
        SubElement(SubElement(resources, "resource", attributes), "file", href=_path(question))
    return root


def _item(question: Portable) -> Element:
    root = Element(
        "qti-assessment-item",
        {
            "xmlns": _ASI,
            "identifier": f"i-{question.id}",
            "title": f"{question.lesson} {question.kind} {question.id}",
            "adaptive": "false",
            "time-dependent": "false",
            "xml:lang": "zh-Hant",
        },
    )
    builder = {"matching": _match, "ordering": _order, "enumeration": _gaps}.get(question.kind)
    if question.options:
        builder = _choice
    (builder or _entry)(root, question)
    return root


def _declare(root: Element, identifier: str, cardinality: str, base_type: str, values: Sequence[str]) -> Element:
    names = {"identifier": identifier, "cardinality": cardinality, "base-type": base_type}
    declaration = SubElement(root, "qti-response-declaration", names)
    correct = SubElement(declaration, "qti-correct-response")
    for value in values:
        SubElement(correct, "qti-value").text = value
    return declaration


def _score(root: Element) -> None:
    SubElement(root, "qti-outcome-declaration", {"identifier": "SCORE", "cardinality": "single", "base-type": "float"})


def _map(declaration: Element, rows: Sequence[tuple[str, float]]) -> None:
    mapping = SubElement(declaration, "qti-mapping", {"default-value": "0", "lower-bound": "0", "upper-bound": "1"})
    for key, value in rows:
        SubElement(mapping, "qti-map-entry", {"map-key": key, "mapped-value": f"{value:g}", "case-sensitive": "false"})


def _finish(root: Element, template: str) -> None:
    SubElement(root, "qti-response-processing", {"template": f"{_TEMPLATES}{template}.xml"})


def _choice(root: Element, question: Portable) -> None:
    options = question.options or ()
    _declare(root, "RESPONSE", "single", "identifier", [f"o{options.index(str(question.key))}"])
    _score(root)
    body = SubElement(root, "qti-item-body")
    interaction = SubElement(
        body, "qti-choice-interaction", {"response-identifier": "RESPONSE", "max-choices": "1", "shuffle": "false"}
    )
    SubElement(interaction, "qti-prompt").text = question.stem_with_blank
    for index, option in enumerate(options):
        SubElement(interaction, "qti-simple-choice", {"identifier": f"o{index}"}).text = option
    _finish(root, "match_correct")


def _entry(root: Element, question: Portable) -> None:
    declaration = _declare(root, "RESPONSE", "single", "string", [str(question.key)])
    _map(declaration, [(str(form), 1) for form in dict.fromkeys([question.key, *question.accepted])])
    _score(root)
    paragraph = SubElement(SubElement(root, "qti-item-body"), "p")
    before, blank, after = question.stem.partition(BLANK)
    paragraph.text = before if blank else f"{question.stem} "
    SubElement(paragraph, "qti-text-entry-interaction", {"response-identifier": "RESPONSE"}).tail = after
    _finish(root, "map_response")


def _gaps(root: Element, question: Portable) -> None:
    """One line, members separated by 、, scored as a set by the people who use the package."""
    _declare(root, "RESPONSE", "ordered", "string", [str(member) for member in question.key])
    _score(root)
    body = SubElement(root, "qti-item-body")
    names = {"response-identifier": "RESPONSE", "max-strings": str(len(question.key))}
    interaction = SubElement(body, "qti-extended-text-interaction", names)
    SubElement(interaction, "qti-prompt").text = question.stem
    _finish(root, "match_correct")


def _order(root: Element, question: Portable) -> None:
    shown = sorted(question.key)
    _declare(root, "RESPONSE", "ordered", "identifier", [f"s{shown.index(step)}" for step in question.key])
    _score(root)
    body = SubElement(root, "qti-item-body")
    interaction = SubElement(body, "qti-order-interaction", {"response-identifier": "RESPONSE", "shuffle": "true"})
    SubElement(interaction, "qti-prompt").text = question.stem
    for index, step in enumerate(shown):
        SubElement(interaction, "qti-simple-choice", {"identifier": f"s{index}"}).text = step
    _finish(root, "match_correct")


def _match(root: Element, question: Portable) -> None:
    pairs = [f"p{index} r{question.responses.index(response)}" for index, (_, response) in enumerate(question.pairs)]
    declaration = _declare(root, "RESPONSE", "multiple", "directedPair", pairs)
    _map(declaration, [(pair, 1 / len(pairs)) for pair in pairs])
    _score(root)
    body = SubElement(root, "qti-item-body")
    names = {"response-identifier": "RESPONSE", "max-associations": str(len(pairs)), "shuffle": "true"}
    interaction = SubElement(body, "qti-match-interaction", names)
    SubElement(interaction, "qti-prompt").text = question.stem
    columns = (("p", [premise for premise, _ in question.pairs]), ("r", question.responses))
    for letter, texts in columns:
        column = SubElement(interaction, "qti-simple-match-set")
        for index, text in enumerate(texts):
            attributes = {"identifier": f"{letter}{index}", "match-max": "1"}
            SubElement(column, "qti-simple-associable-choice", attributes).text = text
    _finish(root, "map_response")
