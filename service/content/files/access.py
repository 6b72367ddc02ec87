"""Which files of the content folder `/files/` serves: the rule, decided by names alone.

Paths are relative to the content folder, with forward slashes, percent-decoded.
"""

import html
import re
from collections.abc import Iterator
from urllib.parse import unquote

from service.content.discovery.exclusions import TEMPLATE_FOLDERS
from service.content.discovery.private_places import is_private_folder
from service.content.files.kinds import SUFFIXES
from service.content.files.media_types import UNKNOWN, media_type
from service.content.identity.slugs import before_query
from service.markup import FILES, SITE
from service.model import Article, Site

SITE_FILE = "site.toml"

_BACKUP_SUFFIXES = ("~", ".bak", ".orig", ".rej", ".swo", ".swp", ".tmp")
_MEDIA = ("image/", "audio/", "video/", "font/")
_DOCUMENTS = frozenset(
    {
        "application/epub+zip",
        "application/msword",
        "application/pdf",
        "application/rtf",
        "application/vnd.amazon.mobi8-ebook",
        "application/vnd.ms-excel",
        "application/vnd.ms-fontobject",
        "application/vnd.ms-powerpoint",
        "application/vnd.oasis.opendocument.graphics",
        "application/vnd.oasis.opendocument.presentation",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/x-mobipocket-ebook",
        "application/x-subrip",
        "text/css",
        "text/vtt",
    }
)
# Data and dependencies; templates are added below, and `is_private_folder` knows drafts and what is private.
_CLOSED_FOLDERS = """
    data db database databases dump dumps
    node_modules bower_components vendor venv env site-packages __pycache__
    _plugins
"""
CLOSED_FOLDERS = frozenset(_CLOSED_FOLDERS.split()) | TEMPLATE_FOLDERS

_OPEN_FOLDERS = frozenset({"_posts", "_assets", "_files", "_images", "_media"})

_INDEX_STEMS = ("index", "Index", "INDEX")
_DATED = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:[-_]|$)")
_REST_OF_NAME = re.compile(
    rf"(?:\.[A-Za-z]{{2,3}}(?:[-_][A-Za-z0-9]{{2,4}})?)?(?:{'|'.join(map(re.escape, SUFFIXES))})",
    re.IGNORECASE,
)
_ON_SITE = re.compile(rf'{SITE}/files/([^"\s<>]+)')
_ABSOLUTE = re.compile(r'"(https?://[^"\s<>]*/files/[^"\s<>]+)')
_IN_TEXT = re.compile(r"/files/([^\"'\s<>()?#]+)")


def may_be_served(path: str, *, is_referenced: bool, is_withheld: bool) -> bool:
    """Whether `/files/` serves the file at `path`.

    `is_referenced`: a visible article or a page refers to it. `is_withheld`: it lies in the folder of an
    article that is not visible (see `owns_folder`), and no visible article in that folder refers to it.
    """
    if is_never_served(path) or is_withheld:
        return False
    return is_referenced or (has_page_type(path) and not lies_in_closed_folder(path))


def is_never_served(path: str) -> bool:
    """Whether no reference opens it: hidden, a backup, the site's settings, what articles are read from."""
    return (
        not all(map(_is_public_name, path.split("/")))
        or path.casefold() == SITE_FILE
        or is_article_source(path)
    )


def is_article_source(path: str) -> bool:
    """Whether the file is one that articles are read from, so that it is never served as it lies there."""
    return path.lower().endswith(SUFFIXES)


def has_page_type(path: str) -> bool:
    """Whether a page can show it, play it, or offer it for reading: by the suffix of its name."""
    name = path.rpartition("/")[2]
    known = media_type(name) if "." in name else UNKNOWN
    return known.startswith(_MEDIA) or known in _DOCUMENTS


def lies_in_closed_folder(path: str) -> bool:
    """Whether a folder above it holds data, dependencies, templates or drafts, or is one generators skip."""
    folders = path.casefold().split("/")[:-1]
    return any(
        folder in CLOSED_FOLDERS
        or (folder.startswith("_") and folder not in _OPEN_FOLDERS)
        or is_private_folder(folder)
        for folder in folders
    )


def enclosing_folders(path: str) -> Iterator[str]:
    """The folders above `path`, the nearest first, without the content folder itself."""
    while path := path.rpartition("/")[0]:
        yield path


def owns_folder(article: str, folder: str) -> bool:
    """Whether `folder` belongs to the article file `article`, as its page bundle or folder of assets.

    `later/index.md` and `later/later.md` own `later`, `later.md` outside of it does too (Hexo), each in any
    language; so does every article directly in a folder that is named with a date or lies below `_posts`.
    """
    parent, _, name = article.rpartition("/")
    last = folder.rpartition("/")[2]
    if parent != folder:
        return parent == folder.rpartition("/")[0] and _is_named(name, last)
    return _is_post_folder(folder) or any(_is_named(name, stem) for stem in _stems(last))


def owner_prefixes(folder: str) -> tuple[str, ...]:
    """The beginnings of the paths of the article files that own `folder`; others may begin so as well."""
    if _is_post_folder(folder):
        return f"{folder}.", f"{folder}/"
    return f"{folder}.", *(f"{folder}/{stem}." for stem in _stems(folder.rpartition("/")[2]))


def file_references(article: Article) -> frozenset[str]:
    """The files that `article` refers to: paths, and absolute addresses with `/files/` in them, decoded."""
    content = article.content_html
    in_content = [*_ON_SITE.findall(content), *_ABSOLUTE.findall(content)] if FILES in content else []
    references = {_path(html.unescape(reference.rstrip(","))) for reference in in_content}
    named = [article.image.url] if article.image else []
    named += [attachment.url for attachment in article.attachments]
    for url in named:
        if url.startswith(FILES):
            references.add(_path(url.removeprefix(FILES)))
        elif FILES in url:
            references.add(_path(url))
    return frozenset(references)


def page_references(site: Site) -> frozenset[str]:
    """The files that the pages of `site` refer to, by path: icon, logo, navigation, footer, templates."""
    named = [site.icon, site.logo, site.footer, *(link.url for link in site.navigation)]
    texts = [text for text in (*named, *(template.text for template in site.templates)) if text]
    return frozenset(_path(reference) for text in texts for reference in _IN_TEXT.findall(text))


def _path(reference: str) -> str:
    return unquote(before_query(reference))


def _is_public_name(segment: str) -> bool:
    public = (
        bool(segment)
        and not segment.startswith((".", "#"))
        and not segment.lower().endswith(_BACKUP_SUFFIXES)
    )
    return public and "\\" not in segment and "\x00" not in segment


def _is_named(name: str, stem: str) -> bool:
    """Whether `name` is that of an article file called `stem`, perhaps in one language: `stem.fr.md`."""
    return bool(stem) and name.startswith(stem) and bool(_REST_OF_NAME.fullmatch(name, len(stem)))


def _stems(folder: str) -> tuple[str, ...]:
    """The names, without suffix, that the article of a folder of this name may have."""
    return *_INDEX_STEMS, folder


def _is_post_folder(folder: str) -> bool:
    """Whether one post has it for itself by its place, whatever the post is called."""
    *above, last = folder.split("/")
    return bool(_DATED.match(last)) or "_posts" in above
