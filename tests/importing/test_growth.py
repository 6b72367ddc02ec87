"""Reading an export takes time in proportion to its length, whatever is repeated in it."""

from collections.abc import Callable

import pytest

from service.importing.detect import feed_reader
from service.importing.document import document_of
from service.importing.item import ImportedItem, ImportOptions
from service.importing.output.media import MediaFolder, use_local_files
from service.importing.parsing.microformats import read_entry
from service.importing.sources.medium import is_medium_page
from service.importing.sources.movable_type import read_movable_type
from service.importing.sources.wordpress.shortcodes import Uploads, resolve_shortcodes
from service.importing.unsupported import describe_unsupported
from service.model import Site
from tests.support.scaling import MAX_GROWTH, measure_growth
from tests.support.server import ROOT

LONGEST = 32_000  # characters


def movable_type(text: str) -> None:
    document = document_of(f"TITLE: A\nDATE: B\n-----\nBODY:\n{text}".encode())
    list(read_movable_type(document, "a", ImportOptions(Site())))


def media(text: str) -> None:
    item = ImportedItem(place="a", title="A", text=f"<img {text}", base="https://x.example/")
    use_local_files(item, MediaFolder(ROOT / "no-such-folder"), ROOT)


def unknown(text: str) -> None:
    describe_unsupported("a", text.encode())
    feed_reader(text.encode())


H_ENTRY_TOKENS = (
    "<div class='h-entry'>|<b class='p-category'>|<a class='u-url p-author h-card' href='x'>|<svg>"
    "|<b class='dt-published'>|<b class='value'>|<div class='h-cite'>|<a class='u-in-reply-to h-cite'>|<form>"
)
READERS: list[tuple[Callable[[str], object], str]] = [
    (movable_type, "-----\n|--------\n|-----\nBODY:\n|--------\nTITLE: x\nDATE: y\n|TAGS: a,|A: b\n|\n|x"),
    (
        lambda text: read_entry(f"<div class='h-entry'><p class='e-content'>x</p>{text}"),
        H_ENTRY_TOKENS,
    ),
    (is_medium_page, "Exported from <a |Exported from <a medium.com|Exported from  |medium.com| "),
    (
        lambda text: resolve_shortcodes(f"[youtube https://x.example {text}", Uploads()),
        "[video |[video https://a|[youtube=|a=b |1|&w=1|[gallery] |[/a]|[vc_a ",
    ),
    (media, '<img |<img src=|<img src="| src=| src=a| srcset="a 1x, |a 1x, |https://x'),
    (
        unknown,
        '<?xml |<!DOCTYPE [|a,|a;b\t|-- x\n|/*|<b:|\r|"|From a|window.a|<!--|<$Blog|INSERT INTO |TITLE: a\n',
    ),
]
CASES = [(reader, token) for reader, tokens in READERS for token in tokens.split("|")]


@pytest.mark.parametrize(("reader", "token"), CASES)
def test_four_times_the_text_takes_about_four_times_as_long(
    reader: Callable[[str], object], token: str
) -> None:
    assert measure_growth(reader, token, longest=LONGEST).ratio <= MAX_GROWTH
