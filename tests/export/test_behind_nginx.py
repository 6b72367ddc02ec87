"""An export behind nginx answers as the service with the same settings."""

import gzip
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import httpx
import msgspec
import pytest

from service.export import Layout
from service.web.addresses.legacy_redirects import (
    FEED_FILES,
    FEEDS_OF_TAG,
    KINDS,
    LEGACY,
    SECTION_NAMES,
)
from tests.support.http_client import open_client
from tests.support.proxies import nginx
from tests.support.server import free_port, serving
from tests.support.static_site import edit_site, export, read_addresses, read_files, write_site

SAME_HEADERS = (
    *("content-type", "cache-control", "content-security-policy", "x-robots-tag", "referrer-policy"),
    *("access-control-allow-origin", "cross-origin-opener-policy", "x-content-type-options"),
)
BROWSER = {"Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "identity"}
TERMS = {"tag": "all", "author": "author-0", "series": "harbours-and-ships"}
OWN = ("_headers", "_redirects", ".broadsheet-export/", "404.html", "assets/pagefind/")


class Service:
    """A service whose content stays the same, so that each address is asked for once."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._responses: dict[str, httpx.Response] = {}

    def get(self, address: str) -> httpx.Response:
        """What a browser gets."""
        if address not in self._responses:
            self._responses[address] = self._client.get(address, headers=BROWSER)
        return self._responses[address]


class Both(msgspec.Struct, frozen=True):
    """The export in `folder` behind nginx at `base`, and a service with the same settings."""

    folder: Path
    base: str
    static: httpx.Client
    service: Service


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int, Service]]:
    """A folder with articles and an index, the port of nginx, and a service whose public URL that is."""
    work = tmp_path_factory.mktemp("work")
    port = free_port()
    write_site(work / "content", f"http://127.0.0.1:{port}")
    (work / "content" / "names.md").write_text(
        "---\ntitle: Names\ndate: 2018-01-03\nauthor: Zoë Ünal\naliases: [/legacy/10.html, v1.2.0]\n"
        "tags: [Großer Ärger, Neu Übersee, ÉCOLE Élan]\n---\n[Text](n2.md).\n",
        "utf-8",
    )
    edit_site(work / "content", work)
    with (
        serving(work / "content", work, BROADSHEET_FEED_BYTES="10000") as server,
        open_client(server.base) as client,
    ):
        yield work, port, Service(client)


@pytest.fixture(scope="module", params=["folders", "files"])
def both(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    origin: tuple[Path, int, Service],
) -> Iterator[Both]:
    layout: Layout = request.param
    work, port, service = origin
    target = work / layout
    result = export(work / "content", target, work, "--layout", layout)
    assert result.returncode == 0, result.stderr
    rules = target / ".broadsheet-export"
    locations = f"root {target}; include {rules}/nginx-server.conf;"
    before = f"include {rules}/nginx-http.conf;"
    with (
        nginx(tmp_path_factory.mktemp("nginx"), port, locations, before=before) as base,
        open_client(base) as static,
    ):
        yield Both(target, base, static, service)


def read_redirects(folder: Path) -> list[tuple[str, str]]:
    """The addresses in `_redirects`, with the query string that a line compares, and their targets."""
    lines = (folder / "_redirects").read_text("utf-8").splitlines()
    rows = (line.split(" ") for line in lines)
    return [("?".join([path, *parameters]), target) for path, *parameters, target, _ in rows]


def exported(both: Both) -> dict[str, str]:
    """The file of each address that is not a redirect or of the export itself."""
    redirects = {source for source, _ in read_redirects(both.folder)}
    return {
        address: name
        for address, name in read_addresses(both.folder).items()
        if address not in redirects and not name.startswith(OWN)
    }


def test_every_body_and_header_is_that_of_the_service(both: Both) -> None:
    addresses = exported(both)
    assert len(addresses) > 200
    assert {"/about", "/about.html", "/tags.html", "/articles/n1", "/articles/n1.html"} <= {*addresses}
    for address, name in addresses.items():
        static, service = both.static.get(address, headers=BROWSER), both.service.get(address)
        assert (static.status_code, service.status_code) == (200, 200), address
        assert static.content == service.content == (both.folder / name).read_bytes(), address
        for header in SAME_HEADERS:
            assert static.headers.get(header) == service.headers.get(header), (address, header)


def header_rules(folder: Path) -> list[tuple[re.Pattern[str], dict[str, str]]]:
    """The rules of `_headers`: an expression for the path, and the headers."""
    rules: list[tuple[re.Pattern[str], dict[str, str]]] = []
    for line in (folder / "_headers").read_text("utf-8").splitlines():
        if line.startswith("/"):
            assert line.count("*") <= 1, f"{line}: Cloudflare Pages takes one"
            expression = re.sub(r":[a-z]+", "[^/]+", re.escape(line).replace("\\*", ".*"))
            rules.append((re.compile(expression), {}))
        else:
            name, value = line.strip().split(": ", 1)
            rules[-1][1][name] = value
    return rules


def test_hosts_with_a_file_of_headers_send_those_of_the_service(both: Both) -> None:
    rules = header_rules(both.folder)
    assert len(rules) <= 100
    protecting = ("content-security-policy", "permissions-policy", "x-content-type-options", "x-robots-tag")
    for address in exported(both):
        if address.startswith("/files/"):
            continue
        found = [headers for pattern, headers in rules if pattern.fullmatch(address)]
        response = both.service.get(address)
        is_page = "text/html" in response.headers["content-type"]
        for header in protecting:
            expected = response.headers.get(header)
            values = [headers[header] for headers in found if header in headers]
            # Netlify takes the last one.
            assert not is_page or (values[-1] if values else None) == expected, (address, header)
            # Cloudflare Pages joins them: a page must get nothing but its own.
            assert not is_page or {*values} == {expected} - {None}, (address, header)
            assert is_page or expected in (*values, None), (address, header)


def test_the_changes_of_a_day_are_those_of_the_journal(both: Both) -> None:
    (day,) = both.static.get("/changes.json").json()["days"]
    *changes, page = map(json.loads, both.static.get(day["url"]).content.splitlines())
    assert sorted(change["op"] for change in changes) == ["drop", "put"]
    assert (page["revision"], page["next"]) == (day["revision"], None)


def test_compressed_forms_have_the_same_bytes(both: Both) -> None:
    files = read_files(both.folder)
    compressed = [(name, file) for name, file in files.items() if file.facts.variants]
    assert len(compressed) > 100
    for name, file in compressed[::20]:
        assert file.facts.variants == (".br", ".gz", ".zst")
        data = (both.folder / name).read_bytes()
        assert gzip.decompress((both.folder / f"{name}.gz").read_bytes()) == data
        response = both.static.get(file.address, headers={"Accept-Encoding": "gzip"})
        if not name.startswith(OWN):
            assert response.headers["content-encoding"] == "gzip"
            assert "accept-encoding" in response.headers["vary"].lower()
            assert response.content == data


def test_redirects_lead_where_those_of_the_service_lead(both: Both) -> None:
    redirects = read_redirects(both.folder)
    assert sum(":name" in source for source, _ in redirects) <= 100, "Cloudflare Pages reads no more"
    targets_of: dict[str, str] = {}
    for source, target in redirects:
        name = TERMS[KINDS.get(source.split("/")[1], "tag")]
        targets_of.setdefault(source.replace(":name", name), target.replace(":name", name))
    sources = [*targets_of]
    assert {
        "/2019/01/vote.html",
        "/old/vote",
        "/articles/older.json",
        "/articles/v1.2.0",
        "/who",
        "/rss",
        "/tag/all",
        "/files/n2.md",
        "/?feed=rss2",
        "/feeds/posts/default?alt=rss",
    } <= {*sources}
    of_lists = (
        "/page/2",
        "/page/3",
        "/page/123456",
        "/page/2/",
        "/category/all/page/2/",
        "/tag/All/page/3",
        "/tagged/all",
    )
    nested = ("/category/news/all/", "/categories/All", "/author/Author%200", "/author/author-0/page/2/")
    for source in (*sources, *of_lists, *nested):
        # Programs get an error for an unknown parameter before they get the redirect.
        address = source if source.endswith((".json", ".md")) or "?" in source else f"{source}?a=b"
        static, service = both.static.get(address, headers=BROWSER), both.service.get(address)
        assert static.status_code == service.status_code == 301, source
        assert urljoin(both.base, static.headers["location"]) == service.headers["location"], source
        assert static.headers.get("cache-control") == service.headers["cache-control"], source
        if source in targets_of:
            assert service.headers["location"].partition("?")[0] == both.base + targets_of[source], source
    stub = "old/vote/index.html" if (both.folder / "old/vote").is_dir() else "old/vote.html"
    assert f'content="0; url={both.base}/articles/moved"' in (both.folder / stub).read_text("utf-8")


def legacy_feeds() -> Iterator[str]:
    """Addresses of every row of the tables by which the service redirects feeds, and of names of terms."""
    for path in LEGACY:
        yield from (path, path.upper(), f"{path}/?a=b")
    for file in FEED_FILES:
        for word, kind in KINDS.items():
            yield from (f"/{word}/{TERMS[kind]}/{file}", f"/{word.title()}/{TERMS[kind]}/{file.upper()}/?a=b")
        yield from (f"/{section}/{file}" for section in (*SECTION_NAMES, "Blog"))
        yield from (f"/tags/t0/all/{file}", f"/category/Gro%C3%9Fer%20%C3%84rger/{file}")
        yield f"/author/Zo%C3%AB%20%C3%9Cnal/{file}"
    for template in FEEDS_OF_TAG:
        # A name of a feed of everything is that of a tag for Blogger.
        names = ("all", "All", "C++", "C%2B%2B", "neu%20%C3%BCbersee", "feed", "all-en", "rss")
        yield from (template.format(name) for name in names)
        yield template.upper().format("T0")
    for alt in ("rss", "rss2", "atom", "json", "RSS"):
        yield from (f"/feeds/posts/default{slash}?alt={alt}" for slash in ("", "/"))


def test_feeds_of_other_systems_lead_where_those_of_the_service_lead(both: Both) -> None:
    """A service has an empty feed of a term without articles, an export none."""
    compared = 0
    for address in legacy_feeds():
        static, service = both.static.get(address, headers=BROWSER), both.service.get(address)
        location = service.headers.get("location", address)
        if both.static.get(location).status_code == 404:
            assert static.status_code == 404, address
            continue
        assert static.status_code == service.status_code, address
        assert urljoin(both.base, static.headers.get("location", address)) == urljoin(both.base, location)
        compared += 1
    assert compared > 250


@pytest.mark.parametrize(
    "address",
    [
        *("/legacy/10", "/legacy/10.html", "/Legacy/10/", "/legacy/10/index.html", "/legacy/10.htm"),
        *("/old/vote.html", "/old/vote/index.html", "/2019/01/vote", "/2019/01/VOTE.HTML"),
        *("/who.html", "/legacy/1.html"),
        *("/old/vote.json", "/old/vote.md?a=b", "/2019/01/vote.json", "/2019/01/vote.html.md", "/who.json"),
        *("/old/vote.txt", "/rss.json", "/feed/atom.md"),
    ],
)
def test_a_former_address_is_found_with_and_without_its_suffix(both: Both, address: str) -> None:
    static, service = both.static.get(address, headers=BROWSER), both.service.get(address)
    assert static.status_code == service.status_code
    assert urljoin(both.base, static.headers.get("location", "")) == urljoin(
        both.base, service.headers.get("location", "")
    )


@pytest.mark.parametrize(
    "address",
    [
        *("/nowhere/", "/tags/nowhere/", "/tags/all/page/", "/articles/n1.html/", "/tags/all/feed.atom/"),
        *(
            "/tags/all/",
            "/about//",
            "/tags/%D8%A8%D8%BA%D8%AF%D8%A7%D8%AF/",
            "/articles/v1.60.0/",
            "/search/",
        ),
        *(
            "/old/vote/",
            "/rss/",
            "/articles/older/",
            "/index.html",
            "/about/index.html",
            "/tags/all/index.html",
        ),
        *(
            "/?feed=rss2",
            "/?feed=atom",
            "/?feed=none",
            "/?p=1",
            "/About",
            "/ABOUT.json",
            "/subscribe/tags/none",
        ),
        *(
            "/tags/A%2FB",
            "/tags/a/b/c",
            "/tags/all/x",
            "/tags/none.json",
            "/subscribe/about",
            "/tags/all/page/2/",
            "/page/3/",
        ),
        *(
            "/articles/n1/",
            "/articles/n1//",
            "/articles/n1/index",
            "/articles/n1/index.html",
            "/articles/index.html",
        ),
        *("/tags/index", "/about/index", "/docs.html", "/search.html", "/404.html", "/tags/a%0d%0aB:c/"),
    ],
)
def test_slashes_and_names_of_files_are_answered_as_by_the_service(both: Both, address: str) -> None:
    static, service = both.static.get(address, headers=BROWSER), both.service.get(address)
    assert static.status_code == service.status_code, address
    location = static.headers.get("location", "")
    assert urljoin(f"{both.base}/", location) == urljoin(f"{both.base}/", service.headers.get("location", ""))
    if location and static.status_code == 301:
        assert static.headers.get("cache-control") == service.headers["cache-control"]
    # The server behind a proxy does not know the scheme and port that readers use.
    assert location.startswith("/") or location in {"", service.headers.get("location")}


@pytest.mark.parametrize(
    "address",
    [
        "/tags/All",
        "/tags/C++",
        "/tags/c%2B%2B",
        "/tags/%C3%9Cn%C3%AF",
        "/tags/%C3%BCn%C3%AF",
        "/authors/Author%200",
        "/languages/EN",
        "/sources/The%20Paper",
        *("/tags/Gro%C3%9Fer%20%C3%84rger", "/tags/Neu%20%C3%9Cbersee", "/tags/neu%20%C3%BCbersee"),
        *(
            "/tags/%C3%89COLE%20%C3%89lan",
            "/tags/%C3%A9cole%20%C3%A9lan.json",
            "/authors/Zo%C3%AB%20%C3%9Cnal",
        ),
        *("/tags/ALL.json", "/tags/All.html", "/tags/All/feed.atom", "/tags/C++/feed.json"),
        "/subscribe/tags/All",
    ],
)
def test_the_name_of_a_term_leads_to_its_list(both: Both, address: str) -> None:
    """A service answers with the list itself."""
    static = both.static.get(address, headers=BROWSER)
    assert static.status_code == 301
    followed = both.static.get(static.headers["location"], headers=BROWSER)
    assert followed.content == both.service.get(address).content


def test_what_is_missing_is_the_page_of_the_problem(both: Both) -> None:
    folders = ("/articles/", "/assets", "/tags/all/page/", "/files/")
    for address in (
        "/nothing",
        "/tags/none",
        "/tags/none.json",
        "/tags/none/feed.atom",
        "/articles/none.md",
        "/files/none.gif",
        "/articles/gone",
        "/.broadsheet-export/manifest.json",
        *folders,
    ):
        response = both.static.get(address, follow_redirects=True)
        assert response.status_code == 404, address
        assert response.content == both.service.get("/subscribe/0/0").content
        assert "There is nothing at this address." in response.text
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert response.headers["cache-control"] == "no-store"


def test_names_of_files_are_no_addresses(both: Both) -> None:
    """Of files that are not asked for by their own name, as in a service."""
    documents = exported(both)
    names = {
        file.name + suffix
        for file in read_files(both.folder).values()
        if file.name in documents.values()
        for suffix in ("", *file.facts.variants)
    }
    hidden = sorted(names - {unquote(address)[1:] for address in documents})
    assert {"feed.atom.gz", "articles/n1.json.br", "tags/all/feed.rss.zst"} <= {*hidden}
    for name in (*hidden[::7], "index.html", "_headers", "_redirects"):
        static, service = both.static.get(f"/{name}", headers=BROWSER), both.service.get(f"/{name}")
        assert static.status_code in {301, 404} or static.content == service.content, name


def test_documents_link_to_nothing_that_the_export_does_not_hold(both: Both) -> None:
    waiting, seen = [f"{both.base}/"], {f"{both.base}/"}
    while waiting:
        address = waiting.pop()
        response = both.static.get(address)
        assert response.status_code == 200, address
        for target in targets(address, response):
            assert "?" not in target, (address, target)
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    paths = {address.removeprefix(both.base) for address in seen}
    assert {
        "/tags/c-plus-plus",
        "/articles/n3",
        "/feeds.opml",
        "/about",
        "/files/p1.gif",
        "/files/linked.gif",
    } <= paths
    assert {"/docs", "/search"} <= paths
    assert any(path.startswith("/tags/all/page/") for path in paths)
    assert any(path.startswith("/tags/all/archive/") for path in paths)


def targets(address: str, response: httpx.Response) -> Iterator[str]:
    """The addresses of the site that a document links to, forms included, without those of examples."""
    media_type = response.headers["content-type"].partition(";")[0]
    if media_type == "text/html":
        found = re.findall(r'(?:href|src|action|data-address)="([^"]*)"', response.text)
    elif media_type == "application/opensearchdescription+xml" or address.endswith("/openapi.json"):
        return
    elif "json" in media_type or "xml" in media_type or "opml" in media_type:
        found = re.findall(r'https?://[^\s"<>\\]+', unescape(response.text))
    else:
        return
    root = str(response.url.copy_with(path="/", query=None))
    for target in found:
        absolute = urldefrag(urljoin(address, unescape(target))).url
        if absolute.startswith(root):
            yield absolute


def test_nothing_private_is_exported(both: Both) -> None:
    for name in read_files(both.folder):
        assert b"Hidden words" not in (both.folder / name).read_bytes(), name
