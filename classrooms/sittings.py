"""Attempts at quizzes that are set: begun within the rules, and handed in by the learner or at the deadline.

Nobody has to watch the clock: a run whose time is up is handed in, as of its deadline, whenever somebody looks, or by
`manage.py hand_in_overdue`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from classrooms.models import Assignment, Extension, Member, Sitting
from classrooms.terms import Terms, is_late
from quizzes import papers
from quizzes.drawing import dice
from quizzes.models import Attempt, Question, QuestionVersion

FORMS = ("A", "B")


class StartError(Exception):
    """This quiz cannot be begun. `message` says why, for the learner."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


def terms_of(assignment: Assignment, member: Member, extension: Extension | None) -> Terms:
    """What the assignment asks of this learner, with what is theirs alone."""
    extra = member.extra_attempts + (extension.extra_attempts if extension else 0)
    return Terms(
        opens_at=assignment.opens_at,
        due_at=extension.due_at if extension and extension.due_at else assignment.due_at,
        closes_when_due=assignment.late == Assignment.Late.CLOSE,
        attempts=None if assignment.attempts is None else assignment.attempts + extra,
        minutes=assignment.minutes,
        factor=member.extra_time_factor,
    )


def terms(assignment: Assignment, member: Member) -> Terms:
    """As `terms_of`. One query."""
    return terms_of(assignment, member, assignment.extensions.filter(member=member).first())


# Beginning.


def start(assignment: Assignment, member: Member, *, now: datetime) -> Sitting:
    """Go on with the open attempt, or begin one. Raises StartError.

    The member's row is taken first, so that of many starts at once each finds what the one before it began.
    """
    with transaction.atomic():
        Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        running = _open(assignment, member)
        if running is not None and not must_close(running, now):
            return running
        if running is not None:
            hand_in(running, now=now)
        return _begin(assignment, member, now)


def _open(assignment: Assignment, member: Member) -> Sitting | None:
    mine = Sitting.objects.open().filter(assignment=assignment, member=member)
    return mine.select_related("attempt__learner", "assignment__classroom", "member").first()


def _begin(assignment: Assignment, member: Member, now: datetime) -> Sitting:
    rules = terms(assignment, member)
    used = assignment.sittings.filter(member=member).aggregate(n=Count("pk"), last=Max("number"))
    if (refusal := why_not(assignment, rules, used["n"], now)) is not None:
        raise StartError(refusal)
    form, versions = _questions(assignment, member)
    if not versions:
        raise StartError(_("This quiz has no questions yet. Tell your instructor."))
    attempt = papers.freeze(
        member.user,
        assignment.classroom.course,
        versions,
        feedback=assignment.feedback,
        deadline_at=rules.deadline(now),
        results_at=results_at(assignment, rules),
        is_shuffled=assignment.is_shuffled,
        now=now,
    )
    return Sitting.objects.create(
        assignment=assignment,
        member=member,
        attempt=attempt,
        number=(used["last"] or 0) + 1,
        form=form,
        policy=policy(assignment, rules),
        started_at=now,
    )


def why_not(assignment: Assignment, rules: Terms, used: int, now: datetime) -> Promise | None:
    """What stands against beginning an attempt now; None: nothing does."""
    if assignment.is_draft or assignment.classroom.is_archived:
        return _("This quiz is not open any more.")
    if rules.is_early(now):
        return _("This quiz is not open yet.")
    if rules.is_closed(now):
        return _("This quiz is closed.")
    if rules.left(used) == 0:
        return _("You have no attempt left.")
    return None


def policy(assignment: Assignment, rules: Terms) -> dict[str, Any]:
    """What is kept with an attempt, so that a later change of the assignment moves nothing."""
    return {
        "late": assignment.late,
        "late_penalty": assignment.late_penalty,
        "points": assignment.points,
        "due_at": rules.due_at.isoformat() if rules.due_at else None,
        "is_free": assignment.is_free,
    }


def results_at(assignment: Assignment, rules: Terms) -> datetime | None:
    """When results are told that wait for the due time: the latest due time of anybody, so that nobody can tell on."""
    latest = assignment.extensions.aggregate(at=Max("due_at"))["at"]
    return max((at for at in (assignment.due_at, rules.due_at, latest) if at is not None), default=None)


def _questions(assignment: Assignment, member: Member) -> tuple[str, list[QuestionVersion]]:
    """The form and the questions of a learner's next attempt."""
    form = _form(assignment, member)
    if form in assignment.paper:
        return form, papers.on_paper(assignment.paper[form])
    number = assignment.sittings.filter(member=member).count()
    seed = f"{assignment.pk}:{member.pk}:{number}"
    return form, papers.draw_paper(pool(assignment), count=assignment.count, seed=seed)


