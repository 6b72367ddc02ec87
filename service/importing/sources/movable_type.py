"""Movable Type's import format, which TypePad, Hatena and many blogs of Japan export as well.

Entries end in a line of eight hyphens, their sections in one of five. The first section holds `KEY: value`
lines, the others begin with their name (`BODY:`). The format cannot escape these lines: what follows one
and begins with no known key or section is taken as more of the text before it.
"""

import re
from collections import Counter
from datetime import datetime

import msgspec

from service.content.parsing.decoding import decode
from service.importing.document import SourceDocument
from service.importing.draft_reasons import PASSWORD, publication_reason
from service.importing.item import FieldReader, ImportedItem, ImportOptions, ItemsAndNotes, Note, NoteKind
from service.importing.parsing.feed_values import as_line, make_authors, title_line
from service.importing.sources.wordpress.text import break_paragraphs
from service.model import Image

_KEYS = frozenset(
    (
        "AUTHOR,TITLE,STATUS,BASENAME,DATE,CATEGORY,PRIMARY CATEGORY,TAGS,UNIQUE URL,"
        "CONVERT BREAKS,ALLOW COMMENTS,ALLOW PINGS,NO ENTRY,IMAGE,PASSWORD,ID"
    ).split(",")
)
_SECTIONS = frozenset({"BODY", "EXTENDED BODY", "EXCERPT", "KEYWORDS", "COMMENT", "PING"})
_KEY_LINE = re.compile(r"([A-Z][A-Z ]*[A-Z]|ID):[ \t]*(.*)")
_ENTRY_END = re.compile(r"^-{8}[ \t]*$", re.MULTILINE)
_SECTION_END = re.compile(r"^-{5}[ \t]*$", re.MULTILINE)
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?)?")
_TAG = re.compile(r'"(?P<quoted>[^"]*)"|(?P<bare>[^",]+)')
_LOOKS_FAR = 20_000
_MARKDOWN = frozenset({"markdown", "markdown_with_smartypants", "markdown_smartypants"})


class EntrySection(msgspec.Struct):
    """A section of an entry: its name, and its text in pieces that a line of hyphens parted."""

    name: str
    pieces: list[str]


class ExportEntry(msgspec.Struct):
    """One entry of an export: (key, value) pairs and sections in their order."""

    pairs: list[tuple[str, str]]
    sections: list[EntrySection]

    def get(self, *keys: str) -> str:
        """The first value of the first of `keys` that has one; "" if none has."""
        values = (value for key in keys for name, value in self.pairs if name == key and value)
        return next(values, "")

    def text(self, name: str) -> str:
        """The text of all sections called `name`."""
        texts = ("\n".join(section.pieces).strip("\n") for section in self.sections if section.name == name)
        return "\n\n".join(text for text in texts if text.strip())


def is_movable_type(text: str) -> bool:
    """Whether a text begins like an export: `KEY: value` lines, a line of hyphens, a known section.

    It may end anywhere in these: what is left of an export would be read as text, and that is public.
    """
    beginning = text[:_LOOKS_FAR].lstrip("\ufeff \t\r\n").replace("\r\n", "\n")
    head, end, rest = beginning.partition("\n-----\n")
    lines = head.rstrip().split("\n")
    matches = [_KEY_LINE.fullmatch(line.strip()) for line in lines]
    keys = {match[1] for match in matches if match}
    if not end:
        return len(text) < _LOOKS_FAR and all(matches[:-1]) and len(keys & {"AUTHOR", "TITLE", "STATUS"}) > 1
    is_section = _section_name(rest) is not None or any(
        name.startswith(rest.strip(":\n")) for name in _SECTIONS
    )
    return all(matches) and bool(keys & {"TITLE", "DATE"}) and is_section


def read_movable_type(document: SourceDocument, name: str, options: ImportOptions) -> ItemsAndNotes:
    """The entries of an export; their comments and pings are counted, but not imported."""
    text, guess = decode(document.read())
    if guess:
        yield Note("note", f"{name}:{guess.line}", guess.message)
    left_out: Counter[str] = Counter()
    for number, entry in enumerate(_read_entries(text), start=1):
        place = f"{name}, entry {number}"
        left_out["comments"] += sum(section.name == "COMMENT" for section in entry.sections)
        left_out["pings"] += sum(section.name == "PING" for section in entry.sections)
        left_out["keywords"] += bool(entry.text("KEYWORDS"))
        if entry.get("NO ENTRY") not in {"", "0"}:
            yield Note("left out", place, "it only holds comments (NO ENTRY)", "empty posts")
            continue
        yield _item(entry, place, options)
    if not _ends_in_entry_end(text):
        message = "the file ends within this entry, which may be incomplete; export it again"
        yield Note("fault", f"{name}:{text.count(chr(10)) + 1}", message)
    reasons = {
        "comments": "comments are not imported",
        "pings": "pings are not imported",
        "keywords": "posts with KEYWORDS, which are not imported; copy those you need to `tags`",
    }
    for category, count in left_out.items():
        if count:
            yield Note("left out", name, f"{count} {category}: {reasons[category]}", category, count)


