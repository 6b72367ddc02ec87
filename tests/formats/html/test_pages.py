"""Structure, metadata and links of every kind of page."""

import json
import re
from collections.abc import Callable
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec
import pytest
from bs4 import BeautifulSoup

from service.formats import FEEDS, Directory, Listing, SingleArticle, bare_type
from service.formats.html import HTML, problem_page, subscription
from service.model import Author, NamedLink, Site, Source, Translation
from service.query import Cursor, Facet, Query, RelatedArticles, TermName, bind, month_period
from service.urls import LISTING_PATHS, Urls
from tests.support.builders import article, at, listing
from tests.support.sample_site import (
    FIRST_PAGE,
    LISTINGS,
    MIDDLE_PAGE,
    PAGE,
    RIGHT_TO_LEFT,
    SINGLE,
    SITE,
    TAGS,
    URLS,
)

assert HTML.article
assert HTML.directory
_single, _directory = HTML.article, HTML.directory

LONG = "Donaudampfschifffahrtsgesellschaft" * 9
MANY = Directory(SITE, "tag", tuple(Facet(f"t{n}", f"{'ABCÅ9'[n % 5]} {n}", n) for n in range(90, 0, -1)))

PAGES: dict[str, Callable[[], bytes]] = {
    **{f"list {n}": lambda one=one: HTML.listing(one, URLS) for n, one in enumerate(LISTINGS)},  # type: ignore[misc]
    "article": lambda: _single(SINGLE, URLS),
    "page": lambda: _single(PAGE, URLS),
    "search with pages": lambda: HTML.listing(
        msgspec.structs.replace(MIDDLE_PAGE, site_pages=(PAGE.article, RIGHT_TO_LEFT)), URLS
    ),
    "right to left": lambda: _single(SingleArticle(SITE, RIGHT_TO_LEFT), URLS),
    "bare article": lambda: _single(SingleArticle(Site(), article(published=None, updated=None)), URLS),
    "beside": lambda: _single(
        SingleArticle(
            SITE, article("one"), RelatedArticles(article("two"), article("three"), (RIGHT_TO_LEFT,))
        ),
        URLS,
    ),
    "tags": lambda: _directory(TAGS, URLS),
    "many tags": lambda: _directory(MANY, URLS),
    "no authors": lambda: _directory(Directory(SITE, "author", ()), URLS),
    "languages": lambda: _directory(Directory(SITE, "language", (Facet("ar", "ar", 2),)), URLS),
    "subscribe": lambda: subscription(FIRST_PAGE, URLS),
    "subscribe to a search": lambda: subscription(MIDDLE_PAGE, URLS),
    "problem": lambda: problem_page(
        SITE, URLS, 404, "Not found", "There is <nothing>.", search=Query(q="old harbour")
    ),
}
EVERY_PAGE = pytest.mark.parametrize("name", PAGES)

OURS = ("https://news.example/", "#", "data:")
LOADED = ("script[src]", "link[rel=stylesheet]", "link[rel=icon]", "link[rel=preload]", "iframe", "object")


def parsed(page: bytes) -> BeautifulSoup:
    return BeautifulSoup(page, "html.parser")


def data_of(page: BeautifulSoup) -> list[dict[str, object]]:
    return [json.loads(element.text) for element in page.select('script[type="application/ld+json"]')]


def one(page: BeautifulSoup, selector: str, attribute: str) -> str | None:
    """The value of an attribute of the only element there is; None where there is no such element."""
    elements = page.select(selector)
    assert len(elements) <= 1, selector
    return str(elements[0][attribute]) if elements else None


@EVERY_PAGE
def test_one_h1_and_no_skipped_heading_level(name: str) -> None:
    page = parsed(PAGES[name]())
    levels = [int(heading.name[1]) for heading in page.select("h1, h2, h3, h4, h5, h6")]

    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@EVERY_PAGE
def test_label_of_a_control_contains_its_visible_text(name: str) -> None:
    """WCAG 2.2 §2.5.3: who speaks to a computer says what they see."""
    for control in parsed(PAGES[name]()).select("a[aria-label], button[aria-label], summary[aria-label]"):
        assert control.get_text(" ", strip=True).casefold() in str(control["aria-label"]).casefold()


