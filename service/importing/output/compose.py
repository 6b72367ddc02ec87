"""Composes the Markdown file of an item and loads it again to verify it."""

import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from service.content.body.inline_markup import write_plain
from service.content.fields.authors import states_exactly
from service.content.front_matter.writer import write_front_matter
from service.content.identity.ids import to_uri
from service.content.identity.page_addresses import RESERVED_SEGMENTS, page_address
from service.content.pipeline import load
from service.formats.date_precision import write_date
from service.importing.conversion.to_markdown import to_markdown, without_iframe_texts
from service.importing.item import ImportedItem, NoteKind
from service.importing.output.media import remote_files
from service.importing.output.output_folder import ItemFile
from service.markup import FILES, render
from service.model import Article, Author, Site, Span

_FOOTNOTE_MARKS = re.compile("[][↩\ufe0e]")


class ComposedFile(msgspec.Struct, frozen=True):
    """The text of the file, None where it does not load; how much of it is HTML: 0 none, 1 blocks, 2 all.

    `remote_files` are the addresses of pictures, sound and films that lie on other sites.
    """

    text: str | None
    kept_html: int
    notes: tuple[tuple[NoteKind, str], ...]
    remote_files: tuple[str, ...] = ()


class _LoadedFile(msgspec.Struct, frozen=True):
    text: str
    article: Article | None
    faults: tuple[str, ...]


def compose(item: ImportedItem, place: ItemFile, root: Path, site: Site) -> ComposedFile:
    """The file of `item` at `place` below `root`: Markdown, or HTML where Markdown would lose some of it."""
    if item.format == "markdown":
        loaded_file = _build_and_load(item, item.text, None, place, root, site)
        return _as_composed(item, loaded_file, 0)
    for footnotes in (True, False):
        written = to_markdown(item.text, item.base, item.link, footnotes=footnotes)
        if written.text is None:
            continue
        loaded_file = _build_and_load(item, written.text, "", place, root, site)
        if loaded_file.article and _has_same_words(loaded_file.article, item, written.removed):
            return _as_composed(item, loaded_file, 1 if written.kept else 0)
    loaded_file = _build_and_load(item, item.text.strip() + "\n", "html", place, root, site)
    composed = _as_composed(item, loaded_file, 2)
    if loaded_file.article and not _has_same_words(loaded_file.article, item):
        note = ("cut", "some of its text is not shown: it looks like template code")
        return msgspec.structs.replace(composed, notes=(*composed.notes, note))
    return composed


def _build_and_load(
    item: ImportedItem, body: str, text_format: str | None, place: ItemFile, root: Path, site: Site
) -> _LoadedFile:
    """The file, and what loads from it.

    `text_format` is None if `body` is the item's own Markdown, "" if it was converted.
    """
    facts = front_matter(item, place, text_format, site)
    proof = _load(facts, body, place.path, root, site)
    article = proof.article
    if article and not item.title:
        facts = {"title": write_plain(article.title), "title_derived": True} | facts
        proof = _load(facts, body, place.path, root, site)
    if item.draft is None:
        return proof
    return _LoadedFile(_file(facts | {"draft": True}, body), proof.article, proof.faults)


def _load(facts: dict[str, Any], body: str, path: str, root: Path, site: Site) -> _LoadedFile:
    text = _file(facts, body)
    loaded = load(root, path, text.encode(), site)
    articles = (*loaded.articles, *loaded.pages)
    article = articles[0] if len(articles) == 1 else None
    return _LoadedFile(text, article, tuple(fault.message for fault in loaded.faults))


def _file(facts: dict[str, Any], body: str) -> str:
    return f"{write_front_matter(facts)}\n{body.strip(chr(10))}\n"


def _as_composed(item: ImportedItem, loaded_file: _LoadedFile, kept_html: int) -> ComposedFile:
    notes: list[tuple[NoteKind, str]] = list(item.notes)
    if loaded_file.article is None:
        notes += [
            ("fault", fault)
            for fault in loaded_file.faults or ("the converted file does not load as an article",)
        ]
        return ComposedFile(None, kept_html, tuple(notes))
    notes += [("note", fault) for fault in loaded_file.faults]
    if not item.title:
        notes.append(("guessed", f"its title: {loaded_file.article.title!r}, made from its first words"))
    if item.id and to_uri(item.id) != item.id:
        uri = to_uri(item.id)
        note = f"its id {item.id[:60]!r} is not a URI: feeds contain {uri}, and readers may show it twice"
        notes.append(("note", note))
    if kept_html == 2:
        notes.append(("note", "its text stays HTML: Markdown would lose some of it"))
    return ComposedFile(loaded_file.text, kept_html, tuple(notes), remote_files(loaded_file.article))


