"""People's wordings: made to fit, checked by the rules, written down, and safe from the generator and each other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounts.models import User
from curriculum.models import Course
from quizzes import generation
from quizzes.bank import digest, store, stored_contents
from quizzes.editing import (
    ChangedMeanwhileError,
    FlawedQuestionError,
    edited,
    findings_for,
    restore,
    save_wording,
    suspend,
    write,
    written,
)
from quizzes.models import Question, QuestionChange
from quizzes.regenerate import regenerate, report
from quizzes.validity import ERROR, WARNING
from quizzes.wording import differences, lines, quoted
from tests.quizzes.clean_bank import clean_bank
from tests.quizzes.keepers import of_kind, stored_bank

ROLE = "3d38d0213538"


@pytest.fixture
def course(white_paper: Course) -> Course:
    return stored_bank(white_paper)


@pytest.fixture
def question(course: Course) -> Question:
    return Question.objects.select_related("current", "course").get(course=course, key=ROLE)


# Pure.


@pytest.mark.parametrize("content", clean_bank(), ids=lambda content: content.id)
def test_nothing_edited_is_nothing_changed(content: object) -> None:
    assert digest(edited(content)) == digest(content)


def test_options_follow_the_words() -> None:
    choice = next(content for content in clean_bank() if content.kind == "choice")
    assert choice.options is not None
    gone = next(option for option in choice.options if option != choice.key)
    fresh = edited(choice, options=tuple(option for option in choice.options if option != gone))
    assert {row.text for row in fresh.distractors} == set(fresh.options) - {choice.key}


def test_columns_follow_the_pairs() -> None:
    pairs = next(content for content in clean_bank() if content.kind == "matching")
    changed = [*pairs.key[:-1], [pairs.key[-1][0], "別的說法"]]
    fresh = edited(pairs, key=changed)
    assert fresh.premises == pairs.premises
    assert "別的說法" in fresh.responses
    assert pairs.key[-1][1] not in fresh.responses


def test_the_answer_of_another_fact_stays_known_as_such() -> None:
    typed = next(content for content in clean_bank() if content.confusions)
    rival = typed.confusions[0].text
    assert rival in {row.text for row in edited(typed, accepted=(rival,)).confusions}
    assert rival not in {row.text for row in edited(typed, key=rival).confusions}


def test_versions_differ_in_named_fields() -> None:
    typed = next(content for content in clean_bank() if content.id == ROLE)
    (row,) = differences(typed, edited(typed, accepted=("主要渠道作用",)))
    assert (row.before, row.after) == ("主渠道\n主渠道的作用", "主要渠道作用")


def test_lines_hold_what_people_edit() -> None:
    listing = next(content for content in clean_bank() if content.kind == "enumeration")
    assert lines(listing)["members"].split("\n")[0].split(" | ")[0] == listing.key[0]


# Saving.


def test_a_wording_is_a_new_version_by_its_author(question: Question, learner: User) -> None:
    before = question.current.content
    content = edited(before, accepted=("主要渠道作用",))
    version = save_wording(question, content, actor=learner, reason="learners say so", expected=1)
    question.refresh_from_db()
    assert (version.number, version.author, question.current) == (2, learner, version)
    assert (question.is_edited, question.is_active) == (True, True)
    change = QuestionChange.objects.get()
    assert (change.action, change.actor, change.reason) == ("edit", learner, "learners say so")
    assert (change.before["accepted"], change.after["accepted"]) == (["主渠道", "主渠道的作用"], ["主要渠道作用"])
    assert question.versions.get(number=1).content == before


def test_the_same_wording_again_changes_nothing(question: Question, learner: User) -> None:
    version = save_wording(question, question.current.content, actor=learner)
    assert (version.number, question.versions.count(), QuestionChange.objects.count()) == (1, 1, 0)


def test_an_error_is_not_overruled(question: Question, learner: User) -> None:
    flawed = edited(question.current.content, key="引擎作用")
    with pytest.raises(FlawedQuestionError) as refused:
        save_wording(question, flawed, actor=learner, overrule=True, reason="because")
    assert "V18" in {finding.rule for finding in refused.value.findings if finding.severity == ERROR}
    assert question.versions.count() == 1


def test_a_warning_needs_a_reason_that_is_kept(course: Course, learner: User) -> None:
    question = Question.objects.select_related("current", "course").get(course=course, key="98fb3e0599d9")
    long = edited(question.current.content, hints=("fifty_fifty",))
    assert [(finding.rule, finding.severity) for finding in findings_for(course, long)] == [("V21", WARNING)]
    with pytest.raises(FlawedQuestionError):
        save_wording(question, long, actor=learner, overrule=True, reason=" ")
    save_wording(question, long, actor=learner, overrule=True, reason="it must be whole")
    assert QuestionChange.objects.get().reason == "[V21] it must be whole"


def test_somebody_else_was_first(question: Question, learner: User, stranger: User) -> None:
    content = question.current.content
    save_wording(question, edited(content, accepted=("主要渠道作用",)), actor=stranger, expected=1)
    with pytest.raises(ChangedMeanwhileError) as meanwhile:
        save_wording(question, edited(content, accepted=()), actor=learner, expected=1)
    assert meanwhile.value.current.author == stranger
    assert question.versions.count() == 2


def test_findings_concern_this_question_only(question: Question) -> None:
    assert findings_for(question.course, question.current.content) == []


def test_a_twin_of_another_question_is_found(course: Course, question: Question) -> None:
    other = of_kind(course, "cloze").current.content
    twin = replace(question.current.content, stem=other.stem, key=other.key, evidence=other.evidence, facts=other.facts)
    assert "V70" in {finding.rule for finding in findings_for(course, twin)}


# Writing.


def test_a_person_writes_a_question(course: Course, learner: User) -> None:
    knowledge = course.knowledge()
    fact = knowledge.fact_by_id["F165"]
    content = written(
        knowledge,
        "short_answer",
        stem="依第三章第五項，文件認為聯合國在網絡空間國際治理中應發揮何種作用？",
        key=fact.text,
        facts=[fact.id],
        evidence=[quoted(knowledge.unit_by_id[fact.unit])],
    )
    store(course, [row for row in clean_bank() if row.id != ROLE])
    assert {(finding.rule, finding.severity) for finding in findings_for(course, content)} == {("V78", WARNING)}
    question = write(course, content, actor=learner, overrule=True, reason="plainer words")
    assert write(course, content, actor=learner) == question
    assert (question.origin, question.lesson.key) == ("human", knowledge.unit_by_id[fact.unit].lesson)
    assert [fact.key for fact in question.facts.all()] == ["F165"]
    assert [change.action for change in question.changes.all()] == ["write"]
    assert content in stored_contents(course)


def test_own_words_of_a_person_stay_a_warning_in_the_proof(question: Question, learner: User) -> None:
    before = question.current.content
    content = edited(before, stem=before.stem.replace("發揮什麼作用", "到底發揮何種作用"))
    save_wording(question, content, actor=learner, overrule=True, reason="plainer words")
    own = [finding for finding in report(question.course).findings if finding.question == question.key]
    assert [(finding.rule, finding.severity) for finding in own] == [("V78", WARNING)]


# Suspending.


def test_suspended_is_not_asked_until_restored(question: Question, learner: User) -> None:
    suspend(question, actor=learner, reason="two answers")
    suspend(question, actor=learner, reason="again")
    question.refresh_from_db()
    assert (question.is_active, question.is_suspended) == (False, True)
    store(question.course, clean_bank())
    question.refresh_from_db()
    assert question.is_active is False
    restore(question, actor=learner)
    question.refresh_from_db()
    assert (question.is_active, question.is_suspended) == (True, False)
    assert [change.action for change in question.changes.all()] == ["restore", "suspend"]


def test_a_question_the_generator_gave_up_comes_back_as_a_persons(question: Question, learner: User) -> None:
    others = [content for content in clean_bank() if content.id != ROLE]
    store(question.course, others)
    question.refresh_from_db()
    assert question.is_active is False
    restore(question, actor=learner)
    store(question.course, others)
    question.refresh_from_db()
    assert (question.is_active, question.is_edited) == (True, True)


def test_a_faulty_question_stays_suspended(question: Question, learner: User) -> None:
    flawed = edited(question.current.content, key="引擎作用")
    save_wording(question, flawed, actor=learner, findings=())
    suspend(question, actor=learner)
    question.refresh_from_db()
    with pytest.raises(FlawedQuestionError):
        restore(question, actor=learner, overrule=True, reason="please")


# The generator.


def test_wordings_of_people_survive_regeneration(white_paper: Course, learner: User) -> None:
    regenerate(white_paper)
    question = of_kind(white_paper, "short_answer", is_active=True)
    content = edited(question.current.content, accepted=("某一說法",))
    save_wording(question, content, actor=learner, findings=())
    again = regenerate(white_paper, preferred={"F001": ["nothing in any pool"]})
    question.refresh_from_db()
    assert (question.current.content, question.is_active, again.retired) == (content, True, 0)
    made = {row.id: row for row in generation.generate(white_paper.knowledge())}
    others = [row for row in stored_contents(white_paper) if row.id != content.id]
    assert others == sorted((row for row in made.values() if row.id != content.id), key=lambda row: row.id)
