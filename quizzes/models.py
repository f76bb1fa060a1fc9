"""One learner meets questions.

History is append-only: a `Response` for each submitted answer, a `Grading` for each response and fact. `MemoryState` is
a cache of that history, rebuilt by `manage.py rebuild_progress`. A fact, not a question, is the unit of memory.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from curriculum.models import Course, Fact, Lesson
from quizzes.content import Content

MAX_TRIES = 2


class Kind(models.TextChoices):
    CLOZE = "cloze", _("Fill the gap")
    CHOICE = "choice", _("One choice")
    SHORT_ANSWER = "short_answer", _("Typed answer")
    ENUMERATION = "enumeration", _("List")
    ORDERING = "ordering", _("Put in order")
    MATCHING = "matching", _("Match")


class QuestionQuerySet(models.QuerySet["Question"]):
    def active(self) -> QuestionQuerySet:
        return self.filter(is_active=True)

    def generated(self) -> QuestionQuerySet:
        """Those that the generator may change: made by it, and their current wording not a person's."""
        return self.filter(origin=Question.Origin.GENERATED, is_edited=False)

    def for_course(self, course: Course) -> QuestionQuerySet:
        return self.filter(course=course)


class Question(models.Model):
    """The identity of a question: survives regeneration. What is asked stands in its current version.

    `is_active` alone decides whether it is asked: false once a person suspends it or the generator gives it up.
    """

    class Origin(models.TextChoices):
        GENERATED = "generated", _("generated")
        HUMAN = "human", _("written by a person")

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="questions")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="questions")
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=Kind)
    rule = models.CharField(max_length=80)
    facts = models.ManyToManyField(Fact, related_name="questions")
    current = models.ForeignKey(
        "QuestionVersion", null=True, blank=True, on_delete=models.RESTRICT, related_name="current_for"
    )
    origin = models.CharField(max_length=9, choices=Origin, default=Origin.GENERATED)
    is_active = models.BooleanField(default=True)
    is_suspended = models.BooleanField(default=False)
    is_edited = models.BooleanField(_("worded by a person"), default=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["course", "lesson__order", "key"]
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="question_key_unique")]
        indexes = [models.Index(fields=["course", "is_active"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def is_generated(self) -> bool:
        """Whether the generator may change it (the same rule as `QuestionQuerySet.generated`)."""
        return self.origin == self.Origin.GENERATED and not self.is_edited


class QuestionVersion(models.Model):
    """One wording of a question with its key. Never changed: attempts refer to what was really asked."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="question_versions"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["question", "number"]
        constraints = [models.UniqueConstraint(fields=["question", "number"], name="question_version_unique")]

    def __str__(self) -> str:
        return f"{self.question.key} v{self.number}"

    @cached_property
    def content(self) -> Content:
        return Content.from_dict(self.body)


class Making(models.Model):
    """What the bank of a course was last made from, so that it is not made again from the same."""

    course = models.OneToOneField(Course, primary_key=True, on_delete=models.CASCADE, related_name="making")
    recipe = models.CharField(max_length=64)
    preferred = models.JSONField(_("wrong answers learned from learners, by fact"), default=dict, blank=True)
    made_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.course_id}: {self.recipe[:12]}"


class QuestionChange(models.Model):
    """Who did what to a question, when, and what it was before. Append-only."""

    class Action(models.TextChoices):
        WRITE = "write", _("written")
        EDIT = "edit", _("edited")
        ACCEPT = "accept", _("an answer accepted")
        SUSPEND = "suspend", _("suspended")
        RESTORE = "restore", _("restored")
        IMPORT = "import", _("imported")

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="changes")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="question_changes"
    )
    action = models.CharField(max_length=8, choices=Action)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.action}"


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def open(self) -> AttemptQuerySet:
        return self.filter(finished_at=None)

    def practice(self) -> AttemptQuerySet:
        """Runs that a learner chose: feedback after each answer, at addresses of their own."""
        return self.exclude(scope__in=Attempt.SET_BY_OTHERS)

    def told_by(self, now: datetime) -> AttemptQuerySet:
        """Those whose learner may know what was right: as `Attempt.is_told`."""
        at_once = Q(feedback=Attempt.Feedback.ITEM) | Q(feedback=Attempt.Feedback.END, finished_at__lte=now)
        later = Q(feedback=Attempt.Feedback.LATER, results_at__lte=now) & ~Q(finished_at=None)
        return self.filter(at_once | later)


class Attempt(models.Model):
    """One run of practice or one sitting of a quiz. What must not move was frozen when it began: the items, their
    versions and orders, when the learner is told what was right, and until when answers are taken.
    """

    class Scope(models.TextChoices):
        LESSON = "lesson", _("Lesson")
        COURSE = "course", _("Course")
        DUE = "due", _("Due today")
        FACTS = "facts", _("Weakest facts")
        QUIZ = "quiz", _("Quiz")
        LIVE = "live", _("Question for the whole class")

    class Feedback(models.TextChoices):
        ITEM = "item", _("after each answer")
        END = "end", _("after handing in")
        LATER = "later", _("after the due time")

    SET_BY_OTHERS = (Scope.QUIZ, Scope.LIVE)

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="attempts")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="attempts")
    lesson = models.ForeignKey(Lesson, null=True, blank=True, on_delete=models.CASCADE, related_name="attempts")
    scope = models.CharField(max_length=8, choices=Scope)
    seed = models.CharField(max_length=64)
    feedback = models.CharField(max_length=5, choices=Feedback, default=Feedback.ITEM)
    results_at = models.DateTimeField(_("with later feedback: when results are shown"), null=True, blank=True)
    deadline_at = models.DateTimeField(_("answers are taken until"), null=True, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [models.Index(fields=["learner", "finished_at"])]

    def __str__(self) -> str:
        return f"{self.get_scope_display()} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("quizzes:attempt", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    def is_told(self, now: datetime) -> bool:
        """Whether the learner may know what was right in a run that is over (after each answer: in any)."""
        if self.feedback == self.Feedback.ITEM:
            return True
        is_time = self.feedback == self.Feedback.END or (self.results_at is not None and self.results_at <= now)
        return self.is_finished and is_time


class AttemptItem(models.Model):
    """One question in a run: the version asked, the order shown, the hints taken.

    `saved`: the fields of an answer that is kept but not yet handed in, as posted; it may change until then.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    version = models.ForeignKey(QuestionVersion, on_delete=models.RESTRICT, related_name="attempt_items")
    order = models.JSONField(default=dict)
    is_repeat = models.BooleanField(default=False)
    hints_taken = models.PositiveSmallIntegerField(default=0)
    saved = models.JSONField(null=True, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    shown_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    is_counted = models.BooleanField(_("in the sums of `quizzes.counting`"), default=False)

    class Meta:
        ordering = ["attempt", "position"]
        constraints = [models.UniqueConstraint(fields=["attempt", "position"], name="attempt_position_unique")]
        indexes = [
            models.Index(
                fields=["answered_at"],
                name="answered_not_counted",
                condition=Q(is_counted=False, answered_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.position}"

    def get_absolute_url(self) -> str:
        return reverse("quizzes:question", args=[self.attempt_id, self.position])

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None


class Response(models.Model):
    """One submitted answer. Append-only; the unique key makes a second identical submission find the first."""

    item = models.ForeignKey(AttemptItem, on_delete=models.CASCADE, related_name="responses")
    try_number = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    verdict = models.CharField(max_length=12)
    score = models.FloatField()
    rule = models.CharField(max_length=40)
    details = models.JSONField(default=dict)
    hints_taken = models.PositiveSmallIntegerField(default=0)
    gave_up = models.BooleanField(default=False)
    elapsed_ms = models.PositiveIntegerField(null=True, blank=True)
    is_rapid = models.BooleanField(default=False)
    study_day = models.DateField(_("the learner's day, which begins at 04:00"))
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["answered_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "try_number"], name="one_response_per_try"),
            models.CheckConstraint(
                condition=Q(try_number__gte=1) & Q(try_number__lte=MAX_TRIES), name="try_number_1_or_2"
            ),
            models.CheckConstraint(condition=Q(score__gte=0) & Q(score__lte=1), name="score_0_to_1"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} try {self.try_number}: {self.verdict}"


class GradingQuerySet(models.QuerySet["Grading"]):
    def standing(self) -> GradingQuerySet:
        """Those that no later grading has replaced."""
        return self.filter(superseded_by=None)

    def in_history_order(self) -> GradingQuerySet:
        return self.order_by("answered_at", "response_id", "id")


class Grading(models.Model):
    """What one response says about one fact. A regrade adds a row that supersedes, and keeps the old one."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="gradings")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="gradings")
    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="gradings")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="gradings")
    kind = models.CharField(max_length=12, choices=Kind)
    is_productive = models.BooleanField()
    is_correct = models.BooleanField()
    is_first_try = models.BooleanField()
    score = models.FloatField(_("what the answer earns for this fact, 0 to 1; empty: as the response"), null=True)
    rating = models.PositiveSmallIntegerField(null=True, blank=True)
    confused_with = models.CharField(max_length=200, blank=True)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="superseded_by"
    )
    study_day = models.DateField()
    answered_at = models.DateTimeField()

    objects = GradingQuerySet.as_manager()

    class Meta:
        ordering = ["answered_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["response", "fact"], condition=Q(supersedes=None), name="one_first_grading_per_fact"
            ),
            models.CheckConstraint(
                condition=Q(rating=None) | (Q(rating__gte=1) & Q(rating__lte=4)), name="rating_1_to_4"
            ),
        ]
        indexes = [
            models.Index(fields=["learner", "fact", "answered_at"]),
            models.Index(fields=["learner", "study_day"]),
        ]

    def __str__(self) -> str:
        return f"{self.fact_id}: {self.rating}"


class MemoryState(models.Model):
    """What a learner's history says about one fact now. A cache: only `quizzes.memory` writes it."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memory")
    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="memory")
    stability = models.FloatField(_("stability in days"))
    difficulty = models.FloatField()
    due_at = models.DateTimeField()
    first_seen_at = models.DateTimeField()
    last_review_at = models.DateTimeField()
    last_review_day = models.DateField()
    last_question = models.ForeignKey(Question, null=True, on_delete=models.SET_NULL, related_name="+")
    reviews = models.PositiveIntegerField(default=0)
    lapses = models.PositiveIntegerField(default=0)
    success_days = models.PositiveIntegerField(default=0)
    last_success_day = models.DateField(null=True, blank=True)
    kinds = models.JSONField(_("kinds answered rightly"), default=list)
    has_productive_success = models.BooleanField(default=False)
    suspended_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["learner", "fact"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "fact"], name="one_memory_per_fact"),
            models.CheckConstraint(condition=Q(stability__gt=0), name="stability_positive"),
            models.CheckConstraint(condition=Q(lapses__lte=F("reviews")), name="lapses_within_reviews"),
        ]
        indexes = [models.Index(fields=["learner", "due_at"])]

    def __str__(self) -> str:
        return f"{self.learner_id}/{self.fact_id}: S={self.stability:.1f}"


class FirstAnswer(models.Model):
    """A learner's first answer to a question, as the sums count it. A cache: only `quizzes.counting` writes it.

    The fields after `answered_at` are those of `quizzes.tallies.FirstTry`, which explains them.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="first_answers")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="first_answers")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="first_answers")
    version = models.ForeignKey(QuestionVersion, on_delete=models.CASCADE, related_name="first_answers")
    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="first_answer")
    answered_at = models.DateTimeField()
    standing = models.CharField(max_length=6)
    score = models.PositiveSmallIntegerField(_("ten-thousandths"))
    code = models.CharField(max_length=8, blank=True)
    rest = models.PositiveSmallIntegerField(_("twentieths"), null=True)
    pace = models.PositiveSmallIntegerField(_("step of the time"), null=True)
    wrong = models.JSONField(default=list)
    pairs = models.JSONField(default=list)

    class Meta:
        ordering = ["answered_at", "response"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "question"], name="one_first_answer"),
            models.CheckConstraint(condition=Q(score__lte=10_000), name="first_score_0_to_10000"),
            models.CheckConstraint(condition=Q(rest=None) | Q(rest__lte=20), name="rest_0_to_20"),
        ]
        indexes = [models.Index(fields=["course", "learner"])]

    def __str__(self) -> str:
        return f"{self.learner_id}/{self.question_id}: {self.score}"


class Cohort(models.Model):
    """Learners of one course whose first answers are summed up together: a class, or everybody who reads it.

    A cache like its sums: `quizzes.counting.keep` says who is in it. A class of the floor above names its cohort.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="cohorts")
    is_everybody = models.BooleanField(default=False)
    learners = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="cohorts")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["course"], condition=Q(is_everybody=True), name="one_cohort_of_everybody")
        ]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.pk}"


