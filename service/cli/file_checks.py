"""The articles of a fresh index, and the files they came from, looked at one by one."""

import msgspec

from service.content import read
from service.content.fields.text_lint import lint_text
from service.errors import ContentError, Fault
from service.index import read_inventory, refused_references
from service.settings import Settings


class Survey(msgspec.Struct, frozen=True):
    """`notes` are worth knowing and no fault; `unnamed` are path, line and id of articles that say no id."""

    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]
    unnamed: tuple[tuple[str, int, str], ...]


def survey(settings: Settings) -> Survey:
    """What is odd in the files of all articles, and which of them hang on their slug for their id.

    Raises IndexUnavailable.
    """
    faults: list[Fault] = []
    notes: list[Fault] = []
    unnamed = []
    paths: dict[str, None] = {}
    for one in read_inventory(settings.index):
        paths[one.path] = None
        if not one.given:
            unnamed.append((one.path, one.number + 1, one.id))
    for path in paths:
        try:
            found = lint_text(path, read(settings.content, path))
        except ContentError as error:
            faults.append(Fault(path, error.line, error.message))
            continue
        for oddity in found:
            told = notes if oddity.harmless else faults
            told.append(Fault(path, oddity.line, oddity.message))
    notes += refused_references(settings.index, settings.content, settings.site)
    return Survey(tuple(faults), tuple(notes), tuple(unnamed))
