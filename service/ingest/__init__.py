"""Brings an index up to date with a folder of articles.

In: the content folder, the site and the present instant. Out: an updated index and a Report.
Begin with `refresh`, which names every step; `file_hashes` hashes images and attachments in small slices.
"""

from service.ingest.file_hashes import FileHasher
from service.ingest.process_pool import run_in_processes
from service.ingest.refresh import Progress, Report, refresh_index

__all__ = ["FileHasher", "Progress", "Report", "refresh_index", "run_in_processes"]