def _item(entry: ExportEntry, place: str, options: ImportOptions) -> ImportedItem | Note:
    fields = FieldReader(options, options.base)
    title = title_line(entry.get("TITLE"))
    breaks = entry.get("CONVERT BREAKS").lower()
    written = "\n\n".join(filter(None, (entry.text("BODY"), entry.text("EXTENDED BODY"))))
    if not (title or written.strip()):
        return Note("left out", place, "it has neither title nor text", "empty posts")
    notes: list[tuple[NoteKind, str]] = []
    if breaks.startswith("textile"):
        notes.append(("note", "its text is written in Textile, which is not converted"))
    published = fields.instant(_iso_date(entry.get("DATE")), "DATE")
    basename = entry.get("BASENAME").strip("/")
    # Hatena writes the path of the address there, below /entry/.
    aliases = (f"/entry/{basename}",) if "/" in basename else ()
    link = fields.reference(entry.get("UNIQUE URL"), "UNIQUE URL")
    if link is None and aliases and options.base:
        link = f"{options.base.rstrip('/')}{aliases[0]}"
    image = fields.reference(entry.get("IMAGE"), "IMAGE")
    categories = [value for key, value in entry.pairs if key in {"PRIMARY CATEGORY", "CATEGORY"}]
    tags = [*map(as_line, categories), *_tag_list(entry.get("TAGS"))]
    return ImportedItem(
        place=place,
        title=title,
        text=written if breaks in {"0", "richtext"} | _MARKDOWN else break_paragraphs(written),
        format="markdown" if breaks in _MARKDOWN else "html",
        base=link or options.base or "",
        id=link,
        link=link,
        slug=basename.rpartition("/")[2] or None,
        summary=as_line(entry.text("EXCERPT")),
        published=published,
        authors=make_authors([entry.get("AUTHOR")]),
        tags=tuple(dict.fromkeys(filter(None, tags))),
        image=Image(url=image) if image else None,
        draft=_draft_reason(entry, published, options),
        aliases=aliases,
        notes=(*fields.notes, *notes),
    )


def _draft_reason(entry: ExportEntry, published: datetime | None, options: ImportOptions) -> str | None:
    status = entry.get("STATUS").strip().lower()
    if entry.get("PASSWORD"):
        return PASSWORD
    return publication_reason(
        status, public={"publish", "published"}, scheduled="future", published=published, options=options
    )


def _tag_list(written: str) -> list[str | None]:
    """`music,"jazz, live"` as two tags."""
    return [as_line(match["quoted"] or match["bare"]) for match in _TAG.finditer(written)]


def _iso_date(written: str) -> str:
    """`02/01/2019 12:05:00 AM` as `2019-02-01 00:05:00`; unchanged if it has another notation."""
    match = _DATE.fullmatch(written.strip())
    if match is None:
        return written
    month, day, year, hour, minute, second, half = match.groups()
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    return f"{year}-{int(month):02}-{int(day):02} {hours:02}:{minute or '00'}:{second or '00'}"


def _read_entries(text: str) -> list[ExportEntry]:
    entries: list[ExportEntry] = []
    for chunk in _ENTRY_END.split(text):
        head, *sections = _SECTION_END.split(chunk)
        pairs = _pairs(head)
        # An entry with unknown keys must not become text of the previous one, which may be public.
        if len(pairs) > 1 or "BODY" in map(_section_name, sections):
            entries.append(ExportEntry(pairs, []))
        elif entries:
            _continue(entries[-1], "--------", head)
        for section in sections if entries else ():
            name = _section_name(section)
            if name:
                text_of_section = section.lstrip("\n").partition(":")[2]
                entries[-1].sections.append(EntrySection(name, [text_of_section.strip("\n")]))
            else:
                _continue(entries[-1], "-----", section)
    return entries


def _ends_in_entry_end(text: str) -> bool:
    return bool(_ENTRY_END.fullmatch(text.rstrip().rpartition("\n")[2]))


def _continue(entry: ExportEntry, hyphens: str, text: str) -> None:
    """Append to the last section: a line of hyphens was part of its text."""
    if entry.sections and text.strip():
        entry.sections[-1].pieces += [hyphens, text.strip("\n")]


def _pairs(head: str) -> list[tuple[str, str]]:
    """The `KEY: value` lines whose key is known."""
    matches = [_KEY_LINE.fullmatch(line.strip()) for line in head.strip().split("\n")]
    return [(match[1], match[2].strip()) for match in matches if match and match[1] in _KEYS]


def _section_name(section: str) -> str | None:
    first = section.lstrip("\n").partition("\n")[0]
    name, colon, rest = first.partition(":")
    known = name in _SECTIONS and bool(colon)
    return name if known and (not rest.strip() or name in {"EXCERPT", "KEYWORDS"}) else None
