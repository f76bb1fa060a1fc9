"""The report on one learner as tables, in the order of the page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from curriculum.reading import Display
from curriculum.script import shown
from curriculum.templatetags.document import STEPS
from quizzes.mastery import SentenceRecall
from quizzes.progress import DayCount
from reports.learner import LearnerReport, Share
from reports.tables import Cell, Table, count, day, decimal, interval, percent, words

BEGINS = 24
"""So many characters of a sentence are enough to know it by."""


def tables(report: LearnerReport, display: Display) -> dict[str, Table]:
    """Every table of the report by its key."""
    made = (
        lessons(report, display),
        kinds(report),
        weeks(report),
        days(report),
        confusions(report, display),
        weakest(report, display),
        coming(report),
        sentences(report, display),
    )
    return {table.key: table for table in made}


def lessons(report: LearnerReport, display: Display) -> Table:
    """What is known of each lesson, now and on the chosen date."""
    then = date_format(report.then, pgettext("form of a date", "j M Y"))
    head = (_("Lesson"), _("New"), _("Learning"), _("Consolidating"), _("Secure"), _("Due"), _("Recall now"))
    rows = []
    for row in report.lessons:
        own, url = row.mastery, reverse("curriculum:lesson", args=[report.course.slug, row.lesson.slug])
        counts = [count(number) for number in (own.new, own.learning, own.consolidating, own.secure, own.due)]
        name = words(shown(row.lesson.heading, display.script), lang=display.lang, url=url)
        rows.append((name, *counts, estimate(own.recall_now, own.met), estimate(row.recall_then, own.met)))
    note = _("Recall is an estimate: the share of the core facts that would be recalled, without further practice.")
    return Table("lessons", _("What is known of each lesson"), (*head, then), tuple(rows), note=note)


def estimate(recall: float | None, met: int) -> Cell:
    """An estimated recall, or why there is none."""
    if recall is not None:
        return percent(recall)
    return Cell(_("not enough answers yet") if met else _("not begun"), is_number=True)


def share(found: Share) -> tuple[Cell, Cell, Cell]:
    """n, the share and its interval."""
    return count(found.n), percent(found.share), interval(found.interval)


def kinds(report: LearnerReport) -> Table:
    """First tries by kind of question."""
    head = (_("Kind of question"), _("First tries"), _("Right"), _("Interval (95 %)"))
    rows = tuple((words(kind.label), *share(found)) for kind, found in report.by_kind)
    return Table("kinds", _("Right at the first try, by kind of question"), head, rows)


def weeks(report: LearnerReport) -> Table:
    """Practice and what it came to, week by week."""
    head = (
        _("Week of"),
        _("Days"),
        _("Minutes"),
        _("Questions"),
        _("First tries"),
        _("Right"),
        _("Interval (95 %)"),
        _("Recall as the week began"),
    )
    rows = tuple(
        (
            day(week.monday),
            count(week.days),
            decimal(week.minutes, digits=0),
            count(week.answers),
            *share(week.first_tries),
            Cell("", is_number=True) if week.knowledge is None else percent(week.knowledge),
        )
        for week in report.weeks
    )
    note = _("Time in which nothing happened for two minutes is not counted.")
    return Table("weeks", _("Week by week"), head, rows, note=note)


def days(report: LearnerReport) -> Table:
    """The calendar: questions answered on each day of the last weeks; a day without, or to come, is empty."""
    names = (date_format(each.day, "D").removeprefix("星期") for each in report.history.weeks[0])
    rows = tuple(
        (day(week[0].day), *(_answered(each) for each in week), count(total)) for week, total in report.history.rows
    )
    return Table("days", _("Questions answered, by day"), (_("Week of"), *names, _("Week")), rows, is_heat=True)


def _answered(each: DayCount) -> Cell:
    return Cell(str(each.answers), each.answers, shade=each.shade) if each.answers else Cell("")


def confusions(report: LearnerReport, display: Display) -> Table:
    """What was taken for what."""
    head = (_("Asked about"), _("The document says"), _("Answered"), _("Times"), _("Last"))
    rows = tuple(
        (
            words(shown(row.subject, display.script), lang=display.lang),
            words(shown(row.key, display.script), lang=display.lang),
            words(shown(row.given, display.script), lang=display.lang),
            count(row.times),
            day(row.last_at),
        )
        for row in report.confusions
    )
    return Table("confusions", _("Most confused"), head, rows)


def weakest(report: LearnerReport, display: Display) -> Table:
    """The facts least likely to be recalled, with their sentences."""
    head = (_("Fact"), _("Sentence"), _("Days asked"), _("Missed"), _("Recall now"), _("Comes back"))
    rows = tuple(
        (
            words(_fact(row.fact.subject, row.fact.text, display), lang=display.lang),
            words(shown(row.fact.sentence.text, display.script), lang=display.lang),
            count(row.answers),
            count(row.lapses),
            percent(row.recall),
            day(row.due_at),
        )
        for row in report.weakest
    )
    return Table("weakest", _("Weakest facts"), head, rows)


def _fact(subject: str, text: str, display: Display) -> str:
    return f"{shown(subject, display.script)} → {shown(text, display.script)}"


def coming(report: LearnerReport) -> Table:
    """The reviews of the next two weeks."""
    rows = tuple((day(load.day), count(load.due)) for load in report.coming)
    return Table("coming", _("Facts that come back, by day"), (_("Day"), _("Facts")), rows)


def sentences(report: LearnerReport, display: Display) -> Table:
    """The document, sentence by sentence."""
    head = (_("Lesson"), _("Sentence"), _("Facts met"), _("Estimated recall"))
    rows = tuple(
        (
            words(shown(row.lesson.heading, display.script), lang=display.lang),
            words(
                shown(_beginning(row.sentence.text), display.script),
                lang=display.lang,
                url=f"{reverse('curriculum:lesson', args=[report.course.slug, row.lesson.slug])}#{row.sentence.key}",
            ),
            count(row.recall.n),
            tinted(row.recall),
        )
        for row in report.sentences
    )
    return Table("sentences", _("The document, sentence by sentence"), head, rows, is_heat=True)


def _beginning(text: str) -> str:
    return text if len(text) <= BEGINS else f"{text[:BEGINS]}…"


def tinted(recall: SentenceRecall) -> Cell:
    """A cell with the shade of a sentence, its word and the number."""
    word = str(STEPS[recall.step])
    if recall.recall is None:
        return Cell(word, shade=0)
    return Cell(f"{recall.recall:.0%} {word}", round(recall.recall * 100), shade=recall.step)
