"""The whole application over an index in memory: what is remembered, and what is forgotten."""

import asyncio
from pathlib import Path

from tests.support.builders import article
from tests.support.in_memory_site import Shelf, eventually, serving, settings


def test_an_answer_is_made_once_and_forgotten_when_the_content_moves(tmp_path: Path) -> None:
    shelf = Shelf(article())

    async def play() -> None:
        async with serving(shelf, settings(tmp_path)) as client:
            first = await client.get("/feed.atom")
            again = await client.get("/feed.atom")
            head = await client.head("/feed.atom")
            assert (first.content, first.headers) == (again.content, again.headers)
            assert (head.content, head.headers) == (b"", first.headers)
            assert shelf.asked == 1
            known = await client.get("/feed.atom", headers={"If-None-Match": first.headers["etag"]})
            assert (known.status_code, known.content, shelf.asked) == (304, b"", 1)

            shelf.articles = (article("another"),)
            shelf.content = "two"
            moved = await eventually(client, "/feed.atom", lambda answer: answer.content != first.content)
            assert b"Another" in moved.content
            assert moved.headers["etag"] != first.headers["etag"]

    asyncio.run(play())


def test_no_header_poisons_what_others_get(tmp_path: Path) -> None:
    evil = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Prefix": "/evil",
        "Forwarded": "host=evil.example",
        "X-Original-URL": "/feed.rss",
        "X-HTTP-Method-Override": "POST",
        "Accept": "text/html",
        "Origin": "https://evil.example",
        "Range": "bytes=0-3",
    }

    async def play() -> None:
        for path in ("/feed.atom", "/articles.json", "/articles", "/articles/a-title", "/tags"):
            async with serving(Shelf(article()), settings(tmp_path)) as client:
                await client.get(path, headers=evil)
                await client.get(path, headers={"Host": "evil.example"})
                poisoned = await client.get(path)
            async with serving(Shelf(article()), settings(tmp_path)) as client:
                clean = await client.get(path)
            assert (poisoned.content, poisoned.headers) == (clean.content, clean.headers)
            assert b"evil" not in poisoned.content

    asyncio.run(play())


def test_negotiated_answers_are_remembered_apart(tmp_path: Path) -> None:
    shelf = Shelf(article())
    accepts = ("text/html", "application/json", "text/markdown", "*/*")

    async def play() -> None:
        async with serving(shelf, settings(tmp_path)) as client:
            first = [(await client.get("/articles", headers={"Accept": one})).content for one in accepts]
            asked = shelf.asked
            again = [(await client.get("/articles", headers={"Accept": one})).content for one in accepts]
            assert first == again
            assert len(set(first)) == 3
            assert shelf.asked == asked
            assert (await client.get("/articles", headers={"Accept": "image/png"})).status_code == 406

    asyncio.run(play())


def test_codings_are_remembered_apart(tmp_path: Path) -> None:
    async def play() -> None:
        async with serving(Shelf(*map(article, "abcdefgh")), settings(tmp_path)) as client:
            plain = await client.get("/articles.json", headers={"Accept-Encoding": "identity"})
            for _ in range(2):
                for coding in ("br", "gzip"):
                    coded = await client.get("/articles.json", headers={"Accept-Encoding": coding})
                    assert coded.headers["content-encoding"] == coding
                    assert coded.headers["vary"] == "Accept-Encoding"
                    assert coded.headers["etag"] == plain.headers["etag"]
                    assert coded.content == plain.content
            zstd = await client.head("/articles.json", headers={"Accept-Encoding": "zstd"})
            assert zstd.headers["content-encoding"] == "zstd"
            assert "content-encoding" not in plain.headers

    asyncio.run(play())


def test_endless_addresses_and_strange_hosts_are_answered_but_not_remembered(tmp_path: Path) -> None:
    shelf = Shelf(article())

    async def play() -> None:
        async with serving(shelf, settings(tmp_path, cache_megabytes=1)) as client:
            for number in range(40):
                host = {"Host": f"host{number}.example"}
                answer = await client.get("/articles.json", headers=host)
                assert f"http://host{number}.example/" in answer.text
                assert (await client.get("/feed.rss", params={"x": "y" * 3000})).status_code == 200

    asyncio.run(play())
