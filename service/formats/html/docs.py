"""The description of the API as a page: read as it is, and tried out where it stands.

All operations are GETs, so each is a form that works by itself; a script of ours shows the answer in place.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from service.formats.assets import DOCS_SCRIPT, DOCS_STYLE
from service.formats.html.page import Head, render, titled
from service.model import Site
from service.query import Query
from service.urls import DOCS_PATH, Urls

LONGEST_EXAMPLE = 2500

_Document = Mapping[str, Any]


class Field(msgspec.Struct, frozen=True):
    """One parameter as a form asks for it. `choices` is empty where anything may be typed."""

    name: str
    about: str
    example: str
    required: bool
    in_path: bool
    choices: tuple[str, ...] = ()
    most: int | None = None


class Outcome(msgspec.Struct, frozen=True):
    """One answer there may be: its status, when it comes, and the problem it is, if it is one."""

    status: str
    about: str
    problem: str | None = None


class Call(msgspec.Struct, frozen=True):
    """One operation: what it is for, what it takes and what it answers with.

    `types` are the media types to choose from by Accept, none where there is one; `example` is an answer.
    """

    name: str
    path: str
    about: str
    group: str
    fields: tuple[Field, ...]
    types: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    example: str


class Member(msgspec.Struct, frozen=True):
    name: str
    type: str


class Shape(msgspec.Struct, frozen=True):
    """One schema: a name and the members of the object it is."""

    name: str
    about: str
    members: tuple[Member, ...]


def docs_page(document: _Document, site: Site, urls: Urls) -> bytes:
    """The page of an OpenAPI 3.1 `document`."""
    calls = [_call(path, item["get"], document) for path, item in document["paths"].items()]
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
        about=document["info"]["description"].split("\n\n"),
        groups=[
            (tag["name"], [call for call in calls if call.group == tag["name"]]) for tag in document["tags"]
        ],
        problems=[(name, facts["description"]) for name, facts in problems if "content" in facts],
        shapes=list(_shapes(document["components"]["schemas"])),
        docs_style=urls.asset(DOCS_STYLE.name),
        docs_script=urls.asset(DOCS_SCRIPT.name),
    )


def _call(path: str, operation: _Document, document: _Document) -> Call:
    responses = operation["responses"]
    content = responses.get("200", {}).get("content", {})
    return Call(
        name=operation["operationId"],
        path=path,
        about=operation["summary"],
        group=operation["tags"][0],
        fields=tuple(_field(_resolved(one, document)) for one in operation["parameters"]),
        types=tuple(content) if len(content) > 1 and "*/*" not in content else (),
        outcomes=tuple(_outcome(status, facts, document) for status, facts in responses.items()),
        example=_example(next(iter(content.values()), {})),
    )


def _field(parameter: _Document) -> Field:
    schema = parameter["schema"]
    one = schema.get("items", schema)
    exploded = schema.get("type") == "array" and parameter.get("explode")
    example = parameter.get("example", "")
    if isinstance(example, list):
        example = ",".join(map(str, example[: 1 if exploded else None]))
    plain = schema.get("type") != "array"
    return Field(
        name=parameter["name"],
        about=parameter["description"],
        example=str(example),
        required=parameter["required"],
        in_path=parameter["in"] == "path",
        choices=tuple(map(str, one.get("enum", ()))) if plain else (),
        most=one.get("maxLength") if plain else None,
    )


def _outcome(status: str, response: _Document, document: _Document) -> Outcome:
    facts = _resolved(response, document)
    name = response.get("$ref", "").rpartition("/")[2]
    about = facts["description"].removeprefix(f"{status}: ")
    return Outcome(status, about, name if "content" in facts and name else None)


def _example(content: _Document) -> str:
    value = content.get("examples", {}).get("sample", {}).get("value", "")
    text = value if isinstance(value, str) else msgspec.json.format(msgspec.json.encode(value)).decode()
    return text if len(text) <= LONGEST_EXAMPLE else f"{text[:LONGEST_EXAMPLE]}…"


def _shapes(schemas: _Document) -> Iterator[Shape]:
    for name, schema in schemas.items():
        members = tuple(Member(key, _type(one)) for key, one in schema.get("properties", {}).items())
        if members:
            yield Shape(name, schema.get("description", ""), members)


def _type(schema: _Document) -> str:
    """A schema in a few words: `string`, `list of Tag`, `string or null`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(schema.get("type", "anything"))


def _resolved(given: _Document, document: _Document) -> _Document:
    """What a `$ref` within `document` stands for; anything else as it is."""
    if "$ref" not in given:
        return given
    found: Any = document
    for part in given["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    resolved: _Document = found
    return resolved
