"""Eleventy: its settings, its directory and global data, and its addresses.

Permalinks that are programs are not evaluated. See https://www.11ty.dev/docs/permalinks/ and
https://www.11ty.dev/docs/data-template-dir/.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from service.content.files.kinds import HTML_SUFFIXES, MARKDOWN_SUFFIXES
from service.content.front_matter.known_keys import BOOLEANS
from service.content.front_matter.splitting import parse_data
from service.content.front_matter.values import as_items, normal_key
from service.content.generators.addresses.date_directives import format_date, is_date_format
from service.content.generators.addresses.permalink_patterns import Pattern, read_pattern
from service.content.generators.addresses.scheme import ArticleVariables, Scheme
from service.content.generators.addresses.transliteration import to_ascii
from service.content.generators.generator import (
    DATA_SUFFIX,
    Generator,
    GeneratorSettings,
    SettingsFile,
    SiteConfig,
    parse_data_file,
)
from service.content.generators.site_settings.folder_defaults import matches_glob
from service.content.generators.site_settings.javascript_literals import (
    find_globs,
    find_values,
    read_properties,
)
from service.content.generators.site_settings.metadata import pick_metadata, read_metadata
from service.content.generators.site_settings.values import (
    as_text,
    as_texts,
    join_path,
    relative_path,
    url_path,
)
from service.content.records import FolderDefault
from service.errors import ContentError

_SETTINGS = frozenset({"input", "output", "pathPrefix", "includes", "layouts", "data"})
_IGNORE = re.compile(r"\.ignores\.add\(\s*(['\"`])([^'\"`\n$]*)\1")
_SUFFIXES = frozenset((*MARKDOWN_SUFFIXES, *HTML_SUFFIXES))
_FORMATS = re.compile(r"\.setTemplateFormats\(\s*(?=[\[\"'])")
_METHOD = re.compile(r"\.set(Input|Output|Includes|Layouts|Data)Directory\(\s*(['\"`])([^'\"`\n$]*)\2")
_METADATA = {
    "title": "title",
    "description": "description",
    "language": "language",
    "lang": "language",
    "author": "author",
}

_OWN_DATA = re.compile(r".*\.11tydata\.(?:json|[cm]?[jt]s)", re.IGNORECASE)
_DIRECTORY_DATA = re.compile(r"(?:.*/)?([^/]+)/\1\.json", re.IGNORECASE)
_DATA_FILE = re.compile(r"([^/]+?)(?:\.11tydata\.[cm]?[jt]s|(?:\.11tydata)?\.json)", re.IGNORECASE)
_HIDING_KEYS = BOOLEANS | {"status", "visibility", "password", "permalink"}
# `data.draft`, `"draft" in data`, `({draft}) =>`: what the articles say themselves counts in any case.
_ASKS_ARTICLES = re.compile(
    r"""(?i)(?:(?<!env)\.|["'])(?:is_?)?(?:draft|published|hidden|unlisted|private)\b(?!\s*+["']?\s*+[:=](?!=))"""
    r"""|\{(?=[^{}:]*\b(?:draft|published)\b)[^{}:]*+\}\s*\)\s*(?:=>|\{)"""
)
_ARTICLE_KEYS = frozenset({"content_html", "html", "markdown", "content_text", "text", "content", "body"})
# Eleventy's tags are collections too; its starter project never shows these as tags.
_COLLECTIONS = frozenset({"all", "nav", "page", "pages", "post", "posts"})

_TOKEN = re.compile(r"\{\{-?([^{}]*?)-?\}\}")
_EXPRESSION = re.compile(
    r"\s*(?P<name>[A-Za-z_][\w.]*)"
    r"(?:\s*\|\s*(?P<filter>slug|slugify|downcase|lower)\s*(?:\(\s*\))?"
    r"|\s*\|\s*date:\s*(?P<quote>[\"'])(?P<format>[^\"']*)(?P=quote))?\s*"
)
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}-(.+)")
_SUFFIX = re.compile(r"\.[^./]+$")
# Neither slug filter transliterates these.
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_APOSTROPHE = re.compile(r"(?<=[a-z\d])'(?=[ts](?:\s|$))", re.IGNORECASE)
_SYMBOL_NAMES = str.maketrans(
    {"$": "dollar", "%": "percent", "&": "and", "<": "less", ">": "greater", "|": "or"}
)
_NOT_IN_SLUG = re.compile(r"[^\w\s$*_+~.()'\"!:@-]+")


