"""MkDocs: its settings (https://www.mkdocs.org/user-guide/configuration/). Plug-ins build its addresses."""

import re
from typing import Any, ClassVar

from service.content.files.kinds import HTML_SUFFIXES
from service.content.generators.addresses.scheme import Scheme
from service.content.generators.generator import (
    Generator,
    GeneratorSettings,
    SettingsFile,
    SiteConfig,
    parse_data_file,
)
from service.content.generators.site_settings.folder_defaults import matches_glob
from service.content.generators.site_settings.metadata import pick_metadata
from service.content.generators.site_settings.values import (
    as_list,
    as_normal_table,
    as_text,
    as_texts,
    join_path,
    relative_path,
    url_path,
)
from service.errors import ContentError

_METADATA = {
    "site_name": "title",
    "site_description": "description",
    "site_author": "author",
    "language": "language",
}
_INHERITED = "INHERIT is not followed: what the other file excludes is served; write exclude_docs here"
# Tags of values that only Python or the environment can give: `!!python/name:f`, `!ENV [A, b]`.
_YAML_TAG = re.compile(r"(?<=[:\-\[,] )!(?:!python/\S*|ENV|relative)\b")


class MkDocsScheme(Scheme, frozen=True, kw_only=True):
    """`docs` is the folder of the pages; `excluded` are its globs without pages, `!` before those with."""

    unread_suffixes: ClassVar[tuple[str, ...]] = (".txt", *HTML_SUFFIXES)

    docs: str
    excluded: tuple[str, ...]

    @property
    def source_folders(self) -> tuple[str, ...]:
        return (self.docs,)

    def find_site_exclusion(self, path: str) -> str | None:
        """`exclude_docs`, `draft_docs` and the plug-in `exclude`; by default `/templates/` is excluded."""
        inner = relative_path(self.docs, path) or path
        excluded = False
        for glob in self.excluded:  # the last that is for the path counts, as in .gitignore
            if matches_glob(inner, [glob.removeprefix("!")]):
                excluded = not glob.startswith("!")
        return "excluded by mkdocs.yml" if excluded or inner.startswith("templates/") else None


def _parse(path: str, text: str) -> dict[str, Any] | None:
    return parse_data_file(path, _YAML_TAG.sub("", text))


def _read(file: SettingsFile) -> GeneratorSettings:
    language = as_text(as_normal_table(file.values.get("theme")).get("language"))
    metadata = pick_metadata({**file.values, "language": language}, _METADATA)
    extensions = file.values.get("markdown_extensions")
    names = [name for item in as_list(extensions) for name in (item if isinstance(item, dict) else [item])]
    faults = (ContentError(1, _INHERITED),) if "inherit" in file.values else ()
    is_emoji = "pymdownx.emoji" in names
    return GeneratorSettings("MkDocs", file, metadata, replaces_emoji=is_emoji, faults=faults)


def _build_scheme(site: SiteConfig) -> MkDocsScheme:
    globs = (as_text(site.values.get(name)).splitlines() for name in ("exclude_docs", "draft_docs"))
    lines = [line.strip() for group in (*globs, _read_plugin(site.values.get("plugins"))) for line in group]
    return MkDocsScheme(
        folder=site.folder,
        base=url_path(site.values.get("site_url")),
        docs=join_path(site.folder, as_text(site.values.get("docs_dir")) or "docs"),
        excluded=tuple(line for line in lines if line and not line.startswith("#")),
    )


def _read_plugin(plugins: Any) -> tuple[str, ...]:
    """The globs of the plug-in `exclude` (https://github.com/apenwarr/mkdocs-exclude)."""
    options = [as_normal_table(plugin).get("exclude") for plugin in as_list(plugins)]
    return tuple(glob for table in options for glob in as_texts(as_normal_table(table).get("glob")))


MKDOCS = Generator(
    name="MkDocs",
    settings_files=r"mkdocs\.ya?ml",
    parse=_parse,
    read=_read,
    excluded={"site": "a page made by MkDocs", "overrides": "a template"},
    build_scheme=_build_scheme,
)
