"""One article, from its keys and its body."""

import re
from datetime import datetime
from pathlib import Path
from typing import get_args

import msgspec

from service.content.dates import date_in_name
from service.content.fields import Fields
from service.content.ids import as_uri
from service.content.parts import (
    read_attachments,
    read_authors,
    read_image,
    read_source,
    read_tags,
    read_withdrawal,
)
from service.content.slugs import alias_slug, make_slug, short_hash
from service.content.titles import head
from service.content.values import Entry
from service.errors import ContentError
from service.markup import (
    TextFormat,
    count_words,
    drop_illegal,
    folder_base,
    paragraphs,
    plain,
    reading_minutes,
    summarise,
)
from service.model import Article, Body, Site


class Manuscript(msgspec.Struct, frozen=True):
    """The keys and the text of one article, before either is understood.

    `path` and `number` say where it lies, `line` where it begins. `named` is whether the file's name says its
    slug and date: not where a file holds many articles.
    """

    path: str
    entries: tuple[Entry, ...]
    text: str
    form: TextFormat
    line: int = 1
    number: int = 0
    named: bool = True


class Reading(msgspec.Struct, frozen=True):
    """What a manuscript gave: an article unless it is a draft or has faults, and everything to be told of."""

    article: Article | None
    faults: tuple[ContentError, ...]


_INDEX_NAMES = frozenset({"index", "_index"})


def read_article(manuscript: Manuscript, root: Path, site: Site) -> Reading:
    """The article in `manuscript`, with its wished-for slug, and an empty id unless one is given."""
    base = folder_base(manuscript.path)
    fields = Fields(manuscript.entries, site.zone, base)
    if _is_draft(fields):
        return Reading(None, ())
    body = _body(fields, manuscript, base)
    dated, name = _name(manuscript, site)
    article = _article(fields, manuscript, body, name, dated, root, site)
    if _is_empty(article) and not fields.faults:
        fields.faults.append(
            ContentError(manuscript.line, "there is no article here: neither title nor text")
        )
    return Reading(None if fields.faults else article, (*fields.faults, *fields.notes))


def _article(
    fields: Fields,
    manuscript: Manuscript,
    body: Body,
    name: str,
    dated: datetime | None,
    root: Path,
    site: Site,
) -> Article:
    given_title = fields.text("title")
    derived = fields.boolean("title_derived") or False
    headed = head(
        given_title, body.text, body.format, body.base, name.replace("-", " ").replace("_", " ").strip()
    )
    text = plain(headed.html)
    published = fields.instant(*_PUBLISHED) or dated
    slug = _slug(fields, name, headed.title, manuscript)
    former = fields.texts("aliases", "alias", "redirect_from")
    return Article(
        id=_id(fields, former[-1][1] if former else None, site),
        slug=slug,
        title=headed.title or slug,
        title_derived=derived or headed.derived,
        content_html=headed.html,
        content_text=text,
        summary=fields.text(*_SUMMARY) or summarise(paragraphs(headed.html) or text),
        language=fields.language("language", "lang") or site.language,
        path=manuscript.path,
        number=manuscript.number,
        body=body,
        subtitle=fields.text("subtitle"),
        authors=read_authors(fields),
        published=published,
        updated=fields.instant(*_UPDATED) or published,
        tags=read_tags(fields),
        source=read_source(fields),
        dateline=fields.text("dateline"),
        image=read_image(fields),
        attachments=read_attachments(fields, root),
        canonical=fields.reference("canonical", "canonical_url"),
        rights=fields.text("rights", "copyright"),
        correction=fields.text("correction"),
        aliases=_aliases(former, slug),
        word_count=count_words(text),
        reading_minutes=reading_minutes(text),
        expires=fields.instant(*_EXPIRES),
        withdrawn=read_withdrawal(fields),
        extra=fields.extra(),
    )


def _is_empty(article: Article) -> bool:
    """Whether nothing was said: the title is the file's name, and there is nothing else to show."""
    told = (
        article.content_html or article.summary or article.image or article.attachments or article.withdrawn
    )
    return article.title_derived and not told


_PUBLISHED = ("published", "date", "publish_date", "publishdate", "pubdate", "published_at", "date_published")
_UPDATED = ("updated", "lastmod", "modified", "updated_at", "date_modified", "last_modified_at")
_EXPIRES = ("expires", "expiry_date", "expirydate")
_SUMMARY = ("summary", "description", "excerpt")


def _is_draft(fields: Fields) -> bool:
    """`draft: true`, or `published: false`; a `published` that is true or false is no date."""
    draft = fields.boolean("draft")
    published = fields.take_boolean("published")
    return draft is True or published is False


def _body(fields: Fields, manuscript: Manuscript, base: str) -> Body:
    """The text with what says how to read it: `format`, and `base` for its relative references."""
    form = manuscript.form
    entry = fields.take("format")
    if entry is not None:
        named = str(entry.value).strip().lower()
        known: dict[str, TextFormat] = {known: known for known in get_args(TextFormat)}
        if named not in known:
            fields.fault(entry, f"format {named!r} is none of {', '.join(known)}")
        form = known.get(named, form)
    given = fields.take("base")
    if given is not None:
        resolved = fields.as_reference(given, given.value, "base")
        base = resolved or base
        fields.base = base
    return Body(text=drop_illegal(manuscript.text), format=form, base=base)


def _name(manuscript: Manuscript, site: Site) -> tuple[datetime | None, str]:
    """The date in the name of the file, or of its folder, and the rest of the name."""
    if not manuscript.named:
        return None, ""
    *folders, name = manuscript.path.split("/")
    stem = re.sub(r"\.[^.]+$", "", name)
    if stem.lower() in _INDEX_NAMES:
        stem = folders[-1] if folders else ""
    dated, rest = date_in_name(stem, site.zone)
    if dated is None and folders:
        dated, over = date_in_name(folders[-1], site.zone)
        dated = None if over else dated
    return dated, rest


def _slug(fields: Fields, name: str, title: str, manuscript: Manuscript) -> str:
    entry = fields.take("slug")
    given = fields.as_text(entry, entry.value, "slug") if entry else None
    if entry and given and not make_slug(given):
        fields.fault(entry, f"slug {given!r} has neither letters nor digits")
    wished = make_slug(given or "") or make_slug(name) or make_slug(title.replace(".", " "))
    return wished or short_hash(f"{manuscript.path}\n{manuscript.number}")


def _aliases(former: tuple[tuple[Entry, str], ...], slug: str) -> tuple[str, ...]:
    slugs = dict.fromkeys(alias_slug(alias) for _, alias in former)
    return tuple(alias for alias in slugs if alias and alias != slug)


def _id(fields: Fields, last_alias: str | None, site: Site) -> str:
    """The id as given; one that is no URI (RFC 3986 §3) is made one, since Atom takes no other."""
    given = fields.text("id", "guid")
    if given:
        return as_uri(given)
    permalink = last_alias if last_alias and last_alias.startswith("/") else None
    if site.legacy_id and permalink:
        return site.legacy_id.replace("{url}", (site.public_url or "").rstrip("/") + permalink)
    return ""
