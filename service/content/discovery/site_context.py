"""The context of all articles: lists of authors, folders of languages, settings of generators."""

from collections.abc import Iterable, Iterator
from datetime import UTC
from pathlib import Path

import msgspec

from service.content.discovery.page_bundles import find_bundle_resources
from service.content.discovery.path_metadata import read_path_metadata
from service.content.fields.authors import (
    authors_in_settings,
    is_author_list,
    may_be_author_page,
    read_author_list,
)
from service.content.fields.language import language_folders
from service.content.fields.misspelled_keys import sampled_own_keys
from service.content.generators.eleventy import is_directory_data_name, read_directory_data
from service.content.generators.generator import GeneratorSettings
from service.content.generators.hugo import is_section_page, read_cascade
from service.content.generators.registry import build_schemes, is_settings_file, read_settings
from service.content.generators.site_metadata import read_settings_bytes
from service.content.parsing.decoding import decode
from service.content.parsing.front_matter import parse_data, split
from service.content.parsing.values import normal_key
from service.content.records import Exclusion, FolderDefault, KnownAuthor, SiteContext
from service.errors import ContentError, Fault


class Surveyed(msgspec.Struct, frozen=True):
    """The context of a folder; `exclusions` are settings in it that cannot be used, and why."""

    context: SiteContext
    faults: tuple[Fault, ...]
    exclusions: tuple[Exclusion, ...]


def survey(root: Path, paths: Iterable[str], telling: Iterable[str]) -> Surveyed:
    """Read the context of the article files at `paths` from the files `telling`.

    Settings that cannot be read are a Fault and have no effect.
    """
    paths, telling = sorted(paths), sorted(telling)
    engines, faults = _engines(root, telling)
    schemes, exclusions = build_schemes(engines, filter(is_section_page, telling))
    languages = language_folders(paths)
    for engine in engines:
        languages |= engine.languages
    above = (folder.rpartition("/")[0] for folder in languages)
    trees = {tree.removesuffix("i18n").rstrip("/") if _ends_in_i18n(tree) else tree for tree in above}
    context = SiteContext(
        people=_people(root, telling, engines),
        languages=languages,
        trees=tuple(sorted(trees)),
        codes={code: tag for engine in engines for code, tag in engine.codes.items()},
        own={
            place: reason
            for engine in engines
            for place, reason in (find_bundle_resources(engine, paths) | engine.excluded).items()
        },
        schemes=schemes,
        keys=_keys(engines),
        own_keys=sampled_own_keys(root, paths),
        speaks=any("language" in engine.metadata for engine in engines),
    )
    defaults: dict[str, list[FolderDefault]] = {}
    for engine in engines:
        defaults.setdefault(engine.folder, []).extend((*_facts_below(engine), *engine.defaults))
    for folder, default in _of_folders(root, telling, context, engines, faults):
        defaults.setdefault(folder, []).append(default)
    given = {folder: tuple(found) for folder, found in defaults.items() if found}
    return Surveyed(msgspec.structs.replace(context, defaults=given), tuple(faults), tuple(exclusions))


def _engines(root: Path, telling: list[str]) -> tuple[list[GeneratorSettings], list[Fault]]:
    """The generators whose settings are in the folder, the outer ones first."""
    engines: list[GeneratorSettings] = []
    faults: list[Fault] = []
    for path in sorted(telling, key=lambda one: (one.count("/"), one)):
        if not is_settings_file(path):
            continue
        try:
            engine = read_settings(path, decode(read_settings_bytes(root / path))[0])
        except ContentError as error:
            faults.append(Fault(path, error.line, f"{error.message}; its settings are not used"))
        else:
            engines += [engine] if engine else []
    return engines, faults


def _keys(engines: list[GeneratorSettings]) -> dict[str, dict[str, str]]:
    keys: dict[str, dict[str, str]] = {}
    for engine in engines:
        if engine.keys:
            keys[engine.folder] = keys.get(engine.folder, {}) | engine.keys
    return keys


def _facts_below(engine: GeneratorSettings) -> list[FolderDefault]:
    """Language and author of a site that is a part of the folder.

    Those of the folder itself are for the whole service (see `settings`).
    """
    names = {"language": "lang", "author": "author"}
    facts = {names[name]: fact for name, fact in engine.metadata.items() if name in names}
    return [FolderDefault(facts)] if engine.folder and facts else []


def _people(
    root: Path, telling: list[str], engines: list[GeneratorSettings]
) -> dict[str, tuple[KnownAuthor, ...]]:
    # Some themes of Jekyll have them in the settings of the site.
    people = {
        one.folder: found for one in engines if (found := authors_in_settings(one.file.values.get("authors")))
    }
    for path in telling:
        if is_author_list(path) or may_be_author_page(path):
            folder, found = read_author_list(path, read_settings_bytes(root / path))
            if found:
                people[folder] = (*people.get(folder, ()), *found)
    return people


def _of_folders(
    root: Path,
    telling: list[str],
    context: SiteContext,
    engines: list[GeneratorSettings],
    faults: list[Fault],
) -> Iterator[tuple[str, FolderDefault]]:
    """The defaults in sections and data files, for the articles below them."""
    for path in telling:
        if is_section_page(path):
            yield from _of_section(root, path, context, engines)
        elif is_directory_data_name(path) and not is_settings_file(path):
            try:
                found = read_directory_data(
                    path, parse_data(path, decode(read_settings_bytes(root / path))[0])
                )
            except ContentError as error:
                faults.append(Fault(path, error.line, error.message))
            else:
                if found:
                    yield found


def _of_section(
    root: Path, path: str, context: SiteContext, engines: list[GeneratorSettings]
) -> Iterator[tuple[str, FolderDefault]]:
    data = read_settings_bytes(root / path)
    if b"cascade" not in data.lower():
        return
    try:
        entries = split(decode(data)[0]).entries
    except ContentError:
        return  # `load` reports it
    value = next((entry.value for name, entry in entries.items() if normal_key(name) == "cascade"), None)
    content = next((one.content for one in engines if one.content and path.startswith(f"{one.content}/")), "")
    language = read_path_metadata(path, context, UTC).language
    for default in read_cascade(value, content or "content", (language,)):
        yield path.rpartition("/")[0], default


def _ends_in_i18n(folder: str) -> bool:
    return folder.rpartition("/")[2] == "i18n"
