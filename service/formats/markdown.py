"""Markdown: an article as a file that loads again identically; a list as headings, dates and summaries."""

import re
from typing import Any

from service.content import write_front_matter
from service.content.body.inline_markup import write_plain
from service.content.fields.authors import states_exactly
from service.formats import Format, Listing, SingleArticle
from service.formats.date_precision import day_of, write_date
from service.formats.titles import title_of
from service.markup.served_text.comments import empty_comments
from service.model import FORMAT_DESCRIPTIONS, Article, Attachment, Author, Image, MenuEntry, Site, Source
from service.query import Content
from service.urls import Urls, rfc3339

# CommonMark §2.4: a backslash escapes ASCII punctuation. These have a meaning within a line (`&` at the start
# of a character reference, `#` at the end of a heading) …
_MARKS = re.compile(r"([\\`*_\[\]<~]|&(?=#?\w+;)|(?<!\S)#)")
# … and these at its start: block quotes, list markers, thematic breaks and setext heading underlines.
_OPENING = re.compile(r"^(\d*)([-+=.)>])")

_DATE_NAMES = ("date", "published", "publish_date")


def render_listing(listing: Listing, urls: Urls) -> bytes:
    """A heading, then title, date and summary of each article, then links to the neighbouring pages."""
    site, query, page = listing.site, listing.query, listing.page
    blocks = [f"# {escape(title_of(site, query, page.names))}"]
    for article in page.articles:
        blocks += _entry(article, site, urls, query.content)
    if previous_page := urls.previous_page("markdown", query, page):
        blocks.append(f"[Previous page]({previous_page})")
    if next_page := urls.next_page("markdown", query, page):
        blocks.append(f"[Next page]({next_page})")
    return ("\n\n".join(blocks) + "\n").encode()


def render_article(page: SingleArticle, urls: Urls) -> bytes:
    """Front matter with absolute references, then the text as written, without comments and links to hidden
    articles.
    """
    article = page.article
    front_matter = write_front_matter(_front_matter(article, page.site, urls))
    # References are marked where `hide_links_of_body` made HTML.
    text = urls.on_page(empty_comments(article.body).text)
    return f"{front_matter}\n{text.rstrip()}\n".encode()


def escape(text: str) -> str:
    """Escape plain text as one line of Markdown."""
    line = _MARKS.sub(r"\\\1", " ".join(text.split()))
    return _OPENING.sub(r"\1\\\2", line)


def _entry(article: Article, site: Site, urls: Urls, content: Content) -> list[str]:
    blocks = [f"## [{escape(article.title)}]({urls.article(article.slug)})"]
    day = article.published and day_of(article.published, article.published_within, site)
    names = ", ".join(author.name for author in article.authors)
    if facts := " · ".join(fact for fact in (day, escape(names)) if fact):
        blocks.append(facts)
    if content != "none" and article.summary:
        blocks.append(escape(article.summary))
    return blocks


def _front_matter(article: Article, site: Site, urls: Urls) -> dict[str, object]:
    updated = article.updated if article.updated != article.published else None
    # Two spellings of a date exclude an article, so a date that is not used must keep a name of its own.
    date_name = next((name for name in _DATE_NAMES if name not in article.extra), _DATE_NAMES[0])
    fields = _without_empty(
        # A title derived from the text will be derived again.
        title=None if article.title_derived else write_plain(article.title),
        subtitle=article.subtitle,
        summary=write_plain(article.summary),
        **{date_name: article.published and write_date(article.published, article.published_within, site)},
        updated=updated and write_date(updated, article.updated_within, site),
        type="page" if article.is_page else None,
        menu=article.menu and _menu(article.menu),
        slug=article.slug,
        aliases=list(article.aliases),
        addresses=list(article.addresses),
        id=article.id,
        language=article.language,
        translation_group=_translation_group(article),
        authors=[_author(author, urls) for author in article.authors],
        tags=[_tag(tag.name) for tag in article.tags],
        series=article.series,
        series_order=article.series_order,
        featured=article.featured or None,
        dateline=article.dateline,
        source=article.source and _source(article.source, site, urls),
        image=article.image and _image(article.image, urls),
        attachments=[_attachment(attachment, urls) for attachment in article.attachments],
        canonical=article.canonical and urls.absolute(article.canonical),
        rights=article.rights,
        correction=article.correction,
        expires=article.expires and rfc3339(article.expires),
        format=article.body.format if article.body.format != "markdown" else None,
        base=urls.absolute(article.body.base),
    )
    return {_unused_spelling(name, article.extra): value for name, value in fields.items()} | article.extra


def _unused_spelling(name: str, extra: dict[str, Any]) -> str:
    """`name` in a spelling that is not in `extra`, where a value is that was not used, or only in part.

    When the file is loaded, the first spelling of a key is the field, and any other is `extra`.
    """
    return next(
        (spelling for spelling in (name, name.capitalize(), name.upper()) if spelling not in extra), name
    )


def _menu(menu: MenuEntry) -> bool | dict[str, Any]:
    return _without_empty(label=menu.label, weight=menu.weight) or True


def _translation_group(article: Article) -> str | None:
    """The same text for all translations of an article, unless a key in `extra` already joins them."""
    if not article.translations or any(key.kind == "declared" for key in article.translation_keys):
        return None
    return min(article.slug, *(other.slug for other in article.translations))


def _author(author: Author, urls: Urls) -> str | dict[str, Any]:
    if author.url:
        return {"name": author.name, "url": urls.absolute(author.url)}
    return author.name if states_exactly(author.name) else {"name": author.name}


def _tag(name: str) -> str:
    # One `#` before a tag is removed when it is read.
    return f"#{name}" if name.startswith("#") else name


def _source(source: Source, site: Site, urls: Urls) -> dict[str, Any]:
    return _without_empty(
        name=source.name,
        title=source.title,
        author=source.author,
        date=source.published and write_date(source.published, source.published_within, site),
        url=source.url and urls.absolute(source.url),
        feed=source.feed and urls.absolute(source.feed),
    )


def _image(image: Image, urls: Urls) -> dict[str, Any]:
    return _without_empty(url=urls.absolute(image.url), alt=image.alt, width=image.width, height=image.height)


def _attachment(attachment: Attachment, urls: Urls) -> dict[str, Any]:
    return _without_empty(
        url=urls.absolute(attachment.url),
        mime_type=attachment.mime_type,
        length=attachment.length,
        title=attachment.title,
        duration=attachment.duration,
    )


def _without_empty(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


MARKDOWN = Format(description=FORMAT_DESCRIPTIONS["markdown"], listing=render_listing, article=render_article)