class EleventyScheme(Scheme, frozen=True, kw_only=True):
    """`source` is the folder of the templates; None where it is not known.

    `formats` are the suffixes of templates, without a dot; none for the usual ones.
    """

    source: str | None = None
    ignored: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()

    @property
    def source_folders(self) -> tuple[str, ...]:
        return (self.source,) if self.source and self.source != self.folder else ()

    def find_site_exclusion(self, path: str) -> str | None:
        """See https://www.11ty.dev/docs/ignores/."""
        inner = relative_path(self.folder, path) or path
        suffix = path[path.rfind(".") :].lower()
        if self.formats and suffix in _SUFFIXES and suffix[1:] not in self.formats:
            return "its suffix is not among the templateFormats"
        return "excluded by .eleventyignore or the settings" if matches_glob(inner, self.ignored) else None

    def address(self, article: ArticleVariables) -> str | None:
        """The path of the file; one named `index`, or as its folder is, is the folder."""
        if address := article.explicit_address("permalink"):
            return address
        path = self._path(article)
        if path is None or any(part.startswith("_") for part in path.split("/")):
            return None
        stem = _SUFFIX.sub("", path)
        folder, _, name = stem.rpartition("/")
        return folder if name in {"index", folder.rpartition("/")[2]} else stem

    def fill(self, pattern: str, article: ArticleVariables) -> str | None:
        """The address that the `permalink` of an article or its folder gives; None for a program."""
        try:
            return _read_pattern(pattern).fill(lambda token: self._expand(token, article))
        except ValueError:
            return None

    def _path(self, article: ArticleVariables) -> str | None:
        return None if self.source is None else relative_path(self.source, article.path)

    def _file_path_stem(self, article: ArticleVariables) -> str | None:
        """The path of the file without suffix and without the date in its name."""
        folder, slash, name = _SUFFIX.sub("", self._path(article) or "").rpartition("/")
        return f"{folder}{slash}{_without_date(name)}" or None

    def _expand(self, token: str, article: ArticleVariables) -> str | None:
        expression = _EXPRESSION.fullmatch(token)
        if expression is None:
            return None
        name = expression["name"]
        if expression["format"] is not None:
            is_date = name in {"page.date", "date"}
            return format_date(article.written_date, expression["format"]) if is_date else None
        if name == "page.filePathStem":
            text = self._file_path_stem(article)
        else:
            text = {"page.fileSlug": _file_slug(article.path), "title": article.title}.get(name)
        text = text or article.text(normal_key(name))
        return _FILTERS[expression["filter"]](text) if text and expression["filter"] else text


DEFAULT_SCHEME = EleventyScheme()
"""The scheme without settings: only patterns count, and none with the path of the file."""


def _file_slug(path: str) -> str:
    *folders, file = path.split("/")
    stem = file.rpartition(".")[0]
    return _without_date(folders[-1] if stem == "index" and folders else stem)


def _without_date(name: str) -> str:
    dated_name = _DATED.search(name)
    return dated_name[1] if dated_name else name


def _slugify(text: str) -> str | None:
    """The filter `slugify`; None for a script it transliterates by tables of its own."""
    latin = to_ascii(text, german=True)
    plain = _APOSTROPHE.sub("", _EAST_ASIAN.sub(" ", latin)).replace("&", " and ")
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") if plain.isascii() else None


def _slug(text: str) -> str | None:
    """The older filter `slug`, which keeps more characters."""
    plain = _NOT_IN_SLUG.sub("", _EAST_ASIAN.sub("", to_ascii(text)).translate(_SYMBOL_NAMES)).strip()
    return re.sub(r"[-\s]+", "-", plain).strip("-").lower() if plain.isascii() else None


_FILTERS: dict[str, Callable[[str], str | None]] = {
    "slug": _slug,
    "slugify": _slugify,
    "downcase": str.lower,
    "lower": str.lower,
}


def _is_known(token: str) -> bool:
    expression = _EXPRESSION.fullmatch(token)
    return expression is not None and is_date_format(expression["format"] or "")


@lru_cache(maxsize=256)
def _read_pattern(text: str) -> Pattern:
    if "{%" in text or text.count("{{") != len(_TOKEN.findall(text)):
        raise ValueError("it is a program")
    return read_pattern(text, _TOKEN, _is_known)


def is_directory_data_name(path: str) -> bool:
    """Whether the file has the name of data for templates; one named as its folder may be an article."""
    return bool(_OWN_DATA.fullmatch(path) or _DIRECTORY_DATA.fullmatch(path))


def is_directory_data(path: str, value: Mapping[str, Any]) -> bool:
    """Whether a file with such a name is data and no article: it has no text."""
    return bool(_OWN_DATA.fullmatch(path)) or _ARTICLE_KEYS.isdisjoint(map(normal_key, value))


def parse_directory_data(path: str, text: str) -> tuple[Any, tuple[ContentError, ...]]:
    """The value of a data file, and faults. Raises ContentError.

    Of code, the keys that hide articles. One whose value only the program knows is a fault, and keeps the
    articles from the public, unless the program looks whether each of them is a draft.
    """
    if not path.lower().endswith("s"):
        return parse_data(path, text), ()
    values: dict[str, Any] = {}
    faults = []
    asks_articles, may_be_false = bool(_ASKS_ARTICLES.search(text)), "false" in text
    for key, line, value in find_values(text, _HIDING_KEYS):
        if value is not None and values.setdefault(key, value) == value:
            continue
        if not asks_articles and (key != "permalink" or may_be_false):
            message = (
                f"{key} is set by code, which is not run; write it as true or false, or into the articles"
            )
            faults.append(ContentError(line, message))
            values["eleventyExcludeFromCollections"] = "set by code"
    return values, tuple(faults)


