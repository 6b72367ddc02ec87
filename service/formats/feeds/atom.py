"""Atom 1.0 (RFC 4287), with paging and complete feeds (RFC 5005), Media RSS and Dublin Core."""

from datetime import datetime

from feedgen.feed import FeedGenerator  # type: ignore[import-untyped]

from service.formats import Archive, Format, Listing
from service.formats.feeds.feed import (
    archive_links,
    archive_title,
    archive_updated,
    bylines,
    citation,
    content_html,
    feed_id,
    feed_updated,
    language_of,
    paging,
    published,
    publishers,
    updated,
)
from service.formats.feeds.feedgen_patches import (
    DC,
    HISTORY,
    TOMBSTONES,
    Node,
    add_stylesheet,
    new_entry,
    new_feed,
    node,
)
from service.formats.feeds.media_rss import attachment_node, image_nodes
from service.formats.titles import title_of
from service.markup import drop_illegal
from service.model import FORMAT_DESCRIPTIONS, Article, Author, Site, Source
from service.query import Content, Query, Tombstone
from service.urls import Link, Urls, rfc3339


def render_listing(listing: Listing, urls: Urls) -> bytes:
    """`<feed>` with an `<entry>` for each article of the page, in its order."""
    site = listing.site
    place = paging(listing, urls, "atom")
    title = title_of(site, listing.query, listing.page.names)
    feed = _begin_feed(title, feed_updated(listing), site, listing.query, urls)
    if site.description:
        feed.subtitle(drop_illegal(site.description))
    if site.rights:
        feed.rights(drop_illegal(site.rights))
    if site.icon:
        feed.icon(drop_illegal(urls.absolute(site.icon)))
    return _write_document(feed, listing, place.links, "complete" if place.complete else None, urls)


def render_archive(archive: Archive, urls: Urls) -> bytes:
    """An archive document (RFC 5005 §4): the entries, and nothing else that may change."""
    feed = _begin_feed(archive_title(archive), archive_updated(archive), archive.site, archive.query, urls)
    return _write_document(feed, archive, archive_links(archive, urls, "atom"), "archive", urls)


def _begin_feed(title: str, updated_at: datetime, site: Site, query: Query, urls: Urls) -> FeedGenerator:
    feed = new_feed(title, updated_at, site.language)
    # §4.2.6: "permanent, universally unique"; one for all pages of the query.
    feed.id(feed_id(site, query))
    feed.author([_person(author, urls) for author in publishers(site)])
    return feed


def _write_document(
    feed: FeedGenerator, source: Listing | Archive, links: tuple[Link, ...], history: str | None, urls: Urls
) -> bytes:
    """`feed` with `links`, the first of which is its own, its kind (RFC 5005), tombstones and entries."""
    feed.patches.nodes = (
        *(node("link", rel=link.rel, type=link.type, href=link.href, title=link.title) for link in links),
        *([node(f"{{{HISTORY}}}{history}")] if history else ()),
        *(_deleted(tombstone) for tombstone in source.page.tombstones),
    )
    for article in source.page.articles:
        _add_entry(feed, article, source.site, source.query.content, urls)
    return add_stylesheet(feed.atom_str(pretty=True), urls.feed_style(links[0].href))


def _deleted(tombstone: Tombstone) -> Node:
    """A deleted entry (RFC 6721 §3): `ref` is its id, `when` the instant of its deletion."""
    return node(
        f"{{{TOMBSTONES}}}deleted-entry",
        None,
        node(f"{{{TOMBSTONES}}}comment", tombstone.reason),
        ref=tombstone.id,
        when=rfc3339(tombstone.at),
    )


def _add_entry(feed: FeedGenerator, article: Article, site: Site, content: Content, urls: Urls) -> None:
    permalink = urls.article(article.slug)
    entry = new_entry(feed, article.id, article.title, updated(article, site))
    # §4.1.2: without content there must be an alternate link; feedgen looks for it, the nodes below bring it.
    entry.link(href=permalink, rel="alternate")
    entry.author([_person(author, urls) for author in bylines(article, site)])
    scheme = urls.directory("tag")
    entry.category(
        [{"term": tag.slug, "label": drop_illegal(tag.name), "scheme": scheme} for tag in article.tags]
    )
    if content != "none" and article.summary:
        entry.summary(drop_illegal(article.summary))
    if content == "full":
        entry.content(drop_illegal(content_html(article, urls)), type="html")
    if article.rights:
        entry.rights(drop_illegal(article.rights))
    entry.patches.base = permalink
    entry.patches.language = language_of(article, site)
    entry.patches.nodes = _nodes(article, site, urls)


def _nodes(article: Article, site: Site, urls: Urls) -> tuple[Node, ...]:
    nodes = [
        node("published", rfc3339(published(article, site))),
        node(
            "link",
            rel="alternate",
            type="text/html",
            href=urls.article(article.slug),
            hreflang=article.language or None,
        ),
    ]
    # §4.2.7.2: `related`, not `alternate`: feedparser takes the last alternate for the entry's own address.
    nodes += [
        node("link", rel="related", type="text/html", href=urls.article(other.slug), hreflang=other.language)
        for other in article.translations
    ]
    if article.canonical:
        nodes.append(node("link", rel="related", href=urls.absolute(article.canonical)))
    nodes += [
        node(
            "link",
            rel="enclosure",
            type=attachment.mime_type,
            length=str(attachment.length) if attachment.length is not None else None,
            href=urls.absolute(attachment.url),
            title=attachment.title,
        )
        for attachment in article.attachments
    ]
    if article.source:
        nodes += _source(article.source, site, urls)
    if article.image:
        nodes += image_nodes(article.image, urls)
    # The enclosure links above have every property except the duration.
    nodes += [
        attachment_node(attachment, urls)
        for attachment in article.attachments
        if attachment.duration is not None
    ]
    return tuple(nodes)


def _source(source: Source, site: Site, urls: Urls) -> list[Node]:
    """The source of the entry: a `via` link (§4.2.7.2), and its feed (§4.2.11) if known."""
    nodes = [node(f"{{{DC}}}source", citation(source, site))]
    if source.url:
        nodes.append(node("link", rel="via", href=urls.absolute(source.url), title=source.title))
    if source.feed:
        nodes.append(
            node(
                "source",
                None,
                node("title", source.name),
                node("link", rel="self", href=urls.absolute(source.feed)),
            )
        )
    return nodes


def _person(author: Author, urls: Urls) -> dict[str, str]:
    person = {"name": drop_illegal(author.name)}
    if author.url:
        person["uri"] = drop_illegal(urls.absolute(author.url))
    return person


ATOM = Format(description=FORMAT_DESCRIPTIONS["atom"], listing=render_listing, archive=render_archive)
