"""Running the service under the permissions of its files, also where root runs the tests."""

import os

from tests.support.requirements import tool


def as_owner() -> tuple[str, ...]:
    """The beginning of a command that root's right to read and write everything does not apply to."""
    if os.geteuid() != 0:
        return ()
    return (tool("setpriv", "util-linux"), "--bounding-set", "-dac_override,-dac_read_search")