def read_directory_data(path: str, value: Any) -> tuple[str, FolderDefault] | None:
    """The folder that the data file at `path` is for, and its defaults for the articles there.

    Files such as `posts/posts.json`, `posts/posts.11tydata.js` or `a.11tydata.json`.
    """
    folder, _, name = path.rpartition("/")
    data_file = _DATA_FILE.fullmatch(name)
    if not isinstance(value, dict) or not data_file or not is_directory_data(path, value):
        return None
    values = {key: item for key, item in value.items() if normal_key(key) not in {"tags", "tag"}}
    tags = [tag for key, item in value.items() if normal_key(key) in {"tags", "tag"} for tag in _texts(item)]
    # The tags of a folder are added to those of the article; it overrides all other values.
    values["directory_tags"] = [tag for tag in tags if tag.lower() not in _COLLECTIONS]
    if data_file[1] == folder.rpartition("/")[2]:
        return folder, FolderDefault(values)
    stem = join_path(folder, data_file[1])
    return folder, FolderDefault(values, rf"{re.escape(stem)}(?:/.*|\.[^/]+)")


def _texts(value: Any) -> list[str]:
    return [item for item in as_items(value) if isinstance(item, str)]


def _parse(path: str, text: str) -> dict[str, Any]:
    """The settings in the returned object, or those set by methods: `setInputDirectory("src")`.

    `.eleventyignore` has a glob a line.
    """
    if path.endswith(".eleventyignore"):
        lines = (line.strip() for line in text.splitlines())
        return {"ignoreFile": [line for line in lines if line and not line.startswith(("#", "!"))]}
    methods = {method[1].lower(): method[3] for method in reversed(list(_METHOD.finditer(text)))}
    ignored = [ignore[2] for ignore in _IGNORE.finditer(text)]
    formats = _read_formats(text)
    return (
        {"ignores": ignored}
        | ({"formats": formats} if formats else {})
        | methods
        | read_properties(text, _SETTINGS)
    )


def _read_formats(text: str) -> list[str]:
    """The suffixes of templates that the settings name; none where only the program knows them all."""
    named, faults = find_globs(_FORMATS.sub("; templateFormats: ", text), "templateFormats")
    is_whole = not faults and "addTemplateFormats" not in text
    return [name.strip().lower() for names in named for name in names.split(",")] if is_whole else []


def _read(file: SettingsFile) -> GeneratorSettings:
    output = join_path(file.folder, file.values.get("output", ""))
    excluded = {output: "a page made by Eleventy"} if output != file.folder else {}
    return GeneratorSettings("Eleventy", file, excluded=excluded)


def _build_scheme(site: SiteConfig) -> EleventyScheme:
    source = join_path("", as_text(site.values.get("input")))
    templates = (as_text(site.values.get(name)) for name in ("includes", "layouts", "data"))
    globs = (*as_texts(site.values.get("ignores")), *as_texts(site.values.get("ignoreFile")))
    return EleventyScheme(
        folder=site.folder,
        base=url_path(site.values.get("pathPrefix")),
        source=join_path(site.folder, source),
        formats=as_texts(site.values.get("formats")),
        ignored=(*globs, *(join_path(source, name) for name in templates if name)),
    )


def _parse_global_data(path: str, text: str) -> dict[str, Any] | None:
    if path.lower().endswith("js"):
        return read_properties(text, frozenset(_METADATA))
    return parse_data_file(path, text)


def _read_global_data(file: SettingsFile) -> GeneratorSettings | None:
    """The metadata of a site; None where the file is about something else."""
    is_code = file.path.lower().endswith("js")
    metadata = pick_metadata(file.values, _METADATA) if is_code else read_metadata(file.values)
    if "title" not in metadata or len(metadata) < 2:
        return None
    # Its other values are no settings.
    return GeneratorSettings("Eleventy data", SettingsFile(file.path, file.folder, {}), metadata)


ELEVENTY = Generator(
    name="Eleventy",
    settings_files=r"(?:\.?eleventy(?:\.config)?\.[cm]?js|\.eleventyignore)",
    parse=_parse,
    read=_read,
    excluded={},
    build_scheme=_build_scheme,
)

ELEVENTY_DATA = Generator(
    name="Eleventy data",
    # The file of Eleventy's starter project, and the names most other projects use.
    settings_files=r"_data/(?:(?:metadata|site|meta)\.(?:json|ya?ml|[cm]?js)"
    rf"|(?:hugo|_?config)\.{DATA_SUFFIX})",
    parse=_parse_global_data,
    read=_read_global_data,
    excluded={},
    build_scheme=None,
)
