"""Exports, feeds and pages from elsewhere become Markdown files that Broadsheet loads.

`unpack_archives` opens zip archives, `find_sources` lists the files. `import_sources` reads each with the
reader of its format (`detect`), writes every item as Markdown and loads each file again to verify it.
Begin with `run`.
"""

from service.importing.archives import unpack_archives
from service.importing.item import ImportOptions, Note, NoteKind
from service.importing.output.media import MediaFolder
from service.importing.output.output_folder import Outcome
from service.importing.run import EMPTY, ImportFile, ImportResult, find_sources, import_sources

__all__ = [
    "EMPTY",
    "ImportFile",
    "ImportOptions",
    "ImportResult",
    "MediaFolder",
    "Note",
    "NoteKind",
    "Outcome",
    "find_sources",
    "import_sources",
    "unpack_archives",
]
