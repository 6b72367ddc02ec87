"""The steps of an import: find the sources, read their items, compose Markdown, write the files."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from itertools import compress, islice
from pathlib import Path

import msgspec
from msgspec.structs import replace

from service.content.cpu_time_limit import MAX_SECONDS, cpu_time_limit
from service.content.discovery.scan import scan
from service.content.files.kinds import SUFFIXES
from service.content.front_matter.values import as_items
from service.content.parsing.decoding import decode, find_wide_encoding
from service.content.parsing.json_lines import read_parts
from service.content.records import FilePart
from service.errors import ContentError, reason_of
from service.importing.conversion.widgets import remove_widgets
from service.importing.detect import article_suffix, feed_reader, file_reader, is_article_list
from service.importing.document import SourceDocument, document_at
from service.importing.export_layouts import find_layouts, is_substack_list
from service.importing.item import ImportedItem, ImportOptions, ItemsAndNotes, Note
from service.importing.output.compose import compose
from service.importing.output.file_links import find_file_addresses, link_files
from service.importing.output.item_links import find_item_addresses, link_items
from service.importing.output.media import MediaFolder, use_local_files
from service.importing.output.output_folder import ItemFile, Outcome, OutputFolder
from service.importing.output.redirect_pages import RedirectPages
from service.importing.parsing.json_stream import ValuePath, read_values
from service.importing.parsing.json_values import parse_json
from service.importing.sources.native_files import SourceFolder, read_articles
from service.importing.unsupported import WHAT_TO_DO, describe_unsupported, is_list_of_posts
from service.model import Site

_NAMES_A_LIST = re.compile(rb'"\w+"\s*:\s*\[\s*\{')
_EMPTY_OBJECT = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\s*\}\s*")
_FEED_SUFFIXES = (".xml", ".rss", ".atom", ".rdf", ".ndjson", ".wxr", ".mt")
# Each such file in a folder is reported by name, so that no export is overlooked.
_EXPORT_SUFFIXES = (".csv", ".tsv", ".opml", ".zip", ".gz", ".tar", ".sql", ".mbox", ".xlsx", ".enex")

RECORDS_AT_ONCE = 50
"""How many articles of a list are read before they are imported."""

EMPTY = "documents without an entry"
"""The category of notes about feeds and exports that hold nothing."""

Progress = Callable[[int, int], None]
"""Called after each article and file with the number of bytes read and the total."""


class ImportResult(msgspec.Struct, frozen=True):
    """The result for one item: its file and what happened to it.

    `draft` is why it is a draft; `remote_files` are the addresses of files it shows from other sites.
    """

    place: str
    path: str
    outcome: Outcome
    kept_html: int = 0
    draft: str | None = None
    remote_files: tuple[str, ...] = ()


class ImportFile(msgspec.Struct, frozen=True):
    """A file to read: `path` below `folder`."""

    folder: SourceFolder
    path: str
    size: int


def find_sources(paths: tuple[Path, ...], to: Path) -> tuple[tuple[ImportFile, ...], tuple[Note, ...]]:
    """The named files and the files of named folders, sorted; without hidden files, links and `to`."""
    sources: list[ImportFile] = []
    notes: list[Note] = []
    for path in paths:
        if path.is_dir():
            folder_sources, folder_notes = _find_in_folder(path, to.resolve())
            sources += folder_sources
            notes += folder_notes
        else:
            sources.append(ImportFile(SourceFolder(path.parent), path.name, path.stat().st_size))
    return tuple(sources), tuple(notes)


def _find_in_folder(root: Path, target: Path) -> tuple[list[ImportFile], list[Note]]:
    folder = SourceFolder(root, scan(root).context)
    paths: list[str] = []
    others: list[str] = []
    notes: list[Note] = []
    for file in sorted(root.rglob("*")):
        relative = file.relative_to(root)
        is_hidden = any(part.startswith(".") for part in relative.parts)
        if is_hidden or file.is_symlink() or not file.is_file() or file.resolve().is_relative_to(target):
            continue
        path = relative.as_posix()
        if path.lower().endswith((*SUFFIXES, *_FEED_SUFFIXES)) or is_substack_list(root, path):
            paths.append(path)
        elif path.lower().endswith(_EXPORT_SUFFIXES):
            reason = "not supported in a folder; import the file on its own to see the reason"
            notes.append(Note("left out", path, reason, "unsupported exports"))
        else:
            others.append(path)
    if others:
        message = f"{len(others)} files of other kinds; those that articles show are copied"
        notes.append(Note("left out", str(root), message, "files of other kinds", len(others)))
    layout = find_layouts(root, paths)
    sources = [
        ImportFile(folder, path, (root / path).stat().st_size)
        for path in paths
        if path not in layout.excluded
    ]
    return sources, [*notes, *layout.notes]


def import_sources(
    sources: tuple[ImportFile, ...],
    to: Path,
    options: ImportOptions,
    *,
    force: bool = False,
    dry_run: bool = False,
    media: MediaFolder | None = None,
    progress: Progress | None = None,
) -> Iterator[ImportResult | Note]:
    """Import every source into the folder `to`; yield the result for each item, and notes.

    Files that articles show from other sites are copied from `media` if they are there.
    """
    output = OutputFolder(to, options.site, force=force, dry_run=dry_run)
    redirect_pages = RedirectPages(((source.folder, source.path) for source in sources), options)
    total = sum(source.size for source in sources)
    documents = [document_at(source.folder.root / source.path, source.size) for source in sources]
    is_feed = [source.path.lower().endswith(_FEED_SUFFIXES) for source in sources]
    options = replace(options, documents=tuple(compress(documents, is_feed)))
    addresses = find_item_addresses(_read_exports(sources, documents, options, total))
    file_addresses = _find_file_addresses(sources, documents, options, output.copy(), redirect_pages)
    read = 0
    for source, document in zip(sources, documents, strict=True):
        within = 0
        try:
            for found_item in _limit_cpu_time(_read(source, document, options), total):
                if isinstance(found_item, Note):
                    yield found_item
                    continue
                item = output.with_unused_id(redirect_pages.add_aliases(found_item))
                if item is None:
                    message = f"{output.place_of_id(found_item.id or '')} has the same id {found_item.id!r}"
                    yield Note("left out", found_item.place, message, "duplicates")
                    continue
                file = output.choose_file(item)  # of the text as it was read: links lead to this file
                item = link_files(item, file_addresses.get(source.folder.root, {}))
                item = link_items(item, addresses)
                copies = [(name, source.folder.root / name) for name in item.files]
                if media:
                    with_copies = use_local_files(item, media, to)
                    item = with_copies.item
                    copies += with_copies.copies
                yield from _write_item(item, file, copies, output, options.site)
                within += len(found_item.text)
                if progress:
                    progress(read + min(within, source.size), total)
        except ContentError as error:
            yield Note("fault", f"{source.path}:{error.line}", error.message)
        read += source.size
        if progress:
            progress(read, total)


def _read_exports(
    sources: tuple[ImportFile, ...], documents: list[SourceDocument], options: ImportOptions, total: int
) -> ItemsAndNotes:
    """The items of those sources that state their former addresses; what is wrong is reported later."""
    for source, document in zip(sources, documents, strict=True):
        with suppress(ContentError):
            beginning = document.beginning()
            suffix = article_suffix(source.path, beginning)
            if suffix in {".html", ".json", ".jsonl"} or feed_reader(beginning):
                yield from _limit_cpu_time(_read(source, document, options), total)


def _find_file_addresses(
    sources: tuple[ImportFile, ...],
    documents: list[SourceDocument],
    options: ImportOptions,
    output: OutputFolder,
    redirect_pages: RedirectPages,
) -> dict[Path, dict[str, str]]:
    """The addresses of the articles that the files of each folder become, by the paths of the files."""
    folders = Counter(source.folder.root for source in sources if source.path.lower().endswith(SUFFIXES))
    if max(folders.values(), default=0) < 2:
        return {}
    total = sum(source.size for source in sources)
    addresses: dict[Path, dict[str, str]] = {}
    for source, document in zip(sources, documents, strict=True):
        with suppress(ContentError):  # it is reported when the file is imported
            found = _limit_cpu_time(_read(source, document, options), total)
            items = (each if isinstance(each, Note) else redirect_pages.add_aliases(each) for each in found)
            addresses.setdefault(source.folder.root, {}).update(find_file_addresses(items, output))
    return addresses


def _read(source: ImportFile, document: SourceDocument, options: ImportOptions) -> ItemsAndNotes:
    beginning = document.beginning()
    if find_wide_encoding(beginning):
        beginning = decode(beginning)[0].encode()
    reader = feed_reader(beginning)
    if reader:
        yield from _or_empty(reader(document, source.path, options), source.path)
        return
    if not (beginning.strip() or document.read().strip()):
        raise ContentError(1, "the file is empty")
    suffix = article_suffix(source.path, beginning)
    is_listed = suffix == ".csv"  # the list of posts of an export
    if not is_listed and (reason := describe_unsupported(source.path, beginning)):
        raise ContentError(1, reason)
    if suffix is None:
        raise ContentError(1, f"this is neither text nor a supported export: {WHAT_TO_DO}")
    if suffix == ".jsonl":
        path = _with_suffix(source.path, suffix)
        with closing(read_parts(source.folder.root, source.path)) as found:
            parts = ((replace(part, path=path), data) for part, data in found)
            yield from read_articles(parts, source.path, options, source.folder)
        return
    path = _with_suffix(source.path, suffix)
    if suffix == ".json" and is_article_list(beginning):
        records = _read_records(document, _with_suffix(source.path, ".jsonl"))
        articles = read_articles(records, source.path, options, source.folder, is_list=True)
        yield from _or_empty(articles, source.path)
        return
    data = document.read()
    if suffix == ".json" and _EMPTY_OBJECT.fullmatch(data):
        raise ContentError(1, "the JSON object is empty: there is no article in it")
    if suffix == ".json" and _NAMES_A_LIST.search(data) and is_list_of_posts(parse_json(data)):
        raise ContentError(1, f"this JSON export is not supported: {WHAT_TO_DO}")
    yield from file_reader(path, data)(data, path, source.path, options, source.folder)


def _or_empty(items: ItemsAndNotes, name: str) -> ItemsAndNotes:
    """`items`, or a note that there are none."""
    first = next(items, None)
    if first is None:
        yield Note("left out", name, "it holds no entry", EMPTY)
        return
    yield first
    yield from items


def _with_suffix(path: str, suffix: str) -> str:
    return path if path.lower().endswith(suffix) else path + suffix


def _read_records(document: SourceDocument, path: str) -> Iterator[tuple[FilePart, bytes]]:
    """The articles in the list that is the document, or its `articles`, as parts of JSON Lines at `path`.

    Raises ContentError where the JSON ends early or is malformed, after the articles before.
    """
    records = _encode_records(document)
    first_line = 1
    error: ContentError | None = None
    while error is None:
        lines: list[bytes] = []
        try:
            for line in islice(records, RECORDS_AT_ONCE):
                lines.append(line)  # noqa: PERF402 - what comes before an error stays
        except ContentError as found:
            error = found
        if lines:
            data = b"\n".join(lines)
            yield FilePart(path, len(data), first_line=first_line), data
            first_line += len(lines)
        elif error is None:
            return
    raise error


def _encode_records(document: SourceDocument) -> Iterator[bytes]:
    for path, value in read_values(document, _is_opened):
        is_item = bool(path) and isinstance(path[-1], int)
        if is_item or path == ("articles",):
            # Not by msgspec, which refuses half of a surrogate pair; the reader of articles reports it.
            yield from (json.dumps(record).encode() for record in ([value] if is_item else as_items(value)))


def _is_opened(path: ValuePath, opening: str) -> bool:
    if path == ("articles",) and opening not in "[n":  # a list, or null
        raise ValueError("`articles` must be a list of articles")
    return path in {(), ("articles",)}


def _limit_cpu_time(items: ItemsAndNotes, size: int) -> ItemsAndNotes:
    """`items` of an import of `size` bytes, each read within a limit of CPU time."""
    while True:
        with cpu_time_limit(seconds=MAX_SECONDS + size / 1_000_000):
            item = next(items, None)
        if item is None:
            return
        yield item


def _write_item(
    item: ImportedItem, place: ItemFile, copies: list[tuple[str, Path]], output: OutputFolder, site: Site
) -> Iterator[ImportResult | Note]:
    if item.format == "html":
        text, removed = remove_widgets(item.text)
        item = replace(item, text=text, dropped={**item.dropped, **removed})
    try:
        with cpu_time_limit():
            composed = compose(item, place, output.root, site)
    except ContentError as error:
        yield Note("fault", item.place, error.message)
        return
    yield from (Note(kind, item.place, message) for kind, message in composed.notes)
    for what, count in sorted(item.dropped.items()):
        message = f"{what} {count}×: not converted; any text within it is kept"
        yield Note("cut", item.place, message, what, count)
    if composed.text is None:
        return
    if item.draft:
        yield Note("note", item.place, f"written as a draft: it is {item.draft}")
    outcome = output.write(place.path, composed.text.encode())
    yield ImportResult(item.place, place.path, outcome, composed.kept_html, item.draft, composed.remote_files)
    for name, file in copies:
        try:
            copied = output.write(name, file.read_bytes())
        except ContentError as error:
            yield Note("fault", item.place, error.message)
        except OSError as error:
            yield Note("fault", item.place, f"{file} cannot be read: {reason_of(error)}")
        else:
            if copied != "unchanged":
                yield ImportResult(item.place, name, copied)
