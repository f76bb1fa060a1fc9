"""One page of plain words: how practice works, what the numbers mean, which keys there are, and what is kept."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import GUEST_LIFETIME
from quizzes.composer import FEWEST, MOST
from quizzes.mastery import FAMILIAR_RECALL, FEWEST_ANSWERS, MASTERED_RECALL, MASTERED_SHARE, MET_RECALL, MET_SHARE
from quizzes.scheduling import CONSOLIDATING_DAYS, DESIRED_RETENTION, MAX_INTERVAL_DAYS, SECURE_DAYS

RULES = {
    "fewest": FEWEST,
    "most": MOST,
    "retention": round(100 * DESIRED_RETENTION),
    "longest_days": MAX_INTERVAL_DAYS,
    "consolidating_days": round(CONSOLIDATING_DAYS),
    "secure_days": round(SECURE_DAYS),
    "fewest_answers": FEWEST_ANSWERS,
    "mastered_share": round(100 * MASTERED_SHARE),
    "mastered_recall": round(100 * MASTERED_RECALL),
    "familiar_recall": round(100 * FAMILIAR_RECALL),
    "met_share": round(100 * MET_SHARE),
    "met_recall": round(100 * MET_RECALL),
    "guest_days": GUEST_LIFETIME.days,
}
"""The figures in the words are those that the program works with: percents and days."""


@login_not_required
@require_safe
def help(request: HttpRequest) -> HttpResponse:
    """The same for everybody, account or not."""
    return render(request, "quizzes/help.html", RULES)