@EVERY_PAGE
def test_landmarks_and_skip_link(name: str) -> None:
    page = parsed(PAGES[name]())

    assert [len(page.select(f"body > {part}")) for part in ("header", "main", "footer")] == [1, 1, 1]
    assert len(page.select("main")) == len(page.select('[role="search"]')) == 1
    skip = page.select_one("body > :first-child")
    assert skip
    assert page.select_one(f"main{skip['href']}")
    labels = [nav.get("aria-label") for nav in page.select("nav")]
    assert None not in labels
    assert len(set(labels)) == len(labels)


@EVERY_PAGE
def test_ids_are_unique_and_references_resolve(name: str) -> None:
    page = parsed(PAGES[name]())
    ids = [str(element["id"]) for element in page.select("[id]")]
    wanted = [str(element["aria-labelledby"]) for element in page.select("[aria-labelledby]")]
    wanted += [str(element["for"]) for element in page.select("label[for]")]
    wanted += [
        str(element[name]) for name in ("data-copies", "data-says") for element in page.select(f"[{name}]")
    ]
    wanted += [str(link["href"])[1:] for link in page.select('a[href^="#"]')]

    assert len(ids) == len(set(ids))
    assert set(wanted) <= set(ids)


@EVERY_PAGE
def test_no_inline_scripts_and_no_other_hosts(name: str) -> None:
    page = parsed(PAGES[name]())

    for element in page.find_all(True):
        assert not [
            attribute for attribute in element.attrs if attribute.startswith("on") or attribute == "style"
        ]
    assert all(
        script.get("src") or script["type"] == "application/ld+json" for script in page.select("script")
    )
    for element in page.select(", ".join(LOADED)):
        assert str(element.get("src") or element.get("href")).startswith(OURS)
    assert len(page.select("style")) == 1


@EVERY_PAGE
def test_page_links_to_its_feeds_with_type_and_title(name: str) -> None:
    page = parsed(PAGES[name]())
    feeds = {
        str(link["type"]): link
        for link in page.select('link[rel="alternate"][title]')
        if "feed" in str(link["href"])
    }
    titles = [str(link["title"]) for link in feeds.values()]

    assert set(feeds) == {bare_type(format_name) for format_name in FEEDS}
    assert len(set(titles)) == len(FEEDS)
    shown = {link["href"] for link in page.select("footer a[type]")}
    assert shown == {link["href"] for link in feeds.values()}


@pytest.mark.parametrize("listed", LISTINGS)
def test_feeds_of_a_list_have_its_query(listed: Listing) -> None:
    page = parsed(HTML.listing(listed, URLS))
    query = msgspec.structs.replace(listed.query, limit=None, cursor=None)

    for format_name in FEEDS:
        assert one(page, f'link[type="{bare_type(format_name)}"]', "href") == URLS.listing(format_name, query)


@EVERY_PAGE
def test_title_description_and_canonical_address(name: str) -> None:
    page = parsed(PAGES[name]())
    title = page.select_one("title")
    canonical = one(page, 'link[rel="canonical"]', "href")

    assert title
    assert title.text.strip()
    assert one(page, 'meta[property="og:title"]', "content")
    assert one(page, 'meta[property="og:site_name"]', "content")
    assert one(page, 'meta[property="og:url"]', "content") == canonical
    assert (canonical is None) == (name == "problem")
    if name != "problem":
        assert all(str(data["@context"]) == "https://schema.org" for data in data_of(page))
        assert data_of(page)
    kept_out = one(page, 'meta[name="robots"]', "content")
    filtered = name in {
        "list 1",
        "list 3",
        "list 4",
        "list 5",
        "search with pages",
        "subscribe to a search",
        "problem",
    }
    assert kept_out == ("noindex, follow" if filtered else None)


def test_home_page_describes_the_search() -> None:
    (data,) = data_of(parsed(HTML.listing(FIRST_PAGE, URLS)))

    assert data["@type"] == "WebSite"
    assert data["potentialAction"] == {
        "@type": "SearchAction",
        "target": {
            "@type": "EntryPoint",
            "urlTemplate": "https://news.example/blog/articles.html?q={search_term_string}",
        },
        "query-input": "required name=search_term_string",
    }


