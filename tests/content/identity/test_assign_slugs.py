"""Slugs and ids are assigned by content alone."""

import random
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from service.content import Claim, assign_slugs
from service.content.identity.assign_slugs import is_alternative_slug
from service.content.identity.ids import to_uri
from service.model import Site
from tests.support.builders import article, at

TAGGED = Site(id_authority="example.org", id_year=2026)


def claim(path: str, slug: str = "vote", **facts: Any) -> Claim:
    defaults: dict[str, Any] = {
        "number": 0,
        "first_slug": None,
        "language": "en",
        "published": None,
        "id": "",
    }
    return Claim(path=path, slug=slug, **defaults | facts)


def slugs(*claims: Claim, site: Site = TAGGED) -> dict[str, str]:
    return {assigned.path: assigned.slug for assigned in assign_slugs(claims, site)}


def test_the_language_of_the_site_keeps_the_slug_then_the_oldest() -> None:
    claims = (
        claim("1.md", language="ko", published=at("2001-01-01")),
        claim("2.md", published=at("2019-01-28")),
        claim("3.md", published=at("2018-01-01")),
        claim("4.md", language="zh-TW"),
        claim("5.md"),
        claim("6.md", language="ko", published=at("2002-02-02")),
    )
    assigned = slugs(*claims)
    digest = assigned.pop("5.md").removeprefix("vote-")
    assert assigned == {
        "1.md": "vote-ko",
        "2.md": "vote-2019-01-28",
        "3.md": "vote",
        "4.md": "vote-zh-tw",
        "6.md": "vote-2002-02-02",
    }
    assert len(digest) == 8


@pytest.mark.parametrize(
    "other", [claim("1.md"), claim("1.md", language="ko"), claim("1.md", published=at("2018-01-01"))]
)
@pytest.mark.parametrize("facts", [{}, {"published": at("2019-01-28")}, {"language": "zh-TW"}])
def test_the_slug_of_an_article_that_had_to_give_way_is_known_without_the_other(
    other: Claim, facts: dict[str, Any]
) -> None:
    site = Site(language="ko") if other.language == "ko" else TAGGED
    given_way = slugs(other, claim("2.md", **facts), site=site)["2.md"]
    alone = article("vote", path="2.md", **({"language": "en", "published": None} | facts))
    assert is_alternative_slug(given_way, alone, site) is (given_way != "vote")
    assert not is_alternative_slug(f"{given_way}-2", alone, site)


def test_a_claimed_slug_is_never_an_alternative_for_another_article() -> None:
    assigned = slugs(claim("1.md"), claim("2.md", language="ko"), claim("3.md", "vote-ko"))
    assert assigned["1.md"] == "vote"
    assert assigned["3.md"] == "vote-ko"
    assert assigned["2.md"].startswith("vote-")


def test_a_conflict_names_both_files() -> None:
    assigned = assign_slugs((claim("a.md"), claim("b.md", language="fr")), TAGGED)
    faults = [fault for item in assigned for fault in item.faults]
    assert [(fault.path, fault.line) for fault in faults] == [("b.md", 1)]
    assert "slug 'vote' is already that of a.md; it is served as 'vote-fr'" in faults[0].message


def test_slugs_stay_within_their_length() -> None:
    long = "ab" * 100
    assigned = slugs(claim("1.md", long), claim("2.md", long, language="ko"))
    assert assigned["2.md"].endswith("-ko")
    assert len(assigned["2.md"].encode()) <= 200


IDS = [
    (claim("a.md"), TAGGED, "tag:example.org,2026:en/vote"),
    (claim("a.md", first_slug="ballot"), TAGGED, "tag:example.org,2026:en/ballot"),
    (claim("a.md", "ميناء"), TAGGED, "tag:example.org,2026:en/%D9%85%D9%8A%D9%86%D8%A7%D8%A1"),
    (claim("a.md", id="https://example.org/?p=1"), TAGGED, "https://example.org/?p=1"),
    (claim("a.md", language="fr"), TAGGED, "tag:example.org,2026:fr/vote"),
    (claim("a.md"), Site(), "urn:uuid:06f8ccca-1c95-5340-a1b3-a32e1bb1a5b4"),
    (claim("b/a.md", published=at("2019-01-28")), Site(), "urn:uuid:06f8ccca-1c95-5340-a1b3-a32e1bb1a5b4"),
]


@pytest.mark.parametrize(("one", "site", "expected"), IDS)
def test_an_id_is_explicit_or_derived_from_the_first_slug(one: Claim, site: Site, expected: str) -> None:
    assert [assigned.id for assigned in assign_slugs((one,), site)] == [expected]