class ItemTally(models.Model):
    """The first answers of a cohort to one version, summed up. A cache: only `quizzes.counting` writes it.

    `sums` and `wrong` are those of `quizzes.tallies.Tally`, which explains them.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="tallies")
    version = models.ForeignKey(QuestionVersion, on_delete=models.CASCADE, related_name="tallies")
    sums = models.JSONField(default=dict)
    wrong = models.JSONField(default=dict)

    class Meta:
        ordering = ["cohort", "version"]
        constraints = [models.UniqueConstraint(fields=["cohort", "version"], name="one_tally_per_version")]

    def __str__(self) -> str:
        return f"{self.cohort_id}/{self.version_id}"


class KnowledgeWeek(models.Model):
    """What a learner knew of a lesson when a week began: an estimate, with the questions that there were then.

    Kept so that growth can be shown without replaying everybody's history; only `quizzes.weeks` writes it. A week of
    which there is no row although an earlier answer exists is one in which nothing was answered before it was noted.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="weeks")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="weeks")
    monday = models.DateField()
    total = models.PositiveIntegerField(_("facts that can be asked"))
    met = models.PositiveIntegerField(_("facts asked so far"))
    secure = models.PositiveIntegerField()
    knowledge = models.FloatField(_("share that would be recalled, 0 to 1"))

    class Meta:
        ordering = ["learner", "monday", "lesson"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "monday", "lesson"], name="one_note_per_week"),
            models.CheckConstraint(condition=Q(knowledge__gte=0) & Q(knowledge__lte=1), name="knowledge_0_to_1"),
        ]
        indexes = [models.Index(fields=["lesson", "monday"])]

    def __str__(self) -> str:
        return f"{self.learner_id}/{self.lesson_id} {self.monday}"


class Flag(models.Model):
    """A learner says that a question seems wrong."""

    class Reason(models.TextChoices):
        TWO_ANSWERS = "two_answers", _("More than one answer is right")
        WRONG_KEY = "wrong_key", _("The answer given as right is wrong")
        MY_ANSWER = "my_answer", _("My answer should count")
        UNCLEAR = "unclear", _("I cannot tell what is asked")
        GIVEN_AWAY = "given_away", _("The wording gives the answer away")
        OTHER = "other", _("Something else")

    item = models.ForeignKey(AttemptItem, on_delete=models.CASCADE, related_name="flags")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="flags")
    reason = models.CharField(max_length=12, choices=Reason)
    comment = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["item", "learner"], name="one_flag_per_item")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.reason}"


class Notice(models.Model):
    """Something a learner should know about an answer of the past: after review it counts. Shown until dismissed."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="notices")
    answer = models.CharField(_("the answer as the learner gave it"), max_length=500)
    stem = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["learner", "read_at"])]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.question_id}"


class QuestionImport(models.Model):
    """A file of questions as it was read, waiting for a person to look at what would become of it."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="question_imports")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="question_imports")
    format = models.CharField(max_length=12)
    questions = models.JSONField()
    refused = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.format}"
