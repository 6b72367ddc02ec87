"""Settings: options, `BROADSHEET_…` variables, `content/site.toml` and a generator's own files become values.

Of several sources the first in this order wins; all faults are raised together as one SettingsError. One
process of a service reads the settings and passes them to the others. Settings of the site are read again
with the folder and are stored in the index with its revision; the others take effect at a restart.

Begin with SETTINGS, one row for each setting, and `load`.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
import platformdirs
import tomli

from service.content.files.regular_files import open_regular
from service.content.generators.site_metadata import METADATA_FILES, read_site_metadata
from service.errors import SettingsError, reason_of
from service.model import Site, nearest_name
from service.settings import appearance, values
from service.settings.appearance import TemplateCheck
from service.settings.purges import Purge, missing_headers, read_purges
from service.settings.values import InvalidTables, SurrogateKeyHeader, TableFault
from service.settings.webhooks import Webhook, read_webhooks

PREFIX = "BROADSHEET_"
SITE_FILE = "site.toml"
NEAR = 0.75
"""How alike the names of settings are of which one is suggested for the other."""

_FILES = frozenset({SITE_FILE, *METADATA_FILES})
_KEY = r"^[ \t]*(?:\[\[?[ \t]*)?[\"']?{key}[\"']?[ \t]*[\].=]"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The value of every setting in SETTINGS, and `notes` to log when serving starts.

    `options` are the command-line options by setting name; `unreadable` are the settings files of a site
    generator that could not be read, `templates_folder` is the folder of the templates of the site.
    """

    content: Path
    index: str
    site: Site
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    strict: bool = False
    refresh_seconds: int = 2
    reload_token: str | None = None
    trusted_proxies: tuple[str, ...] = ()
    list_max_age_seconds: int = 60
    article_max_age_seconds: int = 300
    file_max_age_seconds: int = 86400
    stale_while_revalidate_seconds: int = 3600
    stale_if_error_seconds: int = 604800
    edge_max_age_seconds: int = 0
    surrogate_key_headers: tuple[SurrogateKeyHeader, ...] = ()
    cache_megabytes: int = 16
    stale_after_seconds: int = 300
    publish: str | None = None
    publish_delay_seconds: int = 4
    from_store: str | None = None
    store_poll_seconds: int = 2
    file_cache_megabytes: int = 1024
    webhooks: tuple[Webhook, ...] = ()
    purges: tuple[Purge, ...] = ()
    log_level: str = "info"
    notes: tuple[str, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()
    unreadable: tuple[str, ...] = ()
    templates_folder: Path | None = None

    def reread(self, check_templates: TemplateCheck) -> "Settings":
        """Read the settings again, from the same options, the environment and the folder.

        Raises SettingsError.
        """
        return load(dict(self.options), check_templates=check_templates)

    def needs_restart(self, newer: "Settings") -> tuple[str, ...]:
        """The names of settings that differ in `newer` and take effect only at a restart."""
        return tuple(
            setting.name
            for setting in SETTINGS
            if not setting.of_site and getattr(self, setting.field_name) != getattr(newer, setting.field_name)
        )


def holds_settings(path: str) -> bool:
    """Whether settings are read from `path` in the content folder, or from below it if it ends in a slash.

    A folder with the name of such a file counts, as it is reported.
    """
    return path.removesuffix("/") in _FILES or (
        path.endswith("/") and any(file.startswith(path) for file in _FILES)
    )


class RawSetting(msgspec.Struct, frozen=True):
    """Where a raw value is from: an option, a variable, a settings file, or a key in the `text` of `file`."""

    name: str
    raw: Any
    file: Path | None = None
    text: str = ""

    @property
    def place(self) -> str:
        """`--port`, `BROADSHEET_PORT`, `site.toml:3: port`."""
        return self._at(re.search(_KEY.format(key=re.escape(self.name)), self.text, re.MULTILINE))

    def place_in_table(self, fault: TableFault) -> str:
        """The place of a fault in one of the tables with this name: that of the key, else of the table."""
        name, key = (rf"[\"']?{re.escape(name)}[\"']?[ \t]*" for name in (self.name, fault.key))
        header = rf"^[ \t]*\[\[?[ \t]*{name}\]"
        table = next(islice(re.finditer(header, self.text, re.MULTILINE), fault.number - 1, None), None)
        if table is None:  # it is written in one line, or with dotted keys
            if dotted := re.search(rf"^[ \t]*{name}\.[ \t]*{key}[.=]", self.text, re.MULTILINE):
                return self._at(dotted)
            return f"{self.place}, table {fault.number}" if isinstance(self.raw, list) else self.place
        end = re.compile(r"^[ \t]*\[\[?[ \t]*[\w.\"'-]+[ \t]*\]", re.MULTILINE).search(self.text, table.end())
        found = fault.key and re.compile(rf"^[ \t]*{key}[.=]", re.MULTILINE).search(
            self.text, table.end(), end.start() if end else len(self.text)
        )
        return self._at(found or table)

    def _at(self, match: re.Match[str] | None) -> str:
        if self.file is None:
            return self.name
        line = f":{self.text.count(chr(10), 0, match.start()) + 1}" if match else ""
        return f"{self.file}{line}: {self.name}"


class Setting(msgspec.Struct, frozen=True):
    """One setting; `docs/settings.md` says what it is for.

    `read` converts the raw value, or raises ValueError with what it expects. Settings of the site are fields
    of Site, the others are fields of Settings. `field` is the name of the field if it differs from that of
    the setting. The field has the default. A setting that is not `in_file` is not allowed in `site.toml`.
    """

    name: str
    read: Callable[[Any], Any]
    field: str | None = None
    in_file: bool = True

    @property
    def field_name(self) -> str:
        return self.field or self.name

    @property
    def of_site(self) -> bool:
        return self.field_name in Site.__struct_fields__


SETTINGS: tuple[Setting, ...] = (
    Setting("title", values.line),
    Setting("description", values.text),
    Setting("language", values.language),
    Setting("author", values.authors, field="authors"),
    Setting("time_zone", values.time_zone),
    Setting("rights", values.text),
    Setting("icon", values.reference),
    Setting("public_url", values.public_url),
    Setting("addresses", values.address_style),
    Setting("hub", values.receiver_urls, field="hubs"),
    Setting("id_authority", values.id_authority),
    Setting("id_year", values.integer(1990, 2999)),
    Setting("legacy_id", values.legacy_id),
    Setting("epoch", values.epoch),
    Setting("scraped", values.scraped_rules),
    Setting("accent", appearance.colour),
    Setting("logo", values.reference),
    Setting("navigation", appearance.navigation),
    Setting("footer", values.text),
    Setting("readers", appearance.readers),
    Setting("templates", values.text),
    Setting("feed_max_age_seconds", values.integer(0, 31536000)),
    Setting("feed_bytes", values.integer(10_000, 100_000_000)),
    Setting("content", values.folder, in_file=False),
    Setting("index", values.index_url),
    Setting("host", values.line),
    Setting("port", values.port),
    Setting("workers", values.integer(1, 64)),
    Setting("strict", values.boolean),
    Setting("refresh_seconds", values.integer(0, 86400)),
    Setting("reload_token", values.secret, in_file=False),
    Setting("trusted_proxies", values.trusted_proxies),
    Setting("list_max_age_seconds", values.integer(0, 31536000)),
    Setting("article_max_age_seconds", values.integer(0, 31536000)),
    Setting("file_max_age_seconds", values.integer(0, 31536000)),
    Setting("stale_while_revalidate_seconds", values.integer(0, 31536000)),
    Setting("stale_if_error_seconds", values.integer(0, 31536000)),
    Setting("edge_max_age_seconds", values.integer(0, 31536000)),
    Setting("surrogate_key_headers", values.surrogate_key_headers),
    Setting("cache_megabytes", values.integer(1, 4096)),
    Setting("stale_after_seconds", values.integer(1, 86400)),
    Setting("publish", values.store_address, in_file=False),
    Setting("publish_delay_seconds", values.integer(0, 600)),
    Setting("from", values.store_address, field="from_store", in_file=False),
    Setting("store_poll_seconds", values.integer(1, 600)),
    Setting("file_cache_megabytes", values.integer(1, 1_000_000)),
    Setting("webhooks", read_webhooks),
    Setting("purge", read_purges, field="purges"),
    Setting("log_level", values.log_level),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}
_SITE_FIELDS = tuple(setting.field_name for setting in SETTINGS if setting.of_site)
_WITHOUT_PUBLIC_URL = {
    "hub": "feeds announce it, but it is not notified of changes; set public_url.",
    "webhooks": "nothing is sent, since events name the addresses of articles; set public_url.",
}
"""What settings do not do without `public_url`, by their names."""


def load(
    options: Mapping[str, Any], environ: Mapping[str, str] | None = None, *, check_templates: TemplateCheck
) -> Settings:
    """Read the settings from `options` (by setting name, None if absent), the environment and `site.toml`.

    `check_templates` is a parameter, since this package renders nothing. Raises SettingsError with every
    fault, that of the templates included.
    """
    problems: list[str] = []
    notes: list[str] = []
    sources = dict(_read_environment(os.environ if environ is None else environ, problems, notes))
    sources |= {
        name: RawSetting(f"--{name.replace('_', '-')}", raw)
        for name, raw in options.items()
        if raw is not None
    }
    place = sources.pop("content", RawSetting("", "content"))
    try:
        content = values.folder(place.raw)
    except ValueError as error:
        raise SettingsError((*problems, f"{place.place}: {values.invalid(place.raw, error)}")) from None
    if "from" in sources:
        return _load_replica(content, sources, options, problems, notes)
    for name, source in _read_site_file(content / SITE_FILE, problems):
        sources.setdefault(name, source)
    generator = read_site_metadata(content)
    for name, source in _read_generator_values(generator.values, notes):
        sources.setdefault(name, source)
    readers = {name: _BY_NAME[name].read for name in sources if name != "webhooks"}
    values_by_name = _read_values(sources, readers, problems)
    of_site = {name: values_by_name.pop(name) for name in _SITE_FIELDS if name in values_by_name}
    templates_folder = None
    if "templates" in of_site:
        templates_folder = content / of_site["templates"]
        of_site |= _read_theme(templates_folder, sources["templates"], of_site, check_templates, problems)
    problems += _check_together(content, sources, values_by_name)
    site = Site(**of_site)
    if "webhooks" in sources:
        reader = partial(read_webhooks, site=site)
        values_by_name |= _read_values(sources, {"webhooks": reader}, problems)
    if problems:
        raise SettingsError(tuple(problems))
    if "index" not in values_by_name:
        values_by_name["index"] = default_index(content)
    if "public_url" not in sources:
        notes += (
            f"{sources[name].place}: {effect}"
            for name, effect in _WITHOUT_PUBLIC_URL.items()
            if name in sources
        )
    return Settings(
        content=content,
        site=site,
        unreadable=generator.unreadable,
        templates_folder=templates_folder,
        notes=tuple(notes),
        options=tuple((name, raw) for name, raw in options.items() if raw is not None),
        **values_by_name,
    )


def _read_theme(
    folder: Path,
    setting: RawSetting,
    of_site: Mapping[str, Any],
    check_templates: TemplateCheck,
    problems: list[str],
) -> dict[str, Any]:
    """The templates and files of a theme, as facts of the site; none if they have a fault."""
    try:
        templates, theme_files = appearance.read_theme(folder, of_site, check_templates)
    except ValueError as error:
        problems.append(f"{setting.place}: {values.invalid(setting.raw, error)}")
        return {}
    return {"templates": templates, "theme_files": theme_files}


def _check_together(
    content: Path, sources: Mapping[str, RawSetting], values_by_name: Mapping[str, Any]
) -> Iterator[str]:
    """What is wrong with settings, each valid by itself, together."""
    if ("id_authority" in sources) != ("id_year" in sources):
        yield f"{content / SITE_FILE}: id_authority and id_year must be set together; set both or neither."
    store = values_by_name.get("publish") or ""
    if store.startswith("file:"):
        folder = Path(unquote(urlsplit(store).path)).resolve()
        if folder.is_relative_to(content.resolve()):
            yield (
                f"{sources['publish'].place}: the store {store} is in the content folder {content}, where"
                " what is published becomes content; name another folder."
            )
    yield from missing_headers(
        values_by_name.get("purges", ()), values_by_name.get("surrogate_key_headers", ())
    )


def _load_replica(
    content: Path,
    sources: Mapping[str, RawSetting],
    options: Mapping[str, Any],
    problems: list[str],
    notes: list[str],
) -> Settings:
    """The settings of a replica: those of the site come with the index it serves. Raises SettingsError."""
    if "publish" in sources:
        problems.append(
            f"{sources['publish'].place}: a replica ({sources['from'].place}) publishes nothing;"
            " set only one."
        )
    for name, source in sources.items():
        if _BY_NAME[name].of_site:
            notes.append(
                f"{source.place} is ignored: a replica has the settings of the site from its publisher."
            )
    readers = {name: _BY_NAME[name].read for name in sources if not _BY_NAME[name].of_site}
    values_by_name = _read_values(sources, readers, problems)
    if problems:
        raise SettingsError(tuple(problems))
    if "index" not in values_by_name:
        values_by_name["index"] = _index_of(values_by_name["from_store"])
    return Settings(
        content=content,
        site=Site(),
        notes=tuple(notes),
        options=tuple((name, raw) for name, raw in options.items() if raw is not None),
        **values_by_name,
    )


def default_index(content: Path) -> str:
    """The default index of a folder: a file of its own in the user's cache folder. Raises SettingsError."""
    # Links are not followed: `current`, a link to the newest release, keeps its index.
    return _index_of(os.path.abspath(content))  # noqa: PTH100


def _index_of(place: str) -> str:
    digest = hashlib.sha256(place.encode()).hexdigest()[:12]
    try:
        folder = platformdirs.user_cache_path("broadsheet")
    except RuntimeError:
        raise SettingsError(
            ("index: this user has no home folder to keep it in; set HOME, or name a file with --index.",)
        ) from None
    return f"sqlite:///{folder / digest}.db"


def _read_environment(
    environ: Mapping[str, str], problems: list[str], notes: list[str]
) -> Iterator[tuple[str, RawSetting]]:
    for variable in sorted(environ):
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name in _BY_NAME:
            if environ[variable].strip():
                yield name, RawSetting(variable, environ[variable])
        elif near := nearest_name(name, tuple(_BY_NAME), NEAR):
            problems.append(f"{variable}: no such setting; did you mean {PREFIX}{near.upper()}?")
        else:
            notes.append(f"{variable} is not a setting; it is ignored.")


def _read_site_file(file: Path, problems: list[str]) -> Iterator[tuple[str, RawSetting]]:
    try:
        with open_regular(file) as opened:
            text = opened.read().decode("utf-8-sig")
        table = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        problems.append(f"{file}:{error.lineno}: cannot be read as TOML: {error}")
        return
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problems.append(f"{file}:{line}: is not UTF-8; save it as UTF-8.")
        return
    except ValueError:  # of Python, which reads no integer with so many digits
        digits = re.search(r"[0-9_]{4000,}", text)
        line = text.count("\n", 0, digits.start()) + 1 if digits else 1
        problems.append(f"{file}:{line}: cannot be read as TOML: a number has too many digits")
        return
    except RecursionError:
        problems.append(f"{file}: cannot be read as TOML: it is nested too deep")
        return
    except OSError as error:
        if isinstance(error, FileNotFoundError | NotADirectoryError) and not file.is_symlink():
            return
        reason = reason_of(error)
        problems.append(f"{file}: cannot be read: {reason}; it must be a file that this user may read.")
        return
    for key, raw in table.items():
        name = key.lower().replace("-", "_")
        name = "author" if name == "authors" else name
        setting = _BY_NAME.get(name)
        source = RawSetting(key, raw, file, text)
        if setting and setting.in_file:
            yield name, source
        elif setting:
            problems.append(f"{source.place}: not allowed in this file; use {PREFIX}{name.upper()}.")
        else:
            near = nearest_name(name, tuple(_BY_NAME), NEAR)
            hint = f"did you mean {near}?" if near else "remove it."
            problems.append(f"{source.place}: no such setting; {hint}")


def _read_generator_values(
    facts: Mapping[str, tuple[str, Any]], notes: list[str]
) -> Iterator[tuple[str, RawSetting]]:
    """Settings from the generator's own files, such as `hugo.toml`; invalid values are noted."""
    for name, (file, raw) in facts.items():
        try:
            _BY_NAME[name].read(raw)
        except ValueError as error:
            notes.append(f"{file}: {name} is ignored: {values.invalid(raw, error)}")
        else:
            yield name, RawSetting(file, raw)


def _read_values(
    sources: Mapping[str, RawSetting], readers: Mapping[str, Callable[[Any], Any]], problems: list[str]
) -> dict[str, Any]:
    """The value of each setting that is in `readers`, by the name of its field."""
    values_by_name: dict[str, Any] = {}
    for name, read in readers.items():
        source = sources[name]
        try:
            values_by_name[_BY_NAME[name].field_name] = read(source.raw)
        except InvalidTables as error:
            problems += [f"{source.place_in_table(fault)}: {fault.message}" for fault in error.faults]
        except ValueError as error:
            problems.append(f"{source.place}: {values.invalid(source.raw, error)}")
    return values_by_name
