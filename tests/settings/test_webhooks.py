"""The setting `webhooks`: which tables are accepted, and the secrets that the environment holds."""

from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from service.errors import SettingsError
from service.query import FILTERS, Query, year_period
from service.settings.webhooks import EVENT_NAMES, Webhook, parse_secret, read_secrets
from tests.support.load_settings import load_settings

URL = "https://hooks.example.org/events"
NEEDED = f'url = "{URL}"\nsecret_env = "HOOK_SECRET"\n'


def load(folder: Path, *tables: str) -> tuple[Webhook, ...]:
    text = "".join(f"[[webhooks]]\n{table}\n" for table in tables)
    (folder / "site.toml").write_text(text, "utf-8")
    return load_settings({"content": str(folder)}, {}).webhooks


def test_only_url_and_secret_are_needed(tmp_path: Path) -> None:
    assert load(tmp_path, NEEDED) == (Webhook(url=URL, secret_env=("HOOK_SECRET",), events=EVENT_NAMES),)


@pytest.mark.parametrize(
    ("line", "query"),
    [
        ('tag = "Islamic State"', Query(tags=("islamic-state",))),
        ('tag = ["b", "a", "b"]', Query(tags=("a", "b"))),
        ('exclude_tag = "a"', Query(exclude_tags=("a",))),
        ('any_tag = ["a", "b"]', Query(any_tags=("a", "b"))),
        ('author = "Ada Osei"', Query(authors=("ada-osei",))),
        ('language = "pt_br"', Query(languages=("pt-BR",))),
        ('series = "Harbours"', Query(series="harbours")),
        ("featured = true", Query(featured="true")),
        ('featured = "false"', Query(featured="false")),
        ('has = ["image", "audio"]', Query(media=("audio", "image"))),
        ('id = "urn:x:1"', Query(ids=("urn:x:1",))),
        ('slug = "a-b"', Query(slugs=("a-b",))),
        ('q = "coup -sport"', Query(q="coup -sport")),
        ("since = 2019-01-28", Query(since=datetime(2019, 1, 28, tzinfo=UTC))),
        ("since = 2019-01-28T01:00:00+01:00", Query(since=datetime(2019, 1, 28, tzinfo=UTC))),
        ("year = 2019", Query(year=year_period(2019, ZoneInfo("UTC")))),
        ('year = "2019"', Query(year=year_period(2019, ZoneInfo("UTC")))),
        ('tag = ["2019", "2020"]', Query(tags=("2019", "2020"))),
        (
            'tag = "a"\nexclude_tag = "b"\nany_tag = ["b", "c"]',
            Query(tags=("a",), exclude_tags=("b",), any_tags=("b", "c")),
        ),
    ],
)
def test_filters_are_those_of_a_query(tmp_path: Path, line: str, query: Query) -> None:
    (webhook,) = load(tmp_path, NEEDED + line)

    assert webhook.query == query


ADDRESS = "a URL that begins with http:// or https:// and a valid host, such as https://example.org/"
VARIABLES = "the name of an environment variable, such as HOOK_SECRET, or a list of up to 4"
EVENTS = "one or more of published, updated, withdrawn, expired, deleted, revision"
DATES = "a date such as 2019-01-28 or an instant such as 2019-01-28T09:00:00Z"
WRONG_TYPES = ["5", "1.5", "true", "{}", "2019-01-28", '""', '" "', "nan"]
WRONG_LISTS = ["[]", "[5]", '["a", ""]', '[["a"]]', "[{}]"]

