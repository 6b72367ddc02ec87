"""Hugo: its settings, cascades and addresses (https://gohugo.io/configuration/permalinks/)."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, ClassVar

import msgspec

from service.content.fields.language import named_language
from service.content.front_matter.values import normal_key
from service.content.generators.addresses.date_directives import format_directive
from service.content.generators.addresses.permalink_patterns import (
    MAX_PATTERN,
    Pattern,
    read_pattern,
    read_pattern_setting,
)
from service.content.generators.addresses.scheme import ArticleVariables, Scheme, is_in_no_section
from service.content.generators.generator import (
    DATA_SUFFIX,
    STATIC_FILES,
    THEME,
    Generator,
    GeneratorSettings,
    SettingsFile,
    SiteConfig,
    parse_data_file,
)
from service.content.generators.site_settings.folder_defaults import from_root, glob_pattern, matches_glob
from service.content.generators.site_settings.metadata import read_language, read_metadata
from service.content.generators.site_settings.values import (
    as_list,
    as_normal_table,
    as_table,
    as_text,
    as_texts,
    is_true,
    join_path,
    relative_path,
    url_path,
)
from service.content.generators.site_settings.variables import site_variables
from service.content.records import FolderDefault

_DATE_TOKENS = {
    "year": "Y",
    "month": "m",
    "monthname": "B",
    "day": "d",
    "weekday": "w",
    "weekdayname": "A",
    "yearday": "-j",
    # Go's layout of dates: how it writes 2 January 2006, 15:04:05.
    "2006": "Y",
    "06": "y",
    "01": "m",
    "1": "-m",
    "Jan": "b",
    "January": "B",
    "02": "d",
    "2": "-d",
    "002": "j",
    "Mon": "a",
    "Monday": "A",
    "15": "H",
    "04": "M",
    "05": "S",
}
_SECTIONS = re.compile(
    r"sections\[(?:(?P<index>\d{1,3}|last)|(?P<low>\d{0,3}|last):(?P<high>\d{0,3}|last))\]"
)
_TOKEN = re.compile(r"(?<!\\):(\w+(?:\[[^\[\]]*\])?)")
_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})[ _-]*(?P<name>.+)")
_PLAIN_PATH = re.compile(r"[A-Za-z0-9./_~-]*")
_ALLOWED = frozenset("./\\_#+~-")
_PAGE_KINDS = frozenset({"page", "section", "taxonomy", "term"})
_CASCADE_OPTIONS = frozenset({"target", "_target", "environment", "kind", "lang", "path"})
# A repetition within a repeated group takes exponential time on some paths.
_NESTED = re.compile(r"[+*}?]\)?[+*{]|[+*][^()]*\)[+*{]")
_MAX_RULES = 100
_MAX_ITEMS = 200
_NAMED_SETTINGS = frozenset({"title", "baseurl", "copyright", "params"})
# Singular names of taxonomies.
_AUTHORS = frozenset({"author", "byline", "contributor", "creator", "writer"})
_TAGS = frozenset({"category", "keyword", "label", "subject", "tag", "topic"})


class Rule(msgspec.Struct, frozen=True):
    """The pattern for the pages of a section (`posts`, `posts/old`; "": those in none), in one `language`.

    The language None is for all.
    """

    section: str
    pattern: Pattern
    language: str | None = None


class MountFilter(msgspec.Struct, frozen=True):
    """The globs of files in `folder` that a mount leaves out, and of those it includes, none for all."""

    folder: str
    excluded: tuple[str, ...]
    included: tuple[str, ...]


class HugoScheme(Scheme, frozen=True, kw_only=True):
    """`roots` are the folders of content, the inner ones first, each with its language.

    `prefixes` are the starts of addresses by language (`/fr`, or ""); `sections` the folders below a root
    with a section page. `ugly_urls` names the sections whose pages end in `.html`, "" for all.
    """

    dates_pages: ClassVar[bool] = True  # `hugo new about.md` dates it.
    compares_pages: ClassVar[bool] = True

    roots: tuple[tuple[str, str], ...]
    prefixes: dict[str, str]
    rules: tuple[Rule, ...] = ()
    sections: tuple[str, ...] = ()
    ugly_urls: tuple[str, ...] = ()
    keeps_case: bool = False
    removes_accents: bool = False
    date_in_file_name: bool = False
    mounted: tuple[str, ...] = ()
    disabled_languages: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    filters: tuple[MountFilter, ...] = ()

    @property
    def source_folders(self) -> tuple[str, ...]:
        return (*(root for root, _ in self.roots), *self.mounted)

    def find_site_exclusion(self, path: str) -> str | None:
        """See `ignoreFiles`, `disabled` and the files of mounts at https://gohugo.io/configuration/."""
        for root, language in self.roots:
            if relative_path(root, path) is not None:
                code = path.rpartition("/")[2].rpartition(".")[0].rpartition(".")[2].lower()
                language = code if code in self.prefixes else language
                if language in self.disabled_languages:
                    return f"the language {language!r} is disabled"
                break
        for rule in self.filters:
            inner = relative_path(rule.folder, path)
            if inner is not None and (
                matches_glob(inner, rule.excluded)
                or (rule.included and not matches_glob(inner, rule.included))
            ):
                return "excluded by a mount"
        return (
            "excluded by ignoreFiles" if any(_searches(pattern, path) for pattern in self.ignored) else None
        )

    def is_post(self, path: str) -> bool:
        return self._inner_path(path) is not None and self.page_path(path) is None

    def page_path(self, path: str) -> str | None:
        """A page in no section is of the type `page` (https://gohugo.io/content-management/types/)."""
        inner = self._inner_path(path)
        return inner if inner is not None and is_in_no_section(inner) else None

    def _inner_path(self, path: str) -> str | None:
        inner = (relative_path(root, path) for root, _ in self.roots)
        return next((path for path in inner if path is not None), None)

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        return tuple(rule.pattern for rule in self.rules)

    def address(self, article: ArticleVariables) -> str | None:
        located = self._locate(article)
        if located is None:
            return None
        if address := article.explicit_address("url"):
            return self._from_root(address, located)
        rule = next((rule for rule in self.rules if _applies(rule, located)), None)
        if rule is None:
            return self._finish("/".join((*located.folders, located.slug or located.name)), located)
        built = rule.pattern.fill(located.expand)
        return self._finish(built, located) if built else None

    def fill(self, pattern: str, article: ArticleVariables) -> str | None:
        """The address that the article's own `pattern` gives; None for a pattern that cannot be used."""
        located = self._locate(article)
        try:
            address = _read_pattern(pattern).fill(located.expand) if located else None
        except ValueError:
            return None
        return self._from_root(address, located) if located and address else None

    def _from_root(self, address: str, page: "_Page") -> str:
        """A `url`: from the root of the site, or below its language without a leading slash."""
        return address if address.startswith("/") else f"{self.prefixes[page.language]}/{address}"

    def _locate(self, article: ArticleVariables) -> "_Page | None":
        for root, language in self.roots:
            path = relative_path(root, article.path)
            if path is None:
                continue
            *folders, file = path.split("/")
            stem = file.rpartition(".")[0]
            name, _, code = stem.rpartition(".")
            if name and code.lower() in self.prefixes:
                stem, language = name, code.lower()
            if stem == "index":
                stem = folders.pop() if folders else ""
            if self.date_in_file_name and (dated_name := _DATED.fullmatch(stem)):
                stem = dated_name["name"]
            return _Page(article, tuple(folders), stem, language, self) if stem else None
        return None

    def _finish(self, address: str, page: "_Page") -> str:
        is_ugly = "" in self.ugly_urls or (page.folders[:1] or ("",))[0] in self.ugly_urls
        ending = ".html" if is_ugly else "/"
        return f"{self.prefixes[page.language]}/{self.sanitise_path(address).strip('/')}{ending}"

    def sanitise_path(self, text: str) -> str:
        """A path as Hugo writes it: white space as one hyphen, without characters it does not allow."""
        if _PLAIN_PATH.fullmatch(text):  # most paths
            return text if self.keeps_case else text.lower()
        if self.removes_accents:
            decomposed = unicodedata.normalize("NFD", text)
            without_marks = "".join(c for c in decomposed if not unicodedata.combining(c))
            text = unicodedata.normalize("NFC", without_marks)
        kept: list[str] = []
        gap = False
        for c in text:
            if c.isalnum() or c in _ALLOWED or unicodedata.category(c)[0] == "M":
                if gap and c != "-":
                    kept.append("-")
                kept.append(c)
                gap = False
            elif c.isspace() and kept and kept[-1] != "-":
                gap = True
        return "".join(kept) if self.keeps_case else "".join(kept).lower()