def test_article_has_linked_data() -> None:
    page = parsed(PAGES["article"]())
    (data,) = data_of(page)

    assert data["@type"] == "NewsArticle"
    assert data["headline"] == "The harbour opens & <ships> return"
    assert data["datePublished"] == "2019-01-28T09:30:00Z"
    assert data["dateModified"] == "2019-02-01T12:00:00Z"
    assert data["mainEntityOfPage"] == "https://elsewhere.example/harbour"
    assert data["isBasedOn"]["url"] == "https://port.example/story?id=1&page=2"  # type: ignore[index]
    assert one(page, 'meta[property="og:type"]', "content") == "article"
    assert one(page, 'meta[property="article:published_time"]', "content") == "2019-01-28T09:30:00Z"
    assert (
        one(page, 'meta[property="og:image"]', "content") == "https://news.example/blog/files/posts/quay.jpg"
    )


def test_linked_data_cannot_end_its_element() -> None:
    evil = article(title="</script><script>alert(1)</script>", summary="<!--<script>", text="Text.")
    page = _single(SingleArticle(SITE, evil), URLS)

    assert b"<script>alert" not in page
    assert data_of(parsed(page))[0]["headline"] == evil.title


def test_article_in_another_language_has_lang_and_dir() -> None:
    page = parsed(PAGES["right to left"]())
    html, reading = page.select_one("html"), page.select_one("article")

    assert html
    assert reading
    assert (html["lang"], html["dir"]) == ("en", "ltr")
    assert (reading["lang"], reading["dir"]) == ("ar", "rtl")


def test_site_written_from_right_to_left() -> None:
    html = parsed(HTML.listing(listing(of=Site(language="he")), URLS)).select_one("html")

    assert html
    assert (html["lang"], html["dir"]) == ("he", "rtl")


def test_every_field_of_an_article_is_shown() -> None:
    page = parsed(PAGES["article"]())
    text = page.select_one("main").get_text(" ", strip=True)  # type: ignore[union-attr]

    for shown_text in (
        "After nine years",
        "Ada Osei",
        "January 28, 2019",
        "Updated",
        "February 1, 2019",
        "PORT TOWN",
    ):
        assert shown_text in text
    for shown_text in (
        "An earlier version said",
        "Harbour <reopens>",
        "R. Adler",
        "CC BY 4.0",
        "1:35",
        "1.2 MB",
    ):
        assert shown_text in text
    assert [player["preload"] for player in page.select("audio, video")] == ["none", "none"]
    assert page.select_one('a[download][href$="plan.pdf"]')
    assert page.select_one('a[hreflang="fr"]').text == "français"  # type: ignore[union-attr]
    assert len(page.select('a[rel="tag"]')) == 3
    assert [time["datetime"] for time in page.select("time")] == [
        "2019-01-28T09:30:00Z",
        "2019-02-01T12:00:00Z",
        "2019-01-27T00:00:00Z",
    ]


def test_links_within_an_article_are_fragments() -> None:
    page = parsed(PAGES["article"]())

    assert page.select_one('.body a[href="#fn-1"]')
    assert page.select_one('.body a[href="https://news.example/blog/articles/old-town"]')


def test_related_and_neighbouring_articles_are_linked() -> None:
    page = parsed(PAGES["beside"]())

    assert one(page, 'main a[rel="prev"]', "href") == "https://news.example/blog/articles/two"
    assert one(page, 'main a[rel="next"]', "href") == "https://news.example/blog/articles/three"
    related = page.select_one(".related a")
    assert related
    assert (related["lang"], related["dir"]) == ("ar", "rtl")


def test_every_filter_can_be_removed() -> None:
    query = Query(
        q="port",
        tags=("sea", "harbour"),
        exclude_tags=("war",),
        authors=("ada",),
        languages=("pt-BR",),
        since=at("2019-01-28"),
        until=at("2019-01-28T09:00"),
    )
    names = (TermName("tag", "sea", "The sea"), TermName("author", "ada", "Ada Osei"))
    page = parsed(HTML.listing(listing(article(), query=query, names=names), URLS))
    chips = {chip.get_text(" ", strip=True): str(chip["href"]) for chip in page.select(".chips a")}

    assert [text.removesuffix(" × (remove)") for text in chips] == [
        "search “port”",
        "tag The sea",
        "tag harbour",
        "without tag war",
        "author Ada Osei",
        "language Portuguese (Brazil)",
        "since January 28, 2019",
        "until 2019-01-28T09:00:00Z",
    ]
    all_of_it = URLS.listing("html", query).partition("?")[2].split("&")
    for address in chips.values():
        left = address.partition("?")[2].split("&")
        assert len(left) == len(all_of_it) - 1
        assert set(left) < set(all_of_it)


