"""Readers of settings for the appearance of pages: colour, links, templates.

As in `values`, each raises ValueError with what it expects.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from service.model import THEME_FILE_TYPES, NamedLink, Site, Template, ThemeFile
from service.settings import values

TemplateCheck = Callable[[Site], str | None]
"""Renders pages with the templates of a site; the first fault as `base.html:12: message`, or None."""

_TEMPLATE_SUFFIXES = (".html", ".css")
_TEXT_SUFFIXES = (*_TEMPLATE_SUFFIXES, ".js", ".mjs")
_MAX_BYTES = 1_000_000
_MAX_TOTAL_BYTES = 10_000_000

_COLOUR = re.compile(r"#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
_LOCAL_LINK = re.compile(r"(?:mailto:[^\s<>\"]+|/(?![/\\])[^\s<>\"]*)")


def colour(raw: Any) -> str:
    """A colour as `#rrggbb`, in lower case."""
    match = _COLOUR.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if match is None:
        raise ValueError("a colour such as #8a2d16")
    digits = match[1].lower()
    return f"#{digits}" if len(digits) == 6 else "#" + "".join(digit * 2 for digit in digits)


def navigation(raw: Any) -> tuple[NamedLink, ...]:
    """Links by their names, in the order of the file."""
    return _links(raw, _link, 'a table of links such as {About = "/about", Shop = "https://example.org/"}')


def readers(raw: Any) -> tuple[NamedLink, ...]:
    """Feed readers on the web by their names; `{url}` is replaced with the address of the feed."""
    expected = 'a table of addresses such as {Reader = "https://reader.example/?feed={url}"}'
    return _links(raw, _reader_url, expected)


def read_theme(
    folder: Path, site_facts: Mapping[str, Any], check_templates: TemplateCheck
) -> tuple[tuple[Template, ...], tuple[ThemeFile, ...]]:
    """Read the templates and other files in `folder` by their paths, and check the templates.

    Raises ValueError.
    """
    files = _read(folder)
    templates = tuple(
        Template(file.name, file.body.decode()) for file in files if file.name.endswith(_TEMPLATE_SUFFIXES)
    )
    theme_files = tuple(file for file in files if Path(file.name).suffix.lower() in THEME_FILE_TYPES)
    facts = {name: fact for name, fact in site_facts.items() if name != "templates"}
    if fault := check_templates(Site(**facts, templates=templates, theme_files=theme_files)):
        raise ValueError(f"templates that render pages; {fault}")
    return templates, theme_files


def _read(folder: Path) -> tuple[ThemeFile, ...]:
    try:
        paths = sorted(folder.rglob("*")) if folder.is_dir() else None
    except OSError:  # such as a name that is too long
        paths = None
    if paths is None:
        raise ValueError("a folder of templates; there is no such folder that can be read")
    files = []
    for path in paths:
        name = path.relative_to(folder).as_posix()
        is_hidden = any(part.startswith(".") for part in name.split("/"))
        suffix = path.suffix.lower()
        if is_hidden or not (suffix in THEME_FILE_TYPES or suffix == ".html") or not path.is_file():
            continue
        try:
            body = path.read_bytes()
            if suffix in _TEXT_SUFFIXES:
                body = body.decode("utf-8-sig").encode()
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"templates in UTF-8; {name} cannot be read: {error}") from None
        if len(body) > _MAX_BYTES:
            raise ValueError(f"files of at most {_MAX_BYTES:,} bytes; {name} has {len(body):,}")
        files.append(ThemeFile(name, body))
    if (total := sum(len(file.body) for file in files)) > _MAX_TOTAL_BYTES:
        raise ValueError(f"a folder of at most {_MAX_TOTAL_BYTES:,} bytes in all; it has {total:,}")
    return tuple(files)


def _links(raw: Any, read: Callable[[Any], str], expected: str) -> tuple[NamedLink, ...]:
    if not isinstance(raw, dict):
        raise ValueError(expected)
    if not all(map(str.strip, raw)):
        raise ValueError(f"{expected}, each with a name")
    urls = values.read_keys(1, raw, dict.fromkeys(raw, read))
    return tuple(NamedLink(name.strip(), url) for name, url in urls.items())


def _link(raw: Any) -> str:
    if isinstance(raw, str) and _LOCAL_LINK.fullmatch(raw):
        return raw
    try:
        return values.address(raw)
    except ValueError:
        raise ValueError(
            "a path that begins with one /, a URL such as https://example.org/, or mailto:…"
        ) from None


def _reader_url(raw: Any) -> str:
    if not isinstance(raw, str) or "{url}" not in raw:
        raise ValueError("a URL with {url} in it, such as https://reader.example/?feed={url}")
    return values.address(raw)
