"""The metadata file next to a text without front matter: `vote.meta` next to `vote.md`, as in Nikola."""

import msgspec

from service.content.files.dependencies import FileLookup
from service.content.parsing.decoding import decode
from service.content.parsing.front_matter import split
from service.content.parsing.raw_article import RawArticle
from service.content.parsing.text_headers import add_tag_status
from service.errors import ContentError


def add_metadata_file(raw: RawArticle, lookup: FileLookup) -> RawArticle:
    """`raw` with the keys of its metadata file, if it has such a file and no front matter.

    The keys are written as front matter: `.. title: A vote`, YAML or TOML. Raises ContentError if the file
    cannot be read, since it may say that the article is a draft.
    """
    path = f"{raw.path.rpartition('.')[0]}.meta"
    is_bare = raw.named and (not raw.entries or raw.scraped is not None)
    if not is_bare or not lookup.measure(path):
        return raw
    try:
        matter = split(decode((lookup.root / path).read_bytes())[0])
    except OSError as error:
        raise ContentError(1, f"{path} cannot be read: {error.strerror}") from None
    except ContentError as error:
        raise ContentError(1, f"{path}:{error.line}: {error.message}") from None
    if not matter.entries:
        return raw  # of another program
    entries = tuple(
        msgspec.structs.replace(entry, line=raw.line) for entry in add_tag_status(matter.entries.values())
    )
    names = {entry.name for entry in entries}
    kept = tuple(entry for entry in raw.entries if entry.name not in names)
    return msgspec.structs.replace(raw, entries=(*entries, *kept), scraped=None)
