"""Notices what changes in a folder: by reports of the kernel where there are any, otherwise by scans.

In: a folder. Out: the paths that may have changed and are no longer being written, for `refresh_index`.
Begin with `folder_monitor`. `folder_watch` reads the reports, `sweep` finds what was not reported, and
`pending_changes` decides when to look.
"""

from service.ingest.watch.folder_monitor import FolderMonitor, wait_for_events
from service.ingest.watch.folder_watch import FolderWatch, try_to_watch
from service.ingest.watch.pending_changes import EVERYTHING, NOTHING, Look

__all__ = ["EVERYTHING", "NOTHING", "FolderMonitor", "FolderWatch", "Look", "try_to_watch", "wait_for_events"]
