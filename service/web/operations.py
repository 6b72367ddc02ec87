"""What each address of the API is for: the table its description is made from, beside the one of routes."""

from service.formats import bare_type
from service.formats.titles import DIRECTORY_TITLES
from service.urls import ARTICLE_SUFFIXES, DIRECTORY_PATHS, LISTING_PATHS, FormatName
from service.web.address import LEGACY
from service.web.operation import Operation
from service.web.service_operations import SERVICE

_LISTING_NAMES: dict[FormatName, tuple[str, str, str | None]] = {
    "html": ("listArticlesAsHtml", "Articles as a page for people", None),
    "json": ("listArticlesAsJson", "Articles as JSON, a page at a time", "ArticlesOrSelections"),
    "markdown": ("listArticlesAsMarkdown", "Articles as Markdown: titles, dates, summaries", None),
    "ndjson": (
        "streamArticles",
        "All articles as NDJSON: one ARTICLE a line, the whole answer; a large one is streamed, without ETag",
        None,
    ),
    "atom": ("subscribeWithAtom", "Articles as an Atom 1.0 feed", None),
    "rss": ("subscribeWithRss", "Articles as an RSS 2.0 feed", None),
    "jsonfeed": ("subscribeWithJsonFeed", "Articles as a JSON Feed 1.1", "JsonFeed"),
}
_CALLED: dict[FormatName, str] = {"html": "a page", "json": "JSON", "markdown": "Markdown"}
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
        summary=f"One article as {_CALLED[form]}",
        group="Articles",
        answers={bare_type(form): _ARTICLE_SCHEMAS[form]},
        also=(301, 304, 400, 404, 410),
    )
    for form, suffix in ARTICLE_SUFFIXES.items()
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
