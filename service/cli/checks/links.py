"""Checks of the references in articles and settings: files and pages that are not there."""

import posixpath
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote

import msgspec

from service.content import read
from service.content.files.access import SITE_FILE
from service.errors import ContentError, Fault
from service.index import DeadReference, dead_references, refused_references
from service.markup import FILES, render
from service.model import Site
from service.settings import Settings
from service.urls import DIRECTORY_PATHS, LISTING_PATHS, Urls

_OWN_PATHS = frozenset(
    {"", "/articles", "/subscribe", "/feeds.opml", *LISTING_PATHS.values(), *DIRECTORY_PATHS.values()}
)
_OWN_FOLDERS = re.compile(
    r"/(?:feed|feeds|rss|docs|archive|tags?|category|authors?|series)(?:[/.]|$)|/[\w-]+\.(?:xml|rss|atom)$"
)

_LINK_MARK = re.compile(r"[\])]\(|\]:|\[\[|\{[{%]|href|@/|://")


class LinkChecks(msgspec.Struct, frozen=True):
    """Faults are missing files, notes what is not served and pages that may have been on another site."""

    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]


def check_links(settings: Settings) -> LinkChecks:
    """Find the references of visible articles and of the settings of the site that lead nowhere.

    Raises IndexUnavailable.
    """
    faults = list(_missing_site_files(settings))
    notes: list[Fault] = []
    lines: dict[str, list[str]] = {}
    references = (
        *dead_references(settings.index, settings.content, _site_links(settings.site)),
        *refused_references(settings.index, settings.content, settings.site),
    )
    for dead in references:
        if dead.target.startswith("/") and not dead.is_hidden and _is_own(dead.target):
            continue
        if dead.path not in lines:
            lines[dead.path] = read_lines(settings.content, dead.path)
        line = _find_line(lines[dead.path], dead.path, dead.target) or dead.number + 1
        kept_back = dead.is_page or dead.reason
        (notes if kept_back else faults).append(Fault(dead.path, line, _message(dead)))
    return LinkChecks(tuple(sorted(set(faults))), tuple(sorted(set(notes))))


def _message(dead: DeadReference) -> str:
    if not dead.reason:
        return f"there is no {'page' if dead.is_page else 'file'} {dead.target!r}"
    if dead.is_hidden:
        return f"the link to {dead.target!r} is shown as its words: {dead.reason}"
    if dead.target.startswith("/"):
        return f"refers to {dead.target!r}, which answers 410: {dead.reason}"
    return f"refers to {dead.target!r}, which is not served: {dead.reason}"


def _site_links(site: Site) -> Iterator[str]:
    """The links in the navigation and the footer that lead to this site, site-relative."""
    urls = Urls(site.public_url or "https://site.invalid")
    links = [urls.configured(link.url) for link in site.navigation]
    footer = render(site.footer or "", "markdown", FILES).html
    links += map(unescape, re.findall(r'href="([^"]*)"', urls.configured_html(footer)))
    for link in links:
        if link.startswith(f"{urls.base}/"):
            yield link.removeprefix(urls.base)


def _missing_site_files(settings: Settings) -> Iterator[Fault]:
    lines = read_lines(settings.content, SITE_FILE)
    for name in ("icon", "logo"):
        address = getattr(settings.site, name)
        if not address or not address.startswith(FILES):
            continue
        path = unquote(address.removeprefix(FILES))
        key = re.compile(rf"\s*{name}\s*=")
        if not (settings.content / path).is_file():
            line = next((number for number, text in enumerate(lines, 1) if key.match(text)), 1)
            yield Fault(SITE_FILE, line, f"there is no file {path!r}")


def _is_own(path: str) -> bool:
    """Whether the service answers at an address that is no article."""
    return path.rstrip("/") in _OWN_PATHS or bool(_OWN_FOLDERS.match(path))


def read_lines(root: Path, path: str) -> list[str]:
    """The lines of a file of the content folder; none if it cannot be read."""
    try:
        return read(root, path).decode("utf-8", "replace").splitlines()
    except ContentError:
        return []


def _find_line(lines: list[str], path: str, target: str) -> int | None:
    """The line, from 1, that most precisely spells a reference of the file at `path` to `target`."""
    for spelling in _spellings(path, target):
        whole = re.compile(rf"(?<![\w./-]){re.escape(spelling)}")
        for number, line in enumerate(lines, 1):
            if spelling in line and whole.search(line):
                return number
    # Links of templates leave out the folder, the suffix, or both: `@/posts/b.md`, `{{< ref "b" >}}`.
    name = posixpath.basename(target.rstrip("/"))
    for spelling in dict.fromkeys((name, quote(name), posixpath.splitext(name)[0])):
        word = re.compile(rf"(?<![\w-]){re.escape(spelling)}(?![\w-])")
        for number, line in enumerate(lines, 1):
            if spelling in line and _LINK_MARK.search(line) and word.search(line):
                return number
    return None


def _spellings(path: str, target: str) -> list[str]:
    """How the file at `path` may refer to `target` by its path or address, the most precise first."""
    if target.startswith("/"):
        names = [target, target.rstrip("/")]
    else:
        relative = posixpath.relpath(f"/{target}", f"/{posixpath.dirname(path)}")
        names = [
            f"{relative}/",
            relative,
            f"/{target}",
            f"{FILES}{target}",
            target,
            posixpath.basename(relative),
        ]
    return [spelling for name in names for spelling in dict.fromkeys((name, quote(name)))]
