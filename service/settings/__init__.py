"""Configuration, read at the edge: `content/site.toml`, then `BROADSHEET_…` variables, then options.

Below them all stand the facts that the blog's own settings give, where the folder is one of Hugo, Jekyll, ….
Every setting is one row of SETTINGS: its name, what it takes, and what it is for. The later place wins.
All faults are found together and raised as one SettingsError.

Of a service one process reads them and hands them on. What is `of_site` is read again with the folder and
goes into the index with its revision; the rest takes effect at a restart.
"""

import difflib
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import platformdirs
import tomli

from service.content.generators.site_metadata import read_site_metadata
from service.errors import SettingsError
from service.model import Site
from service.publisher import FEED_BYTES
from service.settings import appearance, values

PREFIX = "BROADSHEET_"
SITE_FILE = "site.toml"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that can be set, see SETTINGS; `notes` are logged when serving starts.

    `options` are the ones of the command line, by setting name; `unreadable` the settings files of a blog's
    engine that could not be read, so that what they say of the site is missing.
    """

    content: Path
    index: str
    site: Site
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    strict: bool = False
    refresh_seconds: int = 2
    trusted_proxies: tuple[str, ...] = ()
    feed_max_age_seconds: int = 300
    list_max_age_seconds: int = 60
    article_max_age_seconds: int = 300
    file_max_age_seconds: int = 86400
    stale_while_revalidate_seconds: int = 3600
    stale_if_error_seconds: int = 604800
    feed_bytes: int = FEED_BYTES
    cache_megabytes: int = 16
    stale_after_seconds: int = 300
    log_level: str = "info"
    notes: tuple[str, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()
    unreadable: tuple[str, ...] = ()

    def reread(self) -> "Settings":
        """The settings as they are now, from the same options, the environment and the folder.

        Raises SettingsError.
        """
        return load(dict(self.options))

    def needs_restart(self, newer: "Settings") -> tuple[str, ...]:
        """The names of settings whose value in `newer` differs and only takes effect at a restart."""
        return tuple(
            setting.name
            for setting in SETTINGS
            if not setting.of_site and getattr(self, setting.name) != getattr(newer, setting.name)
        )


class Setting(msgspec.Struct, frozen=True):
    """One thing that can be set, as documented.

    `read` takes the raw value and raises ValueError with what it takes instead; `default` is in words.
    `of_site` ones are facts of the Site, in the index and in force with its revision; the rest are fields of
    Settings, in force from the start of a process on. Those not `in_file` cannot stand in `site.toml`.
    """

    name: str
    read: Callable[[Any], Any]
    about: str
    default: str
    of_site: bool = False
    in_file: bool = True


SETTINGS: tuple[Setting, ...] = (
    Setting("title", values.text, "What the site is called.", "Broadsheet", of_site=True),
    Setting("description", values.text, "One sentence about the site.", "none", of_site=True),
    Setting("language", values.language, "The language of articles that name none.", "en", of_site=True),
    Setting("author", values.authors, "Who writes where an article names nobody.", "none", of_site=True),
    Setting("time_zone", values.time_zone, "The zone of dates that name none.", "UTC", of_site=True),
    Setting("rights", values.text, "The rights statement of the feeds.", "none", of_site=True),
    Setting(
        "icon", values.reference, "A square picture: address, or file beside the articles.", "none", True
    ),
    Setting("public_url", values.public_url, "Where the world finds the site.", "from each request", True),
    Setting("hub", values.addresses, "WebSub hubs to announce and to tell.", "none", of_site=True),
    Setting("id_authority", values.authority, "The name in ids that are made (RFC 4151).", "none", True),
    Setting("id_year", values.whole(1990, 2999), "A year that name was yours.", "none", of_site=True),
    Setting(
        "legacy_id", values.template, "Ids of a site that moves: `{url}` is its permalink.", "none", True
    ),
    Setting("epoch", values.epoch, "The date feeds give undated articles.", "2000-01-01T00:00:00Z", True),
    Setting("scraped", values.scraped_rules, "Rules of your own for scraped pages.", "none", of_site=True),
    Setting(
        "accent", appearance.colour, "The colour of links and buttons on pages.", "#8a2d16", of_site=True
    ),
    Setting("logo", values.reference, "A picture in place of the title: as `icon`.", "none", of_site=True),
    Setting("navigation", appearance.navigation, "The links at the top of pages.", "the directories", True),
    Setting("footer", values.text, "What stands at the foot of pages, in Markdown.", "none", of_site=True),
    Setting("readers", appearance.readers, "What a feed can be opened in.", "five readers on the web", True),
    Setting("templates", values.text, "A folder of templates of your own.", "none", of_site=True),
    Setting("content", Path, "The folder of articles.", "content", in_file=False),
    Setting("index", values.index_url, "Where the index is kept.", "a file in the user's cache folder"),
    Setting("host", values.text, "The address to listen on.", "127.0.0.1"),
    Setting("port", values.port, "The port to listen on.", "8000"),
    Setting("workers", values.whole(1, 64), "Worker processes.", "1"),
    Setting("strict", values.flag, "Refuse to start while any article has a fault.", "false"),
    Setting("refresh_seconds", values.whole(0, 86400), "How often the folder is looked at; 0: never.", "2"),
    Setting("trusted_proxies", values.proxies, "Whose X-Forwarded headers are believed.", "none"),
    Setting("feed_max_age_seconds", values.whole(0, 31536000), "How long a feed stays fresh.", "300"),
    Setting("list_max_age_seconds", values.whole(0, 31536000), "The same for lists and directories.", "60"),
    Setting("article_max_age_seconds", values.whole(0, 31536000), "The same for one article.", "300"),
    Setting("file_max_age_seconds", values.whole(0, 31536000), "The same for files.", "86400"),
    Setting("stale_while_revalidate_seconds", values.whole(0, 31536000), "RFC 5861 §3.", "3600"),
    Setting("stale_if_error_seconds", values.whole(0, 31536000), "RFC 5861 §4.", "604800"),
    Setting("feed_bytes", values.whole(10_000, 100_000_000), "How large a feed document may be.", "1000000"),
    Setting("cache_megabytes", values.whole(1, 4096), "Memory for finished answers, a worker.", "16"),
    Setting(
        "stale_after_seconds",
        values.whole(1, 86400),
        "How long a look at the folder may be overdue before `/readyz` says so.",
        "300",
    ),
    Setting("log_level", values.log_level, "debug, info, warning or error.", "info"),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}
_FIELDS = {"author": "authors", "hub": "hubs"}


def load(options: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> Settings:
    """The settings from `options` (by setting name, None where not given), the environment and `site.toml`.

    Raises SettingsError with every fault found.
    """
    problems: list[str] = []
    notes: list[str] = []
    given = {name: (f"--{name.replace('_', '-')}", raw) for name, raw in options.items() if raw is not None}
    found = dict(_from_environment(os.environ if environ is None else environ, problems, notes))
    found.update(given)
    content = Path(found.pop("content", ("", "content"))[1])
    for name, place_and_raw in _from_file(content / SITE_FILE, problems):
        found.setdefault(name, place_and_raw)
    engine = read_site_metadata(content)
    for name, place_and_raw in _from_engine(engine.values, notes):
        found.setdefault(name, place_and_raw)
    read = _read_all(found, problems)
    of_site = {
        _FIELDS.get(s.name, s.name): read.pop(s.name) for s in SETTINGS if s.of_site and s.name in read
    }
    if "templates" in of_site:
        place, raw = found["templates"]
        try:
            of_site["templates"] = appearance.templates(content / raw, of_site)
        except ValueError as error:
            problems.append(f"{place}: {raw!r} will not do; it takes {error}.")
    if ("id_authority" in found) != ("id_year" in found):
        problems.append(f"{content / SITE_FILE}: id_authority and id_year go together; give both or neither.")
    if problems:
        raise SettingsError(tuple(problems))
    read.setdefault("index", default_index(content))
    if "hubs" in of_site and "public_url" not in of_site:
        notes.append("hub: it is announced, but told of nothing, because public_url is not set.")
    return Settings(
        content=content,
        site=Site(**of_site),
        unreadable=engine.unreadable,
        notes=tuple(notes),
        options=tuple((name, raw) for name, raw in options.items() if raw is not None),
        **read,
    )


def default_index(content: Path) -> str:
    """The index of a folder where none is named: a file in the user's cache folder, one for each folder."""
    # As given, not where a link leads: a `current` that moves from release to release keeps its index.
    digest = hashlib.sha256(os.path.abspath(content).encode()).hexdigest()[:12]  # noqa: PTH100
    return f"sqlite:///{platformdirs.user_cache_path('broadsheet') / digest}.db"


