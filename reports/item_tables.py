"""Item statistics as tables, for files: what the pages say with bars, in columns of numbers."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from curriculum.reading import Display
from curriculum.script import shown
from reports.assignment_items import AssignmentReport, FormReport
from reports.flags import Flag
from reports.item_figures import Summary
from reports.items import ItemRow
from reports.psychometrics import Figure
from reports.tables import Cell, Table, count, words


def items(rows: Sequence[ItemRow], display: Display) -> Table:
    """One row a question."""
    head = (
        _("Question"),
        _("Kind"),
        _("Lesson"),
        _("Version"),
        _("Answers"),
        *_right_head(),
        _("Commonest wrong answer"),
        _("Its share"),
        _("Separates"),
        _("Median time in seconds"),
        _("Look at it because"),
    )
    body = tuple(
        (
            words(shown(row.stem, display.script), lang=display.lang),
            words(row.kind_label),
            words(shown(row.lesson_heading, display.script), lang=display.lang),
            count(row.version),
            count(row.figures.n),
            *_right(row.figures),
            *_wrong(row.figures, display),
            words(separates(row.figures)),
            seconds(row.figures.seconds),
            words(" ".join(reason(flag, display) for flag in row.flags)),
        )
        for row in rows
    )
    return Table("items", _("First answers to each question"), head, body)


def papers(report: AssignmentReport, display: Display) -> tuple[Table, ...]:
    """Of each form of a quiz: how far its marks can be trusted, and its questions."""
    return tuple(table for form in report.forms for table in (_reliability(form), _paper(form, display)))


def _reliability(form: FormReport) -> Table:
    own = form.reliability
    body = (
        (words(_("Learners")), count(own.n)),
        (words(_("Mean mark")), percent(own.mean)),
        (words(_("Spread of the marks")), percent(own.deviation)),
        (words(_("Reliability (alpha)")), number(own.alpha)),
        (words(_("Share of chance in the spread")), percent(own.error_ratio)),
        (words(_("Standard error of a mark")), percent(own.standard_error)),
    )
    title = _("How far the marks can be trusted")
    return Table(f"reliability{form.form}", _of_form(title, form.form), (_("Figure"), _("Value")), body)


def _paper(form: FormReport, display: Display) -> Table:
    head = (
        _("No."),
        _("Question"),
        _("Kind"),
        *_right_head(),
        _("Blank"),
        _("Commonest wrong answer"),
        _("Its share"),
        _("Separates"),
        _("Of what it could separate"),
        _("Effective weight"),
        _("Median time in seconds"),
    )
    body = tuple(
        (
            count(row.position),
            words(shown(row.stem, display.script), lang=display.lang),
            words(row.kind_label),
            *_right(row.figures),
            count(row.figures.blank),
            *_wrong(row.figures, display),
            number(row.figures.r),
            percent(row.efficiency),
            percent(row.weight),
            seconds(row.figures.seconds),
        )
        for row in form.items
    )
    return Table(f"paper{form.form}", _of_form(_("The questions in the order of the paper"), form.form), head, body)


def _of_form(title: str, form: str) -> str:
    return _("Form %(form)s: %(title)s") % {"form": form, "title": title} if form else title


def _right_head() -> tuple[str, str, str]:
    return _("Right"), _("Right, at least"), _("Right, at most")


def _right(figures: Summary) -> tuple[Cell, Cell, Cell]:
    """The share right and the ends of its interval, in percent."""
    p = figures.p
    if not p.is_known:
        return Cell(_("too few"), is_number=True), Cell("", is_number=True), Cell("", is_number=True)
    return _share(p.value), _share(p.low), _share(p.high)


def _share(value: float | None) -> Cell:
    if value is None:
        return Cell("", is_number=True)
    return Cell(f"{value:.0%}", round(100 * value), is_number=True)


def _wrong(figures: Summary, display: Display) -> tuple[Cell, Cell]:
    if figures.wrong is None:
        return words("" if figures.n >= 20 else _("too few")), Cell("", is_number=True)
    text = words(shown(figures.wrong.text, display.script), lang=display.lang)
    return text, _share(figures.wrong.share.value)


def separates(figures: Summary) -> str:
    """How well a question tells strong learners from weak ones, in a word."""
    said = {
        "well": pgettext("separates", "well"),
        "weakly": pgettext("separates", "weakly"),
        "no": pgettext("separates", "no"),
    }
    return said.get(figures.separates) or (_("all did the same") if figures.r.is_enough else _("too few"))


def reason(flag: Flag, display: Display) -> str:
    """Why to look at a question, with the option that it names in the script of the reader."""
    before, option, after = flag.parts
    said = f"{before}{shown(option, display.script)}{after}"
    return f"{said} ({_('preliminary')})" if flag.is_preliminary else said


def percent(figure: Figure) -> Cell:
    """A share in percent, or why there is none."""
    return _share(figure.value) if figure.is_known else missing(figure)


def number(figure: Figure) -> Cell:
    """A figure with two decimals, or why there is none."""
    if figure.value is None or not figure.is_known:
        return missing(figure)
    return Cell(f"{figure.value:.2f}", round(figure.value, 2), is_number=True)


def missing(figure: Figure) -> Cell:
    return Cell(_("not defined") if figure.is_enough else _("too few"), is_number=True)


def seconds(figure: Figure) -> Cell:
    """Whole seconds."""
    if figure.value is None or not figure.is_known:
        return missing(figure)
    return Cell(str(round(figure.value)), round(figure.value), is_number=True)
