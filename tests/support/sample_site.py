"""The site and articles whose representations are golden files: each field used, each script met."""

from urllib.parse import quote

from service.formats import Archive, Directory, Listing, Navigation, SingleArticle
from service.model import Attachment, Author, Body, Image, MenuEntry, Site, Source, Translation
from service.query import (
    ArchiveCursor,
    ArchivePage,
    Cursor,
    Facet,
    MenuLink,
    Query,
    TermName,
    Tombstone,
    bind,
)
from service.urls import Urls
from tests.support.builders import article, at, listing

URLS = Urls("https://news.example/blog")

SITE = Site(
    feed_max_age_seconds=900,
    title="Harbour & Sea",
    description="What happens at the harbour, <weekly>.",
    language="en",
    authors=(Author("The Harbour Desk", "the-harbour-desk", "https://desk.example/"),),
    rights="© 2026 Harbour & Sea",
    icon="/files/icon.png",
    hubs=("https://hub.example/",),
    id_authority="news.example",
    id_year=2026,
)

FULL = article(
    "harbour-opens",
    title="The harbour opens & <ships> return",
    subtitle="After nine years",
    summary="Ships & cargo return to the “old” harbour.",
    content_html=(
        '<p>Ships <a href="\x01/articles/old-town">return</a>.'
        '<sup><a href="\x02#fn-1" id="fnref-1">1</a></sup></p>\n'
        '<p><img src="\x01/files/posts/quay.jpg" alt="The quay"> a &lt; b &amp; c ]]&gt;</p>\n'
        '<ol><li id="fn-1">See <a href="https://port.example/?a=1&amp;b=2">the port</a>.</li></ol>\n'
    ),
    text="Ships return.\n\na < b & c ]]>\n\nSee the port.",
    body=Body(
        "Ships [return](/articles/old-town).[^1]\n\n[^1]: See the port.\n", "markdown", "/files/posts/"
    ),
    authors=("Ada Osei", "Josh Aas, ISRG Executive Director"),
    published=at("2019-01-28T09:30"),
    updated=at("2019-02-01T12:00"),
    tags=("Harbour & sea", "C++", "بغداد"),
    series="Harbours & ships",
    series_order=2,
    featured=True,
    source=Source(
        "Port Times",
        "port-times",
        "https://port.example/story?id=1&page=2",
        "Harbour <reopens>",
        "R. Adler",
        at("2019-01-27"),
        "https://port.example/feed.xml",
    ),
    dateline="PORT TOWN",
    image=Image("/files/posts/quay.jpg", "The quay", 1200, 800),
    attachments=(
        Attachment("/files/posts/talk.mp3", "audio/mpeg", 1234567, "The talk & more", 95),
        Attachment("/files/posts/plan.pdf", "application/pdf", 4321, "The plan"),
        Attachment("https://video.example/v.mp4", "video/mp4"),
    ),
    canonical="https://elsewhere.example/harbour",
    rights="CC BY 4.0",
    correction="An earlier version said eight years & was wrong.",
    translations=(Translation("fr", "le-port-ouvre"),),
    extra={"mood": "calm", "ratings": [1, 2]},
)
FOREIGN = article(
    "le-port-ouvre",
    title="Le port rouvre 🚢 « enfin »",
    language="fr",
    published=at("2018-05-05"),
    updated=at("2018-05-05"),
    source=Source("Le Quai", "le-quai"),
)
RIGHT_TO_LEFT = article(
    "الميناء", title="الميناء يفتح", language="ar", published=at("2017-01-01"), tags=("بغداد",)
)
UNDATED = article("undated", title="1. Undated *note*", published=None, updated=None)

GONE = Tombstone("tag:example.org,2026:en/false-alarm", "It was <false> & wrong.", at("2019-02-03T08:00"))
FIRST_PAGE = listing(FULL, FOREIGN, RIGHT_TO_LEFT, UNDATED, of=SITE, tombstones=(GONE,))
"""The whole of the unfiltered query."""

_TAGGED = Query(tags=("harbour-and-sea",), q="port & ships")
MIDDLE_PAGE = listing(
    FOREIGN,
    RIGHT_TO_LEFT,
    query=Query(
        tags=_TAGGED.tags,
        q=_TAGGED.q,
        limit=2,
        cursor=Cursor(False, 1548667800, "tag:example.org,2026:en/harbour-opens", bind(_TAGGED)),
    ),
    of=SITE,
    total=4,
    next_cursor=Cursor(False, 1483228800, f"tag:example.org,2026:en/{quote('الميناء')}", bind(_TAGGED)),
    previous_cursor=Cursor(True, 1525478400, "tag:example.org,2026:en/le-port-ouvre", bind(_TAGGED)),
    names=(TermName("tag", "harbour-and-sea", "Harbour & sea"),),
)
"""A page with neighbours on either side, of a filtered query."""

ARCHIVE = Archive(
    SITE,
    Query(tags=("harbour-and-sea",)),
    ArchivePage(
        position=ArchiveCursor(1549022400, "9c56cc51b374c3ba", "5f3a9c21"),
        articles=(FULL, FOREIGN),
        tombstones=(GONE,),
        next=ArchiveCursor(1483228800, "0f1a2b3c4d5e6f70"),
    ),
)
"""An archive document of a tag, with one before it."""

SINGLE = SingleArticle(SITE, FULL)
PAGE = SingleArticle(
    SITE,
    article(
        "/company/about",
        title="About us & <them>",
        content_html='<p>Who <a href="\x01/articles/old-town">we</a> are.</p>\n',
        text="Who we are.",
        summary="Who we are.",
        published=None,
        updated=at("2019-02-01T12:00"),
        image=Image("/files/pages/desk.jpg", "The desk", 1200, 800),
        translations=(Translation("fr", "/societe"),),
        menu=MenuEntry("About", 2),
    ),
    navigation=Navigation(
        menu=(MenuLink("About", "/company/about", "en"), MenuLink("Presse", "/presse", "fr"))
    ),
)
"""A page that is not an article, in the navigation beside another."""

TAGS = Directory(SITE, "tag", (Facet("harbour-and-sea", "Harbour & sea", 3), Facet("c-plus-plus", "C++", 1)))

LISTINGS: tuple[Listing, ...] = (
    FIRST_PAGE,
    MIDDLE_PAGE,
    listing(of=SITE),
    listing(FULL, UNDATED, of=SITE, query=Query(content="summary")),
    listing(FULL, UNDATED, of=SITE, query=Query(content="none")),
    listing(FULL, of=Site(), query=Query(languages=("en",))),
)
"""Pages of every kind: whole, in the middle, empty, with less of the text, of a site that says nothing."""
