"""The OpenAPI 3.1 document, from the tables of operations, parameters and problem types."""

from typing import Any

from service import __version__
from service.formats import FEEDS
from service.web.openapi.examples import example
from service.web.openapi.operation import OWN_PARAMETERS, PATH_PARAMETERS, Operation
from service.web.openapi.operations import OPERATIONS
from service.web.openapi.schemas import reference, schemas
from service.web.problem_types import KINDS, Kind
from service.web.problems import MEDIA_TYPE
from service.web.query_parameters import MOST_TAGS, PARAMETERS, Parameter

VERSION = "3.1.1"
FEED_SORT = "feed_sort"

_ABOUT = """A folder of articles as a content API and feeds. The same query gives the same articles in the
same order as JSON, NDJSON, Markdown, HTML, Atom, RSS and JSON Feed.

Every GET answers HEAD, every address answers OPTIONS, CORS is open. Errors are problem documents (RFC 9457);
their `type` is the address of their description here. A browser gets them as a page. `If-None-Match` and
`If-Modified-Since` are answered with 304. Where a parameter is malformed the answer is 400 everywhere; an
unknown one is 400 on JSON, NDJSON and Markdown, and ignored on HTML and feeds."""

_HEADERS: dict[str, tuple[str, str]] = {
    "ETag": (
        "The validator; weak, equal for every coding (RFC 9110 §8.8.3).",
        'W/"b1946ac92492d2347c6235b4d2611184"',
    ),
    "Last-Modified": ("The newest instant of all that the query finds.", "Mon, 28 Jan 2019 00:00:00 GMT"),
    "Cache-Control": ("How long the answer stays fresh (RFC 9111, RFC 5861).", "public, max-age=300"),
    "Link": (
        "`first`, `prev`, `next`, `alternate`, `canonical` … (RFC 8288).",
        '</feed.atom>; rel="alternate"',
    ),
    "Vary": ("The request headers that chose the answer.", "Accept, Accept-Encoding"),
    "Content-Location": ("The address of exactly this representation.", "https://example.org/articles.json"),
    "Location": ("Where it is now.", "https://example.org/feed.rss"),
    "Retry-After": ("Seconds after which to try again.", "5"),
    "Allow": ("The methods the address takes.", "GET, HEAD, OPTIONS"),
    "Accept-Ranges": ("Ranges of bytes can be asked for.", "bytes"),
    "Content-Range": ("Which bytes of how many these are.", "bytes 0-499/8000"),
}
_KIND_HEADERS = {405: ("Allow",), 416: ("Content-Range",), 503: ("Retry-After",)}
_PROBLEMS_OF_STATUS = {404: "NotFound", 406: "NotAcceptable", 410: "Gone", 416: "UnsatisfiableRange"}
_ALWAYS = {"400": "BadRequest", "405": "MethodNotAllowed", "500": "InternalError", "503": "Unavailable"}
_PLAIN = {
    "NotModified": (
        "304: the client has it already.",
        ("ETag", "Last-Modified", "Cache-Control", "Vary", "Link"),
    ),
    "Moved": ("It is at another address now.", ("Location", "Cache-Control")),
}


def openapi_document(title: str, base: str) -> dict[str, Any]:
    """The document for a site called `title` whose addresses begin with `base`."""
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        paths[operation.path] = {"get": _operation(operation)}
    return {
        "openapi": VERSION,
        "info": {"title": title, "version": __version__, "description": _ABOUT},
        "servers": [{"url": base}],
        "tags": [{"name": name} for name in dict.fromkeys(one.group for one in OPERATIONS)],
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "parameters": {one.name: _parameter(one) for one in PARAMETERS}
            | {FEED_SORT: _feed_sort()}
            | OWN_PARAMETERS,
            "headers": {
                name: {"description": about, "schema": {"type": "string"}, "example": example}
                for name, (about, example) in _HEADERS.items()
            },
            "responses": {**_problems(), **_plain_responses()},
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, **facts}
        for name, facts in PATH_PARAMETERS.items()
        if f"{{{name}}}" in operation.path
    ]
    parameters += [
        {"$ref": f"#/components/parameters/{_component(parameter, operation)}"}
        for parameter in PARAMETERS
        if set(operation.query_of) & parameter.forms
    ]
    parameters += [{"$ref": f"#/components/parameters/{name}"} for name in operation.takes]
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.group],
        "parameters": parameters,
        "responses": dict(sorted(_responses(operation).items())),
    }