def _from_environment(
    environ: Mapping[str, str], problems: list[str], notes: list[str]
) -> Iterator[tuple[str, tuple[str, Any]]]:
    for variable in sorted(environ):
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name in _BY_NAME:
            if environ[variable].strip():
                yield name, (variable, environ[variable])
        elif near := _nearest(name):
            problems.append(f"{variable}: no such setting; did you mean {PREFIX}{near.upper()}?")
        else:
            notes.append(f"{variable} is not a setting; it is ignored.")


def _from_file(file: Path, problems: list[str]) -> Iterator[tuple[str, tuple[str, Any]]]:
    try:
        text = file.read_text("utf-8-sig")
        table = tomli.loads(text)
    except (FileNotFoundError, NotADirectoryError):
        return
    except tomli.TOMLDecodeError as error:
        problems.append(f"{file}:{error.lineno}: cannot be read as TOML: {error}")
        return
    except (OSError, ValueError) as error:
        problems.append(f"{file}: cannot be read as TOML: {error}")
        return
    for key, raw in table.items():
        name = key.lower().replace("-", "_")
        name = "author" if name == "authors" else name
        setting = _BY_NAME.get(name)
        if setting and setting.in_file:
            yield name, (f"{_place(file, text, key)}: {key}", raw)
        elif setting:
            place = _place(file, text, key)
            problems.append(f"{place}: {key}: cannot be set here; use {PREFIX}{name.upper()} or an option.")
        else:
            near = _nearest(name)
            hint = f"did you mean {near}?" if near else "remove it."
            problems.append(f"{_place(file, text, key)}: {key}: no such setting; {hint}")


