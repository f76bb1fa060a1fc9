"""Step 3 of an import, and at any later time: the facts of a course beside their sentences, decided by a person."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum import reviewing
from curriculum.models import Course, Fact, Lesson, Passage, Sentence
from curriculum.proposing import scope_of
from quizzes.fact_forms import FactForm
from quizzes.forms import row_id
from quizzes.views.importing import own_course

DECISIONS = {"accept": Fact.Status.ACCEPTED, "reject": Fact.Status.REJECTED}


@require_safe
def facts(request: HttpRequest, course: str) -> HttpResponse:
    """How many facts each lesson has, and how many wait for a decision."""
    found = own_course(request, course)
    return render(request, "quizzes/importing/facts.html", {"course": found, "lessons": _counted(found)})


def _counted(course: Course) -> Any:
    """The lessons with `proposed` and `accepted`, numbers of facts."""
    fact = "passages__sentences__facts"
    return course.lessons.order_by("order").annotate(
        proposed=Count(fact, filter=Q(**{f"{fact}__status": Fact.Status.PROPOSED})),
        accepted=Count(fact, filter=Q(**{f"{fact}__status": Fact.Status.ACCEPTED})),
    )


@require_safe
def lesson_facts(request: HttpRequest, course: str, lesson: str) -> HttpResponse:
    """The sentences of one lesson, each with what is proposed or known of it."""
    found = own_course(request, course)
    chosen = get_object_or_404(found.lessons, key=lesson)
    rows = list(
        Sentence.objects.filter(passage__lesson=chosen)
        .order_by("start")
        .select_related("passage")
        .prefetch_related("facts")
    )
    open_facts = [fact for row in rows for fact in row.facts.all() if fact.status == Fact.Status.PROPOSED]
    after = found.lessons.filter(order__gt=chosen.order).order_by("order").first()
    context = {
        "course": found,
        "lesson": chosen,
        "rows": [(row, sorted(row.facts.all(), key=lambda fact: (fact.start, fact.key))) for row in rows],
        "rules": sorted(Counter(fact.rule for fact in open_facts).items()),
        "after": after,
    }
    return render(request, "quizzes/importing/lesson_facts.html", context)


@require_POST
def decide(request: HttpRequest, course: str, lesson: str) -> HttpResponse:
    """Accept or reject one fact (`fact`), or everything one rule proposed in the lesson (`rule`)."""
    found = own_course(request, course)
    chosen: Lesson = get_object_or_404(found.lessons, key=lesson)
    decision, _colon, what = request.POST.get("decide", "").partition(":")
    status = DECISIONS.get(decision)
    if status is None:
        messages.error(request, _("Say whether to accept or to reject."))
    elif what.isdigit():
        fact = get_object_or_404(found.facts.filter(sentence__passage__lesson=chosen), pk=row_id(what))
        reviewing.change(fact, request.user, status=status)  # type: ignore[arg-type]
        messages.success(request, _("Saved."))
        return redirect(f"{request.path.removesuffix('decide/')}#fact-{fact.pk}")
    else:
        number = reviewing.decide_all(chosen, what, status, request.user)  # type: ignore[arg-type]
        messages.success(request, ngettext("%(n)d fact decided.", "%(n)d facts decided.", number) % {"n": number})
    return redirect("quizzes:lesson_facts", found.slug, chosen.key)


@require_http_methods(["GET", "HEAD", "POST"])
def fact(request: HttpRequest, course: str, fact_id: int) -> HttpResponse:
    """Correct one fact; saving it accepts it. Below stands who changed it before."""
    found = own_course(request, course)
    row = get_object_or_404(found.facts.select_related("sentence__passage__lesson__course"), pk=fact_id)
    data = request.POST if request.method == "POST" else None
    form = FactForm(data, sentence=row.sentence, initial=FactForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        reviewing.change(row, request.user, **_kept(row, form))  # type: ignore[arg-type]
        return _back(row)
    changes = row.changes.select_related("author").order_by("-pk")
    context = {"course": found, "form": form, "fact": row, "sentence": row.sentence, "changes": changes}
    return render(request, "quizzes/importing/fact.html", context, status=422 if form.errors else 200)


def _kept(fact: Fact, form: FactForm) -> dict[str, Any]:
    """The values of the form; what it does not show (relation, forms of members) stays where it means the same."""
    values: dict[str, Any] = form.cleaned_data["values"]
    same = (values["family"], values["start"], values["end"]) == (fact.family, fact.start, fact.end)
    if same:
        values.pop("anchors")
    if values["family"] == fact.family == "ENUM":
        values.pop("relation")
    forms = {member["text"]: member.get("variants", []) for member in fact.members}
    for member in values["members"]:
        member["variants"] = forms.get(member["text"], [])
    return values


@require_http_methods(["GET", "HEAD", "POST"])
def fact_new(request: HttpRequest, course: str, sentence_id: int) -> HttpResponse:
    """Add a fact that no rule saw."""
    found = own_course(request, course)
    sentences = Sentence.objects.filter(passage__lesson__course=found)
    sentence = get_object_or_404(sentences.select_related("passage__lesson__course"), pk=sentence_id)
    passage = sentence.passage
    namesakes = Passage.objects.filter(lesson__course=found, label=passage.label).count()
    scope = scope_of(passage.lesson.as_value(), passage.as_value(), found.language, has_own_heading=namesakes == 1)
    data = request.POST if request.method == "POST" else None
    form = FactForm(data, sentence=sentence, initial={"scope": scope, "is_closed": True})
    if request.method == "POST" and form.is_valid():
        return _back(reviewing.add(sentence, request.user, **form.cleaned_data["values"]))  # type: ignore[arg-type]
    context = {"course": found, "form": form, "sentence": sentence}
    return render(request, "quizzes/importing/fact.html", context, status=422 if form.errors else 200)


def _back(fact: Fact) -> HttpResponse:
    """To the fact among its neighbours."""
    lesson = fact.sentence.passage.lesson
    page = redirect("quizzes:lesson_facts", lesson.course.slug, lesson.key)
    page["Location"] += f"#fact-{fact.pk}"
    return page
