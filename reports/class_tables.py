"""Reports on a class as tables: for the page, for print and for files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from classrooms.models import Assignment, Member
from classrooms.needs import Need
from curriculum.models import Fact, Lesson, Sentence
from curriculum.reading import Display
from curriculum.script import shown
from curriculum.templatetags.document import STEPS, listed
from quizzes.mastery import SentenceRecall
from reports.calibration import Bin, Calibration
from reports.classes import ClassOverview, LearnerRow, Risk, State
from reports.document import FactRow
from reports.mistakes import Matrix, Mistake, confused
from reports.tables import Cell, Table, count, day, interval, percent, words

STATE_WORDS: Mapping[State, str | Promise] = {
    State.NEEDS_HELP: gettext_lazy("needs help"),
    State.WORKING: gettext_lazy("working"),
    State.SECURE: gettext_lazy("secure"),
    State.NOT_STARTED: gettext_lazy("not started"),
}
SIGNED = "{:+.0f}"


def state_words(state: State, n: int) -> str:
    """How many learners are in a state, in words."""
    match state:
        case State.NEEDS_HELP:
            said = ngettext("%(n)s learner needs help", "%(n)s learners need help", n)
        case State.WORKING:
            said = ngettext("%(n)s is working", "%(n)s are working", n)
        case State.SECURE:
            said = ngettext("%(n)s is secure", "%(n)s are secure", n)
        case State.NOT_STARTED:
            said = ngettext("%(n)s has not started", "%(n)s have not started", n)
    return said % {"n": n}


def risk_words(risk: Risk, figure: int) -> str:
    """Why a learner may fall behind, in words."""
    match risk:
        case Risk.FALLING:
            return ngettext("recall fell by %(n)s point", "recall fell by %(n)s points", figure) % {"n": figure}
        case Risk.BACKLOG:
            return ngettext("%(n)s fact waits for review", "%(n)s facts wait for review", figure) % {"n": figure}
        case Risk.ABSENT:
            return ngettext("no answer for %(n)s day", "no answer for %(n)s days", figure) % {"n": figure}
        case Risk.RAPID:
            return _("%(share)s %% of answers too quick to have been read") % {"share": figure}


def need_words(need: Need, lessons: Mapping[int, Lesson], work: Mapping[int, Assignment], display: Display) -> str:
    """Why a learner needs help, in words (`classrooms.needs`)."""
    if need.reason == "overdue":
        title = work[need.subject].title if need.subject in work else ""
        return _("nothing begun of “%(title)s”, which was due on %(day)s") % {
            "title": title,
            "day": date_format(need.at, pgettext("form of a date", "j M")),
        }
    lesson = shown(lessons[need.subject].heading, display.script) if need.subject in lessons else ""
    return _("%(right)s of %(answers)s right in “%(lesson)s” in the last two weeks") % {
        "right": need.right,
        "answers": need.answers,
        "lesson": lesson,
    }


def reasons(overview: ClassOverview, display: Display) -> dict[int, list[str]]:
    """Why each learner needs help or may fall behind, in words, by member (row id)."""
    found = {column.lesson.pk: column.lesson for column in overview.columns}
    work = {row.assignment.pk: row.assignment for row in overview.work}
    return {
        row.member.pk: [
            *(need_words(need, found, work, display) for need in row.needs),
            *(risk_words(*risk) for risk in row.risks),
        ]
        for row in overview.rows
    }


def name_cell(overview_classroom: int, member: Member) -> Cell:
    """A learner's name, with the way to the report."""
    url = reverse("reports:class_learner", args=[overview_classroom, member.pk])
    return words(member.shown_name, lang="zh-Hant" if _is_chinese(member.shown_name) else "", url=url)


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def heat(overview: ClassOverview, display: Display, rows: tuple[LearnerRow, ...] | None = None) -> Table:
    """Learners x lessons: estimated recall. `rows`: those of one page; all by default."""
    head = (_("Learner"), *(shown(column.lesson.heading, display.script) for column in overview.columns), _("Whole"))
    body = tuple(
        (
            name_cell(overview.classroom.pk, row.member),
            *(_heat_cell(row, column.lesson.pk) for column in overview.columns),
            percent(row.recall),
        )
        for row in (overview.rows if rows is None else rows)
    )
    note = _("An estimate: the share of a lesson’s core facts that would be recalled if all were asked now.")
    return Table("heat", _("Estimated recall of each lesson"), head, body, note=note, is_heat=True)


