"""Checks of the former addresses of articles: those that the service answers itself are not redirected."""

import re

from service.content.identity.permalinks import site_path
from service.errors import Fault
from service.index import read_inventory, read_terms
from service.settings import Settings
from service.urls import ARTICLE_SUFFIXES, DIRECTORY_PATHS

_SUFFIXES = "|".join(map(re.escape, ARTICLE_SUFFIXES.values()))
_LIST_OF_TERM = re.compile(
    rf"(?P<directory>{'|'.join(DIRECTORY_PATHS.values())})/(?P<slug>[^/]+?)(?:{_SUFFIXES})?"
)


def check_addresses(settings: Settings) -> tuple[Fault, ...]:
    """A note of each alias of a visible article that is the path of a list. Raises IndexUnavailable."""
    kinds = {path: kind for kind, path in DIRECTORY_PATHS.items()}
    terms = read_terms(settings.index)
    notes = []
    for article in read_inventory(settings.index):
        for alias in article.former if article.standing == "visible" else ():
            match = _LIST_OF_TERM.fullmatch(site_path(alias) or "")
            if match and (kinds[match["directory"]], match["slug"]) in terms:
                message = (
                    f"the former address {alias!r} does not lead here: it is the address of the list of"
                    f" the {kinds[match['directory']]} {match['slug']!r}"
                )
                notes.append(Fault(article.path, article.number + 1, message))
    return tuple(notes)
