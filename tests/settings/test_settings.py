"""Settings: three places, one order, every fault at once."""

import os
import re
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from service.errors import SettingsError
from service.model import ARTICLE_FACTS, Author, Site
from service.settings import SETTINGS, Setting, Settings
from tests.support.load_settings import load_settings
from tests.support.server import ROOT


def write_site(folder: Path, text: str) -> Path:
    (folder / "site.toml").write_text(text, "utf-8")
    return folder


def problems_of(options: dict[str, object], environ: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load_settings(options, environ or {})
    return caught.value.problems


def test_without_anything_there_are_defaults(tmp_path: Path) -> None:
    settings = load_settings({"content": str(tmp_path)}, {})

    assert settings.site.title == "Broadsheet"
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8000, 1)
    assert settings.index.startswith("sqlite:////")


@pytest.mark.parametrize("source", [{}, {"from": "s3://bucket/site"}], ids=["folder", "replica"])
def test_without_a_home_folder_the_index_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: dict[str, object]
) -> None:
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000_000)  # which no user of the system has
    options = {"content": str(tmp_path), **source}

    (problem,) = problems_of(options)

    assert (
        problem == "index: this user has no home folder to keep it in; set HOME, or name a file with --index."
    )
    assert load_settings({**options, "index": "sqlite:////tmp/i.db"}, {}).index == "sqlite:////tmp/i.db"


def test_the_default_index_is_one_for_each_folder(tmp_path: Path) -> None:
    one, other = (load_settings({"content": str(tmp_path / name)}, {}).index for name in ("one", "other"))

    assert one != other


@pytest.mark.parametrize(
    ("line", "field", "expected"),
    [
        ('title = "The Daily"', "title", "The Daily"),
        ('title = """\nThe\n Daily\n"""', "title", "The Daily"),
        ('author = "Ada\\nOsei"', "authors", (Author("Ada Osei", "ada-osei"),)),
        ('language = "German"', "language", "de"),
        ('time-zone = "Europe/Paris"', "time_zone", "Europe/Paris"),
        ('language = "pt_br"', "language", "pt-BR"),
        ('author = "Ada"', "authors", (Author("Ada", "ada"),)),
        (
            'authors = ["Ada", {name = "Bo", url = "https://bo.example/"}]',
            "authors",
            (Author("Ada", "ada"), Author("Bo", "bo", "https://bo.example/")),
        ),
        ('public_url = "https://Example.org/blog/"', "public_url", "https://example.org/blog"),
        ('public_url = "https://bücher.example:443"', "public_url", "https://xn--bcher-kva.example"),
        ('public_url = "https://Straße.example"', "public_url", "https://xn--strae-oqa.example"),
        (
            'public_url = "https://example.org/münz%C3%A9/"',
            "public_url",
            "https://example.org/m%C3%BCnz%C3%A9",
        ),
        ('public_url = "http://[::1]:8000/"', "public_url", "http://[::1]:8000"),
        ('icon = "icon.png"', "icon", "/files/icon.png"),
        ('icon = "https://cdn.example/i.png"', "icon", "https://cdn.example/i.png"),
        ("epoch = 2010-01-01", "epoch", datetime(2010, 1, 1, tzinfo=UTC)),
        ('id_authority = "example.org"\nid_year = 2026', "id_year", 2026),
        ('hub = "https://hub.example/"', "hubs", ("https://hub.example/",)),
        (
            'hub = ["https://a.example", "https://b.example"]',
            "hubs",
            ("https://a.example", "https://b.example"),
        ),
        ('hub = "https://a.example, https://b.example"', "hubs", ("https://a.example", "https://b.example")),
    ],
)
def test_a_site_fact_is_read(tmp_path: Path, line: str, field: str, expected: object) -> None:
    settings = load_settings({"content": str(write_site(tmp_path, line))}, {})

    assert getattr(settings.site, field) == expected


def test_environment_wins_over_the_file_and_options_over_both(tmp_path: Path) -> None:
    write_site(tmp_path, 'title = "File"\nport = 1\nhost = "file"')
    environ = {"BROADSHEET_TITLE": "Environment", "BROADSHEET_PORT": "2"}

    settings = load_settings({"content": str(tmp_path), "port": "3", "host": None}, environ)

    assert (settings.site.title, settings.port, settings.host) == ("Environment", 3, "file")


