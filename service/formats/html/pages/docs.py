"""The OpenAPI document as a page, with a form to try each operation that reads.

These are GET, so the forms work without a script; with it, the response is shown on the page. A site whose
addresses are paths may be exported, where no query is answered: there the parameters are only described.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from service.formats import Navigation
from service.formats.assets import DOCS_SCRIPT, DOCS_STYLE
from service.formats.html.page import Head, render, titled
from service.model import Site
from service.query import Query
from service.urls import DOCS_PATH, PATHS_TAG, Urls

MAX_EXAMPLE = 2500

PAGE_SUFFIX = "OrPage"
"""The end of the names of components that describe a problem which may also be a page."""

_Document = Mapping[str, Any]


class DocsParameter(msgspec.Struct, frozen=True):
    """One parameter as a form field. `choices` is empty if any value is allowed."""

    name: str
    description: str
    example: str
    required: bool
    in_path: bool
    choices: tuple[str, ...] = ()
    max_length: int | None = None


class DocsResponse(msgspec.Struct, frozen=True):
    """One response of an operation: its status, its description, and the name of its problem, if any."""

    status: str
    description: str
    problem: str | None = None


class DocsOperation(msgspec.Struct, frozen=True):
    """One operation with its parameters and responses.

    `types` are the media types that Accept selects from, empty if there is only one.
    """

    name: str
    path: str
    summary: str
    group: str
    parameters: tuple[DocsParameter, ...]
    types: tuple[str, ...]
    responses: tuple[DocsResponse, ...]
    example: str


class DocsProperty(msgspec.Struct, frozen=True):
    """One property of a schema."""

    name: str
    type: str


class DocsSchema(msgspec.Struct, frozen=True):
    """One schema of an object with its properties."""

    name: str
    description: str
    properties: tuple[DocsProperty, ...]


def docs_page(document: _Document, site: Site, urls: Urls, navigation: Navigation) -> bytes:
    """The page of an OpenAPI 3.1 `document`."""
    operations = [
        _operation(path, item["get"], document) for path, item in document["paths"].items() if "get" in item
    ]
    problems = document["components"]["responses"].items()
    head = Head(
        title=titled("API", site),
        name="API",
        feed_title=site.title,
        canonical=urls.at(DOCS_PATH),
        description=f"How programs read {site.title}.",
    )
    return render(
        "docs.html",
        site,
        urls,
        Query(),
        head,
        navigation,
        about=document["info"]["description"].split("\n\n"),
        groups=[
            (tag["name"], [operation for operation in operations if operation.group == tag["name"]])
            for tag in document["tags"]
        ],
        problems=[
            (name, response["description"])
            for name, response in problems
            if "content" in response and not name.endswith(PAGE_SUFFIX)
        ],
        schemas=list(_schemas(document["components"]["schemas"])),
        docs_style=urls.asset(DOCS_STYLE.name),
        docs_script=urls.asset(DOCS_SCRIPT.name),
    )


def _operation(path: str, operation: _Document, document: _Document) -> DocsOperation:
    responses = operation["responses"]
    content = responses.get("200", {}).get("content", {})
    return DocsOperation(
        name=operation["operationId"],
        path=path,
        summary=operation["summary"],
        group=operation["tags"][0],
        parameters=tuple(_parameter(item) for item in _described(operation, document)),
        types=tuple(content) if len(content) > 1 and "*/*" not in content else (),
        responses=tuple(_response(status, response, document) for status, response in responses.items()),
        example=_example(next(iter(content.values()), {})),
    )


def _described(operation: _Document, document: _Document) -> list[_Document]:
    """The parameters of an operation; of a path form only those in its path: the others stand elsewhere."""
    parameters = [_resolve(item, document) for item in operation["parameters"]]
    if PATHS_TAG in operation["tags"]:
        return [parameter for parameter in parameters if parameter["in"] == "path"]
    return parameters


def _parameter(parameter: _Document) -> DocsParameter:
    schema = parameter["schema"]
    is_list = schema.get("type") == "array"
    example = parameter.get("example", "")
    if isinstance(example, list):
        example = ",".join(map(str, example[: 1 if is_list and parameter.get("explode") else None]))
    return DocsParameter(
        name=parameter["name"],
        description=parameter["description"],
        example=str(example),
        required=parameter["required"],
        in_path=parameter["in"] == "path",
        choices=() if is_list else tuple(str(value) for value in schema.get("enum", ()) if value != ""),
        max_length=None if is_list else schema.get("maxLength"),
    )


def _response(status: str, response: _Document, document: _Document) -> DocsResponse:
    resolved = _resolve(response, document)
    name = response.get("$ref", "").rpartition("/")[2].removesuffix(PAGE_SUFFIX)
    description = resolved["description"].removeprefix(f"{status}: ")
    return DocsResponse(status, description, name if "content" in resolved and name else None)


def _example(content: _Document) -> str:
    value = content.get("examples", {}).get("sample", {}).get("value", "")
    text = value if isinstance(value, str) else msgspec.json.format(msgspec.json.encode(value)).decode()
    return text if len(text) <= MAX_EXAMPLE else f"{text[:MAX_EXAMPLE]}…"


def _schemas(schemas: _Document) -> Iterator[DocsSchema]:
    for name, schema in schemas.items():
        properties = tuple(
            DocsProperty(key, _type(value)) for key, value in schema.get("properties", {}).items()
        )
        if properties:
            yield DocsSchema(name, schema.get("description", ""), properties)


def _type(schema: _Document) -> str:
    """The type of a schema in words: `string`, `list of Tag`, `string or null`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(map(_type, schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(schema.get("type", "anything"))


def _resolve(node: _Document, document: _Document) -> _Document:
    """The target of a `$ref` within `document`; any other node is returned unchanged."""
    if "$ref" not in node:
        return node
    target: Any = document
    for part in node["$ref"].removeprefix("#/").split("/"):
        target = target[part]
    resolved: _Document = target
    return resolved
