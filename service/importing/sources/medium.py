"""Medium's export: each page in `posts` is an `h-entry`, the other folders are about the account."""

import re

import msgspec
from turbohtml import parse_fragment

from service.importing.parsing.microformats import HEntry

_MARK = re.compile(
    r"Exported from\s{1,20}<a\b[^<>]{0,200}?medium\.com[^<>]{0,200}>\s{0,20}Medium", re.IGNORECASE
)
_POST_ADDRESS = re.compile(r"href\s*=\s*[\"'](https://medium\.com/p/[0-9a-f]{6,})/?[\"']")
_SLUG_ID = re.compile(r"-[0-9a-f]{8,}$")
# Classes that Medium's editor gives its paragraphs.
_PARAGRAPH = re.compile(r"\bclass\s?=\s?[\"'][^\"'<>]{0,100}?\bgraf--\w")

DRAFT_PREFIX = "draft_"
POSTS_FOLDER = "posts"
ACCOUNT_FOLDERS = frozenset(
    """
    blocks bookmarks claps highlights interests ips lists partner-program profile pubs-following responses
    sessions topics-following twitter users-following
    """.split()
)
"""Folders of the export that hold pages about the account and what it read."""


class MediumPost(msgspec.Struct, frozen=True):
    """The facts of Medium's pages that are not in their `h-entry`."""

    entry: HEntry
    id: str | None
    slug: str | None
    is_draft: bool
    is_response: bool


def is_medium_page(html: str) -> bool:
    """Whether a page is part of Medium's export, by its last line or the classes of its text."""
    return bool(_MARK.search(html) or _PARAGRAPH.search(html))


def read_post(entry: HEntry, html: str) -> MediumPost:
    """The post of the page `html`.

    A draft has no date of publication, and DRAFT_PREFIX before its file name. A response has no title:
    `p-name` repeats the beginning of its text. The id is the address that Medium's feed has as its guid.
    """
    fragment = parse_fragment(entry.content)
    titles = fragment.select(".graf--title")
    text = " ".join(fragment.text.split())
    for element in [*titles, *fragment.select(".graf--subtitle")]:
        element.decompose()
    first_rule = next(iter(fragment.select(".section-divider")), None)
    if first_rule is not None:
        first_rule.decompose()  # it stands above the first section
    body = " ".join(fragment.text.split())
    summary = (entry.summary or "").rstrip("… ")
    is_repeated = not summary or body.startswith(summary)
    addresses = _POST_ADDRESS.findall(html)
    slug = _SLUG_ID.sub("", (entry.canonical or "").rstrip("/").rpartition("/")[2])
    return MediumPost(
        entry=msgspec.structs.replace(
            entry, content=fragment.inner_html, summary=None if is_repeated else entry.summary
        ),
        id=addresses[-1] if addresses else entry.canonical,
        slug=slug or None,
        is_draft=entry.published is None,
        is_response=not titles and text.startswith((entry.name or "").rstrip("… ")),
    )