class _Page(msgspec.Struct, frozen=True):
    """A page of Hugo: the `folders` it lies in, its `name` (that of its bundle) and its language."""

    variables: ArticleVariables
    folders: tuple[str, ...]
    name: str
    language: str
    site: HugoScheme

    def expand(self, token: str) -> str | None:
        if token in _DATE_TOKENS:
            return format_directive(self.variables.written_date, _DATE_TOKENS[token])
        if part := _SECTIONS.fullmatch(token):
            return "/".join(_slice(self.section, part))
        return _TOKENS[token](self)

    @property
    def slug(self) -> str:
        return self.variables.text("slug") or ""

    @property
    def section(self) -> tuple[str, ...]:
        """The folders down to the last section: the first folder is one, a deeper one with a section page."""
        for depth in range(len(self.folders), 1, -1):
            if "/".join(self.folders[:depth]) in self.site.sections:
                return self.folders[:depth]
        return self.folders[:1]


_TOKENS: dict[str, Callable[[_Page], str]] = {
    "section": lambda page: "".join(page.folders[:1]),
    "sections": lambda page: "/".join(page.section),
    "title": lambda page: page.site.sanitise_path(page.variables.title),
    "slug": lambda page: page.site.sanitise_path(page.slug or page.variables.title),
    "filename": lambda page: page.site.sanitise_path(page.name),
    "contentbasename": lambda page: page.site.sanitise_path(page.name),
    "slugorfilename": lambda page: page.site.sanitise_path(page.slug or page.name),
    "slugorcontentbasename": lambda page: page.site.sanitise_path(page.slug or page.name),
}


