"""Pages that are not articles, as a service serves them: at an address, in search and sitemap only."""

from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from service.index import dead_references
from service.ingest import Report
from service.model import Site
from service.publisher.publisher import MAX_SITE_PAGES
from service.urls import LISTING_PATHS
from tests.support.index_folder import NOW
from tests.support.published_folder import BASE, PublishedFolder

LATER = NOW + timedelta(days=400)


class PagesFolder(PublishedFolder):
    """A folder of Markdown files."""

    def put(self, path: str, front_matter: str = "", text: str = "Text.") -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\n{front_matter}\n---\n{text}\n", "utf-8")

    def navigation(self, address: str = "/") -> list[tuple[str, str]]:
        page = BeautifulSoup(self.get(address, {"accept": "text/html"}).content, "html.parser")
        links = page.select('nav[aria-label="Site"] a')
        return [(link.text, str(link["href"]).removeprefix(BASE)) for link in links]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> PagesFolder:
    """A site of two articles and some pages; nobody changes it."""
    folder = PagesFolder(tmp_path_factory.mktemp("pages"), Site(title="Harbour"))
    folder.put(
        "first.md",
        "title: First\ndate: 2025-01-01\ntags: [x]",
        "[a](pages/about.md#us) [b](/about/) [c](/about.html) [d](/about-us) [e](/x/team.md) lighthouse",
    )
    folder.put(
        "second.md",
        "title: Second\ndate: 2025-01-02\naliases: [/about, /imprint.html, /news/2025/second]",
        "Text.",
    )
    folder.put(
        "pages/about.md",
        "title: About the harbour\nmenu: 2\ntags: [x]\nauthor: Ann\naliases: [/about-us/]\nid: urn:x:about",
        "We keep the lighthouse. [First](../first.md), [team](company/team.md).\n\n![](pier.png)",
    )
    (folder.root / "pages" / "pier.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    folder.put("pages/company/team.md", "title: The team\nmenu: {label: Team, weight: 1}\ndate: 2025-06-01")
    folder.put("terms.md", "title: Terms\ntype: page")
    folder.put("pages/imprint.de.md", "title: Impressum\nmenu: true")
    folder.put("pages/imprint.md", "title: Imprint\nmenu: true")
    folder.put("pages/draft.md", "title: Draft\ndraft: true\nmenu: true", "Secret lighthouse.")
    folder.put("pages/soon.md", f"title: Soon\ndate: {LATER.date()}\nmenu: true", "Secret lighthouse.")
    folder.put(
        "pages/past.md", "title: Past\nexpires: 2025-03-01\naliases: [/passed]\nmenu: true", "Lighthouse."
    )
    folder.put("pages/gone.md", "title: Gone\nwithdrawn: It was false.\nmenu: true", "Lighthouse.")
    folder.refresh()
    return folder


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        (".html", "text/html; charset=utf-8"),
        (".json", "application/json"),
        (".md", "text/markdown; charset=utf-8"),
    ],
)
def test_a_page_has_an_address_for_each_format(site: PagesFolder, suffix: str, media_type: str) -> None:
    fixed = site.get(f"/about{suffix}")
    chosen = site.get("/about", {"accept": media_type.partition(";")[0]})
    assert (fixed.status_code, fixed.headers["content-type"]) == (200, media_type)
    assert chosen.content == fixed.content
    assert chosen.headers["content-location"] == f"{BASE}/about{suffix}"
    assert (chosen.headers["cache-control"], chosen.headers["vary"][:6]) == ("no-cache", "Accept")
    assert f'<{BASE}/about>; rel="canonical"' in fixed.headers["link"]
    known = site.get(f"/about{suffix}", {"if-none-match": fixed.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    head = site.ask_service(lambda client: client.head(f"/about{suffix}"))
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", fixed.headers["etag"])


def test_a_browser_gets_html_by_default(site: PagesFolder) -> None:
    page = BeautifulSoup(site.get("/about").content, "html.parser")
    assert page.h1 is not None
    assert page.h1.text == "About the harbour"
    assert not page.select("time, .chips, [rel=tag], [rel=prev], [rel=next], [rel=author]")


def test_json_has_the_fields_of_an_article(site: PagesFolder) -> None:
    page, article = site.get("/about.json").json(), site.get("/articles/first.json").json()
    assert page.keys() == article.keys()
    assert (page["id"], page["slug"], page["url"]) == ("urn:x:about", "about", f"{BASE}/about")
    assert page["formats"]["markdown"] == f"{BASE}/about.md"
    assert site.get("/about.json?fields=title").status_code == 400


@pytest.mark.parametrize("status", [404, 405, 406])
def test_errors_are_those_of_articles(site: PagesFolder, status: int) -> None:
    responses = {
        404: lambda client: client.get("/nowhere.json"),
        405: lambda client: client.post("/about"),
        406: lambda client: client.get("/about", headers={"accept": "image/png"}),
    }
    response = site.ask_service(responses[status])
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert site.ask_service(lambda client: client.options("/about")).status_code == 204


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/about-us", "/about"),
        ("/about-us.json", "/about.json"),
        ("/about/", "/about"),
        ("/About", "/about"),
        ("/About.json", "/about.json"),
        ("/ABOUT-US.md", "/about.md"),
        ("/About.html", "/about"),
        ("/News/2025/Second.json?x=1", "/articles/second.json?x=1"),
        ("/about/index.html", "/about"),
        ("/articles/terms", "/terms"),
        ("/articles/company/team", None),
        ("/files/pages/about.md", "/about"),
        ("/imprint.html", None),
        ("/company", None),
    ],
)
def test_other_addresses_redirect_once(site: PagesFolder, address: str, target: str | None) -> None:
    response = site.get(address)
    if target is None:
        assert response.status_code == (200 if address == "/imprint.html" else 404)
    else:
        assert (response.status_code, response.headers["location"]) == (301, f"{BASE}{target}")


