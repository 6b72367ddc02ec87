"""The whole application under other bases: a public URL, a proxy; and where slugs of articles lead."""

import asyncio
import logging
from pathlib import Path

import msgspec
import pytest

from service.index import FileRecord
from tests.support.builders import article
from tests.support.in_memory_site import InMemoryIndex, serving, settings
from tests.support.problems import problem


def test_links_begin_with_the_public_url(tmp_path: Path) -> None:
    async def send_requests() -> None:
        set_up = settings(tmp_path, public_url="https://example.org/news")
        async with serving(InMemoryIndex(article()), set_up) as client:
            for path in ("/articles.json", "/news/articles.json"):
                answer = await client.get(path, headers={"Host": "inside:8000"})
                assert msgspec.json.decode(answer.content)["articles"][0]["url"] == (
                    "https://example.org/news/articles/a-title"
                )
            assert (await client.get("/news")).headers["location"] == "https://example.org/news/"
            assert (await client.get("/news/")).status_code == 200
            assert (await client.get("/news/rss/")).headers["location"] == "https://example.org/news/feed.rss"
            for path in ("/news/articles/former/", "/news//articles/former", "/articles//former/"):
                answer = await client.get(path)
                assert answer.headers["location"] == "https://example.org/news/articles/a-title"
            assert (await client.get("/newsletter")).status_code == 404
            assert (await client.get("/%6Eews/articles.json")).status_code == 200

    asyncio.run(send_requests())


def test_requests_to_another_address_are_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def send_requests() -> None:
        async with serving(
            InMemoryIndex(article()), settings(tmp_path, public_url="https://example.org")
        ) as client:
            for path in ("/", "/feed.atom", "/"):
                await client.get(path, headers={"Host": "example.org"})
            for path in ("/healthz", "/readyz", "/metrics"):  # asked for by address, by whatever watches
                await client.get(path, headers={"Host": "10.0.0.3:8000"})
            assert "public_url" not in caplog.text
            for path in ("/", "/feed.atom", "/", "/nothing"):
                await client.get(path, headers={"Host": "www.example.org"})
            assert caplog.text.count("a request was sent to https://www.example.org, but public_url is") == 1
            for number in range(50):
                await client.get(f"/{number}", headers={"Host": f"host{number}.example"})

    with caplog.at_level(logging.WARNING, "broadsheet.web"):
        asyncio.run(send_requests())
    assert len(caplog.records) == 8


def test_a_trusted_proxy_sets_the_base(tmp_path: Path) -> None:
    async def send_requests() -> None:
        expected = {
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": "example.org",
            "X-Forwarded-Prefix": "/news",
        }
        async with serving(
            InMemoryIndex(article()), settings(tmp_path, trusted_proxies=("10.0.0.0/8",))
        ) as client:
            direct = await client.get("/feed.rss")
            for path in ("/feed.rss", "/news/feed.rss"):
                proxied = await client.get(path, headers=expected)
                assert "https://example.org/news/feed.rss" in proxied.text
            assert "http://localhost/feed.rss" in direct.text
            assert (await client.get("/feed.rss")).content == direct.content

    asyncio.run(send_requests())


def test_a_prefix_that_is_ignored_is_logged_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def send_requests() -> None:
        index, set_up = InMemoryIndex(article()), settings(tmp_path, trusted_proxies=("10.0.0.0/8",))
        async with serving(index, set_up) as client:
            for prefix in ("/a%20b", "/a b", "/a b"):
                await client.get("/feed.atom", headers={"X-Forwarded-Prefix": prefix})

    with caplog.at_level(logging.WARNING, "broadsheet.web"):
        asyncio.run(send_requests())
    (record,) = caplog.records
    assert "the X-Forwarded-Prefix '/a b', which is ignored" in record.getMessage()


def test_former_slugs_lead_to_the_present_one(tmp_path: Path) -> None:
    async def send_requests() -> None:
        async with serving(InMemoryIndex(article()), settings(tmp_path)) as client:
            for path, location in (
                ("/articles/former", "/articles/a-title"),
                ("/articles/former.json", "/articles/a-title.json"),
                ("/articles/former.html?utm=1&x=%20", "/articles/a-title.html?utm=1&x=%20"),
                ("/articles/A-Title.md", "/articles/a-title.md"),
                ("/articles/A%20Title", "/articles/a-title"),
            ):
                answer = await client.get(path)
                assert (answer.status_code, answer.headers["location"]) == (
                    301,
                    f"http://localhost{location}",
                )

    asyncio.run(send_requests())


def test_a_removed_article_is_gone_with_a_reason(tmp_path: Path) -> None:
    async def send_requests() -> None:
        async with serving(InMemoryIndex(article()), settings(tmp_path)) as client:
            gone = problem(await client.get("/articles/withdrawn"), 410, "Gone")
            assert (gone["reason"], gone["at"]) == ("at the author's request", "2019-01-28T00:00:00Z")

    asyncio.run(send_requests())


def test_files_of_a_scheduled_article_are_not_found(tmp_path: Path) -> None:
    for name in ("later/a.png", "now/a.png"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"\x89PNG")

    async def send_requests() -> None:
        memory_index = InMemoryIndex(article())
        memory_index.files["later/a.png"] = FileRecord(is_withheld=True)
        async with serving(memory_index, settings(tmp_path)) as client:
            problem(await client.get("/files/later/a.png"), 404, "NotFound")
            assert (await client.get("/files/now/a.png")).status_code == 200

    asyncio.run(send_requests())
