"""Authors: the names in the fields of an article, and lists of authors such as `authors.yml`.

A name is read unchanged and never split at a comma, except for these conventions of text values (not in the
`name` of a map): `Ann <ann@example.org>` and `ann@example.org (Ann)` (RFC 5322 §3.4, RSS 2.0 `author`), links
in Markdown and HTML, references and inline HTML (templates of Jekyll print values unescaped), `[[Ann]]`
(Obsidian), `Ann; Bo` where one text is the whole field (Pelican), and a `By ` that the value begins with.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from service.content.body.inline_markup import plain_title
from service.content.fields.field_reader import Fields, members, nested_entry
from service.content.front_matter.splitting import parse_data, split
from service.content.front_matter.values import Entry, normal_key, written
from service.content.identity.slugs import name_slug
from service.content.parsing.decoding import decode
from service.content.records import KnownAuthor, SiteContext
from service.errors import ContentError
from service.model import Author

_AUTHORS = tuple(
    """
    authors author by byline writer writers creator creators dc_creator author_name authorname author_names
    authornames author_full_name authorfullname author_display_name written_by writtenby posted_by postedby
    primary_author guest_author guestauthor
    """.split()
)
_CO_AUTHORS = ("coauthors", "co_authors", "coauthor", "co_author")
_AUTHOR_URLS = tuple(
    """
    author_url authorurl author_link authorlink author_website authorwebsite author_homepage author_uri
    """.split()
)
# Names of accounts, and the address of their profile; the first that is present is used.
_ACCOUNTS = {
    "author_twitter": "https://twitter.com/",
    "authortwitter": "https://twitter.com/",
    "author_github": "https://github.com/",
    "authorgithub": "https://github.com/",
}
_ACCOUNT = re.compile(r"@?([A-Za-z0-9_-]{1,39})")
_ADDRESSES = ("url", "website", "homepage", "link", "web", "uri")
_KEYS = ("key", "id", "username", "short_name", "slug", "ref", "handle", "nickname", "login", "github")
_NAMES = ("name", "display_name", "full_name", "fullname", "displayname")
_NAME_PARTS = ("first_name", "last_name", "first", "last")
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
_SEPARATED = re.compile(r"(?:&#?\w{2,8};|[^;])+")
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]+)\]\]")
_BY = re.compile(r"by:?\s+(?=\S)", re.IGNORECASE)
_LISTS = re.compile(
    r"(?:.*/)?\.?(?:authors?|team|people|contributors|members|staff|writers)\.(?:ya?ml|json|toml)",
    re.IGNORECASE,
)
_SINGLE = re.compile(r"(?:.*/)?_?data/(?:authors?|people|team)/([^/]+)\.(?:ya?ml|json|toml)", re.IGNORECASE)
_PAGE = re.compile(
    r"(?P<folder>(?:.*/)?)_?(?:authors?|people|team|contributors)/(?P<key>[^/]+?)(?:/_?index)?(?:\.[A-Za-z_-]{2,5})?"
    r"\.(?:md|markdown|mdx|html)",
    re.IGNORECASE,
)
_PEOPLE_FOLDERS = re.compile(r"author|people|team|contributors", re.IGNORECASE)
_DATA = re.compile(r"(?:^|/)_?data(?:/(?:authors?|people|team))?$", re.IGNORECASE)


def read_authors(fields: Fields, context: SiteContext, path: str) -> tuple[Author, ...]:
    """Read authors: names, maps with `name` and `url`, keys of a list of authors, or lists of these."""
    first = (
        fields.take(*_AUTHORS)
        or nested_entry(fields, ("taxonomies",), _AUTHORS[:2])
        or nested_entry(fields, ("extra", "params"), _AUTHORS)
    )
    authors: dict[str, Author] = {}
    for entry in filter(None, (first, fields.take(*_CO_AUTHORS))):
        for author in _Authors(fields, entry, context, path).read(entry.value):
            authors.setdefault(author.slug, author)
    if len(authors) == 1:
        [author] = authors.values()
        return (author if author.url else _author(author.name, _read_author_url(fields)),)
    return tuple(authors.values())


def states_exactly(name: str) -> bool:
    """Whether `name` as text is read as exactly that name; otherwise front matter needs `{name: …}`."""
    return ";" not in name and not _split_links(name) and _strip_conventions(name) == name


def is_author_list(path: str) -> bool:
    """Whether the file at `path` is a list of authors, or the data of one author."""
    return bool(_LISTS.fullmatch(path) or _SINGLE.fullmatch(path))


def may_hold_author_pages(folder: str) -> bool:
    """Whether a file in `folder` may be one for which `may_be_author_page` holds."""
    return bool(_PEOPLE_FOLDERS.search(folder))


def may_be_author_page(path: str) -> bool:
    """Whether the file at `path` is in a folder for the pages of authors."""
    return bool(_PAGE.fullmatch(path))


def read_author_list(path: str, data: bytes) -> tuple[str, tuple[KnownAuthor, ...]]:
    """The folder that a list of authors applies to, and its authors; none if it is not such a list.

    A list in `_data` or `data`, or a page in `authors`, applies to the folder above.
    """
    if page := _PAGE.fullmatch(path):
        return page["folder"].rstrip("/"), tuple(_author_of_page(page["key"], data))
    folder = _DATA.sub("", path.rpartition("/")[0])
    try:
        value = parse_data(path, decode(data)[0])
    except ContentError:
        return folder, ()  # not a list of authors; a fault only if it is an article
    single = _SINGLE.fullmatch(path)
    authors = {author.key: author for author in _known_authors(value, single.group(1) if single else None)}
    return folder, tuple(authors[key] for key in sorted(authors))


def authors_in_settings(value: Any) -> tuple[KnownAuthor, ...]:
    """The authors in a list within other settings; none if it is not such a list."""
    is_list = isinstance(value, dict) and all(isinstance(item, dict) for item in value.values())
    return tuple(_known_authors(value, None)) if is_list else ()


def _known_authors(value: Any, single: str | None) -> Iterator[KnownAuthor]:
    if single is not None:
        yield from _known_author(single, value)
    elif isinstance(value, list):
        for item in value:
            yield from _known_author(None, item)
    elif isinstance(value, dict):
        nested = [item for key, item in value.items() if _LISTS.fullmatch(f"{key}.yml")]
        if len(value) == 1 and nested and isinstance(nested[0], dict | list):
            yield from _known_authors(nested[0], None)
        else:
            for key, item in value.items():
                yield from _known_author(str(key), item)


def _author_of_page(stem: str, data: bytes) -> Iterator[KnownAuthor]:
    """The author of a page, by the name of its file, its keys and the name itself."""
    try:
        entries = split(decode(data)[0]).entries
    except ContentError:
        return  # `load` reports it
    known = {normal_key(name): entry.value for name, entry in entries.items()}
    name = _first_text(known, (*_NAMES, "title"))
    if not name or stem.lower() in {"index", "_index", "readme"}:
        return
    keys = (stem, name, *(text for key in _KEYS if (text := written(known.get(key)))))
    for key in dict.fromkeys(key.lower() for key in keys):
        yield from _known_author(key, known | {"name": name})


def _known_author(key: str | None, value: Any) -> Iterator[KnownAuthor]:
    if isinstance(value, str) and key:
        yield KnownAuthor(key.lower(), value.strip())
    if not isinstance(value, dict):
        return
    known = {normal_key(str(name)): item for name, item in value.items()}
    name = _first_text(known, _NAMES) or _join_name(known)
    if not name:
        return
    addresses = (written(known.get(url_key)) for url_key in _ADDRESSES)
    url = next((text for text in addresses if text and re.match(r"https?://\S+$", text)), None)
    for author_key in (
        [key] if key else [text for name_key in _KEYS if (text := written(known.get(name_key)))]
    ):
        yield KnownAuthor(author_key.lower(), " ".join(name.split()), url)


def _first_text(values: dict[str, Any], names: tuple[str, ...]) -> str | None:
    return next((text for name in names if (text := written(values.get(name)))), None)


def _join_name(values: dict[str, Any]) -> str:
    return " ".join(filter(None, (written(values.get(part)) for part in _NAME_PARTS)))


def _find_author(context: SiteContext, path: str, key: str) -> KnownAuthor | None:
    """The author that `key` names in the article at `path`: in the nearest list above it, else in any."""
    if not context.authors:
        return None
    wanted = key.strip().lower()
    folder = path.rpartition("/")[0]
    above = [folder[:end] for end in range(len(folder), 0, -1) if end == len(folder) or folder[end] == "/"]
    authors = (
        author
        for place in dict.fromkeys((*above, "", *sorted(context.authors)))
        for author in context.authors.get(place, ())
    )
    return next((author for author in authors if author.key == wanted), None)


@lru_cache(maxsize=4096)  # a blog has few authors, each in many articles
def _strip_conventions(text: str) -> str:
    """The name in a text value, without the additions of the conventions."""
    name = plain_title(text).strip()
    around = _WIKI_LINK.fullmatch(name)
    if around is None and "@" in name:
        around = _NAME_THEN_MAIL.fullmatch(name) or _MAIL_THEN_NAME.fullmatch(name)
    if around:
        name = around[1].strip()
    by = _BY.match(name)
    return name[by.end() :] if by else name or text


def _split_links(text: str) -> tuple[tuple[str, str], ...]:
    """The names of links in a text value, each with its URL; () if it has no link.

    Of several links each is a name, whatever is between them; text around a single link belongs to the name.
    """
    if "<a " not in text and "](" not in text:
        return ()
    if "](" in text:
        text = _AFFILIATION.sub("", text)
    links = list(_LINK.finditer(text))
    if len(links) == 1:
        return ((_strip_conventions(_LINK.sub(_link_text, text)), _link_address(links[0])),)
    return tuple((_strip_conventions(_link_text(link)), _link_address(link)) for link in links)


def _link_text(link: re.Match[str]) -> str:
    return link["words"] or link["name"]


def _link_address(link: re.Match[str]) -> str:
    return link["address"] or link["url"]


def _read_author_url(fields: Fields) -> str | None:
    """The address of the only author, from a key of its own; an account is the address of its profile."""
    if isinstance(fields.peek(*_AUTHOR_URLS), str):
        return fields.reference(*_AUTHOR_URLS)
    for key in fields.among(_ACCOUNTS):
        account = written(fields.peek(key)) or ""
        if account.startswith(("http://", "https://")):
            return fields.reference(key)
        if match := _ACCOUNT.fullmatch(account):
            fields.take(key)
            return _ACCOUNTS[key] + match[1]
    return None


class _Authors:
    """Reads the authors of one field, with the lists of authors of the folder."""

    def __init__(self, fields: Fields, entry: Entry, context: SiteContext, path: str) -> None:
        self._fields = fields
        self._entry = entry
        self._context = context
        self._path = path

    def read(self, value: Any) -> Iterator[Author]:
        """The authors in a value: a text may name several, a text in a list names one."""
        if isinstance(value, list):
            for item in value:
                yield from self.read(item) if isinstance(item, list) else self._read_single(item)
        elif isinstance(value, str) and ";" in value and not _split_links(value):
            for part in _SEPARATED.findall(value):
                yield from self._read_single(part.strip())
        else:
            yield from self._read_single(value)

    def _read_single(self, value: Any) -> Iterator[Author]:
        if isinstance(value, dict):
            yield from self._read_map(value)
        elif value is not False and value not in (None, ""):
            text = value if isinstance(value, str) else written(value)
            if name := self._fields.as_text(self._entry, text, "author"):
                yield from self._read_text(name)

    def _read_text(self, text: str) -> Iterator[Author]:
        listed = _find_author(self._context, self._path, text)
        if listed:
            yield _author(listed.name, listed.url)
        elif links := _split_links(text):
            for name, address in links:
                yield _author(name, self._fields.as_reference(self._entry, address, "author url"))
        else:
            yield _author(_strip_conventions(text))

    def _read_map(self, value: dict[str, Any]) -> Iterator[Author]:
        known = members(value)
        fields, entry = self._fields, self._entry
        key = _first_text(known, _KEYS)
        listed = _find_author(self._context, self._path, key) if key else None
        given_name = next((known[name] for name in _NAMES if name in known), None)
        name = fields.as_text(entry, given_name, "author name") or _join_name(known)
        name = name or (listed.name if listed else "")
        address = next((known[key] for key in _ADDRESSES if known.get(key)), None)
        url = fields.as_reference(entry, address, "author url") or (listed.url if listed else None)
        if name:
            yield _author(name, url)
        elif key:
            yield from self._read_text(key)
        elif value and all(isinstance(item, dict) for item in value.values()):
            for key, item in value.items():
                yield from self._read_map({"key": key, **item})
        else:
            fields.drop_value(entry, "an author must have a name")


def _author(name: str, url: str | None = None) -> Author:
    return Author(name=name, slug=name_slug(name), url=url)