@lru_cache(maxsize=32)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern) if len(pattern) <= MAX_PATTERN and not _NESTED.search(pattern) else None
    except re.error:  # Go's syntax, which differs in rare cases
        return None


def _searches(pattern: str, path: str) -> bool:
    compiled = _compiled(pattern)
    return bool(compiled and compiled.search(path))


def _applies(rule: Rule, page: _Page) -> bool:
    if rule.language not in {None, page.language}:
        return False
    folder = "/".join(page.folders)
    if rule.section == "":
        return not folder
    return rule.section == "*" or f"{folder}/".startswith(f"{rule.section}/")


def _slice(folders: tuple[str, ...], part: re.Match[str]) -> tuple[str, ...]:
    """Some of the sections: `[1:]`, `[:last]`, `[0]`."""
    if index := part["index"]:
        at = len(folders) - 1 if index == "last" else int(index)
        return folders[at : at + 1]
    low, high = (
        len(folders) - 1 if end == "last" else end and int(end) for end in (part["low"], part["high"])
    )
    return folders[low or 0 : len(folders) if high == "" else high]


@lru_cache(maxsize=256)
def _read_pattern(text: str) -> Pattern:
    """The pattern in `text`. Raises ValueError with the reason when Hugo does not know it."""
    pattern = read_pattern(text, _TOKEN, _is_known)
    return Pattern(tuple(part.replace("\\:", ":") for part in pattern.parts))


def _is_known(token: str) -> bool:
    return token in _DATE_TOKENS or token in _TOKENS or bool(_SECTIONS.fullmatch(token))


def is_section_page(path: str) -> bool:
    """Whether the file is the page of a section, which may give values to all pages below (`cascade`)."""
    return path.rpartition("/")[2].startswith("_index.")


def read_cascade(value: Any, content: str, languages: tuple[str | None, ...] = ()) -> Iterator[FolderDefault]:
    """The defaults in a `cascade`: a map, or a list of maps each with a `target`.

    The paths of targets are relative to the folder `content`; `languages` are those of the pages it is for.
    """
    # The first target that matches wins in Hugo: it must come last here.
    for entry in reversed((value if isinstance(value, list) else [value])[:_MAX_ITEMS]):
        if not isinstance(entry, dict):
            continue
        target = as_table(entry.get("target", entry.get("_target")))
        if str(target.get("kind", "page")).lower() not in {"page", "{page,section}", "*", "**"}:
            continue
        values = {name: item for name, item in entry.items() if normal_key(name) not in _CASCADE_OPTIONS}
        params = values.pop("params", None)
        values = {**(params if isinstance(params, dict) else {}), **values}
        pattern = _target_pattern(target.get("path"), content)
        if pattern == "":
            continue
        language = target.get("lang")
        yield FolderDefault(values, pattern, (named_language(str(language)),) if language else languages)


def _target_pattern(path: Any, content: str) -> str | None:
    """The pattern of a target's path, `/posts/**`; None where it has none, "" where it cannot be read."""
    if path is None:
        return None
    glob = glob_pattern(str(path).strip().strip("/"))
    if glob is None:
        return ""
    folder = re.escape(f"{content}/") if content else ""
    return rf"{folder}{glob}(?:/_?index)?(?:\.[^/]+)?"


