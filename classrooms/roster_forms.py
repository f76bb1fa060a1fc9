"""Is this list well formed? A file or pasted lines, not both."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from classrooms.roster import MAX_BYTES, Roster, UnreadableRosterError, read_file, read_text
from curriculum.sources import ENCODINGS, UnreadableSourceError

LONGEST_PASTE = 200_000


class RosterForm(forms.Form):
    """`cleaned_data["roster"]` is what was read."""

    text = forms.CharField(
        label=_("Names, one a line, or rows copied from a spreadsheet"),
        required=False,
        max_length=LONGEST_PASTE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_(
            "Columns: name, user name, e-mail, group, student number. Only the name is needed; with a line of heads "
            "the columns may stand in any order."
        ),
    )
    file = forms.FileField(label=_("Or a CSV file"), required=False, help_text=_("At most 1 MB and 500 lines."))
    encoding = forms.ChoiceField(
        label=_("Encoding of the file"),
        required=False,
        choices=[("", _("Find out")), *((name, name.upper()) for name in ENCODINGS)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)

    def clean_file(self) -> UploadedFile[bytes] | None:
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 MB. Give the list of one class only."))
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        file, text = data.get("file"), data.get("text") or ""
        if bool(file) == bool(text.strip()):
            self.add_error("text", _("Paste the list, or choose a file: one of the two."))
            return data
        try:
            data["roster"] = self._read(file, text, data["encoding"])
        except (UnreadableRosterError, UnreadableSourceError) as error:
            self.add_error("file" if file else "text", str(error.message))
        return data

    @staticmethod
    def _read(file: Any, text: str, encoding: str) -> Roster:
        return read_file(file.read(), encoding) if file else read_text(text)
