"""Whatever an item holds, the file written for it loads to the same values."""

import string
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.content import load
from service.content.identity.ids import to_uri
from service.content.identity.slugs import name_slug
from service.importing.item import ImportedItem
from service.importing.output.compose import compose
from service.importing.output.output_folder import OutputFolder
from service.model import Article, Attachment, Author, Image, Site, Source, Span

MARKS = [
    *(
        "<b>",
        "</b>",
        "<p>",
        "<table>",
        "<br>",
        "<T>",
        "&amp;",
        "&lt;",
        "&#60;",
        "&",
        "<",
        ">",
        "[a](b)",
        "[",
        "]",
    ),
    *(
        "**",
        "*",
        "_",
        "`",
        "~~",
        "==",
        "#",
        "- ",
        "1. ",
        "{{ x }}",
        "{% if %}",
        "{#",
        ":smile:",
        "https://a.example/",
    ),
    *(
        "www.a.example",
        "a@b.example",
        ";",
        ",",
        "|",
        "\\",
        '"',
        "'",
        "$x$",
        "<!-- more -->",
        "[[a]]",
        "By ",
        "null",
    ),
    *("日本", "é", "true", "12", "2020-01-01", "---", ": ", "%", "@", "!", "\u00a0", "\u200b"),
]
LETTERS = string.ascii_letters + string.punctuation + " éßж日"


def lines() -> st.SearchStrategy[str]:
    """Text on one line, as readers of sources make it: no spaces around it or doubled."""
    pieces = st.lists(st.one_of(st.sampled_from(MARKS), st.text(LETTERS, max_size=6)), min_size=1, max_size=6)
    joined = st.tuples(st.sampled_from(["", " "]), pieces).map(
        lambda pair: " ".join(pair[0].join(pair[1]).split())
    )
    return joined.filter(bool)


def load_item(item: ImportedItem, folder: Path) -> Article:
    composed = compose(item, "a", "urn:a", "a.md", folder, Site())
    assert composed.text is not None, composed.notes
    loaded = load(folder, "a.md", composed.text.encode(), Site())
    assert not loaded.faults, (loaded.faults, composed.text)
    return loaded.articles[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("empty")


@given(lines())
@example("Using the <table> element & <b> tag")
@example("Why <section>, &amp; more")
@example("Why <em> is nice")
@example("{{ page.title }}")
@example("{% raw %} &copy")
def test_a_title_loads_as_it_was(folder: Path, title: str) -> None:
    assert load_item(ImportedItem(place="a", title=title, text="<p>x</p>"), folder).title == title


@given(lines())
@example("Use <br> in text")
@example("The <b> element marks text, &amp; is an ampersand, [a](b) a link.")
@example("a ** b, 2 ** 3")
@example("# no heading, 1. no list, <!-- more -->")
def test_a_summary_loads_as_it_was(folder: Path, summary: str) -> None:
    item = ImportedItem(place="a", title="T", text="<p>x</p>", summary=summary)
    assert load_item(item, folder).summary == summary


@given(lines(), lines(), lines(), lines())
def test_texts_load_as_they_were(
    folder: Path, subtitle: str, rights: str, correction: str, dateline: str
) -> None:
    item = ImportedItem(
        place="a",
        title="T",
        text="<p>x</p>",
        subtitle=subtitle,
        rights=rights,
        correction=correction,
        dateline=dateline,
    )
    article = load_item(item, folder)
    assert (article.subtitle, article.rights, article.correction, article.dateline) == (
        subtitle,
        rights,
        correction,
        dateline,
    )


@given(st.lists(lines(), max_size=4, unique_by=name_slug))
def test_authors_load_as_they_were(folder: Path, names: list[str]) -> None:
    authors = tuple(Author(name, name_slug(name)) for name in names)
    article = load_item(ImportedItem(place="a", title="T", text="<p>x</p>", authors=authors), folder)
    assert [author.name for author in article.authors] == names


TAGS = lines().filter(lambda name: not name.startswith("#"))  # a tag is read without its hash


@given(st.lists(TAGS, max_size=4, unique_by=name_slug))
def test_tags_load_as_they_were(folder: Path, names: list[str]) -> None:
    article = load_item(ImportedItem(place="a", title="T", text="<p>x</p>", tags=tuple(names)), folder)
    assert [tag.name for tag in article.tags] == names


@given(lines(), lines(), lines())
def test_a_source_loads_as_it_was(folder: Path, name: str, title: str, author: str) -> None:
    source = Source(
        name=name, slug=name_slug(name), title=title, author=author, url="https://a.example/?a=1&b=%20"
    )
    assert (
        load_item(ImportedItem(place="a", title="T", text="<p>x</p>", source=source), folder).source == source
    )


@given(lines())
def test_pictures_and_attachments_load_as_they_were(folder: Path, text: str) -> None:
    image = Image(url="https://a.example/a%20b.jpg?x=%5B1%5D&y='", alt=text, width=3)
    attachment = Attachment("https://a.example/%C3%A9%20(1).mp3", "audio/mpeg", 5, text, 7)
    item = ImportedItem(place="a", title="T", text="<p>x</p>", image=image, attachments=(attachment,))
    article = load_item(item, folder)
    assert (article.image, article.attachments) == (image, (attachment,))


INSTANTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


@given(INSTANTS.map(lambda at: at.replace(microsecond=0)))
def test_a_date_loads_as_it_was(folder: Path, published: datetime) -> None:
    item = ImportedItem(place="a", title="T", text="<p>x</p>", published=published)
    assert load_item(item, folder).published == published


@given(lines(), lines())
@example("C++ & C#?", "日本")
def test_a_slug_and_an_id_load_as_they_were(folder: Path, identity: str, slug: str) -> None:
    item = ImportedItem(place="a", title="T", text="<p>x</p>", id=identity, slug=slug)
    place = OutputFolder(folder, Site()).choose(item)
    composed = compose(item, place.slug, place.id, place.path, folder, Site())
    assert composed.text is not None, composed.notes
    article = load(folder, place.path, composed.text.encode(), Site()).articles[0]
    assert (article.slug, article.id) == (place.slug, to_uri(identity))


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize(("within", "month", "day"), [("year", 1, 1), ("month", 7, 1), ("day", 7, 9)])
def test_the_precision_of_a_date_is_kept(folder: Path, zone: str, within: Span, month: int, day: int) -> None:
    site = Site(time_zone=zone)
    published = datetime(2015, month, day, tzinfo=site.zone).astimezone(UTC)
    item = ImportedItem(place="a", title="T", text="<p>x</p>", published=published, published_within=within)
    composed = compose(item, "a", "urn:a", "a.md", folder, site)
    assert composed.text is not None
    article = load(folder, "a.md", composed.text.encode(), site).articles[0]
    assert (article.published, article.published_within) == (published, within)


@given(lines())
def test_a_series_loads_as_it_was(folder: Path, name: str) -> None:
    item = ImportedItem(place="a", title="T", text="<p>x</p>", series=name, series_order=2, featured=True)
    article = load_item(item, folder)
    assert (article.series, article.series_order, article.featured) == (name, 2, True)


def test_a_change_before_the_publication_is_no_update(folder: Path) -> None:
    published, updated = datetime(2020, 1, 2, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)
    item = ImportedItem(place="a", title="T", text="<p>x</p>", published=published, updated=updated)
    assert load_item(item, folder).updated in (None, published)
