"""The kinds of files in a content folder, by suffix: what articles are read from, and what is not read."""

import re
from collections.abc import Collection

MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdx", ".mkd", ".mkdn", ".mkdown", ".mdown", ".mdwn")
"""Suffixes of Markdown files, the most common first."""

HTML_SUFFIXES = (".html", ".htm")

SUFFIXES = (*MARKDOWN_SUFFIXES, *HTML_SUFFIXES, ".txt", ".json", ".jsonl")
"""The suffixes of article files."""

INDEX_NAMES = frozenset({"index", "_index"})
"""Names, without suffix, of files that stand for their folder."""

# These are rendered to a file next to them, which is the article.
_RENDERED = {"rmd": "R Markdown", "rmarkdown": "R Markdown", "ipynb": "a notebook", "qmd": "Quarto"}
_TEMPLATE_SUFFIXES = ("astro", "ejs", "erb", "haml", "hbs", "liquid", "njk", "pug", "svelte", "vue")
_NOT_READ = {
    "adoc": "AsciiDoc",
    "asc": "AsciiDoc",
    "asciidoc": "AsciiDoc",
    "creole": "Creole",
    "dj": "Djot",
    "djot": "Djot",
    "mdoc": "Markdoc",
    "mediawiki": "MediaWiki markup",
    "org": "Org mode",
    "rest": "reStructuredText",
    "rst": "reStructuredText",
    "textile": "Textile",
    "typ": "Typst",
    "wiki": "wiki markup",
    "xhtml": "XHTML",
    **dict.fromkeys(_TEMPLATE_SUFFIXES, "a template"),
}
RESTRUCTURED_TEXT = f"{_NOT_READ['rst']} is not read; turn it into Markdown or HTML"
_JSON_WITH_COMMENTS = ("json5", "jsonc")
_DATA_CODE = re.compile(r"\.11tydata\.[cm]?[jt]s$", re.IGNORECASE)


def find_kind_exclusion(name: str, siblings: Collection[str]) -> str | None:
    """Why a file with this name is no article file; None for a picture, a style or any other plain file.

    `siblings` are the names of the files next to it.
    """
    stem, _, suffix = name.rpartition(".")
    suffix = suffix.lower()
    if kind := _RENDERED.get(suffix):
        rendered = (stem + ending for ending in (*MARKDOWN_SUFFIXES, *HTML_SUFFIXES))
        result = next((file for file in rendered if file in siblings), None)
        return f"the source ({kind}) of {result}" if result else f"{kind} is not read; render it to Markdown"
    if _DATA_CODE.search(name):
        return (
            "data written as code, which is not run: only what hides articles is read; give the rest as .json"
        )
    if suffix in _JSON_WITH_COMMENTS:
        return "data: JSON with comments is not read as an article"
    kind = _NOT_READ.get(suffix)
    return f"{kind} is not read; turn it into Markdown or HTML" if kind else None
