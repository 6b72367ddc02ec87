"""The readers of single lines: tables of what each one recognises, and of what it must not."""

import pytest

from service.content.dates.date_lines import read_date_line
from service.content.scraping import read_text
from service.content.scraping.boilerplate.breadcrumbs import match_breadcrumbs
from service.content.scraping.boilerplate.captions import is_caption
from service.content.scraping.boilerplate.line_rules import match_boilerplate
from service.content.scraping.credits.byline import read_byline
from service.content.scraping.credits.dateline import read_dateline
from service.content.scraping.credits.signature_lines import read_signed_date, read_signed_role
from service.model import Site

LONG_ROWS = ("Share on ", "you our comments ", "Source: a ", "Jan ", "A – ", "updated ", "पुल ", "x… ")


@pytest.mark.parametrize("part", LONG_ROWS)
def test_long_rows_of_words_are_read_quickly(part: str) -> None:
    row = (part * 400)[:390]
    text = "\n\n".join(("A headline", row, "The council voted on Monday to close the pier.", row, row + "!"))
    scraped = read_text(text, "a.txt", Site())
    assert "The council voted" in scraped.html


DATES = [
    ("February 14, 2018 | 4:33am EST", ["2018-02-14T04:33:00 EST"]),
    ("Feb. 14, 2018 4:33 p.m. ET", ["2018-02-14T16:33:00 ET"]),
    ("July 14, 2018 4:33 p.m. ET", ["2018-07-14T16:33:00 ET"]),
    ("12:05 a.m. EDT, May 3, 2019", ["2019-05-03T00:05:00 EDT"]),
    ("12:05 PM GMT, May 3, 2019", ["2019-05-03T12:05:00 GMT"]),
    ("Wednesday, 14 February 2018", ["2018-02-14"]),
    ("Mon 28 Jan 2019 09.30 GMT", ["2019-01-28T09:30:00 GMT"]),
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
    ("28 जनवरी 2019, 17:12", ["2019-01-28T17:12:00"]),
    ("२८ जनवरी २०१९", ["2019-01-28"]),
    ("Published in The Herald, January 28th, 2019", ["2019-01-28"]),
    ("- January, 28, 2019 - 15:42", ["2019-01-28T15:42:00"]),
    ("harbour Updated: Jan 28, 2019 21:43 GMT", ["2019-01-28T21:43:00 GMT"]),
    ("Source: The Herald| 2019-01-28 21:18:41|Editor: Ana Quill", ["2019-01-28T21:18:41"]),
    ("28/01/2019 17:12 Actualizado al 29/01/2019 18:00", ["2019-01-28T17:12:00", "2019-01-29T18:00:00"]),
    ("Last update: 1 year 2 months ago", []),
    ("In 2015 the army left", []),
    ("The 3 May 2019 vote was close", []),
    ("February 30, 2018", []),
    ("May 2019", []),
    ("Section 4, 2019", []),
    ("4:33am EST", []),
]


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_printed_date(text: str, expected: list[str]) -> None:
    date_line = read_date_line(text)
    assert [" or ".join(printed.on(day) for day in printed.days) for printed in date_line] == expected


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
    ("By: Ana Quill", ["Ana Quill"]),
    ("- Von Ana Quill", ["Ana Quill"]),
    ("By Ana Quill For The Herald", ["Ana Quill"]),
    ("by Ana Quill Posted on February 14, 2018 Categories News Tags Piers, Coal", ["Ana Quill"]),
    ("Posted by Ana Quill at 6:18 AM", ["Ana Quill"]),
    ("Von Ana Quill, ARD-Studio Hafen", ["Ana Quill"]),
    ("By Ana Quill, New Haven", ["Ana Quill"]),
    ("लेखक: सुनील मिश्रा", ["सुनील मिश्रा"]),
    ("द्वारा: इल्से मोरान", ["इल्से मोरान"]),
    ("كتب - محمد علي:", ["محمد علي"]),
    ("من أحمد رشيد", ["أحمد رشيد"]),
    ("من هو أحمد رشيد", None),
    ("By Monday, the troops had left.", None),
    ("By accident", None),
    ("Standing by the sea", None),
    ("Ana Quill reported from Port Town", None),
    ("By 2030 the pier will be closed", None),
]


