"""The OpenAPI 3.1 document: Litestar's, completed by what its generator cannot know.

Litestar makes an operation of each handler: its id, summary, tags, path parameters, response headers,
statuses, and the schema of its body. Added here are the parameters that are parsed from the query string, the
media types of negotiated addresses, examples, the addresses that are not routes (one article with a suffix,
and those of other systems), and the components that operations share.
"""

from collections.abc import Iterator
from typing import Any

from litestar import Litestar, Router
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.routes import HTTPRoute
from litestar.types import Method
from litestar.types.internal_types import PathParameterDefinition

from service import __version__
from service.filter_parsers import MOST_VALUES
from service.formats.html.pages.docs import PAGE_SUFFIX
from service.model import FORMAT_DESCRIPTIONS
from service.urls import CHANGES_PATH, DIRECTORY_PATHS
from service.web.addresses.legacy_redirects import LEGACY, LEGACY_FACETS
from service.web.openapi.declarations import HEADERS, MEDIA_TYPES, RELOAD_SCHEME, ParameterProvider
from service.web.openapi.examples import example
from service.web.openapi.schemas import reference, schemas
from service.web.problems.response import MEDIA_TYPE, is_for_programs
from service.web.problems.types import PROBLEM_TYPES, ProblemType
from service.web.query_string.parameters import PARAMETERS, SINGLE_PARAMETERS, Parameter

VERSION = "3.1.1"

_Value = dict[str, Any]

_ABOUT = """A folder of articles as a content API and feeds. The same query gives the same articles in the
same order as JSON, NDJSON, Markdown, HTML, Atom, RSS and JSON Feed.

Every GET answers HEAD, every address answers OPTIONS, CORS is open. Errors are problem documents (RFC 9457);
their `type` is the address of their description here. At addresses for people, browsers get them as a page.
`If-None-Match` and `If-Modified-Since` are answered with 304, `If-Match` and `If-Unmodified-Since` with 412
where they are not met. A malformed parameter is a 400 everywhere; an
unknown one is a 400 on JSON, NDJSON and Markdown, and ignored on HTML and feeds."""

_COMPONENTS = {
    "301": "Moved",
    "302": "Moved",
    "304": "NotModified",
    "400": "BadRequest",
    "401": "Unauthorized",
    "404": "NotFound",
    "405": "MethodNotAllowed",
    "406": "NotAcceptable",
    "410": "Gone",
    "412": "PreconditionFailed",
    "416": "UnsatisfiableRange",
    "500": "InternalError",
    "503": "Unavailable",
}
"""The component that describes each status."""

_OWN_COMPONENTS = {(CHANGES_PATH, "410"): "UnknownRevision"}
"""The component of a status at an address where it means something else."""

_SUFFIXED = {
    "/articles/{slug}": "One article",
    "/{page}": "One page that is not an article",
    **{f"{path}/{{slug}}": f"The articles of one {kind}" for kind, path in DIRECTORY_PATHS.items()},
}
"""The addresses that take the suffix of a format, and what is there."""

_FORMATS_OF = {row.component: row.formats for row in (*PARAMETERS, *SINGLE_PARAMETERS)}
"""The formats that take each parameter, by the name of its component."""

_EVERYWHERE = ("400", "405", "500", "503")
_PROBLEM_HEADERS = {
    401: ("WWW-Authenticate",),
    405: ("Allow",),
    416: ("Content-Range",),
    503: ("Retry-After",),
}
_PLAIN: dict[str, tuple[str, tuple[str, ...]]] = {
    "NotModified": (
        "Not modified: the client has the current version.",
        ("ETag", "Last-Modified", "Cache-Control", "Vary", "Link"),
    ),
    "Moved": ("It has moved to another address.", ("Location", "Cache-Control")),
}
_PART: _Value = {
    "name": "part",
    "in": "query",
    "required": False,
    "description": "A part that the index of a large sitemap names.",
    "schema": {"type": "string", "maxLength": 50},
    "example": "2019-01",
}
_NAME: _Value = {
    "name": "name",
    "in": "path",
    "required": True,
    "description": "A tag or author, by slug or name.",
    "schema": {"type": "string", "minLength": 1},
    "example": "iraq",
}
_MEMBERS: _Value = {
    "parameter": "limt",
    "suggestion": "limit",
    "reason": "withdrawn at the author's request",
    "at": "2019-01-28T09:00:00Z",
    "available": ["application/json", "text/html", "text/markdown"],
    "request_id": "9f86d081884c7d65",
}


