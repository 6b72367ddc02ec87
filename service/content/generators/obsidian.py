"""Obsidian: the notes and files of a vault, by the names that links give them (help.obsidian.md).

A folder is a vault if it has a folder `.obsidian`, which many do not publish, or if its notes link to each
other as those of Obsidian do. It is no site, so it has neither metadata nor addresses.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from service.content.fields.field_reader import as_boolean
from service.content.files.regular_files import open_regular
from service.content.front_matter.splitting import split
from service.content.front_matter.values import normal_key
from service.content.generators.site_metadata import read_settings_bytes
from service.content.parsing.decoding import decode
from service.content.records import Vault
from service.errors import ContentError

VAULT_FOLDER = ".obsidian"
_NOTE = ".md"
_DRAWING = ".excalidraw.md"
_TEMPLATES = {"templates.json": "folder", "plugins/templater-obsidian/data.json": "templates_folder"}
_SETTINGS = "app.json"
_PUBLISH = "publish.json"
_DIGITAL_GARDEN = "digitalgarden"
_DIGITAL_GARDEN_SETTINGS = f"plugins/{_DIGITAL_GARDEN}/data.json"
_PLUGINS_ON = "community-plugins.json"
VAULT_SETTINGS = frozenset({_SETTINGS, _PUBLISH, _DIGITAL_GARDEN_SETTINGS, _PLUGINS_ON, *_TEMPLATES})
"""The files below VAULT_FOLDER that are read."""

_TEMPLATE = "a template of Obsidian"
_FRONT_MATTER_BYTES = 8_000
_CODE = re.compile(r"^(```+|~~~+)[^`\n]*\n.*?(?:^\1|\Z)|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_NAMED_LINK = re.compile(r"\[\[([^\[\]\n|#]{1,200})(?:[#|][^\[\]\n]{0,500})?\]\]")
_SOME, _MANY = 1 / 8, 1 / 3
"""Shares of the notes that have links by name."""

_LEAST = 3


def link_by_name(notes: Sequence[tuple[str, str]]) -> bool:
    """Whether the files that these (path, text) of Markdown are from link to each other by name.

    Double brackets also occur in scripts and in the markup of wikis: one link must lead to one of the files,
    unless many of them have such links.
    """
    links = {
        path: _NAMED_LINK.findall(_CODE.sub("", text)) if "[[" in text else []
        for path, text in notes
        if path.lower().endswith(_NOTE)
    }
    linking = [names for names in links.values() if names]
    stems = {path.rpartition("/")[2].lower().removesuffix(_NOTE) for path in links}
    names = {name.rpartition("/")[2].strip().lower() for found in linking for name in found}
    share = len(linking) / len(links) if links else 0
    if names.isdisjoint(stems):
        return len(linking) >= _LEAST and share >= _MANY
    return share >= _SOME


def has_settings(root: Path, folder: str) -> bool:
    """Whether Obsidian has settings in `folder` ("" or ending in a slash)."""
    return (root / folder / VAULT_FOLDER).is_dir()


def is_digital_garden(root: Path, folder: str) -> bool:
    """Whether the vault in `folder` has the plug-in Digital Garden: its notes are public with `dg-publish`.

    One that is not among those that are turned on does not count. See
    https://dg-docs.ole.dev/getting-started/03-note-settings/.
    """
    if not (root / folder / VAULT_FOLDER / _DIGITAL_GARDEN_SETTINGS).parent.is_dir():
        return False
    return _DIGITAL_GARDEN in _read_json(root, f"{folder}{VAULT_FOLDER}/{_PLUGINS_ON}", [_DIGITAL_GARDEN])


def read_vault(
    root: Path, folder: str, paths: Iterable[str], *, is_site: bool
) -> tuple[Vault, dict[str, str]]:
    """The vault in `folder` ("" or ending in a slash), whose files are `paths`; and its folders of templates.

    A note that is not published is in no list, so that links to it are text. `is_site` is whether a generator
    publishes the vault.
    """
    excluded = {}
    for file, key in _TEMPLATES.items():
        templates = _read_json(root, f"{folder}{VAULT_FOLDER}/{file}", {}).get(key)
        if isinstance(templates, str) and templates.strip("/ "):
            excluded[folder + templates.strip("/ ")] = _TEMPLATE
    unpublished = _read_json(root, f"{folder}{VAULT_FOLDER}/{_PUBLISH}", {}).get("excluded")
    for place in unpublished if isinstance(unpublished, list) else []:
        if isinstance(place, str) and place.strip("/ "):
            excluded[folder + place.strip("/ ")] = "excluded from Obsidian Publish"
    is_opt_in = is_digital_garden(root, folder)
    no_notes = tuple(f"{place}/" for place in excluded)
    settings = _read_json(root, f"{folder}{VAULT_FOLDER}/{_SETTINGS}", {})
    is_declared = has_settings(root, folder)
    names: dict[str, list[str]] = {}
    for path in sorted(paths):
        if path.startswith(no_notes):
            continue
        name = path.rpartition("/")[2]
        if name.lower().endswith(_DRAWING):
            excluded[path] = "a drawing of Excalidraw"
            known = [name[: -len(_NOTE)], name]
        elif name.lower().endswith(_NOTE):
            aliases, is_public = _read_aliases(root / path, is_opt_in=is_opt_in)
            known = [name[: -len(_NOTE)], *aliases] if is_public else []
        else:
            known = [name]
        for key in known:
            names.setdefault(key.casefold(), []).append(path)
    vault = Vault(
        files={name: tuple(matches) for name, matches in names.items()},
        breaks_lines=is_declared and not is_site and settings.get("strictLineBreaks") is not True,
        is_site=is_site,
        is_declared=is_declared,
    )
    return vault, excluded


def find_vault(vaults: Mapping[str, Vault], path: str) -> tuple[str, Vault] | None:
    """The innermost vault that holds `path`, with its folder."""
    folders = [folder for folder in vaults if path.startswith(folder)]
    folder = max(folders, key=len, default=None)
    return None if folder is None else (folder, vaults[folder])


def _read_json(root: Path, path: str, default: Any) -> Any:
    """The value in a file of settings; `default` if it is missing or of another kind."""
    try:
        value = msgspec.json.decode(read_settings_bytes(root / path) or b"null")
    except (ValueError, RecursionError):  # Obsidian itself starts with its defaults then
        return default
    return value if isinstance(value, type(default)) else default


def _read_aliases(file: Path, *, is_opt_in: bool) -> tuple[list[str], bool]:
    """The other names of a note, and whether it is published; with `is_opt_in` only if it says so."""
    try:
        with open_regular(file) as opened:
            data = opened.read(_FRONT_MATTER_BYTES)
        end = data.find(b"\n---", 3)
        if not data.startswith(b"---") or end < 0:
            return [], not is_opt_in
        entries = split(decode(data[: end + 5])[0]).entries
    except (OSError, ContentError):
        return [], True  # `load` reports it
    values = {normal_key(name): entry.value for name, entry in entries.items()}
    is_public = as_boolean(values.get("publish")) is not False and as_boolean(values.get("draft")) is not True
    published = as_boolean(values.get("dg_publish"))
    is_public = is_public and (published is True if is_opt_in else published is not False)
    return other_names(values.get("aliases", values.get("alias"))), is_public


def other_names(value: object) -> list[str]:
    """The aliases of a note: a list, or one text with commas."""
    names = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return [name.strip() for name in names if isinstance(name, str) and name.strip()]