@pytest.mark.parametrize(
    ("address", "status", "reason"),
    [
        ("/draft", 404, None),
        ("/soon", 404, None),
        ("/past", 410, "It has expired."),
        ("/passed", 410, "It has expired."),
        ("/gone.json", 410, "It was false."),
    ],
)
def test_a_page_that_is_not_public_is_not_served(
    site: PagesFolder, address: str, status: int, reason: str | None
) -> None:
    response = site.get(address)
    assert (response.status_code, response.json().get("reason")) == (status, reason)
    name = address.removesuffix(".json")
    expected = f"There is no page '{name}'." if reason is None else f"The page '{name}' is gone: {reason}"
    assert response.json()["detail"] == expected


@pytest.mark.parametrize(
    "path", [*LISTING_PATHS.values(), "/", "/feeds.opml", "/archive.json", "/sitemap-news.xml"]
)
def test_no_list_and_no_feed_has_a_page(site: PagesFolder, path: str) -> None:
    response = site.get(path)
    text = response.text
    if "html" in response.headers["content-type"]:
        text = str(BeautifulSoup(response.content, "html.parser").main)
    assert "About the harbour" not in text
    assert "urn:x:about" not in text


def test_pages_are_in_no_count_and_no_directory(site: PagesFolder) -> None:
    assert site.get("/articles.json").json()["total"] == 2
    assert site.get("/articles.json?q=lighthouse").json()["total"] == 1
    assert site.get("/authors.json").json()["authors"] == []
    assert [tag["count"] for tag in site.get("/tags.json").json()["tags"]] == [1]
    first = site.get("/articles/first.json?fields=neighbours,related").json()
    assert "about" not in str(first)


