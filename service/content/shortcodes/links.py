"""Links in templates, by the name of a source file or below the address of the site."""

import posixpath
import re
from datetime import UTC
from urllib.parse import quote, unquote

from service.content.dates.path_dates import date_in_name
from service.content.files.dependencies import FileLookup
from service.content.files.kinds import MARKDOWN_SUFFIXES
from service.content.identity.slugs import before_query, make_slug, name_slug
from service.content.shortcodes.prefilter import holds
from service.markup import folder_base, heading_anchor

# The pages of listings that Pelican and Nikola name, and what serves as each here.
_LISTING_PAGES = {
    "index": "/",
    "root": "/",
    "archives": "/articles",
    "tags": "/tags",
    "tag_index": "/tags",
    "categories": "/tags",
    "category_index": "/tags",
    "authors": "/authors",
    "author_index": "/authors",
    "rss": "/feed.rss",
    "index_rss": "/feed.rss",
    "atom": "/feed.atom",
    "index_atom": "/feed.atom",
}
_TERMS = {"tag": "tag", "category": "tag", "author": "author"}
_PELICAN_KINDS = "filename|static|attach|tags?|categor(?:y|ies)|authors?|index|archives"
_PELICAN = re.compile(rf"(?:(?<=[(\"'<=])|(?<=\]: ))[{{|]({_PELICAN_KINDS})[}}|](/?)([^)\"'>\s]*)")
# Two patterns: one that begins with a literal is found ten times as fast.
_IN_BRACES = re.compile(rf"\{{(?:{_PELICAN_KINDS})[}}|]")
_IN_BARS = re.compile(rf"\|(?:{_PELICAN_KINDS})[}}|]")
# https://getnikola.com/path_handlers.html
_NIKOLA = re.compile(r"(?:(?<=[(\"'<=])|(?<=\]: ))link://([a-z_]+)(?:/([^)\"'>\s]*))?")
# In a link, a reference (CommonMark §4.7) or an attribute.
_ZOLA = re.compile(
    r"(?:(?<=\]\()|(?<=\]\(<)|(?<=\]:)|(?<=\]: )|(?<=\]:<)|(?<=\]: <)|(?<=href=[\"']))@/([^)\s>\"']+)"
)
# Docusaurus: a path that is no page of its own.
_PATHNAME = re.compile(r"(?<=[(\"'<=])pathname://(?=/)")
_WIKI = re.compile(
    r"(!?)\[\[([^\[\]\n|#]{1,200})(?:#([^\[\]\n|]{1,200}))?(?:\\?\|([^\[\]\n]{1,300}))?\]\](?!\()"
)
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp")
_PERIOD = re.compile(r"([0-9]{4})(?:/([0-9]{2}))?/?")
_ENDINGS = ("", *MARKDOWN_SUFFIXES, ".html", "/index.md", "/_index.md", "/index.html")
_FOLDERS = ("", "_posts/", "content/", "source/_posts/", "posts/")


def has_link(text: str) -> bool:
    """Whether `text` may have a link that Pelican, Zola or Nikola resolve: `{filename}a.md`, `](@/a.md)`."""
    return bool(
        ("{" in text and _IN_BRACES.search(text))
        or ("|" in text and _IN_BARS.search(text))
        or (holds(text, "@/") and _ZOLA.search(text))
        or "link://" in text  # begins with a letter, which is not rare
        or "pathname://" in text
        or ("[[" in text and _WIKI.search(text))
    )


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
        if address := self._find(unquote(name), _ENDINGS):
            return address + rest
        stem = re.sub(r"\.\w+$", "", unquote(name).rstrip("/").rpartition("/")[2])
        slug = make_slug(date_in_name(stem, UTC)[1])
        return f"/articles/{quote(slug)}{rest}" if slug else rest

    def to_file(self, name: str) -> str:
        """A reference to the file `name`; `name` itself if there is none."""
        return self._find(unquote(name), ("",), ("",)) or name

    def replace(self, text: str) -> str:
        """`text` with the links of Pelican, Zola and Nikola resolved."""
        if ("{" in text and _IN_BRACES.search(text)) or ("|" in text and _IN_BARS.search(text)):
            text = _PELICAN.sub(self._pelican, text)
        if holds(text, "link://"):
            text = _NIKOLA.sub(self._nikola, text)
        if holds(text, "pathname://"):
            text = _PATHNAME.sub("", text)
        if "[[" in text:
            text = _WIKI.sub(self._wiki, text)
        return _ZOLA.sub(lambda match: self.to_source(match[1]), text) if holds(text, "@/") else text

    def _wiki(self, match: re.Match[str]) -> str:
        """A link by the name of a file, as wikis have it; the text as it is if no file has the name."""
        is_embedded, name, heading, words = match[1], match[2].strip(), match[3] or "", match[4]
        address = self._find(name, ("", *MARKDOWN_SUFFIXES), ("",)) or self._find(
            make_slug(name), MARKDOWN_SUFFIXES, ("",)
        )
        if address is None:
            return match[0]
        shown = re.sub(r"([\\\[\]<>*_`])", r"\\\1", (words or name).strip())
        is_picture = is_embedded and address.lower().endswith(PICTURES)
        fragment = f"#{quote(heading_anchor(heading))}" if heading else ""
        return f"{'!' if is_picture else ''}[{shown}]({address}{fragment})"

    def _pelican(self, match: re.Match[str]) -> str:
        kind, slash, name = match.groups()
        if kind in _TERMS:
            return _term_address("/articles", _TERMS[kind], name)
        if kind in _LISTING_PAGES:
            return _LISTING_PAGES[kind]
        return self.to_source(slash + name) if kind == "filename" else self.to_file(slash + name)

    def _nikola(self, match: re.Match[str]) -> str:
        kind, name = match[1], match[2] or ""
        term, _, feed = kind.partition("_")
        if kind in {"slug", "filename"} and name:
            return _slug_address(name) if kind == "slug" else self.to_source(f"/{name}")
        if kind == "archive" and (period := _PERIOD.fullmatch(name)):
            return f"/articles?month={period[1]}-{period[2]}" if period[2] else f"/articles?year={period[1]}"
        if kind in _TERMS and name:
            return _term_address("/articles", _TERMS[kind], name)
        if term in _TERMS and feed in {"rss", "atom"} and name:
            return _term_address(f"/feed.{feed}", _TERMS[term], name)
        if kind == "listing" and name:
            return self.to_file(f"/listings/{name}")
        return _LISTING_PAGES.get("archives" if kind == "archive" else kind, match[0])

    def _find(self, name: str, endings: tuple[str, ...], inside: tuple[str, ...] = _FOLDERS) -> str | None:
        """The address of the file, `/files/…`: in the folder of the article or in one above it."""
        wanted = name.lstrip("/").removesuffix("/")
        if not wanted or not wanted.isprintable() or len(wanted) > 250:
            return None
        if {".", ".."} & set(wanted.split("/")):
            places = [posixpath.normpath(self._above[0] + wanted)]
        else:
            places = [f"{above}{inner}{wanted}" for above in self._above for inner in inside]
        for place in places:
            for ending in endings:
                if self._lookup.has(place + ending):
                    return folder_base(f"{place}{ending}/").rstrip("/")
        return None


def _slug_address(reference: str) -> str:
    name = before_query(reference)
    return f"/articles/{quote(make_slug(unquote(name.strip('/'))))}{reference[len(name) :]}"


def _term_address(listing: str, parameter: str, name: str) -> str:
    return f"{listing}?{parameter}={quote(name_slug(unquote(name)))}"
