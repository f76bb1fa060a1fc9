"""What is set, on pages of the floors below: they load this by name and need not know classes."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from classrooms.work import tasks

register = template.Library()


@register.inclusion_tag("classrooms/_todo.html", takes_context=True)
def todo(context: Context) -> dict[str, Any]:
    """What the person who asks has to do in their classes, the next due first; what is done is folded.

    One query for somebody in no class.
    """
    request = context["request"]
    found = tasks(request.user, timezone.now()) if request.user.is_authenticated else ()
    waiting = [task for task in found if not task.standing.is_finished and task.standing.state != "not_open"]
    done = [task for task in found if task.standing.is_finished]
    return {"waiting": waiting, "done": done, "preferences": context.get("preferences"), "request": request}
