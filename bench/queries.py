"""The queries that `bench.growth` measures: one row a query, with the addresses that it is measured by.

Where it can, a row has several addresses, so that counts remembered for one query do not hide what the next
one costs. Words, tags, authors and slugs are those of `bench.articles`.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from urllib.parse import quote

import msgspec

from bench.articles import AUTHORS, SEED, vocabulary
from service.model import slugify
from service.query import ChangeCursor, Cursor, Query, RevisionPoint, bind

ADDRESSES = 20
"""How many addresses a row has at most."""


class Oldest(msgspec.Struct, frozen=True):
    """Where the deepest page begins: after the article with this instant, in seconds since 1970, and id."""

    published: int
    id: str


class Samples(msgspec.Struct, frozen=True):
    """What addresses are made of: words by how common they are, slugs of some articles, months that have
    articles, the deepest position, and the present revision."""

    common: tuple[str, ...]
    middling: tuple[str, ...]
    rare: tuple[str, ...]
    slugs: tuple[str, ...]
    months: tuple[str, ...]
    oldest: Oldest
    newest: RevisionPoint


class Row(msgspec.Struct, frozen=True):
    """One measured query: its addresses, and the milliseconds that it may take at any number of articles.

    Where a response holds more items with more articles, `item` is what each begins with: 100 are measured.
    """

    name: str
    addresses: Callable[[Samples], list[str]]
    most_milliseconds: float | None = None
    item: bytes = b""


def choose_samples(articles: int, months: Sequence[str], oldest: Oldest, newest: RevisionPoint) -> Samples:
    """Samples for an index of `articles`. A rare word is in one of three thousand articles at any size."""
    words = vocabulary(random.Random(SEED))
    chance = random.Random(SEED)
    return Samples(
        common=tuple(words[10 : 10 + ADDRESSES]),
        middling=tuple(words[1000 : 1000 + ADDRESSES]),
        rare=tuple(words[-ADDRESSES:]),
        slugs=tuple(f"article-{chance.randrange(articles)}" for _ in range(ADDRESSES)),
        months=tuple(months[:ADDRESSES]),
        oldest=oldest,
        newest=newest,
    )


def _tags() -> Iterator[str]:
    return (f"t{number}" for number in range(ADDRESSES))


def _authors() -> Iterator[str]:
    return (slugify(f"Author {number}") for number in range(0, AUTHORS, AUTHORS // ADDRESSES))


def _days() -> Iterator[str]:
    return (f"20{year}-{month:02}-01" for year in range(12, 22) for month in (3, 9))


def _deepest(samples: Samples) -> str:
    """The cursor of the last page of all articles."""
    return Cursor(False, samples.oldest.published, samples.oldest.id, bind(Query())).encode()


def _late_changes(samples: Samples, query: Query = Query()) -> str:  # noqa: B008 (it is frozen)
    """The cursor of a page of the last eighth of all articles that `query` finds, as changes list them."""
    return ChangeCursor(None, samples.newest, b"\xe0", bind(query)).encode()


def _search(
    words: Callable[[Samples], Sequence[str]], sort: str = "newest"
) -> Callable[[Samples], list[str]]:
    return lambda samples: [f"/articles.json?q={quote(text)}&sort={sort}" for text in words(samples)]


def _common(samples: Samples) -> Sequence[str]:
    return samples.common


def _middling(samples: Samples) -> Sequence[str]:
    return samples.middling


def _rare(samples: Samples) -> Sequence[str]:
    return samples.rare


def _two_common(samples: Samples) -> Sequence[str]:
    return [f"{first} {second}" for first, second in pairwise(samples.common)]


def _common_and_middling(samples: Samples) -> Sequence[str]:
    return [f"{common} {middling}" for common, middling in zip(samples.common, samples.middling, strict=True)]


def _prefixes(samples: Samples) -> Sequence[str]:
    return [f"{word[:3]}*" for word in samples.middling]


def _suggest(typed: Callable[[Samples], Sequence[str]]) -> Callable[[Samples], list[str]]:
    return lambda samples: [f"/suggest?q={quote(text)}" for text in typed(samples)]


def _beginnings(samples: Samples) -> Sequence[str]:
    return [word[:4] for word in samples.middling]


def _word_and_beginning(samples: Samples) -> Sequence[str]:
    return [
        f"{common} {middling[:3]}" for common, middling in zip(samples.common, samples.middling, strict=True)
    ]


def _fixed(*addresses: str) -> Callable[[Samples], list[str]]:
    return lambda _: list(addresses)


def _article(suffix: str) -> Callable[[Samples], list[str]]:
    return lambda samples: [f"/articles/{slug}{suffix}" for slug in samples.slugs]


JSON_PAGE, FEED_OF_20, SEARCH, SUGGESTION = 2.0, 5.0, 30.0, 10.0
"""Milliseconds."""

ROWS = (
    Row("first page, JSON", _fixed("/articles.json"), JSON_PAGE),
    Row("deepest page, JSON", lambda samples: [f"/articles.json?cursor={_deepest(samples)}"], JSON_PAGE),
    Row("first page, HTML", _fixed("/articles.html")),
    Row("tag", lambda _: [f"/articles.json?tag={tag}" for tag in _tags()], JSON_PAGE),
    Row("two tags", lambda _: [f"/articles.json?tag=t0&tag={tag}" for tag in _tags() if tag != "t0"]),
    Row("exclusion", lambda _: [f"/articles.json?exclude_tag={tag}" for tag in _tags()]),
    Row("author", lambda _: [f"/articles.json?author={author}" for author in _authors()], JSON_PAGE),
    Row("since", lambda _: [f"/articles.json?since={day}" for day in _days()]),
    Row("feed of 20", _fixed("/feed.atom?limit=20"), FEED_OF_20),
    Row("feed of 50", _fixed("/feed.atom?limit=50")),
    Row(
        "deepest feed of 20", lambda samples: [f"/feed.atom?limit=20&cursor={_deepest(samples)}"], FEED_OF_20
    ),
    Row("feed of a tag, 20", lambda _: [f"/feed.atom?limit=20&tag={tag}" for tag in _tags()], FEED_OF_20),
    Row("article, JSON", _article(".json")),
    Row("article, HTML", _article(".html")),
    Row("article, Markdown", _article(".md")),
    Row("common word", _search(_common), SEARCH),
    Row("middling word", _search(_middling), SEARCH),
    Row("rare word", _search(_rare), SEARCH),
    Row("common word, relevance", _search(_common, "relevance"), SEARCH),
    Row("middling word, relevance", _search(_middling, "relevance"), SEARCH),
    Row("rare word, relevance", _search(_rare, "relevance"), SEARCH),
    Row("two common words", _search(_two_common), SEARCH),
    Row("two common words, relevance", _search(_two_common, "relevance"), SEARCH),
    Row("common and middling word", _search(_common_and_middling), SEARCH),
    Row("common and middling word, relevance", _search(_common_and_middling, "relevance"), SEARCH),
    Row("prefix", _search(_prefixes), SEARCH),
    Row("prefix, relevance", _search(_prefixes, "relevance"), SEARCH),
    Row(
        "common word with a tag",
        lambda samples: [f"/articles.json?q={word}&tag=t5" for word in _common(samples)],
        SEARCH,
    ),
    Row("suggestion", _suggest(_beginnings), SUGGESTION),
    Row("suggestion, two words", _suggest(_word_and_beginning), SUGGESTION),
    Row("tags, JSON", _fixed("/tags.json")),
    Row("authors, JSON", _fixed("/authors.json")),
    Row("months, JSON", _fixed("/archive.json")),
    Row("OPML", _fixed("/feeds.opml")),
    Row("sitemap", _fixed("/sitemap.xml")),
    Row(
        "month of the sitemap, each 100 articles",
        lambda samples: [f"/sitemap.xml?part={month}" for month in samples.months],
        item=b"<url>",
    ),
    Row("NDJSON, first byte", _fixed("/articles.ndjson")),
    Row("changes, first page", _fixed("/changes")),
    Row("changes, deep page", lambda samples: [f"/changes?cursor={_late_changes(samples)}"]),
    Row("changes of a tag, first page", lambda _: [f"/changes?tag={tag}" for tag in _tags()]),
    Row(
        "changes without a tag, deep page",
        lambda samples: [
            f"/changes?exclude_tag={tag}&cursor={_late_changes(samples, Query(exclude_tags=(tag,)))}"
            for tag in _tags()
        ],
    ),
    Row("changes, none", lambda samples: [f"/changes?since={samples.newest.articles}"], JSON_PAGE),
    Row("manifest", _fixed("/manifest.json"), JSON_PAGE),
    Row(
        "bucket of the manifest, each 100 articles",
        lambda _: [f"/manifest.json?bucket={bucket:02x}" for bucket in range(0, 256, 256 // ADDRESSES)],
        item=b'["urn:article:',
    ),
)
