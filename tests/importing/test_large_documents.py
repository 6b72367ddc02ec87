"""Exports of any size are read piece by piece, with the same result as in one piece."""

import html.entities
import io
import json
import os
import re
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.content.parsing import json_lines
from service.errors import ContentError
from service.importing import ImportResult, find_sources, import_sources, unpack_archives
from service.importing.document import SourceDocument, document_of
from service.importing.item import ImportedItem, ImportOptions, ItemsAndNotes
from service.importing.parsing import json_stream, xml_text
from service.importing.parsing.xml_text import XmlPieces, to_text
from service.importing.sources.feeds import read_feed
from service.importing.sources.ghost.export import read_ghost
from service.importing.sources.json_feed import read_json_feed
from service.importing.sources.wordpress.export import read_wordpress
from service.model import Site

OPTIONS = ImportOptions(Site())
WXR_BEGIN = """<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Blog</title>"""
WXR_ITEM = """<item><title>Post {0}</title><guid>{0}</guid><wp:post_id>{0}</wp:post_id>
<content:encoded><![CDATA[<p>{1} &amp; </p>]]></content:encoded></item>"""
ATOM_BEGIN = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title><id>urn:x</id>"""
ATOM_ITEM = (
    """<entry><title>Post {0}</title><id>urn:{0}</id><content type="html">{1} &amp;amp; </content></entry>"""
)
FORMATS = [
    pytest.param(read_wordpress, WXR_BEGIN, WXR_ITEM, "</channel></rss>", id="WordPress"),
    pytest.param(read_feed, ATOM_BEGIN, ATOM_ITEM, "</feed>", id="Atom"),
]
JSON_FORMATS = [
    pytest.param(
        read_ghost,
        '{"db": [{"data": {"posts": [',
        '{{"id": "{0}", "status": "published", "title": "Post {0}", "html": "<p>{1}</p>"}},',
        '{}], "tags": [{"id": "1", "name": "A"}]}}]}',
        id="Ghost",
    ),
    pytest.param(
        read_json_feed,
        '{"items": [',
        '{{"id": "{0}", "title": "Post {0}", "content_html": "<p>{1}</p>"}},',
        '{}], "authors": [{"name": "Ada"}]}',
        id="JSON Feed",
    ),
]
Read = Callable[[SourceDocument, str, ImportOptions], ItemsAndNotes]

ENTITY = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&([A-Za-z][A-Za-z0-9]*);|&(?!#|[A-Za-z][\w]*;)", re.DOTALL
)


class GeneratedFile(io.RawIOBase):
    """A file whose content is made while it is read."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest and (text := next(self._texts, "")):
            self._rest = text.encode()
        data, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def generated(begin: str, item: str, end: str, items: int) -> SourceDocument:
    def texts() -> Iterator[str]:
        yield begin
        for number in range(items):
            yield item.format(number, "word " * 2000)
        yield end

    return SourceDocument(lambda: io.BufferedReader(GeneratedFile(texts())), size=0)


def escaped_at_once(text: str) -> str:
    def replace(match: re.Match[str]) -> str:
        whole, name = match.group(), match.group(1)
        if whole == "&":
            return "&amp;"
        if name is None or name in {"lt", "gt", "amp", "quot", "apos"}:
            return whole
        return html.entities.html5.get(f"{name};", f"&amp;{name};")

    return ENTITY.sub(replace, text)


TOKENS = [
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "&nbsp;",
    "&amp;",
    "&#10;",
    "&",
    "&no",
    ";",
    "<",
    "!",
    "]",
    "-",
    "ä",
    "x",
]


@given(st.lists(st.sampled_from(TOKENS), max_size=30), st.integers(1, 12))
def test_a_document_in_pieces_is_that_in_one_piece(tokens: list[str], size: int) -> None:
    text = "".join(tokens)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xml_text, "PIECE_CHARACTERS", size)
        with XmlPieces(document_of(text.encode()), lambda: (10**9, 1)) as pieces:
            read = b"".join(iter(pieces.read, b""))

    assert read.decode() == escaped_at_once(text)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<a>ä</a>".encode(), "<a>ä</a>"),
        ("\ufeff<a>ä</a>".encode(), "<a>ä</a>"),
        ("\ufeff<a>ä</a>".encode("utf-16-le"), "<a>ä</a>"),
        ("\ufeff<a>ä</a>".encode("utf-16-be"), "<a>ä</a>"),
        (
            b"<?xml version='1.0' encoding='koi8-r'?><a>\xc1</a>",
            "<?xml version='1.0' encoding='koi8-r'?><a>а</a>",
        ),
        *(  # cut off within the last character
            (
                f"<?xml version='1.0' encoding='{name}'?><a>日日".encode(name)[:-1],
                f"<?xml version='1.0' encoding='{name}'?><a>日\ufffd",
            )
            for name in ("utf-8", "shift-jis", "gb18030")
        ),
        (b"<?xml version='1.0' encoding='hex'?><a/>", "<?xml version='1.0' encoding='hex'?><a/>"),
        (b"<?xml version='1.0' encoding='no-such'?><a/>", "<?xml version='1.0' encoding='no-such'?><a/>"),
        (
            b"<?xml version='1.0' encoding='ascii'?><a>\xc3\xa4</a>",
            "<?xml version='1.0' encoding='ascii'?><a>ä</a>",
        ),
        (b"<a>" + b"x" * 100_000 + b"\x80</a>", "<a>" + "x" * 100_000 + "€</a>"),
    ],
)
def test_the_encoding_is_that_of_the_whole_document(data: bytes, text: str) -> None:
    assert to_text(data) == text


