"""The ladder of decisions about a typed answer, shared by cloze and short answer.

From the top, the first step that fits decides: blank, the key or a declared variant, the answer of another fact of the
pool (a confusion, tested before likeness), the same without declared affixes or as another spelling of a number, then
what may be tried once more (near, overfull, partial), then wrong. A text that differs from the key by one character is
never right: it may be a slip of the finger or another word, and only the learner can tell.

Details of an outcome, each where it applies: `wording` (how the document puts it, when another form was accepted),
`confusion` {"text", "subject", "sentence"}, `distance` (how many characters differ, not which), `missing` (how many
characters are lacking), `has_wrong_part` (an overfull answer says more than stem and evidence do), and `difference`
([text, is_same] runs of the answer) only once there is no further try.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from quizzes.chinese import difference, edit_distance, normal, plain, size, split_list, without_article
from quizzes.content import BLANK, Confusion, Content
from quizzes.kinds.base import Outcome, blank, whole
from quizzes.numerals import is_among_other_measures, is_other_number, is_same_number, quantity, with_year_digits

ONE_CHARACTER_FROM = 4
"""Size of the key (Chinese characters and digits) from which one differing character counts as near."""
TWO_CHARACTERS_FROM = 8
OVERFULL_FACTOR, OVERFULL_EXTRA = 2, 4
_JOINT = re.compile(r"或者?|还是|還是|[和與与及]|\b(?:or|and)\b", re.IGNORECASE)
_FILLERS = frozenset(("的", "是", "在", "为", "于", "了", "即", "指", "就是", "它", "第", "in", "is", "the", "of", "a"))
_NEGATIONS = ("不", "非", "未", "无", "没", "勿", "莫", "not", "non", "un")


@dataclass(frozen=True)
class Case:
    """One answer in front of one question."""

    content: Content
    raw: str
    is_final: bool

    @property
    def key(self) -> str:
        return str(self.content.key)

    @property
    def targets(self) -> tuple[str, ...]:
        """Texts that are right: the key first, then its declared variants."""
        return (self.key, *map(str, self.content.accepted))

    @cached_property
    def given(self) -> str:
        return normal(self.raw)

    @cached_property
    def loose(self) -> frozenset[str]:
        return loosened(self.raw, self.content)

    @property
    def rivals(self) -> Iterator[Confusion]:
        """Answers of other facts, known with their subject first."""
        right = {normal(target) for target in self.targets}
        texts = (Confusion(other.text, "", "") for other in self.content.distractors)
        return (other for other in (*self.content.confusions, *texts) if normal(other.text) not in right)

    def is_number(self, given: str, key: str) -> bool:
        """Whether both are the same number, as far as this question's wording allows."""
        return is_same_number(given, key, context=self.content.stem, counters=affixes(self.content))


def affixes(content: Content) -> tuple[str, ...]:
    """What may be added to or left out of an answer, at either end."""
    return (*content.prefixes, *content.suffixes)


def loosened(text: str, content: Content) -> frozenset[str]:
    """Normal forms of `text` with declared affixes or an English article left out, years in digits; never empty."""
    prefixes, suffixes = ([normal(affix) for affix in group] for group in (content.prefixes, content.suffixes))
    waiting = [normal(text), normal(without_article(text)), with_year_digits(normal(text))]
    found: set[str] = set()
    while waiting:
        form = waiting.pop()
        if form in found or not form:
            continue
        found.add(form)
        waiting += [form.removeprefix(prefix) for prefix in prefixes]
        waiting += [form.removesuffix(suffix) for suffix in suffixes]
    return frozenset(found) or frozenset({normal(text)})


def grade_typed(content: Content, answer: Any, *, is_final: bool) -> Outcome:
    """Judge a typed text by the ladder described at the top of this module."""
    case = Case(content, str(answer or ""), is_final)
    if not case.given:
        return blank(content, key=case.key)
    return next(outcome for step in LADDER if (outcome := step(case)) is not None)


def _outcome(case: Case, verdict: str, rule: str, *, rival: Confusion | None = None, **details: Any) -> Outcome:
    is_correct = verdict == "correct"
    may_retry = verdict in ("near", "overfull", "partial") and not case.is_final
    if not is_correct and not may_retry and verdict != "confusion":
        details["difference"] = [list(run) for run in difference(case.raw, case.key)]
    parts = whole(
        case.content,
        is_correct=is_correct,
        key=case.key,
        given=case.raw,
        confused_with=rival.text if rival else "",
        note=rival.subject if rival else "",
    )
    return Outcome(verdict, float(is_correct), rule, may_retry=may_retry, parts=parts, details=details)


def _accept(case: Case, rule: str) -> Outcome:
    return _outcome(case, "correct", rule) if rule == "key" else _outcome(case, "correct", rule, wording=case.key)


def _exact(case: Case) -> Outcome | None:
    if case.given == normal(case.key):
        return _accept(case, _same_text(case))
    if any(case.given == normal(variant) for variant in case.targets[1:]):
        return _accept(case, "variant")
    return None