def _has_same_words(article: Article, item: ImportedItem, removed: str = "") -> bool:
    """Whether the article has every word of the item, in order; a heading like the title may be missing.

    If the text `removed` was cut out, characters are compared instead of words.
    """
    wanted = render(without_iframe_texts(item.text), "html", item.base).text.split()
    words = _joined_words(article.content_text.split())
    if words == _joined_words(wanted):
        return True
    if taken := _joined_words(removed.split()):
        return Counter(words) + Counter(taken) == Counter(_joined_words(wanted))
    title = article.title.split()
    return wanted[: len(title)] == title and words == _joined_words(wanted[len(title) :])


def _joined_words(words: list[str]) -> str:
    """The words joined, without the signs of footnotes and check boxes."""
    return _FOOTNOTE_MARKS.sub("", "".join(words))


def front_matter(item: ImportedItem, place: ItemFile, text_format: str | None, site: Site) -> dict[str, Any]:
    """Every key of the item that has a value, in the order in which Broadsheet writes them."""
    known = _present_values(
        title=item.title and write_plain(item.title),
        title_derived=True if item.title_derived else None,
        subtitle=item.subtitle,
        summary=item.summary and write_plain(item.summary),
        date=_date(item.published, item.published_within, site),
        updated=_date(item.updated, item.updated_within, site) if _is_updated(item) else None,
        type="page" if item.is_page else None,
        slug=_page_slug(item, place.slug) if item.is_page else place.slug,
        aliases=list(aliases(item, place.slug)),
        id=place.id,
        language=item.language,
        authors=[_author(value) for value in item.authors],
        tags=list(item.tags),
        series=item.series,
        series_order=item.series_order,
        featured=True if item.featured else None,
        dateline=item.dateline,
        source=item.source and _source(item, site),
        image=item.image and _fields(item.image),
        attachments=[_fields(value) for value in item.attachments],
        canonical=item.canonical,
        rights=item.rights,
        correction=item.correction,
        expires=item.expires,
        withdrawn=item.withdrawn and _present_values(reason=item.withdrawn.reason, at=item.withdrawn.at),
        format=text_format or None,
        base=_base(item, text_format),
    )
    return known | {key: value for key, value in item.extra.items() if key not in known}


def _date(moment: datetime | None, within: Span | None, site: Site) -> date | str | None:
    """An instant, or the year, month or day that is known of it."""
    if moment is None or within is None:
        return moment
    return site.day(moment) if within == "day" else write_date(moment, within, site)


def _is_updated(item: ImportedItem) -> bool:
    """Whether the item was changed after its publication; readers could not see an earlier change."""
    return item.updated is not None and (item.published is None or item.updated > item.published)


def aliases(item: ImportedItem, slug: str) -> tuple[str, ...]:
    """The former paths of the item, the newest last, without the current one."""
    own = address_of(item, slug)
    paths = [*item.aliases, item.path]
    kept = dict.fromkeys(path for path in paths if path.strip("/") and path.rstrip("/") != own)
    return tuple(kept)


def address_of(item: ImportedItem, slug: str) -> str:
    """The address at which the item will be served."""
    return f"/{_page_slug(item, slug).strip('/')}" if item.is_page else f"/articles/{slug}"


def _page_slug(item: ImportedItem, slug: str) -> str:
    """`slug`, or the whole path of a page below another one, which is kept: `/company/team`."""
    address = page_address(item.path)
    folder, _, name = address.rpartition("/")
    is_free = address.split("/")[1] not in RESERVED_SEGMENTS
    return address if folder and name == slug and is_free else slug


def _base(item: ImportedItem, text_format: str | None) -> str | None:
    """The base of relative references; converted text has none, since its addresses are absolute."""
    return item.base if text_format != "" and item.base not in {"", "/", FILES} else None


def _author(author: Author) -> dict[str, str] | str:
    if author.url:
        return {"name": author.name, "url": author.url}
    return author.name if states_exactly(author.name) else {"name": author.name}


def _source(item: ImportedItem, site: Site) -> dict[str, Any]:
    source = item.source
    return (
        {}
        if source is None
        else _present_values(
            name=source.name,
            title=source.title,
            author=source.author,
            date=_date(source.published, source.published_within, site),
            url=source.url,
            feed=source.feed,
        )
    )


def _fields(struct: msgspec.Struct) -> dict[str, Any]:
    return _present_values(**msgspec.structs.asdict(struct))


def _present_values(**facts: Any) -> dict[str, Any]:
    empty: tuple[object, ...] = (None, "", [], {})
    return {name: fact for name, fact in facts.items() if isinstance(fact, datetime) or fact not in empty}
