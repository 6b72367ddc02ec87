"""The rules for whole pages: limits, rules in site.toml, language, records of data files."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.content import load
from service.content.scraping import read_text
from service.content.scraping.language import detect_language
from service.errors import SettingsError
from service.model import ScrapedRule, Site
from tests.support.load_settings import load_settings
from tests.support.scraped_pages import PROSE

PARAGRAPH = "The council of Port Town voted on Monday to close the last coal pier in the harbour, number {}."


def page(*lines: str) -> str:
    return "\n\n".join(["A headline over it all", *lines])


def body(count: int) -> list[str]:
    return [PARAGRAPH.format(number) for number in range(count)]


def test_rule_that_would_cut_too_much_is_refused() -> None:
    scraped = read_text(page(*body(2), "Comments", *body(9)[2:]), "a.txt", Site())
    assert scraped.html.count("<p>The council") == 9
    (note,) = scraped.notes
    assert "the rule 'comments' would cut" in str(note)
    assert "was not applied" in str(note)


def test_repetition_may_be_of_any_size() -> None:
    scraped = read_text(page(*body(3), *body(3), *body(3)), "a.txt", Site())
    assert scraped.html.count("<p>") == 3
    assert scraped.notes == ()


def test_refrain_stays() -> None:
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
def test_rules_of_the_site(rule: ScrapedRule, left: int, name: str | None) -> None:
    scraped = read_text(page(*body(4)), "wire/a.txt", Site(scraped=(rule,)))
    assert scraped.html.count("<p>") == left
    assert (name in {receipt.rule for receipt in scraped.receipts}) is bool(name)


def test_keep_rule() -> None:
    text = page(*body(4), "Share this story")
    assert "Share this" not in read_text(text, "a.txt", Site()).html
    assert "Share this" in read_text(text, "a.txt", Site(scraped=(ScrapedRule(keep="^Share"),))).html


def test_author_rule() -> None:
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
def test_detected_language(text: str, language: str | None) -> None:
    assert detect_language(text) == language


def test_rules_are_read_from_site_toml(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('[[scraped]]\nfiles = "wire/*"\nfrom = "^Also"\n', "utf-8")
    settings = load_settings({"content": str(tmp_path)}, {})
    assert settings.site.scraped == (ScrapedRule(files="wire/*", cut_from="^Also"),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[[scraped]]\ncut = "("',
            "toml:2: scraped: cut: invalid value '(': expected a regular expression (missing",
        ),
        ("[[scraped]]\ncut = 5", "toml:2: scraped: cut: invalid value 5: expected a non-empty text"),
        ('[[scraped]]\ncuts = "a"', "toml:2: scraped: no such key cuts; did you mean cut?"),
        (
            '[[scraped]]\ncut = "a"\n[[scraped]]\n',
            "toml:3: scraped: it is empty; give it files, cut, from, until",
        ),
        ('scraped = "a"', "[[scraped]] tables"),
    ],
)
def test_error_names_the_invalid_rule(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "site.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=re.escape(message)):
        load_settings({"content": str(tmp_path)}, {})


RECORD = "A headline over it all\nBy Ana Quill\nMarch 4, 2019\n" + PARAGRAPH + "\n" + PARAGRAPH.format(1)


def test_record_with_only_a_text_is_a_scraped_page() -> None:
    data = json.dumps({"text": RECORD, "url": "https://a.example/"}).encode()
    (article,) = load(Path(), "a.json", data, Site()).articles
    assert (article.title, article.authors[0].name) == ("A headline over it all", "Ana Quill")
    assert article.published == datetime(2019, 3, 4, tzinfo=UTC)


def test_given_values_win_over_those_of_the_text() -> None:
    data = json.dumps({"text": RECORD, "date": "2018-01-01", "author": "Bo Lens", "lang": "nl"}).encode()
    (article,) = load(Path(), "a.json", data, Site()).articles
    assert (article.authors[0].name, article.language) == ("Bo Lens", "nl")
    assert article.published == datetime(2018, 1, 1, tzinfo=UTC)
    (article,) = load(Path(), "2017-05-06-vote.txt", RECORD.encode(), Site()).articles
    assert article.published == datetime(2017, 5, 6, tzinfo=UTC)


def test_text_with_front_matter_is_not_scraped() -> None:
    (article,) = load(Path(), "a.txt", f"---\ntitle: T\n---\n{RECORD}".encode(), Site()).articles
    assert article.content_text.startswith("A headline over it all")
    assert article.authors == ()


def test_excluded_page_has_no_receipts() -> None:
    text = "About this folder\nBy Ann Lee\n\nThe articles in this folder are those of the year 2019."
    result = load(Path("/nowhere"), "README.txt", text.encode(), Site())
    assert [exclusion.reason for exclusion in result.exclusions] == [
        "about the folder itself, not an article"
    ]
    assert (result.receipts, result.faults) == ((), ())


KEPT = [
    ("Copyright law in Europe was changed last year, and few understood it.",),
    ("Like the old track on the hill, it is closed in winter.",),
    ("The networks he had left:", "Facebook", "Twitter", "That was all."),
    ("Reply", "He said: I waited two years for a reply."),
    ("2 years ago", "Three days", "The wait is over."),
    ("Read more:", "A headline", PROSE[1], "($1 = 2 crowns)", PROSE[2]),
    ("Ann Lee is the mayor of the town and she will speak on Monday at noon.",),
    ("Topics",),
    ("“You have to support us now,” the fireman said to the crowd in the square.",),
]


@pytest.mark.parametrize("lines", KEPT)
def test_text_that_resembles_boilerplate_stays(lines: tuple[str, ...]) -> None:
    text = "\n\n".join(("The river rises", "By Bo Ek", *PROSE, *lines, PROSE[0].replace("two", "nine")))
    (article,) = load(Path("/nowhere"), "river.txt", text.encode(), Site()).articles
    lost = [
        line
        for line in (*PROSE, *lines)
        if line.endswith((".", "square.")) and line not in article.content_text
    ]
    assert lost == []
