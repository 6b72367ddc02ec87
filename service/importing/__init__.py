"""Exports, feeds and pages from elsewhere become Markdown files that Broadsheet loads.

`unpacked` opens zip archives, `find_sources` lists the files. `import_sources` reads each with the reader of
its format (`detect`), writes every item as Markdown (`to_markdown`, `compose`) and loads it again as a proof.
"""

from service.importing.archives import unpack_archives
from service.importing.item import Note, NoteKind, Options
from service.importing.output.media import MediaFolder
from service.importing.run import EMPTY, ImportFile, ImportResult, find_sources, import_sources

__all__ = [
    "EMPTY",
    "ImportFile",
    "ImportResult",
    "MediaFolder",
    "Note",
    "NoteKind",
    "Options",
    "find_sources",
    "import_sources",
    "unpack_archives",
]
