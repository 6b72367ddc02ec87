"""JSON is read value by value, with the same result as in one piece."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.errors import ContentError
from service.importing.document import document_of
from service.importing.parsing import json_stream
from service.importing.parsing.json_stream import ValuePath, read_values
from service.markup import drop_illegal
from tests.support.exports import ghost_post
from tests.support.import_folder import import_files

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
VALUES = st.recursive(
    SCALARS,
    lambda values: st.lists(values, max_size=4) | st.dictionaries(st.text(max_size=4), values, max_size=4),
    max_leaves=12,
)


def read_in_pieces(data: bytes, size: int, depth: int) -> list[tuple[ValuePath, Any]]:
    """The values of a document read `size` bytes at a time, in which all is opened to `depth`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "WHOLE_BYTES", -1)
        patch.setattr(json_stream, "PIECE_BYTES", size)
        return [*read_values(document_of(data), lambda path, _: len(path) < depth)]


def values_to_depth(value: Any, depth: int, path: ValuePath = ()) -> list[tuple[ValuePath, Any]]:
    if depth == 0 or not isinstance(value, dict | list):
        return [(path, value)]
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return [pair for name, item in items for pair in values_to_depth(item, depth - 1, (*path, name))]


@example(value=[1.5, -2e-9, 3], size=1, depth=1, indent=None, is_ascii=True)
@given(VALUES, st.integers(1, 40), st.integers(0, 3), st.sampled_from([None, 1]), st.booleans())
def test_values_in_pieces_are_those_of_the_whole(
    value: Any, size: int, depth: int, indent: int | None, is_ascii: bool
) -> None:
    written = json.dumps(value, indent=indent, ensure_ascii=is_ascii)
    text = written.encode("utf-8", "replace").decode()
    # What is forbidden in XML is dropped from any text that is imported.
    expected = json.loads(drop_illegal(text))
    assert read_in_pieces(text.encode(), size, depth) == values_to_depth(expected, depth)


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("", (1, 1), "expecting value"),
        ('{\n"a": [1,\n2', (3, 2), "expecting"),
        ('{\n"a": [1,\n2}', (3, 2), "expecting"),
        ('{"a": 1,}', (1, 9), "expecting property name"),
        ('{"a" 1}', (1, 6), "expecting ':'"),
        ('{"a": 1}\n\nx', (3, 1), "extra data"),
        ("[1,\n\nnul]", (3, 1), "expecting value"),
        ("[1, 2, 3, 4, 5, nul]", (1, 17), "expecting value"),
        ('["a\\q"]', (1, 4), "invalid \\\\escape"),
        ('["' + "x" * 200, (1, 2), "unterminated string"),
        ("[" + "[" * 100_000, (1, 3), "nested too deep"),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_an_error_has_its_line_and_column(text: str, place: tuple[int, int], reason: str, size: int) -> None:
    with pytest.raises(ContentError, match=reason) as error:
        read_in_pieces(text.encode(), size, 2)

    assert (error.value.line, f"(column {place[1]})" in error.value.message) == (place[0], True), error.value


@pytest.mark.parametrize("number", ["9" * 5000, "-1e400"])
def test_a_number_beyond_those_of_python_stays_a_text(number: str) -> None:
    assert read_in_pieces(f"[{number}, 5]".encode(), 7, 1) == [((0,), number), ((1,), 5)]


def test_large_documents_are_utf_8() -> None:
    for data, reason in ((b'["\n\xe4"]', "not UTF-8"), ('["ä"]'.encode("utf-16"), "as UTF-16")):
        with pytest.raises(ContentError, match=reason):
            read_in_pieces(data, 100, 0)


def test_a_value_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "MAX_VALUE_CHARACTERS", 1000)
    with pytest.raises(ContentError, match="longer than") as error:
        read_in_pieces(b'[1,\n"' + b"x" * 5000 + b'"]', 100, 1)

    assert error.value.line == 2


def test_half_of_a_surrogate_pair_loses_no_article(tmp_path: Path) -> None:
    files = {"list.json": '[{"title": "S \\ud800 x", "text": "a \\udc00", "date": "2020-01-01"}]'}
    (article,) = import_files(files, tmp_path / "to").articles.values()
    assert article.title.startswith("S ")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_exports_in_other_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    files = {"ghost.json": ghost_post("published").encode(encoding)}
    assert list(import_files(files, tmp_path / "to").articles) == ["secret-plan"]
