"""The folder an import writes to: its articles, free names for new ones, atomic writes."""

import os
import re
import tempfile
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Literal

import msgspec

from service.content.discovery.private_places import is_marked
from service.content.discovery.scan import read, scan
from service.content.front_matter.splitting import split
from service.content.front_matter.values import normal_key, written
from service.content.identity.ids import derive_id, to_uri
from service.content.identity.slugs import alias_slug, make_slug, short_hash
from service.content.parsing.decoding import decode
from service.content.pipeline import load
from service.errors import ContentError, reason_of
from service.importing.item import ImportedItem
from service.model import Site

# File names that are not articles, or that take their address from the folder.
_RESERVED = frozenset(
    {"index", "_index", "readme", "license", "changelog", "contributing", "code-of-conduct"}
)
# A generated file name (numbers, hashes): not a slug for an article without an address.
PAGES_FOLDER = "pages/"
_GENERATED_NAME = re.compile(r"(?=.*\d)(?:[0-9]+|[0-9a-f]{8,}|[-.])+")
_PAGE_SUFFIX = re.compile(r"\.(?:html?|php|aspx?)$", re.IGNORECASE)
_NO_SLUGS = frozenset({"index", "index.php", "default", "default.aspx"})

Outcome = Literal["new", "replaced", "unchanged", "kept"]
"""`kept`: the file existed, differs, and was not overwritten."""


class ItemFile(msgspec.Struct, frozen=True):
    """The slug, id and file (relative to the folder) of an item."""

    slug: str
    id: str
    path: str


class _TakenId(msgspec.Struct, frozen=True):
    """The item that has an id: its place, and hashes of its title and of its address.

    There is one for every item of an import: the texts themselves would take most of its memory.
    """

    place: str
    title: int
    address: int | None


