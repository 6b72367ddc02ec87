"""What the settings of a site's looks take: its colour, its links, and templates of its own.

As in `values`, each function raises ValueError with the words that finish the sentence "it takes …".
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from service.formats.html import fault_of_templates
from service.model import NamedLink, Site, Template

TEMPLATE_SUFFIXES = (".html", ".css")
_MOST_BYTES = 1_000_000

_COLOUR = re.compile(r"#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
_LINK = re.compile(r"(https?://|mailto:|/)[^\s<>\"]*")
_READER = re.compile(r"https?://[^\s<>\"]*")


def colour(raw: Any) -> str:
    """A colour as `#rrggbb`, in lower case."""
    found = _COLOUR.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if found is None:
        raise ValueError("a colour such as #8a2d16")
    digits = found[1].lower()
    return f"#{digits}" if len(digits) == 6 else "#" + "".join(digit * 2 for digit in digits)


def navigation(raw: Any) -> tuple[NamedLink, ...]:
    """Links by their names, in the order of the file."""
    links = _links(raw, _LINK)
    if links is None:
        raise ValueError(
            'a table of links such as {About = "/articles/about", Shop = "https://example.org/"}'
        )
    return links


def readers(raw: Any) -> tuple[NamedLink, ...]:
    """Feed readers on the web by their names; `{url}` stands where the feed's address belongs."""
    links = _links(raw, _READER)
    if links is None or not all("{url}" in link.url for link in links):
        raise ValueError('a table of addresses such as {Reader = "https://reader.example/?feed={url}"}')
    return links


def templates(folder: Path, site_facts: Mapping[str, Any]) -> tuple[Template, ...]:
    """The templates in `folder`, by their paths below it, tried on pages of the site. Raises ValueError."""
    found = _read(folder)
    facts = {name: fact for name, fact in site_facts.items() if name != "templates"}
    if fault := _fault_of_templates(Site(**facts, templates=found)):
        raise ValueError(f"templates that make pages; {fault}")
    return found


@lru_cache(maxsize=4)
def _fault_of_templates(site: Site) -> str | None:
    """As `fault_of_templates`: a service looks at its settings again and again, and trying takes long."""
    return fault_of_templates(site)


def _read(folder: Path) -> tuple[Template, ...]:
    if not folder.is_dir():
        raise ValueError(f"a folder of templates; there is no folder {str(folder)!r}")
    found = []
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        hidden = any(part.startswith(".") for part in name.split("/"))
        if hidden or file.suffix not in TEMPLATE_SUFFIXES or not file.is_file():
            continue
        try:
            text = file.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"templates in UTF-8; {name} cannot be read: {error}") from None
        if len(text) > _MOST_BYTES:
            raise ValueError(f"templates of at most {_MOST_BYTES:,} characters; {name} is longer")
        found.append(Template(name, text))
    return tuple(found)


def _links(raw: Any, shape: re.Pattern[str]) -> tuple[NamedLink, ...] | None:
    if not isinstance(raw, dict):
        return None
    sound = all(isinstance(url, str) and name.strip() and shape.fullmatch(url) for name, url in raw.items())
    return tuple(NamedLink(name.strip(), url) for name, url in raw.items()) if sound else None
