"""What is taken for what: mistakes at first answers, read off the sums of a class. Pure but for `quizzes.models` rows.

A first answer is that of a learner who meets a fact for the first time, without a hint and not too quick to have been
read (`quizzes.tallies`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from quizzes.content import Content
from quizzes.models import Question
from quizzes.tallies import BLANK, FULL, Tally

MOST_MISTAKES = 6
MOST_CONFUSED = 12


@dataclass(frozen=True, slots=True)
class Mistake:
    """`given` instead of `key`, `times` times among `n` first answers; `asked`: the premise or the stem."""

    asked: str
    key: str
    given: str
    times: int
    n: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """A confusion matrix of one relation: rows are what was asked about, columns what was answered.

    `counts[i][j]`: so many took `columns[j]` for the answer to `rows[i]`; `keys[i]`: the column that is right. `n[i]`:
    first answers to that row, blanks included.
    """

    relation: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    keys: tuple[int, ...]
    n: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.n)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer to one fact: counted `times`."""

    fact: str
    asked: str
    key: str
    given: str
    times: int


def given_answers(content: Content, tally: Tally) -> Iterator[Given]:
    """Every first answer to a version, as pairs of what was asked and what was said; typed ones only where wrong."""
    if content.kind == "matching":
        yield from _pairs(content, tally)
        return
    fact = content.facts[0] if content.facts else ""
    if content.options is not None:
        for code, times in chosen(tally).items():
            text = "" if code == BLANK or not code.isdigit() else content.options[int(code)]
            yield Given(fact, content.stem, str(content.key), text, times)
        return
    key = "、".join(map(str, content.key)) if isinstance(content.key, list) else str(content.key)
    for row in tally.wrong.values():
        text = max(row, key=lambda written: (row[written], written))
        yield Given(fact, content.stem, key, text, sum(row.values()))


def chosen(tally: Tally) -> Counter[str]:
    """How often each code was given ("blank" included), whatever it scored."""
    counted: Counter[str] = Counter()
    for name, rests in tally.answers.items():
        counted[name.rpartition(":")[0]] += sum(rests.values())
    return counted


def right(tally: Tally) -> int:
    """How many first answers earned everything."""
    full = f":{FULL}"
    return sum(sum(rests.values()) for name, rests in tally.answers.items() if name.endswith(full))


def answered(tally: Tally) -> int:
    return sum(sum(rests.values()) for rests in tally.answers.values())


def _pairs(content: Content, tally: Tally) -> Iterator[Given]:
    facts = content.facts if len(content.facts) == len(content.premises) else ("",) * len(content.premises)
    for name, times in tally.pairs.items():
        premise, _, response = name.partition(":")
        at = int(premise)
        text = content.responses[int(response)] if response else ""
        yield Given(facts[at], content.premises[at], str(content.key[at][1]), text, times)


def mistakes_of(fact: str, questions: Iterable[Question], tallies: Mapping[int, Tally]) -> tuple[Mistake, ...]:
    """What was said instead of one fact, the most frequent first; "" is no answer."""
    wrong: Counter[tuple[str, str, str]] = Counter()
    asked: Counter[str] = Counter()
    for question in questions:
        assert question.current is not None
        content, tally = question.current.content, tallies.get(question.current.pk, Tally())
        for row in given_answers(content, tally):
            if row.fact != fact:
                continue
            asked[row.asked] += row.times if content.options is not None or content.kind == "matching" else 0
            if row.given != row.key:
                wrong[row.asked, row.key, row.given] += row.times
        if content.options is None and content.kind != "matching":
            asked[content.stem] += answered(tally)
    found = [Mistake(stem, key, given, times, asked[stem]) for (stem, key, given), times in wrong.items()]
    return tuple(sorted(found, key=lambda row: (-row.times, row.asked, row.given))[:MOST_MISTAKES])


def matrices(facts: Mapping[str, tuple[str, str]], asked: Collection[tuple[Content, Tally]]) -> tuple[Matrix, ...]:
    """One matrix for each relation of which something was answered by picking, the most answered first.

    `facts`: of each fact (key) its relation and its subject. Matching and choice only: a typed answer has no columns.
    """
    found: dict[str, list[Given]] = defaultdict(list)
    subjects: dict[tuple[str, str], str] = {}
    for content, tally in asked:
        if content.kind not in ("matching", "choice"):
            continue
        for row in given_answers(content, tally):
            if row.fact in facts:
                relation, subject = facts[row.fact]
                found[relation].append(row)
                subjects[relation, row.key] = row.asked if content.kind == "matching" else subject
    made = [_matrix(relation, rows, subjects) for relation, rows in found.items()]
    return tuple(sorted((row for row in made if len(row.rows) > 1), key=lambda row: (-row.total, row.relation)))


def _matrix(relation: str, given: Collection[Given], subjects: Mapping[tuple[str, str], str]) -> Matrix:
    """Rows by what is right (named by the premise or the subject), columns in the same order, then what
    is right of nothing here."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in given:
        counts[row.key][row.given] += row.times
    keys = sorted(counts, key=lambda key: subjects.get((relation, key), key))
    extras = sorted({text for row in counts.values() for text in row} - set(keys) - {""})
    columns = (*keys, *extras)
    return Matrix(
        relation=relation,
        rows=tuple(subjects.get((relation, key), key) for key in keys),
        columns=columns,
        counts=tuple(tuple(counts[key][column] for column in columns) for key in keys),
        keys=tuple(range(len(keys))),
        n=tuple(counts[key].total() for key in keys),
    )


def confused(matrix: Matrix) -> tuple[Mistake, ...]:
    """The most frequent mistakes of a matrix."""
    found = [
        Mistake(matrix.rows[i], matrix.columns[matrix.keys[i]], matrix.columns[j], times, matrix.n[i])
        for i, row in enumerate(matrix.counts)
        for j, times in enumerate(row)
        if times and j != matrix.keys[i]
    ]
    return tuple(sorted(found, key=lambda row: (-row.times, row.asked, row.given))[:MOST_CONFUSED])
