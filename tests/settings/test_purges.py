"""The setting `purge`: which tables are accepted, and the tokens that the environment holds."""

from pathlib import Path

import pytest

from service.errors import SettingsError
from service.purging.requests import MAKERS
from service.settings import Settings
from service.settings.purges import PURGE_KINDS, Purge, PurgeKindName, read_tokens
from tests.support.load_settings import load_settings
from tests.support.server import ROOT

HEADERS = 'surrogate_key_headers = ["Surrogate-Key", "Cache-Tag", "xkey"]\n'
LINES = {
    "service_id": 'service_id = "SU1Z0isxPaozGVKXdv0eY"',
    "zone_id": 'zone_id = "023e105f4ecef8ad9ca31a8372d0c353"',
    "token_env": 'token_env = "PURGE_TOKEN"',
    "url": 'url = "https://cache.example.org/purge/{key}"',
    "soft": "soft = true",
    "method": 'method = "BAN"',
    "allow_private_addresses": "allow_private_addresses = true",
}
VARNISH = 'kind = "varnish"\nurl = "https://cache.example.org/"\n'


def load(folder: Path, *tables: str, before: str = HEADERS) -> Settings:
    text = before + "".join(f"[[purge]]\n{table}\n" for table in tables)
    (folder / "site.toml").write_text(text, "utf-8")
    return load_settings({"content": str(folder)}, {})


@pytest.mark.parametrize("kind", PURGE_KINDS)
def test_a_table_of_each_kind(tmp_path: Path, kind: PurgeKindName) -> None:
    row = PURGE_KINDS[kind]
    required = "\n".join(LINES[name] for name in row.required)
    (least,) = load(tmp_path, f'kind = "{kind}"\n{required}').purges
    assert least.kind == kind
    assert least.url == (row.url or "https://cache.example.org/purge/{key}")
    everything = "\n".join(LINES[name] for name in (*row.required, *row.optional))
    (most,) = load(tmp_path, f'kind = "{kind}"\n{everything}').purges
    assert {name for name in LINES if getattr(most, name) != getattr(Purge(kind=kind, url=""), name)} == {
        *row.required,
        *row.optional,
        "url",
    }
    for name in row.required:
        with pytest.raises(SettingsError, match=rf"{name} in a \[\[purge\]\] table of the kind {kind}"):
            load(tmp_path, f'kind = "{kind}"\n' + required.replace(LINES[name], ""))


def test_each_kind_has_its_requests_and_a_row_in_the_documentation() -> None:
    assert MAKERS.keys() == PURGE_KINDS.keys()
    page = (ROOT / "docs" / "caches.md").read_text("utf-8")
    rows = {line.split("|")[1].strip(): line for line in page.splitlines() if line.startswith("| `")}
    for kind, row in PURGE_KINDS.items():
        documented = rows[f"`{kind}`"]
        for name in (*row.required, *row.optional):
            assert name == "allow_private_addresses" or f"`{name}`" in documented
        assert f"`{row.header}`" in documented or row.header is None
        assert str(row.most_keys) in documented


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("", "kind to be one of fastly, cloudflare, varnish, url"),
        ('kind = "akamai"', "kind to be one of fastly, cloudflare, varnish, url"),
        ("kind = 5", "kind to be one of"),
        (VARNISH + 'tokenenv = "A"', "no key tokenenv in a [[purge]] varnish table; there are kind, url"),
        (VARNISH + "allow_private = true", "did you mean allow_private_addresses?"),
        (VARNISH + 'allow_private_addresses = "maybe"', "true or false"),
        ('kind = "varnish"\nurl = "cache.example.org"', "http:// or https://"),
        ('kind = "varnish"\nurl = "https://me@cache.example.org"', "without user and fragment"),
        ('kind = "fastly"\nservice_id = "a/b"\ntoken_env = "A"', "letters and digits"),
        ('kind = "fastly"\nservice_id = "a"\ntoken_env = "A B"', "the name of an environment variable"),
        ('kind = "url"\nurl = "https://a.example/"', "url with {key}"),
        ('kind = "url"\nurl = "https://a.example/{key}/{keys}"', "url with {key}"),
        ('kind = "url"\nurl = "https://a.example/{key}"\nmethod = "HEAD"', "method to be one of POST"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, table: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, table)
    assert f"{tmp_path / 'site.toml'}:2: purge: invalid value" in str(caught.value)
    assert message in str(caught.value)


@pytest.mark.parametrize("value", ["purge = 5", "purge = []", 'purge = ["varnish"]', "[purge]"])
def test_another_type_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsError, match=r"\[\[purge\]\] tables with kind"):
        load(tmp_path, before=HEADERS + value)


def test_a_cache_stands_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="each cache once"):
        load(tmp_path, VARNISH, VARNISH)
    with pytest.raises(SettingsError, match=r"at most 16 \[\[purge\]\] tables"):
        load(tmp_path, *[VARNISH] * 17)


@pytest.mark.parametrize(
    ("before", "message"),
    [
        ("", r"surrogate_key_headers: varnish in \[\[purge\]\] takes keys from xkey; add it"),
        ('surrogate_key_headers = ["Cache-Tag"]\n', r"takes keys from xkey; add it"),
    ],
)
def test_responses_must_name_their_keys(tmp_path: Path, before: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        load(tmp_path, VARNISH, before=before)
    with pytest.raises(SettingsError, match="needs responses that name their keys; set it"):
        load(tmp_path, 'kind = "url"\nurl = "https://a.example/{key}"', before="")


def test_tokens_are_read_from_the_environment() -> None:
    fastly = Purge(kind="fastly", url="https://a.example", token_env="FASTLY")  # noqa: S106
    varnish = Purge(kind="varnish", url="https://a.example")
    assert read_tokens((fastly, varnish), {"FASTLY": "secret"}) == {fastly.id: "secret"}
    unset, invalid = "is not set; set it to the token", "is not a token of fastly: it contains a blank"
    for value, fault in (
        ({}, unset),
        ({"FASTLY": ""}, unset),
        ({"FASTLY": "two words"}, invalid),
        ({"FASTLY": "line\n"}, invalid),
    ):
        with pytest.raises(SettingsError, match="the variable FASTLY, named by token_env, ") as caught:
            read_tokens((fastly, varnish), value)
        assert fault in str(caught.value)
        assert "two" not in str(caught.value)
