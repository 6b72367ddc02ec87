"""A changed file passes through the functions that `docs/architecture.md` names, in their order."""

from pathlib import Path

import pytest

from service.ingest import refresh_index
from tests.support.index_folder import Folder
from tests.support.traced_functions import documented, entered, other_callers, traced

FIRST_WITH_BYTES = ("ingest/parse", "FileParser.parse")
MOST_FUNCTIONS = 14
WRAPPERS = {("content/pipeline", "_run_stages")}
"""What calls the steps that it is given."""


@pytest.mark.parametrize(("column", "paths"), [(0, ["x.json"]), (1, None)])
def test_a_file_passes_through_the_documented_functions(
    tmp_path: Path, column: int, paths: list[str] | None
) -> None:
    folder = Folder(tmp_path)
    folder.write("x")
    folder.refresh()
    folder.write("x", text="Another text.")
    expected = documented("after an edit", column)

    with traced() as calls:
        report = refresh_index(folder.url, folder.root, folder.site, paths=paths)

    assert report.read == 1
    assert entered(calls, expected) == expected
    assert len(expected[expected.index(FIRST_WITH_BYTES) :]) <= MOST_FUNCTIONS
    others = other_callers(calls, expected) - WRAPPERS
    assert {module for module, _ in others} <= {"ingest/refresh"}
