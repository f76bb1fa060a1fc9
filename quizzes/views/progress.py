"""What to do next, and what is remembered: the home page and My progress."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """The one next thing, then the courses."""
    return render(request, "quizzes/home.html")


@login_not_required
def progress(request: HttpRequest) -> HttpResponse:
    """Everything that the history says about the person who asks, guests included."""
    return render(request, "quizzes/progress.html")