def test_an_empty_variable_is_as_if_absent(tmp_path: Path) -> None:
    assert load_settings({"content": str(tmp_path)}, {"BROADSHEET_PORT": " "}).port == 8000


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('titel = "x"', "titel: no such setting; did you mean title?"),
        ("port = 70000", "port: invalid value 70000: expected an integer between 1 and 65535"),
        ("port = true", "port: invalid value true: expected an integer"),
        (f"port = 0x{'f' * 5000}", "port: invalid value with very many digits: expected an integer"),
        ("title = 2019-01-28", "title: invalid value 2019-01-28: expected a non-empty text"),
        ('title = "\\u0000"', "title: invalid value '\\x00': expected a text without control characters"),
        (f'language = "{"x" * 5000}"', f"language: invalid value '{'x' * 79}…: expected a registered"),
        ('hub = "http://[::1"', "a valid host"),
        ('time_zone = "Mars/Olympus"', "an IANA time zone"),
        *((f'language = "{tag}"', "a registered language tag") for tag in ("?", "x", "xx-yy-zz", "en-yy")),
        *(
            (f'public_url = "https://example.org{path}"', "a URL whose path has no `.` and `..`")
            for path in ("/a/../b", "/./b", "/b/..", "/a/%2e%2E/b")
        ),
        ('public_url = "example.org"', "http:// or https://"),
        ('public_url = "https://example.org/?a=1"', "without user, query or fragment"),
        ('public_url = "https://example..org"', "a valid host"),
        ('public_url = "https://example.org:99999"', "a valid host"),
        ('public_url = "https://example.org:0"', "a valid host"),
        ('icon = "javascript://example.org/%0aalert(1)"', "http:// or https://"),
        ("author = 3", "a name, a table"),
        ('author = {name = "A", mail = "x"}', "a name, a table"),
        ("title = 3", "a non-empty text"),
        ('log_level = "loud"', "one of debug, info, warning, error"),
        ('trusted_proxies = ["10.0.0.0/99"]', "IP addresses or networks"),
        ('epoch = "soon"', "a date or a date and time"),
        ('legacy_id = "x"', "{url}"),
        ('id_authority = "Example!"\nid_year = 2026', "in lower case"),
        ('id_authority = "example.org"', "id_authority and id_year must be set together"),
        ('content = "x"', "content: not allowed in this file; use BROADSHEET_CONTENT"),
        ('index = "mysql://x"', "sqlite:///"),
        ("title = ", "cannot be read as TOML"),
    ],
)
def test_a_fault_in_the_file_says_where_and_what_is_expected(tmp_path: Path, line: str, message: str) -> None:
    (problem,) = problems_of({"content": str(write_site(tmp_path, line))})

    assert str(tmp_path / "site.toml") in problem
    assert message in problem


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'title = "x"\nauthor = "Caf\xe9"', ":2: is not UTF-8; save it as UTF-8."),
        (b"\nport = " + b"1" * 5000, ":2: cannot be read as TOML: a number has too many digits"),
        (b"port = " + b"[" * 100_000, ": cannot be read as TOML: it is nested too deep"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_once(tmp_path: Path, data: bytes, message: str) -> None:
    file = tmp_path / "site.toml"
    file.write_bytes(data)
    (problem,) = problems_of({"content": str(tmp_path)})
    assert problem.startswith(f"{file}{message}")
    assert problem.count(str(tmp_path)) == 1


def bind_socket(file: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(file.name)  # a whole path may be too long


NO_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a folder": (Path.mkdir, "is a directory"),
    "a pipe": (os.mkfifo, "it is a pipe, a socket or a device"),
    "a socket": (bind_socket, "no such device or address"),
    "a device": (lambda file: file.symlink_to("/dev/zero"), "it is a pipe, a socket or a device"),
    "a loop of links": (lambda file: file.symlink_to(file.name), "too many levels of symbolic links"),
    "a link to nothing": (lambda file: file.symlink_to("gone.toml"), "no such file or directory"),
}


@pytest.mark.parametrize("kind", NO_FILES)
def test_settings_that_are_no_file_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    make, reason = NO_FILES[kind]
    monkeypatch.chdir(tmp_path)
    make(tmp_path / "site.toml")
    (problem,) = problems_of({"content": str(tmp_path)})
    expected = f"cannot be read: {reason}; it must be a file that this user may read."
    assert problem == f"{tmp_path / 'site.toml'}: {expected}"


@pytest.mark.parametrize("kind", NO_FILES)
@pytest.mark.parametrize("name", ["_config.yml", "hugo.toml", "conf.py", "_data/site.json"])
def test_settings_of_a_generator_that_are_no_file_hold_up_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: str
) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    monkeypatch.chdir(file.parent)
    NO_FILES[kind][0](file)
    assert load_settings({"content": str(tmp_path)}, {}).site.title == "Broadsheet"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("port = 0", 1),
        ('title = "x"\n\n  port = 0', 3),
        ('"port" = 0\ntitle = "port = 1"', 1),
        ('title = "port"\nport=0', 2),
        ('title = "x"\n[port]\na = 1', 2),
        ("title = 'x'\nport.a = 1", 2),
        ('title = "x"\nport = ', 2),
        ('\ufefftitle = "x"\nport = 0', 2),
    ],
)
def test_a_fault_in_the_file_says_its_line(tmp_path: Path, text: str, line: int) -> None:
    (problem,) = problems_of({"content": str(write_site(tmp_path, text))})

    assert f"site.toml:{line}: " in problem


