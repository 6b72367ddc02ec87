"""Links in templates, by the name of a source file or below the address of the site."""

import re
from datetime import UTC
from urllib.parse import quote, unquote

from service.content.dates.path_dates import date_in_name
from service.content.discovery.file_dependencies import FileLookup
from service.content.discovery.file_kinds import MARKDOWN_SUFFIXES
from service.content.identity.slugs import before_query, make_slug, name_slug
from service.content.shortcodes.prefilter import holds
from service.markup import folder_base

_PELICAN = re.compile(
    r"(?:(?<=[(\"'<=])|(?<=\]: ))[{|](filename|static|attach|tag|category|author|index|archives)[}|]"
    r"(/?)([^)\"'>\s]*)"
)
_NAMES = r"(?:filename|static|attach|tag|category|author|index|archives)[}|]"
# Two patterns: one that begins with a literal is found ten times as fast.
_IN_BRACES = re.compile(rf"\{{{_NAMES}")
_IN_BARS = re.compile(rf"\|{_NAMES}")
# In a link, a reference (CommonMark §4.7) or an attribute.
_ZOLA = re.compile(
    r"(?:(?<=\]\()|(?<=\]\(<)|(?<=\]:)|(?<=\]: )|(?<=\]:<)|(?<=\]: <)|(?<=href=\"))@/([^)\s>\"]+)"
)
_ENDINGS = ("", *MARKDOWN_SUFFIXES, ".html", "/index.md", "/_index.md", "/index.html")
_FOLDERS = ("", "_posts/", "content/", "source/_posts/", "posts/")


def has_zola_link(text: str) -> bool:
    """Whether `text` has a link to a file below the content folder of a Zola site: `](@/posts/a.md)`."""
    return bool(_ZOLA.search(text))


class Links:
    """Finds the files that the links of the article at `path` name."""

    def __init__(self, path: str, lookup: FileLookup) -> None:
        above = path.split("/")[:-1]
        self._above = [
            "".join(f"{folder}/" for folder in above[:depth]) for depth in range(len(above), -1, -1)
        ]
        self._lookup = lookup

    def to_source(self, name: str) -> str:
        """A reference to the article with the source file `name`; a guess if there is none."""
        reference = name.strip().strip("\"'`")
        name = before_query(reference)
        rest = reference[len(name) :]  # its query and fragment
        if not name:
            return rest or "#"
        found = self._found(unquote(name), _ENDINGS)
        if found:
            return found + rest
        stem = re.sub(r"\.\w+$", "", unquote(name).rstrip("/").rpartition("/")[2])
        slug = make_slug(date_in_name(stem, UTC)[1])
        return f"/articles/{quote(slug)}{rest}" if slug else rest

    def to_file(self, name: str) -> str:
        """A reference to the file `name`; `name` itself if there is none."""
        return self._found(unquote(name), ("",), ("",)) or name

    def replace(self, text: str) -> str:
        """`text` with the links of Pelican and Zola resolved."""
        if ("{" in text and _IN_BRACES.search(text)) or ("|" in text and _IN_BARS.search(text)):
            text = _PELICAN.sub(self._pelican, text)
        return _ZOLA.sub(lambda match: self.to_source(match[1]), text) if holds(text, "@/") else text

    def _pelican(self, match: re.Match[str]) -> str:
        kind, slash, name = match.groups()
        if kind in {"tag", "category"}:
            return f"/articles?tag={quote(name_slug(unquote(name)))}"
        if kind == "author":
            return f"/articles?author={quote(name_slug(unquote(name)))}"
        if kind in {"index", "archives"}:
            return "/"
        return self.to_source(name) if kind == "filename" else self.to_file(slash + name)

    def _found(self, name: str, endings: tuple[str, ...], inside: tuple[str, ...] = _FOLDERS) -> str | None:
        """The address of the file, `/files/…`: in the folder of the article or in one above it."""
        wanted = name.lstrip("/").removesuffix("/")
        if not wanted or ".." in wanted.split("/") or not wanted.isprintable() or len(wanted) > 250:
            return None
        for above in self._above:
            for inner in inside:
                place = f"{above}{inner}{wanted}"
                for ending in endings:
                    if self._lookup.has(place + ending):
                        return folder_base(f"{place}{ending}/").rstrip("/")
        return None
