"""The addresses of the index that an export has, and the cache keys that changes since the last one touch."""

import hashlib

import msgspec

from service.export.addresses import SiteContents, read_contents
from service.export.fingerprint import hash_of_program
from service.export.record import ExportFacts
from service.export.rendering import hash_key, is_touched
from service.index import Index, Revision, read_addresses
from service.publisher import EVERY_DOCUMENT, find_touched_keys
from service.settings import Settings

_EVERYTHING = frozenset(map(hash_key, EVERY_DOCUMENT))


class ContentChanges(msgspec.Struct, frozen=True):
    """The addresses that the index has, and the hashed keys that changes since the last export touch.

    `made_by`, `articles` and `navigation` are hashes of the program and the settings, of all articles, and of
    what every page links to.
    """

    made_by: str
    contents: SiteContents
    generation: int
    revision: Revision
    articles: str
    navigation: str
    touched: frozenset[bytes]

    @property
    def is_everything_touched(self) -> bool:
        return not self.touched.isdisjoint(_EVERYTHING)

    def is_touched(self, keys: bytes) -> bool:
        """Whether a document with these hashed keys may have changed."""
        return is_touched(keys, self.touched)


async def read_changes(settings: Settings, before: ExportFacts, layout: str) -> ContentChanges:
    """The content of the index, and the changes since an export with the facts `before`.

    `layout` is that of the files. Raises IndexUnavailable.
    """
    made_by = hash_of_program(settings)
    known = read_addresses(settings.index)
    index = Index(settings.index)
    try:
        revision = await index.revision()
        generation = await index.newest_generation()
        navigation = await _hash_navigation(index)
        contents = await read_contents(index, known)
        is_comparable = (before.made_by, before.layout, before.navigation) == (made_by, layout, navigation)
        if not is_comparable or before.revision is None:
            touched = EVERY_DOCUMENT
        elif (before.generation, before.revision) == (generation, revision):
            touched = frozenset()
        else:
            touched = await find_touched_keys(index, before.generation, before.revision)
        return ContentChanges(
            made_by,
            contents,
            generation,
            revision,
            contents.days[-1].revision,
            navigation,
            frozenset(map(hash_key, touched)),
        )
    finally:
        await index.close()


async def _hash_navigation(index: Index) -> str:
    """A hash of the directories and pages that every page links to."""
    navigation = (sorted(await index.facet_kinds()), await index.menu_links())
    return hashlib.sha256(msgspec.msgpack.encode(navigation)).hexdigest()
