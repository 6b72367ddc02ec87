"""`/docs`: everything the description holds, on a page that needs nothing from anywhere else."""

from pathlib import Path

import httpx
import pytest
from bs4 import BeautifulSoup

from service.web.app import create_app
from service.web.openapi.document import openapi_document
from service.web.problems.types import PROBLEM_TYPES
from tests.support.http_client import fetch
from tests.support.in_memory_site import settings
from tests.support.server import Server


@pytest.fixture(scope="module")
def page(service: Server) -> BeautifulSoup:
    answer = fetch(f"{service.base}/docs")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    return BeautifulSoup(answer.content, "lxml")


def test_every_operation_is_there(page: BeautifulSoup) -> None:
    app = create_app(settings(Path("content")))
    paths = openapi_document(app, "Example", "https://example.org")["paths"]
    path_by_operation = {
        str(element["id"]): element.select("summary > code")[0].text
        for element in page.select("section details:has(> .responses)")
    }
    described = {item["get"]["operationId"]: path for path, item in paths.items() if "get" in item}
    assert path_by_operation == described


def test_every_parameter_is_a_labelled_field(page: BeautifulSoup, client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    forms = {form["aria-label"]: form for form in page.find_all("form", attrs={"aria-label": True})}
    for path, item in document["paths"].items():
        form = forms.get(f"Try {path}")
        if form is None:
            continue
        fields = {element["name"] for element in form.find_all(["input", "select"], attrs={"name": True})}
        is_path_form = item["get"]["tags"] == ["Path forms"]
        parameters = [
            parameter
            for parameter in item["get"]["parameters"]
            if parameter.get("in") == "path" or not is_path_form
        ]
        assert fields == {
            parameter.get("name") or _named(parameter["$ref"], document) for parameter in parameters
        }, path
    labelled = {element["for"] for element in page.find_all("label", attrs={"for": True})}
    describing = {None, *(element["id"] for element in page.find_all(id=True))}
    for field in page.select(".docs input, .docs select"):
        assert field["id"] in labelled, field
        assert field.get("aria-describedby") in describing, field


def _named(reference: str, document: dict[str, dict[str, dict[str, dict[str, str]]]]) -> str:
    return document["components"]["parameters"][reference.rpartition("/")[2]]["name"]


def test_every_form_works_without_a_script(page: BeautifulSoup, client: httpx.Client) -> None:
    forms = [form for form in page.select(".docs form") if form.get("action")]
    assert len(forms) > 20
    for form in forms:
        empty = {
            str(element["name"]): "" for element in form.find_all(["input", "select"], attrs={"name": True})
        }
        answer = client.get(str(form["action"]), params=empty)
        assert answer.status_code in {200, 302}, form["action"]
        assert form.select("button:not([hidden])"), form["action"]
    for form in page.select(".docs form:not([action])"):
        assert "{" in str(form["data-address"])
        assert form.select("button[hidden]"), form["data-address"]


def test_every_problem_is_there_and_every_link_on_the_page_leads_somewhere(page: BeautifulSoup) -> None:
    for row in PROBLEM_TYPES:
        assert page.find("dt", id=row.name), row.name
    ids = [element["id"] for element in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    for link in page.select('a[href^="#"]'):
        assert str(link["href"])[1:] in ids, link


def test_the_page_loads_only_assets_of_the_service(
    page: BeautifulSoup, client: httpx.Client, service: Server
) -> None:
    loaded = [str(element["src"]) for element in page.find_all("script", src=True)]
    loaded += [str(element["href"]) for element in page.select('link[rel="stylesheet"]')]
    assert len(loaded) == 3
    for address in loaded:
        assert address.startswith(f"{service.base}/assets/")
        assert client.get(address).headers["cache-control"].endswith("immutable")
        for other in ("http://", "https://", "url(", "@import", "innerHTML", "eval("):
            assert other not in client.get(address).text
    assert not [
        element
        for element in page.find_all("script", src=False)
        if element.get("type") != "application/ld+json"
    ]
    assert not page.find_all(style=True)


def test_the_page_is_small(client: httpx.Client) -> None:
    answer = client.get("/docs", headers={"Accept-Encoding": "br"})
    assert int(answer.headers["content-length"]) < 30_000
    known = client.get("/docs", headers={"If-None-Match": answer.headers["etag"]})
    assert known.status_code == 304
