"""RSS 2.0.11 by the RSS Advisory Board's profile, with paging, Media RSS and Dublin Core."""

import html

from feedgen.feed import FeedGenerator  # type: ignore[import-untyped]

from service.formats import Archive, Format, Listing
from service.formats.feeds.feed import (
    archive_links,
    archive_title,
    archive_updated,
    bylines,
    citation,
    content_html,
    feed_updated,
    html_address,
    language_of,
    paging,
    published,
    updated,
)
from service.formats.feeds.feedgen_patches import (
    ATOM,
    DC,
    HISTORY,
    Node,
    add_stylesheet,
    new_entry,
    new_feed,
    node,
    rss_date,
)
from service.formats.feeds.media_rss import attachment_node, image_nodes
from service.formats.titles import title_of
from service.markup import drop_illegal
from service.model import FORMAT_DESCRIPTIONS, Article, Site, Source
from service.query import Content
from service.urls import Link, Urls, rfc3339

# "image/url: The image MUST be in the GIF, JPEG or PNG format" (profile, "image").
_IMAGE_SUFFIXES = (".gif", ".jpg", ".jpeg", ".png")


def render_listing(listing: Listing, urls: Urls) -> bytes:
    """`<rss>` with an `<item>` for each article of the page, in its order."""
    site = listing.site
    place = paging(listing, urls, "rss")
    title = title_of(site, listing.query, listing.page.names)
    home = html_address(listing.query, urls)
    feed = new_feed(title, feed_updated(listing), site.language)
    feed.link(href=home, rel="alternate")
    # "The channel element MUST contain three child elements: description, link and title" (profile).
    feed.description(drop_illegal(site.description or "") or drop_illegal(title))
    feed.docs("")
    # In minutes, equal to Cache-Control, since readers observe both.
    feed.ttl(max(1, site.feed_max_age_seconds // 60))
    if site.rights:
        feed.copyright(drop_illegal(site.rights))
    if site.icon and site.icon.lower().endswith(_IMAGE_SUFFIXES):
        # "The image's title and link SHOULD be the channel's" (profile).
        feed.image(drop_illegal(urls.absolute(site.icon)), title=drop_illegal(title), link=home)
    return _write_document(feed, listing, place.links, "complete" if place.complete else None, urls)


def render_archive(archive: Archive, urls: Urls) -> bytes:
    """An archive document (RFC 5005 §4): the items, and nothing else that may change.

    It has no tombstones: RSS has no element for them.
    """
    title = archive_title(archive)
    feed = new_feed(title, archive_updated(archive), archive.site.language)
    feed.link(href=html_address(archive.query, urls), rel="alternate")
    feed.description(drop_illegal(title))
    feed.docs("")
    return _write_document(feed, archive, archive_links(archive, urls, "rss"), "archive", urls)


def _write_document(
    feed: FeedGenerator, source: Listing | Archive, links: tuple[Link, ...], history: str | None, urls: Urls
) -> bytes:
    """`feed` with `links`, the first of which is its own, its kind (RFC 5005) and its items."""
    feed.patches.nodes = (
        *(
            node(f"{{{ATOM}}}link", rel=link.rel, type=link.type, href=link.href)
            for link in links
            if link.rel != "alternate"
        ),
        *([node(f"{{{HISTORY}}}{history}")] if history else ()),
    )
    for article in source.page.articles:
        _add_item(feed, article, source.site, source.query.content, urls)
    return add_stylesheet(feed.rss_str(pretty=True), urls.feed_style(links[0].href))


def _add_item(feed: FeedGenerator, article: Article, site: Site, content: Content, urls: Urls) -> None:
    # The id is a guid with isPermaLink="false": an address may move, an id may not.
    item = new_entry(feed, article.id, article.title, updated(article, site))
    item.link(href=urls.article(article.slug), rel="alternate")
    scheme = urls.directory("tag")
    item.category(
        [{"term": tag.slug, "label": drop_illegal(tag.name), "scheme": scheme} for tag in article.tags]
    )
    if content == "full":
        item.content(drop_illegal(content_html(article, urls)), type="html")
    if content != "none" and article.summary:
        # The profile: an item's description is HTML, every other text is plain.
        item.description(drop_illegal(html.escape(article.summary, quote=False)))
    item.patches.nodes = _nodes(article, site, urls)


def _nodes(article: Article, site: Site, urls: Urls) -> tuple[Node, ...]:
    nodes = [node("pubDate", rss_date(published(article, site)))]
    if updated(article, site) > published(article, site):
        # RSS has no element for an update; readers that support one read Atom's.
        nodes.append(node(f"{{{ATOM}}}updated", rfc3339(updated(article, site))))
    nodes += [node(f"{{{DC}}}creator", author.name) for author in bylines(article, site)]
    if language := language_of(article, site):
        nodes.append(node(f"{{{DC}}}language", language))
    if article.rights:
        nodes.append(node(f"{{{DC}}}rights", article.rights))
    if article.source:
        nodes += _source(article.source, site, urls)
    if article.attachments:
        # "An item SHOULD NOT contain more than one enclosure"; length is 0 where it is not known (profile).
        first = article.attachments[0]
        nodes.append(
            node(
                "enclosure", url=urls.absolute(first.url), length=str(first.length or 0), type=first.mime_type
            )
        )
    if article.image:
        nodes += image_nodes(article.image, urls)
    nodes += [attachment_node(attachment, urls) for attachment in article.attachments]
    return tuple(nodes)


def _source(source: Source, site: Site, urls: Urls) -> list[Node]:
    """The source of the item: `source` if the feed of that publication is known, else `dc:source`.

    Never both, nor two of either: the W3C validator rejects that. The address is an Atom link.
    """
    cited = citation(source, site)
    if source.feed:
        nodes = [node("source", source.name, url=urls.absolute(source.feed))]
    else:
        nodes = [node(f"{{{DC}}}source", cited)]
    if source.url:
        # With `source`, the title of the link is the only place for the citation.
        title = cited if source.feed else None
        nodes.append(node(f"{{{ATOM}}}link", rel="via", href=urls.absolute(source.url), title=title))
    return nodes


RSS = Format(description=FORMAT_DESCRIPTIONS["rss"], listing=render_listing, archive=render_archive)
