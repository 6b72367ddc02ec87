"""Which files are pages that are not articles, by their fields, their folder, or their generator."""

import re

from service.content.fields.article_dates import PUBLISHED
from service.content.fields.field_reader import Fields
from service.content.files.kinds import INDEX_NAMES
from service.content.front_matter.values import written
from service.content.generators.addresses.article_addresses import find_scheme
from service.content.generators.jekyll import is_jekyll_post
from service.content.generators.site_settings.values import relative_path
from service.content.parsing.raw_article import RawArticle
from service.content.records import SiteContext

_TYPES = ("type", "post_type")
_PAGE_TYPES = frozenset({"page", "pages"})
_POST_TYPES = frozenset({"post", "posts", "article", "articles", "blog", "news", "podcast"})
_PAGES_FOLDER = re.compile(
    r"(?P<above>(?:content|source|src/content|src|docs|site|input)/)?_?pages?/(?P<path>.+)", re.IGNORECASE
)
_ROUTED = "src/"
"""Below `src/pages` Astro, Docusaurus and Gatsby have the posts of a blog too, which have dates."""

_POST_FOLDERS = frozenset({"_posts", "posts", "post", "blog", "articles", "news"})


def find_page_folders(
    fields: Fields, raw: RawArticle, context: SiteContext, *, is_dated: bool
) -> tuple[str, ...] | None:
    """The folders that begin the address of a page; None for an article.

    `type: page` makes a page of any file, `layout: page` of an undated one; else its folder decides, or the
    generator of its site. A list of one value is that value. `is_dated` is whether the path gives a date.
    """
    stated = next((name for name in fields.among(_TYPES) if _word(fields, name)), None)
    kind = _word(fields, stated) if stated else ""
    if kind in _POST_TYPES:
        return None
    has_date = is_dated or fields.peek(*PUBLISHED) is not None
    folders = _located(raw.path, context, has_date=has_date) if raw.named and not is_dated else None
    if stated and kind in _PAGE_TYPES:
        fields.take(stated)
        return folders or ()
    if folders is None and raw.named and not has_date and _is_marked(fields) and not is_jekyll_post(raw.path):
        return ()
    return folders


def _word(fields: Fields, name: str) -> str:
    """The value of a field, or the only one in its list, in lower case; "" for any other."""
    value = fields.peek(name)
    only = value[0] if isinstance(value, list) and len(value) == 1 else value
    return (written(only) or "").lower()


def _is_marked(fields: Fields) -> bool:
    layout = _word(fields, "layout").rpartition("/")[2].partition(".")[0]
    return layout in _PAGE_TYPES or fields.peek("eleventynavigation") not in (None, False)


def _located(path: str, context: SiteContext, *, has_date: bool) -> tuple[str, ...] | None:
    """The folders in the address of a page that is one by its place; None for any other file."""
    scheme = find_scheme(context.schemes, path)
    inner = relative_path(scheme.folder, path) if scheme else path
    if match := _PAGES_FOLDER.fullmatch(inner or path):
        is_routed = has_date and (match["above"] or "").startswith(_ROUTED)
        folders = _above(match["path"])
        return None if is_routed or not _POST_FOLDERS.isdisjoint(folders) else folders
    if scheme is None or scheme.folder not in context.page_sites or (has_date and not scheme.dates_pages):
        return None
    page_path = scheme.page_path(path)
    return None if page_path is None else _above(page_path)


def _above(path: str) -> tuple[str, ...]:
    """The folders above a page, without that of a page named `index`, which is the page."""
    *folders, name = path.split("/")
    return tuple(folders[:-1] if name.partition(".")[0].lower() in INDEX_NAMES else folders)
