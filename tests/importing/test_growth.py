"""Reading an export takes time in proportion to its length, whatever is repeated in it."""

import time
from collections.abc import Callable

import pytest

from service.importing.detect import feed_reader
from service.importing.document import document_of
from service.importing.item import ImportedItem, ImportOptions
from service.importing.output.media import MediaFolder, use_local_files
from service.importing.parsing.microformats import read_entry
from service.importing.sources.medium import is_medium_page
from service.importing.sources.movable_type import read_movable_type
from service.importing.sources.wordpress_shortcodes import Uploads, resolve_shortcodes
from service.importing.unsupported import describe_unsupported
from service.model import Site
from tests.support.server import ROOT

MOST_GROWTH = 7  # for four times the length; 16 if it grew with the square
LENGTH = 8_000  # characters
QUICK_SECONDS = 0.02


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


def cost(reader: Callable[[str], object], text: str) -> float:
    """The processor time of the quickest of three runs, in seconds."""
    costs = []
    for _ in range(3):
        start = time.process_time()
        reader(text)
        costs.append(time.process_time() - start)
    return min(costs)


@pytest.mark.parametrize(("reader", "token"), CASES)
def test_four_times_the_text_takes_about_four_times_as_long(
    reader: Callable[[str], object], token: str
) -> None:
    short = token * (LENGTH // len(token))
    long = cost(reader, short * 4)

    assert long < QUICK_SECONDS or long < MOST_GROWTH * cost(reader, short)
