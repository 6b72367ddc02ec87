"""An article before it is understood."""

import msgspec

from service.content.values import Entry
from service.markup import TextFormat


class Manuscript(msgspec.Struct, frozen=True):
    """The keys and the text of one article, before either is understood.

    `path` and `number` say where it lies, `line` where it begins. `named` is whether the file's name says its
    slug and date: not where a file holds many articles. `scraped` is the page as it stands, where nobody
    wrote front matter for it: its text is then read for what it says of itself (see `scraped`).
    """

    path: str
    entries: tuple[Entry, ...]
    text: str
    form: TextFormat
    line: int = 1
    number: int = 0
    named: bool = True
    scraped: str | None = None
