"""In: the bytes of a feed document. Out: its entries, and every rule of the specifications that it breaks.

RFC 4287 with RFC 5005 and RFC 6721; RSS 2.0.11 with the RSS Advisory Board's profile; JSON Feed 1.1. A lint
sees neither the articles nor the format that rendered the document. Begin with `findings`, then `atom`.
"""

from collections.abc import Callable, Mapping

from service.formats.lint.atom import lint_atom
from service.formats.lint.findings import Document, Enclosure, Finding, LintedEntry
from service.formats.lint.json_feed import lint_json_feed
from service.formats.lint.rss import lint_rss
from service.model import FormatName

__all__ = ["LINTS", "Document", "Enclosure", "Finding", "LintedEntry", "lint"]

LINTS: Mapping[FormatName, Callable[[bytes], Document]] = {
    "atom": lint_atom,
    "rss": lint_rss,
    "jsonfeed": lint_json_feed,
}


def lint(format_name: FormatName, body: bytes) -> Document:
    """Lint a feed document; any bytes are accepted.

    Raises KeyError for a format that is not a feed.
    """
    return LINTS[format_name](body)