@pytest.mark.parametrize(("read", "begin", "item", "end"), [*FORMATS, *JSON_FORMATS])
def test_memory_does_not_grow_with_the_document(
    read: Read, begin: str, item: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_stream, "WHOLE_BYTES", -1)
    monkeypatch.setattr(json_stream, "PIECE_BYTES", 20_000)

    def most_bytes(items: int) -> int:
        tracemalloc.start()
        try:
            found = sum(
                isinstance(each, ImportedItem)
                for each in read(generated(begin, item, end, items), "x", OPTIONS)
            )
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert found == items
        return most

    most_bytes(10)

    assert most_bytes(130) < most_bytes(30) + 300_000  # of 1 MB more


@pytest.mark.parametrize(("read", "begin", "item", "end"), FORMATS)
def test_an_entry_that_is_too_large_is_an_error_with_its_line(
    read: Read, begin: str, item: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_text, "MAX_ENTRY_BYTES", 1_000_000)
    large = item.format(1, "word\n" * 300_000)
    document = document_of(f"{begin}{item.format(0, 'x')}{large}{end}".encode())
    items = read(document, "x", OPTIONS)
    assert isinstance(next(items), ImportedItem)
    with pytest.raises(ContentError, match="is larger than 1 MB; shorten it") as error:
        next(items)

    assert error.value.line > 100_000


@pytest.mark.parametrize("name", ["list", "articles"])
def test_a_list_of_articles_is_read_record_by_record(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_stream, "WHOLE_BYTES", -1)
    monkeypatch.setattr(json_stream, "PIECE_BYTES", 50)
    records = [{"title": f"Record {number}", "text": "Some words."} for number in range(1, 121)]
    value = records if name == "list" else {"articles": records, "total": 120}
    source = tmp_path / "all.json"
    source.write_text(json.dumps(value, indent=1), "utf-8")
    sources, _ = find_sources((source,), tmp_path / "to")
    places = [result.place for result in import_sources(sources, tmp_path / "to", OPTIONS)]

    assert places == [f"all.json, article {number}" for number in range(1, 121)]


def test_json_lines_are_read_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "PART_BYTES", 200)
    lines = [json.dumps({"title": f"Line {number}", "text": "Some words."}) for number in range(1, 21)]
    lines[9] = "{"
    source = tmp_path / "all.ndjson"
    source.write_text("\n".join(lines), "utf-8")
    sources, _ = find_sources((source,), tmp_path / "to")
    results = [*import_sources(sources, tmp_path / "to", OPTIONS)]

    written = [result.place for result in results if isinstance(result, ImportResult)]
    assert written == [f"all.ndjson:{number}" for number in range(1, 21) if number != 10]
    assert [
        note.place for note in results if not isinstance(note, ImportResult) and note.kind == "fault"
    ] == ["all.ndjson:10"]


def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    export = generated(WXR_BEGIN, WXR_ITEM, "</channel></rss>", 3)
    with export.open() as file:
        data = file.read()
    writer = threading.Thread(target=pipe.write_bytes, args=(data,))
    writer.start()
    with unpack_archives((pipe,)) as (paths, notes):
        writer.join()
        sources, _ = find_sources(paths, tmp_path / "to")
        results = [*import_sources(sources, tmp_path / "to", OPTIONS)]

    assert notes == ()
    places = [result.place for result in results if isinstance(result, ImportResult)]
    assert places == [f"pipe, item {number}" for number in (1, 2, 3)]


def test_a_format_that_is_read_as_a_whole_has_a_limit(tmp_path: Path) -> None:
    source = tmp_path / "page.html"
    with source.open("wb") as file:
        file.write(b"<html>")
        file.truncate(200_000_001)
    sources, _ = find_sources((source,), tmp_path / "to")
    (note,) = import_sources(sources, tmp_path / "to", OPTIONS)

    assert str(note) == "page.html:1: the file is larger than 200 MB, too large for its format; split it"
