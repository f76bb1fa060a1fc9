"""The work that was set, and comparisons, as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from classrooms.models import Assignment
from reports.class_tables import STATE_WORDS
from reports.classes import ClassOverview, State, mean
from reports.gains import Gain
from reports.tables import FEWEST, Cell, Table, count, day, decimal, percent, words
from reports.work import BeforeAndAfter, WorkRow


def work(rows: tuple[WorkRow, ...], classroom_id: int) -> Table:
    """What became of each assignment."""
    head = (
        _("Assignment"),
        _("Due time"),
        _("Set for"),
        _("Through"),
        _("Late"),
        _("Missing"),
        _("Excused"),
        _("Marks"),
        _("Mean %"),
        _("Interval (95 %)"),
        _("Standard deviation"),
        _("Median minutes"),
    )
    body = tuple(
        (
            words(row.assignment.title, url=_items_address(row.assignment, classroom_id)),
            day(row.assignment.due_at),
            count(row.n_set),
            count(row.done),
            count(row.late),
            count(row.missing),
            count(row.excused),
            count(row.n),
            too_few(row.mean),
            Cell("" if row.interval is None else f"{row.interval[0]:.0f} – {row.interval[1]:.0f}", is_number=True),
            decimal(row.spread),
            decimal(row.minutes, digits=0),
        )
        for row in rows
    )
    note = _("Means are over the marks that count; missing work is counted apart, not as zero.")
    return Table("work", _("What became of the work"), head, body, note=note)


def too_few(value: float | None) -> Cell:
    """A number with one decimal, or that there are too few."""
    return Cell(_("too few"), is_number=True) if value is None else decimal(value)


def _items_address(assignment: Assignment, classroom_id: int) -> str:
    return reverse("reports:assignment_items", args=[classroom_id, assignment.pk]) if assignment.is_quiz else ""


def gains(rows: tuple[BeforeAndAfter, ...]) -> Table:
    """Before and after, over all and by the form that came first."""
    head = (
        _("Tests"),
        _("Learners"),
        pgettext("test", "Before"),
        pgettext("test", "After"),
        _("Normalised gain"),
        _("Interval (95 %)"),
    )
    body = []
    for row in rows:
        title = f"{row.pretest.title} → {row.posttest.title}"
        body.append(_gain_row(title, row.gain))
        body += [_gain_row(_("began with form %(form)s") % {"form": form}, half) for form, half in row.halves]
    note = _(
        "Normalised gain: what was gained of what was left to gain. Half of the class began with form A, the other "
        "with form B; for the second test the forms changed places."
    )
    return Table("gains", pgettext("test", "Before and after"), head, tuple(body), note=note)


def _gain_row(title: str, found: Gain) -> tuple[Cell, ...]:
    bounds = found.interval
    return (
        words(title),
        count(found.n),
        percent(found.pre),
        percent(found.post),
        decimal(found.gain, digits=2) if found.gain is not None else Cell(_("too few"), is_number=True),
        Cell("" if bounds is None else f"{bounds[0]:.2f} – {bounds[1]:.2f}", is_number=True),
    )


def compared_work(rows: tuple[WorkRow, ...]) -> Table:
    """Two assignments side by side, each in a row with its class."""
    head = (_("Assignment"), _("Class"), _("Set for"), _("Through"), _("Marks"), _("Mean %"), _("Interval (95 %)"))
    body = tuple(
        (
            words(row.assignment.title),
            words(row.assignment.classroom.name),
            count(row.n_set),
            count(row.done),
            count(row.n),
            too_few(row.mean),
            Cell("" if row.interval is None else f"{row.interval[0]:.0f} – {row.interval[1]:.0f}", is_number=True),
        )
        for row in rows
    )
    return Table("compared-work", _("Two assignments"), head, body)


def compared_classes(overviews: Sequence[ClassOverview]) -> Table:
    """Two classes side by side: who stands where, and the mean recall now and four weeks ago."""
    names = [overview.classroom.name for overview in overviews]
    rows: list[tuple[Cell, ...]] = [
        (words(_("Learners")), *(count(len(overview.rows)) for overview in overviews)),
        *(
            (words(STATE_WORDS[state]), *(count(dict(overview.states)[state]) for overview in overviews))
            for state in State
        ),
        (words(_("Mean recall of the course now")), *(_mean(row.recall for row in one.rows) for one in overviews)),
        (words(_("Mean recall four weeks ago")), *(_mean(one.befores) for one in overviews)),
        (
            words(_("Facts secure, mean")),
            *(decimal(mean([row.secure for row in one.rows])) for one in overviews),
        ),
    ]
    return Table("compared-classes", _("Two classes"), ("", *names), tuple(rows))


def _mean(values: Iterable[float | None]) -> Cell:
    found = [value for value in values if value is not None]
    if len(found) < FEWEST:
        return Cell(_("too few"), is_number=True)
    return Cell(_("%(share)s (n=%(n)s)") % {"share": f"{mean(found):.0%}", "n": len(found)}, is_number=True)