def _heat_cell(row: LearnerRow, lesson: int) -> Cell:
    cell = row.cells.get(lesson)
    if cell is None or not cell.met:
        return Cell(str(STEPS[0]), shade=0)
    word = str(STEPS[cell.step])
    if cell.recall is None:
        return Cell(word, shade=cell.step)
    return Cell(f"{cell.recall:.0%} {word}", round(100 * cell.recall), shade=cell.step)


def lessons(overview: ClassOverview, display: Display) -> Table:
    """Each lesson over the class, now and as the chosen week began."""
    since = date_format(overview.since, pgettext("form of a date", "j M"))
    document = reverse("reports:class_document", args=[overview.classroom.pk])
    head = (_("Lesson"), _("Mean recall now"), _("Learners"), since, _("Begun by then"), _("Change in points"))
    rows = tuple(
        (
            words(
                shown(row.column.lesson.heading, display.script),
                lang=display.lang,
                url=f"{document}?lesson={row.column.lesson.slug}",
            ),
            percent(row.recall),
            count(row.n),
            percent(row.before),
            count(row.n_before),
            points(None if row.recall is None or row.before is None else row.recall - row.before),
        )
        for row in overview.lessons
    )
    note = _(
        "Means are over the learners with at least five answers in the lesson; who had not begun by then counts as 0."
    )
    return Table("lessons", _("Lessons"), head, rows, note=note)


def points(change: float | None) -> Cell:
    """A difference of shares in whole percentage points, with its sign."""
    if change is None:
        return Cell("", is_number=True)
    rounded = round(100 * change)
    return Cell(SIGNED.format(rounded) if rounded else "0", rounded, is_number=True)


def learners(
    overview: ClassOverview, reasons: Mapping[int, list[str]], rows: tuple[LearnerRow, ...] | None = None
) -> Table:
    """Everybody: state, recall, change, practice, and why help is needed or may be. `reasons` by member (row id)."""
    since = date_format(overview.since, pgettext("form of a date", "j M"))
    head = (
        _("Learner"),
        _("State"),
        _("Recall now"),
        since,
        _("Change in points"),
        _("Facts met"),
        _("Secure"),
        _("Due"),
        _("Last practised"),
        _("Why"),
    )
    body = tuple(
        (
            name_cell(overview.classroom.pk, row.member),
            words(STATE_WORDS[row.state]),
            percent(row.recall),
            percent(row.before),
            points(row.change),
            count(row.met),
            count(row.secure),
            count(row.due),
            day(row.last_day),
            words(listed(reasons.get(row.member.pk, []))),
        )
        for row in (overview.rows if rows is None else rows)
    )
    return Table("learners", _("Learners"), head, body)


def bands(overview: ClassOverview) -> Table:
    """How many learners recall how much of the course."""
    edges = [least for least, _n in overview.bands] + [1.0]
    rows = tuple(
        (words(f"{low:.0%} – {high:.0%}"), count(n)) for (low, n), high in zip(overview.bands, edges[1:], strict=True)
    )
    return Table("bands", _("How many recall how much"), (_("Recall of the course"), _("Learners")), rows)


def document(
    lesson: Lesson, sentences: Iterable[Sentence], recall: Mapping[str, SentenceRecall], display: Display
) -> Table:
    """A lesson of the document, sentence by sentence: what the class recalls of it, and how many were asked."""
    head = (_("Sentence"), _("Learners"), _("Estimated recall"))
    rows = []
    for sentence in sentences:
        own = recall.get(sentence.key)
        text = words(shown(sentence.text, display.script), lang=display.lang)
        share = Cell("", is_number=True) if own is None or own.recall is None else percent(own.recall, shade=own.step)
        rows.append((text, count(own.n if own else 0), share))
    return Table(f"document-{lesson.slug}", shown(lesson.heading, display.script), head, tuple(rows), is_heat=True)


def facts(rows: Iterable[FactRow], display: Display) -> Table:
    """The facts of a sentence: how many were asked, what they recall, who missed it on how many of how many days."""
    head = (_("Fact"), _("Learners"), _("Estimated recall"), _("Missed by"))
    body = tuple(
        (
            words(fact_words(row.fact, display), lang=display.lang),
            count(row.n),
            percent(row.recall),
            words(listed(f"{one.member.shown_name} ({one.lapses}/{one.reviews})" for one in row.missed)),
        )
        for row in rows
    )
    return Table("facts", _("The facts of the sentence"), head, body)


