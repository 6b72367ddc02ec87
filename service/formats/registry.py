"""FORMATS: the renderers of every format, by name. The descriptive part of each row is in `model.formats`."""

from collections.abc import Mapping

from service.formats import Format
from service.formats.feeds.atom import ATOM
from service.formats.feeds.json_feed import JSON_FEED
from service.formats.feeds.rss import RSS
from service.formats.html import HTML
from service.formats.json_api import JSON
from service.formats.markdown import MARKDOWN
from service.formats.ndjson import NDJSON
from service.model import FormatName

FORMATS: Mapping[FormatName, Format] = {
    row.description.name: row for row in (HTML, JSON, MARKDOWN, NDJSON, ATOM, RSS, JSON_FEED)
}