VALUES: list[tuple[str, list[str], str]] = [
    # key, values in TOML, what is expected
    ("url", ['"a.example"', '"ftp://a.example"', '"http://"', '"http://[::1"', '"https://a b/"',
             '"https://a.example:99999"', '"https://a.example:0"'], ADDRESS),
    ("url", ["5", "true", "[]", '""', '" "'], "a non-empty text"),
    ("url", ['"https://me:x@a.example"', '"https://a.example/#x"'], "a URL without user and fragment"),
    ("secret_env", [*WRONG_TYPES, *WRONG_LISTS, '"whsec_x y"', '["A", "A B"]', '["A", "B", "C", "D", "E"]'],
     VARIABLES),
    ("events", [*WRONG_TYPES, *WRONG_LISTS, '"publish"', '["published", "all"]'], EVENTS),
    ("allow_private_addresses", ['"perhaps"', '""', "5", "1.0", "[]", "{}"], "true or false"),
    *((name, [*WRONG_TYPES, *WRONG_LISTS], "a non-empty text, or a list")
      for name in ("tag", "exclude_tag", "any_tag", "author", "source", "id", "slug")),
    *((name, [*WRONG_TYPES, *WRONG_LISTS, '["a", "b"]'], "a non-empty text")
      for name in ("q", "title", "series", "related")),
    ("tag", [r'"\u0001"', r'["a", "\u0001"]'], "a text with letters or digits"),
    ("tag", [f"{[str(number) for number in range(21)]}"], "repeated too often; give it 20 times at most"),
    ("tag", [f'"{"x" * 201}"'], "a name or its slug, of at most 200 characters"),
    ("q", ['"ab*"'],
     "the prefix ab* is too short; give at least 3 letters before *, or the whole word without it"),
    ("language", [*WRONG_TYPES, *WRONG_LISTS], "a language tag such as en or pt-BR, or a list"),
    ("language", ['"?"'], "a language tag such as en or pt-BR"),
    ("language", ['"en, fr"'], "a language tag such as en or pt-BR. For several write a list"),
    ("has", [*WRONG_TYPES, *WRONG_LISTS], "one of image, audio, attachment, or a list"),
    ("has", ['"video"'], "one of image, audio, attachment"),
    ("featured", ["5", '""', "[true]", "{}"], "true or false"),
    ("featured", ['"yes"'], "true or false"),
    ("year", ["true", "20.19", "[2019]", '""'], "a year such as 2019"),
    ("year", ["0", "-1", "19", "20190", '"MMXIX"', f"0x{'f' * 5000}"], "a year such as 2019"),
    ("month", ["2019", "2019-01-28", "[]", '""'], 'a month such as "2019-01"'),
    ("month", ['"2019-13"'], "a month such as 2019-01"),
    *((name, ["2019", "true", "[]", '""', "09:00:00"], DATES)
      for name in ("since", "until", "updated_since")),
    *((name, ['"2019"', '"tomorrow"', "2020-01-01T09:00:00"], f"{DATES} (RFC 3339)")
      for name in ("since", "until", "updated_since")),
]  # fmt: skip


@pytest.mark.parametrize(("key", "values", "expected"), VALUES)
def test_each_invalid_value_is_named_with_its_line(
    tmp_path: Path, key: str, values: list[str], expected: str
) -> None:
    rest = [line for line in NEEDED.splitlines() if not line.startswith(key)]
    tables = [
        "\n".join([*rest, f"{key} = {value}"]).replace(URL, f"{URL}?{number}")
        for number, value in enumerate(values)
    ]
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, f'url = "{URL}?other"\nsecret_env = "A"', *tables)

    problems = caught.value.problems
    assert len(problems) == len(values)
    for number, problem in enumerate(problems):
        place = f"{tmp_path / 'site.toml'}:{5 + len(rest) + (len(rest) + 2) * number}: webhooks: {key}: "
        assert problem.startswith(f"{place}invalid value")
        assert problem.endswith(f": expected {expected}")
        assert len(problem) < len(place) + 250


def test_every_key_has_invalid_values_here() -> None:
    own = {"url", "secret_env", "events", "allow_private_addresses"}
    assert {key for key, _, _ in VALUES} == own | {row.name for row in FILTERS}


