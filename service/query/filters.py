"""FILTERS: one row a filter, in the order of addresses.

A new filter is a row here and a field of `Query`. A filter by a term needs nothing else but the term itself
(`index/article_row.terms_of`), and a higher `content.CONTENT_VERSION`, so that indexes gain it for the
articles they already hold; any other needs its clause in `index/where`. A new kind of value needs a parameter
type (`filter_parsers`, `web/query_string`) and a text (`formats/titles`).
"""

from typing import Literal

import msgspec

FacetKind = Literal["tag", "author", "source", "language", "series"]
"""The kinds of terms that have a directory."""

TermKind = Literal["tag", "author", "source", "language", "series", "has", "featured"]
"""What articles are listed under. The slugs of `has` are those of MEDIA, the slug of `featured` is `true`."""

ValueKind = Literal[
    "words", "title", "name", "language", "instant", "year", "month", "id", "slug", "media", "flag"
]
"""How the value of a filter is read and written.

Words to search for in the text or the title, the slug of a name, a language tag, an instant, a year, a month,
the id or the slug of an article, a kind of medium, `true` or `false`.
"""

MEDIA: dict[str, str] = {"image": "an image", "audio": "audio", "attachment": "an attachment"}
"""The values of `has`, and how titles call them."""


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """One filter.

    `name` is its query parameter, `label` and `plural` what titles and pages call it. `term` is the kind of
    term that articles must carry (or must not, where it `excludes`); None for a filter by anything else.
    One that `repeats` takes several values: all of them hold, or any of them if it takes `alternatives`.
    The field `field` of `Query` holds its value, or all its values. `bound_alone` says that a cursor is bound
    to one value as the filter bound it before it could repeat. `description` and `example` are the API's.
    """

    name: str
    kind: ValueKind
    label: str
    plural: str = ""
    term: TermKind | None = None
    excludes: bool = False
    repeats: bool = False
    alternatives: bool = False
    bound_alone: bool = True
    field: str = ""
    description: str
    example: str

    def __post_init__(self) -> None:
        if not self.field:
            msgspec.structs.force_setattr(self, "field", f"{self.name}s" if self.repeats else self.name)

    @property
    def is_archived(self) -> bool:
        """Whether archives take it: their pages are kept by term (RFC 5005 §4)."""
        return self.term is not None


FILTERS: tuple[Filter, ...] = (
    Filter(
        name="q",
        kind="words",
        label="search",
        description="Full text search: articles that contain all these words, in any of their forms.",
        example="water supply",
    ),
    Filter(
        name="tag",
        kind="name",
        label="tag",
        plural="tags",
        term="tag",
        repeats=True,
        bound_alone=False,
        description="Only articles with this tag, by slug or name;"
        " repeat it for articles with all of several.",
        example="iraq",
    ),
    Filter(
        name="exclude_tag",
        kind="name",
        label="without tag",
        plural="without tags",
        term="tag",
        excludes=True,
        repeats=True,
        bound_alone=False,
        description="No article with this tag; may repeat.",
        example="obituary",
    ),
    Filter(
        name="any_tag",
        kind="name",
        label="any tag",
        plural="any tag of",
        term="tag",
        repeats=True,
        alternatives=True,
        description="Only articles with one or more of these tags; repeat it for each of them.",
        example="iraq",
    ),
    Filter(
        name="author",
        kind="name",
        label="author",
        plural="author",
        term="author",
        repeats=True,
        alternatives=True,
        description="Only articles by this author, by slug or name; repeat it for any of several.",
        example="ada-osei",
    ),
    Filter(
        name="source",
        kind="name",
        label="source",
        plural="source",
        term="source",
        repeats=True,
        alternatives=True,
        description="Only articles that report on this publication; repeat it for any of several.",
        example="rudaw",
    ),
    Filter(
        name="language",
        kind="language",
        label="language",
        plural="language",
        term="language",
        repeats=True,
        alternatives=True,
        description="Only articles in this language; `en` also finds `en-GB` (RFC 4647 §3.3.1);"
        " repeat it for any of several.",
        example="en",
    ),
    Filter(
        name="series",
        kind="name",
        label="series",
        term="series",
        description="Only the articles of this series, by slug or name; `sort=series` gives their order.",
        example="harbours",
    ),
    Filter(
        name="featured",
        kind="flag",
        label="featured",
        term="featured",
        description="`true`: only featured articles; `false`: only others.",
        example="true",
    ),
    Filter(
        name="has",
        kind="media",
        label="with",
        plural="with",
        term="has",
        repeats=True,
        field="media",
        description="Only articles with a lead image (`image`), with audio (`audio`),"
        " or with any attachment (`attachment`); repeat it for articles with all of several.",
        example="image",
    ),
    Filter(
        name="title",
        kind="title",
        label="title",
        description="Search in titles and subtitles only, in the syntax of `q`.",
        example="harbour",
    ),
    Filter(
        name="id",
        kind="id",
        label="id",
        plural="id",
        repeats=True,
        alternatives=True,
        description="The article with this id; repeat it for several articles.",
        example="tag:example.org,2026:en/harbour-opens",
    ),
    Filter(
        name="slug",
        kind="slug",
        label="article",
        plural="article",
        repeats=True,
        alternatives=True,
        description="The article with this slug; repeat it for several articles.",
        example="harbour-opens",
    ),
    Filter(
        name="related",
        kind="slug",
        label="related to",
        description="Articles that share a tag with the article of this slug, in its language.",
        example="harbour-opens",
    ),
    Filter(
        name="year",
        kind="year",
        label="year",
        description="Published in this year of the site's time zone.",
        example="2019",
    ),
    Filter(
        name="month",
        kind="month",
        label="month",
        description="Published in this month of the site's time zone.",
        example="2019-01",
    ),
    Filter(
        name="since",
        kind="instant",
        label="since",
        description="Published at this instant or later; a date is its midnight in the site's time zone.",
        example="2019-01-28",
    ),
    Filter(
        name="until",
        kind="instant",
        label="until",
        description="Published before this instant.",
        example="2030-01-01",
    ),
    Filter(
        name="updated_since",
        kind="instant",
        label="updated since",
        description="Updated at this instant or later.",
        example="2019-01-28T09:00:00Z",
    ),
)
