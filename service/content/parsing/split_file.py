"""Split a file into raw articles: a document, a page, a JSON record, or many records."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from service.content.discovery.exclusions import find_data_exclusion
from service.content.discovery.text_kinds import read_json_with_comments
from service.content.front_matter.splitting import JsonObjects, split
from service.content.front_matter.values import Entry, normal_key, written
from service.content.parsing.html_page import is_whole_page, split_page
from service.content.parsing.json_lines import MAX_LINE_BYTES, unknown_lines
from service.content.parsing.raw_article import RawArticle
from service.content.records import FilePart, LoadedFile
from service.errors import ContentError
from service.markup import TextFormat

# Keys of a JSON record that hold the body, the best first, and its format; None: detected.
_BODIES: tuple[tuple[str, TextFormat | None], ...] = (
    ("content_html", "html"),
    ("html", "html"),
    ("markdown", "markdown"),
    ("content_text", "text"),
    ("text", "text"),
    ("content", None),
    ("body", None),
)
_BODY_KEYS = {key for key, _ in _BODIES}
_LOOKS_LIKE_HTML = re.compile(
    r"<(?:p|div|br|h[1-6]|ul|ol|a|img|blockquote|article|section)\b[^<>]*>", re.IGNORECASE
)


_TITLE_KEYS = {"title", "headline", "name"}
_NO_ARTICLE = "data: neither a title nor a text"
_ARRAY = (
    "this is a JSON array; several articles belong in a .jsonl file, each on a line:"
    " convert it with `jq -c '.[]' FILE`"
)
_SEVERAL = (
    "more follows after the JSON object; several articles belong in a .jsonl file, each on a line:"
    " convert it with `jq -c . FILE`"
)


FoundInFile = RawArticle | LoadedFile
"""A raw article, or what needs no further step: faults of the file, or why it has no article."""

DecodeLine = Callable[[bytes], tuple[str, ContentError | None]]
"""The text of a line, and a note on its encoding. Raises ContentError."""


def split_file(path: str, text: str) -> list[FoundInFile]:
    """Split the text of the file at `path`, not `.jsonl`. Raises ContentError if it cannot be parsed."""
    suffix = path.lower().rpartition(".")[2]
    if suffix == "json":
        return _read_json(path, text.lstrip(), 1 + _lines_before(text))
    if suffix in {"html", "htm"}:
        return _read_html(path, text)
    return _read_document(path, text, "text" if suffix == "txt" else "markdown")


def _read_json(path: str, text: str, first_line: int) -> list[FoundInFile]:
    """The record in the JSON `text`, which begins at `first_line` of the file."""
    if text.startswith("[") and "{" not in text:
        return [LoadedFile.excluded(path, 1, _NO_ARTICLE)]
    if text.startswith(("---", "{%")):
        return [LoadedFile.excluded(path, 1, "a template: its engine makes the JSON")]
    try:
        entries, notes, end = JsonObjects().parse(text, first_line)
    except ContentError:
        value = _read_other_json(text)
        if isinstance(value, list):
            if _has_text(value):
                raise ContentError(first_line, _ARRAY) from None
            return [LoadedFile.excluded(path, 1, _NO_ARTICLE)]
        if isinstance(value, dict) and (
            reason := find_data_exclusion(path, _by_normal_key(value), _BODY_KEYS)
        ):
            return [LoadedFile.excluded(path, 1, reason)]
        raise
    if text[end:].strip():
        raise ContentError(1, _SEVERAL)
    if reason := find_data_exclusion(path, _by_normal_key(entries), _BODY_KEYS):
        return [LoadedFile.excluded(path, 1, reason)]
    return [_record(path, entries, 1), *_notes(path, notes)]


def _notes(path: str, notes: Sequence[ContentError]) -> list[FoundInFile]:
    return [LoadedFile(faults=tuple(note.to_fault(path) for note in notes))] if notes else []


def _read_document(path: str, text: str, text_format: TextFormat) -> list[FoundInFile]:
    matter = split(text, headers=text_format == "markdown")
    if matter.faults:
        return [LoadedFile.failed(path, *matter.faults)]
    if text_format == "text" and not matter.present:
        scraped = RawArticle(
            path=path,
            entries=(),
            text=matter.body,
            format=text_format,
            scraped=text,
            text_line=matter.body_line,
        )
        return [scraped]
    entries = matter.entries
    if path.lower().endswith(".mdx"):
        from service.content.front_matter.mdx_metadata import read_metadata  # few sites have MDX

        try:
            entries = _with_defaults(entries, read_metadata(matter.body, matter.body_line))
        except ContentError:
            if not matter.present:  # else front matter says who may see the article
                raise
    raw = RawArticle(
        path=path,
        entries=tuple(entries.values()),
        text=matter.body,
        format=text_format,
        text_line=matter.body_line,
    )
    return [raw, *_notes(path, matter.notes)]


def _with_defaults(entries: dict[str, Entry], defaults: dict[str, Entry]) -> dict[str, Entry]:
    """The entries, and those of `defaults` whose keys they lack."""
    stated = {normal_key(name) for name in entries}
    return entries | {name: entry for name, entry in defaults.items() if normal_key(name) not in stated}


def _read_html(path: str, text: str) -> list[FoundInFile]:
    """HTML: front matter wins over the metadata in the head of a whole page."""
    matter = split(text)
    if matter.faults:
        return [LoadedFile.failed(path, *matter.faults)]
    entries, body = matter.entries, matter.body
    unread: tuple[Entry, ...] = ()
    if is_whole_page(body):
        page = split_page(body, matter.body_line)
        entries = _with_defaults(entries, page.entries)
        body, unread = page.body, page.unread
    scraped = None if matter.present else text
    raw = RawArticle(
        path=path,
        entries=tuple(entries.values()),
        text=body,
        format="html",
        scraped=scraped,
        unread=unread,
        text_line=matter.body_line + matter.body.count("\n", 0, matter.body.find(body)),
    )
    return [raw, *_notes(path, matter.notes)]


def split_json_lines(part: FilePart, data: bytes, decode_line: DecodeLine) -> list[FoundInFile]:
    """The records in some lines of JSON Lines; what is read of one depends on that line alone."""
    found: list[FoundInFile] = []
    objects = JsonObjects()
    for number, line in unknown_lines(part, data):
        try:
            text, note = _decode_line(line, number, decode_line)
            record = text.strip()
            if not record:
                found += [LoadedFile.failed(part.path, note)] if note else []
                continue
            found += _notes(part.path, [note] if note else [])
            entries, notes, end = objects.parse(record, number)
            if record[end:]:
                raise ContentError(number, "more follows after the JSON object; give each article a line")
            found += _notes(part.path, notes)
            found.append(_record(part.path, entries, number, number=number - 1, named=False))
        except ContentError as error:
            found.append(LoadedFile.failed(part.path, error))
    return found


def _decode_line(line: bytes, number: int, decode_line: DecodeLine) -> tuple[str, ContentError | None]:
    if len(line) > MAX_LINE_BYTES:
        raise ContentError(number, f"the line is larger than {MAX_LINE_BYTES // 1_000_000} MB; split it")
    try:
        text, note = decode_line(line)
    except ContentError as error:
        raise ContentError(number, error.message) from None
    return text, ContentError(number, note.message, harmless=note.harmless) if note else None


def _record(
    path: str, entries: dict[str, Entry], line: int, *, number: int = 0, named: bool = True
) -> RawArticle:
    """The raw article in a JSON object; of several bodies the best is read, and the others are ignored."""
    keys = {normal_key(name): name for name in reversed(entries)}
    bodies = [
        (keys[key], text_format)
        for key, text_format in _BODIES
        if key in keys and _is_text(entries[keys[key]])
    ]
    rest = tuple(entry for name, entry in entries.items() if name not in {name for name, _ in bodies})
    if not bodies:
        return RawArticle(path, rest, "", "text", line, number, named)
    name, text_format = bodies[0]
    text = written(entries[name].value) or ""
    looks: TextFormat = "html" if _LOOKS_LIKE_HTML.search(text) else "text"
    titled = any(normal_key(name) in _TITLE_KEYS for name in entries)
    scraped = None if titled or text_format == "markdown" else text
    return RawArticle(path, rest, text, text_format or looks, line, number, named, scraped)


def _is_text(entry: Entry) -> bool:
    return isinstance(entry.value, str) and bool(entry.value.strip())


def _read_other_json(text: str) -> Any:
    """The value of an array, or of JSON with comments, such as settings of a tool; None for other text."""
    if text.startswith("["):
        with suppress(msgspec.DecodeError):
            return msgspec.json.decode(text)
    return read_json_with_comments(text)


def _has_text(records: list[Any]) -> bool:
    """Whether any object in a list has the text of an article."""
    tables = [_by_normal_key(record) for record in records if isinstance(record, dict)]
    return any(isinstance(table.get(key), str) for table in tables for key in _BODY_KEYS)


def _by_normal_key(entries: dict[str, Any]) -> dict[str, Any]:
    return {normal_key(name): value for name, value in entries.items()}


def _lines_before(text: str) -> int:
    return text.count("\n", 0, len(text) - len(text.lstrip()))
