"""The shapes of answers as JSON Schema, for the API's description."""

from typing import Any

import msgspec

from service.formats.api_article import ArticleOut
from service.formats.json_api import ArticlesOut, FacetOut
from service.formats.json_feed import Feed
from service.web.problems import Problem

_RENAMED = {
    "ArticleOut": "Article",
    "Articles_ArticleOut_": "Articles",
    "FacetOut": "Facet",
    "Feed": "JsonFeed",
}


def reference(name: str) -> str:
    """The address of a schema within the description."""
    return f"#/components/schemas/{name}"


def schemas() -> dict[str, Any]:
    """Every schema by name, from the structs that the answers are made of."""
    _, made = msgspec.json.schema_components(
        [ArticleOut, ArticlesOut, FacetOut, Problem, Feed], ref_template="#/components/schemas/{name}"
    )
    text = msgspec.json.encode(made).decode()
    for name, renamed in _RENAMED.items():
        text = text.replace(f'schemas/{name}"', f'schemas/{renamed}"')
    named = {_RENAMED.get(name, name): schema for name, schema in msgspec.json.decode(text).items()}
    named["Article"]["title"] = "Article"
    named["Articles"]["title"] = "Articles"
    selection = {
        "description": "An article of which only the asked `fields` are given.",
        "type": "object",
        "properties": named["Article"]["properties"],
        "additionalProperties": False,
    }
    some = dict(named["Articles"]["properties"])
    some["articles"] = {"type": "array", "items": {"$ref": reference("Selection")}}
    named |= {
        "Selection": selection,
        "Selections": named["Articles"] | {"title": "Selections", "properties": some},
        "ArticlesOrSelections": {
            "description": "Complete articles, or with `fields` a selection of each.",
            "anyOf": [{"$ref": reference(name)} for name in ("Articles", "Selections")],
        },
        "State": {
            "type": "object",
            "properties": {
                "status": {"type": "string", "enum": ["alive", "ready"]},
                "problems": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "What is wrong while there is something to serve; absent when nothing is.",
                },
            },
            "required": ["status"],
        },
        "Suggestions": {
            "description": "What was typed, then as many words as there are explanations and addresses.",
            "type": "array",
            "items": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
            "minItems": 4,
            "maxItems": 4,
        },
        "Description": {
            "description": "An OpenAPI 3.1 document.",
            "type": "object",
            "required": ["openapi", "paths"],
        },
    }
    for name in ("Tags", "Authors", "Sources", "Languages"):
        facets = {"type": "array", "items": {"$ref": reference("Facet")}}
        named[name] = {"type": "object", "properties": {name.lower(): facets}, "required": [name.lower()]}
    return dict(sorted(named.items()))