def test_removing_the_search_removes_relevance() -> None:
    query = Query(q="port", tags=("sea",), sort="relevance")
    page = parsed(HTML.listing(listing(article(), query=query), URLS))

    assert one(page, ".chips li:first-child a", "href") == "https://news.example/blog/articles.html?tag=sea"


def test_search_marks_its_matches() -> None:
    matching = article(
        text="All quiet. Then the ship's bell rang: <b>ships</b> came in.", title="Ships & harbours"
    )
    page = HTML.listing(listing(matching, query=Query(q="ship harbour")), URLS)
    marks = [mark.text for mark in parsed(page).select("mark")]

    assert marks == ["Ships", "harbours", "ship", "ships"]
    assert b"&lt;b&gt;<mark>ships</mark>&lt;/b&gt;" in page


def test_empty_search_has_suggestions() -> None:
    page = parsed(HTML.listing(listing(query=Query(q="xyzzy", tags=("sea",))), URLS))
    links = {str(link["href"]) for link in page.select(".nothing a")}

    assert "https://news.example/blog/articles.html?tag=sea" in links
    assert "https://news.example/blog/articles.html?q=xyzzy" in links
    assert "https://news.example/blog/subscribe?q=xyzzy&tag=sea" in links


def test_neighbouring_pages_are_linked() -> None:
    page = parsed(PAGES["list 1"]())

    assert one(page, 'nav.pages a[rel="prev"]', "href") == one(page, 'link[rel="prev"]', "href")
    assert one(page, 'nav.pages a[rel="next"]', "href") == one(page, 'link[rel="next"]', "href")
    beyond = Cursor(False, 0, "x", bind(Query()))
    assert "nothing beyond" in parsed(HTML.listing(listing(query=Query(cursor=beyond)), URLS)).text


def test_subscribe_page_has_the_feeds_of_its_query() -> None:
    page = parsed(PAGES["subscribe to a search"]())
    addresses = [str(field["value"]) for field in page.select(".address input")]
    query = "?q=port%20%26%20ships&tag=harbour-and-sea"

    assert addresses == [
        f"https://news.example/blog{LISTING_PATHS[format_name]}{query}" for format_name in FEEDS
    ]
    assert all(button.has_attr("hidden") for button in page.select("button[data-copies]"))
    assert page.select_one(f'a[href="{addresses[0]}"][data-scheme=feed]')
    assert page.select_one('main a[href="https://news.example/blog/feeds.opml"]')
    assert page.select_one('a[href^="https://feedly.com/"][href$="%3Dharbour-and-sea"]')
    assert [heading.text for heading in page.select(".preview h3")] == [
        one_article.title for one_article in MIDDLE_PAGE.page.articles
    ]


def test_long_directory_is_grouped_by_letter() -> None:
    page = parsed(PAGES["many tags"]())

    assert [heading.text for heading in page.select("main h2")] == ["Most articles", "A", "B", "C", "#"]
    assert page.select_one(".facets li a").text == "A 90"  # type: ignore[union-attr]
    letters = page.select("section:not([aria-labelledby=bs-most]) .facets li")
    assert len(letters) == 90


def test_problem_page_offers_a_search() -> None:
    page = parsed(PAGES["problem"]())

    assert page.select_one('main a[href="https://news.example/blog/articles.html?q=old%20harbour"]')
    assert "There is <nothing>." in page.text


def test_home_page_of_twenty_articles_is_small() -> None:
    long = [
        article(f"article-{n}", title=f"{LONG} {n}", summary="Some words of it. " * 16) for n in range(20)
    ]
    topics = tuple(Facet(f"tag-{n}", f"Tag {n}", n) for n in range(16))
    page = Listing(SITE, Query(), listing(*long, of=SITE).page, topics)

    assert len(HTML.listing(page, Urls("https://news.example"))) < 60_000


def test_style_sheet_is_small() -> None:
    style = parsed(PAGES["tags"]()).select_one("style")

    assert style
    assert len(style.text.encode()) < 16_000


@pytest.mark.parametrize(
    ("query", "heading"),
    [
        (Query(authors=("ada", "bo")), "Author ada or bo"),
        (Query(authors=("ada", "bo"), tags=("sea", "sky")), "Tag sea, tag sky, author ada or bo"),
        (Query(any_tags=("sea", "sky")), "Any tag of sea or sky"),
        (Query(exclude_tags=("sea", "sky")), "Without tag sea, without tag sky"),
        (Query(month=month_period(2025, 12, ZoneInfo("UTC"))), "December 2025"),
        (Query(month=month_period(987, 1, ZoneInfo("UTC")), tags=("sea",)), "Tag sea, month January 987"),
        (Query(series="harbours"), "harbours"),
        (Query(featured="false", media=("audio",)), "Featured articles excluded, with audio"),
        (Query(featured="true"), "Featured articles"),
        (Query(media=("image",)), "With an image"),
    ],
)
def test_the_heading_joins_alternatives(query: Query, heading: str) -> None:
    page = parsed(HTML.listing(listing(query=query), URLS))
    (title,) = page.select("h1")
    assert title.text.strip() == heading