def test_links_lead_to_addresses_without_a_redirect(site: PagesFolder) -> None:
    links = BeautifulSoup(site.get("/articles/first.json").json()["content_html"], "html.parser").select("a")
    assert [link["href"] for link in links] == [
        f"{BASE}/about#us",
        *[f"{BASE}/about"] * 3,
        f"{BASE}/x/team.md",
    ]
    links = BeautifulSoup(site.get("/about.json").json()["content_html"], "html.parser").select("a")
    assert [link["href"] for link in links] == [f"{BASE}/articles/first", f"{BASE}/company/team"]


def test_a_link_to_a_page_that_is_not_visible_is_its_words(tmp_path: Path) -> None:
    folder = PagesFolder(tmp_path)
    folder.put("pages/soon.md", f"title: Soon\ndate: {LATER.date()}")
    folder.put("pages/terms.md", "title: Terms")
    folder.put(
        "a.md", "title: A", "[a](pages/soon.md) [b](/soon) [c](/soon/) [d](/articles/terms) [e](/elsewhere)"
    )
    folder.refresh()
    content = folder.get("/articles/a.json").json()["content_html"]
    links = BeautifulSoup(content, "html.parser").select("a")
    assert [link.text for link in links] == ["d", "e"]
    assert content.startswith("<p>a b c ")
    folder.refresh(LATER)
    links = BeautifulSoup(folder.get("/articles/a.json").json()["content_html"], "html.parser").select("a")
    assert [link["href"] for link in links[:3]] == [f"{BASE}/soon"] * 3


def test_an_article_that_becomes_a_page_redirects(tmp_path: Path) -> None:
    folder = PagesFolder(tmp_path)
    folder.put("about.md", "title: About")
    folder.refresh()
    folder.put("about.md", "title: About\ntype: page")
    assert (folder.refresh().articles, folder.get("/about").status_code) == (0, 200)
    assert folder.get("/articles/about").headers["location"] == f"{BASE}/about"
    folder.put("about.md", "title: About, as news")
    assert folder.refresh().pages == 0
    assert folder.get("/articles/about").status_code == 200
    assert folder.get("/about").headers["location"] == f"{BASE}/articles/about"
    folder.put("about.md", "title: About\ndraft: true")
    folder.refresh()
    assert {folder.get(address).status_code for address in ("/about", "/articles/about")} == {410}
    folder.put("about.md", "title: About\ntype: page")
    folder.refresh()
    assert folder.get("/about").status_code == 200


@pytest.mark.parametrize(
    ("path", "fields", "location"),
    [
        ("about.md", "", "/articles/about"),
        ("news/about.md", "date: 2025-01-01", "/articles/about"),
        ("about.md", "slug: other", None),
    ],
)
def test_a_page_that_becomes_an_article_redirects(
    tmp_path: Path, path: str, fields: str, location: str | None
) -> None:
    folder = PagesFolder(tmp_path)
    folder.put("pages/about.md", "title: About")
    folder.put("pages/company/team.md", "title: The company's team")
    folder.put("team.md", "title: Another team")
    folder.refresh()
    for page in ("about.md", "company/team.md"):
        (folder.root / "pages" / page).unlink()
    folder.put(path, f"title: About\n{fields}")
    folder.refresh()
    response = folder.get("/about")
    expected = (301, f"{BASE}{location}") if location else (410, None)
    assert (response.status_code, response.headers.get("location")) == expected
    assert folder.get("/company/team").status_code == 410
    assert folder.get("/team").status_code == 404


@pytest.mark.parametrize(
    ("path", "address", "location"),
    [
        ("company/team.md", "/company/team", "/articles/team"),
        ("content/company/team/index.md", "/company/team", "/articles/team"),
        ("news/team.md", "/company/team", None),
        ("company/team.md", "/company/team.json", "/articles/team.json"),
    ],
)
def test_a_nested_page_redirects_to_the_article_at_its_place(
    tmp_path: Path, path: str, address: str, location: str | None
) -> None:
    folder = PagesFolder(tmp_path)
    folder.put("pages/company/team.md", "title: Team")
    folder.refresh()
    (folder.root / "pages/company/team.md").unlink()
    folder.put(path, "title: Team\ndate: 2025-01-01")
    folder.refresh()
    response = folder.get(address)
    expected = (301, f"{BASE}{location}") if location else (410, None)
    assert (response.status_code, response.headers.get("location")) == expected


