"""Are these inputs well formed? A document to import, what is said of it, and one fact of a sentence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from curriculum.models import Course, Fact, Sentence
from curriculum.proposing import cloze_part
from curriculum.reviewing import span
from curriculum.sources import MEGABYTE, UPLOAD
from quizzes.widgets import SpokenSelect, speak

ENCODINGS = ["utf-8", "utf-16", "big5hkscs", "gb18030", "windows-1252"]
LONGEST_PASTE = 200_000
RELATIONS = [
    ("ENUM.enum", _("list")),
    ("IDENTITY.is", _("what something is")),
    ("IDENTITY.means", _("definition")),
    ("NORM.duty", _("duty")),
    ("NORM.right", _("right")),
    ("NORM.prohibition", _("prohibition")),
    ("NORM.power", _("permission")),
    ("CONDITION.requirement", _("requirement")),
    ("GOAL.purpose", _("purpose")),
    ("GOAL.aim", _("aim")),
    ("EVENT.date", _("date")),
    ("QUANTITY.number", _("number")),
    ("TERM.quoted", _("term")),
    ("META.section_title", _("title of a chapter")),
    ("META.item_title", _("heading")),
    ("STATE.state", _("anything else")),
]


class Labelled(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)


class GiveForm(Labelled):
    """A file or pasted text, not both."""

    file = forms.FileField(
        label=_("A file"), required=False, help_text=_("Plain text, Markdown, HTML or DOCX, at most 10 MB.")
    )
    text = forms.CharField(
        label=_("Or the text itself"),
        required=False,
        max_length=LONGEST_PASTE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Headings, articles and numbered items on lines of their own."),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding of the file"),
        required=False,
        choices=[("", _("Find out")), *((name, name.upper()) for name in ENCODINGS)],
    )

    def clean_file(self) -> UploadedFile[bytes] | None:
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > UPLOAD.megabytes * MEGABYTE:
            raise forms.ValidationError(_("The file is larger than 10 MB."), code="too_large")
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and bool(data.get("file")) == bool((data.get("text") or "").strip()):
            self.add_error("file", _("Choose a file, or paste the text: one of the two."))
        return data


class CourseForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is said about a document."""

    language = forms.ChoiceField(
        label=_("Language of the document"),
        choices=[("zh-Hant", "繁體中文"), ("zh-Hans", "简体中文"), ("en", "English")],
        widget=SpokenSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].widget.spoken = {code: code for code in ("zh-Hant", "zh-Hans", "en")}
        speak(self, self.instance.language, "title", "issuer", "date")

    class Meta:
        model = Course
        fields = ["title", "issuer", "date", "language"]
        labels = {"title": _("Title"), "issuer": _("Issued by"), "date": _("Date, as written")}


class FactForm(Labelled):
    """One fact of a sentence: quotations are given as text and found in the sentence."""

    relation = forms.ChoiceField(label=_("What kind of fact"), choices=RELATIONS)
    subject = forms.CharField(label=_("What it is about"), max_length=300)
    quote = forms.CharField(
        label=_("What the sentence says of it, word for word"), widget=forms.Textarea(attrs={"rows": 2})
    )
    members = forms.CharField(
        label=_("Items of a list, one a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only for lists: word for word, in the order of the sentence."),
    )
    is_closed = forms.BooleanField(label=_("The list is complete"), required=False, initial=True)
    is_repeated = forms.BooleanField(label=_("The same is true of something else too"), required=False)
    pool = forms.CharField(
        label=_("Type of the answer"),
        required=False,
        max_length=40,
        help_text=_("Answers of one type serve as wrong options for each other: duty, date, term…"),
    )
    scope = forms.CharField(label=_("How a question names the place"), max_length=100)
    variants = forms.CharField(
        label=_("Other forms that count as right, one a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, sentence: Sentence, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sentence = sentence
        language = sentence.passage.lesson.course.language
        speak(self, language, "subject", "quote", "members", "scope", "variants")
        chosen = (self.initial or {}).get("relation")
        known = [value for value, _label in RELATIONS]
        if chosen and chosen not in known:
            self.fields["relation"].choices = [*RELATIONS, (chosen, chosen)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Add `values`, the fields of the fact, with every quotation as a span of the course's text."""
        data = super().clean() or {}
        if self.errors:
            return data
        quote = self._found("quote", data["quote"].strip(), 0)
        spans: list[tuple[int, int]] = []
        for line in data["members"].split("\n"):
            if line.strip() and (found := self._found("members", line.strip(), spans[-1][1] if spans else 0)):
                spans.append(found)
        if quote is not None and not self.errors:
            data["values"] = self._values(data, quote, spans)
        return data

    def _found(self, field: str, text: str, behind: int) -> tuple[int, int] | None:
        at = self.sentence.text.find(text, behind)
        if at < 0 or not text:
            self.add_error(field, _("“%(text)s” does not stand in the sentence.") % {"text": text[:60]})
            return None
        return at, at + len(text)

    def _values(self, data: dict[str, Any], quote: tuple[int, int], spans: list[tuple[int, int]]) -> dict[str, Any]:
        family, _dot, relation = data["relation"].partition(".")
        if family == "ENUM" and self.sentence.passage.lesson.course.language == "en":
            relation = "list"
        base, text = self.sentence.start, self.sentence.text
        part = None if spans else cloze_part(self.sentence.as_value(), base + quote[0], base + quote[1])
        return {
            "family": family,
            "relation": relation,
            "subject": data["subject"],
            "start": base + quote[0],
            "end": base + quote[1],
            "text": text[slice(*quote)],
            "members": [{"text": text[a:b], "start": base + a, "end": base + b, "variants": []} for a, b in spans],
            "anchors": [span(part)] if part else [],
            "closed": data["is_closed"],
            "multi_true": data["is_repeated"],
            "pool": data["pool"],
            "scope": data["scope"],
            "variants": [line.strip() for line in data["variants"].split("\n") if line.strip()],
            "status": Fact.Status.ACCEPTED,
        }

    @staticmethod
    def initial_of(fact: Fact) -> dict[str, Any]:
        """What the form shows of a fact."""
        relation = "ENUM.enum" if fact.family == "ENUM" else f"{fact.family}.{fact.relation}"
        return {
            "relation": relation,
            "subject": fact.subject,
            "quote": fact.text,
            "members": "\n".join(member["text"] for member in fact.members),
            "is_closed": fact.closed,
            "is_repeated": fact.multi_true,
            "pool": fact.pool,
            "scope": fact.scope,
            "variants": "\n".join(fact.variants),
        }
