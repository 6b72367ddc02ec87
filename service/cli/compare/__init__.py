"""`broadsheet check --against OLD`: what a deploy would change for readers who have subscribed.

OLD is an earlier index, as a file or `sqlite:///…`, or a running site, as `https://…`. `matching` pairs the
articles of both states; `differences` and `addresses` compare them.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec

from service.cli.async_command import run_async
from service.cli.compare import running_site
from service.cli.compare.addresses import find_broken_addresses, find_removed_pages
from service.cli.compare.differences import (
    Kind,
    SiteDifference,
    find_archive_end,
    find_date_changes,
    find_identity_changes,
)
from service.cli.compare.matching import Matched, match_articles
from service.content.identity.slugs import make_slug
from service.errors import IndexUnavailable, SettingsError, counted
from service.index import ArticleSnapshot, Index, read_inventory, read_page_inventory, read_private_paths
from service.model import Site
from service.query import Query

FIRST_DOCUMENT = 50
"""The number of articles in the first document of a feed, which readers fetch first."""

_SQLITE_HEADER = b"SQLite format 3\0"

__all__ = ["Comparison", "compare"]


class Comparison(msgspec.Struct, frozen=True):
    """The differences in order of their place, and a sentence that counts them."""

    differences: tuple[SiteDifference, ...]
    sentence: str


def compare(old: str, new: str, site: Site) -> Comparison:
    """Compare the index at the URL `new` with an earlier state of the site, `old`.

    Raises SettingsError if `old` cannot be read, IndexUnavailable if `new` cannot.
    """
    before = tuple(article for article in _read(old) if article.standing != "scheduled")
    matched = _locate_drafts(match_articles(before, read_inventory(new)), read_private_paths(new))
    archive_end = find_archive_end(before)
    matched_pages = match_articles(_read_pages(old), read_page_inventory(new))
    addresses, newest = run_async(_query_index(matched, matched_pages, new))
    differences = [
        *find_identity_changes(matched, site),
        *find_date_changes(matched, site, archive_end),
        *addresses,
    ]
    duplicates = {pair.new.id for pair in matched.pairs if pair.old.id != pair.new.id}
    sentence = _count_differences(differences, len(duplicates & newest))
    return Comparison(tuple(sorted(differences, key=_place)), sentence)


def _locate_drafts(matched: Matched, private_paths: list[str]) -> Matched:
    """`matched` with the file of each missing article that has become private, found by its name."""
    paths: dict[str, str] = {}
    for path in map(PurePosixPath, private_paths):
        name = path.parent.name if path.stem in {"index", "_index"} else path.stem
        paths.setdefault(make_slug(re.sub(r"^\d{4}-\d{2}-\d{2}[-_]", "", name)), str(path))
    missing = (
        article if article.path else msgspec.structs.replace(article, path=paths.get(article.slug, ""))
        for article in matched.missing
    )
    return msgspec.structs.replace(matched, missing=tuple(missing))


def _place(difference: SiteDifference) -> tuple[str, int, SiteDifference]:
    """Path and line as a sort key."""
    path, _, line = difference.where.rpartition(":")
    return path, int(line) if line.isdecimal() else 0, difference


def _read(old: str) -> Iterator[ArticleSnapshot]:
    if _is_site(old):
        return running_site.read_articles(old)
    return _read_index(_index_url(old))


def _read_pages(old: str) -> Iterator[ArticleSnapshot]:
    """The pages that readers know."""
    if _is_site(old):
        return running_site.read_pages(old)
    return (page for page in read_page_inventory(_index_url(old)) if page.standing == "visible")


def _is_site(old: str) -> bool:
    return old.lower().startswith(("http://", "https://"))


def _index_url(old: str) -> str:
    """The URL of the index `old`. Raises SettingsError."""
    path = Path(old.removeprefix("sqlite:///"))
    expected = "give the file of an index, or the address of a running site such as https://example.org"
    if not path.exists() and re.fullmatch(r"[\w.-]+:\d{1,5}(?:/.*)?", old):
        raise SettingsError((f"--against: {old!r} has no scheme; write http://{old} or https://{old}",))
    if not path.exists():
        raise SettingsError((f"--against: there is no file {str(path)!r}; {expected}",))
    if path.is_dir():
        raise SettingsError((f"--against: {str(path)!r} is a folder; {expected}",))
    with path.open("rb") as file:
        if file.read(len(_SQLITE_HEADER)) != _SQLITE_HEADER:
            raise SettingsError((f"--against: {str(path)!r} is not an index; {expected}",))
    return f"sqlite:///{path}"


def _read_index(url: str) -> Iterator[ArticleSnapshot]:
    try:
        yield from read_inventory(url)
    except IndexUnavailable as error:
        raise SettingsError((f"--against: {error}",)) from error


async def _query_index(matched: Matched, pages: Matched, url: str) -> tuple[list[SiteDifference], set[str]]:
    """Addresses that would break, and the ids that readers would fetch first."""
    index = Index(url)
    try:
        newest = await index.find(Query(), FIRST_DOCUMENT)
        differences = [
            *await find_broken_addresses(matched, index),
            *await find_broken_addresses(pages, index),
            *await find_removed_pages(pages, index),
        ]
        return differences, {article.id for article in newest.articles}
    finally:
        await index.close()


_EFFECTS: tuple[tuple[Kind, str, str], ...] = (
    ("lost", "remove {} without notice", "article"),
    ("page", "remove {}", "page"),
    ("address", "break {}", "address"),
    ("date", "change {}", "date"),
    ("unreported", "leave {} unreported", "change"),
)


def _count_differences(differences: list[SiteDifference], at_once: int) -> str:
    """A sentence; `at_once` is the number of duplicates in the first document of the main feed."""
    counts = Counter(difference.kind for difference in differences)
    duplicates = counts["duplicate"]
    if not differences:
        return "A deploy of this would show no subscriber a duplicate and break no address."
    shown = "show each subscriber no duplicates"
    if duplicates:
        shown = f"show each subscriber {counted(duplicates, 'duplicate')}"
        shown += f" ({at_once} of them at once, in the main feed's first {FIRST_DOCUMENT})"
    others = [effect.format(counted(counts[kind], noun)) for kind, effect, noun in _EFFECTS if counts[kind]]
    *most, last = [shown, *others]
    return f"A deploy of this would {', '.join(most)}{' and ' if most else ''}{last}."
