"""Metadata next to `vote.md`: `vote.meta` if it has no front matter (Nikola), `vote.json` (Eleventy)."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from service.content.files.dependencies import FileLookup
from service.content.front_matter.splitting import parse_data, split
from service.content.front_matter.text_headers import add_tag_status
from service.content.front_matter.values import normal_key
from service.content.generators.addresses.article_addresses import find_scheme
from service.content.generators.addresses.scheme import Scheme
from service.content.generators.eleventy import EleventyScheme, read_directory_data
from service.content.parsing.decoding import decode
from service.content.parsing.raw_article import RawArticle
from service.errors import ContentError

Value = TypeVar("Value")


def add_metadata_file(raw: RawArticle, lookup: FileLookup) -> RawArticle:
    """`raw` with the keys of its metadata file, if it has such a file and no front matter.

    The keys are written as front matter: `.. title: A vote`, YAML or TOML. Raises ContentError if the file
    cannot be read, since it may say that the article is a draft.
    """
    path = f"{raw.path.rpartition('.')[0]}.meta"
    is_bare = raw.named and (not raw.entries or raw.scraped is not None)
    if not is_bare or not lookup.measure(path):
        return raw
    matter = _read(lookup, path, split)
    if not matter.entries:
        return raw  # of another program
    entries = tuple(
        msgspec.structs.replace(entry, line=raw.line) for entry in add_tag_status(matter.entries.values())
    )
    names = {entry.name for entry in entries}
    kept = tuple(entry for entry in raw.entries if entry.name not in names)
    return msgspec.structs.replace(raw, entries=(*entries, *kept), scraped=None)


def read_template_data(path: str, lookup: FileLookup, schemes: tuple[Scheme, ...]) -> dict[str, Any]:
    """The values, by normal key, that `a.json` has for `a.md` in a site of Eleventy; {} elsewhere.

    Raises ContentError if the file cannot be read, since it may say that the article is a draft.
    """
    data_path = f"{path.rpartition('.')[0]}.json"
    if not isinstance(find_scheme(schemes, path), EleventyScheme) or path == data_path:
        return {}
    if not lookup.measure(data_path):
        return {}
    data = _read(lookup, data_path, lambda text: parse_data(data_path, text))
    found = read_directory_data(data_path, data)
    return {normal_key(name): value for name, value in found[1].values.items()} if found else {}


def _read(lookup: FileLookup, path: str, parse: Callable[[str], Value]) -> Value:
    try:
        return parse(decode((lookup.root / path).read_bytes())[0])
    except OSError as error:
        raise ContentError(1, f"{path} cannot be read: {error.strerror}") from None
    except ContentError as error:
        raise ContentError(1, f"{path}:{error.line}: {error.message}") from None
