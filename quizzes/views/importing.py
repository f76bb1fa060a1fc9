"""Import a document in four steps: give, look, facts, confirm. Everything is kept in the rows of a private draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.limits import allow
from curriculum import arranging
from curriculum.importing import create_draft
from curriculum.models import Course, Fact, Lesson, Passage, Sentence
from curriculum.outline import OutlineError, read_outline
from curriculum.reviewing import propose_facts
from curriculum.sources import Source, UnreadableSourceError, read_source
from quizzes.fact_forms import CourseForm, GiveForm
from quizzes.forms import row_id
from quizzes.generation import UnknownLanguageError
from quizzes.models import Question
from quizzes.regenerate import FlawedBankError, make_draft, regenerate, report

IMPORTS = "60/h"
MOST_SHOWN, MOST_FAULTS = 100, 12


def own_course(request: HttpRequest, slug: str) -> Course:
    """A course that this person may change; 404 for others."""
    return get_object_or_404(Course.objects.editable_by(request.user), slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
def import_document(request: HttpRequest) -> HttpResponse:
    """Step 1: a file or pasted text becomes a private draft."""
    if getattr(request.user, "is_guest", False):
        raise PermissionDenied(_("Sign up to import a document: a guest's course would be lost with the guest."))
    form = GiveForm(request.POST, request.FILES) if request.method == "POST" else GiveForm()
    if request.method == "POST" and form.is_valid():
        if not allow(request, "import", rate=IMPORTS):
            form.add_error(None, _("Too many imports from here. Try again in an hour."))
        elif course := _drafted(request, form):
            return redirect("quizzes:import_outline", course.slug)
    drafts = Course.objects.filter(owner=request.user.pk, is_published=False).defer("text").order_by("-pk")
    context = {"form": form, "drafts": drafts}
    return render(request, "quizzes/importing/give.html", context, status=422 if form.errors else 200)


def _drafted(request: HttpRequest, form: GiveForm) -> Course | None:
    """The draft; None, with an error at the form, where the document cannot be read."""
    file = form.cleaned_data["file"]
    name = file.name if file else ""
    try:
        if file:
            source = read_source(file.read(), name, encoding=form.cleaned_data["encoding"])
        else:
            source = Source(form.cleaned_data["text"].replace("\r\n", "\n"), "txt", "utf-8")
        outline = read_outline(source.text, marks=[(mark.start, mark.role) for mark in source.marks])
    except (UnreadableSourceError, OutlineError) as error:
        form.add_error("file" if file else "text", str(error.message))
        return None
    with transaction.atomic():
        course = create_draft(outline, source, name=name, owner=request.user)  # type: ignore[arg-type]
        arranging.remember(course, outline)
    return course


@require_http_methods(["GET", "HEAD", "POST"])
def import_outline(request: HttpRequest, course: str) -> HttpResponse:
    """Step 2: the lessons as understood, one at a time beside what was doubted; what is said of the document."""
    found = own_course(request, course)
    form = CourseForm(request.POST if request.method == "POST" else None, instance=found, label_suffix="")
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("quizzes:import_outline", found.slug)
    return _outline_page(request, found, form)


def _outline_page(request: HttpRequest, course: Course, form: CourseForm, problem: str = "") -> HttpResponse:
    lessons = list(course.lessons.order_by("order"))
    key = request.POST.get("shown") or request.GET.get("lesson") or ""
    lesson = next((row for row in lessons if row.key == key), lessons[0] if lessons else None)
    passages = list(lesson.passages.order_by("order").prefetch_related("sentences")) if lesson else []
    spans = [row for passage in passages for row in passage.sentences.all()]
    bounds = (min(row.start for row in spans), max(row.end for row in spans)) if spans else (0, 0)
    context = {
        "course": course,
        "form": form,
        "lessons": lessons,
        "lesson": lesson,
        "passages": [_shown(passage, course.doubts) for passage in passages],
        "doubts": [doubt for doubt in course.doubts if not bounds[0] <= doubt["start"] < bounds[1]][:MOST_SHOWN],
        "excluded": course.excluded[:MOST_SHOWN],
        "problem": problem,
    }
    status = 422 if problem or form.errors else 200
    return render(request, "quizzes/importing/outline.html", context, status=status)


def _shown(passage: Passage, doubts: list[dict[str, Any]]) -> tuple[Passage, list[tuple[Sentence, list[str]]]]:
    """A passage with its sentences, each with the doubts that stand in it."""
    return passage, [
        (row, [doubt["why"] for doubt in doubts if row.start <= doubt["start"] < row.end])
        for row in passage.sentences.all()
    ]


@require_POST
def arrange(request: HttpRequest, course: str) -> HttpResponse:
    """One change to the lessons of a draft: `do` names it, the other fields say where."""
    found = own_course(request, course)
    try:
        if Question.objects.for_course(found).exists():
            raise arranging.ArrangementError(_("Questions have been made already: the lessons stay as they are."))
        _arranged(request, found)
    except arranging.ArrangementError as error:
        form = CourseForm(instance=found, label_suffix="")
        return _outline_page(request, found, form, problem=error.message)
    shown = request.POST.get("shown", "")
    return redirect(f"{reverse('quizzes:import_outline', args=[found.slug])}?lesson={shown}")


def _arranged(request: HttpRequest, course: Course) -> None:
    """Find the row that is meant and do what is asked. 404 for a row of another course or an unknown verb."""
    posted = request.POST
    do, where = posted.get("do", ""), row_id(posted.get("where", ""))
    if do == "include":
        arranging.include(course, where)
    elif do in ("rename_lesson", "merge_lesson"):
        lesson = get_object_or_404(Lesson, course=course, pk=where)
        if do == "merge_lesson":
            arranging.merge_lesson(lesson)
        else:
            arranging.rename_lesson(lesson, posted.get("name", ""))
    elif "split" in posted:
        sentences = Sentence.objects.filter(passage__lesson__course=course)
        arranging.split_passage(get_object_or_404(sentences, pk=row_id(posted["split"])))
    else:
        passage = get_object_or_404(Passage, lesson__course=course, pk=where)
        verbs: dict[str, Callable[[], object]] = {
            "rename_passage": lambda: arranging.rename_passage(passage, posted.get("name", "")),
            "merge_passage": lambda: arranging.merge_passage(passage),
            "split_lesson": lambda: arranging.split_lesson(passage),
            "forward": lambda: arranging.move_passage(passage, forward=True),
            "back": lambda: arranging.move_passage(passage, forward=False),
            "exclude": lambda: arranging.exclude(passage),
        }
        verbs.get(do, lambda: get_object_or_404(Passage, pk=0))()


@require_POST
def propose(request: HttpRequest, course: str) -> HttpResponse:
    """Look for facts by rule, then on to step 3."""
    found = own_course(request, course)
    propose_facts(found)
    return redirect("quizzes:facts", found.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, course: str) -> HttpResponse:
    """Step 4: make the questions, and say how many, which were refused and why, and what is still missing."""
    found = own_course(request, course)
    context: dict[str, Any] = {"course": found}
    if request.method == "POST":
        try:
            if found.is_published:
                context["stored"] = regenerate(found)
            else:
                context["drafted"] = made = make_draft(found)
                context["stored"] = made.stored
        except FlawedBankError as error:
            context["flaws"] = error.report.errors[:MOST_SHOWN]
        except UnknownLanguageError:
            context["unknown"] = found.language
    return _confirm_page(request, found, context)


def _confirm_page(request: HttpRequest, course: Course, context: dict[str, Any]) -> HttpResponse:
    counted = {status: course.facts.filter(status=status).count() for status in Fact.Status.values}
    context |= {"counted": counted, "questions": Question.objects.for_course(course).active().count()}
    is_wrong = not context.keys().isdisjoint({"flaws", "unknown", "weak"})
    return render(request, "quizzes/importing/confirm.html", context, status=422 if is_wrong else 200)


@require_POST
def publish(request: HttpRequest, course: str) -> HttpResponse:
    """Show a draft to everybody: for staff only. A bank that breaks rules is shown with its faults and asked about."""
    if not request.user.is_staff:
        raise PermissionDenied
    found = own_course(request, course)
    if "anyway" not in request.POST and (proof := report(found)).errors:
        context = {"course": found, "weak": proof.errors[:MOST_FAULTS], "faults": len(proof.errors)}
        return _confirm_page(request, found, context | {"warned": len(proof.warnings)})
    found.is_published = True
    found.save(update_fields=["is_published"])
    messages.success(request, _("Everybody can read and practise this course now."))
    return redirect("quizzes:confirm", found.slug)


@require_POST
def discard(request: HttpRequest, course: str) -> HttpResponse:
    """Delete a draft that nobody has practised yet."""
    found = own_course(request, course)
    if found.is_published or found.attempts.exists():
        messages.error(request, _("This course has been practised or published: it stays."))
        return redirect("quizzes:import_outline", found.slug)
    try:
        with transaction.atomic():
            Question.objects.for_course(found).delete()
            found.delete()
    except ProtectedError:
        messages.error(request, _("A class reads this course: it stays."))
        return redirect("quizzes:import_outline", found.slug)
    messages.success(request, _("The draft is deleted."))
    return redirect("quizzes:import_document")
