"""How long an answer may be kept, on what it depends, and when its validators move."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.addresses import FIXED_TYPES, NEGOTIATED_TYPES, stable_headers
from tests.support.http_client import open_client
from tests.support.problems import problem
from tests.support.server import serving
from tests.support.waiting import wait_until

AGES = {
    "BROADSHEET_FEED_MAX_AGE_SECONDS": "1800",
    "BROADSHEET_LIST_MAX_AGE_SECONDS": "40",
    "BROADSHEET_ARTICLE_MAX_AGE_SECONDS": "50",
    "BROADSHEET_FILE_MAX_AGE_SECONDS": "70",
    "BROADSHEET_STALE_WHILE_REVALIDATE_SECONDS": "11",
    "BROADSHEET_STALE_IF_ERROR_SECONDS": "12",
}


def kept(seconds: int) -> str:
    return f"public, max-age={seconds}, stale-while-revalidate=11, stale-if-error=12"


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two articles under two tags, small and large answers, a page, a file."""
    folder = tmp_path_factory.mktemp("content") / "content"
    folder.mkdir()
    for name, tag in (("one", "river"), ("two", "harbour")):
        write(folder, name, tag, f"Text of {name}. " * 200)
    (folder / "about.md").write_text("---\ntitle: About\ntype: page\n---\n\nText.\n", "utf-8")
    (folder / "site.toml").write_text('id_authority = "example.org"\nid_year = 2026\n', "utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG" + bytes(2000))
    return folder


def write(folder: Path, name: str, tag: str, text: str, **facts: str) -> None:
    front_matter = "".join(f"{key}: {value}\n" for key, value in facts.items())
    (folder / f"{name}.md").write_text(
        f"---\ntitle: {name}\ndate: 2020-01-03\ntags: [{tag}]\nauthor: {tag}\n{front_matter}---\n\n{text}\n",
        "utf-8",
    )


@pytest.fixture(scope="module")
def aged(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with (
        serving(content, tmp_path_factory.mktemp("aged"), **AGES) as server,
        open_client(server.base) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/feed.atom", kept(1800)),
        ("/feed.rss?tag=river", kept(1800)),
        ("/feed.json", kept(1800)),
        ("/", kept(40)),
        ("/articles.json", kept(40)),
        ("/articles.html?tag=river", kept(40)),
        ("/articles.md", kept(40)),
        ("/articles.ndjson", kept(40)),
        ("/tags.json", kept(40)),
        ("/articles/one.html", kept(50)),
        ("/articles/one.md", kept(50)),
        ("/files/picture.png", kept(70)),
        ("/files/one.md", kept(50)),
        ("/rss", kept(3600)),
        ("/favicon.ico", kept(86400)),
        ("/articles", "no-cache"),
        ("/articles/one", "no-cache"),
        ("/tags", "no-cache"),
        ("/healthz", "no-store"),
        ("/readyz", "no-store"),
        ("/nothing", "no-store"),
        ("/articles/nothing", "no-store"),
        ("/articles.json?limit=x", "no-store"),
        ("/files/nothing.png", "no-store"),
    ],
)
def test_max_age_of_each_class_of_address(aged: httpx.Client, address: str, expected: str) -> None:
    answer = aged.get(address)
    assert answer.headers["cache-control"] == expected
    assert "expires" not in answer.headers  # `Expires: 0` makes Miniflux forget its validators
    assert "pragma" not in answer.headers


def test_ttl_agrees_with_max_age(aged: httpx.Client) -> None:
    assert "<ttl>30</ttl>" in aged.get("/feed.rss").text


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/feed.atom", "Accept-Encoding, Sec-Fetch-Dest"),
        ("/feed.json", "Accept-Encoding, Sec-Fetch-Dest"),
        ("/articles.json", "Accept-Encoding"),
        ("/articles/one.html", "Accept-Encoding"),
        ("/articles", "Accept, Accept-Encoding"),
        ("/articles/one", "Accept, Accept-Encoding"),
        ("/articles/nothing", "Accept"),
        ("/articles.json?tag=none", None),
        ("/tags.json", None),
        ("/robots.txt", None),
        ("/articles.ndjson", "Accept-Encoding"),
        ("/files/picture.png", None),
        ("/rss", None),
        ("/healthz", None),
        ("/feed.atom?limit=0", None),
    ],
)
def test_vary_names_exactly_the_selecting_headers(
    aged: httpx.Client, address: str, expected: str | None
) -> None:
    for coding in ("identity", "gzip", "br", "zstd"):
        answer = aged.get(address, headers={"Accept-Encoding": coding})
        assert answer.headers.get("vary") == expected
        compressed = expected is not None and "Accept-Encoding" in expected and coding != "identity"
        assert answer.headers.get("content-encoding") == (coding if compressed else None)
        assert answer.headers.get("etag") == aged.get(address).headers.get("etag")
    if "content-length" in answer.headers and expected is None:
        assert len(answer.content) < 1000 or "picture" in address


@pytest.mark.parametrize(
    "address",
    [
        "/rss",
        "/nothing",
        "/articles/nothing",
        "/files/picture.png",
        "/files/one.md",
        "/tags?x=1",
        "/feed.atom?limit=0",
    ],
)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_head_has_the_headers_of_get_where_no_article_is_shown(
    aged: httpx.Client, address: str, accept: str
) -> None:
    get, head = (aged.request(method, address, headers={"Accept": accept}) for method in ("GET", "HEAD"))
    assert head.content == b""
    assert head.status_code == get.status_code
    assert stable_headers(head.headers) == stable_headers(get.headers)