@pytest.mark.parametrize(
    ("pages", "location"), [(["company/team"], "/company/team"), (["a/team", "b/team"], None), ([], None)]
)
def test_an_article_redirects_to_the_only_nested_page_of_its_name(
    tmp_path: Path, pages: list[str], location: str | None
) -> None:
    folder = PagesFolder(tmp_path)
    folder.put("team.md", "title: Team")
    folder.refresh()
    (folder.root / "team.md").unlink()
    for page in pages:
        folder.put(f"pages/{page}.md", "title: Team")
    folder.refresh()
    response = folder.get("/articles/team")
    expected = (301, f"{BASE}{location}") if location else (410, None)
    assert (response.status_code, response.headers.get("location")) == expected


@pytest.mark.parametrize("path", ["pages/x.md", "x.md"])
def test_the_aliases_of_what_was_deleted_are_gone(tmp_path: Path, path: str) -> None:
    folder = PagesFolder(tmp_path)
    folder.put(path, "title: X\naliases: [/x-old, /2019/x.html, /kept, /dropped]")
    folder.refresh()
    folder.put(path, "title: X\naliases: [/x-old, /2019/x.html, /kept]")
    folder.refresh()
    (folder.root / path).unlink()
    folder.put("other.md", "title: Other\naliases: [/kept]")
    folder.refresh()
    statuses = {
        name: folder.get(name).status_code for name in ("/x-old", "/2019/x.html", "/kept", "/dropped")
    }
    assert statuses == {"/x-old": 410, "/2019/x.html": 410, "/kept": 301, "/dropped": 404}


def test_the_sitemap_has_the_visible_pages(site: PagesFolder) -> None:
    listed = BeautifulSoup(site.get("/sitemap.xml").text, "xml").find_all("loc")
    addresses = [location.text.removeprefix(BASE) for location in listed]
    assert {"/about", "/company/team", "/imprint", "/imprint-de"} <= set(addresses)
    assert {"/draft", "/soon", "/past", "/gone"}.isdisjoint(addresses)


def test_a_search_shows_pages_beside_the_articles(site: PagesFolder) -> None:
    page = BeautifulSoup(site.get("/articles.html?q=lighthouse").content, "html.parser")
    assert [link["href"] for link in page.select(".site-pages a")] == [f"{BASE}/about"]
    assert [mark.text for mark in page.select(".site-pages mark")] == ["lighthouse"]
    for other in ("?q=lighthouse&tag=x", "?q=-lighthouse", "?tag=x", ""):
        assert b"site-pages" not in site.get(f"/articles.html{other}").content
    assert site.get("/suggest?q=about").json()[1:] == [["About the harbour"], ["page"], [f"{BASE}/about"]]
    assert site.get("/suggest?q=soon").json()[1] == []


def test_a_search_shows_the_ten_best_pages_and_the_sitemap_all(tmp_path: Path) -> None:
    folder = PagesFolder(tmp_path)
    for number in range(MAX_SITE_PAGES + 2):
        folder.put(f"pages/p{number}.md", f"title: Page {number}", "Lighthouse.")
    folder.put("pages/last.md", "title: Lighthouse")
    folder.refresh()
    found = BeautifulSoup(folder.get("/articles.html?q=lighthouse").content, "html.parser")
    addresses = [link["href"] for link in found.select(".site-pages a")]
    assert (len(addresses), addresses[0]) == (MAX_SITE_PAGES, f"{BASE}/last")
    assert folder.get("/sitemap.xml").text.count("<loc>") == 1 + MAX_SITE_PAGES + 3


