"""Every address of the service with its media type, and the headers that do not vary with time."""

import httpx

LISTING_TYPES = {
    "/": "text/html; charset=utf-8",
    "/articles.html": "text/html; charset=utf-8",
    "/articles.json": "application/json",
    "/articles.md": "text/markdown; charset=utf-8",
    "/feed.atom": "application/atom+xml; charset=utf-8",
    "/feed.rss": "application/rss+xml; charset=utf-8",
    "/feed.json": "application/feed+json",
}
FIXED_TYPES = {
    **LISTING_TYPES,
    "/articles.ndjson": "application/x-ndjson",
    "/changes": "application/x-ndjson",
    "/manifest.json": "application/json",
    "/manifest.json?bucket=a7": "application/json",
    "/articles/{slug}.json": "application/json",
    "/articles/{slug}.html": "text/html; charset=utf-8",
    "/articles/{slug}.md": "text/markdown; charset=utf-8",
    "/about.json": "application/json",
    "/about.html": "text/html; charset=utf-8",
    "/about.md": "text/markdown; charset=utf-8",
    **{f"/{name}.json": "application/json" for name in ("tags", "authors", "sources", "languages")},
    **{f"/{name}.html": "text/html; charset=utf-8" for name in ("tags", "authors", "sources", "languages")},
    "/feeds.opml": "text/x-opml; charset=utf-8",
    "/robots.txt": "text/plain; charset=utf-8",
    "/sitemap.xml": "application/xml; charset=utf-8",
    "/sitemap-news.xml": "application/xml; charset=utf-8",
    "/opensearch.xml": "application/opensearchdescription+xml",
    "/suggest?q=ira": "application/x-suggestions+json",
    "/docs": "text/html; charset=utf-8",
    "/favicon.ico": "image/vnd.microsoft.icon",
    "/openapi.json": "application/json",
}
NEGOTIATED_TYPES = {
    "/articles": "application/json",
    "/articles/{slug}": "text/html; charset=utf-8",
    "/about": "text/html; charset=utf-8",
    "/tags": "text/html; charset=utf-8",
    "/authors": "text/html; charset=utf-8",
    "/sources": "text/html; charset=utf-8",
    "/languages": "text/html; charset=utf-8",
}
HEALTH_STATUS = {"/healthz": "alive", "/readyz": "ready"}


def stable_headers(headers: httpx.Headers) -> dict[str, str]:
    """The headers that are the same from one moment to the next."""
    return {name: value for name, value in headers.items() if name != "date"}
