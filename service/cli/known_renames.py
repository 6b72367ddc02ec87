"""Articles that changed their id or address since the index of the folder was built, without an alias."""

from service.cli.compare import compare
from service.errors import Fault
from service.index import made_from, read_rename_notices
from service.settings import Settings

_MOVED = frozenset({"duplicate", "address"})


def known_renames(settings: Settings, fresh: str) -> tuple[Fault, ...]:
    """Articles that readers know by another id or address, with the line to add.

    They come from the changes that the index of `settings` recorded, and from a comparison with `fresh`, a
    new index. Raises IndexUnavailable.
    """
    if not made_from(settings.index, settings.content):
        return ()
    renames = set(read_rename_notices(settings.index, settings.site))
    for difference in compare(settings.index, fresh, settings.site).differences:
        if difference.kind in _MOVED:
            path, _, line = difference.where.rpartition(":")
            renames.add(Fault(path, int(line), difference.message))
    return tuple(sorted(renames))
