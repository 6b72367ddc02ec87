"""Files that a text shows within itself: those that MDX imports, and includes of VitePress.

`import Steps from './_steps.mdx'` with `<Steps />`, and `<!--@include: ./steps.md-->`.
"""

import posixpath
import re

from service.content.files.dependencies import FileLookup
from service.content.files.regular_files import open_regular
from service.content.front_matter.splitting import split
from service.content.parsing.decoding import decode
from service.content.shortcodes.code import Code
from service.content.shortcodes.prefilter import holds, scan_markers
from service.errors import ContentError

_IMPORT = re.compile(
    r"\bimport[ \t\n]+([A-Z]\w*)[ \t\n]+from[ \t\n]+['\"](\.{1,2}/[^'\"\n]{1,300}\.mdx?)['\"]"
)
_COMPONENT = re.compile(r"(?:(?<=\n)[ \t]{1,40})?<([A-Z]\w*)\b[^<>]{0,500}/>")
_INCLUDE = re.compile(
    r"^[ \t]*<!--[ \t]*@include:[ \t]*(\.{1,2}/[^\n{}#>]{1,300}?\.md)[ \t]*-->[ \t]*$", re.MULTILINE
)
_MOST_NESTED = 3
_MOST_SHOWN = 50
_LONGEST = 1_000_000


def has_parts(text: str, *, may_be_mdx: bool) -> bool:
    """Whether `text` may show other files of the folder."""
    return holds(text, "@include:") or (may_be_mdx and ".md" in text and bool(_IMPORT.search(text)))


def include_parts(text: str, path: str, lookup: FileLookup, *, may_be_mdx: bool, depth: int = 0) -> str:
    """The Markdown `text` of the file at `path` with the text of each such file in its place.

    A file that is missing or cannot be read is left to what removes unknown components and includes. Nothing
    is included if the text became longer than 1 MB.
    """
    if depth == _MOST_NESTED or not has_parts(text, may_be_mdx=may_be_mdx):
        return text
    code = Code("markdown")
    hidden = code.hide(text, scan_markers(text))

    def read(name: str) -> str | None:
        place = posixpath.normpath(posixpath.join(posixpath.dirname(path), name.replace("\\", "")))
        part = _read_text(place, lookup) if place != path else None
        if part is None:
            return None
        part = include_parts(part, place, lookup, may_be_mdx=may_be_mdx, depth=depth + 1)
        return code.keep(f"\n\n{part.strip()}\n\n")

    parts = {component: read(name) for component, name in _IMPORT.findall(hidden)} if may_be_mdx else {}
    if parts:
        hidden = _COMPONENT.sub(lambda tag: parts.get(tag[1]) or tag[0], hidden, count=_MOST_SHOWN)
    hidden = _INCLUDE.sub(lambda include: read(include[1]) or include[0], hidden, count=_MOST_SHOWN)
    shown = code.show(hidden)
    return shown if len(shown) <= _LONGEST else text


def _read_text(place: str, lookup: FileLookup) -> str | None:
    """The text of the file at `place` without its front matter; None if there is none to read."""
    if not lookup.measure(place):
        return None
    try:
        with open_regular(lookup.root / place) as file:
            return split(decode(file.read(_LONGEST))[0]).body
    except (OSError, ContentError):
        return None