def test_a_withdrawn_page_needs_no_time_because_no_feed_has_it(tmp_path: Path) -> None:
    folder = PagesFolder(tmp_path)
    folder.put("pages/gone.md", "title: Gone\nwithdrawn: It was false.")
    folder.put("gone.md", "title: Gone\nwithdrawn: It was false.")
    assert [fault.path for fault in folder.refresh().faults] == ["gone.md"]


def test_the_navigation_of_every_page_has_the_menu_in_order(site: PagesFolder) -> None:
    menu = [("Team", "/company/team"), ("About the harbour", "/about"), ("Imprint", "/imprint")]
    for address in ("/", "/about", "/articles/first", "/tags", "/nowhere", "/subscribe", "/docs"):
        links = site.navigation(address)
        assert links[-4:-1] == menu
        assert links[-1][0] == "Subscribe"


def test_a_page_comes_before_a_former_address_of_an_article(site: PagesFolder) -> None:
    assert site.get("/about").status_code == 200
    covered = [(notice.path, notice.message) for notice in site.refresh().notices]
    for address, page in (("/about", "pages/about.md"), ("/imprint", "pages/imprint.md")):
        message = (
            f"its former address {address!r} does not redirect: the page {page} is served there;"
            " remove it, or give the page another address"
        )
        assert ("second.md", message) in covered


