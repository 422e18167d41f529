"""The texts of the pages: complete in every language, and every text that a page asks for is there."""

import ast
import re
import string
import tomllib
from datetime import UTC, datetime

import pytest

from hipcv.catalogues.words import DEFAULT, Words, languages, texts
from tests.test_layering import PACKAGE
from tests.words import QUOTES

PAGES = sorted(
    path for room in ("web", "rendering", "language", "review", "study", "validation", "desk") for path in (PACKAGE / room).rglob("*.py")
)
ASKED_OF = {"words", "texts", "ENGLISH"}
"""What the pages call their `Words`."""
IS_KEY = re.compile(r"\\\.")
"""A file and a name, with the dot between them as it stands in a regular expression."""
OTHERS = sorted(set(languages()) - {DEFAULT})


def files_of(language):
    return sorted((PACKAGE / "catalogues" / language).glob("*.toml"))


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


# ---------------------------------------------------------------------- what a page asks for
def keys_in(node):
    """What the first argument of `words(…)` may be: keys, those with a value inside as a regular expression."""
    if isinstance(node, ast.IfExp):
        return [*keys_in(node.body), *keys_in(node.orelse)]
    if isinstance(node, ast.Constant):
        return [re.escape(node.value)]
    if isinstance(node, ast.JoinedStr):
        return ["".join(re.escape(part.value) if isinstance(part, ast.Constant) else r"\w[\w.]*" for part in node.values)]
    return []


def requests(path):
    """Each key of a page, with the names of the values that are given (None: which ones cannot be seen from here)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ASKED_OF and node.args:
            given = {keyword.arg for keyword in node.keywords}
            for key in filter(IS_KEY.search, keys_in(node.args[0])):
                yield key, None if None in given or isinstance(node.args[0], ast.JoinedStr) else given


REQUESTS = [pytest.param(key, given, id=f"{path.stem}: {key}".replace("\\", "")) for path in PAGES for key, given in requests(path)]


def test_the_pages_ask_for_texts():
    assert len(REQUESTS) > 100


def test_every_text_of_a_study_and_of_a_validation_is_asked_for():
    asked = {re.sub(r"\\(.)", r"\1", parameter.values[0]) for parameter in REQUESTS}
    known = {key for key in texts(DEFAULT) if key.startswith("research.")}
    assert {key for key in known if not any(key == one or key.startswith(f"{one}.") for one in asked)} == set()


@pytest.mark.parametrize(("key", "given"), REQUESTS)
def test_every_text_that_is_asked_for_is_there_and_gets_its_values(key, given):
    form = r"(\.\w+)?" if given and given & {"n", "case"} else ""
    found = {name: text for name, text in texts(DEFAULT).items() if re.fullmatch(key + form, name)}
    assert found, "no such text"
    if given is not None:
        assert {text: placeholders(text) - given for text in found.values()} == {text: set() for text in found.values()}


# ---------------------------------------------------------------------- every language
@pytest.mark.parametrize("language", languages())
def test_every_text_is_one_line_that_says_something(language):
    for key, text in texts(language).items():
        assert isinstance(text, str), key
        if key.startswith("lists."):  # the pieces that join a list begin and end with blanks
            continue
        assert text == text.strip() != "", key
        assert "\n" not in text.replace("\n  {faults}", "").replace("\n  und {more}", "").replace("\n  and {more}", ""), key
        assert {name for name in placeholders(text) if not name.isidentifier()} == set(), key


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_files(language):
    assert [path.name for path in files_of(language)] == [path.name for path in files_of(DEFAULT) if path.name not in ENGLISH_ONLY]


ENGLISH_ONLY = {"research.toml"}
"""What a study and a validation say goes into papers in English."""


OF_A_LANGUAGE = {"words.toml", "lists.toml"}
"""Which forms of a word there are, and how a list is joined, each language decides for itself."""
PLURAL = re.compile(r"\.(zero|one|two|few|many|other)$")


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("file", [path.name for path in files_of(DEFAULT) if path.name not in OF_A_LANGUAGE | ENGLISH_ONLY])
def test_every_language_has_the_same_keys_and_placeholders(language, file):
    english, other = (_placeholders_by_key(one, file.removesuffix(".toml")) for one in (DEFAULT, language))
    assert other == english


def _placeholders_by_key(language, file):
    """Plural forms together, as languages have different ones."""
    found = {}
    for key, text in texts(language).items():
        if key.startswith(f"{file}."):
            found.setdefault(PLURAL.sub("", key), set()).update(placeholders(text))
    return found


def test_no_file_names_a_text_twice_or_hides_one():
    for language in languages():
        n_texts = sum(_count(tomllib.loads(path.read_text(encoding="utf-8"))) for path in files_of(language))
        assert n_texts == len(texts(language))


def _count(table):
    return sum(_count(value) if isinstance(value, dict) else 1 for value in table.values())


@pytest.mark.parametrize(
    ("language", "expected"),
    [pytest.param("en", "09 Mar 2025, 14:05", id="English"), pytest.param("de", "09.03.2025, 14:05", id="German")],
)
def test_a_date_is_written_as_in_the_language(language, expected):
    words = Words(language)
    moment = datetime(2025, 3, 9, 14, 5, tzinfo=UTC)
    assert moment.strftime(words("app.date_format")) == expected
    assert expected.startswith(moment.strftime(words("app.day_format")))


@pytest.mark.parametrize("language", OTHERS)
def test_quotation_marks_are_those_of_the_language(language):
    opening, closing = QUOTES[language]
    foreign = {'"', *"".join(QUOTES.values())} - {opening, closing}
    for key, text in texts(language).items():
        assert text.count(opening) == text.count(closing), key
        assert not foreign & set(text), key


@pytest.mark.parametrize("language", languages())
def test_a_page_that_is_named_in_a_text_bears_that_name(language):
    words = Words(language)
    opening, closing = QUOTES[language]
    pages = {text for key, text in texts(language).items() if key.startswith("app.page.")}
    named = {
        name
        for key in ("result.share_help", "result.none", "measure.job.safe", "about.privacy")
        for name in re.findall(f"{opening}([^{closing}]+){closing}", words(key))
    }
    assert named <= pages


def test_an_unknown_language_is_english():
    assert Words("tlh").language == DEFAULT
