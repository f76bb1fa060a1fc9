"""The reading pages: anybody may read every published course, in either script, with and without htmx."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from curriculum.models import Course, Lesson, Passage
from tests.factories import make_bank, make_course
from tests.quizzes.histories import answer

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def read(client: Client, name: str, *args: str, **headers: str) -> str:
    response = client.get(reverse(f"curriculum:{name}", args=args), headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def article(page: str) -> str:
    """The text of a lesson page without tags, paragraph and sentence numbers."""
    body = re.search(r"<article.*?</article>", page, re.DOTALL)
    assert body
    return re.sub(r"\s*<[^>]+>\s*", "", re.sub(r'<a class="(num|cite)".*?</a>', "", body[0]))


def in_hans(client: Client) -> None:
    client.post(reverse("accounts:script"), {"script": "hans", "next": "/"})


def test_anybody_sees_the_published_courses(client: Client, white_paper: Course) -> None:
    make_course(slug="draft", title="草稿", is_published=False)
    page = read(client, "courses")
    assert re.findall(r'<li><a href="/courses/([^"]+)/">\s*<b lang="zh-Hant">([^<]+)', page) == [
        ("cyberspace-2019", "攜手構建網絡空間命運共同體")
    ]
    assert "7 lessons" in page


@pytest.mark.parametrize(
    ("issuer", "date", "shown"),
    [("大會", "2019年", "大會·2019年"), ("大會", "", "大會"), ("", "2019年", "2019年"), ("", "", "")],
)
def test_what_a_document_does_not_say_of_itself_leaves_no_gap(
    client: Client, issuer: str, date: str, shown: str
) -> None:
    make_course(slug="small", issuer=issuer, date=date)
    row, head = read(client, "courses").partition("<main")[2], read(client, "course", "small").partition("<h1")[2]
    assert f"測試文件{shown}·1lesson" in re.sub(r"<[^>]+>|\s", "", row).replace("文件1", "文件·1")
    assert re.sub(r"<[^>]+>|\s", "", "<" + head.partition("<form")[0]).removeprefix("測試文件") == shown


def test_without_courses_the_page_says_how_one_comes(client: Client) -> None:
    assert "No course yet" in read(client, "courses")


def test_a_course_lists_its_lessons_in_order(client: Client, white_paper: Course) -> None:
    page = read(client, "course", "cyberspace-2019")
    assert re.findall(r'<a href="/courses/cyberspace-2019/([^/"]+)/"', page) == [
        "preface",
        "introduction",
        "background",
        "principles",
        "paths",
        "governance",
        "conclusion",
    ]
    assert "世界互聯網大會組委會" in page
    assert page.count("heading supplied by Jingdu") == 2


def test_the_source_note_stands_verbatim_with_its_languages(client: Client, white_paper: Course) -> None:
    page = read(client, "course", "cyberspace-2019")
    assert '<p class="note" lang="zh-Hant">維基文庫,自由的圖書館</p>' in page
    assert '<p class="note" lang="en">Public domainPublic domainfalsefalse</p>' in page


def test_a_lesson_shows_every_sentence_once_under_its_own_anchor(client: Client, white_paper: Course) -> None:
    page = read(client, "lesson", "cyberspace-2019", "paths")
    keys = [line.key for passage in lesson_passages("paths") for line in passage.sentences.all()]
    ids = re.findall(r' id="([^"]+)"', page)
    assert [key for key in ids if key in keys] == keys
    assert len(ids) == len(set(ids))
    assert [link for link in re.findall(r'class="cite"[^>]* href="#([^"]+)"', page) if link not in ids] == []


def test_a_lesson_reads_as_the_document_does(client: Client, white_paper: Course) -> None:
    page = article(read(client, "lesson", "cyberspace-2019", "principles"))
    text = "".join(line.text for p in lesson_passages("principles")[1:] for line in p.sentences.all())
    assert page == text.replace(",", "，").replace(":", "：")


def test_the_first_lesson_has_the_title_block_and_the_signature(client: Client, white_paper: Course) -> None:
    page = read(client, "lesson", "cyberspace-2019", "preface")
    order = [page.index(f'id="{key}"') for key in ("T.5", "T.7", "L0.H", "L0-01", "L0.sig17", "L0.sig19")]
    assert order == sorted(order)


def test_headings_that_the_document_lacks_are_marked(client: Client, white_paper: Course) -> None:
    page = read(client, "lesson", "cyberspace-2019", "governance")
    supplied = re.findall(r"<h2>(\S+) <small[^>]*>heading supplied by Jingdu", page)
    assert supplied == ["政府", "國際組織", "互聯網企業", "技術社群和社會組織", "個人"]
    assert "supplied" not in read(client, "lesson", "cyberspace-2019", "paths")


def test_neighbours_are_linked_and_keep_the_settings(client: Client, white_paper: Course) -> None:
    page = client.get("/courses/cyberspace-2019/paths/?tint=1&junk=1").content.decode()
    assert re.findall(r'rel="(prev|next)" href="([^"]+)"', page) == [
        ("prev", "/courses/cyberspace-2019/principles/?tint=1"),
        ("next", "/courses/cyberspace-2019/governance/?tint=1"),
    ]


def test_size_and_typeface_are_kept_from_lesson_to_lesson(client: Client, white_paper: Course) -> None:
    client.post(reverse("accounts:text_size"), {"text_size": "large"})
    client.post(reverse("accounts:typeface"), {"typeface": "sans"})
    for slug in ("paths", "governance"):
        page = read(client, "lesson", "cyberspace-2019", slug)
        assert '<article class="text large sans" lang="zh-Hant">' in page
        pressed = re.findall(r'value="([^"]*)" aria-pressed="true"', page)
        assert pressed == ["large", "sans"]


@pytest.mark.parametrize("query", ["?size=huge", "?tint=2", "?tint=%22%3E"])
def test_settings_not_on_offer_are_ignored(client: Client, white_paper: Course, query: str) -> None:
    page = client.get(f"/courses/cyberspace-2019/conclusion/{query}").content.decode()
    assert '<article class="text" lang="zh-Hant">' in page


def test_the_script_switch_changes_text_and_lang(client: Client, white_paper: Course) -> None:
    address = reverse("curriculum:lesson", args=["cyberspace-2019", "paths"])
    before = client.get(address).content.decode()
    response = client.post(reverse("accounts:script"), {"script": "hans", "next": address})
    after = client.get(response["Location"]).content.decode()
    assert '<article class="text" lang="zh-Hant">' in before
    assert '<article class="text" lang="zh-Hans">' in after
    assert "互聯互通" in article(before)
    assert "互联互通" in article(after)
    assert len(article(before)) == len(article(after))
    assert 'lang="zh-Hans">三、实践路径</h1>' in after


@pytest.mark.parametrize("name", ["courses", "course"])
def test_lists_are_shown_in_the_chosen_script(client: Client, white_paper: Course, name: str) -> None:
    in_hans(client)
    page = read(client, name, *(["cyberspace-2019"] if name == "course" else []))
    assert 'lang="zh-Hans">携手构建网络空间命运共同体' in page


def test_a_text_that_is_not_traditional_has_no_switch(client: Client) -> None:
    in_hans(client)
    make_course(slug="english", language="en", title="A, B (網)")
    page = read(client, "course", "english")
    assert '<h1 lang="en">' in page
    assert reverse("accounts:script") not in page


@pytest.mark.parametrize(("language", "text"), [("en", "第1章第1句說明事項1甲1。 第1章"), ("zh-Hant", "甲1。第1章")])
def test_sentences_stand_apart_where_the_language_has_spaces(client: Client, language: str, text: str) -> None:
    make_course(slug="small", language=language)
    assert text in re.sub(
        "<[^>]+>", "", re.sub(r'<a class="cite".*?</a>', "", read(client, "lesson", "small", "lesson-1"))
    )


@pytest.mark.parametrize(("language", "minutes"), [("en", 1), ("zh-Hant", 5)])
def test_reading_takes_as_long_as_the_language_does(client: Client, language: str, minutes: int) -> None:
    make_course(slug="small", language=language, sentences=80)
    assert f">{minutes} minute" in read(client, "course", "small")


@pytest.mark.parametrize(
    "address",
    ["/courses/nothing/", "/courses/draft/", "/courses/draft/lesson-1/", "/courses/other/lesson-9/", "/courses/a/b/c/"],
)
def test_what_is_not_published_is_not_here(client: Client, learner: User, address: str) -> None:
    make_course(slug="draft", is_published=False)
    make_course(slug="other")
    client.force_login(learner)
    response = client.get(address)
    assert response.status_code == 404
    assert "This page is not here" in response.content.decode()


def test_reading_pages_only_answer_to_reading(client: Client, white_paper: Course) -> None:
    assert client.post("/courses/cyberspace-2019/").status_code == 405


def test_htmx_gets_the_page_without_its_frame(client: Client, white_paper: Course) -> None:
    address = reverse("curriculum:lesson", args=["cyberspace-2019", "paths"])
    whole, part = (client.get(address, headers=headers) for headers in ({}, HTMX))
    main = re.search(r'<main id="main" tabindex="-1">(.*)</main>', whole.content.decode(), re.DOTALL)
    assert main
    tokens = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    fragment = tokens.sub("", part.content.decode())
    assert tokens.sub("", main[1]).strip() in fragment
    assert "<html" not in fragment
    assert "<title>三、實踐路徑" in fragment
    assert "HX-Request" in part["Vary"]


@pytest.mark.parametrize("query", ["", "?tint=1"])
def test_queries_do_not_grow_with_the_text(client: Client, learner: User, query: str) -> None:
    make_course(slug="small", sentences=1)
    make_course(slug="large", sentences=9, lessons=4)
    client.force_login(learner)
    client.get("/courses/")
    counts = []
    for address in ("/courses/small/lesson-1/", "/courses/large/lesson-1/"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address + query).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_lesson_costs_five_queries(
    client: Client, white_paper: Course, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(5):
        client.get("/courses/cyberspace-2019/governance/")


def test_a_course_costs_three_queries(
    client: Client, white_paper: Course, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        client.get("/courses/cyberspace-2019/")


def test_reading_leaves_the_pinned_text_alone(client: Client, white_paper: Course) -> None:
    in_hans(client)
    for lesson in Lesson.objects.all():
        client.get(lesson.get_absolute_url())
    white_paper.refresh_from_db()
    assert white_paper.is_pinned
    assert "網絡空間" in white_paper.text


def test_markup_in_a_document_is_shown_as_text(client: Client) -> None:
    make_course(slug="bold", title="<b>題</b>")
    assert "&lt;b&gt;題&lt;/b&gt;" in read(client, "course", "bold")


def test_a_lesson_without_facts_says_so(client: Client) -> None:
    make_course(slug="bare").facts.all().delete()
    page = read(client, "lesson", "bare", "lesson-1")
    assert "No questions for this lesson yet." in page
    assert reverse("quizzes:start") not in page


def test_the_contents_of_a_very_long_course_stand_on_pages(client: Client) -> None:
    course = make_course()
    course.facts.all().delete()
    course.lessons.all().delete()
    Lesson.objects.bulk_create(
        Lesson(course=course, key=f"L{n}", slug=f"lesson-{n}", order=n, heading=f"Lesson no. {n}", title=f"Lesson {n}")
        for n in range(1, 252)
    )
    first, last = (read(client, "course", course.slug), client.get(f"/courses/{course.slug}/?page=2").content.decode())
    assert re.findall(r"Lesson no\. (\d+)", first) == [str(n) for n in range(1, 201)]
    assert re.findall(r"Lesson no\. (\d+)", last) == [str(n) for n in range(201, 252)]
    assert '<ol class="rows" start="201">' in last
    assert "251 lessons" in first
    assert 'rel="next" href="?page=2"' in first
    assert 'rel="prev" href="?page=1"' in last


def test_practice_starts_from_the_lesson_and_the_course(client: Client, white_paper: Course) -> None:
    lesson = read(client, "lesson", "cyberspace-2019", "paths")
    hidden = re.findall(r'name="(scope|course|lesson)" value="([^"]+)"', lesson)
    assert hidden == [("scope", "lesson"), ("course", "cyberspace-2019"), ("lesson", "paths")] * 2
    course = read(client, "course", "cyberspace-2019")
    assert re.findall(r'name="(scope|course|lesson)" value="([^"]+)"', course) == [
        ("scope", "course"),
        ("course", "cyberspace-2019"),
    ]


def test_a_reader_sees_what_they_remember(client: Client, learner: User) -> None:
    course = make_course(slug="known", sentences=3)
    make_bank(course)
    answer(learner, course.facts.get(key="F1-2"), at=timezone.now())
    client.force_login(learner)
    plain, tinted = (client.get(f"/courses/known/lesson-1/{query}").content.decode() for query in ("", "?tint=1"))
    assert re.findall(r'class="s t(\d)" id="([^"]+)"', plain) == []
    shades = dict(re.findall(r'class="s t(\d)" id="([^"]+)"', tinted))
    assert [key for step, key in re.findall(r'class="s t(\d)" id="([^"]+)"', tinted) if step != "0"] == ["L1-02"], (
        shades
    )
    assert "The shades as a table" in tinted
    assert "0 of 3 secure" in client.get("/courses/known/").content.decode()


def test_without_history_nothing_is_shaded(client: Client, learner: User) -> None:
    make_course(slug="fresh")
    for person in (None, learner):
        if person:
            client.force_login(person)
        page = client.get("/courses/fresh/lesson-1/?tint=1").content.decode()
        assert "Nothing is shaded yet" in page
        assert 'class="s t' not in page


def test_a_draft_is_read_and_practised_by_its_owner(client: Client, learner: User) -> None:
    make_course(slug="draft", is_published=False, owner=learner)
    client.force_login(learner)
    pages = [client.get(address).content.decode() for address in ("/courses/draft/", "/courses/draft/lesson-1/")]
    assert "A draft: only its owner" in pages[0]
    assert reverse("quizzes:start") in pages[1]
    assert "draft" in read(client, "courses")


def lesson_passages(slug: str) -> list[Passage]:
    return list(Passage.objects.filter(lesson__slug=slug).order_by("order"))


@pytest.mark.django_db
def test_the_items_of_an_article_stand_on_lines_of_their_own(client: Client) -> None:
    text = "(a) to read; (b) to write.\nNothing else."
    course = make_course(slug="lines", sentences=0, text=text)
    passage = course.lessons.get().passages.get()
    for key, start, end in (("L1-01", 0, 12), ("L1-02", 13, 26), ("L1-03", 27, 40)):
        passage.sentences.create(key=key, start=start, end=end, text=text[start:end])
    page = client.get(reverse("curriculum:lesson", args=["lines", "lesson-1"])).content.decode()
    lines = [re.findall(r'id="(L1-\d+)"', line) for line in re.findall(r"<p>(.*?)</p>", page, re.DOTALL)]
    assert [line for line in lines if line] == [["L1-01", "L1-02"], ["L1-03"]]
