"""Authors and tags: names as the fields state them; authors are never split at a comma.

A name is read unchanged, except for these conventions of text values (not in the `name` of a map):
`Ann <ann@example.org>` and `ann@example.org (Ann)` (RFC 5322 §3.4, RSS 2.0 `author`), links in Markdown and
HTML, references and inline HTML (templates of Jekyll print values unescaped), `[[Ann]]` (Obsidian), `Ann; Bo`
where one text is the whole field (Pelican), and a `By ` that the value begins with.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, TypeVar

from service.content.fields.author_lists import find_person
from service.content.fields.field_reader import Fields, members
from service.content.fields.titles import plain_title
from service.content.generators.jekyll import is_jekyll_post
from service.content.identity.slugs import name_slug
from service.content.parsing.values import Entry, written
from service.content.records import SiteContext
from service.model import Author, Tag

Named = TypeVar("Named", Author, Tag)

_AUTHORS = ("authors", "author", "by", "byline", "writer", "writers", "creator", "creators", "dc_creator")
_ADDRESSES = ("url", "website", "homepage", "link", "uri")
_KEYS = ("key", "id", "username", "slug", "ref", "short_name")
_TAGS = ("tags", "tag", "categories", "category", "keywords", "keyword", "topics", "topic", "directory_tags")
_TAXONOMIES = ("tags", "tag", "categories", "category", "keywords", "topics", "topic", "subjects")
_PARTED_AT_SPACES = frozenset({"tags", "categories"})
_HASHTAGS = re.compile(r"#\S+(?:\s+#\S+)+")
_NAME_THEN_MAIL = re.compile(r"(?P<name>[^<>]*[^<>\s])\s*<[^<>@]*@[^<>]*>")
_MAIL_THEN_NAME = re.compile(r"[^\s@()]*@[^\s()]*\s*\((?P<name>[^()]+)\)")
_LINK = re.compile(
    r"""\[(?P<words>[^\[\]]++)\]\((?P<address>[^()\s]++)\)
    |<a\s(?:(?!\bhref\b)[^<>])*+href\s*+=\s*+["']?(?P<url>[^"'<>\s]++)[^<>]*+>(?P<name>[^<>]++)</a>""",
    re.VERBOSE | re.IGNORECASE,
)
# An affiliation follows the name in parentheses, and may be a link too.
_AFFILIATION = re.compile(r"(?<!\]) ?(?<!\])\((?:[^()]|\([^()]*\))*\)")
# Semicolons, except those that end a character reference such as `&amp;`.
_PARTED = re.compile(r"(?:&#?\w{2,8};|[^;])+")
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]+)\]\]")
_BY = re.compile(r"by:?\s+(?=\S)", re.IGNORECASE)


def read_authors(fields: Fields, context: SiteContext, path: str) -> tuple[Author, ...]:
    """Read authors: names, maps with `name` and `url`, keys of a list of authors, or lists of these."""
    entry = fields.take(*_AUTHORS) or _held(fields)
    url = fields.peek("author_url", "authorurl")
    if entry is None:
        return ()
    reading = _Bylines(fields, entry, context, path)
    authors = list(_each_once(reading.authors(entry.value)))
    if len(authors) == 1 and not authors[0].url and isinstance(url, str):
        only = authors[0]
        address = fields.reference("author_url", "authorurl")
        return (_author(only.name, address),)
    return tuple(authors)