def _parse(path: str, text: str) -> dict[str, Any] | None:
    """The settings; a file such as `config/_default/params.toml` has those of one table."""
    folder, _, name = path.lower().rpartition("/")
    stem = name.rpartition(".")[0]
    values = parse_data_file(path, text)
    if values is None or stem in {"hugo", "config"} or not folder.endswith("config/_default"):
        return values
    return {normal_key(stem): values}


def _read(file: SettingsFile) -> GeneratorSettings | None:
    """The settings; None for a file named `config` without the `baseURL` that each site must have."""
    settings = file.values
    name = file.path.lower().removeprefix(file.folder.lower()).strip("/")
    if name.startswith("config.") and "baseurl" not in settings:
        return None
    content = join_path(file.folder, as_text(settings.get("contentdir")) or "content")
    languages: dict[str, str] = {}
    codes: dict[str, str] = {}
    for code, options in as_table(settings.get("languages")).items():
        options = as_normal_table(options)
        tag = named_language(code) or read_language(options)
        if not tag:
            continue
        if named_language(code) is None:
            codes[code.lower()] = tag
        folder = join_path(file.folder, as_text(options.get("contentdir")))
        if folder not in {file.folder, content}:
            languages[folder] = tag
    return GeneratorSettings(
        "Hugo",
        file,
        read_metadata(settings),
        defaults=(
            *_variables(settings),
            *_formulas(settings),
            *read_cascade(settings.get("cascade"), content),
        ),
        languages=languages,
        codes=codes,
        content=content,
        bundles=(content, *languages),
        keys=_taxonomy_keys(settings.get("taxonomies")),
        replaces_emoji=is_true(settings.get("enableemoji")),
    )


def _variables(settings: dict[str, Any]) -> list[FolderDefault]:
    """The parameters of the site, `site.params.NAME`, and its title and address."""
    named = {name: value for name, value in settings.items() if name in _NAMED_SETTINGS}
    return [FolderDefault(variables)] if (variables := site_variables(named)) else []


def _formulas(settings: dict[str, Any]) -> list[FolderDefault]:
    """The default by which articles declare formulas, where the site keeps them (`passthrough`)."""
    options: Any = settings
    for name in ("markup", "goldmark", "extensions", "passthrough"):
        options = as_normal_table(as_table(options).get(name))
    return [FolderDefault({"math": True})] if options.get("enable") is True else []


def _taxonomy_keys(taxonomies: Any) -> dict[str, str]:
    """The site's own keys of authors and tags.

    `{contributor: people}` → `{"people": "authors"}`. Other taxonomies (`series`) are neither.
    """
    keys: dict[str, str] = {}
    for singular, plural in list(as_table(taxonomies).items())[:_MAX_ITEMS]:
        name = normal_key(singular)
        if isinstance(plural, str) and name in _AUTHORS | _TAGS:
            keys[normal_key(plural)] = "authors" if name in _AUTHORS else "tags"
    return keys


def _build_scheme(site: SiteConfig) -> HugoScheme:
    settings = site.values
    default = (as_text(settings.get("defaultcontentlanguage")) or "en").lower()
    languages = {
        code.lower(): as_normal_table(options)
        for code, options in as_table(settings.get("languages")).items()
    }
    in_subfolder = is_true(settings.get("defaultcontentlanguageinsubdir")) and languages
    prefixes = {default: f"/{default}" if in_subfolder else ""}
    mounts = [(as_text(options.get("contentdir")), code) for code, options in languages.items()]
    module = as_normal_table(settings.get("module"))
    mounts += [(path, code or default) for path, code in _mounts(module, "content".__eq__)]
    prefixes |= {code: f"/{code}" for _, code in mounts if code != default}
    if languages and all("baseurl" in options for options in languages.values()):
        prefixes = dict.fromkeys(prefixes, "")  # each language is a site of its own
    roots = {join_path(site.folder, as_text(settings.get("contentdir")) or "content"): default}
    roots |= {join_path(site.folder, path): code for path, code in mounts if path}
    rules = _rules(settings.get("permalinks"), None)
    for code, options in languages.items():
        rules = [*_rules(options.get("permalinks"), code), *rules]
    pages = (page.rpartition("/")[0] for page in site.section_pages) if rules else ()
    sections = {relative_path(root, page) or "" for page in pages for root in roots}
    ugly_urls = settings.get("uglyurls")
    ugly_sections = sorted(name for name, is_ugly in as_table(ugly_urls).items() if is_true(is_ugly))
    return HugoScheme(
        folder=site.folder,
        base=url_path(settings.get("baseurl")),
        roots=tuple(sorted(roots.items(), key=lambda root: (-len(root[0]), root))),
        prefixes=prefixes,
        rules=tuple(rules),
        sections=tuple(sorted(section for section in sections if "/" in section)),
        ugly_urls=tuple(ugly_sections) or (("",) if is_true(ugly_urls) else ()),
        keeps_case=is_true(settings.get("disablepathtolower")),
        mounted=tuple(
            join_path(site.folder, path)
            for path, _ in _mounts(module, lambda target: target.startswith("content/"))
        ),
        disabled_languages=tuple(
            dict.fromkeys(
                (
                    *(code for code, options in languages.items() if is_true(options.get("disabled"))),
                    *(code.lower() for code in as_texts(settings.get("disablelanguages"))),
                )
            )
        ),
        ignored=as_texts(settings.get("ignorefiles")),
        filters=tuple(_mount_filters(module, site.folder)),
        removes_accents=is_true(settings.get("removepathaccents")),
        date_in_file_name=":filename" in as_list(as_normal_table(settings.get("frontmatter")).get("date")),
    )


