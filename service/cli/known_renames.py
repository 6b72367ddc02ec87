"""What the index of this very folder remembers, where there is one: articles that moved and do not say so."""

from service.cli.compare import compare
from service.errors import Fault
from service.index import made_from, read_rename_notices
from service.settings import Settings

_MOVED = frozenset({"duplicate", "address"})


def recall(settings: Settings, fresh: str) -> tuple[Fault, ...]:
    """Articles that readers know by another id or address, with the line to add.

    Those that the index of `settings` noted while it was kept up to date, and those that show when it is held
    against a `fresh` one. Raises IndexUnavailable.
    """
    if not made_from(settings.index, settings.content):
        return ()
    found = set(read_rename_notices(settings.index, settings.site))
    for finding in compare(settings.index, fresh, settings.site).findings:
        if finding.kind in _MOVED:
            path, _, line = finding.where.rpartition(":")
            found.add(Fault(path, int(line), finding.message))
    return tuple(sorted(found))
