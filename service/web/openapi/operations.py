"""What each address of the API is for: the table its description is made from, beside the one of routes."""

from collections.abc import Mapping

from service.formats.titles import DIRECTORY_TITLES
from service.model import FORMAT_DESCRIPTIONS, FormatName
from service.urls import DIRECTORY_PATHS
from service.web.legacy_redirects import LEGACY
from service.web.openapi.operation import Operation
from service.web.openapi.service_operations import SERVICE

_ARTICLE_SCHEMAS: Mapping[FormatName, str] = {"json": "Article"}

_LISTINGS = tuple(
    Operation(
        path=row.path,
        name=row.operation,
        summary=row.summary,
        group="Feeds" if row.kind == "feed" else "Articles",
        answers={row.bare_type: row.schema},
        query_of=(row.name,),
        also=(304, 400),
    )
    for row in FORMAT_DESCRIPTIONS.values()
)
_ARTICLES = tuple(
    Operation(
        path=f"/articles/{{slug}}{row.article_suffix}",
        name=f"getArticleAs{row.name.capitalize()}",
        summary=f"One article as {row.label}",
        group="Articles",
        answers={row.bare_type: _ARTICLE_SCHEMAS.get(row.name)},
        also=(301, 304, 400, 404, 410),
    )
    for row in FORMAT_DESCRIPTIONS.values()
    if row.article_suffix
)
_DIRECTORIES = tuple(
    operation
    for kind, path in DIRECTORY_PATHS.items()
    for plural in [DIRECTORY_TITLES[kind]]
    for operation in (
        Operation(
            path=path,
            name=f"list{plural}",
            summary=f"{plural}, with counts and feeds; Accept chooses, HTML where it does not care",
            group="Directories",
            answers={"text/html": None, "application/json": plural},
            also=(304, 400, 406),
            headers=("ETag", "Cache-Control", "Link", "Vary", "Content-Location"),
        ),
        Operation(
            path=f"{path}.json",
            name=f"list{plural}AsJson",
            summary=f"{plural}, with counts and feeds, as JSON",
            group="Directories",
            answers={"application/json": plural},
            also=(304, 400),
            headers=("ETag", "Cache-Control", "Link", "Vary"),
        ),
        Operation(
            path=f"{path}.html",
            name=f"list{plural}AsHtml",
            summary=f"{plural}, with counts and feeds, as a page",
            group="Directories",
            answers={"text/html": None},
            also=(304, 400),
            headers=("ETag", "Cache-Control", "Link", "Vary"),
        ),
    )
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
    Operation(
        path="/subscribe",
        name="howToSubscribe",
        summary="How to follow what a query finds, as a page: its feeds, readers, and what they show",
        group="Feeds",
        answers={"text/html": None},
        query_of=("html",),
        also=(304, 400),
    ),
    *_ARTICLES,
    *_DIRECTORIES,
    *SERVICE,
    *_MOVED,
)
