"""Metadata in the path of an article file: date, name, language, and what it is a translation of."""

import re
from datetime import datetime, tzinfo

import msgspec

from service.content.dates.path_dates import date_before_name, date_in_name, date_in_path
from service.content.fields.language import named_language, unsuffixed
from service.content.files.kinds import INDEX_NAMES
from service.content.records import SiteContext

_LANGUAGE = re.compile(r"(.+)\.([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,4})?)")
_DOCUSAURUS = re.compile(
    r"(?:^|(?<=/))docusaurus-plugin-content-(blog|docs|pages)(?:-([^/]+))?(?:/(current|version-[^/]+))?(?=/|$)"
)


class PathMetadata(msgspec.Struct, frozen=True):
    """`name` is the name of the file, or of its folder, without date and language.

    `bare` is the path without suffix and language: the same for all translations. `tree` is the folder that
    has a folder for each language; None if the file is not in such a folder.
    """

    name: str = ""
    date: datetime | None = None
    language: str | None = None
    bare: str | None = None
    tree: str | None = None


def read_path_metadata(path: str, context: SiteContext, zone: tzinfo) -> PathMetadata:
    """Read the path of an article file: `2019-01-28-vote/index.es.md` is `vote`, in Spanish."""
    *folders, file = path.split("/")
    before, dot, suffix = file.rpartition(".")
    stem = before if dot and suffix else file
    suffix_match = _LANGUAGE.fullmatch(stem) if "." in stem else None
    language = None
    if suffix_match:
        language = context.language_codes.get(suffix_match[2].lower()) or named_language(suffix_match[2])
        stem = suffix_match[1] if language else stem
    tree, rest, folder_language = _tree(folders, context)
    name = stem
    of_folder = bool(rest) and rest[-1].endswith(stem) and date_in_name(rest[-1], zone)[1] == stem
    # `app/**/page.mdx`: https://nextjs.org/docs/app/getting-started/project-structure
    is_routed = stem == "page" and suffix in {"md", "mdx"} and "app" in folders[:-1]
    if of_folder or is_routed or stem.lower() in INDEX_NAMES:
        name = rest[-1] if rest else ""
    date, name = date_in_name(name, zone)
    return PathMetadata(
        name=name,
        date=date or date_in_path("/".join(rest), zone) or date_before_name(path, zone),
        language=language or folder_language,
        bare="/".join([*rest, stem]),
        tree=tree,
    )


def _of_docusaurus(match: re.Match[str]) -> str:
    """The original folder of a folder of translations."""
    place, version = match[2] or match[1], match[3]
    return f"versioned_{place}/{version}" if version and version != "current" else place


def _tree(folders: list[str], context: SiteContext) -> tuple[str | None, list[str], str | None]:
    """The innermost folder with languages, the folders without that of the language, and the language."""
    for depth in range(len(folders) if context.languages else 0, 0, -1):
        folder = "/".join(folders[:depth])
        if folder in context.languages:
            above = folders[: depth - 1]
            if above and above[-1] == "i18n":
                above = above[:-1]
            below = _DOCUSAURUS.sub(_of_docusaurus, "/".join(folders[depth:]))
            if stem := unsuffixed(folders[depth - 1]):
                above = [*above, stem]
            rest = [*above, *(below.split("/") if below else [])]
            return "/".join(above[:-1] if stem else above), rest, context.languages[folder]
    if not context.language_trees:
        return None, folders, None
    parent = "".join(f"{folder}/" for folder in folders)
    trees = [tree for tree in context.language_trees if not tree or parent.startswith(f"{tree}/")]
    return max(trees, key=len, default=None), folders, None
