"""G. Files. What is refused costs little, reads nothing, fetches nothing; what is taken is text."""

from __future__ import annotations

import io
import socket
import threading
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Max

from curriculum.models import Course
from quizzes.models import Question, QuestionImport
from tests.attacks.conftest import Site

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BODY = f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>{{}}</w:t></w:r></w:p></w:body></w:document>'
LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {name} "{f"&{inner};" * 10}">' for inner, name in pairwise("abcdefghi"))
    + "]>"
)
SECRET = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def docx(document: str, *more: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("word/document.xml", document)
        for name, data in more:
            archive.writestr(name, data)
    return file.getvalue()


def bomb() -> bytes:
    return docx(BODY.format("x"), ("word/media/zeros", b"\0" * 70_000_000))


def many_parts() -> bytes:
    return docx(BODY.format("x"), *((f"part{number}", b"") for number in range(3_000)), method=zipfile.ZIP_STORED)


def encrypted() -> bytes:
    """The bit that says so, set in both of the places where a ZIP says it."""
    data = bytearray(docx(BODY.format("x"), method=zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


REFUSED = {
    "69 zip bomb": (bomb, "rules.docx"),
    "70 many parts": (many_parts, "rules.docx"),
    "70 encrypted": (encrypted, "rules.docx"),
    "70 nested": (
        lambda: docx(BODY.format("x"), ("inner.docx", bomb())).replace(b"word/document", b"word/documenX"),
        "x.docx",
    ),
    "71 billion laughs": (lambda: docx(LAUGHS + BODY.format("&i;")), "rules.docx"),
    "71 a file of the server": (lambda: docx(SECRET + BODY.format("&x;")), "rules.docx"),
    "74 empty": (lambda: b"", "rules.txt"),
    "74 blank": (lambda: b" \n\t \n", "rules.txt"),
    "74 cut short": (lambda: docx(BODY.format("x" * 5000))[:200], "rules.docx"),
    "74 a PDF called text": (lambda: b"%PDF-1.7\n1 0 obj", "rules.txt"),
    "74 a program": (lambda: b"\x7fELF\x02\x01\x01\0\0\0", "rules.txt"),
    "74 a picture called DOCX": (lambda: b"\x89PNG\r\n\x1a\n\0\0", "rules.docx"),
    "74 a ZIP that is no document": (lambda: docx("x").replace(b"word/document", b"word/documenX"), "rules.docx"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_document_is_refused_with_words_and_little_work(site: Site, kind: str) -> None:
    make, name = REFUSED[kind]
    file = SimpleUploadedFile(name, make())
    client = site.client(site.learner)
    client.get("/import/")
    tracemalloc.start()
    began = time.monotonic()
    response = client.post("/import/", {"file": file, "encoding": ""})
    seconds, (_now, peak) = time.monotonic() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert response.status_code == 422
    assert "root:" not in response.content.decode()
    assert Course.objects.count() == 2
    assert seconds < 5
    assert peak < 60_000_000


def test_70_names_of_parts_lead_nowhere(site: Site, tmp_path: Path) -> None:
    up = "../" * len(Path.cwd().parts)
    data = docx(BODY.format("規則。"), (f"{up}{tmp_path.relative_to('/')}/up", b"x"), (f"{tmp_path}/absolute", b"x"))
    response = site.client(site.learner).post(
        "/import/", {"file": SimpleUploadedFile("rules.docx", data), "encoding": ""}
    )
    assert response.status_code in (302, 422)
    assert list(tmp_path.iterdir()) == []


def test_72_sixty_thousand_nested_elements(site: Site) -> None:
    for data, name in [
        (("<div>" * 60_000 + "規則。").encode(), "rules.html"),
        (docx("<w:p>" * 60_000 + "</w:p>" * 60_000), "rules.docx"),
        (("> " * 60_000 + "規則。").encode(), "rules.md"),
    ]:
        began = time.monotonic()
        file = SimpleUploadedFile(name, data)
        response = site.client(site.learner).post("/import/", {"file": file, "encoding": ""})
        assert response.status_code in (302, 422), name
        assert time.monotonic() - began < 5, name


@pytest.mark.parametrize(
    "name", ["../../x.txt", "x" * 5_000 + ".txt", "<img src=x onerror=alert(1)>.txt", "a\rb.txt", ".txt", "CON"]
)
def test_75_the_name_of_a_file_is_only_shown(site: Site, name: str) -> None:
    client = site.client(site.learner)
    file = SimpleUploadedFile("x.txt", "規則\n\n第一條 本會設於臺北。".encode())
    file.name = name
    response = client.post("/import/", {"file": file, "encoding": ""}, follow=True)
    assert response.status_code in (200, 422)
    assert "<img src=x" not in response.content.decode()
    newest = Course.objects.aggregate(newest=Max("pk"))["newest"]
    assert all(len(course.slug) <= 80 for course in Course.objects.filter(pk=newest))


def test_76_twelve_megabytes_are_refused_unread(site: Site) -> None:
    body = io.BytesIO(b"x" * 100)
    response = site.client(site.learner).generic(
        "POST", "/import/", body.read(), content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="12000000"
    )
    assert response.status_code == 413
    assert "10 MB" in response.content.decode()


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """A server of ours that notes whoever calls."""
    called: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                called.append(connection.recv(100))
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", called
        stop.set()
        thread.join()


def test_80_nothing_is_ever_fetched(site: Site, listener: tuple[str, list[bytes]]) -> None:
    address, called = listener
    client = site.client(site.learner)
    html = f'<img src="{address}/a.png"><link rel="stylesheet" href="{address}/a.css"><p>第一條 規則。'
    html += f'<iframe src="{address}"></iframe>'
    external = f'<!DOCTYPE a SYSTEM "{address}/a.dtd">'
    for data, name in [
        (html.encode(), "rules.html"),
        (f"![x]({address}/a.png)\n\n第一條 規則。".encode(), "rules.md"),
        (docx(external + BODY.format("x")), "rules.docx"),
    ]:
        client.post("/import/", {"file": SimpleUploadedFile(name, data), "encoding": ""})
    client.post("/import/", {"text": address, "url": address, "encoding": ""})
    assert called == []


@pytest.mark.parametrize("prologue", [LAUGHS, SECRET, '<!DOCTYPE quiz SYSTEM "file:///etc/passwd">'])
def test_71_questions_in_xml_have_no_entities(site: Site, prologue: str) -> None:
    data = f'<?xml version="1.0"?>{prologue}<quiz><question type="shortanswer"><name><text>&e;</text></name></question>'
    file = SimpleUploadedFile("bank.xml", f"{data}</quiz>".encode())
    response = site.client(site.staff).post("/bank/small/import/", {"file": file, "format": "moodle"})
    assert response.status_code == 422
    assert "root:" not in response.content.decode()
    assert QuestionImport.objects.count() == 0


@pytest.mark.parametrize(
    "data", [b"[" * 100_000, b'{"a":' * 100_000, b"1e999999", b'{"questions": ' + b"9" * 5000 + b"}", b"\xff\xfe\0"]
)
def test_questions_in_json_that_are_none(site: Site, data: bytes) -> None:
    began = time.monotonic()
    for format in ("jingdu", "json", "gift"):
        file = SimpleUploadedFile("bank.json", data)
        response = site.client(site.staff).post("/bank/small/import/", {"file": file, "format": format})
        assert response.status_code in (302, 422)
    assert Question.objects.filter(course=site.course).count() == 6
    assert time.monotonic() - began < 5
