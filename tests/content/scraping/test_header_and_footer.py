"""The lines above and below the text of a scraped page: what is removed, moved or kept."""

import pytest

from service.content.scraping import read_text
from service.model import Site
from tests.support.scraped_pages import PROSE

ENDS = [
    "His comments were removed from the record.",
    "Public comments must be submitted by Friday, the agency said.",
    "The minister's comments on the civil war drew anger.",
    "“If you value our reporting, you will stand with us,” the editor told the crowd.",
    "You should support your local paper: pay for it, read it, argue with it.",
    "The end",
    "We had many comments approving of the plan, and so we went on with it.",
    "PII (Personally Identifiable Information)",
    "To bid on the old pier, click here",
    "keyword arguments of the harbour office will be able to carry all of this",
    "#1 in the harbour, and proud of it.",
]


@pytest.mark.parametrize("last", ENDS)
def test_last_sentence_of_the_text_stays(last: str) -> None:
    scraped = read_text("\n\n".join(("The river rises", *PROSE, last)), "a.txt", Site())
    assert last.split("'")[0] in scraped.html


BELOW_TEXT = [
    ("tags", "Tags: pier, coal"),
    ("tags", "#pier #coal"),
    ("tags", "Keywords pier, coal"),
    ("source", "Source: The Herald"),
    ("source", "via herald.example"),
    ("byline", "With reporting by The Herald"),
    ("byline", "Ana Quill contributed to this report."),
    ("byline", "aq/bl (AP, dpa)"),
    ("comments", "Comments that do not meet our guidelines will be rejected."),
    ("comments", "Enter the characters shown in the image."),
    ("newsletter", "Do you value our coverage of the harbour? Then you can help us today."),
    ("newsletter", "Your gift keeps our independent journalism free for readers like you."),
    ("navigation", "* * *"),
    ("date", "Updated: March 5, 2019"),
]


@pytest.mark.parametrize(("rule", "last"), BELOW_TEXT)
def test_boilerplate_below_the_text_is_removed(rule: str, last: str) -> None:
    text = "\n\n".join(("The river rises", "March 4, 2019", *PROSE, *PROSE, last))
    scraped = read_text(text, "a.txt", Site())
    assert last not in scraped.html
    assert scraped.receipts[-1].rule == rule


def test_source_line_becomes_the_source() -> None:
    for line in ("Source: The Herald", "Quelle: The Herald"):
        scraped = read_text("\n\n".join(("The river rises", *PROSE, line)), "a.txt", Site())
        assert scraped.entries["source"].value == "The Herald"


def test_diary_dates_are_not_the_date_of_publication() -> None:
    text = "\n\n".join(("A life", PROSE[0], "March 3, 1931", PROSE[1], "April 7, 1950", PROSE[2]))
    scraped = read_text(text, "a.txt", Site())
    assert "date" not in scraped.entries
    assert "March 3, 1931" in scraped.html


def test_name_in_the_headline_is_not_the_author() -> None:
    text = "\n\n".join(("Who Ana Quill is", "March 3, 2019", "Ana Quill", *PROSE))
    assert "authors" not in read_text(text, "a.txt", Site()).entries


def test_label_between_boilerplate_is_removed() -> None:
    text = "\n\n".join(("The river rises", *PROSE, "License this article", "Harbour", "© 2019 The Herald"))
    assert "Harbour" not in read_text(text, "a.txt", Site()).html
    kept = "\n\n".join(("The river rises", *PROSE, "Harbour", "© 2019 The Herald"))
    assert "Harbour" in read_text(kept, "a.txt", Site()).html


def test_sentence_continued_below_is_no_headline() -> None:
    text = "In a word issued on Monday\nby the town, the mayor said that\nall is well in the harbour.\n"
    assert "title" not in read_text(text, "a.txt", Site()).entries


def test_last_sentence_with_agency_is_no_caption() -> None:
    for last in ("The pier is closed for good, the mayor said. — AFP", "She will not come back. (Reuters)"):
        scraped = read_text("\n\n".join(("The river rises", *PROSE, last)), "a.txt", Site())
        assert last in scraped.html


def test_date_label_is_removed_with_the_date() -> None:
    above = read_text("\n\n".join(("A headline", "Updated:", "March 4, 2019", *PROSE)), "a.txt", Site())
    assert (above.entries["updated"].value, "Updated" in above.html) == ("2019-03-04", False)
    below = read_text("\n\n".join(("A headline", *PROSE, "Erstellt:", "4. März 2019")), "a.txt", Site())
    assert (below.entries["date"].value, "Erstellt" in below.html) == ("2019-03-04", False)
    alone = read_text("\n\n".join(("Posted on", "The river rises in the night", *PROSE)), "a.txt", Site())
    assert alone.entries["title"].value == "The river rises in the night"


def test_sentence_above_a_dateline_is_the_standfirst() -> None:
    lines = (
        "The river rises",
        PROSE[0],
        "Bo Lens at the pier (AP Photo/Bo Lens)",
        f"PORT TOWN — {PROSE[1]}",
        PROSE[2],
    )
    scraped = read_text("\n\n".join(lines), "a.txt", Site())
    assert scraped.entries["subtitle"].value == PROSE[0]
    signed = read_text("\n\n".join((lines[0], "By Bo Ek", *lines[1:])), "a.txt", Site())
    assert "subtitle" not in signed.entries


def test_teasers_are_removed() -> None:
    teasers = [f"{line[:28]} and so on, and so forth…" for line in PROSE[:3]]
    assert read_text("\n\n".join(("A headline", *PROSE, *teasers)), "a.txt", Site()).html.count("…") == 0
    kept = read_text("\n\n".join(("A headline", *PROSE, *teasers[:2])), "a.txt", Site())
    assert kept.html.count("…") == 2
