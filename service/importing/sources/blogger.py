"""Blogger's exports, which are Atom: what kind of entry each is, its status and its address.

The export until 2024 has posts, pages, comments, the template and the settings as entries of one feed, which
a category distinguishes. In Google Takeout's `feed.atom`, elements of the namespace `blogger/2018` do.
"""

from datetime import datetime
from xml.etree.ElementTree import Element

from service.importing.draft_reasons import publication_reason, status_reason
from service.importing.item import ImportOptions
from service.importing.parsing.xml import children, first_text

_KINDS = "http://schemas.google.com/blogger/2008/kind#"

LEFT_OUT = {
    "comments": "comments are not imported",
    "pages": "they are not articles (--pages imports them)",
    "settings": "they are settings of the old site",
    "templates": "they are templates of the old site",
    "entries of other kinds": "they are neither posts nor pages",
    "posts in the trash": "they are in the trash",
}
"""The kinds of entries that are left out, and why."""

_CATEGORIES = {"comment": "comments", "page": "pages", "settings": "settings", "template": "templates"}


def left_out_category(element: Element, terms: list[str], options: ImportOptions) -> str | None:
    """The key of LEFT_OUT for an entry that is not imported; None for a post and for other feeds' entries."""
    kind = _kind(element, terms)
    if kind == "page" and options.pages:
        kind = "post"
    if kind not in {None, "post"}:
        return _CATEGORIES.get(str(kind), "entries of other kinds")
    if children(element, "blogger:inReplyTo"):
        return "comments"
    is_trashed = bool(first_text(element, "blogger:trashed")) or "trash" in (_status(element) or "")
    return "posts in the trash" if is_trashed else None


def is_page(element: Element, terms: list[str]) -> bool:
    """Whether an entry is a page of a blog, which is imported only on request."""
    return _kind(element, terms) == "page"


def draft_reason(element: Element, published: datetime | None, options: ImportOptions) -> str | None:
    """Why a post of Takeout's feed was not public; None for a live one, and for one without a status."""
    status = _status(element)
    if status is None:
        is_takeout = first_text(element, "blogger:type") is not None
        return status_reason(None) if is_takeout else None
    return publication_reason(
        status, public={"live", "published"}, scheduled="scheduled", published=published, options=options
    )


def address(element: Element) -> str | None:
    """The path the post had on its site, `/2019/01/a.html`, where Takeout gives it."""
    path = first_text(element, "blogger:filename")
    return f"/{path.lstrip('/')}" if path else None


def _kind(element: Element, terms: list[str]) -> str | None:
    """`post`, `page`, `comment`, …; None where the entry does not say."""
    if kind := first_text(element, "blogger:type"):
        return kind.lower()
    return next((term.removeprefix(_KINDS).lower() for term in terms if term.startswith(_KINDS)), None)


def _status(element: Element) -> str | None:
    status = first_text(element, "blogger:status")
    return status.lower() if status else None
