"""OpenSearch 1.1 draft 6: the description of the site's search, and suggestions while a query is typed."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement

import msgspec

from service.formats import bare_type
from service.formats.xml_document import xml_document
from service.markup import drop_illegal
from service.model import Site
from service.urls import LISTING_PATHS, OPENSEARCH_PATH, SUGGEST_PATH, FormatName, Urls

DESCRIPTION_TYPE = "application/opensearchdescription+xml"
SUGGESTIONS_TYPE = "application/x-suggestions+json"
NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"

# "The value must contain 16 (48, 1024) or fewer characters of plain text."
LONGEST_SHORT_NAME = 16
LONGEST_LONG_NAME = 48
LONGEST_DESCRIPTION = 1024

_RESULTS: tuple[FormatName, ...] = ("html", "atom", "rss", "json")


class Suggestion(msgspec.Struct, frozen=True):
    """A completion of a query: its text, a description such as `12 articles`, and its page."""

    text: str
    description: str
    url: str


def description(site: Site, urls: Urls) -> bytes:
    """The description document: the addresses of results in each format, and of suggestions."""
    root = Element("OpenSearchDescription", xmlns=NAMESPACE)
    SubElement(root, "ShortName").text = _shorten(site.title, LONGEST_SHORT_NAME)
    SubElement(root, "Description").text = _shorten(
        site.description or f"Search {site.title}", LONGEST_DESCRIPTION
    )
    for format_name in _RESULTS:
        address = urls.search() if format_name == "html" else urls.at(LISTING_PATHS[format_name])
        template = urls.searching(address)
        SubElement(root, "Url", type=bare_type(format_name), rel="results", template=template)
    SubElement(
        root, "Url", type=SUGGESTIONS_TYPE, rel="suggestions", template=urls.searching(urls.at(SUGGEST_PATH))
    )
    SubElement(root, "Url", type=DESCRIPTION_TYPE, rel="self", template=urls.at(OPENSEARCH_PATH))
    SubElement(root, "LongName").text = _shorten(site.title, LONGEST_LONG_NAME)
    icon = SubElement(root, "Image", height="32", width="32", type="image/vnd.microsoft.icon")
    icon.text = urls.at("/favicon.ico")
    SubElement(root, "Language").text = "*"
    SubElement(root, "InputEncoding").text = "UTF-8"
    SubElement(root, "OutputEncoding").text = "UTF-8"
    return xml_document(root)


def suggestions(typed: str, completions: Iterable[Suggestion]) -> bytes:
    """`[typed, texts, descriptions, addresses]` (OpenSearch Suggestions 1.1)."""
    rows = list(completions)
    return msgspec.json.encode(
        (typed, [row.text for row in rows], [row.description for row in rows], [row.url for row in rows])
    )


def _shorten(text: str, max_length: int) -> str:
    """`text` in at most `max_length` characters, cut after a word if the first one fits."""
    legal = " ".join(drop_illegal(text).split())
    if len(legal) <= max_length:
        return legal
    words, space, _ = legal[: max_length + 1].rpartition(" ")
    return words if space else legal[:max_length]
