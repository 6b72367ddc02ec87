"""Notes of Obsidian as Markdown: links by name, embedded files, comments, marks, tags (help.obsidian.md)."""

import posixpath
import re
from urllib.parse import quote, unquote

import msgspec

from service.content.front_matter.values import Entry, normal_key
from service.content.generators.obsidian import other_names
from service.content.parsing.raw_article import RawArticle
from service.content.records import Vault
from service.content.shortcodes.code import Code
from service.content.shortcodes.links import PICTURES
from service.content.shortcodes.prefilter import scan_markers
from service.content.shortcodes.template_tags.tag import quote_attribute
from service.errors import ContentError
from service.markup import CALLOUT_TYPES, folder_base, heading_anchor

_COMMENT = "%%"
_LINK = re.compile(r"(!?)\[\[([^\[\]\n|]{0,500})(?:\\?\|([^\[\]\n]{0,500}))?\]\]")
_SIZED = re.compile(
    r"!\[([^\]\n|]{0,300})\\?\|(\d{1,4})(?:x(\d{1,4}))?\]\((<[^<>\n]{1,1000}>|[^()\s]{1,1000})\)"
)
# A link of Markdown to a note or a heading; Obsidian has no titles of links.
_MARKDOWN_LINK = re.compile(
    r"(?<=\]\()(?:<(?P<enclosed>[^<>\n]{1,1000})>|(?P<bare>[^()<>\"\n]{1,1000}))(?=\))"
)
_WEB = re.compile(r"[a-z][a-z0-9+.-]*:|/|\?", re.IGNORECASE)
# Only Obsidian can show these files.
_DRAWINGS = (".canvas", ".base", ".excalidraw.md")
_SIZE = re.compile(r"(\d{1,4})(?:x(\d{1,4}))?")
_MARK = re.compile(r"(?<![=\w])==(?=[^\s=])([^=\n]{0,1000}[^\s=])==(?![=\w])")
_CALLOUT = re.compile(r"^([ \t>]*>[ \t]*\[!)([\w-]{1,50})(\][+-]?)([ \t]*)(?=(.?))", re.MULTILINE)
_BLOCK_ID = re.compile(r"(?:(?<=[ \t])|(?<=\]\])|^)\^([A-Za-z0-9-]{1,100})[ \t]*$", re.MULTILINE)
_TAG = re.compile(r"(?<![^\s(])#((?=[\w/-]*[^\W\d_])[\w-][\w/-]{0,100})")
_LINE_END = re.compile(r"([^\s\x00|>])\n(?=[^\n\x00|#>])")
_SOUNDS = (".mp3", ".wav", ".m4a", ".ogg", ".3gp", ".flac", ".opus")
_FILMS = (".mp4", ".webm", ".ogv", ".mov", ".mkv")


def read_note(raw: RawArticle, folder: str, vault: Vault) -> RawArticle:
    """The note `raw` of the vault in `folder` as an article of any other kind.

    Where it has no property for tags, those in its text count. Unless a generator publishes it, its title is
    its file name, and its aliases are other names and no former addresses. In a vault without settings a
    heading at the beginning is the title, and in a site of another generator only links and marks are read.
    """
    code = Code("markdown")
    hidden, is_closed = code.hide(raw.text, scan_markers(raw.text)), True
    keys = {normal_key(entry.name) for entry in raw.entries}
    tags: list[str] = []
    if vault.is_declared or not vault.is_site:
        hidden, is_closed = _without_comments(hidden)
        tags = [] if keys & {"tags", "tag"} else list(dict.fromkeys(_TAG.findall(hidden)))
    links = _VaultLinks(raw.path, folder, vault)
    hidden = _BLOCK_ID.sub(r'<a id="^\1"></a>', hidden)
    if "[[" in hidden:
        hidden = _LINK.sub(links.replace, hidden)
    if "](" in hidden:
        hidden = _SIZED.sub(_sized_image, hidden)
        hidden = _MARKDOWN_LINK.sub(links.replace_destination, hidden)
    hidden = _MARK.sub(r"<mark>\1</mark>", hidden)
    hidden = _CALLOUT.sub(_known_callout, hidden)
    if vault.breaks_lines:
        hidden = _LINE_END.sub(r"\1  \n", hidden)
    entries = [entry if vault.is_site else _rename_aliases(entry) for entry in raw.entries]
    has_title = "title" in keys or (not vault.is_declared and raw.text.lstrip().startswith("# "))
    if not has_title and not vault.is_site:
        entries.append(Entry("title", raw.line, raw.path.rpartition("/")[2].rpartition(".")[0]))
    if tags:
        entries.append(Entry("tags", raw.line, tags))
    notes = [] if is_closed else ["a comment (%%) is never closed: everything after it is removed"]
    if links.unresolved:
        names = ", ".join(dict.fromkeys(links.unresolved))
        notes.append(
            f"links to drawings and to notes that do not exist or are not public, shown as text: {names}"
        )
    return msgspec.structs.replace(
        raw,
        text=code.show(hidden),
        entries=tuple(entries),
        notes=tuple(ContentError(raw.line, note, harmless=True) for note in notes),
    )


def _without_comments(text: str) -> tuple[str, bool]:
    """`text` without comments, and whether the last one is closed; one that is not reaches to the end."""
    parts = text.split(_COMMENT)
    return "".join(parts[::2]), len(parts) % 2 == 1


