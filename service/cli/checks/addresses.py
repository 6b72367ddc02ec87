"""Checks of the former addresses of articles: those that the service answers itself are not redirected."""

import re

from service.content.identity.permalinks import site_path
from service.errors import Fault
from service.index import read_inventory, read_terms
from service.settings import Settings
from service.urls import ARTICLE_SUFFIXES, DIRECTORY_PATHS
from service.web.handlers import ROUTE_HANDLERS

_SUFFIXES = "|".join(map(re.escape, ARTICLE_SUFFIXES.values()))
_LIST_OF_TERM = re.compile(
    rf"(?P<directory>{'|'.join(DIRECTORY_PATHS.values())})/(?P<slug>[^/]+?)(?:{_SUFFIXES})?"
)


def check_addresses(settings: Settings) -> tuple[Fault, ...]:
    """A note of each alias of a visible article that the service answers itself. Raises IndexUnavailable."""
    kinds = {path: kind for kind, path in DIRECTORY_PATHS.items()}
    terms = read_terms(settings.index)
    routes = {path for handler in ROUTE_HANDLERS for path in handler.paths}
    notes = []
    for article in read_inventory(settings.index):
        for alias in article.former if article.standing == "visible" else ():
            path = site_path(alias) or ""
            match = _LIST_OF_TERM.fullmatch(path)
            if path in routes:
                what = "an address of the service"
            elif match and (kinds[match["directory"]], match["slug"]) in terms:
                what = f"the address of the list of the {kinds[match['directory']]} {match['slug']!r}"
            else:
                continue
            message = f"the former address {alias!r} does not lead here: it is {what}"
            notes.append(Fault(article.path, article.number + 1, message))
    return tuple(notes)
