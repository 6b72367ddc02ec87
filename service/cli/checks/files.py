"""Checks of the files of all articles: odd characters, missing ids, refused and dead references."""

import msgspec

from service.cli.checks.addresses import check_addresses
from service.cli.checks.links import check_links
from service.cli.checks.text_lint import lint_text
from service.content import read
from service.errors import ContentError, Fault
from service.index import read_inventory, read_page_paths
from service.settings import Settings


class FileChecks(msgspec.Struct, frozen=True):
    """Faults and notes; `unnamed` are path, line and id of the articles whose front matter has no id."""

    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]
    unnamed: tuple[tuple[str, int, str], ...]


def check_files(settings: Settings) -> FileChecks:
    """Check the files of all articles in the index, and find the articles without an id of their own.

    Raises IndexUnavailable.
    """
    faults: list[Fault] = []
    notes: list[Fault] = []
    unnamed = []
    paths: dict[str, None] = {}
    for article in read_inventory(settings.index):
        paths[article.path] = None
        if not article.declares_id:
            unnamed.append((article.path, article.number + 1, article.id))
    paths |= dict.fromkeys(read_page_paths(settings.index))
    for path in paths:
        try:
            findings = lint_text(path, read(settings.content, path))
        except ContentError as error:
            faults.append(error.to_fault(path))
            continue
        for finding in findings:
            (notes if finding.harmless else faults).append(finding)
    links = check_links(settings)
    faults += links.faults
    notes += (*links.notes, *check_addresses(settings))
    return FileChecks(tuple(faults), tuple(notes), tuple(unnamed))
