"""The preference `wait` of a request (RFC 7240 §4.3): how long it may take to answer."""

import re

_WAIT = re.compile(r'\s*wait\s*=\s*(?:"([0-9]{1,9})"|([0-9]{1,9}))\s*(?:;.*)?', re.IGNORECASE)


def preferred_wait(prefer: str) -> int:
    """The seconds that the client prefers to wait for an answer, as the header Prefer says; 0 for none.

    The first preference of that name counts (§2); one that is malformed is ignored.
    """
    for preference in prefer.split(","):
        if match := _WAIT.fullmatch(preference):
            return int(match[1] or match[2])
    return 0