class _NoRoutes(Router):
    """The router on which Litestar registers pages of its own for the document; it takes none.

    The document and its page are served by `handlers.system`.
    """

    def register(self, value: object) -> list[Any]:  # noqa: ARG002 - Litestar's name
        return []


def operation_id(handler: HTTPRouteHandler, method: Method, _: list[str | PathParameterDefinition]) -> str:
    """The name of the handler, and for HEAD another: Litestar demands that each method has its own."""
    return f"{handler.name}{method if method == 'HEAD' else ''}"


def openapi_config() -> OpenAPIConfig:
    """The configuration of Litestar's generator. The title belongs to the site, so it is set later."""
    return OpenAPIConfig(
        title="",
        version=__version__,
        description=_ABOUT,
        use_handler_docstrings=True,
        operation_id_creator=operation_id,
        openapi_router=_NoRoutes("/schema", route_handlers=[]),
    )


def openapi_document(app: Litestar, title: str, base: str) -> _Value:
    """The document for a site called `title` whose addresses begin with `base`."""
    document = app.openapi_schema.to_schema()
    handlers = {
        (route.path_format, method.lower()): handler
        for route in _routes(app)
        for method, (handler, _) in route.route_handler_map.items()
    }
    paths: _Value = {}
    for path, item in document["paths"].items():
        paths[path] = {
            method: _complete(path, operation, handlers[path, method])
            for method, operation in item.items()
            if method != "head"
        }
        if path in _SUFFIXED:
            paths |= _suffixed(path, paths[path]["get"])
    paths |= _former_addresses()
    operations = [operation for item in paths.values() for operation in item.values()]
    return document | {
        "openapi": VERSION,
        "info": document["info"] | {"title": title},
        "servers": [{"url": base}],
        "tags": [{"name": name} for name in dict.fromkeys(operation["tags"][0] for operation in operations)],
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "parameters": {row.component: _parameter(row) for row in (*PARAMETERS, *SINGLE_PARAMETERS)}
            | {"part": _PART},
            "headers": {
                name: {"description": description, "schema": {"type": "string"}, "example": value}
                for name, (description, value) in HEADERS.items()
            },
            "responses": dict(_responses()),
            "securitySchemes": {RELOAD_SCHEME: {"type": "http", "scheme": "bearer"}},
        },
    }


def _routes(app: Litestar) -> Iterator[HTTPRoute]:
    return (route for route in app.routes if isinstance(route, HTTPRoute))


def _complete(path: str, operation: _Value, handler: HTTPRouteHandler) -> _Value:
    """`operation` as Litestar made it of `handler`, completed.

    The first paragraph of its description is the summary.
    """
    summary, _, description = operation.pop("description").partition("\n\n")
    summary = summary.removesuffix(".")
    del operation["deprecated"]
    parameters = operation.pop("parameters", [])
    for parameter in parameters:
        del parameter["deprecated"]
        parameter["example"] = next(iter(parameter.pop("examples").values()))["value"]
    for provider in handler.resolve_dependencies().values():
        if isinstance(provider, ParameterProvider):
            parameters += [{"$ref": f"#/components/parameters/{name}"} for name in provider.parameters]
    success = operation["responses"].pop("200")
    ((media_type, generated),) = success["content"].items()
    media_types = handler.opt.get(MEDIA_TYPES, [media_type])
    content = {name: _content(path, name, generated["schema"]) for name in media_types}
    # Litestar's order of headers varies from process to process.
    headers = _header_references(tuple(name for name in HEADERS if name in success["headers"]))
    responses = {"200": {"description": summary, "headers": headers, "content": content}}
    if operation["responses"].pop("206", None):
        responses["206"] = {
            "description": "The bytes that Range requests.",
            "headers": headers | _header_references(("Content-Range",)),
            "content": content,
        }
    conditional = ("412",) if "GET" in handler.http_methods else ()
    responses |= {
        status: _response(status, path) for status in (*operation["responses"], *conditional, *_EVERYWHERE)
    }
    return operation | {
        "summary": summary,
        **({"description": description} if description else {}),
        "parameters": parameters,
        "responses": dict(sorted(responses.items())),
    }


