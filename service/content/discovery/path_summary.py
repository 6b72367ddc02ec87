"""A summary of the paths of all articles, for the context of a site, and whether a change may alter it.

A summary is kept between builds, so that a changed file costs no walk through all of them.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from service.content.dates.date_order import find_day_first
from service.content.discovery import samples
from service.content.discovery.listing_pages import MANY, find_listing_pages, is_dated, listed_folder
from service.content.discovery.page_bundles import find_bundle_resources, is_bundle_page
from service.content.fields.language import are_certain_languages, is_language_name, language_folders
from service.content.fields.misspelled_keys import find_own_keys
from service.content.generators.addresses.article_addresses import find_scheme
from service.content.generators.addresses.scheme import Scheme
from service.content.generators.obsidian import link_by_name
from service.content.generators.site_settings.values import relative_path
from service.content.records import PathSummary, SampledFacts

MAX_CHANGED = 1000
"""With more files added and deleted at once than these, all are examined."""


class KnownPaths(Protocol):
    """The paths of article files, those of the last build and new ones."""

    def beginning_with(self, prefix: str, limit: int, start: str = "") -> list[str]:
        """At most `limit` paths from `start` on that begin with `prefix`, in order."""
        ...


def summarise_paths(
    root: Path,
    paths: Sequence[str],
    bundles: Iterable[Collection[str]],
    sources: Iterable[str],
    schemes: tuple[Scheme, ...],
) -> PathSummary:
    """The summary of `paths`, sorted; `bundles` are the folders with page bundles of each site.

    `sources` are the folders that generators read, `schemes` those of their sites. The sampled files are read
    below `root`.
    """
    counts = _count_posts_and_pages(paths, schemes)
    sampled = samples.choose_samples(paths)
    folders_of_articles = _folders_around(paths)
    return PathSummary(
        languages=language_folders(paths, folders_of_articles),
        named_languages=tuple(
            sorted(folder for folder in folders_of_articles if is_language_name(folder.rpartition("/")[2]))
        ),
        bundle_resources=tuple(find_bundle_resources(folders, paths) for folders in bundles),
        read_sources=tuple(
            source
            for source in dict.fromkeys(sources)
            if any(relative_path(source, path) is not None for path in paths)
        ),
        page_sites=tuple(
            scheme.folder for scheme, count in counts if scheme.separates_pages(count["post"], count["page"])
        ),
        undecided_sites=tuple(
            scheme.folder for scheme, count in counts if count["post"] < 2 * count["page"] + MAX_CHANGED
        ),
        listing_pages=find_listing_pages(paths, folders_of_articles),
        sampled=sampled,
        sampled_facts=read_sampled_facts(root, sampled),
    )


def _count_posts_and_pages(
    paths: Iterable[str], schemes: tuple[Scheme, ...]
) -> list[tuple[Scheme, Counter[str]]]:
    """How many files of each site are a "post" by their place, and how many a "page"."""
    counts: list[tuple[Scheme, Counter[str]]] = [(scheme, Counter()) for scheme in schemes]
    for path in paths if schemes else ():
        scheme = find_scheme(schemes, path)
        if scheme:
            is_page = scheme.page_path(path) is not None
            kind = "post" if scheme.is_post(path) else "page" if is_page else "other"
            counts[schemes.index(scheme)][1][kind] += 1
    return counts


def read_sampled_facts(root: Path, sampled: Iterable[str]) -> SampledFacts:
    """The conventions in the files `sampled` below `root`."""
    samples_by_path = samples.read_samples(root, sampled)
    texts = [text for _, text in samples_by_path]
    return SampledFacts(
        find_own_keys(texts), find_day_first(texts), links_by_name=link_by_name(samples_by_path)
    )


def stays_the_same(
    summary: PathSummary,
    known: KnownPaths,
    added: Collection[str],
    deleted: Collection[str],
    bundles: Iterable[Collection[str]],
    sources: Iterable[str],
    schemes: tuple[Scheme, ...],
) -> bool:
    """Whether these files make no difference to the summary; False also where that is not certain.

    `known` are the paths of the last build and the `added` ones; `bundles`, `sources` and `schemes` as in
    `summarise_paths`. Files of the sample that were only edited are not considered.
    """
    changed = {*added, *deleted}
    if len(changed) > MAX_CHANGED:
        return False
    if summary.undecided_sites and not all(
        _keeps_page_sites(path, summary, schemes, is_added=path in added) for path in changed
    ):
        return False
    change = _PathChanges(summary, known, frozenset(added), frozenset(changed))
    roots = [tuple(f"{folder}/" for folder in folders) for folders in bundles]
    return all(
        change.keeps_sample(path)
        and change.keeps_languages(path)
        and change.keeps_listing_pages(path)
        and all(change.keeps_bundles(path, folders) for folders in roots)
        and all(change.keeps_source(path, source) for source in sources)
        for path in sorted(changed)
    )


def _keeps_page_sites(
    path: str, summary: PathSummary, schemes: tuple[Scheme, ...], *, is_added: bool
) -> bool:
    """Whether the file makes no difference to which sites have their posts apart from their pages."""
    scheme = find_scheme(schemes, path)
    if scheme is None or scheme.folder not in summary.undecided_sites:
        return True
    if scheme.compares_pages:
        return not scheme.is_post(path) and scheme.page_path(path) is None
    return not scheme.is_post(path) or (is_added and scheme.folder in summary.page_sites)


class _PathChanges(msgspec.Struct, frozen=True):
    """Added and deleted files; each method tells if one makes no difference to a part of the summary."""

    summary: PathSummary
    known: KnownPaths
    added: frozenset[str]
    changed: frozenset[str]
    unchanged: dict[tuple[str, int], list[str]] = {}
    """What `_unchanged_below` has found: many files are in one folder."""

    def keeps_sample(self, path: str) -> bool:
        sampled = self.summary.sampled
        if len(sampled) < samples.MAX_FILES:
            return False
        [key] = samples.sampling_keys([path])
        return path not in sampled and key > max(samples.sampling_keys(sampled))

    def keeps_languages(self, path: str) -> bool:
        named = self.summary.named_languages
        folders = _folders_above(path)
        for folder in folders:
            parent, _, name = folder.rpartition("/")
            matters = is_language_name(name) or any(_parent(other) == parent for other in named)
            if matters and not self._unchanged_below(f"{folder}/", 1):
                return False
        return all(self._keeps_mirrors(path, parent) for parent in {_parent(folder) for folder in named})

    def _keeps_mirrors(self, path: str, parent: str) -> bool:
        """Whether the folders of languages in `parent` are known as such, or not, for other reasons."""
        siblings = [folder for folder in self.summary.named_languages if _parent(folder) == parent]
        if not path.startswith(_inside(parent)) or are_certain_languages(parent, siblings):
            return True
        own = next((folder for folder in siblings if path.startswith(f"{folder}/")), None)
        name = path[len(_inside(parent if own is None else own)) :]
        others = [folder for folder in (parent, *siblings) if folder != (parent if own is None else own)]
        places = [_inside(folder) + name for folder in others]
        if not any(self.known.beginning_with(place, 1) == [place] for place in places):
            return True
        return path in self.added and all(folder in self.summary.languages for folder in siblings)

    def keeps_listing_pages(self, path: str) -> bool:
        if path in self.summary.listing_pages:
            return False
        own = listed_folder(path)
        if own is not None:
            others = [other for other in self.known.beginning_with(_inside(own), MANY + 5) if other != path]
            if len(others) >= MANY or any(is_dated(other, len(own)) for other in others):
                return False
        return all(self._keeps_listing_page_of(folder) for folder in ("", *_folders_above(path)))

    def _keeps_listing_page_of(self, folder: str) -> bool:
        enough = MANY + 5
        unchanged = self._unchanged_below(_inside(folder), enough)
        if len(unchanged) >= enough:  # more than the pages of this folder and its languages
            return sum(listed_folder(other) != folder for other in unchanged) >= MANY
        pages = [*unchanged, *(self.known.beginning_with(f"{folder}.", 1) if folder else ())]
        return not any(listed_folder(other) == folder for other in pages)

    def keeps_bundles(self, path: str, roots: tuple[str, ...]) -> bool:
        if not path.startswith(roots):
            return True
        if any(path in resources for resources in self.summary.bundle_resources):
            return False
        folders = [folder for folder in _folders_above(path) if f"{folder}/".startswith(roots)]
        for folder in folders:
            begins_alike = self.known.beginning_with(f"{folder}/", 2)
            is_alone = [other for other in begins_alike if other != path] == []
            pages = [page for case in ("index", "Index", "INDEX") for page in self._pages(folder, case)]
            if not is_alone and (is_bundle_page(path) or pages):
                return False
        return True

    def _pages(self, folder: str, name: str) -> list[str]:
        return [path for path in self.known.beginning_with(f"{folder}/{name}", 5) if is_bundle_page(path)]

    def keeps_source(self, path: str, source: str) -> bool:
        if relative_path(source, path) is None:
            return True
        is_read = source in self.summary.read_sources
        return is_read and bool(path in self.added or self._unchanged_below(_inside(source), 1))

    def _unchanged_below(self, prefix: str, limit: int) -> list[str]:
        """At most `limit` files whose path begins with `prefix` and that were there and still are."""
        key = prefix, limit
        if key not in self.unchanged:
            paths = self.known.beginning_with(prefix, limit + len(self.changed))
            self.unchanged[key] = [path for path in paths if path not in self.changed][:limit]
        return self.unchanged[key]


def _folders_around(paths: Iterable[str]) -> set[str]:
    """All folders around sorted paths, without the outermost."""
    folders: set[str] = set()
    previous = ""
    for path in paths:
        folder = path.rpartition("/")[0]
        if folder != previous:
            previous = folder
            while folder and folder not in folders:
                folders.add(folder)
                folder = folder.rpartition("/")[0]
    return folders


def _folders_above(path: str) -> list[str]:
    return [path[: slash.start()] for slash in re.finditer("/", path)]


def _parent(folder: str) -> str:
    return folder.rpartition("/")[0]


def _inside(folder: str) -> str:
    """The beginning of the paths of files in `folder`."""
    return f"{folder}/" if folder else ""
