"""One article file, whatever its kind, becomes Articles and Faults."""

import logging
import re
from pathlib import Path

import msgspec

from service.content.article import read_article
from service.content.encoding import decode
from service.content.front_matter import JsonObjects, split
from service.content.left_out import reason_by_path, reason_of_data
from service.content.loaded import Context, Folders, LeftOut, Loaded, Receipt, Redirect
from service.content.manuscript import Manuscript
from service.content.neighbours import Neighbours
from service.content.pages import is_whole_page, split_page
from service.content.patience import MOST_SECONDS, patience
from service.content.place import place_of
from service.content.scraped import read_scraped
from service.content.values import Entry, normal_key, written
from service.errors import ContentError, Fault
from service.markup import TextFormat
from service.model import Article, Site

# Which key of a JSON record holds the body, the best first, and how it is to be read; None: by its looks.
_BODIES: tuple[tuple[str, TextFormat | None], ...] = (
    ("content_html", "html"),
    ("html", "html"),
    ("markdown", "markdown"),
    ("content_text", "text"),
    ("text", "text"),
    ("content", None),
    ("body", None),
)
_BODY_KEYS = {key for key, _ in _BODIES}
_LOOKS_LIKE_HTML = re.compile(
    r"<(?:p|div|br|h[1-6]|ul|ol|a|img|blockquote|article|section)\b[^<>]*>", re.IGNORECASE
)


_TITLE_KEYS = {"title", "headline", "name"}
_ALONE = Context()

OUR_FAILURE = "Broadsheet failed to read this"

log = logging.getLogger("broadsheet")


class _Read(msgspec.Struct, frozen=True):
    manuscripts: tuple[Manuscript, ...]
    faults: tuple[ContentError, ...]
    left_out: str | None = None


def load(
    root: Path,
    path: str,
    data: bytes,
    site: Site,
    context: Context = _ALONE,
    folders: Folders | None = None,
) -> Loaded:
    """The articles in the file at `path`, whose bytes are `data`, and everything wrong with them.

    An article with a wrong value is set aside; a doubtful value is reported and the article kept. Never
    raises for any `data`. `root` is looked at only to measure the attachments that lie there and to find what
    its links mean, which is all told as `consulted`; `context` is what the folder says of all its articles
    (see `scan`), `folders` which it holds.
    """
    if reason := reason_by_path(path, context.own):
        return Loaded((), (), left_out=(LeftOut(path, 1, reason),))
    neighbours = Neighbours(root, folders)
    faults: list[ContentError] = []
    articles: list[Article] = []
    left_out: list[LeftOut] = []
    redirects: list[Redirect] = []
    receipts: list[Receipt] = []
    try:
        text, note = decode(data)
        faults += [note] if note else []
        with patience(seconds=MOST_SECONDS + len(data) / 1_000_000):
            read = _read(path, text)
    except ContentError as error:
        read = _Read((), (error,))
    except Exception as error:
        read = _Read((), (_our_failure(path, 1, error),))
    faults += read.faults
    left_out += [LeftOut(path, 1, read.left_out)] if read.left_out else []
    for manuscript in read.manuscripts:
        try:
            with patience(manuscript.line):
                page = None
                if manuscript.scraped is not None:
                    dated = manuscript.named and place_of(path, context, site.zone).dated is not None
                    page = read_scraped(manuscript, site, dated=dated)
                    manuscript = page.manuscript
                reading = read_article(manuscript, neighbours, site, context)
        except ContentError as error:
            faults.append(error)
            continue
        except Exception as error:
            faults.append(_our_failure(path, manuscript.line, error))
            continue
        if page and not reading.left_out:
            faults += page.notes
            receipts += page.receipts
        left_out += [LeftOut(path, manuscript.line, reading.left_out)] if reading.left_out else []
        redirects += [reading.redirect] if reading.redirect else []
        faults += reading.faults
        articles += [reading.article] if reading.article else []
    return Loaded(
        articles=tuple(articles),
        faults=tuple(sorted({Fault(path, fault.line, fault.message) for fault in faults})),
        left_out=tuple(left_out),
        redirects=tuple(redirects),
        receipts=tuple(receipts),
        consulted=neighbours.consulted,
    )


