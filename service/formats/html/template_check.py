"""Checks a site's own templates by rendering a page of every kind."""

import traceback
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import jinja2
import msgspec

from service.formats import Directory, Listing, Navigation, SingleArticle
from service.formats.html.pages.article import render_article
from service.formats.html.pages.directory import render_directory
from service.formats.html.pages.listing import render_listing
from service.formats.html.pages.problem import problem_page
from service.formats.html.pages.search import search_page
from service.formats.html.pages.subscription import subscription
from service.formats.html.templates import environment
from service.model import Article, Attachment, Author, Body, Image, Site, Source, Tag, Translation
from service.query import Cursor, Facet, MenuLink, Page, Query
from service.urls import Urls

_URLS = Urls("https://example.org")
_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
_ARTICLE = Article(
    id="urn:sample",
    slug="sample",
    title="Sample",
    subtitle="Subtitle",
    content_html="<p>Text.</p>\n",
    content_text="Text.",
    summary="Text.",
    language="en",
    path="sample.md",
    body=Body("Text.\n", "markdown", "/files/"),
    authors=(Author("Ada", "ada", "https://ada.example/"), Author("Bo", "bo")),
    published=_MOMENT,
    updated=datetime(2026, 1, 2, tzinfo=UTC),
    tags=(Tag("Sample", "sample"),),
    series="Sample",
    series_order=1,
    source=Source("The Paper", "the-paper", "https://paper.example/", "Headline", "Cy", _MOMENT),
    dateline="HERE",
    image=Image("/files/a.png", "A", 1, 1),
    attachments=(Attachment("/files/a.mp3", "audio/mpeg", 1000, "Talk", 90),),
    correction="None.",
    rights="None.",
    translations=(Translation("fr", "exemple"),),
    reading_minutes=1,
)
_PAGE = msgspec.structs.replace(_ARTICLE, slug="/sample")
_FACET = Facet("sample", "Sample", 1)


@lru_cache(maxsize=4)
def fault_of_templates(site: Site) -> str | None:
    """The first fault of a template of `site`, as `base.html:12: message`, or None.

    Every template is compiled, and a page of every kind is rendered. The result is cached: a service reads
    its settings often, and rendering is slow.
    """
    try:
        for template in site.templates:
            environment(site.templates).get_template(template.name)
        _render_all(site)
    except jinja2.TemplateSyntaxError as error:
        return f"{error.name}:{error.lineno}: {error.message}"
    except jinja2.TemplateNotFound as error:
        return f"there is no template {error.message}"
    except (jinja2.TemplateError, TypeError, ValueError, LookupError, ArithmeticError) as error:
        return f"{_location(error)}: {error}"
    return None


def _render_all(site: Site) -> None:
    cursor = Cursor(False, 0, "urn:sample", "")
    page = Page(articles=(_ARTICLE,), total=3, next_cursor=cursor, previous_cursor=cursor, modified=_MOMENT)
    empty = Page(articles=(), total=0)
    for query in (Query(), Query(q="text", tags=("sample",))):
        for result in (page, empty):
            render_listing(Listing(site, query, result, (_FACET,), (_PAGE,)), _URLS)
            subscription(Listing(site, query, result), _URLS)
    navigation = Navigation(menu=(MenuLink("Sample", "/sample", "en"),))
    for article in (_ARTICLE, _PAGE):
        render_article(SingleArticle(site, article, navigation=navigation), _URLS)
    render_directory(Directory(site, "tag", (_FACET,)), _URLS)
    search_page(site, _URLS, navigation)
    problem_page(site, _URLS, 404, "Not found", "Nothing is here.")


def _location(error: Exception) -> str:
    """The template and line of an error: Jinja adds frames for templates to the traceback."""
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.endswith(".py")
    ]
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "a template"