def fact_words(fact: Fact, display: Display) -> str:
    """What a fact says, in short."""
    return f"{shown(fact.subject, display.script)} → {shown(fact.text, display.script)}"


def calibration(found: Calibration) -> Table:
    """Predicted against observed, in bins."""
    head = (_("Predicted"), _("Reviews"), _("Mean prediction"), _("Recalled"), _("Interval (95 %)"), _("Judgement"))
    rows = tuple(
        (
            words(f"{row.low:.0%} – {row.high:.0%}"),
            count(row.n),
            percent(row.predicted),
            percent(row.observed),
            interval(row.interval),
            words(
                "" if row.interval is None else _("outside the interval") if row.is_off else _("within the interval")
            ),
        )
        for row in found.bins
    )
    return Table("calibration", _("Predicted recall against what happened"), head, rows)


def _judgement(row: Bin) -> str:
    if row.interval is None:
        return _("too few")
    return _("outside the interval") if row.is_off else _("within the interval")


RELATIONS: Mapping[str, str | Promise] = {
    "ROLE": gettext_lazy("Actors and their roles"),
    "PRINCIPLE": gettext_lazy("Principles and their content"),
    "GOAL": gettext_lazy("Paths and their goals"),
    "MEASURE": gettext_lazy("Paths and their measures"),
    "FUNCTION": gettext_lazy("Who does what"),
    "PAIR": gettext_lazy("Paired phrases"),
    "IDENTITY": gettext_lazy("What something is"),
    "STATE": gettext_lazy("What is the case"),
    "NORM": gettext_lazy("Duties and prohibitions"),
    "CONDITION": gettext_lazy("Conditions"),
    "EVENT": gettext_lazy("Events"),
    "ARTICLE": gettext_lazy("Articles and their subjects"),
    "RIGHT": gettext_lazy("Who has which right"),
    "QUALITY": gettext_lazy("Qualities"),
    "PURPOSE": gettext_lazy("Purposes"),
    "ACT": gettext_lazy("Acts"),
    "ENUM": gettext_lazy("Lists"),
}
"""By the family of facts. A family of an imported document that is not here keeps its own name."""

HEAD_LENGTH = 12


def relation_words(family: str) -> str:
    return str(RELATIONS.get(family, family))


def matrix(found: Matrix, display: Display) -> Table:
    """A confusion matrix; the right answer of each row is shaded most, mistakes by their share."""
    head = (_("Asked about"), *(_cut(shown(column, display.script)) for column in found.columns), _("First answers"))
    rows = tuple(
        (
            words(shown(found.rows[i], display.script), lang=display.lang),
            *(_count_cell(times, is_right=j == found.keys[i], n=found.n[i]) for j, times in enumerate(row)),
            count(found.n[i]),
        )
        for i, row in enumerate(found.counts)
    )
    return Table(f"matrix-{found.relation.lower()}", relation_words(found.relation), head, rows, is_heat=True)


def _cut(text: str) -> str:
    return text if len(text) <= HEAD_LENGTH else f"{text[:HEAD_LENGTH]}…"


def _count_cell(times: int, *, is_right: bool, n: int) -> Cell:
    if not times:
        return Cell("")
    text = f"✓ {times}" if is_right else str(times)
    return Cell(text, times, shade=4 if is_right else 1 + min(2, int(6 * times / n)) if n else 1)


def confusions(found: Matrix, display: Display) -> Table:
    """The most frequent mistakes of a matrix, in words."""
    return mistakes(f"confused-{found.relation.lower()}", relation_words(found.relation), confused(found), display)


def mistakes(key: str, title: str, rows: tuple[Mistake, ...], display: Display) -> Table:
    """What was said instead of what, and how often."""
    head = (_("Asked about"), _("The document says"), _("Answered"), _("Times"), _("First answers"))
    body = tuple(
        (
            words(shown(row.asked, display.script), lang=display.lang),
            words(shown(row.key, display.script), lang=display.lang),
            words(shown(row.given, display.script), lang=display.lang) if row.given else words(_("no answer")),
            count(row.times),
            count(row.n),
        )
        for row in rows
    )
    return Table(key, title, head, body)
