"""Up to which revision each cache was purged, in a file next to the index."""

from service.index import Revision
from service.outgoing.attempts import Attempts
from service.outgoing.state_file import StateFile

FILE_NAME = "purges"
"""The file is `index.db.purges`."""


class PurgeState(Attempts, frozen=True, kw_only=True):
    """All changes up to the `revision` of `generation`, as this `version` writes it, are purged.

    With another version nothing is known to be purged. The changes that follow are in the journal, so keys
    that could not be purged need not be kept. `problem` is the last failure.
    """

    generation: int = 0
    revision: Revision = Revision("")
    version: str = ""
    problem: str = ""


NOTHING_PURGED = PurgeState()


class PurgeStateFile(StateFile[PurgeState]):
    """The state of each cache, by the id of its table."""

    state_type = PurgeState
    what = "purges of caches"
    after_restart = "everything is purged after a restart"
    from_now_on = "everything is purged"
