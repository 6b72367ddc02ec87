"""A request passes through the functions that `docs/architecture.md` names, in their order."""

import asyncio
from pathlib import Path

import httpx
import pytest

from service.settings import Settings
from service.web.app import create_app
from tests.support.index_folder import Folder
from tests.support.traced_functions import Calls, documented, entered, other_callers, traced

MOST_FUNCTIONS = 11
WRAPPERS = {
    "get_or_render",
    "Publisher._find_page",
    "SingleFlight.share",
    "QueryThreads._execute",
    "listing_query",
    "provide_article_fields",
}
"""What caches a result, calls a function that it is given, or gives it the parts of the request."""


def trace(folder: Folder, address: str) -> Calls:
    """The calls of a request."""

    async def request() -> Calls:
        app = create_app(Settings(content=folder.root, index=folder.url, site=folder.site))
        transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
        async with (
            app.lifespan(),
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
        ):
            with traced() as calls:
                response = await client.get(address)
            assert response.status_code == 200
        return calls

    return asyncio.run(request())


@pytest.mark.parametrize(("column", "address"), [(0, "/feed.atom?tag=x"), (1, "/articles/x.json")])
def test_a_request_passes_through_the_documented_functions(tmp_path: Path, column: int, address: str) -> None:
    folder = Folder(tmp_path)
    folder.write("x", tags=["x"])
    folder.refresh()
    expected = documented("`/feed.atom?tag=x`", column)

    calls = trace(folder, address)

    assert entered(calls, expected) == expected
    assert len(expected) <= MOST_FUNCTIONS
    assert {name for _, name in other_callers(calls, expected)} <= WRAPPERS