ADDRESSES = [
    *(path for path in (*FIXED_TYPES, *NEGOTIATED_TYPES) if "{" not in path),
    *(path.format(slug="one") for path in (*FIXED_TYPES, *NEGOTIATED_TYPES) if "{slug}" in path),
    "/feed.atom?tag=river",
    "/feed.rss?author=harbour&content=summary",
    "/feed.json?q=text&limit=1",
    "/articles.json?q=text&sort=relevance&limit=1",
    "/files/picture.png",
]


@pytest.mark.parametrize("address", [address for address in ADDRESSES if not address.startswith("/files")])
def test_preconditions_are_evaluated(aged: httpx.Client, address: str) -> None:
    """If-Match and If-Unmodified-Since (RFC 9110 §13.1), before those that 304 answers."""
    whole = aged.get(address)
    etag, modified = whole.headers["etag"], whole.headers.get("last-modified")
    for refused in (etag, etag.removeprefix("W/"), '"other"'):  # weak tags match nothing (§8.8.3.2)
        answer = aged.get(address, headers={"If-Match": refused, "If-None-Match": etag})
        problem(answer, 412, "PreconditionFailed")
        assert aged.head(address, headers={"If-Match": refused}).status_code == 412
    assert aged.get(address, headers={"If-Match": "*"}).content == whole.content
    assert aged.get(address, headers={"If-Match": "*", "If-None-Match": etag}).status_code == 304
    earlier = {"If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}
    assert aged.get(address, headers=earlier).status_code == (412 if modified else 200)
    if modified:
        assert aged.get(address, headers={"If-Unmodified-Since": modified}).content == whole.content
    # What was refused was not stored.
    assert aged.get(address).content == whole.content


CONDITIONS = (
    {"If-Match": '"other"'},
    {"If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    {"If-None-Match": "*"},
    {"Range": "bytes=9999999-"},
)


@pytest.mark.parametrize("conditions", CONDITIONS, ids=lambda conditions: next(iter(conditions)))
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nothing", 404),
        ("/rss", 301),
        ("/feed.atom?limit=0", 400),
        ("/articles.json/", 301),
        ("/articles//one", 301),
        ("/files/picture.png/", 301),
    ],
)
def test_preconditions_matter_only_to_successes(
    aged: httpx.Client, address: str, status: int, conditions: dict[str, str]
) -> None:
    """RFC 9110 §13.2.1."""
    assert aged.get(address, headers=conditions).status_code == status


@pytest.mark.parametrize("conditions", CONDITIONS, ids=lambda conditions: next(iter(conditions)))
def test_preconditions_matter_only_to_methods_that_read(
    aged: httpx.Client, conditions: dict[str, str]
) -> None:
    """RFC 9110 §13.2.1."""
    for address in ADDRESSES:
        assert aged.options(address, headers=conditions).status_code == 204
        assert aged.delete(address, headers=conditions).status_code == 405


def validators(client: httpx.Client, base: str) -> dict[str, tuple[str, str | None]]:
    """ETag and Last-Modified of every address, asked for as the same Host."""
    etags = {}
    for address in ADDRESSES:
        answer = client.get(address, headers={"Host": base})
        assert answer.status_code == 200, address
        etags[address] = (answer.headers["etag"], answer.headers.get("last-modified"))
    return etags


def test_validators_agree_between_replicas(content: Path, aged: httpx.Client, tmp_path: Path) -> None:
    twin = tmp_path / "elsewhere" / "articles"
    twin.mkdir(parents=True)
    # Another order on disk, other times; the index of the first has a history, the second has none.
    for file in sorted(content.iterdir(), reverse=True):
        shutil.copyfile(file, twin / file.name)
    with (
        serving(twin, tmp_path, **AGES) as server,
        open_client(server.base) as other,
    ):
        first, second = validators(aged, "news.example"), validators(other, "news.example")
        for address in ADDRESSES:
            assert first[address] == second[address], address
            known = {"Host": "news.example", "If-None-Match": first[address][0]}
            assert other.get(address, headers=known).status_code == 304, address
            if modified := first[address][1]:
                known = {"Host": "news.example", "If-Modified-Since": modified}
                assert other.get(address, headers=known).status_code == 304, address


def test_a_change_under_one_tag_does_not_affect_another(content: Path, tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(content, folder)
    changed = ["/feed.atom?tag=river", "/feed.rss?author=river", "/articles.json", "/articles/one.html", "/"]
    same = [
        "/feed.atom?tag=harbour",
        "/feed.rss?author=harbour",
        "/feed.json?tag=harbour",
        "/articles/two.json",
    ]
    same += [
        "/articles.json?tag=harbour",
        "/articles.ndjson?tag=harbour",
        "/tags",
        "/articles.md?tag=harbour",
    ]
    with (
        serving(folder, tmp_path, BROADSHEET_REFRESH_SECONDS="1") as server,
        open_client(server.base) as client,
    ):
        before = {address: client.get(address).headers for address in (*changed, *same)}
        write(folder, "one", "river", "Another text. " * 300, updated="2020-02-02")
        wait_until(
            lambda: client.get(changed[0]).headers["etag"] != before[changed[0]]["etag"],
            "the changed article is served",
        )
        for address in changed:
            answer = client.get(address, headers={"If-None-Match": before[address]["etag"]})
            assert answer.status_code == 200, address
            assert answer.headers["last-modified"] == "Sun, 02 Feb 2020 00:00:00 GMT", address
        for address in same:
            answer = client.get(address, headers={"If-None-Match": before[address]["etag"]})
            assert answer.status_code == 304, address
            assert answer.headers.get("last-modified") == before[address].get("last-modified"), address
