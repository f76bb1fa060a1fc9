"""The statistics of one question as tables, for files: a set of tables for each version that somebody answered."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from curriculum.reading import Display
from curriculum.script import shown
from quizzes.tallies import BLANK
from reports.item_tables import number, percent, seconds
from reports.items import QuestionReport, VersionReport
from reports.psychometrics import Option
from reports.tables import Cell, Table, count, words


def question(report: QuestionReport, display: Display) -> tuple[Table, ...]:
    """Version by version, the current one first, as on the page: with too few answers only how many there are."""
    return tuple(table for version in report.versions for table in _version(version, display))


def _version(version: VersionReport, display: Display) -> Iterator[Table]:
    own = version.figures.summary
    if version.appeals:
        yield _appeals(version, display)
    if not own.p.is_enough:
        yield _table(
            "figures", version, _("Figures"), (_("Figure"), _("Value")), ((words(_("Answers")), count(own.n)),)
        )
        return
    yield _figures(version)
    if version.figures.options:
        yield _options(version, display)
    if version.figures.pairs:
        yield _pairs(version, display)
    if version.figures.wrong:
        yield _wrong(version, display)
    if version.figures.times:
        yield _times(version)


def _table(
    key: str, version: VersionReport, title: str, head: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...]
) -> Table:
    named = _("%(title)s, version %(n)s") % {"title": title, "n": version.number}
    return Table(f"{key}-{version.number}", named, head, rows)


def _appeals(version: VersionReport, display: Display) -> Table:
    head = (_("Answered"), _("Reason"), _("Learners"), _("Comments"))
    rows = tuple(
        (words(shown(row.text, display.script)), words(row.label), count(row.learners), words(" · ".join(row.comments)))
        for row in version.appeals
    )
    return _table("appeals", version, _("What learners say is wrong"), head, rows)


def _figures(version: VersionReport) -> Table:
    found, own = version.figures, version.figures.summary
    rows = [
        (words(_("Answers")), count(own.n)),
        (words(_("Blank")), count(own.blank)),
        (words(_("Right")), percent(own.p)),
    ]
    if version.asked.guess:
        rows.append((words(_("Right, without guessing")), percent(own.corrected)))
    rows += [
        (words(_("Separates strong from weak")), number(own.r)),
        (words(_("Of what it could separate")), percent(found.efficiency)),
        (words(_("Upper less lower 27 %")), number(found.d)),
        (words(_("Spread of the scores")), number(found.deviation)),
        (words(_("Median time in seconds")), seconds(own.seconds)),
        (words(_("Answered too quickly to have read it")), percent(own.rapid)),
        (words(_("Right when its fact had been practised before")), percent(found.reviews)),
    ]
    return _table("figures", version, _("Figures"), (_("Figure"), _("Value")), tuple(rows))


def _options(version: VersionReport, display: Display) -> Table:
    head = (
        _("Option"),
        _("Key"),
        _("Chosen"),
        _("Share"),
        _("Chosen by the strong"),
        _("Low third"),
        _("Middle third"),
        _("High third"),
        _("Does its work"),
    )
    texts = version.asked.options
    rows = tuple(
        (
            words(_("no answer")) if row.code == BLANK else words(shown(texts[int(row.code)], display.script)),
            words("✓" if row.is_key else ""),
            count(row.count),
            percent(row.share),
            number(row.r),
            *_thirds(row.thirds),
            words(_works(row)),
        )
        for row in version.figures.options
    )
    return _table("options", version, _("Options"), head, rows)


def _thirds(shares: tuple[float, float, float] | None) -> tuple[Cell, ...]:
    if shares is None:
        return (words(_("too few")), Cell(""), Cell(""))
    return tuple(Cell(f"{share:.0%}", round(100 * share), is_number=True) for share in shares)


def _works(option: Option) -> str:
    if option.is_key or option.code == BLANK:
        return "–"
    if option.is_functioning is None:
        return _("too few")
    return _("yes") if option.is_functioning else _("no")


def _pairs(version: VersionReport, display: Display) -> Table:
    asked = version.asked
    head = (_("Asked about"), *(shown(text, display.script) for text in asked.responses), _("nothing"))
    rows = tuple(
        (words(shown(premise, display.script)), *map(count, counts))
        for premise, counts in zip(asked.premises, version.figures.pairs, strict=True)
    )
    return _table("pairs", version, _("What was paired with what"), head, rows)


def _wrong(version: VersionReport, display: Display) -> Table:
    head = (_("Answered"), _("Times"), _("Share"))
    rows = tuple(
        (words(shown(row.text, display.script)), count(row.times), percent(row.share)) for row in version.figures.wrong
    )
    return _table("wrong", version, _("Commonest wrong answers"), head, rows)


def _times(version: VersionReport) -> Table:
    head = (_("Seconds, from"), _("Seconds, to"), _("Answers"))
    rows = tuple((count(round(low)), count(round(high)), count(n)) for low, high, n in version.figures.times)
    return _table("times", version, _("Answer times"), head, rows)
