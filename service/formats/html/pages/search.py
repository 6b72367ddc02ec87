"""The page of a search without words. Where the site is served as files, its script shows the results."""

from service.formats import Navigation
from service.formats.assets import SEARCH_SCRIPT
from service.formats.html.page import Head, render, titled
from service.model import Site
from service.query import Query
from service.urls import SEARCH_PATH, Urls


def search_page(site: Site, urls: Urls, navigation: Navigation) -> bytes:
    """What to do, room for results, and where else articles are found."""
    head = Head(
        title=titled("Search", site),
        name="Search",
        feed_title=site.title,
        canonical=urls.at(SEARCH_PATH),
        indexed=False,
    )
    script = urls.asset(SEARCH_SCRIPT.name)
    return render("search.html", site, urls, Query(), head, navigation, search_script=script)
