"""Importing a document: what the command prints, what it writes, and who may see the draft."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from accounts.models import User
from curriculum.fixture import load_fixture
from curriculum.importing import create_draft
from curriculum.models import Course, Lesson, Passage, Sentence
from curriculum.outline import OutlineError, listing, read_outline
from curriculum.sources import Source, UnreadableSourceError, read_source
from tests.factories import PASSWORD, make_user

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = Path(__file__).with_name("documents")
FILES = sorted(path for path in DOCUMENTS.iterdir() if path.suffix != ".json")
WHITE_PAPER = ROOT / "fixtures" / "cyberspace-2019.txt"


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("import_document", *arguments, stdout=out)
    return out.getvalue()


def draft_of(path: Path, owner: User | None = None) -> Course:
    source = read_source(path.read_bytes(), path.name)
    outline = read_outline(source.text, marks=[(mark.start, mark.role) for mark in source.marks])
    return create_draft(outline, source, name=path.name, owner=owner)


def draft_of_text(text: str, *, name: str = "", owner: User | None = None) -> Course:
    return create_draft(read_outline(text), Source(text, "txt", "utf-8"), name=name, owner=owner)


def test_the_outline_of_a_file_is_printed_as_json() -> None:
    path = DOCUMENTS / "treaty-en.txt"
    printed = json.loads(run(str(path), "--outline"))
    assert printed == json.loads((DOCUMENTS / "treaty-en.txt.json").read_text())
    assert list(printed) == ["title", "issuer", "date", "language", "lessons", "excluded", "doubts"]


@pytest.mark.django_db
def test_showing_an_outline_writes_nothing() -> None:
    run(str(WHITE_PAPER), "--outline")
    assert Course.objects.count() == 0


def test_an_encoding_can_be_named() -> None:
    path = DOCUMENTS / "rules-big5.txt"
    assert json.loads(run(str(path), "--outline", "--encoding", "Big5"))["title"] == "圖書借閱規則"
    with pytest.raises(CommandError, match="not in the encoding utf-8"):
        run(str(path), "--outline", "--encoding", "utf-8")
    with pytest.raises(CommandError, match="There is no encoding klingon here"):
        run(str(path), "--outline", "--encoding", "klingon")


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<x/>")
        archive.writestr("word/media/zeros.bin", b"\0" * 80_000_000)
    return packed.getvalue()


def evil_docx() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>')
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.txt", b"", "There is no text in this file"),
        ("spaces.md", b" \n\t\n", "There is no text in this file"),
        ("headings.txt", "第一章 總則\n\n第二章 附則\n".encode(), "There are only headings in this text"),
        ("binary.txt", b"abc\0\x01\x02", "looks like a binary file"),
        ("paper.pdf", b"%PDF-1.7", "This is a PDF"),
        ("bomb.docx", bomb(), "would be too large when unpacked"),
        ("evil.docx", evil_docx(), "damaged, encrypted or not allowed"),
        ("script.html", b"<html><script>alert('one.')</script></html>", "There is no text in this file"),
    ],
)
def test_what_cannot_be_imported_says_why_in_one_line(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(CommandError, match=words) as caught:
        run(str(path), "--outline")
    assert caught.value.returncode == 1
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(f"{path}: ")


def test_a_missing_file_and_a_folder_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        run(str(tmp_path / "none.txt"), "--outline")
    with pytest.raises(CommandError, match="Is a directory"):
        run(str(tmp_path), "--outline")


@pytest.mark.django_db
def test_an_imported_white_paper_has_the_rows_and_keys_of_the_shipped_course() -> None:
    course = draft_of(WHITE_PAPER)
    read, shipped = course.knowledge(), load_fixture(ROOT / "fixtures" / "cyberspace-2019.json")
    assert (read.text, read.sha256) == (shipped.text, shipped.sha256)
    assert read.lessons == shipped.lessons
    assert [(one.id, one.kind, one.start, one.end, one.text) for one in read.units] == [
        (one.id, one.kind, one.start, one.end, one.text) for one in shipped.units
    ]
    supplied = {one.id for one in shipped.passages if one.label_supplied}
    assert [one for one in read.passages if not one.id.startswith("L5.")] == [
        one for one in shipped.passages if not one.id.startswith("L5.")
    ]
    assert len([one for one in read.passages if one.id.startswith("L5.")]) == len(supplied) + 2


@pytest.mark.django_db
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_draft_holds_the_whole_outline_at_pinned_places(path: Path) -> None:
    course = draft_of(path)
    source = read_source(path.read_bytes(), path.name)
    outline = read_outline(source.text, marks=[(mark.start, mark.role) for mark in source.marks])
    rows = Sentence.objects.filter(passage__lesson__course=course)
    assert (course.text, course.is_published, course.is_pinned) == (source.text, False, True)
    assert [lesson.heading for lesson in course.lessons.all()] == [
        one["heading"] for one in listing(outline)["lessons"]
    ]
    spans = [span for lesson in outline.lessons for passage in lesson.passages for span in passage.spans]
    spans += [span for passage in outline.front for span in passage.spans]
    assert sorted(rows.values_list("start", "end", "kind")) == sorted((one.start, one.end, one.kind) for one in spans)
    assert all(course.text[row.start : row.end] == row.text for row in rows)
    assert len({row.key for row in rows}) == len(rows)
    assert course.facts.count() == 0


@pytest.mark.django_db
def test_the_command_makes_a_private_draft_and_names_it() -> None:
    printed = run(str(DOCUMENTS / "bylaws-en.txt")).splitlines()
    course = Course.objects.get()
    assert (course.slug, course.is_published, course.owner) == ("bylaws-of-the-riverside-reading-society", False, None)
    assert printed[0] == course.slug
    assert printed[1].startswith("A private draft: 4 lessons, 15 sentences, 0 doubts. Next: ")


@pytest.mark.django_db
def test_the_command_takes_documents_too_long_for_a_page(tmp_path: Path) -> None:
    article = (
        "第{}條　為保障人民之權益，各機關應依法行政，並遵守下列各款之規定：\n（一）不得濫用權力。\n（二）不得徇私。\n"
    )
    text = "通則\n\n" + "".join(map(article.format, range(1, 20_001)))
    with pytest.raises(UnreadableSourceError, match="longer than 1,000,000 characters"):
        read_source(text.encode())
    with pytest.raises(OutlineError, match="more than 60,000 lines"):
        read_outline(text)
    path = tmp_path / "long.txt"
    path.write_text(text)
    run(str(path))
    assert Sentence.objects.filter(kind="sentence").count() == 60_000
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DISCARD PLANS")  # made while the tables were small, they would read them whole for each row


@pytest.mark.django_db
def test_what_was_left_out_is_kept_in_the_note_of_the_source() -> None:
    assert "維基文庫,自由的圖書館" in draft_of(WHITE_PAPER).source_note


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("title", "name", "slugs"),
    [
        ("Reading Charter", "a.txt", ["reading-charter", "reading-charter-2", "reading-charter-3"]),
        ("讀書憲章", "Reading Charter 2.txt", ["reading-charter-2", "reading-charter-2-2", "reading-charter-2-3"]),
        ("讀書憲章", "憲章.txt", ["course-1", "course-2", "course-3"]),
        ("Import", "", ["import-2", "import-3", "import-4"]),
    ],
)
def test_the_address_comes_from_latin_words_and_is_never_taken(title: str, name: str, slugs: list[str]) -> None:
    text = f"{title}\n\n第一條　本會推廣閱讀。\n"
    assert [draft_of_text(text, name=name).slug for _time in range(3)] == slugs


@pytest.mark.django_db
def test_names_longer_than_their_columns_are_cut_and_the_text_is_not() -> None:
    text = f"Rules {'x' * 300}\n\nAnnex A\n{'Word ' * 14}\n\n（一）甲會推廣閱讀。\n"
    marks = [(0, "h1"), (text.index("Annex"), "h2")]
    course = create_draft(read_outline(text, marks=marks), Source(text, "txt", "utf-8"))
    assert (len(course.title), course.title[-1], course.text) == (200, "…", text)
    for row in [*Lesson.objects.all(), *Passage.objects.all(), *Sentence.objects.all()]:
        row.full_clean()


@pytest.mark.django_db
def test_a_failure_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "憲章\n\n第一條　本會推廣閱讀。\n"
    outline = read_outline(text)
    broken = Source(text + "\ud800", "txt", "utf-8")
    with pytest.raises(UnicodeEncodeError):
        create_draft(outline, broken)
    assert (Course.objects.count(), Lesson.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_only_the_owner_and_staff_see_a_draft(client: Client) -> None:
    owner, stranger, staff = make_user(), make_user(), make_user(is_staff=True)
    course = draft_of(DOCUMENTS / "bylaws-en.txt", owner=owner)
    addresses = [course.get_absolute_url(), course.lessons.all()[0].get_absolute_url()]
    seen = {}
    for name, user in (("owner", owner), ("stranger", stranger), ("staff", staff), ("nobody", None)):
        client.logout()
        if user:
            assert client.login(username=user.username, password=PASSWORD)
        seen[name] = [client.get(address).status_code for address in addresses]
        listed = course.title in client.get("/courses/").content.decode()
        assert listed == (name in ("owner", "staff"))
    assert seen == {"owner": [200, 200], "stranger": [404, 404], "staff": [200, 200], "nobody": [404, 404]}


@pytest.mark.django_db
def test_a_draft_costs_as_many_queries_as_it_has_tables(django_assert_max_num_queries: object) -> None:
    small, large = DOCUMENTS / "one-paragraph-hant.txt", WHITE_PAPER
    for path in (small, large):
        with django_assert_max_num_queries(8):  # type: ignore[operator]
            draft_of(path)
