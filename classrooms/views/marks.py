"""The gradebook, one mark with its history and answers, the files, and what a learner sees of the own marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from classrooms import marks as reading
from classrooms.access import learning, teaching
from classrooms.answer_sheets import lines
from classrooms.deciding import DecidedMeanwhileError, decide
from classrooms.gradebook_table import file_rows, has_groups, has_numbers, ordered, words
from classrooms.mark_forms import DecisionForm, OverrideForm, ShowForm, forms_for
from classrooms.marking import State
from classrooms.marks import Cell, Gradebook, Row
from classrooms.models import Assignment, Classroom, MarkChange, Member
from classrooms.sittings import hand_in_overdue
from classrooms.spreadsheets import TYPES, as_file
from curriculum.reading import Display, display

PER_PAGE = 60


@require_safe
def gradebook(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """Learners by assignments; one assignment or one learner as a list, for narrow screens. A large class has pages."""
    classroom = teaching(request.user, classroom_id).classroom
    book, order, form = _shown(request, classroom)
    page = Paginator(book.rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "classroom": classroom,
        "tab": "marks",
        "book": book,
        "page": page,
        "rows": [(row, _written(row, classroom)) for row in page],
        "form": form,
        "order": order,
        "has_groups": has_groups(book),
        "has_numbers": has_numbers(book),
        "listed": _listed(request, book, page),
    }
    return render(request, "classrooms/gradebook.html", context)


def _shown(request: HttpRequest, classroom: Classroom) -> tuple[Gradebook, str, ShowForm]:
    """The gradebook as filtered and ordered by the address, and the form that says so."""
    groups = list(classroom.groups.all())
    chosen = next((group for group in groups if str(group.pk) == request.GET.get("group")), None)
    learners = classroom.members.active().learners()
    hand_in_overdue(classroom.assignments.published(), now=timezone.now())
    book = reading.gradebook(
        classroom, timezone.now(), members=learners if chosen is None else learners.filter(group=chosen)
    )
    form = ShowForm(request.GET, groups=groups, work=[column.assignment for column in book.columns])
    return *ordered(book, request.GET.get("sort", "name")), form


def _written(row: Row, classroom: Classroom) -> list[tuple[Cell, tuple[str, ...], str]]:
    """Each cell of a row with what is said of it and its address."""
    base = reverse("classrooms:gradebook", args=[classroom.pk])
    return [(cell, words(cell), f"{base}{cell.assignment_id}/{cell.member_id}/") for cell in row.cells]


def _listed(request: HttpRequest, book: Gradebook, page: Iterable[Row]) -> dict[str, Any] | None:
    """One column, as far as it is on the page, or one row of the table as a list; None for the whole table."""
    for at, column in enumerate(book.columns):
        if str(column.assignment.pk) == request.GET.get("assignment"):
            lines = [(row.member.shown_name, "", *_written(row, book.classroom)[at]) for row in page]
            return {"column": column, "lines": lines}
    row = next((row for row in book.rows if str(row.member.pk) == request.GET.get("learner")), None)
    if row is None:
        return None
    titles = [column.assignment for column in book.columns]
    cells = zip(titles, _written(row, book.classroom), strict=True)
    return {"row": row, "lines": [(one.title, one.due_at, *cell) for one, cell in cells]}


@require_safe
def gradebook_export(request: HttpRequest, classroom_id: int, format: str) -> HttpResponse:
    """What the gradebook shows, as a file for a spreadsheet."""
    classroom = teaching(request.user, classroom_id).classroom
    if format not in TYPES:
        raise Http404
    book, _order, _form = _shown(request, classroom)
    data = as_file(file_rows(book), format, title=classroom.name)
    name = f"{slugify(classroom.name) or 'class'}-{timezone.localdate(timezone=classroom.zone)}.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type=TYPES[format], headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: HttpRequest, classroom_id: int, assignment_id: int, member_id: int) -> HttpResponse:
    """One mark: how it came about, the learner's own answers, and what may be decided about it."""
    classroom, assignment, member = _found(request, classroom_id, assignment_id, member_id)
    hand_in_overdue([assignment], now=timezone.now())
    cell = reading.cell(assignment, member, timezone.now())
    if cell.mark.state == State.NOT_SET:
        raise Http404
    if request.method == "POST":
        return _decided(request, classroom, assignment, member, cell)
    return _mark_page(request, classroom, assignment, member, cell)


