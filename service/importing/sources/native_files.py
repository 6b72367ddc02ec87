"""Files that Broadsheet itself loads, as items: Markdown, HTML pages, scraped text, JSON and JSON Lines."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec

from service.content.body.inline_markup import write_plain
from service.content.files.kinds import SUFFIXES
from service.content.front_matter.known_keys import DRAFTS
from service.content.front_matter.splitting import split
from service.content.front_matter.values import as_items, normal_key, to_json
from service.content.front_matter.writer import write_front_matter
from service.content.parsing.decoding import decode
from service.content.parsing.json_lines import is_json_lines
from service.content.pipeline import load, load_parts
from service.content.records import FilePart, SiteContext
from service.importing.conversion.to_markdown import unmark_references
from service.importing.draft_reasons import DRAFT, record_reason
from service.importing.item import ImportedItem, ImportOptions, ItemsAndNotes, Note, NoteKind
from service.importing.parsing.json_values import as_map, as_text
from service.markup import SITE
from service.model import Article

# Fields of the API that are derived from others.
_DERIVED = frozenset({"formats", "word_count", "reading_minutes", "translations"})
_DRAFT = frozenset((*DRAFTS, *"published publish public status hidden headless _build build".split()))
_HIDING = _DRAFT | {"visibility", "password", "audience", "access", "private", "unlisted", "hide"}
_OWN_ADDRESS = ("url", "permalink")
"""Keys of a record in JSON for its own address, where that is absolute."""

_WEB_ADDRESS = re.compile(r"https?://[\w.:-]+(?:/[^\s<>\"]*)?")
_FILES = re.compile(r"/files/([^\s\"'<>?#,)]+)")
_LISTS_OF_NAMED = ("tags", "authors")


class SourceFolder(msgspec.Struct, frozen=True):
    """The folder of a file, and what other files in it state about the file."""

    root: Path
    context: SiteContext = SiteContext()


def read_file(
    data: bytes, path: str, name: str, options: ImportOptions, folder: SourceFolder
) -> ItemsAndNotes:
    """The articles in one file of a folder, as `service.content.pipeline` finds them, drafts among them.

    `path` ends in the suffix that decides how the file is read, `name` is its own name.
    """
    return read_articles([(FilePart(path, len(data)), data)], name, options, folder)


def read_articles(
    parts: Iterable[tuple[FilePart, bytes]],
    name: str,
    options: ImportOptions,
    folder: SourceFolder,
    *,
    is_list: bool = False,
) -> ItemsAndNotes:
    """The same for a file in parts, of which only JSON Lines have several; `name` is its own name.

    The lines of a file that `is_list` are the articles of a list in JSON, wherever they are in it.
    """
    cuts: Counter[str] = Counter()
    place = f"{name}, article " if is_list else f"{name}:"
    for part, data in parts:
        yield from _read_part(part, data, name, place, options, folder, cuts)
    counts = ", ".join(f"{rule} {count}×" for rule, count in sorted(cuts.items()))
    if counts:
        yield Note("cut", name, f"lines cut or moved: {counts} (`check --explain` on the source shows each)")


def _read_part(
    part: FilePart,
    data: bytes,
    name: str,
    place: str,
    options: ImportOptions,
    folder: SourceFolder,
    cuts: Counter[str],
) -> ItemsAndNotes:
    """The articles of a part; `place` and a number name one of many."""
    path = part.path
    is_record = path.lower().endswith((".json", ".jsonl"))
    if is_record:
        data = _plain_records(data)
    (loaded,) = load_parts(folder.root, [(part, data)], options.site, folder.context)
    draft = not (loaded.articles or loaded.pages or loaded.faults) and path.lower().endswith(
        (".md", ".markdown")
    )
    if draft:
        drafted = load(folder.root, path, _published(data), options.site, folder.context)
        draft = bool(drafted.articles or drafted.pages)
        loaded = drafted if draft else loaded
    many = is_json_lines(path)
    cuts.update(f"{receipt.rule}" for receipt in loaded.receipts)
    articles = (*loaded.articles, *loaded.pages)
    for article in articles:
        article_place = f"{place}{article.number + 1}" if many else name
        reason = DRAFT if draft else record_reason(article.extra) if is_record else None
        link = _find_own_address(article) if is_record else None
        yield _item(article, article_place, folder.root, reason, link)
    read = {article.number + 1 for article in articles}
    for fault in loaded.faults:
        served = fault.line in read if many else bool(read)
        yield Note("note" if served else "fault", f"{place}{fault.line}", fault.message)
    for exclusion in loaded.exclusions:
        yield Note(
            "left out",
            f"{place}{exclusion.line}" if many else name,
            exclusion.reason,
            _category(exclusion.reason),
        )


def _category(reason: str) -> str:
    """The category in the summary for an excluded article."""
    categories = {"not for the public": "not for the public", "a draft": "drafts", "a redirect": "redirects"}
    matching = (category for beginning, category in categories.items() if reason.startswith(beginning))
    return next(matching, "no articles")


def _published(data: bytes) -> bytes:
    """A Markdown file without the keys that make it a draft, and with one that says so of any folder."""
    matter = split(decode(data)[0])
    kept = {
        entry.name: to_json(entry.value)
        for entry in matter.entries.values()
        if normal_key(entry.name) not in _DRAFT
    }
    return f"{write_front_matter({**kept, 'draft': False})}\n{matter.body}".encode()


def _find_own_address(article: Article) -> str | None:
    addresses = (article.extra.get(name) for name in _OWN_ADDRESS)
    return next((url for url in addresses if isinstance(url, str) and _WEB_ADDRESS.fullmatch(url)), None)


def _item(
    article: Article, place: str, root: Path, draft: str | None, link: str | None = None
) -> ImportedItem:
    """An article as an item: Markdown as it was written, any other text as the HTML it became.

    `link` is its own address on its former site, if that is known.
    """
    markdown = article.body.format == "markdown"
    notes: list[tuple[NoteKind, str]] = []
    if article.title_derived:
        notes.append(("guessed", "its title is made from its first words"))
    files = _files(article, root)
    if draft and files:
        notes.append(("note", f"the {len(files)} files it shows are not copied, since they would be public"))
    return ImportedItem(
        place=place,
        title=article.title,
        title_derived=article.title_derived,
        text=article.body.text if markdown else unmark_references(article.content_html),
        format="markdown" if markdown else "html",
        base=article.body.base,
        id=article.id or None,
        link=link,
        slug=article.slug.rpartition("/")[2],
        is_page=article.is_page,
        subtitle=article.subtitle,
        summary=article.summary or None,
        published=article.published,
        published_within=article.published_within,
        updated=article.updated,
        updated_within=article.updated_within,
        series=article.series,
        series_order=article.series_order,
        featured=article.featured,
        language=article.language,
        authors=article.authors,
        tags=tuple(tag.name for tag in article.tags),
        dateline=article.dateline,
        source=article.source,
        image=article.image,
        attachments=article.attachments,
        canonical=article.canonical,
        rights=article.rights,
        correction=article.correction,
        expires=article.expires,
        withdrawn=article.withdrawn,
        aliases=article.addresses or article.aliases,
        # Keys that hide an article would prevent the verification of the draft.
        extra=_menu(article)
        | {
            key: value
            for key, value in article.extra.items()
            if not (link and value == link) and not (draft and normal_key(key) in _HIDING)
        },
        draft=draft,
        files=() if draft else files,
        notes=tuple(notes),
    )


def _menu(article: Article) -> dict[str, Any]:
    """The place of a page in the navigation, as front matter has it."""
    if article.menu is None:
        return {}
    facts = {name: value for name, value in msgspec.structs.asdict(article.menu).items() if value is not None}
    return {"menu": facts or True}


def _files(article: Article, root: Path) -> tuple[str, ...]:
    """The files below `root` that the article shows or offers, without those that articles are made from."""
    offered = [
        article.image.url if article.image else "",
        *(attachment.url for attachment in article.attachments),
    ]
    named = _FILES.findall(" ".join([article.content_html.replace(SITE, ""), *offered]))
    inside = root.resolve()
    paths = dict.fromkeys(unquote(name) for name in named)
    return tuple(
        name
        for name in paths
        if not name.lower().endswith(SUFFIXES)
        and (root / name).is_file()
        and (root / name).resolve().is_relative_to(inside)
    )


def _plain_records(data: bytes) -> bytes:
    """JSON of Broadsheet's API without derived fields; any other JSON unchanged."""
    if b'"reading_minutes"' not in data:
        return data
    return b"\n".join(_plain_record(line) for line in data.split(b"\n"))


def _plain_record(line: bytes) -> bytes:
    try:
        record = as_map(json.loads(line))
    except (ValueError, RecursionError):
        return line  # the reader raises the same error, which is reported then
    if not (as_text(record.get("id")) and "formats" in record):
        return line
    kept: dict[str, Any] = {key: value for key, value in record.items() if key not in _DERIVED}
    if not kept.get("title_derived"):
        kept.pop("title_derived", None)
    if kept.get("content_html"):
        kept.pop("content_text", None)
    for key in _LISTS_OF_NAMED:
        kept[key] = [_without_slug(value) for value in as_items(kept.get(key))]
    for key in ("title", "summary"):
        if isinstance(kept.get(key), str):
            kept[key] = write_plain(kept[key])
    kept["series"] = as_map(kept.get("series")).get("name")
    extra = as_map(kept.pop("extra", None))
    return json.dumps(extra | kept, ensure_ascii=False).encode()


def _without_slug(value: Any) -> Any:
    """A tag as its name alone, an author as the map it is."""
    named = as_map(value)
    if set(named) == {"name", "slug"}:
        return named["name"]
    return {key: value for key, value in named.items() if key != "slug"} or value
