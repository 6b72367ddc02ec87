"""Tags: tags, categories, keywords, topics and taxonomies."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from service.content.fields.field_reader import Fields, members
from service.content.front_matter.values import written
from service.content.generators.jekyll import is_jekyll_post
from service.content.identity.slugs import name_slug
from service.model import Tag

_TAGS = ("tags", "tag", "categories", "category", "keywords", "keyword", "topics", "topic", "directory_tags")
_TAXONOMIES = ("tags", "tag", "categories", "category", "keywords", "topics", "topic", "subjects")
_SPLIT_AT_SPACES = frozenset({"tags", "categories"})
_HASHTAGS = re.compile(r"#\S+(?:\s+#\S+)+")


def read_tags(fields: Fields, path: str) -> tuple[Tag, ...]:
    """Read tags, categories, keywords and taxonomies; a text is split at commas, each slug occurs once.

    In a post of Jekyll, `tags` and `categories` without a comma are split at spaces, as Jekyll does.
    """
    names: list[str] = []
    for key in fields.among(_TAGS):
        value = fields.peek(key)
        if isinstance(value, list) and any(isinstance(item, list) for item in value) and key != "tags":
            entry = fields.take(key)
            names += [text for text in map(written, _flatten(value)) if entry and text]
        elif not isinstance(value, bool):
            at_spaces = (
                isinstance(value, str)
                and "," not in value
                and (
                    (key in _SPLIT_AT_SPACES and is_jekyll_post(path))
                    or _HASHTAGS.fullmatch(value.strip()) is not None
                )
            )
            names += [name for _, name in fields.texts(key, separator="" if at_spaces else ",")]
    taxonomies = fields.peek("taxonomies")
    if isinstance(taxonomies, dict):
        known = members(taxonomies)
        for key in _TAXONOMIES:
            names += [text for text in map(written, _flatten(known.get(key))) if text]
        if known.keys() <= {*_TAXONOMIES, "authors", "author", "series"}:
            fields.take("taxonomies")
    tags: dict[str, Tag] = {}
    for tag in map(_tag, names):
        tags.setdefault(tag.slug, tag)
    return tuple(tags.values())


@lru_cache(maxsize=4096)  # a blog has few tags, each in many articles
def _tag(name: str) -> Tag:
    stripped = " ".join(name.split()).removeprefix("#").strip() or name
    return Tag(name=stripped, slug=name_slug(stripped))


def _flatten(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for item in value:
            yield from _flatten(item)
    elif isinstance(value, dict):
        yield members(value).get("name")
    elif value is not None:
        yield value
