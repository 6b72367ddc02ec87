"""robots.txt (RFC 9309)."""

from urllib.parse import urlsplit

from service.urls import NEWS_PATH, SITEMAP_PATH, SUGGEST_PATH, Urls

_ROBOTS = """User-agent: *
Allow: /
Disallow: {suggest}
Disallow: {metrics}

Sitemap: {sitemap}
Sitemap: {news}
"""


def robots_txt(urls: Urls) -> str:
    """What robots may read: all that is for readers. Listings that repeat articles say `noindex`."""
    suggest, metrics = (urlsplit(urls.at(path)).path for path in (SUGGEST_PATH, "/metrics"))
    return _ROBOTS.format(
        suggest=suggest, metrics=metrics, sitemap=urls.at(SITEMAP_PATH), news=urls.at(NEWS_PATH)
    )
