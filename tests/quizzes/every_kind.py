"""One question of each kind about the facts of a made course, runs over them, and right answers as posted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from curriculum.models import Course, Fact
from quizzes.bank import store
from quizzes.content import BLANK, Confusion, Content, Distractor
from quizzes.models import Attempt, AttemptItem, Question
from tests.factories import evidence_of, make_course, short_answer

CLOZE, PICKED, CHOICE, TYPED, LIST, ORDER, PAIRS = range(1, 8)
"""Positions in the run: every kind, with both ways to answer a cloze."""

MEMBERS = ("政府", "國際組織", "互聯網企業", "公民個人")
STEPS = ("尊重網絡主權", "維護和平安全", "促進開放合作", "構建良好秩序")
PREMISES = ("政府", "聯合國", "互聯網", "數字經濟", "技術社群", "社會組織")
RESPONSES = ("引擎作用", "關鍵主導作用", "主渠道作用", "橋梁作用", "積極作用", "不可替代的作用", "決定作用")
PARTNERS = (1, 2, 3, 0, 5, 4)
OPTIONS = ("具體體現", "自然延伸", "重要條件", "必然選擇")

RIGHT: dict[int, dict[str, Any]] = {
    CLOZE: {"text": "自然延伸"},
    PICKED: {"choice": "1"},
    CHOICE: {"choice": "1"},
    TYPED: {"text": "自然延伸"},
    LIST: {"member": list(MEMBERS)},
    ORDER: {f"place_{index}": str(4 - index) for index in range(4)},
    PAIRS: {f"pair_{index}": str(partner) for index, partner in enumerate(PARTNERS)},
}


def typed(fact: Fact, **changes: Any) -> Content:
    """A short answer with two hints, a variant and a known confusion."""
    fields = {
        "id": "4-typed",
        "stem": "網絡主權是國家主權在網絡空間的什麼?",
        "key": "自然延伸",
        "accepted": ("自然延展",),
        "confusions": (Confusion("具體體現", "構建網絡空間命運共同體", "L1-02"),),
        "hints": ("first_character", "choices"),
        "hide_heading": True,
    }
    return short_answer(fact, **fields | changes)


def choice(fact: Fact, other: Fact, **changes: Any) -> Content:
    """Four options, one of which is true of `other`."""
    fields = {
        "id": "3-choice",
        "kind": "choice",
        "stem": "網絡主權是國家主權在網絡空間的什麼?",
        "key": "自然延伸",
        "options": OPTIONS,
        "distractors": (Distractor("具體體現", other.key),),
        "hints": ("fifty_fifty",),
    }
    return short_answer(fact, **fields | changes)


def listing(fact: Fact, **changes: Any) -> Content:
    """A closed list of four members."""
    fields = {
        "id": "5-list",
        "kind": "enumeration",
        "stem": "治理架構有哪四類主體?",
        "key": list(MEMBERS),
        "accepted": ((), (), ("企業",), ("個人",)),
        "hints": ("first_characters", "one_member"),
    }
    return short_answer(fact, **fields | changes)


def ordering(fact: Fact) -> Content:
    """Four steps, stored from the last to the first."""
    fields = {"stem": "把四項基本原則排成文件的順序。", "key": list(STEPS), "items": STEPS[::-1]}
    return short_answer(fact, id="6-order", kind="ordering", **fields)


def matching(facts: Sequence[Fact]) -> Content:
    """As many pairs as facts, at most six, and one response that is left over; every pair has its own fact."""
    count = len(facts)
    responses = RESPONSES[: max(PARTNERS[:count]) + 2]
    return short_answer(
        facts[0],
        id="7-pairs",
        kind="matching",
        stem="依文件,下列各項分別發揮什麼作用?",
        premises=PREMISES[:count],
        responses=responses,
        key=[[PREMISES[i], RESPONSES[PARTNERS[i]]] for i in range(count)],
        facts=tuple(fact.key for fact in facts),
        evidence=tuple(evidence_of(fact) for fact in facts),
        distractors=(Distractor(responses[-1], ""),),
    )


def make_every_kind() -> Course:
    """A published course of twelve facts whose bank is one question of each kind, keyed in the order of a run."""
    course = make_course(slug="every-kind", sentences=12)
    facts = sorted(course.facts.select_related("sentence__passage__lesson"), key=lambda fact: fact.sentence.start)
    sentence = f"網絡主權是國家主權在網絡空間的{BLANK}。"
    contents = [
        typed(facts[0], id="1-cloze", kind="cloze", stem=sentence, hide_heading=False),
        choice(facts[1], facts[0], id="2-picked", kind="cloze", stem=sentence, hints=()),
        choice(facts[2], facts[1]),
        typed(facts[3]),
        listing(facts[4]),
        ordering(facts[5]),
        matching(facts[6:12]),
    ]
    store(course, contents)
    return course


def make_run(learner: User, course: Course, *, seconds_ago: int = 30, keys: Sequence[str] = ()) -> Attempt:
    """An open run over the course's questions in order of key, each shown `seconds_ago`, nothing answered."""
    now = timezone.now()
    attempt = Attempt.objects.create(learner=learner, course=course, scope="course", seed="test", started_at=now)
    questions = Question.objects.filter(course=course).order_by("key")
    if keys:
        questions = questions.filter(key__in=keys)
    for position, question in enumerate(questions, start=1):
        attempt.items.create(position=position, version=question.current, shown_at=now - timedelta(seconds=seconds_ago))
    return attempt


def item_at(attempt: Attempt, position: int) -> AttemptItem:
    return attempt.items.select_related("version__question").get(position=position)


def moment(hour: int, *, day: int = 3) -> datetime:
    """An aware moment in March 2026, UTC."""
    return datetime(2026, 3, day, hour, tzinfo=timezone.get_default_timezone())