class OutputFolder:
    """The folder `root`: the articles that existed, and the ids and slugs this import has taken.

    Existing files are replaced only with `force`; in a `dry_run` nothing is written.
    """

    def __init__(self, root: Path, site: Site, *, force: bool = False, dry_run: bool = False) -> None:
        self.root = root
        self._site = site
        self._force = force
        self._dry_run = dry_run
        self._by_id: dict[str, ItemFile] = {}
        self._by_slug: dict[str, ItemFile] = {}
        self._taken: dict[str, _TakenId] = {}
        self._taken_slugs: set[str] = set()
        if root.is_dir():
            for place in self._existing_articles():
                self._by_id.setdefault(place.id, place)
                self._by_slug.setdefault(place.slug, place)

    def copy(self) -> "OutputFolder":
        """The folder as it is now: what the copy takes is free here."""
        other = copy(self)
        other._taken = dict(self._taken)
        other._taken_slugs = set(self._taken_slugs)
        return other

    def with_unused_id(self, item: ImportedItem) -> ImportedItem | None:
        """`item`, or None if this import has it already: an item with its id, and its title or its address.

        Some exports give several articles one id; all but the first get their addresses as ids.
        """
        taken = self._taken.get(item.id) if item.id else None
        if taken is None:
            return item
        is_other = taken.title != hash(item.title) and taken.address not in {None, _hashed_address(item)}
        if not is_other or item.link == item.id:
            return None
        other = msgspec.structs.replace(item, id=item.link)
        message = (
            f"its id {item.id!r} is that of {taken.place}, another article; its id is its address instead"
        )
        noted = msgspec.structs.replace(other, notes=(*item.notes, ("note", message)))
        return noted if item.link is None else self.with_unused_id(noted)

    def place_of_id(self, identity: str) -> str:
        """The place of the item of this import with the id."""
        return self._taken[identity].place

    def choose_file(self, item: ImportedItem) -> ItemFile:
        """The file of the article with its id, or else the first free name of its candidates."""
        known = self._by_id.get(to_uri(item.id)) if item.id else None
        if known:
            return self._reserve(item, known.slug, known.path)
        for slug in self._candidates(item):
            identity = item.id or derive_id(self._site, item.language or self._site.language, slug)
            if slug in self._taken_slugs:
                continue
            existing = self._by_slug.get(slug)
            path = f"{PAGES_FOLDER if item.is_page else ''}{_file_name(slug)}"
            if existing is None and not (self.root / path).exists():
                return self._reserve(item, slug, path)
            if existing and identity not in self._taken and to_uri(identity) == existing.id:
                return self._reserve(item, slug, existing.path)
        raise AssertionError("there are no further candidates")

    def write(self, path: str, data: bytes) -> Outcome:
        """Write `data` to `path` atomically. Raises ContentError if it cannot be written."""
        file = self.root / path
        try:
            if file.exists():
                if file.is_file() and file.read_bytes() == data:
                    return "unchanged"
                if not self._force:
                    return "kept"
                outcome: Outcome = "replaced"
            else:
                outcome = "new"
            if not self._dry_run:
                file.parent.mkdir(parents=True, exist_ok=True)
                _write_atomically(file, data)
        except OSError as error:
            raise ContentError(1, f"{file} cannot be written: {reason_of(error)}") from error
        return outcome

    def _reserve(self, item: ImportedItem, slug: str, path: str) -> ItemFile:
        identity = item.id or derive_id(self._site, item.language or self._site.language, slug)
        place = ItemFile(slug, identity, path)
        self._taken[identity] = _TakenId(item.place, hash(item.title), _hashed_address(item))
        self._taken_slugs.add(slug)
        return place

    def _candidates(self, item: ImportedItem) -> Iterator[str]:
        name = alias_slug(item.path)
        if not name or name in _NO_SLUGS or name.isdigit():
            name = ""
        slug = make_slug(_without_suffix(item.slug or ""))
        if item.format == "html" and not (item.link or item.aliases) and _GENERATED_NAME.fullmatch(slug):
            slug = ""
        slug = slug or name or make_slug((item.title or "").replace(".", " "))
        slug = slug or f"article-{short_hash(item.id or item.text)}"
        yield slug
        if item.published:
            yield f"{slug}-{item.published.date().isoformat()}"
        digest = short_hash(f"{item.id or ''}\n{item.title}\n{item.text}")
        yield f"{slug}-{digest}"
        number = 2
        while True:
            yield f"{slug}-{digest}-{number}"
            number += 1

    def _existing_articles(self) -> Iterator[ItemFile]:
        for file in scan(self.root).files:
            try:
                yield from self._articles_of(file.path, read(self.root, file.path))
            except ContentError:
                continue  # `check` reports the file; it is not overwritten either

    def _articles_of(self, path: str, data: bytes) -> Iterator[ItemFile]:
        """The articles of a file, and the draft in a Markdown file, which is not loaded."""
        file = load(self.root, path, data, self._site)
        loaded = (*file.articles, *file.pages)
        for article in loaded:
            identity = article.id or derive_id(
                self._site, article.language, (article.aliases or (article.slug,))[-1]
            )
            yield ItemFile(article.slug.rpartition("/")[2], identity, path)
        if not loaded and path.endswith((".md", ".markdown")):
            keys: dict[str, str | None] = {
                normal_key(name): written(entry.value)
                for name, entry in split(decode(data)[0]).entries.items()
            }
            name = make_slug(keys.get("slug") or path.rpartition("/")[2].rpartition(".")[0])
            stated_id = keys.get("id") or keys.get("guid")
            yield ItemFile(
                name,
                to_uri(stated_id) if stated_id else derive_id(self._site, self._site.language, name),
                path,
            )


def _hashed_address(item: ImportedItem) -> int | None:
    """A hash of the path of its address, or of its slug."""
    address = item.path.rstrip("/") or item.link or item.slug
    return hash(address) if address else None


def _without_suffix(slug: str) -> str:
    """`boats` of `blog/boats.html`, as some exports write slugs."""
    name = slug.strip("/").rpartition("/")[2]
    return _PAGE_SUFFIX.sub("", name) if _PAGE_SUFFIX.search(name) else slug


def _file_name(slug: str) -> str:
    """A file of this name is published, whatever the slug is."""
    name = slug.replace(".", "-") if is_marked(slug) else slug
    return f"{'article-' if slug in _RESERVED else ''}{name}.md"


def _write_atomically(file: Path, data: bytes) -> None:
    """Write a temporary file and rename it."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".import-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
