"""References to files by their address on the old site: `/images/a.png` for `static/images/a.png`."""

import re
from functools import lru_cache
from urllib.parse import unquote

from service.content.files.dependencies import FileLookup
from service.content.files.kinds import SUFFIXES
from service.content.identity.slugs import before_query
from service.markup import FILES, SITE, folder_base

# Where generators keep static files; "" is for those that publish the folder itself.
_STATIC_FOLDERS = ("", "static/", "public/", "source/", "assets/", "content/", "src/", "docs/")
_NAMED = re.compile(r"/(?!files/|articles/)[^\s\"'<>?#,]*\.\w+")
# What stands for a folder of the site: `@site/` in Docusaurus, `~/` and `@assets/` in Astro and Nuxt.
_ALIASED = re.compile(r"/files/[^\s\"'<>?#]*?/?(?:@site/|~/|@/|@(?=[\w-]+/))(?P<place>[^\s\"'<>?#]+)")
_MAX_PATH = 500


class SiteFiles:
    """Resolves the references of the article at `path` to its site.

    `old_base` may stand before their paths on the old site, `base` before those here: the path of the public
    URL. Below `own_address`, its address on the old site, are the files of its folder, as in a page bundle of
    Hugo.
    """

    def __init__(
        self,
        path: str,
        lookup: FileLookup,
        old_base: str = "",
        base: str = "",
        own_address: str | None = None,
    ) -> None:
        self._path = path
        self._lookup = lookup
        self._own_folder = f"{own_address.strip('/')}/" if own_address and own_address.strip("/") else None
        self._base = base
        self._base_paths = tuple(
            f"{unquote(path).strip('/')}/" for path in (old_base, base) if path.strip("/")
        )

    def resolve_html(self, html: str) -> str:
        """Safe HTML in which each reference leads to its file, if there is one, else below `base`."""
        pieces: list[str] = []
        end = 0
        has_alias = "@" in html or "~/" in html
        mark = html.find(SITE)
        while mark >= 0:
            named = _NAMED.match(html, mark + 1) or (has_alias and _ALIASED.match(html, mark + 1))
            if named and (file := self.resolve(named[0])) != named[0]:
                pieces += (html[end : mark + 1], file)
                end = named.end()
            elif not named and self._has_base(html, mark + 1):
                end_of_base = mark + 1 + len(self._base)
                pieces += (html[end : mark + 1], "" if html[end_of_base] == "/" else "/")
                end = end_of_base
            mark = html.find(SITE, mark + 1)
        return "".join((*pieces, html[end:])) if pieces else html

    def resolve(self, reference: str, text: str | None = None) -> str:
        """`reference` as `/files/…` if the file is in the folder; else as a path below `base`.

        `text` is the reference in front matter: many themes resolve `images/a.png` there from the root.
        """
        if text is not None and reference.startswith(FILES):
            own = unquote(reference.removeprefix(FILES))
            if "://" in text or self._lookup.has(own):
                return reference
            return self._find(text) or reference
        if aliased := _ALIASED.fullmatch(reference):
            is_named = self._lookup.has(unquote(reference.removeprefix(FILES)))
            return reference if is_named else self._find(aliased["place"]) or reference
        if file := self._find(reference) if reference.startswith("/") else None:
            return file
        if not self._has_base(f'{reference}"', 0):
            return reference
        below = reference.removeprefix(self._base)
        return below if below.startswith("/") else f"/{below}"

    def _has_base(self, text: str, start: int) -> bool:
        """Whether `base` stands before the path in `text` at `start`, which ends with a quotation mark."""
        end = start + len(self._base)
        return bool(self._base) and text.startswith(self._base, start) and text[end : end + 1] in {*'/"?#'}

    def _find(self, reference: str) -> str | None:
        name = unquote(before_query(reference)).strip("/")
        if "." not in name.rpartition("/")[2] or len(name) > _MAX_PATH or not name.isprintable():
            return None
        hidden = name.startswith(".") or "/." in name  # or `..`
        if hidden or name.lower().endswith(SUFFIXES):
            return None
        names = [name, *(name.removeprefix(base) for base in self._base_paths if name.startswith(base))]
        folder = self._path.rpartition("/")[0]
        folders = _static_folders(folder)
        if self._own_folder:
            own = [name.removeprefix(self._own_folder) for name in names if name.startswith(self._own_folder)]
            places = (self._lookup.first((f"{folder}/" if folder else "",), name) for name in own)
            if place := next(filter(None, places), None):
                return folder_base(f"{place}/").rstrip("/")
        places = (self._lookup.first(folders, name) for name in names)
        place = next((place for place in places if place is not None), None)
        return None if place is None else folder_base(f"{place}/").rstrip("/")


@lru_cache(maxsize=1024)
def _static_folders(folder: str) -> tuple[str, ...]:
    """The folders in which an article in `folder` may have its files, from the top; each ends in a slash."""
    parents = [f"{folder[:end]}/" for end in range(1, len(folder) + 1) if folder[end : end + 1] in {"", "/"}]
    return tuple(place + static for place in ("", *parents) for static in _STATIC_FOLDERS)