def test_files_beside_pages_are_served_by_the_rule_for_articles(tmp_path: Path) -> None:
    folder = PagesFolder(tmp_path)
    for name, fields in (("open", ""), ("closed", f"\ndate: {LATER.date()}")):
        folder.put(f"pages/{name}/index.md", f"title: {name}{fields}", "[data](data.csv)")
        (folder.root / "pages" / name / "data.csv").write_text("1,2\n")
        (folder.root / "pages" / name / "pier.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    folder.refresh()
    statuses = {
        path: folder.get(f"/files/pages/{path}").status_code
        for path in ("open/pier.png", "open/data.csv", "closed/pier.png", "closed/data.csv")
    }
    assert statuses == {
        "open/pier.png": 200,
        "open/data.csv": 200,
        "closed/pier.png": 404,
        "closed/data.csv": 404,
    }
    folder.refresh(LATER)
    assert folder.get("/files/pages/closed/data.csv").status_code == 200


def test_pages_come_and_go_at_their_time(tmp_path: Path) -> None:
    folder = PagesFolder(tmp_path)
    folder.put("pages/soon.md", "title: Soon\ndate: 2026-02-01\nexpires: 2026-03-01\nmenu: true")
    expected = {"2026-01-31": (404, 0), "2026-02-01": (200, 1), "2026-03-01": (410, 0)}
    revisions, reports = [], []
    for day, (status, links) in expected.items():
        report = folder.refresh(NOW.fromisoformat(f"{day}T00:00:00+00:00"))
        reports.append((report.pages, report.scheduled, report.expired))
        revisions.append(report.revision)
        assert (day, folder.get("/soon").status_code, len(folder.navigation()) - 1) == (day, status, links)
    assert reports == [(0, 1, 0), (1, 0, 0), (0, 0, 1)]
    assert len(set(revisions)) == len(revisions)


def refreshed(folder: PagesFolder) -> tuple[Report, list[str]]:
    report = folder.refresh()
    return report, [str(fault) for fault in report.faults]


def test_an_edit_of_a_page_changes_the_revision_and_what_is_found(tmp_path: Path) -> None:
    folder = PagesFolder(tmp_path)
    folder.put("pages/about.md", "title: About", "Old lighthouse.")
    before, _ = refreshed(folder)
    folder.put("pages/about.md", "title: About", "New pier, and more of it.")
    after, _ = refreshed(folder)
    assert before.revision != after.revision
    assert b"site-pages" not in folder.get("/articles.html?q=lighthouse").content
    assert b"site-pages" in folder.get("/articles.html?q=pier").content
    assert refreshed(folder)[0].revision == after.revision


def test_a_deleted_page_is_gone_and_a_renamed_one_redirects(tmp_path: Path) -> None:
    folder = PagesFolder(tmp_path)
    folder.put("pages/about.md", "title: About")
    folder.put("pages/team.md", "title: Team")
    folder.refresh()
    (folder.root / "pages" / "about.md").unlink()
    (folder.root / "pages" / "team.md").rename(folder.root / "pages" / "people.md")
    folder.put("pages/people.md", "title: Team\naliases: [team]")
    folder.refresh()
    assert (folder.get("/about").status_code, folder.get("/about").json()["reason"]) == (
        410,
        "It was deleted.",
    )
    assert folder.get("/team").headers["location"] == f"{BASE}/people"
    folder.put("pages/about.md", "title: About")
    folder.refresh()
    assert folder.get("/about").status_code == 200


def test_of_two_pages_with_one_address_the_older_keeps_it(tmp_path: Path) -> None:
    folder = PagesFolder(tmp_path)
    folder.put("pages/a.md", "title: A\nslug: about\ndate: 2025-02-01", "Newer.")
    folder.put("b.md", "title: B\ntype: page\nslug: about\ndate: 2025-01-01", "Older.")
    folder.put("about.md", "title: An article", "An article.")
    report, faults = refreshed(folder)
    assert (report.articles, report.pages) == (1, 2)
    message = "slug '/about' is already that of b.md; it is served as '/about-2025-02-01'"
    assert faults == [f"pages/a.md:1: {message}; give it a slug of its own"]
    assert folder.get("/about.json").json()["content_text"] == "Older."
    assert folder.get("/about-2025-02-01.json").json()["content_text"] == "Newer."
    assert folder.get("/articles/about.json").json()["content_text"] == "An article."
    folder.put("pages/a.md", "title: A\nslug: other", "Newer.")
    assert refreshed(folder)[1] == []


def test_a_site_links_to_no_page_twice(tmp_path: Path) -> None:
    site = Site(navigation=())
    folder = PagesFolder(tmp_path, site)
    folder.put("pages/about.md", "title: About\nmenu: true")
    folder.refresh()
    assert folder.navigation()[0] == ("About", "/about")


ANSWERED = (
    *(
        "/about",
        "/about/",
        "/about.html",
        "/about.json",
        "/about.md",
        "/About",
        "/About.json",
        "/about/index.html",
    ),
    *("/about-us", "/about-us.md"),
    *("/articles/a", "/articles/a/", "/articles/a.html", "/articles/a.json", "/articles/a.md", "/articles/A"),
)
GONE = ("/past", "/past.json")
UNANSWERED = (
    *("/abouts", "/about.png", "/about/us", "/about.json.md", "/draft.json"),
    "/articles/b.json",
)


def test_the_check_reports_the_links_that_are_not_answered(tmp_path: Path) -> None:
    folder = PagesFolder(tmp_path)
    links = (*ANSWERED, *GONE, *UNANSWERED)
    folder.put("a.md", "title: A", " ".join(f"[x]({link})" for link in links))
    folder.put("pages/about.md", "title: About\naliases: [/about-us]")
    folder.put("pages/past.md", "title: Past\nexpires: 2025-03-01")
    folder.put("pages/draft.md", "title: Draft\ndraft: true")
    folder.refresh()
    dead = {reference.target: reference.reason for reference in dead_references(folder.url, folder.root)}
    assert dead == dict.fromkeys(UNANSWERED, "") | dict.fromkeys(GONE, "It has expired.")
    for link in links:
        expected = 404 if link in UNANSWERED else 410 if link in GONE else None
        status = folder.get(link).status_code
        assert (link, status if status in {404, 410} else None) == (link, expected)