def _content(path: str, media_type: str, generated: _Value) -> _Value:
    """A Media Type Object: JSON has the generated schema, any other text is a string."""
    schema = generated if media_type.endswith("json") or not generated else {"type": "string"}
    sample = example(path, media_type)
    return ({"schema": schema} if schema else {}) | ({"examples": {"sample": sample}} if sample else {})


def _response(status: str, path: str) -> _Value:
    """The component of `status`; at an address for people, a problem may be a page."""
    is_page = status >= "400" and not is_for_programs(path)
    name = _OWN_COMPONENTS.get((path, status), _COMPONENTS[status])
    return {"$ref": f"#/components/responses/{name}{PAGE_SUFFIX if is_page else ''}"}


def _suffixed(path: str, negotiated: _Value) -> _Value:
    """The operations of one article or page in one format, whose suffix its handler splits off."""
    paths: _Value = {}
    success = negotiated["responses"]["200"]
    for row in FORMAT_DESCRIPTIONS.values():
        if row.article_suffix is None:
            continue
        summary = f"{_SUFFIXED[path]} as {row.label}"
        headers = {name: value for name, value in success["headers"].items() if name != "Content-Location"}
        content = {row.bare_type: success["content"][row.bare_type]}
        responses = {
            status: response if status == "200" else _response(status, path + row.article_suffix)
            for status, response in negotiated["responses"].items()
            if status != "406"
        }
        responses["200"] = {"description": summary, "headers": headers, "content": content}
        paths[path + row.article_suffix] = {
            "get": negotiated
            | {
                "operationId": f"{negotiated['operationId']}As{row.name.capitalize()}",
                "summary": summary,
                "parameters": [
                    parameter
                    for parameter in negotiated["parameters"]
                    if "$ref" not in parameter
                    or row.name in _FORMATS_OF[parameter["$ref"].rpartition("/")[2]]
                ],
                "responses": responses,
            }
        }
    return paths


def _former_addresses() -> _Value:
    """The operations of the feed addresses of other systems, which `AddressMiddleware` redirects."""
    paths: _Value = {}
    for path in (*sorted(LEGACY), *LEGACY_FACETS):
        words = path.replace(".", "/").split("/")
        paths[path] = {
            "get": {
                "operationId": "moved" + "".join(word.strip("{}").capitalize() for word in words),
                "summary": "A feed address of another system; redirects to the feed here, with its query",
                "tags": ["Former addresses"],
                "parameters": [_NAME] if "{name}" in path else [],
                "responses": {status: _response(status, path) for status in ("301", *_EVERYWHERE)},
            }
        }
    return paths


def _parameter(parameter: Parameter) -> _Value:
    described: _Value = {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": parameter.description,
        "schema": parameter.schema,
        "example": parameter.example,
    }
    if parameter.repeats:
        described["schema"] = {"type": "array", "items": parameter.schema, "maxItems": MOST_VALUES}
        described["example"] = [parameter.example]
        described |= {"style": "form", "explode": True}
    elif parameter.schema.get("type") == "array":
        described |= {"style": "form", "explode": False}
    return described


def _responses() -> Iterator[tuple[str, _Value]]:
    """The responses that operations share, by name."""
    for problem_type in PROBLEM_TYPES:
        yield problem_type.name, _problem(problem_type)
        if problem_type.name in _COMPONENTS.values():
            yield problem_type.name + PAGE_SUFFIX, _or_page(_problem(problem_type))
    for name, (description, headers) in _PLAIN.items():
        yield name, {"description": description, "headers": _header_references(headers)}


def _problem(problem_type: ProblemType) -> _Value:
    value: _Value = {
        "type": f"https://example.org/openapi.json#/components/responses/{problem_type.name}",
        "title": problem_type.title,
        "status": problem_type.status,
        "detail": problem_type.example,
    }
    value |= {name: _MEMBERS[name] for name in problem_type.members}
    return {
        "description": f"{problem_type.status} {problem_type.title}: {problem_type.description}",
        "headers": _header_references(_PROBLEM_HEADERS.get(problem_type.status, ())),
        "content": {MEDIA_TYPE: {"schema": {"$ref": reference("Problem")}, "example": value}},
    }


def _or_page(problem: _Value) -> _Value:
    """`problem` as an address for people describes it."""
    return problem | {"content": problem["content"] | {"text/html": {"schema": {"type": "string"}}}}


def _header_references(names: tuple[str, ...]) -> _Value:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
