"""Static files, as the running service gives them."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.http_client import open_client
from tests.support.problems import problem
from tests.support.server import serving

PICTURE = bytes(range(256)) * 4000
ARTICLE = "---\ntitle: The harbour opens\ndate: 2019-01-28\n---\n\nText.\n"


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a service on one article with a picture and a drawing beside it."""
    content: Path = tmp_path_factory.mktemp("content")
    (content / "posts").mkdir()
    (content / "posts" / "the-harbour-opens.md").write_text(ARTICLE)
    (content / "posts" / "a b.png").write_bytes(PICTURE)
    (content / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (content / "empty.css").write_text("")
    with (
        serving(content, tmp_path_factory.mktemp("work")) as server,
        open_client(server.base) as client,
    ):
        yield client


def test_a_file(harbour: httpx.Client) -> None:
    whole = harbour.get("/files/posts/a%20b.png")
    assert (whole.status_code, whole.content) == (200, PICTURE)
    assert whole.headers["content-type"] == "image/png"
    assert whole.headers["content-length"] == str(len(PICTURE))
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["etag"].startswith('"')
    assert whole.headers["access-control-allow-origin"] == "*"
    assert whole.headers["cache-control"].startswith("public, max-age=86400")
    assert "last-modified" not in whole.headers
    head = harbour.head("/files/posts/a%20b.png")
    assert (head.content, head.headers["content-length"]) == (b"", str(len(PICTURE)))
    known = harbour.get("/files/posts/a%20b.png", headers={"If-None-Match": whole.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    assert harbour.get("/files/empty.css").content == b""


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-9", 0, 10), ("bytes=1000000-", 1_000_000, 1_024_000), ("bytes=-5", 1_023_995, 1_024_000)],
)
def test_range_of_a_file(harbour: httpx.Client, asked: str, start: int, end: int) -> None:
    part = harbour.get("/files/posts/a%20b.png", headers={"Range": asked})
    assert (part.status_code, part.content) == (206, PICTURE[start:end])
    assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{len(PICTURE)}"
    assert part.headers["content-length"] == str(end - start)


def test_unsatisfiable_ranges(harbour: httpx.Client) -> None:
    address = "/files/posts/a%20b.png"
    several = harbour.get(address, headers={"Range": "bytes=0-1,5-6"})
    assert (several.status_code, several.content) == (200, PICTURE)
    outside = harbour.get(address, headers={"Range": "bytes=9999999-"})
    problem(outside, 416, "UnsatisfiableRange")
    assert outside.headers["content-range"] == f"bytes */{len(PICTURE)}"
    other = harbour.get(address, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert (other.status_code, other.content) == (200, PICTURE)
    etag = other.headers["etag"]
    same = harbour.get(address, headers={"Range": "bytes=0-9", "If-Range": etag})
    assert same.status_code == 206
    known = harbour.get(address, headers={"Range": "bytes=0-9", "If-None-Match": etag})
    assert known.status_code == 304
    assert "content-range" not in known.headers


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_preconditions_of_a_file(harbour: httpx.Client, method: str) -> None:
    address = "/files/posts/a%20b.png"
    etag = harbour.head(address).headers["etag"]

    def request(**headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return harbour.request(method, address, headers=named)

    for if_match in (etag, f'"other", {etag}', "*"):
        assert request(If_Match=if_match).status_code == 200
    # A file has no Last-Modified (RFC 9110 §13.1.4).
    assert request(If_Unmodified_Since="Thu, 01 Jan 1970 00:00:00 GMT").status_code == 200
    for refused in ('"other"', f"W/{etag}"):
        assert request(If_Match=refused).status_code == 412
        # If-Match comes before the others (§13.2.2).
        assert request(If_Match=refused, If_None_Match=etag).status_code == 412
        assert request(If_Match=refused, Range="bytes=9999999-").status_code == 412
    assert request(If_Match=etag, If_None_Match=etag).status_code == 304
    if method == "GET":
        assert request(If_Match=etag, Range="bytes=0-9").content == PICTURE[:10]
        problem(request(If_Match='"other"', Range="bytes=0-9"), 412, "PreconditionFailed")


def test_an_svg_file_cannot_run_scripts(harbour: httpx.Client) -> None:
    drawing = harbour.get("/files/drawing.svg")
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in drawing.headers["content-security-policy"]


def test_the_source_of_an_article_leads_to_the_article(harbour: httpx.Client) -> None:
    response = harbour.get("/files/posts/the-harbour-opens.md")
    assert response.status_code == 301
    assert response.headers["location"].endswith("/articles/the-harbour-opens")
    problem(harbour.get("/files/posts/other.md"), 404, "NotFound")