@pytest.mark.parametrize(("text", "names"), BYLINES)
def test_byline(text: str, names: list[str] | None) -> None:
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
    ("London - The council of the port", "London"),
    ("München – Der Rat der Stadt", "München"),
    ("New Delhi — The council of the port", "New Delhi"),
    ("PORT TOWN: The council", "PORT TOWN"),
    ("PORT TOWN, Jan 29 AAP - The council", "PORT TOWN"),
    ("PORT TOWN, Jan. 28, 2019 /PRNewswire/ -- The Pier Company", "PORT TOWN"),
    ("PORT TOWN--(BUSINESS WIRE)--The Pier Company", "PORT TOWN"),
    ("(ANSA) - ROMA, 28 GEN - Il sindaco", "ROMA"),
    ("МОСКВА, 28 января. /ТАСС/. Водоканал сообщил", "МОСКВА"),
    ("МОСКВА, 28 янв — РИА Новости. Водоканал сообщил", "МОСКВА"),
    ("नई दिल्ली: जल कंपनी ने कहा", "नई दिल्ली"),
    ("नई दिल्ली, एजेंसी। जल कंपनी ने कहा", "नई दिल्ली"),
    ("नई दिल्ली, 24 दिसंबर 2021 (एजेंसी)। जल कंपनी", "नई दिल्ली"),
    ("【カイロ＝山田太郎】水道会社は月曜日", "カイロ"),
    ("( – The secretary told", None),
]
NO_DATELINES = [
    "The U.S. – a country that",
    "NATO — the alliance of 29 members — said",
    "US-led coalition forces said",
    "EXCLUSIVE - The army said today",
    "A man - who was there",
    "IS - the group said nothing",
    "FILE – In this photo, soldiers stand.",
    "WATER: everybody wanted it",
    "OUR VIEW: The names belong in the paper",
    "Harbour - The word alone makes her smile",
    "Fazit – Der Rat hat versagt",
    "अब: क्या",
]


@pytest.mark.parametrize(("text", "place"), DATELINES)
def test_dateline(text: str, place: str | None) -> None:
    dateline = read_dateline(text)
    assert dateline
    assert dateline.place == place
    assert text[dateline.length :][0].isalnum()


def test_dateline_with_author() -> None:
    dateline = read_dateline("【カイロ＝山田太郎】水道会社は月曜日")
    assert dateline
    assert dateline.writer == "山田太郎"
    page = read_text("断水が続く\n\n【カイロ＝山田太郎】水道会社は月曜日に発表した。", "a.txt", Site())
    assert page.entries["authors"].value == ["山田太郎"]


SPOKEN = "MODERATOR: Thank you all for coming to the town hall.\n\nKEEPER: It is good to be here tonight."


def test_speaker_is_no_dateline() -> None:
    page = read_text(f"What the keeper said\n\n{SPOKEN}", "a.txt", Site())
    assert "dateline" not in page.entries
    assert page.html.count("MODERATOR: ") == 1


@pytest.mark.parametrize("text", NO_DATELINES)
def test_text_without_dateline(text: str) -> None:
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
    "実弾演習に参加する兵士(AFP時事)",
    "![](/news/2014/07/photo.jpg)",
    '<img src="a.jpg" alt="">',
    "Image copyright Reuters",
    "Media caption How the pier fell",
    "Fuente de la imagen, Reuters",
    "图像来源，Reuters",
    "The pier on Monday.(HT Photo)",
    "The pier on Monday. (Herald News: Ana Quill)",
    "The pier on Monday. Ana Quill/U.S. Army",
    "Die Brücke: »Das konnte niemand ahnen« Foto: Ana Quill / Herald",
    "2 ZDJĘCIA",
    "PORT TOWN, IRAQ - JULY 02: A soldier shows a picture of the pier.",
    "A man walks. REUTERS/Ana Quill - RTX2UHUT",
    "881dd6e600f84f0b.jpg",
    "file photo by Bo Lens",
    "FILE - The pier. " + "It was built of oak and iron. " * 25 + "(AP Photo/Ana Quill, File)",
]
NO_CAPTIONS = [
    "He made the comments in an interview with Reuters",
    "“It is over,” he told AFP",
    "The photo shows a man.",
    "He works for Reuters.",
    "They spoke to the agency (AFP).",
    "The house was sold. (Perhaps it should not have been.)",
    "[Applause]",
    "Distant (video) meetings will be held as needed when the tide is out.",
    "On the pier lay blankets, gloves and a number of bags. dpa/gf",
    "The pier is closed. The mayor knows why. Nobody else does. (AFP)",
    "He read from the book. (It was his own.)",
    "The film (released on video in 1990) was a failure.",
    "She took the picture, and then she left.",
]


