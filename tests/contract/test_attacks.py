"""Malicious articles: nothing in them runs, loads or changes the page around it."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from bs4 import BeautifulSoup, Tag
from defusedxml.ElementTree import fromstring

from tests.support.http_client import open_client
from tests.support.server import ROOT, serving

SCHEMES = {"http", "https", "mailto", "tel", "ftp", "geo", "magnet", "sms", "xmpp", "irc", "ircs"}
ADDRESSES = {"href", "src", "srcset", "action", "formaction", "poster", "cite", "data", "ping"}
NAMES = """
    script style link meta base form input button textarea select option iframe frame frameset object embed
    applet svg math template noscript slot dialog portal marquee title head
"""
FORBIDDEN = NAMES.split()

VECTORS: dict[str, str] = tomllib.loads((ROOT / "tests" / "contract" / "attacks.toml").read_text("utf-8"))
SWALLOWS = {"mutation of a table", "script never closed", "textarea"}
"""What follows these is part of them, in a browser too."""

TEXTS = ("title", "subtitle", "summary", "author", "dateline", "rights", "correction", "mood")
ADDRESSED = (
    "canonical: javascript:alert(1)",
    "image: data:text/html,x",
    "attachments: ['javascript:alert(1)']",
    "source: {name: A, url: 'javascript:alert(1)'}",
    "author: {name: A, url: 'javascript:alert(1)'}",
)
"""Front matter that would lead somewhere it must not."""

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 123457 * 9 }}'


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a service on two articles a vector, and one whose metadata mean harm."""
    content: Path = tmp_path_factory.mktemp("content")
    for number, vector in enumerate(VECTORS.values()):
        text = f"Before.\n\n{vector}\n\nAfter the attack {number}.\n"
        front = f"---\ntitle: Attack {number}\ndate: 2019-01-01\ntags: [attack]\nlayout: none\n---\n\n"
        (content / f"markdown-{number}.md").write_text(front + text)
        (content / f"page-{number}.html").write_text(front + text)
    quoted = HOSTILE.replace("'", "''")
    front_matter = "".join(f"{name}: '{quoted}'\n" for name in TEXTS)
    (content / "metadata.md").write_text(
        f"---\nslug: metadata\ndate: 2019-01-02\n{front_matter}tags: ['{quoted}']\n"
        f"source: {{name: '{quoted}', url: 'https://a.example/', title: '{quoted}'}}\n"
        f"image: {{url: a.png, alt: '{quoted}'}}\n---\n\nText.\n"
    )
    for number, front_matter in enumerate(ADDRESSED):
        front = f"---\nslug: addressed-{number}\ndate: 2019-01-02\n{front_matter}\n---\n\n"
        (content / f"addressed-{number}.md").write_text(f"{front}Text.\n")
    (content / "evil.js").write_text("alert(1)")
    (content / "evil.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
    (content / "evil.xhtml").write_text(
        "<html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>"
    )
    (content / "evil.xml").write_text(
        "<x xmlns:h='http://www.w3.org/1999/xhtml'><h:script>alert(1)</h:script></x>"
    )
    links = "[a](evil.js) [b](evil.xhtml) [c](evil.xml)"
    (content / "files.md").write_text(f"---\nslug: files\ndate: 2019-01-01\n---\n\n{links}\n")
    (content / "site.toml").write_text(f"title = '''{HOSTILE}'''\ndescription = '''{HOSTILE}'''\n")
    with (
        serving(content, tmp_path_factory.mktemp("work")) as server,
        open_client(server.base) as client,
    ):
        yield client


def faults(soup: BeautifulSoup | Tag, forbidden: list[str]) -> list[str]:
    """Everything in a document that could run, load or lead where it must not."""
    elements = [str(item)[:100] for item in soup.find_all(forbidden)]
    for element in soup.find_all(True):
        for name, value in element.attrs.items():
            if name.startswith("on") or name in {"style", "srcdoc", "http-equiv"}:
                elements.append(f"{name} of {str(element)[:100]}")
            if name in ADDRESSES:
                scheme = re.match(r"\s*([a-z][a-z0-9+.-]*):", str(value).lower())
                if scheme and scheme[1] not in SCHEMES:
                    elements.append(f"{name} of {str(element)[:100]}")
    return elements


@pytest.mark.parametrize("kind", ["markdown", "page"])
@pytest.mark.parametrize("number", range(len(VECTORS)), ids=list(VECTORS))
def test_hostile_articles_are_harmless(hostile: httpx.Client, kind: str, number: int) -> None:
    html = hostile.get(f"/articles/{kind}-{number}.json").json()["content_html"]
    assert f"After the attack {number}." in html or list(VECTORS)[number] in SWALLOWS
    assert faults(BeautifulSoup(html, "lxml").body or BeautifulSoup(), FORBIDDEN) == []

    base = str(hostile.base_url).rstrip("/")
    page = BeautifulSoup(hostile.get(f"/articles/{kind}-{number}.html").content, "lxml")
    assert faults(page, ["base", "iframe", "object", "embed", "applet", "svg", "math"]) == []
    assert len(page.find_all("h1")) == len(page.find_all("main")) == len(page.find_all("body")) == 1
    assert {element["action"] for element in page.find_all("form")} <= {f"{base}/articles.html"}
    assert {element.get("name") for element in page.find_all("input")} <= {"q"}
    ids = [element["id"] for element in page.find_all(id=True)]
    assert len(ids) == len(set(ids)), ids
    main = page.find(id="bs-main")
    assert main is not None
    assert main.name == "main"
    scripts = [element for element in page.find_all("script") if element.get("type") != "application/ld+json"]
    assert all(str(script["src"]).startswith(f"{base}/assets/") and not script.text for script in scripts)


def test_metadata_is_text_everywhere(hostile: httpx.Client) -> None:
    for path in ("/", "/articles.html?q=text", "/articles/metadata.html", "/tags", "/sources", "/authors"):
        page = hostile.get(path)
        assert page.status_code == 200
        soup = BeautifulSoup(page.content, "lxml")
        assert faults(soup, ["base", "iframe", "object", "embed", "svg", "math"]) == [], path
        assert "alert(1)" not in "".join(item.text for item in soup.find_all("script", src=False, type=False))
        assert not soup.find_all("img", src="x")
        assert str(123457 * 9) not in soup.get_text()
    for path in ("/feed.atom", "/feed.rss", "/sitemap.xml", "/opensearch.xml", "/feeds.opml"):
        tags = {element.tag.rpartition("}")[2] for element in fromstring(hostile.get(path).content).iter()}
        assert not {"script", "img"} & tags, path


@pytest.mark.parametrize("number", range(len(ADDRESSED)))
def test_no_address_is_a_script(hostile: httpx.Client, number: int) -> None:
    """Such an article is not served, or is served without the address."""
    page = hostile.get(f"/articles/addressed-{number}.html")
    assert page.status_code in {200, 404}
    assert faults(BeautifulSoup(page.content, "lxml"), []) == []
    assert "javascript:" not in page.text


@pytest.mark.parametrize(
    "path", ["/feed.atom", "/feed.rss", "/feed.json", "/articles.json", "/articles.ndjson"]
)
def test_documents_for_programs_are_safe(hostile: httpx.Client, path: str) -> None:
    answer = hostile.get(path, params={} if path.endswith("ndjson") else {"limit": 100})
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    if path.endswith((".atom", ".rss")):
        contents = [
            element.text or ""
            for element in fromstring(answer.content).iter()
            if element.tag.endswith(("content", "}encoded"))
        ]
    else:
        lines = answer.text.splitlines() if path.endswith("ndjson") else [answer.text]
        contents = [
            html for line in lines for html in re.findall(r'"content_html":"((?:[^"\\]|\\.)*)"', line)
        ]
        contents = [html.encode().decode("unicode_escape", "replace") for html in contents]
    assert contents
    for html in contents:
        assert faults(BeautifulSoup(html, "lxml").body or BeautifulSoup(), FORBIDDEN) == []


@pytest.mark.parametrize("name", ["evil.svg", "evil.xml", "evil.xhtml", "evil.js"])
def test_a_served_file_cannot_run_scripts(hostile: httpx.Client, name: str) -> None:
    answer = hostile.get(f"/files/{name}")
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"
    runs = answer.headers["content-type"].partition(";")[0] in {
        "image/svg+xml",
        "application/xml",
        "application/xhtml+xml",
        "text/html",
        "text/xml",
    }
    policy = answer.headers.get("content-security-policy", "")
    assert ("sandbox" in policy and "allow-scripts" not in policy) == runs
    assert "javascript" not in answer.headers["content-type"]


def test_the_security_headers_of_pages(hostile: httpx.Client) -> None:
    policy = hostile.get("/").headers["content-security-policy"]
    rules = {name: rest for name, _, rest in (rule.strip().partition(" ") for rule in policy.split(";"))}
    assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["script-src"] == f"'self' {str(hostile.base_url).rstrip('/')}/assets/"
    assert rules["form-action"] == f"'self' {str(hostile.base_url).rstrip('/')}/"
    for loaded in ("script-src", "style-src", "connect-src"):
        assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "data:", "https:"} & set(rules[loaded].split())