def _responses(operation: Operation) -> dict[str, Any]:
    responses = {status: _response(name) for status, name in _ALWAYS.items()}
    if operation.moved:
        return responses | {"301": _response("Moved")}
    content = {
        media_type: _content(media_type, schema)
        | {"examples": {"sample": example(operation.path, media_type)}}
        for media_type, schema in operation.answers.items()
    }
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in operation.headers}
    responses["200"] = {"description": operation.summary, "headers": headers, "content": content}
    if 206 in operation.also:
        ranged = headers | {"Content-Range": {"$ref": "#/components/headers/Content-Range"}}
        responses["206"] = {
            "description": "The bytes that Range asks for.",
            "headers": ranged,
            "content": content,
        }
    for status in operation.also:
        if status in {301, 302}:
            responses[str(status)] = _response("Moved")
        elif status == 304:
            responses["304"] = _response("NotModified")
        elif status in _PROBLEMS_OF_STATUS:
            responses[str(status)] = _response(_PROBLEMS_OF_STATUS[status])
    return responses


def _content(media_type: str, schema: str | None) -> dict[str, Any]:
    if schema:
        return {"schema": {"$ref": reference(schema)}}
    text = media_type.startswith("text/") or media_type.endswith(("+xml", "ndjson"))
    return {"schema": {"type": "string"}} if text else {}


def _response(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/responses/{name}"}


def _component(parameter: Parameter, operation: Operation) -> str:
    return FEED_SORT if parameter.name == "sort" and set(operation.query_of) & {*FEEDS} else parameter.name


def _feed_sort() -> dict[str, Any]:
    """`sort` as feeds take it: a feed cannot be sorted by relevance."""
    sort = next(parameter for parameter in PARAMETERS if parameter.name == "sort")
    orders = [order for order in sort.schema["enum"] if order != "relevance"]
    return _parameter(sort) | {"description": "The order.", "schema": sort.schema | {"enum": orders}}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": parameter.about,
        "schema": parameter.schema,
        "example": parameter.example,
    }
    if parameter.repeats:
        described["schema"] = {"type": "array", "items": parameter.schema, "maxItems": MOST_TAGS}
        described["example"] = [parameter.example]
        described |= {"style": "form", "explode": True}
    elif parameter.schema.get("type") == "array":
        described |= {"style": "form", "explode": False}
    return described


def _problems() -> dict[str, Any]:
    return {kind.name: _problem(kind) for _, kind in KINDS}


def _problem(kind: Kind) -> dict[str, Any]:
    example: dict[str, Any] = {
        "type": f"https://example.org/openapi.json#/components/responses/{kind.name}",
        "title": kind.title,
        "status": kind.status,
        "detail": kind.example,
    }
    example |= {name: _MEMBERS[name] for name in kind.members}
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in _KIND_HEADERS.get(kind.status, ())}
    return {
        "description": f"{kind.status} {kind.title}: {kind.about}",
        "headers": headers,
        "content": {
            MEDIA_TYPE: {"schema": {"$ref": reference("Problem")}, "example": example},
            "text/html": {"schema": {"type": "string"}},
        },
    }


def _plain_responses() -> dict[str, Any]:
    return {
        name: {
            "description": about,
            "headers": {header: {"$ref": f"#/components/headers/{header}"} for header in headers},
        }
        for name, (about, headers) in _PLAIN.items()
    }


_MEMBERS: dict[str, Any] = {
    "parameter": "limt",
    "suggestion": "limit",
    "reason": "withdrawn at the author's request",
    "at": "2019-01-28T09:00:00Z",
    "available": ["application/json", "text/html", "text/markdown"],
    "request_id": "9f86d081884c7d65",
}