def test_of_articles_with_one_id_the_first_in_rank_keeps_it_and_none_is_lost() -> None:
    german = claim("0.md", id="urn:x:1", language="de")
    claims = (claim("b.md", id="urn:x:1"), claim("a.md", "other", id="urn:x:1"), german)
    assigned = assign_slugs(claims, TAGGED)
    faults = [fault for item in assigned for fault in item.faults]
    assert {item.path: item.id for item in assigned} == {
        "0.md": "tag:example.org,2026:de/vote",
        "a.md": "urn:x:1",
        "b.md": "tag:example.org,2026:en/vote",
    }
    assert [str(fault) for fault in faults if fault.path == "b.md"] == [
        "b.md:1: id 'urn:x:1' is already that of a.md; it gets another one; give it an id of its own"
    ]


def test_an_article_that_takes_over_a_former_slug_gets_another_id() -> None:
    assigned = assign_slugs((claim("new.md"), claim("moved.md", "ballot", first_slug="vote")), TAGGED)
    faults = [fault for item in assigned for fault in item.faults]
    ids = {item.path: item.id for item in assigned}
    assert ids["moved.md"] == "tag:example.org,2026:en/vote"
    assert ids["new.md"].startswith("tag:example.org,2026:en/vote/")
    assert [fault.path for fault in faults] == ["new.md"]


def ids(*claims: Claim, site: Site = TAGGED) -> dict[str, str]:
    return {assigned.path: assigned.id for assigned in assign_slugs(claims, site)}


def test_an_added_translation_takes_no_existing_id() -> None:
    french = claim("fr.md", language="fr", published=at("2019-01-28"))
    korean = claim("ko.md", language="ko", published=at("2018-01-28"))

    assert ids(french) == {"fr.md": "tag:example.org,2026:fr/vote"}
    assert ids(french, korean)["fr.md"] == "tag:example.org,2026:fr/vote"
    assert ids(french, korean, claim("en.md"))["fr.md"] == "tag:example.org,2026:fr/vote"


@pytest.mark.parametrize("path", ["a.md", "z.md"])
def test_an_article_that_declares_a_former_slug_keeps_its_id(path: str) -> None:
    moved = claim("moved.md", "ballot", first_slug="vote")

    assert ids(moved, claim(path))["moved.md"] == "tag:example.org,2026:en/vote"


def test_the_id_of_a_second_article_with_a_slug_follows_its_assigned_slug() -> None:
    older, newer = claim("1.md", published=at("2018-01-01")), claim("2.md", published=at("2019-01-28"))

    assert ids(newer, older) == {
        "1.md": "tag:example.org,2026:en/vote",
        "2.md": "tag:example.org,2026:en/vote-2019-01-28",
    }


def test_the_date_in_a_slug_is_the_authors_in_any_time_zone() -> None:
    slugs_of = []
    for zone, hours in (("Pacific/Auckland", 13), ("America/New_York", -5), ("UTC", 0)):
        written = datetime(2019, 1, 28, tzinfo=timezone(timedelta(hours=hours))).astimezone(UTC)
        claims = claim("1.md", published=at("2018-01-01")), claim("2.md", published=written)
        slugs_of.append(slugs(*claims, site=Site(time_zone=zone))["2.md"])

    assert slugs_of == ["vote-2019-01-28"] * 3


def test_the_order_of_claims_does_not_matter() -> None:
    chance = random.Random(7)  # noqa: S311 - the same every time is the point
    claims = [
        claim(
            f"{number}.md",
            chance.choice(("vote", "vote-ko", "vote-2019-01-28", "ballot")),
            language=chance.choice(("en", "ko", "fr")),
            published=chance.choice((None, at("2019-01-28"), at("2018-01-01"))),
            id=chance.choice(("", "", "", "urn:x:1")),
            first_slug=chance.choice((None, None, "vote")),
        )
        for number in range(60)
    ]
    expected = assign_slugs(claims, TAGGED)
    assert len({item.slug for item in expected}) == len({item.id for item in expected}) == len(expected)
    for _ in range(5):
        chance.shuffle(claims)
        assert assign_slugs(iter(claims), TAGGED) == expected


@pytest.mark.parametrize(
    ("given_id", "expected"),
    [
        ("tag:example.org,2026:a", "tag:example.org,2026:a"),
        ("1225C695-CFB8-4EBB-AAAA-80DA344EFA6A", "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a"),
        ("1234", "urn:uuid:4c120791-39b8-5b27-8739-277a01ede20f"),
        ("https://example.org/?p=1", "https://example.org/?p=1"),
        ("URN:isbn:1", "URN:isbn:1"),
        ("yt:video:abc", "yt:video:abc"),
        ("tag:example.org,2026:\u202ea", "urn:uuid:e82fe533-142e-5d32-a874-f1572d47633a"),
    ],
)
def test_an_id_is_always_a_uri(given_id: str, expected: str) -> None:
    assert to_uri(given_id) == expected
