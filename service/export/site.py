"""Writes an export: asks for every address, writes what changed, and removes what is gone."""

import asyncio
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec

from service.errors import ExportError, SettingsError
from service.export.content_changes import read_changes
from service.export.file_names import Layout
from service.export.file_writer import FileWriter, Progress
from service.export.hosting.files import write_hosting_files
from service.export.pages import write_pages, write_problem_page
from service.export.record import ExportFacts
from service.export.rendering import SiteRenderer
from service.export.search import NOT_INSTALLED, is_installed, write_search
from service.export.targets.bucket import open_export_bucket
from service.export.targets.folder import open_folder
from service.export.targets.target import ExportTarget
from service.export.whole_list import write_whole_list
from service.settings import Settings


class ExportReport(msgspec.Struct, frozen=True):
    """The result of an export: the numbers of files written, left and removed, and changed addresses.

    `changed` are below the public URL; a cache in front of the static host has to forget them. `faults` are
    addresses that could not be exported, each with the reason; `notes` are what else the export lacks.
    """

    written: int
    unchanged: int
    removed: int
    changed: tuple[str, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...]


def check_export(settings: Settings, target: str, layout: Layout | None) -> None:
    """Raise SettingsError or ExportError if the site cannot be exported so, whatever it contains."""
    problems = []
    if settings.site.addresses != "paths":
        problems.append('an export needs addresses without a query string; set addresses = "paths"')
    if not settings.site.public_url:
        problems.append("an export needs the public address of the site; set public_url")
    if problems:
        raise SettingsError(tuple(problems))
    if _is_bucket(target):
        return
    if layout == "names":
        raise ExportError("the layout 'names' is for buckets; a folder takes 'folders' or 'files'")
    root, content = Path(target).resolve(), settings.content.resolve()
    if root.is_relative_to(content) or content.is_relative_to(root):
        raise ExportError(
            f"{target} and the content folder {settings.content}: neither may be in the other;"
            " name another folder"
        )


def export_site(settings: Settings, target: str, layout: Layout | None, progress: Progress) -> ExportReport:
    """Write every address of the site to files in `target`, by an index that is up to date.

    `target` is a folder, or the address of a bucket with a prefix, that `check_export` accepts. Raises
    ExportError, IndexUnavailable, StoreUnavailable.
    """
    with _open_target(target) as opened:
        default: Layout = "names" if _is_bucket(target) else "folders"
        return _export(settings, opened, layout or default, progress)


def _export(settings: Settings, target: ExportTarget, layout: Layout, progress: Progress) -> ExportReport:
    """Write every file, and remove what is gone."""
    content = asyncio.run(read_changes(settings, target.record.facts, layout))
    files = FileWriter(target, layout, progress)
    renderer = SiteRenderer(settings)
    try:
        write_pages(settings.site, content, files, renderer)
        write_whole_list(settings, content, files, renderer)
        write_problem_page(content, files, renderer)
    finally:
        renderer.close()
    search, notes = "", [NOT_INSTALLED]
    if is_installed():
        search, notes = write_search(settings, content, files), []
    notes += write_hosting_files(settings.site, content.contents, files)
    facts = ExportFacts(
        content.made_by,
        layout,
        content.generation,
        content.revision,
        content.articles,
        content.navigation,
        search,
    )
    written = files.finish(facts)
    return ExportReport(
        written.written, written.unchanged, written.removed, written.changed, written.faults, tuple(notes)
    )


def _is_bucket(target: str) -> bool:
    return "://" in target


def _open_target(target: str) -> AbstractContextManager[ExportTarget]:
    return open_export_bucket(target) if _is_bucket(target) else open_folder(Path(target))