@pytest.mark.parametrize("text", CAPTIONS)
def test_caption(text: str) -> None:
    assert is_caption(text)


@pytest.mark.parametrize("text", NO_CAPTIONS)
def test_text_is_no_caption(text: str) -> None:
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
    ("Share this...", "share"),
    ("Share on FacebookPin on PinterestTweet about this on Twitter", "share"),
    ("Join the discussion!", "comments"),
    ("No comments:", "comments"),
    ("Save my name, email, and website in this browser for the next time I comment.", "comments"),
    ("Copyright RTT News", "copyright"),
    ("The Herald and the Herald logo are registered trademarks of The Herald Inc.", "copyright"),
    ("Read more ....", "next"),
    ("ये भी पढ़ें", "next"),
    ("विज्ञापन", "advertisement"),
    ("2 mn", "counter"),
    ("0 0 35 reads", "counter"),
    ('[ad_zone id="258130"]', "advertisement"),
    ("Story Code : 860449", "navigation"),
    ("DEIXE UMA RESPOSTA", "comments"),
    ("Das könnte Dir auch gefallen", "next"),
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
    "Copyright law in Europe was changed last year, and few have understood it.",
    "Copyright lasts seventy years after death. That is a long time in pop.",
    "All rights reserved to the heirs, the judge wrote, are worth nothing.",
    "The firm was accused of copying the trademarks of a rival.",
    "Help!",
    "Like the old keeper, we believe that a light is worth its oil",
]


@pytest.mark.parametrize(("text", "rule"), FURNITURE)
def test_boilerplate(text: str, rule: str) -> None:
    reason = match_boilerplate(text)
    assert reason
    assert reason[0] == rule


@pytest.mark.parametrize("text", NO_FURNITURE)
def test_text_is_no_boilerplate(text: str) -> None:
    assert match_boilerplate(text) is None


SIGNED = [
    ("Ana Quill | 3 May 2019", ("Ana Quill",)),
    ("Ana Quill | 2 years ago", ("Ana Quill",)),
    ("Reuters Updated - January 20, 2018 at 05:02 AM.", ("Reuters",)),
    ("PTI | Updated: Jan 28, 2019, 20:43", ("PTI",)),
    ("Today's Paper | November 19, 2024", None),
    ("New Delhi | 3 May 2019", None),
]


@pytest.mark.parametrize(("text", "names"), SIGNED)
def test_name_and_date(text: str, names: tuple[str, ...] | None) -> None:
    signed = read_signed_date(text)
    assert (signed.names if signed else None) == names


ROLES = [
    ("Ana Quill/ News Director", "Ana Quill"),
    ("Ana Quill, Staff Writer", "Ana Quill"),
    ("Ana Quill Middle East correspondent", "Ana Quill"),
    ("Ana Maria Quill staff reporter", "Ana Maria Quill"),
    ("Middle East correspondent", None),
    ("Ana Quill, the mayor", None),
    ("Video PlayerClose, Editor", None),
]


@pytest.mark.parametrize(("text", "name"), ROLES)
def test_name_with_role(text: str, name: str | None) -> None:
    assert read_signed_role(text) == name


GUIDES = [
    "Home > News > Iraq",
    "News   /   Iraq",
    "/ News",
    "Herald.example> Middle East>",
    "HERALD.COM",
    "www.herald.example",
    "होम | देश |",
    "ua en ru",
    "English | Deutsch | Français",
    "Today's Paper | November 19, 2024",
]
NO_GUIDES = [
    "Politics | How the long vote was lost",
    "To be or not",
    "It is so",
    "The pier: a history",
    "Home",
]


@pytest.mark.parametrize("text", GUIDES)
def test_breadcrumbs(text: str) -> None:
    assert match_breadcrumbs(" ".join(text.split()))


@pytest.mark.parametrize("text", NO_GUIDES)
def test_text_is_no_breadcrumbs(text: str) -> None:
    assert match_breadcrumbs(text) is None
