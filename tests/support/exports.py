"""Small exports of every source, written by its documentation, with the status of their one post open."""

import json
from collections.abc import Callable

NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" '
)


def wordpress(inner: str, prefix: str = "wp") -> str:
    """An export with one item that holds `inner`, written with `wp:` whatever prefix the document has."""
    item = (
        "<title>Secret plan</title><link>https://x.example/secret/</link><guid>https://x.example/?p=1</guid>"
        "<content:encoded><![CDATA[Only for some.]]></content:encoded>" + inner
    )
    return wordpress_items(item, prefix=prefix)


def wordpress_items(*items: str, site: str | None = None, prefix: str = "wp") -> str:
    """An export of the blog at the address `site`, with these items, written with `wp:`."""
    base = f"<wp:base_blog_url>{site}</wp:base_blog_url>" if site else ""
    channel = (base + "".join(f"<item>{item}</item>" for item in items)).replace("wp:", f"{prefix}:")
    space = f'xmlns:{prefix}="http://wordpress.org/export/1.2/"'
    return f'<rss version="2.0" {NAMESPACES}{space}><channel>{channel}</channel></rss>'


def wordpress_post(status: str, prefix: str = "wp", more: str = "") -> str:
    post = "<wp:post_type>post</wp:post_type><wp:post_date_gmt>2019-01-02 03:04:05</wp:post_date_gmt>"
    return wordpress(f"{post}<wp:status>{status}</wp:status>{more}", prefix)


def ghost_post(status: str, **fields: object) -> str:
    post = {
        "id": "5f",
        "title": "Secret plan",
        "slug": "secret-plan",
        "html": "<p>Only for some.</p>",
        "status": status,
        "visibility": "public",
        "published_at": "2019-01-02T03:04:05.000Z",
    }
    return json.dumps({"db": [{"data": {"posts": [post | fields]}}]})


def atom_entry(inner: str, spaces: str = "") -> str:
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" {spaces}><title>T</title><id>tag:x.example,2019:feed</id>'
        "<updated>2019-01-02T03:04:05Z</updated>"
        "<entry><id>tag:x.example,2019:1</id><title>Secret plan</title>"
        "<published>2019-01-02T03:04:05Z</published><updated>2019-01-02T03:04:05Z</updated>"
        f'<content type="html">&lt;p&gt;Only for some.&lt;/p&gt;</content>{inner}</entry></feed>'
    )


def atom_draft(written: str, prefix: str = "app", space: str = "http://www.w3.org/2007/app") -> str:
    control = f"<{prefix}:control><{prefix}:draft>{written}</{prefix}:draft></{prefix}:control>"
    return atom_entry(control, f'xmlns:{prefix}="{space}"')


def blogger_old(kind: str, inner: str = "") -> str:
    term = f"http://schemas.google.com/blogger/2008/kind#{kind}"
    category = f'<category scheme="http://schemas.google.com/g/2005#kind" term="{term}"/>'
    return atom_entry(category + inner)


def takeout(status: str, kind: str = "POST", inner: str = "", prefix: str = "blogger") -> str:
    known = f"<blogger:type>{kind}</blogger:type><blogger:status>{status}</blogger:status>" + inner
    return atom_entry(
        known.replace("blogger:", f"{prefix}:"), f'xmlns:{prefix}="http://schemas.google.com/blogger/2018"'
    )


def movable_type(status: str, more: str = "", body: str = "Only for some.") -> str:
    return (
        f"TITLE: Secret plan\nAUTHOR: Ada Osei\nDATE: 01/02/2019 03:04:05 AM\nSTATUS: {status}\n{more}"
        f"-----\nBODY:\n{body}\n-----\n--------\n"
    )


def json_feed(**fields: object) -> str:
    item = {
        "id": "1",
        "url": "https://x.example/secret",
        "title": "Secret plan",
        "content_text": "Only for some.",
    }
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [item | fields]})


SUBSTACK_COLUMNS = (
    "post_id,post_date,is_published,email_sent_at,inbox_sent_at,type,audience,title,subtitle,podcast_url"
)


def substack(*rows: str) -> str:
    return "\n".join([SUBSTACK_COLUMNS, *rows, ""])


def substack_post(published: str, audience: str, kind: str = "newsletter") -> dict[str, str | bytes]:
    row = f"101.secret-plan,2019-01-02T03:04:05.000Z,{published},,,{kind},{audience},Secret plan,,"
    return {"posts.csv": substack(row), "posts/101.secret-plan.html": "<p>Only for some.</p>"}


MEDIUM_PAGE = """<!DOCTYPE html><html><head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>{title}</title><style>* {{ font-family: Georgia; }}</style></head><body><article class="h-entry">
<header><h1 class="p-name">{title}</h1></header>
<section data-field="subtitle" class="p-summary">{subtitle}</section>
<section data-field="body" class="e-content">
<section name="a1" class="section section--body section--first">
<div class="section-divider"><hr class="section-divider"></div>
<div class="section-content"><div class="section-inner sectionLayout--insetColumn">{body}</div></div>
</section>
</section>
<footer>{footer}<p>Exported from <a href="https://medium.com">Medium</a> on August 31, 2026.</p></footer>
</article>
</body></html>
"""
MEDIUM_TITLE = '<h3 name="b1" class="graf graf--h3 graf--leading graf--title">{}</h3>'
MEDIUM_PUBLISHED = (
    '<p>By <a href="https://medium.com/@ada" class="p-author h-card">Ada Osei</a> on '
    '<a href="https://medium.com/p/0a1b2c3d4e5f">'
    '<time class="dt-published" datetime="2019-01-02T03:04:05.000Z">January 2, 2019</time></a>.</p>'
    '<p><a href="https://medium.com/@ada/the-lock-gate-0a1b2c3d4e5f" class="p-canonical">'
    "Canonical link</a></p>"
)
MEDIUM_DRAFT = '<p><a href="https://medium.com/p/0a1b2c3d4e5f">View original.</a></p>'


def medium_page(
    title: str = "The lock gate",
    body: str = MEDIUM_TITLE.format("The lock gate") + '<p class="graf graf--p">Water rises.</p>',
    footer: str = MEDIUM_PUBLISHED,
    subtitle: str = "How water rises",
) -> str:
    return MEDIUM_PAGE.format(title=title, body=body, footer=footer, subtitle=subtitle)


STATUS_EXPORTS: dict[str, tuple[frozenset[str], Callable[[str], dict[str, str | bytes]]]] = {
    "WordPress": (frozenset({"publish"}), lambda status: {"a.xml": wordpress_post(status)}),
    "Ghost": (frozenset({"published"}), lambda status: {"a.json": ghost_post(status)}),
    "Ghost visibility": (
        frozenset({"public", ""}),
        lambda status: {"a.json": ghost_post("published", visibility=status)},
    ),
    "Blogger": (frozenset({"live", "published"}), lambda status: {"feed.atom": takeout(status)}),
    "Movable Type": (
        frozenset({"publish", "published"}),
        lambda status: {"a.txt": movable_type(status)},
    ),
    "Substack audience": (frozenset({"everyone"}), lambda status: substack_post("true", status)),
    "Substack is_published": (
        frozenset({"true", "1", "yes", "on"}),
        lambda status: substack_post(status, "everyone"),
    ),
}
"""By source: the statuses that are public, and an export whose one post has a status."""
