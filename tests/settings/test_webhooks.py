"""The setting `webhooks`: which tables are accepted, and the secrets that the environment holds."""

from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from service.errors import SettingsError
from service.query import Query, year_period
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
        ("tag = [2019, 2020]", Query(tags=("2019", "2020"))),
    ],
)
def test_filters_are_those_of_a_query(tmp_path: Path, line: str, query: Query) -> None:
    (webhook,) = load(tmp_path, NEEDED + line)

    assert webhook.query == query


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('url = "https://a.example"', "secret_env in every [[webhooks]] table"),
        ("", "url and secret_env in every [[webhooks]] table"),
        ('url = "ftp://a.example"\nsecret_env = "A"', "http:// or https://"),
        ('url = "https://me:x@a.example"\nsecret_env = "A"', "without user and fragment"),
        ('url = "https://a.example:99999"\nsecret_env = "A"', "a port up to 65535"),
        (f'url = "{URL}"\nsecret_env = "whsec_x y"', "the name of an environment variable"),
        (f'url = "{URL}"\nsecret_env = []', "the name of an environment variable"),
        (NEEDED + 'events = ["publish"]', "events to be a list of published, updated, withdrawn"),
        (NEEDED + "events = []", "events to be a list of published"),
        (NEEDED + 'q = "ab*"', "expected q: the prefix ab* is too short; give at least 3 letters"),
        (NEEDED + "since = 2020-01-01T09:00:00", "since: a date such as 2019-01-28 or an instant such as"),
        (NEEDED + 'category = "a"', "no key category in a [[webhooks]] table; did you mean tag?"),
        (NEEDED + 'lang = "en"', "did you mean language?"),
        (NEEDED + "limit = 5", "no key limit in a [[webhooks]] table; there are url, secret_env"),
        (NEEDED + 'tags = "a"', "no key tags in a [[webhooks]] table; did you mean tag?"),
        (NEEDED + "tag = 3.5", "tag to be a text, or a list of texts"),
        (NEEDED + "tag = []", "tag to be a text, or a list of texts"),
        (NEEDED + f"tag = {[*range(21)]}", "tag: repeated too often; give it 20 times at most"),
        (NEEDED + 'series = ["a", "b"]', "series to be a text"),
        (NEEDED + 'language = "?"', "expected language: a language tag such as en or pt-BR"),
        (NEEDED + 'language = "en, fr"', "such as en or pt-BR. For several write a list"),
        (NEEDED + 'has = "video"', "expected has: one of image"),
        (NEEDED + 'allow_private_addresses = "perhaps"', "true or false"),
    ],
)
def test_a_faulty_table_is_refused(tmp_path: Path, table: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, table)

    (problem,) = caught.value.problems
    assert f"{tmp_path / 'site.toml'}:1: webhooks: " in problem
    assert message in problem


def test_each_url_stands_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="each url once"):
        load(tmp_path, NEEDED, NEEDED + 'tag = "a"')


def test_webhooks_come_from_the_file_alone(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"\[\[webhooks\]\] tables with url and secret_env"):
        load_settings({"content": str(tmp_path)}, {"BROADSHEET_WEBHOOKS": URL})


def test_without_a_public_url_a_note_says_that_nothing_is_sent(tmp_path: Path) -> None:
    load(tmp_path, NEEDED)
    (note,) = load_settings({"content": str(tmp_path)}, {}).notes

    assert note.startswith("webhooks: nothing is sent")
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