def _found(
    request: HttpRequest, classroom_id: int, assignment_id: int, member_id: int
) -> tuple[Classroom, Assignment, Member]:
    """Of a class that the person teaches: work that is published, and a learner who is in it. Raises Http404."""
    classroom = teaching(request.user, classroom_id).classroom
    work = classroom.assignments.published().prefetch_related("groups", "members")
    learners = classroom.members.active().learners().select_related("user", "group")
    return classroom, get_object_or_404(work, pk=assignment_id), get_object_or_404(learners, pk=member_id)


def _decided(
    request: HttpRequest, classroom: Classroom, assignment: Assignment, member: Member, cell: Cell
) -> HttpResponse:
    """Keep the decision; where somebody else was first, both stand on the page and nothing is lost."""
    forms = forms_for(cell.mark.out_of)
    action = request.POST.get("action", "")
    if action not in forms:
        return _mark_page(request, classroom, assignment, member, cell, status=422)
    options = {"out_of": cell.mark.out_of} if isinstance(forms[action], OverrideForm) else {}
    form = type(forms[action])(request.POST, **options)
    if not form.is_valid():
        return _mark_page(request, classroom, assignment, member, cell, status=422, form=form)
    given = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
    try:
        decide(
            assignment,
            member,
            action=action,
            author=_actor(request),
            seen=form.cleaned_data["seen"],
            now=timezone.now(),
            before=cell.mark.points,
            **given,
        )
    except DecidedMeanwhileError as meanwhile:
        if meanwhile.newest is None:
            raise Http404 from None
        return _mark_page(request, classroom, assignment, member, cell, status=409, form=form, theirs=meanwhile.newest)
    messages.success(request, _("Saved."))
    return redirect("classrooms:mark", classroom.pk, assignment.pk, member.pk)


def _mark_page(
    request: HttpRequest,
    classroom: Classroom,
    assignment: Assignment,
    member: Member,
    cell: Cell,
    *,
    status: int = 200,
    form: DecisionForm | None = None,
    theirs: MarkChange | None = None,
) -> HttpResponse:
    changes = assignment.mark_changes.filter(member=member).select_related("author").order_by("-pk")
    forms = forms_for(cell.mark.out_of, comment=cell.decision.comment)
    seen: Any = cell.decision.newest if form is None else form.data.get("seen", "")
    if form is not None:
        forms[form.action] = form
    sittings = list(assignment.sittings.filter(member=member).select_related("attempt__course").order_by("number"))
    handed = [sitting for sitting in sittings if sitting.is_submitted]
    chosen = next(
        (one for one in handed if str(one.number) == request.GET.get("attempt")), handed[-1] if handed else None
    )
    context = {
        "classroom": classroom,
        "tab": "marks",
        "assignment": assignment,
        "member": member,
        "cell": cell,
        "words": words(cell),
        "forms": forms,
        "failed": form,
        "theirs": theirs,
        "seen": theirs.pk if theirs else seen,
        "history": list(changes),
        "sittings": sittings,
        "sitting": chosen,
        "lines": lines(chosen) if chosen else [],
        "display": _display(request, classroom),
    }
    return render(request, "classrooms/mark.html", context, status=status)


def _display(request: HttpRequest, classroom: Classroom) -> Display:
    return display(classroom.course, str(request.preferences.script))  # type: ignore[attr-defined]


def _actor(request: HttpRequest) -> User:
    return cast(User, request.user)


@require_safe
def own_marks(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """A learner's own marks in the class, as far as they are told."""
    member = learning(request.user, classroom_id)
    hand_in_overdue(member.classroom.assignments.published().marked_for(member), now=timezone.now())
    found = reading.own_marks(member, timezone.now())
    regrades: dict[int, list[MarkChange]] = defaultdict(list)
    for change in member.mark_changes.filter(action=MarkChange.Action.REGRADE).order_by("pk"):
        regrades[change.assignment_id].append(change)
    context = {
        "classroom": member.classroom,
        "member": member,
        "rows": [
            (assignment, cell, regrades[assignment.pk], is_told, reading.is_set_for(assignment, member))
            for assignment, cell, is_told in found
        ],
        "total": reading.own_total(found),
    }
    return render(request, "classrooms/own_marks.html", context)