def _mounts(module: dict[str, Any], is_target: Callable[[str], bool]) -> list[tuple[str, str]]:
    """The folders mounted at a target, with their language or "", without those outside of the site."""
    sources = [
        (as_text(mount.get("source")), as_text(mount.get("lang")).lower())
        for mount in map(as_normal_table, as_list(module.get("mounts"))[:_MAX_RULES])
        if is_target(as_text(mount.get("target")))
    ]
    return [(path, code) for path, code in sources if ".." not in path.split("/")]


def _mount_filters(module: dict[str, Any], folder: str) -> Iterator[MountFilter]:
    """See https://gohugo.io/configuration/module/#mounts: `files`, in which `! ` excludes, and older keys."""
    for mount in map(as_normal_table, as_list(module.get("mounts"))[:_MAX_RULES]):
        files = [file.strip() for file in as_texts(mount.get("files"))]
        excluded = [*as_texts(mount.get("excludefiles")), *(f[1:].strip() for f in files if f[0] == "!")]
        included = [*as_texts(mount.get("includefiles")), *(f for f in files if f[0] != "!")]
        if excluded or included:
            source = join_path(folder, as_text(mount.get("source")))
            yield MountFilter(source, tuple(from_root(excluded)), tuple(from_root(included)))


def _rules(value: Any, language: str | None) -> list[Rule]:
    """The patterns of pages by section, the narrower first; in a list the first matching target wins."""
    if isinstance(value, list):
        entries = map(as_normal_table, value[:_MAX_RULES])
        return [rule for entry in entries for rule in _target_rules(entry, language)]
    table = as_table(value)
    sections = {name: pattern for name, pattern in table.items() if name.lower() not in _PAGE_KINDS}
    named = [
        (name.strip(" /"), pattern) for name, pattern in (sections | as_table(table.get("page"))).items()
    ]
    return [
        Rule(section, read_pattern_setting(f"permalinks.{section or '/'}", pattern, _read_pattern), language)
        for section, pattern in sorted(named, key=lambda rule: -len(rule[0]))[:_MAX_RULES]
    ]


def _target_rules(entry: dict[str, Any], language: str | None) -> list[Rule]:
    """The rules of one pattern with a target: one for each of its sections and languages."""
    target = as_normal_table(entry.get("target"))
    if "page" not in (as_text(target.get("kind")) or "page"):
        return []
    pattern = read_pattern_setting("permalinks", entry.get("pattern"), _read_pattern)
    matrix = as_normal_table(as_normal_table(target.get("sites")).get("matrix"))
    named = matrix.get("languages", target.get("lang"))
    codes = [as_text(code).lower() for code in (named if isinstance(named, list) else [named])]
    globs = as_text(target.get("path")).strip("{}").split(",")
    sections = dict.fromkeys(glob.strip("/ ").rstrip("*").strip("/") or "*" for glob in globs)
    return [Rule(section, pattern, code or language) for section in sections for code in codes]


HUGO = Generator(
    name="Hugo",
    settings_files=rf"(?:config/_default/\w+|hugo|config)\.{DATA_SUFFIX}",
    parse=_parse,
    read=_read,
    excluded={
        "public": "a page made by Hugo",
        "static": STATIC_FILES,
        "themes": THEME,
        "resources": "a file made by Hugo",
        "exampleSite": "an example",
    },
    build_scheme=_build_scheme,
)
