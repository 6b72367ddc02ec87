"""The site as files for a static host: every address that a reader can reach, as the service answers it.

In: settings and an index that is up to date. Out: a folder of files, and what changed in it. Begin with
`site.export_site`; the responses come from the application itself, so that each file has the same bytes.
"""

from service.export.file_names import Layout
from service.export.search import announce_memory
from service.export.site import ExportReport, check_export, export_site

__all__ = ["ExportReport", "Layout", "announce_memory", "check_export", "export_site"]
