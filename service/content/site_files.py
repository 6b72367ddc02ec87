"""Files that articles name by their place on the old site: `/images/a.png`, which lay in `static/images`."""

import re
from functools import cached_property
from urllib.parse import unquote

from service.content.neighbours import Neighbours
from service.content.place import SUFFIXES
from service.markup import SITE, folder_base

# Where engines keep what they publish as it is; "" is for those that publish the folder itself.
_HOLDERS = ("", "static/", "public/", "source/", "assets/", "content/", "src/", "docs/")
_IN_HTML = re.compile(
    rf"{SITE}(/(?!files/|articles/)[^\s\"'<>?#,]*\.\w+|/files/[^\s\"'<>?#]*?@site/[^\s\"'<>?#]+)"
)
_FILES = "/files/"
_LONGEST = 500


class SiteFiles:
    """Finds the neighbours that the article at `path` names as they were on its own site."""

    def __init__(self, path: str, neighbours: Neighbours) -> None:
        self._path = path
        self._neighbours = neighbours

    @cached_property
    def _holders(self) -> list[str]:
        """The folders in which what is named may lie, from the top, each with a slash after it."""
        ends = [at + 1 for at, character in enumerate(self._path) if character == "/"]
        return [self._path[:end] + holder for end in (0, *ends) for holder in _HOLDERS]

    def in_html(self, html: str) -> str:
        """Safe HTML with each such reference led to the file, where there is one."""
        return _IN_HTML.sub(lambda match: f"{SITE}{self.at(match[1])}", html)

    def at(self, reference: str, given: str | None = None) -> str:
        """`reference` as `/files/…` where the file lies in the folder; else as it is.

        `given` is what stood in front matter: many themes take `images/a.png` there from the top of the site.
        """
        if given is not None and reference.startswith(_FILES):
            own = unquote(reference.removeprefix(_FILES))
            if "://" in given or self._neighbours.has(own):
                return reference
            return self._found(given) or reference
        place = reference.partition("@site/")[2] if "@site/" in reference else reference
        return (self._found(place) if place.startswith("/") or place != reference else None) or reference

    def _found(self, reference: str) -> str | None:
        wanted = unquote(re.split(r"[?#]", reference)[0]).strip("/")
        parts = wanted.split("/")
        if ".." in parts or "." not in parts[-1] or len(wanted) > _LONGEST or not wanted.isprintable():
            return None
        if wanted.lower().endswith(SUFFIXES) or any(part.startswith(".") for part in parts):
            return None
        place = self._neighbours.first(self._holders, wanted)
        return None if place is None else folder_base(f"{place}/").rstrip("/")
