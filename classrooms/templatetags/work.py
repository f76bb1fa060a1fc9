"""What is set, on pages of the floors below: they load this by name and need not know classes."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils import timezone

from classrooms.work import Task, tasks

register = template.Library()


@register.simple_tag(takes_context=True)
def todo(context: Context) -> dict[str, list[Task]]:
    """`{% todo as work %}`: what the person who asks has to do in their classes, the next due first, and what is done.

    One query for somebody in no class. `classrooms/_todo.html` shows it.
    """
    request = context["request"]
    found = tasks(request.user, timezone.now()) if request.user.is_authenticated else ()
    waiting = [task for task in found if not task.standing.is_finished and task.standing.state != "not_open"]
    done = [task for task in found if task.standing.is_finished]
    return {"waiting": waiting, "done": done}
