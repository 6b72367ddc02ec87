"""The search of an export: by Pagefind in a browser, behind the form that a service answers itself."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from service.cli.options import read_settings
from service.export import announce_memory
from service.export.search import PART_BYTES, count_parts
from tests.support.http_client import open_client
from tests.support.page_view import open_browser
from tests.support.proxies import nginx
from tests.support.requirements import package
from tests.support.server import clean_environment, free_port, serving
from tests.support.static_site import export, read_files, write_site

BLOCK_PAGEFIND = """
import sys
sys.modules["pagefind"] = None
import service.cli
service.cli.main()
"""
"""Runs the command where no package of this name can be imported."""

SMALL_PARTS = """
import service.cli
import service.export.search
service.export.search.PART_BYTES = 8000
service.cli.main()
"""
"""Runs the command as if few articles were many."""


@pytest.fixture(scope="module", params=[1, 4], ids=["one part", "four parts"])
def searched(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """The address of an export behind nginx, and its folder."""
    package("pagefind")
    work, proxy = tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("nginx")
    port = free_port()
    content, target = work / "content", work / "public"
    write_site(content, f"http://127.0.0.1:{port}", articles=24)
    (content / "fr.md").write_text(
        "---\ntitle: Le <i>navire</i>\nlanguage: fr\n---\nUn lighthouse éclaire <b>la</b> mer & 1 < 2.\n",
        "utf-8",
    )
    script = SMALL_PARTS if request.param > 1 else "import service.cli; service.cli.main()"
    result = export_by(script, content, target, work)
    assert result.returncode == 0, result.stderr
    parts = [path for path in (target / "assets/pagefind").iterdir() if path.is_dir()]
    assert len(parts) == request.param
    rules = target / ".broadsheet-export"
    with nginx(
        proxy,
        port,
        f"root {target}; include {rules}/nginx-server.conf;",
        before=f"include {rules}/nginx-http.conf;",
    ) as base:
        yield base, target


def export_by(script: str, content: Path, target: Path, work: Path) -> subprocess.CompletedProcess[str]:
    """The result of an export by a process that runs `script`."""
    arguments = ["--content", str(content), "--index", f"sqlite:///{work}/i.db"]
    return subprocess.run(
        [sys.executable, "-c", script, "export", str(target), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=clean_environment(),
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type != "log" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert complaints == []


def test_words_in_the_form_lead_to_results_and_these_to_articles(
    searched: tuple[str, Path], page: Page
) -> None:
    page.goto(f"{searched[0]}/about")
    page.get_by_role("searchbox").fill("lighthouses")
    page.get_by_role("button", name="Search").click()
    page.get_by_text("1 result for “lighthouses”").wait_for()
    assert page.url == f"{searched[0]}/search?q=lighthouses"
    assert page.get_by_role("searchbox").input_value() == "lighthouses"
    link = page.locator("#bs-results a")
    assert link.inner_text() == "Le <i>navire</i>" or link.inner_text() == "Le navire"
    assert page.locator("#bs-results mark").inner_text() == "lighthouse"
    assert "la mer & 1 < 2." in page.locator("#bs-results").inner_text()
    assert page.locator("#bs-results article").get_attribute("lang") == "fr"
    link.click()
    page.wait_for_url("**/articles/*")
    assert "éclaire" in page.get_by_role("main").inner_text()


def test_more_results_follow_when_asked_for(searched: tuple[str, Path], page: Page) -> None:
    page.goto(f"{searched[0]}/search?q=number")
    page.get_by_text("24 results for “number”").wait_for()
    page.locator("#bs-results article").nth(19).wait_for()
    assert page.locator("#bs-results article").count() == 20
    page.get_by_role("button", name="More").click()
    page.locator("#bs-results article").nth(23).wait_for()
    assert page.get_by_role("button", name="More").is_hidden()


@pytest.mark.parametrize("words", ["xylophone", "<img src=x onerror=alert(1)>", "ü&=%41"])
def test_words_that_nothing_has_are_named(searched: tuple[str, Path], page: Page, words: str) -> None:
    page.goto(f"{searched[0]}/about")
    page.get_by_role("searchbox").fill(words)
    page.get_by_role("searchbox").press("Enter")
    page.get_by_text(f"Nothing was found for “{words}”.").wait_for()
    assert page.locator("#bs-results").inner_text() == ""


def test_without_scripts_the_form_leads_to_a_page_that_says_so(
    searched: tuple[str, Path], browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(searched[0])
    page.get_by_role("searchbox").fill("lighthouse")
    page.get_by_role("button", name="Search").click()
    assert "with JavaScript" in page.get_by_role("main").inner_text()
    assert page.get_by_role("main").get_by_role("link", name="tags").is_visible()
    context.close()


def test_only_the_page_of_the_search_may_compile_webassembly(searched: tuple[str, Path]) -> None:
    base, folder = searched
    allowed = set()
    with open_client(base) as client:
        for file in read_files(folder).values():
            if file.address.startswith(("/_", "/.", "/404")):
                continue
            response = client.get(file.address)
            if "wasm-unsafe-eval" in response.headers.get("content-security-policy", ""):
                allowed.add(file.address)
                assert "unsafe-inline" not in response.headers["content-security-policy"]
    pages = {address for address in allowed if not address.endswith(".js")}
    scripts = {address.rpartition("/")[2] for address in allowed - pages}
    assert pages == {"/search"}
    assert scripts == {"pagefind.js", "pagefind-worker.js"}


@pytest.mark.parametrize(
    ("length", "parts"),
    [(1, 1), (PART_BYTES, 1), (PART_BYTES + 1, 2), (5 * PART_BYTES, 8), (1000 * PART_BYTES, 16)],
)
def test_a_part_has_no_more_text_than_pagefind_holds(length: int, parts: int) -> None:
    assert count_parts(length) == parts


def test_much_memory_is_announced_before_the_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package("pagefind")
    write_site(tmp_path / "content", "https://static.example", articles=3)
    settings = read_settings(
        {"content": str(tmp_path / "content"), "index": f"sqlite:///{tmp_path}/index.db"}
    )
    assert export(tmp_path / "content", tmp_path / "public", tmp_path).returncode == 0
    assert announce_memory(settings) == ""
    monkeypatch.setattr("service.export.search.MEMORY_PER_BYTE", 1_000_000)
    assert " GB of memory" in announce_memory(settings)


def test_a_service_answers_the_form_itself(tmp_path: Path) -> None:
    write_site(tmp_path / "content", "http://127.0.0.1", articles=3)
    with serving(tmp_path / "content", tmp_path) as server, open_client(server.base) as client:
        assert 'action="http://127.0.0.1/search"' in client.get("/about.html").text
        answer = client.get("/search?q=number")
        assert answer.content == client.get("/articles.html?q=number").content
        assert "<mark>Number</mark> 2" in answer.text
        assert "wasm" not in answer.headers["content-security-policy"]
        assert client.get("/search?q=").content == client.get("/search").content
        assert client.get("/search?q=a&q=b").status_code == 400
        assert 'template="http://127.0.0.1/search?q={searchTerms}"' in client.get("/opensearch.xml").text


def test_an_export_without_pagefind_says_what_it_lacks(tmp_path: Path) -> None:
    write_site(tmp_path / "content", "https://static.example", articles=1)
    result = export_by(BLOCK_PAGEFIND, tmp_path / "content", tmp_path / "public", tmp_path)
    assert result.returncode == 0, result.stderr
    assert "pip install broadsheet[search]" in result.stderr
    assert not (tmp_path / "public/assets/pagefind").exists()
    assert (tmp_path / "public/search/index.html").exists()


def test_equal_articles_have_an_equal_search(tmp_path: Path) -> None:
    package("pagefind")
    write_site(tmp_path / "content", "https://static.example", articles=3)
    for name in ("first", "second"):
        assert export(tmp_path / "content", tmp_path / name, tmp_path).returncode == 0
    first, second = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name / "assets/pagefind").rglob("*")
            if path.is_file()
        }
        for name in ("first", "second")
    )
    assert len(first) > 5
    assert first == second
