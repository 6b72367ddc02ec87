"""FILTERS: one row a filter, in the order of addresses.

A new filter is a row here and a field of `Query`. A filter by a term needs nothing else but the term itself
(`index/terms`); any other needs its clause in `index/where`. A new kind of value needs a parameter type
(`web/query_string/values`) and a text (`formats/titles`).
"""

from typing import Literal

import msgspec

FacetKind = Literal["tag", "author", "source", "language"]
ValueKind = Literal["words", "name", "language", "instant"]
"""How the value of a filter is read and written: words to search for, a slug, a language tag, an instant."""


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """One filter.

    `name` is its query parameter, `label` and `plural` what titles and pages call it. `term` is the kind of
    term that articles must carry (or must not, where it `excludes`); None for a filter by anything else.
    One that `repeats` takes several values, all of which hold. `description` and `example` are the API's.
    """

    name: str
    kind: ValueKind
    label: str
    plural: str = ""
    term: FacetKind | None = None
    excludes: bool = False
    repeats: bool = False
    description: str
    example: str

    @property
    def field(self) -> str:
        """The field of `Query` that holds its value, or all its values."""
        return f"{self.name}s" if self.repeats else self.name

    @property
    def is_quick(self) -> bool:
        """Whether a query with one value of this filter takes microseconds: counts are kept by term."""
        return self.term is not None and not self.excludes

    @property
    def is_archived(self) -> bool:
        """Whether archives take it: their pages are kept by term (RFC 5005 §4)."""
        return self.term is not None


FILTERS: tuple[Filter, ...] = (
    Filter(
        name="q",
        kind="words",
        label="search",
        description="Full text search: articles that hold all these words, in any of their forms.",
        example="water supply",
    ),
    Filter(
        name="tag",
        kind="name",
        label="tag",
        plural="tags",
        term="tag",
        repeats=True,
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
        description="No article with this tag; may repeat.",
        example="obituary",
    ),
    Filter(
        name="author",
        kind="name",
        label="author",
        term="author",
        description="Only articles by this author, by slug or name.",
        example="ada-osei",
    ),
    Filter(
        name="source",
        kind="name",
        label="source",
        term="source",
        description="Only articles that report on this publication.",
        example="rudaw",
    ),
    Filter(
        name="language",
        kind="language",
        label="language",
        term="language",
        description="Only articles in this language; `en` also finds `en-GB` (RFC 4647 §3.3.1).",
        example="en",
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
