"""What can be asked of a report in its address. A value that is no answer falls back to the usual one, and says so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from classrooms.models import Assignment, Classroom, Group
from classrooms.widgets import NamedSelect
from curriculum.models import Course
from curriculum.reading import Display
from curriculum.script import shown
from quizzes.models import Kind
from reports import flags

FURTHEST = timedelta(days=366 * 2)

EARLIEST = date(1900, 1, 1)
"""No class is older, and the first days there are have no moment in UTC."""


class ThenForm(forms.Form):
    """A date on which to estimate recall: from today, two years ahead at most."""

    then = forms.DateField(required=False, label=_("Recall on"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.today = today

    def clean_then(self) -> date | None:
        then: date | None = self.cleaned_data["then"]
        if then is not None and not self.today <= then <= self.today + FURTHEST:
            raise forms.ValidationError(_("Choose a day from today on, within two years."))
        return then

    def chosen(self) -> date | None:
        """The date, None where none (or none that can be) was asked for."""
        return self.cleaned_data.get("then") if self.is_valid() else None


class DocumentSelect(forms.Select):
    """Options in the language of the document, after a first one in that of the page."""

    lang = ""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if value:
            option["attrs"]["lang"] = self.lang
        return option


class ItemFilterForm(forms.Form):
    """Which questions of a report to show, and in which order. Every field may be left open."""

    lesson = forms.ChoiceField(label=_("Lesson"), required=False, widget=DocumentSelect)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("any")), *Kind.choices], required=False)
    flag = forms.ChoiceField(
        label=_("To be looked at"),
        choices=[
            ("", _("all questions")),
            ("any", _("those with a reason")),
            (flags.KEY, _("key may be wrong")),
            (flags.STRONG_MISS, _("strong learners miss it")),
            (flags.CONTESTED, _("contested")),
            (flags.GUESS, _("no better than guessing")),
            (flags.DEAD, _("an option nobody chooses")),
            (flags.EASY_ITEM, _("too easy")),
            (flags.SLOW, _("slow")),
        ],
        required=False,
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        choices=[
            ("", _("what to look at first")),
            ("right", _("hardest first")),
            ("separates", _("what separates least first")),
            ("time", _("slowest first")),
            ("n", _("most answers first")),
            ("document", _("as in the document")),
        ],
        required=False,
    )

    def __init__(self, *args: Any, course: Course, display: Display, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        lessons = [(lesson.key, shown(lesson.heading, display.script)) for lesson in course.lessons.all()]
        self.fields["lesson"].choices = [("", _("any")), *lessons]  # type: ignore[attr-defined]
        self.fields["lesson"].widget.lang = display.lang

    @property
    def wanted(self) -> dict[str, str]:
        """The filters that are set; what is not on offer is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class OverviewForm(forms.Form):
    """Which learners of a class, and since when changes are counted."""

    since = forms.DateField(required=False, label=_("Changes since"), validators=[MinValueValidator(EARLIEST)])
    group = forms.ModelChoiceField(
        Group.objects.none(), required=False, label=_("Group"), empty_label=_("everybody"), widget=NamedSelect
    )

    def __init__(self, *args: Any, classroom: Classroom, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.fields["group"].queryset = classroom.groups.all()  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """What of it is valid, as arguments of `class_overview`."""
        self.is_valid()
        group = self.cleaned_data.get("group")
        return {"since": self.cleaned_data.get("since"), "group": group.pk if group else None}

    def page(self, count: int, per_page: int) -> Page[int]:
        """The page that `?page=` asks for: the nearest there is."""
        return Paginator(range(count), per_page).get_page(self.data.get("page"))


class CompareForm(forms.Form):
    """Two assignments or two classes of those that a person teaches. Nothing chosen yet is valid."""

    first = forms.ModelChoiceField(
        Assignment.objects.none(), required=False, label=_("First assignment"), widget=NamedSelect
    )
    second = forms.ModelChoiceField(
        Assignment.objects.none(), required=False, label=_("Second assignment"), widget=NamedSelect
    )
    one = forms.ModelChoiceField(Classroom.objects.none(), required=False, label=_("First class"), widget=NamedSelect)
    other = forms.ModelChoiceField(
        Classroom.objects.none(), required=False, label=_("Second class"), widget=NamedSelect
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        classes = Classroom.objects.taught_by(user).select_related("course").defer("course__text")
        work = Assignment.objects.published().filter(classroom__in=classes)
        for name in ("first", "second"):
            field = self.fields[name]
            field.queryset = work.select_related("classroom__course").order_by("classroom__name", "pk")  # type: ignore[attr-defined]
            field.label_from_instance = lambda row: f"{row.classroom.name}: {row.title}"  # type: ignore[attr-defined]
        for name in ("one", "other"):
            self.fields[name].queryset = classes  # type: ignore[attr-defined]

    @property
    def works(self) -> tuple[Assignment | None, Assignment | None]:
        return self.cleaned_data["first"], self.cleaned_data["second"]

    @property
    def classes(self) -> tuple[Classroom | None, Classroom | None]:
        return self.cleaned_data["one"], self.cleaned_data["other"]