def read_tags(fields: Fields, path: str) -> tuple[Tag, ...]:
    """Read tags, categories, keywords and taxonomies; a text is split at commas, each slug occurs once.

    In a post of Jekyll, `tags` and `categories` without a comma are split at spaces, as Jekyll does.
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
                (key in _PARTED_AT_SPACES and is_jekyll_post(path))
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


@lru_cache(maxsize=4096)  # a blog has few authors, each in many articles
def _tag(name: str) -> Tag:
    stripped = " ".join(name.split()).removeprefix("#").strip() or name
    return Tag(name=stripped, slug=name_slug(stripped))


def states_exactly(name: str) -> bool:
    """Whether `name` as text is read as exactly that name; else front matter must give `{name: …}`."""
    return ";" not in name and not _linked(name) and _name_in(name) == name


@lru_cache(maxsize=4096)  # a blog has few authors, each in many articles
def _name_in(text: str) -> str:
    """The name in a text value, without what the conventions add."""
    name = plain_title(text).strip()
    around = _WIKI_LINK.fullmatch(name)
    if around is None and "@" in name:
        around = _NAME_THEN_MAIL.fullmatch(name) or _MAIL_THEN_NAME.fullmatch(name)
    if around:
        name = around[1].strip()
    by = _BY.match(name)
    return name[by.end() :] if by else name or text


def _linked(text: str) -> tuple[tuple[str, str], ...]:
    """The names of links in a text value, each with its URL; () if it has no link.

    Of several links each is a name, whatever is between them; text around a single link belongs to the name.
    """
    if "<a " not in text and "](" not in text:
        return ()
    if "](" in text:
        text = _AFFILIATION.sub("", text)
    links = list(_LINK.finditer(text))
    if len(links) == 1:
        return ((_name_in(_LINK.sub(_words, text)), _address(links[0])),)
    return tuple((_name_in(_words(link)), _address(link)) for link in links)


def _words(link: re.Match[str]) -> str:
    return link["words"] or link["name"]


def _address(link: re.Match[str]) -> str:
    return link["address"] or link["url"]


def _held(fields: Fields) -> Entry | None:
    """Authors one level down, in the tables that Zola and Hugo have for themes."""
    for holder in fields.among(("taxonomies", "extra", "params")):
        inner = fields.peek(holder)
        known = members(inner) if isinstance(inner, dict) else {}
        for name in ("authors", "author"):
            if name in known and not isinstance(known[name], bool):
                return Entry(name, 1, known[name])
    return None


class _Bylines:
    """Reads the authors of one field, with the lists of authors of the folder."""

    def __init__(self, fields: Fields, entry: Entry, context: SiteContext, path: str) -> None:
        self._fields = fields
        self._entry = entry
        self._context = context
        self._path = path

    def authors(self, value: Any) -> Iterator[Author]:
        """The authors in a value: a text may name several, a text in a list names one."""
        if isinstance(value, list):
            for item in value:
                yield from self.authors(item) if isinstance(item, list) else self._one(item)
        elif isinstance(value, str) and ";" in value and not _linked(value):
            for part in _PARTED.findall(value):
                yield from self._one(part.strip())
        else:
            yield from self._one(value)

    def _one(self, value: Any) -> Iterator[Author]:
        if isinstance(value, dict):
            yield from self._from_map(value)
        elif value is not False and value not in (None, ""):
            text = value if isinstance(value, str) else written(value)
            if name := self._fields.as_text(self._entry, text, "author"):
                yield from self._from_text(name)

    def _from_text(self, text: str) -> Iterator[Author]:
        person = find_person(self._context, self._path, text)
        if person:
            yield _author(person.name, person.url)
        elif links := _linked(text):
            for name, address in links:
                yield _author(name, self._fields.as_reference(self._entry, address, "author url"))
        else:
            yield _author(_name_in(text))

    def _from_map(self, value: dict[str, Any]) -> Iterator[Author]:
        known = members(value)
        fields, entry = self._fields, self._entry
        key = next((text for key in _KEYS if (text := written(known.get(key)))), None)
        person = find_person(self._context, self._path, key) if key else None
        parts = (written(known.get(part)) for part in ("first_name", "last_name", "first", "last"))
        given = known.get("name", known.get("display_name", known.get("full_name")))
        name = fields.as_text(entry, given, "author name") or " ".join(filter(None, parts))
        name = name or (person.name if person else "")
        address = next((known[key] for key in _ADDRESSES if known.get(key)), None)
        url = fields.as_reference(entry, address, "author url") or (person.url if person else None)
        if name:
            yield _author(name, url)
        elif key:
            yield from self._from_text(key)
        elif value and all(isinstance(item, dict) for item in value.values()):
            for key, item in value.items():
                yield from self._from_map({"key": key, **item})
        else:
            fields.fault(entry, "an author must have a name")


def _author(name: str, url: str | None = None) -> Author:
    return Author(name=name, slug=name_slug(name), url=url)


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
    for author in named:
        first.setdefault(author.slug, author)
    return first.values()
