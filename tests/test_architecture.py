"""The house keeps its floors: who may import whom, and what must stand beside every model, form and URL."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {"curriculum": 0, "accounts": 0, "quizzes": 1, "classrooms": 2, "reports": 3}
PURE_PACKAGES = ["curriculum/outline", "curriculum/sources", "curriculum/proposing"] + [
    f"quizzes/{name}" for name in ("kinds", "generation", "validity", "interchange")
]
PURE = [
    "curriculum/editions.py",
    "curriculum/knowledge.py",
    "curriculum/fixture.py",
    "quizzes/content.py",
    "quizzes/chinese.py",
    "quizzes/scheduling.py",
    "quizzes/composer.py",
    "quizzes/sequence.py",
    "quizzes/drawing.py",
    "classrooms/terms.py",
    "classrooms/calendar.py",
    "quizzes/mastery.py",
    "quizzes/charts.py",
    "quizzes/numerals.py",
    "quizzes/wording.py",
    "quizzes/declared.py",
    "classrooms/marking.py",
    "classrooms/spreadsheets.py",
    "quizzes/arrivals.py",
    "reports/psychometrics.py",
    "reports/reliability.py",
    "reports/bundle.py",
    "classrooms/needs.py",
    "curriculum/editions.py",
    *(str(path.relative_to(ROOT)) for folder in PURE_PACKAGES for path in sorted((ROOT / folder).glob("*.py"))),
]
DATABASE_MODULES = ("django.db", "quizzes.models", "curriculum.models", "accounts", "django.http", "django.contrib")


def sources(folder: str) -> Iterator[Path]:
    return (path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts)


def imports(path: Path) -> set[str]:
    """Dotted names of the modules that a file imports, wherever the import stands."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("app", FLOORS)
def test_an_app_imports_only_the_floors_below_it(app: str) -> None:
    upward = {
        (str(path.relative_to(ROOT)), name)
        for path in sources(app)
        for name in imports(path)
        if (top := name.split(".")[0]) != app and (top == "config" or FLOORS.get(top, -1) >= FLOORS[app])
    }
    assert upward == set()


def test_every_app_has_a_floor() -> None:
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")} - {"config"}
    assert apps == set(FLOORS)


@pytest.mark.parametrize("module", PURE)
def test_a_pure_module_knows_no_database_and_no_request(module: str) -> None:
    assert [name for name in imports(ROOT / module) if name.startswith(DATABASE_MODULES)] == []


def test_no_import_stands_inside_a_function() -> None:
    inside = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for folder in FLOORS
        for path in sources(folder)
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


CLOCK = {
    "timezone.now",
    "datetime.now",
    "date.today",
    "timezone.localdate",
    "timezone.localtime",
    "localtime",
    "time.time",
}


def run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """What of a module is done while it is imported: all but the bodies of functions."""
    yield node
    is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    for name, field in ast.iter_fields(node):
        if is_function and name == "body":
            continue
        for child in field if isinstance(field, list) else [field]:
            if isinstance(child, ast.AST):
                yield from run_at_import(child)


@pytest.mark.parametrize("folder", [*FLOORS, "config", "tests"])
def test_no_module_reads_the_clock_while_it_is_imported(folder: str) -> None:
    """A server lives for weeks; and each test begins at another moment than that of its import (tests/clock.py)."""
    assert [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources(folder)
        for node in run_at_import(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CLOCK
    ] == []


def test_no_room_is_named_for_nothing() -> None:
    rooms = {path.name for folder in [ROOT, *(ROOT / app for app in FLOORS)] for path in folder.iterdir()}
    assert rooms & {"core", "common", "utils", "services", "helpers", "utils.py", "services.py", "helpers.py"} == set()


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


FORM = re.compile(r"<form\b[^>]*>", re.DOTALL)


@pytest.mark.parametrize("template", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_every_form_works_without_script(template: Path) -> None:
    forms = FORM.findall(template.read_text())
    assert [form for form in forms if "action=" not in form] == []
    assert [form for form in forms if "hx-post" in form and 'method="post"' not in form] == []


COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.DOTALL)
INLINE = re.compile(r'<style\b|\sstyle="|<script(?![^>]*\bsrc=)|\son\w+="|hx-on|hx-boost|(?<!help_text)\|safe\b')


@pytest.mark.parametrize("template", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_a_template_carries_no_inline_script_or_style(template: Path) -> None:
    assert INLINE.findall(COMMENT.sub("", template.read_text())) == []
