"""The folder that is written to: what lies there, who may have which name, and writing a file whole."""

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

import msgspec

from service.content.discovery.scan import read, scan
from service.content.identity.ids import derive_id, to_uri
from service.content.identity.slugs import alias_slug, make_slug, short_hash
from service.content.parsing.decoding import decode
from service.content.parsing.front_matter import split
from service.content.parsing.values import normal_key, written
from service.content.pipeline import load
from service.errors import ContentError
from service.importing.item import Item
from service.model import Site

# Names under which a folder keeps what is no article, or where the folder gives the name.
_RESERVED = frozenset(
    {"index", "_index", "readme", "license", "changelog", "contributing", "code-of-conduct"}
)
# A file name a machine made: numbers and hashes are no name for an article that nobody has linked to yet.
_COUNTED = re.compile(r"(?=.*\d)(?:[0-9]+|[0-9a-f]{8,}|[-.])+")
_NO_SLUGS = frozenset({"index", "index.php", "default", "default.aspx"})

Outcome = Literal["new", "replaced", "unchanged", "kept"]
"""`kept` is what was there already, is different, and stays."""


class Place(msgspec.Struct, frozen=True):
    """The slug, id and file (relative to the folder) an item gets."""

    slug: str
    id: str
    path: str


class Shelf:
    """What lies in the folder `root`, and what this run has put there."""

    def __init__(self, root: Path, site: Site) -> None:
        self.root = root
        self._site = site
        self._by_id: dict[str, Place] = {}
        self._by_slug: dict[str, Place] = {}
        self._taken: dict[str, str] = {}
        if root.is_dir():
            for place in self._there():
                self._by_id.setdefault(place.id, place)
                self._by_slug.setdefault(place.slug, place)

    def holder(self, identity: str) -> str | None:
        """Which item of this run has the id already."""
        return self._taken.get(identity)

    def choose(self, item: Item) -> Place:
        """Where the item goes: where its id is already, else under the first free of its names."""
        known = self._by_id.get(to_uri(item.id)) if item.id else None
        if known:
            return self._take(item, known.slug, known.path)
        for slug in self._wishes(item):
            identity = item.id or derive_id(self._site, item.language or self._site.language, slug)
            lying = self._by_slug.get(slug)
            if lying is None and not (self.root / _file(slug)).exists():
                return self._take(item, slug, _file(slug))
            if lying and identity not in self._taken and to_uri(identity) == lying.id:
                return self._take(item, slug, lying.path)
        raise AssertionError("a hash of growing length is free at last")

    def put(self, path: str, data: bytes, *, force: bool, dry_run: bool) -> Outcome:
        """Write `data` to `path`, whole or not at all. Raises ContentError where that cannot be done."""
        file = self.root / path
        try:
            if file.exists():
                if file.is_file() and file.read_bytes() == data:
                    return "unchanged"
                if not force:
                    return "kept"
                outcome: Outcome = "replaced"
            else:
                outcome = "new"
            if not dry_run:
                file.parent.mkdir(parents=True, exist_ok=True)
                _write_whole(file, data)
        except OSError as error:
            raise ContentError(
                1, f"{file} cannot be written: {(error.strerror or str(error)).lower()}"
            ) from error
        return outcome

    def _take(self, item: Item, slug: str, path: str) -> Place:
        identity = item.id or derive_id(self._site, item.language or self._site.language, slug)
        place = Place(slug, identity, path)
        self._taken[identity] = item.place
        self._by_slug[slug] = Place(slug, to_uri(identity), path)
        return place

    def _wishes(self, item: Item) -> Iterator[str]:
        name = alias_slug(unquote(urlsplit(item.link).path)) if item.link else ""
        if not name or name in _NO_SLUGS or name.isdigit():
            name = ""
        given = make_slug(item.slug or "")
        if item.form == "html" and not (item.link or item.aliases) and _COUNTED.fullmatch(given):
            given = ""
        slug = given or name or make_slug((item.title or "").replace(".", " "))
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

    def _there(self) -> Iterator[Place]:
        for file in scan(self.root).files:
            try:
                yield from self._places(file.path, read(self.root, file.path))
            except ContentError:
                continue  # a file `check` reports; its name is still not written over

    def _places(self, path: str, data: bytes) -> Iterator[Place]:
        """The articles of a file; of a Markdown file also a draft, which loading leaves out."""
        loaded = load(self.root, path, data, self._site).articles
        for article in loaded:
            identity = article.id or derive_id(
                self._site, article.language, (article.aliases or (article.slug,))[-1]
            )
            yield Place(article.slug, identity, path)
        if not loaded and path.endswith((".md", ".markdown")):
            keys: dict[str, str | None] = {
                normal_key(name): written(entry.value)
                for name, entry in split(decode(data)[0]).entries.items()
            }
            name = make_slug(keys.get("slug") or path.rpartition("/")[2].rpartition(".")[0])
            given = keys.get("id") or keys.get("guid")
            yield Place(
                name, to_uri(given) if given else derive_id(self._site, self._site.language, name), path
            )


def _file(slug: str) -> str:
    return f"{'article-' if slug in _RESERVED else ''}{slug}.md"


def _write_whole(file: Path, data: bytes) -> None:
    """Beside it first, then under its name: nobody ever sees half a file."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".import-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
