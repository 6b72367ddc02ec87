"""The context of all articles: lists of authors, folders of languages, settings of generators."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC
from pathlib import Path
from typing import Any

import msgspec

from service.content.discovery.path_metadata import read_path_metadata
from service.content.fields.authors import (
    authors_in_settings,
    is_author_list,
    may_be_author_page,
    read_author_list,
)
from service.content.front_matter.splitting import split
from service.content.front_matter.values import normal_key
from service.content.generators.addresses.article_addresses import find_scheme
from service.content.generators.addresses.scheme import Scheme
from service.content.generators.eleventy import (
    is_directory_data_name,
    parse_directory_data,
    read_directory_data,
)
from service.content.generators.generator import GeneratorSettings
from service.content.generators.hugo import is_section_page, read_cascade
from service.content.generators.mdbook import MdBookScheme, read_chapters
from service.content.generators.obsidian import has_settings, is_digital_garden, read_vault
from service.content.generators.registry import build_schemes, is_settings_file, read_settings
from service.content.generators.site_metadata import read_settings_bytes
from service.content.generators.site_settings.values import is_true
from service.content.generators.zola import ZolaScheme
from service.content.parsing.decoding import decode
from service.content.records import Exclusion, FolderDefault, KnownAuthor, PathSummary, SiteContext, Vault
from service.errors import ContentError, Fault


class SiteSettings(msgspec.Struct, frozen=True):
    """The content of the `metadata_files` of a folder; `sites` are settings of generators, outer ones first.

    `exclusions` are settings that cannot be used, and why.
    """

    metadata_files: tuple[str, ...]
    sites: tuple[GeneratorSettings, ...]
    schemes: tuple[Scheme, ...]
    faults: tuple[Fault, ...]
    exclusions: tuple[Exclusion, ...]

    @property
    def bundles(self) -> tuple[tuple[str, ...], ...]:
        """The folders with page bundles, of each site."""
        return tuple(site.bundles for site in self.sites)

    @property
    def sources(self) -> tuple[str, ...]:
        """The folders that generators read."""
        return tuple(source for scheme in self.schemes for source in scheme.source_folders)


class ContextResult(msgspec.Struct, frozen=True):
    """The context of a folder, and the faults of the files that it was read from."""

    context: SiteContext
    faults: tuple[Fault, ...]


def read_site_settings(root: Path, metadata_files: Iterable[str]) -> SiteSettings:
    """Read `metadata_files` (see `describes_articles`); settings that cannot be read are a Fault."""
    paths = tuple(sorted(metadata_files))
    results = [_read_generator(root, path) for path in paths if is_settings_file(path)]
    sites = [result for result in results if isinstance(result, GeneratorSettings)]
    sites.sort(key=lambda site: (site.file.path.count("/"), site.file.path))  # the outer ones first
    schemes, exclusions = build_schemes(sites, filter(is_section_page, paths))
    schemes = tuple(_with_chapters(root, paths, scheme) for scheme in schemes)
    faults = [result for result in results if isinstance(result, Fault)]
    faults += [error.to_fault(site.file.path) for site in sites for error in site.faults]
    return SiteSettings(paths, tuple(sites), schemes, tuple(faults), tuple(exclusions))


def build_site_context(
    root: Path, settings: SiteSettings, summary: PathSummary, vault_files: Mapping[str, Iterable[str]]
) -> ContextResult:
    """Build the context of the articles whose paths have this `summary`.

    `vault_files` are the paths of all files in vaults of Obsidian, by the folder of the vault.
    """
    sites, schemes, metadata_files = settings.sites, settings.schemes, settings.metadata_files
    languages = dict(summary.languages)
    for site in sites:
        languages |= site.languages
    vaults = _read_vaults(root, sites, vault_files)
    parents = (folder.rpartition("/")[0] for folder in languages)
    context = SiteContext(
        authors=_read_author_lists(root, metadata_files, sites),
        languages=languages,
        language_trees=tuple(sorted({_without_i18n(folder) for folder in parents})),
        language_codes={code: tag for site in sites for code, tag in site.codes.items()},
        excluded={
            place: reason
            for site, resources in zip(sites, summary.bundle_resources, strict=True)
            for place, reason in (resources | site.excluded).items()
        }
        | {place: reason for _, templates in vaults.values() for place, reason in templates.items()}
        | _find_draft_sections(root, metadata_files, schemes),
        schemes=schemes,
        read_sites=_find_read_sites(schemes, summary.read_sources),
        page_sites=summary.page_sites,
        renamed_keys=_merge_keys(sites),
        custom_keys=summary.sampled_facts.custom_keys,
        day_first=summary.sampled_facts.day_first,
        listing_pages=summary.listing_pages,
        states_language=any("language" in site.metadata for site in sites),
        emoji_sites=tuple(sorted({f"{site.folder}/".lstrip("/") for site in sites if site.replaces_emoji})),
        vaults={folder: vault for folder, (vault, _) in vaults.items()},
    )
    defaults, faults = _read_defaults(root, settings, context)
    return ContextResult(msgspec.structs.replace(context, defaults=defaults), (*settings.faults, *faults))


def _read_vaults(
    root: Path, sites: Iterable[GeneratorSettings], vault_files: Mapping[str, Iterable[str]]
) -> dict[str, tuple[Vault, dict[str, str]]]:
    """Each vault of Obsidian with its folders of templates, by folder."""
    site_folders = tuple(f"{site.folder}/" if site.folder else "" for site in sites if not site.has_notes)
    return {
        folder: read_vault(
            root,
            folder,
            files,
            is_site=folder.startswith(site_folders)
            or (bool(site_folders) and not has_settings(root, folder)),
        )
        for folder, files in vault_files.items()
    }


def _read_defaults(
    root: Path, settings: SiteSettings, context: SiteContext
) -> tuple[dict[str, tuple[FolderDefault, ...]], list[Fault]]:
    """The defaults of articles by folder, and the faults of the files that state them."""
    faults: list[Fault] = []
    defaults: dict[str, list[FolderDefault]] = {
        folder.rstrip("/"): [FolderDefault({"dg_publish": False})]
        for folder in context.vaults
        if is_digital_garden(root, folder)
    }
    for site in settings.sites:
        defaults.setdefault(site.folder, []).extend((*_inner_site_defaults(site), *site.defaults))
    for path in settings.metadata_files:
        if is_section_page(path):
            cascade = _read_section(root, path, context, settings.sites)
            defaults.setdefault(path.rpartition("/")[0], []).extend(cascade)
        elif is_directory_data_name(path) and not is_settings_file(path):
            result, unread = _read_folder_data(root, path)
            faults += unread
            if result:
                defaults.setdefault(result[0], []).append(result[1])
    return {folder: tuple(values) for folder, values in defaults.items() if values}, faults


def _read_generator(root: Path, path: str) -> GeneratorSettings | Fault | None:
    """The settings of a generator in the file at `path`; None where it holds none."""
    try:
        return read_settings(path, decode(read_settings_bytes(root / path))[0])
    except ContentError as error:
        return Fault(path, error.line, f"{error.message}; its settings are not used")


def _with_chapters(root: Path, paths: Collection[str], scheme: Scheme) -> Scheme:
    """The scheme of a book with the chapters that its summary lists, if it is one of `paths`."""
    if not isinstance(scheme, MdBookScheme) or scheme.summary not in paths:
        return scheme
    try:
        summary = decode(read_settings_bytes(root / scheme.summary))[0]
    except ContentError:
        return scheme  # `load` reports it
    return msgspec.structs.replace(scheme, chapters=read_chapters(summary))


def _find_read_sites(schemes: tuple[Scheme, ...], read_sources: Collection[str]) -> tuple[str, ...]:
    """The folders of the sites that have one generator, and articles where it reads them."""
    folders = Counter(scheme.folder for scheme in schemes)
    return tuple(
        scheme.folder
        for scheme in schemes
        if folders[scheme.folder] == 1
        and (not scheme.source_folders or not set(read_sources).isdisjoint(scheme.source_folders))
    )


def _find_draft_sections(
    root: Path, metadata_files: Iterable[str], schemes: tuple[Scheme, ...]
) -> dict[str, str]:
    """The folders of Zola that are drafts as a whole, each with the reason: it skips what lies below."""
    pages = [path for path in filter(is_section_page, metadata_files) if "/" in path]
    return {
        path.rpartition("/")[0]: f"a draft: {path} is one"
        for path in pages
        if isinstance(find_scheme(schemes, path), ZolaScheme)
        and is_true(_read_section_value(root, path, "draft"))
    }


def _read_section_value(root: Path, path: str, key: str) -> Any:
    """The value of `key` in the front matter of the section page at `path`; None without one."""
    data = read_settings_bytes(root / path)
    if key.encode() not in data.lower():
        return None
    try:
        entries = split(decode(data)[0]).entries
    except ContentError:
        return None  # `load` reports it
    return next((entry.value for name, entry in entries.items() if normal_key(name) == key), None)


def _merge_keys(sites: Iterable[GeneratorSettings]) -> dict[str, dict[str, str]]:
    """The sites' own names of fields, by folder."""
    keys: dict[str, dict[str, str]] = {}
    for site in sites:
        if site.keys:
            keys[site.folder] = keys.get(site.folder, {}) | site.keys
    return keys