def _same_text(case: Case) -> str:
    """How an answer with the key's normal form was written: script, width (or case), or just like the key."""
    if plain(case.raw) != plain(case.key):
        return "script"
    mine, wanted = ([char for char in text if char.isalnum()] for text in (case.raw, case.key))
    return "key" if mine == wanted else "width"


def _exact_rival(case: Case) -> Outcome | None:
    return _confused(case, lambda rival: normal(rival.text) == case.given)


def _number(case: Case) -> Outcome | None:
    if any(case.is_number(case.raw, target) for target in case.targets):
        return _accept(case, "number")
    return None


def _affixed(case: Case) -> Outcome | None:
    if any(case.loose & loosened(target, case.content) for target in case.targets):
        return _accept(case, "affix")
    return None


def _loose_rival(case: Case) -> Outcome | None:
    return _confused(
        case,
        lambda rival: bool(case.loose & loosened(rival.text, case.content)) or case.is_number(case.raw, rival.text),
    )


def _confused(case: Case, is_given: Callable[[Confusion], bool]) -> Outcome | None:
    """A confusion when another fact's answer was given; a mere distractor, of no known subject, is simply wrong."""
    rival = next((rival for rival in case.rivals if is_given(rival)), None)
    if rival is None:
        return None
    if not rival.subject:
        return _outcome(case, "wrong", "distractor", rival=rival)
    named = {"text": rival.text, "subject": rival.subject, "sentence": rival.sentence}
    return _outcome(case, "confusion", "confusion", rival=rival, confusion=named)


def _other_number(case: Case) -> Outcome | None:
    """Where a number is asked for, a different number is not nearly right, whatever its digits look like."""
    if quantity(case.key) is None:
        return None
    is_mentioned = any(is_among_other_measures(case.raw, target) for target in case.targets)
    return None if is_mentioned else _outcome(case, "wrong", "different")


def _hedged(case: Case) -> Outcome | None:
    """The key and the answer of another fact side by side: no answer at all."""
    entries = {
        form for part in split_list(case.raw) for entry in _JOINT.split(part) for form in loosened(entry, case.content)
    }
    rival = next((rival for rival in case.rivals if normal(without_article(rival.text)) in entries), None)
    if rival is None or not any(normal(without_article(target)) in entries for target in case.targets):
        return None
    return _outcome(case, "wrong", "hedged", rival=rival)


def _near(case: Case) -> Outcome | None:
    forms = {form for target in case.targets for form in loosened(target, case.content)}
    distance = min(
        (edit_distance(given, form) for given in case.loose for form in forms if _is_near(given, form)), default=0
    )
    if not distance or any(edit_distance(case.given, rival.text) < distance for rival in case.rivals):
        return None
    rule = "one_character" if distance == 1 else "two_characters"
    return _outcome(case, "near", rule, distance=distance)


def _is_near(given: str, form: str) -> bool:
    """Whether few enough characters differ for the size of the key, and they are not one numeral for another."""
    allowed = (size(form) >= ONE_CHARACTER_FROM) + (size(form) >= TWO_CHARACTERS_FROM)
    return not is_other_number(given, form) and 0 < edit_distance(given, form) <= allowed


def _overfull(case: Case) -> Outcome | None:
    forms = {form for target in case.targets for form in loosened(target, case.content)}
    if quantity(case.key) is None:
        forms = {form for form in forms if len(form) > 1}
    fitting = [
        form
        for form in sorted(forms, key=len, reverse=True)
        if form in case.given and len(case.given) <= OVERFULL_FACTOR * len(form) + OVERFULL_EXTRA
    ]
    if not fitting or is_other_number(case.raw, case.key) or case.given.partition(fitting[0])[0].endswith(_NEGATIONS):
        return None
    return _outcome(case, "overfull", "contains_key", has_wrong_part=_has_wrong_part(case, fitting[0]))


def _has_wrong_part(case: Case, form: str) -> bool:
    """Whether what surrounds the key in the answer stands neither in the stem nor in the evidence."""
    source = normal(case.content.stem.replace(BLANK, case.key)) + "".join(
        normal(evidence.quote) for evidence in case.content.evidence
    )
    return any(part and part not in source and part not in _FILLERS for part in case.given.split(form))


def _partial(case: Case) -> Outcome | None:
    lacking = _lacking(case.given, (normal(target) for target in case.targets))
    return _outcome(case, "partial", "part_of_key", missing=lacking) if lacking else None


def _lacking(given: str, forms: Iterable[str]) -> int:
    """How many characters are left of the shortest form that holds `given` as at least one half; 0 if none does."""
    return min((len(form) - len(given) for form in forms if given in form and 2 * len(given) >= len(form)), default=0)


def _wrong(case: Case) -> Outcome:
    return _outcome(case, "wrong", "different")


LADDER: tuple[Callable[[Case], Outcome | None], ...] = (
    _exact,
    _exact_rival,
    _number,
    _affixed,
    _loose_rival,
    _other_number,
    _hedged,
    _near,
    _overfull,
    _partial,
    _wrong,
)
