"""What each address of the API is for: the table its description is made from, beside the one of routes."""

from typing import Any

import msgspec

from service.formats import bare_type
from service.formats.assets import ASSETS, PAGE_SCRIPT
from service.urls import ARTICLE_SUFFIXES, DIRECTORY_PATHS, LISTING_PATHS, OPML_PATH, FormatName
from service.web.address import LEGACY

PATH_PARAMETERS: dict[str, dict[str, Any]] = {
    "slug": {
        "description": "The article's slug, as in its `url`; a former one leads to the present with 301.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200},
        "example": "harbour-opens",
    },
    "path": {
        "description": "Where the file lies below the content folder; slashes stand as they are.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 500},
        "example": "images/harbour.jpg",
    },
    "asset": {
        "description": "The file's name, as pages and feeds give it.",
        "schema": {"type": "string", "enum": sorted(ASSETS)},
        "example": PAGE_SCRIPT.name,
    },
    "name": {
        "description": "A tag or author, by slug or name.",
        "schema": {"type": "string", "minLength": 1},
        "example": "iraq",
    },
}


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One address as described: its good answers by media type (the name of a schema, None for any text).

    `query_of` names the formats whose query parameters it takes; `also` the statuses beside 200 and the
    problems that every address has.
    """

    path: str
    name: str
    summary: str
    group: str
    answers: dict[str, str | None]
    query_of: tuple[FormatName, ...] = ()
    also: tuple[int, ...] = ()
    headers: tuple[str, ...] = ("ETag", "Last-Modified", "Cache-Control", "Link", "Vary")
    moved: bool = False


_PLURAL = {"tag": "Tags", "author": "Authors", "source": "Sources", "language": "Languages"}
_LISTING_NAMES: dict[FormatName, tuple[str, str, str | None]] = {
    "html": ("listArticlesAsHtml", "Articles as a page for people", None),
    "json": ("listArticlesAsJson", "Articles as JSON, a page at a time", "ArticlesOrSelections"),
    "markdown": ("listArticlesAsMarkdown", "Articles as Markdown: titles, dates, summaries", None),
    "ndjson": (
        "streamArticles",
        "All articles as NDJSON: one ARTICLE a line, the whole answer; its ETag moves with any content",
        None,
    ),
    "atom": ("subscribeWithAtom", "Articles as an Atom 1.0 feed", None),
    "rss": ("subscribeWithRss", "Articles as an RSS 2.0 feed", None),
    "jsonfeed": ("subscribeWithJsonFeed", "Articles as a JSON Feed 1.1", "JsonFeed"),
}
_ARTICLE_SCHEMAS: dict[FormatName, str | None] = {"html": None, "json": "Article", "markdown": None}

_LISTINGS = tuple(
    Operation(
        path=LISTING_PATHS[form],
        name=name,
        summary=summary,
        group="Feeds" if path.startswith("/feed") else "Articles",
        answers={bare_type(form): schema},
        query_of=(form,),
        also=(304, 400),
    )
    for form, path in LISTING_PATHS.items()
    for name, summary, schema in [_LISTING_NAMES[form]]
)
_ARTICLES = tuple(
    Operation(
        path=f"/articles/{{slug}}{suffix}",
        name=f"getArticleAs{form.capitalize()}",
        summary=f"One article as {form if form != 'html' else 'a page'}",
        group="Articles",
        answers={bare_type(form): _ARTICLE_SCHEMAS[form]},
        also=(301, 304, 400, 404, 410),
    )
    for form, suffix in ARTICLE_SUFFIXES.items()
)
_DIRECTORIES = tuple(
    operation
    for kind, path in DIRECTORY_PATHS.items()
    for operation in (
        Operation(
            path=path,
            name=f"list{_PLURAL[kind]}",
            summary=f"{_PLURAL[kind]}, with counts and feeds; Accept chooses, HTML where it does not care",
            group="Directories",
            answers={"text/html": None, "application/json": _PLURAL[kind]},
            also=(304, 400, 406),
            headers=("ETag", "Cache-Control", "Link", "Vary", "Content-Location"),
        ),
        Operation(
            path=f"{path}.json",
            name=f"list{_PLURAL[kind]}AsJson",
            summary=f"{_PLURAL[kind]}, with counts and feeds, as JSON",
            group="Directories",
            answers={"application/json": _PLURAL[kind]},
            also=(304, 400),
            headers=("ETag", "Cache-Control", "Link", "Vary"),
        ),
        Operation(
            path=f"{path}.html",
            name=f"list{_PLURAL[kind]}AsHtml",
            summary=f"{_PLURAL[kind]}, with counts and feeds, as a page",
            group="Directories",
            answers={"text/html": None},
            also=(304, 400),
            headers=("ETag", "Cache-Control", "Link", "Vary"),
        ),
    )
)
_SERVICE = (
    Operation(
        path=OPML_PATH,
        name="listFeeds",
        summary="Every feed as OPML 2.0: the main one, and those of tags, authors, sources and languages",
        group="Feeds",
        answers={"text/x-opml": None},
        also=(304,),
        headers=("ETag", "Cache-Control", "Vary"),
    ),
    Operation(
        path="/files/{path}",
        name="getFile",
        summary="A file beside the articles: whole, or a range of bytes",
        group="Files",
        answers={"application/octet-stream": None, "*/*": None},
        also=(206, 301, 304, 404, 416),
        headers=("ETag", "Cache-Control", "Accept-Ranges"),
    ),
    Operation(
        path="/assets/{asset}",
        name="getAsset",
        summary="A script of the pages, or the style of feeds in browsers",
        group="Service",
        answers={"text/javascript": None, "text/css": None},
        also=(304, 404),
        headers=("ETag", "Cache-Control", "Vary"),
    ),
    Operation(
        path="/robots.txt",
        name="getRobots",
        summary="What robots may read: everything (RFC 9309)",
        group="Service",
        answers={"text/plain": None},
        also=(304,),
        headers=("ETag", "Cache-Control"),
    ),
    Operation(
        path="/favicon.ico",
        name="getIcon",
        summary="The site's icon",
        group="Service",
        answers={"image/vnd.microsoft.icon": None},
        also=(302, 304),
        headers=("ETag", "Cache-Control"),
    ),
    Operation(
        path="/openapi.json",
        name="getDescription",
        summary="This document",
        group="Service",
        answers={"application/json": "Description"},
        also=(304,),
        headers=("ETag", "Cache-Control", "Vary"),
    ),
    Operation(
        path="/healthz",
        name="isAlive",
        summary="The process answers",
        group="Service",
        answers={"application/json": "State"},
        headers=("Cache-Control",),
    ),
    Operation(
        path="/readyz",
        name="isReady",
        summary="Content is loaded and the index answers; 503 before that",
        group="Service",
        answers={"application/json": "State"},
        headers=("Cache-Control",),
    ),
)
_LEGACY_PATHS = (
    *sorted(LEGACY),
    *(f"/{kind}/{{name}}/{word}" for kind in ("tag", "author", "category") for word in ("feed", "rss")),
)
_MOVED = tuple(
    Operation(
        path=path,
        name="moved" + "".join(word.strip("{}").capitalize() for word in path.replace(".", "/").split("/")),
        summary="A feed address of another system; leads to the feed here, with the query kept",
        group="Former addresses",
        answers={},
        moved=True,
    )
    for path in _LEGACY_PATHS
)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        path="/",
        name="home",
        summary="The site's page: its newest articles; with `feed=rss2` or `feed=atom` it leads to that feed",
        group="Articles",
        answers={"text/html": None},
        query_of=("html",),
        also=(301, 304, 400),
    ),
    Operation(
        path="/articles",
        name="listArticles",
        summary="Articles as Accept chooses: JSON where it does not care, HTML for browsers, or Markdown",
        group="Articles",
        answers={"application/json": "ArticlesOrSelections", "text/html": None, "text/markdown": None},
        query_of=("json",),
        also=(304, 400, 406),
        headers=("ETag", "Last-Modified", "Cache-Control", "Link", "Vary", "Content-Location"),
    ),
    *_LISTINGS,
    Operation(
        path="/articles/{slug}",
        name="getArticle",
        summary="One article, the address people share; Accept chooses, HTML where it does not care",
        group="Articles",
        answers={"text/html": None, "application/json": "Article", "text/markdown": None},
        also=(301, 304, 400, 404, 406, 410),
        headers=("ETag", "Last-Modified", "Cache-Control", "Link", "Vary", "Content-Location"),
    ),
    *_ARTICLES,
    *_DIRECTORIES,
    *_SERVICE,
    *_MOVED,
)
