"""An import from beginning to end: sources are opened, read, composed and put on the shelf."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from service.content.cpu_time_limit import MAX_SECONDS, cpu_time_limit
from service.content.importing.compose import compose
from service.content.importing.detect import article_suffix, feed_reader, is_list
from service.content.importing.item import Found, Item, Note, Options
from service.content.importing.json_values import as_list, as_map, parse_json
from service.content.importing.records import Folder, read_file
from service.content.importing.shelf import Outcome, Shelf
from service.content.importing.stubs import Stubs
from service.content.place import SUFFIXES
from service.content.scan import scan
from service.errors import ContentError

MAX_EXPORT_BYTES = 200_000_000
_FEED_SUFFIXES = (".xml", ".rss", ".atom", ".rdf", ".ndjson", ".wxr")

Progress = Callable[[int, int], None]
"""Told after each article and file: how many bytes of how many are read, as far as that is known."""


class Done(msgspec.Struct, frozen=True):
    """What became of one item: the file it went to, and as what."""

    place: str
    path: str
    outcome: Outcome
    kept_html: int = 0
    draft: bool = False


class Source(msgspec.Struct, frozen=True):
    """A file to read: `path` below the `folder` that holds what lies beside it."""

    folder: Folder
    path: str
    size: int


def find_sources(given: tuple[Path, ...], to: Path) -> tuple[tuple[Source, ...], tuple[Note, ...]]:
    """The files named, and those in folders named, sorted; nothing hidden, linked to, or below `to`."""
    sources: list[Source] = []
    notes: list[Note] = []
    target = to.resolve()
    for path in given:
        if not path.is_dir():
            sources.append(Source(Folder(path.parent), path.name, path.stat().st_size))
            continue
        folder = Folder(path, scan(path).context)
        others = 0
        for file in sorted(path.rglob("*")):
            relative = file.relative_to(path)
            hidden = any(part.startswith(".") for part in relative.parts)
            if hidden or file.is_symlink() or not file.is_file() or file.resolve().is_relative_to(target):
                continue
            if file.name.lower().endswith((*SUFFIXES, *_FEED_SUFFIXES)):
                sources.append(Source(folder, relative.as_posix(), file.stat().st_size))
            else:
                others += 1
        if others:
            notes.append(
                Note(
                    "left out",
                    str(path),
                    f"{others} files of other kinds; those that articles show are copied",
                )
            )
    return tuple(sources), tuple(notes)


def import_sources(
    sources: tuple[Source, ...],
    to: Path,
    options: Options,
    *,
    force: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Iterator[Done | Note]:
    """Import every source into the folder `to`: what became of each item, and what there is to tell."""
    shelf = Shelf(to, options.site)
    stubs = Stubs(((source.folder, source.path) for source in sources), options)
    total = sum(source.size for source in sources)
    read = 0
    for source in sources:
        within = 0
        try:
            for found in _limited(_read(source, options), source.size):
                if isinstance(found, Note):
                    yield found
                    continue
                yield from _put(stubs.join(found), source, shelf, options, force=force, dry_run=dry_run)
                within += len(found.text)
                if progress:
                    progress(read + min(within, source.size), total)
        except ContentError as error:
            yield Note("fault", f"{source.path}:{error.line}", error.message)
        read += source.size
        if progress:
            progress(read, total)


def _read(source: Source, options: Options) -> Found:
    if source.size > MAX_EXPORT_BYTES:
        raise ContentError(1, f"the file is larger than {MAX_EXPORT_BYTES // 1_000_000} MB; split it")
    try:
        data = (source.folder.root / source.path).read_bytes()
    except OSError as error:
        raise ContentError(1, f"cannot be read: {(error.strerror or str(error)).lower()}") from error
    reader = feed_reader(data)
    if reader:
        yield from reader(data, source.path, options)
        return
    if not data.strip():
        raise ContentError(1, "the file is empty")
    suffix = article_suffix(source.path, data)
    if suffix is None:
        raise ContentError(1, "this is neither text nor an export")
    if suffix == ".json" and is_list(data):
        value = parse_json(data)
        records = as_list(as_map(value).get("articles") if isinstance(value, dict) else value)
        data, suffix = b"\n".join(msgspec.json.encode(one) for one in records), ".jsonl"
    path = source.path if source.path.lower().endswith(suffix) else source.path + suffix
    yield from read_file(data, path, source.path, options, source.folder)


def _limited(items: Found, size: int) -> Found:
    """`items` of a source of `size` bytes; each must be read within a limit of processor time."""
    while True:
        with cpu_time_limit(seconds=MAX_SECONDS + size / 1_000_000):
            item = next(items, None)
        if item is None:
            return
        yield item


def _put(
    item: Item, source: Source, shelf: Shelf, options: Options, *, force: bool, dry_run: bool
) -> Iterator[Done | Note]:
    holder = shelf.holder(item.id) if item.id else None
    if holder:
        yield Note("left out", item.place, f"it is the article of {holder}: the same id {item.id!r}")
        return
    place = shelf.choose(item)
    try:
        with cpu_time_limit():
            composed = compose(item, place.slug, place.id, place.path, shelf.root, options.site)
    except ContentError as error:
        yield Note("fault", item.place, error.message)
        return
    yield from (Note(kind, item.place, message) for kind, message in composed.notes)
    if composed.text is None:
        return
    outcome = shelf.put(place.path, composed.text.encode(), force=force, dry_run=dry_run)
    yield Done(item.place, place.path, outcome, composed.kept_html, item.draft)
    for name in item.files:
        data = (source.folder.root / name).read_bytes()
        copied = shelf.put(name, data, force=force, dry_run=dry_run)
        if copied != "unchanged":
            yield Done(item.place, name, copied)
