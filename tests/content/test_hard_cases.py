"""Hard cases of files as they are on disk: each a small file of our own, and what must be made of it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.content import load, read, scan
from service.content.dates.date_text import parse_date
from service.content.dates.path_dates import date_in_name
from service.content.records import LoadedFile
from service.model import Article, Site
from tests.support.index_folder import NOW, Folder


def loaded(text: str | bytes, path: str = "a.md", root: Path | None = None) -> LoadedFile:
    data = text.encode() if isinstance(text, str) else text
    return load(root or Path("/nowhere"), path, data, Site())


def article(text: str | bytes, path: str = "a.md") -> Article:
    file = loaded(text, path)
    assert len(file.articles) == 1, (file.faults, file.exclusions)
    return file.articles[0]


DATES = [
    ("2019-03-13 15:00:00 -0500", "2019-03-13T20:00:00"),
    ("2015-06-29 1:00:19 -0400", "2015-06-29T05:00:19"),
    ("2015-06-29 1:00:19 -4", "2015-06-29T05:00:19"),
    ("2015-02-24 14:00", "2015-02-24T14:00:00"),
    ("2017-05-15T10:11:12.123Z", "2017-05-15T10:11:12"),
    ("2017-05-15 10:11 PST", "2017-05-15T18:11:00"),
    ("2017-05-15 10:11:00 America/New_York", "2017-05-15T14:11:00"),
    ("2017-05-15 3:05 pm", "2017-05-15T15:05:00"),
    ("May 15, 2017", "2017-05-15T00:00:00"),
    ("15 May 2017 12:30 AM", "2017-05-15T00:30:00"),
    ("Mon May 15 2017 10:00:00 GMT+0200 (CEST)", "2017-05-15T08:00:00"),
    ("20170515", "2017-05-15T00:00:00"),
    ("2017/5/15", "2017-05-15T00:00:00"),
    ("2017-5-15 1:2:3", "2017-05-15T01:02:03"),
    ("2017-05-15 10:11:00 +0800 CST", "2017-05-15T02:11:00"),
    ("May 2017", "2017-05-01T00:00:00"),
]


@pytest.mark.parametrize(("written", "expected"), DATES)
def test_a_date_is_read_however_it_is_written(written: str, expected: str) -> None:
    assert parse_date(written, UTC).instant == datetime.fromisoformat(expected).replace(tzinfo=UTC)


PRINTED = [
    ("15.05.2017", "2017-05-15"),
    ("05/15/2017", "2017-05-15"),
    ("15 mai 2017", "2017-05-15"),
    ("2017年5月15日", "2017-05-15"),
    ("۲۰۱۷/۰۵/۱۵", "2017-05-15"),
    ("2017-05-15 at 10:11", "2017-05-15"),
    ("04/05/2017", None),
]


@pytest.mark.parametrize(("written", "day"), PRINTED)
def test_a_date_as_people_print_it_is_read_where_it_is_one_day(written: str, day: str | None) -> None:
    file = loaded(f"---\ntitle: T\ndate: {written}\n---\nText.")
    (one,) = file.articles
    assert (one.published and one.published.date().isoformat()) == day
    assert bool(file.faults) is (day is None)


PLACES = [
    ("2019-3-7-vote.md", "vote", "2019-03-07"),
    ("2019-03-07_vote.md", "vote", "2019-03-07"),
    ("posts/2019/03/07/vote.md", "vote", "2019-03-07"),
    ("posts/2019/03/07/vote/index.md", "vote", "2019-03-07"),
    ("posts/2019-03-07-vote/index.md", "vote", "2019-03-07"),
    ("posts/2019-03-07-vote/vote.md", "vote", "2019-03-07"),
    ("posts/2019-02-31-vote.md", "2019-02-31-vote", None),
    ("1.0-Timeline.md", "1.0-timeline", None),
    ("posts/2019/vote.md", "vote", None),
    ("a b #1 50% ü.md", "a-b-sharp-1-50-u", None),
]


@pytest.mark.parametrize(("path", "slug", "day"), PLACES)
def test_the_path_gives_slug_and_date(path: str, slug: str, day: str | None) -> None:
    post = article("---\ntitle: T\n---\nText.", path)
    assert post.slug == slug
    assert (post.published and post.published.date().isoformat()) == day


def test_a_version_is_no_date() -> None:
    assert date_in_name("2019-13-01-x", UTC) == (None, "2019-13-01-x")


TEXTS: list[tuple[str | bytes, dict[str, Any]]] = [
    ("---\ntitle: T\n---\nText.".encode("utf-16"), {"title": "T", "content_text": "Text."}),
    (b"\xef\xbb\xbf---\r\ntitle: T\r\n---\r\nText.", {"title": "T", "content_text": "Text."}),
    ("---\ntitle: Größe\n---\nText.".encode("latin-1"), {"title": "Größe"}),
    ("\n\n---\ntitle: T\n---  \nText.", {"title": "T", "content_text": "Text."}),
    ('---\ntitle: "a --- b"\nlocation: NO\n---\nText.', {"title": "a --- b", "extra": {"location": "NO"}}),
    ("---\ntitle: 3.10\nslug: 2019\n---\nText.", {"title": "3.10", "slug": "2019"}),
    ("---\nTITLE: T\nPublish-Date: 2019-01-02\n---\nText.", {"title": "T"}),
    ("---\ntitle: 'A <b>bold</b> & <T> &amp; é'\n---\nText.", {"title": "A bold & <T> & é"}),
    ("---\ntitle: T\nlang: zh_tw\n---\nText.", {"language": "zh-TW"}),
    ("---\ntitle: T\nlanguage: French\n---\nText.", {"language": "fr"}),
    ("---\ntitle: T\nlocale: pt_BR.UTF-8\n---\nText.", {"language": "pt-BR"}),
    ("---\ntitle: T\nlang: he\n---\nשלום.", {"language": "he", "content_text": "שלום."}),
    ("---\ntitle: T\n---\nA\x08\x0bB", {"content_text": "AB"}),
    ("---\ntitle: T\npermalink: /%2e%2e/%2e%2e/etc/passwd\n---\nText.", {"slug": "a", "addresses": ()}),
    ("---\ntitle: T\npermalink: /:year/:title/\n---\nText.", {"slug": "a", "addresses": ()}),
    ("---\ntitle: T\ntags: null\ncategories: 7\n---\nText.", {}),
    ("---\ntitle: T\nlast_update: {date: 2020-01-02, author: x}\n---\nText.", {}),
    ("---\ntitle: T\nimage: true\n---\nText.", {"image": None}),
    ("Author: I think\n\nis a text.", {"content_text": "Author: I think\n\nis a text."}),
    ("Title: one\n---\n\nText.", {"content_text": "Title: one\n\nText."}),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_front_matter_of_real_articles(text: str | bytes, expected: dict[str, Any]) -> None:
    post = article(text)
    assert {name: getattr(post, name) for name in expected} == expected


AUTHORS = [
    ("author: Josh Aas, ISRG Executive Director", ["Josh Aas, ISRG Executive Director"]),
    ("authors: [[Ann], [Bo, {name: Cy}]]", ["Ann", "Bo", "Cy"]),
    ("author: {name: Ann, email: a@x.example}", ["Ann"]),
    ("author: {first_name: Ann, last_name: Lee}", ["Ann Lee"]),
    ("authors: {ann: {name: Ann Lee}, bo: {name: Bo}}", ["Ann Lee", "Bo"]),
    ("author: Ann Lee <ann@x.example>", ["Ann Lee"]),
    ("author: '[Ann](https://ann.example)'", ["Ann"]),
    ("byline: By Ann Lee", ["Ann Lee"]),
    ("author: '<a href=\"https://ann.example/\">Ann Lee</a>'", ["Ann Lee"]),
    ("author: '[Ann](https://a.example) (The Sea)'", ["Ann"]),
    ("author: '[Ann](/ann) ([The Sea](/sea)), [Bo](/bo) (Land)'", ["Ann", "Bo"]),
    ("author: '[Ann](/ann), [Bo](/bo) & [Cy](/cy)'", ["Ann", "Bo", "Cy"]),
    ("author: <a href='https://a.example/Ann_(poet)'>Ann</a>", ["Ann"]),
    ("author: '[[Ann Lee]]'", ["Ann Lee"]),
    ("authors: [null, '', Ann]", ["Ann"]),
    ("author: false", []),
]


@pytest.mark.parametrize(("line", "names"), AUTHORS)
def test_authors_are_read_in_every_form(line: str, names: list[str]) -> None:
    post = article(f"---\ntitle: T\n{line}\n---\nText.")
    assert [author.name for author in post.authors] == names


NO_LANGUAGES = (
    "my-blog",
    "no-code",
    "it-news",
    "so-what",
    "is-this",
    "my_Code",
    "de-zz1",
    "to-do-list",
    "it-xyz",
    "no-999",
)
LANGUAGES = [
    (["en/a.md", "es/a.md"], "es/a.md", "es"),
    (["blog/a.md", "blog/fr/a.md"], "blog/fr/a.md", "fr"),
    (["i18n/ko/x/a.md"], "i18n/ko/x/a.md", "ko"),
    (["_i18n/ko/_posts/2020-01-02-a.md"], "_i18n/ko/_posts/2020-01-02-a.md", "ko"),
    (["content/zh_tw/a.md"], "content/zh_tw/a.md", "zh-TW"),
    (["content/english/a.md", "content/german/b.md"], "content/german/b.md", "de"),
    (["posts/it/router.md", "posts/web/html.md"], "posts/it/router.md", "en"),
    (["posts/ml/a.md", "posts/games/b.md"], "posts/ml/a.md", "en"),
    (["socket.io.md"], "socket.io.md", "en"),
    (["post.fr.md"], "post.fr.md", "fr"),
    (["content/posts/a.md", "content.fr/posts/a.md"], "content.fr/posts/a.md", "fr"),
    (["content-de/a.md", "content-fr/a.md"], "content-de/a.md", "de"),
    (["content/en/b.md", "content/de/a.md", "content/authors/x.md"], "content/de/a.md", "de"),
    (["posts/it/a.md", "posts/cs/b.md", "posts/web/c.md"], "posts/it/a.md", "en"),
    (["posts/us/a.md", "posts/de/b.md", "posts/fr/c.md"], "posts/de/b.md", "en"),
    *(([f"{name}/a.md"], f"{name}/a.md", "en") for name in NO_LANGUAGES),
    *(([f"i18n/{name}/a.md"], f"i18n/{name}/a.md", "en") for name in NO_LANGUAGES),
    *((["en/a.md", f"{name}/a.md"], f"{name}/a.md", "en") for name in NO_LANGUAGES),
    *(([f"a.{name}.md"], f"a.{name}.md", "en") for name in NO_LANGUAGES),
    (["i18n/sr-Latn/a.md"], "i18n/sr-Latn/a.md", "sr-Latn"),
    (["i18n/zh-Hant-TW/a.md"], "i18n/zh-Hant-TW/a.md", "zh-Hant-TW"),
    (["i18n/es-419/a.md"], "i18n/es-419/a.md", "es-419"),
    (["i18n/uz_Cyrl/a.md"], "i18n/uz_Cyrl/a.md", "uz-Cyrl"),
    (["a.pt-BR.md"], "a.pt-BR.md", "pt-BR"),
    (["en/a.md", "jp/a.md"], "jp/a.md", "ja"),
    (["a.md", "中文/a.md"], "中文/a.md", "zh"),
    (["en-us/a.md", "es-419/a.md"], "es-419/a.md", "es-419"),
]


@pytest.mark.parametrize(("paths", "path", "language"), LANGUAGES)
def test_a_folder_is_a_language_where_its_neighbours_say_so(
    tmp_path: Path, paths: list[str], path: str, language: str
) -> None:
    for item in paths:
        (tmp_path / item).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / item).write_text("---\ntitle: T\n---\nText.")
    scanned = scan(tmp_path)
    (one_article,) = load(tmp_path, path, read(tmp_path, path), Site(), scanned.context).articles
    assert one_article.language == language


KINDRED = [
    ("content/posts/a.md", "content.fr/posts/a.md"),
    ("docs/a.md", "i18n/fr/docusaurus-plugin-content-docs/current/a.md"),
    ("versioned_docs/version-1/a.md", "i18n/fr/docusaurus-plugin-content-docs/version-1/a.md"),
    ("source/_posts/a.md", "source/_posts/fr/a.md"),
    ("content/blog/a/index.md", "content/blog/a/index.fr.md"),
]


@pytest.mark.parametrize(("path", "french"), KINDRED)
def test_translations_are_linked_by_their_paths(tmp_path: Path, path: str, french: str) -> None:
    folder = Folder(tmp_path)
    for item in (path, french):
        (folder.root / item).parent.mkdir(parents=True, exist_ok=True)
        (folder.root / item).write_text("---\ntitle: T\n---\nText.")
    folder.refresh(NOW)
    languages_by_path = {
        item.path: [other.language for other in item.translations] for item in folder.everything()
    }
    assert languages_by_path == {path: ["fr"], french: ["en"]}


def test_a_translation_shares_the_slug_of_a_text_that_names_no_language(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for name, lang in (("a", ""), ("a-fr", "Lang: fr\n")):
        (folder.root / f"{name}.md").write_text(f"Title: T\nDate: 2020-01-02\nSlug: a\n{lang}\nText.")
    assert folder.refresh(NOW).faults == ()
    assert {item.slug: [other.slug for other in item.translations] for item in folder.everything()} == {
        "a": ["a-fr"],
        "a-fr": ["a"],
    }


def test_a_large_post_is_read_whole() -> None:
    text = "A line of {{ words }} and `code`, {% tag %} too.\n\n" * 17_000
    assert article(f"---\ntitle: T\n---\n{text}").content_text.count("A line") == 17_000


def test_an_alias_bomb_is_a_fault() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    file = loaded("---\n" + "\n".join(lines) + "\n---\nText.")
    assert [fault.message[:35] for fault in file.faults] == ["front matter holds more than 50000 "]


def test_a_zero_byte_file_is_reported() -> None:
    assert [fault.message for fault in loaded(b"").faults] == [
        "there is no article here: neither title nor text"
    ]


def test_links_out_of_the_folder_and_in_circles_are_reported(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.md").write_text("Text.")
    (tmp_path / "in" / "circle").symlink_to(tmp_path / "in", target_is_directory=True)
    (tmp_path / "in" / "out").symlink_to("/etc", target_is_directory=True)
    scanned = scan(tmp_path / "in")
    assert [file.path for file in scanned.files] == ["a.md"]
    assert [fault.path for fault in scanned.faults] == ["out"]


def test_85_articles_of_one_instant_each_have_their_own_id(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for year in range(2000, 2085):
        file = folder.root / f"{year}" / "review.md"
        file.parent.mkdir()
        file.write_text("---\ntitle: Review\ndate: 2019-01-28\n---\nText.")
    folder.refresh(NOW)
    articles = folder.everything()
    assert len({item.id for item in articles}) == len({item.slug for item in articles}) == 85


def test_one_language_lost_leaves_the_others_translations(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for language in ("en", "de", "fr"):
        file = folder.root / language / "vote.md"
        file.parent.mkdir()
        file.write_text(f"---\ntitle: {language}\n---\nText.")
    folder.refresh(NOW)
    languages = {
        item.language: {other.language for other in item.translations} for item in folder.everything()
    }
    assert languages == {"en": {"de", "fr"}, "de": {"en", "fr"}, "fr": {"de", "en"}}
    (folder.root / "fr" / "vote.md").unlink()
    report = folder.refresh(NOW)
    languages = {
        item.language: {other.language for other in item.translations} for item in folder.everything()
    }
    assert languages == {"en": {"de"}, "de": {"en"}}
    assert report.faults == ()


def test_a_translation_key_links_translations(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("one", language="en", translationKey="vote")
    folder.write("two", language="fr", translation_key="vote")
    folder.write("three", language="fr")
    folder.refresh(NOW)
    slugs_by_slug = {item.slug: [other.slug for other in item.translations] for item in folder.everything()}
    assert slugs_by_slug == {"one": ["two"], "two": ["one"], "three": []}


def test_a_change_in_the_list_of_authors_reaches_every_article(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    (folder.root / "a.md").write_text("---\ntitle: T\nauthor: jo\n---\nText.")
    for name in ("Jo March", "Josephine March"):
        (folder.root / "authors.json").write_text(json.dumps({"jo": {"name": name}}))
        folder.refresh(NOW)
        assert [author.name for item in folder.everything() for author in item.authors] == [name]