def _place(file: Path, text: str, key: str) -> str:
    """Where a key of the TOML document `text` stands: `site.toml:3`, or the file where it cannot be found."""
    found = re.search(rf"^[ \t]*(?:\[\[?[ \t]*)?[\"']?{re.escape(key)}[\"']?[ \t]*[\].=]", text, re.MULTILINE)
    return f"{file}:{text.count(chr(10), 0, found.start()) + 1}" if found else str(file)


def _from_engine(
    facts: Mapping[str, tuple[str, Any]], notes: list[str]
) -> Iterator[tuple[str, tuple[str, Any]]]:
    """What the settings of the blog in the folder say, such as `hugo.toml`; what will not do is noted."""
    for name, (file, raw) in facts.items():
        try:
            _BY_NAME[name].read(raw)
        except ValueError as error:
            notes.append(f"{file}: {name} {raw!r} is not used: it takes {error}.")
        else:
            yield name, (file, raw)


def _read_all(found: Mapping[str, tuple[str, Any]], problems: list[str]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for name, (place, raw) in found.items():
        try:
            read[name] = _BY_NAME[name].read(raw)
        except ValueError as error:
            problems.append(f"{place}: {raw!r} will not do; it takes {error}.")
    return read


def _nearest(name: str) -> str | None:
    near = difflib.get_close_matches(name, list(_BY_NAME), n=1, cutoff=0.75)
    return near[0] if near else None
