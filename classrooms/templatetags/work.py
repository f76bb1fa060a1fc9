"""What is set, on pages of the floors below: they load this by name and need not know classes."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.template import Context
from django.utils import timezone

from classrooms.access import places_of
from classrooms.models import Member
from classrooms.work import Task, tasks_of

register = template.Library()


@register.simple_tag(takes_context=True)
def in_classes(context: Context) -> list[Member]:
    """`{% in_classes as places %}`: the person who asks, in each of their current classes. One query."""
    return list(places_of(context["request"].user))


@register.simple_tag
def todo(places: Sequence[Member]) -> dict[str, list[Task]]:
    """`{% todo places as work %}`: what somebody has to do in their classes, the next due first, and what is done.

    No query for somebody who learns in no class. `classrooms/_todo.html` shows it.
    """
    found = tasks_of([place for place in places if not place.teaches], timezone.now())
    waiting = [task for task in found if not task.standing.is_finished and task.standing.state != "not_open"]
    done = [task for task in found if task.standing.is_finished]
    return {"waiting": waiting, "done": done}
