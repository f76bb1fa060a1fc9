"""Making and changing what is set. Times are typed and shown in the class's zone."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import F
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timezone import is_aware
from django.utils.translation import gettext_lazy as _

from classrooms.choosing import RowsField
from classrooms.models import Assignment, Classroom, Extension, Member
from classrooms.publishing import default_title
from classrooms.terms import NoSuchTimeError, instant
from classrooms.widgets import NamedInput, NamedSelect
from curriculum.models import Course, Lesson
from curriculum.reading import display
from curriculum.templatetags.document import language_of, listed
from quizzes.models import Attempt, Kind, Question

COMMON: tuple[str, ...] = ("title", "instructions", "lessons", "opens_at", "due_at", "late", "late_penalty", "points")
WHOM: tuple[str, ...] = ("groups", "members")
WHAT = ("title", "instructions", "lessons", "target", "target_share", "review_days", "kinds", "count")
MORE = ("late_penalty", "points", "counts", "is_same_for_all", "is_shuffled", "is_free", "form", "pretest")
NO_SUCH_TIME = {
    "missing": _("The clocks skip this time on that day. Choose another."),
    "twice": _("The clocks show this time twice on that day. Choose another."),
    "year": _("Choose a year between 2000 and 2100."),
}


class ClassTimeField(forms.DateTimeField):
    """A time on the clocks of a class. A time that does not exist there, or exists twice, is refused."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **options)
        self.zone = ZoneInfo("UTC")

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(UTC):  # which has every time once, so that only the class's clocks are asked
            typed = super().to_python(value)
        if typed is None:
            return None
        try:
            return instant(typed.replace(tzinfo=None), self.zone)
        except NoSuchTimeError as problem:
            raise forms.ValidationError(NO_SUCH_TIME[problem.code], code=problem.code) from None

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and is_aware(value):
            return value.astimezone(self.zone).replace(tzinfo=None)
        return value


class AssignmentForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is common to the three sorts: what, for whom, when."""

    opens_at = ClassTimeField(label=_("Opens"), required=False, help_text=_("Empty: as soon as it is set."))
    due_at = ClassTimeField(label=_("Due time"), required=False, help_text=_("Empty: whenever they like."))
    expected = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Assignment
        fields: tuple[str, ...] = (*COMMON, *WHOM)
        field_classes = dict.fromkeys(("lessons", *WHOM), RowsField)
        widgets = {
            "title": NamedInput,
            "lessons": forms.CheckboxSelectMultiple,
            "groups": forms.CheckboxSelectMultiple,
            "members": forms.CheckboxSelectMultiple,
            "late": forms.RadioSelect,
            "instructions": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "title": _("Empty: named for its lessons."),
            "lessons": _("None chosen: all of them."),
            "groups": _("No group and no learner chosen: the whole class."),
        }

    def __init__(self, *args: Any, classroom: Classroom, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | options)
        self.classroom = classroom
        self.instance.classroom = classroom
        self.fields["title"].required = False
        self.initial = {**self.initial, "expected": self.instance.revision}
        for name in ("opens_at", "due_at"):
            self.fields[name].zone = classroom.zone  # type: ignore[attr-defined]
        self._offer("lessons", Lesson.objects.filter(course=classroom.course_id).order_by("order"))
        self._offer("groups", classroom.groups.all())
        self._offer("members", _learners(classroom))

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields.get(name)
        if field is not None:
            field.queryset = rows  # type: ignore[attr-defined]
            field.label_from_instance = partial(_labelled, course=self.classroom.course)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        due_at = data.get("due_at")
        if due_at and data.get("opens_at") and due_at <= data["opens_at"]:
            self.add_error("due_at", _("It must be due after it opens."))
        if not due_at and not self.has_error("due_at") and data.get("late") == Assignment.Late.CLOSE:
            self.add_error("due_at", _("Say when it is due, or what should close?"))
        lessons = [lesson.heading or lesson.title for lesson in data.get("lessons") or ()]
        if not data.get("title"):
            data["title"] = self.instance.title = default_title(self.instance, lessons)
        return data

    def differences(self) -> list[tuple[str, str]]:
        """What the row holds now and this form would overwrite, as (label, value); the form may then be sent again."""
        theirs = type(self)(classroom=self.classroom, instance=Assignment.objects.get(pk=self.instance.pk))
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed["expected"] = str(theirs.instance.revision)
        self.data = typed
        names = [name for name in self.fields if name != "expected"]
        return [
            (str(self.fields[name].label), _words(theirs, name))
            for name in names
            if theirs.fields[name].has_changed(theirs.get_initial_for_field(theirs.fields[name], name), self[name].data)
        ]

    @property
    def parts(self) -> tuple[tuple[str, list[Any]], ...]:
        """The fields under the headings of the page; what is seldom changed comes last."""
        what = [name for name in self.fields if name in WHAT]
        how = [name for name in self.fields if name not in (*WHAT, *WHOM, "expected")]
        whom = [name for name in WHOM if self.fields[name].queryset.exists()]  # type: ignore[attr-defined]
        plain = [name for name in how if name not in MORE]
        more = [name for name in self.fields if name in MORE]
        heads = ("what", what), ("whom", whom), ("when", plain), ("more", more)
        return tuple((head, [self[name] for name in names]) for head, names in heads)


class PracticeForm(AssignmentForm):
    class Meta(AssignmentForm.Meta):
        fields: tuple[str, ...] = (*COMMON, *WHOM, "target", "target_share")
        help_texts = AssignmentForm.Meta.help_texts | {"lessons": _("Choose at least one.")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["lessons"].required = True
        self.fields["lessons"].error_messages["required"] = _("Choose at least one lesson.")


class ReviewForm(AssignmentForm):
    class Meta(AssignmentForm.Meta):
        fields: tuple[str, ...] = (*(name for name in COMMON if name != "lessons"), *WHOM, "review_days")


class QuizForm(AssignmentForm):
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of question"),
        choices=Kind,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them."),
    )

    class Meta(AssignmentForm.Meta):
        fields: tuple[str, ...] = (
            *COMMON,
            *WHOM,
            "kinds",
            "count",
            "is_same_for_all",
            "form",
            "pretest",
            "minutes",
            "attempts",
            "counts",
            "is_shuffled",
            "is_free",
            "feedback",
        )
        widgets = AssignmentForm.Meta.widgets | {"feedback": forms.RadioSelect}
        help_texts = AssignmentForm.Meta.help_texts | {
            "count": _("Questions picked by hand are asked instead; they are picked after saving."),
            "minutes": _("Empty: no time limit. Learners with more time get theirs."),
            "form": _("Half of the learners get form A, half form B; in the post-test each gets the other one."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        others = Assignment.objects.filter(classroom=self.classroom, form=Assignment.Form.PRE)
        self._offer("pretest", others.exclude(pk=self.instance.pk).order_by("pk"))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("form") == Assignment.Form.POST and not data.get("pretest"):
            self.add_error("pretest", _("Choose the pre-test that this one answers to."))
        if data.get("form") != Assignment.Form.POST:
            data["pretest"] = None
        no_due = not data.get("due_at") and not self.has_error("due_at")
        if data.get("feedback") == Attempt.Feedback.LATER and no_due:
            self.add_error("due_at", _("Answers are shown after the due time: say when that is."))
        return data


FORMS: dict[str, type[AssignmentForm]] = {
    Assignment.Sort.PRACTICE: PracticeForm,
    Assignment.Sort.REVIEW: ReviewForm,
    Assignment.Sort.QUIZ: QuizForm,
}


class ExtensionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Another due time, or further attempts, for one learner."""

    due_at = ClassTimeField(label=_("Due for this learner"), required=False)

    class Meta:
        model = Extension
        fields = ("member", "due_at", "extra_attempts")
        labels = {"member": _("Learner")}
        widgets = {"member": NamedSelect}

    def __init__(self, *args: Any, assignment: Assignment, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | options)
        self.assignment = assignment
        self.instance.assignment = assignment
        self.fields["due_at"].zone = assignment.classroom.zone  # type: ignore[attr-defined]
        self.fields["member"].queryset = _learners(assignment.classroom)  # type: ignore[attr-defined]
        self.fields["member"].label_from_instance = _shown  # type: ignore[attr-defined]
        if not assignment.is_quiz:
            del self.fields["extra_attempts"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("due_at") and not data.get("extra_attempts") and not self.errors:
            self.add_error(None, _("Give another due time or further attempts."))
        opens_at = self.assignment.opens_at
        if data.get("due_at") and opens_at and data["due_at"] <= opens_at:
            self.add_error("due_at", _("It must be due after it opens."))
        return data


class LessonSelect(forms.Select):
    """Lessons to choose from, each in the language of the document."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self.lang = lang

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        made = super().create_option(name, value, *args, **options)
        return made | {"attrs": made["attrs"] | ({"lang": self.lang} if value else {})}


class SearchForm(forms.Form):
    """Questions to pick from."""

    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    lesson = forms.ModelChoiceField(Lesson.objects.none(), label=_("Lesson"), required=False, empty_label=_("all"))
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("all")), *Kind.choices], required=False)
    only = forms.BooleanField(label=_("Only those picked"), required=False)

    def __init__(self, *args: Any, classroom: Classroom, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | options)
        lessons = Lesson.objects.filter(course=classroom.course_id).order_by("order")
        self.fields["lesson"].widget = LessonSelect(display(classroom.course, "hant").lang)
        self.fields["lesson"].queryset = lessons  # type: ignore[attr-defined]
        self.fields["lesson"].label_from_instance = _shown  # type: ignore[attr-defined]

    def found(self, assignment: Assignment) -> Any:
        """The active questions that fit, in the order of the document; all for a search that is none."""
        asked = self.cleaned_data if self.is_valid() else {}
        rows = Question.objects.active().filter(course=assignment.classroom.course_id).exclude(current=None)
        if asked.get("q"):
            rows = rows.filter(current__body__stem__icontains=asked["q"])
        if asked.get("lesson"):
            rows = rows.filter(lesson=asked["lesson"])
        if asked.get("kind"):
            rows = rows.filter(kind=asked["kind"])
        if asked.get("only"):
            rows = rows.filter(assignments=assignment)
        return rows.select_related("current", "lesson").order_by("lesson__order", "key")


def _learners(classroom: Classroom) -> Any:
    rows = Member.objects.active().learners().filter(classroom=classroom).select_related("user")
    return rows.order_by(F("name").asc(), "user__display_name", "user__username", "pk")


def _words(form: AssignmentForm, name: str) -> str:
    """The value of a field as it is shown to be chosen."""
    field, value = form.fields[name], form[name].value()
    if isinstance(field, forms.ModelMultipleChoiceField):
        return listed((_shown(row) for row in value or ()), ",")
    if isinstance(field, forms.ChoiceField):
        chosen = {str(one) for one in value} if isinstance(value, list) else {str(value)}
        return listed((label for key, label in field.choices if str(key) in chosen), ",")  # type: ignore[union-attr, misc]
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return str(_("yes") if value is True else _("no") if value is False else "" if value is None else value)


def _shown(row: Any) -> str:
    if isinstance(row, Member):
        return row.shown_name
    return str(row)


def _labelled(row: Any, *, course: Course) -> str:
    """As `_shown`, a lesson in the language of its document, a person or group in that of the name."""
    lang = display(course, "hant").lang if isinstance(row, Lesson) else language_of(_shown(row), "zh-Hant")
    return format_html('<span lang="{}">{}</span>', lang, _shown(row))
