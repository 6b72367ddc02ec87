"""Front matter in YAML, TOML and JSON; what it means, and that what is written loads back."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.content import load, write_front_matter
from service.content.front_matter.splitting import split
from service.content.front_matter.values import to_json
from service.errors import ContentError
from service.model import Site


def values(text: str) -> dict[str, Any]:
    return {name: to_json(entry.value) for name, entry in split(text).entries.items()}


MEANINGS = [
    ("a: NO", "NO"),
    ("a: yes", "yes"),
    ("a: on", "on"),
    ("a: true", True),
    ("a: ~", None),
    ("a:", None),
    ("a: 2019-01-28", "2019-01-28"),
    ("a: 0123", 123),
    ("a: 3.10", 3.1),
    ("a: 1e3", 1000.0),
    ("a: 12:30:45", "12:30:45"),
    ("a: 0x1F", "0x1F"),
    ("a: .inf", ".inf"),
    ("a: 1e999", "1e999"),
    ("a: 99999999999999999999", "99999999999999999999"),
    ("a: '3.10'", "3.10"),
    ("a: !!str 3", "3"),
    ("a: !!python/object:os.system x", "x"),
    ("a: {b: [1, {c: d}]}", {"b": [1, {"c": "d"}]}),
    ("a: >\n  folded\n  text", "folded text\n"),
    ("b: &x {c: 1}\na:\n  <<: *x\n  d: 2", {"d": 2, "c": 1}),
    ("a: 'x\u2028y'", "x\u2028y"),
    ("1: a\na: 2", 2),
    ("a: 1\na: 2", 2),
]


@pytest.mark.parametrize(("text", "expected"), MEANINGS)
def test_yaml_uses_the_core_schema(text: str, expected: object) -> None:
    assert values(f"---\n{text}\n---\n")["a"] == expected


TABS = [
    ("a: 1\n\t\nb: 2", {"a": 1, "b": 2}),
    ("a: 1\n \t \nb: 2\n\t", {"a": 1, "b": 2}),
    ("\t\na: 1\n\n\t\n\t\nb: 2", {"a": 1, "b": 2}),
    ("a: >\n  folded\n\t\nb: 2", {"a": "folded\n", "b": 2}),
    ("a: |\n  x\n\t\n  y\nb: 2", {"a": "x\n\ny\n", "b": 2}),
    ("a:\n  - x\n\t\n  - y", {"a": ["x", "y"]}),
    ("a:\n-\tx\n-\t\ty", {"a": ["x", "y"]}),
    ("a:\n  -\t'x: y'\n  -\thttp://example.org", {"a": ["x: y", "http://example.org"]}),
    ("a: 1\n\t# a comment\nb: 2", {"a": 1, "b": 2}),
    ("\t# a comment\na:\t1\t# another\nb: 2\t", {"a": 1, "b": 2}),
    ("a: [\n\tx,\n\ty\n]", {"a": ["x", "y"]}),
]


@pytest.mark.parametrize(("text", "expected"), TABS)
def test_tabs_that_indent_nothing_are_allowed_in_yaml(text: str, expected: object) -> None:
    assert values(f"---\n{text}\n---\n") == expected


@pytest.mark.parametrize("text", ["\ta: 1", "a:\n\tb: 1", "a:\n\t- b", "a:\n-\tb: 1\n\tc: 2"])
def test_tabs_that_indent_are_reported(text: str) -> None:
    with pytest.raises(ContentError, match=r"tab|token"):
        values(f"---\nt: T\n{text}\n---\n")


def test_a_fault_below_a_line_of_tabs_has_its_own_line() -> None:
    with pytest.raises(ContentError) as caught:
        values("---\na: 1\n\t\n \t\nb: c: d\n---\n")
    assert caught.value.line == 5


@pytest.mark.parametrize("lines", [99, 101, 20_000])
def test_many_lines_of_tabs_take_little_time(lines: int) -> None:
    text = "---\na: 1\n" + "\t\n" * lines + "b: 2\n---\n"
    if lines < 100:
        assert values(text) == {"a": 1, "b": 2}
    else:
        with pytest.raises(ContentError, match="more than 100 lines"):
            values(text)


NAMED_LANGUAGES = [
    ('---json\n{"a": 1, "b": "x"}\n---\n', {"a": 1, "b": "x"}),
    ('--- json \n{\n  "a": 1\n}\n\n---\nText.', {"a": 1}),
    ("---toml\na = 1\n---\n", {"a": 1}),
    ("---yaml\na: 1\n---\n", {"a": 1}),
    ("---yml\na: 1\n...\n", {"a": 1}),
    ('---JSON\n{"a": 1}\n---\n', {"a": 1}),
    ("+++TOML\na = 1\n+++\n", {"a": 1}),
    ("---Toml\na = 1\n---\n", {"a": 1}),
    ("--- YAML\na: 1\n---\n", {"a": 1}),
]


@pytest.mark.parametrize(("text", "expected"), NAMED_LANGUAGES)
def test_front_matter_may_name_its_language(text: str, expected: object) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("---js\n{draft: true}\n---\n", "front matter in js is not read", 1),
        ("---JS\n{draft: true}\n---\n", "front matter in JS is not read", 1),
        ("---json5\n{draft: true}\n---\n", "front matter in json5 is not read", 1),
        ("--- JSON5\n{draft: true}\n---\n", "front matter in JSON5 is not read", 1),
        ("\n---Other \ndraft: true\n--- \nText.", "front matter in Other is not read", 2),
        ("---c++\n\n[draft]\n---", r"front matter in c\+\+ is not read", 1),
        ("+++lua\ndraft = true\n+++\n", "front matter in lua is not read", 1),
        ('---json\n{"a": 1} x\n---\n', "more follows after the JSON object", 2),
        ('---json\n{\n"a": 1\n"b": 2}\n---\n', "this is not JSON", 4),
        ('---json\n{"a": 1}\n', "never closed", 1),
    ],
)
def test_front_matter_in_another_language_is_reported(text: str, message: str, line: int) -> None:
    with pytest.raises(ContentError, match=message) as caught:
        values(text)
    assert caught.value.line == line


HEXO_JSON = [
    '"title": "Hello",\n"date": "2024-01-05 10:00:00",\n"tags": ["x"]\n;;;\nText.\n',
    '\n"title": "Hello", "date": "2024-01-05 10:00:00", "tags": ["x"]\n;;;;\n\nText.\n',
    ';;;\n"title": "Hello",\n"date": "2024-01-05 10:00:00",\n"tags": ["x"]\n;;;\n\nText.',
    ';;;\n{"title": "Hello",\n"date": "2024-01-05 10:00:00", "tags": ["x"]}\n;;;\nText.',
    '{"title": "Hello", "date": "2024-01-05 10:00:00",\n"tags": ["x"]}\n;;;\nText.',
    ';;;  \r\n"title": "Hello",\r\n"date": "2024-01-05 10:00:00",\r\n"tags": ["x"]\r\n;;;\r\nText.\r\n',
]


@pytest.mark.parametrize("text", HEXO_JSON)
def test_json_front_matter_of_hexo(text: str) -> None:
    loaded = load(Path(), "source/_posts/a.md", text.encode(), Site())
    assert loaded.faults == ()
    (article,) = loaded.articles
    assert (article.title, [tag.name for tag in article.tags]) == ("Hello", ["x"])
    assert article.published == datetime(2024, 1, 5, 10, tzinfo=UTC)
    assert article.body.text == "Text."


@pytest.mark.parametrize(
    "text", ['"Title": he said\n\nText ;;;', ";;;\nText.\n;;;\nText.", '"Yes," she said.\n;;;\nText.', ";;;"]
)
def test_semicolons_in_a_text_are_no_front_matter(text: str) -> None:
    assert split(text).entries == {}
    assert split(text).body == text


def test_faults_in_json_front_matter_of_hexo_have_their_line() -> None:
    with pytest.raises(ContentError, match="this is not JSON") as caught:
        split(';;;\n"title": "T",\n"date": 2024-01-05\n;;;\nText.')
    assert caught.value.line == 3


SAME = [
    "---\ntitle: A title\ntags: [a, b]\nextra: {n: 1}\n---\n\nText.\n",
    "---  \ntitle: A title\ntags:\n  - a\n  - b\nextra:\n  n: 1\n...\nText.",
    "\ufeff---\r\ntitle: A title\r\ntags: [a, b]\r\nextra: {n: 1}\r\n---\r\n\r\nText.\r\n",
    '\n+++\ntitle = "A title"\ntags = ["a", "b"]\n[extra]\nn = 1\n+++\n\nText.\n',
    '{\n"title": "A title", "tags": ["a", "b"],\n"extra": {"n": 1}}\n\nText.\n',
]


@pytest.mark.parametrize("text", SAME)
def test_every_notation_says_the_same(text: str) -> None:
    loaded = load(Path(), "a.md", text.encode(), Site())
    assert loaded.faults == ()
    (article,) = loaded.articles
    assert (article.title, [tag.name for tag in article.tags]) == ("A title", ["a", "b"])
    assert article.extra == {"extra": {"n": 1}}
    assert article.body.text == "Text."


@pytest.mark.parametrize(
    "text",
    [
        *("Text.", "{% include x %}", "{{< figure >}}", "--- a\nb", "- - -\na", "{a", "--- a\nb\n---\nc"),
        *("---other\nText.", "---Heading\n---\nText.", "---two words\na\n---\nb", "----\na\n----\nb"),
        *("---a\nb\n...\nc", "---a\nb\n---c", "---\u2014\na\n---\nb", "---1\na\n---\nb"),
    ],
)
def test_text_that_resembles_front_matter_is_kept(text: str) -> None:
    assert split(text).entries == {}
    assert split(text).body == text


def test_toml_dates_are_dates() -> None:
    text = "+++\ndate = 2019-01-28\nupdated = 2019-01-28T09:30:00+01:00\nother = 09:30:00\n+++\nText."
    (article,) = load(Path(), "a.md", text.encode(), Site(time_zone="Asia/Baghdad")).articles
    assert article.published == datetime(2019, 1, 27, 21, tzinfo=UTC)
    assert article.updated == datetime(2019, 1, 28, 8, 30, tzinfo=UTC)
    assert article.extra == {"other": "09:30:00"}


def test_aliases_cannot_grow_without_bound() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    text = "---\n" + "\n".join(lines) + "\n---\nText."
    (fault,) = load(Path(), "a.md", text.encode(), Site()).faults
    assert "aliases counted in full" in fault.message


def test_written_front_matter_is_readable() -> None:
    written = write_front_matter(
        {
            "title": "Iraq: “a warning”",
            "date": "2019-01-28",
            "version": "3.10",
            "answer": "no",
            "tags": ["a", "Åse"],
            "source": {"name": "Reuters", "url": "https://example.org/"},
            "at": datetime(2019, 1, 28, 9, 30, tzinfo=UTC),
            "text": "one\ntwo\n",
        }
    )
    assert written == (
        "---\n"
        "title: 'Iraq: “a warning”'\n"
        "date: '2019-01-28'\n"
        "version: '3.10'\n"
        "answer: 'no'\n"
        "tags:\n"
        "  - a\n"
        "  - Åse\n"
        "source:\n"
        "  name: Reuters\n"
        "  url: https://example.org/\n"
        "at: 2019-01-28T09:30:00Z\n"
        "text: |\n"
        "  one\n"
        "  two\n"
        "---\n"
    )


LEGAL = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from(
    "\n\t"
)
TEXTS = st.text(LEGAL) | st.from_regex(r"[-+0-9.eExXoO:_~ #&*!|>'\"%@`{}\[\],?]+", fullmatch=True)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(TEXTS, JSON, max_size=4))
def test_written_front_matter_loads_as_the_same_values(written: dict[str, Any]) -> None:
    assert values(write_front_matter(written) + "\nText.\n") == written
