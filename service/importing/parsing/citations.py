"""The publication that an imported article reports on, as feeds name it."""

import re
from datetime import UTC, datetime

from service.content.identity.slugs import name_slug
from service.model import Source

_ADDRESS = re.compile(r"https?://(?:www\.)?([^/\s:?#]+)\S*")
_CITATION = re.compile(
    r"(?P<name>[^“]*?)(?:, “(?P<title>.*)”)?(?:, (?P<author>(?!\d{4}-).*?))?(?:, (?P<day>\d{4}-\d{2}-\d{2}))?"
)


def parse_citation(texts: list[str], title: str | None) -> Source | None:
    """`dc:source` elements: an address, and a citation (`Paper, “Headline”, Writer, 2019-01-27`).

    A citation that is worded otherwise is taken whole as the name.
    """
    addresses = [text for text in texts if _ADDRESS.fullmatch(text)]
    words = [text for text in texts if text and text not in addresses]
    if not (addresses or words):
        return None
    url = addresses[0] if addresses else None
    match = _CITATION.fullmatch(words[0]) if words and "“" in words[0] else None
    name = (match["name"] if match else words[0] if words else "").strip() or host(url or "") or "source"
    return Source(
        name=name,
        slug=name_slug(name),
        url=url,
        title=(match["title"] if match else None) or title,
        author=match["author"] if match else None,
        published=_midnight(match["day"]) if match else None,
    )


def host(url: str) -> str | None:
    """`paper.example` of `https://www.paper.example/story`."""
    match = _ADDRESS.fullmatch(url)
    return match.group(1) if match else None


def _midnight(day: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    except ValueError:
        return None