@pytest.mark.parametrize(
    ("table", "messages"),
    [
        ("", [":1: webhooks: url is missing; add it", ":1: webhooks: secret_env is missing; add it"]),
        (NEEDED + 'category = "a"', [":4: webhooks: no such key category; did you mean tag?"]),
        (NEEDED + 'lang = "en"', [":4: webhooks: no such key lang; did you mean language?"]),
        (NEEDED + 'tags = "a"', [":4: webhooks: no such key tags; did you mean tag?"]),
        (
            NEEDED + "[webhooks.tag]",
            [":1: webhooks: tag: invalid value {}: expected a non-empty text, or a list"],
        ),
        (
            'tag = 5\nevent = "published"\nurl = "x"',
            [
                ":1: webhooks: secret_env is missing; add it",
                ":2: webhooks: tag: invalid value 5: expected a non-empty text, or a list",
                ":3: webhooks: no such key event; did you mean events?",
                f":4: webhooks: url: invalid value 'x': expected {ADDRESS}",
            ],
        ),
        (
            NEEDED + 'tag = ["a", "b"]\nexclude_tag = "b"',
            [":5: webhooks: exclude_tag: no article can match: it excludes what is required: b"],
        ),
        (
            NEEDED + 'any_tag = ["a", "b"]\nexclude_tag = ["c", "b", "a"]',
            [":5: webhooks: exclude_tag: no article can match: it excludes what is required: a, b"],
        ),
        (
            NEEDED + "since = 2019-01-28\nuntil = 2019-01-28",
            [":5: webhooks: until: no article can match: it ends before since begins"],
        ),
        (
            NEEDED + 'year = 2019\nmonth = "2018-12"',
            [":5: webhooks: month: no article can match: it ends before year begins"],
        ),
        (
            NEEDED + "year = 2019\nsince = 2020-01-01",
            [":4: webhooks: year: no article can match: it ends before since begins"],
        ),
        (
            NEEDED + 'exclude_tag = ["a", "b", "c"]\ntag = "a"\nany_tag = ["b", "c"]\n'
            'year = 2019\nmonth = "2020-01"\nsince = 2022-01-01\nuntil = 2021-01-01',
            [
                ":4: webhooks: exclude_tag: no article can match: it excludes what is required: a",
                ":4: webhooks: exclude_tag: no article can match: it excludes what is required: b, c",
                ":7: webhooks: year: no article can match: it ends before since begins",
                ":8: webhooks: month: no article can match: it ends before since begins",
                ":10: webhooks: until: no article can match: it ends before since begins",
            ],
        ),
    ],
)
def test_every_fault_of_a_table_is_named_with_its_line(
    tmp_path: Path, table: str, messages: list[str]
) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, table)

    assert caught.value.problems == tuple(f"{tmp_path / 'site.toml'}{message}" for message in messages)


def test_a_key_that_no_filter_resembles_is_answered_with_all_keys(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such key limit; there are url, secret_env, events, "):
        load(tmp_path, NEEDED + "limit = 5")


def test_each_url_stands_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, NEEDED, NEEDED + 'tag = "a"')

    assert str(caught.value) == (
        f"{tmp_path / 'site.toml'}:6: webhooks: url: that of table 1;"
        " let the query strings of two webhooks of one receiver differ"
    )


def test_each_url_stands_once_however_it_is_spelled_and_whatever_else_is_wrong(tmp_path: Path) -> None:
    shouted = NEEDED.replace("https://hooks.example.org", "HTTPS://Hooks.EXAMPLE.org")
    assert shouted != NEEDED
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, NEEDED + "events = 5", shouted + "tag = 5", NEEDED.replace("/", "/X"))

    assert [problem.partition("webhooks: ")[2].partition(":")[0] for problem in caught.value.problems] == [
        "events",
        "tag",
        "url",
        "url",
    ]
    assert "that of table 1" in caught.value.problems[2]
    assert "invalid value" in caught.value.problems[3]


