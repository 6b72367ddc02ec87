"""The headers with which real programs ask for a feed, or for browsers a page, and what each must get."""

import msgspec

ANY = "*/*"
PAGE = "text/html; charset=utf-8"
JSON = "application/json"


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """A program: its headers, and the media types it gets where Accept chooses.

    `listing` at `/articles`, `permalink` at an article's own address and at directories; `coding` of a body
    worth compressing.
    """

    name: str
    headers: dict[str, str]
    listing: str
    permalink: str = PAGE
    coding: str | None

    @property
    def opens(self) -> bool:
        """Whether it is a browser that opens the address for a person to look at."""
        return self.headers.get("Sec-Fetch-Dest") == "document"


CLIENTS = (
    Client(
        name="Miniflux",
        headers={
            "User-Agent": "Mozilla/5.0 (compatible; Miniflux/2.2.9; +https://miniflux.app)",
            "Accept": "application/xml, application/atom+xml, application/rss+xml, application/rdf+xml, "
            "application/feed+json, text/html, */*;q=0.9",
            "Accept-Encoding": "br, gzip",
            "Connection": "close",
        },
        listing=PAGE,
        coding="br",
    ),
    Client(
        name="FreshRSS",
        headers={
            "User-Agent": "FreshRSS/1.26.1 (Linux; https://freshrss.org)",
            "Accept": "application/atom+xml,application/rss+xml,application/rdf+xml;q=0.9,"
            "application/xml;q=0.8,text/xml;q=0.8,application/json;q=0.7,text/html;q=0.2,*/*;q=0.1",
            "Accept-Encoding": "deflate, gzip, br, zstd",
        },
        listing=JSON,
        permalink=JSON,
        coding="br",
    ),
    Client(
        name="SimplePie",
        headers={
            "User-Agent": "SimplePie/1.8.0 (Feed Parser; https://simplepie.org; Allow like Gecko) Build/1",
            "Accept": "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, "
            "application/xml;q=0.8, text/xml;q=0.8, text/html;q=0.7, unknown/unknown;q=0.1, "
            "application/unknown;q=0.1, */*;q=0.1",
            "Accept-Encoding": "x-gzip,gzip,deflate",
        },
        listing=PAGE,
        coding="gzip",
    ),
    Client(
        name="NetNewsWire",
        headers={
            "User-Agent": "NetNewsWire (RSS Reader; https://netnewswire.com/)",
            "Accept": ANY,
            "Accept-Language": "en-GB,en;q=0.9",
            "Accept-Encoding": "gzip, deflate, br",
        },
        listing=JSON,
        coding="br",
    ),
    Client(
        name="Feedly",
        headers={
            "User-Agent": "Feedly/1.0 (+https://feedly.com/poller.html; 12 subscribers)",
            "Accept": ANY,
            "Accept-Encoding": "gzip",
            "Cache-Control": "no-cache",
        },
        listing=JSON,
        coding="gzip",
    ),
    Client(
        name="newsboat",
        headers={
            "User-Agent": "newsboat/2.21.0 (Linux x86_64)",
            "Accept": ANY,
            "Accept-Encoding": "deflate, gzip, br",
            "A-IM": "feed",
        },
        listing=JSON,
        coding="br",
    ),
    Client(
        name="liferea",
        headers={
            "User-Agent": "Liferea/1.14.1 (Linux; https://lzone.de/liferea/) AppleWebKit (KHTML, like Gecko)",
            "Accept": "application/atom+xml,application/xml;q=0.9,text/xml;q=0.8,*/*;q=0.7",
            "Accept-Encoding": "gzip, deflate, br",
            "A-IM": "feed",
            "DNT": "1",
        },
        listing=JSON,
        coding="br",
    ),
    Client(name="sfeed", headers={}, listing=JSON, coding=None),
    Client(name="curl", headers={"User-Agent": "curl/7.88.1", "Accept": ANY}, listing=JSON, coding=None),
    Client(
        name="rss-parser",
        headers={"User-Agent": "rss-parser", "Accept": "application/rss+xml"},
        listing="",  # 406: nothing it takes is there
        permalink="",
        coding=None,
    ),
    Client(
        name="Chromium",
        headers={
            "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/131.0.0.0 Safari/537.36",
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
            "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
            "Accept-Encoding": "gzip, deflate, br, zstd",
            "Accept-Language": "en-US,en;q=0.9",
            "Sec-Fetch-Dest": "document",
            "Upgrade-Insecure-Requests": "1",
        },
        listing=PAGE,
        coding="br",
    ),
    Client(
        name="Firefox",
        headers={
            "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
            "image/png,image/svg+xml,*/*;q=0.8",
            "Accept-Encoding": "gzip, deflate, br, zstd",
            "Accept-Language": "en-US,en;q=0.5",
            "Sec-Fetch-Dest": "document",
        },
        listing=PAGE,
        coding="br",
    ),
)