def test_a_page_without_articles_offers_to_remove_what_could_find_more() -> None:
    query = Query(tags=("sea",), exclude_tags=("war",), authors=("ada", "bo"), media=("image",))
    page = parsed(HTML.listing(listing(query=query), URLS))
    offers = [item.get_text(" ", strip=True) for item in page.select(".nothing li")]

    assert [offer for offer in offers if offer.startswith("Remove")] == [
        "Remove the filter tag sea",
        "Remove the filter without tag war",
        "Remove the filter with an image",
    ]


ARABIC = Site(title="الميناء", description="أخبار الميناء", language="ar", authors=(Author("ليلى", "l"),))
ARABIC_ARTICLE = article(
    "port",
    title="الميناء يفتح",
    language="ar",
    content_html="<p>نص</p>",
    summary="ملخص",
    authors=("ليلى",),
    tags=("بغداد",),
    correction="تصحيح",
    source=Source("الصحيفة", "s"),
    updated=at("2020-02-02"),
    translations=(Translation("ar-EG", "port-eg"),),
)
ARABIC_PAGES = {
    "home": lambda: HTML.listing(listing(ARABIC_ARTICLE, of=ARABIC), URLS),
    "list": lambda: HTML.listing(listing(ARABIC_ARTICLE, of=ARABIC, query=Query(sort="oldest")), URLS),
    "nothing": lambda: HTML.listing(listing(of=ARABIC, query=Query(sort="oldest")), URLS),
    "article": lambda: _single(
        SingleArticle(
            ARABIC, ARABIC_ARTICLE, RelatedArticles(ARABIC_ARTICLE, ARABIC_ARTICLE, (ARABIC_ARTICLE,))
        ),
        URLS,
    ),
    "tags": lambda: _directory(Directory(ARABIC, "tag", (Facet("b", "بغداد", 1),)), URLS),
    "no tags": lambda: _directory(Directory(ARABIC, "tag", ()), URLS),
    "subscribe": lambda: subscription(listing(ARABIC_ARTICLE, of=ARABIC), URLS),
    "problem": lambda: problem_page(ARABIC, URLS, 404, "Not found", "Nothing.", search=Query(q="بغداد")),
}


@pytest.mark.parametrize("name", ARABIC_PAGES)
def test_english_words_on_a_page_in_another_language_are_marked(name: str) -> None:
    for text in parsed(ARABIC_PAGES[name]()).body.find_all(string=True):  # type: ignore[union-attr]
        element = text.find_parent(lang=True)
        assert element is not None
        words = re.findall("[A-Za-z]{2,}" if element["lang"] != "en" else "[\u0600-\u06ff]+", text)
        assert not words or URLS.base in text, (element["lang"], text)
        assert element["lang"] != "en" or element["dir"] == "ltr"


@pytest.mark.parametrize(
    ("base", "reference", "address"),
    [
        ("https://x.example/blog", "/blog/about", "https://x.example/blog/about"),
        ("https://x.example/blog", "/blog", "https://x.example/blog/"),
        ("https://x.example/blog", "/about", "https://x.example/blog/about"),
        ("https://x.example/blog", "/blogroll", "https://x.example/blog/blogroll"),
        ("https://x.example", "/blog/about", "https://x.example/blog/about"),
        ("https://x.example/blog", "https://y.example/blog/a", "https://y.example/blog/a"),
    ],
)
def test_links_of_the_settings_may_begin_with_the_path_of_the_site(
    base: str, reference: str, address: str
) -> None:
    site = Site(title="S", navigation=(NamedLink("A link", reference),), footer=f"[Another]({reference})")
    page = BeautifulSoup(_single(SingleArticle(site, article()), Urls(base)), "html.parser")
    links = {link.text: link["href"] for link in page.select("nav a, footer .own a")}
    assert {name: links[name] for name in ("A link", "Another")} == {"A link": address, "Another": address}
