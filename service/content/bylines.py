"""Who wrote an article, and what it is about: names however they are written, never split at a comma."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, TypeVar

from service.content.addresses import is_post_of_jekyll
from service.content.fields import Fields, members
from service.content.loaded import Context
from service.content.people import find_person
from service.content.slugs import name_slug
from service.content.titles import plain_title
from service.content.values import Entry, written
from service.model import Author, Tag

Named = TypeVar("Named", Author, Tag)

_AUTHORS = ("authors", "author", "by", "byline", "writer", "writers", "creator", "creators", "dc_creator")
_ADDRESSES = ("url", "website", "homepage", "link", "uri")
_KEYS = ("key", "id", "username", "slug", "ref", "short_name")
_TAGS = ("tags", "tag", "categories", "category", "keywords", "keyword", "topics", "topic", "directory_tags")
_TAXONOMIES = ("tags", "tag", "categories", "category", "keywords", "topics", "topic", "subjects")
_PARTED_AT_SPACES = frozenset({"tags", "categories"})
_HASHTAGS = re.compile(r"#\S+(?:\s+#\S+)+")
_MAIL = re.compile(r"(?P<name>[^<>()@]*[^<>()@\s])\s*<[^<>@]*@[^<>]*>|[^\s@]+@\S+\s*\((?P<after>[^()]+)\)")
_LINK = re.compile(
    r"""\[(?P<words>[^\[\]]+)\]\((?P<address>[^()\s]+)\)
    |<a\s[^<>]*?\bhref\s*=\s*["']?(?P<url>[^"'<>\s]+)[^<>]*>(?P<name>[^<>]+)</a>""",
    re.VERBOSE | re.IGNORECASE,
)
_BESIDE = re.compile(r"(?<!\])\s*(?<!\])\((?:[^()]|\([^()]*\))*\)")
_BY = re.compile(r"by:?\s+(?=\S)", re.IGNORECASE)


def read_authors(fields: Fields, context: Context, path: str) -> tuple[Author, ...]:
    """Names, maps with `name` and perhaps `url`, keys into a list of authors, or lists of these, nested."""
    entry = fields.take(*_AUTHORS) or _held(fields)
    url = fields.peek("author_url", "authorurl")
    if entry is None:
        return ()
    reading = _Bylines(fields, entry, context, path)
    authors = list(_each_once(reading.authors(entry.value)))
    if len(authors) == 1 and not authors[0].url and isinstance(url, str):
        only = authors[0]
        address = fields.reference("author_url", "authorurl")
        return (Author(only.name, only.slug, address),)
    return tuple(authors)


def read_tags(fields: Fields, path: str) -> tuple[Tag, ...]:
    """Names from tags, categories, keywords and taxonomies; a text is parted at commas, each slug once.

    In a post of Jekyll's, `tags` and `categories` without a comma are parted at spaces, as Jekyll does.
    """
    names: list[str] = []
    for key in fields.among(_TAGS):
        nested = fields.peek(key)
        if isinstance(nested, list) and any(isinstance(item, list) for item in nested) and key != "tags":
            entry = fields.take(key)
            names += [text for text in map(written, _flat(nested)) if entry and text]
        elif not isinstance(nested, bool):
            parted = isinstance(nested, str) and "," not in nested
            parted = parted and (
                (key in _PARTED_AT_SPACES and is_post_of_jekyll(path))
                or _HASHTAGS.fullmatch(nested.strip()) is not None
            )
            names += [name for _, name in fields.texts(key, separator="" if parted else ",")]
    taxonomies = fields.peek("taxonomies")
    if isinstance(taxonomies, dict):
        known = members(taxonomies)
        for key in _TAXONOMIES:
            names += [text for text in map(written, _flat(known.get(key))) if text]
        if known.keys() <= {*_TAXONOMIES, "authors", "author"}:
            fields.take("taxonomies")
    return tuple(_each_once(map(_tag, names)))


