"""Other people's exports, feeds and pages become Markdown files that Broadsheet loads.

`find_sources` lists the files, `import_sources` reads each by what it holds (one module a kind), writes every
item as Markdown (`to_markdown`, `compose`), proves it by loading it again, and puts it on the `shelf`.
"""

from service.content.importing.item import Note, NoteKind, Options
from service.content.importing.run import Done, Source, find_sources, import_sources

__all__ = ["Done", "Note", "NoteKind", "Options", "Source", "find_sources", "import_sources"]