def test_a_contradiction_depends_on_the_time_zone_of_the_site(tmp_path: Path) -> None:
    filters = "since = 2019-01-28\nuntil = 2019-01-27T20:00:00Z"
    with pytest.raises(SettingsError, match="until: no article can match"):
        load(tmp_path, NEEDED + filters)
    text = f'time_zone = "Asia/Tokyo"\n[[webhooks]]\n{NEEDED}{filters}\n'
    (tmp_path / "site.toml").write_text(text, "utf-8")
    assert load_settings({"content": str(tmp_path)}, {}).webhooks


def test_tables_in_one_line_are_named_by_their_number(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(f'\nwebhooks = [{{url = "{URL}", secret_env = 5}}]', "utf-8")
    with pytest.raises(SettingsError, match=r"site\.toml:2: webhooks, table 1: secret_env: invalid value 5"):
        load_settings({"content": str(tmp_path)}, {})


def test_webhooks_come_from_the_file_alone(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"\[\[webhooks\]\] tables with url and secret_env"):
        load_settings({"content": str(tmp_path)}, {"BROADSHEET_WEBHOOKS": URL})


def test_without_a_public_url_a_note_says_that_nothing_is_sent(tmp_path: Path) -> None:
    load(tmp_path, NEEDED)
    (note,) = load_settings({"content": str(tmp_path)}, {}).notes

    assert note.startswith(f"{tmp_path / 'site.toml'}:1: webhooks: nothing is sent")
    assert (
        load_settings({"content": str(tmp_path)}, {"BROADSHEET_PUBLIC_URL": "https://a.example"}).notes == ()
    )


def secret(length: int) -> str:
    return f"whsec_{b64encode(bytes(range(length))).decode()}"


@pytest.mark.parametrize("length", [24, 32, 64])
def test_a_secret_is_parsed(length: int) -> None:
    assert parse_secret(secret(length)) == bytes(range(length))
    assert parse_secret(secret(length).rstrip("=")) == bytes(range(length))


@pytest.mark.parametrize(
    "text", ["", "whsec_", secret(23), secret(65), secret(32)[6:], f"{secret(32)}!", "whsec_é", "whsk_AAAA"]
)
def test_an_unsafe_secret_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="base64 of 24 to 64 random bytes; make one with"):
        parse_secret(text)


def test_a_variable_that_several_webhooks_name_is_reported_once() -> None:
    webhooks = [Webhook(url=f"{URL}?{number}", secret_env=("SHARED",)) for number in range(3)]
    with pytest.raises(SettingsError) as caught:
        read_secrets(webhooks, {})
    assert len(caught.value.problems) == 1


def test_secrets_are_read_from_the_environment_and_every_missing_one_is_named() -> None:
    webhooks = (
        Webhook(url=URL, secret_env=("NEW", "OLD")),
        Webhook(url=f"{URL}?other", secret_env=("ABSENT",)),
    )
    environ = {"NEW": secret(24), "OLD": secret(32)}

    assert read_secrets(webhooks[:1], environ) == {URL: (bytes(range(24)), bytes(range(32)))}
    with pytest.raises(SettingsError) as caught:
        read_secrets(webhooks, environ | {"OLD": "guess me"})
    assert [problem.split(",")[0] for problem in caught.value.problems] == [
        "webhooks: the variable OLD",
        "webhooks: the variable ABSENT",
    ]
    assert "guess me" not in str(caught.value)
    assert ["is not set" in problem for problem in caught.value.problems] == [False, True]


def test_dates_are_of_the_time_zone_of_the_site(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(
        f'time_zone = "Asia/Tokyo"\n[[webhooks]]\n{NEEDED}since = 2019-01-28\n', "utf-8"
    )
    (webhook,) = load_settings({"content": str(tmp_path)}, {}).webhooks

    assert webhook.query == Query(since=datetime(2019, 1, 27, 15, tzinfo=UTC))
