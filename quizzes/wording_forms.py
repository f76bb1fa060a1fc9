"""The wording of one question as a form: fields by kind, and the content that they make."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from curriculum.knowledge import Knowledge
from quizzes.chinese import normal
from quizzes.content import BLANK, Content
from quizzes.wording import LABELS, SEPARATOR, default_hints, edited, lines, quoted, whole, written

MOST_CHARACTERS = 4_000
LISTED = ("options", "accepted", "members", "steps", "pairs", "extras")
OF_KIND = {
    "cloze": ("key", "accepted", "options"),
    "choice": ("options", "key"),
    "short_answer": ("key", "accepted"),
    "enumeration": ("members",),
    "ordering": ("steps",),
    "matching": ("pairs", "extras"),
}
OPTIONAL = {"accepted", "extras"}


class Lines(forms.CharField):
    """A text area of which every line that is not empty is one value."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 5, "spellcheck": "false"})
        super().__init__(max_length=MOST_CHARACTERS, widget=widget, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        return [line.strip() for line in text.splitlines() if line.strip()]

    def run_validators(self, value: Any) -> None:
        super().run_validators("\n".join(value))


class WordingForm(forms.Form):
    """The wording of one question of a known kind. `content` after `is_valid` is what it makes."""

    stem = forms.CharField(
        label=LABELS["stem"], max_length=500, widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
    )
    is_without_hints = forms.BooleanField(label=_("Offer no hints"), required=False)
    reason = forms.CharField(label=_("Reason, for the history of the question"), max_length=400, required=False)

    def __init__(
        self, *args: Any, kind: str, knowledge: Knowledge, before: Content | None = None, **kwargs: Any
    ) -> None:
        if before is not None and "initial" not in kwargs:
            kwargs["initial"] = lines(before) | {"is_without_hints": not before.hints}
        super().__init__(*args, **kwargs)
        self.kind, self.knowledge, self.before = kind, knowledge, before
        self.content: Content | None = None
        for name in self.names():
            required = name not in OPTIONAL and not (kind == "cloze" and name == "options")
            self.fields[name] = Lines(label=LABELS[name], required=required) if name in LISTED else _line(name)
        if kind not in ("choice", "cloze", "short_answer", "enumeration"):
            del self.fields["is_without_hints"]
        for field in self.fields.values():
            if isinstance(field, forms.CharField) and field.label != self.fields["reason"].label:
                field.widget.attrs["lang"] = knowledge.language
        order = ["stem", "evidence", "facts", *self.names(), "is_without_hints", "reason"]
        self.order_fields(order)

    def names(self) -> tuple[str, ...]:
        """The fields of the answer; a cloze keeps the way it is answered."""
        if self.kind == "cloze" and self.before is not None:
            return ("options", "key") if self.before.options else ("key", "accepted")
        return OF_KIND[self.kind]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        if self.kind == "cloze" and BLANK not in data["stem"]:
            self.add_error("stem", _("A gap is written %(blank)s.") % {"blank": BLANK})
        fields = getattr(self, f"_{self._shape(data)}")(dict(data))
        if not self.errors:
            self.content = self.made(fields, data)
        return data

    def _shape(self, data: dict[str, Any]) -> str:
        if self.kind in ("cloze", "choice", "short_answer"):
            return "picked" if data.get("options") or self.kind == "choice" else "typed"
        return self.kind

    def made(self, fields: dict[str, Any], data: dict[str, Any]) -> Content:
        """The content of these fields in place of what the question was before."""
        assert self.before is not None
        facts = fields.pop("facts", None)
        if facts and tuple(facts) != self.before.facts:
            units = dict.fromkeys(self.knowledge.fact_by_id[fact].unit for fact in facts)
            fields["facts"] = tuple(facts)
            fields["evidence"] = tuple(whole(self.knowledge.unit_by_id[unit]) for unit in units)
        changed = edited(self.before, knowledge=self.knowledge, stem=data["stem"], **fields)
        kept = self.before.hints or default_hints(changed)
        return edited(changed, hints=() if data.get("is_without_hints") else kept)

    # The answer by its shape.

    def _typed(self, data: dict[str, Any]) -> dict[str, Any]:
        self._distinct("accepted", [data["key"], *data["accepted"]])
        return {"key": data["key"], "accepted": tuple(data["accepted"])}

    def _picked(self, data: dict[str, Any]) -> dict[str, Any]:
        options = data["options"]
        self._distinct("options", options)
        if data["key"] not in options:
            self.add_error("key", _("The right answer must be one of the options, word for word."))
        if data.get("accepted"):
            self.add_error("accepted", _("A question with options accepts only its options."))
        return {"key": data["key"], "options": tuple(options)}

    def _enumeration(self, data: dict[str, Any]) -> dict[str, Any]:
        rows = [_parts(line) for line in data["members"]]
        self._distinct("members", [form for row in rows for form in row])
        return {"key": [row[0] for row in rows], "accepted": tuple(row[1:] for row in rows)}

    def _ordering(self, data: dict[str, Any]) -> dict[str, Any]:
        self._distinct("steps", data["steps"])
        if len(data["steps"]) < 3:
            self.add_error("steps", _("At least three steps."))
        return {"key": data["steps"]}

    def _matching(self, data: dict[str, Any]) -> dict[str, Any]:
        rows = [_parts(line) for line in data["pairs"]]
        if any(len(row) != 3 for row in rows):
            self.add_error("pairs", _("Each line needs a left side, a right side and a fact, with | between them."))
            return {}
        self._distinct("pairs", [row[0] for row in rows])
        self._distinct("extras", [*(row[1] for row in rows), *data["extras"]])
        facts = [row[2] for row in rows]
        unknown = [fact for fact in facts if fact not in self.knowledge.fact_by_id]
        if unknown:
            self.add_error("pairs", _no_such_fact(unknown))
        return {"key": [row[:2] for row in rows], "extras": data["extras"], "facts": facts}

    def _distinct(self, name: str, texts: Iterable[str]) -> None:
        """Nothing may stand twice: two equal texts are two right answers, or a wrong one that is right."""
        seen: set[str] = set()
        for text in texts:
            if normal(text) in seen:
                self.add_error(name, _("“%(text)s” stands here twice.") % {"text": text})
            seen.add(normal(text))


class EditForm(WordingForm):
    """Another wording for a question that is there. `version` is the one that the person saw."""

    version = forms.IntegerField(min_value=1, max_value=1_000_000, widget=forms.HiddenInput)


class NewForm(WordingForm):
    """A new question: also where the document says so, and which facts it asks about."""

    evidence = Lines(
        label=_("Evidence, one on each line: key of the sentence | words quoted from it (all of it if left out)")
    )
    facts = forms.CharField(
        label=_("Keys of the facts asked about, with spaces between"), max_length=400, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.kind == "matching":
            del self.fields["facts"]

    def clean_evidence(self) -> list[Any]:
        """Each line as evidence: the sentence must exist and the quotation stand in it."""
        found = []
        for line in self.cleaned_data["evidence"]:
            key, *rest = _parts(line)
            unit = self.knowledge.unit_by_id.get(key)
            if unit is None:
                raise forms.ValidationError(_("There is no sentence %(key)s.") % {"key": key})
            evidence = quoted(unit, SEPARATOR.join(rest))
            if evidence is None:
                raise forms.ValidationError(_("These words do not stand in sentence %(key)s.") % {"key": key})
            found.append(evidence)
        return found

    def clean_facts(self) -> list[str]:
        facts: list[str] = self.cleaned_data["facts"].split()
        unknown = [fact for fact in facts if fact not in self.knowledge.fact_by_id]
        if unknown:
            raise forms.ValidationError(_no_such_fact(unknown))
        if not facts:
            raise forms.ValidationError(_("A question asks about at least one fact."))
        return facts

    def made(self, fields: dict[str, Any], data: dict[str, Any]) -> Content:
        facts = fields.pop("facts", None) or data["facts"]
        plain = {"stem": data["stem"], "facts": facts, "evidence": data["evidence"]}
        content = written(self.knowledge, self.kind, **plain, **fields)
        return edited(content, hints=()) if data.get("is_without_hints") else content


def _line(name: str) -> forms.CharField:
    return forms.CharField(label=LABELS[name], max_length=500)


def _parts(line: str) -> list[str]:
    return [part.strip() for part in line.replace("｜", "|").split("|") if part.strip()]


def _no_such_fact(keys: list[str]) -> str:
    words = ngettext("There is no fact %(keys)s.", "There are no facts %(keys)s.", len(keys))
    return words % {"keys": ", ".join(keys)}
