"""A value that cannot be used costs the article only where it decides who may see it, or when."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.content import load
from service.content.discovery.publication_status import UNSET_IN_DRAFTS
from service.content.front_matter.known_keys import DECIDING, KNOWN, NEVER_EMPTY
from service.content.records import LoadedFile
from service.model import Site


def load_record(**values: Any) -> LoadedFile:
    record = json.dumps({"title": "A vote", "text": "The text.", **values})
    return load(Path("/nowhere"), "a.json", record.encode(), Site())


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(
        ["", " ", "2024", "2024-13-45", "en", "http://[::1", "javascript:x", "a/b", "{{ x }}", "[["]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "url", "date", "title", "length", "x", ""]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@given(st.sampled_from(sorted(KNOWN)), JSON)
def test_any_value_of_any_known_key_leaves_the_article_served(key: str, value: object) -> None:
    loaded = load_record(**{key: value})
    assert loaded.articles or loaded.pages or loaded.exclusions or key in DECIDING
    assert all("failed to read" not in fault.message for fault in loaded.faults)


@pytest.mark.parametrize("value", ["x" * 3000, ["y" * 3000], {"z" * 3000: 1}, "it's " * 600, 10**4000])
def test_a_long_value_is_cut_in_every_message(value: object) -> None:
    for key in KNOWN:
        for fault in load_record(**{key: value}).faults:
            assert len(fault.message) < 400, fault


@pytest.mark.parametrize("key", ["expires", "expiryDate", "unpublish_date"])
@pytest.mark.parametrize(
    "value", ["never", "Never ", "false", False, None, "null", "none", "no", "n/a", "forever", ""]
)
def test_a_word_for_no_expiry_is_no_fault(key: str, value: object) -> None:
    (article,) = (loaded := load_record(**{key: value})).articles
    assert (article.expires, article.extra, loaded.faults) == (None, {}, ())


@pytest.mark.parametrize("value", ["soon", "03/04/2030", True, ["never"], 0, "nevermore"])
def test_another_word_than_a_date_of_expiry_excludes_the_article(value: object) -> None:
    loaded = load_record(expires=value)
    assert not loaded.articles
    assert loaded.faults


UNUSABLE: list[tuple[str, object]] = [
    ("title", ["a", "b"]),
    ("title", {"en": "A vote"}),
    ("subtitle", ["a"]),
    ("summary", {"a": 1}),
    ("slug", ["a"]),
    ("slug", "!!!"),
    ("language", "not a language"),
    ("language", ["en", "de"]),
    ("updated", "soon"),
    ("updated", ["2024-01-01"]),
    ("updated", {"by": "Ann"}),
    ("updated", True),
    ("featured", "maybe"),
    ("sticky", "at times"),
    ("language", "xx-yy-zz"),
    ("language", "en-yy"),
    ("language", "en-US-GB"),
    ("author", {"role": "editor"}),
    ("author", ["Ann", {"role": "editor"}]),
    ("tags", [{"weight": 1}]),
    ("image", {"alt": "A picture"}),
    ("image", "http://[::1"),
    ("source", {"title": "T"}),
    ("source", ["a"]),
    ("attachments", [{"title": "T"}]),
    ("attachments", ["http://[::1"]),
    ("canonical", "javascript:alert(1)"),
    ("canonical", {"a": 1}),
    ("rights", ["a"]),
    ("correction", {"a": 1}),
    ("dateline", ["a"]),
    ("format", "word"),
    ("base", "http://[::1"),
    ("title_derived", "maybe"),
    ("aliases", [{"a": 1}]),
    ("id", ["a"]),
]


@pytest.mark.parametrize(("key", "value"), UNUSABLE)
def test_an_unusable_value_is_reported_and_kept_as_extra(key: str, value: object) -> None:
    loaded = load_record(**{key: value})
    [article] = loaded.articles
    assert article.extra[key] == value
    assert any(key in fault.message or "an a" in fault.message for fault in loaded.faults)


NOT_SERVED: list[dict[str, object]] = [
    {"draft": "maybe"},
    {"draft": [True]},
    {"draft": False, "is_draft": True},
    {"draft": 1},
    {"private": "maybe"},
    {"private": [True]},
    {"hidden": {"home": True}},
    {"unlisted": "at times"},
    {"publish": ["a"]},
    {"publish": 0},
    {"public": "soon"},
    {"published": [False]},
    {"status": ["draft"]},
    {"status": "published", "post_status": "draft"},
    {"visibility": ["members"]},
    {"visibility": {"to": "members"}},
    {"password": ["sesame"]},
    {"password": {"is": "sesame"}},
    {"date": "soon"},
    {"date": {"on": "2030-01-01"}},
    {"date": ["2030-01-01"]},
    {"expires": "soon"},
    {"expires": ["2019-01-01"]},
    {"expires": "03/04/2019"},
    {"published": "{{ date }}"},
    {"date": "03/04/2030"},
    {"publishDate": "03-04-2030"},
    {"status": "with the lawyers"},
    {"status": "Entwurf"},
    {"status": "In review"},
    {"status": 5},
    {"status": False},
    {"status": "scheduled"},
    {"state": "In Review"},
    {"visibility": 5},
    {"visibility": False},
    {"visibility": "the board"},
    {"visibility": "members_and_paid"},
    {"access": "paid"},
    {"audience": "only_paid"},
    {"members_only": True},
    {"isPrivate": "yes"},
    {"isPublished": False},
    {"is_public": 0},
    {"isVisible": "no"},
    {"enabled": False},
    {"active": 0},
    {"state": ["draft"]},
    {"audience": ["members", "staff"]},
    {"access": {"to": "members"}},
    {"confidential": True},
    {"embargoed": "yes"},
    {"stage": "draft"},
    {"publishState": "In Review"},
    {"publication_status": "pending"},
    {"embargo": "until noon"},
    {"embargo_until": True},
    {"listed": False},
    {"dg-publish": False},
    {"encrypt": True},
    {"deleted": "2020-01-01"},
    {"wip": True},
    {"render": "at times"},
    {"_build": "no"},
    {"build": {"render": "at times"}},
    {"build": {"list": "at times"}},
    {"text": 'A {{% hugo-encryptor "sesame" %}} secret {{% /hugo-encryptor %}}'},
]
_UNSEEN: list[object] = [
    False,
    [False],
    {"a": False},
    ["home"],
    2,
    "maybe",
    "members",
    "private",
    "never",
    "none",
]
_OFF: list[object] = ["no", "Off", "never", "none", [False], {"web": False}]
NOT_SERVED += [{"visible": value} for value in _UNSEEN]
NOT_SERVED += [{"enabled": value} for value in _OFF]
for _key in sorted(NEVER_EMPTY):
    NOT_SERVED += [{_key: []}, {_key: {}}]


@pytest.mark.parametrize("values", NOT_SERVED)
def test_a_doubtful_value_that_decides_who_may_see_the_article_excludes_it(values: dict[str, object]) -> None:
    loaded = load_record(**values)
    assert loaded.articles == ()
    assert loaded.faults or loaded.exclusions
    assert loaded.is_private or loaded.exclusions
    assert all(fault.message for fault in loaded.faults)


@pytest.mark.parametrize(
    "values",
    [
        {"hide": ["navigation", "toc"]},
        {"eleventyExcludeFromCollections": ["posts"]},
        {"draft": 0, "hidden": "no", "private": False, "publish": 1},
        {"visible": "yes", "enabled": 1, "active": "yes", "stage": "final", "embargo": False},
        {"password": False, "visibility": "public", "status": "evergreen"},
        {"hide": [], "eleventyExcludeFromCollections": [], "build": {}, "_build": {"render": "always"}},
        {"visibility": True, "status": "Published", "access": True, "audience": "everyone"},
        {"status": "scheduled", "date": "2020-01-01"},
        {"access": "by train", "audience": "developers", "is_published": True, "members_only": False},
        {"state": "California"},
        {"enabled": ["comments"], "active": {"menu": True, "feed": False}, "visible": 1},
        {"state": ["California", "Draft"], "audience": ["members", "developers"], "access": {}},
        {"withdrawn": "false"},
        {"withdrawn": "no"},
        {"updated": False, "featured": {"image": "a.png"}, "pin": "/img/pin.png"},
        *({key: empty} for key in sorted(DECIDING.difference(UNSET_IN_DRAFTS)) for empty in (None, "")),
    ],
)
def test_what_hides_no_article_leaves_it_served(values: dict[str, object]) -> None:
    loaded = load_record(**values)
    assert (len(loaded.articles), loaded.faults) == (1, ())


@pytest.mark.parametrize("key", ["aliases", "redirect_from", "base", "img_path", "excalidraw-plugin", "menu"])
def test_false_means_none(key: str) -> None:
    text, stated = "---\ntitle: T\n---\n![A](a.png)", f"---\ntitle: T\n{key}: false\n---\n![A](a.png)"
    with_false, without = (load(Path("/nowhere"), "a.md", each.encode(), Site()) for each in (stated, text))
    assert with_false.faults == without.faults
    assert msgspec.structs.replace(with_false.articles[0], extra={}) == without.articles[0]


@pytest.mark.parametrize("line", [b"\xa0", b"\xa0\xa0 \n\n"])
def test_a_line_that_is_blank_only_in_a_doubtful_encoding_may_be_private(line: bytes) -> None:
    loaded = load(Path("/nowhere"), "a.jsonl", line, Site())
    assert (loaded.articles, len(loaded.faults), loaded.is_private) == ((), 1, True)


@pytest.mark.parametrize("value", [["It was false."], {"reason": ["a"], "at": "soon"}, "no longer true", 1])
def test_a_withdrawn_article_stays_withdrawn_whatever_is_wrong(value: object) -> None:
    [article] = load_record(withdrawn=value).articles
    assert article.withdrawn is not None


@pytest.mark.parametrize(
    ("stated", "tag"),
    [
        ("zh_hant_tw", "zh-Hant-TW"),
        ("de-CH-1996", "de-CH-1996"),
        ("cmn", "cmn"),
        ("aaa", "aaa"),
        ("qab", "qab"),
        ("i-klingon", "i-klingon"),
        ("x-mine", "x-mine"),
        ("en-GB-oed", "en-GB-oed"),
        ("de_AT.UTF-8@euro", "de-AT"),
        ("en-u-ca-buddhist", "en-u-ca-buddhist"),
    ],
)
def test_a_registered_language_is_read(stated: str, tag: str) -> None:
    loaded = load_record(language=stated)
    assert ([article.language.lower() for article in loaded.articles], loaded.faults) == ([tag.lower()], ())


@pytest.mark.parametrize(
    ("value", "featured"), [("3", True), ("0", False), (-1, False), (0.5, True), ("yes", True)]
)
def test_a_number_features_an_article_above_zero(value: object, featured: bool) -> None:
    [article] = load_record(sticky=value).articles
    assert article.featured is featured


REPEATED = [
    ("a.md", "---\ntitle: T\ndraft: false\nDraft: true\n---\nText."),
    ("a.md", "---\ntitle: T\ndraft: true\ndraft: false\n---\nText."),
    ("a.md", "---\ntitle: T\ndate: 2030-01-01\ndate: 2019-01-01\n---\nText."),
    ("a.html", "---\ntitle: T\nStatus: draft\nStatus: published\n---\n<p>Text."),
    ("a.mdx", "---\ntitle: T\nunlisted: true\nunlisted: false\n---\nText."),
    ("a.mdx", "export const metadata = {title: 'T', draft: true, draft: false};\n\nText."),
    ("a.md", "Title: T\nStatus: draft\nStatus: published\n\nText."),
    ("a.md", "+++\ntitle = 'T'\ndraft = true\ndraft = false\n+++\nText."),
    ("a.md", ".. title: T\n.. status: draft\n.. status: published\n\nText."),
    ("a.md", "title: T\ndate: 2019-01-01\ndraft: true\ndraft: false\n---\nText."),
    ("a.md", "+++\ntitle = 'T'\ndate = 2019-01-01\nDate = 2030-01-01\n+++\nText."),
    ("a.json", '{"title": "T", "text": "x", "draft": true, "draft": false}'),
    ("a.jsonl", '{"title": "T", "text": "x", "password": "sesame", "password": ""}'),
    ("a.md", '{"title": "T", "status": "draft", "status": "published"}\nText.'),
]


@pytest.mark.parametrize(("path", "text"), REPEATED)
def test_a_deciding_key_that_is_repeated_excludes_the_article(path: str, text: str) -> None:
    loaded = load(Path("/nowhere"), path, text.encode(), Site())
    assert (loaded.articles, len(loaded.faults), loaded.is_private) == ((), 1, True)


def test_a_deciding_key_may_be_repeated_with_the_same_value() -> None:
    text = "---\ntitle: T\ndraft: false\ndraft: false\n---\nText."
    loaded = load(Path("/nowhere"), "a.md", text.encode(), Site())
    assert loaded.articles
    assert [fault.message for fault in loaded.faults] == ["key 'draft' occurs twice; the last one counts"]


@pytest.mark.parametrize("path", ["a.json", "a.jsonl", "a.md"])
def test_any_other_key_of_json_may_be_repeated(path: str) -> None:
    text = '{"title": "A", "text": "x", "author": {"date": 1, "name": "Ann", "date": 2}, "title": "B"}'
    loaded = load(Path("/nowhere"), path, text.encode(), Site())
    assert [article.title for article in loaded.articles] == ["B"]
    assert [fault.message for fault in loaded.faults] == [
        "key 'date' occurs twice; the last one counts",
        "key 'title' occurs twice; the last one counts",
    ]


def test_every_deciding_key_is_known() -> None:
    assert KNOWN >= DECIDING


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("status", "unlisted"),
        ("status", "sent"),
        ("visibility", "unlisted"),
        ("visibility", "members-only"),
        ("visibility", "draft"),
    ],
)
def test_what_is_not_listed_or_not_for_everybody_is_left_out(key: str, value: str) -> None:
    loaded = load_record(**{key: value})
    assert not loaded.articles
    assert [exclusion.reason for exclusion in loaded.exclusions] == [f"not for the public: {key} {value!r}"]


def test_an_unknown_format_is_named_as_written() -> None:
    loaded = load(Path("/nowhere"), "a.md", b"---\ntitle: T\nformat: 5\n---\nText.", Site())
    assert loaded.articles
    assert "unknown format '5'" in loaded.faults[0].message


def test_a_page_that_zola_does_not_render_is_left_out() -> None:
    loaded = load(Path("/nowhere"), "a.md", b"+++\ntitle = 'T'\nrender = false\n+++\nText.", Site())
    assert not loaded.articles
    assert [exclusion.reason for exclusion in loaded.exclusions] == [
        "not for the public: it is never rendered"
    ]
