"""FORMAT_DESCRIPTIONS: one row a format, in the order of documentation and of metrics.

A new format is a row here and its renderers, a row in `formats/registry`; a feed also needs a lint
(`formats/lint`). Routes, media types, links, OpenAPI and tests are made from the rows.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

FormatName = Literal["html", "json", "markdown", "ndjson", "atom", "rss", "jsonfeed"]


class FormatDescription(msgspec.Struct, frozen=True, kw_only=True):
    """One format without its renderers.

    `label` is its name for people, `path` the address of queries in it, `limit` the default page size.
    `article_suffix` makes the address of one article, `document_type` is the media type for browsers that
    open it (Sec-Fetch-Dest: document), where that differs. One that `is_strict` rejects unknown parameters.
    `operation`, `summary` and `schema` (the name of a component, None for text) describe it in OpenAPI.
    """

    name: FormatName
    label: str
    path: str
    media_type: str
    kind: Literal["list", "feed"]
    limit: int
    article_suffix: str | None = None
    document_type: str | None = None
    is_strict: bool = False
    is_archived: bool = False
    operation: str
    summary: str
    schema: str | None = None

    @property
    def bare_type(self) -> str:
        """The media type without parameters, as links give it."""
        return self.media_type.partition(";")[0]


_ROWS = (
    FormatDescription(
        name="html",
        label="a page",
        path="/articles.html",
        media_type="text/html; charset=utf-8",
        kind="list",
        limit=20,
        article_suffix=".html",
        operation="listArticlesAsHtml",
        summary="Articles as a page for people",
    ),
    FormatDescription(
        name="json",
        label="JSON",
        path="/articles.json",
        media_type="application/json",
        kind="list",
        limit=20,
        article_suffix=".json",
        is_strict=True,
        operation="listArticlesAsJson",
        summary="Articles as JSON, a page at a time",
        schema="Articles",
    ),
    FormatDescription(
        name="markdown",
        label="Markdown",
        path="/articles.md",
        media_type="text/markdown; charset=utf-8",
        kind="list",
        limit=20,
        article_suffix=".md",
        is_strict=True,
        operation="listArticlesAsMarkdown",
        summary="Articles as Markdown: titles, dates, summaries",
    ),
    FormatDescription(
        name="ndjson",
        label="NDJSON",
        path="/articles.ndjson",
        media_type="application/x-ndjson",
        kind="list",
        limit=100,
        is_strict=True,
        operation="streamArticles",
        summary="All articles as NDJSON: one ARTICLE a line, the whole answer;"
        " a large one is streamed, without ETag",
    ),
    FormatDescription(
        name="atom",
        label="Atom",
        path="/feed.atom",
        media_type="application/atom+xml; charset=utf-8",
        kind="feed",
        limit=50,
        document_type="application/xml; charset=utf-8",
        is_archived=True,
        operation="subscribeWithAtom",
        summary="Articles as an Atom 1.0 feed",
    ),
    FormatDescription(
        name="rss",
        label="RSS",
        path="/feed.rss",
        media_type="application/rss+xml; charset=utf-8",
        kind="feed",
        limit=50,
        document_type="application/xml; charset=utf-8",
        is_archived=True,
        operation="subscribeWithRss",
        summary="Articles as an RSS 2.0 feed",
    ),
    FormatDescription(
        name="jsonfeed",
        label="JSON Feed",
        path="/feed.json",
        media_type="application/feed+json",
        kind="feed",
        limit=50,
        document_type="application/json",
        operation="subscribeWithJsonFeed",
        summary="Articles as a JSON Feed 1.1",
        schema="JsonFeed",
    ),
)
FORMAT_DESCRIPTIONS: Mapping[FormatName, FormatDescription] = {row.name: row for row in _ROWS}
