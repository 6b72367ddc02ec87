"""A request passes through the functions that `docs/architecture.md` names, in their order."""

import asyncio
import re
import sys
import threading
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import httpx
import pytest

from service.settings import Settings
from service.web.app import create_app
from tests.support.index_folder import Folder
from tests.support.server import ROOT

MOST_FUNCTIONS = 11
WRAPPERS = {
    "get_or_render",
    "SingleFlight.share",
    "QueryThreads._execute",
    "listing_query",
    "provide_article_fields",
}
"""What calls a function that it is given, or gives it the parts of the request."""

Function = tuple[str, str]
"""A module below `service`, and a function or method in it."""


def documented(column: int) -> list[Function]:
    """The functions in a column of the table of requests."""
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    match = re.search(r"^\| `/feed\.atom.*\n\|[ |-]+\|\n((?:\|.*\|\n)+)", text, re.MULTILINE)
    assert match
    functions = []
    for row in match[1].splitlines():
        cells = row.strip("|").split("|")
        name, module = re.findall(r"`([^`]+)`", cells[0 if cells[column].strip() == "the same" else column])
        functions.append((module, name))
    return functions


def function_of(code: CodeType) -> Function | None:
    """The function with this code, if it is one of the service; of a local one only its own name."""
    path = Path(code.co_filename)
    if not path.is_relative_to(ROOT / "service"):
        return None
    return path.relative_to(ROOT / "service").with_suffix("").as_posix(), code.co_qualname.rpartition(
        "<locals>."
    )[2]


def trace(folder: Folder, address: str) -> list[tuple[Function, list[Function]]]:
    """Each function that a request enters, and the functions of the service that it is called by."""
    calls: list[tuple[Function, list[Function]]] = []

    def record(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and (function := function_of(frame.f_code)):
            callers = []
            caller = frame.f_back
            while caller:
                callers += [name for name in [function_of(caller.f_code)] if name]
                caller = caller.f_back
            calls.append((function, callers))

    async def request() -> None:
        app = create_app(Settings(content=folder.root, index=folder.url, site=folder.site))
        transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
        async with (
            app.lifespan(),
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
        ):
            threading.setprofile(record)
            sys.setprofile(record)
            try:
                response = await client.get(address)
            finally:
                sys.setprofile(None)
                threading.setprofile(None)
            assert response.status_code == 200

    asyncio.run(request())
    return calls


@pytest.mark.parametrize(("column", "address"), [(0, "/feed.atom?tag=x"), (1, "/articles/x.json")])
def test_a_request_passes_through_the_documented_functions(tmp_path: Path, column: int, address: str) -> None:
    folder = Folder(tmp_path)
    folder.write("x", tags=["x"])
    folder.refresh()
    expected = documented(column)

    calls = trace(folder, address)

    entered = list(dict.fromkeys(function for function, _ in calls))
    assert [function for function in entered if function in expected] == expected
    assert len(expected) <= MOST_FUNCTIONS
    others = {
        caller
        for function, callers in calls
        for caller in callers
        if function in expected and caller not in expected and caller[1] not in WRAPPERS
    }
    assert not others
