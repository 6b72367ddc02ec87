"""Feed documents read as their readers do, against the specifications, rule by rule.

`lint` takes the bytes that are served and nothing else: it knows no article and no format that wrote them.
RFC 4287 with RFC 5005 and RFC 6721; RSS 2.0.11 with the RSS Advisory Board's profile; JSON Feed 1.1.
"""

from collections.abc import Callable, Mapping

from service.formats.lint.atom import lint_atom
from service.formats.lint.findings import Document, Enclosure, Entry, Finding
from service.formats.lint.json_feed import lint_json_feed
from service.formats.lint.rss import lint_rss
from service.urls import FormatName

__all__ = ["Document", "Enclosure", "Entry", "Finding", "lint"]

_LINTS: Mapping[FormatName, Callable[[bytes], Document]] = {
    "atom": lint_atom,
    "rss": lint_rss,
    "jsonfeed": lint_json_feed,
}


def lint(form: FormatName, body: bytes) -> Document:
    """What stands in a feed document and every rule it breaks; never raises, whatever `body` holds.

    Raises KeyError for a format that is no feed.
    """
    return _LINTS[form](body)