def _inner_site_defaults(site: GeneratorSettings) -> list[FolderDefault]:
    """Language and author of a site that is a part of the folder.

    Those of the folder itself are for the whole service (see `settings`).
    """
    names = {"language": "lang", "author": "author"}
    values = {names[name]: value for name, value in site.metadata.items() if name in names}
    return [FolderDefault(values)] if site.folder and values else []


def _read_author_lists(
    root: Path, metadata_files: Iterable[str], sites: Iterable[GeneratorSettings]
) -> dict[str, tuple[KnownAuthor, ...]]:
    """The authors by folder, from lists of authors and settings (some themes of Jekyll have them there)."""
    people = {
        site.folder: authors
        for site in sites
        if (authors := authors_in_settings(site.file.values.get("authors")))
    }
    for path in metadata_files:
        if is_author_list(path) or may_be_author_page(path):
            folder, authors = read_author_list(path, read_settings_bytes(root / path))
            if authors:
                people[folder] = (*people.get(folder, ()), *authors)
    return people


def _read_folder_data(root: Path, path: str) -> tuple[tuple[str, FolderDefault] | None, list[Fault]]:
    """The defaults in the data file at `path`, with the folder that they are for, and its faults."""
    try:
        value, faults = parse_directory_data(path, decode(read_settings_bytes(root / path))[0])
    except ContentError as error:
        return None, [error.to_fault(path)]
    return read_directory_data(path, value), [fault.to_fault(path) for fault in faults]


def _read_section(
    root: Path, path: str, context: SiteContext, sites: Iterable[GeneratorSettings]
) -> Iterator[FolderDefault]:
    """The defaults in the `cascade` of the section page at `path`."""
    value = _read_section_value(root, path, "cascade")
    if value is None:
        return
    content = next(
        (site.content for site in sites if site.content and path.startswith(f"{site.content}/")), "content"
    )
    language = read_path_metadata(path, context, UTC).language
    yield from read_cascade(value, content, (language,))


def _without_i18n(folder: str) -> str:
    """`folder`, or the one above it if it is a folder of translations named `i18n`."""
    return folder.removesuffix("i18n").rstrip("/") if folder.rpartition("/")[2] == "i18n" else folder