def pool(assignment: Assignment) -> Any:
    """The questions that a quiz is drawn from: those picked by hand, else those of its lessons and kinds."""
    course = assignment.classroom.course
    picked = Question.objects.active().filter(assignments=assignment).exclude(current=None)
    if picked.exists():
        return picked
    return papers.askable(course, lessons=list(assignment.lessons.all()), kinds=assignment.kinds)


def _form(assignment: Assignment, member: Member) -> str:
    """A or B where there are parallel forms: the same as before, the other than in the pre-test, else the one that
    fewer were given."""
    if assignment.form == Assignment.Form.ONE:
        return ""
    own = assignment.sittings.filter(member=member).first()
    if own is not None:
        return own.form
    before = None
    if assignment.form == Assignment.Form.POST and assignment.pretest_id:
        before = Sitting.objects.filter(assignment=assignment.pretest_id, member=member).first()
    if before is not None and before.form in FORMS:
        return FORMS[1 - FORMS.index(before.form)]
    given = dict(assignment.sittings.order_by().values_list("form").annotate(n=Count("pk")))
    return min(FORMS, key=lambda form: (given.get(form, 0), dice(str(member.pk), form)))


# Closing.


def must_close(sitting: Sitting, now: datetime) -> bool:
    """Whether an open attempt takes no answers any more: its time is up, or the class was put away."""
    return papers.is_over(sitting.attempt, now) or sitting.assignment.classroom.is_archived


def closed_if_due(sitting: Sitting, now: datetime) -> Sitting:
    """The sitting as it is now: handed in where its time was up."""
    if not sitting.is_submitted and must_close(sitting, now):
        hand_in(sitting, now=now)
    return sitting


def hand_in(sitting: Sitting, *, now: datetime) -> bool:
    """Hand in what was saved and write the score. False: it was handed in before, and nothing changes.

    After the deadline, and where the class was put away, it counts as handed in by the server, as of then.
    """
    at, is_automatic = _moment(sitting, now)
    with transaction.atomic():
        papers.hand_in(sitting.attempt, now=now, at=at)
        values = {
            "submitted_at": at,
            "is_late": is_late(at, due_at(sitting), grace=papers.GRACE),
            "is_automatic": is_automatic,
            "score": papers.score(sitting.attempt),
        }
        is_first = bool(Sitting.objects.open().filter(pk=sitting.pk).update(**values))
    if is_first:
        for name, value in values.items():
            setattr(sitting, name, value)
    else:
        sitting.refresh_from_db(fields=list(values))
    return is_first


def _moment(sitting: Sitting, now: datetime) -> tuple[datetime, bool]:
    ends = [at for at in (sitting.attempt.deadline_at, sitting.assignment.classroom.archived_at) if at is not None]
    at = min([now, *ends])
    return max(at, sitting.started_at), at < now


def due_at(sitting: Sitting) -> datetime | None:
    """When it was due: as the learner was told at the start, or later if they were given more time since."""
    told = sitting.policy.get("due_at")
    extension = Extension.objects.filter(assignment=sitting.assignment_id, member=sitting.member_id).first()
    if told is None:
        return None
    later = extension.due_at if extension else None
    return max(datetime.fromisoformat(told), later) if later else datetime.fromisoformat(told)


def overdue(now: datetime) -> QuerySet[Sitting]:
    """Open attempts whose time is up, oldest first."""
    is_past = Q(attempt__deadline_at__lt=now - papers.GRACE) | ~Q(assignment__classroom__archived_at=None)
    related = "attempt__learner", "assignment__classroom", "member"
    return Sitting.objects.open().filter(is_past).select_related(*related).order_by("pk")


def hand_in_overdue(assignments: Iterable[Assignment], *, now: datetime) -> int:
    """Hand in what is overdue of these assignments; how many. One query where there is none."""
    waiting = list(overdue(now).filter(assignment__in=assignments))
    return sum(hand_in(sitting, now=now) for sitting in waiting)


def prolong(assignment: Assignment, member: Member, *, now: datetime) -> None:
    """After more time was given: the open attempt's deadline moves back, never forward; results wait for everybody."""
    running = _open(assignment, member)
    if running is not None and running.attempt.deadline_at is not None:
        later = terms(assignment, member).deadline(running.started_at)
        if later is None or later > running.attempt.deadline_at:
            Attempt.objects.filter(pk=running.attempt_id, finished_at=None).update(deadline_at=later)
    postpone_results(assignment, now=now)


def postpone_results(assignment: Assignment, *, now: datetime) -> None:
    """Results that are not told yet wait for the latest due time of anybody."""
    latest = assignment.extensions.aggregate(at=Max("due_at"))["at"]
    until = max((at for at in (assignment.due_at, latest) if at is not None), default=None)
    if until is not None:
        waiting = Attempt.objects.filter(sitting__assignment=assignment, feedback=Attempt.Feedback.LATER)
        waiting.filter(results_at__gt=now, results_at__lt=until).update(results_at=until)
