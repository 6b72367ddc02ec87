"""The JSON Schemas of responses, which msgspec makes from the structs that are encoded."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from litestar.openapi.spec import Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

from service.formats.api_article import ArticleOut, SingleArticleOut
from service.formats.changes import ChangeDaysOut, ManifestOut
from service.formats.feeds.json_feed import Feed
from service.formats.json_api import ArchiveMonthsOut, ArticlesOut, FacetOut
from service.formats.titles import DIRECTORY_TITLES
from service.index import ManifestEntry
from service.query import FacetKind
from service.web.problems.response import Problem


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whether the service works; `problems` lists what is wrong while there is something to serve."""

    status: Literal["alive", "ready"]
    problems: list[str] | msgspec.UnsetType = msgspec.UNSET


class ReloadState(msgspec.Struct, frozen=True):
    """That a look at the folder was asked for."""

    status: Literal["reloading"]


class Description(msgspec.Struct, frozen=True):
    """An OpenAPI 3.1 document."""

    openapi: str
    paths: dict[str, Any]


SuggestionList = list[str | list[str]]
Suggestions = Annotated[
    SuggestionList,
    msgspec.Meta(
        description="What was typed, then as many words as there are explanations and addresses.",
        min_length=4,
        max_length=4,
    ),
]

DIRECTORIES: Mapping[FacetKind, type[msgspec.Struct]] = {
    kind: msgspec.defstruct(title, [(title.lower(), list[FacetOut])])
    for kind, title in DIRECTORY_TITLES.items()
}
"""The body of each directory as JSON."""

COMPONENTS: Mapping[Any, str] = {
    ArchiveMonthsOut: "ArchiveMonths",
    ArticleOut: "Article",
    ArticlesOut: "Articles",
    ChangeDaysOut: "ChangeDays",
    Description: "Description",
    FacetOut: "Facet",
    Feed: "JsonFeed",
    ManifestOut: "Manifest",
    Problem: "Problem",
    State: "State",
    ReloadState: "ReloadState",
    SuggestionList: "Suggestions",
    **{body: DIRECTORY_TITLES[kind] for kind, body in DIRECTORIES.items()},
}
"""The name in the document of each struct that is the body of a response."""

BODIES: Mapping[str | None, Any] = {None: str, **{name: body for body, name in COMPONENTS.items()}}
"""The type of a body by the name of its component; None for text."""

# The names that msgspec gives to schemas, and those that they have here.
_RENAMED = {
    **{body.__name__: name for body, name in COMPONENTS.items() if isinstance(body, type)},
    "MonthOut": "Month",
    "Articles_ArticleOut_": "Articles",
    "ChangeDayOut": "ChangeDay",
    "ManifestOut": "ManifestDigests",
}


class _Reference(Schema):
    """A schema that is a reference to a component."""

    def to_schema(self) -> dict[str, Any]:
        return {"$ref": self.title}


class ComponentSchemas(OpenAPISchemaPlugin):
    """Lets Litestar describe the bodies of responses by the components that `schemas` makes."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        return field_definition.annotation in COMPONENTS

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: Any) -> Schema:  # noqa: ARG002
        return _Reference(title=reference(COMPONENTS[field_definition.annotation]))


def reference(name: str) -> str:
    """The address of a schema within the document."""
    return f"#/components/schemas/{name}"


def schemas() -> dict[str, Any]:
    """Every schema by name."""
    _, made = msgspec.json.schema_components(
        (*COMPONENTS, SingleArticleOut, ManifestEntry), ref_template="#/components/schemas/{name}"
    )
    text = msgspec.json.encode(made).decode()
    for name, renamed in _RENAMED.items():
        text = text.replace(f'schemas/{name}"', f'schemas/{renamed}"')
    named = {_RENAMED.get(name, name): schema for name, schema in msgspec.json.decode(text).items()}
    named["Article"]["title"] = "Article"
    named["Articles"]["title"] = "Articles"
    named["Suggestions"] = msgspec.json.schema(Suggestions)
    bucket = {"type": "array", "items": {"$ref": reference("ManifestEntry")}}
    named["Manifest"] = {
        "description": "The digests of all articles, or, with `bucket`, the articles in one bucket.",
        "anyOf": [{"$ref": reference("ManifestDigests")}, bucket],
    }
    named["Selection"] = {
        "description": "An article, alone or in a list, of which only the requested `fields` are given.",
        "type": "object",
        "properties": named.pop("SingleArticleOut")["properties"],
        "additionalProperties": False,
    }
    selected = {"type": "array", "items": {"$ref": reference("Selection")}}
    named["Selections"] = named["Articles"] | {
        "title": "Selections",
        "description": "A page of articles, of which only the requested `fields` are given.",
        "properties": named["Articles"]["properties"] | {"articles": selected},
    }
    return dict(sorted(named.items()))
