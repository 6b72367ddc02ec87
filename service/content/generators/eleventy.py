"""Eleventy's directory and template data: `posts/posts.json`, `posts/posts.11tydata.json`, `a.11tydata.json`.

Those written in JavaScript are code and are not run.
"""

import re
from collections.abc import Mapping
from typing import Any

from service.content.parsing.values import normal_key
from service.content.records import FolderDefault

_SURE = ".11tydata.json"
_OF_FOLDER = re.compile(r"(?:.*/)?([^/]+)/\1\.json", re.IGNORECASE)
_NAMED = re.compile(r"([^/]+?)(?:\.11tydata)?\.json", re.IGNORECASE)
_OF_ARTICLES = frozenset({"content_html", "html", "markdown", "content_text", "text", "content", "body"})
# Eleventy's tags are collections too; these are what its own starter never shows as tags.
_COLLECTIONS = frozenset({"all", "nav", "page", "pages", "post", "posts"})


def names_directory_data(path: str) -> bool:
    """Whether it is called as data for templates is; one named as its folder may yet be an article."""
    return path.lower().endswith(_SURE) or bool(_OF_FOLDER.fullmatch(path))


def directory_defaults(path: str, value: Any) -> tuple[str, FolderDefault] | None:
    """The folder that the data file at `path` is for, and what it gives each article there."""
    folder, _, name = path.rpartition("/")
    named = _NAMED.fullmatch(name)
    if not isinstance(value, dict) or not named or not is_data(path, value):
        return None
    values = {key: item for key, item in value.items() if normal_key(key) not in {"tags", "tag"}}
    tags = [tag for key, item in value.items() if normal_key(key) in {"tags", "tag"} for tag in _listed(item)]
    # Tags of a folder are added to the article's own; everything else stands where the article is silent.
    values["directory_tags"] = [tag for tag in tags if tag.lower() not in _COLLECTIONS]
    if named[1] == folder.rpartition("/")[2]:
        return folder, FolderDefault(values)
    place = f"{folder}/{named[1]}" if folder else named[1]
    return folder, FolderDefault(values, rf"{re.escape(place)}(?:/.*|\.[^/]+)")


def is_data(path: str, value: Mapping[str, Any]) -> bool:
    """Whether a file that is called as data is no article: there is no text in it."""
    return path.lower().endswith(_SURE) or _OF_ARTICLES.isdisjoint(map(normal_key, value))


def _listed(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
