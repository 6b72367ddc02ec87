"""The page of a problem, with suggestions of what to do."""

from service.formats import DEFAULT_NAVIGATION, Navigation
from service.formats.html.page import Head, render, titled
from service.model import Site
from service.query import Query
from service.urls import Urls


def problem_page(
    site: Site,
    urls: Urls,
    status: int,
    title: str,
    detail: str,
    *,
    navigation: Navigation = DEFAULT_NAVIGATION,
    search: Query | None = None,
    mended: str | None = None,
) -> bytes:
    """The page of one problem.

    `search` is a search for what the visitor may want, `mended` a valid address similar to the requested one.
    """
    head = Head(title=titled(title, site), name=title, feed_title=site.title, indexed=False)
    return render(
        "problem.html",
        site,
        urls,
        Query(),
        head,
        navigation,
        status=status,
        heading=title,
        detail=detail,
        search=search,
        mended=mended,
    )
