"""Importing into a folder, and what the folder then holds: what the tests of `broadsheet import` share."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from service.content import load, read, scan
from service.importing import (
    ImportOptions,
    ImportResult,
    MediaFolder,
    Note,
    find_sources,
    import_sources,
    unpack_archives,
)
from service.model import Article, Site

IMPORTS = Path(__file__).parents[1] / "importing" / "exports"


class Imported(msgspec.Struct, frozen=True):
    """What an import reported, and articles and pages that load from it, by slug; drafts only as `text`."""

    done: tuple[ImportResult, ...]
    notes: tuple[Note, ...]
    articles: dict[str, Article]
    folder: Path

    def of(self, kind: str) -> list[str]:
        return [f"{note.place}: {note.message}" for note in self.notes if note.kind == kind]

    def text(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8")


def import_file(
    *sources: Path,
    to: Path,
    base: str | None = None,
    pages: bool = False,
    force: bool = False,
    dry_run: bool = False,
    site: Site | None = None,
    now: datetime | None = None,
    media: Path | None = None,
) -> Imported:
    """Import `sources` into the folder `to`, and load what lies there; none of it may have a fault."""
    site = site or Site()
    options = ImportOptions(site, base, pages, now)
    with unpack_archives(sources) as (paths, refused):
        files, detected = find_sources(paths, to)
        uploads = MediaFolder(media) if media else None
        results = [*import_sources(files, to, options, force=force, dry_run=dry_run, media=uploads)]
    notes = (*refused, *detected)
    articles: dict[str, Article] = {}
    for file in scan(to).files if to.is_dir() else ():
        loaded = load(to, file.path, read(to, file.path), site)
        assert loaded.faults == (), f"{file.path} has a fault after the import"
        for article in (*loaded.articles, *loaded.pages):
            assert article.slug not in articles, f"{article.slug} twice"
            articles[article.slug] = article
    return Imported(
        done=tuple(item for item in results if isinstance(item, ImportResult)),
        notes=(*notes, *(item for item in results if isinstance(item, Note))),
        articles=articles,
        folder=to,
    )


def import_files(files: Mapping[str, str | bytes], to: Path, **options: Any) -> Imported:
    """Import a folder of `files`, given by their paths, that lies beside `to`."""
    source = to.parent / "source"
    for path, text in files.items():
        file = source / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return import_file(source, to=to, **options)


def import_text(name: str, text: str | bytes, to: Path, **options: Any) -> Imported:
    """Import one file called `name` that holds `text`, from a folder beside `to`."""
    source = to.parent / "source" / name
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_bytes(text if isinstance(text, bytes) else text.encode())
    return import_file(source, to=to, **options)