@lru_cache(maxsize=4096)  # a blog has few, and each again and again
def _tag(name: str) -> Tag:
    stripped = " ".join(name.split()).removeprefix("#").strip() or name
    return Tag(name=stripped, slug=name_slug(stripped))


@lru_cache(maxsize=4096)
def _author(name: str) -> Author:
    name = _BY.sub("", plain_title(name).strip().strip('"').strip("[]").strip(), count=1)
    return Author(name=name, slug=name_slug(name))


def _held(fields: Fields) -> Entry | None:
    """Authors that stand one level down, where Zola and Hugo keep what themes ask for."""
    for holder in fields.among(("taxonomies", "extra", "params")):
        inner = fields.peek(holder)
        known = members(inner) if isinstance(inner, dict) else {}
        for name in ("authors", "author"):
            if name in known and not isinstance(known[name], bool):
                return Entry(name, 1, known[name])
    return None


class _Bylines:
    """The authors one field names, looked up in the lists of the folder."""

    def __init__(self, fields: Fields, entry: Entry, context: Context, path: str) -> None:
        self._fields = fields
        self._entry = entry
        self._context = context
        self._path = path

    def authors(self, value: Any) -> Iterator[Author]:
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, list):
                yield from self.authors(item)
            elif isinstance(item, dict):
                yield from self._from_map(item)
            elif item is not False and item not in (None, ""):
                text = item if isinstance(item, str) else written(item)
                if name := self._fields.as_text(self._entry, text, "author"):
                    yield from self._named(name)

    def _named(self, name: str) -> Iterator[Author]:
        person = find_person(self._context, self._path, name)
        if person:
            yield Author(name=person.name, slug=name_slug(person.name), url=person.url)
            return
        links = list(_LINK.finditer(name)) if "<a " in name or "](" in name else []
        if links and "](" in name:  # where somebody works stands behind the name, and may be a link too
            name = _BESIDE.sub("", name)
            links = list(_LINK.finditer(name))
        if len(links) > 1:  # each holds one name, whatever stands between them
            for link in links:
                yield self._author(link["words"] or link["name"], link["address"] or link["url"])
        elif links:
            words = _LINK.sub(lambda link: link["words"] or link["name"], name)
            yield self._author(words, links[0]["address"] or links[0]["url"])
        elif ";" in name:
            for part in name.split(";"):
                yield from self.authors(part.strip())
        else:
            mail = _MAIL.fullmatch(name) if "@" in name else None
            yield self._author((mail["name"] or mail["after"]) if mail else name, None)

    def _author(self, name: str, address: str | None) -> Author:
        author = _author(name)
        url = self._fields.as_reference(self._entry, address, "author url") if address else None
        return Author(author.name, author.slug, url) if url else author

    def _from_map(self, value: dict[str, Any]) -> Iterator[Author]:
        known = members(value)
        fields, entry = self._fields, self._entry
        key = next((text for one in _KEYS if (text := written(known.get(one)))), None)
        person = find_person(self._context, self._path, key) if key else None
        parts = (written(known.get(part)) for part in ("first_name", "last_name", "first", "last"))
        given = known.get("name", known.get("display_name", known.get("full_name")))
        name = fields.as_text(entry, given, "author name") or " ".join(filter(None, parts))
        name = name or (person.name if person else "")
        address = next((known[one] for one in _ADDRESSES if known.get(one)), None)
        url = fields.as_reference(entry, address, "author url") or (person.url if person else None)
        if name:
            yield Author(name=name, slug=name_slug(name), url=url)
        elif key:
            yield from self._named(key)
        elif value and all(isinstance(item, dict) for item in value.values()):
            for one, item in value.items():
                yield from self._from_map({"key": one, **item})
        else:
            fields.fault(entry, "an author must have a name")


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for item in value:
            yield from _flat(item)
    elif isinstance(value, dict):
        yield members(value).get("name")
    elif value is not None:
        yield value


def _each_once(named: Iterable[Named]) -> Iterable[Named]:
    first: dict[str, Named] = {}
    for one in named:
        first.setdefault(one.slug, one)
    return first.values()
