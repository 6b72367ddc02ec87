"""An item as the text of a Markdown file, proved by loading it again."""

from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from service.content.fields.authors import states_exactly
from service.content.identity.ids import to_uri
from service.content.parsing.front_matter_writer import write_front_matter
from service.content.pipeline import load
from service.importing.item import ImportedItem, NoteKind
from service.importing.media import remote_files
from service.importing.to_markdown import to_markdown
from service.markup import plain, render_html
from service.model import Article, Author, Site


class Composed(msgspec.Struct, frozen=True):
    """The text of the file, None where it does not load; how much of it is HTML: 0 none, 1 blocks, 2 all.

    `remote_files` are the addresses of pictures, sound and films that lie on other sites.
    """

    text: str | None
    kept_html: int
    notes: tuple[tuple[NoteKind, str], ...]
    remote_files: tuple[str, ...] = ()


class _Proved(msgspec.Struct, frozen=True):
    text: str
    article: Article | None
    faults: tuple[str, ...]


def compose(item: ImportedItem, slug: str, identity: str, path: str, root: Path, site: Site) -> Composed:
    """The file of `item` at `path` below `root`: Markdown, or HTML where Markdown would lose some of it."""
    if item.form == "markdown":
        return _composed(item, _prove(item, item.text, None, slug, identity, path, root, site), 0, site)
    for footnotes in (True, False):
        written = to_markdown(item.text, item.base, item.link, footnotes=footnotes)
        if written.text is None:
            continue
        proved = _prove(item, written.text, "", slug, identity, path, root, site)
        if proved.article and _reads_alike(proved.article, item):
            return _composed(item, proved, 1 if written.kept else 0, site)
    proved = _prove(item, item.text.strip() + "\n", "html", slug, identity, path, root, site)
    composed = _composed(item, proved, 2, site)
    if proved.article and not _reads_alike(proved.article, item):
        told = ("cut", "some of its text is not shown: it looks like marks of a template engine")
        return msgspec.structs.replace(composed, notes=(*composed.notes, told))
    return composed


def _prove(
    item: ImportedItem,
    body: str,
    form: str | None,
    slug: str,
    identity: str,
    path: str,
    root: Path,
    site: Site,
) -> _Proved:
    """The file, and what loads from it; `form` is None for the item's own Markdown, "" for converted."""
    facts = front_matter(item, slug, identity, form)
    proof = _load(facts, body, path, root, site)
    article = proof.article
    if article and not item.title:
        facts = {"title": article.title, "title_derived": True} | facts
        proof = _load(facts, body, path, root, site)
    if item.draft is None:
        return proof
    return _Proved(_file(facts | {"draft": True}, body), proof.article, proof.faults)


def _load(facts: dict[str, Any], body: str, path: str, root: Path, site: Site) -> _Proved:
    text = _file(facts, body)
    loaded = load(root, path, text.encode(), site)
    article = loaded.articles[0] if len(loaded.articles) == 1 else None
    return _Proved(text, article, tuple(fault.message for fault in loaded.faults))


def _file(facts: dict[str, Any], body: str) -> str:
    return f"{write_front_matter(facts)}\n{body.strip(chr(10))}\n"


def _composed(item: ImportedItem, proved: _Proved, kept_html: int, site: Site) -> Composed:
    notes: list[tuple[NoteKind, str]] = list(item.notes)
    if proved.article is None:
        notes += [("fault", fault) for fault in proved.faults or ("it does not load again as an article",)]
        return Composed(None, kept_html, tuple(notes))
    notes += [("note", fault) for fault in proved.faults]
    if not item.title:
        notes.append(("guessed", f"its title: {proved.article.title!r}, made from its first words"))
    if item.id and to_uri(item.id) != item.id:
        notes.append(
            ("note", f"its id {item.id!r} is no URI: feeds carry {to_uri(item.id)}, readers may see it anew")
        )
    if kept_html == 2:
        notes.append(("note", "its text stays HTML: Markdown would lose some of it"))
    del site
    return Composed(proved.text, kept_html, tuple(notes), remote_files(proved.article))


def _reads_alike(article: Article, item: ImportedItem) -> bool:
    """Whether every word is there, in order; a first heading that repeats the title may go."""
    wanted = plain(render_html(item.text, "html", item.base)).split()
    found = article.content_text.split()
    if _bare(found) == _bare(wanted):
        return True
    title = article.title.split()
    return wanted[: len(title)] == title and _bare(found) == _bare(wanted[len(title) :])


def _bare(words: list[str]) -> str:
    """Words without what only sets footnotes and boxes off."""
    return "".join(words).replace("[", "").replace("]", "")


def front_matter(item: ImportedItem, slug: str, identity: str, form: str | None) -> dict[str, Any]:
    """Every key of the item that has a value, in the order our own Markdown has them."""
    known = _known(
        title=item.title,
        title_derived=True if item.title_derived else None,
        subtitle=item.subtitle,
        summary=item.summary,
        date=item.published,
        updated=item.updated if item.updated != item.published else None,
        slug=slug,
        aliases=list(aliases(item, slug)),
        id=identity,
        language=item.language,
        authors=[_author(one) for one in item.authors],
        tags=list(item.tags),
        dateline=item.dateline,
        source=item.source and _source(item),
        image=item.image and _fields(item.image),
        attachments=[_fields(one) for one in item.attachments],
        canonical=item.canonical,
        rights=item.rights,
        correction=item.correction,
        expires=item.expires,
        withdrawn=item.withdrawn and _known(reason=item.withdrawn.reason, at=item.withdrawn.at),
        format=form or None,
        base=_base(item, form),
    )
    return known | {key: value for key, value in item.extra.items() if key not in known}


def aliases(item: ImportedItem, slug: str) -> tuple[str, ...]:
    """The paths it had, the newest last, without the one it has now."""
    paths = [*item.aliases]
    if item.link:
        parts = urlsplit(item.link)
        paths.append(unquote(parts.path))
    kept = dict.fromkeys(
        path for path in paths if path.strip("/") and path.rstrip("/") != f"/articles/{slug}"
    )
    return tuple(kept)


def _base(item: ImportedItem, form: str | None) -> str | None:
    """Converted text names whole addresses; any other needs to know what its own are relative to."""
    return item.base if form != "" and item.base not in {"", "/", "/files/"} else None


def _author(author: Author) -> dict[str, str] | str:
    if author.url:
        return {"name": author.name, "url": author.url}
    return author.name if states_exactly(author.name) else {"name": author.name}


def _source(item: ImportedItem) -> dict[str, Any]:
    source = item.source
    return (
        {}
        if source is None
        else _known(
            name=source.name,
            title=source.title,
            author=source.author,
            date=source.published,
            url=source.url,
            feed=source.feed,
        )
    )


def _fields(struct: msgspec.Struct) -> dict[str, Any]:
    return _known(**msgspec.structs.asdict(struct))


def _known(**facts: Any) -> dict[str, Any]:
    empty: tuple[object, ...] = (None, "", [], {})
    return {name: fact for name, fact in facts.items() if isinstance(fact, datetime) or fact not in empty}
