"""Exports that are folders: the files without posts, and those that are read through another file."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from posixpath import normpath
from urllib.parse import unquote

import msgspec
from turbohtml import parse

from service.content.identity.slugs import before_query
from service.importing.item import Note
from service.importing.sources.medium import ACCOUNT_FOLDERS, POSTS_FOLDER, is_medium_page
from service.importing.sources.substack import LIST_NAME, TEXTS_FOLDER, is_post_list

_PAGES = (".html", ".htm")
_READ_BYTES = 2_000_000
_TAKEOUT_INDEX = "archive_browser.html"
_TAKEOUT_FEED = "feed.atom"
_TUMBLR_INDEX = "posts_index.html"
_TUMBLR_POSTS = ("html", "posts")
"""The folder of the posts next to their list, or the one that has it."""

_INDEX_PAGES = frozenset({"index.html", "start_here.html", "sitemap.html"})
"""The index pages of exports such as those of Notion and Facebook."""

_LEAST_LINKS = 3
_MOST_OTHER_TEXT = 200


class Layout(msgspec.Struct, frozen=True):
    """Files that are not read on their own, as paths below the folder, and notes about them."""

    excluded: frozenset[str] = frozenset()
    notes: tuple[Note, ...] = ()


def find_layouts(root: Path, paths: Iterable[str]) -> Layout:
    """The files without posts in exports below `root`, such as those of Medium, Tumblr and Google Takeout."""
    known = sorted(paths)
    excluded: set[str] = set()
    notes: list[Note] = []
    for folder, names in _medium_pages(root, known):
        if not names:
            continue
        about = sorted({PurePosixPath(name).relative_to(folder).parts[0] for name in names})
        message = f"{len(names)} pages of a Medium account: {', '.join(about)}"
        notes.append(Note("left out", folder, message, "account pages", len(names)))
        excluded |= names
    for name in known:
        if name in excluded:
            continue
        if _is_takeout_page(name, known):
            notes.append(Note("left out", name, "a page of Google Takeout, not a post", "templates"))
            excluded.add(name)
        elif _is_tumblr_index(name, known):
            notes.append(Note("left out", name, "the list of the posts of a Tumblr blog", "lists of posts"))
            excluded.add(name)
        elif PurePosixPath(name).name in _INDEX_PAGES and _is_list_of_links(root, name, known):
            notes.append(Note("left out", name, "a page that only lists the others", "lists of posts"))
            excluded.add(name)
    return Layout(frozenset(excluded | _listed_texts(root, known)), tuple(notes))


def is_substack_list(root: Path, path: str) -> bool:
    """Whether the file is the list of posts of a Substack export."""
    if PurePosixPath(path).name != LIST_NAME:
        return False
    return is_post_list(_beginning(root / path))


def _medium_pages(root: Path, paths: list[str]) -> Iterator[tuple[str, set[str]]]:
    """Each folder that is an export of Medium, with those of its pages that are not posts."""
    pages: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        if path.lower().endswith(_PAGES):
            pages[str(PurePosixPath(path).parent)].append(path)
    subfolders: dict[str, set[str]] = defaultdict(set)
    for folder in pages:
        subfolders[str(PurePosixPath(folder).parent)].add(PurePosixPath(folder).name)
    for folder, names in subfolders.items():
        posts = pages.get(_join(folder, POSTS_FOLDER), []) if POSTS_FOLDER in names else []
        is_export = any(
            is_medium_page(_beginning(root / post).decode("utf-8", "replace")) for post in posts[:3]
        )
        has_readme = _join(folder, "README.html") in pages.get(folder, ())
        if not is_export and len(names & ACCOUNT_FOLDERS) + has_readme < 2:
            continue
        inside = [
            path
            for name in {folder, *(_join(folder, name) for name in names)}
            for path in pages.get(name, ())
        ]
        yield folder, {path for path in inside if path not in posts}


def _beginning(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(_READ_BYTES)
    except OSError:
        return b""  # reading it as a source raises the same error, which is reported then


def _listed_texts(root: Path, paths: list[str]) -> set[str]:
    """The texts of Substack's posts, which are read through the list of posts."""
    folders = {
        _join(str(PurePosixPath(path).parent), TEXTS_FOLDER) for path in paths if is_substack_list(root, path)
    }
    is_page = (path for path in paths if path.lower().endswith(_PAGES))
    return {path for path in is_page if str(PurePosixPath(path).parent) in folders}


def _is_takeout_page(path: str, paths: list[str]) -> bool:
    place = PurePosixPath(path)
    if place.name == _TAKEOUT_INDEX:
        return True
    is_theme = place.name.startswith("theme-") and place.suffix in {".html", ".xml"}
    return is_theme and str(place.parent / _TAKEOUT_FEED) in paths


def _is_tumblr_index(path: str, paths: list[str]) -> bool:
    place = PurePosixPath(path)
    folders = tuple(f"{_join(str(place.parent), name)}/" for name in _TUMBLR_POSTS)
    return place.name == _TUMBLR_INDEX and any(other.startswith(folders) for other in paths)


def _is_list_of_links(root: Path, path: str, paths: list[str]) -> bool:
    """Whether a page consists of links to other pages of the export, and little text between them."""
    page = parse(_beginning(root / path).decode("utf-8", "replace"))
    body = next(iter(page.select("body")), None)
    links = list(body.select("a[href]")) if body else []
    folder = str(PurePosixPath(path).parent)
    addresses = (before_query(link.attr("href") or "") for link in links)
    targets = {normpath(_join(folder, unquote(address))) for address in addresses}
    if body is None or len(targets.intersection(paths) - {path}) < _LEAST_LINKS:
        return False
    text = sum(map(len, body.text.split()))
    linked = sum(len(word) for link in links for word in link.text.split())
    return text - linked <= max(_MOST_OTHER_TEXT, linked)


def _join(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"
