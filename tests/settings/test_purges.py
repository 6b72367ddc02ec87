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
    "url": 'url = "https://cache.example.org/purge/"',
    "soft": "soft = true",
    "method": 'method = "BAN"',
    "allow_private_addresses": "allow_private_addresses = true",
}
TEMPLATE = 'url = "https://cache.example.org/purge/{key}"'
VARNISH = 'kind = "varnish"\nurl = "https://cache.example.org/"\n'


def load(folder: Path, *tables: str, before: str = HEADERS) -> Settings:
    text = before + "".join(f"[[purge]]\n{table}\n" for table in tables)
    (folder / "site.toml").write_text(text, "utf-8")
    return load_settings({"content": str(folder)}, {})


@pytest.mark.parametrize("kind", PURGE_KINDS)
def test_a_table_of_each_kind(tmp_path: Path, kind: PurgeKindName) -> None:
    row = PURGE_KINDS[kind]
    lines = LINES | ({"url": TEMPLATE} if kind == "url" else {})
    required = "\n".join(lines[name] for name in row.required)
    (least,) = load(tmp_path, f'kind = "{kind}"\n{required}').purges
    assert least.kind == kind
    assert least.url == (row.url or lines["url"].split('"')[1])
    everything = "\n".join(lines[name] for name in (*row.required, *row.optional))
    (most,) = load(tmp_path, f'kind = "{kind}"\n{everything}').purges
    assert {name for name in LINES if getattr(most, name) != getattr(Purge(kind=kind, url=""), name)} == {
        *row.required,
        *row.optional,
        "url",
    }
    for name in row.required:
        with pytest.raises(SettingsError, match=f"site.toml:2: purge: {name} is missing; add it"):
            load(tmp_path, f'kind = "{kind}"\n' + required.replace(lines[name], ""))


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


FASTLY = 'kind = "fastly"\nservice_id = "a"\ntoken_env = "A"\n'
URL = 'kind = "url"\nurl = "https://a.example/{key}"\n'
KINDS = "one of fastly, cloudflare, varnish, url"
ADDRESS = "a URL that begins with http:// or https:// and a valid host, such as https://example.org/"
PLACE = "a URL with {key} behind the host, for a request for each key, or with {keys}"
FLAG = "true or false"
VARIABLE = "the name of an environment variable, such as HOOK_SECRET"
IDENTIFIER = "letters and digits, as the product shows them"
METHODS = "one of POST, PUT, DELETE, GET, PURGE, BAN"

VALUES: list[tuple[str, str, list[str], str]] = [
    # the rest of the table, key, values in TOML, what is expected
    ("", "kind", ['"akamai"', "5", "true", '""', "[]", '["varnish"]', "{}", "2019-01-28", "nan"], KINDS),
    (
        'kind = "varnish"\n',
        "url",
        ['"cache.example.org"', '"http://"', '"http://[::1"', '"http://a b/"', '"http://a..b/"',
         '"http://a:0/"', '"http://a:65536/"', '"http://a:b/"', '"ftp://a/"'],
        ADDRESS,
    ),
    ('kind = "varnish"\n', "url", ["5", "true", '""', '" "', "[]", "{}"], "a non-empty text"),
    ('kind = "varnish"\n', "url", ['"https://me@a.example"', '"https://a.example/#x"'],
     "a URL without user and fragment"),
    ('kind = "varnish"\n', "url", ['"https://a.example/{key}"', '"https://a.example/}"'],
     'a URL without { and }, which only the kind "url" replaces'),
    (
        'kind = "url"\n',
        "url",
        ['"https://a.example/"', '"https://a.example/{key}/{keys}"', '"https://a.example/{key}/{key}"',
         '"http://{key}/"', '"http://{key}.example/"', '"http://a.example:80/{id}"', '"https://a.example/{key"',
         '"https://a.example/{}"', '"https://a.example/{{key}}"'],
        PLACE,
    ),
    (FASTLY.replace('service_id = "a"\n', ""), "service_id", ['"a/b"', '""', "5", "[]", f'"{"a" * 65}"'],
     IDENTIFIER),
    ('kind = "cloudflare"\ntoken_env = "A"\n', "zone_id", ['"a b"', '""', "5", "true"], IDENTIFIER),
    (URL, "token_env", ['"A B"', '""', "5", "true", '["A"]', '"Ä"', '"1A"'], VARIABLE),
    (URL, "method", ['"HEAD"', '"post"', '""', "5", "[]"], METHODS),
    (FASTLY, "soft", ['"maybe"', '""', "5", "[]", "{}"], FLAG),
    (VARNISH, "allow_private_addresses", ['"maybe"', '""', "2", "[]", "1.0"], FLAG),
]  # fmt: skip


@pytest.mark.parametrize(("rest", "key", "values", "expected"), VALUES)
def test_each_invalid_value_is_named_with_its_line(
    tmp_path: Path, rest: str, key: str, values: list[str], expected: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, URL, *[f"{rest}{key} = {value}" for value in values])
    size, first = 2 + rest.count("\n"), 7 + rest.count("\n")
    problems = caught.value.problems
    assert len(problems) == len(values)
    for number, problem in enumerate(problems):
        assert problem.startswith(f"{tmp_path / 'site.toml'}:{first + size * number}: purge: {key}: invalid ")
        assert problem.endswith(f": expected {expected}")
        assert len(problem) < len(str(tmp_path)) + 350


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("", ":2: purge: kind is missing; add one of fastly"),
        (VARNISH + 'tokenenv = "A"', ":5: purge: no such key tokenenv; there are kind, url, allow"),
        (
            VARNISH + "allow_private = true",
            ":5: purge: no such key allow_private; did you mean allow_private_",
        ),
        (FASTLY + 'method = "PUT"', ":6: purge: no such key method; there are kind, service_id"),
        ('kind = "fastly"\nSoft = true', ":2: purge: service_id is missing; add it"),
        ('kind = "fastly"\nSoft = true', ":2: purge: token_env is missing; add it"),
        ('kind = "fastly"\nSoft = true', ":4: purge: no such key Soft; did you mean soft?"),
    ],
)
def test_every_fault_of_a_table_is_named_with_its_line(tmp_path: Path, table: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, table)
    assert f"{tmp_path / 'site.toml'}{message}" in str(caught.value)


def test_faults_in_several_tables_are_named_together(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, "kind = 5", VARNISH, VARNISH, 'kind = "url"')
    assert [problem.partition("site.toml")[2] for problem in caught.value.problems] == [
        f":3: purge: kind: invalid value 5: expected {KINDS}",
        ":8: purge: the same cache as in table 2; remove one of them",
        ":12: purge: url is missing; add it",
    ]


@pytest.mark.parametrize("value", ["purge = 5", "purge = []", 'purge = ["varnish"]', "[purge]"])
def test_another_type_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsError, match=r"\[\[purge\]\] tables with kind"):
        load(tmp_path, before=HEADERS + value)


def test_there_are_at_most_so_many_caches(tmp_path: Path) -> None:
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
