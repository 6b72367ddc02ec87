"""Substack's export: `posts.csv` lists the posts, `posts/<post_id>.html` holds the text of each."""

import csv
import html
import io
import re
from pathlib import Path
from urllib.parse import urlsplit

from turbohtml import parse_fragment

from service.content.parsing.decoding import decode
from service.errors import ContentError, reason_of
from service.importing.draft_reasons import DRAFT, EMAIL, MEMBERS, is_true
from service.importing.item import FieldReader, ImportedItem, ImportOptions, ItemsAndNotes, Note, NoteKind
from service.importing.parsing.feed_values import attachment
from service.importing.sources.json_feed import plain_line
from service.importing.sources.native_files import SourceFolder

LIST_NAME = "posts.csv"
TEXTS_FOLDER = "posts"
_PUBLIC_TYPES = frozenset({"newsletter", "podcast", "video", "thread", "page", ""})
_POST_ID = re.compile(r"\d+\.[\w-]+")
# Buttons of the old site to subscribe, share, comment or donate.
_ACTION = re.compile(r"href=\"[^\"]*(?:/subscribe\b|[?&;]action=share|/comments\b|%%|/leaderboard|/chat\b)")
_LONGEST_FIELD = 100_000_000


def is_post_list(data: bytes) -> bool:
    """Whether a file is the list of posts: its first line names the columns that say who may read a post."""
    first = decode(data[:5000].partition(b"\n")[0] or b" ")[0].lower()
    return "post_id" in first and "is_published" in first


def read_substack(
    data: bytes, path: str, name: str, options: ImportOptions, folder: SourceFolder
) -> ItemsAndNotes:
    """The posts listed in `posts.csv` at `path`, with the texts that lie next to it.

    A post that is not published, or whose `audience` is not `everyone`, becomes a draft. Its id is its
    address where `options.base` gives the publication's, as in Substack's feed; else its post id.
    """
    text, guess = decode(data)
    if guess:
        yield Note("note", f"{name}:{guess.line}", guess.message)
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.DictReader(io.StringIO(text))
    inside = (folder.root / path).parent / TEXTS_FOLDER
    texts = {
        file.stem: file for file in sorted(inside.glob("*.html")) if file.is_file() and not file.is_symlink()
    }
    listed: set[str] = set()
    try:
        for row in reader:
            fields = {
                (key or "").strip().lower(): plain_line(html.unescape(value or "")) or ""
                for key, value in row.items()
                if key
            }
            place = f"{name}:{reader.line_num}"
            listed.add(fields.get("post_id", ""))
            yield _post_or_fault(fields, place, texts, options)
    except csv.Error as error:
        raise ContentError(reader.line_num, f"this is not CSV: {error}") from None
    for post_id in sorted(texts.keys() - listed):
        message = f"{name} does not list it, so nothing says whether it was public"
        yield Note("left out", f"{TEXTS_FOLDER}/{post_id}.html", message, "unlisted posts")


def _post_or_fault(
    row: dict[str, str], place: str, texts: dict[str, Path], options: ImportOptions
) -> ImportedItem | Note:
    """A post, or a fault if its text cannot be read, so that the others are imported."""
    try:
        return _post(row, place, texts, options)
    except ContentError as error:
        return Note("fault", place, error.message)


def _post(
    row: dict[str, str], place: str, texts: dict[str, Path], options: ImportOptions
) -> ImportedItem | Note:
    fields = FieldReader(options, options.base)
    post_id, title, kind = row.get("post_id", ""), row.get("title") or None, row.get("type", "").lower()
    if kind == "page" and not options.pages:
        message = f"{title or post_id!r} is a page, not an article (--pages imports them)"
        return Note("left out", place, message, "pages")
    notes: list[tuple[NoteKind, str]] = []
    text, dropped = _text(post_id, texts, notes)
    if not (title or text.strip()):
        return Note("left out", place, f"post {post_id!r} has neither title nor text", "empty posts")
    slug = row.get("slug") or (post_id.partition(".")[2] if _POST_ID.fullmatch(post_id) else "")
    former = f"/p/{slug}" if slug else None
    link = f"{options.base.rstrip('/')}{former}" if options.base and former else None
    sound = fields.reference(row.get("podcast_url"), "podcast_url")
    return ImportedItem(
        place=place,
        title=title,
        subtitle=row.get("subtitle") or None,
        text=text,
        base=link or "",
        id=link or (f"substack:{post_id}" if post_id else None),
        link=link,
        slug=slug or None,
        published=fields.instant(row.get("post_date"), "post_date"),
        attachments=(attachment(sound, _sound_type(sound), None),) if sound else (),
        draft=_draft_reason(row, kind),
        is_page=kind == "page",
        aliases=(former,) if former else (),
        dropped=dropped,
        notes=(*fields.notes, *notes),
    )


def _text(
    post_id: str, texts: dict[str, Path], notes: list[tuple[NoteKind, str]]
) -> tuple[str, dict[str, int]]:
    """The text of a post and what was cut from it; empty, with a note, where there is no file of its own."""
    file = texts.get(post_id)
    if file is None:
        notes.append(("note", f"it has no text: there is no {TEXTS_FOLDER}/{post_id}.html"))
        return "", {}
    try:
        text = decode(file.read_bytes())[0]
    except OSError as error:
        raise ContentError(1, f"{file.name} cannot be read: {reason_of(error)}") from error
    fragment = parse_fragment(text)
    buttons = [element for element in fragment.select(".button-wrapper") if _ACTION.search(element.html)]
    cut = [*fragment.select(".subscription-widget-wrap, .subscription-widget-wrap-editor"), *buttons]
    for element in cut:
        element.decompose()
    return (fragment.inner_html, {"buttons of Substack": len(cut)}) if cut else (text, {})


def _sound_type(url: str) -> str | None:
    """The media type of an episode: its address at Substack has no suffix, the file is MP3."""
    return None if "." in urlsplit(url).path.rpartition("/")[2] else "audio/mpeg"


def _draft_reason(row: dict[str, str], kind: str) -> str | None:
    if not is_true(row.get("is_published")):
        return DRAFT
    if kind not in _PUBLIC_TYPES:
        return EMAIL if "email" in kind else f"of type {kind!r}"
    return None if row.get("audience", "").lower() == "everyone" else MEMBERS
