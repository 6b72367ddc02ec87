"""The API's description against the tables it must agree with."""

import re
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import msgspec
import pytest
from litestar import Litestar

from service.web.app import create_app
from service.web.openapi.document import openapi_document
from service.web.problems.types import PROBLEM_TYPES
from service.web.query_string.parameters import PARAMETERS
from tests.support.in_memory_site import route_paths, settings
from tests.support.server import Server

SHAPE = Path(__file__).with_name("openapi_shape.json")
"""A golden file: it is added to, and changes otherwise only with the contract."""

Document = dict[str, Any]


@pytest.fixture(scope="module")
def app() -> Litestar:
    return create_app(settings(Path("content")))


@pytest.fixture(scope="module")
def document(app: Litestar) -> Document:
    return openapi_document(app, "Example", "https://example.org")


def operations(document: Document) -> list[tuple[str, Document]]:
    return [(path, operation) for path, item in document["paths"].items() for operation in item.values()]


def shape(node: Any) -> Any:
    """What programs depend on: the document without its prose and examples."""
    if isinstance(node, list):
        return [shape(child) for child in node]
    if isinstance(node, dict):
        return {name: shape(child) for name, child in node.items() if not is_prose(name, child)}
    return node


def is_prose(name: str, child: Any) -> bool:
    """Whether `name` is a keyword for people; a schema has properties of such names, which are objects."""
    return name in {"example", "examples"} or (
        name in {"description", "summary", "title"} and isinstance(child, str)
    )


def test_the_shape_of_the_document_is_kept(document: Document) -> None:
    kept = shape(document)
    del kept["info"]
    assert kept == msgspec.json.decode(SHAPE.read_bytes())


def test_every_route_is_described(document: Document) -> None:
    assert not route_paths() - document["paths"].keys()


def test_every_parameter_and_problem_is_described(document: Document) -> None:
    components = document["components"]
    for parameter in PARAMETERS:
        described = components["parameters"][parameter.component]
        assert described["description"]
        assert described["example"]
    for row in PROBLEM_TYPES:
        described = components["responses"][row.name]["content"]["application/problem+json"]["example"]
        assert (described["status"], described["title"]) == (row.status, row.title)


def test_every_good_answer_has_an_example(document: Document) -> None:
    for path, operation in operations(document):
        for status in {"200", "206"} & operation["responses"].keys():
            for media_type, described in operation["responses"][status]["content"].items():
                if path in {"/assets/{asset}", "/favicon.ico"}:  # too long, and no text
                    continue
                sample = described["examples"]["sample"]
                assert sample["value"], (path, media_type)
                if reference := described.get("schema", {}).get("$ref"):
                    schema = {"$ref": reference, "components": document["components"]}
                    jsonschema_rs.validator_for(schema).validate(sample["value"])


def test_the_description_has_the_same_bytes_again(app: Litestar, document: Document) -> None:
    again = openapi_document(app, "Example", "https://example.org")
    assert msgspec.json.encode(again) == msgspec.json.encode(document)


def test_every_reference_leads_somewhere(document: Document) -> None:
    references = re.findall(r"'\$ref': '#/([^']+)'", str(document))
    assert references
    for reference in references:
        node = document
        for part in reference.split("/"):
            node = node[part]
        assert node


def test_every_operation_has_its_own_name_and_answers(document: Document) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(names) == len(set(names)) == len(document["paths"])
    for path, operation in operations(document):
        assert {"400", "405", "500", "503"} <= set(operation["responses"]), path
        for name in re.findall(r"{(\w+)}", path):
            assert name in {parameter.get("name") for parameter in operation["parameters"]}


def test_problems_have_the_media_types_that_are_described(client: httpx.Client, document: Document) -> None:
    """Also where Accept prefers a page: addresses for programs answer with documents."""
    components = document["components"]["responses"]
    for path, operation in operations(document):
        name = operation["responses"]["405"]["$ref"].rpartition("/")[2]
        address = path.format(
            slug="x", path="x.png", asset="x.js", name="x", page="x", document="x", directory="x"
        )
        preferred = [
            client.put(address, headers={"Accept": accept}).headers["content-type"].partition(";")[0]
            for accept in ("text/html", "application/json")
        ]
        assert set(preferred) == components[name]["content"].keys(), path
        if "text/html" not in operation["responses"].get("200", {}).get("content", {}):
            is_by_name = path.endswith(("/{path}", "/{document}"))  # a page, unless its suffix is a program's
            assert preferred == ["application/problem+json"] * 2 or is_by_name, path


def test_the_running_service_serves_it(client: httpx.Client, service: Server) -> None:
    served = client.get("/openapi.json")
    assert served.json()["openapi"].startswith("3.1")
    assert served.json()["servers"] == [{"url": service.base}]
    assert served.content == client.get("/openapi.json").content