def test_every_fault_is_found_at_once(tmp_path: Path) -> None:
    write_site(tmp_path, 'titel = "x"\nlanguage = "?"')

    problems = problems_of(
        {"content": str(tmp_path), "port": "abc"},
        {"BROADSHEET_WORKERS": "0", "BROADSHEET_HOSTT": "x"},
    )

    assert len(problems) == 5
    assert any(problem.startswith("--port: invalid value 'abc'") for problem in problems)
    assert any(problem.startswith("BROADSHEET_WORKERS: invalid value '0'") for problem in problems)
    assert any("did you mean BROADSHEET_HOST?" in problem for problem in problems)


WEBHOOK = '[[webhooks]]\nurl = "https://hooks.example/"\nsecret_env = "HOOK_SECRET"\n'


@pytest.mark.parametrize(
    ("text", "environ"),
    [
        ("", {"BROADSHEET_RELOAD_TOKEN": "hunter2\x01"}),
        ("", {"BROADSHEET_PUBLISH": "ftp://ada:hunter2@bucket"}),
        ("", {"BROADSHEET_FROM": "s3://ada:hunter2@bucket"}),
        ("", {"BROADSHEET_PUBLIC_URL": "https://ada:hunter2@example.org"}),
        ("", {"BROADSHEET_HUB": "https://ada:hunter2@hub.example/ https://ada:hunter2@b.example"}),
        ('hub = ["https://ada:hunter2@hub.example/"]', {}),
        (WEBHOOK.replace("//", "//ada:hunter2@"), {}),
        (WEBHOOK.replace("HOOK_SECRET", "whsec_hunter2+"), {}),
        (WEBHOOK.replace('"HOOK_SECRET"', '["A", "whsec_hunter2+"]'), {}),
        ('[[purge]]\nkind = "fastly"\nservice_id = "a"\ntoken_env = "hunter2-token"\n', {}),
        ('[[purge]]\nkind = "varnish"\nurl = "https://ada:hunter2@cache.example/"\n', {}),
    ],
)
def test_no_message_shows_a_secret(tmp_path: Path, text: str, environ: dict[str, str]) -> None:
    write_site(tmp_path, text)
    problems = problems_of({"content": str(tmp_path)}, environ)
    assert any("invalid value" in problem for problem in problems)
    assert "hunter2" not in str(problems)


def test_unknown_variable_is_noted(tmp_path: Path) -> None:
    environ = {"BROADSHEET_8000_TCP_ADDR": "10.0.0.1", "PATH": "/bin"}

    settings = load_settings({"content": str(tmp_path)}, environ)

    assert settings.notes == ("BROADSHEET_8000_TCP_ADDR is not a setting; it is ignored.",)


def test_what_kubernetes_writes_for_a_service_of_this_name_is_explained(tmp_path: Path) -> None:
    (problem,) = problems_of({"content": str(tmp_path)}, {"BROADSHEET_PORT": "tcp://10.0.0.1:80"})

    assert "enableServiceLinks: false" in problem


def test_every_setting_is_a_field_of_what_it_sets(tmp_path: Path) -> None:
    settings = load_settings({"content": str(tmp_path)}, {})

    for setting in SETTINGS:
        owner = settings.site if setting.of_site else settings
        assert hasattr(owner, setting.field_name)


DEFAULTS_IN_WORDS = {
    "public_url": "from each request",
    "accent": "#8a2d16",
    "navigation": "the directories",
    "readers": "five readers on the web",
    "content": "content",
    "index": "a file in the user's cache folder",
}


def default_text(setting: Setting) -> str:
    if setting.name in DEFAULTS_IN_WORDS:
        return DEFAULTS_IN_WORDS[setting.name]
    fields = msgspec.structs.fields(Site if setting.of_site else Settings)
    value = next(field.default for field in fields if field.name == setting.field_name)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return "none" if value in (None, ()) else str(value).lower() if isinstance(value, bool) else str(value)


def takes_effect(setting: Setting) -> str:
    if not setting.of_site:
        return "at a restart"
    return "at once; reads every file again" if setting.field_name in ARTICLE_FACTS else "at once"


def test_the_documentation_says_each_default_and_when_a_change_takes_effect() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    documented = re.findall(r"^\| `(\w+)` \|.*\| ([^|]+) \| ([^|]+) \|$", page, re.MULTILINE)

    assert documented == [(row.name, takes_effect(row), default_text(row)) for row in SETTINGS]


def test_every_fact_that_articles_depend_on_is_a_setting() -> None:
    assert {setting.field_name for setting in SETTINGS} >= set(ARTICLE_FACTS)


@pytest.mark.parametrize("store", ["", "/store", "/a/b%20c", "/../CONTENT/store"])
def test_a_store_in_the_content_folder_is_refused(tmp_path: Path, store: str) -> None:
    content = tmp_path / "content"
    content.mkdir()
    address = f"file://{content}{store.replace('CONTENT', content.name)}"
    with pytest.raises(SettingsError, match="is in the content folder"):
        load_settings({"content": content, "publish": address})
    assert load_settings({"content": content, "publish": f"file://{content}-store"}).publish
