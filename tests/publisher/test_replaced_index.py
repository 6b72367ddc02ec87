"""An index that takes the place of another one, as when another publisher is followed."""

from pathlib import Path

from service.index import Index
from service.model import Site
from service.publisher import Publisher, Rendered
from service.query import Query
from tests.support.index_folder import Folder


def test_responses_are_discarded_though_the_generation_is_the_same(tmp_path: Path) -> None:
    earlier, later = Folder(tmp_path / "earlier"), Folder(tmp_path / "later")
    earlier.write("a", title="Earlier")
    later.write("a", title="Later")
    earlier.refresh()
    later.refresh()

    async def replace(index: Index) -> list[bytes]:
        publisher = Publisher(index, Site(), cache_bytes=1_000_000)
        await publisher.poll_revision()
        documents = [await publisher.listing("json", Query(), "")]
        generation = await index.newest_generation()
        later.file.replace(earlier.file)
        await publisher.poll_revision()
        assert await index.newest_generation() == generation
        documents.append(await publisher.listing("json", Query(), ""))
        return [document.body for document in documents if isinstance(document, Rendered)]

    before, after = earlier.ask(replace)
    assert b"Earlier" in before
    assert b"Later" in after