def _rename_aliases(entry: Entry) -> Entry:
    if normal_key(entry.name) not in {"aliases", "alias"}:
        return entry
    addresses = [name for name in other_names(entry.value) if name.startswith("/")]
    return entry if addresses else msgspec.structs.replace(entry, name="other_names")


def _known_callout(match: re.Match[str]) -> str:
    """A callout of a type of the vault's own is a note, as Obsidian shows it."""
    beginning, kind, ending, space, title = match.groups()
    if kind.lower() in CALLOUT_TYPES:
        return match[0]
    return f"{beginning}note{ending}{space if title else f' {kind.capitalize()}'}"


def _sized_image(match: re.Match[str]) -> str:
    alt, width, height, address = match.groups()
    return _image(address.strip("<>"), alt, width, height)


def _image(address: str, alt: str, width: str, height: str | None) -> str:
    size = f' width="{width}"' + (f' height="{height}"' if height else "")
    # A tag alone on its line would take the lines after it into a block of HTML.
    return f"<span><img src={quote_attribute(address)} alt={quote_attribute(alt)}{size}></span>"


class _VaultLinks:
    """Resolves the links of the note at `path`, and keeps the names that lead nowhere."""

    def __init__(self, path: str, folder: str, vault: Vault) -> None:
        self.unresolved: list[str] = []
        self._path = path
        self._folder = folder
        self._beside = path[: path.rfind("/") + 1]
        self._vault = vault

    def replace(self, match: re.Match[str]) -> str:
        is_embedded = bool(match[1])
        target, _, heading = match[2].strip().partition("#")
        target = target.rstrip("\\").strip()
        words = (match[3] or "").strip()
        fragment = _fragment(heading)
        if not target and not heading:
            return match[0]
        path = self._find(target) if target else self._path
        if path is None or path.lower().endswith(_DRAWINGS):
            self.unresolved.append(f"[[{match[2].strip()}]]")
            return words if words and not is_embedded else target
        if not target:
            return _link(fragment, words or heading.lstrip("^#"))
        address = folder_base(f"{path}/").rstrip("/")
        if is_embedded and not path.lower().endswith(".md"):
            return _embed(address, path, words)
        shown = target.rpartition("/")[2] if is_embedded else target
        if heading and not heading.startswith("^"):
            shown = f"{shown} > {heading.replace('#', ' > ')}"
        return _link(address + fragment, words or shown)

    def replace_destination(self, match: re.Match[str]) -> str:
        """The destination of a link of Markdown: a path from the note or, as Obsidian reads it, in the vault.

        A heading has the id that it has here: `Note%20Two.md#Head%20One`.
        """
        target = (match["enclosed"] or match["bare"]).strip()
        if _WEB.match(target):
            return match[0]
        path, mark, heading = target.partition("#")
        name = unquote(path)
        if name and not self._is_beside(name) and (found := self._find(name)):
            return folder_base(f"{found}/").rstrip("/") + _fragment(unquote(heading))
        return quote(name) + _fragment(unquote(heading)) if mark or " " in path else match[0]

    def _is_beside(self, name: str) -> bool:
        """Whether a relative path leads to a file of the vault."""
        place = posixpath.normpath(self._beside + name)
        known = self._vault.files.get(place.rpartition("/")[2].casefold().removesuffix(".md"), ())
        return place in known or f"{place}.md" in known

    def _find(self, target: str) -> str | None:
        """The file that a link names: its path in the vault, else one next to the note, else the shortest."""
        wanted = target.removesuffix(".md").casefold().lstrip("/")
        while wanted.startswith(("./", "../")):
            wanted = wanted.partition("/")[2]
        matches = self._vault.files.get(wanted) or self._vault.files.get(wanted.rpartition("/")[2], ())
        ending = wanted if "/" in wanted else ""
        matches = tuple(path for path in matches if _has_ending(path, ending))
        exact = self._folder.casefold() + wanted
        return min(
            matches,
            key=lambda path: (
                path.casefold().removesuffix(".md") != exact,
                not path.startswith(self._beside),
                len(path),
                path,
            ),
            default=None,
        )


def _has_ending(path: str, ending: str) -> bool:
    return f"/{path.casefold().removesuffix('.md')}".endswith(f"/{ending}") if ending else True


def _fragment(heading: str) -> str:
    """The fragment of a link to a heading, the last of several, or to the block with an id."""
    if not heading:
        return ""
    last = heading.rpartition("#")[2].strip()
    return f"#{quote(last)}" if last.startswith("^") else f"#{quote(heading_anchor(last))}"


def _link(address: str, words: str) -> str:
    escaped = re.sub(r"([\\\[\]<>*_`])", r"\\\1", words) if "`" not in words else words.replace("]", r"\]")
    return f"[{escaped}]({address})"


def _embed(address: str, path: str, words: str) -> str:
    name = path.rpartition("/")[2]
    kind = name.lower()
    if kind.endswith(PICTURES):
        alt, _, size = words.rpartition("|")
        match = _SIZE.fullmatch(size.strip())
        alt = (alt if match else words) or name.rpartition(".")[0]
        return _image(address, alt, match[1], match[2]) if match else f"!{_link(address, alt)}"
    if kind.endswith(_SOUNDS):
        return f"<audio src={quote_attribute(address)} controls></audio>"
    if kind.endswith(_FILMS):
        return f"<video src={quote_attribute(address)} controls></video>"
    return _link(address, words or name)
