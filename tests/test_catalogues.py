"""The words of the program in its three languages: complete, true to the English, compiled, and in the right script."""

from __future__ import annotations

import ast
import gettext
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from opencc import OpenCC

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("en", "zh_Hans", "zh_Hant")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!%)%[sd]|\{\w+\}|%%|<[^>]+>")
LINE = re.compile(r'(?:(msgctxt|msgid|msgid_plural|msgstr)(?:\[(\d+)\])? )?(".*")')
SOURCES = ("manage.py", "config", "accounts", "curriculum", "quizzes", "classrooms", "reports", "templates", "locale")
TOOLS = ("xgettext", "msgmerge", "msguniq", "msgattrib", "msgfmt")
# OpenCC would change these alone, but in the words used here they are right as they stand (互不相干, 核准).
ALLOWED = {"zh_Hans": set(), "zh_Hant": set("干准")}
ELSEWHERE = {
    "zh_Hans": (
        "登入",
        "登出",
        "设定",
        "预设",
        "使用者",
        "伺服器",
        "网路",
        "程式",
        "萤幕",
        "连结",
        "档案",
        "帐号",
        "「",
    ),
    "zh_Hant": ("登錄", "設置", "默認", "用戶", "服務器", "程序", "屏幕", "鏈接", "賬號", "“"),
}


@dataclass
class Entry:
    """One entry of a .po file. `texts` has msgctxt, msgid and msgid_plural; `forms` the translation by plural form."""

    flags: set[str] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)
    forms: dict[int, str] = field(default_factory=dict)
    is_obsolete: bool = False

    @property
    def key(self) -> str:
        """As a compiled catalogue names it."""
        context = self.texts.get("msgctxt")
        text = self.texts.get("msgid", "an obsolete entry")
        return text if context is None else f"{context}\x04{text}"


def read(path: Path) -> list[Entry]:
    """The entries of a .po file; the first is the header, whose msgid is empty."""
    return [entry(block) for block in path.read_text(encoding="utf-8").strip().split("\n\n")]


def entry(block: str) -> Entry:
    made, name, form = Entry(), "", 0
    for line in block.splitlines():
        if line.startswith("#"):
            made.is_obsolete |= line.startswith("#~")
            made.flags |= {flag.strip() for flag in line[2:].split(",")} if line.startswith("#,") else set()
            continue
        found = LINE.fullmatch(line)
        assert found, line
        name, form = found[1] or name, int(found[2] or 0) if found[1] else form
        text = ast.literal_eval(found[3])
        if name == "msgstr":
            made.forms[form] = made.forms.get(form, "") + text
        else:
            made.texts[name] = made.texts.get(name, "") + text
    return made


def catalogue(language: str, root: Path = ROOT) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def translations(language: str) -> list[Entry]:
    return read(catalogue(language))[1:]


def compiled(path: Path) -> dict[str | tuple[str, int], str]:
    """The texts of a .mo file: by msgid, or by (msgid, form) where there are plurals. The header is left out."""
    with path.open("rb") as file:
        texts = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {key: text for key, text in texts.items() if key}


def texts_of(entries: list[Entry]) -> Iterator[tuple[str | tuple[str, int], str]]:
    for one in entries:
        for form, text in one.forms.items():
            yield ((one.key, form) if "msgid_plural" in one.texts else one.key), text


def needs(*tools: str) -> None:
    """Skip where GNU gettext is not installed; in CI that is a failure."""
    missing = [tool for tool in tools if not shutil.which(tool)]
    if missing and not os.environ.get("CI"):
        pytest.skip(f"GNU gettext is not installed: {', '.join(missing)}")
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_and_none_is_doubtful_or_left_over(language: str) -> None:
    entries = translations(language)
    plurals = 2 if language == "en" else 1
    assert entries
    assert [one.key for one in entries if one.is_obsolete or "fuzzy" in one.flags] == []
    assert [one.key for one in entries if not all(text.strip() for text in one.forms.values())] == []
    assert [one.key for one in entries if len(one.forms) != (plurals if "msgid_plural" in one.texts else 1)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_header_says_the_language_and_its_plurals(language: str) -> None:
    header = read(catalogue(language))[0]
    plural = "nplurals=2; plural=(n != 1);" if language == "en" else "nplurals=1; plural=0;"
    assert "fuzzy" not in header.flags
    assert f"Language: {language}\n" in header.forms[0]
    assert f"Plural-Forms: {plural}\n" in header.forms[0]
    assert "charset=UTF-8\n" in header.forms[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_tags_are_those_of_the_english(language: str) -> None:
    for one in translations(language):
        single = sorted(PLACEHOLDER.findall(one.texts["msgid"]))
        several = sorted(PLACEHOLDER.findall(one.texts.get("msgid_plural", one.texts["msgid"])))
        last = max(one.forms)
        for form, text in one.forms.items():
            assert sorted(PLACEHOLDER.findall(text)) == (several if form == last else single), one.key


def test_english_says_what_the_program_says() -> None:
    for one in translations("en"):
        words = [text for name, text in one.texts.items() if name != "msgctxt"]
        assert list(one.forms.values()) == words


def test_all_catalogues_have_the_same_entries() -> None:
    keys = {language: [one.key for one in translations(language)] for language in LANGUAGES}
    assert keys["en"] == keys["zh_Hant"] == keys["zh_Hans"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_text(language: str) -> None:
    assert compiled(catalogue(language).with_suffix(".mo")) == dict(texts_of(translations(language)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_gettext_compiles_the_same(language: str, tmp_path: Path) -> None:
    needs("msgfmt")
    made = tmp_path / "django.mo"
    subprocess.run(["msgfmt", "--check", "-o", made, catalogue(language)], check=True, capture_output=True)
    assert compiled(made) == compiled(catalogue(language).with_suffix(".mo"))


def test_extracting_again_finds_nothing_new(tmp_path: Path) -> None:
    needs(*TOOLS)
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    options = [f"--locale={language}" for language in LANGUAGES] + ["--no-obsolete", "--add-location=file"]
    command = [sys.executable, "manage.py", "makemessages", *options, "--no-wrap"]
    environment = os.environ | {"JINGDU_DATA": str(tmp_path / "data"), "DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    for language in LANGUAGES:
        kept, found = ({one.key for one in read(catalogue(language, root))[1:]} for root in (ROOT, tmp_path))
        assert (found - kept, kept - found) == (set(), set()), "run: make messages"


@pytest.mark.parametrize(("language", "to_own_script"), [("zh_Hans", "t2s"), ("zh_Hant", "s2t")])
def test_each_chinese_keeps_to_its_own_characters(language: str, to_own_script: str) -> None:
    convert = OpenCC(to_own_script).convert
    used = {character for _key, text in texts_of(translations(language)) for character in text}
    assert sorted(one for one in used - ALLOWED[language] if convert(one) != one) == []


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant"])
def test_each_chinese_keeps_to_its_own_words(language: str) -> None:
    texts = [text for _key, text in texts_of(translations(language))]
    assert [(word, text) for word in ELSEWHERE[language] for text in texts if word in text] == []


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant"])
def test_marks_between_chinese_characters_are_full_width(language: str) -> None:
    han = "[\u4e00-\u9fff]"
    narrow = re.compile(rf"{han}[,:;!?]|[,;!?]{han}|{han}\(|\){han}|{han}\.(?!\w)")
    assert [text for _key, text in texts_of(translations(language)) if narrow.search(text)] == []
