"""Lists of authors such as `authors.yml`, and pages of authors: authors by the keys that articles use."""

import re
from collections.abc import Iterator
from typing import Any

from service.content.parsing.decoding import decode
from service.content.parsing.front_matter import parse_data, split
from service.content.parsing.values import normal_key, written
from service.content.records import KnownAuthor, SiteContext
from service.errors import ContentError

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
_DATA = re.compile(r"(?:^|/)_?data(?:/(?:authors?|people|team))?$", re.IGNORECASE)
_KEYS = ("key", "id", "username", "short_name", "slug", "handle", "nickname", "login", "github")
_NAMES = ("name", "display_name", "full_name", "fullname", "displayname")
_ADDRESSES = ("url", "website", "homepage", "link", "web", "uri")

MOST_BYTES = 5_000_000


def names_people(path: str) -> bool:
    """Whether the file at `path` is a list of authors, or the data of one author."""
    return bool(_LISTS.fullmatch(path) or _SINGLE.fullmatch(path))


def may_be_about_a_person(path: str) -> bool:
    """Whether the file at `path` is in a folder for the pages of authors."""
    return bool(_PAGE.fullmatch(path))


def read_people(path: str, data: bytes) -> tuple[str, tuple[KnownAuthor, ...]]:
    """The folder that a list of authors applies to, and its authors; none if it is not such a list.

    A list in `_data` or `data`, or a page in `authors`, applies to the folder above.
    """
    if page := _PAGE.fullmatch(path):
        return page["folder"].rstrip("/"), tuple(_of_page(page["key"], data))
    folder = _DATA.sub("", path.rpartition("/")[0])
    try:
        value = parse_data(path, decode(data)[0])
    except ContentError:
        return folder, ()  # not a list of authors; a fault only if it is an article
    single = _SINGLE.fullmatch(path)
    found = _people(value, single.group(1) if single else None)
    return folder, tuple(
        sorted({person.key: person for person in found}.values(), key=lambda author: author.key)
    )


def people_in(value: Any) -> tuple[KnownAuthor, ...]:
    """The authors in a list within other settings; none if it is not such a list."""
    maps = isinstance(value, dict) and all(isinstance(item, dict) for item in value.values())
    return tuple(_people(value, None)) if maps else ()


def find_person(context: SiteContext, path: str, key: str) -> KnownAuthor | None:
    """The author that `key` names in the article at `path`: in the nearest list above it, else in any."""
    if not context.people:
        return None
    wanted = key.strip().lower()
    folder = path.rpartition("/")[0]
    above = [folder[:end] for end in range(len(folder), 0, -1) if end == len(folder) or folder[end] == "/"]
    for place in dict.fromkeys((*above, "", *sorted(context.people))):
        for person in context.people.get(place, ()):
            if person.key == wanted:
                return person
    return None


def _people(value: Any, single: str | None) -> Iterator[KnownAuthor]:
    if single is not None:
        yield from _person(single, value)
    elif isinstance(value, list):
        for item in value:
            yield from _person(None, item)
    elif isinstance(value, dict):
        nested = [item for key, item in value.items() if _LISTS.fullmatch(f"{key}.yml")]
        if len(value) == 1 and nested and isinstance(nested[0], dict | list):
            yield from _people(nested[0], None)
        else:
            for key, item in value.items():
                yield from _person(str(key), item)


def _of_page(stem: str, data: bytes) -> Iterator[KnownAuthor]:
    """The author of a page, by the name of its file, its keys and the name itself."""
    try:
        entries = split(decode(data)[0]).entries
    except ContentError:
        return  # `load` reports it
    known = {normal_key(name): entry.value for name, entry in entries.items()}
    name = next((text for key in (*_NAMES, "title") if (text := written(known.get(key)))), None)
    if not name or stem.lower() in {"index", "_index", "readme"}:
        return
    keys = (stem, name, *(text for key in _KEYS if (text := written(known.get(key)))))
    for key in dict.fromkeys(key.lower() for key in keys):
        yield from _person(key, known | {"name": name})


def _person(key: str | None, value: Any) -> Iterator[KnownAuthor]:
    if isinstance(value, str) and key:
        yield KnownAuthor(key.lower(), value.strip())
    if not isinstance(value, dict):
        return
    known = {normal_key(str(name)): item for name, item in value.items()}
    name = next((text for name_key in _NAMES if (text := written(known.get(name_key)))), None)
    if not name:
        name = " ".join(filter(None, (written(known.get(part)) for part in ("first_name", "last_name"))))
    if not name:
        return
    addresses = (written(known.get(url_key)) for url_key in _ADDRESSES)
    url = next((text for text in addresses if text and re.match(r"https?://\S+$", text)), None)
    keys = [key] if key else [text for known_key in _KEYS if (text := written(known.get(known_key)))]
    for author_key in keys:
        yield KnownAuthor(author_key.lower(), " ".join(name.split()), url)
