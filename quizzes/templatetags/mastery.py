"""What the reader of a page remembers, for pages of the floor below: `{% load mastery %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from curriculum.models import Course, Fact, Lesson
from quizzes.lineage import Outdated, outdated
from quizzes.mastery import Mastery, SentenceRecall
from quizzes.standings import Day
from quizzes.standings import lesson_mastery as mastery_of_lessons
from quizzes.standings import lesson_recall as recall_of_sentences

register = template.Library()


@register.simple_tag(takes_context=True)
def lesson_mastery(context: dict[str, Any], course: Course) -> dict[str, Mastery]:
    """`{% lesson_mastery course as mastery %}`: by lesson key; empty for a visitor and before the first answer."""
    request = context["request"]
    if not request.user.is_authenticated:
        return {}
    return mastery_of_lessons(request.user, course, Day(timezone.now(), request.preferences.zone))


@register.simple_tag(takes_context=True)
def sentence_recall(context: dict[str, Any], lesson: Lesson) -> dict[str, SentenceRecall]:
    """`{% sentence_recall lesson as recall %}`: (step 0-5, facts met, recall) by sentence key; empty as above."""
    request = context["request"]
    if not request.user.is_authenticated:
        return {}
    return recall_of_sentences(request.user, lesson, timezone.now())


@register.simple_tag(takes_context=True)
def outdated_wordings(context: dict[str, Any], lesson: Lesson) -> dict[int, list[Outdated]]:
    """`{% outdated_wordings lesson as outdated %}`: what the reader learned in the words of an older edition, by row id
    of the sentence; empty, without a query, where the course replaces none."""
    request = context["request"]
    found: dict[int, list[Outdated]] = {}
    if request.user.is_authenticated and lesson.course.replaces_id:
        facts = Fact.objects.filter(sentence__passage__lesson=lesson)
        for row in outdated(request.user.pk, facts).values():
            found.setdefault(row.sentence, []).append(row)
    return found
