"""Whatever an item holds, the file written for it loads to the same values."""

import html
import json
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
from service.importing.output.output_folder import ItemFile, OutputFolder
from service.model import Article, Attachment, Author, Image, Site, Source, Span
from tests.support.import_folder import import_files

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
    composed = compose(item, ItemFile("a", "urn:a", "a.md"), folder, Site())
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
    place = OutputFolder(folder, Site()).choose_file(item)
    composed = compose(item, place, folder, Site())
    assert composed.text is not None, composed.notes
    article = load(folder, place.path, composed.text.encode(), Site()).articles[0]
    assert (article.slug, article.id) == (place.slug, to_uri(identity))


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize(("within", "month", "day"), [("year", 1, 1), ("month", 7, 1), ("day", 7, 9)])
def test_the_precision_of_a_date_is_kept(folder: Path, zone: str, within: Span, month: int, day: int) -> None:
    site = Site(time_zone=zone)
    published = datetime(2015, month, day, tzinfo=site.zone).astimezone(UTC)
    item = ImportedItem(place="a", title="T", text="<p>x</p>", published=published, published_within=within)
    composed = compose(item, ItemFile("a", "urn:a", "a.md"), folder, site)
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


TITLE = "Using the <table> element & <b> tag"
SUMMARY = "Use <br> in text, &amp; [so](on)"
NAME = "Smith & <Sons>"


def ghost_export() -> dict[str, str]:
    tables = {
        "posts": [
            {
                "id": "1",
                "title": TITLE,
                "slug": "a",
                "html": "<p>x</p>",
                "status": "published",
                "visibility": "public",
                "custom_excerpt": SUMMARY,
            }
        ],
        "users": [{"id": "2", "name": NAME}],
        "posts_authors": [{"post_id": "1", "author_id": "2"}],
        "tags": [{"id": "3", "name": NAME}],
        "posts_tags": [{"post_id": "1", "tag_id": "3"}],
    }
    return {"ghost.json": json.dumps({"db": [{"data": tables}]})}


def json_feed() -> dict[str, str]:
    item = {"id": "tag:x", "title": TITLE, "summary": SUMMARY, "content_html": "<p>x</p>", "tags": [NAME]}
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [item | {"authors": [{"name": NAME}]}]}
    return {"feed.json": json.dumps(feed)}


def atom_feed(kind: str) -> dict[str, str]:
    def written(text: str) -> str:
        return html.escape(html.escape(text) if kind == "html" else text)

    entry = (
        f'<id>tag:x</id><title type="{kind}">{written(TITLE)}</title><content type="html">x</content>'
        f'<summary type="{kind}">{written(SUMMARY)}</summary><updated>2019-01-01T00:00:00Z</updated>'
        f'<author><name>{html.escape(NAME)}</name></author><category term="{html.escape(NAME)}"/>'
    )
    return {"a.xml": f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{entry}</entry></feed>'}


def h_entry() -> dict[str, str]:
    parts = {"p-name": TITLE, "p-summary": SUMMARY, "p-author": NAME, "p-category": NAME}
    marked = "".join(f'<p class="{name}">{html.escape(text)}</p>' for name, text in parts.items())
    return {"a.html": f'<article class="h-entry">{marked}<div class="e-content"><p>x</p></div></article>'}


PLAIN_SOURCES = {
    "Ghost": ghost_export(),
    "JSON Feed": json_feed(),
    "Atom text": atom_feed("text"),
    "Atom html": atom_feed("html"),
    "h-entry": h_entry(),
}


@pytest.mark.parametrize("source", PLAIN_SOURCES)
def test_plain_texts_of_every_source_stay_plain(source: str, tmp_path: Path) -> None:
    (article,) = import_files(PLAIN_SOURCES[source], tmp_path / "to").articles.values()

    assert (article.title, article.summary) == (TITLE, SUMMARY)
    assert [author.name for author in article.authors] == [NAME]
    assert [tag.name for tag in article.tags] == [NAME]