def _our_failure(path: str, line: int, error: Exception) -> ContentError:
    """What nobody foresaw in one article, logged in full: it must not keep the others from being served."""
    log.exception("%s:%d could not be read", path, line)
    return ContentError(line, f"{OUR_FAILURE} ({type(error).__name__}); please report it, with the file")


def _read(path: str, text: str) -> _Read:
    suffix = path.lower().rpartition(".")[2]
    if suffix == "jsonl":
        return _read_lines(path, text)
    if suffix == "json":
        if text.lstrip().startswith("[") and "{" not in text:
            return _Read((), (), "data: neither a title nor a text")
        if text.lstrip().startswith(("---", "{%")):
            return _Read((), (), "a template: its engine makes the JSON")
        entries, faults, end = JsonObjects().parse(text.lstrip(), 1 + _lines_before(text))
        if text.lstrip()[end:].strip():
            raise ContentError(
                1, "more follows after the JSON object; one article a line belongs in a .jsonl file"
            )
        reason = reason_of_data(
            path, {normal_key(name): entry for name, entry in entries.items()}, _BODY_KEYS
        )
        if reason:
            return _Read((), (), reason)
        return _Read(() if faults else (_record(path, entries, 1),), tuple(faults))
    if suffix in {"html", "htm"}:
        return _read_page(path, text)
    return _read_document(path, text, "text" if suffix == "txt" else "markdown")


def _read_document(path: str, text: str, form: TextFormat) -> _Read:
    matter = split(text, headers=form == "markdown")
    if matter.faults:
        return _Read((), matter.faults)
    if form == "text" and not matter.present:
        return _Read((Manuscript(path=path, entries=(), text=matter.body, form=form, scraped=text),), ())
    manuscript = Manuscript(path=path, entries=tuple(matter.entries.values()), text=matter.body, form=form)
    return _Read((manuscript,), matter.notes)


def _read_page(path: str, text: str) -> _Read:
    """HTML: front matter wins over what the head of a whole page says."""
    matter = split(text)
    if matter.faults:
        return _Read((), matter.faults)
    entries, body = matter.entries, matter.body
    if is_whole_page(body):
        said, body = split_page(body, matter.body_line)
        given = {normal_key(name) for name in entries}
        entries = entries | {name: entry for name, entry in said.items() if name not in given}
    scraped = None if matter.present else text
    page = Manuscript(path=path, entries=tuple(entries.values()), text=body, form="html", scraped=scraped)
    return _Read((page,), matter.notes)


def _read_lines(path: str, text: str) -> _Read:
    """JSON Lines: each line an article; a bad line hurts no other."""
    manuscripts: list[Manuscript] = []
    faults: list[ContentError] = []
    objects = JsonObjects()
    for line, record in enumerate(text.split("\n"), start=1):
        if not record.strip():
            continue
        try:
            entries, wrong, end = objects.parse(record.strip(), line)
            if record.strip()[end:]:
                raise ContentError(line, "more follows after the JSON object; give each article a line")
            faults += wrong
            if not wrong:
                manuscripts.append(_record(path, entries, line, number=line - 1, named=False))
        except ContentError as error:
            faults.append(error)
    return _Read(tuple(manuscripts), tuple(faults))


def _record(
    path: str, entries: dict[str, Entry], line: int, *, number: int = 0, named: bool = True
) -> Manuscript:
    """The manuscript in a JSON object; of several bodies the best is read and the others left."""
    keys = {normal_key(name): name for name in reversed(entries)}
    bodies = [(keys[key], form) for key, form in _BODIES if key in keys and _has_text(entries[keys[key]])]
    rest = tuple(entry for name, entry in entries.items() if name not in {name for name, _ in bodies})
    if not bodies:
        return Manuscript(path, rest, "", "text", line, number, named)
    name, form = bodies[0]
    text = written(entries[name].value) or ""
    looks: TextFormat = "html" if _LOOKS_LIKE_HTML.search(text) else "text"
    titled = any(normal_key(name) in _TITLE_KEYS for name in entries)
    scraped = None if titled or form == "markdown" else text
    return Manuscript(path, rest, text, form or looks, line, number, named, scraped)


def _has_text(entry: Entry) -> bool:
    return isinstance(entry.value, str) and bool(entry.value.strip())


def _lines_before(text: str) -> int:
    return text.count("\n", 0, len(text) - len(text.lstrip()))
