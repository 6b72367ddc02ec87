"""The rules scraped pages are read by, each with its table: what it takes, and what it must let be."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.content import load
from service.content.scraped import read_text
from service.content.scraped.byline import read_byline
from service.content.scraped.captions import is_caption
from service.content.scraped.dateline import read_dateline
from service.content.scraped.language import detect_language
from service.content.scraped.printed_dates import read_date_line
from service.content.scraped.trailers import furniture
from service.errors import SettingsError
from service.model import ScrapedRule, Site
from service.settings import load as load_settings

DATES = [
    ("February 14, 2018 | 4:33am EST", ["2018-02-14T04:33:00-05:00"]),
    ("Feb. 14, 2018 4:33 p.m. ET", ["2018-02-14T16:33:00-05:00"]),
    ("July 14, 2018 4:33 p.m. ET", ["2018-07-14T16:33:00-04:00"]),
    ("12:05 a.m. EDT, May 3, 2019", ["2019-05-03T00:05:00-04:00"]),
    ("12:05 PM GMT, May 3, 2019", ["2019-05-03T12:05:00+00:00"]),
    ("Wednesday, 14 February 2018", ["2018-02-14"]),
    ("Mon 28 Jan 2019 09.30 GMT", ["2019-01-28T09:30:00+00:00"]),
    ("Jan 28, 2019, 10:30 AM GMT+3", ["2019-01-28T10:30:00+03:00"]),
    ("2019-01-28T09:30:00+03:00", ["2019-01-28T09:30:00+03:00"]),
    ("Published 3 May 2019 | Updated 4 May 2019", ["2019-05-03", "2019-05-04"]),
    ("Published on March 3, 2019 at 9am", ["2019-03-03T09:00:00"]),
    ("Friday 02/10/2015", ["2015-10-02"]),
    ("Tuesday 02/10/2015", ["2015-02-10"]),
    ("13/10/2015", ["2015-10-13"]),
    ("10/13/2015", ["2015-10-13"]),
    ("02/10/2015", ["2015-10-02 or 2015-02-10"]),
    ("05/05/2015", ["2015-05-05"]),
    ("14/02/18", [""]),
    ("14. Februar 2018, 16:33 Uhr", ["2018-02-14T16:33:00"]),
    ("Publié le 14/02/2018 à 16h33", ["2018-02-14T16:33:00"]),
    ("1er mars 2019", ["2019-03-01"]),
    ("14 de febrero de 2018", ["2018-02-14"]),
    ("28 января 2019, 14:30", ["2019-01-28T14:30:00"]),
    ("28 Oca 2019 - 14:30", ["2019-01-28T14:30:00"]),
    ("١٤ فبراير ٢٠١٨", ["2018-02-14"]),
    ("2018年2月14日（水）午後4時33分", ["2018-02-14T16:33:00"]),
    ("2018년 2월 14일 오후 4시 33분", ["2018-02-14T16:33:00"]),
    ("In 2015 the army left", []),
    ("The 3 May 2019 vote was close", []),
    ("February 30, 2018", []),
    ("May 2019", []),
    ("Section 4, 2019", []),
    ("4:33am EST", []),
]


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_a_printed_date(text: str, expected: list[str]) -> None:
    found = read_date_line(text)
    assert [" or ".join(printed.on(day) for day in printed.days) for printed in found] == expected


BYLINES = [
    ("By Ana Quill", ["Ana Quill"]),
    ("By Ana Quill and Bo Lens", ["Ana Quill", "Bo Lens"]),
    ("By Ana Quill, Bo Lens and Cy Page", ["Ana Quill", "Bo Lens", "Cy Page"]),
    ("By Ana Quill | February 14, 2018 | 4:33am EST", ["Ana Quill"]),
    ("By Ana Quill on March 3, 2019 at 9am", ["Ana Quill"]),
    ("Must ReadBy Ana Quill", ["Ana Quill"]),
    ("By Ana Quill, Associated Press", ["Ana Quill"]),
    ("By Ana Quill, Special to The Herald", ["Ana Quill"]),
    ("By Ana Quill in Port Town", ["Ana Quill"]),
    ("By Ana Quill - Herald News, Port Town", ["Ana Quill"]),
    ("By The Associated Press", ["The Associated Press"]),
    ("BY ANA O'QUILL", ["Ana O'Quill"]),
    ("By Abu Omar al-Quill", ["Abu Omar al-Quill"]),
    ("By J. R. Quill", ["J. R. Quill"]),
    ("Von Anna Feder und Peter von Stein", ["Anna Feder", "Peter von Stein"]),
    ("Par Jean-Luc de la Plume, à Paris", ["Jean-Luc de la Plume"]),
    ("Por María Pluma y Ana Ruiz", ["María Pluma", "Ana Ruiz"]),
    ("Автор: Иван Перо", ["Иван Перо"]),
    ("بقلم: أحمد علي", ["أحمد علي"]),
    ("文＝山田太郎", ["山田太郎"]),
    ("山田太郎 記者", ["山田太郎"]),
    ("By Monday, the troops had left.", None),
    ("By accident", None),
    ("Standing by the sea", None),
    ("Ana Quill reported from Port Town", None),
    ("By 2030 the pier will be closed", None),
]


@pytest.mark.parametrize(("text", "names"), BYLINES)
def test_a_byline(text: str, names: list[str] | None) -> None:
    byline = read_byline(text)
    assert (list(byline.names) if byline else None) == names


DATELINES = [
    ("PORT TOWN — The council", "PORT TOWN"),
    ("BAGHDAD - A top leader", "BAGHDAD"),
    ("PARIS (AFP) – Le président", "PARIS"),
    ("BAGHDAD, Iraq (AP) — Something", "BAGHDAD, Iraq"),
    ("SANTA FE, N.M. — A judge ruled", "SANTA FE, N.M."),
    ("ST. LOUIS — A judge ruled", "ST. LOUIS"),
    ("WASHINGTON, Jan 28 (Reuters) - The mayor", "WASHINGTON"),
    ("LONDON, 3 May 2019 (Reuters) - The mayor", "LONDON"),
    ("LONDON/PARIS — Something", "LONDON/PARIS"),
    ("NEW YORK (AP) _ Something", "NEW YORK"),
    ("Berlin (dpa) - Der Bundestag", "Berlin"),
    ("Madrid, 28 ene (EFE).- El presidente", "Madrid"),
    ("Paris, le 3 mars 2019 – Le maire", "Paris"),
    ("بغداد (رويترز) - قال رئيس الوزراء", "بغداد"),
    ("【パリ共同】フランス政府は", "パリ"),
    ("( – The secretary told", None),
]
NO_DATELINES = [
    "The U.S. – a country that",
    "NATO — the alliance of 29 members — said",
    "US-led coalition forces said",
    "EXCLUSIVE - The army said today",
    "A man - who was there",
    "IS - the group said nothing",
]


@pytest.mark.parametrize(("text", "place"), DATELINES)
def test_a_dateline(text: str, place: str | None) -> None:
    found = read_dateline(text)
    assert found
    assert found.place == place
    assert text[found.length :][0].isalnum()


@pytest.mark.parametrize("text", NO_DATELINES)
def test_no_dateline(text: str) -> None:
    assert read_dateline(text) is None


CAPTIONS = [
    "The leader, in an undated photo posted on his account. (Photo: Herald)",
    "A man walks. (AP Photo/Ana Quill)",
    "Foto: dpa",
    "Soldiers near the pier, 2017. REUTERS/Ana Quill",
    "The president in Paris. Photograph: Ana Quill/AFP",
    "A bridge. Photo by Ana Quill",
    "Photographs by Bo Lens",
    "In this Jan. 12, 2018 photo, soldiers stand.",
    "FILE - The pier in winter.",
    "Soldiers stand near the pier. (AFP)",
    "Soldiers near the pier (Ana Quill/Getty Images)",
    "写真：共同",
]
NO_CAPTIONS = [
    "He made the comments in an interview with Reuters",
    "“It is over,” he told AFP",
    "The photo shows a man.",
    "He works for Reuters.",
    "They spoke to the agency (AFP).",
    "The film (released on video in 1990) was a failure.",
    "She took the picture, and then she left.",
]


@pytest.mark.parametrize("text", CAPTIONS)
def test_a_caption(text: str) -> None:
    assert is_caption(text)


@pytest.mark.parametrize("text", NO_CAPTIONS)
def test_no_caption(text: str) -> None:
    assert not is_caption(text)


FURNITURE = [
    ("Share this:", "share"),
    ("Facebook | Twitter | Email", "share"),
    ("Follow us on Twitter", "share"),
    ("Sign up for our newsletter", "newsletter"),
    ("Abonnez-vous à notre newsletter", "newsletter"),
    ("© 2019 The Herald", "copyright"),
    ("Copyright 2019 The Herald. All rights reserved.", "copyright"),
    ("Tous droits réservés", "copyright"),
    ("ADVERTISEMENT", "advertisement"),
    ("You may also like", "next"),
    ("あわせて読みたい", "next"),
    ("Back to top", "navigation"),
    ("The Herald Shop", "shop"),
    ("3 min read", "counter"),
    ("Leave a reply", "comments"),
]
NO_FURNITURE = [
    "He wanted to share it with the city.",
    "“Follow us,” they said, and we did.",
    "The shop was closed.",
    "More people came.",
    "Comments from the floor were loud.",
    "Facebook",
    "1,200",
    "...",
    "What comes next",
    "Get up, she said.",
    "Home is where the harbour is.",
]


@pytest.mark.parametrize(("text", "rule"), FURNITURE)
def test_a_line_of_the_page(text: str, rule: str) -> None:
    reason = furniture(text)
    assert reason
    assert reason[0] == rule


@pytest.mark.parametrize("text", NO_FURNITURE)
def test_a_line_that_may_be_text(text: str) -> None:
    assert furniture(text) is None


PARAGRAPH = "The council of Port Town voted on Monday to close the last coal pier in the harbour, number {}."


def page(*lines: str) -> str:
    return "\n\n".join(["A headline over it all", *lines])


def body(count: int) -> list[str]:
    return [PARAGRAPH.format(number) for number in range(count)]


def test_a_rule_that_would_cut_too_much_is_refused_and_reported() -> None:
    scraped = read_text(page(*body(2), "Comments", *body(9)[2:]), "a.txt", Site())
    assert scraped.html.count("<p>The council") == 9
    (note,) = scraped.notes
    assert "the rule 'comments' would cut" in str(note)
    assert "was not followed" in str(note)


def test_an_exact_repetition_is_never_too_much() -> None:
    scraped = read_text(page(*body(3), *body(3), *body(3)), "a.txt", Site())
    assert scraped.html.count("<p>") == 3
    assert scraped.notes == ()


def test_a_refrain_stays() -> None:
    text = "The song\n\nOh the sea\nthe sea\n\nA verse of it.\n\nOh the sea\nthe sea"
    assert read_text(text, "a.txt", Site()).html.count("Oh the sea") == 2


RULES = [
    (ScrapedRule(cut="^The council .* number 1"), 3, "site: cut"),
    (ScrapedRule(cut_from="number 3"), 3, "site: from"),
    (ScrapedRule(until="A headline"), 4, "site: until"),
    (ScrapedRule(files="other/*", cut="council"), 4, None),
    (ScrapedRule(files="wire/*", cut="number 1"), 3, "site: cut"),
]


@pytest.mark.parametrize(("rule", "left", "name"), RULES)
def test_the_owner_of_a_site_adds_rules(rule: ScrapedRule, left: int, name: str | None) -> None:
    scraped = read_text(page(*body(4)), "wire/a.txt", Site(scraped=(rule,)))
    assert scraped.html.count("<p>") == left
    assert (name in {receipt.rule for receipt in scraped.receipts}) is bool(name)


def test_a_line_the_owner_keeps_is_kept() -> None:
    text = page(*body(4), "Share this story")
    assert "Share this" not in read_text(text, "a.txt", Site()).html
    assert "Share this" in read_text(text, "a.txt", Site(scraped=(ScrapedRule(keep="^Share"),))).html


def test_the_owner_says_who_wrote() -> None:
    rule = ScrapedRule(author="^Pen: (.+)$")
    scraped = read_text(page("Pen: Ana Quill", *body(3)), "a.txt", Site(scraped=(rule,)))
    assert scraped.entries["authors"].value == ["Ana Quill"]
    assert "Pen:" not in scraped.html


LANGUAGES = [
    ("Der Rat von Hafenstadt hat am Montag beschlossen, den letzten Pier zu schließen.", "de"),
    ("国会は火曜日、新しい法律を可決した。議長は記者団に対して説明した。", "ja"),
    ("總統週二表示，該法將獲得通過，並且將於明年一月一日開始實施。", "zh-Hant"),
    ("Text.", None),
    ("", None),
    ("\x00\x01\ufffe", None),
    ("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27", None),
]


@pytest.mark.parametrize(("text", "language"), LANGUAGES)
def test_the_language_of_a_text(text: str, language: str | None) -> None:
    assert detect_language(text) == language


def test_rules_of_a_site_stand_in_site_toml(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('[[scraped]]\nfiles = "wire/*"\nfrom = "^Also"\n', "utf-8")
    settings = load_settings({"content": str(tmp_path)}, {})
    assert settings.site.scraped == (ScrapedRule(files="wire/*", cut_from="^Also"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[scraped]]\ncut = "("', "cut = '(' is none"),
        (
            '[[scraped]]\ncuts = "a"',
            "[[scraped]] tables of texts named author, cut, files, from, keep, until",
        ),
        ('scraped = "a"', "[[scraped]] tables"),
    ],
)
def test_a_wrong_rule_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "site.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=re.escape(said)):
        load_settings({"content": str(tmp_path)}, {})


RECORD = "A headline over it all\nBy Ana Quill\nMarch 4, 2019\n" + PARAGRAPH + "\n" + PARAGRAPH.format(1)


def test_a_record_with_only_a_text_is_a_scraped_page() -> None:
    data = json.dumps({"text": RECORD, "url": "https://a.example/"}).encode()
    (article,) = load(Path(), "a.json", data, Site()).articles
    assert (article.title, article.authors[0].name) == ("A headline over it all", "Ana Quill")
    assert article.published == datetime(2019, 3, 4, tzinfo=UTC)


def test_what_is_given_wins_over_what_the_text_says() -> None:
    data = json.dumps({"text": RECORD, "date": "2018-01-01", "author": "Bo Lens", "lang": "nl"}).encode()
    (article,) = load(Path(), "a.json", data, Site()).articles
    assert (article.authors[0].name, article.language) == ("Bo Lens", "nl")
    assert article.published == datetime(2018, 1, 1, tzinfo=UTC)
    (article,) = load(Path(), "2017-05-06-vote.txt", RECORD.encode(), Site()).articles
    assert article.published == datetime(2017, 5, 6, tzinfo=UTC)


def test_a_text_with_front_matter_is_read_as_it_stands() -> None:
    (article,) = load(Path(), "a.txt", f"---\ntitle: T\n---\n{RECORD}".encode(), Site()).articles
    assert article.content_text.startswith("A headline over it all")
    assert article.authors == ()


def test_a_page_that_is_no_article_shows_no_receipts() -> None:
    text = "About this folder\nBy Ann Lee\n\nThe articles in this folder are those of the year 2019."
    found = load(Path("/nowhere"), "README.txt", text.encode(), Site())
    assert [one.reason for one in found.left_out] == ["about the folder itself, not an article"]
    assert (found.receipts, found.faults) == ((), ())


BODY = (
    "The river rose by two metres in a night, the mayor told reporters.",
    "Nobody was hurt, and the bridge has been open again since the morning.",
    "The school will stay closed until the cellar is dry, which may take a week.",
    "Volunteers carried the books of the library to the upper floor in the dark.",
)
KEPT = [
    ("Reply", "He said: I waited two years for a reply."),
    ("2 years ago", "Three days", "The wait is over."),
    ("Read more:", "A headline", BODY[1], "($1 = 2 crowns)", BODY[2]),
    ("Ann Lee is the mayor of the town and she will speak on Monday at noon.",),
    ("Topics",),
    ("“You have to support us now,” the fireman said to the crowd in the square.",),
]


@pytest.mark.parametrize("lines", KEPT)
def test_what_may_be_text_stays(lines: tuple[str, ...]) -> None:
    text = "\n\n".join(("The river rises", "By Bo Ek", *BODY, *lines, BODY[0].replace("two", "nine")))
    found = load(Path("/nowhere"), "river.txt", text.encode(), Site())
    (article,) = found.articles
    lost = [
        line
        for line in (*BODY, *lines)
        if line.endswith((".", "square.")) and line not in article.content_text
    ]
    assert lost == []
